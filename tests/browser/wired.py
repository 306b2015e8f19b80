"""A picture as the browser is told of it: panels, the backdrop's marks first, dark colours."""

from __future__ import annotations

import html
import math
import re
from colorsys import hls_to_rgb, rgb_to_hls
from dataclasses import replace
from typing import Any

from latex2mathml.converter import convert

from gradwidgets.pictures.scene import Layer, Panel, Picture, Scene
from gradwidgets.rendering import paint, wire

_SHOWN = ("title", "xlabel", "ylabel")
_PLAIN = (
    "x",
    "y",
    "equal",
    "xlog",
    "ylog",
    "xticks",
    "yticks",
    "left",
    "tall",
    "bare",
    "least",
    "stacked",
    "under",
)


def described(picture: Picture, scene: Scene) -> dict[str, Any]:
    """What `_picture` says of it, but key, variables and the places of values.

    Panels and marks are the scene's: where a program frames them, they are to be the picture's.
    """
    told = wire.describe(picture, scene, paint.plan(scene.panels, 960))
    usual = Scene(scene.panels, Layer(), scene.backdrop.marks, scene.backdrop.numbers)
    fixed = wire.describe(picture, usual, paint.plan(scene.panels, 960))["marks"]
    marks = [{**mark, "fixed": True} for mark in fixed] + told["marks"]
    colors = {color for mark in marks for color in _colors(mark)}
    panels = {panel.name: _panel(panel) for panel in scene.panels}
    return {
        **told,
        "panels": panels,
        "marks": marks,
        "dark": {color: _for_the_dark(color) for color in sorted({*colors, "#1F2933"})},
    }


def fixed_numbers(scene: Scene) -> bytes:
    """The numbers of the backdrop's marks, packed."""
    return wire.pack(Scene(scene.panels, Layer(), scene.backdrop.marks, scene.backdrop.numbers))


def _panel(panel: Panel) -> dict[str, Any]:
    return {
        **{name: getattr(panel, name) for name in _PLAIN},
        **{name: _as_html(getattr(panel, name)) for name in _SHOWN},
        "most": panel.most if math.isfinite(panel.most) else None,
        "axes": ["x", "y"] if panel.contours is not None else [None, None],
        "terrain": None,
        "space": panel.space and wire._as_json(panel.space),
        "form": 0,
        "others": [_panel(replace(other, name=panel.name)) for other in panel.others],
    }


def _as_html(text: str) -> str:
    parts = re.split(r"\$(.*?)\$", text)
    return "".join(
        convert(part) if place % 2 else html.escape(part) for place, part in enumerate(parts)
    )


def _colors(mark: dict[str, Any]) -> list[str]:
    found = [mark.get(name) for name in ("color", "fill", "low", "high")]
    return [color for color in found if color and color.startswith("#")]


def _for_the_dark(color: str) -> str:
    red, green, blue = (int(color[place : place + 2], 16) / 255 for place in (1, 3, 5))
    hue, light, saturation = rgb_to_hls(red, green, blue)
    parts = hls_to_rgb(hue, max(1 - light, 0.55) if light < 0.6 else 1 - light, saturation)
    return "#" + "".join(f"{round(255 * part):02X}" for part in parts)
