"""The surface drawn by matplotlib: the mesh from back to front, the level curves on its floor."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from gradwidgets.calculus.field import Array
from gradwidgets.pictures.scene import Space, Surface
from gradwidgets.pictures.surface import Turn, project

if TYPE_CHECKING:
    from matplotlib.axes import Axes

STRIDE = 6  # cells between two lines of the mesh
OVERLAP = 1.15  # of a cell onto those before it, which are painted later: no seam is left
SHADES = 24
OPACITY = 0.62
LINE = 0.5  # points: the width of the mesh's lines and of level curves


class Piece(NamedTuple):
    """A cell of the mesh with its shade, or a line along its side, whose shade is −1."""

    corners: Array
    shade: int


def pieces(space: Space, turn: Turn) -> Iterator[Piece]:
    """Cells and lines of the mesh, what is farther away first; surface.js has the same order.

    From a fixed direction a height over a plane hides only what lies behind it along both axes, so
    that an order of rows and columns is enough. A cell with a hole at a corner is left out.
    """
    x, y = np.meshgrid(space.x, space.y, indexing="ij")
    places = np.stack(project(turn, x, y, space.heights), axis=-1)
    low, unit = _shading(space.heights)
    around = np.radians(turn.azimuth)
    columns = _from_far(len(space.y) - 1, bool(np.cos(around) > 0))
    for i, k in _from_far(len(space.x) - 1, bool(np.sin(around) > 0)):
        for j, m in columns:
            a, b, c, d = cell = places[[i, k, k, i], [j, j, m, m]]
            if np.isnan(cell).any():
                continue
            mean = np.mean(space.heights[[i, k, k, i], [j, j, m, m]])
            yield Piece(a + (cell - a) * OVERLAP, int((mean - low) * unit + 0.5))
            last_x, last_y = len(space.x) - 1, len(space.y) - 1
            sides = ((j % STRIDE == 0, a, b), (i % STRIDE == 0, a, d))
            edges = ((k % last_x == 0, b, c), (m % last_y == 0, d, c))
            yield from (Piece(np.array(ends), -1) for wanted, *ends in sides + edges if wanted)


def _from_far(cells: int, far_is_last: bool) -> list[tuple[int, int]]:
    """Indices of cells along one side, the farthest first: far corner, near corner."""
    if far_is_last:
        return [(place, place - 1) for place in range(cells, 0, -1)]
    return [(place, place + 1) for place in range(cells)]


def _shading(heights: Array) -> tuple[float, float]:
    """The least height, and how many shades there are to a unit of height."""
    known = heights[np.isfinite(heights)]
    low, high = (known.min(), known.max()) if known.size else (0.0, 0.0)
    return float(low), (SHADES - 1) / (high - low) if high > low else 0.0


def paint_surface(ax: Axes, space: Space, mark: Surface, turn: Turn, order: float) -> None:
    """Paint the mesh, or the level curves on the floor, into a panel's axes."""
    if mark.flat:
        _paint_levels(ax, space, mark, turn, order)
    else:
        _paint_mesh(ax, space, mark, turn, order)


def _paint_mesh(ax: Axes, space: Space, mark: Surface, turn: Turn, order: float) -> None:
    from matplotlib.collections import PolyCollection
    from matplotlib.colors import LinearSegmentedColormap

    shown = list(pieces(space, turn))
    fade = LinearSegmentedColormap.from_list("fade", [mark.low, mark.high], SHADES)
    colors = [mark.color if piece.shade < 0 else fade(piece.shade) for piece in shown]
    cells = PolyCollection(
        [piece.corners for piece in shown],
        facecolors=colors,
        edgecolors=colors,
        linewidths=[LINE if piece.shade < 0 else 0.0 for piece in shown],
        gid=mark.name,
        zorder=order,
    )
    # As a whole it is translucent, not cell by cell; and thousands of cells are no vector file.
    cells.set(rasterized=True, agg_filter=_translucent)
    ax.add_collection(cells, autolim=False)


def _translucent(pixels: Array, _dpi: float) -> tuple[Array, int, int]:
    return pixels * (1.0, 1.0, 1.0, OPACITY), 0, 0


def _paint_levels(ax: Axes, space: Space, mark: Surface, turn: Turn, order: float) -> None:
    if len(space.levels) < 1:
        return
    x, y = np.meshgrid(space.x, space.y, indexing="ij")
    places = project(turn, x, y, space.floor)
    lines = ax.contour(
        *places, space.heights, levels=space.levels, colors=mark.color, linewidths=LINE
    )
    lines.set(linestyle="-", gid=mark.name, zorder=order)
