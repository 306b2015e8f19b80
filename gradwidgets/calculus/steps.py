"""One step of every method: from a place to the next, for numbers and for arrays of a batch."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from typing import Any, TypeAlias
from weakref import WeakKeyDictionary

import numpy as np

from gradwidgets.calculus.critical import UNDEFINED
from gradwidgets.calculus.field import Array, ScalarField
from gradwidgets.calculus.quadratic import SINGULAR
from gradwidgets.calculus.replay import Replayed
from gradwidgets.calculus.rules import Rule, methods
from gradwidgets.calculus.tracing import value_and_partials

Place: TypeAlias = tuple[Any, ...]  # a number for each variable, or for a batch an array
Look: TypeAlias = Callable[..., tuple[Any, ...]]

SHORTEST = 1e-40  # of the rate: backtracking takes no step rather than one that is shorter
MOST_DOUBLINGS, MOST_TRIALS = 60, 200  # of an exact line search
EXACT = 1e-13  # of the slope at the start: what an exact line search leaves


# One step: from the learning rate, the time t, noise for every slope, and what the step before
# handed on (a place and the method's state), to a row that begins with what is handed on next. Then
# come f and ∇f at the place where the step began; a line search adds its α and its trials.
Advance: TypeAlias = Callable[[Any, float, Place, Place], Sequence[Any]]


def advance_by(
    method: str, field: ScalarField, parameters: Mapping[str, float], together: bool
) -> Advance:
    """The method's step on a field, for numbers, or for all runs of a batch together."""
    return _ADVANCES.get(method, _by_rule)(field, method, parameters, together)


def look_at(field: ScalarField, order: int, together: bool) -> Look:
    """f and its derivatives up to an order, of numbers or of arrays."""
    return _asked(field, field.replayed(order), field.middle, together)


def _asked(field: ScalarField, replayed: Replayed, example: Place, together: bool) -> Look:
    """A function built on the field's, in the form that a loop needs."""
    alone = replayed.steady(*example)
    return _for_each(replayed, alone, _is_pointwise(field)) if together else alone


def _is_pointwise(field: ScalarField) -> bool:
    """Whether the field is a callable that takes no arrays."""
    return not field.at_once


def _for_each(replayed: Replayed, alone: Look, pointwise: bool) -> Look:
    """The same of arrays: at once, or run by run where the callable takes no arrays.

    A callable may also raise because of some run: the others still count.
    """

    def asked(*values: Any) -> tuple[Any, ...]:
        if not pointwise:
            with suppress(*UNDEFINED):
                return replayed(*values)
        runs = zip(*(part.tolist() for part in np.broadcast_arrays(*values)), strict=True)
        rows = [_unless_undefined(alone, run) for run in runs]
        width = max(map(len, rows))
        if not width:
            raise ValueError("f is undefined for all runs")
        return tuple(np.array([row or (np.nan,) * width for row in rows], float).T)

    return asked


def _unless_undefined(ask: Look, run: Place) -> tuple[Any, ...]:
    total = sum(run)
    if total != total:  # a run that has ended
        return ()
    try:
        return ask(*run)
    except UNDEFINED:
        return ()


# ── rules of the table ───────────────────────────────────────────────────────────────────────────


def _by_rule(
    field: ScalarField, method: str, given: Mapping[str, float], together: bool
) -> Advance:
    """A step of a rule in the table: one program of gradient, rule and new place."""
    values, stepper = tuple(given.values()), _stepper(field, method)
    step = _asked(field, stepper, _example(field, method, values), together)
    return lambda rate, time, noise, handed: step(rate, time, *noise, *handed, *values)


def _example(field: ScalarField, method: str, values: Place) -> Place:
    """Arguments with which a rule's step is traced."""
    middle = field.middle
    carried = middle * len(methods[method].state)
    return (0.0, 0.0, *(0.0 * x for x in middle), *middle, *carried, *values)


def loop_by(
    method: str, field: ScalarField, given: Mapping[str, float]
) -> Callable[..., None] | None:
    """All steps of one run in a single function, where the method is a rule that is traced.

    It takes a callable for the rows, the rounds (rate, time, noise…) and what is handed on first.
    """
    if methods[method].rule is None:
        return None
    values, count = tuple(given.values()), len(field.variables)
    handed = count * (1 + len(methods[method].state))
    example = _example(field, method, values)
    loop = _stepper(field, method).looped(2 + count, handed, *example)
    return loop and (lambda note, rounds, start: loop(note, rounds, *start, *values))


_steppers: WeakKeyDictionary[ScalarField, dict[str, Replayed]] = WeakKeyDictionary()


def _stepper(field: ScalarField, method: str) -> Replayed:
    """The program of one step on a field, made once."""
    known = _steppers.setdefault(field, {})
    if method not in known:
        names, rule = field.variables, methods[method]
        assert rule.rule
        inputs = (
            *("rate", "time"),
            *(f"noise_{name}" for name in names),
            *names,
            *(f"{part}_{name}" for part in rule.state for name in names),
            *rule.parameters,
        )
        step = partial(_one_step, field.function, rule.rule, len(names), len(rule.state))
        known[method] = field.replay(step, inputs)
    return known[method]


def _one_step(
    function: Callable[..., Any],
    rule: Rule,
    count: int,
    carried: int,
    rate: Any,
    time: Any,
    *inputs: Any,
) -> tuple[Any, ...]:
    """A row as `Advance` wants it, coordinate by coordinate."""
    noise, place, state = inputs[:count], inputs[count : 2 * count], inputs[2 * count :]
    state, parameters = state[: carried * count], state[carried * count :]
    f, partials = value_and_partials(function, place)
    moves = [
        rule(slope + error, rate, time, *state[axis::count], *parameters)
        for axis, (slope, error) in enumerate(zip(partials, noise, strict=True))
    ]
    there = [x + move[0] for x, move in zip(place, moves, strict=True)]
    return (*there, *(move[k] for k in range(1, carried + 1) for move in moves), f, *partials)


# ── steps for all coordinates together ───────────────────────────────────────────────────────────


def _by_newton(
    field: ScalarField, method: str, given: Mapping[str, float], together: bool
) -> Advance:
    """θ − α H⁻¹∇f. Nocedal & Wright (2006), section 2.2. NaN where H is singular."""
    count, look = len(field.variables), look_at(field, 2, together)

    def advance(rate: Any, time: float, noise: Place, place: Place) -> Sequence[Any]:
        f, *rest = look(*place)
        slopes = [slope + error for slope, error in zip(rest[:count], noise, strict=True)]
        moves = _newton_moves(np.array(rest[count:], float), np.array(slopes, float))
        there = tuple(x + rate * move for x, move in zip(place, moves, strict=True))
        return (*there, f, *rest[:count])

    return advance


def _newton_moves(seconds: Array, slopes: Array) -> Place:
    """−H⁻¹g for H given row by row, for numbers or for arrays of a batch."""
    count = len(slopes)
    hessians = np.moveaxis(seconds.reshape(count, count, *slopes.shape[1:]), (0, 1), (-2, -1))
    usable = np.asarray(np.isfinite(hessians).all(axis=(-2, -1)))
    safe = np.where(usable[..., None, None], hessians, np.eye(count))
    usable = usable & np.asarray(np.linalg.cond(safe) < SINGULAR)
    safe = np.where(usable[..., None, None], safe, np.eye(count))
    moves = -np.linalg.solve(safe, np.moveaxis(slopes, 0, -1)[..., None])[..., 0]
    moves = np.where(usable[..., None], moves, np.nan)
    return tuple(moves.tolist()) if moves.ndim == 1 else tuple(np.moveaxis(moves, -1, 0))


def _by_search(
    field: ScalarField, method: str, given: Mapping[str, float], together: bool
) -> Advance:
    """θ − α∇f with an α of its own for every step."""
    look = look_at(field, 1, together)
    search = _exact if method == "exact line search" else _backtracking

    def advance(rate: Any, time: float, noise: Place, place: Place) -> Sequence[Any]:
        f, *gradient = look(*place)
        down = [slope + error for slope, error in zip(gradient, noise, strict=True)]
        fall = sum(d * slope for d, slope in zip(down, gradient, strict=True))

        def along(size: Any) -> tuple[Any, Any]:
            """f and its slope at that many times the direction; no slope where f has no value."""
            try:
                value, *slopes = look(*(x - size * d for x, d in zip(place, down, strict=True)))
            except UNDEFINED:
                return np.nan * size, np.nan * size
            slope = -sum(d * slope for d, slope in zip(down, slopes, strict=True))
            return value, _choose(value < np.inf, slope, np.nan, together)

        size, trials = search(along, f, fall, rate, together, **given)
        there = tuple(x - size * d for x, d in zip(place, down, strict=True))
        return (*there, f, *gradient, size, 1 + trials)

    return advance


_ADVANCES = {"newton": _by_newton, "exact line search": _by_search, "backtracking": _by_search}

# ── line searches: for numbers, and for all runs of a batch at once ──────────────────────────────


def _choose(condition: Any, yes: Any, no: Any, together: bool) -> Any:
    return np.where(condition, yes, no) if together else (yes if condition else no)


def _backtracking(
    along: Callable[[Any], tuple[Any, Any]],
    f: Any,
    fall: Any,
    rate: Any,
    together: bool,
    sufficient_decrease: float,
    contraction: float,
) -> tuple[Any, int]:
    """α shrinks until f falls enough. Armijo (1966); Nocedal & Wright (2006), algorithm 3.1."""
    size, lost = rate + 0.0 * fall, ~np.isfinite(fall)
    most = math.ceil(math.log(SHORTEST) / math.log(contraction))
    for trials in range(1, most + 1):  # noqa: B007 — returned below
        enough = along(size)[0] <= f - sufficient_decrease * size * fall
        if np.all(enough | lost):
            break
        size = _choose(enough, size, contraction * size, together)
    return _choose(enough, size, 0.0, together), trials


def _exact(
    along: Callable[[Any], tuple[Any, Any]], f: Any, fall: Any, rate: Any, together: bool
) -> tuple[Any, int]:
    """The α with no slope left along the line: bracketed by doubling, then the Illinois method.

    Dowell & Jarratt (1971), *A modified regula falsi method*. Every third trial halves the bracket,
    for a slope that is enormous at one end would hold the others back.
    """
    choose = partial(_choose, together=together)
    down = fall > 0
    low, at_low = choose(down, 0.0, 0.0), -fall
    high, trials = choose(down, abs(rate) + (rate == 0), 0.0), 1
    at_high = along(high)[1]
    while trials < MOST_DOUBLINGS and np.any(short := (at_high < 0) & down):
        low, at_low = choose(short, high, low), choose(short, at_high, at_low)
        high = choose(short, 2.0 * high, high)
        at_high, trials = along(high)[1], trials + 1
    found, searching, side = low, down, 0.0 * low  # the side that moved last: −1 low, 1 high
    for trial in range(1, MOST_TRIALS + 1):
        if not np.any(searching):
            break
        gap = at_high - at_low
        middle = (low * at_high - high * at_low) / choose(gap > 0, gap, 1.0)
        inside = (trial % 3 > 0) & (gap > 0) & (low < middle) & (middle < high)
        middle = choose(inside, middle, (low + high) / 2)
        slope, trials = along(middle)[1], trials + 1
        found = choose(searching & (slope == slope), middle, found)
        steep = (abs(slope) > EXACT * fall) | (slope != slope)
        searching = searching & steep & (high - low > EXACT * high)
        left = slope < 0
        at_high = choose(left, choose(side < 0, at_high / 2, at_high), slope)
        at_low = choose(left, slope, choose(side > 0, at_low / 2, at_low))
        low, high = choose(left, middle, low), choose(left, high, middle)
        side = choose(left, -1.0, 1.0)
    return found, trials
