"""A gradient tape: what is computed with watched values is recorded, and differentiated backwards.

The semantics are those that learners know from `tf.GradientTape`; every derivative rule is
autograd's. Values are autograd boxes that stand half a level below every trace of autograd that is
begun after them, so `autograd.grad` works inside a tape.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any
from weakref import ref

import autograd.numpy as anp
import numpy as np
from autograd import tracer
from autograd.core import VJPNode, add_outgrads, primitive_vjps, vspace
from autograd.numpy.numpy_boxes import ArrayBox
from autograd.tracer import Box, Node, getval, isbox, notrace_primitives
from autograd.util import subvals, toposort

from gradwidgets.calculus.tracing import calm

BELOW = 0.5  # how far a value's level lies above the trace that its number belongs to
UNCONNECTED = ("none", "zero")


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
        super().__init__(number, level, _Node.new_root(number, name, self))
        self.trainable = trainable

    def assign(self, value: Any) -> Variable:
        """Give it another value; what was computed with the old one keeps it."""
        number, level = _number(value)
        if np.shape(number) != np.shape(self._value):
            raise ValueError(f"{self!r} can't take a value of the shape {np.shape(number)}")
        super().__init__(number, level, _Node.new_root(number, self.name, self))
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
    return Value(number, level, _Node.new_root(number, name, None))


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


class _Node(Node):  # type: ignore[misc]
    """An operation with its result and arguments; `parents` are those that a tape knows."""

    __slots__ = ("argnums", "args", "fun", "kwargs", "name", "owner", "parents", "value")

    def __init__(
        self, value: Any, fun: Any, args: Any, kwargs: Any, argnums: Any, parents: Any
    ) -> None:
        self.value, self.name = value, ""
        self.owner: Callable[[], Variable | None] = _nobody
        knowing = [tape for tape in _recording.tapes if tape._knows(parents)]
        if knowing and _is_real(value):
            self.fun, self.args, self.kwargs = fun, args, kwargs
            self.argnums, self.parents = argnums, parents
            for tape in knowing:
                tape._record(self)
        else:
            self._be_a_leaf()

    def initialize_root(self, value: Any, name: str, owner: Variable | None) -> None:
        self.value, self.name = value, name
        self.owner = _nobody if owner is None else ref(owner)
        self._be_a_leaf()

    def _be_a_leaf(self) -> None:
        self.fun, self.args, self.kwargs, self.argnums, self.parents = None, (), {}, (), ()

    @property
    def box(self) -> Value:
        """The value that this node stands behind."""
        return Value(self.value, _level(self.value), self)


def _nobody() -> None:
    """The owner of a value that is no variable's."""


class _Recording(threading.local):
    """The tapes that record on this thread, the outermost first."""

    def __init__(self) -> None:
        self.tapes: list[GradientTape] = []


_recording = _Recording()
notrace_primitives[_Node] |= notrace_primitives[VJPNode]
_usual_box = tracer.new_box


def _new_box(value: Any, trace: float, node: Node) -> Any:
    """autograd's boxes, and for our nodes values, integers and truths among them."""
    if type(node) is _Node and (isbox(value) or isinstance(value, np.ndarray | np.generic | float)):
        return Value(value, trace, node)
    return _usual_box(value, trace, node)


tracer.new_box = _new_box
Box.types |= {Value, Variable}
Box.type_mappings |= {Value: ArrayBox, Variable: ArrayBox}  # for autograd's own traces above them


def _level(number: Any) -> float:
    return (number._trace if isbox(number) else -1) + BELOW


def _is_real(value: Any) -> bool:
    """Whether it has derivatives: whole numbers and truths have none."""
    kind = getattr(getval(value), "dtype", None)
    return kind is None or kind.kind == "f"


class GradientTape:
    """Records what is computed with watched values, to differentiate it backwards.

    Args:
        persistent: whether `gradient` may be called more than once.
        watch_accessed_variables: whether trainable variables are watched when they are used.

    >>> x = constant(3.0)
    >>> with GradientTape() as tape:
    ...     tape.watch(x)
    ...     y = x * x
    >>> tape.gradient(y, x)
    <Value shape=(), 6.0>

    Tapes nest. Source: Griewank & Walther (2008), *Evaluating Derivatives*, chapter 3.
    """

    def __init__(self, persistent: bool = False, watch_accessed_variables: bool = True) -> None:
        self.persistent, self._accessed = persistent, watch_accessed_variables
        self.reset()

    def reset(self) -> None:
        """Forget everything that was watched and recorded."""
        self._nodes: list[_Node] = []
        self._known: set[_Node] = set()
        self._states: list[_Node] = []  # of variables, which they know without keeping them alive
        self._used = False

    def __enter__(self) -> GradientTape:
        if self in _recording.tapes:
            raise ValueError("this tape is recording already: leave its block before entering anew")
        if self._used:
            self.reset()
        _recording.tapes.append(self)
        return self

    def __exit__(self, *_: object) -> None:
        if self in _recording.tapes:
            _recording.tapes.remove(self)

    @contextmanager
    def stop_recording(self) -> Iterator[None]:
        """A block in which this tape does not record."""
        if self not in _recording.tapes:
            raise ValueError("only a tape that is recording can stop")
        place = _recording.tapes.index(self)
        _recording.tapes.remove(self)
        try:
            yield
        finally:
            _recording.tapes.insert(place, self)

    # ── watching ─────────────────────────────────────────────────────────────────────────────────

    def watch(self, values: Any) -> None:
        """Record from now on what is computed with a value, or with each in a nest of values.

        Raises:
            ValueError: something that is no value.
        """
        for value in _values(values):
            if isinstance(value, Variable) and value._node not in self._known:
                self._states.append(value._node)
            if _is_real(value._value):
                self._known.add(value._node)

    def watched_variables(self) -> tuple[Variable, ...]:
        """The variables that are watched, in the order in which they were met."""
        owners = (node.owner() for node in self._states)
        return tuple({id(owner): owner for owner in owners if owner is not None}.values())

    def _knows(self, parents: Sequence[_Node]) -> bool:
        known = self._known
        found = False
        for node in parents:
            if node in known:
                found = True
            elif self._accessed:
                owner = node.owner()
                if owner is not None and owner.trainable:
                    self.watch(owner)
                    found = found or node in known
        return found

    def _record(self, node: _Node) -> None:
        self._nodes.append(node)
        self._known.add(node)

    # ── differentiating ──────────────────────────────────────────────────────────────────────────

    def gradient(
        self,
        target: Any,
        sources: Any,
        output_gradients: Any = None,
        unconnected_gradients: str = "none",
    ) -> Any:
        """The derivative of a target, or of the sum of several, by each source.

        Args:
            target: a value, or a nest of them.
            sources: a value, or a nest of them: lists, tuples, mappings.
            output_gradients: what each target's derivative is multiplied by; 1 without it.
            unconnected_gradients: what a source without influence gets, "none" for None or "zero".

        Returns:
            Values in the shape of `sources`, or None in their places.

        Raises:
            RuntimeError: the second call on a tape that is not persistent.
            ValueError: something that is no value.
        """
        _check_unconnected(unconnected_gradients)
        targets, wanted = _values(target), _values(sources)
        self._knows([value._node for value in targets])  # to be asked for is to be used
        seeds = _seeds(targets, output_gradients)
        with self._spent(), calm():
            found = [self._by(source, targets, seeds) for source in wanted]
        if unconnected_gradients == "zero":
            found = [_zeros(s) if g is None else g for s, g in zip(wanted, found, strict=True)]
        return _nested(sources, iter(found))

    def jacobian(self, target: Any, sources: Any, unconnected_gradients: str = "none") -> Any:
        """The derivative of every element of a target by every element of each source.

        Returns:
            Values of the shape of the target, followed by that of the source; None or zeros where
            a source has no influence. Errors as for `gradient`.
        """
        _check_unconnected(unconnected_gradients)
        (value,), wanted = _values([target]), _values(sources)
        places = list(np.ndindex(np.shape(value)))
        with self._spent(), calm():
            found = [[self._by(s, [value], [_one_hot(value, p)]) for p in places] for s in wanted]
        whole = [_stacked(rows, value, source) for rows, source in zip(found, wanted, strict=True)]
        if unconnected_gradients == "zero":
            whole = [
                _zeros(s, value) if g is None else g for s, g in zip(wanted, whole, strict=True)
            ]
        return _nested(sources, iter(whole))

    @contextmanager
    def _spent(self) -> Iterator[None]:
        """Use the tape up, unless it is persistent; a single-use tape does not record the use."""
        if self._used:
            raise RuntimeError(
                "This tape was used up by its first gradient. To ask more than once, make it with "
                "GradientTape(persistent=True)."
            )
        if self.persistent:
            yield
            return
        self._used = True
        if self in _recording.tapes:
            _recording.tapes.remove(self)
        yield

    def _by(self, source: Value, targets: Sequence[Value], seeds: Sequence[Any]) -> Any:
        """The derivative of the targets' weighted sum by one source, or None."""
        leaves = self._leaves_of(source)
        depends = self._depending(leaves)
        total = None
        for target, seed in zip(targets, seeds, strict=True):
            if target._node in depends:
                for adjoint in _pull_back(target._node, seed, depends, leaves):
                    total = _sum(total, adjoint)
        return None if total is None else _as_value(total)

    def _leaves_of(self, source: Value) -> set[_Node]:
        """The nodes that a source has had on this tape: a variable a new one with each value."""
        if not isinstance(source, Variable):
            return self._known & {source._node}
        return self._known & {node for node in self._states if node.owner() is source}

    def _depending(self, leaves: set[_Node]) -> set[_Node]:
        """What was computed from some leaves, and these."""
        found = set(leaves)
        for node in tuple(self._nodes):
            if not found.isdisjoint(node.parents):
                found.add(node)
        return found

    # ── explaining ───────────────────────────────────────────────────────────────────────────────

    def why_none(self, target: Value, source: Value) -> str:
        """Why the derivative of a target by a source is None, or "" where it is not.

        >>> w, x = constant(1.0, "w"), constant(2.0, "x")
        >>> with GradientTape() as tape:
        ...     y = w * x
        >>> tape.why_none(y, w)
        'w was not watched: call tape.watch(w) before it is used'
        """
        (value,), (origin,) = _values([target]), _values([source])
        name, of = origin.name or "the source", value.name or "the target"
        if not _is_real(origin._value):
            return f"{name} holds whole numbers, which have no derivative"
        leaves = self._leaves_of(origin)
        if not leaves:
            hint = "it is not trainable" if isinstance(origin, Variable) else ""
            return f"{name} was not watched: {hint or f'call tape.watch({name}) before it is used'}"
        if value._node in self._depending(leaves):
            return ""
        if value._node not in self._known:
            return f"{of} was computed outside the tape"
        return f"{of} does not depend on {name}"


# ── the backward pass ────────────────────────────────────────────────────────────────────────────


def _pull_back(end: _Node, seed: Any, depends: set[_Node], origins: set[_Node]) -> Iterator[Any]:
    """The adjoints of the origins that a node depends on: autograd's rules, in autograd's order.

    Where another tape is recording, they run on values, so that it records them too.
    """
    watched, adjoints = bool(_recording.tapes), {end: (seed, False)}

    def parents(node: _Node) -> list[_Node]:
        return [] if node in origins else [p for p in node.parents if p in depends]

    for node in toposort(end, parents):
        adjoint = adjoints.pop(node)[0]
        if node in origins:
            yield adjoint
            continue
        used = [place for place, parent in enumerate(node.parents) if parent in depends]
        for place, part in zip(used, _vjp(node, used, watched)(adjoint), strict=True):
            parent = node.parents[place]
            adjoints[parent] = add_outgrads(adjoints.get(parent), part)


def _sum(total: Any, part: Any) -> Any:
    return part if total is None else add_outgrads((total, False), part)[0]


def _vjp(node: _Node, used: Sequence[int], watched: bool) -> Any:
    if node.fun not in primitive_vjps:
        raise NotImplementedError(f"autograd has no derivative of {node.fun.__name__}")
    value, args = node.value, node.args
    if watched:
        boxed = zip(node.argnums, (parent.box for parent in node.parents), strict=True)
        value, args = node.box, subvals(args, list(boxed))
    return primitive_vjps[node.fun](tuple(node.argnums[k] for k in used), value, args, node.kwargs)


# ── values and nests of them ─────────────────────────────────────────────────────────────────────


def _flat(nest: Any) -> Iterator[Any]:
    """What a nest of lists, tuples and mappings holds, in order."""
    if isinstance(nest, Mapping):
        nest = list(nest.values())
    if isinstance(nest, list | tuple):
        for part in nest:
            yield from _flat(part)
    else:
        yield nest


def _nested(like: Any, parts: Iterator[Any]) -> Any:
    """The parts in the shape of a nest."""
    if isinstance(like, Mapping):
        return {key: _nested(part, parts) for key, part in like.items()}
    if isinstance(like, list | tuple):
        made = [_nested(part, parts) for part in like]
        return type(like)(*made) if hasattr(like, "_fields") else type(like)(made)
    return next(parts)


def _values(nest: Any) -> list[Value]:
    """The values of a nest.

    Raises:
        ValueError: something else in it.
    """
    found = list(_flat(nest))
    for value in found:
        if not isinstance(value, Value):
            raise ValueError(
                f"{value!r} is no value that a tape can know: make it with constant or Variable"
            )
    return found


def _check_unconnected(word: str) -> None:
    if word not in UNCONNECTED:
        raise ValueError(f"unconnected_gradients is “none” or “zero”, not {word!r}")


def _seeds(targets: Sequence[Value], given: Any) -> list[Any]:
    """With what each target's derivative is multiplied: ones, or what is given."""
    if given is None:
        return [vspace(target._value).ones() for target in targets]
    weights = list(_flat(given))
    if len(weights) != len(targets):
        raise ValueError(
            f"{len(targets)} targets need as many output_gradients, not {len(weights)}"
        )
    return [_seed(target, weight) for target, weight in zip(targets, weights, strict=True)]


def _seed(target: Value, weight: Any) -> Any:
    if isinstance(weight, Value):
        weight = weight if _recording.tapes else weight._value
    ones = vspace(target._value).ones()
    return ones if weight is None else ones * weight


def _one_hot(value: Value, place: tuple[int, ...]) -> Any:
    seed = vspace(value._value).zeros()
    if not place:
        return seed + 1.0
    seed[place] = 1.0
    return seed


def _stacked(rows: list[Any], value: Value, source: Value) -> Any:
    """Derivatives of single elements as one array, or None where all of them are."""
    if all(row is None for row in rows):
        return None
    whole = [_zeros(source) if row is None else row for row in rows]
    return _as_value(anp.reshape(anp.array(whole), np.shape(value) + np.shape(source)))


def _zeros(source: Value, target: Value | None = None) -> Value:
    shape = (() if target is None else np.shape(target)) + np.shape(source)
    return constant(np.zeros(shape))


def _as_value(result: Any) -> Any:
    """A derivative as a value; one that belongs to a trace of autograd stays autograd's."""
    return result if isbox(result) else constant(result)
