"""What loops compute: round after round of a body, for numbers or for all runs of a batch."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

import numpy as np
from autograd.extend import primitive
from numpy.typing import NDArray

Values = Sequence[Any]


def scanned(rounds: Any, *values: Any, body: Any, handed: int, own: int, capacity: int) -> Any:
    """A row for every round of a scan: what it handed on, then what is kept of it.

    `values` are `handed` values to start with, `own` arrays with a number for every round, and
    fixed values, whole arrays last; `body` is a program of one of each. Shape: (capacity, results
    of the body), then that of a batch. From `rounds` on, and behind a run's end, all is NaN.
    """
    count = int(min(capacity, max(0.0, float(rounds))))  # where it is NaN, max gives 0
    start, inputs, fixed = values[:handed], values[handed : handed + own], values[handed + own :]
    whole = _rows_of_batches
    if not body.shapes[0]:
        whole = _rows_of_numbers if body.of_numbers else _rows_over_arrays
    shape = (capacity, len(body.outputs), *(body.shapes[0] or ()))
    with np.errstate(all="ignore"):
        return whole(body, count, start, inputs, fixed, np.full(shape, np.nan))


def _rows_of_numbers(
    body: Any, count: int, start: Values, inputs: Values, fixed: Values, table: NDArray[np.float64]
) -> NDArray[np.float64]:
    rows: list[tuple[float, ...]] = []
    own = zip(*(part[:count].tolist() for part in inputs), strict=True)
    plan = own if inputs else itertools.repeat((), count)
    loop = body.looped(len(start), len(inputs))
    loop(rows.append, plan, *map(float, start), *map(float, fixed))
    flat = np.fromiter(itertools.chain.from_iterable(rows), float)
    table.reshape(-1)[: flat.size] = flat
    return table


def _rows_over_arrays(
    body: Any, count: int, start: Values, inputs: Values, fixed: Values, table: NDArray[np.float64]
) -> NDArray[np.float64]:
    handed = start
    for place in range(count):
        table[place] = body(*handed, *(part[place] for part in inputs), *fixed)
        handed = table[place][: len(start)]
        if not np.isfinite(table[place][len(start)]):
            break
    return table


def _rows_of_batches(
    body: Any, count: int, start: Values, inputs: Values, fixed: Values, table: NDArray[np.float64]
) -> NDArray[np.float64]:
    handed, alive = start, np.full(table.shape[2:], True)
    for place in range(count):
        row = body(*handed, *(part[place] for part in inputs), *fixed)
        table[place] = row
        table[place][:, ~alive] = np.nan
        alive &= np.isfinite(row[len(start)])
        if not alive.any():
            break
        handed = row[: len(start)]
    return table


def repeated(*values: Any, body: Any, handed: int, capacity: int) -> Any:
    """What the last round of a loop hands on; each run of a batch has its own last round.

    `values` are `handed` values to start with, and fixed ones, whole arrays last. `body` tells
    first whether there is another round, up to `capacity` rounds.
    """
    with np.errstate(all="ignore"):
        if body.of_numbers:
            return np.array(body.repeated(handed, capacity)(*map(float, values)))
        if not body.shapes[0]:
            return _last_over_arrays(body, values[:handed], values[handed:], capacity)
        return _last_of_batches(body, values[:handed], values[handed:], capacity)


def _last_over_arrays(body: Any, state: Values, fixed: Values, capacity: int) -> Any:
    handed = state
    for _ in range(capacity):
        again, *handed = body(*handed, *fixed)
        if not again:
            break
    return np.array(handed)


def _last_of_batches(body: Any, state: Values, fixed: Values, capacity: int) -> Any:
    handed, going = np.array(state), np.full(np.shape(state[0]), True)
    for _ in range(capacity):
        again, *found = body(*handed, *fixed)
        handed = np.where(going, found, handed)
        going &= again != 0
        if not going.any():
            break
    return handed


# What is recorded while a program is traced: there only the shapes matter.


@primitive  # type: ignore[untyped-decorator]
def recorded_scan(
    rounds: Any, *values: Any, body: Any, handed: int, own: int, capacity: int
) -> Any:
    """Numbers in the shape of `scanned`."""
    return np.full((capacity, len(body.outputs), *(body.shapes[0] or ())), 0.5)


@primitive  # type: ignore[untyped-decorator]
def recorded_repeat(*values: Any, body: Any, handed: int, capacity: int) -> Any:
    """Numbers in the shape of `repeated`."""
    return np.full((handed, *(body.shapes[0] or ())), 0.5)
