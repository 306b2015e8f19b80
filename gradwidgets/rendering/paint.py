"""Scenes drawn by matplotlib: the canvas's background, the static picture, the exported file.

Lengths are in pixels of a screen with 100 pixels to the inch, y downwards, as in the browser.
matplotlib is imported where it is used: a session that never paints does not wait for it.
"""

from __future__ import annotations

import io
import math
import textwrap
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from gradwidgets.calculus.field import Array
from gradwidgets.pictures.scene import (
    FAINT,
    INK,
    QUIET,
    Arrow,
    Label,
    Layer,
    Mark,
    Marker,
    Panel,
    Polyline,
    Scene,
    label_text,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

DPI = 100
NARROW, WIDE = 620, 900  # below these widths few or many panels stand in one column
LEFT, RIGHT, TOP, BOTTOM = 62, 16, 34, 50  # around a panel: labels, ticks and title
TIGHT = 54  # what is left of LEFT in one column
CAPTION_LINE = 21
TITLE, SMALLEST_TITLE = 11.0, 6.0
TITLE_LINE = 30
ASIDE = 9  # how far a label keeps from its place
MAP_LOW, MAP_HIGH = "#FDFEFF", "#CBD8E8"
LEVEL_LINE = "#A9B7C8"
FAR = 1e7  # pixels: what is farther away is not drawn
MOST_PIECES = 60  # of level curves that still carry their numbers


# matplotlib's reader of mathematics serves one thread only, and a kernel may answer on several.
_one_at_a_time = threading.RLock()


@dataclass(frozen=True)
class Box:
    """Where a panel's axes lie in the picture, in pixels."""

    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True)
class Plan:
    """The size of a picture and the place of every panel."""

    width: int
    height: int
    boxes: Mapping[str, Box]


# ── layout ───────────────────────────────────────────────────────────────────────────────────────


def plan(panels: Sequence[Panel], width: int) -> Plan:
    """Places for the panels: the first is the main one, the others stand beside or below it."""
    enough = NARROW if len(panels) <= 4 else WIDE
    if len(panels) == 1 or width < enough:
        return _one_column(panels, width)
    return _two_columns(panels, width)


def _one_column(panels: Sequence[Panel], width: int) -> Plan:
    boxes, top = {}, 0.0
    left = TIGHT if width < NARROW else LEFT
    room = width - left - RIGHT
    for place, panel in enumerate(panels):
        tallest = min(1.1 * room, 420) if place == 0 else min(0.75 * room, 260)
        box = _fit(panel, room, tallest)
        boxes[panel.name] = Box(left, top + TOP, box[0], box[1])
        top += TOP + box[1] + BOTTOM
    return Plan(width, math.ceil(top), boxes)


def _two_columns(panels: Sequence[Panel], width: int) -> Plan:
    main, *others = panels
    columns = 1 if len(others) <= 3 else 2
    rows = math.ceil(len(others) / columns)
    main_width, main_height = _fit(main, 0.5 * width, min(0.4 * width + 30, 440))
    height = max(TOP + main_height + BOTTOM, rows * (TOP + 90 + BOTTOM))
    boxes = {main.name: Box(LEFT, TOP, main_width, main_height)}
    start = LEFT + main_width + RIGHT
    across, down = (width - start) / columns, height / rows
    for place, panel in enumerate(others):
        row, column = divmod(place, columns)
        boxes[panel.name] = Box(
            start + column * across + LEFT + 4,
            row * down + TOP,
            across - LEFT - RIGHT - 4,
            down - TOP - BOTTOM,
        )
    return Plan(width, math.ceil(height), boxes)


def _fit(panel: Panel, width: float, height: float) -> tuple[float, float]:
    """The largest box within a room, of the panel's own proportions where its axes are equal."""
    if not panel.equal:
        return width, height
    ratio = (panel.x[1] - panel.x[0]) / (panel.y[1] - panel.y[0])
    return min(width, height * ratio), min(height, width / ratio)


def to_pixels(panel: Panel, box: Box, places: Array) -> Array:
    """Pixels of places (…, 2) in a panel's coordinates."""
    (left, right), (bottom, top) = panel.x, panel.y
    x = box.left + (places[..., 0] - left) / (right - left) * box.width
    y = box.top + (top - places[..., 1]) / (top - bottom) * box.height
    return np.stack([x, y], axis=-1)


# ── pictures ─────────────────────────────────────────────────────────────────────────────────────


def background(scene: Scene, width: int, ratio: float) -> tuple[bytes, Plan]:
    """A PNG of panels and backdrop, with `ratio` dots to the pixel, and the plan behind it."""
    layout = plan(scene.panels, width)
    with _one_at_a_time:
        made = _figure(layout, layout.height)
        _paint_panels(made, scene, layout)
        return _png(made, ratio), layout


def figure(scene: Scene, width: int = 960) -> Figure:
    """The whole scene as a matplotlib figure, with its captions below."""
    with _one_at_a_time:
        return _whole(scene, width)


def _whole(scene: Scene, width: int) -> Figure:
    layout = plan(scene.panels, width)
    lines = [line for text in scene.captions for line in textwrap.wrap(text, int(width / 7.2))]
    made = _figure(layout, layout.height + CAPTION_LINE * len(lines) + 8)
    axes = _paint_panels(made, scene, layout)
    _paint_layer(made, axes, scene, layout, Layer(scene.marks, scene.numbers))
    for place, line in enumerate(lines):
        top = layout.height + CAPTION_LINE * place
        x, y = 16 / DPI, made.get_figheight() - top / DPI
        made.text(x, y, line, va="top", fontsize=9.5, color=INK, transform=made.dpi_scale_trans)
    return made


def png(scene: Scene, width: int = 960, ratio: float = 1.5) -> bytes:
    """The whole scene as a PNG, with `ratio` dots to the pixel."""
    with _one_at_a_time:
        return _png(figure(scene, width), ratio)


def _png(made: Figure, ratio: float) -> bytes:
    target = io.BytesIO()
    # Speed over size: the finest compression takes longer than the drawing.
    made.savefig(target, dpi=DPI * ratio, format="png", pil_kwargs={"compress_level": 2})
    return target.getvalue()


def _figure(layout: Plan, height: int) -> Figure:
    from matplotlib.figure import Figure

    return Figure(figsize=(layout.width / DPI, height / DPI), dpi=DPI, facecolor="white")


def _paint_panels(made: Figure, scene: Scene, layout: Plan) -> dict[str, Axes]:
    axes = {panel.name: _paint_panel(made, panel, layout) for panel in scene.panels}
    _paint_layer(made, axes, scene, layout, scene.backdrop)
    return axes


def _paint_panel(made: Figure, panel: Panel, layout: Plan) -> Axes:
    box, width, height = layout.boxes[panel.name], *(made.get_size_inches() * DPI)
    ax = made.add_axes(
        (
            box.left / width,
            1 - (box.top + box.height) / height,
            box.width / width,
            box.height / height,
        )
    )
    if panel.contours is not None:
        _paint_contours(ax, panel)
    ax.set(xlim=panel.x, ylim=panel.y)
    if panel.xticks is not None:
        ax.set_xticks(panel.xticks[:: 2 if box.width < 330 else 1])
    _paint_title(made, ax, panel, box)
    ax.set_xlabel(panel.xlabel, fontsize=10, color=QUIET, labelpad=2)
    ax.set_ylabel(panel.ylabel, fontsize=10, color=QUIET, labelpad=2)
    ax.tick_params(labelsize=8.5, colors=QUIET, length=3)
    ax.spines[:].set_color(FAINT)
    return ax


def _paint_title(made: Figure, ax: Axes, panel: Panel, box: Box) -> None:
    """The title, in smaller type where it is wide, and left out where it would be unreadable."""
    # On the left it shares its line with a label.
    style: dict[str, Any] = {"fontsize": TITLE - panel.left, "color": INK, "pad": 8}
    title = ax.set_title(panel.title, loc="left" if panel.left else "center", **style)
    centre = box.left + box.width / 2
    room = 2 * min(centre - 4, made.get_figwidth() * DPI - centre - 4, box.width / 2 + 30)
    wide = title.get_window_extent().width
    size = TITLE * min(1.0, room / max(wide, 1.0))
    title.set(fontsize=size, visible=size >= SMALLEST_TITLE)


def _paint_contours(ax: Axes, panel: Panel) -> None:
    from matplotlib.colors import LinearSegmentedColormap

    contours = panel.contours
    assert contours is not None
    ax.set_facecolor("#F4F1EB")
    if np.isnan(contours.values).any():
        ax.patch.set(hatch="////", edgecolor="#D8D2C6")
    if len(contours.levels) < 2:
        return
    pale = LinearSegmentedColormap.from_list("pale", [MAP_LOW, MAP_HIGH])
    shared = (contours.x, contours.y, contours.values.T)
    ax.contourf(*shared, levels=contours.levels, cmap=pale, extend="both")
    lines = ax.contour(*shared, levels=contours.levels, colors=LEVEL_LINE, linewidths=0.7)
    lines.set(linestyle="-")
    pieces = sum(int(np.sum(path.codes == path.MOVETO)) for path in lines.get_paths())
    if pieces <= MOST_PIECES:
        ax.clabel(lines, contours.levels[1::2], fontsize=7, colors=QUIET, fmt="%g")


# ── the four primitives ──────────────────────────────────────────────────────────────────────────


def _paint_layer(
    made: Figure, axes: Mapping[str, Axes], scene: Scene, layout: Plan, layer: Layer
) -> None:
    panels = {panel.name: panel for panel in scene.panels}
    for mark in layer.marks:
        if mark.panel:
            panel, numbers = panels[mark.panel], np.asarray(layer.numbers[mark.name])
            _PAINTERS[type(mark)](axes[mark.panel], panel, layout.boxes[mark.panel], mark, numbers)


def _paint_polyline(ax: Axes, panel: Panel, box: Box, mark: Polyline, numbers: Array) -> None:
    x, y = (mark.along, numbers) if mark.along is not None else numbers.T
    (line,) = ax.plot(x, y, color=mark.color, linewidth=_points(mark.width), gid=mark.name)
    if mark.dash:
        line.set_linestyle((0, tuple(length / mark.width for length in mark.dash)))
    line.set(solid_capstyle="round", solid_joinstyle="round")


def _paint_arrow(ax: Axes, panel: Panel, box: Box, mark: Arrow, numbers: Array) -> None:
    from matplotlib.collections import PolyCollection

    ends = to_pixels(panel, box, numbers.reshape(-1, 2, 2))
    ends = ends[np.isfinite(ends).all(axis=(1, 2))]
    outlines = [arrow_outline(tail, tip, mark.width) for tail, tip in ends]
    inches = [_inches(ax, outline) for outline in outlines]
    shape = PolyCollection(
        inches,
        facecolors=mark.color,
        linewidths=0,
        transform=_sheet(ax).dpi_scale_trans,
        gid=mark.name,
        zorder=2.5,
    )
    shape.set_clip_path(ax.patch)
    ax.add_collection(shape, autolim=False)


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


_SHAPES = {"circle": "o", "diamond": "D", "square": "s"}


def _paint_marker(ax: Axes, panel: Panel, box: Box, mark: Marker, numbers: Array) -> None:
    places = numbers.reshape(-1, 2)
    handle = mark.moves != (None, None)
    size = mark.size * (1.4 if handle else 1.0) * (0.75 if mark.shape == "diamond" else 1.0)
    ax.scatter(
        places[:, 0],
        places[:, 1],
        s=_points(size) ** 2,
        marker=_SHAPES[mark.shape],
        color=mark.color,
        edgecolors=INK if handle else "white",
        linewidths=_points(2 if handle else 1),
        zorder=4,
        gid=mark.name,
    )


def _paint_label(ax: Axes, panel: Panel, box: Box, mark: Label, numbers: Array) -> None:
    from matplotlib.patheffects import withStroke

    text = label_text(mark, numbers)
    x, y = to_pixels(panel, box, numbers[:2])
    if not text or not max(abs(x), abs(y)) < FAR:
        return
    across, up = _direction(*numbers[2:4])
    left, top = _inches(ax, np.array([x + ASIDE * across, y - ASIDE * up]))
    drawn = ax.text(
        left,
        top,
        text,
        color=mark.color,
        fontsize=_points(mark.size),
        ha=_side(across, "right", "center", "left"),
        va=_side(up, "top", "center", "bottom"),
        transform=_sheet(ax).dpi_scale_trans,
        path_effects=[withStroke(linewidth=2.6, foreground="white")],
        gid=mark.name,
        zorder=5,
    )
    _keep_inside(ax, drawn, TITLE_LINE if mark.above else 0)


def _sheet(ax: Axes) -> Figure:
    made = ax.get_figure(root=True)
    assert made is not None
    return made


def _inches(ax: Axes, pixels: Array) -> Array:
    """Pixels as inches from the sheet's lower left, which hold at any resolution."""
    return np.stack([pixels[..., 0], _sheet(ax).get_figheight() * DPI - pixels[..., 1]], -1) / DPI


def _direction(across: float, up: float) -> tuple[float, float]:
    length = math.hypot(across, up)
    return (across / length, up / length) if length > 0 else (0.0, 0.0)


def _side(component: float, negative: str, middle: str, positive: str) -> str:
    return negative if component < -0.38 else positive if component > 0.38 else middle


def _keep_inside(ax: Axes, drawn: Any, extra: float) -> None:
    """Move a label into its panel, which for it reaches up by `extra` pixels."""
    extent, room = drawn.get_window_extent(), ax.get_window_extent()
    ceiling = room.y1 + extra * _sheet(ax).dpi / DPI
    across = max(room.x0 + 2 - extent.x0, 0) + min(room.x1 - 2 - extent.x1, 0)
    up = max(room.y0 + 2 - extent.y0, 0) + min(ceiling - 2 - extent.y1, 0)
    x, y = drawn.get_position()
    dpi = _sheet(ax).dpi
    drawn.set_position((x + across / dpi, y + up / dpi))


def _points(pixels: float) -> float:
    return pixels * 72 / DPI


_PAINTERS: dict[type[Mark], Any] = {
    Polyline: _paint_polyline,
    Arrow: _paint_arrow,
    Marker: _paint_marker,
    Label: _paint_label,
}
