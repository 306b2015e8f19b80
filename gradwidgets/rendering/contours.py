"""A map painted by matplotlib: bands and level curves, and where f has no value."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from gradwidgets.calculus.types import Array
from gradwidgets.pictures.ground import Contours
from gradwidgets.pictures.levels import short
from gradwidgets.pictures.palette import HATCH, LEVEL_LINE, MAP_HIGH, MAP_LOW, QUIET, UNDEFINED
from gradwidgets.rendering.sizing import scale

if TYPE_CHECKING:
    from matplotlib.axes import Axes

USUAL_SIZE = 1e12  # of f, and of its range in comparison with its levels' distances
MOST_PIECES = 60  # of level curves that still carry their numbers


def paint_contours(ax: Axes, contours: Contours) -> None:
    """Paint the bands between levels, their curves, and what is to be said of them."""
    from matplotlib.colors import LinearSegmentedColormap

    ax.set_facecolor(UNDEFINED)
    x, y, values, torn, _ = contours.sheet
    if np.isnan(values).any():
        ax.patch.set(hatch="////", edgecolor=HATCH)
    if len(contours.levels) < 2:
        return
    _write_note(ax, contours.note)
    count = len(contours.levels)
    pale = LinearSegmentedColormap.from_list("pale", [MAP_LOW, MAP_HIGH], count + 1)
    values, levels = drawable(values, contours.levels)
    shared = (x, y, values.T)
    ax.contourf(*shared, levels=levels, colors=pale(range(count + 1)), extend="both")
    if torn is not None and torn.any():
        shared = (x, y, np.where(torn, np.nan, values).T)
    lines = ax.contour(*shared, levels=levels, colors=LEVEL_LINE, linewidths=0.7 * scale(ax))
    lines.set(linestyle="-")
    pieces = sum(int(np.sum(path.codes == path.MOVETO)) for path in lines.get_paths())
    if pieces <= MOST_PIECES and not contours.silent:
        texts = dict(zip(levels.tolist(), map(short, contours.levels), strict=True))
        ax.clabel(lines, levels[1::2], fontsize=7 * scale(ax), colors=QUIET, fmt=texts)


def _write_note(ax: Axes, note: str) -> None:
    """A few words below the map's right end, in the line of its axis's name."""
    ax.annotate(
        note,
        (1.0, 0.0),
        (0, -24 * scale(ax)),
        xycoords="axes fraction",
        textcoords="offset points",
        ha="right",
        va="top",
        fontsize=7.5 * scale(ax),
        color=QUIET,
        gid="levels note",
    )


def drawable(values: Array, chosen: Sequence[float]) -> tuple[Array, Array]:
    """Values and levels as matplotlib can draw them: without peaks, and of a usual size.

    Where levels are of another size, or differ by many powers of ten, they are counted instead:
    a value is then how many levels lie below it.
    """
    levels = np.asarray(chosen)
    places = [2 * levels[0] - levels[1], *levels, 2 * levels[-1] - levels[-2]]
    values = np.where(np.isfinite(values), values, np.nan)
    size = np.abs(levels).max()
    if 1 / USUAL_SIZE < size < USUAL_SIZE and np.diff(levels).min() > size / USUAL_SIZE:
        return np.clip(values, places[0], places[-1]), levels
    counts = np.arange(len(places), dtype=float)
    return np.interp(values, places, counts), counts[1:-1]
