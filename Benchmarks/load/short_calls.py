"""Thousands of short calls over real sockets: what the server holds before them, and after each part of them."""

import subprocess
import tempfile
import time
from pathlib import Path

from inputs import ROOT, write_inputs
from options import LoadOptions
from process import Server, environment, raise_descriptor_limit, release_program

CALL_S = 0.2
STAGGER_MS = 4
PARTS = 4


def play(program: str, url: str, folder: Path, calls: int) -> str:
    """Plays calls over TLS, each on a connection of its own; the emulator's line."""
    emulator = subprocess.run(
        ["taskset", "-c", "1", program, "call", "--url", url, "--ca", f"{folder}/cert.pem",
         "--inbound", f"{folder}/inbound.wav", "--outbound", f"{folder}/outbound.wav",
         "--calls", str(calls), "--stagger", str(STAGGER_MS)],
        cwd=ROOT, env=environment(), capture_output=True, text=True)
    return f"{emulator.stdout.strip()} (exit {emulator.returncode})"


def settled(server: Server, timeout_s: float = 15) -> str:
    """What the server holds once its descriptors no longer change."""
    last, end = -1, time.monotonic() + timeout_s
    while server.descriptors != last and time.monotonic() < end:
        last = server.descriptors
        time.sleep(1)
    return f"{server.resident_kb} kB resident, {server.descriptors} descriptors, {server.thread_count} threads"


def measure_short_calls(options: LoadOptions) -> None:
    """Prints a line before the calls, and one after each quarter of them."""
    raise_descriptor_limit()
    program = options.program or release_program()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        options.seconds = CALL_S
        write_inputs(options, folder)
        server = Server(program, folder / "load.yaml", options.threads, "0", folder / "server.log")
        try:
            url = server.url("listening")
            print(f"0 calls: {settled(server)}", flush=True)
            for part in range(1, PARTS + 1):
                line = play(program, url, folder, options.calls // PARTS)
                print(f"{options.calls // PARTS * part} calls: {settled(server)}; emulator: {line}", flush=True)
            print(f"exit {server.stop()}: {server.text.splitlines()[-1]}")
        finally:
            server.process.kill()
            server.process.wait()
