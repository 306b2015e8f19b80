"""A space seen by matplotlib: its projection, the mesh from back to front, the curves on its floor.

front/space.js has the same projection, and front/mesh.js the same order.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from gradwidgets.calculus.types import Array
from gradwidgets.pictures.marks import Label, Mark, Polyline, Surface
from gradwidgets.pictures.panels import Space
from gradwidgets.pictures.scene import Scene
from gradwidgets.rendering.sizing import scale

if TYPE_CHECKING:
    from matplotlib.axes import Axes

STRIDE = 6  # cells between two lines of the mesh
OVERLAP = 1.15  # of a cell onto those before it, which are painted later: no seam is left
SHADES = 24
OPACITY = 0.62
LINE = 0.5  # points: the width of the mesh's lines and of level curves


class Turn(NamedTuple):
    """From where the box is seen, in degrees."""

    azimuth: float
    elevation: float


def project(turn: Turn, places: Array) -> Array:
    """Where places (…, 3) of the box appear: the parallel projection, to the right and upwards.

    With azimuth 0° the first axis points to the right; a positive one turns the box
    counter-clockwise, as seen from above. With elevation 90° it is seen from there.

    >>> project(Turn(0.0, 90.0), np.array([0.5, 0.25, 0.0])).tolist()
    [0.5, 0.25]
    """
    (cosine, sine), (up, tilt) = map(_around, turn)
    x, y, z = np.moveaxis(places, -1, 0)
    return np.stack([cosine * x - sine * y, tilt * (sine * x + cosine * y) + up * z], axis=-1)


def _around(degrees: float) -> tuple[float, float]:
    return float(np.cos(np.radians(degrees))), float(np.sin(np.radians(degrees)))


def on_panel(scene: Scene, mark: Mark, numbers: Array) -> Array:
    """A mark's numbers in the panel's own coordinates, two to a place, as they are seen.

    Outside of a space they are what they were.
    """
    if scene.axes(mark) == 2 or isinstance(mark, Surface):
        return numbers
    turn = turn_of(scene, scene.panel(mark.panel).space)
    if not isinstance(mark, Label):
        seen = project(turn, numbers.reshape(-1, 3))
        return seen if isinstance(mark, Polyline) else seen.ravel()
    place, toward = numbers[:3], numbers[3:6]
    if mark.front and _away(turn, toward) > 0:
        place, toward = place - 2 * (place @ toward) * toward, -toward
    return np.concatenate([project(turn, place), project(turn, toward), numbers[6:]])


def _away(turn: Turn, toward: Array) -> float:
    """How far a direction along the floor leads away from the eye, seen from above."""
    cosine, sine = _around(turn.azimuth)
    return float(sine * toward[0] + cosine * toward[1])


def turn_of(scene: Scene, space: Space | None) -> Turn:
    """From where a scene's space is seen."""
    assert space is not None
    return Turn(*(scene.values[name] for name in space.turns))


class Piece(NamedTuple):
    """A cell of the mesh with its shade, or a line along its side, whose shade is −1."""

    corners: Array
    shade: int


def pieces(space: Space, turn: Turn) -> Iterator[Piece]:
    """Cells and lines of the mesh, what is farther away first.

    From a fixed direction a height over a plane hides only what lies behind it along both axes, so
    that an order of rows and columns is enough. A cell with a hole at a corner is left out.
    """
    x, y = np.meshgrid(space.x, space.y, indexing="ij")
    places = project(turn, np.stack([x, y, space.heights], axis=-1))
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

    shown, line = list(pieces(space, turn)), LINE * scale(ax)
    fade = LinearSegmentedColormap.from_list("fade", [mark.low, mark.high], SHADES)
    colors = [mark.color if piece.shade < 0 else fade(piece.shade) for piece in shown]
    cells = PolyCollection(
        [piece.corners for piece in shown],
        facecolors=colors,
        edgecolors=colors,
        linewidths=[line if piece.shade < 0 else 0.0 for piece in shown],
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
    seen = project(turn, np.stack([x, y, np.full_like(x, space.floor)], axis=-1))
    levelled = (*np.moveaxis(seen, -1, 0), space.heights)
    style: dict[str, Any] = {"colors": mark.color, "linewidths": LINE * scale(ax)}
    lines = ax.contour(*levelled, levels=space.levels, **style)
    lines.set(linestyle="-", gid=mark.name, zorder=order)
