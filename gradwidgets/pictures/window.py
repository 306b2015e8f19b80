"""The window through which a field is seen: both ends of every variable, inputs of a program.

What is seen depends on it: where lines leave a panel, how long arrows are, where labels have room.
What is small, or a kink, does not: that is measured on the field's domain.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

import autograd.numpy as anp
import numpy as np
from autograd.tracer import isbox

from gradwidgets.calculus.field import ScalarField
from gradwidgets.calculus.types import Interval
from gradwidgets.pictures.control import Control
from gradwidgets.pictures.numbers import row

Ends: TypeAlias = tuple[Any, Any]  # the least and the greatest, numbers of a program
Window: TypeAlias = Mapping[str, Ends]
ROOM = 0.25  # of an interval: how far both ends can be moved


def ends_inputs(name: str, interval: Interval) -> tuple[Control, Control]:
    """The ambient numbers “name low” and “name high”, at present those of an interval."""
    room = ROOM * (interval[1] - interval[0])
    low, high = (
        Control(f"{name} {end}", f"{end} end of {name}", at - room, at + room, room / 100, at)
        for end, at in zip(("low", "high"), interval, strict=True)
    )
    return low, high


def ends_of(name: str, values: Mapping[str, Any]) -> Ends:
    """Both ends from a program's inputs."""
    return values[f"{name} low"], values[f"{name} high"]


def window_inputs(field: ScalarField) -> tuple[Control, ...]:
    """Both ends of every variable, at present those of its domain.

    >>> [control.name for control in window_inputs(ScalarField("x**2*y"))]
    ['x low', 'x high', 'y low', 'y high']
    """
    pairs = (ends_inputs(name, interval) for name, interval in field.domain.items())
    return tuple(control for pair in pairs for control in pair)


def window_of(field: ScalarField, values: Mapping[str, Any]) -> Window:
    """The window from a program's inputs: as `field.domain`, with numbers of a program."""
    return {name: ends_of(name, values) for name in field.variables}


def is_domain(window: Window, field: ScalarField) -> bool:
    """Whether a window is the domain itself, in plain numbers: what is known of that holds."""
    ends = [end for pair in window.values() for end in pair]
    return not any(map(isbox, ends)) and dict(window) == dict(field.domain)


def as_seen(x: Ends, y: Ends) -> Any:
    """The output that frames a panel: see `framing.range_of`."""
    return row(*x, *y)


def sides(ends: Iterable[Ends]) -> list[Any]:
    """How long intervals are."""
    return [high - low for low, high in ends]


def evenly(ends: Ends, count: int) -> Any:
    """So many places from end to end, both of which they meet exactly.

    >>> evenly((-3.0, 3.0), 4)
    array([-3., -1.,  1.,  3.])
    """
    if not any(map(isbox, ends)):
        return np.linspace(*ends, count)
    share = np.linspace(0.0, 1.0, count)
    return ends[0] * (1.0 - share) + ends[1] * share


def shorter(one: Any, other: Any) -> Any:
    """The smaller of two lengths."""
    return anp.minimum(one, other) if isbox(one) or isbox(other) else min(one, other)


def longer(one: Any, other: Any) -> Any:
    """The greater of two lengths."""
    return anp.maximum(one, other) if isbox(one) or isbox(other) else max(one, other)
