"""The server under test: started on its own cores, asked for its figures, and measured through /proc."""

import os
import re
import resource
import signal
import subprocess
import time
from pathlib import Path

from inputs import ROOT

TICKS_PER_S = os.sysconf("SC_CLK_TCK")
PAGE_KB = os.sysconf("SC_PAGE_SIZE") // 1024
# What the server prints at SIGUSR1 and at its end.
STREAMS = re.compile(
    r"^streams (\d+), messages (\d+), refused (\d+); socket to row p50 ([\d.]+) µs, p99 ([\d.]+) µs", re.M)
SIGNALS = re.compile(r"^signals (\d+); signal delay p50 ([\d.]+) ms, p99 ([\d.]+) ms", re.M)


def cpu_s(process: subprocess.Popen) -> float:
    """CPU time of a process so far, user and system."""
    fields = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS_PER_S


def release_program() -> str:
    """The release build of this checkout."""
    shown = subprocess.run(
        ["swift", "build", "-c", "release", "--show-bin-path"], cwd=ROOT, check=True, capture_output=True, text=True)
    return shown.stdout.strip() + "/sidetone"


def environment() -> dict[str, str]:
    """Large pages for the allocator (glibc 2.35 and later): hundreds of calls touch more pages than a TLB holds."""
    return {"GLIBC_TUNABLES": "glibc.malloc.hugetlb=1", "SWIFT_BACKTRACE": "enable=no"} | os.environ


def raise_descriptor_limit() -> None:
    """Every call needs a socket and several files."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def start_on(cores: str, command: list[str], log: Path, error: bool = False) -> subprocess.Popen:
    """Starts a command on the given cores (as of taskset); its output, or its standard error, goes to a file."""
    with log.open("w") as file:
        return subprocess.Popen(
            ["taskset", "-c", cores, *command], cwd=ROOT, env=environment(),
            stdout=subprocess.DEVNULL if error else file, stderr=file)


class Server:
    """`sidetone serve` with one pipeline file."""

    def __init__(self, program: str, pipeline: Path, threads: int, cores: str, log: Path):
        self.log = log
        command = [program, "serve", str(pipeline), "--threads", str(threads), "--log-level", "error"]
        self.process = start_on(cores, command, log, error=True)
        self.reports = 0

    def url(self, listener: str) -> str:
        """The address of `listening`, `webhooks` or `monitor`; waits until the server has printed it."""
        pattern = re.compile(rf"^{listener} on (\S+)", re.M)
        return self._wait(lambda: pattern.search(self.text), f"'{listener} on'")[1]

    @property
    def text(self) -> str:
        return self.log.read_text(errors="replace")

    def _wait(self, found, what: str, timeout_s: float = 30):
        end = time.monotonic() + timeout_s
        while not (result := found()):
            if self.process.poll() is not None or time.monotonic() > end:
                self.process.kill()
                raise SystemExit(f"the server did not print {what}:\n{self.text}")
            time.sleep(0.02)
        return result

    def report_figures(self) -> None:
        """Makes the server print its figures since the last report."""
        self.reports += 1
        self.process.send_signal(signal.SIGUSR1)
        self._wait(lambda: len(STREAMS.findall(self.text)) >= self.reports, "its figures")
        # The line about signals follows in the same call.
        time.sleep(0.05)

    @property
    def cpu_s(self) -> float:
        return cpu_s(self.process)

    @property
    def resident_kb(self) -> int:
        return int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1]) * PAGE_KB

    @property
    def descriptors(self) -> int:
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    @property
    def thread_count(self) -> int:
        return len(os.listdir(f"/proc/{self.process.pid}/task"))

    def stop(self) -> int:
        """Drains the server; its exit status."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(60)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise SystemExit(f"the server did not end within 60 s of SIGTERM:\n{self.text}")
