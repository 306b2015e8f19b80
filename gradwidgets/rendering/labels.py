"""The labels of a panel painted by matplotlib, placed together; front/label.js is its partner."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from gradwidgets.calculus.types import Array
from gradwidgets.pictures.marks import Label, Mark, label_text
from gradwidgets.pictures.palette import PAGE
from gradwidgets.pictures.panels import Panel
from gradwidgets.pictures.placing import STRIP
from gradwidgets.rendering.layout import Box, to_pixels
from gradwidgets.rendering.obstacles import obstacles_of
from gradwidgets.rendering.pinning import FAR, in_inches, sheet_of
from gradwidgets.rendering.placing import Asked, Obstacles, middles_of
from gradwidgets.rendering.sizing import per_inch, points, scale

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.backend_bases import RendererBase
    from matplotlib.text import Text

TITLE_LINE = 30  # above a panel, for labels that may stand beside its title


class Written(NamedTuple):
    """A label's text, and what it is placed by."""

    text: Text
    mark: Label
    numbers: Array


def write_label(ax: Axes, mark: Label, numbers: Array, order: float) -> list[Written]:
    """Write a label, but not yet to its place; nothing where it is hidden."""
    from matplotlib.patheffects import withStroke

    words = label_text(mark, numbers)
    if not words:
        return []
    text = ax.text(
        0.0,
        0.0,
        words,
        color=mark.color,
        fontsize=points(ax, mark.size),
        ha="center",
        va="center",
        transform=sheet_of(ax).dpi_scale_trans,
        path_effects=[withStroke(linewidth=2.6 * scale(ax), foreground=PAGE)],
        gid=mark.name,
        zorder=order,
    )
    return [Written(text, mark, numbers)]


@dataclass
class Labels:
    """The labels of one panel, and all that is drawn there, with its numbers on the panel.

    `chosen` has the places that they took before, to which they keep while the panel has its size.
    """

    name: str
    written: Sequence[Written]
    drawn: Sequence[tuple[Mark, Array]]
    chosen: dict[str, int]
    size: tuple[float, float] | None = None

    @property
    def artists(self) -> list[Artist]:
        """The texts."""
        return [text for text, _, _ in self.written]

    def bring(self, panel: Panel, box: Box, renderer: RendererBase | None = None) -> None:
        """Place them all where the panel is now."""
        size = (box.width, box.height)
        if self.size not in (None, size):
            self.chosen.clear()
        self.size = size
        found = [_asked(one, panel, box, renderer) for one in self.written]
        asked = [one for one in found if one is not None]
        moves = not all(one.still for one in asked)
        avoided = [obstacles_of(panel, box, *one) for one in self.drawn] if moves else []
        middles = middles_of(asked, Obstacles.joined(avoided), self.chosen)
        for text, mark, _ in self.written:
            if mark.name in middles:
                x, y = in_inches(text, middles[mark.name])
                text.set_position((x, y))


def _asked(one: Written, panel: Panel, box: Box, renderer: RendererBase | None) -> Asked | None:
    """Where a label wants to stand; None, and unseen, where it has no place."""
    text, mark, numbers = one
    anchor, (across, up) = to_pixels(panel, box, numbers[:2]), numbers[2:4]
    near = bool((np.abs(anchor) < FAR).all())
    text.set_visible(near)
    if not near:
        return None
    toward = np.array([across, -up]) / (np.hypot(across, up) or 1.0)
    low, high = _ends(text, renderer)
    half = (high - low) / 2
    around = STRIP if mark.free and toward.any() else 0.0
    free_above = around and not _is_titled(text.axes, anchor[0], renderer)
    above = TITLE_LINE if mark.above else around if free_above else 0.0
    room = _room(box, anchor, around, above)
    still = mark.above or panel.bare or mark.pinned
    return Asked(mark.name, anchor, toward, half, mark.aside, room, still, mark.level)


def _room(box: Box, anchor: Array, around: float, above: float) -> Array:
    """The panel, with so many pixels more around it, and above."""
    right, bottom = box.left + box.width, box.top + box.height
    beyond = STRIP if anchor[0] > right else around  # beside an arrow that sticks out
    return np.array([box.left - around, box.top - above, right + beyond, bottom + around])


def _is_titled(ax: Any, across: float, renderer: RendererBase | None) -> bool:
    """Whether the title is near, above a place so far to the right."""
    (left, _), (right, _) = _ends(ax.title, renderer)
    return bool(left - STRIP < across < right + STRIP)


def _ends(text: Text, renderer: RendererBase | None) -> Array:
    """The two corners of a text's box in pixels of the layout, y upwards."""
    extent = text.get_window_extent(renderer)
    return np.array(extent.get_points() * per_inch(text) / sheet_of(text).dpi)
