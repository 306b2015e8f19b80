"""Questions to a field that a program can ask: f and its derivatives at a place that is computed.

A question is a function without branches on values, of a `Ground` and numbers. It is traced once
for all fields of as many variables, with holes where f stands, and is one step of every program
that asks it. What a question learns of a field beside f are numbers that it is handed, too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from functools import cache, cached_property, partial, wraps
from typing import Any, NamedTuple, TypeVar
from weakref import WeakKeyDictionary

import autograd.numpy as anp
import numpy as np
from autograd.tracer import isbox

from gradwidgets.calculus.field import ScalarField
from gradwidgets.calculus.program import Program, TracingError, call, hole, repeat, trace
from gradwidgets.calculus.replay import Replayed
from gradwidgets.calculus.tracing import calm
from gradwidgets.calculus.types import Array

UNDEFINED = (ArithmeticError, ValueError)  # what a callable raises where it has no value
PLACES, GOLDEN = 8, (5**0.5 - 1) / 2  # multiples of the golden ratio spread evenly
ORDERS = ("f", "f and its gradient", "f and its derivatives to second order")
MOST_VARIABLES = 3  # of a question that is a program: its steps grow with their square
OTHERS = 2  # measures beside the domain's ends
MOST_KNOWN = 256  # answers of a ground

Answer = TypeVar("Answer")


class Here(NamedTuple):
    """f at a place, and where they were asked for ∇f, shape (n,), and the Hessian, shape (n, n).

    The derivatives are NaN where f is not finite.
    """

    value: Any
    gradient: Any
    hessian: Any


@dataclass(frozen=True, eq=False)
class Ground:
    """What questions know of a field: f to each order, and its domain.

    `usual` is the slope that is usual there, `height` how large |f| usually is.
    """

    orders: tuple[Any, ...]
    low: Any
    high: Any
    usual: Any
    height: Any
    answers: dict[Any, Any] = field(default_factory=dict)
    put: dict[Program, Program] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """How many variables there are."""
        return len(self.low)

    @cached_property
    def widths(self) -> Any:
        """How wide the domain is along each variable."""
        return self.high - self.low

    @cached_property
    def middle(self) -> Any:
        """The middle of the domain."""
        return (self.low + self.high) / 2

    @cached_property
    def width(self) -> Any:
        """The domain's greatest width."""
        return anp.max(self.widths)

    @cached_property
    def measures(self) -> tuple[Any, ...]:
        """The numbers that a question is handed beside its own."""
        return (*numbers_of(self.low), *numbers_of(self.high), self.usual, self.height)

    def known(self, key: Any, find: Callable[[], Answer]) -> Answer:
        """An answer, which is found once."""
        if key not in self.answers:
            found = find()
            if len(self.answers) >= MOST_KNOWN:
                self.answers.clear()
            self.answers[key] = found
        answer: Answer = self.answers[key]
        return answer


class Opaque:
    """A function that has no program: it stands for one where Python itself searches."""

    of_numbers, gives_numbers, is_open, instructions = True, True, False, ()

    def __init__(self, replayed: Replayed, results: int) -> None:
        self._replayed, self.why, self.outputs = replayed, replayed.why, (np.nan,) * results
        self.steady = self.__call__

    def __call__(self, *numbers: float) -> tuple[float, ...]:
        """The results, NaN where f raises."""
        try:
            return tuple(map(float, self._replayed.plain(*numbers)))
        except UNDEFINED:
            return self.outputs


_grounds: WeakKeyDictionary[ScalarField, Ground] = WeakKeyDictionary()
_seen: ContextVar[set[Ground] | None] = ContextVar("seen", default=None)


@contextmanager
def at_one_moment() -> Iterator[None]:
    """Meanwhile a callable that nobody can watch stays what it is: no question is asked twice."""
    if _seen.get() is not None:
        yield
        return
    token = _seen.set(set())
    try:
        yield
    finally:
        _seen.reset(token)


def ground_of(field: ScalarField) -> Ground:
    """The ground that a field is; another one where what a callable reads has changed."""
    found = [field.replayed(order).current(*field.middle) for order in range(len(ORDERS))]
    known = _grounds.get(field)
    if known is not None and all(map(_is_same, known.orders, found)):
        if None in found:
            _forget_unless_seen(known)
        return known
    low, high = np.array(list(field.domain.values()), float).T
    orders = tuple(  # a program without a step is false
        Opaque(field.replayed(order), results) if program is None else program
        for order, (program, results) in enumerate(zip(found, _results(len(low)), strict=True))
    )
    bare = Ground(orders, low, high, np.nan, field.height)
    made = _grounds[field] = replace(bare, usual=_usual_slope(bare))
    return made


def _forget_unless_seen(ground: Ground) -> None:
    """What a callable reads beside its arguments may have changed, if this is another moment."""
    seen = _seen.get()
    if seen is None or ground not in seen:
        ground.answers.clear()
    if seen is not None:
        seen.add(ground)


def _is_same(order: Any, program: Program | None) -> bool:
    return order is program or (program is None and isinstance(order, Opaque))


def _results(count: int) -> tuple[int, ...]:
    return 1, 1 + count, 1 + count + count * count


def _usual_slope(ground: Ground) -> float:
    shares = (0.5 + np.outer(np.arange(PLACES), GOLDEN ** np.arange(1, ground.count + 1))) % 1.0
    with calm():
        slopes = [float(slope_at(ground, ground.low + share * ground.widths)) for share in shares]
    known = sorted(slope for slope in slopes if 0 < slope < np.inf)
    half = len(known) // 2  # the median, without a sum that may overflow
    return 0.5 * known[half] + 0.5 * known[-1 - half] if known else 0.0


# ── f at a place ─────────────────────────────────────────────────────────────────────────────────


def look(ground: Ground, place: Any, order: int) -> Here:
    """f and its derivatives up to an order at a place of shape (n,)."""
    count, program = ground.count, ground.orders[order]
    numbers = numbers_of(place)
    if any(map(isbox, numbers)):
        _refuse_opaque(program)
    found = call(program, *numbers)
    if not order:
        return Here(found[0], None, None)
    known = anp.where(anp.isfinite(found[0]), found[1:], np.nan)
    square = anp.reshape(known[count:], (count, count)) if order > 1 else None
    return Here(found[0], known[:count], square)


def _refuse_opaque(*programs: Any) -> None:
    for program in programs:
        if isinstance(program, Opaque):
            raise TracingError(program.why)


def slope_at(ground: Ground, place: Any) -> Any:
    """‖∇f‖ at a place."""
    return length(look(ground, place, 1).gradient)


def length(vector: Any) -> Any:
    """The length of a vector, without squares that overflow."""
    size = anp.max(anp.abs(vector), axis=-1)
    safe = anp.where(anp.logical_and(size > 0, anp.isfinite(size)), size, 1.0)
    shares = vector / safe[..., None] if anp.ndim(vector) > 1 else vector / safe
    return safe * anp.sqrt(anp.sum(shares * shares, axis=-1))


def numbers_of(vector: Any) -> tuple[Any, ...]:
    """The components one by one."""
    return tuple(vector[k] for k in range(len(vector)))


def split(numbers: Any, *parts: int) -> list[Any]:
    """Numbers as vectors of so many components each; the rest as they are."""
    found, start = [], 0
    for size in parts:
        found.append(anp.array(list(numbers[start : start + size])))
        start += size
    return [*found, *numbers[start:]]


# ── questions ────────────────────────────────────────────────────────────────────────────────────


def question(ask: Callable[..., Any]) -> Callable[..., Any]:
    """A function of a ground, numbers and arrays, without branches on them, as a program's step.

    It returns numbers, and stands for an array of them; unless `when` holds they are NaN, and
    nothing is computed. What it has answered to numbers alone it keeps.
    """
    pattern = cache(partial(_pattern, ask))
    lengths: dict[int, int] = {}

    @wraps(ask)
    def asked(ground: Ground, *values: Any, when: Any = True) -> Any:
        traced = any(map(isbox, (when, *values, *ground.measures)))
        if ground.count > MOST_VARIABLES:
            return _at_once(ask, lengths, ground, values, when)
        if traced:
            _refuse_opaque(*ground.orders)
        shapes = tuple(map(np.shape, values))
        own = _put(ground, pattern(ground.count, *shapes))
        if traced or any(shapes) or not when:
            return call(own, *values, *ground.measures, when=when)
        return _kept(ask, own, ground, values)

    return asked


def _pattern(ask: Callable[..., Any], variables: int, *shapes: tuple[int, ...]) -> Program:
    """A question about any field of so many variables."""
    measures = 2 * variables + OTHERS
    holes = tuple(map(hole, ORDERS, (variables,) * len(ORDERS), _results(variables)))

    def asking(*values: Any) -> Any:
        return ask(_handed(holes, values[-measures:]), *values[:-measures])

    return trace(asking, *map(np.full, shapes, [0.5] * len(shapes)), *[0.5] * measures)


def _kept(ask: Any, own: Program, ground: Ground, values: Sequence[Any]) -> Array:
    numbers = tuple(map(float, values))
    measures = map(float, ground.measures)
    return ground.known((ask, *numbers), lambda: np.array(own(*numbers, *measures)))


def _at_once(
    ask: Any, lengths: dict[int, int], ground: Ground, values: Sequence[Any], when: Any
) -> Array:
    """The answer without a program, which would be long: of so many variables few are asked for."""
    if any(map(isbox, (when, *values))):
        raise TracingError(f"a search in more than {MOST_VARIABLES} variables is no program")
    with calm():
        if ground.count not in lengths:  # of NaN all searches end at once
            lengths[ground.count] = len(list(ask(ground, *[np.nan] * len(values))))
        if not when:
            return np.full(lengths[ground.count], np.nan)
        return np.array(list(ask(ground, *values)), float)


def _handed(orders: tuple[Any, ...], measures: Sequence[Any]) -> Ground:
    """The ground within a question."""
    count = (len(measures) - OTHERS) // 2
    return Ground(orders, *split(measures, count, count))


def _put(ground: Ground, pattern: Program) -> Program:
    """The question about this ground; within another question it is about any."""
    if ground.orders[0].is_open:
        return pattern
    return pattern.filled(dict(zip(ORDERS, ground.orders, strict=True)), ground.put)


def loop(
    ground: Ground,
    body: Callable[..., Any],
    start: Sequence[Any],
    rounds: int,
    fixed: Sequence[Any] = (),
) -> Sequence[Any]:
    """`repeat` with a body that is handed the ground first."""
    if ground.count > MOST_VARIABLES:
        handed = tuple(start)
        for _ in range(rounds):
            again, handed = body(ground, *handed, *fixed)
            if not again:
                break
        return handed
    measures = len(ground.measures)

    def about(*values: Any) -> Any:
        return body(_handed(ground.orders, values[-measures:]), *values[:-measures])

    return repeat(about, start, rounds, (*fixed, *ground.measures))
