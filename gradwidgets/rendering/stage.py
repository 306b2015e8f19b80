"""The widget's half that is seen: a painted background, and what the browser draws over it."""

from __future__ import annotations

import json
import sys
import zlib
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, ClassVar, TypeAlias

import anywidget
import traitlets

from gradwidgets.calculus.program import Program
from gradwidgets.pictures.scene import Layer, Picture, Scene
from gradwidgets.rendering import paint, wire
from gradwidgets.rendering.joining import joined

WIDTH, RATIO = 960, 1.0  # before the first view has told its own
NARROWEST, WIDEST, SHARPEST = 240, 1600, 3.0
Described: TypeAlias = tuple[Picture, Sequence[Mapping[str, Any]], dict[str, Any]]
_FRONT = Path(__file__).parent / "front"


class Stage(anywidget.AnyWidget):
    """Shows a picture, which the browser replays by its program wherever there is one.

    Python paints the background for the width that the last view of all has told, and again where
    this one's is another, or its program frames a panel in another way than is painted.
    """

    _esm = traitlets.Unicode(joined(_FRONT / "explorer.js")).tag(sync=True)
    _css = traitlets.Unicode((_FRONT / "explorer.css").read_text("utf-8")).tag(sync=True)
    _anywidget_id = traitlets.Unicode().tag(sync=True)

    _last_view: ClassVar[tuple[int, float]] = (WIDTH, RATIO)  # that any explorer's page has told
    _described: Described
    _picture = traitlets.Dict().tag(sync=True)
    _program = traitlets.Bytes().tag(sync=True)
    _constants = traitlets.Bytes().tag(sync=True)
    _numbers = traitlets.Bytes().tag(sync=True)
    _background = traitlets.Bytes().tag(sync=True)
    _view = traitlets.List([0, RATIO]).tag(sync=True)
    _asked = traitlets.Dict().tag(sync=True)

    def __init__(self) -> None:
        self._painted: Scene | None = None  # what the picture's frame is
        self._painted_for: tuple[int, float] | None = None  # the background's width and ratio
        self._looked_at = False  # by anybody: until then there is no background
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
        scene: Scene,
        places: Sequence[Mapping[str, Any]],
        variables: Sequence[str],
    ) -> None:
        """Show another picture of a function of these variables; `places` tell where the values of
        its controls live."""
        program = picture.replayed.current(*picture.inputs(tuple(scene.values.values())))
        with self.hold_sync():
            key = self._picture.get("key", 0) + 1
            described = picture, places, {"key": key, "variables": list(variables)}
            anew = self._painted is None or not looks_like(scene, self._painted)
            self._paint(scene, anew, described)
            self._send_program(program, scene)

    def _send_program(self, program: Program | None, scene: Scene) -> None:
        self._replays = program
        if program is None:
            self._program, self._constants, self._numbers = b"", b"", wire.pack(scene)
        else:
            self._program, self._constants = as_data(program)
            self._numbers = b""

    def _move(self, scene: Scene) -> None:
        """The same picture with other numbers, for a page that has no program."""
        with self.hold_sync():
            if self._painted is not None and scene.panels != self._painted.panels:
                self._paint(scene, anew=True)
            self._numbers = wire.pack(scene)

    def _paint(self, scene: Scene, anew: bool, described: Described | None = None) -> None:
        """Lay the panels out for the view that has told its width, and paint what is behind."""
        view, described = self._usual_view(), described or self._described
        picture, places, more = described
        with self.hold_sync():
            if anew and (self._looked_at or self._view[0]):
                self._background, plan = paint.background(scene, *view)
                self._painted_for = view
            else:
                plan = paint.plan(scene.panels, view[0])
            told = wire.describe(picture, scene, plan)
            pairs = zip(told["controls"], places, strict=True)
            controls = [{**control, "at": place} for control, place in pairs]
            self._picture = {**told, "controls": controls, **more}
        self._painted, self._described = scene, described

    def _paint_for_view(self, scene: Scene) -> None:
        """Paint for the width that the view has told, where that is not painted already."""
        if self._view[0]:
            Stage._last_view = usable_view(self._view)
        if self._painted_for != self._usual_view():
            self._looked_at = True
            self._paint(scene, anew=True)

    def _usual_view(self) -> tuple[int, float]:
        """Width and ratio of the view, or as long as it has told none, those of the last one."""
        return usable_view(self._view) if self._view[0] else Stage._last_view

    def _still(self, scene: Scene) -> bytes:
        """A PNG of all that is seen, for readers without a kernel.

        It stands on the background, which the view then finds painted.
        """
        if self._painted_for is None:
            self._paint_for_view(scene)
        if self._painted is None or not looks_like(scene, self._painted):
            return paint.png(scene, ratio=1.0)
        width, _ = self._painted_for or self._usual_view()
        return paint.still(scene, self._background, paint.plan(scene.panels, width))


@lru_cache(maxsize=64)
def as_data(program: Program) -> tuple[bytes, bytes]:
    """A program as the browser gets it: its JSON, deflated, and the bytes of its constants."""
    data, constants = program.as_data()
    text = json.dumps(data, separators=(",", ":"), allow_nan=False)
    return zlib.compress(text.encode()), constants.astype("<f8").tobytes()


def looks_like(scene: Scene, other: Scene) -> bool:
    """Whether the panels and backdrops of two scenes look the same."""
    return scene.panels == other.panels and _same_layer(scene.backdrop, other.backdrop)


def _same_layer(one: Layer, two: Layer) -> bool:
    pairs = ((one.numbers[mark.name], two.numbers[mark.name]) for mark in one.marks)
    return one is two or (
        one.marks == two.marks and all(_same_numbers(first, second) for first, second in pairs)
    )


def _same_numbers(one: Any, two: Any) -> bool:
    return bool(one.shape == two.shape and one.tobytes() == two.tobytes())


def usable_view(view: Sequence[Any]) -> tuple[int, float]:
    """A view's width in pixels and its pixel ratio, kept within what can be painted."""
    if len(view) != 2 or not all(map(is_number, view)) or not view[0]:
        return WIDTH, RATIO
    width, ratio = view
    return round(min(max(width, NARROWEST), WIDEST)), float(min(max(ratio, 1.0), SHARPEST))


def usable_frame(asked: Mapping[str, Any], picture: Picture) -> dict[str, float]:
    """The ambient numbers, by name, that a view's last frame leaves to the next."""
    kept, wanted = asked.get("kept"), len(picture.kept)
    if not isinstance(kept, list) or len(kept) != wanted or not all(map(is_number, kept)):
        return {}
    return {name: float(number) for (name, _, _), number in zip(picture.kept, kept, strict=True)}


def is_number(value: Any) -> bool:
    """Whether a client's value is a finite number, and one that a float can hold."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        return False
    return bool(abs(value) <= sys.float_info.max)
