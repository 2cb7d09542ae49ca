#!/usr/bin/env bash
# The cost of webhooks; see `python3 Benchmarks/load webhooks --help`.
exec python3 "$(dirname "$0")/load" webhooks "$@"
