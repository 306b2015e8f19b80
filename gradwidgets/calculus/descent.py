"""Searching downhill: θₜ₊₁ = θₜ − αₜ ∇f(θₜ) and its relatives, as trajectories with a verdict.

One step of a method, autograd's derivative included, is traced to a straight-line program, and a
descent is that program in a loop. A batch of runs is the same program on arrays.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from gradwidgets.calculus.field import ScalarField
from gradwidgets.calculus.rows import Told, rows_of
from gradwidgets.calculus.rules import complete, methods, schedules
from gradwidgets.calculus.steps import Place
from gradwidgets.calculus.trajectory import Trajectory, trajectory_of
from gradwidgets.calculus.types import Array

Rate: TypeAlias = float | ArrayLike | Callable[[int], float]
Schedule: TypeAlias = str | Callable[[int], float]

MOST_STEPS = 1_000_000


def descend(
    field: ScalarField | str | Callable[..., Any],
    start: Any,
    rate: Rate | None = None,
    steps: int = 100,
    method: str = "gradient descent",
    *,
    schedule: Schedule = "constant",
    noise: float = 0.0,
    seed: int = 0,
    tolerance: float | None = None,
    told: Told | None = None,
    **parameters: float,
) -> Trajectory:
    """Search for a minimum of a field, step by step; a run that breaks off ends with a verdict.

    Args:
        field: a `ScalarField`, or what makes one.
        start, steps: θ₀, or many in an array of shape (…, n) for a batch; how many steps to take.
        rate: α, or an array for a batch, or a function of t = 0, 1, …; each method has a usual one.
        method, parameters: a row of `rules.methods`; numbers of its own, as `momentum=0.9`.
        schedule: a factor of the rate: one of `rules.schedules`, or a function of t.
        noise, seed: the standard deviation of normal noise on ∇f, the same for all of a batch.
        tolerance: the ‖∇f‖ up to which a run counts as converged; it takes all its steps.
        told: hears how many steps are done, and of how many; what it raises ends the search.

    Raises:
        ValueError, TypeError, DerivativeError: arguments without sense, or without a derivative.

    >>> descend("x**2 + 10*y**2", start=(2, 1), rate=0.05, steps=200).why
    '‖∇f‖ fell below 1.00·10⁻⁶ at step 145: f = 1.99·10⁻¹⁸ at (0, 0), a minimum.'
    """
    field = field if isinstance(field, ScalarField) else ScalarField(field)
    given, rate = complete(method, parameters), methods[method].rate if rate is None else rate
    _check(steps, noise, tolerance)
    starts, rates = _batch(field, start, rate, schedule, steps)
    errors = noises(noise, seed, steps, starts.shape[-1])
    rows = rows_of(field, method, given, starts, rates, errors, told)
    return trajectory_of((field, method, given, tolerance, noise), rows, starts, rates)


def _check(steps: int, noise: float, tolerance: float | None) -> None:
    if isinstance(steps, bool) or not isinstance(steps, int | np.integer):
        raise TypeError(f"steps is a whole number, not {steps!r}")
    if not 0 <= steps <= MOST_STEPS:
        raise ValueError(f"steps lies between 0 and {MOST_STEPS}, not {steps}")
    if not (0 <= noise < np.inf and 0 <= (tolerance or 0.0) < np.inf):
        raise ValueError("noise and tolerance are finite and not negative")


def _batch(
    field: ScalarField, start: Any, rate: Rate, schedule: Schedule, steps: int
) -> tuple[Array, Array]:
    """Starts of shape (…, n) and learning rates of shape (…, steps), for the same batch."""
    starts, rates = _starts(field, start), _rates(rate, steps)
    if not (np.isfinite(starts).all() and np.isfinite(rates).all()):
        raise ValueError("start and rate are finite numbers")
    try:
        shape = np.broadcast_shapes(starts.shape[:-1], rates.shape[:-1])
    except ValueError:
        raise ValueError(
            f"starts of the shape {starts.shape[:-1]} and rates of the shape {rates.shape[:-1]} "
            "make no batch"
        ) from None
    if 0 in shape:
        raise ValueError("a batch has at least one run")
    rates = np.broadcast_to(rates, (*shape, steps)) * _factors(schedule, steps)
    if not np.isfinite(rates).all():
        raise ValueError("every learning rate is a finite number, and so is the schedule's factor")
    return np.broadcast_to(starts, (*shape, starts.shape[-1])), rates


def _starts(field: ScalarField, start: Any) -> Array:
    count = len(field.variables)
    if isinstance(start, Mapping) or np.ndim(start) == 0:
        start = field.coordinates(start)
    starts = np.asarray(start, dtype=float)
    if starts.shape[-1] != count:
        raise ValueError(
            f"a start of {field.text} has {count} coordinates ({', '.join(field.variables)}), "
            f"not {starts.shape[-1]}"
        )
    return starts


def _rates(rate: Rate, steps: int) -> Array:
    if callable(rate):
        return np.array([float(rate(time)) for time in range(steps)])
    return np.repeat(np.asarray(rate, dtype=float)[..., None], steps, axis=-1)


def _factors(schedule: Schedule, steps: int) -> Array:
    """By what a schedule multiplies the learning rate of every step, shape (steps,)."""
    if isinstance(schedule, str):
        if schedule not in schedules:
            raise ValueError(f"the schedule is one of {', '.join(schedules)}, not {schedule!r}")
        return np.asarray(schedules[schedule](np.arange(float(steps)), steps))
    return np.array([float(schedule(time)) for time in range(steps)])


def noises(noise: float, seed: int, steps: int, count: int) -> Sequence[Place]:
    """What is added to the slopes at every step."""
    if not noise:
        return [(0.0,) * count] * steps
    drawn = noise * np.random.default_rng(seed).standard_normal((steps, count))
    return list(map(tuple, drawn.tolist()))
