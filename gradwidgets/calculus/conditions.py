"""Conditions of verdicts: what a run's features must be like for a reason to hold."""

from __future__ import annotations

import math

import numpy as np

from gradwidgets.calculus.features import RECENT, Features

PROGRESS = 0.8  # from third to third of a run: f falls
UNEVEN = (0.3, 0.9)  # of the recent steps raise f
STEEPER = 1e6  # times what f has changed: a slope that promises more on the domain has no bound
GENTLE = 0.1  # of the slope that is usual on the domain: a flat region is below
FAINT = 1e-4  # of the usual slope: it counts as flat, however little f has changed
NEGLIGIBLE = 1e-3  # of what f has changed: a slope that promises less over the whole domain is flat
LEAP = 0.25  # of all that f has changed: so much a step raises f late in a run that leaps
CYCLE = 4  # steps: f takes the same values again where steps go to and fro
UNCHANGED = 1e-3  # of what f changes from step to step: it falls no more
FEW = 6  # steps: too few to tell a trend


def is_still(run: Features) -> bool:
    """Whether the gradient, as autograd has it, is exactly 0 from some step on."""
    return run.run.arrived is not None and run.slopes[run.run.arrived] == 0


def is_kink(run: Features) -> bool:
    """Whether it is 0 by convention alone: f has no gradient where the run has arrived."""
    return is_still(run) and run.at_corner


def is_level(run: Features, kind: str) -> bool:
    """Next to no slope beside what f has changed, or beside the domain, and what lies there."""
    return (run.promised < NEGLIGIBLE or run.gentleness < FAINT) and run.kind == kind


def is_plain(run: Features) -> bool:
    """A little slope, no critical point, and no floor so flat that the run goes on towards it."""
    if run.run.arrived is not None:
        return run.kind == "plain" and not run.easing
    level = run.promised < NEGLIGIBLE and run.gentleness < GENTLE
    little = level or run.gentleness < FAINT
    return little and run.kind in ("plain", "degenerate") and not run.easing


def is_degenerate(run: Features) -> bool:
    """No slope, and no word from the second-order test, nor a floor that the run goes towards."""
    return run.run.arrived is not None and run.kind == "degenerate" and not run.easing


def stopped(run: Features) -> bool:
    """Whether the run ended at a place with a value."""
    return run.ended and bool(run.known[-1])


def lost(run: Features, sign: float = math.nan) -> bool:
    """Whether it ended where f is undefined, or infinite with that sign."""
    return run.ended and run.last != sign and not run.known[-1]


def fell_away(run: Features) -> bool:
    """Whether f went down without bound, as far as numbers reach."""
    if not run.ended:
        falls = run.last < run.first and run.last <= np.min(run.values)
        return bool(falls and run.is_far(run.place) and run.far_promised > NEGLIGIBLE)
    if run.last == -math.inf:
        return run.is_far(run.place)
    place, last = run.points[run.last_known], run.values[run.last_known]
    away = run.far and (run.last != math.inf) and not run.is_inside(place)
    return bool(away and last < run.first)


def grew(run: Features) -> bool:
    """Whether f rose and goes on rising."""
    if run.ended:
        away = not run.known[-1] and run.far and run.values[run.last_known] > run.first
        return bool(run.last == math.inf or away)
    if not run.last > run.first:
        return False
    return run.growing or run.steps < 3


def is_steep(run: Features) -> bool:
    """Whether f fell, and its slope grew beyond all that f has changed."""
    most = max(run.slopes[0] * run.width, float(np.ptp(run.values)))
    return bool(run.last < run.first and run.slope * run.width > STEEPER * most)


def turning(run: Features) -> bool:
    """Of the recent steps, more than half turn back."""
    turns, pairs = run.turns
    return pairs > 2 and 2 * turns > pairs and not run.noisy


def falls_yet(run: Features) -> bool:
    """Whether f fell, in the last third of the steps and among the last of all, too."""
    _, before, now = run.thirds
    late = run.values[-2 * CYCLE :]
    drop = float(np.mean(late[:-CYCLE]) - np.mean(late[-CYCLE:]))
    falls = drop > UNCHANGED * float(np.ptp(late))
    return run.last < run.first and now < PROGRESS * before and falls


def is_restless(run: Features) -> bool:
    """f goes up and down without a trend."""
    rises, steps = run.recent_rises
    if run.noisy or run.steps < FEW:
        return False
    even = UNEVEN[0] <= rises / steps <= UNEVEN[1]
    _, before, now = run.thirds
    return even and not now < PROGRESS * before


def climbs(run: Features) -> bool:
    """Newton's method led uphill."""
    return bool(run.method == "newton" and run.last > run.first and run.eigenvalues[0] < 0)


def is_outside(run: Features) -> bool:
    """Whether the run is beyond what the domain shows."""
    return not run.is_inside(run.place)


def goes_away(run: Features) -> bool:
    """Whether f still falls on the way out of the domain."""
    before = max(run.steps - RECENT, 0)
    away = np.linalg.norm(run.place - run.middle) > np.linalg.norm(run.points[before] - run.middle)
    return bool(away and run.last < min(float(run.values[before]), run.first))
