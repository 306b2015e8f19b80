"""Truths joined without branches: of numbers, of arrays, and of what is traced."""

from __future__ import annotations

from functools import reduce
from typing import Any

import autograd.numpy as anp


def both(*truths: Any) -> Any:
    """Whether all of them hold.

    >>> bool(both(True, True, False))
    False
    """
    return reduce(anp.logical_and, truths)


def either(*truths: Any) -> Any:
    """Whether one of them holds.

    >>> bool(either(False, True))
    True
    """
    return reduce(anp.logical_or, truths)


def no(truth: Any) -> Any:
    """Whether it does not hold.

    >>> bool(no(False))
    True
    """
    return anp.logical_not(truth)
