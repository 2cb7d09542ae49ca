"""Writes f0_praat.csv: what Praat reads at the centres of the rows (25 ms windows, 10 ms hops) of signals made by formula.

A signal is x[n] = 0.05 * sum of cos(h*phi[n] + h*h) over the harmonics h whose frequency lies in its band, with
phi[n] = 2*pi * sum of f0(m / rate) / rate for m < n."""
import csv, os
import numpy as np, parselmouth

SIGNALS = {  # name: rate, band in Hz, F0 in Hz of seconds
    'steady': (8000, (300, 3400), lambda t: 95 + 0 * t),
    'glide': (8000, (300, 3400), lambda t: 110 * 2 ** t),
    'vibrato': (16000, (50, 3400), lambda t: 200 + 6 * np.sin(2 * np.pi * 5 * t)),
}


def samples(rate, band, f0):
    hz = f0(np.arange(rate) / rate)
    phase = 2 * np.pi * np.concatenate([[0], np.cumsum(hz)[:-1]]) / rate
    x = np.zeros(rate)
    for h in range(1, 80):
        inside = (h * hz >= band[0]) & (h * hz <= band[1])
        x += np.where(inside, 0.05 * np.cos(h * phase + h * h), 0)
    return x


with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), 'f0_praat.csv'), 'w', newline='') as file:
    out = csv.writer(file, lineterminator='\n')
    out.writerow(['signal', 'row', 'f0_hz'])
    for name, (rate, band, f0) in SIGNALS.items():
        sound = parselmouth.Sound(samples(rate, band, f0), rate)
        pitch = sound.to_pitch_ac(time_step=0.01, pitch_floor=55, pitch_ceiling=500)
        for row in range(5, 92, 6):
            out.writerow([name, row, '%.3f' % pitch.get_value_at_time(row * 0.01 + 0.0125)])
