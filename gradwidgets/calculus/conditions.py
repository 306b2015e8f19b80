"""Conditions of verdicts: what a run's features must be like for a reason to hold."""

from __future__ import annotations

import math
from typing import Any

import autograd.numpy as anp

from gradwidgets.calculus.course import RECENT
from gradwidgets.calculus.features import Features
from gradwidgets.calculus.truths import both, either, no

PROGRESS = 0.8  # from third to third of a run: f falls
UNEVEN = (0.3, 0.9)  # of the recent steps raise f
STEEPER = 1e6  # times what f has changed: a slope that promises more on the domain has no bound
GENTLE = 0.1  # of the slope that is usual on the domain: a flat region is below
FAINT = 1e-4  # of the usual slope: it counts as flat, however little f has changed
NEGLIGIBLE = 1e-3  # of what f has changed: a slope that promises less over the whole domain is flat
LEAP = 0.25  # of all that f has changed: so much a step raises f late in a run that leaps
UNCHANGED = 1e-3  # of what f changes from step to step: it falls no more
FEW = 6  # steps: too few to tell a trend


def is_still(run: Features) -> Any:
    """Whether the gradient, as autograd has it, is exactly 0 from some step on."""
    return both(run.has_arrived, lambda: run.at(run.slopes, run.arrived) == 0)


def is_kink(run: Features) -> Any:
    """Whether it is 0 by convention alone: f has no gradient where the run has arrived."""
    return both(is_still(run), lambda: run.at_corner)


def is_level(run: Features, kind: str) -> Any:
    """Next to no slope beside what f has changed, or beside the domain, and what lies there."""
    return both(either(run.promised < NEGLIGIBLE, run.gentleness < FAINT), lambda: run.is_a(kind))


def is_plain(run: Features) -> Any:
    """A little slope, no critical point, and no floor so flat that the run goes on towards it."""
    level = both(run.promised < NEGLIGIBLE, run.gentleness < GENTLE)
    little = both(no(run.has_arrived), either(level, run.gentleness < FAINT))
    here = either(
        both(run.has_arrived, lambda: run.is_a("plain")),
        both(little, lambda: run.is_a("plain", "degenerate")),
    )
    return both(here, lambda: no(run.easing))


def is_degenerate(run: Features) -> Any:
    """No slope, and no word from the second-order test, nor a floor that the run goes towards."""
    silent = both(run.has_arrived, lambda: run.is_a("degenerate"))
    return both(silent, lambda: no(run.easing))


def stopped(run: Features) -> Any:
    """Whether the run ended at a place with a value."""
    return both(run.ended, run.last_is_known)


def lost(run: Features) -> Any:
    """Whether the run ended where f is undefined, or −∞."""
    return both(run.ended, run.last != math.inf, no(run.last_is_known))


def fell_away(run: Features) -> Any:
    """Whether f went down without bound, as far as numbers reach."""
    lowest = both(run.last < run.first, run.last <= run.least)
    falls = both(lowest, run.is_far(run.place), run.far_promised > NEGLIGIBLE)
    to_the_end = both(run.last == -math.inf, run.is_far(run.place))
    away = both(run.far, run.last != math.inf, no(run.is_inside(run.last_known_place)))
    lost = both(run.last != -math.inf, away, run.last_value < run.first)
    return either(both(no(run.ended), falls), both(run.ended, either(to_the_end, lost)))


def grew(run: Features) -> Any:
    """Whether f rose and goes on rising."""
    away = both(no(run.last_is_known), run.far, run.last_value > run.first)
    rose = both(run.last > run.first, either(run.growing, run.steps < 3))
    return either(
        both(run.ended, either(run.last == math.inf, away)),
        both(no(run.ended), rose),
    )


def is_steep(run: Features) -> Any:
    """Whether f fell, and its slope grew beyond all that f has changed."""
    most = anp.maximum(run.slopes[0] * run.width, run.spread)
    return both(run.last < run.first, run.slope * run.width > STEEPER * most)


def turning(run: Features) -> Any:
    """Of the recent steps, more than half turn back."""
    turns, pairs = run.turns
    return both(pairs > 2, 2 * turns > pairs, no(run.noisy))


def falls_yet(run: Features) -> Any:
    """Whether f fell, in the last third of the steps and among the last of all, too."""
    _, before, now = run.thirds
    earlier, late, varied = run.late
    falls = earlier - late > UNCHANGED * varied
    return both(run.last < run.first, now < PROGRESS * before, falls)


def is_restless(run: Features) -> Any:
    """f goes up and down without a trend."""
    rises, steps = run.recent_rises
    _, before, now = run.thirds
    even = both(UNEVEN[0] * steps <= rises, rises <= UNEVEN[1] * steps)
    return both(no(run.noisy), run.steps >= FEW, even, no(now < PROGRESS * before))


def climbs(run: Features) -> Any:
    """Newton's method led uphill."""
    return both(run.manner.second_order > 0, run.last > run.first, lambda: run.eigenvalues[0] < 0)


def is_outside(run: Features) -> Any:
    """Whether the run is beyond what the domain shows."""
    return no(run.is_inside(run.place))


def goes_away(run: Features) -> Any:
    """Whether f still falls on the way out of the domain."""
    before = anp.maximum(run.steps - RECENT, 0.0)
    there, here = run.at(run.points, before) - run.middle, run.place - run.middle
    away = anp.sum(here * here) > anp.sum(there * there)
    falls = both(run.last < run.at(run.values, before), run.last < run.first)
    return both(away, falls)
