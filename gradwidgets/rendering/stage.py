"""The widget's half that is seen: a picture as data, which the browser draws and replays."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from gradwidgets.calculus.program import Program
from gradwidgets.pictures.picture import Picture
from gradwidgets.pictures.scene import Scene
from gradwidgets.rendering import wire
from gradwidgets.rendering.joining import joined, joined_style
from gradwidgets.rendering.shipping import lean_style, shipped
from gradwidgets.rendering.terrain import pack_grid

_FRONT = Path(__file__).parent / "front"


class Stage(anywidget.AnyWidget):
    """Shows a picture, which the browser lays out, draws, and replays by its program.

    Where there is no program, Python sends the numbers of every mark again and again.
    """

    _esm = traitlets.Unicode(shipped(joined(_FRONT / "explorer.js"))).tag(sync=True)
    _css = traitlets.Unicode(lean_style(joined_style(_FRONT / "explorer.css"))).tag(sync=True)
    _anywidget_id = traitlets.Unicode().tag(sync=True)

    _picture = traitlets.Dict().tag(sync=True)
    _program = traitlets.Bytes().tag(sync=True)
    _numbers = traitlets.Bytes().tag(sync=True)
    _fixed = traitlets.Bytes().tag(sync=True)
    _terrain = traitlets.Bytes().tag(sync=True)
    _grid = traitlets.Bytes().tag(sync=True)
    _rows = traitlets.Bytes(help="the data as they came: all x, all y, all weights").tag(sync=True)

    def __init__(self) -> None:
        self._replays: Program | None = None  # what the browser has
        super().__init__()

    @traitlets.default("_anywidget_id")
    def _usual_id(self) -> str:
        return f"{type(self).__module__}.{type(self).__name__}"

    def add_traits(self, **traits: Any) -> None:
        """Add traits, but not anywidget's again: each widget would get a class of its own."""
        missing = {n: trait for n, trait in traits.items() if n not in Stage.class_traits()}
        if missing:
            super().add_traits(**missing)

    def _present(
        self,
        picture: Picture,
        values: Sequence[float],
        places: Sequence[Mapping[str, Any]],
        variables: Sequence[str],
    ) -> Scene | None:
        """Show another picture of a function of these variables, with its controls at values.

        `places` tell where the values of the controls live. Returned is the scene, where it had to
        be computed: what the browser replays by itself, it makes for itself.
        """
        program, scene = picture.replayed.current(*picture.inputs(values)), None
        if program is not None:
            sizes = dict(zip(picture.told, program.sizes, strict=True))
        else:
            scene = picture.scene(values)
            sizes = {name: part.size for name, part in wire.sent(scene).items()}
        told = wire.describe(picture, sizes)
        pairs = zip(told["controls"], places, strict=True)
        controls = [{**control, "at": place} for control, place in pairs]
        more = {"key": self._picture.get("key", 0) + 1, "variables": list(variables)}
        with self.hold_sync():
            self._picture = {**told, "controls": controls, **more}
            self._fixed = wire.pack_fixed(picture.backdrop)
            self._terrain, self._grid = terrain_of(picture)
            self._send_program(program, scene)
        return scene

    def _send_program(self, program: Program | None, scene: Scene | None) -> None:
        self._replays = program
        self._program = b"" if program is None else wire.pack_program(program)
        self._numbers = b"" if scene is None else wire.pack(scene)

    def _move(self, scene: Scene) -> None:
        """The same picture with other numbers, for a page that has no program."""
        self._numbers = wire.pack(scene)


def terrain_of(picture: Picture) -> tuple[bytes, bytes]:
    """The program of the terrain, or without one, its grid."""
    if picture.terrain is None:
        return b"", b""
    program = picture.terrain.current(*picture.terrain_inputs)
    return (wire.pack_program(program), b"") if program else (b"", pack_grid(picture))


def is_number(value: Any) -> bool:
    """Whether a client's value is a finite number, and one that a float can hold."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        return False
    return bool(abs(value) <= sys.float_info.max)
