"""A panel's axes painted by matplotlib: its map, ticks and title."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gradwidgets.pictures.palette import FAINT, INK, QUIET
from gradwidgets.pictures.panels import Panel
from gradwidgets.rendering.contours import paint_contours
from gradwidgets.rendering.layout import Box
from gradwidgets.rendering.sizing import per_inch, scale
from gradwidgets.rendering.ticks import Ticks, log_ticks

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis
    from matplotlib.figure import Figure

TITLE, SMALLEST_TITLE = 11.0, 6.0


def place_axes(made: Figure, panel: Panel, box: Box) -> Axes:
    """A panel's axes where they belong on the sheet, with its coordinates."""
    width, height = made.get_size_inches() * per_inch(made)
    bottom = 1 - (box.top + box.height) / height
    ax = made.add_axes((box.left / width, bottom, box.width / width, box.height / height))
    ax.set(xlim=panel.x, ylim=panel.y)
    return ax


def paint_panel(made: Figure, panel: Panel, box: Box) -> Axes:
    """Paint what is of the panel alone: its frame, title, ticks and map."""
    ax = place_axes(made, panel, box)
    if panel.space is not None:
        ax.set_axis_off()
        _paint_title(made, ax, panel, box)
        return ax
    if panel.contours is not None:
        paint_contours(ax, panel.contours)
    if panel.bare:
        ax.set_axis_off()
    _number_axes(ax)
    paint_ticks(ax, panel, box)
    _paint_title(made, ax, panel, box)
    size = scale(made)
    ax.set_xlabel(panel.xlabel, fontsize=10 * size, color=QUIET, labelpad=2 * size)
    ax.set_ylabel(panel.ylabel, fontsize=10 * size, color=QUIET, labelpad=2 * size)
    for axis in (ax.xaxis, ax.yaxis):
        axis.get_offset_text().set_fontsize(10 * size)
    lines: dict[str, Any] = {"length": 3 * size, "width": 0.8 * size, "pad": 3.5 * size}
    ax.tick_params(labelsize=8.5 * size, colors=QUIET, **lines)
    ax.tick_params(which="minor", length=1.5 * size, width=0.6 * size, color=FAINT)
    ax.spines[:].set(color=FAINT, linewidth=0.8 * size)
    return ax


def _number_axes(ax: Axes) -> None:
    from gradwidgets.rendering.sheet import PlainNumbers

    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_formatter(PlainNumbers())


def paint_ticks(ax: Axes, panel: Panel, box: Box) -> None:
    """Ticks where a panel names them, and powers along its logarithmic axes."""
    if panel.xticks is not None:
        ax.set_xticks(panel.xticks[:: 2 if len(panel.xticks) > 5 and box.width < 330 else 1])
    if panel.yticks is not None:
        ax.set_yticks(panel.yticks)
    if panel.xlog:
        _paint_powers(ax.xaxis, log_ticks(panel.x, box.width))
    if panel.ylog:
        _paint_powers(ax.yaxis, log_ticks(panel.y, box.height, upright=True))


def _paint_powers(axis: Axis, ticks: Ticks) -> None:
    places, labels = [place for place, _ in ticks.labels], [label for _, label in ticks.labels]
    axis.set_ticks(places, labels)
    axis.set_ticks(ticks.minor, minor=True)


def _has_power(axis: Axis) -> bool:
    """Whether a power of ten stands at the end of an axis."""
    formatter = axis.get_major_formatter()
    formatter.format_ticks(list(axis.get_majorticklocs()))
    return bool(formatter.get_offset())


def title_of(panel: Panel) -> str:
    """A panel's title for matplotlib, without bars that would be tiny."""
    return panel.title.replace(r"\left|", "|").replace(r"\right|", "|")


def _paint_title(made: Figure, ax: Axes, panel: Panel, box: Box) -> None:
    """The title, in smaller type where it is wide, and left out where it would be unreadable."""
    # On the left it shares its line with a label.
    unit = scale(made)
    style: dict[str, Any] = {"fontsize": (TITLE - panel.left) * unit, "color": INK, "pad": 8 * unit}
    # Only a power of ten above the axis needs the search for room, a third of all drawing.
    place = None if _has_power(ax.yaxis) else 1.0
    title = ax.set_title(title_of(panel), loc="left" if panel.left else "center", y=place, **style)
    centre = box.left + box.width / 2
    right = made.get_figwidth() * per_inch(made) - centre
    room = 2 * min(centre - 4, right - 4, box.width / 2 + 30)
    wide = title.get_window_extent().width * per_inch(made) / made.dpi
    size = TITLE * min(1.0, room / max(wide, 1.0))
    title.set(fontsize=size * unit, visible=size >= SMALLEST_TITLE)
