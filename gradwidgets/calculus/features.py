"""Features of a descent: the numbers of a run from which its verdict follows.

They are written with autograd.numpy and never branch on a value, so that they are traced with the
picture that tells them; of a finished run each is found when it is first asked for.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any, NamedTuple

import autograd.numpy as anp
import numpy as np

from gradwidgets.calculus.corners import is_corner_at
from gradwidgets.calculus.course import RECENT, Course
from gradwidgets.calculus.critical import (
    AROUND,
    KINDS,
    axes,
    curvatures_at,
    kind_at,
    nearby,
    ways,
)
from gradwidgets.calculus.looking import (
    Ground,
    length,
    look,
    loop,
    numbers_of,
    question,
    split,
)
from gradwidgets.calculus.reference import (
    Reference,
    minimum_near,
    next_to_nothing,
    steepest_between,
)
from gradwidgets.calculus.slopes import slope_along
from gradwidgets.calculus.truths import both, either, is_known, no, where
from gradwidgets.calculus.walk import Walk

FAR = 1e3  # sizes of the domain: so far away a value that overflows is no edge of a domain
SAMPLES, ZOOMS = 17, 12  # of a step: each zoom is to an eighth
POLE = 1e6  # times what f has changed: so deep it is only at a pole
STEADY = 0.5  # of the fall in the zooms before: a logarithm falls on to its pole, a cusp ends
TIP = 1e-10  # of the domain's widths: so near a run is at a tip
DECADES = (1e-1, 1e-5, 1e-9)  # of the domain's widths, as far apart from each other
ACROSS = (1e-10, 1e-5)  # of the domain's widths: beside a jump, and further away
UNSEEN = 1e-5  # of the domain's width
FADED = 1e-12  # of the longest step: a component of a step that is rounding
SHRINKS = 1 - 1e-9  # from step to step
ALIKE = 0.1  # between the factor that α·λ predicts and the one that is seen
MOSTLY = 0.9  # of the pairs of steps along an eigenvector


class Alternation(NamedTuple):
    """Steps that turn back along an eigenvector at every step: its α·λ; NaN where there is none.

    Whether each is shorter than the one before, and whether f is the quadratic of the Hessian
    there: then each is 1 − α·λ times the one before.
    """

    product: Any
    turns: Any
    shrinks: Any
    fits: Any


class Features(Course):
    """What a single run shows, beside its course: what f itself says of it, on its domain."""

    def __init__(self, ground: Ground, walk: Walk) -> None:
        super().__init__(walk)
        self.ground, self.middle, self.width = ground, ground.middle, ground.width

    @cached_property
    def place_numbers(self) -> tuple[Any, ...]:
        """The last place, coordinate by coordinate."""
        return numbers_of(self.place)

    # ── what counts as no slope ───────────────────────────────────────────────────────────────────

    @cached_property
    def tolerance(self) -> Any:
        """The slope up to which the run counts as converged."""
        asked = self.manner.tolerance
        given = asked == asked
        if is_known(given) and given:
            return asked
        own = anp.max(where(both(self.taken, self.slopes >= 0), self.slopes, 0.0))
        return where(given, asked, next_to_nothing(self.ground, own, self.place))

    @cached_property
    def arrived(self) -> Any:
        """The step from which on ‖∇f‖ stays within the tolerance; NaN without one."""
        above = both(self.taken, no(self.slopes <= self.tolerance))
        first = 1.0 + anp.max(where(above, self.times, -1.0))
        return where(first <= self.steps, first, np.nan)

    @cached_property
    def has_arrived(self) -> Any:
        """Whether there is such a step."""
        return anp.isfinite(self.arrived)

    # ── where it ends ─────────────────────────────────────────────────────────────────────────────

    @cached_property
    def shown(self) -> Any:
        """The last place as it is told: what is negligible beside the domain is 0."""
        return self.tell(self.place)

    def tell(self, place: Any) -> Any:
        """A place whose negligible coordinates are 0."""
        return where(anp.abs(place) < UNSEEN * self.width, 0.0, place)

    def is_far(self, place: Any) -> Any:
        """Whether a place is so far away that f there is for want of digits."""
        return anp.max(anp.abs(place - self.middle)) > FAR * self.width

    @cached_property
    def far(self) -> Any:
        """Whether the last place is far away, or the last at which f is known."""
        return either(self.is_far(self.place), self.is_far(self.last_known_place))

    def is_inside(self, place: Any) -> Any:
        """Whether the domain that is shown holds a place."""
        return anp.all(both(self.ground.low <= place, place <= self.ground.high))

    # ── f at the end ──────────────────────────────────────────────────────────────────────────────

    @cached_property
    def at_corner(self) -> Any:
        """Whether the gradient leaps at the last place."""
        return is_corner_at(self.ground, *self.place_numbers)[0] > 0

    @cached_property
    def agreed(self) -> Any:
        """The slopes on which both sides agree at a last place without answer; NaN elsewhere."""
        there = (*self.place_numbers, *numbers_of(self.last_gradient))
        return _agreed(self.ground, *there, when=no(self.answered))

    @cached_property
    def kind(self) -> Any:
        """What lies at the end, as a place in `critical.KINDS`."""
        return kind_at(self.ground, *self.place_numbers)[0]

    def is_a(self, *kinds: str) -> Any:
        """Whether one of these lies at the end."""
        return either(*(self.kind == float(KINDS.index(kind)) for kind in kinds))

    @cached_property
    def eigenvalues(self) -> Any:
        """The Hessian's at the end; NaN where f is not twice differentiable."""
        return curvatures_at(self.ground, *self.place_numbers)

    @cached_property
    def critical_place(self) -> Any:
        """The critical point beside the end."""
        return self.tell(nearby(self.ground, *numbers_of(self.shown)))

    @cached_property
    def product(self) -> Any:
        """α·λmax where f began to rise; NaN where f is not twice differentiable."""
        place = self.at(self.points, self.rise.before)
        greatest = curvatures_at(self.ground, *numbers_of(place))[-1]
        return self.rise_rate * greatest

    # ── what the slope promises ───────────────────────────────────────────────────────────────────

    @cached_property
    def promised(self) -> Any:
        """What the slope at the end promises over the whole domain, beside what f has changed."""
        return self.slope * self.width / self.spread

    @cached_property
    def far_promised(self) -> Any:
        """The same over as much of the way as the end is away."""
        found = self.slope * length(self.place - self.middle) / self.spread
        return where(self.spread > 0, found, 0.0)

    @cached_property
    def gentleness(self) -> Any:
        """The slope at the end beside what is usual on the domain."""
        usual = self.ground.usual
        return where(usual > 0, self.slope / usual, np.inf)

    # ── what lies ahead, and around ───────────────────────────────────────────────────────────────

    @cached_property
    def minimum_ahead(self) -> Any:
        """Whether a minimum lies downhill of the end."""
        return self.ahead.minimum

    @cached_property
    def ahead(self) -> Reference:
        """The minimum downhill of the end."""
        return minimum_near(self.ground, self.place)

    @cached_property
    def at_tip(self) -> Any:
        """Whether the end is a minimum without a gradient, as far as digits tell; not at a pole.

        Towards a logarithm's pole f falls as much in each decade of the distance.
        """
        units = self.ground.widths
        near = anp.all(anp.abs(self.ahead.place - self.place) <= TIP * units)
        far, there, close = (self.value_beside(share * units) for share in DECADES)
        ends = anp.abs(there - close) <= 0.5 * anp.abs(far - there)
        return both(self.ahead.minimum, self.ahead.corner, near, ends)

    def value_beside(self, step: Any) -> Any:
        """f a step away from the end."""
        return look(self.ground, self.place + step, 0).value

    @cached_property
    def easing(self) -> Any:
        """Whether f gets no steeper on the way to a minimum ahead: the end is on no plateau."""
        steepest = steepest_between(self.ground, self.place, self.ahead)
        return self.slope >= steepest * (1 - 1e-9)

    @cached_property
    def on_floor(self) -> Any:
        """Whether f has come down, and falls nowhere around the end, though it may stay level."""
        least = self.last - FADED * self.spread
        around = [self._on_both_sides(share) for share in AROUND]
        return both(self.last < self.first, no(anp.any(anp.array(around) < least)))

    def _on_both_sides(self, share: float) -> Any:
        """f beside the end in all directions, so much of the domain's widths away."""
        steps = [side * share * way for way in ways(len(self.middle)) for side in (-1.0, 1.0)]
        return anp.array([self.value_beside(step * self.ground.widths) for step in steps])

    @cached_property
    def at_jump(self) -> Any:
        """Whether f changes as much right beside the end as further away: it jumps there."""
        close, wide = (anp.max(anp.abs(self._on_both_sides(share) - self.last)) for share in ACROSS)
        return close > anp.maximum(0.5 * wide, FADED * anp.abs(self.last))

    # ── what the steps met ────────────────────────────────────────────────────────────────────────

    @cached_property
    def over_pole(self) -> Any:
        """The step that raised f most, if it leapt over a pole where f falls to −∞; else 0.

        A logarithm's pole counts where the run ends out of sight: within it leaps again and again.
        """
        most = anp.max(self.changes)
        step = anp.min(where(self.changes == most, self.times[:-1], np.inf))
        step = where(anp.isfinite(step), step, 0.0)
        raised = both(no(self.ended), most > 0)
        place, move = self.at(self.points, step), self.at(self.moves, step)
        way = (*numbers_of(place), *numbers_of(move))
        early, late, depth = numbers_of(_zoomed(self.ground, *way, when=raised))
        deep = self.at(self.values, step) - depth > POLE * self.spread
        fell = both(early - late > FADED * self.spread, late - depth >= STEADY * (early - late))
        leapt = either(deep, both(fell, no(self.is_inside(self.place))))
        return where(both(raised, leapt), step + 1.0, 0.0)

    @cached_property
    def alternation(self) -> Alternation:
        """Of the eigenvectors at the end the one with the greatest α·λ along which steps turn back.

        Steps count as long as their component there is more than rounding.
        """
        found = Alternation(np.nan, False, False, False)
        sizes = self.walk.step_sizes
        if len(self.times) < 4:
            return found
        rate = sizes[0]
        steady = both(
            self.manner.plain > 0, lambda: anp.all(either(sizes == rate, no(self.stepping)))
        )
        if is_known(steady) and not steady:
            return found
        values, vectors = axes(self.ground, self.place)
        beyond = rate * values[-1] > 1
        if is_known(beyond) and not beyond:
            return found
        for k in range(len(values)):  # the greatest comes last, and counts
            one = self._alternates(anp.dot(self.moves, vectors[:, k]), rate * values[k])
            turns = both(one.turns, steady, self.steps >= 3.0, one.product > 1)
            found = Alternation(
                where(turns, one.product, found.product),
                either(turns, found.turns),
                where(turns, one.shrinks, found.shrinks),
                where(turns, one.fits, found.fits),
            )
        return found

    def _alternates(self, part: Any, product: Any) -> Alternation:
        counts = anp.abs(part) > FADED * anp.max(anp.abs(self.moves))
        pairs = both(counts[1:], counts[:-1])
        behind = anp.cumsum(1.0 * pairs[::-1])[::-1]
        recent = both(pairs, behind <= 2.0 * RECENT)
        number = anp.sum(1.0 * recent)
        ratios = part[1:] / where(recent, part[:-1], 1.0)

        def share(truth: Any) -> Any:
            return anp.sum(1.0 * both(recent, truth)) / number

        shrinks = share(anp.abs(ratios) < SHRINKS) == 1
        expected = 1.0 - product  # the median lies between, where more than half do on either side
        fits = both(share(ratios > expected - ALIKE) > 0.5, share(ratios < expected + ALIKE) > 0.5)
        turns = both(number >= 2.0, share(ratios < 0) >= MOSTLY)
        return Alternation(product, turns, shrinks, fits)


@question
def _agreed(ground: Ground, *numbers: Any) -> Any:
    """The slopes at a place on which both sides agree, beside autograd's answers; else NaN."""
    count = ground.count
    place, answers = numbers[:count], numbers[count:]
    slopes = [
        slope_along(
            lambda *there: look(ground, there, 0).value,
            place,
            axis,
            answers[axis],
            ground.widths[axis],
            ground.height,
        )
        for axis in range(count)
    ]
    return [where(slope.smooth, slope.told, np.nan) for slope in slopes]


@question
def _zoomed(ground: Ground, *way: Any) -> Any:
    """The least value on the way of a step, by ever finer samples: they lead to a pole.

    First after a third of the zooms, then after two thirds, then after all.
    """
    last, count = SAMPLES - 1.0, ground.count
    turns = SAMPLES * ZOOMS

    def body(ground: Ground, *numbers: Any) -> Any:
        sample, lowest, at, low, high, turn, *least, deepest = numbers[:9]
        place, move = split(numbers[9:], count, count)
        value = look(ground, place + (low + sample / last * (high - low)) * move, 0).value
        lower, over = value < lowest, sample >= last
        lowest, at = where(lower, value, lowest), where(lower, sample, at)
        near, far = (anp.maximum(at - 1.0, 0.0) / last, anp.minimum(at + 1.0, last) / last)
        return True, (
            where(over, 0.0, sample + 1.0),
            where(over, np.inf, lowest),
            at,
            where(over, low + near * (high - low), low),
            where(over, low + far * (high - low), high),
            turn + 1.0,
            *(where(turn < k * turns / 3, deepest, one) for k, one in enumerate(least, 1)),
            where(lower, anp.minimum(value, deepest), deepest),
        )

    start = (0.0, np.inf, 0.0, 0.0, 1.0, 0.0, np.inf, np.inf, np.inf)
    found = loop(ground, body, start, turns, way)[-3:]
    return tuple(where(one < np.inf, one, np.nan) for one in found)
