"""What a tape records: numbers and arrays as values, each with a node that knows how it came about.

Values are autograd boxes that stand half a level below every trace of autograd that is begun after
them: so `autograd.grad` works beside them, and what is computed with them makes nodes of ours.
"""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Protocol
from weakref import ref

import autograd.numpy as anp
import numpy as np
from autograd.core import VSpace, primitive_vjps, sparse_add
from autograd.numpy.numpy_boxes import ArrayBox
from autograd.tracer import Node, getval, isbox
from autograd.util import subvals

from gradwidgets.calculus.autograd_changes import admit

BELOW = 0.5  # how far a value's level lies above the trace that its number belongs to
IN_PLACE = {VSpace.mut_add, sparse_add}
# Their derivative is 0 or does not exist: autograd takes their results for constants.
FLAT = {anp.floor, anp.ceil, anp.trunc, anp.fix, anp.rint, anp.round, anp.around, anp.sign}
FLAT |= {anp.floor_divide}
NUMBERS = (np.ndarray, np.generic, float)
LONGEST_SHOWN = 12  # elements of an array


class Value(ArrayBox):  # type: ignore[misc]
    """A number or an array that tapes can record: the result of `constant`, or of computing.

    It supports arithmetic, comparison, indexing and the functions of autograd.numpy and numpy;
    `float(v)` and `v.numpy()` give the number.
    """

    __slots__ = ("__weakref__", "_level")

    @property
    def _trace(self) -> float:
        """The level by which autograd decides whose operation it is.

        While a tape records that was begun inside a trace of autograd, values go before the trace.
        """
        return max(self._level, recording.level)

    @_trace.setter
    def _trace(self, level: float) -> None:
        self._level = level

    def numpy(self) -> Any:
        """The number or the array itself."""
        taken(self, "numpy()")
        return self._value

    @property
    def name(self) -> str:
        """What it is called in graphs and messages; may be set."""
        return str(self._node.name)

    @name.setter
    def name(self, name: str) -> None:
        self._node.name = name

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Any:
        taken(self, "numpy itself")
        array = np.asarray(getval(self._value), dtype)
        return array.copy() if copy else array

    def __array_function__(self, function: Any, types: Any, args: Any, kwargs: Any) -> Any:
        """A function of numpy: autograd's of the same name, where it has a derivative."""
        home = anp.linalg if function.__module__ == "numpy.linalg" else anp
        known = getattr(home, function.__name__, function)
        follows = known in primitive_vjps or known in FLAT or not hasattr(known, "fun")
        if known is not function and follows:
            return known(*args, **kwargs)
        return function(*map(_plain, args), **{key: _plain(kwargs[key]) for key in kwargs})

    def __eq__(self, other: object) -> Any:
        return NotImplemented if _compares_itself(other) else self._compared("__eq__", other)

    def __ne__(self, other: object) -> Any:
        return NotImplemented if _compares_itself(other) else self._compared("__ne__", other)

    def __lt__(self, other: Any) -> Any:
        return self._compared("__lt__", other)

    def __le__(self, other: Any) -> Any:
        return self._compared("__le__", other)

    def __gt__(self, other: Any) -> Any:
        return self._compared("__gt__", other)

    def __ge__(self, other: Any) -> Any:
        return self._compared("__ge__", other)

    def _compared(self, how: str, other: Any) -> Any:
        for value in (self, other):
            if isinstance(value, Value):
                taken(value, "a comparison, as in an “if”,")
        return getattr(ArrayBox, how)(self, other)

    def __bool__(self) -> bool:
        taken(self, "an “if”")
        return bool(super().__bool__())

    __hash__ = ArrayBox.__hash__

    def __pos__(self) -> Any:
        return 1.0 * self

    def __floordiv__(self, other: Any) -> Any:
        return anp.floor_divide(self, other)

    def __rfloordiv__(self, other: Any) -> Any:
        return anp.floor_divide(other, self)

    def __float__(self) -> float:
        taken(self, "float()")
        return float(getval(self._value))

    def __int__(self) -> int:
        taken(self, "int()")
        return int(getval(self._value))

    def __index__(self) -> int:
        taken(self, "int()")
        return int(getval(self._value).__index__())

    def __round__(self, digits: int | None = None) -> float:
        return round(float(self), digits)

    def __format__(self, form: str) -> str:
        return format(getval(self._value), form)

    def __reduce__(self) -> Any:
        return constant, (getval(self._value), self.name)  # a copy has no history

    def __iter__(self) -> Iterator[Any]:
        return (self[place] for place in range(len(self)))

    def __repr__(self) -> str:
        name, number = f"{self.name!r}, " if self.name else "", getval(self._value)
        with np.printoptions(threshold=LONGEST_SHOWN, edgeitems=2):
            text = " ".join(str(number).split())
        return f"<{type(self).__name__} {name}shape={np.shape(number)}, {text}>"

    __str__ = __repr__


class Variable(Value):
    """A value that tapes watch by themselves when it is used, and that can be assigned anew.

    >>> w = Variable(3.0, name="w")
    >>> w * w
    <Value shape=(), 9.0>
    >>> w.assign_sub(1.0)
    <Variable 'w', shape=(), 2.0>
    """

    __slots__ = ("trainable",)

    def __init__(self, value: Any, name: str = "", trainable: bool = True) -> None:
        number, level = _number(value, "Variable()")
        super().__init__(number, level, TapeNode.new_root(number, name, self))
        self.trainable = trainable

    def __reduce__(self) -> Any:
        return Variable, (getval(self._value), self.name, self.trainable)

    def assign(self, value: Any) -> Variable:
        """Give it another value, of its kind; what was computed with the old one keeps it.

        Raises:
            ValueError: it has another shape, or is a fraction where there are whole numbers.
        """
        number, level = _number(value, "assign")
        if np.shape(number) != np.shape(self._value):
            raise ValueError(f"{self!r} can't take a value of the shape {np.shape(number)}")
        if is_real(number) and not is_real(self._value):
            raise ValueError(
                f"{self!r} holds whole numbers: to learn, begin with a float, like 1.0"
            )
        if not isbox(number):
            number = number.astype(self.dtype)
        super().__init__(number, level, TapeNode.new_root(number, self.name, self))
        return self

    def assign_add(self, change: Any) -> Variable:
        """Add to its value."""
        return self.assign(self._value + _number(change, "assign_add")[0])

    def assign_sub(self, change: Any) -> Variable:
        """Subtract from its value."""
        return self.assign(self._value - _number(change, "assign_sub")[0])


def constant(value: Any, name: str = "") -> Value:
    """A value that tapes record only if it is watched.

    >>> x = constant(2.0, name="x")
    >>> x * 3
    <Value shape=(), 6.0>
    """
    number, level = _number(value, "constant()")
    return Value(number, level, TapeNode.new_root(number, name, None))


def _number(value: Any, how: str) -> tuple[Any, float]:
    """What a value holds, and its level: above autograd's trace where the number belongs to one.

    `how` tells by what a value's number is taken.
    """
    if isinstance(value, Value):
        taken(value, how)
        value = value._value
    if isbox(value):
        return value, value._trace + BELOW
    number = np.array(value)
    if number.dtype.kind not in "fiub":
        raise ValueError(f"a value is a real number or an array of them, not {value!r}")
    return (number if number.ndim else number[()]), BELOW - 1


def _compares_itself(other: object) -> bool:
    """Whether it wants no part in numpy's arithmetic, like pytest's approx."""
    return getattr(other, "__array_ufunc__", True) is None


def _plain(value: Any) -> Any:
    """An argument for numpy itself."""
    return np.asarray(value) if isinstance(value, Value) else value


# ── recording ────────────────────────────────────────────────────────────────────────────────────


count = itertools.count()  # of nodes


class TapeNode(Node):  # type: ignore[misc]
    """An operation, numbered, with its result, its arguments, and those of them that are values."""

    __slots__ = (
        *("argnums", "args", "computed", "fun", "kwargs", "name", "number", "owner", "parents"),
        "value",
    )

    def __init__(
        self, value: Any, fun: Any, args: Any, kwargs: Any, argnums: Any, parents: Any
    ) -> None:
        self.value, self.name, self.number, self.computed = value, "", next(count), True
        self.owner: Callable[[], Variable | None] = nobody
        if len(argnums) < len(args):
            argnums, parents, args = _with_lower(argnums, parents, args)
        knowing = [tape for tape in recording.tapes if tape.knows(parents)]
        if not knowing or not is_real(value):
            self._be_a_leaf()
            for tape in knowing:
                for node in parents:
                    tape.note(node, "turning into whole numbers")
            return
        self.fun, self.args, self.kwargs = fun, args, kwargs
        self.argnums, self.parents = argnums, parents
        if fun in IN_PLACE and isinstance(value, np.ndarray):
            self.value = value.copy()  # the array itself may be added to
        for tape in knowing:
            tape.record(self)

    def initialize_root(self, value: Any, name: str, owner: Variable | None) -> None:
        """A leaf: autograd makes roots by this."""
        self.value, self.name, self.number, self.computed = value, name, next(count), False
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

    level: float

    def knows(self, parents: Sequence[TapeNode]) -> bool:
        """Whether it records what is computed with these."""

    def record(self, node: TapeNode) -> None:
        """Take an operation down."""

    def note(self, node: TapeNode, how: str) -> None:
        """Remember that a node's number was taken, and by what."""


class _Recording(threading.local):
    """The tapes that record on this thread, the outermost first."""

    def __init__(self) -> None:
        self.tapes: list[Recorder] = []
        self.level = BELOW - 1  # above the trace in which the outermost was begun

    def begin(self, tape: Recorder, place: int | None = None) -> None:
        """Let a tape record, as the innermost or in its old place."""
        self.tapes.insert(len(self.tapes) if place is None else place, tape)
        self.level = self.tapes[0].level

    def end(self, tape: Recorder) -> None:
        """Let it record no more, if it does."""
        if tape in self.tapes:
            self.tapes.remove(tape)
        self.level = self.tapes[0].level if self.tapes else BELOW - 1


recording = _Recording()


def taken(value: Value, how: str) -> None:
    """Tell the tapes that record by what the number of a value is taken off them."""
    for tape in recording.tapes:
        tape.note(value._node, how)


def _box(value: Any, node: Node) -> Any:
    """A value for a node of ours, of an integer and a truth too; None leaves it to autograd."""
    if isbox(value) or isinstance(value, NUMBERS):
        return Value(value, _level(value), node)
    return None


admit(TapeNode, {Value, Variable}, _box, followed=FLAT)


def _level(number: Any) -> float:
    return (number._trace if isbox(number) else -1) + BELOW


def is_real(value: Any) -> bool:
    """Whether it has derivatives: whole numbers and truths have none."""
    kind = getattr(getval(value), "dtype", None)
    return kind is None or kind.kind == "f"
