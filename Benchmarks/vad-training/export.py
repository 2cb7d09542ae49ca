#!/usr/bin/env python3
"""Writes the trained network as Swift. Run: export.py WORK > Sources/Pure/Analysis/Detectors/StatisticalDetectorModel.swift"""
import sys
import numpy as np

SCALE = 2048
p = dict(np.load(sys.argv[1] + '/net.npz'))
p['E'], p['f'] = (np.pad(p[k], [(0, 0)] * (p[k].ndim - 1) + [(0, 5)]) for k in 'Ef')  # whole vectors of 8
q = np.concatenate([np.round(p[k].ravel() * SCALE) for k in 'A a B b C c D e E f'.split()]).astype(int)
assert np.abs(q).max() < 32768
print('''// Made by Benchmarks/vad-training/export.py; not edited by hand.
import SidetoneDSP

/// The numbers of `StatisticalDetector`'s network.
enum StatisticalDetectorModel {
    static let shape = RecurrentNetwork.Shape(inputs: %d, dense: %d, units: %d, outputs: 8)

    /// In the order that `RecurrentNetwork` takes.
    static let parameters = steps.map { Float($0) / %d }

    // swift-format-ignore
    private static let steps: [Int16] = [''' % (p['A'].shape[0], p['A'].shape[1], p['D'].shape[0], SCALE))
line = '       '
for v in q:
    s = ' %d,' % v
    if len(line) + len(s) > 118: print(line); line = '       '
    line += s
print(line)
print('    ]\n}')
