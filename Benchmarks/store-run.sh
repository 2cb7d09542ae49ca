#!/usr/bin/env bash
# What the sink `store` costs: the load run without it and with it, one after the other, ROUNDS times in turn; prints the
# CPU milliseconds a call-second of each and the ratio of their medians.
#
#   Benchmarks/store-run.sh [CALLS=300] [SECONDS=30] [ROUNDS=3]
set -euo pipefail
cd "$(dirname "$0")"
calls=${1:-300}
seconds=${2:-30}
rounds=${3:-3}
export LOAD_SIGNALS=1
cpu() { sed -n 's/^CPU per call-second *\([0-9.]*\) ms$/\1/p'; }
without=()
with=()
for _ in $(seq "$rounds"); do
    without+=("$(./load-run.sh "$calls" "$seconds" | tee >(cat >&2) | cpu)")
    with+=("$(LOAD_STORE=1 ./load-run.sh "$calls" "$seconds" | tee >(cat >&2) | cpu)")
done
python3 - "$calls" "${without[@]}" -- "${with[@]}" <<'PY'
import statistics, sys
calls, numbers = int(sys.argv[1]), sys.argv[2:]
split = numbers.index("--")
without, stored = (statistics.median(map(float, part)) for part in (numbers[:split], numbers[split + 1 :]))
print(f"without the store {without:.3f} ms a call-second, with it {stored:.3f}: ratio {stored / without:.3f}, "
      f"{(stored - without) * calls / 10:.1f} % of a core at {calls} calls")
PY
