"""A program for one point made into a function of many points at once, by broadcasting.

Every value of the program gets one more axis in front, that of the points; its own axes, those of
the data, stay behind. So a mean over data costs a whole grid about what the arithmetic costs.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from itertools import permutations
from typing import Any, NamedTuple

import autograd.numpy as anp
import numpy as np

from gradwidgets.calculus.program import OPERATIONS, Instruction, Program, Slot, indices


class LiftError(ValueError):
    """An operation that is not known to work alike with one more axis."""


class Lifted(NamedTuple):
    """A program of numbers as a function of as many one-dimensional arrays, all of one length.

    `width` is how many numbers stand for a point in its largest value.
    """

    function: Callable[..., Any]
    width: int


def lift(program: Program) -> Lifted:
    """The first result of a program at many points, written with autograd.numpy.

    Raises:
        LiftError: an operation that is not in the list of those that lift.

    >>> from gradwidgets.calculus.program import trace
    >>> data = np.array([1.0, 2.0, 3.0])
    >>> program = trace(lambda m: (anp.mean((data - m) ** 2),), 0.5)
    >>> lift(program).function(np.array([2.0, 3.0]))
    array([0.66666667, 1.66666667])
    """
    rules = [_rule(step) for step in program.instructions]
    own: dict[int, tuple[int, ...]] = dict.fromkeys(range(len(program.names)), ())
    own |= {step.output: step.shape or () for step in program.instructions}
    (result, *_) = program.outputs

    def function(*points: Any) -> Any:
        values = dict(enumerate(points))
        count = np.shape(points[0])[0]
        for step, rule in zip(program.instructions, rules, strict=True):
            parts = [_part(argument, values, own) for argument in step.arguments]
            values[step.output] = rule(step, parts, count)
        return values[result.place] if isinstance(result, Slot) else result + 0.0 * points[0]

    sizes = [math.prod(shape) for shape in own.values()]
    return Lifted(function, max(map(int, sizes), default=1))


class _Part(NamedTuple):
    """An argument: its value, with the points' axis in front if it is `moving`, and its shape."""

    value: Any
    shape: tuple[int, ...]
    moving: bool


def _part(argument: Any, values: Mapping[int, Any], own: Mapping[int, tuple[int, ...]]) -> _Part:
    if isinstance(argument, Slot):
        return _Part(values[argument.place], own[argument.place], True)
    return _Part(argument, np.shape(argument), False)


Rule = Callable[[Instruction, Sequence[_Part], int], Any]


def _rule(step: Instruction) -> Rule:
    if OPERATIONS[step.operation].elementwise:
        return _elementwise
    if step.operation in _RULES:
        return _RULES[step.operation]
    raise LiftError(f"{step.operation} is not known to lift")


def _aligned(part: _Part, dimensions: int) -> Any:
    """A value whose own axes are the last of so many, as broadcasting needs it."""
    missing = dimensions - len(part.shape)
    if not part.moving or not missing:
        return part.value
    return anp.reshape(part.value, (-1, *(1,) * missing, *part.shape))


def _spread(part: _Part, shape: tuple[int, ...], count: int) -> Any:
    """A value with the points' axis, and with its own axes broadcast to a shape."""
    return _aligned(part, len(shape)) + anp.zeros((count, *shape))


def _elementwise(step: Instruction, parts: Sequence[_Part], count: int) -> Any:
    dimensions = len(step.shape or ())
    return getattr(anp, step.operation)(*(_aligned(part, dimensions) for part in parts))


def _reduction(step: Instruction, parts: Sequence[_Part], count: int) -> Any:
    (whole,), named = parts, dict(step.attributes)
    kept, axes = named["keepdims"], named["axis"]
    axes = tuple(range(len(whole.shape))) if axes is None else axes
    moved = tuple(axis + 1 for axis in axes)
    return getattr(anp, step.operation)(whole.value, axis=moved, keepdims=kept)


def _cumulated(step: Instruction, parts: Sequence[_Part], count: int) -> Any:
    return anp.cumsum(parts[0].value, dict(step.attributes)["axis"] + 1)


def _reshaped(step: Instruction, parts: Sequence[_Part], count: int) -> Any:
    return anp.reshape(parts[0].value, (count, *(step.shape or ())))


def _transposed(step: Instruction, parts: Sequence[_Part], count: int) -> Any:
    axes = dict(step.attributes)["axes"]
    return anp.transpose(parts[0].value, (0, *(axis + 1 for axis in axes)))


def _broadcast(step: Instruction, parts: Sequence[_Part], count: int) -> Any:
    return _spread(parts[0], step.shape or (), count)


def _taken(step: Instruction, parts: Sequence[_Part], count: int) -> Any:
    return parts[0].value[(slice(None), *indices(dict(step.attributes)["index"]))]


def _put(step: Instruction, parts: Sequence[_Part], count: int) -> Any:
    """Zeros around a value: its own places, and −1 for a zero."""
    (part,), index = parts, indices(dict(step.attributes)["index"])
    places = np.full(step.shape or (), -1)
    places[index] = np.arange(math.prod(part.shape)).reshape(part.shape)
    return _at(part, places, count)


def _gathered(step: Instruction, parts: Sequence[_Part], count: int) -> Any:
    whole, places = parts
    if places.moving or not whole.moving:
        raise LiftError("places that are computed")
    return _at(whole, np.asarray(places.value, dtype=np.intp), count)


def _at(part: _Part, places: Any, count: int) -> Any:
    flat = anp.reshape(part.value, (count, math.prod(part.shape)))
    if np.min(places, initial=0) < 0:
        flat = anp.concatenate([flat, np.zeros((count, 1))], axis=1)
    return flat[:, places]


def _stacked(step: Instruction, parts: Sequence[_Part], count: int) -> Any:
    """An array of the arguments, one after the other along a new axis in front."""
    shape = (step.shape or ())[1:]
    rows = [anp.reshape(_spread(part, shape, count), (count, 1, *shape)) for part in parts]
    return anp.concatenate(rows, axis=1)


def _joined(step: Instruction, parts: Sequence[_Part], count: int) -> Any:
    whole = [_spread(part, part.shape, count) for part in parts]
    return anp.concatenate(whole, axis=dict(step.attributes)["axis"] + 1)


def _einsum(step: Instruction, parts: Sequence[_Part], count: int) -> Any:
    operands, _, result = dict(step.attributes)["subscripts"].partition("->")
    terms = operands.split(",")
    if len(terms) == 2:
        factors = sorted(zip(terms, parts, strict=True), key=lambda factor: not factor[1].moving)
        for (one, left), (other, right) in permutations(factors):
            rows, columns = _without(one, other), _without(other, one)
            summed = _without(one, rows)
            if len(summed) < 2 and _is_plain(one, other) and rows + columns == result:
                before = _as_matrix(left, one, rows, summed)
                product = _product(before, _as_matrix(right, other, summed, columns))
                return anp.reshape(product, (count, *(step.shape or ())))
    return _with_points(terms, result, parts)


def _without(letters: str, others: str) -> str:
    return "".join(letter for letter in letters if letter not in others)


def _is_plain(*terms: str) -> bool:
    return all(len(set(term)) == len(term) for term in terms)


def _product(one: Any, other: Any) -> Any:
    """Of two matrices at every point; all points' rows at once where the other is the same."""
    if len(one.shape) > len(other.shape):
        one = anp.reshape(one, (one.shape[0] * one.shape[1], one.shape[2]))
    return anp.matmul(one, other)


def _as_matrix(part: _Part, term: str, rows: str, columns: str) -> Any:
    """A factor with the axes of these letters as rows and as columns."""
    sizes = dict(zip(term, part.shape, strict=True))
    order = [term.index(letter) for letter in rows + columns]
    points = (part.value.shape[0],) if part.moving else ()
    axes = [axis + len(points) for axis in order]
    turned = anp.transpose(part.value, (*range(len(points)), *axes))
    shape = (math.prod(sizes[letter] for letter in letters) for letters in (rows, columns))
    return anp.reshape(turned, (*points, *shape))


def _with_points(terms: Sequence[str], result: str, parts: Sequence[_Part]) -> Any:
    """One more letter for the points, in front of what moves and of the result."""
    free = next((letter for letter in "ZYXWVUTSRQ" if letter not in "".join(terms)), "")
    if not free:
        raise LiftError("an einsum of too many axes")
    pairs = zip(terms, parts, strict=True)
    operands = ",".join(free * part.moving + term for term, part in pairs)
    return anp.einsum(f"{operands}->{free}{result}", *(part.value for part in parts))


def _of_a_matrix(step: Instruction, parts: Sequence[_Part], count: int) -> Any:
    return getattr(anp.linalg, step.operation)(parts[0].value)


_RULES: dict[str, Rule] = {
    **dict.fromkeys(("sum", "prod", "max", "min", "any", "all"), _reduction),
    "cumsum": _cumulated,
    "reshape": _reshaped,
    "transpose": _transposed,
    "broadcast_to": _broadcast,
    "take": _taken,
    "put": _put,
    "gather": _gathered,
    "stack": _stacked,
    "concatenate": _joined,
    "einsum": _einsum,
    **dict.fromkeys(("inv", "det"), _of_a_matrix),
}
