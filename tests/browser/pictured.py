"""Pictures' programs replayed by the browser beside Python: what differs, and whether it may.

`python -m tests.browser.pictured 100` compares every picture of the whole catalogue in so many
states of its controls, and tells of all that differs; `… 100 race` does so for one kind of picture,
and this one takes twenty minutes.
"""

from __future__ import annotations

import math
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np
from playwright.sync_api import Page

from gradwidgets.calculus.assignments import parse_lines
from gradwidgets.calculus.catalog import catalog
from gradwidgets.calculus.field import ScalarField
from gradwidgets.calculus.lesson import Lesson
from gradwidgets.calculus.program import Program, shaken
from gradwidgets.calculus.program.cleaning import cleaned
from gradwidgets.calculus.programs import TAPE_EXAMPLES, TapeExample
from gradwidgets.calculus.rules import methods
from gradwidgets.calculus.usual import usual_rate
from gradwidgets.pictures.control import Control
from gradwidgets.pictures.curvature import curvature_picture
from gradwidgets.pictures.derivative import derivative_picture
from gradwidgets.pictures.descent import descent_picture
from gradwidgets.pictures.gradient import gradient_picture
from gradwidgets.pictures.marks import Label, Mark, label_text
from gradwidgets.pictures.partials import partials_picture
from gradwidgets.pictures.picture import Picture
from gradwidgets.pictures.race import race_picture
from gradwidgets.pictures.racing import Finals
from gradwidgets.pictures.scene import Scene
from gradwidgets.pictures.settings import Settings
from gradwidgets.pictures.spans import race_span, span_of_rates
from gradwidgets.pictures.surface import with_surface
from gradwidgets.pictures.tape import tape_picture
from gradwidgets.pictures.terrain import coordinate
from tests.browser.host import launch_browser
from tests.browser.replayed import job, replay, replay_page

CLOSE = 1e-12  # relative to the largest number of a mark, of a label to each of its numbers
ROUNDINGS = 10.0  # times what one ulp in the controls, or in exp, sin, …, does in Python alone
SHAKES = 32  # what rounding may do is the most that is found; few of these are ever asked for

STEPS = 40  # of a descent: the more, the more an ulp in the start may grow


def descent_maker(method: str) -> Callable[[ScalarField], Picture]:
    def made(field: ScalarField) -> Picture:
        start = next(one.start for one in catalog.values() if one.field.text == field.text)
        span = span_of_rates(field, start, usual_rate(field, start, method), method)
        return descent_picture(field, Settings(method, STEPS, span=span))

    return made


def race_of(field: ScalarField) -> Picture:
    start = next(one.start for one in catalog.values() if one.field.text == field.text)
    racing = {method: usual_rate(field, start, method) for method in methods}
    return race_picture(field, tuple(racing), STEPS, race_span(field, start, racing), nothing)


def nothing() -> tuple[Finals, bool]:
    return {}, False


DESCENTS = {f"descent, {method}": descent_maker(method) for method in methods}
MAKERS = {
    1: {
        **DESCENTS,
        "derivative": derivative_picture,
        "derivative, central": lambda field: derivative_picture(field, difference="central"),
        "partials": partials_picture,
    },
    2: {
        **DESCENTS,
        "race": race_of,
        "gradient": gradient_picture,
        "gradient, surface": lambda field: gradient_picture(field, view="both"),
        "partials": partials_picture,
        "partials, surface": lambda field: partials_picture(field, view="both"),
        "curvature": lambda field: curvature_picture(field, exact=True),
        "curvature, surface": lambda field: with_surface(
            curvature_picture(field), "both", second=True
        ),
    },
    3: {"partials": partials_picture, "curvature": curvature_picture},
}
PICTURES = [
    (kind, name) for name, one in catalog.items() for kind in MAKERS[len(one.variables)]
] + [("tape", name) for name in TAPE_EXAMPLES]


def picture_of(kind: str, name: str) -> Picture:
    if kind == "tape":
        return tape_of(TAPE_EXAMPLES[name])
    return MAKERS[len(catalog[name].variables)][kind](catalog[name].field)


def tape_of(example: TapeExample) -> Picture:
    program, more = parse_lines(example.text), dict(example.options)
    target = more.pop("target", program.names[-1])
    lesson = Lesson(program, example.roles, target, example.sources, **more)
    values = dict(zip(sorted(program.inputs), example.start, strict=True))
    return tape_picture(lesson, values, [coordinate(name, (-3, 3)) for name in values])


def states_of(picture: Picture, count: int) -> list[list[float]]:
    """Where all inputs of a picture's program start, and anywhere in their ranges."""
    inputs, rng = (*picture.controls, *picture.ambient), np.random.default_rng(0)

    starts = {control.name: control.start for control in inputs}

    def anywhere(control: Control) -> float:
        ends = [control.low, control.high]
        if control.scale == "log":
            ends = [math.log10(end) for end in ends]
        return control.at(rng.uniform(*ends))

    def drawn() -> list[float]:
        state = {control.name: anywhere(control) for control in inputs}
        if "span low" in state:  # an axis has its ends in order, and learning rates that make sense
            moved = rng.uniform(-1.0, 1.0)
            state |= {end: starts[end] + moved for end in ("span low", "span high")}
        return list(state.values())

    return [list(starts.values()), *(drawn() for _ in range(count - 1))]


def nearby(state: Sequence[float]) -> Iterator[list[float]]:
    """The controls moved by one ulp: each by itself to either side, and all together."""
    for end in (-math.inf, math.inf):
        moved = [math.nextafter(value, end) for value in state]
        yield moved
        for place, value in enumerate(moved):
            yield [*state[:place], value, *state[place + 1 :]]


@dataclass(frozen=True)
class Difference:
    """A mark, or an output, that the browser sees otherwise than Python, in a state of its inputs.

    `share` is how far off it is, `rounding` what one ulp does to it in Python alone, as far as was
    looked to allow it; both are told relative to its size. `texts` are a label's where these
    differ. Where f is level an ulp of x does nothing, and the last digit of its exp is all that an
    error over a tiny h shows; so what ten ulps in exp and the like do counts as well.
    """

    mark: str
    state: tuple[float, ...]
    share: float
    rounding: float
    texts: tuple[str, ...] = ()

    @property
    def allowed(self) -> bool:
        """Whether it is rounding's work."""
        return self.share <= ROUNDINGS * self.rounding and not self.texts


def compare(page: Page, picture: Picture, states: Sequence[Sequence[float]]) -> list[Difference]:
    """All that differs by more than it should if nothing were rounded."""
    return list(differing(page, picture, states))


def differing(
    page: Page, picture: Picture, states: Sequence[Sequence[float]]
) -> Iterator[Difference]:
    """The same one by one, for one is costly to judge."""
    program = picture.replayed.program(*states[0])
    (found,) = replay(page, job(program, states))
    scene = picture.scene(states[0][: len(picture.controls)])
    for state, numbers in zip(states, found, strict=True):
        yield from _differences(scene, program, state, numbers)


def _differences(
    scene: Scene, program: Program, state: Sequence[float], numbers: np.ndarray
) -> Iterator[Difference]:
    expected = [np.asarray(part, float) for part in program(*state)]
    ends = np.cumsum([part.size for part in expected])[:-1]
    found = [
        part.reshape(one.shape) for part, one in zip(np.split(numbers, ends), expected, strict=True)
    ]
    outputs = [Mark(name=name, panel="") for name in list(scene.numbers)[len(scene.marks) :]]
    for place, mark in enumerate([*scene.marks, *outputs]):
        share = distance(scene, mark, found[place], expected[place])
        texts = _text(scene, mark, found[place]), _text(scene, mark, expected[place])
        if share <= CLOSE and texts[0] == texts[1]:
            continue
        rounding, steady = 0.0, True
        for other, times in moved_replays(alone(program, place), state):
            one = np.asarray(other, float)
            rounding = max(rounding, distance(scene, mark, one, expected[place]) / times)
            steady = steady and _text(scene, mark, one) == texts[1]
            told = texts if steady and texts[0] != texts[1] else ()
            if share <= max(CLOSE, ROUNDINGS * rounding) and not told:
                break
        if share > CLOSE or told:
            yield Difference(mark.name, tuple(state), share, rounding, told)


@lru_cache(maxsize=99)
def alone(program: Program, place: int) -> Program:
    """The program of one output: a race's is most of all its sweep with exact line searches."""
    return cleaned(replace(program, outputs=(program.outputs[place],)))


def moved_replays(program: Program, state: Sequence[float]) -> Iterator[tuple[Any, float]]:
    """What rounding may do to the one output, each with its count of ulps, as it is asked for."""
    for moved in nearby(state):
        yield program(*moved)[0], 1.0
    for seed in range(SHAKES):
        yield roughly(program, seed)(*state)[0], ROUNDINGS


@lru_cache(maxsize=999)
def roughly(program: Program, seed: int) -> Program:
    """The program with other last digits in exp, sin, …"""
    return shaken(program, seed)


def _text(scene: Scene, mark: Mark, numbers: np.ndarray) -> str:
    return label_text(mark, numbers, scene.axes(mark)) if isinstance(mark, Label) else ""


def distance(scene: Scene, mark: Mark, found: np.ndarray, expected: np.ndarray) -> float:
    """How far a mark's numbers are off, as a share of its largest; of a text's numbers, of each.

    What is not finite has to be the same.
    """
    if found.shape != expected.shape or not np.array_equal(
        _not_finite(found), _not_finite(expected), equal_nan=True
    ):
        return math.inf
    known = np.isfinite(expected)
    off, size = np.abs(found[known] - expected[known]), np.abs(expected[known])
    told = 2 * scene.axes(mark) + 1 if isinstance(mark, Label) else None
    size[:told] = size[:told].max(initial=0.0)
    with np.errstate(all="ignore"):
        return float(np.where(off == 0, 0.0, off / size).max(initial=0.0))


def _not_finite(numbers: np.ndarray) -> np.ndarray:
    return np.where(np.isfinite(numbers), 0.0, numbers)


def tell(page: Page, count: int, kinds: Sequence[str]) -> bool:
    """Print what differs, picture by picture; whether all of it may."""
    alright = True
    for kind, name in PICTURES:
        if kinds and kind not in kinds:
            continue
        picture = picture_of(kind, name)
        differences = compare(page, picture, states_of(picture, count))
        wrong = [one for one in differences if not one.allowed]
        alright &= not wrong
        excused = Counter(one.mark for one in differences if one.allowed)
        states = len({one.state for one in differences if one.allowed})
        told = f"{len(wrong):3} wrong; by rounding in {states} states: {dict(excused)}"
        print(f"{kind:20} {name:16} {told}", flush=True)
        for one in wrong[:5]:
            print("   ", one)
    return alright


if __name__ == "__main__":
    with launch_browser() as browser, replay_page(browser) as page:
        sys.exit(not tell(page, int(sys.argv[1]), sys.argv[2:]))
