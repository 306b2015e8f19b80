"""Rows as they are laid out in slots: in which order, and with which x."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from gradwidgets.calculus.observations import Observations, slotted, standardised
from gradwidgets.calculus.types import Array


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
