"""The derivative explorer: shrink h until the secant becomes the tangent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np
import traitlets

from gradwidgets.calculus.catalog import Example
from gradwidgets.calculus.differences import ENDS
from gradwidgets.explorers import form
from gradwidgets.explorers.predict import Predicting
from gradwidgets.explorers.source import Formulas
from gradwidgets.pictures.curve import step_control
from gradwidgets.pictures.derivative import derivative_picture
from gradwidgets.pictures.picture import Picture


class DerivativeExplorer(Predicting):
    """Secant and tangent of a function of one variable, f over f′ over f″, and the error over h.

    The large dot is x, the small one x + h. Where f′ = 0 and where f″ changes its sign the curve
    is marked.

    >>> explorer = DerivativeExplorer("sin(x)", point=1.2, h=0.5)
    >>> explorer.scene.captions[0]
    'At x = 1.20: f = 0.932, slope 0.362.'
    >>> explorer.close()
    """

    h = traitlets.Float(
        1.0, help="the step of the difference, in the unit of x; 10⁻¹² to a third of the domain"
    ).tag(control=True)
    difference = traitlets.Enum(
        tuple(ENDS), "forward", help="on which side of x the other end of the secant lies"
    ).tag(picture=True)

    preset: ClassVar[str] = "wave"
    takes: ClassVar[Formulas] = Formulas(alone=("x",), typed="x**3 - 3*x")
    asks: ClassVar[tuple[str, ...]] = ("tangent",)

    @traitlets.validate("h")
    def _valid_step(self, proposal: Mapping[str, Any]) -> float:
        if not (np.isfinite(proposal["value"]) and proposal["value"] > 0):
            raise traitlets.TraitError("h is a finite number above 0")
        return float(proposal["value"])

    def _complete(self, changed: set[str]) -> None:
        """Keep h on its slider."""
        super()._complete(changed)
        if len(self.field.variables) == 1:  # else the picture will say what is wrong
            control = step_control(self.field)
            if "h" not in changed and not self._life.good:  # it opens
                self.h = control.start
            self.h = min(max(self.h, control.low), control.high)

    def _make_picture(self) -> Picture:
        return derivative_picture(self.field, difference=self.difference)

    def _suits(self, example: Example) -> bool:
        return len(example.variables) == 1

    def _options(self) -> list[form.Row]:
        return [[form.option(self, "difference", "difference")]]
