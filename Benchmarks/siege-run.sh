#!/usr/bin/env bash
# The load run beside hostile peers: prints what Benchmarks/load-run.sh prints (p99 socket to row among it), alone and while
# another address holds connections open that never finish their head (slowloris), as many as the server admits and more.
#
#   Benchmarks/siege-run.sh [CALLS=100] [SECONDS=20] [CONNECTIONS=1000]
set -euo pipefail
cd "$(dirname "$0")/.."
calls=${1:-100}
seconds=${2:-20}
connections=${3:-1000}
echo "alone"
Benchmarks/load-run.sh "$calls" "$seconds"
echo "beside $connections connections of 127.0.0.2 that send a head byte by byte"
python3 - "$connections" <<'PY' &
import os, socket, subprocess, sys, time

count = int(sys.argv[1])


def port():
    """Of the server that the load run starts: the listening process named sidetone."""
    for line in subprocess.run(["ss", "-Hltnp"], capture_output=True, text=True).stdout.splitlines():
        if '"sidetone"' in line:
            return int(line.split()[3].rsplit(":", 1)[1])


opened, refused = {}, 0
deadline = time.time() + 600
target = None
while time.time() < deadline and os.getppid() != 1:
    target = port()
    if target is None:
        if opened:
            break
        time.sleep(0.2)
        continue
    while len(opened) < count:
        peer = socket.socket()
        peer.bind(("127.0.0.2", 0))
        peer.settimeout(1)
        try:
            peer.connect(("127.0.0.1", target))
        except OSError:
            break
        peer.setblocking(False)
        opened[peer.fileno()] = peer
    for number, peer in list(opened.items()):
        try:
            peer.send(b"\x16")
        except BlockingIOError:
            pass
        except OSError:
            refused += 1
            peer.close()
            del opened[number]
    time.sleep(0.05)
print(f"slow connections refused or cut off: {refused}", flush=True)
PY
siege=$!
trap 'kill "$siege" 2>/dev/null || true' EXIT
Benchmarks/load-run.sh "$calls" "$seconds"
sleep 1
