"""The files that a load run needs: audio, certificate, secret and pipeline. All are written to a temporary folder."""

import re
import struct
import subprocess
from pathlib import Path

from options import LoadOptions

ROOT = Path(__file__).resolve().parents[2]
SECRET = "sidetone-demo-secret"
MULAW_RATE_HZ = 8_000


def write_inputs(options: LoadOptions, folder: Path) -> None:
    """Writes inbound.wav, outbound.wav, cert.pem, key.pem, secret and load.yaml."""
    for track in ("inbound", "outbound"):
        write_audio(ROOT / f"Samples/calls/overtalk-{track}.wav", folder / f"{track}.wav", options.seconds)
    write_certificate(folder)
    (folder / "secret").write_text(SECRET + "\n")
    pipeline = adapted_pipeline(options, folder) if options.pipeline else own_pipeline(options, folder)
    (folder / "load.yaml").write_text(pipeline)


def write_audio(sample: Path, target: Path, seconds: float) -> None:
    """Repeats a mu-law sample until it has the length of a call."""
    data = sample.read_bytes()
    audio = data[data.index(b"data") + 8 :]
    size = int(seconds * MULAW_RATE_HZ)
    audio = (audio * (size // len(audio) + 1))[:size]
    # Format 7 is mu-law: one channel, one byte per sample.
    head = b"WAVEfmt " + struct.pack("<IHHIIHHH", 18, 7, 1, MULAW_RATE_HZ, MULAW_RATE_HZ, 1, 8, 0)
    body = head + b"data" + struct.pack("<I", len(audio)) + audio
    target.write_bytes(b"RIFF" + struct.pack("<I", len(body)) + body)


def write_certificate(folder: Path) -> None:
    """A self-signed certificate for this machine."""
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
         "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
         "-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem")],
        check=True, stderr=subprocess.DEVNULL)


def own_pipeline(options: LoadOptions, folder: Path) -> str:
    """The pipeline that is measured unless --pipeline names another one."""
    output = f'{{ directory: "{folder}/out" }}'
    sources = [
        f'websocket: {{ listen: "127.0.0.1:0", dialect: twilio, max_streams: 10000, '
        f'tls: {{ certificate: "{folder}/cert.pem", key: "{folder}/key.pem" }} }}'
    ]
    stages = ["measure: { features: [level, spectrum, speech] }", "detect: { vad: default }"]
    sinks = [f"wav: {output}", f"csv: {output}"]
    if options.signals:
        stages.append("signal")
    if options.webhooks is not None:
        sources.append(webhook_source(folder))
        sinks.append(f"log: {output}")
    if options.store:
        sinks.append(f"store: {output}")
    if options.monitor:
        sinks.append('monitor: { listen: "127.0.0.1:0" }')
    return pipeline_text(sources, stages, sinks)


def webhook_source(folder: Path, queue: int = 1_000) -> str:
    """A webhook listener that accepts the webhooks of `webhook_sender.py`."""
    return (
        f'webhooks: {{ listen: "127.0.0.1:0", allow_plaintext: true, minivoice_secret_file: "{folder}/secret", '
        f"queue_webhooks: {queue} }}"
    )


def pipeline_text(sources: list[str], stages: list[str], sinks: list[str]) -> str:
    """A pipeline file; a section without components is left out."""
    sections = {"sources": sources, "stages": stages, "sinks": sinks}
    return "".join(
        f"{name}:\n" + "".join(f"  - {component}\n" for component in components)
        for name, components in sections.items() if components)


def adapted_pipeline(options: LoadOptions, folder: Path) -> str:
    """The pipeline file of --pipeline, listening on a free port and writing to the temporary folder."""
    text = (ROOT / options.pipeline).read_text()
    for pattern, replacement in (
        (r'listen: *"[^"]*"', 'listen: "127.0.0.1:0"'),
        (r"path: [^,]*, *", ""),
        (r"certificate: [^,]*, *key: [^ }]*", f'certificate: "{folder}/cert.pem", key: "{folder}/key.pem"'),
        (r"directory: *[^ }]*", f'directory: "{folder}/out"'),
    ):
        text = re.sub(pattern, replacement, text)
    return text
