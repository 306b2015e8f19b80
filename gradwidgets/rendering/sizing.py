"""A picture of a chosen size: which layout fills it, and how large a pixel of the layout is then.

What is drawn keeps its proportions, text too: a small picture is the large one seen from afar.
"""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeAlias

from gradwidgets.pictures.panels import Panel
from gradwidgets.pictures.scene import Scene
from gradwidgets.rendering.layout import DPI, Plan, plan

if TYPE_CHECKING:
    from matplotlib.artist import Artist

Size: TypeAlias = tuple[float, float]

USUAL_WIDTH = 960  # pixels
CAPTION_LINE, BELOW = 21, 8  # pixels: a line of the captions, and what is left below them
LETTER = 7.2  # pixels, of a caption
FINER = 1.02  # from one width among which we look to the next
COLUMN, BESIDE = (420, 600), (760, 6000)  # widths at ease: of one column, of panels side by side


@dataclass(frozen=True)
class Format:
    """How large a sheet is in pixels of its layout, of which so many make an inch.

    So many pixels of its height are left `above` the picture.
    """

    width: int
    height: float
    above: float = 0.0
    per_inch: float = DPI

    @property
    def inches(self) -> Size:
        """Width and height of the sheet."""
        return self.width / self.per_inch, self.height / self.per_inch

    def layout(self, panels: Sequence[Panel]) -> Plan:
        """Where panels stand on the sheet."""
        return lowered(plan(panels, self.width), self.above)


def per_inch(artist: Artist) -> float:
    """How many of the layout's pixels there are to an inch of an artist's sheet."""
    found: float = getattr(artist.get_figure(root=True), "per_inch", DPI)
    return found


def scale(artist: Artist) -> float:
    """How large everything on an artist's sheet is, where the usual is 1."""
    return DPI / per_inch(artist)


def points(artist: Artist, pixels: float) -> float:
    """Pixels of the layout as points on an artist's sheet."""
    return pixels * 72 / per_inch(artist)


def caption_lines(scene: Scene, width: float) -> list[tuple[str, str]]:
    """The captions with their colours, wrapped to a picture's width."""
    told = [(scene.text(mark.name), mark.color) for mark in scene.marks if not mark.panel]
    most = int(width / LETTER)
    return [(line, color) for text, color in told for line in textwrap.wrap(text, most)]


def usual(scenes: Sequence[Scene], width: int = USUAL_WIDTH) -> Format:
    """The format for a width in pixels: as high as the highest of the scenes asks for."""
    return Format(width, _highest(scenes, width))


def fitted(scenes: Sequence[Scene], size: Size) -> Format:
    """The format for a size in inches: all of it is as large as fits, and in the middle.

    Raises:
        ValueError: a size that is none, or in which nothing would be seen.
    """
    across, up = checked(size)
    tallest = max(scenes, key=lambda scene: _height(scene, USUAL_WIDTH))
    for width in _widths():
        room = width * up / across
        if _height(tallest, width) <= room and _highest(scenes, width) <= room:
            return Format(width, room, (room - _highest(scenes, width)) / 2, width / across)
    raise ValueError(f"a picture of {across:g} by {up:g} inches is too flat to be seen")


def checked(size: Any) -> Size:
    """A width and a height.

    >>> checked([6, 4])
    (6.0, 4.0)

    Raises:
        ValueError: something else, or not above 0.
    """
    try:
        across, up = map(float, size)
    except (TypeError, ValueError):
        across = up = math.nan
    if not (0 < across < math.inf and 0 < up < math.inf):
        raise ValueError(f"a size is (width, height) in inches, not {size!r}")
    return across, up


def dots(dpi: Any, usual: float) -> float:
    """How many dots there are to the inch: those that are asked for, or as usual.

    Raises:
        ValueError: not a number above 0.
    """
    if dpi is None:
        return usual
    if not (isinstance(dpi, int | float) and 0 < dpi < math.inf):
        raise ValueError(f"dpi is how many dots there are to the inch, not {dpi!r}")
    return float(dpi)


def lowered(layout: Plan, down: float) -> Plan:
    """A layout with so many pixels more above it."""
    boxes = {name: replace(box, top=box.top + down) for name, box in layout.boxes.items()}
    return replace(layout, height=layout.height + down, boxes=boxes)


def _widths() -> Iterator[int]:
    for least, most in (COLUMN, BESIDE):
        width = float(least)
        while width <= most:
            yield round(width)
            width *= FINER


def _highest(scenes: Sequence[Scene], width: int) -> float:
    return max(_height(scene, width) for scene in scenes)


def _height(scene: Scene, width: int) -> float:
    """The pixels that a scene needs, its captions included."""
    lines = caption_lines(scene, width)
    return plan(scene.panels, width).height + CAPTION_LINE * len(lines) + BELOW
