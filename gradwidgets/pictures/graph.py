"""A computation graph as it is drawn: places for nodes and edges, and the steps that fill it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import autograd.numpy as anp
import numpy as np
from autograd.tracer import getval, isbox

from gradwidgets.calculus.graph import Graph, GraphNode
from gradwidgets.calculus.types import Array
from gradwidgets.pictures.fold import Group, folded
from gradwidgets.pictures.layers import Layout, layered
from gradwidgets.pictures.palette import GRADIENT, SECOND

SMALL = 12.0  # size of the letters in a node and beside an edge


@dataclass(frozen=True)
class Step:
    """A step of both passes: "start", "forward" to a node, "seed", "backward" on an edge, "end"."""

    kind: str
    node: int = -1
    edge: int = -1


@dataclass(frozen=True, eq=False)
class Drawing:
    """A graph with places for its nodes and edges, and the steps that fill it.

    `off` are the nodes that the student's tape does not know; `second` tells whether the target is
    itself a derivative, `first` of a name by which other name its value is called in the graph.
    """

    graph: Graph
    target: str
    off: frozenset[int] = frozenset()
    second: bool = False
    first: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def literals(self) -> dict[int, int]:
        """Plain numbers that stand in the symbol of the one operation that uses them."""
        edges = self.graph.edges
        operands, parents = [e.child for e in edges], [e.parent for e in edges]
        return {
            edge.parent: edge.child
            for edge in edges
            if _is_literal(self.graph.nodes[edge.parent])
            and operands.count(edge.child) == 2
            and parents.count(edge.parent) == 1
        }

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        """What is drawn as one node."""
        return folded(self.graph, frozenset(self.literals))

    @cached_property
    def home(self) -> dict[int, int]:
        """For every node that is drawn, its group."""
        return {node: place for place, group in enumerate(self.groups) for node in group.nodes}

    @cached_property
    def edges(self) -> tuple[int, ...]:
        """The edges that are drawn: one for each argument, and one between folded nodes."""
        kept, seen = [], set()
        for place, edge in enumerate(self.graph.edges):
            if edge.parent not in self.home:
                continue
            pair = (self.home[edge.parent], self.home[edge.child])
            many = any(self.groups[group].note for group in pair)
            if pair[0] != pair[1] and not (many and pair in seen):
                kept.append(place)
            seen.add(pair)
        return tuple(kept)

    @cached_property
    def layout(self) -> Layout:
        """Places of the groups and routes of the edges."""
        chosen = [self.graph.edges[place] for place in self.edges]
        return layered(
            len(self.groups), [(self.home[edge.parent], self.home[edge.child]) for edge in chosen]
        )

    @cached_property
    def routes(self) -> dict[int, Array]:
        """By its place, each edge that is drawn: the points of its line, y upwards."""
        lines = [np.array(route) * (1.0, -1.0) for route in self.layout.routes]
        return dict(zip(self.edges, lines, strict=True))

    @cached_property
    def singles(self) -> tuple[GraphNode, ...]:
        """The nodes that stand alone, and so show their numbers."""
        return tuple(self.graph.nodes[group.nodes[0]] for group in self.groups if not group.note)

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """Forward one operation after the other, then backward along one edge after the other."""
        nodes, edges = self.graph.nodes, self.graph.edges
        forward = [Step("forward", node.index) for node in nodes if node.operation]
        flows = [
            Step("backward", index, place)
            for index in self.graph.order
            for place, edge in enumerate(edges)
            if edge.child == index and edge.contribution is not None
        ]
        ends = [node.index for node in nodes if node.adjoint is not None]
        seed = [Step("seed", self.graph.order[0] if self.graph.order else ends[0])] if ends else []
        return (Step("start"), *forward, *seed, *flows, Step("end"))

    @property
    def forward_steps(self) -> int:
        """How many steps the forward pass has."""
        return sum(step.kind == "forward" for step in self.steps)

    @property
    def path(self) -> tuple[tuple[Any, ...], ...]:
        """What is done, operation after operation, and with what."""
        nodes = tuple((node.operation, node.name) for node in self.graph.nodes)
        return nodes, tuple((edge.parent, edge.child, edge.place) for edge in self.graph.edges)

    @property
    def written(self) -> tuple[float, ...]:
        """The plain numbers that stand in symbols."""
        return tuple(float(getval(self.graph.nodes[k].value)) for k in self.literals)

    @property
    def end(self) -> int:
        """The last step, at which both passes are done."""
        return len(self.steps) - 1

    @property
    def hue(self) -> str:
        """The adjoints' colour: that of second order where the target is a derivative."""
        return SECOND if self.second else GRADIENT

    def reached(self, node: int) -> int:
        """The step at which the forward pass has a node's value."""
        found = (k for k, s in enumerate(self.steps) if s.kind == "forward" and s.node == node)
        return next(found, 0)

    def terms(self, node: int) -> list[tuple[int, int]]:
        """The steps at which a node's adjoint grows, and the edges that bring it (−1: the seed)."""
        return [
            (step, found.edge)
            for step, found in enumerate(self.steps)
            if (found.kind == "seed" and found.node == node)
            or (found.kind == "backward" and self.graph.edges[found.edge].parent == node)
        ]

    def called(self, index: int) -> str:
        """A node's name; a tape may call an adjoint like the value that it has: not that."""
        name = self.graph.nodes[index].name
        owner = next(node for node in self.graph.nodes if node.name == name)
        return name if owner.index == index else ""

    def place(self, node: int) -> tuple[float, float]:
        """Where a node stands, y upwards; off the panel for one that is not drawn."""
        x, y = self.layout.places[self.home[node]]
        return x, -y

    def fill(self, node: GraphNode) -> str:
        """Which of the fills a node has."""
        if node.index in self.off:
            return "constant" if node.kind == "constant" else "off"
        return node.kind


def _is_literal(node: GraphNode) -> bool:
    return node.kind == "constant" and not node.name and is_number(node.value)


def is_number(value: Any) -> bool:
    """Whether a value is one number, and no array."""
    return np.ndim(getval(value)) == 0


def number_of(value: Any) -> Any:
    """A value's number; NaN for an array and where there is none."""
    if value is None or not is_number(value):
        return np.nan
    return anp.reshape(1.0 * value, ()) if isbox(value) else float(value)


def since(step: Any, first: int, choice: Any = 0.0) -> Any:
    """A label's choice from a step on, and none before."""
    return anp.where(step > first - 0.5, choice, -1.0)
