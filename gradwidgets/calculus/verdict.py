"""What became of a descent, and why: one word, and a sentence with the numbers that explain it.

A verdict is the first row of a table whose condition holds for the run's features.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias

import autograd.numpy as anp
import numpy as np
from autograd.tracer import isbox

from gradwidgets.calculus.conditions import (
    FEW,
    LEAP,
    climbs,
    falls_yet,
    fell_away,
    goes_away,
    grew,
    is_degenerate,
    is_kink,
    is_level,
    is_outside,
    is_plain,
    is_restless,
    is_steep,
    is_still,
    lost,
    stopped,
    turning,
)
from gradwidgets.calculus.features import Features
from gradwidgets.calculus.looking import Ground, numbers_of, question
from gradwidgets.calculus.program import pick
from gradwidgets.calculus.tracing import calm
from gradwidgets.calculus.truths import both, either, no, where
from gradwidgets.calculus.walk import Manner, Walk
from gradwidgets.calculus.wording import fill

Numbers: TypeAlias = Sequence[Any]
MOST_NUMBERS = 8  # in a sentence


class Reason(NamedTuple):
    """A row of the table: the word, when it holds, the sentence, and the numbers for its slots.

    In the sentence <place> stands for the coordinates of a point, <slopes> for as many slopes.
    """

    word: str
    holds: Callable[[Features], Any]
    sentence: str
    numbers: Callable[[Features], Numbers]


# ── numbers ──────────────────────────────────────────────────────────────────────────────────────


def _arrival(run: Features) -> Numbers:
    return run.arrived, run.last, *numbers_of(run.shown)


def _settled(run: Features) -> Numbers:
    return run.tolerance, *_arrival(run)


def _rise(run: Features) -> Numbers:
    return run.rise[:3]


def _change(run: Features) -> tuple[float, float, int]:
    return run.first, run.last, run.steps


def _place(run: Features) -> Numbers:
    return numbers_of(run.place)


# ── the table: the first row that holds ──────────────────────────────────────────────────────────

TABLE: Mapping[str, Reason] = {
    # where a run ended before all its steps were taken
    "nowhere": Reason(
        "outside the domain",
        lambda run: no(anp.any(run.known)),
        "f is undefined at the start <place>.",
        _place,
    ),
    "bottomless": Reason(
        "diverged",
        fell_away,
        "f falls without bound: from {g} to {g} by step {.0}, far from the picture.",
        lambda run: (
            run.first,
            where(run.last == -math.inf, run.last, run.last_value),
            where(run.last == -math.inf, run.steps, run.last_known),
        ),
    ),
    "pole": Reason(
        "diverged",
        lambda run: run.last == -math.inf,
        "Step {.0} led to <place>, where f falls to −∞.",
        lambda run: (run.steps, *numbers_of(run.place)),
    ),
    "steep": Reason(
        "stuck",
        lambda run: both(stopped(run), run.unbounded, no(run.far)),
        "At step {.0} f = {g} at <place>, where the slope has no bound: no step leads on.",
        lambda run: (run.steps, run.last, *numbers_of(run.shown)),
    ),
    "hole": Reason(
        "stuck",
        lambda run: both(
            stopped(run), no(run.answered), no(run.far), lambda: anp.all(anp.isfinite(run.agreed))
        ),
        "At step {.0} f = {g} at <place>. autograd has no answer there, so no step leads on; "
        "the slopes from left and right agree: <slopes>.",
        lambda run: (run.steps, run.last, *numbers_of(run.shown), *numbers_of(run.agreed)),
    ),
    "tip": Reason(
        "stuck",
        lambda run: both(
            stopped(run), no(run.answered), no(run.far), lambda: run.is_a("minimum", "trough")
        ),
        "At step {.0} f = {g} at <place>: a minimum at a tip or a corner, where f has no gradient. "
        "No step leads on.",
        lambda run: (run.steps, run.last, *numbers_of(run.shown)),
    ),
    "edge": Reason(
        "stuck",
        lambda run: both(stopped(run), no(run.answered), no(run.far)),
        "At step {.0} f = {g} at <place>, where autograd has no gradient: no step leads on.",
        lambda run: (run.steps, run.last, *numbers_of(run.shown)),
    ),
    "undefined": Reason(
        "left the domain",
        lambda run: both(lost(run), no(run.is_far(run.last_known_place))),
        "Step {.0} led to <place>, where f is undefined.",
        lambda run: (run.steps, *numbers_of(run.place)),
    ),
    # a zero gradient, and what the Hessian says of it
    "corner": Reason(
        "converged",
        lambda run: both(is_kink(run), lambda: run.is_a("minimum", "trough")),
        "At step {.0} f = {g} at <place>, a minimum at a corner: f has no gradient there, and "
        "autograd's answer, 0, is a convention.",
        _arrival,
    ),
    "minimum exactly": Reason(
        "converged",
        lambda run: both(is_still(run), lambda: run.is_a("minimum")),
        "∇f = 0 at step {.0}: f = {g} at <place>, a minimum.",
        _arrival,
    ),
    "trough exactly": Reason(
        "converged",
        lambda run: both(is_still(run), lambda: run.is_a("trough")),
        "∇f = 0 at step {.0}: f = {g} at <place>, on the floor of a trough.",
        _arrival,
    ),
    "minimum at once": Reason(
        "converged",
        lambda run: both(run.arrived == 0, lambda: run.is_a("minimum")),
        "‖∇f‖ is below {g} from the start: f = {g} at <place>, a minimum.",
        lambda run: (run.tolerance, run.last, *numbers_of(run.shown)),
    ),
    "trough at once": Reason(
        "converged",
        lambda run: both(run.arrived == 0, lambda: run.is_a("trough")),
        "‖∇f‖ is below {g} from the start: f = {g} at <place>, on the floor of a trough.",
        lambda run: (run.tolerance, run.last, *numbers_of(run.shown)),
    ),
    "minimum": Reason(
        "converged",
        lambda run: both(run.has_arrived, lambda: run.is_a("minimum")),
        "‖∇f‖ fell below {g} at step {.0}: f = {g} at <place>, a minimum.",
        _settled,
    ),
    "trough": Reason(
        "converged",
        lambda run: both(run.has_arrived, lambda: run.is_a("trough")),
        "‖∇f‖ fell below {g} at step {.0}: f = {g} at <place>, on the floor of a trough.",
        _settled,
    ),
    "saddle": Reason(
        "at a saddle",
        lambda run: both(run.has_arrived, lambda: run.is_a("saddle")),
        "∇f = 0 at <place>, but the Hessian's eigenvalues reach from {g} to {g}: "
        "a saddle, not a minimum.",
        lambda run: (*numbers_of(run.critical_place), run.eigenvalues[0], run.eigenvalues[-1]),
    ),
    "maximum": Reason(
        "flat",
        lambda run: both(run.has_arrived, lambda: run.is_a("maximum")),
        "∇f = 0 at <place>: a maximum. Every way leads down, but the gradient shows none.",
        lambda run: numbers_of(run.critical_place),
    ),
    "floor": Reason(
        "converged",
        lambda run: both(is_degenerate(run), lambda: run.on_floor),
        "By step {.0} f fell from {g} to {g}, at <place>: a flat floor, from which no way leads "
        "down.",
        lambda run: (run.arrived, run.first, run.last, *numbers_of(run.shown)),
    ),
    "jump": Reason(
        "flat",
        lambda run: both(is_degenerate(run), lambda: run.at_jump),
        "f jumps at <place>: it has no gradient there, and autograd's answer, 0, is a convention.",
        lambda run: numbers_of(run.shown),
    ),
    "degenerate": Reason(
        "flat",
        is_degenerate,
        "∇f = 0 at <place>, and along a direction the Hessian is 0, too: flat, "
        "nothing tells a way.",
        lambda run: numbers_of(run.shown),
    ),
    # steps that are not defined
    "singular": Reason(
        "stuck",
        lambda run: both(stopped(run), run.manner.second_order > 0, no(run.far)),
        "The Hessian is singular at <place>: f is flat to second order along a direction, "
        "and Newton's step is not defined.",
        _place,
    ),
    "zero": Reason(
        "stuck",
        lambda run: both(stopped(run), run.zero_over_zero),
        "At step {.0} a slope is 0, and with ε = 0 the step is 0/0: it is not defined.",
        lambda run: (run.steps,),
    ),
    # f grows
    "uphill": Reason(
        "diverged",
        lambda run: both(grew(run), lambda: run.rise_rate < 0),
        "f rose from {g} to {g} at step {.0}: with the learning rate {g} steps lead uphill.",
        lambda run: (*_rise(run), run.rise_rate),
    ),
    "unstable": Reason(
        "diverged",
        lambda run: both(grew(run), lambda: run.product > run.manner.bound),
        "f rose from {g} to {g} at step {.0}: α·λmax = {g} is over {g}.",
        lambda run: (*_rise(run), run.product, run.manner.bound),
    ),
    "rose": Reason(
        "diverged",
        lambda run: both(grew(run), either(run.ended, run.growing)),
        "f rose from {g} to {g} at step {.0}, and goes on rising: the steps are too long.",
        _rise,
    ),
    "thrown": Reason(
        "diverged",
        lambda run: both(
            stopped(run), run.answered, run.manner.second_order > 0, run.last > run.first
        ),
        "f rose from {g} to {g} by step {.0}: Newton's steps led ever further away, to <place>, "
        "where f is so straight that no digits are left of the Hessian.",
        lambda run: (*_change(run), *numbers_of(run.shown)),
    ),
    "overflow": Reason(
        "diverged",
        lambda run: run.ended,
        "At step {.0} the numbers overflowed: f had gone from {g} to {g}.",
        lambda run: (
            run.steps + 1.0 * run.last_is_known,
            run.first,
            run.last_value,
        ),
    ),
    # steps that change nothing
    "still": Reason(
        "not moving",
        lambda run: no(anp.any(run.moving)),
        "The run stayed at the start: f = {g} and ‖∇f‖ = {g} there.",
        lambda run: (run.first, run.slopes[0]),
    ),
    # f falls without bound
    "cusp": Reason(
        "converged",
        lambda run: both(is_steep(run), lambda: run.at_tip),
        "By step {.0} f = {g} at <place>, a minimum at a tip: ‖∇f‖ grows without bound near it.",
        lambda run: (run.steps, run.last, *numbers_of(run.shown)),
    ),
    "cliff": Reason(
        "diverged",
        is_steep,
        "‖∇f‖ grows without bound near <place>: by step {.0} it went from {g} to {g}, "
        "and f from {g} to {g}.",
        lambda run: (
            *numbers_of(run.shown),
            run.steps,
            run.slopes[0],
            run.slope,
            run.first,
            run.last,
        ),
    ),
    "leapt": Reason(
        "diverged",
        lambda run: both(run.over_pole > 0, lambda: no(run.minimum_ahead)),
        "Step {.0} leapt over a pole, where f falls to −∞: f went from {g} to {g}. "
        "The steps are too long.",
        lambda run: (
            run.over_pole,
            *(run.at(run.values, anp.maximum(run.over_pole + k, 0.0)) for k in (-1.0, 0.0)),
        ),
    ),
    "saddle near": Reason(
        "at a saddle",
        lambda run: is_level(run, "saddle"),
        "∇f is next to 0 at <place>, but the Hessian's eigenvalues reach from {g} to {g}: "
        "a saddle, not a minimum.",
        lambda run: (*numbers_of(run.critical_place), run.eigenvalues[0], run.eigenvalues[-1]),
    ),
    "maximum near": Reason(
        "flat",
        lambda run: is_level(run, "maximum"),
        "∇f is next to 0 at <place>: a maximum. Every way leads down, but the gradient shows none.",
        lambda run: numbers_of(run.critical_place),
    ),
    "climbing": Reason(
        "climbing",
        climbs,
        "f rose from {g} to {g} by step {.0}: where the Hessian has a negative eigenvalue "
        "as {g}, Newton's step can lead uphill.",
        lambda run: (*_change(run), run.eigenvalues[0]),
    ),
    "plain": Reason(
        "flat",
        is_plain,
        "‖∇f‖ is only {g} at <place>, and no minimum is near: a flat region.",
        lambda run: (run.slope, *numbers_of(run.shown)),
    ),
    # steps that turn back
    "alternating": Reason(
        "alternating",
        lambda run: both(
            no(run.noisy),
            lambda: both(run.alternation.turns, run.alternation.shrinks, run.alternation.fits),
        ),
        "The steps turn back on themselves: α·λ = {g} is over 1, so an error changes its sign "
        "at every step, and shrinks (factor {g}).",
        lambda run: (run.alternation.product, 1 - run.alternation.product),
    ),
    "swinging": Reason(
        "oscillating",
        lambda run: both(no(run.noisy), lambda: both(run.alternation.turns, run.alternation.fits)),
        "The steps turn back on themselves: α·λ = {g}, so an error changes its sign "
        "at every step, and does not shrink (factor {g}).",
        lambda run: (run.alternation.product, 1 - run.alternation.product),
    ),
    "zigzag": Reason(
        "alternating",
        lambda run: both(turning(run), falls_yet(run)),
        "{.0} of the last {.0} steps turned back on the step before, while f fell from {g} to {g}.",
        lambda run: (*run.turns, run.first, run.last),
    ),
    "turning": Reason(
        "oscillating",
        turning,
        "{.0} of the last {.0} steps turned back on the step before.",
        lambda run: run.turns,
    ),
    # out of sight
    "outside": Reason(
        "left the window",
        lambda run: both(is_outside(run), goes_away(run)),
        "At step {.0} the run is at <place>, outside of the window, and f still falls.",
        lambda run: (run.steps, *numbers_of(run.place)),
    ),
    "astray": Reason(
        "left the window",
        is_outside,
        "At step {.0} the run is at <place>, outside of the window; f went from {g} to {g}.",
        lambda run: (run.steps, *numbers_of(run.place), run.first, run.last),
    ),
    # f goes up and down
    "noisy": Reason(
        "noisy",
        lambda run: both(run.noisy, run.least < run.last),
        "The noise keeps the run from settling: ‖∇f‖ is {g} at step {.0}.",
        lambda run: (run.slope, run.steps),
    ),
    "leaping": Reason(
        "oscillating",
        lambda run: both(run.steps >= FEW, run.leap > LEAP),
        "f leaps up again and again: {.0} times in {.0} steps. It went from {g} to {g}.",
        lambda run: (run.leaps, run.steps, run.first, run.last),
    ),
    "restless": Reason(
        "oscillating",
        is_restless,
        "f goes up and down and gets no lower: it rose in {.0} of the last {.0} steps, and is {g}.",
        lambda run: (*run.recent_rises, run.last),
    ),
    "wandering": Reason(
        "no progress",
        lambda run: run.last >= run.first,
        "f went from {g} to {g} by step {.0}, and ‖∇f‖ from {g} to {g}.",
        lambda run: (*_change(run), run.slopes[0], run.slope),
    ),
    # f falls
    "stalled": Reason(
        "not moving",
        lambda run: run.resting < run.steps - 1,
        "Since step {.0} the run stays at <place>, where ‖∇f‖ is still {g}: "
        "no step lowers f, or none is long enough to change a number.",
        lambda run: (run.resting, *numbers_of(run.shown), run.slope),
    ),
    "falling": Reason(
        "converging",
        lambda run: run.minimum_ahead,
        "f fell from {g} to {g} by step {.0}, and ‖∇f‖ is still {g}.",
        lambda run: (*_change(run), run.slope),
    ),
    "descending": Reason(
        "falling",
        lambda run: True,
        "f fell from {g} to {g} by step {.0}, with ‖∇f‖ = {g} there; no minimum is found ahead.",
        lambda run: (*_change(run), run.slope),
    ),
}

REASONS: Mapping[str, str] = {key: reason.sentence for key, reason in TABLE.items()}
PLACES: Mapping[str, int] = {key: place for place, key in enumerate(TABLE)}
WORDS: Mapping[str, str] = {key: reason.word for key, reason in TABLE.items()}


class Verdict(NamedTuple):
    """A key of `TABLE`, and the numbers for its slots."""

    reason: str
    numbers: tuple[float, ...]
    variables: int

    @property
    def word(self) -> str:
        """The verdict in a word or three."""
        return WORDS[self.reason]

    @property
    def why(self) -> str:
        """The reason as a sentence."""
        return fill(sentence(self.reason, self.variables), self.numbers)


def sentence(reason: str, variables: int) -> str:
    """A reason's template for a number of variables."""
    numbers = ", ".join(["{g}"] * variables)
    all_of_them = f"({numbers})" if variables > 1 else numbers
    return re.sub("<place>|<slopes>", all_of_them, REASONS[reason])


def judge(features: Features) -> Verdict:
    """The verdict on a run; the table is read up to the first row that holds."""
    with calm():
        key = next(key for key, reason in TABLE.items() if reason.holds(features))
        numbers = TABLE[key].numbers(features)
    return Verdict(key, tuple(map(float, numbers)), features.ground.count)


def judged(features: Features) -> tuple[Any, Any]:
    """The verdict on a run that is computed: the row's place, and MOST_NUMBERS numbers for it."""
    *rows, manner = features.walk
    if not any(map(isbox, (*rows, *manner))):
        reason, numbers, _ = judge(features)
        return float(PLACES[reason]), np.array([*numbers, *[0.0] * (MOST_NUMBERS - len(numbers))])
    found = _judged(features.ground, *(1.0 * part for part in rows), *manner)
    return found[0], found[1:]


@question
def _judged(ground: Ground, *parts: Any) -> Any:
    rows = len(Walk._fields) - 1
    features = Features(ground, Walk._make((*parts[:rows], Manner(*parts[rows:]))))
    holds = [where(reason.holds(features), 1.0, 0.0) for reason in TABLE.values()]
    places = np.arange(float(len(TABLE)))
    which = anp.min(where(anp.array(holds) > 0, places, np.inf))
    told = [reason.numbers(features) for reason in TABLE.values()]
    padded = [n for numbers in told for n in (*numbers, *[0.0] * (MOST_NUMBERS - len(numbers)))]
    table = anp.reshape(anp.array(padded), (len(TABLE), MOST_NUMBERS))
    return (which, *numbers_of(pick(table, which)))
