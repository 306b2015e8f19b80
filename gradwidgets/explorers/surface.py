"""What explorers share that can show the surface: beside the map or in its place, and turned."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import traitlets

from gradwidgets.explorers import form
from gradwidgets.explorers.base import Explorer
from gradwidgets.pictures.levels import SPACINGS
from gradwidgets.pictures.surface import AZIMUTH, ELEVATION, VIEWS


class SurfaceExplorer(Explorer):
    """An explorer of a map that is also a surface, for functions of two variables."""

    view = traitlets.Enum(
        VIEWS,
        VIEWS[0],
        help="for functions of two variables the map, the surface in its place, or both",
    ).tag(picture=True)
    azimuth = traitlets.Float(
        AZIMUTH.start,
        min=AZIMUTH.low,
        max=AZIMUTH.high,
        help="from where the surface is seen, in degrees around the vertical; at 0 the first axis "
        "points to the right",
    ).tag(control=True)
    elevation = traitlets.Float(
        ELEVATION.start,
        min=ELEVATION.low,
        max=ELEVATION.high,
        help="how steeply one looks down on the surface, in degrees above the plane",
    ).tag(control=True)

    levels = traitlets.Enum(
        SPACINGS,
        SPACINGS[0],
        help="level curves at equal steps, 'even', or at 1, 2, 5 · 10ᵏ above the least value, "
        "'log'; 'auto' for even ones unless they would leave a valley empty",
    ).tag(picture=True)

    @traitlets.validate("azimuth", "elevation")
    def _valid_turn(self, proposal: Mapping[str, Any]) -> float:
        if not np.isfinite(proposal["value"]):
            raise traitlets.TraitError(f"{proposal['trait'].name} is a finite number of degrees")
        return float(proposal["value"])

    def _seen(self) -> str:
        """The view that is shown: with more or fewer variables than two there is no surface."""
        return str(self.view) if len(self.field.variables) == 2 else VIEWS[0]

    def _options(self) -> list[form.Row]:
        levels = form.option(self, "levels", "level curves")
        if len(self.field.variables) != 2:
            return [[levels]]
        view = form.option(self, "view", "view")
        turn = self._sliders("azimuth", "elevation")
        return [[view, levels], *([turn] if turn else [])]
