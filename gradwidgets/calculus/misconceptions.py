"""What a guess shows: that it is right, or which usual mistake it makes, as tables.

A row has a key, a sentence in a student's words, and a condition. The first condition that holds
tells the row. All of it is written with autograd.numpy and without branches, so that a picture can
be traced with it.

>>> guess = Arrow((-2.0, 0.1), (2.0, 0.0), (3.0, 1.0))
>>> MISTAKES["gradient"][int(found(MISTAKES["gradient"], guess))].key
'downhill'
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import autograd.numpy as anp
import numpy as np

from gradwidgets.calculus.guesses import (
    CLOSE,
    EXACT,
    FACTOR,
    FLAT,
    NEAR,
    Arrow,
    Choice,
    Tangent,
    apart,
    minus,
    within,
)
from gradwidgets.calculus.truths import both, either, where


@dataclass(frozen=True)
class Mistake:
    """A row: its key, what a student is told, and whether a guess shows it."""

    key: str
    sentence: str
    shows: Callable[[Any], Any]


def found(mistakes: Sequence[Mistake], guess: Any) -> Any:
    """Which row a guess belongs to: the first whose condition holds, and else the last."""
    row: Any = len(mistakes) - 1.0
    for place in range(len(mistakes) - 2, -1, -1):
        row = where(mistakes[place].shows(guess), float(place), row)
    return row


def _anything(_: Any) -> Any:
    """Of the last row, to which all else belongs."""
    return True


# ── arrows ───────────────────────────────────────────────────────────────────────────────────────


def _points(at: Arrow) -> Any:
    return at.angle <= EXACT


def _right(at: Arrow) -> Any:
    return both(_points(at), within(at.ratio, FACTOR)) if at.measured else _points(at)


def _opposite(at: Arrow) -> Any:
    return apart(at.guess, minus(at.truth)) <= CLOSE


def _at_minimum(at: Arrow) -> Any:
    return apart(at.guess, at.aim) <= EXACT


def _from_minimum(at: Arrow) -> Any:
    return apart(at.guess, minus(at.aim)) <= EXACT


def _along_axis(at: Arrow) -> Any:
    x, y = anp.abs(at.guess[0]), anp.abs(at.guess[1])
    return anp.minimum(x, y) <= np.tan(np.radians(EXACT)) * anp.maximum(x, y)


def _along_level(at: Arrow) -> Any:
    return anp.abs(at.angle - 90.0) <= CLOSE


def _mirrored(at: Arrow) -> Any:
    x, y = at.truth
    mirrored = (apart(at.guess, (x, -y)), apart(at.guess, (-x, y)))
    return either(mirrored[0] <= EXACT, mirrored[1] <= EXACT)


def _swapped(at: Arrow) -> Any:
    return apart(at.guess, at.truth[::-1]) <= EXACT


_UPHILL = "∇f points to where f rises fastest, straight across the level curve"
GRADIENT = (
    Mistake(
        "right", "Right: the direction of steepest ascent, and as long as it is steep.", _right
    ),
    Mistake(
        "length",
        "The direction is right, the length is not: ‖∇f‖ is the slope in that direction, great "
        "where level curves are close.",
        _points,
    ),
    Mistake("downhill", f"That is downhill, −∇f: {_UPHILL}.", _opposite),
    Mistake(
        "minimum",
        f"That points at the minimum. ∇f knows f here alone: {_UPHILL}.",
        _at_minimum,
    ),
    Mistake(
        "away from the minimum",
        f"That points straight away from the minimum, as if level curves were circles: {_UPHILL}.",
        _from_minimum,
    ),
    Mistake(
        "axis",
        "That points along one axis: it is one partial derivative alone. ∇f has both as its "
        "components.",
        _along_axis,
    ),
    Mistake(
        "level",
        f"That leads along the level curve, where f stays the same: {_UPHILL}.",
        _along_level,
    ),
    Mistake(
        "sign",
        "One of both partials has the wrong sign: look whether f rises or falls that way.",
        _mirrored,
    ),
    Mistake(
        "swapped",
        "Both partials are exchanged: ∂f/∂x is how far ∇f reaches along x, ∂f/∂y along y.",
        _swapped,
    ),
    Mistake("direction", f"Not quite: {_UPHILL}.", _anything),
)
_DOWNHILL = "a step goes along −∇f, straight across the level curve"
STEP = (
    Mistake("right", "Right: straight down from the level curve, α·‖∇f‖ long.", _right),
    Mistake(
        "length",
        "The direction is right, the length is not: the step is α·‖∇f‖ long, longer where f is "
        "steeper.",
        _points,
    ),
    Mistake(
        "uphill", "That is uphill: a step of a descent goes along −∇f, not along ∇f.", _opposite
    ),
    Mistake(
        "minimum",
        f"That points at the minimum, which gradient descent does not know: {_DOWNHILL}.",
        _at_minimum,
    ),
    Mistake(
        "away from the minimum",
        f"That leads straight away from the minimum: {_DOWNHILL}.",
        _from_minimum,
    ),
    Mistake(
        "axis",
        "That moves one variable alone. A step changes both at once, each by −α times its partial "
        "derivative.",
        _along_axis,
    ),
    Mistake(
        "level", f"That stays on the level curve, where f does not fall: {_DOWNHILL}.", _along_level
    ),
    Mistake(
        "sign", "One of both variables goes the wrong way: each goes against its slope.", _mirrored
    ),
    Mistake(
        "swapped",
        "Both partials are exchanged: x changes by −α·∂f/∂x, y by −α·∂f/∂y.",
        _swapped,
    ),
    Mistake("direction", f"Not quite: {_DOWNHILL}.", _anything),
)

# ── tangents ─────────────────────────────────────────────────────────────────────────────────────


def _reads(slope: Callable[[Tangent], Any]) -> Callable[[Tangent], Any]:
    return lambda at: at.beside(slope(at)) <= FLAT


def _same_sign(at: Tangent) -> Any:
    return at.guess * at.truth > 0


TANGENT = (
    Mistake("right", "Right: that is how steep the curve is there.", _reads(lambda at: at.truth)),
    Mistake(
        "value",
        "That slope is f itself, the height of the curve. f′ is how fast the height changes.",
        _reads(lambda at: at.value),
    ),
    Mistake(
        "sign",
        "As steep as the tangent, but the other way: where f rises, f′ is positive.",
        _reads(lambda at: -at.truth),
    ),
    Mistake(
        "flat",
        "A flat line has the slope 0: that is right only where f neither rises nor falls.",
        _reads(lambda at: 0.0),
    ),
    Mistake(
        "reciprocal",
        "That slope is run over rise: f′ is how much f rises for one unit of x.",
        _reads(lambda at: 1.0 / where(at.truth == 0.0, np.nan, at.truth)),
    ),
    Mistake(
        "downhill",
        "That falls where the curve rises, or rises where it falls: mind the sign of f′.",
        lambda at: at.guess * at.truth < 0,
    ),
    Mistake(
        "too steep",
        "Too steep: at its point a tangent runs with the curve, and does not cut through it.",
        lambda at: both(_same_sign(at), anp.abs(at.guess) > anp.abs(at.truth)),
    ),
    Mistake(
        "too flat",
        "Too flat: at its point a tangent runs with the curve, and does not cut through it.",
        _anything,
    ),
)

# ── choices ──────────────────────────────────────────────────────────────────────────────────────


def _chose(guess: float, *truths: float) -> Callable[[Choice], Any]:
    """Whether this was chosen where one of those is right."""
    return lambda at: both(at.guess == guess, either(*(at.truth == truth for truth in truths)))


def _is_right(at: Choice) -> Any:
    return at.guess == at.truth


MINIMUM, MAXIMUM, SADDLE = 0.0, 1.0, 2.0
KIND = (
    Mistake("right", "Right.", _is_right),
    Mistake(
        "always a minimum",
        "A zero gradient is not always a minimum: look at what the numbers on the level curves "
        "do all around.",
        _chose(MINIMUM, MAXIMUM, SADDLE),
    ),
    Mistake(
        "upside down",
        "It is a minimum: f rises in every direction. At a maximum f falls in all of them.",
        _chose(MAXIMUM, MINIMUM),
    ),
    Mistake(
        "one direction",
        "f falls in some directions, but it rises in others: that is a saddle. One direction "
        "tells not enough.",
        _chose(MAXIMUM, SADDLE),
    ),
    Mistake(
        "no saddle",
        "At a saddle f rises in some directions and falls in others. Here all directions agree.",
        _anything,
    ),
)
STRAIGHT, ZIGZAG, DIVERGES = 0.0, 1.0, 2.0
CONVERGES = (
    Mistake("right", "Right: α·λmax = {.2@3} tells it.", _is_right),
    Mistake(
        "limit at 1",
        "α·λmax = {.2@3} is over 1, so each step leaps across the valley, but not over 2: every "
        "leap is shorter, and the run converges.",
        _chose(DIVERGES, ZIGZAG),
    ),
    Mistake(
        "leaps unseen",
        "It converges, but not straight: α·λmax = {.2@3} is over 1, so each step leaps across the "
        "valley.",
        _chose(STRAIGHT, ZIGZAG),
    ),
    Mistake(
        "too trusting",
        "α·λmax = {.2@3} is over 2: across the valley every step leaps farther than the last one.",
        lambda at: at.truth == DIVERGES,
    ),
    Mistake(
        "too careful",
        "α·λmax = {.2@3} is under 1: no step leaps across the valley.",
        _anything,
    ),
)
RATE = (
    Mistake(
        "right",
        "Right: from α = 2/λmax on, each leap across the valley is longer than the last one.",
        lambda at: within(at.ratio, NEAR),
    ),
    Mistake(
        "limit at 1",
        "That is α·λmax = 1, from where steps leap across the valley. They still converge, until "
        "α·λmax = 2.",
        lambda at: at.at(1.0 / at.greatest),
    ),
    Mistake(
        "least eigenvalue",
        "That is 2/λmin, for the flat direction. The steepest one breaks first, at 2/λmax.",
        lambda at: at.at(2.0 / at.least),
    ),
    Mistake(
        "best rate",
        "That is 2/(λmin + λmax), where runs converge fastest. They diverge from 2/λmax on.",
        lambda at: at.at(2.0 / (at.least + at.greatest)),
    ),
    Mistake(
        "too low",
        "Runs converge up to there, and farther: the limit is 2/λmax.",
        lambda at: at.ratio < 1.0,
    ),
    Mistake(
        "too high",
        "There they diverge long since: the limit is 2/λmax.",
        _anything,
    ),
)
CHOICES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "kind": ("minimum", "maximum", "saddle"),
        "converges": ("converges without leaping", "zig-zags and converges", "diverges"),
    }
)
MISTAKES: Mapping[str, tuple[Mistake, ...]] = MappingProxyType(
    {
        "tangent": TANGENT,
        "gradient": GRADIENT,
        "kind": KIND,
        "step": STEP,
        "converges": CONVERGES,
        "rate": RATE,
    }
)
