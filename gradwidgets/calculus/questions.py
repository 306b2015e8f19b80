"""Questions to answer before one sees: which function, where, and what is asked, from a seed.

The same seed asks everybody the same. Places are such that usual mistakes lie apart from what is
right: see `misconceptions`.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Any

import numpy as np

from gradwidgets.calculus.endings import ending, limit
from gradwidgets.calculus.field import ScalarField
from gradwidgets.calculus.newton import Critical
from gradwidgets.calculus.places import (
    INSIDE,
    Asked,
    Place,
    Placing,
    Turn,
    critical,
    has_slope,
    inner,
    nearest,
    places,
    rounded,
)
from gradwidgets.calculus.types import Array, Interval

QUESTIONS = 10  # of a seed
TELLING = (
    20.0  # degrees between what is right and a usual mistake: a place with less is passed over
)
ENOUGH = 0.7  # of the most telling place, where none is that telling
DISTINCT = 8.0  # degrees without which a tangent can't be told from a mistake
LENGTHS = (0.1, 0.42)  # of the map's width: an arrow that can be judged by eye
REACH = 0.3  # of the width: how far from its point a tangent ends
STEEPEST = 62.0  # degrees of a tangent in a square window
HEADROOM = 0.3  # of a curve's height, above and below it
TYPICAL = 0.7  # so many of a map's slopes are less steep than the one that tells the scale
SEEN = 0.02  # of the greatest curvature: less can't be told by eye
KINDS = ("minimum", "maximum", "saddle")


@dataclass(frozen=True, eq=False)
class Question:
    """What is asked: its number, its kind, of which function, at which point.

    `scale` is how long a unit of slope is drawn, or the learning rate α. `aim` is the nearest
    minimum, empty where there is none. `start` is the guess before anybody has touched it: an
    arrow's tip, the height of a tangent's end, a learning rate, or −1 for no choice. Without
    `numbers` nothing is read off, and of an arrow the direction alone counts.
    """

    number: int
    kind: str
    field: ScalarField
    point: tuple[float, ...]
    scale: float
    aim: tuple[float, ...]
    start: tuple[float, ...]
    numbers: bool = True


Source = Any  # what a field is made from, or a field


@dataclass(frozen=True)
class Kind:
    """A kind of question: what it is called, over how many variables, usual functions, a place."""

    title: str
    variables: int
    functions: tuple[ScalarField, ...]
    place: Placing


def question(number: int, kinds: Sequence[str], functions: Sequence[Source], seed: int) -> Question:
    """One of a seed's questions, counted from 1; without functions of the usual ones.

    Raises:
        ValueError: a function of which nothing of this kind can be asked; the message tells why.

    >>> first = question(1, ["gradient"], [], seed=3)
    >>> first is question(1, ["gradient"], [], seed=3)
    True
    """
    return _question(number, tuple(kinds), tuple(functions), seed)


@lru_cache(maxsize=64)
def _question(
    number: int, kinds: tuple[str, ...], functions: tuple[Source, ...], seed: int
) -> Question:
    """What comes in turn, or else the next kind and function of which something can be asked."""
    first, turn = (number + seed - 1) % len(kinds), (number - 1) // len(kinds)
    wrong = [ValueError(_needs(ASKED[kinds[first]]))]
    for kind in (*kinds[first:], *kinds[:first]):
        own, asked = (seed, list(ASKED).index(kind)), ASKED[kind]
        rng = np.random.default_rng([*own, number])
        for field in _in_turn(asked, functions, turn, np.random.default_rng(own)):
            try:
                return Question(number, kind, field, *asked.place(field, rng, Turn(own, turn)))
            except ValueError as error:
                wrong.append(error)
    raise wrong[1 if len(wrong) > 1 else 0]


def _needs(kind: Kind) -> str:
    told = "one variable" if kind.variables == 1 else f"{kind.variables} variables"
    return f"To ask for {kind.title} takes a function of {told}."


def _in_turn(
    kind: Kind, functions: Sequence[Source], turn: int, rng: np.random.Generator
) -> list[ScalarField]:
    """The functions of which a kind can be asked, in an order that everybody has."""
    fields = [as_field(source) for source in functions] or list(kind.functions)
    fitting = [field for field in fields if len(field.variables) == kind.variables]
    order = rng.permutation(len(fitting))
    return [fitting[k] for k in np.roll(order, -turn)]


@lru_cache(maxsize=64)
def as_field(source: Source) -> ScalarField:
    """The field of a formula, an example's name, a callable, or itself."""
    return source if isinstance(source, ScalarField) else ScalarField(source)


@lru_cache(maxsize=64)
def hidden(field: ScalarField) -> ScalarField:
    """The same function without its formula: it is called f.

    >>> hidden(ScalarField("x*y")).text, hidden(ScalarField("x*y")).value((2, 3))
    ('f', 6.0)
    """
    made = copy.copy(field)
    made.formula, made.source = None, lambda *at: field.function(*at)
    return made


# ── a place for a question ───────────────────────────────────────────────────────────────────────


def _arrow(sign: float) -> Placing:
    """A place for an arrow of `sign` · scale · ∇f."""

    def place(field: ScalarField, rng: np.random.Generator, _: Turn) -> Asked:
        width = min(high - low for low, high in field.domain.values())
        scale = _scale(field, width)
        lows = [one.point for one in critical(field) if one.kind == "minimum"]
        found = list[tuple[float, Place, Place]]()
        for point in places(field, rng):
            aim = nearest(lows, point)
            telling = _telling(field, point, sign * scale * field.gradient(point), aim, width)
            if telling >= 0 and not has_slope(field, point):
                continue
            found.append((telling, point, aim))
            if telling >= TELLING:
                break
        best = max(found, default=(-1.0,))[0]
        if best < 0:
            raise ValueError(
                f"No place of {field.text} has a gradient that can be drawn and judged."
            )
        wanted = best if best >= TELLING else ENOUGH * best
        point, aim = next(one[1:] for one in found if one[0] >= wanted)
        return point, scale, aim, _beside(field, point, 0.18 * width)

    return place


def _scale(field: ScalarField, width: float) -> float:
    """A round factor with which most gradients become arrows of a quarter of the map's width."""
    grid = field.on_grid(*(field.axis(name, 21) for name in field.variables), order=1)
    lengths = np.hypot(*np.asarray(grid.gradient))
    known = lengths[np.isfinite(lengths) & (lengths > 0)]
    return round_number(0.36 * width / float(np.quantile(known, TYPICAL))) if known.size else 1.0


def round_number(size: float) -> float:
    """The greatest of 1, 2, 2.5, 5 times a power of ten that is not above a positive number.

    >>> round_number(0.37), round_number(7)
    (0.25, 5.0)
    """
    power = math.floor(math.log10(size) + 1e-9)
    digit = max(one for one in (1.0, 2.0, 2.5, 5.0) if one <= size / 10.0**power * (1 + 1e-9))
    return float(f"{digit}e{power}")


def _beside(field: ScalarField, point: Place, length: float) -> Place:
    """A tip to begin with: to the right, or upwards where that would nearly be the answer.

    Where there is no room, it is the other way.
    """
    axis = int(_between(field.gradient(point), (1.0, 0.0)) < TELLING)
    ends = field.domain[field.variables[axis]]
    away = length if point[axis] + 1.5 * length < ends[1] else -length
    tip = rounded(point[axis] + away, ends)
    return (point[0], tip) if axis else (tip, point[1])


def _telling(field: ScalarField, point: Place, arrow: Array, aim: Place, width: float) -> float:
    """Degrees between an arrow and what it is usually mistaken for; −∞ if it can't be drawn."""
    tip = np.add(point, arrow)
    ends = field.domain.values()
    rooms = [
        min(at - low, high - at) / (high - low) for at, (low, high) in zip(tip, ends, strict=True)
    ]
    if not min(rooms) > INSIDE or not LENGTHS[0] < np.hypot(*arrow) / width < LENGTHS[1]:
        return -math.inf
    others = [(1.0, 0.0), (0.0, 1.0), *([np.subtract(aim, point)] if aim else [])]
    return min(_between(arrow, other) for other in others)


def _between(one: Any, other: Any) -> float:
    """The angle between two lines, 0° to 90°."""
    cross, dot = one[0] * other[1] - one[1] * other[0], one[0] * other[0] + one[1] * other[1]
    return math.degrees(math.atan2(abs(cross), abs(dot)))


def _tangent(field: ScalarField, rng: np.random.Generator, _: Turn) -> Asked:
    ((low, high),) = field.domain.values()
    bottom, top = heights(field)
    unit, reach = (high - low) / (top - bottom), REACH * (high - low)
    best, told = -math.inf, Place()
    for point in places(field, rng):
        value, (slope,) = field.value(point), field.gradient(point)
        end = value + slope * reach
        inside = point[0] + reach < high and bottom < value < top and bottom < end < top
        if not (inside and has_slope(field, point)):
            continue
        seen = _steepness(slope, unit)
        wrong = (value, -slope, 0.0, 1 / slope if slope else 0.0)
        telling = min(abs(seen - _steepness(other, unit)) for other in wrong)
        if abs(seen) < STEEPEST and telling > best:
            best, told = telling, (*point, value)
        if best >= TELLING:
            break
    if best < DISTINCT:
        raise ValueError(f"No place of {field.text} has a tangent that can be drawn and judged.")
    return told[:1], reach, (), told[1:]


def _steepness(slope: float, unit: float) -> float:
    return math.degrees(math.atan(slope * unit))


def heights(field: ScalarField) -> Interval:
    """What a curve's panel shows of f, with room for a tangent that is too steep."""
    (x,) = (field.axis(name, 201) for name in field.variables)
    values = field.on_grid(x).values
    known = values[np.isfinite(values)]
    if not known.size:
        raise ValueError(f"{field.text} has no finite value on its domain.")
    low, high = np.quantile(known, [0.01, 0.99])
    room = HEADROOM * (high - low) or 1.0
    return float(low - room), float(high + room)


def _critical(field: ScalarField, rng: np.random.Generator, turn: Turn) -> Asked:
    found = [one for one in inner(field) if one.kind in KINDS and _is_plain(one)]
    if not found:
        raise ValueError(
            f"{field.text} has no minimum, maximum or saddle inside of its domain that can be told "
            "by its level curves."
        )
    kinds = [KINDS[place] for place in turn.order(len(KINDS))]
    kind = next(kind for kind in kinds if any(one.kind == kind for one in found))
    alike = [one for one in found if one.kind == kind]
    return alike[rng.integers(len(alike))].point, 1.0, (), (-1.0,)


def _is_plain(one: Critical) -> bool:
    """Whether the curvature along its flattest axis can be seen beside that along the other."""
    sizes = [abs(value) for value in one.eigenvalues]
    return min(sizes) > SEEN * max(sizes)


# ── what can be asked ────────────────────────────────────────────────────────────────────────────


def _fields(*texts: str, wide: float = 3.0, variables: tuple[str, ...] = ("x", "y")) -> Any:
    ends = dict.fromkeys(variables, (-wide, wide))
    return tuple(ScalarField(text, ends, variables) for text in texts)


_SLOPES = _fields(
    "x**2 + 4*y**2", "x**2 + x*y + y**2", "x*y", "x**2 - 2*y**2", "sin(x) + y**2/2",
    "x**3/3 - x + y**2", "exp(-(x**2 + 3*y**2)/4)", "(x + y)**2 + y**2",
)  # fmt: skip
_BOWLS = _fields(
    "x**2 + 4*y**2", "x**2 + x*y + y**2", "x**2/2 + 3*y**2", "4*x**2 + y**2", "(x + y)**2 + y**2"
)
_CRITICAL = (
    *_fields("x**3 - 3*x + y**2", "x**4 + y**4 - 4*x*y", "cos(x) + cos(y)", wide=2.5),
    *_fields("3*x - x**3 - y**2", "x**2 + 3*x*y + y**2", "-x**2 + x*y - 2*y**2", wide=2.5),
    ScalarField("himmelblau"),
)
_CURVES = (
    *_fields("x**3/3 - x", "x**2/2 - 1", "exp(x/2) - 2", variables=("x",)),
    *_fields("sin(x)", "cos(x) + x/4", "2 - x**2/4", variables=("x",), wide=4.0),
)
ASKED: Mapping[str, Kind] = MappingProxyType(
    {
        "tangent": Kind("a tangent", 1, _CURVES, _tangent),
        "gradient": Kind("a gradient", 2, _SLOPES, _arrow(1.0)),
        "kind": Kind("the kind of a critical point", 2, _CRITICAL, _critical),
        "step": Kind("a step of a descent", 2, _SLOPES, _arrow(-1.0)),
        "converges": Kind("the end of a descent", 2, _BOWLS, ending),
        "rate": Kind("the limit of α", 2, _BOWLS, limit),
    }
)
