"""A drag of the point in the curvature explorer beside plain autograd's Hessian at one point.

Run as `python benchmarks/curvature.py [--rounds N]`. The sides take turns, so that a machine that
slows down slows all. Exit code 1 where the median drag costs the kernel more than a millisecond.
"""

from __future__ import annotations

import argparse
import itertools
import statistics
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, TypeAlias

import autograd
import autograd.numpy as anp
import numpy as np

import gradwidgets as gw

Run: TypeAlias = Callable[[], Any]

# Processor time where it is fine enough: on a busy machine the neighbours' share is left out.
FINE = time.get_clock_info("process_time").resolution < 1e-6
CLOCK: Callable[[], float] = time.process_time if FINE else time.perf_counter
ROUNDS, IN_A_ROW, MOST = 10, 60, 1e-3
NAMES = ("bowl", "saddle", "hill", "rosenbrock", "himmelblau", "six-hump camel", "peaks")


# ── the sides ────────────────────────────────────────────────────────────────────────────────────


def drag(explorer: gw.CurvatureExplorer, steps: Any) -> None:
    """From the page's message to the bytes that go back to it."""
    x, y = next(steps)
    gesture = {"tick": time.perf_counter(), "values": {"x": x, "y": y}}
    explorer._canvas.set_state({"gesture": gesture})
    assert explorer.point == (x, y)


def by_autograd(function: Callable[[Any], Any], point: Any) -> Any:
    """What a notebook without gradwidgets would compute for the same point: value, ∇f and H."""
    return function(point), autograd.grad(function)(point), autograd.hessian(function)(point)


def sides_of(name: str) -> dict[str, Run]:
    example = gw.catalog[name]
    explorer = gw.CurvatureExplorer(example.field, point=example.start)
    start, width = np.array(example.start), example.intervals[0][1] - example.intervals[0][0]
    moves = [tuple(map(float, start * (1 - 1e-3 * k) + 1e-4 * k * width)) for k in range(50)]
    steps = itertools.cycle(moves)
    function = example.field.function
    return {
        "drag": partial(drag, explorer, steps),
        "picture": partial(explorer._picture.scene, explorer._values()),
        "hessian": partial(example.field.hessian, example.start),
        "autograd": partial(by_autograd, lambda p: function(p[0], p[1]), anp.array(start)),
    }


# ── timing ───────────────────────────────────────────────────────────────────────────────────────


def seconds(run: Run) -> float:
    start = CLOCK()
    run()
    return CLOCK() - start


def measure(sides: Mapping[str, Run], rounds: int) -> dict[str, float]:
    """The median of every side over rounds in turns, each of some calls in a row as in a drag."""
    taken: dict[str, list[float]] = {side: [] for side in sides}
    for turn in range(rounds + 1):
        for side, run in sides.items():
            times = [seconds(run) for _ in range(IN_A_ROW)]
            taken[side] += times if turn else []  # the first ones trace and cache
    return {side: statistics.median(times) for side, times in taken.items()}


# ── the report ───────────────────────────────────────────────────────────────────────────────────


def line(title: str, *cells: str) -> str:
    return f"{title:<18}" + "".join(f"{cell:>14}" for cell in cells)


def report(rounds: int) -> list[float]:
    """Print a line for every function; the medians of the drags."""
    print(line("function", "drag", "its picture", "traced H", "autograd H", "H: ratio"))
    drags = []
    for name in NAMES:
        found = measure(sides_of(name), rounds)
        drags.append(found["drag"])
        times = (f"{1e3 * found[side]:.3f} ms" for side in ("drag", "picture", "hessian"))
        plain = found["autograd"]
        print(line(name, *times, f"{1e3 * plain:.3f} ms", f"{plain / found['hessian']:.0f}×"))
    return drags


def verdict(drags: Sequence[float]) -> bool:
    kept = max(drags) <= MOST
    print(f"\na drag costs at most 1 ms at the median: {'yes' if kept else 'no'}")
    return kept


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="turns that every side takes")
    rounds = parser.parse_args().rounds
    kept = verdict(report(rounds))
    print(f"numpy {np.__version__}, median of {rounds} rounds of {IN_A_ROW}, processor time")
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
