"""What several benchmarks are told when they are started."""

import argparse


def runs_and_units(description: str | None) -> tuple[int, int]:
    """`[RUNS [UNITS]]` of the command line, by default five runs and all 17 units of the districts' months."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("runs", type=int, nargs="?", default=5)
    parser.add_argument("units", type=int, nargs="?", default=17, choices=range(1, 18), metavar="UNITS")
    given = parser.parse_args()
    return given.runs, given.units
