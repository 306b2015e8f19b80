"""Features of a descent: the numbers of a run from which its verdict follows.

They are written with autograd.numpy and never branch on a value, so that they are traced with the
picture that tells them; of a finished run each is found when it is first asked for.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cached_property
from itertools import pairwise
from typing import Any, NamedTuple

import autograd.numpy as anp
import numpy as np

from gradwidgets.calculus.corners import is_corner_at
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
from gradwidgets.calculus.program import pick
from gradwidgets.calculus.rates import PLAIN
from gradwidgets.calculus.reference import (
    Reference,
    minimum_near,
    next_to_nothing,
    steepest_between,
)
from gradwidgets.calculus.rules import methods
from gradwidgets.calculus.slopes import slope_along
from gradwidgets.calculus.truths import both, either, is_known, no, where

FAR = 1e3  # sizes of the domain: so far away a value that overflows is no edge of a domain
RECENT = 12  # steps, or pairs of them, that tell what a run is doing
SAMPLES, ZOOMS = 17, 12  # of a step: each zoom is to an eighth
POLE = 1e6  # times what f has changed: so deep it is only at a pole
TIP = 1e-10  # of the domain's widths: so near a run is at a tip
DECADES = (1e-1, 1e-5, 1e-9)  # of the domain's widths, as far apart from each other
ACROSS = (1e-10, 1e-5)  # of the domain's widths: beside a jump, and further away
GROWTH, NOISY_GROWTH = 1.02, 2.0  # from third to third of a run: f grows
MOSTLY_UP = 0.6  # of the later steps raise f where it grows
UNSEEN = 1e-5  # of the domain's width
BACK = -0.1  # the cosine between two steps of which the second turns back
FADED = 1e-12  # of the longest step: a component of a step that is rounding
SHRINKS = 1 - 1e-9  # from step to step
ALIKE = 0.1  # between the factor that α·λ predicts and the one that is seen
MOSTLY = 0.9  # of the pairs of steps along an eigenvector
LOUD = 10.0  # times the noise: a slope that is louder than it
LEAPING = 0.1  # of all that f has changed: a rise that is a leap
ROUNDED = 1e-12  # of f: a change that is rounding
CYCLE = 4  # steps: f takes the same values again where steps go to and fro


class Walk(NamedTuple):
    """What is known of a run of T steps, or of at most T: the rows behind its end are NaN.

    Shapes: `points` and `gradients` are (T + 1, n), `values` (T + 1,), `step_sizes` (T,). `steps`
    is how many were taken, `ended` whether it could not take all that were asked for.
    """

    points: Any
    values: Any
    gradients: Any
    step_sizes: Any
    steps: Any
    ended: Any
    manner: Manner


class Manner(NamedTuple):
    """How a run was made, as numbers, so that one verdict serves all methods.

    Attributes:
        bound: the product α·λ beyond which the method's error grows; ∞ where none is known.
        plain: whether a step is −α∇f and nothing else.
        bare: whether the rule divides by the size of slopes, and nothing keeps that from 0.
        second_order: whether a step is Newton's.
        noise: how large the errors are that are added to the slopes.
        tolerance: the slope up to which the run counts as converged; NaN for what is usual.
    """

    bound: Any
    plain: Any
    bare: Any
    second_order: Any
    noise: Any
    tolerance: Any


def manner_of(method: str, parameters: Mapping[str, Any], noise: Any, tolerance: Any) -> Manner:
    """What a row of the table of methods says, for values of its parameters."""
    row, factor = methods[method], methods[method].factor
    guards = [parameters[name] for name, known in row.parameters.items() if known.guards]
    return Manner(
        factor.bound(parameters.get("momentum", 0.0)) if factor else math.inf,
        1.0 * (factor is PLAIN),
        1.0 * either(False, *(guard == 0 for guard in guards)),
        1.0 * row.second_order,
        noise,
        tolerance,
    )


class Alternation(NamedTuple):
    """Steps that turn back along an eigenvector at every step: its α·λ; NaN where there is none.

    Whether each is shorter than the one before, and whether f is the quadratic of the Hessian
    there: then each is 1 − α·λ times the one before.
    """

    product: Any
    turns: Any
    shrinks: Any
    fits: Any


class Rise(NamedTuple):
    """The least value, the next that is seen to be higher, its step, and the step before it."""

    least: Any
    higher: Any
    step: Any
    before: Any


class Features:
    """What a single run shows."""

    def __init__(self, ground: Ground, walk: Walk) -> None:
        self.ground, self.walk, self.manner = ground, walk, walk.manner
        self.points, self.values, self.gradients = walk.points, walk.values, walk.gradients
        self.steps = walk.steps
        self.times = np.arange(float(len(walk.values)))
        self.first, self.last = walk.values[0], self.at(walk.values, walk.steps)
        self.place = self.at(walk.points, walk.steps)
        self.middle, self.width = self.ground.middle, self.ground.width

    @cached_property
    def place_numbers(self) -> tuple[Any, ...]:
        """The last place, coordinate by coordinate."""
        return numbers_of(self.place)

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

    @cached_property
    def known_values(self) -> Any:
        """f where it is finite, 0 elsewhere."""
        return where(self.known, self.values, 0.0)

    # ── slopes, and what counts as none ──────────────────────────────────────────────────────────

    @cached_property
    def slopes(self) -> Any:
        """‖∇f‖ at every point."""
        return length(self.gradients)

    @cached_property
    def slope(self) -> Any:
        """‖∇f‖ at the end."""
        return self.at(self.slopes, self.steps)

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

    # ── the end of a run ─────────────────────────────────────────────────────────────────────────

    @cached_property
    def answered(self) -> Any:
        """Whether f has a gradient at the last place."""
        return anp.all(anp.isfinite(self.last_gradient))

    @cached_property
    def last_gradient(self) -> Any:
        """∇f at the last place."""
        return self.at(self.gradients, self.steps)

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

    @cached_property
    def at_corner(self) -> Any:
        """Whether the gradient leaps at the last place."""
        return is_corner_at(self.ground, *self.place_numbers)[0] > 0

    @cached_property
    def agreed(self) -> Any:
        """The slopes at the last place on which both sides agree; NaN where they do not."""
        return _agreed(self.ground, *self.place_numbers, *numbers_of(self.last_gradient))

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

    # ── where it stands ──────────────────────────────────────────────────────────────────────────

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
    def spread(self) -> Any:
        """By how much f has changed, and no less than what it loses to rounding."""
        least = anp.min(where(self.known, self.values, np.inf))
        most = anp.max(where(self.known, self.values, -np.inf))
        return anp.maximum(most - least, ROUNDED * anp.abs(self.last))

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

    @cached_property
    def over_pole(self) -> Any:
        """The step that raised f most, if it leapt over a pole where f falls to −∞; else 0."""
        most = anp.max(self.changes)
        step = anp.min(where(self.changes == most, self.times[:-1], np.inf))
        step = where(anp.isfinite(step), step, 0.0)
        raised = both(no(self.ended), most > 0)
        place, move = self.at(self.points, step), self.at(self.moves, step)
        depth = _zoomed(self.ground, *numbers_of(place), *numbers_of(move), when=raised)[0]
        leapt = self.at(self.values, step) - depth > POLE * self.spread
        return where(both(raised, leapt), step + 1.0, 0.0)

    # ── how f changed ────────────────────────────────────────────────────────────────────────────

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
            self.slope > self.slopes[0],
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

    @cached_property
    def product(self) -> Any:
        """α·λmax where f began to rise; NaN where f is not twice differentiable."""
        place = self.at(self.points, self.rise.before)
        greatest = curvatures_at(self.ground, *numbers_of(place))[-1]
        return self.rise_rate * greatest

    @cached_property
    def bound(self) -> Any:
        """The product α·λ beyond which the method's error grows; for some methods there is none."""
        return self.manner.bound

    # ── how the steps turned ─────────────────────────────────────────────────────────────────────

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
    """The least value on the way of a step, by ever finer samples: they lead to a pole."""
    last, count = SAMPLES - 1.0, ground.count

    def body(ground: Ground, *numbers: Any) -> Any:
        sample, lowest, at, low, high, deepest = numbers[:6]
        place, move = split(numbers[6:], count, count)
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
            where(lower, anp.minimum(value, deepest), deepest),
        )

    start = (0.0, np.inf, 0.0, 0.0, 1.0, np.inf)
    deepest = loop(ground, body, start, SAMPLES * ZOOMS, way)[-1]
    return (where(deepest < np.inf, deepest, np.nan),)


def _three(values: Any) -> Any:
    """What of the values is seen in three digits."""
    size = where(both(values != 0, anp.isfinite(values)), anp.abs(values), 1.0)
    unit = 10.0 ** (anp.floor(anp.log10(size)) - 2.0)
    return where(anp.isfinite(values), unit * anp.rint(values / unit), values)
