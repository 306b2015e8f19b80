"""Recording: while a function runs, each primitive of autograd that touches an input is noted.

Where the function takes derivatives, autograd's rules are such primitives too, so what is noted
*is* autograd's derivative.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache, wraps
from typing import Any

import numpy as np
from autograd.builtins import SequenceBox
from autograd.tracer import Node, isbox, new_box, trace_stack

from gradwidgets.calculus.autograd_changes import recording
from gradwidgets.calculus.program.cleaning import cleaned
from gradwidgets.calculus.program.data import Listing, slot
from gradwidgets.calculus.program.draft import Call, Draft, TracingError, constant, shape_of
from gradwidgets.calculus.program.kernels import call
from gradwidgets.calculus.program.program import Program
from gradwidgets.calculus.program.rules import RULES
from gradwidgets.calculus.tracing import calm


def trace(
    function: Callable[..., Any],
    *examples: Any,
    names: Sequence[str] | None = None,
) -> Program:
    """Record what a function does with its arguments, and clean the record.

    Args:
        function: written with autograd.numpy; it may call autograd's grad, jacobian and so on. It
            returns a tuple of numbers and arrays.
        examples: an argument each, of the type and shape with which the program will be called.
        names: what the inputs are called.

    Raises:
        TracingError: the function asks for a value's truth, or does something for which there is
            no row in the table of operations.
    """
    listing = noted(function, [_float(example) for example in examples], names)
    return Program(listing.names, listing.shapes, listing.instructions, listing.outputs)


def noted(
    function: Callable[..., Any], values: Sequence[Any], names: Sequence[str] | None = None
) -> Listing:
    """What a function does with values, numpy's own, some of them perhaps of logic."""
    shapes = tuple(map(shape_of, values))
    draft = Draft(shapes, [getattr(value, "dtype", None) == np.bool_ for value in values])
    with calm(), recording(_refuse_truth), trace_stack.new_trace() as level:
        boxes = [box_of(draft, level, value, slot(place)) for place, value in enumerate(values)]
        results = _items(function(*boxes))
        outputs = tuple(_output(result, level) for result in results)
    inputs = tuple(names or (f"x{place}" for place in range(len(values))))
    return cleaned(Listing(inputs, shapes, tuple(draft.steps), outputs))


def in_one_step(function: Callable[..., Sequence[Any]]) -> Callable[..., Sequence[Any]]:
    """A function of numbers whose own program is one step of every program that calls it.

    Arrays, and numbers by which is differentiated, go through the function itself.

    >>> double = in_one_step(lambda x: (2.0 * x,))
    >>> len(trace(lambda x: (double(x)[0] + double(x)[0],), 3.0))
    3
    """

    @cache
    def program(count: int) -> Program:
        return trace(function, *[0.5] * count)

    @wraps(function)
    def called(*numbers: Any) -> Sequence[Any]:
        if any(map(np.ndim, numbers)) or any(map(_is_differentiated, numbers)):
            return function(*numbers)
        own = program(len(numbers))
        found = call(own, *numbers)
        return [found[place] for place in range(len(own.outputs))]

    return called


def recorded_once(function: Callable[..., Any]) -> Callable[..., Any]:
    """A function of numbers that a recording runs only once: each call of it is one step.

    For a function that gives one number, to be used within one recording, as long as what it reads
    beside its arguments stays the same. Elsewhere the function itself is called.

    >>> cube = recorded_once(lambda x: x * x * x)
    >>> len(trace(lambda x: (cube(x) - cube(2.0 * x),), 3.0))
    6
    """
    made: list[Program] = []

    @wraps(function)
    def called(*numbers: Any) -> Any:
        boxes = list(filter(isbox, numbers))
        if not boxes or any(map(np.ndim, numbers)) or not all(map(is_recorded, boxes)):
            return function(*numbers)
        bare = list(map(_bare, numbers))
        if not made:
            made.append(trace(lambda *own: (function(*own),), *bare))
        return call(made[0], *numbers)[0]

    return called


def is_recorded(box: Any) -> bool:
    """Whether a box stands for a value of a program, not for one by which is differentiated."""
    return isinstance(box._node, _Record)


def box_of(draft: Draft, level: int, value: Any, meaning: Any) -> Any:
    """A value of a recording that stands for a slot or a constant of its draft."""
    return new_box(value, level, _Record.new_root(draft, meaning))


def _is_differentiated(number: Any) -> bool:
    return isbox(number) and not is_recorded(number)


def _bare(number: Any) -> Any:
    return _bare(number._value) if isbox(number) else number


class _Record(Node):  # type: ignore[misc]
    """A node that notes its operation instead of a derivative, and what its value stands for."""

    __slots__ = ("draft", "meaning")

    def __init__(
        self, value: Any, fun: Any, args: Any, kwargs: Any, argnums: Any, parents: Any
    ) -> None:
        arguments = list(args)
        for argnum, parent in zip(argnums, parents, strict=True):
            arguments[argnum] = parent.meaning
        self.draft = parents[0].draft
        _refuse_what_is_not_real(fun.fun, value)
        rule = RULES.get(fun.fun)
        if rule is None:
            raise TracingError(_without_row(fun.fun))
        self.meaning = rule(self.draft, Call(fun.fun, tuple(arguments), kwargs, value))

    def initialize_root(self, draft: Draft, meaning: Any) -> None:
        self.draft, self.meaning = draft, meaning


def _refuse_truth(node: Node) -> None:
    if isinstance(node, _Record):
        raise TracingError("it decides by values: an “if”, “while”, “and”, “max” or a look-up")


_SHAPED_BY_VALUES = {np.nonzero, np.flatnonzero, np.argwhere, np.unique, np.compress, np.extract}


def _refuse_what_is_not_real(primitive: Any, value: Any) -> None:
    """What would be wrong for other values, or in another language, without any sign of it."""
    if primitive in _SHAPED_BY_VALUES:
        raise TracingError("the shape of what it computes depends on values")
    if type(value) is not np.float64 and isinstance(value, np.ndarray | np.generic | complex):
        dtype = np.asarray(value).dtype
        if dtype.kind == "c":
            raise TracingError("it computes with complex numbers")
        if dtype.kind == "f" and dtype.itemsize < 8:
            raise TracingError("it computes with fewer digits than floats have")


def _without_row(primitive: Any) -> str:
    """A student's words for a primitive that is not in the table."""
    home = str(getattr(primitive, "__module__", "")).partition(".")[0]
    owner = "autograd's " if home in ("numpy", "autograd", "scipy") else ""
    name = getattr(primitive, "__name__", repr(primitive))
    return f"{owner}{name} has no row in the table of operations"


def _items(result: Any) -> list[Any]:
    if isinstance(result, SequenceBox):
        return [result[place] for place in range(len(result))]
    return list(result)


def _output(result: Any, level: int) -> Any:
    if isbox(result) and result._trace == level:
        return constant(result._node.meaning)
    return constant(result)


def _float(value: Any) -> Any:
    return np.asarray(value, dtype=float) if np.ndim(value) else np.float64(value)
