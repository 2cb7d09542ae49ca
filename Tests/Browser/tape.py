"""A minute of two-track audio from Samples/, measured well enough to feed a dashboard: levels, speech, F0, waves, spectra, signals."""

from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
RATE = 8000
STEP = 800  # 0.1 s
HOP = 160  # 20 ms
BANDS = 64
TRACKS = ("inbound", "outbound")
ALERTS = ("dead_air", "packet_loss", "clipping", "hold_suspected")
DELAYS = {"dead_air": 5, "silence": 3}  # seconds from the start of what is told to its being told


def dbfs(power):
    return 10 * np.log10(np.maximum(power, 10**-9.6))


def ulaw(codes):
    """G.711 µ-law to 16-bit linear."""
    codes = ~codes
    exponent, mantissa = (codes >> 4) & 7, codes & 15
    magnitude = (((mantissa.astype(np.int32) << 3) + 0x84) << exponent) - 0x84
    return np.where(codes & 0x80, -magnitude, magnitude).astype(np.int16)


def data_of(path):
    content = path.read_bytes()
    at = 12
    while content[at : at + 4] != b"data":
        at += 8 + int.from_bytes(content[at + 4 : at + 8], "little")
    return np.frombuffer(content, np.uint8, int.from_bytes(content[at + 4 : at + 8], "little"), at + 8)


def read_samples():
    parts = [ulaw(data_of(ROOT / "Samples/calls" / f"{name}.wav")).reshape(-1, 2) for name in ("overtalk", "digits", "dead-air")]
    audio = np.concatenate(parts)
    return audio[: len(audio) // STEP * STEP]


class Tape:
    """Played again and again: `length` seconds of audio and what can be said of it."""

    def __init__(self):
        self.pcm = read_samples()
        audio = self.pcm.astype(np.float32) / 32768
        self.steps = len(audio) // STEP
        self.length = self.steps * STEP / RATE
        self.values = {track: self.measure(audio[:, i]) for i, track in enumerate(TRACKS)}
        self.spectra = {track: self.spectrum(audio[:, i]) for i, track in enumerate(TRACKS)}
        self.signals = self.find_signals()
        self.silence = self.measure_silence()
        self.alerts = self.find_alerts()

    def measure(self, x):
        blocks = x.reshape(self.steps, STEP)
        level = dbfs((blocks**2).mean(axis=1))
        speech = level > -44
        for i in range(1, self.steps - 1):  # pauses of a tenth belong to the speech
            speech[i] = speech[i] or (speech[i - 1] and speech[i + 1])
        f0 = [self.f0(block) if said else None for block, said in zip(blocks, speech)]
        return {
            "level_dbfs": level.round(1).tolist(),
            "peak_dbfs": (20 * np.log10(np.maximum(np.abs(blocks).max(axis=1), 10**-4.8))).round(1).tolist(),
            "speech": speech.astype(int).tolist(),
            "f0_hz": f0,
            "wave_min": blocks.min(axis=1).round(4).tolist(),
            "wave_max": blocks.max(axis=1).round(4).tolist(),
        }

    @staticmethod
    def f0(block):
        x = block - block.mean()
        correlation = np.correlate(x, x, "full")[799:]
        if correlation[0] <= 0:
            return None
        lags = correlation[30:120] / correlation[0]
        best = int(lags.argmax())
        return round(RATE / (best + 30), 1) if lags[best] > 0.5 else None

    @staticmethod
    def spectrum(x):
        window = np.hanning(257)[:256]
        padded = np.concatenate([np.zeros(256 - HOP, np.float32), x])
        frames = np.lib.stride_tricks.sliding_window_view(padded, 256)[::HOP]
        power = np.abs(np.fft.rfft(frames * window))[:, :128] ** 2 * 2 / (256 * (window**2).sum())
        level = dbfs(power.reshape(len(power), BANDS, 2).sum(axis=2) + 1e-12)
        return ((level + 96) / 96 * 255).clip(0, 255).astype(np.uint8)

    def spurts(self, speech):
        edges = np.flatnonzero(np.diff(np.concatenate([[0], speech, [0]])))
        return [(a / 10, b / 10) for a, b in edges.reshape(-1, 2) if b - a >= 2]

    def measure_silence(self):
        """Seconds of silence up to each step; the tape runs round."""
        said = [any(self.values[t]["speech"][i] for t in TRACKS) for i in range(self.steps)]
        runs, run = [], 0
        for is_said in said + said:
            run = 0 if is_said else run + 0.1
            runs.append(round(run, 1))
        return runs[self.steps :]

    def find_alerts(self):
        """The alerts open at each step: (name, track, start, values)."""
        open_at = [[] for _ in range(self.steps)]
        for name, track, start, end, values in self.signals:
            if name in ALERTS:
                for step in range(int((start + DELAYS.get(name, 0.1)) * 10), min(self.steps, int(end * 10))):
                    open_at[step].append((name, track, start, values))
        return open_at

    def find_signals(self):
        """(name, track, start, end, values) of the tape; end None for a moment told once."""
        found = []
        speech = {t: np.array(self.values[t]["speech"]) for t in TRACKS}
        for track in TRACKS:
            other = TRACKS[1 - TRACKS.index(track)]
            spurts = self.spurts(speech[track])
            found += [("speech", track, a, b, {}) for a, b in spurts]
            others = self.spurts(speech[other])
            for a, _ in spurts:
                before = max((b for _, b in others if b <= a), default=None)
                own = max((b for _, b in spurts if b < a), default=0)
                if before is not None and own < before and a - before < 3:
                    found.append(("response.latency", track, before, a, {"latency_s": round(a - before, 2), "moment": True}))
        found += [("overtalk", None, a, b, {"severity": "warn"}) for a, b in self.spurts(speech["inbound"] & speech["outbound"])]
        silent = 1 - (speech["inbound"] | speech["outbound"])
        for a, b in self.spurts(silent):
            if b - a >= 3:
                found.append(("silence", None, a, b, {}))
            if b - a >= 5:
                found.append(("dead_air", None, a, b, {"severity": "alert"}))
        for i, digit in enumerate("5550129#"):
            found.append(("dtmf", "inbound", 27 + i * 0.6, 27.1 + i * 0.6, {"digit": digit, "moment": True}))
        found += [
            ("media.gap", "inbound", 8.0, 8.18, {"packets": 9, "moment": True}),
            ("media.gap", "outbound", 19.2, 19.24, {"packets": 2, "moment": True}),
            ("interruption", "inbound", 13.8, 14.5, {"moment": True}),
            ("packet_loss", "inbound", 6.0, 11.0, {"loss": 0.031, "severity": "warn"}),
            ("clipping", "outbound", 33.0, 36.2, {"share": 0.014, "severity": "warn"}),
            ("hold_suspected", "outbound", 36.0, 42.0, {"cause": "music"}),
        ]
        return sorted(found, key=lambda s: s[2])
