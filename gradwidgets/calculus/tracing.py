"""Running autograd without surprises: several derivatives in one pass, quiet, one thread at a time.

Every derivative rule is autograd's own. What is added here is only the order of the work: all
partial derivatives come from a single backward pass, element by element on arrays.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
from autograd.core import VJPNode, add_outgrads, vspace
from autograd.tracer import isbox, new_box, trace_stack
from autograd.util import toposort

from gradwidgets.calculus.autograd_changes import held

Function = Callable[..., Any]

# autograd keeps its trace levels in one global stack, so only one thread may trace at a time.
_one_at_a_time = threading.RLock()


@contextmanager
def calm() -> Iterator[None]:
    """Hold autograd for this thread, and silence overflow and the like."""
    with _one_at_a_time, np.errstate(all="ignore"):
        yield


def value_and_partials(function: Function, coordinates: Sequence[Any]) -> tuple[Any, list[Any]]:
    """The value of a function and all its partial derivatives, element by element.

    `coordinates` are numbers or arrays of one shape; each partial has that shape too. The result
    can itself be differentiated by autograd.

    >>> value, (by_x, by_y) = value_and_partials(lambda x, y: x * x * y, (3.0, 2.0))
    >>> float(value), float(by_x), float(by_y)
    (18.0, 12.0, 9.0)
    """
    with trace_stack.new_trace() as level:
        roots = [new_box(c, level, VJPNode.new_root()) for c in coordinates]
        result = held(function(*roots))
    _below_all(result, np.inf)
    if not _depends(result, level):
        return result, [vspace(c).zeros() for c in coordinates]
    return result._value, [_below_all(part, level) for part in _pull_back(result, roots)]


def value_partials_and_seconds(
    function: Function, coordinates: Sequence[Any]
) -> tuple[Any, list[Any], list[list[Any]]]:
    """The value, all partial and all second partial derivatives, element by element.

    Row i of the last result holds ∂²f/∂xᵢ∂xⱼ for every j: it is autograd's derivative of ∂f/∂xᵢ,
    so the symmetry of the Hessian is a result and not an assumption.
    """
    with trace_stack.new_trace() as level:
        roots = [new_box(c, level, VJPNode.new_root()) for c in coordinates]
        value, partials = value_and_partials(function, roots)
    seconds = [
        _pull_back(partial, roots)
        if _depends(partial, level)
        else [vspace(c).zeros() for c in coordinates]
        for partial in partials
    ]
    return _below(value, level), [_below(partial, level) for partial in partials], seconds


def derivatives(function: Function, order: int, *coordinates: Any) -> tuple[Any, ...]:
    """The value, then all partials for order 1, then all second partials for order 2, row by row.

    >>> [float(part) for part in derivatives(lambda x, y: x * x * y, 2, 3.0, 2.0)]
    [18.0, 12.0, 9.0, 4.0, 6.0, 6.0, 0.0]
    """
    if order == 0:
        return (function(*coordinates),)
    if order == 1:
        value, partials = value_and_partials(function, coordinates)
        return (value, *partials)
    value, partials, seconds = value_partials_and_seconds(function, coordinates)
    return (value, *partials, *(part for row in seconds for part in row))


def _depends(result: Any, level: int) -> bool:
    return bool(isbox(result) and result._trace == level)


def _below(result: Any, level: int) -> Any:
    return result._value if _depends(result, level) else result


def _below_all(result: Any, level: float) -> Any:
    """The result, if nothing of a trace from some level on is left in it.

    Raises:
        TypeError: there is: numpy kept a box as an element of its own array.
    """
    if isinstance(result, np.ndarray) and result.dtype.kind == "O":
        raise TypeError("numpy itself has met autograd's values and lost track of them")
    if isbox(result) and result._trace >= level:
        raise TypeError("numpy itself has met autograd's values and lost track of them")
    return result


def _pull_back(result: Any, roots: Sequence[Any]) -> list[Any]:
    """The derivative of the sum of `result` with respect to every root, in one backward pass."""
    wanted = {root._node for root in roots}
    adjoints = {result._node: (vspace(result._value).ones(), False)}
    for node in toposort(result._node):
        if node in wanted:
            continue
        adjoint = adjoints.pop(node)[0]
        for parent, part in zip(node.parents, node.vjp(adjoint), strict=True):
            adjoints[parent] = add_outgrads(adjoints.get(parent), part)
    return [
        adjoints[root._node][0] if root._node in adjoints else vspace(root._value).zeros()
        for root in roots
    ]
