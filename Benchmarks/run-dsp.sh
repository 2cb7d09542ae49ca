#!/bin/sh
# Prints what each set of measures costs, as a ratio to window + FFTW + power in the same run, and how often the time
# other programs take for the same audio; then holds the ratios against Thresholds/dsp.tsv.
#
#     Benchmarks/run-dsp.sh            all of it (builds, makes a venv in .venv-peers, about two minutes)
#     PEERS=0 Benchmarks/run-dsp.sh    without other programs
set -eu
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
SIDETONE_PURE=1 swift build -c release --scratch-path .build-release --product dsp-bench >&2
.build-release/release/dsp-bench --rounds "${ROUNDS:-100}" --write-audio "$work" > "$work/own.tsv"
: > "$work/peers.tsv"
if [ "${PEERS:-1}" = 1 ]; then
    [ -x .venv-peers/bin/python ] || python3 -m venv .venv-peers
    .venv-peers/bin/pip install --quiet --requirement peers/requirements.txt >&2
    .venv-peers/bin/python peers/peers.py "$work" > "$work/peers.tsv"
fi
echo "machine: $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1), $(nproc) cores, $(swift --version 2>&1 | sed -n 's/.*\(Swift version [0-9.]*\).*/\1/p')"
echo "frames: window 25 ms, hop 10 ms, one thread, CPU time; floor: window + FFTW + power alone"
python3 compare.py "$work/own.tsv" "$work/peers.tsv" Thresholds/dsp.tsv
