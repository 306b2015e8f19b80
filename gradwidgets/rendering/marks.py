"""Marks painted by matplotlib: lines, arrows, markers, labels; front/draw.js is its partner."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from gradwidgets.calculus.types import Array
from gradwidgets.pictures.marks import Arrow, Label, Mark, Marker, Polyline, Surface
from gradwidgets.pictures.palette import FIELD, INK, PAGE
from gradwidgets.pictures.panels import Panel
from gradwidgets.pictures.scene import Layer, Scene
from gradwidgets.rendering.labels import Labels, Written, write_label
from gradwidgets.rendering.layout import Box, to_pixels
from gradwidgets.rendering.pinning import FAR, Pinned, in_inches, sheet_of
from gradwidgets.rendering.sizing import points
from gradwidgets.rendering.surface import on_panel, paint_surface, turn_of

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

ORDER = 4.0  # one plane for all marks: what comes later lies above, as in the browser
EDGE = 2  # pixels, half of it around an arrow, so that it stands out from dark ground


class Arrows(NamedTuple):
    """Arrows of one mark."""

    shape: Any
    mark: Arrow
    numbers: Array

    @property
    def name(self) -> str:
        """The panel's name."""
        return self.mark.panel

    @property
    def artists(self) -> list[Artist]:
        """All arrows as one artist."""
        return [self.shape]

    def bring(self, panel: Panel, box: Box, _renderer: Any = None) -> None:
        """Bring them to where their panel is now."""
        ends = to_pixels(panel, box, self.numbers.reshape(-1, 2, 2))
        ends = ends[np.isfinite(ends).all(axis=(1, 2))]
        outlines = (arrow_outline(tail, tip, self.mark.width) for tail, tip in ends)
        self.shape.set_verts([in_inches(self.shape, outline) for outline in outlines])


def paint_layer(
    axes: Mapping[str, Axes],
    scene: Scene,
    boxes: Mapping[str, Box],
    layer: Layer,
    chosen: dict[str, int] | None = None,
) -> list[Pinned]:
    """Paint marks into their panels' axes, those of some panels or of all.

    Labels avoid all that the scene has, and keep the places that they have `chosen` before.
    """
    panels = {panel.name: panel for panel in scene.panels}
    pinned: list[Pinned] = []
    written: dict[str, list[Written]] = {}
    for mark in layer.marks:
        if mark.panel not in axes:
            continue
        ax, panel, box = axes[mark.panel], panels[mark.panel], boxes[mark.panel]
        if isinstance(mark, Surface):
            assert panel.space is not None
            paint_surface(ax, panel.space, mark, turn_of(scene, panel.space), ORDER)
            continue
        numbers = on_panel(scene, mark, np.asarray(layer.numbers[mark.name]))
        if isinstance(mark, Label):
            written.setdefault(mark.panel, []).extend(write_label(ax, mark, numbers, ORDER))
        elif isinstance(mark, Arrow):
            pinned.append(_paint_arrow(ax, mark, numbers))
        else:
            _PAINTERS[type(mark)](ax, panel, box, mark, numbers)
    chosen = {} if chosen is None else chosen
    pinned += [Labels(name, own, _drawn(scene, name), chosen) for name, own in written.items()]
    for one in pinned:
        one.bring(panels[one.name], boxes[one.name])
    return pinned


def _drawn(scene: Scene, name: str) -> list[tuple[Mark, Array]]:
    """All marks of a panel that labels may avoid, with their numbers there."""
    layers = (scene.backdrop, Layer(scene.marks, scene.numbers))
    own = [(mark, each.numbers[mark.name]) for each in layers for mark in each.marks]
    return [
        (mark, on_panel(scene, mark, np.asarray(numbers)))
        for mark, numbers in own
        if mark.panel == name and not isinstance(mark, Label)
    ]


def _paint_polyline(ax: Axes, panel: Panel, box: Box, mark: Polyline, numbers: Array) -> None:
    from matplotlib.lines import Line2D

    places = numbers if mark.along is None else np.stack([mark.along, numbers], axis=-1)
    if mark.fill:
        _paint_area(ax, panel, box, mark, places)
    style: dict[str, Any] = {"color": mark.color, "gid": mark.name, "zorder": ORDER}
    # Not by `plot`, which would take what is not said here from the axes' own cycle of styles.
    line = ax.add_line(Line2D(*places.T, linewidth=points(ax, mark.width), **style))
    if not mark.width:
        line.set_linestyle("none")
    elif mark.dash:
        line.set_linestyle((0, tuple(length / mark.width for length in mark.dash)))
    if mark.dots:
        line.set(marker="o", markersize=points(ax, mark.dots), markeredgewidth=0)
    line.set(solid_capstyle="round", solid_joinstyle="round")


def _paint_area(ax: Axes, panel: Panel, box: Box, mark: Polyline, corners: Array) -> None:
    from matplotlib.patches import Polygon, Rectangle

    if mark.squares:
        for x, y, wide, high in _squares(panel, box, corners):
            square = Rectangle((x, y), wide, high, facecolor=mark.fill, linewidth=0, zorder=ORDER)
            square.set_gid(f"{mark.name} area")
            ax.add_patch(square)
    elif len(corners) and bool((np.abs(to_pixels(panel, box, corners)) < FAR).all()):
        area = Polygon(corners, facecolor=mark.fill, linewidth=0, gid=f"{mark.name} area")
        area.set_zorder(ORDER)
        ax.add_patch(area)


def _squares(panel: Panel, box: Box, ends: Array) -> Array:
    """Left, low, width and height of a square beside every two places, as far as they are known."""
    sides = ends.reshape(-1, 2, 2)
    heights = sides[:, 1, 1] - sides[:, 0, 1]
    (left, right), (low, high) = panel.x, panel.y
    wide = np.abs(heights) * (right - left) / (high - low) * (box.height / box.width)
    x = np.where(sides[:, 0, 0] > (left + right) / 2, sides[:, 0, 0] - wide, sides[:, 0, 0])
    found: Array = np.stack([x, sides[:, 0, 1], wide, heights], axis=1)
    known: Array = found[np.isfinite(found).all(axis=1)]
    return known


def _paint_arrow(ax: Axes, mark: Arrow, numbers: Array) -> Arrows:
    from matplotlib.collections import PolyCollection
    from matplotlib.patheffects import withStroke

    pale, edge = mark.color == FIELD, points(ax, EDGE)
    shape = PolyCollection(
        [],
        facecolors=mark.color,
        linewidths=0,
        transform=sheet_of(ax).dpi_scale_trans,
        gid=mark.name,
        zorder=ORDER,
        path_effects=[] if pale else [withStroke(linewidth=edge, foreground=PAGE)],
    )
    shape.set_clip_path(ax.patch)
    shape.set_clip_on(not mark.free)
    ax.add_collection(shape, autolim=False)
    return Arrows(shape, mark, numbers)


def arrow_outline(tail: Array, tip: Array, width: float) -> Array:
    """The seven corners of an arrow in pixels, its tip the fourth; a short one is all head."""
    along = tip - tail
    length = float(np.hypot(*along))
    if length < 1e-6:
        return np.repeat(tip[None], 7, axis=0)
    head = min(3 + 3.2 * width, length)
    shaft = width / 2 * min(1.0, length / (3 + 3.2 * width))
    unit = along / length
    across = np.array([-unit[1], unit[0]])
    neck = tip - head * unit
    side, barb = shaft * across, 0.42 * head * across
    return np.array(
        [tail + side, neck + side, neck + barb, tip, neck - barb, neck - side, tail - side]
    )


_SHAPES = {"circle": "o", "diamond": "D", "square": "s", "triangle": "^", "triangle down": "v"}


def _paint_marker(ax: Axes, panel: Panel, box: Box, mark: Marker, numbers: Array) -> None:
    places = numbers.reshape(-1, 2)
    ringed = mark.handle or mark.tick
    size = mark.size * (1.4 if mark.handle else 1.0) * (0.75 if mark.shape == "diamond" else 1.0)
    ax.scatter(
        places[:, 0],
        places[:, 1],
        s=points(ax, size) ** 2,
        marker=_SHAPES[mark.shape],
        color=mark.color,
        edgecolors=INK if ringed else "white",
        linewidths=points(ax, 2 if ringed else 1),
        zorder=ORDER,
        clip_on=not _inside(panel, places),
        gid=mark.name,
    )


def _inside(panel: Panel, places: Array) -> bool:
    """Whether all places are in the panel or on its edge, where a marker is drawn whole."""
    low, high = zip(panel.x, panel.y, strict=True)
    return bool(((places >= low) & (places <= high)).all())


_PAINTERS: dict[type[Mark], Any] = {Polyline: _paint_polyline, Marker: _paint_marker}
