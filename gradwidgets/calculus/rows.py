"""All steps of a descent: a row for each, of one run in Python's numbers, of a batch in arrays."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import partial
from itertools import repeat
from math import isfinite
from typing import Any, TypeAlias

import numpy as np

from gradwidgets.calculus.callables import DerivativeError
from gradwidgets.calculus.field import ScalarField
from gradwidgets.calculus.looking import UNDEFINED
from gradwidgets.calculus.rules import methods
from gradwidgets.calculus.steps import Advance, Look, Place, advance_by, look_at, loop_by
from gradwidgets.calculus.types import Array

Told: TypeAlias = Callable[[int, int], Any]
Plan: TypeAlias = Iterable[tuple[int, Any, Place]]  # time, learning rate, noise

REPORTS = 50  # steps of a batch between two reports of progress


def rows_of(
    field: ScalarField,
    method: str,
    given: Mapping[str, float],
    starts: Array,
    rates: Array,
    errors: Sequence[Place],
    told: Told | None,
) -> list[Sequence[Any]]:
    """A row for every step: of one run in Python's numbers, of a batch in arrays over the runs.

    Raises:
        DerivativeError: a callable without a derivative, or for Newton without a second one.
    """
    _refuse_without_derivative(field, method, starts.reshape(-1, starts.shape[-1])[:1])
    together, count = rates.ndim > 1, starts.shape[-1]
    advance, look = advance_by(method, field, given, together), look_at(field, 1, together)
    carried = count * len(methods[method].state)
    times = _announced(told, len(errors)) if told else range(len(errors))
    walk = partial(_walk, advance, look, partial(_refuse_without_derivative, field, method), count)
    with np.errstate(all="ignore"):
        if together:
            place = tuple(np.ascontiguousarray(starts.reshape(-1, count).T))
            columns = np.ascontiguousarray(rates.reshape(len(place[0]), len(errors)).T)
            handed = (*place, *[0.0 * place[0]] * carried)
            return walk(handed, zip(times, columns, errors, strict=True))
        handed, sizes = (*starts.tolist(), *[0.0] * carried), rates.tolist()
        loop = None if told else loop_by(method, field, given)
        rows = _looped(loop, handed, sizes, errors) if loop else []
        width, done = len(handed), len(rows)
        if rows and not isfinite(rows[-1][width]):
            return rows
        rest = zip(list(times)[done:] if done else times, sizes[done:], errors[done:], strict=True)
        return [*rows, *walk(rows[-1][:width] if rows else handed, rest)]


def _refuse_without_derivative(field: ScalarField, method: str, places: Array) -> None:
    """A callable without a derivative is an error; one without a value at a place is not."""
    for place in places:
        try:
            field.gradient(place)
            if methods[method].second_order:
                field.hessian(place)
        except DerivativeError:
            raise
        except UNDEFINED:
            pass


def _looped(
    loop: Callable[..., None], handed: Place, rates: Sequence[float], errors: Sequence[Place]
) -> list[Any]:
    """The rows of as many steps as Python's numbers manage."""
    rows: list[Any] = []
    times = np.arange(float(len(rates))).tolist()
    even = not errors or errors[0] is errors[-1]  # the same for all steps where there is no noise
    columns = map(repeat, errors[0]) if even and errors else zip(*errors, strict=True)
    with suppress(ArithmeticError, ValueError):
        loop(rows.append, zip(rates, times, *columns, strict=False), handed)
    return rows


def _announced(told: Told, steps: int) -> Iterator[int]:
    """The times, of which some are told."""
    for time in range(steps):
        if not time % REPORTS:
            told(time, steps)
        yield time
    told(steps, steps)


def _walk(
    advance: Advance,
    look: Look,
    explain: Callable[[Array], None],
    count: int,
    handed: Place,
    plan: Plan,
) -> list[Sequence[Any]]:
    """Rows of steps in turn, as long as f is finite; the last tells of a place and no step.

    What the plan raises is not the field's, and passes through.
    """
    rows: list[Sequence[Any]] = []
    width = len(handed)
    alive = _any_finite if np.ndim(handed[0]) else isfinite
    nowhere, found = [np.nan * handed[0]] * width, (np.nan,) * (1 + count)
    for time, rate, errors in plan:
        try:
            row = advance(rate, time + 0.0, errors, handed)
        except UNDEFINED:
            return [*rows, (*nowhere, *found)]
        except Exception:
            explain(np.array(handed[:count]).reshape(count, -1).T)
            raise
        rows.append(row)
        if not alive(row[width]):
            return rows
        handed = tuple(row[:width])
    with suppress(*UNDEFINED):
        found = look(*handed[:count])
    return [*rows, (*nowhere, *found)]


def _any_finite(f: Array) -> bool:
    return bool(np.isfinite(f).any())
