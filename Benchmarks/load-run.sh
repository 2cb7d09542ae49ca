#!/usr/bin/env bash
# One load run; see `python3 Benchmarks/load run --help`.
exec python3 "$(dirname "$0")/load" run "$@"
