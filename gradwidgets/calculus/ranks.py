"""Order among values that a program computes: percentiles without sorting, and without branches."""

from __future__ import annotations

from typing import Any

import autograd.numpy as anp
import numpy as np


def percentile(values: Any, counted: Any, *shares: float) -> list[Any]:
    """The values below which these shares lie of those that are counted, as numpy's percentile.

    Each of n values along the first axis, (n,) or (n, k), is held against every other: meant for a
    few hundred. NaN where none counts.

    >>> values = np.array([3.0, np.nan, 1.0, 2.0, 9.0])
    >>> [float(found) for found in percentile(values, np.isfinite(values), 0.0, 0.5, 1.0)]
    [1.0, 2.5, 9.0]
    """
    known = anp.where(counted, values, np.inf)
    below = anp.sum(known[None, :] < known[:, None], axis=1)
    last = anp.sum(1.0 * counted, axis=0) - 1.0

    def at(rank: Any) -> Any:
        """The value so far up in rising order."""
        return anp.max(anp.where(anp.logical_and(counted, below <= rank), known, -np.inf), axis=0)

    found = []
    for share in shares:
        rank = anp.floor(share * last)
        low, high = at(rank), at(anp.minimum(rank + 1.0, last))
        found.append(anp.where(last >= 0.0, low + (high - low) * (share * last - rank), np.nan))
    return found
