"""The gradient explorer: drag the point, turn the direction, and read ∇f as one arrow."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
import traitlets

from gradwidgets.calculus.catalog import Example
from gradwidgets.explorers import form
from gradwidgets.explorers.predict import Predicting
from gradwidgets.explorers.source import Formulas
from gradwidgets.explorers.surface import SurfaceExplorer
from gradwidgets.pictures.gradient import MAX_DENSITY, MIN_DENSITY, gradient_picture
from gradwidgets.pictures.picture import Picture


class GradientExplorer(Predicting, SurfaceExplorer):
    """∇f on the map of a function of two variables, and D_u f in every direction u.

    >>> explorer = GradientExplorer("x**2 + 10*y**2", point=(1, 2))
    >>> explorer.point, explorer.scene.captions[0]
    ((1.0, 2.0), 'At (1.00, 2.00): f = 41.0, slope 40.0 toward 87°.')
    >>> explorer.close()
    """

    angle = traitlets.Float(
        30.0,
        min=0.0,
        max=360.0,
        help="the direction of u in degrees, from the first axis towards the second",
    ).tag(control=True)
    arrows = traitlets.Bool(True, help="whether the field of pale arrows is drawn").tag(
        picture=True
    )
    density = traitlets.Int(
        13, min=MIN_DENSITY, max=MAX_DENSITY, help="how many pale arrows stand along each side"
    ).tag(picture=True)
    normalized = traitlets.Bool(
        False, help="whether the pale arrows show the direction alone, all equally long"
    ).tag(picture=True)

    takes: ClassVar[Formulas] = Formulas(least=2)
    asks: ClassVar[tuple[str, ...]] = ("gradient",)

    @traitlets.validate("angle")
    def _valid_angle(self, proposal: dict[str, float]) -> float:
        if not np.isfinite(proposal["value"]):
            raise traitlets.TraitError("an angle is a finite number of degrees")
        return proposal["value"]

    def _make_picture(self) -> Picture:
        return gradient_picture(
            self.field,
            levels=self.levels,
            arrows=self.arrows,
            density=self.density,
            normalized=self.normalized,
            view=self.view,
        )

    def _suits(self, example: Example) -> bool:
        return len(example.variables) == 2

    def _options(self) -> list[form.Row]:
        display = [
            form.option(self, "arrows", "field of arrows"),
            form.option(self, "normalized", "direction alone"),
            form.option(self, "density", "arrows along a side", slider=True, slow=True),
        ]
        return [*super()._options(), display]
