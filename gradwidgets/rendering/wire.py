"""What goes to the browser: the description of a scene as JSON, and its numbers as bytes.

front/wire.js reads both. Numbers are the scene's own, in data coordinates.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from gradwidgets.calculus.field import Array
from gradwidgets.pictures.scene import (
    Arrow,
    Control,
    Label,
    Mark,
    Marker,
    Panel,
    Picture,
    Polyline,
    Scene,
    Space,
    Surface,
    form_of,
)
from gradwidgets.rendering.paint import Plan

_STYLE: dict[type[Mark], tuple[str, ...]] = {
    Polyline: ("width", "dash", "along", "counts", "fill", "dots"),
    Arrow: ("width", "free"),
    Marker: ("size", "shape", "moves", "sets", "origin"),
    Label: ("texts", "size", "above", "aside", "front"),
    Surface: ("flat", "low", "high"),
}
PRECISION = 4  # decimals of a height in a box that is about 2 high: 0.03 of a pixel at 600


def describe(picture: Picture, scene: Scene, plan: Plan) -> dict[str, Any]:
    """All that the browser must know of a picture but numbers and program.

    That is panels as they are painted, each mark's style, the controls, and what the program takes
    and gives. A mark's `count` is that of its numbers, a panel's `form` says which of its forms is
    painted.
    """
    return {
        "width": plan.width,
        "height": plan.height,
        "marks": [_entry(mark, scene[mark.name].size) for mark in scene.marks],
        "controls": [_as_input(control) for control in picture.controls],
        "panels": {panel.name: _place(panel, plan, scene) for panel in scene.panels},
        "ambient": [{"name": one.name, "start": one.start} for one in picture.ambient],
        "kept": [list(one) for one in picture.kept],
        "outputs": list(picture.told),
        "later": list(picture.later),
    }


def _as_input(control: Control) -> dict[str, Any]:
    return {**vars(control), "digits": control.digits._asdict()}


def _entry(mark: Mark, count: int) -> dict[str, Any]:
    shared = {name: getattr(mark, name) for name in ("name", "panel", "color", "pinned")}
    style = {name: getattr(mark, name) for name in _STYLE[type(mark)]}
    return {"kind": type(mark).__name__, "count": count, **shared, **style}


def _place(panel: Panel, plan: Plan, scene: Scene) -> dict[str, Any]:
    box, form = plan.boxes[panel.name], scene.numbers.get(form_of(panel.name), (0.0,))
    place = {"box": [box.left, box.top, box.width, box.height], "x": panel.x, "y": panel.y}
    return place | {"space": panel.space and _as_json(panel.space), "form": int(form[0])}


def _as_json(space: Space) -> dict[str, Any]:
    """A space without NaN, which JSON does not know: a hole has no height."""
    heights = space.heights.round(PRECISION).tolist()
    holed = [[None if math.isnan(height) else height for height in line] for line in heights]
    plain = {"x": space.x.tolist(), "y": space.y.tolist(), "heights": holed}
    return vars(space) | plain


def pack(scene: Scene) -> bytes:
    """The numbers of a scene, little-endian: the controls' values, then those of every mark.

    First stands for each mark how many of its numbers follow, as uint32, filled up to a multiple
    of eight bytes; then all of them as float64. NaN at the end of a mark's numbers stays here: of
    a path with room for a thousand steps only those travel that were made.
    """
    parts = [_known(scene[mark.name].ravel()) for mark in scene.marks]
    lengths = np.array([part.size for part in parts] + [0] * (len(parts) % 2), "<u4")
    numbers = np.concatenate([list(scene.values.values()), *parts])
    return lengths.tobytes() + numbers.astype("<f8").tobytes()


def _known(numbers: Array) -> Array:
    """Without the NaN at its end."""
    if not numbers.size or numbers[-1] == numbers[-1]:  # most of them, at no cost
        return numbers
    known = np.flatnonzero(~np.isnan(numbers))
    return numbers[: known[-1] + 1 if known.size else 0]
