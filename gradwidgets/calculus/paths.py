"""Descents as part of a program: the path of a run, or of a batch of runs, in autograd's numpy.

The same numbers as `descent.descend`, without its checks and without a verdict. The number of steps
may be computed, so that a picture has a program for all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import autograd.numpy as anp
import numpy as np

from gradwidgets.calculus.bodies import Body, body
from gradwidgets.calculus.over import data_of
from gradwidgets.calculus.program import repeat, scan
from gradwidgets.calculus.rules import methods
from gradwidgets.calculus.truths import both


class Path(NamedTuple):
    """As in a `Trajectory`, with room for C steps: what lies behind the run's end is NaN.

    `points` and `gradients` have the shape (…, C + 1, n), `values` (…, C + 1), `step_sizes` (…, C),
    and each of `state` (…, C, n).
    """

    points: Any
    values: Any
    gradients: Any
    step_sizes: Any
    state: Mapping[str, Any]


def path(
    function: Callable[..., Any],
    method: str,
    parameters: Mapping[str, Any],
    start: Sequence[Any],
    rates: Any,
    noise: Any,
    rounds: Any,
) -> Path:
    """Search for a minimum, step by step, inside of a traced function.

    All numbers may be traced. In a batch, coordinates are arrays.

    Args:
        function: of n coordinates, in autograd's numpy; of arrays element by element for a batch.
            It may be `Over` data.
        method: the name of a row of `rules.methods`.
        parameters: all that the method has, in the rule's order, as `rules.complete` gives them.
        start: θ₀, a coordinate each.
        rates: the learning rate of every step, shape (…, C).
        noise: what is added to the slopes at every step, shape (C, n).
        rounds: how many steps to take, at most C.

    Raises:
        TracingError: a function that can't be traced.

    >>> bowl = lambda x, y: x**2 + 10 * y**2
    >>> rates, noise = np.full(4, 0.05), np.zeros((4, 2))
    >>> found = path(bowl, "gradient descent", {}, (2.0, 1.0), rates, noise, 2)
    >>> found.values
    array([14.    ,  3.24  ,  2.6244,     nan,     nan])
    """
    step = body(method, function, len(start))
    return path_of(step, method, parameters, start, rates, noise, rounds, data_of(function))


def path_of(
    step: Body,
    method: str,
    parameters: Mapping[str, Any],
    start: Sequence[Any],
    rates: Any,
    noise: Any,
    rounds: Any,
    data: Sequence[Any] = (),
) -> Path:
    """The path that a step of the method makes, as `path`; it is handed `data`, last of all."""
    count, columns = len(start), anp.moveaxis(rates, -1, 0)
    times, names = np.arange(float(len(columns))), methods[method].state
    own = (columns, times, *(noise[:, axis] for axis in range(count)))
    first = (*start, *[0.0 * start[0]] * (count * len(names)))
    # A last round only looks: its step is not taken.
    more, looks = [_one_more(part) for part in own], anp.floor(rounds) + 1.0
    handed, kept = scan(step, first, more, looks, tuple(parameters.values()), data)
    return _read([each[:-1] for each in handed], kept, names, start, columns, rounds)


def last_value(
    function: Callable[..., Any],
    method: str,
    parameters: Mapping[str, Any],
    start: Sequence[Any],
    rate: Any,
    rounds: Any,
    most: int,
) -> Any:
    """f after so many steps, `most` at the most, with one learning rate; NaN if the run ended.

    In a batch the learning rate is an array, and so is the result. Nothing of the way is kept: a
    sweep over many learning rates needs little room. The parameters are numbers, not traced ones.

    >>> bowl, rates = lambda x, y: x**2 + 10 * y**2, np.array([0.05, 0.1, 1e200])
    >>> last_value(bowl, "gradient descent", {}, (2.0, 1.0), rates, 2, 1000)
    array([ 2.6244, 11.6384,     nan])
    """
    count, names = len(start), methods[method].state
    step = body(method, function, count)
    carried = count * (1 + len(names))

    def look(*values: Any) -> tuple[Any, Sequence[Any]]:
        handed, (time, _, steps, alpha) = values[:carried], values[carried:]
        # One number, which all have that still run. A power of a number has the same last digit in
        # every language; numpy's powers of arrays have not.
        now = anp.max(time) if np.ndim(time) else time
        following, (f, *_) = step(*handed, alpha, now, *[0.0] * count, *parameters.values())
        goes_on = both(time < steps, anp.isfinite(f))
        return goes_on, (*following, time + 1.0, anp.where(time < steps, np.nan, f))

    first = (*start, *[0.0] * (carried - count), 0.0, np.nan)
    steps = anp.minimum(anp.floor(rounds), float(most))
    return repeat(look, first, most + 1, (steps, rate))[-1]


def _read(
    handed: Sequence[Any],
    kept: Sequence[Any],
    names: Sequence[str],
    start: Sequence[Any],
    columns: Any,
    rounds: Any,
) -> Path:
    """The path, from what its rounds handed on and kept."""
    count, shape = len(start), np.shape(kept[0])
    points = [
        anp.concatenate([anp.reshape(anp.broadcast_to(x, shape[1:]), (1, *shape[1:])), each])
        for x, each in zip(start, handed[:count], strict=True)
    ]
    values, slopes, searched = kept[0], kept[1 : 1 + count], kept[1 + count :]
    there = _there(points, values, rounds)
    sizes = searched[0][:-1] if searched else _spread(columns, shape)
    state = [_stacked(handed[k : k + count], there[1:]) for k in range(count, len(handed), count)]
    return Path(
        _stacked(points, there),
        _where(there, values),
        _stacked(slopes, there),
        _where(there[1:], sizes),
        dict(zip(names, state, strict=True)),
    )


def _one_more(part: Any) -> Any:
    return anp.concatenate([part, np.zeros((1, *np.shape(part)[1:]))])


def _spread(columns: Any, shape: tuple[int, ...]) -> Any:
    length, *rest = np.shape(columns)
    shaped = anp.reshape(columns, (length, *(1,) * (len(shape) - 1 - len(rest)), *rest))
    return anp.broadcast_to(shaped, (length, *shape[1:]))


def _there(points: Sequence[Any], values: Any, rounds: Any) -> Any:
    """Where a run has a point: the last is one at which f is not finite."""
    times = np.arange(float(len(values))).reshape(-1, *(1,) * (np.ndim(values) - 1))
    before = anp.concatenate([np.zeros((1, *np.shape(values)[1:])), values[:-1]])
    found = anp.logical_and(times <= rounds, anp.isfinite(before))
    for part in points:
        found = anp.logical_and(found, anp.isfinite(part))
    return found


def _where(there: Any, each: Any) -> Any:
    return anp.moveaxis(anp.where(there, each, np.nan), 0, -1)


def _stacked(parts: Sequence[Any], there: Any) -> Any:
    return anp.moveaxis(anp.stack([anp.where(there, x, np.nan) for x in parts], axis=-1), 0, -2)
