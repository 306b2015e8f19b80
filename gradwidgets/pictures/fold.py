"""A large computation graph made small: what repeats is folded into one node, and that is said."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from gradwidgets.calculus.graph import Graph

READABLE = 60  # nodes
KEPT = 2  # repetitions that stay: the first and the last
LEAST = 3  # repetitions that are worth folding


@dataclass(frozen=True)
class Group:
    """Nodes that are drawn as one: `nodes` are their indices, `note` what they are, if many."""

    nodes: tuple[int, ...]
    note: str = ""


def folded(graph: Graph, hidden: frozenset[int] = frozenset()) -> tuple[Group, ...]:
    """The nodes of a graph in groups, in an order in which parents come before children.

    `hidden` are nodes that are not drawn at all. While there are more than are readable, the
    repetition that saves most is folded; where nothing repeats, the middle is.
    """
    groups = [Group((node.index,)) for node in graph.nodes if node.index not in hidden]
    operation = {node.index: node.operation for node in graph.nodes}
    parents: dict[int, list[int]] = {node.index: [] for node in graph.nodes}
    for edge in graph.edges:
        parents[edge.child].append(edge.parent)
    while len(groups) > READABLE:
        steps = [group for group in groups if group.note or operation[group.nodes[0]]]
        signs = [group.note or operation[group.nodes[0]] for group in steps]
        start, stop, note = _repetition(signs) or _middle(len(signs), len(groups))
        groups = _joined(groups, steps[start:stop], note, parents)
    return tuple(groups)


def _repetition(signs: Sequence[str]) -> tuple[int, int, str] | None:
    """The repetition that saves most, as the range to fold, without its first and last turn."""
    found = [
        (turns, period, start)
        for period in range(1, len(signs) // LEAST + 1)
        for start, length in _runs(signs, period)
        if (turns := length // period + 1) >= LEAST
    ]
    if not found:
        return None
    turns, period, start = max(found, key=lambda one: ((one[0] - KEPT) * one[1], -one[1]))
    what = "operation" if period == 1 else f"{period} operations"
    note = f"the same {what}, {turns - KEPT} times more"
    return start + period, start + (turns - 1) * period, note


def _runs(signs: Sequence[str], period: int) -> Iterator[tuple[int, int]]:
    """Where signs are those of a period later: starts and lengths."""
    same = [one == other for one, other in zip(signs, signs[period:], strict=False)]
    place = 0
    for alike, run in groupby(same):
        length = len(list(run))
        if alike:
            yield place, length
        place += length


def _middle(operations: int, shown: int) -> tuple[int, int, str]:
    """As many operations from the middle as are too many."""
    surplus = min(operations, shown - READABLE + 1)
    start = (operations - surplus) // 2
    return start, start + surplus, f"{surplus} operations more"


def _joined(
    groups: Sequence[Group], chosen: Sequence[Group], note: str, parents: dict[int, list[int]]
) -> list[Group]:
    """The groups with some of them joined, and with these the leaves that only they use."""
    inside = {index for group in chosen for index in group.nodes}
    used = {index: {child for child in parents if index in parents[child]} for index in parents}
    leaves = {i for i, children in used.items() if children and not parents[i]}
    inside |= {leaf for leaf in leaves if used[leaf] <= inside}
    made, rest = Group(tuple(sorted(inside)), note), []
    for group in groups:
        if group is chosen[-1]:
            rest.append(made)
        elif not set(group.nodes) <= inside:
            rest.append(group)
    return rest
