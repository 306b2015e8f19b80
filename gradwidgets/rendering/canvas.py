"""The live widget: a background painted by matplotlib, numbers drawn over it by the browser."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import anywidget
import numpy as np
import traitlets

from gradwidgets.calculus.field import Interval
from gradwidgets.pictures.scene import Arrow, Label, Mark, Marker, Panel, Picture, Polyline, Scene
from gradwidgets.rendering import paint

WIDTH, RATIO = 960, 2.0  # before the first view has told its own
NARROWEST, WIDEST, SHARPEST = 240, 1600, 3.0
HEIGHT = 8192
_HERE = Path(__file__).parent
_STYLE: dict[type[Mark], tuple[str, ...]] = {
    Polyline: ("width", "dash", "along"),
    Arrow: ("width",),
    Marker: ("size", "shape", "moves"),
    Label: ("texts", "size", "above"),
}


class Canvas(anywidget.AnyWidget):
    """Shows a picture and tells where its handles are dragged.

    A gesture arrives as {"tick": …, "values": {control: number}}. Whoever listens ends by calling
    `show` or `move`, and the browser, which sends nothing new before, may go on.
    """

    _esm = (_HERE / "draw.js").read_text("utf-8") + (_HERE / "canvas.js").read_text("utf-8")
    _css = (_HERE / "canvas.css").read_text("utf-8")

    background = traitlets.Bytes().tag(sync=True)
    spec = traitlets.Dict().tag(sync=True)
    numbers = traitlets.Bytes().tag(sync=True)
    note = traitlets.Unicode().tag(sync=True)
    answered = traitlets.Float().tag(sync=True)
    gesture = traitlets.Dict().tag(sync=True, echo_update=False)
    view = traitlets.List([WIDTH, RATIO]).tag(sync=True, echo_update=False)

    def __init__(self, picture: Picture, scene: Scene, values: Sequence[float]) -> None:
        super().__init__()
        self.picture, self.scene, self.values = picture, scene, tuple(values)
        self.observe(self._repaint, "view")
        self._repaint()

    def show(self, picture: Picture, scene: Scene, values: Sequence[float]) -> None:
        """Another picture: the background is painted anew."""
        self.picture, self.scene, self.values = picture, scene, tuple(values)
        self._repaint()

    def move(self, scene: Scene, values: Sequence[float]) -> None:
        """The same picture with other numbers."""
        self.scene, self.values = scene, tuple(values)
        self.numbers = pack(scene, values)

    def _repaint(self, _change: Any = None) -> None:
        width, ratio = usable_view(self.view)
        image, plan = paint.background(self.scene, width, ratio)
        with self.hold_sync():
            self.spec = describe(self.picture, self.scene, plan)
            self.numbers = pack(self.scene, self.values)
            self.background = image


def usable_view(view: Any) -> tuple[int, float]:
    """A view's width in pixels and its pixel ratio, kept within what can be painted."""
    if not (isinstance(view, list | tuple) and len(view) == 2 and all(map(is_number, view))):
        return WIDTH, RATIO
    width, ratio = view
    return round(min(max(width, NARROWEST), WIDEST)), float(min(max(ratio, 1.0), SHARPEST))


def describe(picture: Picture, scene: Scene, plan: paint.Plan) -> dict[str, Any]:
    """All that the browser must know but the numbers: panels, controls, each mark's style.

    A mark's `slices` tell where its numbers stand in the three arrays of `pack`.
    """
    starts, marks = [len(picture.controls), 0, 0], []
    for mark in scene.marks:
        sizes = [part.size for part in _parts(scene, mark)]
        slices = [[start, start + size] for start, size in zip(starts, sizes, strict=True)]
        style = {name: getattr(mark, name) for name in _STYLE[type(mark)]}
        entry = {"kind": type(mark).__name__, "name": mark.name, "panel": mark.panel}
        marks.append(entry | {"color": mark.color, "slices": slices} | style)
        starts = [stop for _, stop in slices]
    return {
        "width": plan.width,
        "height": plan.height,
        "sizes": starts,
        "marks": marks,
        "controls": [vars(control) for control in picture.controls],
        "panels": {panel.name: _place(panel, plan) for panel in scene.panels},
    }


def _place(panel: Panel, plan: paint.Plan) -> dict[str, Any]:
    box = plan.boxes[panel.name]
    return {"box": [box.left, box.top, box.width, box.height], "x": panel.x, "y": panel.y}


def pack(scene: Scene, values: Sequence[float]) -> bytes:
    """The numbers of a scene in three arrays, as few bytes as serve the eye.

    Readings are float64, for a label must show Python's very digits: the controls' values, then
    every label's choice and values. Geometry is float32, in widths and heights of the panel from
    its lower left corner. Heights of a curve over fixed places are int16, in 8192ths of the
    panel's height, −32768 where there is none.
    """
    parts = [_parts(scene, mark) for mark in scene.marks]
    readings, geometry, curves = (np.concatenate(column) for column in zip(*parts, strict=True))
    with np.errstate(over="ignore"):
        drawn = geometry.astype("<f4").tobytes()
    return np.concatenate([values, readings]).astype("<f8").tobytes() + drawn + curves.tobytes()


def _parts(scene: Scene, mark: Mark) -> tuple[Any, Any, Any]:
    """A mark's readings, geometry and curve; two of them are mostly empty."""
    numbers, nothing, no_curve = scene[mark.name].ravel(), np.empty(0), np.empty(0, "<i2")
    if not mark.panel:
        return numbers[4:], nothing, no_curve
    panel = scene.panel(mark.panel)
    if isinstance(mark, Label):
        return numbers[4:], np.append(_shares(numbers[:2], panel), numbers[2:4]), no_curve
    if isinstance(mark, Polyline) and mark.along is not None:
        return nothing, nothing, _heights(numbers, panel.y)
    return nothing, _shares(numbers, panel), no_curve


def _shares(numbers: np.ndarray[Any, Any], panel: Panel) -> np.ndarray[Any, Any]:
    """Places, x and y in turn, as shares of a panel's width and height."""
    (left, right), (bottom, top) = panel.x, panel.y
    with np.errstate(over="ignore", invalid="ignore"):
        shares = (numbers.reshape(-1, 2) - [left, bottom]) / [right - left, top - bottom]
    return np.asarray(shares).ravel()


def _heights(numbers: np.ndarray[Any, Any], span: Interval) -> np.ndarray[Any, Any]:
    there = np.isfinite(numbers)
    shares = (np.where(there, numbers, 0.0) - span[0]) / (span[1] - span[0])
    heights = np.rint(np.clip(shares * HEIGHT, -32767, 32767))
    return np.where(there, heights, -32768).astype("<i2")


def usable_gesture(gesture: Any, picture: Picture) -> Mapping[str, float]:
    """The control values in a client's message that can be used: known, finite, within range."""
    values = gesture.get("values") if isinstance(gesture, Mapping) else None
    if not isinstance(values, Mapping):
        return {}
    return {
        control.name: min(max(float(values[control.name]), control.low), control.high)
        for control in picture.controls
        if is_number(values.get(control.name))
    }


def is_number(value: Any) -> bool:
    """Whether a client's value is a finite number, and one that a float can hold."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        return False
    return bool(abs(value) <= sys.float_info.max)
