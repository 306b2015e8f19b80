"""The loss over two parameters, or over the only one: θ, a search's path, the least squares."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import autograd.numpy as anp
import numpy as np

from gradwidgets.calculus.landscape import Landscape
from gradwidgets.calculus.objective import Objective
from gradwidgets.calculus.program import pick, scan
from gradwidgets.calculus.training import Data
from gradwidgets.calculus.typeset import symbol
from gradwidgets.pictures import terrain
from gradwidgets.pictures.framing import range_of
from gradwidgets.pictures.ground import Terrain
from gradwidgets.pictures.marks import Arrow, Label, Mark, Marker, Polyline
from gradwidgets.pictures.numbers import Numbers, beside, row
from gradwidgets.pictures.palette import GRADIENT, HANDLE, INK, QUIET, SECOND
from gradwidgets.pictures.panels import Panel
from gradwidgets.pictures.training import Search

POINTS = 61  # along a side, of the map while a hand moves data: at rest twice as fine
FEWER, MANY = 41, 128  # points where there are more rows than so many
WIDEST = 360  # pixels
SPACING = "log"  # of level curves: a ravine's floor would have none at even steps
SQUARE = 1.5  # times as wide as high, and the map has one scale
CURVE_POINTS = 81
CURVE = "curve"
UNSEEN = 0.02  # of the panel's width: a shorter step has no label


def panel(field: Landscape, axes: tuple[str, ...], cut: Mapping[str, float] | None) -> Panel:
    """The panel of the loss; where its `cut` is told, with the level curves that a file shows."""
    told = field.objective.loss.title.capitalize()
    if len(axes) == 1:
        (name,) = axes
        ends = field.domain[name]
        return Panel(
            CURVE, ends, (0.0, 1.0), told, f"${symbol(name)}$", axes=(name, None), most=WIDEST
        )
    across, up = axes
    if cut is not None:
        made = terrain.map_panel(field, across, up, cut, SPACING)
        return replace(made, title=told, most=WIDEST, equal=_is_square(field, axes))
    return Panel(
        "map",
        field.domain[across],
        field.domain[up],
        title=told,
        xlabel=f"${symbol(across)}${terrain.held_at(field, axes)}",
        ylabel=f"${symbol(up)}$",
        equal=_is_square(field, axes),
        axes=(across, up),
        terrain=Terrain(across, up, SPACING, POINTS if len(field.data.x) <= MANY else FEWER),
        most=WIDEST,
    )


def _is_square(field: Landscape, axes: Sequence[str]) -> bool:
    """Whether both axes can have one scale, and the map is nearly as wide as high."""
    across, up = (high - low for low, high in map(field.domain.__getitem__, axes))
    return 1 / SQUARE <= across / up <= SQUARE


def marks(field: Landscape, axes: tuple[str, ...]) -> tuple[Mark, ...]:
    """The path, the minimum, the next step, and the handle at θ."""
    on = "map" if len(axes) == 2 else CURVE
    along = tuple(np.linspace(*field.domain[axes[0]], CURVE_POINTS).tolist())
    moves = (axes[0], axes[1] if on == "map" else None)
    line = Polyline(name="loss curve", panel=on, color=QUIET, width=1.8, along=along)
    return (
        *([line] if on == CURVE else []),
        Polyline(name="path", panel=on, color=INK, width=1.4, dots=4.0),
        Marker(name="minimum", panel=on, color=SECOND, shape="diamond", size=11),
        Label(name="minimum label", panel=on, color=SECOND, texts=(_least(field),)),
        Arrow(name="move", panel=on, color=GRADIENT, width=3.0),
        Label(name="move label", panel=on, color=GRADIENT, texts=("next step",)),
        Marker(name="current", panel=on, color=INK, size=10),
        Marker(name="start", panel=on, color=HANDLE, moves=moves),
    )


def _least(field: Landscape) -> str:
    """What stands beside the minimum, which may have other hidden parameters than the map."""
    return "least squares" if len(field.variables) < 3 else "least squares, on another slice"


def numbers(
    field: Landscape, axes: tuple[str, ...], search: Search, best: Any, least: Any
) -> Numbers:
    """The numbers of these marks; `best` is the exact minimum, (P,), or NaN, `least` its loss."""
    at = [field.index(name) for name in axes]
    first, path = search.theta, search.path
    height = search.objective(first, *search.data)
    ahead = search.objective(search.following, *search.data)
    seen = pick(path.values, search.step)

    def placed(theta: Any, loss: Any) -> list[Any]:
        """Where θ stands: on the map, or on the curve."""
        return [theta[place] for place in at] if len(at) == 2 else [theta[at[0]], loss]

    here, there = placed(search.here, seen), placed(search.following, ahead)
    along = [path.points[:, place] for place in at]
    low, high = field.domain[axes[0]]
    long = anp.abs(there[0] - here[0]) > UNSEEN * (high - low)
    found = {
        "path": anp.stack(along if len(at) == 2 else [*along, path.values], axis=1),
        "minimum": row(*placed(best, least)),
        "minimum label": beside(placed(best, least), (1.0, 1.0), anp.isfinite(least)),
        "move": row(*here, *there),
        "move label": beside(there, (1.0, -1.0), long),
        "current": row(*here),
        "start": row(*placed(first, height)),
    }
    return found if len(at) == 2 else {**found, **_curve(field, search.objective, search.data)}


def _curve(field: Landscape, objective: Objective, data: Data) -> Numbers:
    """The loss over the only parameter, and the range of its axis: one round for each place."""
    ends = next(iter(field.domain.values()))
    places = np.linspace(*ends, CURVE_POINTS)

    def look(last: Any, w: Any, *rows: Any) -> tuple[tuple[Any], tuple[Any, Any]]:
        return (last,), (1.0, objective((w,), *rows))

    _, (_, values) = scan(look, (0.0,), (places,), float(CURVE_POINTS), (), data)
    top = anp.max(anp.where(anp.isfinite(values), values, 0.0))
    step = 10.0 ** anp.floor(anp.log10(anp.where(top > 0, top, 1.0))) / 4.0
    top = step * anp.ceil(anp.where(top > 0, top, 1.0) / step)
    return {"loss curve": values, range_of(CURVE): row(*ends, -0.04 * top, 1.04 * top)}
