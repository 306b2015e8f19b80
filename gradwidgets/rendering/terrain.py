"""What the browser makes the ground of: a panel's terrain, and grids where f has no program.

front/terrain.js and front/sheets.js read all of it.
"""

from __future__ import annotations

import zlib
from typing import Any

import numpy as np

from gradwidgets.pictures.panels import Panel, Space
from gradwidgets.pictures.picture import Picture

COARSER = 2  # a grid that travels has every second place of the painted one
DIGITS = 5


def as_terrain(panel: Panel) -> dict[str, Any] | None:
    """Of which variables a panel's terrain is, and how it is drawn; None where it has none.

    Where level curves belong to no field, as those of a map of rates, their values themselves: the
    ends of both axes, and `values[i][j]` evenly over them.
    """
    if panel.terrain is not None:
        arrows = panel.terrain.arrows
        return vars(panel.terrain) | {"arrows": arrows and vars(arrows)}
    if panel.contours is None:
        return None
    x, y, values, *_ = panel.contours.sheet
    seen = values[::COARSER, ::COARSER]
    rounded = [[float(f"{value:.{DIGITS}g}") for value in row] for row in seen.tolist()]
    return {
        "levels": list(panel.contours.levels),
        "x": [x[0], x[-1]],
        "y": [y[0], y[-1]],
        "values": rounded,
    }


def as_space(space: Space | None) -> dict[str, Any] | None:
    """A space without its heights, which the browser makes from the terrain."""
    if space is None:
        return None
    told = ("floor", "centre", "half", "low", "high", "box", "turns")
    return {name: getattr(space, name) for name in told}


def pack_grid(picture: Picture) -> bytes:
    """The terrain of a picture whose field has no program, over the present window; else nothing.

    Deflated; uint32: how many places there are along x and along y, how many arrows, and 0. Then
    float64: the places along x, along y, the values, row by row for each x, and of each arrow tail
    and tip. Then a byte for each value: 1 where f jumps beside it, 2 more where f is undefined at
    that very place, and the value is that close by.
    """
    shown = (panel.contours for panel in picture.panels if panel.terrain is not None)
    contours = next(shown, None)
    if contours is None:
        return b""
    x, y, values, torn, gaps = contours.sheet
    arrows = np.empty((0, 4)) if contours.arrows is None else contours.arrows
    head = np.array([x.size, y.size, len(arrows), 0], "<u4")
    numbers = np.concatenate([x, y, values.ravel(), arrows.ravel()]).astype("<f8")
    odd = np.zeros(values.shape, "u1")
    if torn is not None and gaps is not None:
        odd += torn + 2 * gaps.astype("u1")
    return zlib.compress(head.tobytes() + numbers.tobytes() + odd.tobytes())
