"""CPU time a frame of other programs on the same audio, one thread. Lines: name, rate, ns a frame.

Run by run-dsp.sh; alone: python3 peers.py FOLDER, with audio_8000.s16 and audio_16000.s16 in it.
"""

import os

for name in ("OMP", "OPENBLAS", "MKL", "NUMBA"):
    os.environ[f"{name}_NUM_THREADS"] = "1"

import sys
import time

import essentia.standard as essentia
import kaldi_native_fbank as knf
import librosa
import numpy as np
import parselmouth

ROUNDS = 7


def timed(work, frames):
    """The fastest round, ns of CPU time a frame; one round before warms caches and compilers."""
    work()
    best = float("inf")
    for _ in range(ROUNDS):
        start = time.process_time_ns()
        work()
        best = min(best, (time.process_time_ns() - start) / frames)
    return best


def kaldi(options, computer, rate, samples):
    options.frame_opts.samp_freq = rate
    options.frame_opts.dither = 0
    options.mel_opts.num_bins = 40
    options.use_energy = False
    as_list = samples.tolist()  # what the binding takes; made outside the timing

    def work():
        online = computer(options)
        online.accept_waveform(rate, as_list)
        online.input_finished()
        assert online.get_frame(0) is not None

    return work


def essentia_mfcc(rate, x, window, hop, size):
    """Frame by frame from Python, as its manual shows: a few calls a frame are part of the time."""
    hann = essentia.Windowing(type="hann", size=window, zeroPadding=size - window)
    spectrum = essentia.Spectrum(size=size)
    mfcc = essentia.MFCC(inputSize=size // 2 + 1, sampleRate=rate, numberBands=40, highFrequencyBound=rate / 2)

    def work():
        for start in range(0, len(x) - window + 1, hop):
            mfcc(spectrum(hann(x[start : start + window])))

    return work


def main(folder):
    for rate in (8000, 16000):
        samples = np.fromfile(f"{folder}/audio_{rate}.s16", dtype="<i2").astype(np.float32)
        x = samples / 32768
        window, hop = rate // 40, rate // 100
        size = 1 << (window - 1).bit_length()
        frames = (len(x) - window) // hop + 1
        grid = dict(n_fft=size, hop_length=hop, win_length=window, center=False)

        def mel():
            return librosa.power_to_db(librosa.feature.melspectrogram(y=x, sr=rate, n_mels=40, **grid), top_db=None)

        def level():
            librosa.feature.rms(y=x, frame_length=window, hop_length=hop, center=False)
            librosa.feature.zero_crossing_rate(x, frame_length=window, hop_length=hop, center=False)

        def spectrum():
            magnitude = np.abs(librosa.stft(x, **grid))
            librosa.feature.spectral_centroid(S=magnitude, sr=rate, n_fft=size)
            librosa.feature.spectral_bandwidth(S=magnitude, sr=rate, n_fft=size)
            librosa.feature.spectral_rolloff(S=magnitude, sr=rate, n_fft=size)
            librosa.feature.spectral_flatness(S=magnitude)

        sound = parselmouth.Sound(x.astype(np.float64), rate)
        works = {
            "f0 librosa yin": lambda: librosa.yin(x, fmin=55, fmax=500, sr=rate, frame_length=2 * size, hop_length=hop),
            "f0 praat ac": lambda: sound.to_pitch_ac(time_step=0.01, pitch_floor=55, pitch_ceiling=500),
            "level librosa (2 of 4 columns)": level,
            "spectrum librosa (4 of 8 columns)": spectrum,
            "mel-librosa librosa": mel,
            "mfcc-librosa librosa": lambda: librosa.feature.mfcc(S=mel(), n_mfcc=13),
            "mel+mfcc-librosa essentia, by calls": essentia_mfcc(rate, x, window, hop, size),
            "mel-kaldi kaldi-native-fbank": kaldi(knf.FbankOptions(), knf.OnlineFbank, rate, samples),
            "mfcc-kaldi kaldi-native-fbank": kaldi(knf.MfccOptions(), knf.OnlineMfcc, rate, samples),
        }
        for name, work in works.items():
            print(f"{name}\t{rate}\t{timed(work, frames):.1f}", flush=True)


main(sys.argv[1])
