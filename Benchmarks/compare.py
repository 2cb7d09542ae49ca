"""Prints the table of ratios; fails when a ratio is above its accepted value. Run by run-dsp.sh."""

import sys


def rows(path):
    with open(path) as file:
        return [line.rstrip("\n").split("\t") for line in file if line.strip() and not line.startswith("#")]


own, peers, accepted = (rows(path) for path in sys.argv[1:4])
limits = {(name, rate): float(limit) for name, rate, limit in accepted}
times = {(name, rate): float(ns) for name, rate, ns, *_ in own}
failures = []
print(f"{'set':<22}{'rate':>7}{'ns':>9}{'/floor':>8}{'accepted':>10}{'x real time':>13}{'allocations':>13}")
for name, rate, ns, ratio, speed, allocations in own:
    limit = limits.get((name, rate))
    print(f"{name:<22}{rate:>7}{ns:>9}{float(ratio):>8.2f}{limit or '':>10}{speed:>13}{allocations:>13}")
    if limit and float(ratio) > limit:
        failures.append(f"{name} at {rate} Hz takes {ratio} of the floor, accepted is {limit}")
    if float(allocations) > 0:
        failures.append(f"{name} at {rate} Hz allocates {allocations} times a unit")
if peers:
    print(f"\n{'set, other program':<36}{'rate':>7}{'ns':>10}{'/Sidetone':>11}")
for name, rate, ns in (row for row in peers if len(row) == 3):
    print(f"{name:<36}{rate:>7}{ns:>10}{float(ns) / times[name.split()[0], rate]:>11.1f}")
for failure in failures:
    print(failure, file=sys.stderr)
sys.exit(1 if failures else 0)
