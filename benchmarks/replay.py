"""Programs replayed in Chromium beside Python's replay: pictures, and searches with all steps.

Run as `python benchmarks/replay.py [--rounds N]`. A program is made in a page of its own, and run
at states of its controls that differ in all of them, so that nothing is left out. The quickest
round is told too, for on a busy machine the median is the neighbours'. Exit code 1 where the
median, or making it, misses a bar.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
from playwright.sync_api import Browser

from gradwidgets.calculus.catalog import catalog
from gradwidgets.calculus.paths import path
from gradwidgets.calculus.program import Program, trace
from gradwidgets.calculus.rules import complete
from tests.browser.host import launch_browser
from tests.browser.pictured import picture_of, states_of
from tests.browser.replayed import job, replay_page

ROUNDS, PAGES, STATES = 40, 3, 25
MADE = 50.0  # milliseconds
MEASURE = """async ({ data, numbers, states, rounds }) => {
  const all = states.map((state) => inputsOf(data, floats(state))), constants = floats(numbers);
  let start = performance.now();
  const program = gw.make(data, constants);
  const made = performance.now() - start;
  for (let k = 0; k < 8; k += 1) all.forEach(program.run);
  const times = [];
  for (let round = 0; round < rounds; round += 1) {
    await new Promise((resolve) => setTimeout(resolve));
    start = performance.now();
    all.forEach(program.run);
    times.push((performance.now() - start) / all.length);
  }
  return [made, times];
}"""


class Case(NamedTuple):
    """A program, states to run it at, and how many milliseconds it may take."""

    program: Program
    states: Sequence[Sequence[float]]
    most: float


def shown(kind: str, name: str, most: float) -> Case:
    picture = picture_of(kind, name)
    states = states_of(picture, STATES)
    return Case(picture.replayed.program(*states[0]), states, most)


def descent(name: str, method: str, steps: int, most: float) -> Case:
    """All steps of a search from a start and with a rate that are inputs."""
    example = catalog[name]
    noise = np.zeros((steps, 2))

    def run(x: Any, y: Any, rate: Any) -> tuple[Any, ...]:
        rates = rate * np.ones(steps)
        found = path(
            example.field.function, method, complete(method, {}), (x, y), rates, noise, steps
        )
        return found.points, found.values, found.gradients

    rng = np.random.default_rng(0)
    start = np.array(example.start)
    states = [[*(start + rng.uniform(-0.1, 0.1, 2)), 1e-4 * (1 + k)] for k in range(STATES)]
    return Case(trace(run, *start, 1e-3), states, most)


def cases() -> Iterator[tuple[str, Case]]:
    for kind, names, most in (
        ("derivative", ("wave", "bell"), 0.5),
        ("partials", ("bowl", "peaks", "ellipsoid"), 0.5),
        ("gradient", ("bowl", "himmelblau", "peaks"), 0.5),
        ("gradient, surface", ("bowl", "peaks"), 3.0),
        ("curvature", ("rosenbrock", "peaks"), 3.0),
        ("curvature, surface", ("rosenbrock", "peaks"), 3.0),
        ("tape", ("neuron",), 0.5),
    ):
        for name in names:
            yield f"{kind}: {name}", shown(kind, name, most)
    for name, method in (("rosenbrock", "gradient descent"), ("peaks", "adam")):
        yield f"300 steps, {method}: {name}", descent(name, method, 300, 3.0)


def in_chromium(browser: Browser, case: Case, rounds: int) -> tuple[list[float], list[float]]:
    """Milliseconds to make a program, in several pages, and to run it."""
    sent = job(case.program, case.states) | {"rounds": rounds}
    made, times = [], []
    for _ in range(PAGES):
        with replay_page(browser) as page:
            first, runs = page.evaluate(MEASURE, sent)
        made.append(first)
        times += runs
    return made, times


def in_python(case: Case, rounds: int) -> list[float]:
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        for state in case.states:
            case.program(*state)
        times.append(1e3 * (time.perf_counter() - start) / len(case.states))
    return times


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    rounds = parser.parse_args(arguments).rounds
    head = ("", "instructions", "made ms", "best", "run ms", "best", "bar", "Python ms", "best")
    print("{:40} {:>12} {:>8} {:>6} {:>7} {:>6} {:>4} {:>9} {:>6}".format(*head))
    missed = False
    with launch_browser() as browser:
        for name, case in cases():
            made, times = in_chromium(browser, case, rounds)
            own = in_python(case, max(3, rounds // 10))
            pairs = [(statistics.median(each), min(each)) for each in (made, times, own)]
            first, second, third = pairs
            late = second[0] > case.most or first[0] > MADE
            missed |= late
            print(
                f"{name:40} {len(case.program):12} {first[0]:8.1f} {first[1]:6.1f} "
                f"{second[0]:7.3f} {second[1]:6.3f} {case.most:4.1f} {third[0]:9.3f} "
                f"{third[1]:6.3f}{'  LATE' if late else ''}",
                flush=True,
            )
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
