"""Explorers whose map shows two of several variables: which two, and where the others stand."""

from __future__ import annotations

import ipywidgets as ipw
import traitlets

from gradwidgets.explorers import controls
from gradwidgets.explorers.surface import SurfaceExplorer
from gradwidgets.pictures.scene import Picture


class CutExplorer(SurfaceExplorer):
    """What explorers share whose map is a cut through the variables that it does not show."""

    axes = traitlets.Tuple(
        help="for three and more variables the names of the two that make the map, across and up; "
        "() takes the first two"
    ).tag(picture=True)

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

    def _new_picture(self) -> Picture:
        self._drawn_at = self._hidden()
        return super()._new_picture()

    def _needs_picture(self, stale: set[str]) -> bool:
        """Also where the map cuts elsewhere."""
        return super()._needs_picture(stale) or self._hidden() != self._drawn_at

    def _change_field(self, with_point: bool) -> None:
        super()._change_field(with_point)
        if not set(self.axes) <= set(self.field.variables):
            self.axes = ()

    def _axes_menus(self) -> ipw.Widget:
        """Two menus for the axes, seen where there is a choice."""
        self._across, self._up = (
            ipw.Dropdown(description=text, style=controls.ROOM, layout=ipw.Layout(width="160px"))
            for text in ("map: across", "up")
        )
        self._axes_row = controls.row(self._across, self._up)
        self._across.observe(self._axes_chosen, "value")
        self._up.observe(self._axes_chosen, "value")
        return self._axes_row

    def _axes_chosen(self, change: dict[str, str]) -> None:
        if self._holding:
            return
        axes = (self._across.value, self._up.value)
        if axes[0] == axes[1]:  # the other one steps aside
            axes = (change["new"], change["old"])
            axes = axes if change["owner"] is self._across else axes[::-1]
        with self._guard(self._tell_below):
            self.axes = axes

    def _follow_state(self) -> None:
        super()._follow_state()
        names, shown = self.field.variables, self._map_axes()
        display = "none" if len(names) < 3 else ""
        if self._axes_row.layout.display != display:
            self._axes_row.layout.display = display
        for widget, name in zip((self._across, self._up), shown or (), strict=False):
            if widget.options != names:
                widget.options = names
            if widget.value != name:  # even to set it to what it is takes time
                widget.value = name
