"""The partials explorer: move along one axis and read the slope of that slice."""

from __future__ import annotations

from typing import ClassVar

import ipywidgets as ipw

from gradwidgets.calculus.catalog import Example
from gradwidgets.explorers.axes import CutExplorer
from gradwidgets.pictures.partials import (
    MOST_VARIABLES,
    partials_picture,
    sample_heights,
    slices_span,
)
from gradwidgets.pictures.scene import Picture


class PartialsExplorer(CutExplorer):
    """The map of a function, and beside it the slice along every axis with its tangent.

    A function of one variable is shown by its curve alone.

    >>> explorer = PartialsExplorer("x**2 + 10*y**2", point=(1, 2))
    >>> explorer.scene.captions[0]
    'At (1.00, 2.00): f = 41.0, ∂f/∂x = 2.0, ∂f/∂y = 40.0.'
    >>> explorer.close()
    """

    preset: ClassVar[str] = "peaks"

    def _make_picture(self) -> Picture:
        self._heights = sample_heights(self.field)
        place = dict(zip(self.field.variables, self.point, strict=True))
        return partials_picture(self.field, axes=self._map_axes(), at=place, view=self._seen())

    def _needs_picture(self, stale: set[str]) -> bool:
        """Also where the slices need more or less room."""
        if super()._needs_picture(stale):
            return True
        span = slices_span(self._heights, self.field.value(self.point))
        return span != self._picture.panels[-1].y

    def _suits(self, example: Example) -> bool:
        return len(example.variables) <= MOST_VARIABLES

    def _options(self) -> list[ipw.Widget]:
        return [*super()._options(), self._axes_menus()]
