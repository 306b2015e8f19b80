"""The numbers of marks, written with autograd.numpy, so that they can be traced."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import autograd.numpy as anp
import numpy as np
from autograd.numpy.numpy_wrapper import array_from_args
from autograd.tracer import isbox

Numbers: TypeAlias = Mapping[str, Any]


def row(*numbers: Any) -> Any:
    """Numbers side by side: a marker's place, an arrow from tail to tip."""
    if any(map(isbox, numbers)):  # anp.array would make an array of every number first
        return array_from_args((), {}, *map(_as_float, numbers))
    return np.array(numbers, dtype=float)  # autograd's own takes longer than all the rest


def _as_float(number: Any) -> Any:
    """A truth becomes 1 or 0; what is a float already needs no step of a program."""
    return number if type(getattr(number, "_value", number)) is np.float64 else 1.0 * number


def points(*places: tuple[Any, ...]) -> Any:
    """The points of a polyline."""
    numbers = [number for place in places for number in place]
    if any(map(isbox, numbers)):
        return anp.reshape(row(*numbers), (len(places), len(places[0])))
    return np.array(places, dtype=float)


def beside(place: Sequence[Any], toward: Sequence[Any], shown: Any, *values: Any) -> Any:
    """A label at a place, stepping aside in a direction, where `shown` holds."""
    choice = anp.where(shown, 0.0, -1.0) if isbox(shown) else 0.0 if shown else -1.0
    return row(*place, *toward, choice, *values)


def caption(choice: Any, *values: Any) -> Any:
    """A line of the caption, with the alternative chosen."""
    return row(0.0, 0.0, 0.0, 0.0, choice, *values)
