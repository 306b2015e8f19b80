"""Marks painted by matplotlib: lines, arrows, markers, labels; front/draw.js is its partner."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from gradwidgets.calculus.types import Array
from gradwidgets.pictures.marks import Arrow, Label, Mark, Marker, Polyline, Surface, label_text
from gradwidgets.pictures.palette import FIELD, INK, PAGE
from gradwidgets.pictures.panels import Panel
from gradwidgets.pictures.placing import STRIP
from gradwidgets.pictures.scene import Layer, Scene
from gradwidgets.rendering.layout import Box, to_pixels
from gradwidgets.rendering.sizing import per_inch, points, scale
from gradwidgets.rendering.surface import on_panel, paint_surface, turn_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

TITLE_LINE = 30  # above a panel, for labels that may stand beside its title
FAR = 1e7  # pixels: what is farther away is not drawn
ORDER = 4.0  # one plane for all marks: what comes later lies above, as in the browser
EDGE = 2  # pixels, half of it around an arrow, so that it stands out from dark ground


class Pinned(NamedTuple):
    """An arrow or a label, whose place is told in inches, while its panel may move."""

    artist: Any
    mark: Mark
    numbers: Array
    place: Callable[..., None]

    def bring(self, panel: Panel, box: Box, renderer: Any = None) -> None:
        """Bring it to where its panel is now and looks."""
        self.place(self.artist, self.mark, self.numbers, panel, box, renderer)


def paint_layer(
    axes: Mapping[str, Axes], scene: Scene, boxes: Mapping[str, Box], layer: Layer
) -> list[Pinned]:
    """Paint marks into their panels' axes, those of some panels or of all."""
    panels = {panel.name: panel for panel in scene.panels}
    pinned: list[Pinned] = []
    for mark in layer.marks:
        if mark.panel not in axes:
            continue
        ax, panel, box = axes[mark.panel], panels[mark.panel], boxes[mark.panel]
        if isinstance(mark, Surface):
            assert panel.space is not None
            paint_surface(ax, panel.space, mark, turn_of(scene, panel.space), ORDER)
            continue
        numbers = on_panel(scene, mark, np.asarray(layer.numbers[mark.name]))
        found: Pinned | None = _PAINTERS[type(mark)](ax, panel, box, mark, numbers)
        if found is not None:
            found.bring(panel, box)
            pinned.append(found)
    return pinned


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
    from matplotlib.patches import Polygon

    if len(corners) and bool((np.abs(to_pixels(panel, box, corners)) < FAR).all()):
        area = Polygon(corners, facecolor=mark.fill, linewidth=0, gid=f"{mark.name} area")
        area.set_zorder(ORDER)
        ax.add_patch(area)


def _paint_arrow(ax: Axes, panel: Panel, box: Box, mark: Arrow, numbers: Array) -> Pinned:
    from matplotlib.collections import PolyCollection
    from matplotlib.patheffects import withStroke

    pale, edge = mark.color == FIELD, points(ax, EDGE)
    shape = PolyCollection(
        [],
        facecolors=mark.color,
        linewidths=0,
        transform=_sheet(ax).dpi_scale_trans,
        gid=mark.name,
        zorder=ORDER,
        path_effects=[] if pale else [withStroke(linewidth=edge, foreground=PAGE)],
    )
    shape.set_clip_path(ax.patch)
    shape.set_clip_on(not mark.free)
    ax.add_collection(shape, autolim=False)
    return Pinned(shape, mark, numbers, _place_arrows)


def _place_arrows(
    shape: Any, mark: Arrow, numbers: Array, panel: Panel, box: Box, _renderer: Any
) -> None:
    ends = to_pixels(panel, box, numbers.reshape(-1, 2, 2))
    ends = ends[np.isfinite(ends).all(axis=(1, 2))]
    outlines = (arrow_outline(tail, tip, mark.width) for tail, tip in ends)
    shape.set_verts([_inches(shape.axes, outline) for outline in outlines])


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


def _paint_label(ax: Axes, panel: Panel, box: Box, mark: Label, numbers: Array) -> Pinned | None:
    from matplotlib.patheffects import withStroke

    text = label_text(mark, numbers)
    if not (text and _near(to_pixels(panel, box, numbers[:2]))):
        return None
    across, up = _direction(*numbers[2:4])
    drawn = ax.text(
        0.0,
        0.0,
        text,
        color=mark.color,
        fontsize=points(ax, mark.size),
        ha=_side(across, "right", "center", "left"),
        va=_side(up, "top", "center", "bottom"),
        transform=_sheet(ax).dpi_scale_trans,
        path_effects=[withStroke(linewidth=2.6 * scale(ax), foreground="white")],
        gid=mark.name,
        zorder=ORDER,
    )
    return Pinned(drawn, mark, numbers, _place_label)


def _place_label(
    drawn: Any, mark: Label, numbers: Array, panel: Panel, box: Box, renderer: Any
) -> None:
    place = to_pixels(panel, box, numbers[:2])
    drawn.set_visible(_near(place))
    if _near(place):
        across, up = _direction(*numbers[2:4])
        aside = mark.aside * np.array([across, -up])
        drawn.set_position(_inches(drawn.axes, place + aside))
        around = STRIP if mark.free and (across or up) else 0.0
        _keep_inside(drawn, around, TITLE_LINE if mark.above else around, renderer)


def _near(place: Array) -> bool:
    return bool((np.abs(place) < FAR).all())


def _sheet(ax: Axes) -> Figure:
    made = ax.get_figure(root=True)
    assert made is not None
    return made


def _inches(ax: Axes, pixels: Array) -> Array:
    """Pixels as inches from the sheet's lower left, which hold at any resolution."""
    inch = per_inch(ax)
    up = _sheet(ax).get_figheight() * inch - pixels[..., 1]
    return np.stack([pixels[..., 0], up], -1) / inch


def _direction(across: float, up: float) -> tuple[float, float]:
    length = math.hypot(across, up)
    return (across / length, up / length) if length > 0 else (0.0, 0.0)


def _side(component: float, negative: str, middle: str, positive: str) -> str:
    return negative if component < -0.38 else positive if component > 0.38 else middle


def _keep_inside(drawn: Any, around: float, above: float, renderer: Any) -> None:
    """Move a label into its panel, which for it is so many pixels larger around, and above."""
    extent, room = drawn.get_window_extent(renderer), drawn.axes.get_window_extent()
    dpi = _sheet(drawn.axes).dpi
    dot = dpi / per_inch(drawn)
    edge, ceiling = (2 - around) * dot, room.y1 + (above - 2) * dot
    across = max(room.x0 + edge - extent.x0, 0) + min(room.x1 - edge - extent.x1, 0)
    up = max(room.y0 + edge - extent.y0, 0) + min(ceiling - extent.y1, 0)
    x, y = drawn.get_position()
    drawn.set_position((x + across / dpi, y + up / dpi))


_PAINTERS: dict[type[Mark], Any] = {
    Polyline: _paint_polyline,
    Arrow: _paint_arrow,
    Marker: _paint_marker,
    Label: _paint_label,
}
