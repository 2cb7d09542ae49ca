#!/usr/bin/env python3
"""Writes probabilities.csv: what ONNX Runtime makes of the Silero VAD network on audio made by formula and on speech.wav.

    python3 -m venv v && v/bin/pip install onnxruntime==1.31.1 numpy
    v/bin/pip download --no-deps silero-vad==6.2.3 && unzip silero_vad-*.whl silero_vad/data/silero_vad.onnx
    v/bin/python make_table.py silero_vad/data/silero_vad.onnx

One line a chunk of 32 ms: signal, sample rate, number of the chunk, probability. The network gets 4 ms of context before
each chunk (zeros before the first) and its own last state (zeros before the first), as its publishers run it.
"""
import math
import pathlib
import sys
import wave

import numpy as np
import onnxruntime

here = pathlib.Path(__file__).resolve().parent


def formula(rate):
    """3 s: harmonics of a 120 Hz voice that glides, on for 0.7 s of each second, over noise of a linear congruence."""
    samples, state = [], 1
    for n in range(3 * rate):
        t = n / rate
        phase = 2 * math.pi * (120 * t + 4 * math.sin(2 * math.pi * t))
        voice = sum(math.sin(h * phase) / h for h in range(1, 13)) if t % 1 < 0.7 else 0
        state = (state * 1664525 + 1013904223) % 2**32
        samples.append(0.15 * voice + 0.005 * (state / 2**31 - 1))
    return np.array(samples, np.float32)


def speech(rate):
    """speech.wav at 8 kHz; at 16 kHz the means of neighbours go between its samples."""
    with wave.open(str(here / "speech.wav")) as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (8000, 1, 2)
        samples = np.frombuffer(file.readframes(file.getnframes()), "<i2").astype(np.float32) / 32768
    if rate == 8000:
        return samples
    double = np.repeat(samples, 2)
    double[1:-1:2] = (samples[:-1] + samples[1:]) / 2
    return double


def probabilities(session, samples, rate):
    chunk, context = rate * 32 // 1000, rate * 4 // 1000
    samples = np.concatenate([np.zeros(context, np.float32), samples])
    state = np.zeros((2, 1, 128), np.float32)
    for start in range(0, len(samples) - context - chunk + 1, chunk):
        inputs = {"input": samples[None, start : start + context + chunk], "state": state, "sr": np.array(rate, "int64")}
        output, state = session.run(None, inputs)
        yield float(output[0, 0])


session = onnxruntime.InferenceSession(sys.argv[1], providers=["CPUExecutionProvider"])
with open(here / "probabilities.csv", "w") as table:
    table.write("signal,rate,chunk,probability\n")
    for name, signal in (("formula", formula), ("speech", speech)):
        for rate in (8000, 16000):
            for chunk, value in enumerate(probabilities(session, signal(rate), rate)):
                table.write(f"{name},{rate},{chunk},{value:.8f}\n")
print(f"onnxruntime {onnxruntime.__version__}")
