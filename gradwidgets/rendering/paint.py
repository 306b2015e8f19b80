"""Scenes drawn by matplotlib: the still picture and the exported file.

matplotlib is imported where it is used: a session that never paints does not wait for it.
"""

from __future__ import annotations

import io
import textwrap
from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from gradwidgets.pictures.marks import Arrow
from gradwidgets.pictures.palette import FIELD, PAGE
from gradwidgets.pictures.panels import Panel
from gradwidgets.pictures.scene import Layer, Scene
from gradwidgets.rendering.layout import DPI, Plan, plan
from gradwidgets.rendering.marks import paint_layer
from gradwidgets.rendering.panels import paint_panel
from gradwidgets.rendering.settings import usual_settings

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

CAPTION_LINE = 21
COLOURS = 128  # of a small picture


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
    boxes = layout.boxes
    axes = {panel.name: paint_panel(made, panel, boxes[panel.name]) for panel in scene.panels}
    for above, below in pairwise(scene.panels):
        axes[above.name].tick_params(labelbottom=not below.stacked)
    for panel in scene.panels:
        paint_layer(axes, scene, layout, _pale(panel))
    paint_layer(axes, scene, layout, scene.backdrop)
    return axes


def _pale(panel: Panel) -> Layer:
    """The pale arrows over a map, which the browser makes by itself."""
    contours = panel.contours
    if panel.space is not None or contours is None or contours.arrows is None:
        return Layer()
    field = Arrow(name="field", panel=panel.name, color=FIELD, width=1.2)
    return Layer((field,), {"field": contours.arrows})
