#!/usr/bin/env bash
# What webhooks cost, and what they do to streams.
#
# First signed webhooks as fast as they are taken, each another event: against `sidetone serve` with the sink `log`, and
# against aiohttp of PyPI that checks and writes the same, each on one core with one client on the other; prints webhooks a
# second and CPU microseconds a webhook of each, and the ratio. Then the load run without and with RATE webhooks a second:
# milliseconds of CPU a call-second, and microseconds from a stream's packet in the socket to its row.
#
#   Benchmarks/webhooks-run.sh [RATE=2000] [CALLS=100] [SECONDS=20]
set -euo pipefail
cd "$(dirname "$0")/.."
export SWIFT_BACKTRACE=enable=no
rate=${1:-2000}
calls=${2:-100}
seconds=${3:-20}
bin="$(swift build -c release --show-bin-path)/sidetone"
python=.venv-peers/bin/python
work=$(mktemp -d)
receiver=
trap '[ -z "$receiver" ] || kill "$receiver" 2>/dev/null || true; rm -rf "$work"' EXIT
secret=sidetone-demo-secret
echo "$secret" > "$work/secret"
ticks() { awk '{print $14 + $15}' "/proc/$receiver/stat"; }

# Prints CPU microseconds a webhook; what the client says goes to standard error.
burst() {
    local before after
    before=$(ticks)
    taskset -c 1 python3 Benchmarks/webhook-load.py "$2" "$secret" 5 0 > "$work/load.log"
    # What was answered is still worked on.
    sleep 2
    after=$(ticks)
    echo "$1: $(tail -1 "$work/load.log")" >&2
    awk -v t=$((after - before)) -v hz="$(getconf CLK_TCK)" '/^sent/ { printf "%.1f\n", t / hz * 1e6 / $4 }' "$work/load.log"
}

cat > "$work/webhooks.yaml" <<YAML
sources:
  - webhooks: { listen: "127.0.0.1:0", plain: true, minivoice_secret_file: "$work/secret", queue_webhooks: 100000 }
sinks:
  - log: { directory: "$work/out" }
YAML
taskset -c 0 "$bin" serve "$work/webhooks.yaml" --threads 1 --log-level error 2> "$work/server.log" &
receiver=$!
until grep -q '^webhooks on' "$work/server.log"; do sleep 0.1; kill -0 "$receiver"; done
ours=$(burst sidetone "$(sed -n 's/^webhooks on //p' "$work/server.log")")
kill -TERM "$receiver"
wait "$receiver" || true
sed -n 's/^webhooks [0-9].*/sidetone: &/p; s/^sink/sidetone: sink/p' "$work/server.log" >&2
receiver=
if [ "${PEERS:-1}" = 1 ]; then
    [ -x "$python" ] || python3 -m venv .venv-peers
    "$python" -c 'import aiohttp' 2>/dev/null || "$python" -m pip install --quiet 'aiohttp>=3.9,<4'
    taskset -c 0 "$python" Benchmarks/peers/webhook_receiver.py "$secret" "$work/aiohttp" > "$work/port" &
    receiver=$!
    until [ -s "$work/port" ]; do sleep 0.1; kill -0 "$receiver"; done
    theirs=$(burst aiohttp "http://127.0.0.1:$(cat "$work/port")")
    kill "$receiver"
    wait "$receiver" 2>/dev/null || true
    receiver=
    awk -v a="$ours" -v b="$theirs" 'BEGIN {
        printf "CPU a webhook: sidetone %.1f us, aiohttp %.1f us: ratio %.2f\n", a, b, a / b
    }'
fi

LOAD_WEBHOOKS=0 Benchmarks/load-run.sh "$calls" "$seconds" > "$work/without.log"
LOAD_WEBHOOKS=$rate Benchmarks/load-run.sh "$calls" "$seconds" > "$work/with.log"
cat "$work/without.log" "$work/with.log" >&2
figure() { sed -n "s/$2/\1/p" "$work/$1.log" | head -1; }
for run in without with; do
    echo "streams $run $rate webhooks a second: CPU per call-second $(figure $run '^CPU per call-second *\([0-9.]*\) ms.*') ms," \
        "socket to row p50 $(figure $run '.*socket to row p50 \([0-9.]*\) .*') µs, p99 $(figure $run '.*socket to row.*p99 \([0-9.]*\) µs.*') µs"
done
sed -n 's/^webhooks: //p' "$work/with.log"
