"""Functions whose record is made once: every later recording copies what they have noted.

What many pictures compute alike, whatever f is, so costs a tenth of what recording it costs, and
the programs are those that would be recorded.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, NamedTuple, TypeVar

import numpy as np
from autograd.numpy.numpy_boxes import ArrayBox
from autograd.tracer import isbox

from gradwidgets.calculus.program.data import Listing, value_key
from gradwidgets.calculus.program.tracing import box_of, is_recorded, noted

F = TypeVar("F", bound=Callable[..., Any])
MOST = 64
_records: dict[Hashable, _Record] = {}


def copied_in(function: F) -> F:
    """A function that reads its arguments alone, recorded once for all that call it alike.

    Arguments and results are numbers, arrays, and tuples, lists and dicts of such. Calls are alike
    where the same of that is traced or a number of numpy's, in the same shapes, and all else is
    the same; so the function branches on none of these.

    >>> from gradwidgets.calculus.program import trace
    >>> @copied_in
    ... def both(x, rest):
    ...     return {"twice": 2.0 * x, "more": [x + one for one in rest]}
    >>> print(trace(lambda x: (both(x * x, (1.0, 2.0))["more"][1],), 3.0, names=("x",)))
    def program(x):
        a = x * x
        b = a + 2.0
        return b
    """

    @wraps(function)
    def called(*arguments: Any) -> Any:
        given: list[Any] = []
        pattern = _pattern(arguments, given)
        boxes = list(filter(isbox, given))
        if not boxes or not _belong_together(boxes):
            return function(*arguments)
        record = _record((function, pattern), function, list(map(_bare, given)))
        level, draft = boxes[0]._trace, boxes[0]._node.draft
        found = draft.copy(record.listing, list(map(_meaning, given)))
        values = zip(record.values, found, strict=True)
        return _filled(record.results, [box_of(draft, level, *both) for both in values])

    return called  # type: ignore[return-value]


def _belong_together(boxes: Sequence[Any]) -> bool:
    """Whether all are numbers and arrays of one recording."""
    level = boxes[0]._trace
    return all(type(box) is ArrayBox and is_recorded(box) and box._trace == level for box in boxes)


def _bare(value: Any) -> Any:
    return value._value if isbox(value) else value


def _meaning(value: Any) -> Any:
    return value._node.meaning if isbox(value) else float(value)


# ── records ──────────────────────────────────────────────────────────────────────────────────────


class _Record(NamedTuple):
    """What a function has noted; its results without what was traced, and an example of that."""

    listing: Listing
    results: Any
    values: list[Any]


def _record(key: tuple[Any, ...], function: Callable[..., Any], values: Sequence[Any]) -> _Record:
    """The record of a function and a pattern; of all records the last ones are kept."""
    record = _records.pop(key, None) or _recorded(function, key[1], values)
    _records[key] = record
    if len(_records) > MOST:
        del _records[next(iter(_records))]
    return record


def _recorded(function: Callable[..., Any], pattern: Any, values: Sequence[Any]) -> _Record:
    found: list[Any] = []
    results: list[Any] = []

    def flat(*inputs: Any) -> list[Any]:
        results.append(_pattern(function(*_filled(pattern, inputs)), found))
        return found

    listing = noted(flat, values)
    return _Record(listing, results[0], list(map(_bare, found)))


# ── what is traced among arguments and results ───────────────────────────────────────────────────


class _Gap(NamedTuple):
    """The place of what is traced, of a shape, and whether it is of logic."""

    place: int
    shape: tuple[int, ...]
    truth: bool


class _Nest(NamedTuple):
    """A tuple, list or dict, the latter with its keys."""

    kind: type
    keys: tuple[Any, ...]
    parts: tuple[Any, ...]


@dataclass(frozen=True)
class _Known:
    """What is not traced."""

    key: Hashable
    value: Any = field(compare=False)


def _pattern(value: Any, given: list[Any]) -> Any:
    """A value with gaps where something is traced, or a number computed, which is then given."""
    if isbox(value) or type(value) is np.float64:
        given.append(value)
        bare = _bare(value)
        return _Gap(len(given) - 1, np.shape(bare), getattr(bare, "dtype", None) == np.bool_)
    if isinstance(value, dict):
        parts = value.values()
        return _Nest(dict, tuple(value), tuple([_pattern(part, given) for part in parts]))
    if isinstance(value, tuple | list):
        return _Nest(type(value), (), tuple([_pattern(part, given) for part in value]))
    plain = isinstance(value, float | int | np.ndarray | np.generic)
    return _Known(value_key(value) if plain else value, value)


def _filled(pattern: Any, values: Sequence[Any]) -> Any:
    """The value of a pattern, with these in its gaps."""
    if isinstance(pattern, _Gap):
        return values[pattern.place]
    if isinstance(pattern, _Known):
        return pattern.value
    parts = [_filled(part, values) for part in pattern.parts]
    if pattern.kind is dict:
        return dict(zip(pattern.keys, parts, strict=True))
    return pattern.kind(*parts) if hasattr(pattern.kind, "_fields") else pattern.kind(parts)
