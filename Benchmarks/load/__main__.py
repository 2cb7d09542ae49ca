"""Load tests of `sidetone serve`; see the table in Benchmarks/README.md.

    python3 Benchmarks/load run 300 30 --signals
    python3 Benchmarks/load programs 300 30 --before PATH --program PATH --rounds 3
"""

import argparse

import compare
import options
from hostile_peer import KINDS
from process import release_program
from run import machine, measure
from short_calls import measure_short_calls
from webhook_burst import compare_bursts

# Name, calls, seconds, what it measures.
COMMANDS = (
    ("run", 300, 30, "one load run: CPU per call-second, resident memory per call, latencies"),
    ("programs", 300, 30, "the same run with two executables"),
    ("monitor", 300, 30, "without the sink monitor, with it, and with ten subscribers"),
    ("store", 300, 30, "without and with the sink store"),
    ("webhooks", 100, 20, "webhooks as fast as accepted, beside aiohttp; then calls without and with webhooks"),
    ("siege", 100, 20, "calls alone, and beside connections that never complete their handshake"),
    ("hostile", 100, 20, "calls alone, and beside one hostile stream of each kind"),
    ("short-calls", 10_000, 0, "memory, descriptors and threads of the server after thousands of short calls"),
)


def parser() -> argparse.ArgumentParser:
    result = argparse.ArgumentParser(prog="python3 Benchmarks/load", description=__doc__.splitlines()[0])
    commands = result.add_subparsers(dest="command", required=True)
    for name, calls, seconds, summary in COMMANDS:
        command = commands.add_parser(name, help=summary, description=summary)
        options.add_call_arguments(command, calls, seconds)
        if name in ("run", "programs"):
            options.add_load_arguments(command, KINDS)
        if name not in ("run", "short-calls"):
            command.add_argument("--rounds", type=int, default=3, metavar="N", help="runs of each variant (default 3)")
        if name == "programs":
            command.add_argument("--before", required=True, metavar="PATH", help="the executable to compare with")
        if name == "webhooks":
            command.add_argument(
                "--rate", type=float, default=2_000, metavar="RATE",
                help="webhooks per second beside the calls (default 2000)")
        if name == "siege":
            command.add_argument(
                "--connections", type=int, default=1_000, metavar="N", help="slow connections (default 1000)")
        if name == "hostile":
            command.add_argument("--kinds", nargs="+", choices=KINDS, default=KINDS, help="kinds of streams (default: all)")
    return result


def main() -> None:
    arguments = parser().parse_args()
    load = options.load_options(arguments)
    load.program = load.program or release_program()
    match arguments.command:
        case "run":
            load.check()
            print(machine(load))
            print(measure(load).text())
        case "programs":
            compare.compare(compare.programs(load, arguments.before, load.program), arguments.rounds)
        case "monitor":
            compare.compare(compare.monitor(load), arguments.rounds)
        case "store":
            compare.compare(compare.store(load), arguments.rounds)
        case "webhooks":
            print(compare_bursts(load.program))
            compare.compare(compare.webhooks(load, arguments.rate), arguments.rounds)
        case "siege":
            compare.compare(compare.siege(load, arguments.connections), arguments.rounds)
        case "hostile":
            compare.compare(compare.hostile(load, arguments.kinds), arguments.rounds)
        case "short-calls":
            measure_short_calls(load)


main()
