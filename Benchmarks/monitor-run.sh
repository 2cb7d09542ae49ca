#!/usr/bin/env bash
# What the monitor costs: the load run without the sink `monitor`, with it and nobody watching, and with ten subscribers
# (five of events, five of the fleet by the live socket); prints CPU milliseconds a call-second of each, and their ratio.
#
#   Benchmarks/monitor-run.sh [CALLS=300] [SECONDS=30] [ROUNDS=3]
set -euo pipefail
cd "$(dirname "$0")/.."
calls=${1:-300}
seconds=${2:-30}
rounds=${3:-3}
run() { LOAD_SIGNALS=1 "$@" Benchmarks/load-run.sh "$calls" "$seconds" | tee >(cat >&2) | awk '/CPU per call-second/ { print $4 }'; }
median() { sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }
without=() idle=() watched=()
# Taken in turn, so that what else the machine does falls on all alike.
for _ in $(seq "$rounds"); do
    without+=("$(run env)")
    idle+=("$(run env LOAD_MONITOR=1)")
    watched+=("$(run env LOAD_MONITOR=1 LOAD_SUBSCRIBERS=5)")
done
a=$(printf '%s\n' "${without[@]}" | median)
b=$(printf '%s\n' "${idle[@]}" | median)
c=$(printf '%s\n' "${watched[@]}" | median)
awk -v a="$a" -v b="$b" -v c="$c" -v n="$calls" 'BEGIN {
    printf "%d calls: without %.3f ms, with the monitor %.3f ms (%.3f; at most 1.03), with 10 subscribers %.3f ms (%.3f; at most 1.15)\n", n, a, b, b / a, c, c / a
}'
