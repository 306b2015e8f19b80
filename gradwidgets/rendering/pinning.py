"""Artists whose places are told in inches from the sheet's lower left, while panels may move."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from gradwidgets.calculus.types import Array
from gradwidgets.pictures.panels import Panel
from gradwidgets.rendering.layout import Box
from gradwidgets.rendering.sizing import per_inch

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.figure import Figure

FAR = 1e7  # pixels: what is farther away is not drawn


class Pinned(Protocol):
    """Artists of one panel that must be brought to where it is."""

    @property
    def name(self) -> str:
        """The panel's name."""

    @property
    def artists(self) -> list[Artist]:
        """What is brought."""

    def bring(self, panel: Panel, box: Box, renderer: Any = None) -> None:
        """Bring it to where its panel is now and looks."""


def sheet_of(artist: Artist) -> Figure:
    """The whole figure that an artist is on."""
    made = artist.get_figure(root=True)
    assert made is not None
    return made


def in_inches(artist: Artist, pixels: Array) -> Array:
    """Pixels (…, 2) as inches from the sheet's lower left, which hold at any resolution."""
    inch = per_inch(artist)
    up = sheet_of(artist).get_figheight() * inch - pixels[..., 1]
    return np.stack([pixels[..., 0], up], -1) / inch
