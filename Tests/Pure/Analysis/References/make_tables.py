"""Makes the inputs and the tables of this folder. See README.md.

Run: python3 make_tables.py   (numpy, scipy, librosa 0.11.0, kaldi-native-fbank 1.22.5)
"""

import os

import kaldi_native_fbank as knf
import librosa
import numpy as np
import scipy.fft
import scipy.signal
import scipy.stats

HERE = os.path.dirname(os.path.abspath(__file__))

# rate, window ms, hop ms, mel bands, cepstra, every how many rows
CASES = [
    (8000, 25, 10, 40, 13, 1),
    (8000, 32, 12.5, 20, 20, 2),
    (16000, 25, 10, 40, 13, 2),
    (24000, 25, 10, 40, 13, 4),
    (48000, 20, 5, 64, 24, 8),
]


def speech_like(rate, seconds, seed):
    """Harmonics of a gliding F0 through three formants, a fricative burst after it."""
    n = int(rate * seconds)
    t = np.arange(n) / rate
    f0 = 110 + 60 * t / seconds
    phase = 2 * np.pi * np.cumsum(f0) / rate
    voice = sum(np.sin(h * phase) / h for h in range(1, int(rate / 2 / 175)))
    for centre, width in ((700, 90), (1220, 110), (2600, 170)):
        r = np.exp(-np.pi * width / rate)
        a = [1, -2 * r * np.cos(2 * np.pi * centre / rate), r * r]
        voice = voice + 0.5 * scipy.signal.lfilter([1 - r], a, voice)
    noise = np.random.default_rng(seed).standard_normal(n)
    hiss = scipy.signal.lfilter([1, -0.9], [1], noise)
    gate = t > 0.7 * seconds
    signal = np.where(gate, 0.05 * hiss, voice) * np.hanning(n) + 0.001 * noise
    return 0.5 * signal / np.max(np.abs(signal))


def make_input(rate):
    rng = np.random.default_rng(rate + 7)
    t = np.arange(int(rate * 0.06)) / rate
    impulses = np.zeros(int(rate * 0.06))
    impulses[:: int(rate * 0.0137)] = 0.9
    parts = [
        speech_like(rate, 0.16, rate + 1),
        np.zeros(int(rate * 0.06)),
        0.3 * np.sin(2 * np.pi * 440 * t) + 1e-4 * rng.standard_normal(len(t)),
        0.1 * rng.standard_normal(len(t)),
        1.5 * np.sin(2 * np.pi * 300 * t),
        impulses,
        0.0002 * rng.standard_normal(len(t)),
    ]
    signal = np.concatenate(parts)
    return np.clip(np.round(signal * 32768), -32768, 32767).astype("<i2")


def frames_of(x, window, hop):
    return librosa.util.frame(x, frame_length=window, hop_length=hop, axis=0)


def level(x, window, hop):
    frames = frames_of(x, window, hop)
    rms = librosa.feature.rms(y=x, frame_length=window, hop_length=hop, center=False)[0]
    zcr = librosa.feature.zero_crossing_rate(x, frame_length=window, hop_length=hop, center=False)[0]
    peak = np.max(np.abs(frames), axis=1)
    at = np.abs(frames) >= 32767 / 32768
    neighbour = np.zeros_like(at)
    neighbour[:, 1:] |= at[:, :-1]
    neighbour[:, :-1] |= at[:, 1:]
    with np.errstate(divide="ignore"):
        return np.column_stack(
            [
                np.maximum(20 * np.log10(rms), -96),
                np.maximum(20 * np.log10(peak), -96),
                zcr * window / (window - 1),  # librosa divides by N, we by the N - 1 pairs
                np.mean(at & neighbour, axis=1),
            ]
        )


def padded(x, window, size):
    """librosa centres a short window in its transform; so many zeros put its first window on our first frame."""
    left = (size - window) // 2
    return np.concatenate([np.zeros(left), x, np.zeros(size - window - left)])


def spectrum(x, rate, window, hop, size):
    magnitude = np.abs(
        librosa.stft(padded(x, window, size), n_fft=size, hop_length=hop, win_length=window, center=False)
    )
    power = np.maximum(magnitude**2, 1e-10)
    frequency = np.arange(size // 2 + 1) * rate / size
    total = magnitude.sum(axis=0)
    cumulative = np.cumsum(magnitude, axis=0)
    near = np.abs(cumulative - 0.85 * total) / np.maximum(total, 1e-30)
    near = np.where(total > 0, near.min(axis=0), 1)
    rolloff = librosa.feature.spectral_rolloff(S=magnitude, sr=rate, n_fft=size, roll_percent=0.85)[0]
    rolloff[near < 1e-6] = np.nan  # on a bin's edge within Float's rounding: nothing to compare
    unit = magnitude / np.maximum(total, 1e-30)
    flux = np.concatenate([[0], np.linalg.norm(np.diff(unit, axis=1), axis=0)])
    slope = [scipy.stats.linregress(frequency / 1000, 10 * np.log10(p)).slope for p in power.T]
    raw = magnitude**2
    low = np.maximum(raw[frequency < 1000].sum(axis=0), 1e-10)
    high = np.maximum(raw[(frequency >= 1000) & (frequency <= 4000)].sum(axis=0), 1e-10)
    return np.column_stack(
        [
            librosa.feature.spectral_centroid(S=magnitude, sr=rate, n_fft=size)[0],
            librosa.feature.spectral_bandwidth(S=magnitude, sr=rate, n_fft=size)[0],
            rolloff,
            librosa.feature.spectral_flatness(S=magnitude)[0],
            scipy.stats.entropy(power, axis=0) / np.log(len(power)),
            flux,
            slope,
            10 * np.log10(low / high),
        ]
    )


def librosa_mel(x, rate, window, hop, size, bands, cepstra):
    mel = librosa.feature.melspectrogram(
        y=padded(x, window, size), sr=rate, n_fft=size, hop_length=hop, win_length=window, center=False, n_mels=bands
    )
    decibels = librosa.power_to_db(mel, top_db=None)
    return decibels.T, librosa.feature.mfcc(S=decibels, n_mfcc=cepstra).T


def run(computer, rate, samples):
    computer.accept_waveform(rate, samples.tolist())
    computer.input_finished()
    return np.array([computer.get_frame(i) for i in range(computer.num_frames_ready)])


def kaldi(samples, rate, window_ms, hop_ms, bands, cepstra):
    results = []
    for options, computer in ((knf.FbankOptions(), knf.OnlineFbank), (knf.MfccOptions(), knf.OnlineMfcc)):
        frame = options.frame_opts
        frame.samp_freq, frame.frame_length_ms, frame.frame_shift_ms = rate, window_ms, hop_ms
        frame.dither, frame.snip_edges = 0, True
        options.mel_opts.num_bins = bands
        options.use_energy = False
        if computer is knf.OnlineMfcc:
            options.num_ceps = cepstra
        results.append(run(computer(options), rate, samples.astype(np.float32)))
    return results


def save(name, table, step, decimals):
    with open(os.path.join(HERE, name), "w") as file:
        for row in range(0, len(table), step):
            cells = [("%.*f" % (decimals, v)).rstrip("0").rstrip(".") for v in table[row]]
            file.write(",".join([str(row)] + ["0" if c == "-0" else c for c in cells]) + "\n")


def main():
    for rate in sorted({case[0] for case in CASES}):
        make_input(rate).tofile(os.path.join(HERE, f"input_{rate}.s16"))
    for rate, window_ms, hop_ms, bands, cepstra, step in CASES:
        samples = np.fromfile(os.path.join(HERE, f"input_{rate}.s16"), dtype="<i2")
        x = samples.astype(np.float64) / 32768
        window, hop = round(rate * window_ms / 1000), round(rate * hop_ms / 1000)
        size = 1 << (window - 1).bit_length()
        case = f"{rate}_{window_ms}_{hop_ms}"
        save(f"level_{case}.csv", level(x, window, hop), step, 5)
        save(f"spectrum_{case}.csv", spectrum(x, rate, window, hop, size), step, 5)
        mel, mfcc = librosa_mel(x, rate, window, hop, size, bands, cepstra)
        save(f"mel_librosa_{case}.csv", mel, step, 4)
        save(f"mfcc_librosa_{case}.csv", mfcc, step, 4)
        mel, mfcc = kaldi(samples, rate, window_ms, hop_ms, bands, cepstra)
        save(f"mel_kaldi_{case}.csv", mel, step, 4)
        save(f"mfcc_kaldi_{case}.csv", mfcc, step, 4)
        print(case, "rows", (len(x) - window) // hop + 1, mel.shape)


main()
