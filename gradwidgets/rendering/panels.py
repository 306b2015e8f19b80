"""A panel's axes painted by matplotlib: its map, ticks and title."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gradwidgets.pictures.palette import FAINT, INK, QUIET
from gradwidgets.pictures.panels import Panel
from gradwidgets.rendering.contours import paint_contours
from gradwidgets.rendering.layout import DPI, Box
from gradwidgets.rendering.ticks import Ticks, log_ticks

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis
    from matplotlib.figure import Figure

TITLE, SMALLEST_TITLE = 11.0, 6.0


def place_axes(made: Figure, panel: Panel, box: Box) -> Axes:
    """A panel's axes where they belong on the sheet, with its coordinates."""
    width, height = made.get_size_inches() * DPI
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
    _paint_ticks(ax, panel, box)
    _paint_title(made, ax, panel, box)
    ax.set_xlabel(panel.xlabel, fontsize=10, color=QUIET, labelpad=2)
    ax.set_ylabel(panel.ylabel, fontsize=10, color=QUIET, labelpad=2)
    ax.tick_params(labelsize=8.5, colors=QUIET, length=3)
    ax.tick_params(which="minor", length=1.5, color=FAINT)
    ax.spines[:].set_color(FAINT)
    return ax


def _paint_ticks(ax: Axes, panel: Panel, box: Box) -> None:
    from gradwidgets.rendering.sheet import PlainNumbers

    if panel.xticks is not None:
        ax.set_xticks(panel.xticks[:: 2 if len(panel.xticks) > 5 and box.width < 330 else 1])
    if panel.yticks is not None:
        ax.set_yticks(panel.yticks)
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_formatter(PlainNumbers())
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


def _paint_title(made: Figure, ax: Axes, panel: Panel, box: Box) -> None:
    """The title, in smaller type where it is wide, and left out where it would be unreadable."""
    # On the left it shares its line with a label.
    style: dict[str, Any] = {"fontsize": TITLE - panel.left, "color": INK, "pad": 8}
    text = panel.title.replace(r"\left|", "|").replace(r"\right|", "|")  # those would be tiny
    # Only a power of ten above the axis needs the search for room, a third of all drawing.
    place = None if _has_power(ax.yaxis) else 1.0
    title = ax.set_title(text, loc="left" if panel.left else "center", y=place, **style)
    centre = box.left + box.width / 2
    room = 2 * min(centre - 4, made.get_figwidth() * DPI - centre - 4, box.width / 2 + 30)
    wide = title.get_window_extent().width
    size = TITLE * min(1.0, room / max(wide, 1.0))
    title.set(fontsize=size, visible=size >= SMALLEST_TITLE)
