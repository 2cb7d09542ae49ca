"""Sidetone's Silero against ONNX Runtime, in one run: speed (us of CPU a 32 ms chunk, one thread) and largest difference.

    compare.py WEIGHTS ONNX PROGRAM [WAV...]        called by run.sh
"""
import os
import subprocess
import sys
import tempfile
import time

import numpy as np
import onnxruntime
import soundfile

PASSES = 30
weights, onnx, program, *files = sys.argv[1:]
options = onnxruntime.SessionOptions()
options.intra_op_num_threads = options.inter_op_num_threads = 1
session = onnxruntime.InferenceSession(onnx, options, providers=["CPUExecutionProvider"])


def reference(x, rate):
    """ONNX Runtime's probability of each chunk, and the CPU seconds that this thread spent inside its calls."""
    chunk, context = rate * 32 // 1000, rate * 4 // 1000
    inputs = {"state": np.zeros((2, 1, 128), np.float32), "sr": np.array(rate, "int64")}
    x = np.concatenate([np.zeros(context, np.float32), x])
    probabilities, spent = [], 0.0
    for start in range(0, len(x) - context - chunk + 1, chunk):
        inputs["input"] = x[None, start : start + context + chunk]
        before = time.thread_time()
        output, inputs["state"] = session.run(None, inputs)
        spent += time.thread_time() - before
        probabilities.append(output[0, 0])
    return np.array(probabilities), spent


def sidetone(mode, x, rate):
    with tempfile.NamedTemporaryFile(suffix=".f32") as raw:
        x.astype("<f4").tofile(raw.name)
        run = subprocess.run([program, weights, mode, str(rate), raw.name], check=True, capture_output=True, text=True)
    return np.array(run.stdout.split(), float)


def speech_like(rate, seconds=20):
    """Harmonics of a gliding 120 Hz, on for 0.6 s of each second, over noise: made by formula, no file needed."""
    t = np.arange(rate * seconds) / rate
    voice = sum(np.sin(2 * np.pi * h * (120 * t + np.sin(6 * np.pi * t))) / h for h in range(1, 13))
    noise = np.random.default_rng(1).standard_normal(len(t))
    return (0.1 * voice * (t % 1 < 0.6) + 0.01 * noise).astype(np.float32)


print(f"onnxruntime {onnxruntime.__version__}; us a chunk, one thread, best of {PASSES} passes (lower is better)")
for rate in (8000, 16000):
    x = speech_like(rate)
    reference(x, rate)
    theirs = min(reference(x, rate)[1] for _ in range(PASSES)) / (len(x) // (rate * 32 // 1000)) * 1e6
    ours = sidetone("speed", x, rate)[0]
    print(f"{rate} Hz: onnxruntime {theirs:.1f}  Sidetone {ours:.1f}  ratio {theirs / ours:.2f}")

worst, chunks = 0.0, 0
for name in files:
    x, rate = soundfile.read(name, dtype="float32")
    difference = np.abs(reference(x, rate)[0] - sidetone("chunks", x, rate))
    chunks += len(difference)
    worst = max(worst, difference.max())
    if os.environ.get("VERBOSE"):
        print(f"{name}: {len(difference)} chunks, largest difference {difference.max():.1e}")
if files:
    print(f"largest difference over {chunks} chunks of {len(files)} files: {worst:.2e} (allowed: 1e-4)")
    sys.exit(1 if worst > 1e-4 else 0)
