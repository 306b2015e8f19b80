"""A tape's computation graph as data: what was computed, and how the derivative flows back."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from itertools import chain
from typing import Any, TypeAlias

import numpy as np
from autograd.core import SparseObject, vspace
from autograd.tracer import isbox

from gradwidgets.calculus.backward import Routes, pull_back, routes, vjp
from gradwidgets.calculus.values import TapeNode, is_real, nobody

SYMBOLS = {
    **dict.fromkeys(("add", "mut_add", "sparse_add"), "+"),
    **dict.fromkeys(("subtract", "negative"), "−"),
    **dict.fromkeys(("multiply", "scalar_mul"), "×"),
    **dict.fromkeys(("divide", "true_divide"), "÷"),
    **dict.fromkeys(("array_from_args", "_array_from_scalar_or_array"), "array"),
    "power": "^",
    "matmul": "@",
    "dot": "·",
    "absolute": "abs",
    "maximum": "max",
    "minimum": "min",
    "__getitem__": "getitem",
    "untake": "put",
    "concatenate_args": "concatenate",
}
MIXED = {"where", "dot", "inner", "outer", "tensordot", "kron"}  # no ufuncs; whole numbers count
NUMBERS = (int, float, np.ndarray, np.generic)


@dataclass(frozen=True, eq=False)
class GraphNode:
    """A value: a leaf, or the result of an operation.

    Attributes:
        index: its place in `Graph.nodes`.
        operation: what it is the result of, as mathematics writes it; "" for a leaf.
        name: what it is called, or "".
        value: a number or an array.
        adjoint: the derivative of the target by it, of its shape; None where there is none.
        watched: whether the tape knows it.
        kind: "constant", "watched", "variable" or "operation".
    """

    index: int
    operation: str
    name: str
    value: Any
    adjoint: Any
    watched: bool
    kind: str


@dataclass(frozen=True, eq=False)
class GraphEdge:
    """The use of one value in the making of another.

    Attributes:
        parent, child: their indices.
        place: which of the operation's operands the parent is, from 0.
        partial: the derivative of the sum of the child's elements by the parent: for numbers, and
            for what works element by element, the partial derivative itself. None where the parent
            is not watched or autograd has no derivative.
        contribution: what the child adds to the parent's adjoint, or None.
    """

    parent: int
    child: int
    place: int
    partial: Any
    contribution: Any


@dataclass(frozen=True, eq=False)
class Graph:
    """A computation and its backward pass.

    The adjoint of a node is the sum of the contributions of the edges that leave it (for the
    target, plus 1): Griewank & Walther (2008), *Evaluating Derivatives*, section 3.2.

    Attributes:
        nodes: in the order in which they were made, each after its parents.
        edges: in the order of the children, then of their arguments.
        order: the indices of the operations as the backward pass visits them.
    """

    nodes: tuple[GraphNode, ...]
    edges: tuple[GraphEdge, ...]
    order: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class _Number:
    """A plain number or array among an operation's arguments; each use is a leaf of its own."""

    value: Any
    name: str = ""
    owner: Any = nobody


_Item: TypeAlias = TapeNode | _Number
_Flow: TypeAlias = dict[tuple[TapeNode, int], Any]  # by a node and the place of one of its parents


def graph(
    recorded: Sequence[TapeNode],
    known: Set[TapeNode],
    end: TapeNode | None,
    sources: Sequence[TapeNode] | None,
) -> Graph:
    """The graph of what was recorded: of an end's ancestors, or without an end of everything.

    Adjoints flow from the end to the sources, or without sources to all that is known.
    """
    made = list(recorded) if end is None else _ancestors(end, recorded)
    partials = {
        (node, place): _partial(node, place)
        for node in made
        for place, parent in enumerate(node.parents)
        if parent in known
    }
    adjoints, parts = _flow(made, partials, end, known if sources is None else known & {*sources})
    operands = {node: _operands(node) for node in made}
    asked = [*(() if end is None else (end,)), *(sources or ())]
    items = dict.fromkeys([*chain(*(_line(node, operands[node]) for node in made)), *asked])
    index = {item: place for place, item in enumerate(items)}
    edges = [
        GraphEdge(
            index[operand],
            index[node],
            number,
            _dense(partials.get((node, place))),
            _dense(parts.get((node, place))),
        )
        for node in made
        for number, (place, operand) in enumerate(operands[node])
    ]
    nodes = [_node(i, item, operands, known, adjoints.get(item)) for item, i in index.items()]
    return Graph(tuple(nodes), tuple(edges), tuple(index[n] for n in adjoints if n in operands))


def _ancestors(end: TapeNode, recorded: Sequence[TapeNode]) -> list[TapeNode]:
    """The operations that an end was computed by, and itself."""
    found = {end}
    for node in reversed(recorded):
        if node in found:
            found.update(node.parents)
    return [node for node in recorded if node in found]


def _partial(node: TapeNode, place: int) -> Any:
    try:
        (partial,) = vjp(node, [place])(vspace(node.value).ones())
    except NotImplementedError:
        return None
    return partial


def _flow(
    made: Sequence[TapeNode], partials: _Flow, end: TapeNode | None, origins: Set[TapeNode]
) -> tuple[dict[_Item, Any], _Flow]:
    """The adjoints on the ways from an end to the origins, as they are found, and their parts."""
    ways = _whole(made, partials, routes(made, origins))
    adjoints: dict[_Item, Any] = {}
    parts: _Flow = {}
    if end is not None and end in ways:
        for node, adjoint, given in pull_back(end, vspace(end.value).ones(), ways):
            adjoints[node] = adjoint
            parts |= {(node, place): part for place, part in zip(ways[node], given, strict=True)}
    return adjoints, parts


def _whole(made: Sequence[TapeNode], partials: _Flow, ways: Routes) -> Routes:
    """The ways without what led to an operation without a rule: a part of a sum is no adjoint."""
    lost = {
        node.parents[place]
        for node, places in ways.items()
        for place in places
        if partials[node, place] is None
    }
    for node in reversed(made):
        if node in lost:
            lost.update(node.parents)
    return {
        node: [place for place in places if node.parents[place] not in lost]
        for node, places in ways.items()
        if node not in lost
    }


def _operands(node: TapeNode) -> list[tuple[int, _Item]]:
    """What an operation works on, each with its place among the parents; numbers have −1."""
    places = {argument: place for place, argument in enumerate(node.argnums)}
    found: list[tuple[int, _Item]] = []
    for argument, value in enumerate(node.args):
        if argument in places:
            found.append((places[argument], node.parents[places[argument]]))
        elif _is_operand(node.fun, value):
            found.append((-1, _Number(float(value) if type(value) is int else value)))
    return found


def _is_operand(operation: Any, value: Any) -> bool:
    """Whether a plain argument is a number to compute with, and not an axis, a shape, an index."""
    if not isinstance(value, NUMBERS) and not isbox(value):
        return False
    computes = isinstance(operation.fun, np.ufunc) or operation.__name__ in MIXED
    return computes or is_real(np.asarray(value) if isinstance(value, float | int) else value)


def _line(node: TapeNode, operands: Iterable[tuple[int, _Item]]) -> Iterator[_Item]:
    yield from (operand for _, operand in operands)
    yield node


def _node(
    index: int, item: _Item, operations: Container[Any], known: Container[Any], adjoint: Any
) -> GraphNode:
    operation = _symbol(item.fun) if isinstance(item, TapeNode) and item in operations else ""
    watched = item in known
    kind = "watched" if watched else "constant"
    if operation:
        kind = "operation"
    elif item.owner is not nobody:
        kind = "variable"
    return GraphNode(
        index, operation, item.name, _dense(item.value), _dense(adjoint), watched, kind
    )


def _symbol(operation: Any) -> str:
    name = str(operation.__name__)
    return SYMBOLS.get(name, name)


def _dense(value: Any) -> Any:
    return value.mut_add(value.vs.zeros()) if isinstance(value, SparseObject) else value
