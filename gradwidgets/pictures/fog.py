"""In the fog: f and ∇f only where one has stepped; afterwards the map, and a method's path on it.

After the game “in the fog” of IMAGINARY's exhibition: a landscape that is hidden, as it is from an
algorithm.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import autograd.numpy as anp
import numpy as np
from autograd.tracer import isbox

from gradwidgets.calculus.descent import descend
from gradwidgets.calculus.field import ScalarField
from gradwidgets.calculus.paths import path
from gradwidgets.calculus.program import pick
from gradwidgets.calculus.quadratic import norm
from gradwidgets.calculus.ranks import percentile
from gradwidgets.calculus.tracing import value_and_partials
from gradwidgets.calculus.truths import both, where
from gradwidgets.calculus.typeset import symbol
from gradwidgets.pictures import terrain
from gradwidgets.pictures.control import Control
from gradwidgets.pictures.framing import range_of
from gradwidgets.pictures.marks import Arrow, Label, Marker, Marks, Polyline
from gradwidgets.pictures.numbers import Numbers, beside, caption, points, row
from gradwidgets.pictures.palette import GRADIENT, GUIDE, HANDLE, INK, MODEL, QUIET, TRIANGLE
from gradwidgets.pictures.panels import Panel
from gradwidgets.pictures.picture import Picture
from gradwidgets.pictures.scene import Layer

MOST = 40  # steps
TIMES = np.arange(MOST + 1.0)
AFTER = "walk after"  # an output: what is known when she has stepped there
LONGEST = 0.25  # of the map's width: what no arrow reaches
FEWEST = 10.0  # steps that the axis shows
MARGIN = 0.3  # of a step: room for the start
ROOM = 0.08  # of the range of f: what is left free around it
PLAIN = "gradient descent"
LOWEST = "The lowest so far is f = {g@4}, of step {.0@5}."


def walk_names() -> tuple[str, ...]:
    """The controls that keep the way: how many steps, then x and y of each place, start first."""
    places = (f"walk {axis}{k}" for k in range(MOST + 1) for axis in ("x", "y"))
    return ("walk steps", *places)


@dataclass(frozen=True)
class Lifted:
    """What is shown when the fog is gone: the learning rate of the method beside her path."""

    rate: float
    least: float  # of f on the map


def fog_picture(field: ScalarField, lifted: Lifted | None = None) -> Picture:
    """The way through a hidden landscape; with `lifted` also the map, and a method's way.

    Raises:
        ValueError: a field that has not two variables.
    """
    terrain.check_two_variables(field)
    x, y = field.variables
    return Picture(
        (terrain.map_panel(field, x, y, {}) if lifted else _fog(field), _course()),
        Layer() if lifted else _grey(field),
        _marks(field, lifted),
        (*terrain.controls(field), *_kept(field)),
        lambda **at: _numbers(field, lifted, at),
        field,
        outputs=(range_of("course"), AFTER),
    )


def _fog(field: ScalarField) -> Panel:
    """A map that shows nothing of f."""
    x, y = field.variables
    ends = field.domain
    return Panel(
        "map",
        ends[x],
        ends[y],
        title="In the fog",
        xlabel=f"${symbol(x)}$",
        ylabel=f"${symbol(y)}$",
        equal=terrain.same_scale(ends[x], ends[y]),
        axes=(x, y),
    )


def _grey(field: ScalarField) -> Layer:
    """What lies over the map."""
    (left, right), (low, high) = field.domain.values()
    corners = np.array([(left, low), (right, low), (right, high), (left, high), (left, low)])
    return Layer((Polyline(name="fog", panel="map", width=0.0, fill=TRIANGLE),), {"fog": corners})


def _course() -> Panel:
    ends = (-MARGIN, FEWEST)
    return Panel("course", ends, (0.0, 1.0), "$f$ at every step", xlabel="step", ylabel="$f$")


def _kept(field: ScalarField) -> tuple[Control, ...]:
    """Controls without a label have no slider."""
    steps, *places = walk_names()
    axes = [replace(one, label="") for one in terrain.controls(field)]
    along = (replace(axes[k % 2], name=name) for k, name in enumerate(places))
    return (Control(steps, "", 0.0, float(MOST), 1.0, 0.0), *along)


def _marks(field: ScalarField, lifted: Lifted | None) -> Marks:
    x, y = field.variables
    method: Marks = (
        Polyline(name="method", panel="map", color=MODEL, width=1.8, dash=(6, 3), dots=4.0),
        Label(name="method label", panel="map", color=MODEL, texts=(PLAIN,)),
        Polyline(name="method course", panel="course", color=MODEL, width=1.8, dash=(6, 3)),
    )
    return (
        *(method if lifted else ()),
        Polyline(name="walked", panel="map", color=INK, width=1.6, dots=6.0),
        Polyline(name="next", panel="map", color=QUIET, width=1.2, dash=(2, 3)),
        Arrow(name="slopes", panel="map", color=GRADIENT, width=2.2),
        Marker(name="lowest", panel="map", color=INK, shape="diamond", size=10.0),
        Label(name="slope label", panel="map", color=GRADIENT, texts=("∇f",)),
        Label(name="here label", panel="map", color=INK, texts=("f = {g}", "undefined")),
        Marker(name="point", panel="map", color=HANDLE, moves=(x, y)),
        Polyline(name="floor", panel="course", color=GUIDE, width=1.0, dash=(2, 3)),
        Polyline(name="course", panel="course", color=INK, width=1.6, dots=6.0),
        Marker(name="lowest step", panel="course", color=INK, shape="diamond", size=10.0),
        *_captions(lifted),
    )


def _captions(lifted: Lifted | None) -> Marks:
    step = f"Step {{.0}} of {MOST}: "
    spoken = (
        f"{step}f = {{g}} here, and rises most toward {{.0}}°, by ‖∇f‖ = {{g}}. {LOWEST}",
        f"{step}f = {{g}} here, and ∇f = 0. {LOWEST}",
        f"Step {{.0}} of {MOST}: f is undefined here, or has no slope.",
    )
    beaten = (
        f"You came down to f = {{g}}. With as many steps from the same start, {PLAIN} with "
        "α = {g} comes down to {g}; the least on this map is about {g}."
    )
    scale = "Where f is steeper the arrows are longer, though not in proportion."
    full = f"That was step {MOST}, and the last one: now lift the fog."
    return (
        Label(name="spoken", panel="", texts=spoken, letters=max(map(len, spoken))),
        *((Label(name="beside", panel="", texts=(beaten,), urgent=True),) if lifted else ()),
        Label(name="full", panel="", texts=(full,), urgent=True),
        Label(name="scale note", panel="", color=QUIET, texts=(scale,)),
    )


# ── numbers ──────────────────────────────────────────────────────────────────────────────────────


class Way(NamedTuple):
    """Places with f and its partials there, each (MOST + 1,); NaN where she has not been."""

    x: Any
    y: Any
    f: Any
    fx: Any
    fy: Any

    def at(self, step: Any) -> Way:
        """The same at one step."""
        return Way(*(pick(part, step) for part in self))

    @property
    def lowest(self) -> Any:
        """The first step at which f is least; 0 where it is defined at none."""
        known = anp.isfinite(self.f)
        least = anp.min(where(known, self.f, np.inf))
        return anp.min(where(both(known, self.f == least), TIMES, float(MOST))) * anp.any(known)


def _numbers(field: ScalarField, lifted: Lifted | None, at: Mapping[str, Any]) -> Numbers:
    name, *places = walk_names()
    steps, x, y = (at[one] for one in (name, *field.variables))
    xs, ys = (row(*(at[place] for place in places[axis::2])) for axis in (0, 1))
    walked = _seen(field, xs, ys, steps >= TIMES)
    here, best = walked.at(steps), walked.at(walked.lowest)
    found = {
        "point": row(x, y),
        "walked": anp.stack([walked.x, walked.y], axis=1),
        "next": points((here.x, here.y), (x, y)),
        "lowest": row(where(anp.isfinite(best.f), best.x, np.nan), best.y),
        "here label": row(
            here.x, here.y, 1.0, -1.0, where(anp.isfinite(here.f), 0.0, 1.0), here.f
        ),
        **_arrows(field, walked, here),
        **_course_numbers(steps, walked, walked.f),
        **_told(lifted, steps, here, walked.lowest, best.f),
        AFTER: _after(steps, x, y, xs, ys),
    }  # fmt: skip
    return {**found, **(_beside(field, lifted, walked, steps, best.f) if lifted else {})}


def _seen(field: ScalarField, xs: Any, ys: Any, there: Any) -> Way:
    """What there is to be seen at some of these places."""
    f, (fx, fy) = value_and_partials(field.function, (xs, ys))
    return Way(*(where(there, part + 0.0 * xs, np.nan) for part in (xs, ys, f, fx, fy)))


def _after(steps: Any, x: Any, y: Any, xs: Any, ys: Any) -> Any:
    """The way with one step more, as the controls keep it; the last step stays the last."""
    new = steps + 1.0 == TIMES
    places = anp.stack([where(new, x, xs), where(new, y, ys)], axis=1)
    count = anp.reshape(anp.minimum(steps + 1.0, float(MOST)), (1,))
    return anp.concatenate([count, anp.reshape(places, (2 * MOST + 2,))])


def _arrows(field: ScalarField, walked: Way, here: Way) -> Numbers:
    """∇f at every place; a slope like most others is half as long as the steepest could be."""
    slopes, slope = norm(walked.fx, walked.fy), norm(here.fx, here.fy)
    sloping = both(anp.isfinite(slopes), slopes > 0)
    (usual,) = percentile(slopes, sloping, 0.5)
    longest = LONGEST * min(high - low for low, high in field.domain.values())
    scale = longest / where(sloping, slopes + usual, np.nan)
    own = longest / where(slope > 0, slope + usual, np.nan)
    tips = (walked.x + scale * walked.fx, walked.y + scale * walked.fy)
    tip = (here.x + own * here.fx, here.y + own * here.fy)
    return {
        "slopes": anp.stack([walked.x, walked.y, *tips], axis=1),
        "slope label": beside(tip, (here.fx, here.fy), slope > 0),
        "scale note": caption(0.0),
    }


def _course_numbers(steps: Any, walked: Way, heights: Any) -> Numbers:
    """f over the steps; the axis has room for all of these heights."""
    across, lowest = anp.maximum(steps, FEWEST), walked.lowest
    least, known = pick(walked.f, lowest), anp.isfinite(heights)
    some = anp.any(known)
    low = where(some, anp.min(where(known, heights, np.inf)), 0.0)
    high = where(some, anp.max(where(known, heights, -np.inf)), 1.0)
    room = ROOM * where(high > low, high - low, anp.maximum(anp.abs(high), 1.0))
    return {
        "course": anp.stack([TIMES + 0.0 * walked.f, walked.f], axis=1),
        "floor": points((-MARGIN, least), (across, least)),
        "lowest step": row(lowest, least),
        range_of("course"): row(-MARGIN, across, low - room, high + room),
    }


def _told(lifted: Lifted | None, steps: Any, here: Way, lowest: Any, least: Any) -> Numbers:
    slope = norm(here.fx, here.fy)
    toward = anp.arctan2(here.fy, here.fx) * (180 / np.pi) % 360.0
    case = where(anp.isfinite(slope), where(slope > 0, 0.0, 1.0), 2.0)
    full = -1.0 if lifted else where(steps >= MOST, 0.0, -1.0)
    return {
        "spoken": caption(case, steps, here.f, toward, slope, least, lowest),
        "full": caption(full),
    }


def _beside(field: ScalarField, lifted: Lifted, walked: Way, steps: Any, least: Any) -> Numbers:
    """The method's way from the same start, with as many evaluations, beside hers."""
    start = (walked.x[0], walked.y[0])
    traced = any(map(isbox, (*start, steps)))
    way = (_computed_way if traced else _searched_way)(field, start, lifted.rate, steps)
    there = both(steps >= TIMES, anp.isfinite(way[1]))
    places, values = where(there[:, None], way[0], np.nan), where(there, way[1], np.nan)
    last = pick(places, anp.sum(1.0 * there) - 1.0)
    best = anp.min(where(there, values, np.inf))
    return {
        "method": places,
        "method label": beside((last[0], last[1]), (1.0, 1.0), steps > 0),
        "method course": anp.stack([TIMES + 0.0 * values, values], axis=1),
        "beside": caption(0.0, least, lifted.rate, best, lifted.least),
        **_course_numbers(steps, walked, anp.concatenate([walked.f, values])),
    }


def _computed_way(
    field: ScalarField, start: tuple[Any, Any], rate: float, steps: Any
) -> tuple[Any, Any]:
    """Places, (MOST + 1, 2), and values of the method's way as part of a program."""
    rates = rate * (1.0 + 0.0 * TIMES[1:] * steps)
    found = path(field.function, PLAIN, {}, start, rates, np.zeros((MOST, 2)), steps)
    return found.points, found.values


def _searched_way(
    field: ScalarField, start: tuple[Any, Any], rate: float, steps: Any
) -> tuple[Any, Any]:
    """The same by Python itself."""
    run = descend(field, start, rate, int(steps), PLAIN)
    room = MOST + 1 - len(run.values)
    filled = np.pad(run.points, ((0, room), (0, 0)), constant_values=np.nan)
    return filled, np.pad(run.values, (0, room), constant_values=np.nan)
