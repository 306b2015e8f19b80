"""A scene: panels, and in them primitives with their numbers, as plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from gradwidgets.calculus.types import Array
from gradwidgets.pictures.marks import Label, Mark, label_text
from gradwidgets.pictures.numbers import Numbers
from gradwidgets.pictures.panels import Panel


@dataclass(frozen=True)
class Layer:
    """Primitives and, by name, their numbers."""

    marks: tuple[Mark, ...] = ()
    numbers: Numbers = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True)
class Scene:
    """A picture at one setting of its controls, whose `values` are kept in order by name.

    `numbers` has those of every mark, and the picture's `outputs`.
    """

    panels: tuple[Panel, ...]
    backdrop: Layer
    marks: tuple[Mark, ...]
    numbers: Mapping[str, Array]
    values: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))

    def __getitem__(self, name: str) -> Array:
        return self.numbers[name]

    def panel(self, name: str) -> Panel:
        """The panel with this name."""
        return next(panel for panel in self.panels if panel.name == name)

    def text(self, name: str) -> str:
        """A label's text as it is drawn, or "" where it is hidden."""
        label = next(m for m in self.marks if m.name == name and isinstance(m, Label))
        return label_text(label, self.numbers[name], self.axes(label))

    def axes(self, mark: Mark) -> int:
        """How many numbers a place of this mark has: three in a space, else two."""
        spaces = (panel.name for panel in self.panels if panel.space is not None)
        return 3 if not mark.pinned and mark.panel in spaces else 2

    @property
    def captions(self) -> list[str]:
        """The lines below the picture."""
        lines = [self.text(m.name) for m in self.marks if m.panel == ""]
        return [line for line in lines if line]
