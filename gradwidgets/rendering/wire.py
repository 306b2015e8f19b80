"""What goes to the browser: the description of a picture as JSON, and its numbers as bytes.

front/wire.js reads both. Numbers are the picture's own, in data coordinates.
"""

from __future__ import annotations

import json
import math
import zlib
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from gradwidgets.calculus.program import Program
from gradwidgets.calculus.types import Array
from gradwidgets.pictures import palette
from gradwidgets.pictures.control import Control
from gradwidgets.pictures.framing import form_of, range_of
from gradwidgets.pictures.marks import Arrow, Label, Mark, Marker, Polyline, Surface
from gradwidgets.pictures.panels import Panel
from gradwidgets.pictures.picture import Picture
from gradwidgets.pictures.scene import Layer, Scene
from gradwidgets.rendering.terrain import as_space, as_terrain
from gradwidgets.rendering.typesetting import as_html

_STYLE: dict[type[Mark], tuple[str, ...]] = {
    Polyline: ("width", "dash", "along", "counts", "fill", "squares", "dots"),
    Arrow: ("width", "free"),
    Marker: ("size", "shape", "moves", "sets", "origin", "pulls"),
    Label: ("texts", "size", "above", "aside", "front", "urgent", "letters", "free"),
    Surface: ("flat", "low", "high"),
}
_SHAPE = ("x", "y", "equal", "xlog", "ylog", "xticks", "yticks", "bare", "axes")
QUICK = 4  # a third of the usual time to deflate a program, for a twelfth more bytes
_PLACE = ("left", "tall", "least", "stacked", "under")


def describe(picture: Picture, sizes: Mapping[str, int]) -> dict[str, Any]:
    """All that the browser must know of a picture but numbers and program.

    That is panels, each mark's style, the controls, what the program takes and gives, and for
    every colour of light the one of dark. `sizes` say how many numbers each mark and
    output has, and become a mark's `count`; marks of the backdrop come first, each `fixed`.
    """
    fixed = [
        {**_entry(mark, np.size(picture.backdrop.numbers[mark.name])), "fixed": True}
        for mark in picture.backdrop.marks
    ]
    return {
        "marks": [*fixed, *(_entry(mark, sizes[mark.name]) for mark in picture.marks)],
        "controls": [_as_input(control) for control in picture.controls],
        "panels": {panel.name: _panel(panel) for panel in picture.panels},
        "ambient": [{"name": one.name, "start": one.start} for one in picture.ambient],
        "kept": [list(one) for one in picture.kept],
        "arrays": list(picture.arrays),
        "rows": picture.rows and picture.rows._asdict(),
        "outputs": list(sizes),
        "later": list(picture.later),
        "dark": palette.DARK,
    }


def sent(scene: Scene) -> dict[str, Array]:
    """The numbers that travel where there is no program: of the marks, and what frames panels."""
    framing = {panel.space.box for panel in scene.panels if panel.space is not None}
    framing |= {told(panel.name) for panel in scene.panels for told in (range_of, form_of)}
    names = (*(mark.name for mark in scene.marks), *sorted(framing & scene.numbers.keys()))
    return {name: scene.numbers[name] for name in names}


def _as_input(control: Control) -> dict[str, Any]:
    return {**vars(control), "digits": control.digits._asdict()}


def _entry(mark: Mark, count: int) -> dict[str, Any]:
    shared = {name: getattr(mark, name) for name in ("name", "panel", "color", "pinned")}
    style = {name: getattr(mark, name) for name in _STYLE[type(mark)]}
    rare = {name: True for name in ("still", "level") if getattr(mark, name, False)}
    return {"kind": type(mark).__name__, "count": count, **shared, **style, **rare}


def _panel(panel: Panel) -> dict[str, Any]:
    """A panel with its other forms; a width without an end is null."""
    plain = {name: getattr(panel, name) for name in (*_SHAPE, *_PLACE)}
    texts = {name: as_html(getattr(panel, name)) for name in ("title", "xlabel", "ylabel")}
    return {
        **plain,
        **texts,
        "most": panel.most if math.isfinite(panel.most) else None,
        "terrain": as_terrain(panel),
        "space": as_space(panel.space),
        "form": 0,
        "others": [_panel(other) for other in panel.others],
    }


def pack(scene: Scene) -> bytes:
    """The numbers of a scene, little-endian: the controls' values, then what is `sent`.

    First stands for each mark and output how many of its numbers follow, as uint32, filled up to a
    multiple of eight bytes; then all of them as float64. NaN at the end of a mark's numbers stays
    here: of a path with room for a thousand steps only those travel that were made.
    """
    parts = [numbers.ravel() for numbers in sent(scene).values()]
    moving = len(scene.marks)
    return _bytes(list(scene.values.values()), [*map(_known, parts[:moving]), *parts[moving:]])


def pack_fixed(backdrop: Layer) -> bytes:
    """The numbers of marks that stand still, as `pack` writes them, without controls."""
    numbers = (np.asarray(backdrop.numbers[mark.name], float) for mark in backdrop.marks)
    return _bytes([], [_known(part.ravel()) for part in numbers])


@lru_cache(maxsize=64)
def pack_program(program: Program) -> bytes:
    """A program, deflated: its JSON with spaces up to eight bytes, its constants, their number."""
    text, constants = program.as_json()
    letters = text.encode()
    numbers = np.append(constants, constants.size).astype("<f8")
    return zlib.compress(letters.ljust(-(-len(letters) // 8) * 8) + numbers.tobytes(), QUICK)


def unpack_program(packed: bytes) -> tuple[dict[str, Any], Array]:
    """The data of a packed program, and its constants."""
    plain = zlib.decompress(packed)
    count = int(np.frombuffer(plain[-8:], "<f8")[0])
    start = len(plain) - 8 * (count + 1)
    return json.loads(plain[:start]), np.frombuffer(plain[start:-8], "<f8")


def _bytes(values: Sequence[float], parts: Sequence[Array]) -> bytes:
    lengths = np.array([part.size for part in parts] + [0] * (len(parts) % 2), "<u4")
    return lengths.tobytes() + np.concatenate([values, *parts]).astype("<f8").tobytes()


def _known(numbers: Array) -> Array:
    """Without the NaN at its end."""
    if not numbers.size or numbers[-1] == numbers[-1]:  # most of them, at no cost
        return numbers
    known = np.flatnonzero(~np.isnan(numbers))
    return numbers[: known[-1] + 1 if known.size else 0]
