"""Rows of data that a hand may touch: where they are seen, and how finely they move."""

from __future__ import annotations

from typing import NamedTuple


class Rows(NamedTuple):
    """Where the rows of a picture's data are touched.

    `panel` shows them, at their x and y; `mark` is the marker on the row that is looked at. A drag
    takes `steps` along both axes; where y are `labels`, it is 0 or 1.
    """

    panel: str
    mark: str
    steps: tuple[float, float]
    labels: bool = False
