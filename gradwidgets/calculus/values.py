"""What a tape records: numbers and arrays as values, each with a node that knows how it came about.

Values are autograd boxes that stand half a level below every trace of autograd that is begun after
them: so `autograd.grad` works on and beside them, and what is computed with them makes our nodes.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Protocol
from weakref import ref

import numpy as np
from autograd import tracer
from autograd.core import VJPNode, VSpace, sparse_add
from autograd.numpy.numpy_boxes import ArrayBox
from autograd.tracer import Box, Node, getval, isbox, notrace_primitives
from autograd.util import subvals

BELOW = 0.5  # how far a value's level lies above the trace that its number belongs to
IN_PLACE = {VSpace.mut_add, sparse_add}


class Value(ArrayBox):  # type: ignore[misc]
    """A number or an array that tapes can record: the result of `constant`, or of computing.

    It supports arithmetic, comparison, indexing and the functions of autograd.numpy; `float(v)`
    and `v.numpy()` give the number.
    """

    __slots__ = ("__weakref__",)

    def numpy(self) -> Any:
        """The number or the array itself."""
        return self._value

    @property
    def name(self) -> str:
        """What it is called in graphs and messages; may be set."""
        return str(self._node.name)

    @name.setter
    def name(self, name: str) -> None:
        self._node.name = name

    def __float__(self) -> float:
        return float(getval(self._value))

    def __int__(self) -> int:
        return int(getval(self._value))

    def __index__(self) -> int:
        return int(getval(self._value).__index__())

    def __format__(self, form: str) -> str:
        return format(getval(self._value), form)

    def __iter__(self) -> Iterator[Any]:
        return (self[place] for place in range(len(self)))

    def __repr__(self) -> str:
        name = f"{self.name!r}, " if self.name else ""
        kind = type(self).__name__
        return f"<{kind} {name}shape={np.shape(getval(self._value))}, {getval(self._value)}>"

    __str__ = __repr__


class Variable(Value):
    """A value that tapes watch by themselves when it is used, and that can be assigned anew.

    >>> w = Variable(3.0, name="w")
    >>> with GradientTape() as tape:
    ...     y = w * w
    >>> tape.gradient(y, w)
    <Value shape=(), 6.0>
    """

    __slots__ = ("trainable",)

    def __init__(self, value: Any, name: str = "", trainable: bool = True) -> None:
        number, level = _number(value)
        super().__init__(number, level, TapeNode.new_root(number, name, self))
        self.trainable = trainable

    def assign(self, value: Any) -> Variable:
        """Give it another value; what was computed with the old one keeps it."""
        number, level = _number(value)
        if np.shape(number) != np.shape(self._value):
            raise ValueError(f"{self!r} can't take a value of the shape {np.shape(number)}")
        super().__init__(number, level, TapeNode.new_root(number, self.name, self))
        return self

    def assign_add(self, change: Any) -> Variable:
        """Add to its value."""
        return self.assign(self._value + _number(change)[0])

    def assign_sub(self, change: Any) -> Variable:
        """Subtract from its value."""
        return self.assign(self._value - _number(change)[0])


def constant(value: Any, name: str = "") -> Value:
    """A value that tapes record only if it is watched.

    >>> x = constant(2.0, name="x")
    >>> x * 3
    <Value shape=(), 6.0>
    """
    number, level = _number(value)
    return Value(number, level, TapeNode.new_root(number, name, None))


def _number(value: Any) -> tuple[Any, float]:
    """What a value holds, and its level: above autograd's trace where the number belongs to one."""
    if isinstance(value, Value):
        value = value._value
    if isbox(value):
        return value, value._trace + BELOW
    number = np.asarray(value)
    if number.dtype.kind not in "fiub":
        raise ValueError(f"a value is a real number or an array of them, not {value!r}")
    return (number if number.ndim else number[()]), BELOW - 1


# ── recording ────────────────────────────────────────────────────────────────────────────────────


class TapeNode(Node):  # type: ignore[misc]
    """An operation with its result and arguments; `parents` are those that a tape knows."""

    __slots__ = ("argnums", "args", "fun", "kwargs", "name", "owner", "parents", "value")

    def __init__(
        self, value: Any, fun: Any, args: Any, kwargs: Any, argnums: Any, parents: Any
    ) -> None:
        self.value, self.name = value, ""
        self.owner: Callable[[], Variable | None] = nobody
        if len(argnums) < len(args):
            argnums, parents, args = _with_lower(argnums, parents, args)
        knowing = [tape for tape in recording.tapes if tape.knows(parents)]
        if not knowing or not is_real(value):
            self._be_a_leaf()
            return
        self.fun, self.args, self.kwargs = fun, args, kwargs
        self.argnums, self.parents = argnums, parents
        if fun in IN_PLACE and isinstance(value, np.ndarray):
            self.value = value.copy()  # the array itself may be added to
        for tape in knowing:
            tape.record(self)

    def initialize_root(self, value: Any, name: str, owner: Variable | None) -> None:
        """A leaf: autograd makes roots by this."""
        self.value, self.name = value, name
        self.owner = nobody if owner is None else ref(owner)
        self._be_a_leaf()

    def _be_a_leaf(self) -> None:
        self.fun, self.args, self.kwargs, self.argnums, self.parents = None, (), {}, (), ()

    @property
    def box(self) -> Value:
        """The value that this node stands behind."""
        return Value(self.value, _level(self.value), self)


def nobody() -> None:
    """The owner of a value that is no variable's."""


def _with_lower(argnums: Any, parents: Any, args: Any) -> tuple[Any, Any, Any]:
    """The parents, and among them values that stand below autograd's trace of the others."""
    lower = [place for place, arg in enumerate(args) if isinstance(arg, Value)]
    if not lower:
        return argnums, parents, args
    found = dict(zip(argnums, parents, strict=True)) | {k: args[k]._node for k in lower}
    places = tuple(sorted(found))
    args = subvals(args, [(k, args[k]._value) for k in lower])
    return places, tuple(found[k] for k in places), args


class Recorder(Protocol):
    """A tape, as its nodes see it."""

    def knows(self, parents: Sequence[TapeNode]) -> bool:
        """Whether it records what is computed with these."""

    def record(self, node: TapeNode) -> None:
        """Take an operation down."""


class _Recording(threading.local):
    """The tapes that record on this thread, the outermost first."""

    def __init__(self) -> None:
        self.tapes: list[Recorder] = []


recording = _Recording()
notrace_primitives[TapeNode] |= notrace_primitives[VJPNode]
_usual_box = tracer.new_box


def _new_box(value: Any, trace: float, node: Node) -> Any:
    """autograd's boxes, and for our nodes values, integers and truths among them."""
    if type(node) is TapeNode and (
        isbox(value) or isinstance(value, np.ndarray | np.generic | float)
    ):
        return Value(value, trace, node)
    return _usual_box(value, trace, node)


tracer.new_box = _new_box
Box.types |= {Value, Variable}
Box.type_mappings |= {Value: ArrayBox, Variable: ArrayBox}  # for autograd's own traces above them


def _level(number: Any) -> float:
    return (number._trace if isbox(number) else -1) + BELOW


def is_real(value: Any) -> bool:
    """Whether it has derivatives: whole numbers and truths have none."""
    kind = getattr(getval(value), "dtype", None)
    return kind is None or kind.kind == "f"


# ── values and nests of them ─────────────────────────────────────────────────────────────────────


def flat(nest: Any) -> Iterator[Any]:
    """What a nest of lists, tuples and mappings holds, in order."""
    if isinstance(nest, Mapping):
        nest = list(nest.values())
    if isinstance(nest, list | tuple):
        for part in nest:
            yield from flat(part)
    else:
        yield nest


def nested(like: Any, parts: Iterator[Any]) -> Any:
    """The parts in the shape of a nest."""
    if isinstance(like, Mapping):
        return {key: nested(part, parts) for key, part in like.items()}
    if isinstance(like, list | tuple):
        made = [nested(part, parts) for part in like]
        return type(like)(*made) if hasattr(like, "_fields") else type(like)(made)
    return next(parts)


def values_of(nest: Any) -> list[Value]:
    """The values of a nest.

    Raises:
        ValueError: something else in it.
    """
    found = list(flat(nest))
    for value in found:
        if not isinstance(value, Value):
            raise ValueError(
                f"{value!r} is no value that a tape can know: make it with constant or Variable"
            )
    return found
