"""All that this package changes inside of autograd, and why: nowhere else is it touched.

Autograd has no way in for these; each change keeps what autograd does for everybody else.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from copy import deepcopy
from typing import Any

import numpy as np
from autograd import core, tracer
from autograd.core import VJPNode, defvjp, identity_vjp
from autograd.numpy.numpy_boxes import ArrayBox
from autograd.numpy.numpy_vspaces import ArrayVSpace
from autograd.tracer import Box, Node, TraceStack, isbox, notrace_primitives, primitive

# A comparison of two numbers gives numpy's bool. autograd never boxes it, because its own nodes do
# not follow comparisons; a recording does.
ArrayBox.register(np.bool_)


# ── the level of traces ──────────────────────────────────────────────────────────────────────────


@contextmanager
def _balanced(stack: TraceStack) -> Iterator[int]:
    """autograd's `new_trace`; its own leaves the stack raised after an exception."""
    stack.top += 1
    try:
        yield stack.top
    finally:
        stack.top -= 1


TraceStack.new_trace = _balanced


# ── functions of plain numbers ───────────────────────────────────────────────────────────────────

_usual_search = tracer.find_top_boxed_args


_PLAIN = {float, int, bool, np.float64, np.bool_, np.ndarray}  # of which none wants to be asked


def _found(arguments: tuple[Any, ...]) -> Any:
    """Which arguments are boxed, by the highest trace.

    Much is computed in autograd.numpy without a trace, or is recorded, and then autograd's search,
    which looks for foreign arrays too, took longer than numpy.
    """
    top, boxed, kind = -1, [], None
    for place, argument in enumerate(arguments):
        own = type(argument)
        if own in _PLAIN:
            continue
        if own not in Box.types:
            return _usual_search(arguments)
        if argument._trace > top:
            top, boxed, kind = argument._trace, [(place, argument)], type(argument._node)
        elif argument._trace == top:
            boxed.append((place, argument))
    return boxed, top, kind, False


tracer.find_top_boxed_args = _found


# ── boxes of a kind of their own, for tapes ──────────────────────────────────────────────────────

_makers: dict[type[Node], Callable[[Any, Node], Any]] = {}
_own: set[type[Box]] = set()
_usual_box = tracer.new_box


def admit(
    node: type[Node],
    boxes: Collection[type[Box]],
    make: Callable[[Any, Node], Any],
    followed: Collection[Any],
) -> None:
    """Let `make` choose the box of a value and a node of this type, for numbers and arrays.

    autograd chooses boxes by the value's type alone. `boxes` are those that may come out; its own
    traces above take them for arrays. Where `make` returns None, autograd chooses. Of the functions
    that it does not follow, because they have no derivative, those `followed` are noted.
    """
    _makers[node] = make
    _own.update(boxes)
    Box.types |= set(boxes)
    Box.type_mappings |= dict.fromkeys(boxes, ArrayBox)
    notrace_primitives[node] |= notrace_primitives[VJPNode] - set(followed)


def _new_box(value: Any, trace: float, node: Node) -> Any:
    make = _makers.get(type(node))
    box = None if make is None else make(value, node)
    return _usual_box(value, trace, node) if box is None else box


def held(result: Any) -> Any:
    """What a function of boxes has found: if it is a box of ours around another, the other one."""
    return result._value if type(result) in _own and isbox(result._value) else result


def _trace(start: Node, function: Any, x: Any) -> Any:
    """autograd's trace, which is told of nothing that stands above it."""
    return tracer.trace(start, lambda x: held(function(x)), x)


tracer.new_box, core.trace = _new_box, _trace


# ── while a program is recorded ──────────────────────────────────────────────────────────────────


@primitive  # type: ignore[untyped-decorator]
def sparse_sum(space: Any, before: Any, new: Any) -> Any:
    """autograd's `sparse_add` into a copy: what it adds to may be a constant of the program."""
    return new.mut_add(space.zeros() if before is None else deepcopy(before))


defvjp(sparse_sum, None, identity_vjp, identity_vjp)


@contextmanager
def recording(refuse: Callable[[Node], None]) -> Iterator[None]:
    """No sum is made in place; `refuse` hears of every box that is asked for its truth or hash.

    A sum in place would be noted after it had changed its argument; a truth would freeze the path
    that the function takes, and so would a look-up in a set or a dict, where a box is not the
    number that it holds. `refuse` is called with the nodes of the box, outermost first.
    """
    usual = Box.__bool__, ArrayBox.__hash__

    def asking(answer: Callable[[Any], Any]) -> Callable[[Any], Any]:
        def asked(box: Any) -> Any:
            inner = box
            while isbox(inner):
                refuse(inner._node)
                inner = inner._value
            return answer(box)

        return asked

    in_place = ArrayVSpace._mut_add, core.sparse_add
    Box.__bool__, ArrayBox.__hash__ = map(asking, usual)
    ArrayVSpace._mut_add, core.sparse_add = ArrayVSpace._add, sparse_sum
    try:
        yield
    finally:
        Box.__bool__, ArrayBox.__hash__ = usual
        ArrayVSpace._mut_add, core.sparse_add = in_place
