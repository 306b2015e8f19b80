"""Places of few digits to ask about, and whose turn it is, from a seed.

A place is well inside of the domain, and f has a slope there.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from gradwidgets.calculus.field import ScalarField
from gradwidgets.calculus.newton import Critical, critical_points
from gradwidgets.calculus.types import Interval

TRIES = 400  # places that are looked at for one question
INSIDE = 0.04  # of an interval: so far from its ends a question stays
EDGE = 0.15  # of an interval: so far from its ends places are drawn

Place: TypeAlias = tuple[float, ...]
Asked: TypeAlias = tuple[Place, float, Place, Place]  # point, scale, aim, start


class Turn(NamedTuple):
    """Which question it is: the seed, and how many of its kind have been before."""

    seed: tuple[int, ...]
    past: int

    def order(self, many: int) -> list[int]:
        """The places of so many things, that whose turn it is first.

        Each has its turn once before any comes again, and no seed tells of the next one.

        >>> turns = [Turn((7,), past).order(3)[0] for past in range(6)]
        >>> sorted(turns[:3]), sorted(turns[3:])
        ([0, 1, 2], [0, 1, 2])
        """
        rounds, place = divmod(self.past, many)
        drawn = np.random.default_rng([*self.seed, many, rounds]).permutation(many)
        return [int(one) for one in np.roll(drawn, -place)]


Placing: TypeAlias = Callable[[ScalarField, np.random.Generator, Turn], Asked]


def places(field: ScalarField, rng: np.random.Generator) -> Iterator[Place]:
    """Places of few digits, well inside of the domain."""
    for _ in range(TRIES):
        yield tuple(
            rounded(low + rng.uniform(EDGE, 1 - EDGE) * (high - low), (low, high))
            for low, high in field.domain.values()
        )


def rounded(at: float, ends: Interval) -> float:
    """A number of few digits, for which an interval of these ends has dozens of places.

    >>> rounded(1990.123, (1959, 2021)), rounded(1.2345e-7, (0, 1e-6))
    (1990.0, 1.2e-07)
    """
    step = 10.0 ** math.floor(math.log10((ends[1] - ends[0]) / 20))
    return float(f"{round(at / step) * step:.12g}")


def has_slope(field: ScalarField, place: Place) -> bool:
    """Whether f has a tangent there: no kink, no jump, no end."""
    return field.is_smooth or not field.kinks(place)


@lru_cache(maxsize=64)
def critical(field: ScalarField) -> tuple[Critical, ...]:
    """The critical points of a field, found once for all its questions."""
    return critical_points(field)


def inner(field: ScalarField) -> list[Critical]:
    """Critical points that are not at the domain's edge."""
    ends = field.domain.values()
    return [
        one
        for one in critical(field)
        if all(
            min(at - low, high - at) > INSIDE * (high - low)
            for at, (low, high) in zip(one.point, ends, strict=True)
        )
    ]


def nearest(found: list[Any], point: Place) -> Place:
    """The place that is nearest to a point; nothing without places."""
    return min(found, key=lambda place: math.dist(place, point), default=())
