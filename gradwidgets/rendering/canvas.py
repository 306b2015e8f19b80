"""The live widget: a background painted by matplotlib, numbers drawn over it by the browser."""

from __future__ import annotations

import math
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import anywidget
import numpy as np
import traitlets

from gradwidgets.pictures.scene import Layer, Marker, Picture, Scene
from gradwidgets.rendering import paint, wire
from gradwidgets.rendering.joining import joined

WIDTH, RATIO = 960, 2.0  # before the first view has told its own
NARROWEST, WIDEST, SHARPEST = 240, 1600, 3.0
_FRONT = Path(__file__).parent / "front"


class Canvas(anywidget.AnyWidget):
    """Shows a picture and tells where its handles are dragged.

    A gesture arrives as {"tick": …, "values": {control: number}}, with "pressed": name for a tick.
    Whoever listens ends by calling `show` or `move`, and the browser, which sends nothing new
    before, may go on.
    """

    _esm = joined(_FRONT / "canvas.js")
    _css = (_FRONT / "canvas.css").read_text("utf-8")

    background = traitlets.Bytes().tag(sync=True)
    spec = traitlets.Dict().tag(sync=True)
    numbers = traitlets.Bytes().tag(sync=True)
    note = traitlets.Unicode().tag(sync=True)
    answered = traitlets.Float().tag(sync=True)
    gesture = traitlets.Dict().tag(sync=True, echo_update=False)
    view = traitlets.List([WIDTH, RATIO]).tag(sync=True, echo_update=False)

    def __init__(self, picture: Picture, scene: Scene) -> None:
        super().__init__()
        self.picture, self.scene = picture, scene
        self.observe(self._repaint, "view")
        self._repaint()

    def show(self, picture: Picture, scene: Scene) -> None:
        """Another picture: the background is painted anew where it is another one."""
        self.picture, self.scene = picture, scene
        if same_background(scene, self._painted):
            self._describe(paint.plan(scene.panels, usable_view(self.view)[0]))
        else:
            self._repaint()

    def move(self, scene: Scene) -> None:
        """The same picture with other numbers; painted anew where these frame another panel."""
        if scene.panels != self.scene.panels:
            self.show(self.picture, scene)
        else:
            self.scene, self.numbers = scene, wire.pack(scene)

    def _repaint(self, _change: Any = None) -> None:
        width, ratio = usable_view(self.view)
        image, plan = paint.background(self.scene, width, ratio)
        with self.hold_sync():
            self._describe(plan)
            self.background = image
        self._painted = self.scene

    def _describe(self, plan: paint.Plan) -> None:
        with self.hold_sync():
            self.spec = wire.describe(self.picture, self.scene, plan)
            self.numbers = wire.pack(self.scene)


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
