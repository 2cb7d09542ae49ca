#!/usr/bin/env python3
"""Draws telephone audio with known speech, music and tones out of the pools.

Run: mix.py WORK SEED FILES      writes WORK/mixSEED.f32 (8 kHz) and WORK/mixSEED.npy: int8 [rows, 3] speech, music, tone,
                                 each file 30 s, row i at 10 ms * i + 12.5 ms of the file
"""
import os, pickle, sys
import numpy as np
from scipy.signal import firwin, fftconvolve, lfilter

RATE, SECONDS = 8000, 30
N, ROWS = RATE * SECONDS, 100 * SECONDS
BAND = [firwin(255, [300, 3400], fs=RATE, pass_zero=False), firwin(127, [150, 3600], fs=RATE, pass_zero=False), firwin(127, 3800, fs=RATE)]
r = None


def db(x): return 10 ** (x / 20)
def rms(x): return np.sqrt(np.mean(x.astype(np.float64) ** 2) + 1e-12)
def uniform(a, b): return r.uniform(a, b)
def chance(p): return r.random() < p


def smooth(n, seconds):
    """A slow random curve, unit deviation."""
    k = max(2, int(n / RATE / seconds) + 3)
    return np.interp(np.linspace(0, k - 1, n), np.arange(k), r.standard_normal(k))


def reverb(x, strong=False):
    t60 = uniform(.2, .9 if strong else .5)
    n = int(t60 * RATE)
    h = r.standard_normal(n) * np.exp(-6.9 * np.arange(n) / n)
    h[:int(uniform(8, 60))] = 0
    h *= db(uniform(-3, 6) if strong else uniform(-14, -2)) / np.sqrt((h ** 2).sum())
    h[0] = 1
    return fftconvolve(x, h)[:len(x)]


def coloured(n):
    """Noise of a random spectrum: white to brown, with a few broad bumps."""
    f = np.fft.rfftfreq(n, 1 / RATE) + 1
    shape = (f / 1000) ** (-uniform(0, 1.4))
    for _ in range(r.integers(0, 4)):
        shape *= 1 + uniform(0, 6) * np.exp(-.5 * (np.log(f / np.exp(uniform(5.3, 8.1))) / uniform(.05, .6)) ** 2)
    return np.fft.irfft(np.fft.rfft(r.standard_normal(n)) * shape, n)


def noise(n):
    """Street, engines, rain, crackle: coloured noises, each with its own slow and fast envelope."""
    out = np.zeros(n)
    for _ in range(r.integers(1, 4)):
        x = coloured(n)
        e = uniform(0, 5) * smooth(n, uniform(.5, 8)) + (uniform(0, 5) * smooth(n, uniform(.06, .3)) if chance(.4) else 0)
        x = x / rms(x) * db(e) * db(uniform(-8, 0))
        if chance(.15): x *= 1 + uniform(0, .9) * np.sin(2 * np.pi * uniform(1, 25) * np.arange(n) / RATE)
        out += x
    if chance(.35):  # an engine or a hum: harmonics that glide
        f = np.exp(uniform(3.3, 5.5)) * np.exp(.15 * smooth(n, uniform(1, 6)))
        p = 2 * np.pi * np.cumsum(f) / RATE
        x = sum(np.sin(k * p + uniform(0, 6)) * uniform(.1, 1) / k ** uniform(0, .8) for k in range(1, r.integers(3, 25)))
        out += x / rms(x) * rms(out) * db(uniform(-15, 3))
    if chance(.35):  # knocks, dishes, drops
        x = np.zeros(n)
        for _ in range(r.integers(3, 150)):
            m = int(np.exp(uniform(np.log(.003), np.log(.15))) * RATE)
            at = r.integers(0, n - m)
            c = r.standard_normal(m) if chance(.5) else np.sin(2 * np.pi * np.cumsum(np.full(m, uniform(300, 3400))) / RATE)
            x[at:at + m] += c * np.exp(-5 * np.arange(m) / m) * db(uniform(-20, 0))
        out += x / (np.abs(x).max() + 1e-9) * rms(out) * db(uniform(0, 20))
    return out


class Drawer:
    def __init__(self, work, validation):
        pools = pickle.load(open(os.path.join(work, 'pools.pkl'), 'rb'))
        part = lambda xs: [x for i, x in enumerate(xs) if (i % 8 == 0) == validation]
        held = {'klettres-de', 'tuxpaint-el', 'fr', 'codec2-hts1a', 'codec2-cross', 'codec2-ve9qrp'}
        self.speech = {k: v for k, v in pools['speech'].items() if (k in held) == validation and sum(len(x) for x, *_ in v) > 3 * RATE}
        self.voices = list(self.speech)
        w = np.array([min(600, sum(len(x) for x, *_ in self.speech[v]) / RATE) ** .5 for v in self.voices])
        self.weights = w / w.sum()
        self.music, self.effects = part(pools['music']), part(pools['effects'])

    def phrase(self, voice=None):
        voice = voice or self.voices[r.choice(len(self.voices), p=self.weights)]
        x, m, active = self.speech[voice][r.integers(len(self.speech[voice]))]
        a, b = np.flatnonzero(m)[[0, -1]]
        if b - a > 700:
            a = r.integers(a, b - 600)
            b = a + 600
        full = np.repeat(m[a:b + 1], 80)[:len(x) - a * 80]
        y = x[a * 80:a * 80 + len(full)]
        # What lies outside the labels is the recording's own room: gone, with soft edges.
        y = y * np.convolve(full, np.hanning(80) / np.hanning(80).sum(), 'same')
        if chance(.4):  # another voice out of the same one
            k = uniform(.88, 1.14)
            at = np.arange(0, len(y) - 1, k)
            y, full = np.interp(at, np.arange(len(y)), y), full[at.astype(int)]
        return y * db(-26 - active), full

    def talk(self, n, pause, voices=None, room=False):
        out, mask, at = np.zeros(n), np.zeros(n, bool), int(uniform(-3, 3) * RATE)
        voices = voices or [self.voices[r.choice(len(self.voices), p=self.weights)] for _ in range(r.integers(1, 5))]
        spread = 10 if room else 4
        gain = {v: uniform(-spread, spread if not room else 2) for v in voices}
        wet = {v: chance(.9 if room else .3) for v in voices}
        while at < n:
            v = voices[r.integers(len(voices))]
            y, m = self.phrase(v)
            if wet[v]: y = reverb(np.pad(y, (0, 1600)), chance(.5 if room else .3)); m = np.pad(m, (0, 1600))
            a, b = max(0, at), min(n, at + len(y))
            if b > a: out[a:b] += y[a - at:b - at] * db(gain[v]); mask[a:b] |= m[a - at:b - at]
            at += len(y) + int(np.exp(uniform(np.log(pause[0]), np.log(pause[1]))) * RATE)
        return out, mask

    def babble(self, n):
        out = np.zeros(n)
        for _ in range(r.integers(4, 14)):
            y, _ = self.talk(n, (.02, .6), [self.voices[r.integers(len(self.voices))]])
            out += reverb(y, True) * db(uniform(-10, 0))
        x = noise(n)
        return out / rms(out) + x / rms(x) * db(uniform(-15, 3))

    def song(self, n):
        x = self.music[r.integers(len(self.music))]
        at = r.integers(0, max(1, len(x) - n // 2))
        x = np.resize(x[at:] if len(x) - at > RATE * 4 else x, n).astype(np.float64)
        if chance(.4): k = uniform(.8, 1.25); x = np.interp(np.arange(0, n) * k % (n - 1), np.arange(n), x)
        if chance(.3): x = reverb(x)
        e = np.sqrt(fftconvolve(x ** 2, np.ones(2400) / 2400, 'same').clip(1e-12))
        return x / rms(x), e > rms(x) * db(-25)

    def din(self, n):
        """Real sounds that are neither voice nor music, one after the other."""
        out, at = np.zeros(n), 0
        while at < n:
            x = self.effects[r.integers(len(self.effects))][:n - at]
            out[at:at + len(x)] += x / rms(x) * db(uniform(-15, 0))
            at += int(len(x) * uniform(.3, 1)) + int(uniform(0, 2) * RATE)
        return out / rms(out) + coloured(n) * .003

    def tones(self, n):
        """Dial, ringback, busy and other tones of ITU-T E.180, information tones, DTMF, fax; mask while one sounds."""
        out, mask, at = np.zeros(n), np.zeros(n, bool), int(uniform(0, 2) * RATE)
        def put(freqs, seconds, am=0):
            nonlocal at
            m = min(n - at, int(seconds * RATE))
            if m > 0:
                t = np.arange(m) / RATE
                y = sum(np.sin(2 * np.pi * f * t + uniform(0, 6)) * db(uniform(-4, 0)) for f in freqs)
                if am: y = y * (1 + .85 * np.sin(2 * np.pi * am * t))
                k = min(40, m // 2) if chance(.5) else 0
                if k: y[:k] *= np.linspace(0, 1, k); y[m - k:] *= np.linspace(1, 0, k)
                out[at:at + m] += y; mask[at:at + m] = True
            at += int(seconds * RATE)
        while at < n:
            kind = r.integers(8)
            d = 1 + uniform(-.02, .02)
            if kind == 0: put([[350 * d, 440 * d], [425 * d], [400 * d], [450 * d], [330 * d, 440 * d], [uniform(300, 1500)]][r.integers(6)], uniform(1, 12))
            elif kind == 1:
                f = [[440 * d, 480 * d], [425 * d], [400 * d, 450 * d], [400 * d], [450 * d]][r.integers(5)]
                for _ in range(r.integers(1, 5)):
                    if chance(.25): put(f, .4); at += int(.2 * RATE); put(f, .4); at += 2 * RATE
                    else: put(f, uniform(.8, 2.2)); at += int(uniform(2, 4.5) * RATE)
            elif kind == 2:
                f = [[480 * d, 620 * d], [425 * d], [400 * d], [450 * d], [uniform(300, 1200)]][r.integers(5)]
                c = uniform(.15, .6)
                for _ in range(r.integers(3, 20)): put(f, c); at += int(c * RATE)
            elif kind in (3, 4):
                even, on, off, f = chance(.5), uniform(.045, .3), uniform(.04, .5), None
                for _ in range(r.integers(1, 25)):  # dialled by a machine, evenly, or by hand
                    if f is None or not (even and chance(.7)): f = [[697, 770, 852, 941][r.integers(4)] * d, [1209, 1336, 1477, 1633][r.integers(4)] * d]
                    put(f, on if even else uniform(.045, .4)); at += int((off if even else uniform(.04, .8)) * RATE)
            elif kind == 5:
                for f in (950, 1400, 1800): put([f * d], .33)
                at += RATE
            elif kind == 6: put([[1100, 2100, 1004, 600, 1300][r.integers(5)] * d], uniform(.5, 5))
            else: put([uniform(300, 3000)], uniform(.5, 6), am=uniform(2, 30))
            at += int(uniform(.1, 3) * RATE)
        return out, mask

    def stir(self, n):
        """A quiet room in which people move: steps, cups, paper, cloth, coughs of noise, each with the room's echo."""
        out = np.zeros(n)
        for _ in range(r.integers(5, 60)):
            m = int(np.exp(uniform(np.log(.01), np.log(.8))) * RATE)
            at = r.integers(0, n - m)
            if chance(.2):
                x = np.resize(self.effects[r.integers(len(self.effects))], m).astype(np.float64)
            else:
                x = coloured(m) * (np.abs(smooth(m, uniform(.01, .1))) + .1)
                if chance(.3):  # something rings
                    f = np.exp(uniform(5.5, 8)); q = np.exp(-np.pi * f / uniform(3, 30) / RATE)
                    x = lfilter([1], [1, -2 * q * np.cos(2 * np.pi * f / RATE), q * q], x)
            shape = np.exp(-uniform(1, 8) * np.arange(m) / m) if chance(.5) else np.hanning(m)
            out[at:at + m] += x / rms(x) * shape * db(uniform(-25, 0))
        x = coloured(n)
        return reverb(out, True) + x / rms(x) * db(uniform(-40, -18))

    def background(self, n, kinds=('silence', 'cng', 'noise', 'babble', 'din', 'stir'), p=(.08, .1, .32, .22, .08, .2)):
        kind = r.choice(kinds, p=p)
        if kind == 'silence': return np.zeros(n), kind
        x = dict(cng=coloured, noise=noise, babble=self.babble, din=self.din, stir=self.stir)[kind](n)
        return x / rms(x), kind

    def file(self):
        speech, mask = np.zeros(N), np.zeros(N, bool)
        music, tone, song, tones = np.zeros(N, bool), np.zeros(N, bool), np.zeros(N), np.zeros(N)
        level = uniform(-36, -12)
        talks = chance(.62)
        if talks:
            room = chance(.3)  # a meeting: near and far talkers, and some at once
            speech, mask = self.talk(N, (.1, .8) if chance(.35) else (.25, 5), room=room)
            if chance(.7 if room else .1):
                y, m = self.talk(N, (.5, 5), room=room); speech = speech + y * db(uniform(-8, 0)); mask = mask | m
            speech *= db(26 + level)
        back, kind = self.background(N)
        if kind == 'cng': back = back * db(uniform(-75, -55) - 0)
        elif talks: back = back * db(level - uniform(-2, 28))
        else: back = back * db(uniform(-60, -14))
        if chance(.3 if talks else .5):
            song, music = self.song(N)
            if talks and chance(.5):  # music under the voice
                song = song * db(level - uniform(2, 18))
            else:  # hold: where nobody speaks, or in stretches of its own
                a, b = sorted(r.integers(-N // 3, N + N // 3, 2).clip(0, N))
                if not talks: a, b = 0, N if chance(.7) else b
                on = np.zeros(N, bool); on[a:b] = True
                song, music = song * on * db(uniform(-38, -12)), music & on
                if chance(.8): speech, mask = speech * ~on, mask & ~on
                if chance(.6): back = back * np.where(on, db(uniform(-40, 0)), 1)
        elif chance(.25 if talks else .65):
            if chance(.4): back = back * 0
            tones, tone = self.tones(N)
            tones *= db(uniform(-34, -8))
            if talks:
                near = fftconvolve(mask.astype(float), np.ones(1600), 'same') > .5
                if chance(.8): tones, tone = tones * ~near, tone & ~near
        x = speech + back + song + tones
        if chance(.25):  # the channel's own tilt
            x = lfilter([1, uniform(-.6, .6)], [1], x)
        x = fftconvolve(x, BAND[r.choice(3, p=[.8, .12, .08])], 'same')
        if chance(.06): c = uniform(.3, .9) * np.abs(x).max(); x = x.clip(-c, c)
        if chance(.06): x *= db(uniform(0, 15))
        if chance(.05):
            for _ in range(r.integers(1, 40)): at = r.integers(0, N - 160); x[at:at + 160] = 0
        x = x.clip(-1, 1)
        if chance(.9):  # mu-law, 8 bit
            y = np.sign(x) * np.log1p(255 * np.abs(x)) / np.log(256)
            y = np.round(y * 127) / 127
            x = np.sign(y) * np.expm1(np.abs(y) * np.log(256)) / 255
        else: x = np.round(x * 32767) / 32768
        at = (np.arange(ROWS) * 80 + 100).clip(0, N - 1)
        return x.astype(np.float32), np.stack([mask[at], music[at], tone[at]], 1).astype(np.int8)


def main(work, seed, files):
    global r
    r = np.random.default_rng(seed)
    drawer = Drawer(work, seed >= 1000)
    labels = []
    with open(os.path.join(work, f'mix{seed}.f32'), 'wb') as f:
        for i in range(files):
            x, y = drawer.file()
            f.write(x.tobytes())
            labels.append(y)
    np.save(os.path.join(work, f'mix{seed}.npy'), np.stack(labels))
    print(seed, files, np.stack(labels).mean((0, 1)))


if __name__ == '__main__': main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
