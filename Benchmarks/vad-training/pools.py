#!/usr/bin/env python3
"""Reads what fetch.sh brought, at 8 kHz, and labels the clean phrases by energy and voicing.

Run: pools.py WORK      writes WORK/pools.pkl: speech {speaker: [(samples, mask)]}, music [samples], effects [samples]
"""
import glob, os, pickle, random, sys
import numpy as np
import soundfile as sf
from scipy.signal import firwin, fftconvolve, resample_poly
from math import gcd

RATE = 8000
BAND = firwin(255, [300, 3400], fs=RATE, pass_zero=False)


def read(path, rate=None, limit=None):
    if path.endswith('.raw'):
        x = np.fromfile(path, '<i2').astype(np.float32) / 32768
        rate = rate or RATE
    else:
        gsm = dict(format='RAW', subtype='GSM610', samplerate=RATE, channels=1) if path.endswith('.gsm') else {}
        with sf.SoundFile(path, **gsm) as f:
            rate = f.samplerate
            frames = os.path.getsize(path) // 33 * 160 if gsm else -1 if limit is None else int(limit * rate)
            x = f.read(frames, dtype='float32', always_2d=True).mean(1)
    if rate != RATE:
        g = gcd(rate, RATE)
        x = resample_poly(x, RATE // g, rate // g).astype(np.float32)
    return x


def mask_of(x):
    """Speech on a 10 ms grid, or None where the recording is too noisy to tell."""
    y = fftconvolve(x, BAND, 'same')
    n = len(y) // 80 - 2
    if n < 20: return None
    frames = np.lib.stride_tricks.sliding_window_view(np.pad(y, (60, 200)), 200)[::80][:n + 2]
    level = 10 * np.log10((frames ** 2).mean(1) + 1e-10)
    if np.percentile(level, 95) - max(np.percentile(level, 5), -85) < 33: return None
    floor = np.percentile(level, 5)
    active = 10 * np.log10(np.mean(10 ** (level[level > np.percentile(level, 95) - 25] / 10)))
    spectrum = np.abs(np.fft.rfft(frames * np.hanning(200), 512))
    acf = np.fft.irfft(spectrum)
    voiced = (acf[:, 20:100].max(1) / (acf[:, 0] + 1e-9) > 0.35) & (level > active - 20)
    loud = level > max(active - 28, floor + 9)
    out = np.zeros(len(loud), bool)
    edge = np.flatnonzero(np.diff(np.r_[0, loud.astype(int), 0]))
    for a, b in zip(edge[::2], edge[1::2]):
        v = np.flatnonzero(voiced[a:b])
        if b - a < 3 or level[a:b].max() < active - 15 or len(v) < 3: continue
        out[max(a, a + v[0] - 15):min(b, a + v[-1] + 30) + 8] = True
    edge = np.flatnonzero(np.diff(np.r_[0, out.astype(int), 0]))
    for b, a in zip(edge[1::2], edge[2::2]):
        if a - b < 20: out[b:a] = True
    return (out, active) if out.sum() > 15 else None


def main(work):
    root = os.path.join(work, 'root/usr/share')
    random.seed(1)
    files = {}
    for voice in ('it_IT_m_Carlo', 'it_IT_f_Menardi', 'ru_RU_f_IvrvoiceRU', 'es', 'fr'):
        found = [f for e in ('wav', 'gsm') for f in glob.glob(f'{root}/asterisk/sounds/{voice}/**/*.{e}', recursive=True)]
        files[voice] = [(f, None) for f in found if '/silence/' not in f and 'beep' not in f and 'monkeys' not in f]
    for name in 'hts1a hts2a cross forig morig kristoff mmt1 ve9qrp big_dog f2400 m2400 vk5qi'.split():
        files['codec2-' + name] = [(f'{root}/codec2/raw/{name}.raw', 8000)]
    files['codec2-16k'] = [(f'{root}/codec2/raw/speech_orig_16k.wav', None), (f'{root}/codec2/wav/wia_16kHz.wav', None)]
    for f in glob.glob(f'{root}/pocketsphinx/test/data/**/*', recursive=True):
        if f.endswith(('.raw', '.wav')): files.setdefault('sphinx-' + os.path.basename(os.path.dirname(f)), []).append((f, 16000))
    for language in os.listdir(root + '/klettres'):
        found = glob.glob(f'{root}/klettres/{language}/**/*.ogg', recursive=True)
        if found: files['klettres-' + language] = [(f, None) for f in found]
    for language in 'fr ru ro ca bg es be el da lt nl'.split():
        files['tuxpaint-' + language] = [(f, None) for f in glob.glob(f'{root}/tuxpaint/**/*_desc_{language}.ogg', recursive=True)]
    files['tuxpaint-en'] = [(f, None) for f in glob.glob(f'{root}/tuxpaint/**/*_desc.ogg', recursive=True)]
    files['alsa'] = [(f, None) for f in glob.glob(f'{root}/sounds/alsa/*_*.wav')]
    speech = {}
    for voice, found in files.items():
        random.shuffle(found)
        for f, rate in found[:260]:
            try: x = read(f, rate)
            except Exception: continue
            m = mask_of(x)
            if m: speech.setdefault(voice, []).append((x, *m))
        print(voice, len(found), len(speech.get(voice, [])), sum(len(x) for x, *_ in speech.get(voice, [])) // RATE, 's', flush=True)
    def many(patterns, limit, least):
        out = []
        for p in patterns:
            for f in sorted(glob.glob(f'{root}/{p}', recursive=True)):
                try: x = read(f, limit=limit)
                except Exception: continue
                if len(x) > least * RATE and np.abs(x).max() > 0.01: out.append(x / np.abs(x).max() * 0.5)
        return out
    music = many(['asterisk/moh/manolo*.wav', 'asterisk/moh/reno*.wav', 'games/hedgewars/Data/Music/*.ogg', 'games/singularity/music/**/*.ogg',
                  'games/etr/music/*.ogg', 'games/wesnoth/1.16/data/core/music/*.ogg', 'games/supertux2/music/**/*.ogg',
                  'freedroidrpg/data/sound/music/*.ogg'], 70, 5)
    effects = many(['games/hedgewars/Data/Sounds/*.ogg', 'games/etr/sounds/*', 'games/supertux2/sounds/**/*.wav', 'games/supertux2/sounds/**/*.ogg',
                    'freedroidrpg/data/sound/effects/**/*.ogg', 'tuxpaint/stamps/animals/**/*[a-z].wav'], 20, 0.3)
    print(len(music), 'pieces of music,', len(effects), 'effects')
    pickle.dump(dict(speech=speech, music=music, effects=effects), open(os.path.join(work, 'pools.pkl'), 'wb'))


if __name__ == '__main__': main(sys.argv[1])
