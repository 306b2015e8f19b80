"""The numbers of a race's picture, from its controls: paths, losses, words, and the sweep over α.

They are traced with all runs and the whole sweep. Python makes its runs step by step, and takes the
sweep from where it was made.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple, TypeAlias

import autograd.numpy as anp
import numpy as np
from autograd.tracer import isbox

from gradwidgets.calculus.descent import descend
from gradwidgets.calculus.features import Features
from gradwidgets.calculus.field import ScalarField
from gradwidgets.calculus.looking import Ground, ground_of, numbers_of
from gradwidgets.calculus.paths import last_value, path
from gradwidgets.calculus.program import pick
from gradwidgets.calculus.rules import complete
from gradwidgets.calculus.rules import methods as table
from gradwidgets.calculus.trajectory import Trajectory
from gradwidgets.calculus.truths import both, no, where
from gradwidgets.calculus.types import Array
from gradwidgets.calculus.verdict import WORDS, judged
from gradwidgets.calculus.walk import Walk, manner_of
from gradwidgets.pictures.loss import MARGIN, Frame, frame_of, framing, losses, seen, view_of
from gradwidgets.pictures.numbers import Numbers, caption, points, row
from gradwidgets.pictures.run import known_walk, walk_along

Finals: TypeAlias = Mapping[str, Array]  # by method, the final loss for each of `rates_in`
RATES = 61
LEAST_POWER = -308.0  # of ten, which has a reciprocal
OUTCOMES = tuple(dict.fromkeys(WORDS.values()))
PLACES = np.array([OUTCOMES.index(word) for word in WORDS.values()], float)
# Of the loss panel's width and height: a letter of a name, its line, and from its curve to its
# middle; and how many places along a curve are tried.
LETTER, LINE, ASIDE, TRIED = 0.027, 0.15, 0.12, 21
NEAR = ASIDE - 1e-9  # so far from a name its own curve is, and that is not too near
# Of the width and height of the panel over α: two handles closer than both lie on each other.
BESIDE, BELOW = 0.06, 0.11


class Racing(NamedTuple):
    """Who races, and with room for how many steps.

    `finals` tells what the last sweep found, and whether it belongs to the start that is shown;
    `changed`, whether learning rates were changed for another function.
    """

    field: ScalarField
    methods: tuple[str, ...]
    room: int
    finals: Callable[[], tuple[Finals, bool]]
    changed: bool


def rates_in(span: tuple[Any, Any]) -> Any:
    """The learning rates of a sweep, in three digits: the best can be told, and be run again.

    >>> rates_in((-3.0, 1.0))[:4].tolist()
    [0.001, 0.00117, 0.00136, 0.00158]
    """
    low, high = span
    rates = 10.0 ** (low + np.arange(RATES) * ((high - low) / (RATES - 1)))
    power = anp.maximum(anp.floor(anp.log10(rates)) - 2.0, LEAST_POWER)
    # One of the two is 1; digits / 100 is 0.01 to the last digit, digits * 0.01 is not.
    up, down = 10.0 ** anp.maximum(-power, 0.0), 10.0 ** anp.maximum(power, 0.0)
    short = anp.rint(rates * up / down) / up * down
    return anp.minimum(anp.maximum(short, 10.0**low), 10.0**high)


def numbers(racing: Racing, at: Mapping[str, Any]) -> Numbers:
    """The numbers of all marks, for the values of all inputs."""
    traced = any(map(isbox, at.values()))
    ground, steps = ground_of(racing.field), at["steps"]
    walks = (_traced_walks if traced else _known_walks)(racing, at)
    frame = _frame_of(ground, walks, view=view_of(racing.field))
    heights = anp.array([losses(walk.values, frame) for walk in walks])
    names = _name_places(racing.methods, heights, frame, steps)
    found: dict[str, Any] = {
        "start": row(*_start(racing, at)),
        "changed": caption(0.0 if racing.changed else -1.0),
        **framing("loss", (0.0, anp.maximum(steps, 1.0)), frame),
    }
    for place, (method, walk) in enumerate(zip(racing.methods, walks, strict=True)):
        found[f"name {method}"] = names[place]
        found |= _of_run(ground, method, walk, heights[place], at, frame)
    found |= _handles(racing.methods, walks, at, frame)
    return {**found, **_finals(racing, at, frame, traced)}  # last, so that words come before it


def _finals(racing: Racing, at: Mapping[str, Any], frame: Frame, traced: bool) -> Numbers:
    """The panel of the sweep, and whether what it shows is old."""
    span, (last, fresh) = (at["span low"], at["span high"]), racing.finals()
    if traced:
        last, fresh = _sweep(racing, at, rates_in(span)), True
    exponents, unknown = anp.log10(rates_in(span)), np.full(RATES, np.nan)
    curves = {}
    for method in racing.methods:
        swept = last.get(method, unknown)
        heights = losses(swept, frame.widest)
        curves[f"final {method}"] = anp.stack([exponents, heights], axis=1)
        curves[f"swept {method}"] = anp.stack([exponents, swept], axis=1)  # the best may be off it
    note = caption(1.0 if last and not fresh else 0.0)
    return {"note": note, **framing("final", span, frame.widest), **curves}


def _start(racing: Racing, at: Mapping[str, Any]) -> list[Any]:
    return [at[name] for name in racing.field.variables]


# ── runs ─────────────────────────────────────────────────────────────────────────────────────────


def _traced_walks(racing: Racing, at: Mapping[str, Any]) -> list[Walk]:
    field, start, steps = racing.field, _start(racing, at), at["steps"]
    even, noise = np.ones(racing.room), np.zeros((racing.room, len(start)))
    walks = []
    for method in racing.methods:
        own = complete(method, {})
        rates = at[f"rate {method}"] * even
        found = path(field.function, method, own, start, rates, noise, steps)
        walks.append(walk_along(found, steps, manner_of(method, own, 0.0, np.nan)))
    return walks


def _known_walks(racing: Racing, at: Mapping[str, Any]) -> list[Walk]:
    rates = {method: float(at[f"rate {method}"]) for method in racing.methods}
    made = runs(racing.field, _start(racing, at), rates, int(at["steps"]))
    return [known_walk(run, racing.room) for run in made]


def runs(
    field: ScalarField, start: Sequence[float], rates: Mapping[str, float], steps: int
) -> tuple[Trajectory, ...]:
    """The methods' runs in turn; the same again while nothing of them changes."""
    asked = tuple(map(float, start)), tuple(rates.items()), steps
    if field.traced:  # what it reads beside its arguments is watched
        return _remembered(field, (field.state, *(table[m] for m in rates)), *asked)
    return _runs(field, *asked)


@lru_cache(maxsize=1)
def _remembered(field: ScalarField, state: Any, *asked: Any) -> tuple[Trajectory, ...]:
    return _runs(field, *asked)


def _runs(
    field: ScalarField,
    start: tuple[float, ...],
    rates: tuple[tuple[str, float], ...],
    steps: int,
) -> tuple[Trajectory, ...]:
    return tuple(descend(field, start, rate, steps, method) for method, rate in rates)


def _sweep(racing: Racing, at: Mapping[str, Any], rates: Any) -> dict[str, Any]:
    """The value after all steps for every learning rate, by method; NaN if lost."""
    start, steps = _start(racing, at), at["steps"]
    return {
        method: last_value(
            racing.field.function, method, complete(method, {}), start, rates, steps, racing.room
        )
        for method in racing.methods
    }


def _of_run(
    ground: Ground, method: str, walk: Walk, heights: Any, at: Mapping[str, Any], frame: Frame
) -> Numbers:
    rate, (which, _) = at[f"rate {method}"], judged(Features(ground, walk))
    one = where(walk.steps == 1.0, float(len(OUTCOMES)), 0.0)  # after 1 step, after 2 steps
    last = pick(walk.values, walk.steps)
    return {
        f"path {method}": walk.points,
        f"end {method}": row(*numbers_of(pick(walk.points, walk.steps))),
        f"loss {method}": heights,
        f"told {method}": caption(pick(PLACES, which) + one, rate, last, walk.steps),
    }


def _handles(
    methods: Sequence[str], walks: Sequence[Walk], at: Mapping[str, Any], frame: Frame
) -> Numbers:
    """A handle for every learning rate at its final loss, or as near as others leave room."""
    widest, (low, high) = frame.widest, (at["span low"], at["span high"])
    bottom, top = widest.loss
    found: dict[str, Any] = {}
    placed: list[tuple[Any, Any]] = []
    for method, walk in zip(methods, walks, strict=True):
        final = where(walk.ended, np.nan, losses(pick(walk.values, walk.steps), widest))
        exponent, height = anp.log10(at[f"rate {method}"]), seen(final, widest, lost=1.0)
        across, own = (exponent - low) / (high - low), (height - bottom) / (top - bottom)
        up = _apart(across, own, placed)
        placed.append((across, up))
        free = where(up == own, height, bottom + up * (top - bottom))
        found[f"rate {method}"] = row(exponent, free)
        found[f"stem {method}"] = points((exponent, height), (exponent, free))
    return found


def _apart(across: Any, up: Any, placed: Sequence[tuple[Any, Any]]) -> Any:
    """The height nearest to a handle's own at which it lies on none of those that are placed."""
    beside = [other for _, other in placed]
    choices = row(up, *(other + way * BELOW for other in beside for way in (1.0, -1.0)))
    met = sum(
        1.0 * both(anp.abs(across - x) < BESIDE, anp.abs(choices - y) < BELOW - 1e-9)
        for x, y in placed
    )
    outside = 1.0 * no(both(choices > MARGIN - 1e-9, choices < 1.0 - MARGIN + 1e-9))
    score = anp.abs(choices - up) + 9.0 * met + 99.0 * outside
    first = where(score <= anp.min(score) + 1e-9, np.arange(1.0 + 2 * len(placed)), np.inf)
    return pick(choices, anp.min(first))


def _frame_of(ground: Ground, walks: Sequence[Walk], view: Any) -> Frame:
    """What the losses are measured from, and their range."""
    values = anp.array([walk.values for walk in walks])
    return frame_of(ground, walks[0].points[0], values, np.zeros(0), view)


# ── names beside curves ──────────────────────────────────────────────────────────────────────────


def _name_places(methods: Sequence[str], curves: Any, frame: Frame, steps: Any) -> list[Any]:
    """A place for every name beside its curve, clear of other curves and names if there is one."""
    low, high = frame.loss
    shares = np.arange(TRIED) / (TRIED - 1.0)
    places = anp.floor(shares * steps)
    counts = anp.concatenate([np.ones(1), 1.0 * (places[1:] > places[:-1])])  # few steps repeat
    across = places / anp.maximum(steps, 1.0)
    found = anp.transpose(pick(anp.transpose(curves), places))
    heights = anp.minimum(anp.maximum((found - low) / (high - low), -1.0), 2.0)
    placed: list[Any] = []
    boxes: list[tuple[Any, Any, float]] = []
    for own, name in enumerate(methods):
        wide = len(name) * LETTER / 2
        usual = (own + 0.5) / len(methods)
        best, middle, up = _best_place(heights, own, across, counts, wide, usual, boxes)
        boxes.append((middle, up, wide))
        at = pick(places, where(best < TRIED, best, best - TRIED))
        side = where(best < TRIED, 1.0, -1.0)
        placed.append(row(at, pick(curves[own], at), 0.0, side, 0.0))
    return placed


def _best_place(
    heights: Any,
    own: int,
    across: Any,
    counts: Any,
    wide: float,
    usual: float,
    boxes: Sequence[tuple[Any, Any, float]],
) -> tuple[Any, Any, Any]:
    """Which of the places above and then below a curve is the clearest, and its middle."""
    inside = anp.minimum(anp.maximum(across, wide), 1.0 - wide)
    middle, twice = anp.concatenate([inside, inside]), anp.concatenate([across, across])
    up = anp.concatenate([heights[own] + ASIDE, heights[own] - ASIDE])
    beside = both(anp.abs(across - middle[:, None]) <= wide, counts > 0)
    away = where(beside, anp.abs(heights[:, None, :] - up[:, None]), np.inf)
    covered = anp.sum(1.0 * (away < LINE / 2) + 1.0 * (away < NEAR), axis=(0, 2))
    met = sum(
        1.0 * both(anp.abs(x - middle) < other + wide + LETTER, anp.abs(y - up) < LINE)
        for x, y, other in boxes
    )
    hidden = 1.0 * no(both(up >= LINE / 2, up <= 1 - LINE / 2))
    repeated = 1.0 * no(anp.concatenate([counts, counts]) > 0)
    score = covered + anp.abs(twice - usual) + TRIED * (3.0 * hidden + met + 9.0 * repeated)
    first = where(score <= anp.min(score) + 1e-9, np.arange(2.0 * TRIED), np.inf)
    best = anp.min(first)
    return best, pick(middle, best), pick(up, best)
