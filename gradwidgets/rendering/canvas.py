"""The live widget: a background painted by matplotlib, numbers drawn over it by the browser."""

from __future__ import annotations

import math
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import anywidget
import numpy as np
import traitlets

from gradwidgets.calculus.field import Array
from gradwidgets.pictures.scene import (
    Arrow,
    Depths,
    Label,
    Layer,
    Mark,
    Marker,
    Panel,
    Picture,
    Polyline,
    Scene,
    Space,
    Surface,
)
from gradwidgets.rendering import paint

WIDTH, RATIO = 960, 2.0  # before the first view has told its own
NARROWEST, WIDEST, SHARPEST = 240, 1600, 3.0
HEIGHT = 8192
MODULE = (
    "draw.js",
    "surface.js",
    "touch.js",
    "canvas.js",
)  # joined: a front end is one file without imports
_HERE = Path(__file__).parent
_STYLE: dict[type[Mark], tuple[str, ...]] = {
    Polyline: ("width", "dash", "along", "fill", "dots"),
    Arrow: ("width", "free"),
    Marker: ("size", "shape", "moves", "sets", "origin"),
    Label: ("texts", "size", "above", "aside"),
    Surface: ("flat", "low", "high"),
    Depths: (),
}
PRECISION = 5  # decimals of a height in a box, which is about 2 high


class Canvas(anywidget.AnyWidget):
    """Shows a picture and tells where its handles are dragged.

    A gesture arrives as {"tick": …, "values": {control: number}}, with "pressed": name for a tick.
    Whoever listens ends by calling `show` or `move`, and the browser, which sends nothing new
    before, may go on.
    """

    _esm = "".join((_HERE / name).read_text("utf-8") for name in MODULE)
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
        """Another picture: the background is painted anew where it is another one."""
        self.picture, self.scene, self.values = picture, scene, tuple(values)
        if same_background(scene, self._painted):
            self._describe(paint.plan(scene.panels, usable_view(self.view)[0]))
        else:
            self._repaint()

    def move(self, scene: Scene, values: Sequence[float]) -> None:
        """The same picture with other numbers."""
        self.scene, self.values = scene, tuple(values)
        self.numbers = pack(scene, values, self._frame)

    def _repaint(self, _change: Any = None) -> None:
        width, ratio = usable_view(self.view)
        image, plan = paint.background(self.scene, width, ratio)
        with self.hold_sync():
            self._describe(plan)
            self.background = image
        self._painted = self.scene

    def _describe(self, plan: paint.Plan) -> None:
        with self.hold_sync():
            self.spec, self._frame = describe(self.picture, self.scene, plan), frame_of(self.scene)
            self.numbers = pack(self.scene, self.values, self._frame)


def same_background(scene: Scene, other: Scene) -> bool:
    """Whether the panels and backdrops of two scenes look the same."""
    return scene.panels == other.panels and _same_layer(scene.backdrop, other.backdrop)


def _same_layer(one: Layer, two: Layer) -> bool:
    pairs = ((one.numbers[mark.name], two.numbers[mark.name]) for mark in one.marks)
    return one is two or (
        one.marks == two.marks
        and all(np.array_equal(first, second, equal_nan=True) for first, second in pairs)
    )


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
    starts, marks, spaces = [len(picture.controls), 0, 0], [], _spaces(scene)
    for mark in scene.marks:
        sizes = [part.size for part in _parts(mark, scene[mark.name], mark.panel in spaces)]
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
    place = {"box": [box.left, box.top, box.width, box.height], "x": panel.x, "y": panel.y}
    return place | {"space": panel.space and _as_json(panel.space)}


def _as_json(space: Space) -> dict[str, Any]:
    """A space without NaN, which JSON does not know: a hole has no height."""
    heights = space.heights.round(PRECISION).tolist()
    holed = [[None if math.isnan(height) else height for height in line] for line in heights]
    plain = {"x": space.x.tolist(), "y": space.y.tolist(), "heights": holed}
    return vars(space) | plain


class Frame(NamedTuple):
    """What is subtracted from all places and curves of a scene, and by what they are divided."""

    origins: Array
    sizes: Array
    floors: Array
    units: Array


def frame_of(scene: Scene) -> Frame:
    """The frame of a scene, the same for every setting of a picture's controls."""
    panels, spaces = {panel.name: panel for panel in scene.panels}, _spaces(scene)
    places, curves = [np.empty((0, 2))], [np.empty((0, 2))]
    for mark in scene.marks:
        if not mark.panel:
            continue
        in_space = mark.panel in spaces
        _, geometry, curve = _parts(mark, scene[mark.name], in_space)
        (left, right), (bottom, top) = panels[mark.panel].x, panels[mark.panel].y
        own = [(left, right - left), (bottom, top - bottom)]
        as_they_are = [(0.0, 1.0)] * 2 if isinstance(mark, Label) else []
        count = (curve if in_space else geometry).size // 2 - len(as_they_are) // 2
        if isinstance(mark, Depths):
            own, count = own[:1], curve.size
        pairs = np.array([*own * count, *as_they_are]).reshape(-1, 2)
        if in_space:
            curves += [pairs / (1.0, HEIGHT)]
        else:
            places += [pairs]
            curves += [np.tile([(bottom, (top - bottom) / HEIGHT)], (len(curve), 1))]
    return Frame(*np.concatenate(places).T.copy(), *np.concatenate(curves).T.copy())


def _spaces(scene: Scene) -> set[str]:
    return {panel.name for panel in scene.panels if panel.space is not None}


def pack(scene: Scene, values: Sequence[float], frame: Frame | None = None) -> bytes:
    """The numbers of a scene in three arrays, as few bytes as serve the eye.

    Readings are float64, for a label must show Python's very digits: the controls' values, then
    every label's choice and values. Geometry is float32, in widths and heights of the panel from
    its lower left corner. Heights of a curve over fixed places are int16, in 8192ths of the
    panel's height, −32768 where there is none; so are all places in a space, x and y.
    """
    frame, spaces = frame or frame_of(scene), _spaces(scene)
    parts = [_parts(mark, scene[mark.name], mark.panel in spaces) for mark in scene.marks]
    known, places, curves = (np.concatenate(column) for column in zip(*parts, strict=True))
    with np.errstate(all="ignore"):
        geometry = ((places - frame.origins) / frame.sizes).astype("<f4").tobytes()
        heights = _heights((curves - frame.floors) / frame.units).tobytes()
    return np.concatenate([values, known]).astype("<f8").tobytes() + geometry + heights


EMPTY = np.empty(0)


def _parts(mark: Mark, numbers: Array, in_space: bool) -> tuple[Array, Array, Array]:
    """A mark's readings, geometry and curve; one or two of them are empty."""
    if not mark.panel:
        return numbers[4:], EMPTY, EMPTY
    if isinstance(mark, Surface):
        return numbers, EMPTY, EMPTY
    known, places = (numbers[4:], numbers[:4]) if isinstance(mark, Label) else (EMPTY, numbers)
    if in_space or (isinstance(mark, Polyline) and mark.along is not None):
        return known, EMPTY, places.ravel()
    return known, places.ravel(), EMPTY


def _heights(steps: Array) -> Array:
    heights = np.minimum(np.maximum(np.rint(steps), -32767), 32767)
    return np.asarray(np.where(np.isfinite(steps), heights, -32768).astype("<i2"))


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


def usable_press(gesture: Any, picture: Picture, scene: Scene) -> Mapping[str, float]:
    """The control values that a pressed tick means, exactly those of its place in the scene."""
    name = gesture.get("pressed") if isinstance(gesture, Mapping) else None
    tick = next(
        (m for m in scene.marks if isinstance(m, Marker) and m.tick and m.name == name), None
    )
    if tick is None:
        return {}
    place = dict(zip(tick.sets, scene[tick.name].ravel()[:2].tolist(), strict=False))
    controls = [control for control in picture.controls if control.name in place]
    if not all(math.isfinite(place[control.name]) for control in controls):
        return {}
    return {control.name: control.at(place[control.name]) for control in controls}


def is_number(value: Any) -> bool:
    """Whether a client's value is a finite number, and one that a float can hold."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        return False
    return bool(abs(value) <= sys.float_info.max)
