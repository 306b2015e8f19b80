"""Loops whose body is traced by itself: inside of a program, the whole loop is one step of it.

Their values are numbers or, for a batch of runs, arrays that can be broadcast to one shape B. A
body takes all its values one after the other. It may differentiate, and hold loops itself, but it
reads no traced value that it is not given. It is traced at each call, for what it reads may have
changed; a `Program` that returns all results one after the other is taken as it is. Outside of a
trace a body of numbers that can't be traced is called as it is, round by round.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, TypeAlias

import autograd.numpy as anp
import numpy as np
from autograd.tracer import isbox, trace_stack

from gradwidgets.calculus.program.draft import OutsideError, TracingError
from gradwidgets.calculus.program.program import Program
from gradwidgets.calculus.program.rounds import (
    recorded_repeat,
    recorded_scan,
    repeated,
    scanned,
)
from gradwidgets.calculus.program.tracing import is_recorded, trace

Shape: TypeAlias = tuple[int, ...]
Values: TypeAlias = tuple[Any, ...]


def scan(
    body: Callable[..., Any],
    start: Sequence[Any],
    inputs: Sequence[Any],
    rounds: Any,
    fixed: Sequence[Any] = (),
    whole: Sequence[Any] = (),
) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
    """Round after round, with the results of all rounds: jax.lax.scan with an end.

    A run ends after the round in which the first value kept is not finite: what comes later is NaN.

    Args:
        body: takes the values handed on, this round's inputs, what is fixed and what is whole;
            returns a tuple of what is handed on, and one of what is kept, at least one value.
        start: what is handed to the first round.
        inputs: arrays of shape (C, …), a number or an array of the batch for every round.
        rounds: how many rounds to make; a fraction is rounded down, NaN is 0, and C the most.
        fixed: what is the same in all rounds.
        whole: arrays that the body is handed as they are, as data; then there is no batch.

    Returns:
        What the rounds handed on, and what they kept: tuples of arrays of shape (C, *B), NaN from
        `rounds` on. They have no derivative.

    Raises:
        TracingError: a body that can't be traced, where the loop is traced or of a batch; one that
            reads a traced value which it is not given, or is differentiated from outside.
        ValueError: values, or results of the body, that make no loop.

    >>> rates = np.array([0.1, 0.25, 0.25])
    >>> places, values = scan(lambda x, rate: ((x - rate * 2 * x,), (x * x,)), (4.0,), (rates,), 2)
    >>> places[0], values[0]
    (array([3.2, 1.6, nan]), array([16.  , 10.24,   nan]))
    """
    _refuse_differentiated(rounds, *start, *inputs, *fixed, *whole)
    if np.shape(rounds):
        raise ValueError("the number of rounds is one number for all runs of a batch")
    values = map(_floats, (start, inputs, fixed, whole))
    return _scan(body, rounds, *values)


def _scan(
    body: Callable[..., Any],
    rounds: Any,
    start: Values,
    inputs: Values,
    fixed: Values,
    whole: Values,
) -> tuple[Values, Values]:
    capacity = _capacity(inputs)
    own = (np.shape(part)[1:] for part in inputs)
    shape = np.broadcast_shapes(*map(np.shape, (*start, *fixed)), *own)
    _refuse_batch(shape, whole)
    alone = [shape] * (len(start) + len(inputs) + len(fixed))
    program = _made(body, _flat_rows, len(start), [*alone, *map(np.shape, whole)], shape)
    columns = [_spread(_with_axes(part, len(shape)), (capacity, *shape)) for part in inputs]
    before, behind = ([_spread(value, shape) for value in part] for part in (start, fixed))
    values = [rounds, *before, *columns, *behind, *whole]
    compute = recorded_scan if any(map(isbox, values)) else scanned
    counts = {"handed": len(start), "own": len(inputs), "capacity": capacity}
    found = compute(*values, body=program, **counts)
    parts = [found[:, place] for place in range(len(program.outputs))]
    return tuple(parts[: len(start)]), tuple(parts[len(start) :])


def repeat(
    body: Callable[..., Any],
    start: Sequence[Any],
    rounds: int,
    fixed: Sequence[Any] = (),
    whole: Sequence[Any] = (),
) -> tuple[Any, ...]:
    """Round after round until the body has had enough: jax.lax.while_loop with a bound.

    At least one round is made. Each run of a batch keeps the values of its own last round.

    Args:
        body: takes what is handed on, fixed and whole; returns whether there is another round, and
            a tuple of what is handed on to it.
        start, fixed, whole: as for `scan`.
        rounds: the most rounds, a constant from 1 on.

    Returns:
        What the last round handed on: numbers, or arrays of shape B. They have no derivative.

    Raises:
        TracingError: as for `scan`.
        ValueError: values, or results of the body, that make no loop.

    >>> (x,) = repeat(lambda x, least: (x / 2 > least, (x / 2,)), (10.0,), 100, (1.0,))
    >>> float(x)
    0.625
    """
    _refuse_differentiated(*start, *fixed, *whole)
    start, fixed, whole = map(_floats, (start, fixed, whole))
    if rounds < 1:
        raise ValueError(f"a loop makes at least one round, not {rounds}")
    shape = np.broadcast_shapes(*map(np.shape, (*start, *fixed)))
    _refuse_batch(shape, whole)
    taken = [shape] * (len(start) + len(fixed)) + list(map(np.shape, whole))
    program = _made(body, _flat_round, len(start), taken, shape)
    values = [*(_spread(one, shape) for one in (*start, *fixed)), *whole]
    compute = recorded_repeat if any(map(isbox, values)) else repeated
    found = compute(*values, body=program, handed=len(start), capacity=int(rounds))
    return tuple(found[place] for place in range(len(start)))


# ── values ───────────────────────────────────────────────────────────────────────────────────────


def _refuse_differentiated(*values: Any) -> None:
    if any(isbox(value) and not is_recorded(value) for value in values):
        raise TracingError("a loop has no derivative: differentiate inside of its body")


def _refuse_batch(shape: Shape, whole: Sequence[Any]) -> None:
    if shape and whole:
        raise ValueError("a loop that is handed whole arrays has no batch")


def _floats(values: Sequence[Any]) -> tuple[Any, ...]:
    """Truths as 1 and 0."""
    return tuple(anp.multiply(1.0, value) for value in values)


def _capacity(inputs: Sequence[Any]) -> int:
    lengths = {np.shape(part)[:1] for part in inputs}
    if len(lengths) != 1 or lengths == {()}:
        raise ValueError("a scan has inputs, arrays with as many numbers as there may be rounds")
    return int(lengths.pop()[0])


def _with_axes(part: Any, count: int) -> Any:
    """An input with as many axes behind that of the rounds."""
    length, *rest = np.shape(part)
    if len(rest) == count:
        return part
    return anp.reshape(part, (length, *(1,) * (count - len(rest)), *rest))


def _spread(value: Any, shape: Shape) -> Any:
    return value if np.shape(value) == shape else anp.broadcast_to(value, shape)


# ── bodies ───────────────────────────────────────────────────────────────────────────────────────


class _Untraced(NamedTuple):
    """A body as it is, with what a `Program` of it would tell who calls it round by round."""

    function: Callable[..., Sequence[Any]]
    outputs: Sequence[Any]
    shapes: tuple[None, ...] = (None,)
    of_numbers: bool = False

    def __call__(self, *values: Any) -> Sequence[Any]:
        return self.function(*values)


def _made(
    body: Callable[..., Any],
    flat: Callable[..., Any],
    handed: int,
    taken: Sequence[Shape],
    shape: Shape,
) -> Program | _Untraced:
    """The program of a body, or the body itself where it branches on values."""
    try:
        return _traced(body, flat, handed, taken, shape)
    except TracingError:
        if shape or trace_stack.top >= 0:
            raise

    def called(*values: Any) -> Sequence[Any]:
        return list(flat(body(*values), handed, shape))

    return _Untraced(called, called(*(np.full(one, 0.5)[()] for one in taken)))


def _traced(
    body: Callable[..., Any],
    flat: Callable[..., Any],
    handed: int,
    taken: Sequence[Shape],
    shape: Shape,
) -> Program:
    """The program of a body that takes values of these shapes, and hands on so many."""
    if not handed:
        raise ValueError("a loop hands on at least one value")
    if isinstance(body, Program):
        if body.shapes != tuple(one or None for one in taken) or len(body.outputs) <= handed:
            raise ValueError(
                f"this program is no body for {len(taken)} values of the shape {shape}"
            )
        return body
    examples = [np.full(one, 0.5) for one in taken]
    try:
        return trace(
            lambda *values: flat(body(*values), handed, shape),
            *examples,
            names=_parameters(body, len(taken)),
        )
    except OutsideError as error:
        raise TracingError(_outside(body)) from error


def _flat_rows(result: Any, handed: int, shape: Shape) -> list[Any]:
    """What a scan's body returns, one after the other."""
    first, kept = map(tuple, result)
    _check(first, handed)
    if not kept:
        raise ValueError("the body of a scan keeps at least one value")
    return [_spread(value, shape) for value in _floats((*first, *kept))]


def _flat_round(result: Any, handed: int, shape: Shape) -> list[Any]:
    again, first = result
    _check(first, handed)
    return [_spread(again, shape), *(_spread(value, shape) for value in _floats(first))]


def _check(first: Sequence[Any], handed: int) -> None:
    if len(first) != handed:
        raise ValueError(
            f"the body of the loop is handed {handed} values, and hands on {len(first)}"
        )


def _parameters(body: Callable[..., Any], count: int) -> list[str] | None:
    """The names of a body's parameters, if there is one for each value."""
    parameters = inspect.signature(body).parameters.values()
    named = [one.name for one in parameters if one.kind is one.POSITIONAL_OR_KEYWORD]
    return named if len(named) == len(parameters) == count else None


def _outside(body: Callable[..., Any]) -> str:
    """A reader's words for a body that reads a traced value which it is not given."""
    names = getattr(getattr(body, "__code__", None), "co_freevars", ())
    cells = [cell.cell_contents for cell in getattr(body, "__closure__", None) or ()]
    boxes = {name: value for name, value in zip(names, cells, strict=True) if isbox(value)}
    _refuse_differentiated(*boxes.values())
    read = ", ".join(boxes) or "a traced value"
    return f"the body of a loop reads {read} from outside, where it would freeze: give it in fixed"
