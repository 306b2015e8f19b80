"""Line searches: how far to go in a direction, for numbers, for batches, and as loops of programs.

Each is written twice around the same formulas: once as a loop of Python's, which asks any function,
and once as loops of a program, which can be replayed elsewhere.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, TypeAlias

import autograd.numpy as anp
import numpy as np

from gradwidgets.calculus.over import data_of, with_data
from gradwidgets.calculus.program import repeat
from gradwidgets.calculus.tracing import value_and_partials

SHORTEST = 1e-40  # of the rate: backtracking takes no step rather than one that is shorter
MOST_DOUBLINGS, MOST_TRIALS = 60, 200  # of an exact line search
EXACT = 1e-13  # of the slope at the start: what an exact line search leaves
ROUNDING = 1e-14  # of f: a trial that is so little higher still tells where to go
SLOWEST = 0.99  # of a step's length: backtracking shortens it at least to that at every trial

Along: TypeAlias = Callable[[Any], tuple[Any, Any]]  # f and its slope, so many directions away
Choose: TypeAlias = Callable[[Any, Any, Any], Any]


class Search(NamedTuple):
    """A line search, as a loop of Python's and as loops of a program.

    `alone` takes f and its slope along the line (see `Along`), f, ∇f·d, the learning rate, whether
    these are arrays of a batch, and parameters by name; it returns α and how often it asked.
    `looped` takes the function, a place, a direction d, f, ∇f·d, the learning rate and parameters
    in order; it returns α.
    """

    alone: Callable[..., tuple[Any, int]]
    looped: Callable[..., Any]


def chooser(together: bool) -> Choose:
    """What chooses one of two numbers, or of each two in arrays."""
    return np.where if together else _one_of


def _one_of(condition: Any, yes: Any, no: Any) -> Any:
    return yes if condition else no


# ── as loops of Python's ─────────────────────────────────────────────────────────────────────────


def backtracking(
    along: Along,
    f: Any,
    fall: Any,
    rate: Any,
    together: bool,
    sufficient_decrease: float,
    contraction: float,
) -> tuple[Any, int]:
    """α shrinks until f falls enough. Armijo (1966); Nocedal & Wright (2006), algorithm 3.1."""
    either, size, lost = chooser(together), rate + 0.0 * fall, ~np.isfinite(fall)
    most = math.ceil(math.log(SHORTEST) / math.log(contraction))
    for trials in range(1, most + 1):  # noqa: B007 — returned below
        enough = along(size)[0] <= f - sufficient_decrease * size * fall
        if np.all(enough | lost):
            break
        size = either(enough, size, contraction * size)
    return either(enough, size, 0.0), trials


def exact(along: Along, f: Any, fall: Any, rate: Any, together: bool) -> tuple[Any, int]:
    """The α with no slope left along the line: bracketed by doubling, then the Illinois method.

    Dowell & Jarratt (1971), *A modified regula falsi method*. Every third trial halves the bracket,
    for a slope that is enormous at one end would hold the others back. Where f is higher than at
    the start the trial went too far, whatever its slope: beyond a tip or a pole f falls again.
    """
    either = chooser(together)
    bracket, trials = _first_bracket(either, fall, rate), 0
    while not trials or (trials < MOST_DOUBLINGS and np.any((bracket[3] < 0) * (fall > 0))):
        low, at_low, high = _doubled(either, fall, *bracket)
        at_high = _slope_below(either, f, *along(high))
        bracket, trials = (low, at_low, high, at_high), trials + 1
    state = (*bracket, bracket[0], fall > 0, 0.0 * bracket[0])
    for trial in range(1, MOST_TRIALS + 1):
        if not np.any(state[5]):
            break
        middle = _middle(either, trial, *state[:4])
        state = _narrowed(either, f, fall, middle, *along(middle), *state)
        trials += 1
    return state[4], trials


# ── the formulas of the exact search ─────────────────────────────────────────────────────────────
# A product of truths is "and", a sum "or", in Python, in numpy and in programs.


def _slope_below(either: Choose, most: Any, value: Any, slope: Any) -> Any:
    """The slope at a trial; none where f has no value, or falls again from too high a one."""
    return either((value <= most) + (value < np.inf) * (slope > 0), slope, np.nan)


def _first_bracket(either: Choose, fall: Any, rate: Any) -> tuple[Any, ...]:
    """Two places on the line, with the slope at each; that of the second is still to be asked."""
    low = either(fall > 0, 0.0, 0.0)
    return low, -fall, either(fall > 0, abs(rate) + (rate == 0), 0.0), 0.0 * low


def _doubled(
    either: Choose, fall: Any, low: Any, at_low: Any, high: Any, at_high: Any
) -> tuple[Any, ...]:
    """Where it still goes down at the second place, that is the first one."""
    short = (at_high < 0) * (fall > 0)
    return either(short, high, low), either(short, at_high, at_low), either(short, 2.0 * high, high)


def _middle(either: Choose, trial: Any, low: Any, at_low: Any, high: Any, at_high: Any) -> Any:
    """The next place to try."""
    gap = at_high - at_low
    middle = (low * at_high - high * at_low) / either(gap > 0, gap, 1.0)
    inside = (trial % 3 > 0) * (gap > 0) * (low < middle) * (middle < high)
    return either(inside, middle, (low + high) / 2)


def _narrowed(
    either: Choose,
    f: Any,
    fall: Any,
    middle: Any,
    value: Any,
    slope: Any,
    low: Any,
    at_low: Any,
    high: Any,
    at_high: Any,
    found: Any,
    searching: Any,
    side: Any,
) -> tuple[Any, ...]:
    """The bracket, what is found, whether to go on, and the side that moved: −1 low, 1 high."""
    slope = _slope_below(either, f + ROUNDING * abs(f), value, slope)
    found = either(searching * (slope == slope) * (value <= f), middle, found)
    steep = (abs(slope) > EXACT * fall) + (slope != slope)
    searching = searching * steep * (high - low > EXACT * high)
    left = slope < 0
    at_high = either(left, either(side < 0, at_high / 2, at_high), slope)
    at_low = either(left, slope, either(side > 0, at_low / 2, at_low))
    low, high = either(left, middle, low), either(left, high, middle)
    return low, at_low, high, at_high, found, searching, either(left, -1.0, 1.0)


# ── as loops of a program ────────────────────────────────────────────────────────────────────────


def looped_backtracking(
    function: Callable[..., Any],
    place: Sequence[Any],
    down: Sequence[Any],
    f: Any,
    fall: Any,
    rate: Any,
    sufficient_decrease: Any,
    contraction: Any,
) -> Any:
    """`backtracking` from a place in a direction."""
    most = anp.ceil(math.log(SHORTEST) / anp.log(contraction))
    line, data = (*place, *down), data_of(function)

    def trial(size: Any, enough: Any, trials: Any, *fixed: Any) -> tuple[Any, tuple[Any, ...]]:
        f, fall, share, factor, most, *rest = fixed
        f_there, _ = _along(function, rest, len(place), size)
        enough = f_there <= f - share * size * fall
        again = anp.logical_not(enough) * anp.isfinite(fall) * (trials + 1.0 < most)
        return again, (anp.where(enough, size, factor * size), enough, trials + 1.0)

    size, enough, _ = repeat(
        trial,
        (rate + 0.0 * fall, 0.0, 0.0),
        math.ceil(math.log(SHORTEST) / math.log(SLOWEST)),
        (f, fall, sufficient_decrease, contraction, most, *line),
        data,
    )
    return anp.where(enough, size, 0.0)


def looped_exact(
    function: Callable[..., Any],
    place: Sequence[Any],
    down: Sequence[Any],
    f: Any,
    fall: Any,
    rate: Any,
) -> Any:
    """`exact` from a place in a direction."""

    def doubled(*values: Any) -> tuple[Any, tuple[Any, ...]]:
        *bracket, f, fall = values[:6]
        low, at_low, high = _doubled(anp.where, fall, *bracket)
        at_high = _slope_below(anp.where, f, *_along(function, values[6:], len(place), high))
        return (at_high < 0) * (fall > 0), (low, at_low, high, at_high)

    def narrowed(*values: Any) -> tuple[Any, tuple[Any, ...]]:
        trial, *before, f, fall = values[:10]
        middle = _middle(anp.where, trial + 1.0, *before[:4])
        there = _along(function, values[10:], len(place), middle)
        state = _narrowed(anp.where, f, fall, middle, *there, *before)
        return state[5], (trial + 1.0, *state)

    fixed, data = (f, fall, *place, *down), data_of(function)
    first = _first_bracket(anp.where, fall, rate)
    bracket = repeat(doubled, first, MOST_DOUBLINGS, fixed, data)
    state = (*bracket, bracket[0], fall > 0, 0.0)
    return repeat(narrowed, (0.0, *state), MOST_TRIALS, fixed, data)[5]


def _along(
    function: Callable[..., Any], given: Sequence[Any], count: int, size: Any
) -> tuple[Any, Any]:
    """f and its slope at so many times a direction; `given` are place, direction, and data."""
    place, down, data = given[:count], given[count : 2 * count], given[2 * count :]
    there = [x - size * d for x, d in zip(place, down, strict=True)]
    value, slopes = value_and_partials(with_data(function, data), there)
    return value, -sum(d * slope for d, slope in zip(down, slopes, strict=True))
