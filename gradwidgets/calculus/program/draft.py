"""A program while it is written: the calls that are met, and instructions of the table for them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from numbers import Real
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from autograd.tracer import isbox

from gradwidgets.calculus.program.data import (
    Attributes,
    Instruction,
    Listing,
    Shape,
    Slot,
    call_key,
    is_truth,
    slot,
)
from gradwidgets.calculus.program.operations import OPERATIONS


class TracingError(ValueError):
    """Why a function can't be traced: it decides by values, or uses what is not in the table."""


class OutsideError(TracingError):
    """What is traced by itself reads a value of a trace around it, which would freeze."""


class Sparse(NamedTuple):
    """What autograd adds into zeros: `value` at an index of an array, or of a container."""

    value: Any
    index: Any
    space: Any


class Draft:
    """Instructions in the order in which they were run, with what is known of every value.

    What was computed before is not computed again, and a product with one is its other factor.
    """

    def __init__(self, shapes: Sequence[Shape], truths: Sequence[bool]) -> None:
        self.steps: list[Instruction] = []
        self.shapes: list[Shape] = list(shapes)
        self.truths: dict[int, bool] = dict(enumerate(truths))
        self._known: dict[Any, Any] = {}

    def emit(self, operation: str, *arguments: Any, shape: Shape, **attributes: Any) -> Any:
        """Write an instruction down, and return its slot; of constants alone, the result."""
        return self.note(operation, arguments, tuple(attributes.items()), shape or None)

    def note(
        self, operation: str, arguments: tuple[Any, ...], attributes: Attributes, shape: Shape
    ) -> Any:
        """The same, with the attributes as an instruction has them."""
        key = call_key(operation, arguments, attributes, shape)
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = self._noted(operation, arguments, attributes, shape)
        return known

    def copy(self, listing: Listing, inputs: Sequence[Any]) -> list[Any]:
        """Write a listing's instructions down, with these in the place of its inputs."""
        stand_for = list(inputs)

        def moved(values: Sequence[Any]) -> list[Any]:
            return [stand_for[one.place] if type(one) is Slot else one for one in values]

        for step in listing.instructions:
            arguments = tuple(moved(step.arguments))
            stand_for.append(self.note(step.operation, arguments, step.attributes, step.shape))
        return moved(listing.outputs)

    def _noted(
        self, operation: str, arguments: tuple[Any, ...], attributes: Attributes, shape: Shape
    ) -> Any:
        if Slot not in map(type, arguments):
            named = dict(attributes)
            if not getattr(named.get("body"), "is_open", False):  # else nothing is known yet
                row = OPERATIONS[operation]
                return constant(row.numpy(*arguments, **named, **row.extra(shape or ())))
        if operation == "multiply":
            for one, other in (arguments, arguments[::-1]):
                if self._is_unchanged(one, other, shape):
                    return other
        place = len(self.shapes)
        truth = is_truth(operation, arguments, self.truths)
        self.steps.append(Instruction(operation, arguments, attributes, place, shape, truth))
        self.shapes.append(shape)
        self.truths[place] = truth
        return slot(place)

    def _is_unchanged(self, one: Any, other: Any, shape: Shape) -> bool:
        """Whether a product is its `other` factor, for the first is one."""
        if type(other) is not Slot or type(one) is Slot:
            return False
        if not (one == 1.0 if type(one) is float else np.all(one == 1.0)):
            return False
        return self.shapes[other.place] == shape and not self.truths.get(other.place, False)

    def shape(self, value: Any) -> tuple[int, ...]:
        """The shape of a slot's value or of a constant."""
        return (self.shapes[value.place] or ()) if isinstance(value, Slot) else np.shape(value)

    def truth(self, value: Any) -> bool:
        """Whether a slot's value or a constant is one of logic."""
        if isinstance(value, Slot):
            return self.truths.get(value.place, False)
        return isinstance(value, bool) or getattr(value, "dtype", None) == np.bool_


class Call(NamedTuple):
    """A call of a primitive, and its value in the example."""

    primitive: Callable[..., Any]
    arguments: tuple[Any, ...]
    keywords: dict[str, Any]
    value: Any

    def named(self, names: str) -> dict[str, Any]:
        """Its arguments by name, without those that are left as they are."""
        given = dict(zip(names.split(), self.arguments, strict=False)) | self.keywords
        idle = (None, np._NoValue)
        return {k: v for k, v in given.items() if not any(v is one for one in idle)}


Rule: TypeAlias = Callable[[Draft, Call], Any]


def refuse(call: Call, what: dict[str, Any], *known: str) -> None:
    """A keyword that no rule knows; a `dtype` of floats says nothing."""
    for name, value in what.items():
        if name == "dtype" and np.dtype(value) == np.float64:
            continue
        if name not in known:
            raise TracingError(
                f"{call.primitive.__name__} with {name}=… has no row in the table of operations"
            )


def constant(value: Any) -> Any:
    """A slot as it is, or a constant that nobody can change later: floats and truths.

    Raises:
        TracingError: something else.
    """
    if type(value) is Slot or type(value) is bool:
        return value
    if isinstance(value, (int, float)):
        return float(value)
    if isinstance(value, np.ndarray | np.generic | list | tuple) and not _holds_slots(value):
        array = np.asarray(value)
        if array.dtype.kind in "biuf":
            kept = array.astype(np.bool_ if array.dtype.kind == "b" else np.float64)
            return kept if kept.ndim else kept.item()
        if array.dtype.kind == "c":
            raise TracingError("it computes with complex numbers")
    if isinstance(value, Real):  # a fraction
        return float(value)
    if isbox(value):
        raise OutsideError("it reads a traced value from outside, where it would freeze")
    raise TracingError("numpy itself has met autograd's values and lost track of them")


def _holds_slots(value: Any) -> bool:
    if isinstance(value, list | tuple):
        return isinstance(value, Slot | Sparse) or any(map(_holds_slots, value))
    return False


def shape_of(value: Any) -> Shape:
    """An array's shape, None for a number."""
    return value.shape if isinstance(value, np.ndarray) and value.ndim else None


def along(draft: Draft, name: str, value: Any, axis: Any, keepdims: bool) -> Any:
    """Write a sum, an extreme or the like along axes; of a number it is the number itself."""
    shape = draft.shape(value)
    if not shape and not draft.truth(value) and name not in ("any", "all"):
        return value
    axes = axes_of(axis, len(shape))
    kept = axes if axes is not None else tuple(range(len(shape)))
    left = (
        tuple(1 if k in kept else size for k, size in enumerate(shape))
        if keepdims
        else tuple(size for k, size in enumerate(shape) if k not in kept)
    )
    return draft.emit(name, value, shape=left, axis=axes, keepdims=keepdims)


def axes_of(axis: Any, count: int) -> tuple[int, ...] | None:
    """Axes from 0 on in rising order; None for all."""
    if axis is None:
        return None
    chosen = tuple(sorted(int(k) % count for k in np.atleast_1d(axis)))
    return None if len(chosen) == count else chosen


def named_by(*names: str) -> list[Any]:
    """Those functions of numpy that this version of it has."""
    return [getattr(np, name) for name in names if hasattr(np, name)]
