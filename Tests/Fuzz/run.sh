#!/bin/bash
# Runs every fuzz target for a share of the given seconds: Tests/Fuzz/run.sh SECONDS [TARGET…]
# What it finds is kept in .build-fuzz/findings; what widens the coverage in .build-fuzz/corpus.
set -euo pipefail
cd "$(dirname "$0")"
seconds=${1:-60}
shift || true
export SIDETONE_PURE=1 SWIFT_BACKTRACE=enable=no
build=../../.build-fuzz
flags=(-Xswiftc -sanitize=fuzzer,address -Xswiftc -use-ld=lld)
swift build --scratch-path "$build" "${flags[@]}" >"$build.log" 2>&1 || {
    tail -40 "$build.log"
    exit 1
}
fuzz=$build/debug/fuzz
targets=("$@")
[ ${#targets[@]} -gt 0 ] || mapfile -t targets < <("$fuzz" --list)
"$fuzz" --seed ../../Samples "$build/seeds"
mkdir -p "$build/findings"
share=$(((seconds + ${#targets[@]} - 1) / ${#targets[@]}))
status=0
for target in "${targets[@]}"; do
    mkdir -p "$build/corpus/$target" "$build/seeds/$target"
    log=$build/$target.log
    if "$fuzz" "$target" "$build/corpus/$target" "$build/seeds/$target" -max_total_time="$share" -max_len=16384 \
        -timeout=5 -rss_limit_mb=1024 -artifact_prefix="$build/findings/$target-" >"$log" 2>&1; then
        echo "$target: $(grep -oE '^Done [0-9]+ runs' "$log" | tail -1), nothing found"
    else
        echo "$target: FAILED"
        tail -25 "$log"
        status=1
    fi
done
exit $status
