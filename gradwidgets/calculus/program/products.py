"""How autograd's products of vectors and matrices are written: as sums in Einstein's notation."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
from autograd.numpy import numpy_vjps, numpy_wrapper

from gradwidgets.calculus.program.draft import Call, Draft, Rule, TracingError, constant, refuse
from gradwidgets.calculus.program.moves import shaped

LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
Letters = tuple[str, str, str]  # of two factors and their product


def _of_tensordot(one: int, other: int, axes: Any) -> Letters:
    """The letters of numpy.tensordot for factors with so many axes."""
    if isinstance(axes, int | np.integer):
        first, second = list(range(one - axes, one)), list(range(axes))
    else:
        first, second = (np.atleast_1d(np.asarray(part, dtype=int)).tolist() for part in axes)
    a = LETTERS[:one]
    b = list(LETTERS[one : one + other])
    for k, m in zip(first, second, strict=True):
        b[m] = a[k]
    summed = {a[k] for k in first}
    return a, "".join(b), "".join(c for c in (*a, *b) if c not in summed)


def _of_dot(one: int, other: int) -> Letters:
    if not one or not other:
        return _of_tensordot(one, other, 0)
    return _of_tensordot(one, other, ([one - 1], [max(other - 2, 0)]))


def _of_inner(one: int, other: int) -> Letters:
    if not one or not other:
        return _of_tensordot(one, other, 0)
    return _of_tensordot(one, other, ([one - 1], [other - 1]))


def _of_matmul(one: int, other: int) -> Letters:
    """Matrices side by side, along as many first axes as the factors have."""
    a, b, product = _of_dot(min(one, 2), min(other, 2))
    first = LETTERS[10 : 10 + max(one, other) - 2] if max(one, other) > 2 else ""
    before = [first[len(first) - max(n - 2, 0) :] for n in (one, other)]
    return before[0] + a, before[1] + b, first + product


def _summed(draft: Draft, call: Call, subscripts: str, *factors: Any) -> Any:
    factors, shape = tuple(map(constant, factors)), np.shape(call.value)
    left, _, right = subscripts.partition("->")
    if left in (f"{right},", f",{right}"):  # a number scales the other factor
        return draft.emit("multiply", *factors, shape=shape)
    return draft.emit("einsum", *factors, shape=shape, subscripts=subscripts)


def _product(letters: Any, draft: Draft, call: Call) -> Any:
    one, other = map(constant, call.arguments[:2])
    shapes = draft.shape(one), draft.shape(other)
    a, b, product = letters(len(shapes[0]), len(shapes[1]))
    sizes: dict[str, int] = {}
    for letter, size in zip(a + b, shapes[0] + shapes[1], strict=True):
        if sizes.setdefault(letter, size) != size:
            raise TracingError("matmul of stretched stacks has no row in the table of operations")
    return _summed(draft, call, f"{a},{b}->{product}", one, other)


def _dot(draft: Draft, call: Call) -> Any:
    refuse(call, call.keywords)
    return _product(_of_dot, draft, call)


def _tensordot(draft: Draft, call: Call) -> Any:
    found = call.named("a b axes")
    axes = found.get("axes", 2)
    return _product(partial(_of_tensordot, axes=axes), draft, call)


def _outer(draft: Draft, call: Call) -> Any:
    flat = [constant(value) for value in call.arguments]
    flat = [shaped(draft, value, (int(np.prod(draft.shape(value))),)) for value in flat]
    return _summed(draft, call, "a,b->ab", *flat)


def _dot_adjoint(place: int, draft: Draft, call: Call) -> Any:
    factor, adjoint, one, other = call.arguments
    return _adjoint(place, draft, call, _of_dot(one[1], other[1]), factor, adjoint)


def _tensordot_adjoint(place: int, draft: Draft, call: Call) -> Any:
    factor, adjoint, axes, one, other = call.arguments
    return _adjoint(place, draft, call, _of_tensordot(one, other, axes), factor, adjoint)


def _adjoint(
    place: int, draft: Draft, call: Call, letters: Letters, factor: Any, adjoint: Any
) -> Any:
    """The adjoint of the factor at this place, from the other factor and the product's adjoint."""
    wanted, given = letters[place], letters[1 - place]
    subscripts = f"{letters[2]},{given}->{wanted}"
    parts = (adjoint, factor)
    if place:
        subscripts, parts = f"{given},{letters[2]}->{wanted}", (factor, adjoint)
    return _summed(draft, call, subscripts, *parts)


def _einsum(draft: Draft, call: Call) -> Any:
    refuse(call, call.keywords, "optimize")
    if not isinstance(call.arguments[0], str):
        raise TracingError("einsum without a text has no row in the table of operations")
    subscripts, *factors = call.arguments
    factors = list(map(constant, factors))
    empty = [np.broadcast_to(0.0, draft.shape(factor)) for factor in factors]
    left, right, _ = numpy_wrapper.parse_einsum_input(subscripts, *empty)
    return _summed(draft, call, f"{left}->{right}", *factors)


def _solved(name: str, draft: Draft, call: Call) -> Any:
    parts = tuple(map(constant, call.arguments))
    if len(draft.shape(parts[0])) != 2 or call.keywords:
        raise TracingError(f"{name} of several matrices has no row in the table of operations")
    return draft.emit(name, *parts, shape=np.shape(call.value))


RULES: dict[Any, Rule] = {
    np.dot: _dot,
    np.inner: partial(_product, _of_inner),
    np.matmul: partial(_product, _of_matmul),
    np.tensordot: _tensordot,
    np.outer: _outer,
    np.einsum: _einsum,
    numpy_vjps.dot_adjoint_0.fun: partial(_dot_adjoint, 0),
    numpy_vjps.dot_adjoint_1.fun: partial(_dot_adjoint, 1),
    numpy_vjps.tensordot_adjoint_0.fun: partial(_tensordot_adjoint, 0),
    numpy_vjps.tensordot_adjoint_1.fun: partial(_tensordot_adjoint, 1),
    **{getattr(np.linalg, name): partial(_solved, name) for name in ("solve", "inv", "det")},
}
