"""The options of one load run."""

import argparse
import os
from dataclasses import dataclass


@dataclass
class LoadOptions:
    """What a run sends, and what runs beside it. The command line below states the meaning of each."""

    calls: int = 300
    seconds: int = 30
    program: str = ""
    threads: int = 1
    pipeline: str = ""
    signals: bool = False
    store: bool = False
    monitor: bool = False
    subscribers: int = 0
    webhooks: float | None = None
    hostile: str = ""
    slow_connections: int = 0

    # From one call's start to the next one's: 67 TLS handshakes per second leave the server time for the calls.
    STAGGER_MS = 15

    @property
    def start_s(self) -> int:
        """When every call runs: the last one's start, and three seconds for it to settle."""
        return int(self.calls * self.STAGGER_MS / 1000) + 3

    @property
    def measured_s(self) -> int:
        """How long every call runs: from `start_s` until two seconds before the first call ends."""
        return self.seconds - self.start_s - 2

    def check(self) -> None:
        """Ends the program when no time is left in which every call runs."""
        if self.measured_s < 3:
            raise SystemExit(f"the calls are too short: give at least {self.start_s + 5} seconds")
        if self.pipeline and (self.store or self.monitor or self.signals or self.webhooks is not None):
            raise SystemExit(
                "--pipeline names its own stages and sinks; leave out --signals, --store, --monitor and --webhooks")

    @property
    def description(self) -> str:
        """What the server does in this run, in words."""
        if self.pipeline:
            text = self.pipeline
        else:
            text = "level, spectrum and speech" + (", signals" if self.signals else "") + "; CSV and WAV written"
        text += ", call history" if self.store else ""
        text += ", monitor" if self.monitor else ""
        text += f" with {2 * self.subscribers} subscribers" if self.subscribers else ""
        text += f", {self.webhooks:g} webhooks per second" if self.webhooks is not None else ""
        text += f"; hostile stream: {self.hostile}" if self.hostile else ""
        text += f"; {self.slow_connections} slow connections" if self.slow_connections else ""
        return text


def add_call_arguments(parser: argparse.ArgumentParser, calls: int, seconds: int) -> None:
    """The arguments that every command has; without `seconds` where the command decides how long a call is."""
    parser.add_argument("calls", nargs="?", type=int, default=calls, help=f"concurrent two-track calls (default {calls})")
    if seconds:
        parser.add_argument(
            "seconds", nargs="?", type=int, default=seconds, help=f"length of each call in seconds (default {seconds})")
    parser.add_argument(
        "--program", default=os.environ.get("SIDETONE_PROGRAM", ""), metavar="PATH",
        help="the sidetone executable to measure (default: SIDETONE_PROGRAM, else the release build of this checkout)")
    parser.add_argument(
        "--threads", type=int, default=1, metavar="N",
        help="event loops of the server; with more than 1, server and emulator share that many cores "
        "(default 1: one core each)")


def add_load_arguments(parser: argparse.ArgumentParser, hostile_kinds: list[str]) -> None:
    """What a single run can have besides its calls."""
    parser.add_argument("--signals", action="store_true", help="add the signal stage and measure the signal delay")
    parser.add_argument("--store", action="store_true", help="add the sink store (call history)")
    parser.add_argument("--monitor", action="store_true", help="add the sink monitor")
    parser.add_argument(
        "--subscribers", type=int, default=0, metavar="N",
        help="N clients of /v1/events and N of /v1/live; implies --monitor (default 0)")
    parser.add_argument(
        "--webhooks", type=float, metavar="RATE",
        help="add a webhook listener and send RATE signed webhooks per second to it; 0 adds the listener only")
    parser.add_argument("--hostile", choices=hostile_kinds, default="", help="a hostile stream beside the calls")
    parser.add_argument(
        "--slow-connections", type=int, default=0, metavar="N",
        help="N connections from 127.0.0.2 that never complete their handshake (default 0)")
    parser.add_argument(
        "--pipeline", default="", metavar="FILE",
        help="another pipeline file instead of the built-in one; it must use TLS and require no token")


def load_options(arguments: argparse.Namespace) -> LoadOptions:
    """The options of the command line; those that a command does not have keep their defaults."""
    given = {name: value for name, value in vars(arguments).items() if name in LoadOptions.__dataclass_fields__}
    options = LoadOptions(**given)
    options.monitor = options.monitor or options.subscribers > 0
    return options
