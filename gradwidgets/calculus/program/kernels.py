"""What numpy has to do with whole arrays; `pick` and `call`, which functions may call, too."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

import autograd.numpy as anp
import numpy as np
from autograd.extend import defjvp, defvjp, primitive
from autograd.tracer import isbox

Shape = tuple[int, ...]


def sum(x: Any, axis: Any, keepdims: Any) -> Any:
    """The sum along axes; truths are counted, in floats."""
    return np.add.reduce(x, axis=axis, dtype=float, keepdims=keepdims)


def prod(x: Any, axis: Any, keepdims: Any) -> Any:
    """The product along axes."""
    return np.multiply.reduce(x, axis=axis, dtype=float, keepdims=keepdims)


def max(x: Any, axis: Any, keepdims: Any) -> Any:
    """The greatest along axes."""
    return np.maximum.reduce(x, axis=axis, keepdims=keepdims)


def min(x: Any, axis: Any, keepdims: Any) -> Any:
    """The least along axes."""
    return np.minimum.reduce(x, axis=axis, keepdims=keepdims)


def cumsum(x: Any, axis: int) -> Any:
    """Sums of all up to here along an axis."""
    return np.add.accumulate(x, axis=axis, dtype=float)


def reshape(x: Any, shape: Shape) -> Any:
    """The same numbers in another shape."""
    return np.reshape(x, shape)


def transpose(x: Any, axes: Shape) -> Any:
    """Axis k of the result is axis axes[k] of x."""
    return np.transpose(x, axes)


def broadcast_to(x: Any, shape: Shape) -> Any:
    """As often as the shape wants it."""
    return np.broadcast_to(x, shape)


def indices(index: Sequence[Any]) -> tuple[Any, ...]:
    """An `index` attribute as numpy takes it.

    >>> indices((0, None, (2, -1, -1)))
    (0, None, slice(2, None, -1))
    """
    return tuple(
        slice(part[0], part[1] if part[1] >= 0 else None, part[2])
        if isinstance(part, tuple)
        else part
        for part in index
    )


def take(x: Any, index: Sequence[Any]) -> Any:
    """Elements and slices at fixed places."""
    return x[indices(index)]


def put(x: Any, index: Sequence[Any], shape: Shape) -> Any:
    """Zeros, and x where `take` would look: its adjoint."""
    result = np.zeros(shape)
    result[indices(index)] = x
    return result


def gather(x: Any, places: Any) -> Any:
    """The elements of ravel(x) at an array of places; 0 at the place −1."""
    flat = np.ravel(x)
    where = np.asarray(places, dtype=np.intp)
    return np.append(flat, np.zeros(1, flat.dtype))[where]


def scatter(x: Any, places: Any, shape: Shape) -> Any:
    """Zeros to which every element of x is added at its place: the adjoint of `gather`."""
    where, size = np.asarray(places, dtype=np.intp).ravel(), int(np.prod(shape))
    found = np.bincount(where % (size + 1), np.ravel(x), size + 1)
    return found[:size].reshape(shape)


def stack(*parts: Any) -> Any:
    """Numbers, or arrays of one shape, along a new first axis."""
    return np.array(parts)


def concatenate(*parts: Any, axis: int) -> Any:
    """Arrays one after the other."""
    return np.concatenate(parts, axis)


def einsum(*factors: Any, subscripts: str) -> Any:
    """A sum of products, in Einstein's notation."""
    return contraction(subscripts)(*factors)


@lru_cache(maxsize=1000)
def contraction(subscripts: str) -> Callable[..., Any]:
    """What computes an `einsum`: for vectors and matrices numpy's `dot`, which is faster."""
    letters: dict[str, str] = {}
    plain = "".join(
        letters.setdefault(c, "abcdefghijklmnopqrstuvwxyz"[len(letters)]) if c.isalpha() else c
        for c in subscripts
    )
    return _BY_DOT.get(plain) or (lambda *factors: np.einsum(subscripts, *factors))


_BY_DOT: dict[str, Callable[[Any, Any], Any]] = {
    "a,a->": np.dot,
    "ab,b->a": np.dot,
    "a,ab->b": np.dot,
    "ab,bc->ac": np.dot,
    "ab,cb->ac": lambda a, b: np.dot(a, b.T),
    "ab,ac->bc": lambda a, b: np.dot(a.T, b),
    "ab,a->b": lambda a, b: np.dot(b, a),
    "a,b->ab": lambda a, b: a[:, None] * b,
}


# ── a program in a program ───────────────────────────────────────────────────────────────────────


def called(*values: Any, body: Callable[..., tuple[Any, ...]]) -> Any:
    """The results of a program that gives numbers, side by side."""
    return np.array(body(*(value if np.ndim(value) else float(value) for value in values)))


def called_if(condition: Any, *values: Any, body: Callable[..., tuple[Any, ...]]) -> Any:
    """The same where a condition holds; else NaN, and nothing is computed."""
    if condition:
        return called(*values, body=body)
    return np.full(len(body.outputs), np.nan)  # type: ignore[attr-defined]


def call(body: Callable[..., tuple[Any, ...]], *values: Any, when: Any = True) -> Any:
    """A program that gives numbers as one step of another: its results side by side.

    What is computed alike in many places is so traced and compiled once. It has no derivative.
    Unless `when` holds the results are NaN, and nothing is computed.

    >>> from gradwidgets.calculus.program import trace
    >>> square = trace(lambda x: (x * x, 2.0 * x), 3.0)
    >>> call(square, 4.0), call(square, 4.0, when=False)
    (array([16.,  8.]), array([nan, nan]))
    """
    if any(map(isbox, (when, *values))):
        return recorded_call(body, when, *values)
    return called_if(when, *values, body=body)


@primitive  # type: ignore[untyped-decorator]
def recorded_call(body: Any, when: Any, *values: Any) -> Any:
    """Numbers in the shape of `called`: while a program is traced only the shapes matter."""
    return np.full(len(body.outputs), 0.5)


# ── a place that is computed ─────────────────────────────────────────────────────────────────────


@primitive  # type: ignore[untyped-decorator]
def pick(array: Any, index: Any) -> Any:
    """The element of `array`, along its first axis, at a place that may itself be computed.

    Shape: that of `index`, then the array's other axes. A fraction is rounded down, a place
    outside of the array is its nearest end, and where `index` is NaN the result is NaN. It has a
    derivative by the array, none by the index.

    >>> float(pick(np.array([2.0, 3.0, 5.0]), 1.0)), float(pick(np.array([2.0, 3.0, 5.0]), 9.0))
    (3.0, 5.0)
    """
    if isinstance(index, float) and index == index:  # as a float is, without arrays of one
        last = len(array) - 1
        return np.asarray(array)[last if index > last else int(index) if index > 0 else 0]
    array, index = np.asarray(array), np.asarray(index, dtype=float)
    known = ~np.isnan(index)
    places = np.clip(np.floor(np.where(known, index, 0.0)), 0, len(array) - 1).astype(np.intp)
    return np.where(_spread(known, array.ndim - 1), array[places], np.nan)[()]


def _spread(index: Any, more: int) -> Any:
    return index[(..., *(None,) * more)]


def _picked_from(ans: Any, array: Any, index: Any) -> Callable[[Any], Any]:
    count, others, axes = len(array), anp.ndim(array) - 1, tuple(range(1, 1 + anp.ndim(index)))
    place = anp.clip(anp.floor(index), 0.0, count - 1.0)
    every = np.arange(float(count)).reshape(count, *(1 for _ in axes))
    here = anp.reshape(every == place, (count, *anp.shape(index), *(1,) * others))

    def adjoint(g: Any) -> Any:
        spread = anp.where(here, g, 0.0)
        return anp.sum(spread, axis=axes) if axes else spread

    return adjoint


defvjp(pick, _picked_from, None)
defjvp(pick, lambda g, ans, array, index: pick(g, index), None)
