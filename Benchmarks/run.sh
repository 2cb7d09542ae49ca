#!/usr/bin/env bash
# Every benchmark of the table in README.md, one after the other; each prints its reference beside it.
set -euo pipefail
cd "$(dirname "$0")"
export SWIFT_BACKTRACE=enable=no
echo "== DSP"
./run-dsp.sh
echo "== ingest"
SIDETONE_PURE=1 swift build -c release --scratch-path .build-release --product ingest-bench >&2
.build-release/release/ingest-bench
echo "== CSV"
(cd .. && swift build -c release --product sidetone >&2)
./run-csv.sh
echo "== load"
python3 load run "${CALLS:-300}" "${SECONDS_A_CALL:-30}"
