"""A gradient tape: what is computed with watched values is recorded, and differentiated backwards.

The semantics are those that learners know from `tf.GradientTape`; every derivative rule is
autograd's.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import autograd.numpy as anp
import numpy as np
from autograd.core import add_outgrads, vspace
from autograd.tracer import isbox, trace_stack

from gradwidgets.calculus.backward import Routes, pull_back, routes
from gradwidgets.calculus.graph import Graph, graph
from gradwidgets.calculus.tracing import calm
from gradwidgets.calculus.values import (
    BELOW,
    TapeNode,
    Value,
    Variable,
    constant,
    is_real,
    nested,
    nobody,
    recording,
    values_of,
)

UNCONNECTED = ("none", "zero")


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
        self._nodes: list[TapeNode] = []
        self._known: set[TapeNode] = set()
        self._states: dict[TapeNode, None] = {}  # of variables, without keeping these alive
        self._used = False

    def __enter__(self) -> GradientTape:
        if self in recording.tapes:
            raise ValueError("this tape is recording already: leave its block before entering anew")
        if self._used:
            self.reset()
        self.level = trace_stack.top + BELOW
        recording.begin(self)
        return self

    def __exit__(self, *_: object) -> None:
        recording.end(self)

    @contextmanager
    def stop_recording(self) -> Iterator[None]:
        """A block in which this tape does not record."""
        if self not in recording.tapes:
            raise ValueError("only a tape that is recording can stop")
        place = recording.tapes.index(self)
        recording.end(self)
        try:
            yield
        finally:
            recording.begin(self, place)

    # ── watching ─────────────────────────────────────────────────────────────────────────────────

    def watch(self, values: Any) -> None:
        """Record from now on what is computed with a value, or with each in a nest of values.

        Raises:
            ValueError: something that is no value.
        """
        for value in values_of(values):
            self._watch(value._node)

    def _watch(self, node: TapeNode) -> bool:
        if node.owner is not nobody:
            self._states[node] = None
        if is_real(node.value):
            self._known.add(node)
        return node in self._known

    def watched_variables(self) -> tuple[Variable, ...]:
        """The variables that are watched, in the order in which they were met."""
        owners = (node.owner() for node in self._states)
        return tuple({id(owner): owner for owner in owners if owner is not None}.values())

    def knows(self, parents: Sequence[TapeNode]) -> bool:
        """Whether one of them is watched; variables may be from now on, since they are used."""
        found = False
        for node in parents:
            if node in self._known:
                found = True
            elif self._accessed and node.owner is not nobody:
                owner = node.owner()
                if owner is not None and owner.trainable:
                    found = self._watch(node) or found
        return found

    def record(self, node: TapeNode) -> None:
        """Take an operation down; it is watched like what went into it."""
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
        targets, wanted = values_of(target), values_of(sources)
        seeds = _seeds(target, output_gradients)
        with self._spent(), calm():
            found = [self._by(source, self._ways(source), targets, seeds) for source in wanted]
        if unconnected_gradients == "zero":
            found = [_zeros(s) if g is None else g for s, g in zip(wanted, found, strict=True)]
        return nested(sources, iter(found))

    def jacobian(self, target: Any, sources: Any, unconnected_gradients: str = "none") -> Any:
        """The derivative of every element of a target by every element of each source.

        Returns:
            Values of the shape of the target, followed by that of the source; None or zeros where
            a source has no influence. Errors as for `gradient`.
        """
        _check_unconnected(unconnected_gradients)
        (value,), wanted = values_of([target]), values_of(sources)
        seeds = [_one_hot(value, place) for place in np.ndindex(np.shape(value))]
        with self._spent(), calm():
            ways = [self._ways(source) for source in wanted]
            found = [
                [self._by(source, way, [value], [seed]) for seed in seeds]
                for source, way in zip(wanted, ways, strict=True)
            ]
        whole = [_stacked(rows, value, source) for rows, source in zip(found, wanted, strict=True)]
        if unconnected_gradients == "zero":
            whole = [
                _zeros(s, value) if g is None else g for s, g in zip(wanted, whole, strict=True)
            ]
        return nested(sources, iter(whole))

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
        recording.end(self)
        yield

    def _by(
        self, source: Value, ways: Routes, targets: Sequence[Value], seeds: Sequence[Any]
    ) -> Any:
        """The derivative of the targets' weighted sum by one source, or None."""
        total, watched = None, bool(recording.tapes)
        for target, seed in zip(targets, seeds, strict=True):
            if target._node in ways:
                for node, adjoint, _ in pull_back(target._node, seed, ways, watched):
                    total = total if ways[node] else _sum(total, adjoint)
            elif target._node is source._node and is_real(source._value):
                total = _sum(total, seed)
        return None if total is None else _as_value(total)

    def _ways(self, source: Value) -> Routes:
        """How what was computed from a source hangs together."""
        return routes(tuple(self._nodes), self._leaves_of(source))

    def _leaves_of(self, source: Value) -> set[TapeNode]:
        """The nodes that a source has had on this tape: a variable a new one with each value."""
        if not isinstance(source, Variable):
            return self._known & {source._node}
        return self._known & {node for node in self._states if node.owner() is source}

    # ── explaining ───────────────────────────────────────────────────────────────────────────────

    def graph(self, target: Any = None, sources: Any = None) -> Graph:
        """What was computed, as data: the nodes, and the derivatives along the edges.

        Args:
            target: the value whose ancestors are shown, with its derivative by each of them;
                without it everything that was recorded, and no derivative.
            sources: a value, or a nest of them, to which the derivatives flow; without it all
                that is watched.

        It can be asked for before and after `gradient`, and does not use the tape up.
        """
        end = None if target is None else values_of([target])[0]._node
        return self._graph(end, None if sources is None else self._origins(sources))

    def _graph(self, end: TapeNode | None, origins: Sequence[TapeNode] | None) -> Graph:
        with calm():
            return graph(self._nodes, self._known, end, origins)

    def _origins(self, sources: Any) -> list[TapeNode]:
        """The nodes of a nest of sources, all that a variable has had among them."""
        return [n for s in values_of(sources) for n in self._leaves_of(s) or (s._node,)]

    def why_none(self, target: Value, source: Value) -> str:
        """Why the derivative of a target by a source is None, or "" where it is not.

        >>> w, x = constant(1.0, "w"), constant(2.0, "x")
        >>> with GradientTape() as tape:
        ...     y = w * x
        >>> tape.why_none(y, w)
        'w was not watched: call tape.watch(w) before it is used'
        """
        (value,), (origin,) = values_of([target]), values_of([source])
        name, of = origin.name or "the source", value.name or "the target"
        if not is_real(origin._value):
            return f"{name} holds whole numbers, which have no derivative"
        leaves = self._leaves_of(origin)
        if not leaves:
            hint = "it is not trainable" if isinstance(origin, Variable) else ""
            return f"{name} was not watched: {hint or f'call tape.watch({name}) before it is used'}"
        if value._node in self._ways(origin):
            return ""
        if value._node not in self._known:
            return f"{of} was computed outside the tape"
        return f"{of} does not depend on {name}"


# ── what goes in and comes out ───────────────────────────────────────────────────────────────────


def _sum(total: Any, part: Any) -> Any:
    return part if total is None else add_outgrads((total, False), part)[0]


def _check_unconnected(word: str) -> None:
    if word not in UNCONNECTED:
        raise ValueError(f"unconnected_gradients is “none” or “zero”, not {word!r}")


def _seeds(target: Any, given: Any) -> list[Any]:
    """With what each target's derivative is multiplied: ones, or what is given."""
    if isinstance(target, Mapping):
        target, given = [*target.values()], [*given.values()] if given else None
    if isinstance(target, list | tuple):
        parts = [None] * len(target) if given is None else [*given]
        if len(parts) != len(target):
            raise ValueError(
                f"{len(target)} targets need as many output_gradients, not {len(parts)}"
            )
        return [seed for pair in zip(target, parts, strict=True) for seed in _seeds(*pair)]
    return [_seed(target, given)]


def _seed(target: Value, weight: Any) -> Any:
    ones, shape = vspace(target._value).ones(), np.shape(target)
    if weight is None:
        return ones
    if isinstance(weight, list | tuple) and len(weight) == 1 and np.shape(weight) != shape:
        return _seed(target, weight[0])
    if isinstance(weight, list | tuple):
        weight = np.array(weight)
    if np.shape(weight) not in ((), shape):
        raise ValueError(
            f"output_gradients have the target's shape {shape}, not {np.shape(weight)}"
        )
    return ones * (weight._value if isinstance(weight, Value) and not recording.tapes else weight)


def _one_hot(value: Value, place: tuple[int, ...]) -> Any:
    seed = vspace(value._value).zeros()
    if not place:
        return seed + 1.0
    seed[place] = 1.0
    return seed


def _stacked(rows: list[Any], value: Value, source: Value) -> Any:
    """Derivatives of single elements as one array, or None where all of them are."""
    if rows and all(row is None for row in rows):
        return None
    whole = [_zeros(source) if row is None else row for row in rows]
    return _as_value(anp.reshape(anp.array(whole), np.shape(value) + np.shape(source)))


def _zeros(source: Value, target: Value | None = None) -> Value:
    shape = (() if target is None else np.shape(target)) + np.shape(source)
    return constant(np.zeros(shape, source.dtype if is_real(source._value) else float))


def _as_value(result: Any) -> Any:
    """A derivative as a value; one that belongs to a trace of autograd stays autograd's."""
    return result if isbox(result) else constant(result)
