"""Programs replayed in Chromium beside Python's replay: pictures, and searches with all steps.

Run as `python benchmarks/replay.py [--rounds N]`. A program is made in a page of its own, and run
at states of its controls that differ in all of them, so that nothing is left out. The quickest
round is told too, for on a busy machine the median is the neighbours'. Of a race the whole way is
told as well: from a movement of the mouse to changed pixels, which are read back. Exit code 1
where the median, or making it, misses a bar.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from base64 import b64encode
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
from playwright.sync_api import Browser, Page

from gradwidgets.calculus.catalog import catalog
from gradwidgets.calculus.paths import path
from gradwidgets.calculus.program import Program, trace
from gradwidgets.calculus.rules import complete, methods
from gradwidgets.calculus.usual import usual_rate
from gradwidgets.pictures.descent import Settings, descent_picture
from gradwidgets.pictures.picture import Picture
from gradwidgets.pictures.race import race_picture
from gradwidgets.pictures.spans import race_span
from tests.browser.bare import bare_page, wire
from tests.browser.host import launch_browser
from tests.browser.pictured import picture_of, states_of
from tests.browser.replayed import job, replay_page

ROUNDS, PAGES, STATES = 40, 3, 25
RACES, RACED = ("bowl", "rosenbrock"), 1000
MADE = 50.0  # milliseconds
FRAMES = 2 * 1000 / 60  # milliseconds: a gesture to changed pixels
MEASURE = """async ({ data, numbers, states, later, rounds }) => {
  const all = states.map((state) => inputsOf(data, floats(state))), constants = floats(numbers);
  let start = performance.now();
  const program = gw.make(data, constants, { later });
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

# The last moves are counted, so that the engine has compiled what runs often.
GESTURES, WARM, WIDTH = 45, 5, 1100
PAINT = """({ spec, data, numbers, inputs, later }) => {
  const canvas = Object.assign(document.createElement("canvas"),
    { width: spec.width, height: spec.height });
  document.body.append(canvas);
  const ctx = canvas.getContext("2d"), at = Float64Array.from(inputs);
  const program = gw.make(data, new Float64Array(decode(numbers).buffer), { later });
  const names = spec.marks.map(({ name }) => name);
  window.gestures = [];
  let asked = 0, before = 0;
  const shown = () => {
    const found = program.run(at).map((part) => part.length ? part : Float64Array.of(part));
    const marks = Object.fromEntries(names.map((name, k) => [name, found[k]]));
    ctx.clearRect(0, 0, spec.width, spec.height);
    gw.draw(ctx, spec, { values: {}, marks });
    const { data } = ctx.getImageData(0, 0, spec.width, 120), took = performance.now() - asked;
    const pixels = data.reduce((sum, x) => (31 * sum + x) | 0, 0); // the clock has stopped
    gestures.push([took, pixels !== before]);
    [asked, before] = [0, pixels];
  };
  canvas.addEventListener("pointermove", ({ offsetX, offsetY, timeStamp }) => {
    [at[0], at[1]] = [inputs[0] - 0.001 * (offsetX % 400), inputs[1] - 0.0005 * (offsetY % 200)];
    if (!asked) (asked = timeStamp), requestAnimationFrame(shown);
  });
}"""


class Case(NamedTuple):
    """A program, states to run it at, and how many milliseconds it may take."""

    program: Program
    states: Sequence[Sequence[float]]
    most: float
    later: Sequence[int] = ()
    ready: float = MADE  # milliseconds in which it is made


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


def searched(name: str, method: str, steps: int, most: float) -> Case:
    """The whole picture of a search: path, verdict, captions, frame."""
    example = catalog[name]
    picture = descent_picture(example.field, Settings(method, steps))
    own = tuple(complete(method, {}).values())
    rng = np.random.default_rng(0)
    states = [
        picture.inputs((*(np.array(example.start) + rng.uniform(-0.1, 0.1, 2)), rate, *own, 3.0))
        for rate in 1e-4 * (1 + np.arange(STATES))
    ]
    return Case(picture.replayed.program(*states[0]), states, most)


def race(name: str, steps: int) -> tuple[Picture, dict[str, float]]:
    """A race of all nine methods, and their learning rates."""
    example = catalog[name]
    rates = {method: usual_rate(example.field, example.start, method) for method in methods}
    span = race_span(example.field, example.start, rates)
    return race_picture(example.field, tuple(rates), steps, span, lambda: ({}, False)), rates


def raced(name: str, steps: int) -> Case:
    """It from one start, with the places of names; words and the sweep come later."""
    example, (picture, rates) = catalog[name], race(name, steps)
    rng = np.random.default_rng(0)
    states = [
        picture.inputs(
            (
                *(np.array(example.start) + rng.uniform(-0.1, 0.1, 2)),
                *(r * share for r in rates.values()),
            )
        )
        for share in np.linspace(0.5, 1.0, STATES)
    ]
    return Case(picture.replayed.program(*states[0]), states, FRAMES, picture.later, 9 * MADE)


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
        yield f"its picture, {method}: {name}", searched(name, method, 300, 3.0)
    for name in RACES:
        yield f"race, {RACED} steps: {name}", raced(name, RACED)


def in_chromium(browser: Browser, case: Case, rounds: int) -> tuple[list[float], list[float]]:
    """Milliseconds to make a program, in several pages, and to run it."""
    sent = job(case.program, case.states, later=list(case.later)) | {"rounds": rounds}
    made, times = [], []
    for _ in range(PAGES):
        with replay_page(browser) as page:
            first, runs = page.evaluate(MEASURE, sent)
        made.append(first)
        times += runs
    return made, times


def gestures(browser: Browser, name: str, steps: int) -> list[float]:
    """Milliseconds from a movement of the mouse over a race to its pixels, drawn and read back."""
    picture, rates = race(name, steps)
    values = (*map(float, catalog[name].start), *rates.values())
    data, numbers = picture.replayed.program(*picture.inputs(values)).as_data()
    sent = {
        "spec": wire(picture, values, WIDTH)[1]["spec"],
        "data": data,
        "numbers": b64encode(numbers.tobytes()).decode(),
        "inputs": list(picture.inputs(values)),
        "later": list(picture.later),
    }
    with bare_page(browser, viewport={"width": 1280, "height": 900}) as page:
        page.evaluate(PAINT, sent)
        found = _moved(page)
    assert all(changed for _, changed in found)
    return [time for time, _ in found]


def _moved(page: Page) -> list[tuple[float, bool]]:
    for k in range(GESTURES):
        page.mouse.move(200 + 5 * k, 200 + 3 * k)
        page.wait_for_timeout(60)
    found: list[tuple[float, bool]] = page.evaluate("gestures")
    return found[WARM:]


def in_python(case: Case, rounds: int) -> list[float]:
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        for state in case.states:
            case.program(*state)
        times.append(1e3 * (time.perf_counter() - start) / len(case.states))
    return times


def told(browser: Browser, name: str, case: Case, rounds: int) -> bool:
    """Print what a case takes; whether it is late."""
    made, times = in_chromium(browser, case, rounds)
    own = in_python(case, max(3, rounds // 10))
    first, second, third = ((statistics.median(each), min(each)) for each in (made, times, own))
    late = second[0] > case.most or first[0] > case.ready
    print(
        f"{name:40} {len(case.program):12} {first[0]:8.1f} {first[1]:6.1f} "
        f"{second[0]:7.3f} {second[1]:6.3f} {case.most:4.1f} {third[0]:9.3f} "
        f"{third[1]:6.3f}{'  LATE' if late else ''}",
        flush=True,
    )
    return late


def told_of_gestures(browser: Browser, name: str) -> bool:
    """Print how long a gesture takes over a race; whether it is late."""
    times = gestures(browser, name, RACED)
    late = statistics.median(times) > FRAMES
    print(
        f"{f'race, gesture to pixels: {name}':69} {statistics.median(times):7.3f} "
        f"{min(times):6.3f} {FRAMES:4.1f}{'  LATE' if late else ''}",
        flush=True,
    )
    return late


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    rounds = parser.parse_args(arguments).rounds
    head = ("", "instructions", "made ms", "best", "run ms", "best", "bar", "Python ms", "best")
    print("{:40} {:>12} {:>8} {:>6} {:>7} {:>6} {:>4} {:>9} {:>6}".format(*head))
    missed = False
    with launch_browser() as browser:
        for name, case in cases():
            missed |= told(browser, name, case, rounds)
        for name in RACES:
            missed |= told_of_gestures(browser, name)
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
