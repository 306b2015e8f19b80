"""`descend` beside loops of `autograd.grad`: single runs, all methods, a sweep of learning rates.

Run as `python benchmarks/descent.py [--rounds N]`. The sides take turns, so that a machine that
slows down slows all. Long loops of autograd are timed in part and multiplied, for their steps cost
alike; the table says of which.
"""

from __future__ import annotations

import argparse
import itertools
import statistics
import sys
import time
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, TypeAlias

import autograd
import numpy as np

import gradwidgets as gw
from gradwidgets.calculus.catalog import catalog
from gradwidgets.calculus.paths import path
from gradwidgets.calculus.program import Program, trace
from gradwidgets.calculus.rules import methods
from gradwidgets.calculus.trajectory import Trajectory

Run: TypeAlias = Callable[[], Any]
Rounds: TypeAlias = Mapping[str, Sequence[float]]  # seconds in every round, by side

# Processor time where it is fine enough: on a busy machine the neighbours' share is left out.
FINE = time.get_clock_info("process_time").resolution < 1e-6
CLOCK: Callable[[], float] = time.process_time if FINE else time.perf_counter
ROUNDS, BATCH = 5, 0.02  # seconds in which a short run is repeated
DRAG_STEPS = 300
STEPS, SWEPT_STEPS, SWEPT_RATES, FEW_LOOPS = 1000, 300, 60, 3
FUNCTIONS = {  # as a user would write them for autograd, and a rate that is stable
    "bowl": (lambda p: p[0] ** 2 + 10 * p[1] ** 2, 0.05),
    "rosenbrock": (lambda p: (1 - p[0]) ** 2 + 100 * (p[1] - p[0] ** 2) ** 2, 0.0005),
    "himmelblau": (
        lambda p: (p[0] ** 2 + p[1] - 11) ** 2 + (p[0] + p[1] ** 2 - 7) ** 2,
        0.01,
    ),
}


def loop(function: Callable[[Any], Any], start: Any, rate: float, steps: int) -> Any:
    """Gradient descent as it is written without gradwidgets."""
    gradient = autograd.grad(function)
    points = [np.array(start, float)]
    for _ in range(steps):
        points.append(points[-1] - rate * gradient(points[-1]))
    return np.array(points)


# ── timing ───────────────────────────────────────────────────────────────────────────────────────


def seconds(run: Run, count: int = 1) -> float:
    start = CLOCK()
    for _ in range(count):
        run()
    return (CLOCK() - start) / count


def measure(sides: Mapping[str, Run], rounds: int) -> Rounds:
    """Every side in every round, in turns, after a first call that traces and caches."""
    counts = {}
    for name, run in sides.items():
        run()
        counts[name] = max(1, int(BATCH / seconds(run)))
    taken = [
        {name: seconds(run, counts[name]) for name, run in sides.items()} for _ in range(rounds)
    ]
    return {name: [each[name] for each in taken] for name in sides}


def median(rounds: Rounds, side: str) -> float:
    return statistics.median(rounds[side])


def ratio(rounds: Rounds, over: str, under: str, parts: float = 1.0) -> float:
    pairs = zip(rounds[over], rounds[under], strict=True)
    return parts * statistics.median(a / b for a, b in pairs)


# ── (a) one run ──────────────────────────────────────────────────────────────────────────────────


def one_run(rounds: int) -> Iterator[str]:
    cells = ("descend", "autograd", "ratio", "new field", "as a program", "ratio", "apart")
    yield line(f"one run of {STEPS:,} steps", *cells)
    for name, (function, rate) in FUNCTIONS.items():
        example = catalog[name]
        field = example.field
        sides: dict[str, Run] = {
            "ours": partial(gw.descend, field, example.start, rate, STEPS),
            "new": partial(fresh, name, rate),
            "scan": partial(replayed(field), *example.start, rate),
            "loop": partial(loop, function, example.start, rate, STEPS),
        }
        apart = float(np.max(np.abs(sides["ours"]().points - sides["loop"]())))
        taken = measure(sides, rounds)
        yield line(
            name,
            show_time(median(taken, "ours")),
            show_time(median(taken, "loop")),
            show_ratio(ratio(taken, "loop", "ours")),
            show_time(median(taken, "new")),
            show_time(median(taken, "scan")),
            show_ratio(ratio(taken, "loop", "scan")),
            f"{apart:.1e}",
        )


def fresh(name: str, rate: float) -> Trajectory:
    """From a text to its trajectory: parsing and tracing included."""
    return gw.descend(catalog[name].field, catalog[name].start, rate, STEPS)


def replayed(field: gw.ScalarField) -> Program:
    """The same run as one program, as a picture has it: of start and rate."""

    def picture(x: Any, y: Any, rate: Any) -> Any:
        rates, still = rate * np.ones(STEPS), np.zeros((STEPS, 2))
        return path(field.function, "gradient descent", {}, (x, y), rates, still, STEPS)[:4]

    return trace(picture, 1.0, 1.0, 1.0)


# ── (b) every method ─────────────────────────────────────────────────────────────────────────────


def every_method(rounds: int) -> Iterator[str]:
    yield line(
        f"{SWEPT_STEPS} steps by every method", "bowl", "rosenbrock", "and verdict", "f seen"
    )
    for method in methods:
        sides: dict[str, Run] = {
            name: partial(
                gw.descend,
                catalog[name].field,
                catalog[name].start,
                FUNCTIONS[name][1] if methods[method].factor else None,  # stable, or usual
                SWEPT_STEPS,
                method,
            )
            for name in ("bowl", "rosenbrock")
        }
        sides["verdict"] = partial(judged, sides["rosenbrock"])
        taken = measure(sides, rounds)
        times = [show_time(median(taken, name)) for name in sides]
        yield line(method, *times, f"{sides['rosenbrock']().evaluations}")


def judged(run: Callable[[], Trajectory]) -> str:
    return str(run().why)


# ── (c) a sweep of learning rates ────────────────────────────────────────────────────────────────


def sweep(rounds: int) -> Iterator[str]:
    title = f"{SWEPT_RATES} rates × {SWEPT_STEPS} steps"
    yield line(title, "one call", "60 calls", "60 loops*", "over calls", "over loops")
    for name, (function, rate) in FUNCTIONS.items():
        field, start = catalog[name].field, catalog[name].start
        rates = rate * np.logspace(-3, 0, SWEPT_RATES)
        single = partial(gw.descend, field, start, steps=SWEPT_STEPS)
        few = rates[:: SWEPT_RATES // FEW_LOOPS]
        sides: dict[str, Run] = {
            "call": partial(single, rates),
            "calls": lambda single=single, rates=rates: [single(float(r)) for r in rates],
            "loops": lambda function=function, start=start, few=few: [
                loop(function, start, r, SWEPT_STEPS) for r in few
            ],
        }
        check(sides)
        taken, parts = measure(sides, rounds), SWEPT_RATES / len(few)
        yield line(
            name,
            show_time(median(taken, "call")),
            show_time(median(taken, "calls")),
            show_time(parts * median(taken, "loops")),
            show_ratio(ratio(taken, "calls", "call")),
            show_ratio(ratio(taken, "loops", "call", parts)),
        )
    yield f"* {SWEPT_RATES} loops of autograd.grad, extrapolated from {FEW_LOOPS}."


def check(sides: Mapping[str, Run]) -> None:
    """Refuse to compare sides that compute different things."""
    batch, singles = sides["call"](), sides["calls"]()
    np.testing.assert_allclose(batch.points, [run.points for run in singles], rtol=1e-9, atol=1e-9)


# ── (d) the explorer's drag ──────────────────────────────────────────────────────────────────────


def drag(rounds: int) -> Iterator[str]:
    """One drag event of the start, from the page's message to the bytes that go back to it."""
    title = f"a drag of the start, {DRAG_STEPS} steps"
    yield line(title, "drag event", "loop", "ratio", "descend", "picture")
    for name, (function, rate) in FUNCTIONS.items():
        example = catalog[name]
        explorer = gw.DescentExplorer(
            example.field, point=example.start, rate=rate, steps=DRAG_STEPS
        )
        places = itertools.cycle(np.linspace(0, 0.1, 50).tolist())
        sides: dict[str, Run] = {
            "drag": lambda e=explorer, p=places, s=example.start: move(e, s[0] - next(p), s[1]),
            "descend": partial(gw.descend, example.field, example.start, rate, DRAG_STEPS),
            "loop": partial(loop, function, example.start, rate, DRAG_STEPS),
        }
        taken = measure(sides, rounds)
        whole, own = median(taken, "drag"), median(taken, "descend")
        yield line(
            name,
            show_time(whole),
            show_time(median(taken, "loop")),
            show_ratio(ratio(taken, "loop", "drag")),
            show_time(own),
            show_time(whole - own),
        )
        explorer.close()


def move(explorer: gw.DescentExplorer, x: float, y: float) -> None:
    gesture = {"tick": time.perf_counter(), "values": {"x": x, "y": y}}
    explorer._canvas.set_state({"gesture": gesture})


TABLES: tuple[Callable[[int], Iterator[str]], ...] = (one_run, every_method, sweep, drag)


# ── the report ───────────────────────────────────────────────────────────────────────────────────

UNITS = (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6))


def show_time(taken: float) -> str:
    unit, size = next((u for u in UNITS if taken >= u[1]), UNITS[-1])
    return f"{taken / size:.3g} {unit}"


def show_ratio(found: float) -> str:
    return f"{found:,.0f}×" if found >= 10 else f"{found:.1f}×"


def line(title: str, *cells: str) -> str:
    return f"{title:<30}" + "".join(f"{cell:>13}" for cell in cells)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="turns that every side takes")
    rounds = parser.parse_args().rounds
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # autograd's, where a function is linear
        for table in TABLES:
            for text in table(rounds):
                print(text, flush=True)
            print()
    print(f"numpy {np.__version__}, median of {rounds} rounds, processor time")
    return 0


if __name__ == "__main__":
    sys.exit(main())
