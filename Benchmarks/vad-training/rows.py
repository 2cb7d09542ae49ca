#!/usr/bin/env python3
"""Measures drawn audio with the program itself, file by file. Run: rows.py WORK SEED VAD_ROWS"""
import subprocess, sys, os
import numpy as np
work, seed, program = sys.argv[1:]
x = np.fromfile(f'{work}/mix{seed}.f32', np.float32).reshape(-1, 240000)
with open(f'{work}/mix{seed}.rows', 'wb') as out:
    for one in x:
        one.tofile(f'{work}/one{seed}.f32')
        subprocess.run([program, 'features', '8000', f'{work}/one{seed}.f32', f'{work}/one{seed}.rows'], check=True, stderr=subprocess.DEVNULL)
        out.write(open(f'{work}/one{seed}.rows', 'rb').read())
os.remove(f'{work}/one{seed}.f32'), os.remove(f'{work}/one{seed}.rows')
