"""Verdicts on runs that lead on: what f and the steps tend to.

A row holds where none before it does; the last one always holds.
"""

from __future__ import annotations

from collections.abc import Mapping

import autograd.numpy as anp

from gradwidgets.calculus.conditions import (
    FEW,
    LEAP,
    climbs,
    falls_yet,
    goes_away,
    grew,
    is_level,
    is_outside,
    is_plain,
    is_restless,
    is_steep,
    stopped,
    turning,
)
from gradwidgets.calculus.features import Features
from gradwidgets.calculus.looking import numbers_of
from gradwidgets.calculus.reason import (
    Numbers,
    Reason,
    at_a_saddle,
    at_the_critical_place,
    at_the_end,
)
from gradwidgets.calculus.truths import both, either, no


def _rise(run: Features) -> Numbers:
    return run.rise[:3]


def _change(run: Features) -> Numbers:
    return run.first, run.last, run.steps


TRENDS: Mapping[str, Reason] = {
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
        at_the_end,
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
        at_a_saddle,
    ),
    "maximum near": Reason(
        "flat",
        lambda run: is_level(run, "maximum"),
        "∇f is next to 0 at <place>: a maximum. Every way leads down, but the gradient shows none.",
        at_the_critical_place,
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
