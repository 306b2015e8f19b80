"""The verdicts on some 2,400 runs: written down, or compared with what was written down before.

Run as `python benchmarks/verdicts.py record FILE`, and later `python benchmarks/verdicts.py compare
FILE`, which prints every run whose word or sentence differs.
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import numpy as np

import gradwidgets as gw
from gradwidgets.calculus.catalog import catalog
from gradwidgets.calculus.rules import methods
from gradwidgets.calculus.usual import usual_rate

TIMES = (0.3, 1.0, 2.5, 8.0)  # the usual learning rate
STARTS = 3  # the telling one, and others drawn from the domain
STEPS = (100, 30)  # by turns


def runs() -> Iterator[tuple[str, str, float, tuple[float, ...], int]]:
    """Function, method, learning rate, start and number of steps."""
    drawn = np.random.default_rng(12)
    for name, example in catalog.items():
        field = gw.ScalarField(name)
        low, high = np.array([field.domain[variable] for variable in field.variables]).T
        others = (low + (high - low) * drawn.random((STARTS - 1, len(low)))).round(3)
        starts = [tuple(map(float, example.start)), *map(tuple, others.tolist())]
        for place, (method, times, start) in enumerate(product(methods, TIMES, starts)):
            rate = float(f"{times * usual_rate(field, start, method):.3g}")
            yield name, method, rate, start, STEPS[place % len(STEPS)]


def told() -> Iterator[list[str]]:
    """For every run what it was, its word and its sentence."""
    for name, method, rate, start, steps in runs():
        run = gw.descend(name, start, rate, steps, method)
        place = " ".join(map(repr, start))
        yield [name, method, repr(rate), place, str(steps), str(run.verdict), str(run.why)]


def compare(file: Path) -> None:
    """Print what differs from the file."""
    with file.open(newline="", encoding="utf-8") as lines:
        before = {tuple(row[:5]): row[5:] for row in csv.reader(lines)}
    words = sentences = count = 0
    for row in told():
        count += 1
        was = before.get(tuple(row[:5]), ["", ""])
        words += was[0] != row[5]
        sentences += was != row[5:]
        if was != row[5:]:
            print(
                " | ".join(row[:5]),
                f"  was: {was[0]}. {was[1]}",
                f"  now: {row[5]}. {row[6]}",
                sep="\n",
            )
    print(f"{count} runs: {words} other words, {sentences} other sentences")


def main() -> None:
    """Record or compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("action", choices=("record", "compare"))
    parser.add_argument("file", type=Path)
    asked = parser.parse_args()
    if asked.action == "compare":
        compare(asked.file)
        return
    with asked.file.open("w", newline="", encoding="utf-8") as lines:
        csv.writer(lines).writerows(told())


if __name__ == "__main__":
    main()
