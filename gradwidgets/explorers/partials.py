"""The partials explorer: move along one axis and read the slope of that slice."""

from __future__ import annotations

from typing import ClassVar

import ipywidgets as ipw
import traitlets

from gradwidgets.calculus.catalog import Example
from gradwidgets.explorers import controls
from gradwidgets.explorers.surface import SurfaceExplorer
from gradwidgets.pictures.partials import (
    MOST_VARIABLES,
    partials_picture,
    sample_heights,
    slices_span,
)
from gradwidgets.pictures.scene import Picture


class PartialsExplorer(SurfaceExplorer):
    """The map of a function, and beside it the slice along every axis with its tangent.

    A function of one variable is shown by its curve alone. Options beside those of every explorer
    (`point`, `domain`):
        axes: for three and more variables, the two that make the map.
        view: for two variables "map", "surface" in its place, or "both".
        azimuth, elevation: from where the surface is seen, in degrees.

    >>> explorer = PartialsExplorer("x**2 + 10*y**2", point=(1, 2))
    >>> explorer.scene.captions[0]
    'At (1.00, 2.00): f = 41.0, ∂f/∂x = 2.0, ∂f/∂y = 40.0.'
    >>> explorer.close()
    """

    axes = traitlets.Tuple().tag(picture=True)

    preset: ClassVar[str] = "peaks"

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

    def _make_picture(self) -> Picture:
        self._drawn_at, self._heights = self._hidden(), sample_heights(self.field)
        place = dict(zip(self.field.variables, self.point, strict=True))
        return partials_picture(self.field, axes=self._map_axes(), at=place, view=self._seen())

    def _needs_picture(self, stale: set[str]) -> bool:
        """Also where the map cuts elsewhere, and where the slices need more or less room."""
        if super()._needs_picture(stale) or self._hidden() != self._drawn_at:
            return True
        span = slices_span(self._heights, self.field.value(self.point))
        return span != self._picture.panels[-1].y

    def _change_field(self, with_point: bool) -> None:
        super()._change_field(with_point)
        if not set(self.axes) <= set(self.field.variables):
            self.axes = ()

    def _suits(self, example: Example) -> bool:
        return len(example.variables) <= MOST_VARIABLES

    def _options(self) -> list[ipw.Widget]:
        self._across, self._up = (
            ipw.Dropdown(description=text, style=controls.ROOM, layout=ipw.Layout(width="160px"))
            for text in ("map: across", "up")
        )
        self._axes_row = controls.row(self._across, self._up)
        self._across.observe(self._axes_chosen, "value")
        self._up.observe(self._axes_chosen, "value")
        return [*super()._options(), self._axes_row]

    def _axes_chosen(self, change: dict[str, str]) -> None:
        if self._holding:
            return
        axes = (self._across.value, self._up.value)
        if axes[0] == axes[1]:  # the other one steps aside
            axes = (change["new"], change["old"])
            axes = axes if change["owner"] is self._across else axes[::-1]
        with self._guard(self._tell_below):
            self.axes = axes

    def _follow(self) -> None:
        super()._follow()
        shown = self._map_axes()
        self._axes_row.layout.display = "none" if len(self.field.variables) < 3 else ""
        if shown:
            for widget, name in zip((self._across, self._up), shown, strict=True):
                if widget.options != self.field.variables:
                    widget.options = self.field.variables
                widget.value = name
