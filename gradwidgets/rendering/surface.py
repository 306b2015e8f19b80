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

STRIDE = 5  # cells between two lines of the mesh
SHADES = 24
OPACITY = 0.7
LINE = 0.5  # points: the width of the mesh's lines and of level curves


class Piece(NamedTuple):
    """A cell of the mesh with its shade, or a part of a line, whose shade is −1."""

    corners: Array
    shade: int


def pieces(space: Space, turn: Turn) -> Iterator[Piece]:
    """Cells and lines of the mesh, what is farther away first; surface.js has the same order.

    From a fixed direction a height over a plane hides only what lies behind it along both axes, so
    that an order of rows and columns is enough. A cell with a hole at a corner is left out.
    """
    places = seen(space, turn, space.heights)
    rows, columns = order(space, turn)
    shades = _shades(space.heights)
    for i in rows:
        for j in columns:
            if shades[i, j] < 0:
                continue
            a, b, c, d = places[i, j], places[i + 1, j], places[i + 1, j + 1], places[i, j + 1]
            yield Piece(np.array([a, b, c, d]), int(shades[i, j]))
            sides = ((a, b, j), (d, c, j + 1), (a, d, i), (b, c, i + 1))
            for start, end, line in sides:
                if line % STRIDE == 0:
                    yield Piece(np.array([start, end]), -1)


def seen(space: Space, turn: Turn, heights: Array | float) -> Array:
    """The grid's places at these heights, on the panel."""
    x, y = np.meshgrid(space.x, space.y, indexing="ij")
    return np.stack(project(turn, x, y, heights), axis=-1)


def order(space: Space, turn: Turn) -> tuple[range, range]:
    """Rows and columns of cells, the farthest first."""
    rows, columns = (range(len(side) - 1) for side in (space.x, space.y))
    around = np.radians(turn.azimuth)
    return rows[:: -1 if np.sin(around) > 0 else 1], columns[:: -1 if np.cos(around) > 0 else 1]


def _shades(heights: Array) -> Array:
    """The shade of every cell by its mean height, −1 where it has none."""
    mean = (heights[1:, 1:] + heights[1:, :-1] + heights[:-1, 1:] + heights[:-1, :-1]) / 4
    low, high = (
        (np.nanmin(heights), np.nanmax(heights)) if np.isfinite(heights).any() else (0.0, 0.0)
    )
    share = (mean - low) / (high - low) if high > low else mean * 0.0
    return np.where(np.isnan(share), -1, np.floor(share * (SHADES - 1) + 0.5)).astype(int)


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
        edgecolors=colors,  # a cell's closes the seam to its neighbour
        linewidths=LINE,
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
    places = np.moveaxis(seen(space, turn, space.floor), -1, 0)
    lines = ax.contour(
        *places, space.heights, levels=space.levels, colors=mark.color, linewidths=LINE
    )
    lines.set(linestyle="-", gid=mark.name, zorder=order)
