"""The numbers of a descent's picture, from its controls: path, arrows, loss, slope, captions.

They are traced with the whole search, and so is the verdict. Without a program of the field the
same is computed from a run that Python made step by step.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import autograd.numpy as anp
import numpy as np

from gradwidgets.calculus.critical import axes
from gradwidgets.calculus.descent import noises
from gradwidgets.calculus.features import Features
from gradwidgets.calculus.field import ScalarField
from gradwidgets.calculus.looking import Ground, ground_of, length, look, numbers_of
from gradwidgets.calculus.paths import Path, path
from gradwidgets.calculus.program import pick
from gradwidgets.calculus.rates import error_factor
from gradwidgets.calculus.reference import LATTICE, Reference, minimum_near, reference_at
from gradwidgets.calculus.rules import BESIDE, methods, schedules
from gradwidgets.calculus.trajectory import Trajectory
from gradwidgets.calculus.truths import both, either, no, where
from gradwidgets.calculus.verdict import TABLE, WORDS, judged
from gradwidgets.calculus.walk import Manner, Walk, manner_of
from gradwidgets.pictures import loss
from gradwidgets.pictures.loss import Frame, View, exponents, frame_of, framing, losses
from gradwidgets.pictures.numbers import Numbers, beside, caption, points, row
from gradwidgets.pictures.settings import Settings
from gradwidgets.pictures.terrain import round_scale_of

HEADING = ("converged", "converging", "alternating", "oscillating", "noisy")  # for a minimum
FLOORS = ("trough", "trough exactly", "trough at once", "corner")
LONGEST, SHORTEST = 0.2, 0.05  # of the map's width: arrows are magnified to lie between
UNSEEN = 1e-6  # of the map's width: a step that is not magnified any more
NEGLIGIBLE = 1e-5  # of the map's width: a coordinate that is told as 0
REACH = 0.12  # of the curve's width: the tangent, to either side


@dataclass(frozen=True, eq=False)
class Seen:
    """A run with what is asked of it, each found once."""

    field: ScalarField
    settings: Settings
    view: View
    walk: Walk
    momentum: Any  # β, 0 without one
    asked: Any  # how many steps are asked for
    wanted: Any  # the step that is looked at

    @cached_property
    def features(self) -> Features:
        """What its verdict follows from."""
        return Features(ground_of(self.field), self.walk)

    @cached_property
    def verdict(self) -> tuple[Any, Any]:
        """The row of the table, and the numbers for its sentence."""
        return judged(self.features)

    @cached_property
    def across(self) -> tuple[Any, Any]:
        """The axis of the steps."""
        return 0.0, anp.maximum(self.asked, 1.0)

    @cached_property
    def at(self) -> Any:
        """The step that is looked at, within the run."""
        return anp.minimum(anp.floor(self.wanted), self.walk.steps)

    @cached_property
    def over(self) -> Any:
        """Whether the run ends there."""
        return self.at >= self.walk.steps

    @cached_property
    def here(self) -> Any:
        """The place that is looked at."""
        return pick(self.walk.points, self.at)

    @cached_property
    def gradient(self) -> Any:
        """∇f there."""
        return pick(self.walk.gradients, self.at)

    @cached_property
    def step(self) -> Any:
        """The step from there; NaN where the run ends."""
        return where(self.over, np.nan, pick(self.walk.points, self.at + 1.0) - self.here)

    @cached_property
    def by_gradient(self) -> Any:
        """−α∇f there; NaN where the run ends."""
        rate = where(self.over, np.nan, pick(self.walk.step_sizes, self.at))
        return -rate * self.gradient

    @cached_property
    def scale(self) -> Any:
        """A round factor by which the arrows can be seen: 1 where they can be seen as they are."""
        width, own, other = self.view.width, length(self.step), length(self.by_gradient)
        longest = where(own > other, own, other)
        fits = both(SHORTEST * width <= longest, longest <= 3 * LONGEST * width)
        seen = both(longest > UNSEEN * width, anp.isfinite(longest), no(fits))
        wanted = LONGEST * width / where(seen, longest, LONGEST * width)
        return where(seen, round_scale_of(wanted), 1.0)

    @cached_property
    def frame(self) -> Frame:
        """What the loss is measured from, and the axis that it shares with the slope."""
        values, slopes = self.walk.values, self.features.slopes
        wanted, start = self.settings.loss == "log", self.walk.points[0]
        found = frame_of(self.features.ground, start, values, slopes, self.view, wanted)
        if self.settings.components:  # one of them soon lies far below the loss
            return found._replace(loss=(found.wide[0], found.loss[1]))
        return found

    @cached_property
    def reached(self) -> Reference:
        """The minimum that it reached or is heading for, or else the one downhill of its start."""
        last, start = self.features.place, self.walk.points[0]
        ground, which = self.features.ground, self.verdict[0]
        heading, floor = self._is(which, HEADING, WORDS.values()), self._is(which, FLOORS, TABLE)
        near = minimum_near(ground, last, heading)
        near_holds = self._holds(near, last)
        below = reference_at(ground, last, both(heading, either(floor, no(near_holds))))
        below_holds = self._holds(below, last)
        use_near = both(near_holds, no(both(floor, below_holds)))
        use_below = both(below_holds, no(use_near))
        found = reference_at(ground, start, no(either(use_near, use_below)))
        return Reference(
            *(
                where(use_near, one, where(use_below, two, three))
                for one, two, three in zip(near, below, found, strict=True)
            )
        )

    def _is(self, which: Any, names: Any, of: Any) -> Any:
        known = np.array([name in names for name in of], float)
        return pick(known, which) > 0

    def _holds(self, found: Reference, last: Any) -> Any:
        """Whether a minimum is the run's: where it has arrived only one that is close."""
        close = anp.max(anp.abs(found.place - last) / self.features.ground.widths) < 1 / LATTICE
        return both(found.minimum, either(no(self.features.has_arrived), close))


# ── the run ──────────────────────────────────────────────────────────────────────────────────────


def traced_walk(field: ScalarField, settings: Settings, at: Mapping[str, Any]) -> Walk:
    """The run for the controls' values, as part of a program."""
    names, method, room = field.variables, settings.method, settings.capacity
    own = {name: at[name] for name in methods[method].parameters}
    steps, times = at["steps"], np.arange(float(room))
    rates = at["rate"] * schedules[settings.schedule](times, anp.maximum(steps, 1.0))
    errors: Any = np.array(noises(settings.noise, settings.seed, room, len(names)))
    start = [at[name] for name in names]
    found = path(field.function, method, own, start, rates, errors, steps)
    return walk_along(found, steps, manner_of(method, own, settings.noise, np.nan))


def walk_along(found: Path, steps: Any, manner: Manner) -> Walk:
    """What a verdict asks of a path on which so many steps were asked for."""
    there = anp.all(anp.isfinite(found.points), axis=-1)
    taken = anp.sum(1.0 * there) - 1.0
    ended = either(taken < steps, no(anp.isfinite(pick(found.values, taken))))
    return Walk(*found[:4], taken, ended, manner)


def known_walk(run: Trajectory, room: int) -> Walk:
    """The same of a run that Python made, with room for so many steps."""
    known = run.walk
    rows = (known.points, known.values, known.gradients)
    longer = [_filled(part, room + 1) for part in rows]
    sizes = _filled(known.step_sizes, room)
    return known._replace(points=longer[0], values=longer[1], gradients=longer[2], step_sizes=sizes)


def _filled(parts: Any, count: int) -> Any:
    made = np.full((count, *parts.shape[1:]), np.nan)
    made[: len(parts)] = parts[:count]
    return made


# ── numbers ──────────────────────────────────────────────────────────────────────────────────────


def run_numbers(seen: Seen) -> Numbers:
    """All numbers but those of the learning rate's panel and of notes."""
    return {
        **(_map_numbers if len(seen.field.variables) == 2 else _curve_numbers)(seen),
        **_history(seen),
        **_captions(seen),
        "reference": row(*_on_main(seen.features.ground, seen.reached.place)),
        "start": row(*_on_main(seen.features.ground, seen.walk.points[0])),
        "current": row(*_on_main(seen.features.ground, seen.here)),
    }


def _on_main(ground: Ground, place: Any) -> tuple[Any, Any]:
    """Where a place stands on the main panel: on the map, or on the curve."""
    if ground.count == 2:
        return place[0], place[1]
    return place[0], look(ground, place, 0).value


def _up_to(seen: Seen, trail: Any) -> Any:
    return where((seen.features.times <= seen.at)[:, None], trail, np.nan)


def _map_numbers(seen: Seen) -> Numbers:
    here, scale = numbers_of(seen.here), seen.scale
    by_memory = seen.step - seen.by_gradient
    tip, far = (numbers_of(seen.here + scale * part) for part in (seen.by_gradient, by_memory))
    room = SHORTEST / 2 * seen.view.width
    shown = scale * length(seen.by_gradient) > room
    case = float(BESIDE.index(methods[seen.settings.method].beside))
    remembered = where(scale * length(by_memory) > room, case, -1.0)
    return {
        "walked": _up_to(seen, seen.walk.points),
        "path": seen.walk.points,
        "tangent": np.full((2, 2), np.nan),
        "by gradient": row(*here, *tip),
        "by memory": row(*here, *far),
        "move": row(*here, *numbers_of(seen.here + scale * seen.step)),
        "by gradient label": beside(tip, numbers_of(seen.by_gradient), shown),
        "by memory label": row(*far, *numbers_of(by_memory), remembered),
    }


def _curve_numbers(seen: Seen) -> Numbers:
    x, height = seen.here[0], pick(seen.walk.values, seen.at)
    trail = anp.stack([seen.walk.points[:, 0], seen.walk.values], axis=1)
    slope, reach = seen.gradient[0], REACH * seen.view.width
    tip, end = (x + seen.scale * part[0] for part in (seen.by_gradient, seen.step))
    return {
        "walked": _up_to(seen, trail),
        "path": trail,
        "tangent": points(
            (x - reach, height - slope * reach),
            (x + reach, height + slope * reach),
        ),
        "by gradient": row(x, height, tip, height),
        "by memory": np.full(4, np.nan),
        "move": row(x, height, end, height),
        "by gradient label": row(0.0, 0.0, 0.0, 0.0, -1.0),
        "by memory label": row(0.0, 0.0, 0.0, 0.0, -1.0),
    }


def _history(seen: Seen) -> Numbers:
    """Loss and slope over the steps; a slope has no place on an axis of f itself."""
    frame, at, values = seen.frame, seen.at, seen.walk.values
    slopes, (low, high) = seen.features.slopes, frame.loss
    heights, shared = losses(values, frame), frame.logarithmic
    steep = where(shared, exponents(slopes, low), np.nan)
    middle, right = anp.floor(seen.walk.steps / 2.0), seen.across[1]
    side = where(pick(steep, middle) > pick(heights, middle), 1.0, -1.0)
    numbers = {
        "loss": heights,
        "step": row(at, loss.seen(pick(heights, at), frame)),
        "loss label": beside((right, high), (0.0, 1.0), True, pick(values, at)),
        "slope": steep,
        "slope now": row(at, pick(steep, at)),
        "slope label": row(  # on the side of its curve where the loss is not, or in a corner
            where(shared, middle, right),
            where(shared, pick(steep, middle), high),
            where(shared, 0.0, -1.0),
            where(shared, side, -1.0),
            0.0,
            pick(slopes, at),
        ),
        **framing("loss", seen.across, frame),
    }
    if seen.settings.components:
        parts = _components(seen)
        lowest = look(seen.features.ground, seen.reached.place, 0).value
        split = where(shared, exponents(parts, low), parts + lowest)
        numbers |= {f"component {k}": split[k] for k in range(len(seen.field.variables))}
    return numbers


def _components(seen: Seen) -> Any:
    """½λᵢcᵢ² for the error's components cᵢ along the Hessian's eigenvectors, shape (n, T + 1)."""
    values, vectors = axes(seen.features.ground, seen.reached.place)
    known = anp.all(anp.isfinite(seen.reached.values))
    parts = anp.dot(seen.walk.points - seen.reached.place, vectors)
    return where(known, 0.5 * values[:, None] * parts.T**2, np.nan)


# ── captions ─────────────────────────────────────────────────────────────────────────────────────


def _captions(seen: Seen) -> Numbers:
    which, numbers = seen.verdict
    moved, scale = length(seen.step), seen.scale
    bigger = where(scale == 1, 0.0, where(scale > 1, 1.0, 2.0))
    case = where(seen.over, 3.0, where(moved == 0, 4.0, bigger))
    size = pick(seen.features.slopes, seen.at)
    return {
        "verdict": caption(which, *numbers_of(numbers)),
        "now": caption(
            case,
            seen.at,
            seen.asked,
            *numbers_of(_told(seen, seen.here)),
            pick(seen.walk.values, seen.at),
            size,
            moved,
            where(scale > 1, scale, 1.0 / scale),
        ),
        "rate note": _rate_note(seen),
    }


def _told(seen: Seen, place: Any) -> Any:
    """A place whose negligible coordinates are 0."""
    return where(anp.abs(place) < NEGLIGIBLE * seen.view.width, 0.0, place)


def _rate_note(seen: Seen) -> Any:
    found, factor = seen.reached, methods[seen.settings.method].factor
    values, place = numbers_of(found.values), numbers_of(_told(seen, found.place))
    if factor is None:
        return caption(-1.0, *[0.0] * 3 * len(values))
    rate = where(seen.walk.steps > 0, seen.walk.step_sizes[0], 0.0)
    if factor.with_momentum:
        shares = [error_factor(rate * value, seen.momentum, factor) for value in values]
    else:
        shares = [1 - rate * value for value in values]
    here = where(found.minimum, 0.0, 1.0)
    bare = no(anp.all(anp.isfinite(found.values)))
    case = here + where(bare, where(found.corner, 4.0, 2.0), 0.0)
    shown = [where(bare, 0.0, number) for number in (*values, *shares)]
    return caption(case, *place, *shown)
