"""How explorers are shown while a lesson is executed for the site: as pages show them.

Without it a cell's output would be a widget, which lives only as long as its kernel.
"""

from __future__ import annotations

import base64
import html
import io
import warnings
from collections.abc import Mapping
from itertools import count
from typing import Any

import ipywidgets
from matplotlib.figure import Figure

from gradwidgets.explorers.base import Explorer
from gradwidgets.explorers.still import within

DOTS = 70  # to the inch, of a still picture
LAYOUTS = (ipywidgets.HBox, ipywidgets.VBox, ipywidgets.GridBox)
IN_A_NOTEBOOK = (
    "In a notebook this layout stands here as it was written, with sliders and text of its own, "
    "for which Python is needed. The explorer in it has its usual controls on this page."
)


class Outputs:
    """The outputs of one lesson's explorers.

    Args:
        offered: functions for the menus, by the place of their explorer in the lesson.
    """

    def __init__(self, offered: Mapping[int, tuple[str, ...]]) -> None:
        self._offered, self._places = offered, count(1)

    def follow(self, shell: Any) -> None:
        """From now on let a shell show explorers so."""
        formatter = shell.display_formatter.mimebundle_formatter
        formatter.for_type(Explorer, self.of_explorer)
        for layout in LAYOUTS:
            formatter.for_type(layout, self.of_layout)

    def of_explorer(self, explorer: Explorer) -> dict[str, str]:
        """One that is alive; a still picture is with it, for whoever needs that."""
        functions = self._offered.get(next(self._places), ())
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the page says the same
            alive = explorer.to_html(functions=functions, script=False)
        told = " ".join(explorer.scene.captions)
        return {"text/html": alive, "text/plain": told, "image/png": still(explorer)}

    def of_layout(self, box: ipywidgets.Box) -> dict[str, str]:
        """The explorers in a layout, with controls of their own in place of those around them."""
        explorers = [one for one in within(box) if isinstance(one, Explorer)]
        for explorer in explorers:
            explorer.controls = True
        alive = [self.of_explorer(explorer)["text/html"] for explorer in explorers]
        return {
            "text/html": "\n".join([f"<p class='quiet'>{html.escape(IN_A_NOTEBOOK)}</p>", *alive])
        }


def still(explorer: Explorer) -> str:
    """The leading panel as a PNG, in base64."""
    image = io.BytesIO()
    own = Figure((6.4, 4), layout="constrained").subplots()
    explorer.figure(ax=own).savefig(image, format="png", dpi=DOTS)
    return base64.b64encode(image.getvalue()).decode()
