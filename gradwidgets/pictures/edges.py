"""The edges of a computation graph: arrows, and beside them the local derivatives."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from gradwidgets.calculus.graph import Graph
from gradwidgets.calculus.types import Array
from gradwidgets.pictures.graph import SMALL, Drawing, is_number, since
from gradwidgets.pictures.marks import Arrow, Label, Mark, Marks, Polyline
from gradwidgets.pictures.numbers import Numbers, row
from gradwidgets.pictures.palette import GUIDE, QUIET
from gradwidgets.pictures.scene import Layer


def edges_layer(drawing: Drawing) -> Layer:
    """The edges; dashed where the student's tape does not go."""
    marks: list[Mark] = []
    numbers: dict[str, Any] = {}
    kinds = (("edges", QUIET, (), False), ("edges off", GUIDE, (3, 3), True))
    for name, color, dash, off in kinds:
        routes = [
            route
            for place, route in drawing.routes.items()
            if (drawing.graph.edges[place].parent in drawing.off) == off
        ]
        if routes:
            marks.append(Polyline(name=name, panel="graph", color=color, width=1.2, dash=dash))
            numbers[name] = broken(routes)
            marks.append(Arrow(name=f"{name} heads", panel="graph", color=color, width=1.4))
            numbers[f"{name} heads"] = np.array([head(route) for route in routes])
    return Layer(tuple(marks), numbers)


def broken(routes: Sequence[Array]) -> Array:
    """Several lines as one, with breaks."""
    gap = np.full((1, 2), np.nan)
    return np.concatenate([part for route in routes for part in (route, gap)])


def along_route(route: Array, share: float) -> Array:
    """The place at a share of a route's length."""
    lengths = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(route, axis=0).T))])
    return np.array([np.interp(share * lengths[-1], lengths, part) for part in route.T])


def head(route: Array, backward: bool = False) -> Array:
    """An arrow on the part of an edge that is straight."""
    start, stop = (0.35, 0.5) if _level(route) else (0.54, 0.68)
    ends = (stop, start - 0.14) if backward else (start, stop)
    return np.concatenate([along_route(route, share) for share in ends])


def _level(route: Array) -> bool:
    """Whether an edge starts between two layers, and so is nearly level at first."""
    return bool(route[0, 1] % 1)


# ── local derivatives ────────────────────────────────────────────────────────────────────────────


def _shown_partials(drawing: Drawing) -> list[int]:
    """The edges between single nodes that tell their local derivative."""
    return [
        place
        for place in drawing.edges
        if (edge := drawing.graph.edges[place]).partial is not None
        and edge.parent not in drawing.off
        and not any(drawing.groups[drawing.home[n]].note for n in (edge.parent, edge.child))
        and is_number(edge.partial)
    ]


def partial_marks(drawing: Drawing) -> Marks:
    """The number of each local derivative."""
    return tuple(
        Label(name=f"partial {place}", panel="graph", color=QUIET, texts=("{g}",), size=SMALL)
        for place in _shown_partials(drawing)
    )


def partial_numbers(drawing: Drawing, graph: Graph, step: Any) -> Numbers:
    """Where they stand, each from the step on at which the forward pass is there."""
    numbers = {}
    for place in _shown_partials(drawing):
        edge = graph.edges[place]
        shown = since(step, drawing.reached(edge.child))
        room = _room_beside(drawing.routes[place])
        numbers[f"partial {place}"] = row(*room, shown, edge.partial)
    return numbers


def _room_beside(route: Array) -> tuple[float, ...]:
    """The middle of an edge, and the direction in which it leaves room for its number."""
    (start, *_, end), ends = route, np.sort(route[[0, -1], 0])
    if _level(route):
        return (*along_route(route, 0.4), 0.0, 1.0)
    middle = along_route(route, 0.5)
    if ends[0] == ends[1]:
        return (*middle, 1.0 if middle[0] > ends[1] + 1e-9 else -1.0, 0.0)
    return (*middle, 1.0, 0.6 * float(np.sign(end[0] - start[0])))
