"""Scenes drawn by matplotlib: the still picture and the exported file.

Lengths are in pixels of a screen with 100 pixels to the inch, y downwards, as in the browser.
matplotlib is imported where it is used: a session that never paints does not wait for it.
"""

from __future__ import annotations

import io
import math
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise, takewhile
from typing import TYPE_CHECKING, Any

import numpy as np

from gradwidgets.calculus.field import Array
from gradwidgets.pictures.levels import short
from gradwidgets.pictures.palette import (
    FAINT,
    FIELD,
    HATCH,
    INK,
    LEVEL_LINE,
    MAP_HIGH,
    MAP_LOW,
    PAGE,
    QUIET,
    UNDEFINED,
)
from gradwidgets.pictures.placing import STRIP
from gradwidgets.pictures.scene import (
    Arrow,
    Contours,
    Label,
    Layer,
    Mark,
    Marker,
    Panel,
    Polyline,
    Scene,
    Surface,
    label_text,
)
from gradwidgets.rendering.settings import usual_settings
from gradwidgets.rendering.surface import on_panel, paint_surface, turn_of
from gradwidgets.rendering.ticks import Ticks, log_ticks

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis
    from matplotlib.figure import Figure

DPI = 100
NARROW, WIDE = 620, 900  # below these widths few or many panels stand in one column
LEFT, RIGHT, TOP, BOTTOM = 62, 16, 34, 50  # around a panel: labels, ticks and title
TIGHT, BARE = 54, 8  # what is left of LEFT in one column, and where there are no axes
STACKED = 28  # between panels that share an axis
CAPTION_LINE = 21
# Heights of a panel beside others: of a usual one, of one or two, of any.
READABLE, ROOMY, LOWEST = 90, 120, 46
LEADING = 0.53  # of the width: so wide is the main panel at most
SERVING, SERVED = 0.42, 150  # of its width, or in pixels: so high is one panel beside it at most
UNDER = 160  # the height of a panel below a map and a surface
TITLE, SMALLEST_TITLE = 11.0, 6.0
TITLE_LINE = 30
FAR = 1e7  # pixels: what is farther away is not drawn
ORDER = 4.0  # one plane for all marks: what comes later lies above, as in the browser
USUAL_SIZE = 1e12  # of f, and of its range in comparison with its levels' distances
COLOURS = 128  # of a small picture
EDGE = 2  # pixels, half of it around an arrow, so that it stands out from dark ground
MOST_PIECES = 60  # of level curves that still carry their numbers


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
    under = [panel for panel in panels if panel.under]
    upper = [panel for panel in panels if not panel.under]
    twins = len(upper) > 1 and upper[1].space is not None
    above = (_twins if twins else _two_columns)(upper, width)
    return _with_row(above, under) if under else above


def _one_column(panels: Sequence[Panel], width: int) -> Plan:
    boxes, bottom = {}, 0.0
    for place, panel in enumerate(panels):
        left = BARE if panel.bare else TIGHT if width < NARROW else LEFT
        room = width - left - RIGHT
        tallest = min(1.1 * room, 420) if place == 0 else min(0.75 * room, 260)
        size = _fit(panel, min(room, panel.most), max(tallest * panel.tall, LOWEST, panel.least))
        top = bottom + (STACKED if panel.stacked else TOP + (BOTTOM if place else 0))
        boxes[panel.name] = Box(left, top, *size)
        bottom = top + size[1]
    return Plan(width, math.ceil(bottom + BOTTOM), boxes)


def _twins(panels: Sequence[Panel], width: int) -> Plan:
    """A map and its surface side by side, the others in two columns below them."""
    pair, others = panels[:2], panels[2:]
    across, tallest = width / 2 - LEFT - RIGHT, min(0.4 * width + 30, 440)
    boxes = {
        panel.name: Box(left, TOP, *_fit(panel, across, tallest))
        for panel, left in zip(pair, (LEFT, width / 2 + LEFT / 2), strict=True)
    }
    columns = min(2, len(others))
    for start in range(0, len(others), 2):
        row = others[start : start + 2]
        top = max(box.top + box.height for box in boxes.values()) + BOTTOM + TOP
        height = max(UNDER * max(panel.tall for panel in row), LOWEST)
        for place, panel in enumerate(row):
            left = place * width / columns + LEFT
            boxes[panel.name] = Box(left, top, width / columns - LEFT - RIGHT, height)
    lowest = max(box.top + box.height for box in boxes.values())
    return Plan(width, math.ceil(lowest + BOTTOM), boxes)


def _two_columns(panels: Sequence[Panel], width: int) -> Plan:
    stack = [panels[0], *takewhile(lambda panel: panel.stacked, panels[1:])]
    boxes, others = _stack(stack, width), panels[len(stack) :]
    last = boxes[stack[-1].name]
    height, right = last.top + last.height - TOP, LEFT + last.width
    rows = _rows(others)
    heights = _row_heights([max(p.tall for p in row) for row in rows], _height([height]))
    start, top = right + RIGHT, float(TOP)
    for row, high in zip(rows, heights, strict=True):
        left = start
        for panel, across in zip(row, _widths(row, width - start), strict=True):
            room = min(across - LEFT - RIGHT - 4, panel.most)
            most = high if panel.equal or len(rows) > 1 else max(SERVING * room, SERVED)
            boxes[panel.name] = Box(left + LEFT + 4, top, *_fit(panel, room, min(high, most)))
            left += across
        top += high + TOP + BOTTOM
    lowest = max(box.top + box.height for box in boxes.values())
    return Plan(width, math.ceil(lowest + BOTTOM), boxes)


def _rows(panels: Sequence[Panel]) -> list[Sequence[Panel]]:
    """Panels beside the main one: a small one shares its row with the next, many come in twos."""
    small = next((k for k, panel in enumerate(panels[:-1]) if panel.most < math.inf), None)
    if small is not None:
        return [*zip(panels[:small]), panels[small : small + 2], *zip(panels[small + 2 :])]
    columns = 1 if len(panels) <= 3 else 2
    return [panels[k : k + columns] for k in range(0, len(panels), columns)]


def _widths(row: Sequence[Panel], width: float) -> list[float]:
    """Widths of a row's panels: a small one has no more than it needs."""
    first = min(width / len(row), row[0].most + LEFT + RIGHT + 4) if len(row) > 1 else width
    return [first, *[(width - first) / max(len(row) - 1, 1)] * (len(row) - 1)]


def _stack(panels: Sequence[Panel], width: int) -> dict[str, Box]:
    """The main panel, and directly below it those that share its axis."""
    main, *others = panels
    tallest = max(min(0.36 * width + 20, 440) * main.tall, main.least)
    size = _fit(main, min(LEADING * width, main.most), tallest)
    boxes, top = {main.name: Box(LEFT, TOP, *size)}, TOP + size[1]
    for panel in others:
        box = Box(LEFT, top + STACKED, size[0], max(ROOMY * panel.tall, LOWEST))
        boxes[panel.name], top = box, box.top + box.height
    return boxes


def _with_row(above: Plan, under: Sequence[Panel]) -> Plan:
    """A plan with a row of panels below it, all of one height."""
    across = above.width / len(under)
    room = across - LEFT - RIGHT
    height = max(ROOMY, min(0.75 * room, 260)) * max(panel.tall for panel in under)
    boxes = {
        panel.name: Box(LEFT + place * across, above.height + TOP, *_fit(panel, room, height))
        for place, panel in enumerate(under)
    }
    whole = above.height + TOP + height + BOTTOM
    return Plan(above.width, math.ceil(whole), {**above.boxes, **boxes})


def _height(axes: Sequence[float]) -> float:
    """The height of a column of axes with their titles and labels."""
    return sum(axes) + len(axes) * (TOP + BOTTOM)


def _row_heights(rows: Sequence[float], available: float) -> list[float]:
    """Heights of the axes in every row: shares of a height that is enough to read them all."""
    least = READABLE if len(rows) > 2 else ROOMY
    needed = sum(max(least * share, LOWEST) for share in rows)
    return _shared(max(available - len(rows) * (TOP + BOTTOM), needed), rows)


def _shared(height: float, shares: Sequence[float]) -> list[float]:
    """A height in proportion to shares, but none of them too low."""
    ordered = sorted(shares)
    for low in range(len(shares)):  # how many are lifted to the lowest height
        unit = (height - low * LOWEST) / sum(ordered[low:])
        if unit * ordered[low] >= LOWEST:
            break
    return [max(unit * share, LOWEST) for share in shares]


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


def figure(scene: Scene, width: int = 960) -> Figure:
    """The whole scene as a matplotlib figure, with its captions below."""
    with usual_settings():
        return _whole(scene, width)


def _whole(scene: Scene, width: int) -> Figure:
    layout, lines = plan(scene.panels, width), caption_lines(scene, width)
    made = sheet(layout, layout.height + CAPTION_LINE * len(lines) + 8)
    axes = paint_panels(made, scene, layout)
    paint_layer(axes, scene, layout, Layer(scene.marks, scene.numbers))
    write_captions(made, layout, lines)
    return made


def caption_lines(scene: Scene, width: int) -> list[tuple[str, str]]:
    """The captions with their colours, wrapped to a picture's width."""
    told = [(scene.text(mark.name), mark.color) for mark in scene.marks if not mark.panel]
    most = int(width / 7.2)
    return [(line, color) for text, color in told for line in textwrap.wrap(text, most)]


def write_captions(made: Figure, layout: Plan, lines: Sequence[tuple[str, str]]) -> None:
    """Write lines below the panels."""
    for place, (line, color) in enumerate(lines):
        top = layout.height + CAPTION_LINE * place
        x, y = 16 / DPI, made.get_figheight() - top / DPI
        made.text(x, y, line, va="top", fontsize=9.5, color=color, transform=made.dpi_scale_trans)


def png(scene: Scene, width: int = 960, ratio: float = 1.5) -> bytes:
    """The whole scene as a PNG, with `ratio` dots to the pixel."""
    target = io.BytesIO()
    with usual_settings():
        # Speed over size: the finest compression takes longer than the drawing.
        options: dict[str, Any] = {"pil_kwargs": {"compress_level": 2}}
        figure(scene, width).savefig(target, dpi=DPI * ratio, format="png", **options)
    return target.getvalue()


def small_png(scene: Scene) -> bytes:
    """The whole scene as a PNG of a quarter of the size: a dot to the pixel, and few colours."""
    from PIL import Image

    picture, target = Image.open(io.BytesIO(png(scene, ratio=1.0))).convert("RGB"), io.BytesIO()
    few = picture.quantize(COLOURS, method=Image.Quantize.MAXCOVERAGE)  # keeps what is small, too
    few.save(target, "png", optimize=True)
    return target.getvalue()


def sheet(layout: Plan, height: int) -> Figure:
    """A white sheet of so many pixels."""
    from gradwidgets.rendering.sheet import Sheet

    return Sheet(figsize=(layout.width / DPI, height / DPI), dpi=DPI, facecolor=PAGE)


def paint_panels(made: Figure, scene: Scene, layout: Plan) -> dict[str, Axes]:
    """Paint what stands still: panels and backdrop."""
    axes = {panel.name: _paint_panel(made, panel, layout) for panel in scene.panels}
    for above, below in pairwise(scene.panels):
        axes[above.name].tick_params(labelbottom=not below.stacked)
    for panel in scene.panels:
        paint_layer(axes, scene, layout, pale(panel))
    paint_layer(axes, scene, layout, scene.backdrop)
    return axes


def pale(panel: Panel) -> Layer:
    """The pale arrows over a map, which the browser makes by itself."""
    contours = panel.contours
    if panel.space is not None or contours is None or contours.arrows is None:
        return Layer()
    field = Arrow(name="field", panel=panel.name, color=FIELD, width=1.2)
    return Layer((field,), {"field": contours.arrows})


def place_axes(made: Figure, panel: Panel, box: Box) -> Axes:
    """A panel's axes where they belong on the sheet, with its coordinates."""
    width, height = made.get_size_inches() * DPI
    bottom = 1 - (box.top + box.height) / height
    ax = made.add_axes((box.left / width, bottom, box.width / width, box.height / height))
    ax.set(xlim=panel.x, ylim=panel.y)
    return ax


def _paint_panel(made: Figure, panel: Panel, layout: Plan) -> Axes:
    box = layout.boxes[panel.name]
    ax = place_axes(made, panel, box)
    if panel.space is not None:
        ax.set_axis_off()
        _paint_title(made, ax, panel, box)
        return ax
    if panel.contours is not None:
        _paint_contours(ax, panel.contours)
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


def _paint_contours(ax: Axes, contours: Contours) -> None:
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
    lines = ax.contour(*shared, levels=levels, colors=LEVEL_LINE, linewidths=0.7)
    lines.set(linestyle="-")
    pieces = sum(int(np.sum(path.codes == path.MOVETO)) for path in lines.get_paths())
    if pieces <= MOST_PIECES:
        texts = dict(zip(levels.tolist(), map(short, contours.levels), strict=True))
        ax.clabel(lines, levels[1::2], fontsize=7, colors=QUIET, fmt=texts)


def _write_note(ax: Axes, note: str) -> None:
    """A few words below the map's right end, in the line of its axis's name."""
    ax.annotate(
        note,
        (1.0, 0.0),
        (0, -24),
        xycoords="axes fraction",
        textcoords="offset points",
        ha="right",
        va="top",
        fontsize=7.5,
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


# ── the primitives ───────────────────────────────────────────────────────────────────────────────


def paint_layer(axes: Mapping[str, Axes], scene: Scene, layout: Plan, layer: Layer) -> None:
    """Paint marks into their panels' axes."""
    panels = {panel.name: panel for panel in scene.panels}
    for mark in layer.marks:
        if not mark.panel:
            continue
        ax, panel, box = axes[mark.panel], panels[mark.panel], layout.boxes[mark.panel]
        if isinstance(mark, Surface):
            assert panel.space is not None
            paint_surface(ax, panel.space, mark, turn_of(scene, panel.space), ORDER)
        else:
            numbers = on_panel(scene, mark, np.asarray(layer.numbers[mark.name]))
            _PAINTERS[type(mark)](ax, panel, box, mark, numbers)


def _paint_polyline(ax: Axes, panel: Panel, box: Box, mark: Polyline, numbers: Array) -> None:
    points = numbers if mark.along is None else np.stack([mark.along, numbers], axis=-1)
    if mark.fill:
        _paint_area(ax, panel, box, mark, points)
    style: dict[str, Any] = {"color": mark.color, "gid": mark.name, "zorder": ORDER}
    (line,) = ax.plot(*points.T, linewidth=_points(mark.width), **style)
    if not mark.width:
        line.set_linestyle("none")
    elif mark.dash:
        line.set_linestyle((0, tuple(length / mark.width for length in mark.dash)))
    if mark.dots:
        line.set(marker="o", markersize=_points(mark.dots), markeredgewidth=0)
    line.set(solid_capstyle="round", solid_joinstyle="round")


def _paint_area(ax: Axes, panel: Panel, box: Box, mark: Polyline, points: Array) -> None:
    from matplotlib.patches import Polygon

    if len(points) and bool((np.abs(to_pixels(panel, box, points)) < FAR).all()):
        area = Polygon(points, facecolor=mark.fill, linewidth=0, gid=f"{mark.name} area")
        area.set_zorder(ORDER)
        ax.add_patch(area)


def _paint_arrow(ax: Axes, panel: Panel, box: Box, mark: Arrow, numbers: Array) -> None:
    from matplotlib.collections import PolyCollection
    from matplotlib.patheffects import withStroke

    ends = to_pixels(panel, box, numbers.reshape(-1, 2, 2))
    ends = ends[np.isfinite(ends).all(axis=(1, 2))]
    outlines = [arrow_outline(tail, tip, mark.width) for tail, tip in ends]
    inches = [_inches(ax, outline) for outline in outlines]
    pale = mark.color == FIELD
    shape = PolyCollection(
        inches,
        facecolors=mark.color,
        linewidths=0,
        transform=_sheet(ax).dpi_scale_trans,
        gid=mark.name,
        zorder=ORDER,
        path_effects=[] if pale else [withStroke(linewidth=_points(EDGE), foreground=PAGE)],
    )
    shape.set_clip_path(ax.patch)
    shape.set_clip_on(not mark.free)
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


_SHAPES = {"circle": "o", "diamond": "D", "square": "s", "triangle": "^", "triangle down": "v"}


def _paint_marker(ax: Axes, panel: Panel, box: Box, mark: Marker, numbers: Array) -> None:
    places = numbers.reshape(-1, 2)
    ringed = mark.handle or mark.tick
    size = mark.size * (1.4 if mark.handle else 1.0) * (0.75 if mark.shape == "diamond" else 1.0)
    ax.scatter(
        places[:, 0],
        places[:, 1],
        s=_points(size) ** 2,
        marker=_SHAPES[mark.shape],
        color=mark.color,
        edgecolors=INK if ringed else "white",
        linewidths=_points(2 if ringed else 1),
        zorder=ORDER,
        clip_on=not _inside(panel, places),
        gid=mark.name,
    )


def _inside(panel: Panel, places: Array) -> bool:
    """Whether all places are in the panel or on its edge, where a marker is drawn whole."""
    low, high = zip(panel.x, panel.y, strict=True)
    return bool(((places >= low) & (places <= high)).all())


def _paint_label(ax: Axes, panel: Panel, box: Box, mark: Label, numbers: Array) -> None:
    from matplotlib.patheffects import withStroke

    text = label_text(mark, numbers)
    x, y = to_pixels(panel, box, numbers[:2])
    if not (text and abs(x) < FAR and abs(y) < FAR):
        return
    across, up = _direction(*numbers[2:4])
    left, top = _inches(ax, np.array([x + mark.aside * across, y - mark.aside * up]))
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
        zorder=ORDER,
    )
    around = STRIP if mark.free and (across or up) else 0.0
    _keep_inside(ax, drawn, around, TITLE_LINE if mark.above else around)


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


def _keep_inside(ax: Axes, drawn: Any, around: float, above: float) -> None:
    """Move a label into its panel, which for it is so many pixels larger around, and above."""
    extent, room, dot = drawn.get_window_extent(), ax.get_window_extent(), _sheet(ax).dpi / DPI
    edge = 2 - around * dot
    across = max(room.x0 + edge - extent.x0, 0) + min(room.x1 - edge - extent.x1, 0)
    up = max(room.y0 + edge - extent.y0, 0) + min(room.y1 + above * dot - 2 - extent.y1, 0)
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
