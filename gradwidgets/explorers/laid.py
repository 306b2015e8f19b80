"""Rows as a reader hands them over, as they are laid out in slots, and as a hand changes them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import traitlets

from gradwidgets.calculus.datasets import Dataset, datasets
from gradwidgets.calculus.observations import Observations, observations, slotted, standardised
from gradwidgets.calculus.types import Array

FIRST = ([1.0, 2.0, 3.0, 4.0], [1.5, 3.5, 3.0, 5.5])  # rows to begin with where none are given
MOST_ROWS = 200_000


@dataclass(frozen=True, eq=False)
class Laid:
    """Rows in the order that a seed draws, standardised or as they came.

    >>> from gradwidgets.calculus.observations import observations
    >>> rows = observations([1, 2, 3], [4, 5, 6])
    >>> before, after = Laid(rows, 0, False), Laid(rows, 1, True)
    >>> before.slots[0][:3].tolist(), before.moved(after, "0", [3.0, 9.0, 1.0])
    ([3.0, 1.0, 2.0], ('2', [1.224744871391589, 9.0, 1.0]))
    """

    given: Observations
    seed: int
    is_standardised: bool

    @cached_property
    def rows(self) -> Observations:
        """The rows with the x that is shown."""
        return standardised(self.given) if self.is_standardised else self.given

    @cached_property
    def slots(self) -> tuple[Array, Array, Array]:
        """x, y and weights."""
        return slotted(self.rows, self.seed)

    @cached_property
    def order(self) -> list[int]:
        """The row in each slot."""
        count = np.arange(float(len(self.given.x)))
        numbers, _, weights = slotted(replace(self.given, x=count), self.seed)
        found: list[int] = numbers[weights > 0].astype(int).tolist()
        return found

    def moved(self, after: Laid, slot: str, values: Sequence[float]) -> tuple[str, list[float]]:
        """Where what stands in a slot here belongs there; rows that were added stay behind all."""
        place = int(slot)
        if place < len(self.order):
            place = after.order.index(self.order[place])
        raw = self.rows.centre + self.rows.spread * values[0]
        x = (raw - after.rows.centre) / after.rows.spread
        return str(place), [float(x), *map(float, values[1:])]


def rows_of(x: Any, y: Any) -> Observations:
    """Rows from two columns, from a set of data of ours, or those to begin with.

    Raises:
        ValueError: too many rows, or what `observations` refuses.

    >>> rows_of([1, 2, None], [3, 4, 5]).x.tolist()
    [1.0, 2.0]
    """
    if isinstance(x, Observations):
        return x
    if isinstance(x, Dataset) and y is None:
        (x_name, x), (y_name, y), *_ = x.columns.items()
        return replace(observations(x, y), x_name=x_name, y_name=y_name)
    found = observations(*(FIRST if x is None and y is None else (x, y)))
    if len(found.x) > MOST_ROWS:
        raise ValueError(
            f"{len(found.x)} rows are more than can be shown: take at most {MOST_ROWS}."
        )
    return found


def key_of(data: Any) -> str:
    """The name of a set of data of ours, or ""."""
    return next((name for name, one in datasets.items() if one is data), "")


def edit_of(slot: Any, values: Any, capacity: int) -> tuple[str, list[float]]:
    """What a hand has made of a row.

    Raises:
        TraitError: there is no such row, or these are not x, y and weight.
    """
    try:
        place, (x, y, weight) = int(slot), map(float, values)
    except (TypeError, ValueError):
        raise traitlets.TraitError("an edit has x, y and a weight by its slot") from None
    if not (0 <= place < capacity and np.isfinite([x, y]).all() and 0 <= weight < np.inf):
        raise traitlets.TraitError(f"edits are of the rows 0 to {capacity - 1}, in finite numbers")
    return str(place), [x, y, weight]
