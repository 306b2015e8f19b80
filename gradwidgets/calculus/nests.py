"""Values in lists, tuples and mappings, as a tape's targets and sources may be given."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from gradwidgets.calculus.values import Value


def flat(nest: Any) -> Iterator[Any]:
    """What a nest of lists, tuples and mappings holds, in order."""
    if isinstance(nest, Mapping):
        nest = list(nest.values())
    if isinstance(nest, list | tuple):
        for part in nest:
            yield from flat(part)
    else:
        yield nest


def nested(like: Any, parts: Iterator[Any]) -> Any:
    """The parts in the shape of a nest."""
    if isinstance(like, Mapping):
        return {key: nested(part, parts) for key, part in like.items()}
    if isinstance(like, list | tuple):
        made = [nested(part, parts) for part in like]
        return type(like)(*made) if hasattr(like, "_fields") else type(like)(made)
    return next(parts)


def values_of(nest: Any) -> list[Value]:
    """The values of a nest.

    Raises:
        ValueError: something else in it.
    """
    found = list(flat(nest))
    for value in found:
        if not isinstance(value, Value):
            what = f"the {type(value).__name__} {value!r}"
            raise ValueError(f"{what} is no value that a tape can know: {_hint(value)}")
    return found


def _hint(value: Any) -> str:
    if isinstance(value, np.ndarray) and value.dtype == "O":
        return "numpy itself has met values and lost track of them; use autograd.numpy"
    return "make it with constant or Variable, and compute with autograd.numpy"
