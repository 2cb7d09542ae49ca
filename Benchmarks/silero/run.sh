#!/bin/sh
# Compares Sidetone's Silero detector with ONNX Runtime on this machine: speed (us a chunk) and, for the mono WAV files
# given (8 or 16 kHz), the largest difference.
#     Benchmarks/silero/run.sh [WAV...]
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
[ -f "$root/models/silero.weights" ] || python3 "$root/Benchmarks/models/fetch-silero.py"
python="$here/.venv/bin/python"
if [ ! -x "$python" ]; then
    python3 -m venv "$here/.venv"
    "$python" -m pip install --quiet onnxruntime==1.31.1 numpy soundfile
fi
onnx="$here/.venv/silero_vad.onnx"
if [ ! -f "$onnx" ]; then
    scratch=$(mktemp -d)
    "$python" -m pip download --quiet --no-deps -d "$scratch" silero-vad==6.2.3
    "$python" -c 'import sys, zipfile; open(sys.argv[2], "wb").write(zipfile.ZipFile(sys.argv[1]).read("silero_vad/data/silero_vad.onnx"))' \
        "$scratch"/*.whl "$onnx"
    rm -r "$scratch"
fi
SIDETONE_PURE=1 swift build -c release --package-path "$here" --scratch-path "$here/.build" >&2
OMP_NUM_THREADS=1 "$python" "$here/compare.py" "$root/models/silero.weights" "$onnx" \
    "$here/.build/release/SileroBenchmark" "$@"
