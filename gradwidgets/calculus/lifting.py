"""A program for one point made into a function of many points at once, by broadcasting.

Every value of the program gets one more axis in front, that of the points; its own axes, those of
the data, stay behind. So a mean over data costs a whole grid about what the arithmetic costs.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from numbers import Real
from typing import Any, NamedTuple

import autograd.numpy as anp
import numpy as np
from autograd.numpy.numpy_boxes import ArrayBox
from autograd.numpy.numpy_wrapper import (
    _array_from_scalar_or_array,
    array_from_args,
    concatenate_args,
)
from autograd.tracer import trace_primitives_map

from gradwidgets.calculus.program import Instruction, Program, Slot


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
    if isinstance(argument, Real) and not isinstance(argument, bool | int | float):
        argument = float(argument)
    return _Part(argument, np.shape(argument) if _is_numeric(argument) else (), False)


def _is_numeric(argument: Any) -> bool:
    return isinstance(argument, float | int | np.ndarray | np.generic)


Rule = Callable[[Instruction, Sequence[_Part], int], Any]


def _rule(step: Instruction) -> Rule:
    function = step.primitive
    if function in _RULES:
        return _RULES[function]
    if isinstance(function, np.ufunc) and not function.signature and function.nout == 1:
        return _elementwise
    raise LiftError(f"{getattr(function, '__name__', function)} is not known to lift")


def _autograd(function: Any) -> Any:
    return trace_primitives_map.get(function, function)


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
    return _autograd(step.primitive)(*(_aligned(p, dimensions) for p in parts), **step.keywords)


def _reduction(step: Instruction, parts: Sequence[_Part], count: int) -> Any:
    (whole, *rest), keywords = parts, dict(step.keywords)
    if len(rest) > 1 or not keywords.keys() <= {"axis", "keepdims", "ddof"}:
        raise LiftError("a sum with unusual arguments")
    axis = rest[0].value if rest else keywords.pop("axis", None)
    return _autograd(step.primitive)(whole.value, axis=_moved(axis, whole.shape), **keywords)


def _moved(axis: Any, shape: tuple[int, ...]) -> Any:
    """The axes of a value of this shape, where the points' axis stands before them."""
    if axis is None:
        axis = tuple(range(len(shape)))
    if isinstance(axis, tuple | list):
        return tuple(_moved(a, shape) for a in axis)
    return int(axis) % len(shape) + 1


def _same_numbers(step: Instruction, parts: Sequence[_Part], count: int) -> Any:
    """What leaves the numbers in their order, in whatever shape."""
    if step.keywords.get("order", "C") != "C" or len(parts) > 2:
        raise LiftError("another order than that of rows")
    return anp.reshape(parts[0].value, (count, *(step.shape or ())))


def _transpose(step: Instruction, parts: Sequence[_Part], count: int) -> Any:
    whole, *rest = parts
    axes = rest[0].value if rest else step.keywords.get("axes")
    axes = range(len(whole.shape))[::-1] if axes is None else axes
    return anp.transpose(whole.value, (0, *(_moved(axis, whole.shape) for axis in axes)))


def _part_of(step: Instruction, parts: Sequence[_Part], count: int) -> Any:
    index = parts[1].value if isinstance(parts[1].value, tuple) else (parts[1].value,)
    if not parts[0].moving or not all(map(_is_basic, index)):
        alone = len(index) == 1 and parts[0].moving and isinstance(index[0], list | np.ndarray)
        if not alone:
            raise LiftError("an index of arrays among others")
    return parts[0].value[(slice(None), *index)]


def _is_basic(index: Any) -> bool:
    return index is None or index is Ellipsis or type(index) is int or isinstance(index, slice)


def _stacked(step: Instruction, parts: Sequence[_Part], count: int) -> Any:
    """An array of the arguments, one after the other along a new axis in front."""
    kinds, keywords, *items = parts
    if kinds.value or keywords.value:
        raise LiftError("an array of a given kind")
    shape = (step.shape or ())[1:]
    rows = [anp.reshape(_spread(item, shape, count), (count, 1, *shape)) for item in items]
    return anp.concatenate(rows, axis=1)


def _copied(step: Instruction, parts: Sequence[_Part], count: int) -> Any:
    if parts[0].value or parts[1].value:
        raise LiftError("an array of a given kind")
    return parts[2].value


def _joined(step: Instruction, parts: Sequence[_Part], count: int) -> Any:
    axis, *items = parts
    whole = [_spread(item, item.shape, count) for item in items]
    return anp.concatenate(whole, axis=_moved(axis.value, items[0].shape))


def _product(step: Instruction, parts: Sequence[_Part], count: int) -> Any:
    """dot, inner and matmul of vectors and matrices, as products of matrices."""
    one, other = parts[:2]
    if not (one.shape and other.shape):
        return _autograd(np.multiply)(*(_aligned(p, len(step.shape or ())) for p in (one, other)))
    if len(one.shape) > 2 or len(other.shape) > 2 or len(parts) > 2 or step.keywords:
        raise LiftError("a product of more than two axes")
    left = _as_matrix(one, (1, *one.shape[-1:]))
    right = _as_matrix(other, (*other.shape[-1:], 1))
    if step.primitive is np.inner and len(other.shape) == 2:
        right = anp.swapaxes(right, -1, -2)
    return anp.reshape(anp.matmul(left, right), (count, *(step.shape or ())))


def _as_matrix(part: _Part, vector: tuple[int, ...]) -> Any:
    if len(part.shape) == 2:
        return part.value
    return anp.reshape(part.value, (-1, *vector) if part.moving else vector)


def _outer(step: Instruction, parts: Sequence[_Part], count: int) -> Any:
    rows, columns = (anp.reshape(part.value, (-1, math.prod(part.shape))) for part in parts)
    return rows[:, :, None] * columns[:, None, :]


def _einsum(step: Instruction, parts: Sequence[_Part], count: int) -> Any:
    """One more letter for the points, in front of what moves and of the result."""
    text = parts[0].value
    operands, arrow, result = text.replace(" ", "").partition("->") if type(text) is str else "..."
    free = next((letter for letter in "ZYXWVUTSRQ" if letter not in text), "")
    if not (arrow and free) or "." in text or step.keywords:
        raise LiftError("an einsum without “->”")
    terms = zip(operands.split(","), parts[1:], strict=True)
    operands = ",".join(free * part.moving + letters for letters, part in terms)
    return anp.einsum(f"{operands}->{free}{result}", *(part.value for part in parts[1:]))


def _length(step: Instruction, parts: Sequence[_Part], count: int) -> Any:
    if len(parts) > 1 or step.keywords:
        raise LiftError("a norm of another kind")
    whole = parts[0]
    return anp.sqrt(anp.sum(whole.value * whole.value, axis=_moved(None, whole.shape)))


def _along_an_axis(step: Instruction, parts: Sequence[_Part], count: int) -> Any:
    whole, *rest = parts
    axis = rest[0].value if rest else step.keywords.get("axis")
    if axis is None and len(whole.shape) != 1:
        raise LiftError("a cumulated sum of all")
    return anp.cumsum(whole.value, _moved(-1 if axis is None else axis, whole.shape))


def _of_matrices(step: Instruction, parts: Sequence[_Part], count: int) -> Any:
    if len(parts[0].shape) != 2 or len(parts) > 1 or step.keywords:
        raise LiftError("more than one matrix")
    return _autograd(step.primitive)(parts[0].value)


_RULES: dict[Any, Rule] = {
    **dict.fromkeys((np.where, np.clip), _elementwise),
    **dict.fromkeys((np.sum, np.mean, np.prod, np.max, np.min, np.var, np.std), _reduction),
    **dict.fromkeys((np.any, np.all), _reduction),
    **dict.fromkeys((np.reshape, np.ravel, np.squeeze, np.expand_dims), _same_numbers),
    **dict.fromkeys((np.atleast_1d, np.atleast_2d), _same_numbers),
    **dict.fromkeys((np.dot, np.inner, np.matmul), _product),
    **dict.fromkeys((np.linalg.det, np.linalg.inv), _of_matrices),
    np.transpose: _transpose,
    np.outer: _outer,
    np.einsum: _einsum,
    np.linalg.norm: _length,
    np.cumsum: _along_an_axis,
    ArrayBox.__getitem__.fun: _part_of,
    array_from_args.fun: _stacked,
    _array_from_scalar_or_array.fun: _copied,
    concatenate_args.fun: _joined,
}
