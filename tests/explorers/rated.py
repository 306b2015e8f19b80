"""An explorer for tests: a control on a logarithmic axis, and ticks that can be pressed."""

from typing import Any

import autograd.numpy as anp
import traitlets

from gradwidgets.explorers.base import Explorer
from gradwidgets.pictures import terrain
from gradwidgets.pictures.control import Control
from gradwidgets.pictures.marks import Label, Marker
from gradwidgets.pictures.numbers import beside, caption, row
from gradwidgets.pictures.panels import Panel
from gradwidgets.pictures.picture import Picture
from gradwidgets.pictures.scene import Layer

BEST = 2 / 3
CORNER = (-1.0, 1.0 / 3)
RATE = Control("rate", "learning rate", 1e-4, 10.0, 0.01, 0.1, "log")
MARKS = (
    Marker(name="best", panel="rates", shape="triangle", sets=("rate", None)),
    Marker(name="corner", panel="map", sets=("x", "y")),
    Marker(name="point", panel="map", moves=("x", "y")),
    Marker(name="speed", panel="rates", moves=("rate", None)),
    Label(name="beside", panel="rates", texts=("{g}",)),
    Label(name="said", panel="", texts=("At ({.2}, {.2}), rate {g}.",)),
)


def compute(x: Any, y: Any, rate: Any) -> dict[str, Any]:
    place = anp.log10(rate)
    return {
        "best": row(anp.log10(BEST), 0.0),
        "corner": row(*CORNER),
        "point": row(x, y),
        "speed": row(place, 0.5),
        "beside": beside((place, 0.5), (1.0, 1.0), True, rate),
        "said": caption(0, x, y, rate),
    }


class RatedExplorer(Explorer):
    rate = traitlets.Float(0.1, min=1e-4, max=10.0).tag(control=True)

    def _make_picture(self) -> Picture:
        panels = (
            Panel("map", self.field.domain["x"], self.field.domain["y"], equal=True),
            Panel("rates", (-4.0, 1.0), (0.0, 1.0), xlog=True),
        )
        controls = (*terrain.controls(self.field), RATE)
        return Picture(panels, Layer(), MARKS, controls, compute)
