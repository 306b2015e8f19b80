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

from gradwidgets.calculus.guesses import FLAT, NEAR, Arrow, Choice, minus, within
from gradwidgets.calculus.truths import both, either, where


@dataclass(frozen=True)
class Mistake:
    """A row: its key, what a student is told, and whether a guess shows it.

    Where nothing is `measured` another sentence may be true.
    """

    key: str
    sentence: str
    shows: Callable[[Any], Any]
    unmeasured: str = ""

    def told(self, measured: bool) -> str:
        """What a student is told, with numbers or without."""
        return self.sentence if measured or not self.unmeasured else self.unmeasured


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

_UPHILL = "∇f points to where f rises fastest, straight across the level curve"
GRADIENT = (
    Mistake(
        "right",
        "Right: the direction of steepest ascent, and as long as it is steep.",
        Arrow.is_right,
        "Right: the direction of steepest ascent.",
    ),
    Mistake(
        "none",
        "An arrow without length points nowhere: ∇f is 0 only where f is level in every direction.",
        lambda at: at.is_none,
    ),
    Mistake(
        "length",
        "The direction is right, the length is not: ‖∇f‖ is the slope in that direction, "
        "large where level curves lie close together.",
        Arrow.points,
    ),
    Mistake(
        "minimum",
        f"That points at the minimum. ∇f knows f here alone: {_UPHILL}.",
        lambda at: at.leads(at.aim),
    ),
    Mistake(
        "away from the minimum",
        f"That points straight away from the minimum, as if level curves were circles: {_UPHILL}.",
        lambda at: at.leads(minus(at.aim)),
    ),
    Mistake("downhill", f"That is downhill, −∇f: {_UPHILL}.", Arrow.is_opposite),
    Mistake(
        "axis",
        "That points along one axis: it is one partial derivative alone. ∇f has both as its "
        "components.",
        Arrow.is_along_axis,
    ),
    Mistake(
        "level",
        f"That leads along the level curve, where f stays the same: {_UPHILL}.",
        Arrow.is_across,
    ),
    Mistake(
        "sign",
        "One of the two partials has the wrong sign: look whether f rises or falls that way.",
        Arrow.is_mirrored,
    ),
    Mistake(
        "swapped",
        "The two partials are exchanged: ∂f/∂x is how far ∇f reaches along x, ∂f/∂y along y.",
        Arrow.is_swapped,
    ),
    Mistake("direction", f"Not quite: {_UPHILL}.", _anything),
)
_DOWNHILL = "a step goes along −∇f, straight across the level curve"
STEP = (
    Mistake(
        "right",
        "Right: straight down from the level curve, α·‖∇f‖ long.",
        Arrow.is_right,
        "Right: straight down from the level curve.",
    ),
    Mistake(
        "none",
        "That is no step: a descent stands still only where ∇f is 0, and here f has a slope.",
        lambda at: at.is_none,
    ),
    Mistake(
        "length",
        "The direction is right, the length is not: the step is α·‖∇f‖ long, longer where f is "
        "steeper.",
        Arrow.points,
    ),
    Mistake(
        "minimum",
        f"That points at the minimum, which gradient descent does not know: {_DOWNHILL}.",
        lambda at: at.leads(at.aim),
    ),
    Mistake(
        "away from the minimum",
        f"That leads straight away from the minimum: {_DOWNHILL}.",
        lambda at: at.leads(minus(at.aim)),
    ),
    Mistake(
        "uphill",
        "That is uphill: a step of a descent goes along −∇f, not along ∇f.",
        Arrow.is_opposite,
    ),
    Mistake(
        "axis",
        "That moves one variable alone. A step changes both at once, each by −α times its partial "
        "derivative.",
        Arrow.is_along_axis,
    ),
    Mistake(
        "level",
        f"That stays on the level curve, where f does not fall: {_DOWNHILL}.",
        Arrow.is_across,
    ),
    Mistake(
        "sign",
        "One of the two variables goes the wrong way: each goes against its slope.",
        Arrow.is_mirrored,
    ),
    Mistake(
        "swapped",
        "The two partials are exchanged: x changes by −α·∂f/∂x, y by −α·∂f/∂y.",
        Arrow.is_swapped,
    ),
    Mistake("direction", f"Not quite: {_DOWNHILL}.", _anything),
)

# ── tangents ─────────────────────────────────────────────────────────────────────────────────────

_CLOSE_BY = "close to the dot a tangent goes the way of the curve"
TANGENT = (
    Mistake("right", "Right: that is how steep the curve is there.", lambda at: at.angle <= FLAT),
    Mistake(
        "flat",
        "A flat line has the slope 0: that is right only where f neither rises nor falls.",
        lambda at: at.is_like(0),
    ),
    Mistake(
        "sign",
        "As steep as the tangent, but the other way: f′ is positive where f rises, negative where "
        "it falls.",
        lambda at: at.is_like(1),
    ),
    Mistake(
        "value",
        "That slope is f itself, the height of the curve. f′ is how fast the height changes.",
        lambda at: at.is_read(2),
    ),
    Mistake(
        "reciprocal",
        "That slope is run over rise: f′ is rise over run, what f gains for one unit to the right.",
        lambda at: at.is_read(3),
    ),
    Mistake(
        "sign",
        "That falls where the curve rises, or rises where it falls: mind the sign of f′.",
        lambda at: at.guess * at.truth < 0,
    ),
    Mistake(
        "too steep",
        f"Too steep: {_CLOSE_BY}.",
        lambda at: anp.abs(at.guess) > anp.abs(at.truth),
    ),
    Mistake("too flat", f"Too flat: {_CLOSE_BY}.", _anything),
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
        "A zero gradient is not always a minimum: look in every direction whether f rises or "
        "falls.",
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
        "does not tell enough.",
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
    Mistake(
        "right",
        "Right: α·λmax = {.2@3} tells it. Up to 1 no step leaps across the valley; from 2 on leaps "
        "no longer shrink.",
        _is_right,
    ),
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
        "Right: beyond α = 2/λmax each leap across the valley is longer than the last one.",
        lambda at: within(at.ratio, NEAR),
    ),
    Mistake(
        "limit at 1",
        "That is α·λmax = 1, from where steps leap across the valley. They still converge, until "
        "α·λmax = 2.",
        lambda at: at.is_like(0),
    ),
    Mistake(
        "best rate",
        "That is 2/(λmin + λmax), where runs converge fastest. They diverge beyond 2/λmax.",
        lambda at: at.is_like(1),
    ),
    Mistake(
        "least eigenvalue",
        "That is 2/λmin, the limit along the flattest direction. The steepest one breaks first, at "
        "2/λmax.",
        lambda at: at.is_like(2),
    ),
    Mistake(
        "too low",
        "With that α runs still converge. The limit is higher: 2/λmax.",
        lambda at: at.ratio < 1.0,
    ),
    Mistake("too high", "With that α runs diverge already. The limit is lower: 2/λmax.", _anything),
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
