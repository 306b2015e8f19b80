"""The partials explorer: move along one axis and read the slope of that slice."""

from __future__ import annotations

from typing import ClassVar

import traitlets

from gradwidgets.calculus.catalog import Example
from gradwidgets.explorers import form
from gradwidgets.explorers.axes import CutExplorer
from gradwidgets.pictures.heights import HEIGHTS
from gradwidgets.pictures.partials import MOST_VARIABLES, partials_picture
from gradwidgets.pictures.picture import Picture


class PartialsExplorer(CutExplorer):
    """The map of a function, and beside it the slice along every axis with its tangent.

    A function of one variable is shown by its curve alone.

    >>> explorer = PartialsExplorer("x**2 + 10*y**2", point=(1, 2))
    >>> explorer.scene.captions[0]
    'At (1.00, 2.00): f = 41.0, ∂f/∂x = 2.0, ∂f/∂y = 40.0.'
    >>> explorer.close()
    """

    preset: ClassVar[str] = "peaks"

    heights = traitlets.Enum(
        HEIGHTS,
        HEIGHTS[0],
        help="whether each slice fills its panel, 'own', or one range serves all, 'shared'; 'auto' "
        "for their own where there are more than two",
    ).tag(picture=True)

    def _make_picture(self) -> Picture:
        place = dict(zip(self.field.variables, self.point, strict=True))
        return partials_picture(
            self.field,
            axes=self._map_axes(),
            at=place,
            view=self._seen(),
            levels=self.levels,
            heights=self.heights,
        )

    def _suits(self, example: Example) -> bool:
        return len(example.variables) <= MOST_VARIABLES

    def _options(self) -> list[form.Row]:
        return [
            *super()._options(),
            [form.option(self, "heights", "slices' scale")],
            *self._axes_menus(),
        ]
