"""Pictures of formulas, made once for all explorers that show the same."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gradwidgets.explorers.life import in_turn
from gradwidgets.pictures.picture import Picture

MOST = 16
_pictures: dict[Any, Picture] = {}


@in_turn
def kept(key: Any, make: Callable[[], Picture]) -> Picture:
    """The picture of a key, with the program that it has traced; made where it is not known.

    The last ones are kept, so that a reset and an example that is opened again cost little.
    """
    picture = _pictures.pop(key, None) or make()
    _pictures[key] = picture
    if len(_pictures) > MOST:
        del _pictures[next(iter(_pictures))]
    return picture
