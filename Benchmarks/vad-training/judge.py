#!/usr/bin/env python3
"""Runs the detector over a folder of WAV files and writes rows as CSV: file,start,end,score,speech,avail,music,tone.

Run: judge.py VAD_ROWS OUT.csv FOLDER...      a stereo file gives NAME-inbound and NAME-outbound
"""
import glob, os, subprocess, sys, tempfile
import numpy as np
import soundfile as sf

LOOK_AHEAD = 1  # rows
program, out, *folders = sys.argv[1:]
with open(out, 'w') as csv, tempfile.TemporaryDirectory() as work:
    csv.write('file,start,end,score,speech,avail,music,tone\n')
    for path in sorted(f for folder in folders for f in glob.glob(folder + '/*.wav')):
        x, rate = sf.read(path, dtype='float32', always_2d=True)
        name = os.path.splitext(os.path.basename(path))[0]
        for channel in range(x.shape[1]):
            x[:, channel].tofile(work + '/x')
            subprocess.run([program, 'score', str(rate), work + '/x', work + '/y'], check=True, stderr=subprocess.DEVNULL)
            ident = name + ('' if x.shape[1] == 1 else ['-inbound', '-outbound'][channel])
            hop, window = round(rate * .01) / rate, round(rate * .025) / rate
            for i, (p, m, t, s) in enumerate(np.fromfile(work + '/y', np.float32).reshape(-1, 4)):
                c = i * hop + window / 2
                csv.write(f'{ident},{c - hop / 2:.4f},{c + hop / 2:.4f},{p:.6f},{int(s)},{(i + LOOK_AHEAD) * hop + window:.4f},{m:.4f},{t:.4f}\n')
