"""Truths joined without branches: of numbers, of arrays, and of what is traced.

A truth that costs a search is handed over as a function: it is asked only where those before it
have not settled the answer. In a trace, where nothing is settled, it is always asked.
"""

from __future__ import annotations

from typing import Any

import autograd.numpy as anp
import numpy as np


def both(*truths: Any) -> Any:
    """Whether all of them hold.

    >>> bool(both(True, False, lambda: 1 / 0))
    False
    """
    return _joined(anp.logical_and, False, truths)


def either(*truths: Any) -> Any:
    """Whether one of them holds.

    >>> bool(either(False, True, lambda: 1 / 0))
    True
    """
    return _joined(anp.logical_or, True, truths)


def _joined(join: Any, settled: bool, truths: tuple[Any, ...]) -> Any:
    found: Any = not settled
    for truth in truths:
        if holds(found == settled):
            return found
        found = join(found, truth() if callable(truth) else truth)
    return found


def holds(truth: Any) -> bool:
    """Whether a truth is known, and holds; while a program is traced nothing is known.

    >>> holds(True), holds(np.array([True]))
    (True, False)
    """
    return isinstance(truth, bool | np.bool_) and bool(truth)


def no(truth: Any) -> Any:
    """Whether it does not hold.

    >>> bool(no(False))
    True
    """
    return anp.logical_not(truth)
