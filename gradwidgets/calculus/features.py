"""Features of a descent: the numbers of a run from which its verdict follows."""

from __future__ import annotations

import math
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gradwidgets.calculus.corners import is_corner
from gradwidgets.calculus.critical import (
    AROUND,
    axes,
    curvatures,
    kind,
    nearby,
    value_at,
    ways,
    widths,
)
from gradwidgets.calculus.field import Array
from gradwidgets.calculus.rates import stability_bound
from gradwidgets.calculus.reference import box, minimum_near, steepest_below, usual_slope
from gradwidgets.calculus.tracing import calm
from gradwidgets.calculus.wording import three_digits

if TYPE_CHECKING:
    from gradwidgets.calculus.descent import Trajectory

FAR = 1e3  # sizes of the domain: so far away a value that overflows is no edge of a domain
RECENT = 12  # steps, or pairs of them, that tell what a run is doing
GROWTH, NOISY_GROWTH = 1.02, 2.0  # from third to third of a run: f grows
UNSEEN = 1e-5  # of the domain's width
TIP = 1e-10  # of the domain's widths: so near a run is at a tip
DECADES = (1e-1, 1e-5, 1e-9)  # of the domain's widths, as far apart from each other
SAMPLES, ZOOMS = 17, 12  # of a step: each zoom is to an eighth
POLE = 1e6  # times what f has changed: so deep it is only at a pole
ACROSS = (1e-10, 1e-5)  # of the domain's widths: beside a jump, and further away
BACK = -0.1  # the cosine between two steps of which the second turns back
FADED = 1e-12  # of the longest step: a component of a step that is rounding
SHRINKS = 1 - 1e-9  # from step to step
ALIKE = 0.1  # between the factor that α·λ predicts and the one that is seen
MOSTLY = 0.9  # of the pairs of steps along an eigenvector
LOUD = 10.0  # times the noise: a slope that is louder than it


class Alternation(NamedTuple):
    """Steps that turn back along an eigenvector at every step: its α·λ; NaN where there is none.

    Whether each is shorter than the one before, and whether f is the quadratic of the Hessian
    there: then each is 1 − α·λ times the one before.
    """

    product: float
    turns: bool
    shrinks: bool
    fits: bool


class Features:
    """What a single run shows, each feature found when it is first asked for."""

    def __init__(self, run: Trajectory) -> None:
        self.run, self.field = run, run.field
        self.steps, self.method = len(run), run.method
        self.values, self.points, self.slopes = run.values, run.points, run.slopes
        self.first, self.last = float(run.values[0]), float(run.values[-1])
        self.place, self.slope = run.points[-1], float(run.slopes[-1])
        self.middle, self.width = box(run.field)
        self.known = np.isfinite(run.values)

    # ── the end of a run ─────────────────────────────────────────────────────────────────────────

    @cached_property
    def ended(self) -> bool:
        """Whether the run could not go on."""
        return self.run.ended or not (math.isfinite(self.last) and self.answered)

    @cached_property
    def last_known(self) -> int:
        """The last step at which f is finite, or 0."""
        return int(np.max(np.flatnonzero(self.known), initial=0))

    @cached_property
    def shown(self) -> Array:
        """The last place as it is told: what is negligible beside the domain is 0."""
        return self.tell(self.place)

    def tell(self, place: Array) -> Array:
        """A place whose negligible coordinates are 0."""
        return np.where(np.abs(place) < UNSEEN * self.width, 0.0, place)

    def is_far(self, place: Array) -> bool:
        """Whether a place is so far away that f there is for want of digits."""
        return bool(np.max(np.abs(place - self.middle)) > FAR * self.width)

    @cached_property
    def far(self) -> bool:
        """Whether the last place is far away, or the last at which f is known."""
        return self.is_far(self.place) or self.is_far(self.points[self.last_known])

    def is_inside(self, place: Array) -> bool:
        """Whether the domain that is shown holds a place."""
        low, high = np.array(list(self.field.domain.values())).T
        return bool(((low <= place) & (place <= high)).all())

    @cached_property
    def answered(self) -> bool:
        """Whether f has a gradient at the last place."""
        return all(map(math.isfinite, self.run.gradients[-1].tolist()))

    @cached_property
    def at_corner(self) -> bool:
        """Whether the gradient leaps at the last place."""
        return is_corner(self.field, self.place)

    @cached_property
    def agreed(self) -> Array:
        """The slopes at the last place on which both sides agree; NaN where they do not."""
        with calm():
            slopes = self.field.slopes(tuple(map(np.float64, self.place)), self.run.gradients[-1])
        return np.array([np.where(slope.smooth, slope.told, np.nan) for slope in slopes])

    @cached_property
    def unbounded(self) -> bool:
        """Whether the slope at the last place is infinite."""
        gradient = self.run.gradients[-1]
        return bool(np.isinf(gradient).any() and not np.isnan(gradient).any())

    @cached_property
    def zero_over_zero(self) -> bool:
        """Whether a slope is 0 all along, and the rule divides by its size."""
        memory = self.run.state.get("squares")
        divided = memory is not None and self.run.parameters.get("epsilon") == 0
        return bool(divided and (self.run.gradients == 0).all(axis=0).any())

    # ── where it stands ──────────────────────────────────────────────────────────────────────────

    @cached_property
    def kind(self) -> str:
        """What lies at the end, see `critical.kind`."""
        return kind(self.field, self.place)

    @cached_property
    def eigenvalues(self) -> Array:
        """The Hessian's at the end; NaN where f is not twice differentiable."""
        return curvatures(self.field, self.place)

    @cached_property
    def critical_place(self) -> Array:
        """The critical point beside the end."""
        return self.tell(nearby(self.field, self.shown))

    @cached_property
    def spread(self) -> float:
        """By how much f has changed, and no less than what it loses to rounding."""
        return max(float(np.ptp(self.values[self.known])), 1e-12 * abs(self.last))

    @cached_property
    def promised(self) -> float:
        """What the slope at the end promises over the whole domain, beside what f has changed."""
        return self.slope * self.width / self.spread if self.spread else math.inf * self.slope

    @cached_property
    def far_promised(self) -> float:
        """The same over as much of the way as the end is away."""
        away = float(np.hypot.reduce(self.place - self.middle))
        return self.slope * away / self.spread if self.spread else 0.0

    @cached_property
    def gentleness(self) -> float:
        """The slope at the end beside what is usual on the domain."""
        usual = usual_slope(self.field)
        return self.slope / usual if usual else math.inf

    @cached_property
    def minimum_ahead(self) -> bool:
        """Whether a minimum lies downhill of the end."""
        return minimum_near(self.field, tuple(self.place.tolist())).minimum

    @cached_property
    def at_tip(self) -> bool:
        """Whether the end is a minimum without a gradient, as far as digits tell; not at a pole.

        Towards a logarithm's pole f falls as much in each decade of the distance.
        """
        found, units = minimum_near(self.field, tuple(self.place.tolist())), widths(self.field)
        near = np.abs(np.subtract(found.place, self.place)) <= TIP * units
        far, there, close = (value_at(self.field, self.place + share * units) for share in DECADES)
        ends = abs(there - close) <= 0.5 * abs(far - there)
        return bool(found.minimum and found.corner and near.all() and ends)

    @cached_property
    def easing(self) -> bool:
        """Whether f gets no steeper on the way to a minimum ahead: the end is on no plateau."""
        return self.slope >= steepest_below(self.field, tuple(self.place.tolist())) * (1 - 1e-9)

    @cached_property
    def on_floor(self) -> bool:
        """Whether f has come down, and falls nowhere around the end, though it may stay level."""
        shares, around = (*AROUND, *(-share for share in AROUND)), ways(len(self.place))
        away = [share * way * widths(self.field) for share in shares for way in around]
        least = self.last - FADED * self.spread
        falls = any(value_at(self.field, self.place + step) < least for step in away)
        return self.last < self.first and not falls

    @cached_property
    def at_jump(self) -> bool:
        """Whether f changes as much right beside the end as further away: it jumps there."""
        close, wide = (
            max(
                abs(
                    value_at(self.field, self.place + side * share * way * widths(self.field))
                    - self.last
                )
                for way in ways(len(self.place))
                for side in (-1, 1)
            )
            for share in ACROSS
        )
        return close > max(0.5 * wide, FADED * abs(self.last))

    @cached_property
    def over_pole(self) -> int:
        """The step that raised f most, if it leapt over a pole where f falls to −∞; else 0.

        On the way of the step ever finer samples around the lowest value lead to the pole.
        """
        if self.ended or not self.rises.any():
            return 0
        step = int(np.argmax(np.diff(self.values)))
        place, move, low, high = self.points[step], self.moves[step], 0.0, 1.0
        for _ in range(ZOOMS):
            shares = np.linspace(low, high, SAMPLES)
            found = [value_at(self.field, place + share * move) for share in shares]
            lowest = int(np.nanargmin([*found, math.inf])) % SAMPLES
            low, high = shares[max(lowest - 1, 0)], shares[min(lowest + 1, SAMPLES - 1)]
        return step + 1 if self.values[step] - found[lowest] > POLE * self.spread else 0

    # ── how f changed ────────────────────────────────────────────────────────────────────────────

    @cached_property
    def thirds(self) -> tuple[float, float, float]:
        """The mean of f over each third of a run, above its least value."""
        least, count = float(np.min(self.values)), len(self.values)
        ends = (0, (count + 2) // 3, (count + 2) // 3 + (count + 1) // 3, count)
        first, second, third = (
            float(np.add.reduce(self.values[low:high])) / (high - low) - least
            if low < high
            else 0.0
            for low, high in pairwise(ends)
        )
        return first, second, third

    @cached_property
    def changes(self) -> Array:
        """By how much each step changes f."""
        return self.values[1:] - self.values[:-1]

    @cached_property
    def rises(self) -> NDArray[np.bool_]:
        """Which steps raise f."""
        return self.changes > 0

    @cached_property
    def recent_rises(self) -> tuple[int, int]:
        """How many of how many recent steps raised f."""
        recent = self.rises[-RECENT:]
        return int(np.sum(recent)), len(recent)

    @cached_property
    def growing(self) -> bool:
        """Whether f and its slope grow from third to third."""
        growth = NOISY_GROWTH if self.run.noise else GROWTH
        one, two, three = self.thirds
        rises = self.rises[len(self.rises) // 2 :]
        steeper = self.slope > self.slopes[0] and two > growth * one and three > growth * two
        return bool(self.steps >= 3 and steeper and np.mean(rises) > 0.6)

    @cached_property
    def leap(self) -> float:
        """The greatest rise of f in the last third of the steps, beside all that it has changed."""
        late = self.changes[-max(self.steps // 3, 1) :]
        return float(np.max(late, initial=0.0)) / self.spread if self.spread else 0.0

    @cached_property
    def leaps(self) -> int:
        """How many steps raised f by a tenth of all that it has changed, or more."""
        return int(np.sum(self.changes > 0.1 * self.spread))

    @cached_property
    def rise(self) -> tuple[float, float, int, int]:
        """The least value, the next that is seen to be higher, its step, and the step before it."""
        step = int(np.nanargmin(self.values[:-1]))
        least, seen = self.values[step], three_digits(self.values[step])
        later = range(step + 1, len(self.values))
        higher = (
            k for k in later if self.values[k] > least and three_digits(self.values[k]) != seen
        )
        at = next(higher, step + 1)
        return float(least), float(self.values[at]), at, step

    @cached_property
    def product(self) -> float:
        """α·λmax where f began to rise; NaN where f is not twice differentiable."""
        step = self.rise[3]
        return float(self.run.step_sizes[step] * curvatures(self.field, self.points[step])[-1])

    @cached_property
    def bound(self) -> float:
        """The product α·λ beyond which the method's error grows; for some methods there is none."""
        if self.method == "gradient descent":
            return stability_bound()
        if self.method in ("momentum", "nesterov"):
            return stability_bound(self.run.parameters["momentum"], self.method)
        return math.inf

    # ── how the steps turned ─────────────────────────────────────────────────────────────────────

    @cached_property
    def moves(self) -> Array:
        """All steps, as differences of places."""
        return self.points[1:] - self.points[:-1]

    @cached_property
    def resting(self) -> int:
        """The step from which on the run stays where it is; the number of steps if it moves."""
        if self.steps and self.moves[-1].any():
            return self.steps
        moved = np.flatnonzero(self.moves.any(axis=1))
        return int(moved[-1]) + 1 if moved.size else 0

    @cached_property
    def noisy(self) -> bool:
        """Whether the slope is so little that the noise may drown it."""
        return self.slope < LOUD * self.run.noise

    @cached_property
    def turns(self) -> tuple[int, int]:
        """How many of how many recent pairs of steps turned back."""
        steps = self.moves[-RECENT - 1 :]
        lengths = np.hypot.reduce(steps, axis=1)
        both = lengths[1:] * lengths[:-1]
        cosines = np.sum(steps[1:] * steps[:-1], axis=1) / np.where(both > 0, both, 1.0)
        return int(np.sum(cosines < BACK)), len(cosines)

    @cached_property
    def alternation(self) -> Alternation:
        """Of the eigenvectors at the end the one with the greatest α·λ along which steps turn back.

        Steps count as long as their component there is more than rounding.
        """
        nothing = Alternation(math.nan, False, False, False)
        if self.method != "gradient descent" or self.steps < 3 or np.ptp(self.run.step_sizes):
            return nothing
        values, vectors = axes(self.field, self.place)
        found = (
            self._alternates(self.moves @ vectors[:, k], float(self.run.step_sizes[0] * values[k]))
            for k in reversed(range(len(values)))
            if self.run.step_sizes[0] * values[k] > 1
        )
        return next((one for one in found if one.turns), nothing)

    def _alternates(self, part: Array, product: float) -> Alternation:
        counts = np.abs(part) > FADED * np.max(np.abs(self.moves))
        pairs = np.flatnonzero(counts[1:] & counts[:-1])[-2 * RECENT :]
        if pairs.size < 2:
            return Alternation(product, False, False, False)
        ratios = part[pairs + 1] / part[pairs]
        return Alternation(
            product,
            float(np.mean(ratios < 0)) >= MOSTLY,
            bool(np.all(np.abs(ratios) < SHRINKS)),
            bool(abs(np.median(ratios) - (1 - product)) < ALIKE),
        )
