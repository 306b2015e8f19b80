"""Questions to answer before one sees: which function, where, and what is asked, from a seed.

The same seed asks everybody the same. Places are such that usual mistakes lie apart from what is
right: see `misconceptions`.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Any

import numpy as np

from gradwidgets.calculus.field import ScalarField
from gradwidgets.calculus.newton import Critical, critical_points
from gradwidgets.calculus.types import Array, Interval

QUESTIONS = 10  # of a seed
TRIES = 400  # places that are looked at for one question
TELLING = (
    20.0  # degrees between what is right and a usual mistake: a place with less is passed over
)
ENOUGH = 0.7  # of the most telling place, where none is that telling
DISTINCT = 8.0  # degrees without which a tangent can't be told from a mistake
LENGTHS = (0.1, 0.42)  # of the map's width: an arrow that can be judged by eye
INSIDE = 0.04  # of an interval: so far from its ends a question stays
REACH = 0.3  # of the width: how far from its point a tangent ends
STEEPEST = 62.0  # degrees of a tangent in a square window
HEADROOM = 0.3  # of a curve's height, above and below it
TYPICAL = 0.7  # so many of a map's slopes are less steep than the one that tells the scale
KINDS = ("minimum", "maximum", "saddle")
PRODUCTS = (1.6, 2.2, 0.6, 1.3, 2.6, 1.8, 0.3)  # α·λmax of runs that are asked about, in turn
STARTS = 40  # places that are tried as starts of a run
LONG_RUN, LOST, ARRIVED = 300, 20.0, 0.1  # steps; times its start's distance from the minimum
RATES = (1e-3, 10.0)  # learning rates to choose from; more where the answer lies beyond


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
Place = tuple[float, ...]
Asked = tuple[Place, float, Place, Place]  # point, scale, aim, start
Placing = Callable[[ScalarField, np.random.Generator, int], Asked]  # of which turn, counted on


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
        place, asked = list(ASKED).index(kind), ASKED[kind]
        rng = np.random.default_rng([seed, place, number])
        for field in _in_turn(asked, functions, turn, np.random.default_rng([seed, place])):
            try:
                return Question(number, kind, field, *asked.place(field, rng, turn + seed))
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

    def place(field: ScalarField, rng: np.random.Generator, _: int) -> Asked:
        width = min(high - low for low, high in field.domain.values())
        scale = _scale(field, width)
        lows = [one.point for one in critical_points(field) if one.kind == "minimum"]
        found = list[tuple[float, Place, Place]]()
        for point in _places(field, rng):
            aim = _nearest(lows, point)
            telling = _telling(field, point, sign * scale * field.gradient(point), aim, width)
            found.append((telling, point, aim))
            if telling >= TELLING:
                break
        best = max(found)[0]
        if best < 0:
            raise ValueError(
                f"No place of {field.text} has a gradient that can be drawn and judged."
            )
        wanted = best if best >= TELLING else ENOUGH * best
        point, aim = next(one[1:] for one in found if one[0] >= wanted)
        return point, scale, aim, (_beside(field, point, 0.18 * width), point[1])

    return place


def _nearest(places: Sequence[Place], point: Place) -> Place:
    """The place that is nearest to a point; nothing without places."""
    return min(places, key=lambda place: math.dist(place, point), default=())


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


def _places(field: ScalarField, rng: np.random.Generator) -> Iterator[Place]:
    """Places of few digits, well inside of the domain."""
    for _ in range(TRIES):
        yield tuple(_round_place(ends, rng) for ends in field.domain.values())


def _round_place(ends: Interval, rng: np.random.Generator) -> float:
    low, high = ends
    step = 10.0 ** math.floor(math.log10((high - low) / 20))
    share = rng.uniform(0.15, 0.85)
    return float(f"{round((low + share * (high - low)) / step) * step:.12g}")


def _beside(field: ScalarField, point: Place, length: float) -> float:
    """So far to the right, or to the left where there is no room."""
    _, high = field.domain[field.variables[0]]
    away = length if point[0] + 1.5 * length < high else -length
    return float(f"{point[0] + away:.2g}")


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


def _tangent(field: ScalarField, rng: np.random.Generator, _: int) -> Asked:
    ((low, high),) = field.domain.values()
    bottom, top = heights(field)
    unit, reach = (high - low) / (top - bottom), REACH * (high - low)
    best, told = -math.inf, Place()
    for point in _places(field, rng):
        value, (slope,) = field.value(point), field.gradient(point)
        end = value + slope * reach
        if not (point[0] + reach < high and bottom < end < top):
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
    low, high = np.quantile(values[np.isfinite(values)], [0.01, 0.99])
    room = HEADROOM * (high - low) or 1.0
    return float(low - room), float(high + room)


def _critical(field: ScalarField, rng: np.random.Generator, turn: int) -> Asked:
    found = [one for one in _inner(field) if one.kind in KINDS]
    if not found:
        raise ValueError(f"{field.text} has no minimum, maximum or saddle inside of its domain.")
    there = [kind for kind in KINDS if any(one.kind == kind for one in found)]
    kind = there[turn % len(there)]
    alike = [one for one in found if one.kind == kind]
    return alike[rng.integers(len(alike))].point, 1.0, (), (-1.0,)


def _inner(field: ScalarField) -> list[Critical]:
    """Critical points that are not at the domain's edge."""
    ends = field.domain.values()
    return [
        one
        for one in critical_points(field)
        if all(
            min(at - low, high - at) > INSIDE * (high - low)
            for at, (low, high) in zip(one.point, ends, strict=True)
        )
    ]


def _run(field: ScalarField, rng: np.random.Generator, turn: int) -> Asked:
    """A start, and a learning rate α of which α·λmax is not near to 1 or 2."""
    low = _minimum(field, rng)
    rate = float(f"{PRODUCTS[turn % len(PRODUCTS)] / low.eigenvalues[-1]:.2g}")
    return _start(field, low, (rate,), rng), rate, low.point, (-1.0,)


def _limit(field: ScalarField, rng: np.random.Generator, _: int) -> Asked:
    low = _minimum(field, rng)
    limit = 2.0 / low.eigenvalues[-1]
    start = _start(field, low, (0.9 * limit, 1.1 * limit), rng)
    return start, 1.0, low.point, (2.0 * rates_around(limit)[0],)


def _minimum(field: ScalarField, rng: np.random.Generator) -> Critical:
    lows = [one for one in _inner(field) if one.kind == "minimum"]
    if not lows:
        raise ValueError(f"{field.text} has no minimum inside of its domain.")
    return lows[rng.integers(len(lows))]


def _start(
    field: ScalarField, low: Critical, rates: Sequence[float], rng: np.random.Generator
) -> Place:
    """A place away from a minimum along every eigenvector, where runs are as λmax there tells."""
    _, axes = np.linalg.eigh(field.hessian(low.point))
    places = list(_places(field, rng))[:STARTS]
    places.sort(key=lambda place: -np.min(np.abs(axes.T @ np.subtract(place, low.point))))
    for place in places:
        if all(
            _arrives(field, place, low, rate) == (rate * low.eigenvalues[-1] < 2) for rate in rates
        ):
            return place
    raise ValueError(f"Near its minimum {field.text} is not enough like its quadratic model.")


def _arrives(field: ScalarField, start: Place, low: Critical, rate: float) -> bool:
    """Whether a run comes close to a minimum."""
    away = math.dist(start, low.point)
    place = np.array(start)
    for _ in range(LONG_RUN):
        place = place - rate * field.gradient(tuple(place))
        if not math.dist(place, low.point) < LOST * away:
            return False
    return math.dist(place, low.point) < ARRIVED * away


def rates_around(rate: float) -> Interval:
    """The learning rates to choose from, whole powers of ten.

    >>> rates_around(0.1), rates_around(1e-5)
    ((0.001, 10.0), (1e-06, 10.0))
    """
    power = math.floor(math.log10(rate))
    return min(RATES[0], 10.0 ** (power - 1)), max(RATES[1], 10.0 ** (power + 2))


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
        "converges": Kind("the end of a descent", 2, _BOWLS, _run),
        "rate": Kind("the limit of α", 2, _BOWLS, _limit),
    }
)
