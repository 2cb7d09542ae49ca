#!/usr/bin/env python3
"""Fetches the Silero VAD network into models/, in the form that Sidetone reads.

    python3 Benchmarks/models/fetch-silero.py [FOLDER]      (FOLDER: models/ beside Package.swift)

Takes the wheel silero-vad from PyPI by pip, reads the weights of both branches (8 kHz and 16 kHz) out of its
silero_vad.onnx, and writes

    silero.weights          the weights
    silero.weights.sha256   their checksum, for `sha256sum -c`
    silero.LICENSE          the licence of the weights (MIT), as the wheel carries it

Form of silero.weights: lines of ASCII, an empty line, then numbers.

    sidetone-weights 1
    8000.stft.basis 130 1 128       one line a tensor: its name and its shape
    ...
                                    (an empty line)
    float32 little-endian, tensor after tensor in the order of the lines, each in row-major order

Needs Python 3.9 and pip, no other package: the ONNX file is Protocol Buffers, and little of it is read.
The wheel's other files are not used: silero_vad_16k.safetensors holds other weights, silero_vad_half.onnx is inexact.
"""
import array
import hashlib
import math
import pathlib
import subprocess
import sys
import tempfile
import zipfile

WHEEL = "silero-vad==6.2.3"
ONNX = "silero_vad/data/silero_vad.onnx"
ONNX_SHA256 = "1a153a22f4509e292a94e67d6f9b85e8deb25b4988682b7e174c65279d8788e3"
WEIGHTS_SHA256 = "d20a8a9693b44835b1d3b030cfe99bd548f1f63336ae06eb8c5de4151fcd1e5e"

# The network asks `sr == 16000`: its `then` branch is the one for 16 kHz.
BRANCHES = {8000: "If_0_else_branch__Inline_0__", 16000: "If_0_then_branch__Inline_0__"}
TENSORS = {"stft.basis": "stft.forward_basis_buffer"}
for layer in range(4):
    for part in ("weight", "bias"):
        TENSORS[f"encoder.{layer}.{part}"] = f"encoder.{layer}.reparam_conv.{part}"
for part in ("weight_ih", "weight_hh", "bias_ih", "bias_hh"):
    TENSORS[f"lstm.{part}"] = f"decoder.rnn.{part}"
for part in ("weight", "bias"):
    TENSORS[f"output.{part}"] = f"decoder.decoder.2.{part}"


def varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return value, at


def fields(data):
    """The fields of a Protocol Buffers message: (number, value); a value is an integer or bytes."""
    at = 0
    while at < len(data):
        key, at = varint(data, at)
        kind = key & 7
        if kind == 0:
            value, at = varint(data, at)
        else:
            size, at = varint(data, at) if kind == 2 else ({1: 8, 5: 4}[kind], at)
            value, at = data[at : at + size], at + size
        yield key >> 3, value


def tensor(data):
    """An onnx.TensorProto of float32 with raw data: (shape, bytes), else None."""
    shape, kind, raw = [], None, None
    for number, value in fields(data):
        if number == 1:  # dims, packed or one by one
            if isinstance(value, int):
                shape.append(value)
            else:
                at = 0
                while at < len(value):
                    size, at = varint(value, at)
                    shape.append(size)
        elif number == 2:
            kind = value
        elif number == 9:
            raw = bytes(value)
    return (shape, raw) if kind == 1 and raw is not None else None


def constants(graph):
    """Every constant tensor of an onnx.GraphProto and of the graphs inside it, by the name of its output."""
    found = {}
    for number, node in fields(graph):
        if number != 1:
            continue
        output, value = None, None
        for number, part in fields(node):
            if number == 2:
                output = bytes(part).decode()
            elif number == 5:  # an attribute: field 5 is a tensor, field 6 a graph
                for number, inner in fields(part):
                    if number == 5:
                        value = tensor(inner)
                    elif number == 6:
                        found.update(constants(inner))
        if value:
            found[output] = value
    return found


def weights(onnx):
    """The bytes of silero.weights."""
    found = {}
    for number, value in fields(memoryview(onnx)):
        if number == 7:
            found = constants(value)
    lines, numbers = ["sidetone-weights 1"], []
    for rate, prefix in BRANCHES.items():
        for name, original in TENSORS.items():
            shape, raw = found[prefix + original]
            assert len(raw) == 4 * math.prod(shape), name
            lines.append(" ".join([f"{rate}.{name}"] + [str(size) for size in shape]))
            values = array.array("f", raw)  # ONNX raw data is little-endian
            if sys.byteorder == "big":
                values.byteswap()
            assert all(map(math.isfinite, values)), name
            numbers.append(raw)
    return "\n".join(lines).encode() + b"\n\n" + b"".join(numbers)


def main():
    root = pathlib.Path(__file__).resolve().parents[2]
    folder = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else root / "models"
    with tempfile.TemporaryDirectory() as scratch:
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
        subprocess.run(pip + ["--only-binary=:all:", "-d", scratch, WHEEL], check=True)
        wheel = zipfile.ZipFile(next(pathlib.Path(scratch).glob("*.whl")))
        onnx = wheel.read(ONNX)
        licence = wheel.read(next(name for name in wheel.namelist() if name.endswith("/licenses/LICENSE")))
    digest = hashlib.sha256(onnx).hexdigest()
    if digest != ONNX_SHA256:
        sys.exit(f"{ONNX} of {WHEEL} has SHA-256 {digest}; expected {ONNX_SHA256}. Nothing was written.")
    data = weights(onnx)
    digest = hashlib.sha256(data).hexdigest()
    if digest != WEIGHTS_SHA256:
        sys.exit(f"the weights have SHA-256 {digest}; expected {WEIGHTS_SHA256}. Nothing was written.")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "silero.LICENSE").write_bytes(licence)
    (folder / "silero.weights.sha256").write_text(f"{digest}  silero.weights\n")
    # The weights come last and whole, so that a broken run leaves none.
    part = folder / "silero.weights.part"
    part.write_bytes(data)
    part.replace(folder / "silero.weights")
    print(f"{folder / 'silero.weights'}: {len(data)} bytes, SHA-256 {digest}")


if __name__ == "__main__":
    main()
