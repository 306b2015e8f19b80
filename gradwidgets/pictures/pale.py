"""The pale arrows of a gradient's field all over a map, and what is told of their length."""

from __future__ import annotations

from typing import Any

import numpy as np

from gradwidgets.calculus.grid import Grid
from gradwidgets.calculus.types import Array
from gradwidgets.pictures import terrain
from gradwidgets.pictures.window import Ends, evenly

FIELD_NOTE = "field note"
FILLED = 0.7  # of the way from arrow to arrow, where they have one length


def inner(ends: Ends, count: int) -> Any:
    """`count` places over an interval, half a spacing away from its ends.

    >>> inner((0.0, 4.0), 2)
    array([1., 3.])
    """
    low, high = ends
    half = (high - low) / count / 2
    return evenly((low + half, high - half), count)


def pale_arrows(grid: Grid, normalized: bool) -> tuple[Array, str]:
    """Arrows from tail to tip, (k, 4), centred on the grid's `inner` places, and a note on them.

    They have one scale, or where they are `normalized` one length.
    """
    assert grid.gradient is not None
    count = len(grid.axes[0])
    spacing = min((axis[-1] - axis[0]) / (count - 1) for axis in grid.axes)
    x, y = np.meshgrid(*grid.axes, indexing="ij")
    lengths = np.asarray(np.hypot(*grid.gradient))
    if not (lengths > 0).any():
        return np.empty((0, 4)), ""
    if normalized:
        with np.errstate(divide="ignore"):
            scale: Any = FILLED * spacing / lengths
        note = "The pale arrows show the direction alone."
    else:
        common = terrain.arrow_scale(lengths, spacing)
        scale, note = common, f"The pale arrows are drawn at {terrain.ratio_text(common)}."
    with np.errstate(invalid="ignore"):
        half_x, half_y = grid.gradient * scale / 2
    ends = np.stack([x - half_x, y - half_y, x + half_x, y + half_y], axis=-1).reshape(-1, 4)
    return ends[np.isfinite(ends).all(axis=1)], note
