"""Seeds: what a backward pass begins with, at each target."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from autograd.core import vspace

from gradwidgets.calculus.values import Value, is_real, recording


def seeds_of(target: Any, given: Any) -> list[Any]:
    """With what each target's derivative is multiplied: ones, or what is given."""
    if isinstance(target, Mapping):
        target, given = [*target.values()], [*given.values()] if given else None
    if isinstance(target, list | tuple):
        parts = [None] * len(target) if given is None else [*given]
        if len(parts) != len(target):
            raise ValueError(
                f"{len(target)} targets need as many output_gradients, not {len(parts)}"
            )
        return [seed for pair in zip(target, parts, strict=True) for seed in seeds_of(*pair)]
    return [_seed(target, given)]


def _seed(target: Value, weight: Any) -> Any:
    if not is_real(target._value):
        return None  # and nothing depends on it
    ones = vspace(target._value).ones()
    if weight is None:
        return ones
    shape = np.shape(target)
    if isinstance(weight, list | tuple) and len(weight) == 1 and np.shape(weight) != shape:
        return _seed(target, weight[0])
    if isinstance(weight, list | tuple):
        weight = np.array(weight)
    if np.shape(weight) not in ((), shape):
        raise ValueError(
            f"output_gradients have the target's shape {shape}, not {np.shape(weight)}"
        )
    return ones * (weight._value if isinstance(weight, Value) and not recording.tapes else weight)


def one_hots(value: Value) -> list[Any]:
    """For every element an array that picks it out."""
    found = []
    for place in np.ndindex(np.shape(value)):
        found.append(np.zeros(np.shape(value), value.dtype))
        found[-1][place] = 1
    return found
