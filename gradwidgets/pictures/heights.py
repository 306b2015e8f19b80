"""Which heights of f the slices' panels show: the same while a hand drags, as long as they fit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import autograd.numpy as anp
import numpy as np

from gradwidgets.calculus.field import ScalarField
from gradwidgets.calculus.ranks import percentile
from gradwidgets.calculus.tracing import calm
from gradwidgets.calculus.types import Array
from gradwidgets.pictures import terrain
from gradwidgets.pictures.control import Control
from gradwidgets.pictures.framing import range_of
from gradwidgets.pictures.numbers import row
from gradwidgets.pictures.window import Ends, ends_inputs, ends_of

SLICE_POINTS = 121
THINNED = 2  # every second point of a slice tells the range of its panel
RANGE_POINTS = 3000  # so many values, all over the domain, tell a range that serves all of it
SHARES = (0.0, 0.02, 0.5, 0.98, 1.0)  # of heights, by which a range is chosen
OVER_ALL = ("f where it crowds", "f mostly", "f all over")  # the ends of a choice for the domain
CROWDED = 6.0
MARGIN = 0.16  # of a range, above and below it
SEEN, FILLED = 0.6, 0.3  # of a slice, and of its panel: less of them is a reason for another range
HEIGHTS = ("auto", "own", "shared")
FEW = 2  # slices can share one range, and be compared by eye


def shows_own(field: ScalarField, heights: str) -> bool:
    """Whether every slice has a range of its own: by itself where there are more than two."""
    count = len(field.variables)
    return count > 1 and (heights == "own" or (heights == "auto" and count > FEW))


class Choice(NamedTuple):
    """Ranges of heights, the first of which that has the point's value in it is shown.

    Each has a number for every panel with a scale of its own. The first is where f crowds: where
    half of all heights lie in a small part of the range, six times their share of it, for the rest
    would be a flat line. Then most heights, without lonely peaks, and all.
    """

    crowd: Ends
    most: Ends
    every: Ends


def choice_of(least: Any, low: Any, middle: Any, high: Any, greatest: Any) -> Choice:
    """The ranges for heights with these percentiles: 0, 2, 50, 98 and 100; NaN where none is known.

    >>> crowd = choice_of(0.0, 0.5, 9.5, 9.9, 10.0).crowd  # a half lies in the last twentieth
    >>> [float(end) for end in crowd]
    [7.0, 10.0]
    """
    none = anp.isnan(middle)
    peaks = anp.logical_and(high > low, greatest - least > 8 * (high - low))
    blank = 1.0 / (1.0 + 2.0 * MARGIN)  # with its margins from −1 to 1
    least, greatest = anp.where(none, -blank, least), anp.where(none, blank, greatest)
    low, high = anp.where(peaks, low, least), anp.where(peaks, high, greatest)
    top = anp.minimum(high, low + CROWDED * (middle - low))
    bottom = anp.maximum(low, high - CROWDED * (high - middle))
    crowded = anp.logical_and(top > bottom, top - bottom < 0.4 * (high - low))
    crowd = (anp.where(crowded, bottom, low), anp.where(crowded, top, high))
    return Choice(crowd, (low, high), (least, greatest))


def fresh_heights(choice: Choice, value: Any) -> Ends:
    """The heights that suit a point with this value, with their margins.

    >>> choice = Choice(crowd=(0.0, 1.0), most=(-9.0, 1.0), every=(-99.0, 1.0))
    >>> [float(end) for end in fresh_heights(choice, -4.0)]
    [-10.6, 2.6]
    """
    low, high = choice.crowd
    for ends in choice[::-1]:
        holds = anp.logical_and(ends[0] <= value, value <= ends[1])
        low, high = (anp.where(holds, *both) for both in zip(ends, (low, high), strict=True))
    margin = MARGIN * (high - low)
    usual = anp.where(low != 0, anp.abs(low), 1.0)
    margin = anp.where(margin > 0, margin, usual)
    return low - margin, high + margin


def kept_heights(shown: Ends, fresh: Ends, value: Any) -> Ends:
    """The heights that are shown, as long as they fit a point with this value, or else fresh ones.

    They fit where the point is in them all, and of every slice most is seen and fills a fair part
    of its panel. So they seldom change while a hand drags.

    >>> shown, fresh = (np.array([0.0]), np.array([10.0])), (np.array([2.0]), np.array([12.0]))
    >>> [end.item() for end in kept_heights(shown, fresh, 5.0)]
    [0.0, 10.0]
    >>> [end.item() for end in kept_heights(shown, fresh, 11.0)]
    [2.0, 12.0]
    """
    (low, high), (bottom, top) = shown, fresh
    common = anp.minimum(high, top) - anp.maximum(low, bottom)
    enough = anp.logical_and(common >= SEEN * (top - bottom), common >= FILLED * (high - low))
    inside = anp.logical_and(low <= value, value <= high)
    fits = anp.logical_and(enough, anp.logical_or(inside, anp.logical_not(anp.isfinite(value))))
    every = anp.min(1.0 * fits) > 0
    return anp.where(every, low, bottom), anp.where(every, high, top)


class Heights(NamedTuple):
    """How the heights of the slices' panels are found: for each its own or one that all share.

    Those that one or two slices share serve the whole domain, and seldom change with the point.
    """

    names: tuple[str, ...]
    own: bool

    @property
    def over_all(self) -> bool:
        """Whether they come from f all over the domain, and not from the slices."""
        return not self.own and len(self.names) <= FEW

    @property
    def inputs(self) -> tuple[str, ...]:
        """What the ranges are called among the inputs."""
        return tuple(f"f along {name}" for name in self.names) if self.own else ("f seen",)

    @property
    def kept(self) -> tuple[tuple[str, str, int], ...]:
        """Where the program tells what they are next."""
        return tuple(
            (f"{name} {end}", range_of(f"slice {first}"), place)
            for name, first in zip(self.inputs, self.names, strict=False)
            for place, end in ((2, "low"), (3, "high"))
        )

    def of(self, name: str) -> int:
        """The place of a slice's range among them."""
        return self.names.index(name) if self.own else 0

    def choice(self, slices: Sequence[Any]) -> Choice:
        """The ranges for slices with these values, each of shape (n,)."""
        values = anp.stack(slices, axis=1) if self.own else anp.concatenate(slices)[:, None]
        return choice_of(*percentile(values, anp.abs(values) < terrain.DRAWABLE, *SHARES))

    def shown(self, values: Mapping[str, Any], slices: Sequence[Any], f: Any) -> Ends:
        """The ranges in a program, from its inputs, from f at all places of the slices and here."""
        ends = [ends_of(name, values) for name in self.inputs]
        choice = (
            Choice(*(ends_of(name, values) for name in OVER_ALL))
            if self.over_all
            else self.choice([values[::THINNED] for values in slices])
        )
        return kept_heights(
            (row(*(low for low, _ in ends)), row(*(high for _, high in ends))),
            fresh_heights(choice, f),
            f,
        )


@lru_cache(maxsize=4)
def _over_all(field: ScalarField, _state: Any) -> Choice:
    """The ranges of f all over the domain, kept while what it reads stays the same."""
    values = sample_heights(field)
    known = values[np.abs(values) < terrain.DRAWABLE]
    found = np.percentile(known, [100 * share for share in SHARES]) if known.size else [np.nan] * 5
    return choice_of(*found)


def heights_inputs(
    field: ScalarField, heights: Heights, place: Mapping[str, float]
) -> list[Control]:
    """The ambient ends of every range of heights, at present those that suit a place.

    >>> field = ScalarField("x + y + z")
    >>> heights = Heights(field.variables, own=False)
    >>> [end.start for end in heights_inputs(field, heights, {"x": 0.0, "y": 0.0, "z": 0.0})]
    [-3.96, 3.96]
    """
    place = {name: place[name] for name in field.variables}
    with calm():  # f may be undefined all along a slice
        choice = (
            _over_all(field, field.state)
            if heights.over_all
            else heights.choice(_slice_heights(field, place))
        )
        low, high = (np.ravel(end) for end in fresh_heights(choice, field.value(place)))
    named = dict(zip(heights.inputs, zip(low, high, strict=True), strict=True))
    named |= dict(zip(OVER_ALL, choice, strict=True)) if heights.over_all else {}
    return [
        end
        for name, ends in named.items()
        for end in ends_inputs(name, (float(ends[0]), float(ends[1])))
    ]


def _slice_heights(field: ScalarField, place: Mapping[str, float]) -> list[Array]:
    """Values of f along every axis through a place."""
    count = (SLICE_POINTS - 1) // THINNED + 1
    return [
        field.on_grid(
            *(field.axis(name, count) if name == along else [x] for name, x in place.items())
        ).values.ravel()
        for along in place
    ]


def sample_heights(field: ScalarField) -> Array:
    """Values of f all over the domain."""
    count = max(5, int(RANGE_POINTS ** (1 / len(field.variables))))
    axes = (field.axis(name, min(count, 501)) for name in field.variables)
    return field.on_grid(*axes).values
