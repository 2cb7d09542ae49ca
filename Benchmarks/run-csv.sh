#!/usr/bin/env bash
# Rows a second written as CSV on one core: the CPU time of `sidetone analyze` with the csv sink less that without it,
# beside Python's csv module writing the same rows in the same run.
set -euo pipefail
cd "$(dirname "$0")/.."
bin="$(swift build -c release --show-bin-path)/sidetone"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 - "$work" <<'PY'
import struct, sys
data = open("Samples/calls/overtalk-inbound.wav", "rb").read()
audio = (data[data.index(b"data") + 8:] * 180)[: 3600 * 8000]
head = b"WAVEfmt " + struct.pack("<IHHIIHHH", 18, 7, 1, 8000, 8000, 1, 8, 0) + b"data" + struct.pack("<I", len(audio))
open(f"{sys.argv[1]}/long.wav", "wb").write(b"RIFF" + struct.pack("<I", len(head) + len(audio)) + head + audio)
PY
printf 'stages:\n  - measure: { features: [level, spectrum] }\nsinks:\n  - csv: { directory: %s/a }\n' "$work" > "$work/csv.yaml"
printf 'stages:\n  - measure: { features: [level, spectrum] }\nsinks:\n  - summary: { directory: %s/b }\n' "$work" > "$work/none.yaml"
cpu() { python3 - "$@" <<'PY'
import os, subprocess, sys
least = 1e9
for _ in range(3):
    before = os.times()
    subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    after = os.times()
    least = min(least, after.children_user + after.children_system - before.children_user - before.children_system)
print(least)
PY
}
with=$(cpu "$bin" analyze "$work/long.wav" --pipeline "$work/csv.yaml")
without=$(cpu "$bin" analyze "$work/long.wav" --pipeline "$work/none.yaml")
python3 - "$work/a/long/inbound.csv" "$with" "$without" <<'PY'
import csv, sys, time
rows = [[float(cell) if cell else float("nan") for cell in row] for row in list(csv.reader(open(sys.argv[1])))[1:]]
own = float(sys.argv[2]) - float(sys.argv[3])
start = time.process_time()
with open("/dev/null", "w", newline="") as out:
    writer = csv.writer(out)
    for row in rows:
        writer.writerow([f"{cell:.4f}" for cell in row])
python = time.process_time() - start
print(f"CSV, {len(rows[0])} columns\t{len(rows) / max(own, 1e-9):.0f} rows/s per core\t{python / max(own, 1e-9):.1f} x Python's csv module")
PY
