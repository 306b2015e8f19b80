"""Critical points on the curvature map: a shape for every kind, and a line that counts them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np

from gradwidgets.calculus.field import ScalarField
from gradwidgets.calculus.newton import KINDS, Critical
from gradwidgets.calculus.wording import three_digits
from gradwidgets.pictures.marks import Mark, Marker
from gradwidgets.pictures.palette import INK
from gradwidgets.pictures.scene import Layer

SHAPES = {"minimum": "circle", "maximum": "triangle", "saddle": "diamond", "degenerate": "square"}
BY_SEARCH = (*(f"critical {kind}" for kind in SHAPES), "critical note")
BEYOND = {"minimum": "a minimum", "maximum": "a maximum", "trough": "a trough"}
ARTICLES = {"degenerate": ""}
SIGNS = {"minimum": "●", "maximum": "▲", "saddle": "◆", "degenerate": "■"}
LISTED = 4  # so many are told with their places, where the map can't show them
MANY = 3  # degenerate points that may be pieces of a line


def critical_layer(critical: Sequence[Critical]) -> Layer:
    """A shape for every kind; the caption names them."""
    marks: list[Mark] = []
    numbers: dict[str, Any] = {}
    for kind, shape in SHAPES.items():
        places = [one.point for one in critical if one.kind == kind]
        if places:
            mark = Marker(name=f"critical {kind}", panel="map", shape=shape, size=9, color=INK)
            marks, numbers[mark.name] = [*marks, mark], np.array(places)
    return Layer(tuple(marks), numbers)


def critical_text(field: ScalarField, critical: Sequence[Critical]) -> str:
    """The caption that counts the critical points, and says where the test is silent."""
    if not critical:
        return "Newton's method finds no critical point in the domain."
    counts = Counter(one.kind for one in critical)
    counted = [f"{SIGNS[kind]} {_counted(counts[kind], kind)}" for kind in KINDS if counts[kind]]
    told = f"Critical points that Newton's method finds: {', '.join(counted)}."
    if len(field.variables) > 2:
        told = f"{told} {_listed(critical)}"
    return f"{told} {_silent_text(critical)}".strip()


def _counted(count: int, kind: str) -> str:
    plural = {"minimum": "minima", "maximum": "maxima", "saddle": "saddles"}
    return f"{count} {kind if count == 1 else plural.get(kind, kind)}"


def _listed(critical: Sequence[Critical]) -> str:
    """The lowest critical points with their places."""
    places = [
        f"({', '.join(map(three_digits, one.point))}) is {ARTICLES.get(one.kind, 'a ')}{one.kind}"
        for one in critical[:LISTED]
    ]
    return f"{'; '.join(places)}{' …' if len(critical) > LISTED else '.'}"


def _silent_text(critical: Sequence[Critical]) -> str:
    """Where H has no inverse the second-order test is silent; f itself may say more."""
    silent = [one for one in critical if one.kind == "degenerate"]
    if not silent:
        return ""
    said = {BEYOND.get(one.beyond) for one in silent}
    more = said.pop() if len(said) == 1 else None
    few = len(silent) < MANY
    told = f"The second-order test does not decide {'at' if few else 'along the'} ■"
    around = f"; the values of f around {'it' if few else 'them'} show {more}" if more else ""
    return f"{told}{around}." if few else f"{told}{around}. They seem to fill a line."
