"""One load run: N two-track calls (TLS, 20 ms mu-law, real time) from the emulator against one server."""

import os
import platform
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from inputs import SECRET, write_inputs
from options import LoadOptions
from process import SIGNALS, STREAMS, Server, environment, raise_descriptor_limit, release_program, start_on

FOLDER = Path(__file__).resolve().parent


@dataclass
class Figures:
    """What a run measured. Latencies are those while all calls run; None where the server printed none."""

    cpu_ms_per_call_second: float
    resident_kb_per_call: float
    row_p50_us: float
    row_p99_us: float
    signal_p50_ms: float | None = None
    signal_p99_ms: float | None = None
    hostile_bytes: int = 0
    server_lines: list[str] = field(default_factory=list)
    peer_lines: dict[str, str] = field(default_factory=dict)

    def text(self) -> str:
        lines = [
            f"CPU per call-second  {self.cpu_ms_per_call_second:.3f} ms",
            f"resident per call    {self.resident_kb_per_call:.0f} kB",
            f"socket to row        p50 {self.row_p50_us:g} µs, p99 {self.row_p99_us:g} µs",
        ]
        if self.signal_p50_ms is not None:
            lines.append(f"signal delay p50 {self.signal_p50_ms:g} ms, p99 {self.signal_p99_ms:g} ms")
        lines += [f"server: {line}" for line in self.server_lines]
        lines += [f"{name}: {line}" for name, line in self.peer_lines.items()]
        if "hostile" in self.peer_lines:
            lines.append(f"hostile stream: {self.hostile_bytes / 1e6:.1f} MB written")
        return "\n".join(lines)


class Peers:
    """What runs beside the calls, each in a process of its own whose output is kept."""

    def __init__(self, cores: str, folder: Path):
        self.cores, self.folder = cores, folder
        self.running: dict[str, subprocess.Popen] = {}

    def start(self, name: str, script: str, *arguments: object) -> None:
        command = [sys.executable, str(FOLDER / script), *map(str, arguments)]
        self.running[name] = start_on(self.cores, command, self.folder / f"{name}.log")

    def wait(self, except_for: str = "") -> dict[str, str]:
        """Waits for all of them but one; the last line that each printed."""
        lines = {}
        for name in [name for name in self.running if name != except_for]:
            self.running.pop(name).wait(60)
            lines[name] = ((self.folder / f"{name}.log").read_text().splitlines() or ["printed nothing"])[-1]
        return lines

    def kill(self) -> None:
        for process in self.running.values():
            process.kill()
            process.wait()


def measure(options: LoadOptions) -> Figures:
    """Runs the server, the calls and what is to run beside them."""
    options.check()
    raise_descriptor_limit()
    program = options.program or release_program()
    server_cores, client_cores = ("0", "1") if options.threads == 1 else (f"0-{options.threads - 1}",) * 2
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_inputs(options, folder)
        server = Server(program, folder / "load.yaml", options.threads, server_cores, folder / "server.log")
        peers = Peers(client_cores, folder)
        try:
            return observe(options, program, server, peers)
        finally:
            peers.kill()
            server.process.kill()
            server.process.wait()


def observe(options: LoadOptions, program: str, server: Server, peers: Peers) -> Figures:
    """Starts the calls, and measures while all of them run: after the last one's start, before the first one's end."""
    folder, url = peers.folder, server.url("listening")
    idle_kb = server.resident_kb
    if options.subscribers:
        peers.start("subscribers", "subscribers.py", server.url("monitor"), options.subscribers)
    if options.slow_connections:
        peers.start("slow", "slow_peer.py", url, options.slow_connections, options.seconds)
    emulator = start_on(
        peers.cores,
        [program, "call", "--url", url, "--ca", f"{folder}/cert.pem", "--inbound", f"{folder}/inbound.wav",
         "--outbound", f"{folder}/outbound.wav", "--calls", str(options.calls), "--stagger", str(options.STAGGER_MS)],
        folder / "emulator.log")
    peers.running["emulator"] = emulator
    time.sleep(options.start_s)
    server.report_figures()
    if options.webhooks:
        peers.start(
            "webhooks", "webhook_sender.py", server.url("webhooks"), SECRET, options.measured_s + 1, options.webhooks)
    if options.hostile:
        peers.start("hostile", "hostile_peer.py", url, options.hostile, options.measured_s)
    cpu_s, started = server.cpu_s, time.monotonic()
    time.sleep(options.measured_s)
    cpu_s, elapsed_s = server.cpu_s - cpu_s, time.monotonic() - started
    server.report_figures()
    resident_kb = server.resident_kb - idle_kb
    emulator.wait()
    # The subscribers end with the server, the others before it.
    lines = peers.wait(except_for="subscribers")
    server.stop()
    lines |= peers.wait()
    return figures(server, folder, lines, cpu_s * 1000 / options.calls / elapsed_s, resident_kb / options.calls)


def figures(server: Server, folder: Path, peers: dict[str, str], cpu_ms: float, resident_kb: float) -> Figures:
    """The server reports three times: the start of the calls, the time measured, and the whole run."""
    text = server.text
    streams, signals = STREAMS.findall(text), SIGNALS.findall(text)
    result = Figures(cpu_ms, resident_kb, float(streams[1][3]), float(streams[1][4]), peer_lines=peers)
    if len(signals) >= 2:
        result.signal_p50_ms, result.signal_p99_ms = float(signals[1][1]), float(signals[1][2])
    prefixes = ("sink", "webhooks ")
    result.server_lines = [
        line for line in text.splitlines() if line.startswith(prefixes) and not line.startswith("webhooks on")]
    # The call ids of hostile_peer.py begin with CAhostile.
    result.hostile_bytes = sum(
        path.stat().st_size for path in folder.glob("out/CAhostile*/**/*") if path.is_file())
    return result


def machine(options: LoadOptions) -> str:
    """What a result must state: the machine, and who ran where."""
    model = next(
        (line.partition(":")[2].strip() for line in Path("/proc/cpuinfo").read_text().splitlines()
         if line.startswith("model name")), platform.machine())
    placement = "server on core 0, emulator on core 1" if options.threads == 1 else f"both on {options.threads} cores"
    return (
        f"machine: {os.cpu_count()} cores, {model}; {placement}; "
        f"allocator: {environment()['GLIBC_TUNABLES'] or 'default'}\n"
        f"{options.calls} calls, TLS, 20 ms mu-law, both tracks; {options.description}; measured for {options.measured_s} s"
    )
