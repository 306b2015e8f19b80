"""A gradient tape: what is computed with watched values is recorded, and differentiated backwards.

The semantics are those that learners know from `tf.GradientTape`; every derivative rule is
autograd's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from autograd.tracer import trace_stack

from gradwidgets.calculus.answers import name_derivatives, stacked, total, zeros
from gradwidgets.calculus.backward import Routes, pull_back, routes
from gradwidgets.calculus.graph import Graph, graph
from gradwidgets.calculus.nests import nested, values_of
from gradwidgets.calculus.seeds import one_hots, seeds_of
from gradwidgets.calculus.tracing import calm
from gradwidgets.calculus.values import (
    BELOW,
    TapeNode,
    Value,
    Variable,
    count,
    is_real,
    nobody,
    recording,
)
from gradwidgets.calculus.why_none import Memory, why_none

UNCONNECTED = ("none", "zero")


class GradientTape:
    """Records what is computed with watched values, to differentiate it backwards.

    Args:
        persistent: whether `gradient` may be called more than once.
        watch_accessed_variables: whether trainable variables are watched when they are used.

    >>> from gradwidgets.calculus.values import constant
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
        # The numbers of the nodes at which it began and ended to record, and was told to pause.
        self._turns = [next(count)] if self in recording.tapes else []
        self._pauses: list[int] = []
        self._since: dict[TapeNode, int] = {}  # and from when on it was told to watch
        self._taken: dict[TapeNode, list[str]] = {}  # whose number left the tape, and how
        self._used = False

    def __enter__(self) -> GradientTape:
        if self in recording.tapes:
            raise ValueError("this tape is recording already: leave its block before entering anew")
        if self._used:
            self.reset()
        self.level = trace_stack.top + BELOW
        self._begin()
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    def _begin(self, place: int | None = None) -> None:
        recording.begin(self, place)
        self._turns.append(next(count))

    def _end(self) -> None:
        if self in recording.tapes:
            recording.end(self)
            self._turns.append(next(count))

    @contextmanager
    def stop_recording(self) -> Iterator[None]:
        """A block in which this tape does not record."""
        if self not in recording.tapes:
            raise ValueError("only a tape that is recording can stop")
        place = recording.tapes.index(self)
        self._pauses.append(next(count))
        self._end()
        try:
            yield
        finally:
            self._pauses.append(next(count))
            if not self._used:
                self._begin(place)

    # ── watching ─────────────────────────────────────────────────────────────────────────────────

    def watch(self, values: Any) -> None:
        """Record from now on what is computed with a value, or with each in a nest of values.

        Raises:
            ValueError: something that is no value.
        """
        for value in values_of(values):
            if value._node not in self._known:
                self._since[value._node] = next(count)
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

    def note(self, node: TapeNode, how: str) -> None:
        """Remember that a number was taken, and what is computed with it will not be recorded."""
        if how not in self._taken.setdefault(node, []):
            self._taken[node].append(how)

    # ── differentiating ──────────────────────────────────────────────────────────────────────────

    def gradient(
        self,
        target: Any,
        sources: Any,
        output_gradients: Any = None,
        unconnected_gradients: str = "none",
    ) -> Any:
        """The derivative of a target, or of the sum of several, with respect to each source.

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
        seeds = seeds_of(target, output_gradients)
        found = [by for (by,) in self._derivatives(wanted, targets, [seeds])]
        if len(targets) == 1 and targets[0].name:
            name_derivatives(found, targets[0], wanted)
        if unconnected_gradients == "zero":
            found = [zeros(s) if g is None else g for s, g in zip(wanted, found, strict=True)]
        return nested(sources, iter(found))

    def jacobian(self, target: Any, sources: Any, unconnected_gradients: str = "none") -> Any:
        """The derivative of each element of a target with respect to each element of the sources.

        Returns:
            Values of the shape of the target, followed by that of the source; None or zeros where
            a source has no influence. Errors as for `gradient`.
        """
        _check_unconnected(unconnected_gradients)
        value, wanted = _only(target), values_of(sources)
        found = self._derivatives(wanted, [value], [[seed] for seed in one_hots(value)])
        whole = [stacked(rows, value, source) for rows, source in zip(found, wanted, strict=True)]
        if unconnected_gradients == "zero":
            whole = [
                zeros(s, value) if g is None else g for s, g in zip(wanted, whole, strict=True)
            ]
        return nested(sources, iter(whole))

    def _use_up(self) -> None:
        """Unless it is persistent, a tape serves once, and does not record that."""
        if self._used:
            raise RuntimeError(
                "this tape was used up: gradient can be called once, or as often as you like with "
                "GradientTape(persistent=True)"
            )
        if not self.persistent:
            self._used = True
            self._end()

    def _derivatives(
        self, sources: Sequence[Value], targets: Sequence[Value], weights: Iterable[Sequence[Any]]
    ) -> list[list[Any]]:
        """The derivatives of the targets' weighted sums with respect to each source, or None."""
        self._use_up()
        with calm():
            leaves = [self._leaves_of(source) | {source._node} for source in sources]
            wanted = set().union(*leaves)
            ways = routes(tuple(self._nodes), self._known & wanted)
            passes = [self._adjoints(wanted, ways, targets, seeds) for seeds in weights]
            return [[total(adjoints, own) for adjoints in passes] for own in leaves]

    def _adjoints(
        self, wanted: set[TapeNode], ways: Routes, targets: Sequence[Value], seeds: Sequence[Any]
    ) -> list[tuple[TapeNode, Any]]:
        """The adjoints of the wanted nodes as the backward passes from the targets find them."""
        watched, found = bool(recording.tapes), []
        for target, seed in zip(targets, seeds, strict=True):
            if target._node in ways:
                passed = pull_back(target._node, seed, ways, watched)
                found += [(node, adjoint) for node, adjoint, _ in passed if node in wanted]
            elif is_real(target._value):  # dy/dy is 1, even if nobody watches y
                found.append((target._node, seed))
        return found

    def _leaves_of(self, source: Value) -> set[TapeNode]:
        """The nodes that a source has had on this tape: a variable a new one with each value."""
        if not isinstance(source, Variable):
            return self._known & {source._node}
        return self._known & {node for node in self._states if node.owner() is source}

    # ── explaining ───────────────────────────────────────────────────────────────────────────────

    def graph(self, target: Any = None, sources: Any = None) -> Graph:
        """What was computed, as data: the nodes, and the derivatives along the edges.

        Args:
            target: the value whose ancestors are shown, with its derivative with respect to each;
                without it everything that was recorded, and no derivative.
            sources: a value, or a nest of them, to which the derivatives flow; without it all
                that is watched.

        It can be asked for before and after `gradient`, and does not use the tape up.
        """
        end = None if target is None else _only(target)._node
        return self._graph(end, None if sources is None else self._origins(sources))

    def _graph(self, end: TapeNode | None, origins: Sequence[TapeNode] | None) -> Graph:
        with calm():
            return graph(self._nodes, self._known, end, origins)

    def _origins(self, sources: Any) -> list[TapeNode]:
        """The nodes of a nest of sources, all that a variable has had among them."""
        return [n for s in values_of(sources) for n in self._leaves_of(s) or (s._node,)]

    def why_none(self, target: Value, source: Value) -> str:
        """Why the derivative of a target with respect to a source is None, or "" where it is not.

        >>> from gradwidgets.calculus.values import constant
        >>> w, x = constant(1.0, "w"), constant(2.0, "x")
        >>> with GradientTape() as tape:
        ...     y = w * x
        >>> tape.why_none(y, w)
        'w was not watched: call tape.watch(w) before it is used'
        """
        origin = _only(source)
        return why_none(self._memory, _only(target), origin, self._leaves_of(origin))

    @property
    def _memory(self) -> Memory:
        own = (self._nodes, self._known, self._taken, self._since, self._turns, self._pauses)
        return Memory(*own, self._accessed)


def _only(nest: Any) -> Value:
    """The value, where there may be but one."""
    found = values_of(nest)
    if len(found) != 1:
        raise ValueError(f"one value is asked for, not {len(found)}")
    return found[0]


def _check_unconnected(word: str) -> None:
    if word not in UNCONNECTED:
        raise ValueError(f"unconnected_gradients is “none” or “zero”, not {word!r}")
