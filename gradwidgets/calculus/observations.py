"""Rows of data as a student hands them over: lists, arrays, columns of a table.

What is no number is left out and counted; what can't be meant is refused in words.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, NoReturn

import numpy as np

from gradwidgets.calculus.types import Array

MOST_DIGITS = 6  # behind the point of a mean that is told
ROOM = 16  # rows that can be added at least
EIGHT = 8  # a capacity is a multiple of it
_MISSING = {"NoneType", "NAType", "NaTType", "MaskedConstant"}  # pandas is never imported


@dataclass(frozen=True, eq=False)
class Observations:
    """Rows (xᵢ, yᵢ): two arrays of shape (n,) that can't be written to, and their names.

    `left_out` counts the rows in which a number was missing or infinite. Where x was shifted and
    scaled, the x that was measured is `centre` + `spread`·x; see `standardised`.

    >>> data = observations([1, 2, None], [2.0, 4.0, 6.0])
    >>> data.x.tolist(), data.y.tolist(), data.left_out
    ([1.0, 2.0], [2.0, 4.0], 1)
    """

    x: Array
    y: Array
    x_name: str = "x"
    y_name: str = "y"
    left_out: int = 0
    centre: float = 0.0
    spread: float = 1.0

    @property
    def scaling(self) -> str:
        """What x is of that which was measured, to a hundredth of the spread; "" where it is that.

        >>> standardised(observations([1980, 1990, 2000], [1, 2, 3])).scaling
        '(x − 1990.00)/8.16'
        """
        if self.centre == 0.0 and self.spread == 1.0:
            return ""
        digits = 2 - math.floor(math.log10(self.spread))
        plain = 0 <= digits <= MOST_DIGITS
        size = f"{abs(self.centre):.{digits}f}" if plain else f"{abs(self.centre):.6g}"
        shifted = f"{self.x_name} {'+' if self.centre < 0 else '−'} {size}"
        return shifted if self.spread == 1.0 else f"({shifted})/{self.spread:.3g}"


def observations(x: Any, y: Any) -> Observations:
    """Rows from two columns: lists, ranges, generators, arrays, or columns of a table.

    A column of a table gives its name. Rows are taken in the order in which they stand, whatever
    index a table has. Those with a number that is missing, NaN or infinite are left out.

    Raises:
        ValueError: columns of different lengths, tables instead of columns, text, dates, complex
            numbers, or no row that is left.

    >>> observations([1, 2, 3], [1, 2])
    Traceback (most recent call last):
    ValueError: x has 3 values and y has 2: each x needs its y.
    """
    columns = _column(x, "x"), _column(y, "y")
    counts = tuple(map(len, columns))
    if counts[0] != counts[1]:
        raise ValueError(f"x has {_values(counts[0])} and y has {counts[1]}: each x needs its y.")
    if not counts[0]:
        raise ValueError("There are no data: x and y are empty.")
    known = np.isfinite(columns[0]) & np.isfinite(columns[1])
    if not known.any():
        raise ValueError("No row is left: in each one x or y is missing, NaN or infinite.")
    kept = _fixed(columns[0][known]), _fixed(columns[1][known])
    return Observations(*kept, _name(x, "x"), _name(y, "y"), int(np.sum(~known)))


def capacity_for(count: int) -> int:
    """How many slots so many rows get, so that there is room to add some.

    >>> capacity_for(4), capacity_for(200)
    (24, 256)
    """
    return -(-(count + max(ROOM, count // 4)) // EIGHT) * EIGHT


def slotted(data: Observations, seed: int) -> tuple[Array, Array, Array]:
    """x, y and weights of shape (capacity,): the rows in a random order, then free slots.

    Rows have the weight 1, free slots have 0 everywhere. With one seed the order is the same, so
    that mini-batches can be drawn from it in turn.

    >>> x, y, weights = slotted(observations([1, 2, 3], [4, 5, 6]), seed=0)
    >>> x[:4].tolist(), y[:4].tolist(), weights[:4].tolist(), len(x)
    ([3.0, 1.0, 2.0, 0.0], [6.0, 4.0, 5.0, 0.0], [1.0, 1.0, 1.0, 0.0], 24)
    """
    count = len(data.x)
    order = np.random.default_rng(seed).permutation(count)
    free = np.zeros(capacity_for(count) - count)
    columns = (data.x[order], data.y[order], np.ones(count))
    x, y, weights = (np.concatenate([column, free]) for column in columns)
    return x, y, weights


def standardised(data: Observations) -> Observations:
    """The rows with an x of mean 0 and standard deviation 1, which `centre` and `spread` undo.

    Where all x are equal they become 0, and `spread` stays as it was.

    >>> found = standardised(observations([10, 20, 30], [1, 2, 3]))
    >>> found.x.round(4).tolist(), found.centre, round(found.spread, 4)
    ([-1.2247, 0.0, 1.2247], 20.0, 8.165)
    """
    first = float(data.x[0])
    if np.all(data.x == first):
        return _measured(data, np.zeros(len(data.x)), first, 1.0)
    size = float(np.max(np.abs(data.x)))
    shares = data.x / size  # their sums and squares neither overflow nor vanish
    centre, spread = float(np.mean(shares)), float(np.std(shares))
    return _measured(data, (shares - centre) / spread, size * centre, size * spread)


def _measured(data: Observations, x: Array, centre: float, spread: float) -> Observations:
    """The rows with another x, which is the present one once it is scaled and shifted."""
    centre = data.centre + data.spread * centre
    return replace(data, x=_fixed(x), centre=centre, spread=data.spread * spread)


# ── one column ───────────────────────────────────────────────────────────────────────────────────


def _column(given: Any, name: str) -> Array:
    """A column's numbers, NaN where one is missing."""
    array = _array(given, name)
    if array.ndim != 1:
        _refuse(name, _shape(array))
    if array.dtype.kind in "biuf":
        return np.array(array, dtype=float)
    if array.dtype.kind in "Mm":
        _refuse(name, "holds dates: take numbers, such as years or days")
    return np.array([_number(value, name) for value in array.tolist()], dtype=float)


def _array(given: Any, name: str) -> Any:
    """What is handed over as an array of some kind."""
    if isinstance(given, str | bytes):
        _refuse(name, f"is the text {given!r}")
    if isinstance(given, Mapping | set | frozenset):
        _refuse(name, f"is a {type(given).__name__}")
    if isinstance(given, np.ma.MaskedArray):
        given = given.tolist()  # with None in place of what is masked
    if isinstance(given, Iterable) and not hasattr(given, "__array__"):
        given = list(given)
    try:
        return np.asarray(given)
    except ValueError:  # numpy's own words are not a student's
        _refuse(name, "holds lists of different lengths")


def _number(value: Any, name: str) -> float:
    if type(value).__name__ in _MISSING:
        return np.nan
    if isinstance(value, str | bytes):
        _refuse(name, f"holds the text {value!r}")
    if isinstance(value, complex):
        _refuse(name, "holds complex numbers")
    try:
        return float(value)
    except OverflowError:
        return np.inf
    except (TypeError, ValueError):
        _refuse(name, f"holds a {type(value).__name__}")


def _refuse(name: str, fault: str) -> NoReturn:
    raise ValueError(f"{name} is a list of numbers, and this one {fault}.")


def _shape(array: Any) -> str:
    if array.ndim == 0:
        return "is a single value: write [1.5] for one row"
    return f"has the shape {array.shape}: take one column of it"


def _values(count: int) -> str:
    return f"{count} value{'' if count == 1 else 's'}"


def _name(given: Any, otherwise: str) -> str:
    """What a column of a table is called."""
    name = getattr(given, "name", None)
    return name.strip() if isinstance(name, str) and name.strip() else otherwise


def _fixed(column: Array) -> Array:
    column.setflags(write=False)
    return column
