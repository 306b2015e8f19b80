"""Scenes drawn by matplotlib: the still picture and the exported file.

matplotlib is imported where it is used: a session that never paints does not wait for it.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from itertools import chain, pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from gradwidgets.calculus.types import Array
from gradwidgets.pictures.marks import Arrow, Label
from gradwidgets.pictures.palette import FIELD, PAGE
from gradwidgets.pictures.panels import Panel
from gradwidgets.pictures.scene import Layer, Scene
from gradwidgets.rendering import sizing
from gradwidgets.rendering.layout import DPI, Box, Plan
from gradwidgets.rendering.marks import paint_layer
from gradwidgets.rendering.panels import paint_panel
from gradwidgets.rendering.pinning import Pinned
from gradwidgets.rendering.settings import usual_settings

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLOURS = 96  # of a small picture
SHARP = 200  # dots to the inch of a file


def figure(
    scene: Scene, width: int = sizing.USUAL_WIDTH, size: sizing.Size | None = None
) -> Figure:
    """The whole scene as a matplotlib figure, with its captions below.

    It has a width in pixels and the height that it needs, or a `size` in inches.

    Raises:
        ValueError: a size that is none, or in which nothing would be seen.
    """
    with usual_settings():
        form = sizing.usual([scene], width) if size is None else sizing.fitted([scene], size)
        return _whole(scene, form)


def write(
    scene: Scene, path: Path, size: sizing.Size | None = None, dpi: float | None = None
) -> None:
    """Write the scene to a .png, .svg or .pdf; of the last two only the mesh of a surface has dots.

    Raises:
        ValueError: as of `figure`, or dots that are not above 0.
    """
    figure(scene, size=size).savefig(path, dpi=sizing.dots(dpi, SHARP))


def _whole(scene: Scene, form: sizing.Format) -> Figure:
    layout, made = form.layout(scene.panels), sheet(form.per_inch, form.inches)
    axes = paint_panels(made, scene, layout)
    paint_marks(axes, scene, layout.boxes)
    write_captions(made, layout, sizing.caption_lines(scene, layout.width))
    return made


def write_captions(made: Figure, layout: Plan, lines: Sequence[tuple[str, str]]) -> None:
    """Write lines below the panels."""
    unit, size = 1 / sizing.per_inch(made), sizing.scale(made)
    for place, (line, color) in enumerate(lines):
        top = layout.height + sizing.CAPTION_LINE * place
        x, y = 16 * unit, made.get_figheight() - top * unit
        style: dict[str, Any] = {"color": color, "transform": made.dpi_scale_trans}
        made.text(x, y, line, va="top", fontsize=9.5 * size, **style)


def png(scene: Scene, width: int = sizing.USUAL_WIDTH, ratio: float = 1.5) -> bytes:
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
    few.putpalette(_means(np.asarray(picture), np.asarray(few)).tobytes())
    few.save(target, "png", optimize=True)
    return target.getvalue()


def _means(dots: Array, chosen: Array) -> Array:
    """Each colour of a palette as the mean of the dots for which it was chosen."""
    places = chosen.ravel()
    count = np.maximum(np.bincount(places, minlength=COLOURS), 1)
    parts = [
        np.bincount(places, part.ravel(), COLOURS) / count for part in np.moveaxis(dots, -1, 0)
    ]
    return np.stack(parts, axis=1).round().astype(np.uint8)


def sheet(per_inch: float, inches: sizing.Size, dpi: float = DPI) -> Figure:
    """A white sheet, with so many pixels of the layout to the inch."""
    from gradwidgets.rendering.sheet import Sheet

    return Sheet(per_inch, figsize=inches, dpi=dpi, facecolor=PAGE)


def paint_panels(made: Figure, scene: Scene, layout: Plan) -> dict[str, Axes]:
    """Paint what stands still: panels and backdrop."""
    boxes = layout.boxes
    axes = {panel.name: paint_panel(made, panel, boxes[panel.name]) for panel in scene.panels}
    for above, below in pairwise(scene.panels):
        axes[above.name].tick_params(labelbottom=not below.stacked)
    paint_backdrop(axes, scene, boxes)
    return axes


def paint_backdrop(
    axes: Mapping[str, Axes], scene: Scene, boxes: Mapping[str, Box]
) -> list[Pinned]:
    """Paint the marks that stand still, but for their labels, which make room for others."""
    pale = [paint_layer(axes, scene, boxes, _pale(panel)) for panel in scene.panels]
    still = tuple(mark for mark in scene.backdrop.marks if not isinstance(mark, Label))
    layer = Layer(still, scene.backdrop.numbers)
    return [*chain(*pale), *paint_layer(axes, scene, boxes, layer)]


def paint_marks(
    axes: Mapping[str, Axes],
    scene: Scene,
    boxes: Mapping[str, Box],
    chosen: dict[str, int] | None = None,
) -> list[Pinned]:
    """Paint the marks that move, and all labels: they keep what they have `chosen` before."""
    still = tuple(mark for mark in scene.backdrop.marks if isinstance(mark, Label))
    numbers = {**scene.backdrop.numbers, **scene.numbers}
    return paint_layer(axes, scene, boxes, Layer((*still, *scene.marks), numbers), chosen)


def _pale(panel: Panel) -> Layer:
    """The pale arrows over a map, which the browser makes by itself."""
    contours = panel.contours
    if panel.space is not None or contours is None or contours.arrows is None:
        return Layer()
    field = Arrow(name="field", panel=panel.name, color=FIELD, width=1.2)
    return Layer((field,), {"field": contours.arrows})
