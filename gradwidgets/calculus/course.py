"""The course of a descent: what its rows alone tell, and nothing is asked of f.

All is written with autograd.numpy and never branches on a value, so that it is traced with the
picture that tells it; of a finished run each is found when it is first asked for.
"""

from __future__ import annotations

from functools import cached_property
from itertools import pairwise
from typing import Any, NamedTuple

import autograd.numpy as anp
import numpy as np

from gradwidgets.calculus.looking import length
from gradwidgets.calculus.program import pick
from gradwidgets.calculus.truths import both, either, no, where
from gradwidgets.calculus.walk import Walk

RECENT = 12  # steps, or pairs of them, that tell what a run is doing
GROWTH, NOISY_GROWTH = 1.02, 2.0  # from third to third of a run: f grows
MOSTLY_UP = 0.6  # of the later steps raise f where it grows
BACK = -0.1  # the cosine between two steps of which the second turns back
LOUD = 10.0  # times the noise: a slope that is louder than it
LEAPING = 0.1  # of all that f has changed: a rise that is a leap
ROUNDED = 1e-12  # of f: a change that is rounding
CYCLE = 4  # steps: f takes the same values again where steps go to and fro


class Rise(NamedTuple):
    """The least value, the next that is seen to be higher, its step, and the step before it."""

    least: Any
    higher: Any
    step: Any
    before: Any


class Course:
    """How a single run went."""

    def __init__(self, walk: Walk) -> None:
        self.walk, self.manner = walk, walk.manner
        self.points, self.values, self.gradients = walk.points, walk.values, walk.gradients
        self.steps = walk.steps
        self.times = np.arange(float(len(walk.values)))
        self.first, self.last = walk.values[0], self.at(walk.values, walk.steps)
        self.place = self.at(walk.points, walk.steps)

    def at(self, rows: Any, time: Any) -> Any:
        """A row of the run at a time that is computed."""
        return pick(rows, time)

    @cached_property
    def taken(self) -> Any:
        """Which rows belong to the run."""
        return self.times <= self.steps

    @cached_property
    def stepping(self) -> Any:
        """Which steps were taken."""
        return self.times[:-1] < self.steps

    @cached_property
    def known(self) -> Any:
        """Where f is finite."""
        return both(self.taken, anp.isfinite(self.values))

    # ── slopes ────────────────────────────────────────────────────────────────────────────────────

    @cached_property
    def slopes(self) -> Any:
        """‖∇f‖ at every point."""
        return length(self.gradients)

    @cached_property
    def slope(self) -> Any:
        """‖∇f‖ at the end."""
        return self.at(self.slopes, self.steps)

    # ── the end ───────────────────────────────────────────────────────────────────────────────────

    @cached_property
    def last_gradient(self) -> Any:
        """∇f at the last place."""
        return self.at(self.gradients, self.steps)

    @cached_property
    def answered(self) -> Any:
        """Whether f has a gradient at the last place."""
        return anp.all(anp.isfinite(self.last_gradient))

    @cached_property
    def last_is_known(self) -> Any:
        """Whether f is finite at the last place."""
        return anp.isfinite(self.last)

    @cached_property
    def ended(self) -> Any:
        """Whether the run could not go on."""
        return either(self.walk.ended, no(both(self.last_is_known, self.answered)))

    @cached_property
    def last_known(self) -> Any:
        """The last step at which f is finite, or 0."""
        return anp.max(where(self.known, self.times, 0.0))

    @cached_property
    def last_value(self) -> Any:
        """The last value that is finite."""
        return self.at(self.values, self.last_known)

    @cached_property
    def last_known_place(self) -> Any:
        """Where it was."""
        return self.at(self.points, self.last_known)

    @cached_property
    def unbounded(self) -> Any:
        """Whether the slope at the last place is infinite."""
        gradient = self.last_gradient
        return both(anp.any(anp.isinf(gradient)), no(anp.any(anp.isnan(gradient))))

    @cached_property
    def zero_over_zero(self) -> Any:
        """Whether a slope is 0 all along, and the rule divides by its size."""
        silent = either(self.gradients == 0, no(self.taken)[:, None])
        return both(self.manner.bare > 0, lambda: anp.any(anp.all(silent, axis=0)))

    # ── how f changed ─────────────────────────────────────────────────────────────────────────────

    @cached_property
    def spread(self) -> Any:
        """By how much f has changed, and no less than what it loses to rounding."""
        least = anp.min(where(self.known, self.values, np.inf))
        most = anp.max(where(self.known, self.values, -np.inf))
        return anp.maximum(most - least, ROUNDED * anp.abs(self.last))

    @cached_property
    def least(self) -> Any:
        """The least value."""
        return anp.min(where(self.taken, self.values, np.inf))

    @cached_property
    def thirds(self) -> tuple[Any, Any, Any]:
        """The mean of f over each third of a run, above its least value."""
        count = self.steps + 1.0
        share = anp.floor(count / 3.0)
        more = count - 3.0 * share  # the first thirds are longer
        ends = (0.0, share + (more > 0), 2.0 * share + more, count)
        above = where(self.taken, self.values - self.least, 0.0)
        first, second, third = (
            anp.sum(where(both(low <= self.times, self.times < high), above, 0.0))
            / anp.maximum(high - low, 1.0)
            for low, high in pairwise(ends)
        )
        return first, second, third

    @cached_property
    def late(self) -> tuple[Any, Any, Any]:
        """The mean of f over the last steps but a few, over these, and by how much f varies."""
        behind = self.steps - self.times  # 0 at the last
        now, before = both(self.taken, behind < CYCLE), both(behind >= CYCLE, behind < 2 * CYCLE)
        seen = either(now, before)
        least = anp.min(where(seen, self.values, np.inf))
        most = anp.max(where(seen, self.values, -np.inf))
        means = (
            anp.sum(where(part, self.values, 0.0)) / anp.sum(1.0 * part) for part in (before, now)
        )
        return (*means, most - least)

    @cached_property
    def changes(self) -> Any:
        """By how much every step raises f; 0 behind the end."""
        return where(self.stepping, self.values[1:] - self.values[:-1], 0.0)

    @cached_property
    def recent_rises(self) -> tuple[Any, Any]:
        """How many of how many recent steps raised f."""
        recent = self.times[:-1] >= self.steps - RECENT
        return anp.sum(1.0 * both(recent, self.changes > 0)), anp.minimum(self.steps, float(RECENT))

    @cached_property
    def growing(self) -> Any:
        """Whether f and its slope grow from third to third."""
        growth = where(self.manner.noise > 0, NOISY_GROWTH, GROWTH)
        one, two, three = self.thirds
        half = anp.floor(self.steps / 2.0)
        later = both(self.times[:-1] >= half, self.changes > 0)
        return both(
            self.steps >= 3.0,
            self.slope > self.slopes[0] * (1 + ROUNDED),
            two > growth * one,
            three > growth * two,
            anp.sum(1.0 * later) > MOSTLY_UP * (self.steps - half),
        )

    @cached_property
    def leap(self) -> Any:
        """The greatest rise of f in the last third of the steps, beside all that it has changed."""
        late = self.times[:-1] >= self.steps - anp.maximum(anp.floor(self.steps / 3.0), 1.0)
        greatest = anp.max(where(late, self.changes, 0.0), axis=0)
        return where(self.spread > 0, greatest / self.spread, 0.0)

    @cached_property
    def leaps(self) -> Any:
        """How many steps raised f by a tenth of all that it has changed, or more."""
        return anp.sum(1.0 * (self.changes > LEAPING * self.spread))

    @cached_property
    def rise(self) -> Rise:
        """From the least value before the end up to the next that is seen to be higher."""
        before = self.times[:-1]
        valued = both(self.stepping, self.values[:-1] == self.values[:-1])
        least = anp.min(where(valued, self.values[:-1], np.inf))
        step = anp.min(where(both(valued, self.values[:-1] == least), before, np.inf))
        step = where(anp.isfinite(step), step, 0.0)
        later = both(self.taken, self.times > step, _three(self.values) > _three(least))
        at = anp.min(where(later, self.times, np.inf))
        at = where(anp.isfinite(at), at, step + 1.0)
        return Rise(self.at(self.values, step), self.at(self.values, at), at, step)

    @cached_property
    def rise_rate(self) -> Any:
        """The learning rate of the step that raised f."""
        return self.at(self.walk.step_sizes, self.rise.before)

    # ── how the steps turned ──────────────────────────────────────────────────────────────────────

    @cached_property
    def moves(self) -> Any:
        """All steps, as differences of places; 0 behind the end."""
        return where(self.stepping[:, None], self.points[1:] - self.points[:-1], 0.0)

    @cached_property
    def moving(self) -> Any:
        """Which steps lead to another place."""
        return anp.any(self.moves != 0, axis=1)

    @cached_property
    def resting(self) -> Any:
        """The step from which on the run stays where it is; the number of steps if it moves."""
        return 1.0 + anp.max(where(self.moving, self.times[:-1], -1.0))

    @cached_property
    def noisy(self) -> Any:
        """Whether the slope is so little that the noise may drown it."""
        return self.slope < LOUD * self.manner.noise

    @cached_property
    def turns(self) -> tuple[Any, Any]:
        """How many of how many recent pairs of steps turned back."""
        lengths = length(self.moves)
        lengths = where(lengths > 0, lengths, 1.0)
        towards = self.moves / lengths[:, None]
        cosines = anp.sum(towards[1:] * towards[:-1], axis=1)
        recent = both(self.stepping[1:], self.times[:-2] >= self.steps - 1.0 - RECENT)
        pairs = anp.maximum(anp.minimum(self.steps - 1.0, float(RECENT)), 0.0)
        return anp.sum(1.0 * both(recent, cosines < BACK)), pairs


def _three(values: Any) -> Any:
    """What of the values is seen in three digits."""
    size = where(both(values != 0, anp.isfinite(values)), anp.abs(values), 1.0)
    unit = 10.0 ** (anp.floor(anp.log10(size)) - 2.0)
    return where(anp.isfinite(values), unit * anp.rint(values / unit), values)
