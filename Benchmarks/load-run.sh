#!/usr/bin/env bash
# The load run: N two-track calls (TLS, 20 ms mu-law, both tracks, real time) from the emulator on one core against a
# server on the other; prints CPU milliseconds per call-second, resident memory a call, socket-to-row latency and, where
# signals are made, how long after the last sample of their evidence they are told: while all calls run, and in all, with
# the handshakes of the start (67 calls a second).
#
#   Benchmarks/load-run.sh [CALLS=300] [SECONDS=30]
#   LOAD_SIGNALS=1 Benchmarks/load-run.sh                               the call's signals too
#   LOAD_WEBHOOKS=2000 Benchmarks/load-run.sh                           so many webhooks a second beside the calls; 0: a receiver, and none
#   LOAD_HOSTILE=steps Benchmarks/load-run.sh                           a hostile stream beside the calls: steps or flood (hostile.py)
#   LOAD_PIPELINE=Pipelines/agent-assist.yaml Benchmarks/load-run.sh    another pipeline, which asks for TLS and no token
#   LOAD_THREADS=2                                                      server and emulator share so many cores
set -euo pipefail
cd "$(dirname "$0")/.."
export SWIFT_BACKTRACE=enable=no
calls=${1:-300}
seconds=${2:-30}
bin="$(swift build -c release --show-bin-path)/sidetone"
work=$(mktemp -d)
trap 'kill "$server" 2>/dev/null || true; rm -rf "$work"' EXIT
ulimit -n "$(ulimit -Hn)" 2>/dev/null || true

openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost \
    -addext subjectAltName=DNS:localhost,IP:127.0.0.1 -keyout "$work/key.pem" -out "$work/cert.pem" 2>/dev/null
echo sidetone-demo-secret > "$work/secret"
cat > "$work/load.yaml" <<YAML
sources:
  - websocket: { listen: "127.0.0.1:0", dialect: twilio, max_streams: 10000, tls: { certificate: "$work/cert.pem", key: "$work/key.pem" } }
${LOAD_WEBHOOKS:+  - webhooks: { listen: "127.0.0.1:0", plain: true, minivoice_secret_file: "$work/secret" \}}
stages:
  - measure: { features: [level, spectrum, speech] }
  - detect: { vad: default }
${LOAD_SIGNALS:+  - signal}
sinks:
  - wav: { directory: "$work/out" }
  - csv: { directory: "$work/out" }
${LOAD_WEBHOOKS:+  - log: { directory: "$work/out" \}}
${LOAD_STORE:+  - store: { directory: "$work/out" \}}
${LOAD_MONITOR:+  - monitor: { listen: "127.0.0.1:0" \}}
YAML
what="level+spectrum+speech${LOAD_SIGNALS:++signals}, CSV and WAV${LOAD_STORE:+ and the call history} written${LOAD_WEBHOOKS:+, $LOAD_WEBHOOKS webhooks a second}${LOAD_MONITOR:+, monitored}${LOAD_SUBSCRIBERS:+ by $((LOAD_SUBSCRIBERS * 2))}"
if [ -n "${LOAD_PIPELINE:-}" ]; then
    sed -e "s|listen: *\"[^\"]*\"|listen: \"127.0.0.1:0\"|" -e "s|path: [^,]*, *||" \
        -e "s|certificate: [^,]*, *key: [^ }]*|certificate: \"$work/cert.pem\", key: \"$work/key.pem\"|" \
        -e "s|directory: *[^ }]*|directory: \"$work/out\"|" "$LOAD_PIPELINE" > "$work/load.yaml"
    what="$LOAD_PIPELINE"
fi
# The sample call, over and over, cut to the length asked for.
python3 - "$seconds" "$work" <<'PY'
import struct, sys
seconds, work = int(sys.argv[1]), sys.argv[2]
for name in ("inbound", "outbound"):
    data = open(f"Samples/calls/overtalk-{name}.wav", "rb").read()
    audio = data[data.index(b"data") + 8:]
    audio = (audio * (seconds * 8000 // len(audio) + 1))[: seconds * 8000]
    head = b"WAVEfmt " + struct.pack("<IHHIIHHH", 18, 7, 1, 8000, 8000, 1, 8, 0) + b"data" + struct.pack("<I", len(audio))
    open(f"{work}/{name}.wav", "wb").write(b"RIFF" + struct.pack("<I", len(head) + len(audio)) + head + audio)
PY
# Large pages for what is allocated (glibc 2.35 and later): hundreds of calls touch more pages than a TLB holds.
export GLIBC_TUNABLES=${GLIBC_TUNABLES-glibc.malloc.hugetlb=1}
threads=${LOAD_THREADS:-1}
if [ "$threads" = 1 ]; then server_cores=0 client_cores=1; else server_cores=0-$((threads - 1)) client_cores=0-$((threads - 1)); fi
taskset -c "$server_cores" "$bin" serve "$work/load.yaml" --threads "$threads" --log-level error 2> "$work/server.log" &
server=$!
until grep -q '^listening on' "$work/server.log"; do sleep 0.1; kill -0 "$server"; done
url=$(sed -n 's/^listening on //p' "$work/server.log")
ticks() { awk '{print $14 + $15}' "/proc/$server/stat"; }
rss() { awk '/VmRSS/ {print $2}' "/proc/$server/status"; }
idle=$(rss)
if [ -n "${LOAD_SUBSCRIBERS:-}" ]; then
    taskset -c 1 python3 Benchmarks/subscribe.py "$(sed -n 's/^monitor on //p' "$work/server.log")" "$LOAD_SUBSCRIBERS" \
        > "$work/subscribers.log" &
fi
taskset -c "$client_cores" "$bin" call --url "$url" --ca "$work/cert.pem" --inbound "$work/inbound.wav" --outbound "$work/outbound.wav" \
    --calls "$calls" --stagger 15 > "$work/client.log" &
client=$!
# Measured while all calls run: after the last one's start, before the first one's end.
start_s=$(awk -v n="$calls" 'BEGIN { printf "%d", n * 0.015 + 3 }')
span_s=$((seconds - start_s - 2))
[ "$span_s" -gt 2 ] || { echo "the calls are too short: give at least $((start_s + 5)) seconds" >&2; exit 2; }
sleep "$start_s"
kill -USR1 "$server"
if [ "${LOAD_WEBHOOKS:-0}" != 0 ]; then
    taskset -c 1 python3 Benchmarks/webhook-load.py "$(sed -n 's/^webhooks on //p' "$work/server.log")" \
        sidetone-demo-secret "$((span_s + 1))" "$LOAD_WEBHOOKS" > "$work/webhooks.log" &
    webhooks=$!
fi
if [ -n "${LOAD_HOSTILE:-}" ]; then
    taskset -c "$client_cores" python3 Benchmarks/hostile.py "$url" "$LOAD_HOSTILE" "$span_s" > "$work/hostile.log" 2>&1 &
    hostile=$!
fi
before=$(ticks)
sleep "$span_s"
after=$(ticks)
kill -USR1 "$server"
full=$(rss)
wait "$client" || true
[ -z "${webhooks:-}" ] || wait "$webhooks" || true
[ -z "${hostile:-}" ] || wait "$hostile" || true
kill -TERM "$server"
wait "$server" || true
echo "machine: $(nproc) cores, $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1)"
echo "calls $calls, TLS, 20 ms mu-law, both tracks, $what; measured over $span_s s"
echo "server: $threads event loops on cores $server_cores, emulator on $client_cores; allocator: ${GLIBC_TUNABLES:-as it is}"
awk -v t=$((after - before)) -v hz="$(getconf CLK_TCK)" -v n="$calls" -v s="$span_s" -v r=$((full - idle)) \
    'BEGIN { printf "CPU per call-second  %.3f ms\nresident a call      %.0f kB\n", t / hz * 1000 / n / s, r / n }'
# What the server told first is the start of the calls, then the span measured, then all.
for kind in streams signals; do grep "^$kind" "$work/server.log" | sed -n '2s/^/all calls running: /p; 3s/^/from start to end: /p' || true; done
sed -n 's/^sink/server: sink/p; s/^webhooks [0-9]/server: &/p' "$work/server.log"
echo "emulator: $(cat "$work/client.log")"
[ -z "${LOAD_SUBSCRIBERS:-}" ] || echo "subscribers: $(cat "$work/subscribers.log")"
[ -z "${hostile:-}" ] || echo "hostile: $(cat "$work/hostile.log")"
[ -z "${webhooks:-}" ] || echo "webhooks: $(tail -1 "$work/webhooks.log")"
