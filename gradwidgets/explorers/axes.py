"""Explorers whose map shows two of several variables: which two, and where the others stand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import traitlets

from gradwidgets.calculus.program import Program
from gradwidgets.explorers import form
from gradwidgets.explorers.base import Explorer
from gradwidgets.explorers.surface import SurfaceExplorer
from gradwidgets.pictures.scene import Scene


class AxesExplorer(Explorer):
    """What explorers share whose map is a cut through the variables that it does not show."""

    axes = traitlets.Tuple(
        help="for three and more variables the names of the two that make the map, across and up; "
        "() takes the first two"
    ).tag(picture=True)

    actions: ClassVar[Mapping[str, str]] = {
        **Explorer.actions,
        "across": "_choose_axis",
        "up": "_choose_axis",
    }

    @traitlets.validate("axes")
    def _valid_axes(self, proposal: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
        axes = tuple(proposal["value"])
        if axes and not (
            len(axes) == len(set(axes)) == 2 and set(axes) <= set(self.field.variables)
        ):
            raise traitlets.TraitError(
                f"axes are two different ones of {self.field.variables}, not {axes}"
            )
        return axes

    def _map_axes(self) -> tuple[str, str] | None:
        """The two variables of the map: those chosen, while the field has them."""
        names = self.field.variables
        if len(names) < 2:
            return None
        across, up = self.axes if self.axes and set(self.axes) <= set(names) else names[:2]
        return across, up

    def _hidden(self) -> dict[str, float]:
        """The coordinates that the map does not show."""
        shown = self._map_axes() or self.field.variables
        place = zip(self.field.variables, self.point, strict=True)
        return {name: number for name, number in place if name not in shown}

    def _frame(self) -> Any:
        """Also the place where the map cuts; a browser with programs cuts for itself."""
        cuts = self._replays is not None and self._terrain
        return super()._frame() if cuts else (super()._frame(), *self._hidden().items())

    def _renew(self) -> None:
        super()._renew()
        self._cut = self._hidden()

    def _computed(self, program: Program | None = None) -> Scene:
        """In a file the map is cut where the point is now."""
        if self._hidden() != self._cut:
            self._shown, self._cut = self._picture_now(), self._hidden()
        return super()._computed(program)

    def _complete(self, changed: set[str]) -> None:
        if not set(self.axes) <= set(self.field.variables):
            self.axes = ()
        super()._complete(changed)

    def _axes_menus(self) -> list[form.Row]:
        """Two menus for the axes, where there is a choice."""
        names, shown = self.field.variables, self._map_axes()
        if len(names) < 3 or shown is None:
            return []
        labels = zip(("across", "up"), ("map: across", "up"), shown, strict=True)
        return [[_menu(do, label, value, names) for do, label, value in labels]]

    def _choose_axis(self, asked: Mapping[str, Any]) -> None:
        """Another variable for one axis; where the other one shows it, that steps aside."""
        axes, place = self._map_axes(), ("across", "up").index(asked["do"])
        wanted = str(asked.get("value"))
        if axes is None:
            return
        shown = list(axes)
        if wanted == shown[1 - place]:
            shown.reverse()
        else:
            shown[place] = wanted
        self.axes = tuple(shown)


def _menu(do: str, label: str, value: str, names: tuple[str, ...]) -> form.Item:
    offered = form.choices(names)
    return {
        "kind": "choice", "do": do, "label": label, "value": value,
        "options": offered, "style": "menu",
    }  # fmt: skip


class CutExplorer(AxesExplorer, SurfaceExplorer):
    """The same for a map that is also a surface."""
