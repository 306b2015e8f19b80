"""Searching downhill: θₜ₊₁ = θₜ − αₜ ∇f(θₜ) and its relatives, as trajectories with a verdict.

One step of a method, autograd's derivative included, is traced to a straight-line program, and a
descent is that program in a loop. A batch of runs is the same program on arrays.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property, partial, reduce
from itertools import chain, repeat
from math import isfinite, prod
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from gradwidgets.calculus.callables import DerivativeError
from gradwidgets.calculus.features import Features
from gradwidgets.calculus.field import Array, ScalarField
from gradwidgets.calculus.looking import UNDEFINED, ground_of
from gradwidgets.calculus.rules import complete, methods, schedules
from gradwidgets.calculus.steps import Advance, Look, Place, advance_by, look_at, loop_by
from gradwidgets.calculus.verdict import Verdict, judge
from gradwidgets.calculus.walk import Walk, manner_of

Rate: TypeAlias = float | ArrayLike | Callable[[int], float]
Told: TypeAlias = Callable[[int, int], Any]
Plan: TypeAlias = Iterable[tuple[int, Any, Place]]  # time, learning rate, noise

MOST_STEPS = 1_000_000
REPORTS = 50  # steps of a batch between two reports of progress


@dataclass(frozen=True, eq=False)
class Trajectory:
    """The path of a search, or of a batch of searches.

    With n variables and T steps taken, and the shape of a batch before each of these shapes:

    Attributes:
        points: θ₀, …, θ_T, shape (T + 1, n). In a batch, NaN after a run has ended.
        values: f at every point, shape (T + 1,).
        gradients: ∇f at every point, without noise, shape (T + 1, n).
        step_sizes: the learning rate αₜ of each step, shape (T,); for line searches what they
            found.
        state: what the method carried after each step, by name, as `velocity`, shape (T, n).
        evaluations: how often f was evaluated, with or without its derivatives; for a batch all at
            once count once.
        ended: whether the run stopped before all its steps were taken.
        method, parameters, asked_tolerance, noise: as the run was asked for.
    """

    field: ScalarField
    method: str
    parameters: Mapping[str, float]
    asked_tolerance: float | None
    noise: float
    points: Array
    values: Array
    gradients: Array
    step_sizes: Array
    state: Mapping[str, Array]
    evaluations: int
    ended: bool = False

    def __len__(self) -> int:
        return int(self.step_sizes.shape[-1])

    def __getitem__(self, place: int | tuple[int, ...]) -> Trajectory:
        """One run of a batch."""
        if self.values.ndim == 1:
            raise TypeError("this is a single run, not a batch")
        points, values = self.points[place], self.values[place]
        if values.ndim > 1:
            raise IndexError(f"a place in the batch has {self.values.ndim - 1} numbers")
        length = int(_lengths(points, values))
        return replace(
            self,
            points=points[:length],
            values=values[:length],
            gradients=self.gradients[place][:length],
            step_sizes=self.step_sizes[place][: length - 1],
            state={name: each[place][: length - 1] for name, each in self.state.items()},
            ended=length < len(values) or not isfinite(values[-1]),
        )

    @cached_property
    def walk(self) -> Walk:
        """What a verdict asks of a single run; of one without a step it makes one that is NaN."""
        rows: tuple[Any, ...] = (self.points, self.values, self.gradients, self.step_sizes)
        if not len(self):
            rows = tuple(np.append(r, np.full((1, *r.shape[1:]), np.nan), axis=0) for r in rows)
        tolerance = np.nan if self.asked_tolerance is None else self.asked_tolerance
        manner = manner_of(self.method, self.parameters, self.noise, tolerance)
        points, values, gradients, sizes = rows
        return Walk(points, values, gradients, sizes, float(len(self)), self.ended, manner)

    @cached_property
    def features(self) -> Features:
        """What the verdict on a single run follows from."""
        return Features(ground_of(self.field), self.walk)

    @cached_property
    def judgement(self) -> Verdict:
        """The verdict with the numbers that explain it."""
        return judge(self.features)

    @property
    def verdict(self) -> str | Array:
        """What became of the run; of a batch, an array of such words.

        "converged"; "converging"; "alternating" (steps turn back on themselves while f falls);
        "oscillating" (to and fro, and f gets no lower); "falling" (f falls, but no minimum is found
        ahead); "noisy"; "climbing" (uphill by Newton's steps); "no progress" (f ended no lower);
        "not moving"; "stuck" (no step is defined); "diverged"; "left the domain" (f is undefined
        there); "outside the domain" (from the start); "left the window" (the domain that is shown,
        while f is defined); "at a saddle"; "flat".
        """
        return self._of_each(lambda run: run.judgement.word)

    @property
    def why(self) -> str | Array:
        """The verdict's reason, a sentence with numbers; of a batch, an array of them."""
        return self._of_each(lambda run: run.judgement.why)

    def _of_each(self, ask: Callable[[Trajectory], str]) -> str | Array:
        shape = self.values.shape[:-1]
        if not shape:
            return ask(self)
        return np.array([ask(self[place]) for place in np.ndindex(shape)]).reshape(shape)

    @cached_property
    def slopes(self) -> Array:
        """‖∇f‖ at every point, shape (T + 1,)."""
        with np.errstate(over="ignore"):
            parts = [self.gradients[..., k] for k in range(self.gradients.shape[-1])]
            return np.asarray(reduce(np.hypot, parts[1:], np.abs(parts[0])))

    @cached_property
    def tolerance(self) -> float:
        """The slope up to which the run counts as converged. For a single run."""
        return float(self.features.tolerance)

    @cached_property
    def arrived(self) -> int | None:
        """The step from which on ‖∇f‖ stays within the tolerance, or None. For a single run."""
        above = np.flatnonzero(~(self.slopes <= self.tolerance))
        first = int(above[-1]) + 1 if above.size else 0
        return first if first < len(self.values) else None


def descend(
    field: ScalarField | str | Callable[..., Any],
    start: Any,
    rate: Rate | None = None,
    steps: int = 100,
    method: str = "gradient descent",
    *,
    schedule: str | Callable[[int], float] = "constant",
    noise: float = 0.0,
    seed: int = 0,
    tolerance: float | None = None,
    told: Told | None = None,
    **parameters: float,
) -> Trajectory:
    """Search for a minimum of a field, step by step.

    Args:
        field: a `ScalarField`, or what makes one.
        start: θ₀; or many of them in an array of shape (…, n), for a batch.
        rate: the learning rate α; or an array of them, for a batch, broadcast against the starts;
            or a function of t = 0, 1, … that tells αₜ. Each method has a usual one. Newton's step
            is scaled by it, a line search tries it first.
        steps: how many steps to take.
        method: "gradient descent", "momentum", "nesterov", "adagrad", "rmsprop", "adam", "newton",
            "exact line search" or "backtracking", or of a row that was added to
            `gradwidgets.calculus.rules.methods`.
        schedule: "constant", "step", "1/t", "exponential", "cosine", or a function of t: a factor
            of the rate.
        noise: the standard deviation of normal noise on every component of the gradient; `seed`
            chooses it. All runs of a batch meet the same noise.
        tolerance: up to this ‖∇f‖ a run counts as converged; by default so much as is next to
            nothing beside the slopes on the domain. It takes all its steps all the same.
        told: called with the number of steps done and to do, now and then; what it raises ends
            the search.
        parameters: the method's own, as `momentum=0.9`.

    Returns:
        A `Trajectory`. Leaving the domain of definition, overflow and a singular Hessian (for
        Newton) end a run early, with a verdict and never with an exception.

    Raises:
        ValueError, TypeError: arguments that make no sense.
        DerivativeError: a callable without a derivative, or for Newton without a second one.

    >>> run = descend("x**2 + 10*y**2", start=(2, 1), rate=0.05, steps=200)
    >>> run.verdict, run.why
    ('converged', '‖∇f‖ fell below 1.00·10⁻⁶ at step 145: f = 1.99·10⁻¹⁸ at (0, 0), a minimum.')
    """
    field = field if isinstance(field, ScalarField) else ScalarField(field)
    given = complete(method, parameters)
    _check(steps, noise, tolerance)
    starts, rates = _batch(field, start, methods[method].rate if rate is None else rate, steps)
    rates = rates * factors(schedule, steps)
    if not np.isfinite(rates).all():
        raise ValueError("every learning rate is a finite number, and so is the schedule's factor")
    _refuse_without_derivative(field, method, starts.reshape(-1, starts.shape[-1])[:1])
    errors = noises(noise, seed, steps, starts.shape[-1])
    rows = _search(field, method, given, starts, rates, errors, told)
    alone = rates.ndim == 1
    parts = _parts(rows, starts[None] if alone else starts, rates, methods[method].state)
    runs = Trajectory(field, method, given, tolerance, noise, **parts)
    return runs[0] if alone else runs


def _check(steps: int, noise: float, tolerance: float | None) -> None:
    if isinstance(steps, bool) or not isinstance(steps, int | np.integer):
        raise TypeError(f"steps is a whole number, not {steps!r}")
    if not 0 <= steps <= MOST_STEPS:
        raise ValueError(f"steps lies between 0 and {MOST_STEPS}, not {steps}")
    if not (0 <= noise < np.inf and 0 <= (tolerance or 0.0) < np.inf):
        raise ValueError("noise and tolerance are finite and not negative")


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


# ── starts, rates ────────────────────────────────────────────────────────────────────────────────


def _batch(field: ScalarField, start: Any, rate: Rate, steps: int) -> tuple[Array, Array]:
    """Starts of shape (…, n) and learning rates of shape (…, steps), for the same batch."""
    count = len(field.variables)
    if isinstance(start, Mapping) or np.ndim(start) == 0:
        start = field.coordinates(start)
    starts = np.asarray(start, dtype=float)
    if starts.shape[-1] != count:
        raise ValueError(
            f"a start of {field.text} has {count} coordinates ({', '.join(field.variables)}), "
            f"not {starts.shape[-1]}"
        )
    if callable(rate):
        rates = np.array([float(rate(time)) for time in range(steps)])
    else:
        rates = np.repeat(np.asarray(rate, dtype=float)[..., None], steps, axis=-1)
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
    return np.broadcast_to(starts, (*shape, count)), np.broadcast_to(rates, (*shape, steps))


def factors(schedule: str | Callable[[int], float], steps: int) -> Array:
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


# ── many steps ───────────────────────────────────────────────────────────────────────────────────


def _search(
    field: ScalarField,
    method: str,
    given: Mapping[str, float],
    starts: Array,
    rates: Array,
    errors: Sequence[Place],
    told: Told | None,
) -> list[Sequence[Any]]:
    """A row for every step: of one run in Python's numbers, of a batch in arrays over the runs."""
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


# ── from rows to arrays ──────────────────────────────────────────────────────────────────────────


def _parts(
    rows: list[Sequence[Any]], starts: Array, rates: Array, names: Sequence[str]
) -> dict[str, Any]:
    """A trajectory's arrays, for runs of equal length: what stands behind a run's end is NaN."""
    (*shape, count), steps = starts.shape, rates.shape[-1]
    width = count * (1 + len(names))
    table = _table(rows, prod(shape), steps)
    points = np.concatenate([starts.reshape(-1, 1, count), table[:, :-1, :count]], axis=1)
    values, gradients = table[:, :, width], table[:, :, width + 1 : width + 1 + count]
    searched = table.shape[2] > width + 1 + count
    sizes = table[:, :-1, -2] if searched else np.array(rates.reshape(len(table), steps))
    carried = table[:, :-1, count:width].reshape(len(table), steps, len(names), count)
    over = np.arange(steps + 1) >= _lengths(points, values)[:, None]
    if over.any():
        for part in (points, values, gradients):
            part[over] = np.nan
        for part in (sizes, carried):
            part[over[:, 1:]] = np.nan
    return {
        "points": points.reshape(*shape, steps + 1, count),
        "values": values.reshape(*shape, steps + 1),
        "gradients": gradients.reshape(*shape, steps + 1, count),
        "step_sizes": sizes.reshape(*shape, steps),
        "state": {
            name: carried[:, :, place].reshape(*shape, steps, count)
            for place, name in enumerate(names)
        },
        "evaluations": int(np.nansum(table[0, :, -1])) + 1 if searched else len(rows),
    }


def _table(rows: list[Sequence[Any]], runs: int, steps: int) -> Array:
    """Run, time, part; NaN where there is no row, and where the last row is shorter."""
    made = np.full((steps + 1, max(len(rows[0]), len(rows[-1])), runs), np.nan)
    if np.ndim(rows[0][0]) == 0:
        flat = np.fromiter(chain.from_iterable(rows), float)
        made.reshape(-1)[: flat.size] = flat
    else:
        for time, row in enumerate(rows):
            for place, part in enumerate(row):
                made[time, place] = part
    return np.moveaxis(made, -1, 0)


def _lengths(points: Array, values: Array) -> Any:
    """How many points of each run count: one at which f is not finite is the last."""
    known, whole = np.isfinite(values), np.isfinite(points)
    if known.all() and whole.all():
        return np.full(values.shape[:-1], values.shape[-1])
    there = whole.all(axis=-1)
    good = there & known
    end = np.full((*good.shape[:-1], 1), False)
    first = np.argmin(np.concatenate([good, end], axis=-1), axis=-1)
    places = np.concatenate([there, end], axis=-1)
    return first + np.take_along_axis(places, first[..., None], axis=-1)[..., 0]
