"""Load runs in turn: each variant once per round, so that whatever else the machine does affects all of them alike."""

import statistics
import sys
from dataclasses import replace

from options import LoadOptions
from run import Figures, machine, measure

COLUMNS = (
    ("CPU ms per call-second", "cpu_ms_per_call_second", "{:.3f}"),
    ("kB per call", "resident_kb_per_call", "{:.0f}"),
    ("row p50 µs", "row_p50_us", "{:.0f}"),
    ("row p99 µs", "row_p99_us", "{:.0f}"),
    ("signal p50 ms", "signal_p50_ms", "{:.1f}"),
    ("signal p99 ms", "signal_p99_ms", "{:.1f}"),
    ("hostile MB", "hostile_bytes", "{:.1f}"),
)


def compare(variants: dict[str, LoadOptions], rounds: int) -> dict[str, list[Figures]]:
    """Runs every variant `rounds` times, prints each run to standard error, and the table of medians at the end."""
    for options in variants.values():
        options.check()
    results: dict[str, list[Figures]] = {name: [] for name in variants}
    for number in range(1, rounds + 1):
        for name, options in variants.items():
            figures = measure(options)
            results[name].append(figures)
            print(f"-- round {number}, {name}\n{figures.text()}", file=sys.stderr, flush=True)
    print(machine(next(iter(variants.values()))))
    print(table(results))
    return results


def median(figures: list[Figures], attribute: str) -> float | None:
    values = [value for each in figures if (value := getattr(each, attribute)) is not None]
    return statistics.median(values) if values else None


def table(results: dict[str, list[Figures]]) -> str:
    """Medians of all rounds, and CPU time as a ratio to the first variant."""
    reference = median(next(iter(results.values())), "cpu_ms_per_call_second")
    rows = [["median of rounds", *(title for title, _, _ in COLUMNS), "CPU ratio"]]
    for name, figures in results.items():
        row = [name]
        for _, attribute, form in COLUMNS:
            value = median(figures, attribute)
            value = value / 1e6 if value is not None and attribute == "hostile_bytes" else value
            row.append("" if value is None else form.format(value))
        row.append(f"{median(figures, 'cpu_ms_per_call_second') / reference:.3f}")
        rows.append(row)
    widths = [max(map(len, column)) for column in zip(*rows)]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip() for row in rows)


def programs(options: LoadOptions, before: str, after: str) -> dict[str, LoadOptions]:
    """The same run with two executables."""
    return {"before": replace(options, program=before), "after": replace(options, program=after)}


def monitor(options: LoadOptions) -> dict[str, LoadOptions]:
    """Accepted: 1.03 with the monitor, 1.15 with ten subscribers."""
    options = replace(options, signals=True)
    return {
        "without": options,
        "monitor": replace(options, monitor=True),
        "10 subscribers": replace(options, monitor=True, subscribers=5),
    }


def store(options: LoadOptions) -> dict[str, LoadOptions]:
    options = replace(options, signals=True)
    return {"without": options, "store": replace(options, store=True)}


def webhooks(options: LoadOptions, rate: float) -> dict[str, LoadOptions]:
    return {"no webhooks": replace(options, webhooks=0), f"{rate:g} per second": replace(options, webhooks=rate)}


def siege(options: LoadOptions, connections: int) -> dict[str, LoadOptions]:
    options = replace(options, signals=True)
    return {"alone": options, f"{connections} slow connections": replace(options, slow_connections=connections)}


def hostile(options: LoadOptions, kinds: list[str]) -> dict[str, LoadOptions]:
    options = replace(options, signals=True)
    return {"alone": options} | {kind: replace(options, hostile=kind) for kind in kinds}
