"""Verdicts on runs that have come to an end: broken off, arrived, or without a step that leads on.

A row holds where none before it does.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import autograd.numpy as anp

from gradwidgets.calculus.conditions import (
    fell_away,
    is_degenerate,
    is_kink,
    is_still,
    lost,
    stopped,
)
from gradwidgets.calculus.features import Features
from gradwidgets.calculus.looking import numbers_of
from gradwidgets.calculus.reason import (
    Numbers,
    Reason,
    at_a_saddle,
    at_the_critical_place,
    at_the_end,
    shown,
)
from gradwidgets.calculus.truths import both, no, where


def _arrival(run: Features) -> Numbers:
    return run.arrived, run.last, *numbers_of(run.shown)


def _settled(run: Features) -> Numbers:
    return run.tolerance, *_arrival(run)


def _from_the_start(run: Features) -> Numbers:
    return run.tolerance, run.last, *numbers_of(run.shown)


def _place(run: Features) -> Numbers:
    return numbers_of(run.place)


ENDS: Mapping[str, Reason] = {
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
        at_the_end,
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
        at_the_end,
    ),
    "edge": Reason(
        "stuck",
        lambda run: both(stopped(run), no(run.answered), no(run.far)),
        "At step {.0} f = {g} at <place>, where autograd has no gradient: no step leads on.",
        at_the_end,
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
        _from_the_start,
    ),
    "trough at once": Reason(
        "converged",
        lambda run: both(run.arrived == 0, lambda: run.is_a("trough")),
        "‖∇f‖ is below {g} from the start: f = {g} at <place>, on the floor of a trough.",
        _from_the_start,
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
        at_a_saddle,
    ),
    "maximum": Reason(
        "flat",
        lambda run: both(run.has_arrived, lambda: run.is_a("maximum")),
        "∇f = 0 at <place>: a maximum. Every way leads down, but the gradient shows none.",
        at_the_critical_place,
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
        shown,
    ),
    "degenerate": Reason(
        "flat",
        is_degenerate,
        "∇f = 0 at <place>, and along a direction the Hessian is 0, too: flat, "
        "nothing tells a way.",
        shown,
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
}
