"""Signed webhooks as fast as they are accepted: `sidetone serve` with the sink log, beside aiohttp doing the same work."""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from inputs import ROOT, SECRET, pipeline_text, webhook_source
from process import Server, cpu_s, start_on

FOLDER = Path(__file__).resolve().parent
BURST_S = 5
# After the last answer: webhooks that were acknowledged and are still being written.
SETTLE_S = 2
PYTHON = ROOT / ".venv-peers/bin/python"


def burst(name: str, process: subprocess.Popen, url: str) -> float:
    """CPU microseconds per webhook; the sender's line goes to standard error."""
    before = cpu_s(process)
    sender = subprocess.run(
        ["taskset", "-c", "1", sys.executable, str(FOLDER / "webhook_sender.py"), url, SECRET, str(BURST_S), "0"],
        capture_output=True, text=True)
    time.sleep(SETTLE_S)
    line = sender.stdout.splitlines()[-1]
    print(f"{name}: {line}", file=sys.stderr)
    accepted = int(line.split("accepted ")[1].split(",")[0])
    return (cpu_s(process) - before) / accepted * 1e6


def measure_sidetone(program: str, folder: Path) -> float:
    (folder / "secret").write_text(SECRET + "\n")
    pipeline = folder / "webhooks.yaml"
    pipeline.write_text(
        pipeline_text([webhook_source(folder, queue=100_000)], [], [f'log: {{ directory: "{folder}/out" }}']))
    server = Server(program, pipeline, 1, "0", folder / "server.log")
    try:
        return burst("sidetone", server.process, server.url("webhooks"))
    finally:
        server.stop()


def measure_aiohttp(folder: Path) -> float:
    if not PYTHON.exists():
        subprocess.run([sys.executable, "-m", "venv", str(PYTHON.parents[1])], check=True)
    if subprocess.run([PYTHON, "-c", "import aiohttp"], stderr=subprocess.DEVNULL).returncode != 0:
        subprocess.run([PYTHON, "-m", "pip", "install", "--quiet", "aiohttp>=3.9,<4"], check=True)
    port = folder / "port"
    receiver = start_on("0", [str(PYTHON), "Benchmarks/peers/webhook_receiver.py", SECRET, f"{folder}/aiohttp"], port)
    try:
        while not port.read_text().strip():
            time.sleep(0.05)
            if receiver.poll() is not None:
                raise SystemExit("the aiohttp receiver ended before it listened")
        return burst("aiohttp", receiver, f"http://127.0.0.1:{port.read_text().strip()}")
    finally:
        receiver.kill()
        receiver.wait()


def compare_bursts(program: str) -> str:
    """One line with both; without aiohttp where PEERS=0."""
    with tempfile.TemporaryDirectory() as name:
        own = measure_sidetone(program, Path(name))
        if os.environ.get("PEERS", "1") != "1":
            return f"CPU per webhook: sidetone {own:.1f} µs"
        other = measure_aiohttp(Path(name))
    return f"CPU per webhook: sidetone {own:.1f} µs, aiohttp {other:.1f} µs: ratio {own / other:.2f}"
