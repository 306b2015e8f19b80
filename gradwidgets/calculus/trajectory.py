"""The path of a search, or of a batch of searches, as arrays; and what became of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, reduce
from itertools import chain
from math import isfinite, prod
from typing import Any, TypeAlias

import numpy as np

from gradwidgets.calculus.features import Features
from gradwidgets.calculus.field import ScalarField
from gradwidgets.calculus.looking import ground_of
from gradwidgets.calculus.rules import methods
from gradwidgets.calculus.types import Array
from gradwidgets.calculus.verdict import Verdict, judge
from gradwidgets.calculus.walk import Walk, manner_of

# What a search was asked for, with which a trajectory begins: from `field` to `noise`.
Asked: TypeAlias = tuple[ScalarField, str, Mapping[str, float], float | None, float]


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


# ── from rows to arrays ──────────────────────────────────────────────────────────────────────────


def trajectory_of(
    asked: Asked, rows: Sequence[Sequence[Any]], starts: Array, rates: Array
) -> Trajectory:
    """The trajectory of a search's rows, see `rows_of`; of a batch if rates have several axes."""
    alone, names = rates.ndim == 1, methods[asked[1]].state
    runs = Trajectory(*asked, **_parts(rows, starts[None] if alone else starts, rates, names))
    return runs[0] if alone else runs


def _parts(
    rows: Sequence[Sequence[Any]], starts: Array, rates: Array, names: Sequence[str]
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


def _table(rows: Sequence[Sequence[Any]], runs: int, steps: int) -> Array:
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
