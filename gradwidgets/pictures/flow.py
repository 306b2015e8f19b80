"""What flows through a computation graph at a step: the active node, and the ways to it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import autograd.numpy as anp
import numpy as np

from gradwidgets.calculus.types import Array
from gradwidgets.pictures.edges import broken, head
from gradwidgets.pictures.graph import Drawing
from gradwidgets.pictures.marks import Arrow, Marks, Polyline
from gradwidgets.pictures.palette import BACKWARD_HALO, FORWARD_HALO, INK

HALO = 46.0  # diameter of the disk behind the active node
NOWHERE = (np.nan, np.nan)


def halo_marks() -> Marks:
    """The disks behind the active node, forward and backward."""
    return tuple(
        Polyline(name=f"{kind} halo", panel="graph", color=color, width=0, dots=HALO)
        for kind, color in (("forward", FORWARD_HALO), ("backward", BACKWARD_HALO))
    )


def flow_marks(drawing: Drawing) -> Marks:
    """The edges along which values flow down, or an adjoint up."""
    return (
        Polyline(name="forward flow", panel="graph", color=INK, width=2.5),
        Polyline(name="backward flow", panel="graph", color=drawing.hue, width=3.5),
        Arrow(name="backward arrow", panel="graph", color=drawing.hue, width=4.5),
    )


def flow_numbers(drawing: Drawing, now: Any) -> dict[str, Any]:
    """The halo of the active node and the edges along which something flows, at a step."""
    steps = drawing.steps
    moving = {"forward": ("forward",), "backward": ("seed", "backward")}
    spots = {
        name: [[drawing.place(s.node) if s.kind in kinds else NOWHERE] for s in steps]
        for name, kinds in moving.items()
    }
    incoming = [_incoming(drawing, s.node) if s.kind == "forward" else [] for s in steps]
    flowing = [_flowing(drawing, s.edge) for s in steps]
    arrows = [head(route[0], True) if route else [np.nan] * 4 for route in flowing]
    return {
        "forward halo": _chosen(now, spots["forward"]),
        "backward halo": _chosen(now, spots["backward"]),
        "forward flow": _chosen(now, _even(incoming)),
        "backward flow": _chosen(now, _even(flowing)),
        "backward arrow": _chosen(now, arrows),
    }


def _chosen(now: Any, table: Any) -> Any:
    """The row of a table that belongs to the step; NaN where none does."""
    rows = np.array(table, dtype=float)
    mask = anp.reshape(now, (len(rows), *[1] * (rows.ndim - 1)))
    return anp.sum(anp.where(mask, rows, 0.0), axis=0) + anp.where(anp.any(now), 0.0, np.nan)


def _even(routes: Sequence[Sequence[Array]]) -> Array:
    """One line for each step, all with equally many points."""
    lines = [broken(parts) if parts else np.empty((0, 2)) for parts in routes]
    most = max(1, *(len(line) for line in lines))
    return np.array(
        [np.pad(line, ((0, most - len(line)), (0, 0)), constant_values=np.nan) for line in lines]
    )


def _incoming(drawing: Drawing, node: int) -> list[Array]:
    edges = drawing.graph.edges
    return [route for place, route in drawing.routes.items() if edges[place].child == node]


def _flowing(drawing: Drawing, edge: int) -> list[Array]:
    return [drawing.routes[edge]] if edge in drawing.routes else []
