"""Panels painted into axes of the reader's own: ours inside, around them the reader's look.

It imports matplotlib, so it is imported where something is painted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import chain
from typing import Any, TypeAlias

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from gradwidgets.pictures.palette import PAGE
from gradwidgets.pictures.panels import Panel
from gradwidgets.pictures.scene import Scene
from gradwidgets.rendering.contours import paint_contours
from gradwidgets.rendering.layout import Box
from gradwidgets.rendering.paint import paint_backdrop, paint_marks
from gradwidgets.rendering.panels import paint_ticks, title_of
from gradwidgets.rendering.pinning import Pinned
from gradwidgets.rendering.settings import usual_settings
from gradwidgets.rendering.sizing import per_inch

Own: TypeAlias = "Axes | Iterable[Axes] | Mapping[str, Axes]"


def paint_into(scene: Scene, own: Own) -> Figure:
    """Paint panels of a scene into a reader's axes, and return the figure of these.

    Args:
        scene: what is painted, but for its captions.
        own: axes for the leading panel; several for the panels in their order; or a mapping from
            the names of panels to axes.

    Raises:
        ValueError: a name that no panel has, more axes than panels, none at all, or axes that are
            not plain ones.
    """
    axes = _by_panel(scene, own)
    panels = {panel.name: panel for panel in scene.panels}
    with usual_settings():
        for name, ax in axes.items():
            _prepare(ax, panels[name])
        boxes = {name: box_of(ax) for name, ax in axes.items()}
        still = paint_backdrop(axes, scene, boxes)
        moving = paint_marks(axes, scene, boxes)
        for name, ax in axes.items():
            pinned = [one for one in (*still, *moving) if one.name == name]
            ax.add_artist(_Keeper(panels[name].bare, pinned))
    found = next(iter(axes.values())).get_figure(root=True)
    assert found is not None
    return found


def _by_panel(scene: Scene, own: Own) -> dict[str, Axes]:
    names = [panel.name for panel in scene.panels]
    if not isinstance(own, Mapping):
        several = list(np.ravel(np.asarray(own, dtype=object)))
        if len(several) > len(names):
            raise ValueError(f"{len(several)} axes for {len(names)} panels: {', '.join(names)}")
        own = dict(zip(names, several, strict=False))
    for name, ax in own.items():
        if name not in names:
            raise ValueError(f"{name!r} is none of the panels {', '.join(names)}")
        if not isinstance(ax, Axes) or ax.name != "rectilinear":
            raise ValueError(f"{name!r} is painted into plain axes, as of subplots(), not {ax!r}")
    if not own:
        raise ValueError(f"give axes for some of the panels {', '.join(names)}")
    return dict(own)


def box_of(ax: Axes) -> Box:
    """Where axes lie on their sheet, in pixels of a layout."""
    sheet: Any = ax.get_figure(root=True)
    pixel = per_inch(ax) / sheet.dpi
    room = ax.bbox
    top = sheet.get_figheight() * per_inch(ax) - room.y1 * pixel
    return Box(room.x0 * pixel, top, room.width * pixel, room.height * pixel)


def _prepare(ax: Axes, panel: Panel) -> None:
    """What is of a panel alone; fonts and colours around it stay the reader's."""
    ax.set(xscale="linear", yscale="linear")
    ax.set(xlim=panel.x, ylim=panel.y, facecolor=PAGE)
    if panel.equal:
        ax.set_aspect("equal", adjustable="box")
        ax.apply_aspect()
    _write_around(ax, panel)
    if panel.bare or panel.space is not None:
        # Not all of the axes switched off: the light ground stays, whatever the figure's is.
        ax.set(xticks=[], yticks=[])
        ax.spines[:].set_visible(False)
    else:
        paint_ticks(ax, panel, box_of(ax))
        if panel.contours is not None:
            paint_contours(ax, panel.contours)


def _write_around(ax: Axes, panel: Panel) -> None:
    """Title and names of the axes, as the reader's own are written."""
    theirs, place = ax.title, "left" if panel.left else "center"
    look: Any = {"loc": place, "color": theirs.get_color(), "fontsize": theirs.get_fontsize()}
    title = ax.set_title(title_of(panel), fontweight=theirs.get_fontweight(), **look)
    ax.xaxis.label.set_text(panel.xlabel)
    ax.yaxis.label.set_text(panel.ylabel)
    for text in (title, ax.xaxis.label, ax.yaxis.label):
        text.set_usetex(False)  # ∂ and α are no TeX


class _Keeper(Artist):
    """Before a panel is drawn it brings arrows and labels to where the axes stand and look then."""

    def __init__(self, bare: bool, pinned: list[Pinned]) -> None:
        super().__init__()
        self._bare, self._pinned = bare, pinned
        self.set(zorder=-np.inf, in_layout=False)
        # A layout comes before they are brought to their places.
        for artist in chain(*(one.artists for one in pinned)):
            artist.set_in_layout(False)

    def draw(self, renderer: Any) -> None:
        """Draw nothing, but bring all to its place."""
        ax: Any = self.axes
        seen = Panel("as it is now", ax.get_xlim(), ax.get_ylim(), bare=self._bare)
        box = box_of(ax)
        for one in self._pinned:
            one.bring(seen, box, renderer)
