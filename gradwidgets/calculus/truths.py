"""Truths joined without branches: of numbers, of arrays, and of what is traced.

A truth that costs a search is handed over as a function: it is asked only where those before it
have not settled the answer. In a trace, where nothing is settled, it is always asked.
"""

from __future__ import annotations

from typing import Any

import autograd.numpy as anp
import numpy as np
from autograd.tracer import trace_primitives_map

_where = trace_primitives_map[np.where]  # autograd's own asks first whether it must return a list
_NUMBERS = {float, np.float64}


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
        asked = truth() if callable(truth) else truth
        if not is_known(asked):
            found = asked if found is (not settled) else join(found, asked)
        elif bool(asked) == settled:
            return settled
    return found


def is_known(truth: Any) -> bool:
    """Whether it is a truth, and not one that is traced, nor an array of them.

    >>> is_known(True), is_known(np.array([True]))
    (True, False)
    """
    return isinstance(truth, bool | np.bool_)


def where(condition: Any, yes: Any, no: Any) -> Any:
    """`anp.where` with less ado between numbers.

    >>> where(2 > 1, 3.0, np.nan), where(np.array([True, False]), 3.0, 4.0)
    (3.0, array([3., 4.]))
    """
    if is_known(condition) and type(yes) in _NUMBERS and type(no) in _NUMBERS:
        return yes if condition else no
    return _where(condition, yes, no)


def no(truth: Any) -> Any:
    """Whether it does not hold.

    >>> bool(no(False))
    True
    """
    return not truth if is_known(truth) else anp.logical_not(truth)
