"""Why a tape finds no derivative: the first reason that is true, in a student's words."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any

import numpy as np

from gradwidgets.calculus.backward import routes
from gradwidgets.calculus.values import FLAT, TapeNode, Value, Variable, is_real, nobody


@dataclass(frozen=True)
class Memory:
    """What a tape remembers of its block.

    Attributes:
        nodes: the operations, in their order.
        known: all nodes that it watches.
        taken: of nodes whose number was taken out of the tape: the ways in which it was.
        since: of nodes that it was told to watch: when.
        turns, pauses: the numbers at which it began and ended to record, and to pause.
        accessed: whether it watches variables by itself.
    """

    nodes: Sequence[TapeNode]
    known: Set[TapeNode]
    taken: Mapping[TapeNode, Sequence[str]]
    since: Mapping[TapeNode, int]
    turns: Sequence[int]
    pauses: Sequence[int]
    accessed: bool


def why_none(memory: Memory, target: Value, source: Value, leaves: Set[TapeNode]) -> str:
    """Why the derivative of a target by a source is None, or "" where it is not.

    `leaves` are the nodes of the source that the tape watches.
    """
    end, origin = target._node, source._node
    of, name = target.name or "the target", source.name or "the source"
    whole = [n for n, node in ((name, origin), (of, end)) if not is_real(node.value)]
    if whole:
        return f"{whole[0]} holds whole numbers, which have no derivative"
    if end is origin or end in routes(memory.nodes, leaves):
        return ""
    if not end.computed:  # it was given, so nothing that is watched would change it
        lost = _lost(memory, leaves | {origin}, source, end, name)
        return f"{of} {lost or f'does not depend on {name}'}"
    if not _between(memory.turns, end):
        return f"{of} was computed {_where(memory, end)}"
    if not leaves and (words := _unwatched(memory, source, name)):
        return f"{name} was not watched: {words}"
    return _apart(memory, target, source, leaves)


def _apart(memory: Memory, target: Value, source: Value, leaves: Set[TapeNode]) -> str:
    """Why there is no way from a source that the tape would know to a target."""
    end, origin = target._node, source._node
    of, name = target.name or "the target", source.name or "the source"
    if origin.fun is not None and origin.number > end.number:
        return f"{name} was computed after {of}"
    if memory.since.get(origin, 0) > end.number and _may_have_used(memory, end, origin):
        return f"{of} was computed before {name} was watched"
    of = _with_number(target, of)
    if words := _lost(memory, leaves | {origin}, source, end, name):
        return f"{of} {words}"
    return f"{of} does not depend on {name}" if leaves else _unused(memory, source, end, name)


def _between(turns: Sequence[int], node: TapeNode) -> bool:
    """Whether a node was made after a beginning and before the end that follows."""
    return bisect(turns, node.number) % 2 == 1


def _where(memory: Memory, node: TapeNode) -> str:
    return "in stop_recording()" if _between(memory.pauses, node) else "outside the tape"


def _unwatched(memory: Memory, source: Value, name: str) -> str:
    """Why a tape does not watch what it was not told to, whatever is computed with it; or ""."""
    if not isinstance(source, Variable):
        made = source._node.computed and _between(memory.turns, source._node)
        before = "watch what it is computed from, or " if made else ""
        return f"{before}call tape.watch({name}) before it is used"
    if not source.trainable:
        return f"it is not trainable; tape.watch({name}) watches it all the same"
    return (
        ""
        if memory.accessed
        else "this tape watches no variable by itself; call " + (f"tape.watch({name})")
    )


def _unused(memory: Memory, source: Value, end: TapeNode, name: str) -> str:
    """Why a variable, which would be watched when it is used, is not."""
    why = f"{name} was not watched: it was not used "
    why += "where the tape recorded" if memory.pauses else "in the tape's block"
    for node in _leaves(memory, end):
        if node.computed and not _between(memory.turns, node):
            part = node.name or "a part of it"
            return f"{why}; {part} was computed {_where(memory, node)}"
        if source.name and node.owner is not nobody and node.name == source.name:
            return f"{why}; another variable of its name was"
    if _between(memory.turns, source._node):
        return f"{name} was not watched: it got its value in the tape's block, but was not used"
    return why


def _leaves(memory: Memory, end: TapeNode) -> list[TapeNode]:
    """What a target was computed from, as far as the tape recorded that."""
    found, recorded = {end: None}, set(memory.nodes)
    for node in reversed(memory.nodes):
        if node in found:
            found.update(dict.fromkeys(node.parents))
    return [node for node in found if node not in recorded]


def _may_have_used(memory: Memory, end: TapeNode, origin: TapeNode) -> bool:
    """Whether an end was computed with an origin, or from what nobody recorded."""
    return any(node is origin or node.computed for node in _leaves(memory, end))


def _lost(memory: Memory, origins: Set[TapeNode], source: Value, end: TapeNode, name: str) -> str:
    """By what the tape lost a source on the way to an end, or ""."""
    ways = routes(memory.nodes, origins, closed=frozenset())
    flat = [node.fun.__name__ for node in ways if node.fun in FLAT]
    if end in ways and flat:
        return f"depends on {name} only through {' and '.join(flat)}: no derivative passes"
    for node, hows in memory.taken.items():
        own = node.owner() is source or node is source._node
        if own or node in ways:
            what = name if own else node.name or f"a value computed with {name}"
            takes = "take" if len(hows) > 1 else "takes"
            return (
                f"does not depend on {name}: {' and '.join(hows)} {takes} the number of {what} "
                "off the tape"
            )
    return ""


def _with_number(target: Any, of: str) -> str:
    """A derivative with its number, since that shows what it depends on."""
    plain = "/" in of and " = " not in of and np.ndim(target) == 0
    return f"{of} = {target:g}" if plain else of
