"""The data beside their model: rows, the curve with its handles, and what it misses of each row."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import autograd.numpy as anp
import numpy as np

from gradwidgets.calculus.functions import FUNCTIONS
from gradwidgets.calculus.objective import Objective, slopes
from gradwidgets.calculus.observations import Observations
from gradwidgets.calculus.program import pick
from gradwidgets.calculus.training import Data
from gradwidgets.calculus.truths import both
from gradwidgets.calculus.types import Array, Interval
from gradwidgets.calculus.typeset import symbol
from gradwidgets.pictures.framing import pull_of
from gradwidgets.pictures.marks import Label, Mark, Marker, Polyline
from gradwidgets.pictures.numbers import Numbers, beside, row
from gradwidgets.pictures.palette import GUIDE, HANDLE, INK, QUIET, RESIDUAL, RESIDUALS, SECOND
from gradwidgets.pictures.panels import Panel

PANEL = "data"
CURVE_POINTS = 121
MOST_SQUARES, MOST_RESIDUALS = 60, 400  # rows: more of them would hide one another
FEW = 15  # rows whose squares may lie on each other
MARGIN = 0.1  # of the data's range, beyond it
NEAR_ZERO = 0.5  # of the greatest y: from less on 0 is shown as well
GRIPS = {"left": 0.2, "right": 0.8}  # where along the axis the curve can be taken
STEEPEST = 0.05  # the least p(1 − p) that is divided by, where a probability is dragged

probability = FUNCTIONS["sigmoid"].compute


@dataclass(frozen=True)
class Shown:
    """What of the data is shown, over which ranges.

    `moved` names the parameters that the curve's handles change, one or two. There are `count`
    rows, and of their slots `rows` are drawn, the first ones.
    """

    objective: Objective
    x_name: str
    y_name: str
    x: Interval
    y: Interval
    moved: tuple[str, ...]
    count: int
    rows: int
    squares: bool

    @property
    def labels(self) -> bool:
        """Whether y are labels, and the curve is a probability."""
        return self.objective.loss.labels

    @cached_property
    def places(self) -> Array:
        """Where the curve is drawn."""
        return np.linspace(*self.x, CURVE_POINTS)

    @property
    def grips(self) -> dict[str, float]:
        """The handles of the curve, and where they stand."""
        names = ["right"] if len(self.moved) == 1 else list(GRIPS)
        low, high = self.x
        return {name: low + GRIPS[name] * (high - low) for name in names}

    @property
    def drawn(self) -> int:
        """How many rows have their residual drawn."""
        return min(self.rows, MOST_RESIDUALS)


def ranges(data: Observations, labels: bool) -> tuple[Interval, Interval]:
    """Round intervals for the axes, with room around the data.

    >>> from gradwidgets.calculus.observations import observations
    >>> ranges(observations([1, 2, 4], [0, 5, 10]), False)
    ((0.7, 4.3), (-2.0, 12.0))
    """
    x, y = ((float(part.min()), float(part.max())) for part in (data.x, data.y))
    if 0 < y[0] <= NEAR_ZERO * y[1]:
        y = (0.0, y[1])
    return _around(*x, MARGIN), (-0.3, 1.3) if labels else _around(*y, 2 * MARGIN)


def _around(low: float, high: float, margin: float) -> Interval:
    span = high - low or abs(high) or 1.0
    step = 10.0 ** math.floor(math.log10(span) - 1)
    ends = (
        math.floor((low - margin * span) / step + 0.5),
        math.ceil((high + margin * span) / step - 0.5),
    )
    return float(f"{ends[0] * step:.12g}"), float(f"{ends[1] * step:.12g}")


def steps(shown: Shown) -> tuple[float, float]:
    """How finely a row moves along both axes: about a five-hundredth of them."""
    x, y = (10.0 ** round(math.log10((high - low) / 500)) for low, high in (shown.x, shown.y))
    return x, y


# ── marks ────────────────────────────────────────────────────────────────────────────────────────


def panel(shown: Shown, title: str) -> Panel:
    """The panel of the data."""
    y = f"${symbol(shown.y_name)}$" if len(shown.y_name) == 1 else shown.y_name
    x = f"${symbol(shown.x_name)}$" if len(shown.x_name) == 1 else shown.x_name
    ticks = (0.0, 0.5, 1.0) if shown.labels else None
    return Panel(PANEL, shown.x, shown.y, title, xlabel=x, ylabel=y, yticks=ticks, tall=2.0)


def marks(shown: Shown) -> tuple[Mark, ...]:
    """What misses lies below the curve, the rows lie above it, and handles above all.

    Many rows lie below all: they would hide the curve, and a page need not draw them in each frame.
    """
    along = tuple(shown.places.tolist())
    tint = RESIDUAL if shown.count <= FEW else RESIDUALS
    squares = Polyline(name="squares", panel=PANEL, fill=tint, width=0, squares=True)
    curve = Polyline(name="curve", panel=PANEL, color=INK, width=2.4, along=along)
    line = Polyline(name="decision", panel=PANEL, color=SECOND, dash=(6, 4))
    pulls, many = shown.moved, shown.count > MOST_RESIDUALS
    dot = 9.0 if shown.count <= 100 else 3.0 if many else 6.0
    rows = Polyline(name="rows", panel=PANEL, color=HANDLE, width=0, dots=dot, still=many)
    return (
        *([rows] if many else []),
        *([squares] if shown.squares else []),
        Polyline(name="residuals", panel=PANEL, color=GUIDE, width=0.8 if many else 1.2),
        Polyline(name="first curve", panel=PANEL, color=QUIET, dash=(5, 4), along=along),
        *([line] if shown.labels else []),
        curve,
        *([] if many else [rows]),
        Marker(name="row", panel=PANEL, color=HANDLE, size=12),
        *(
            Marker(name=name, panel=PANEL, color=HANDLE, moves=(None, pulls[0]), pulls=pulls)
            for name in shown.grips
        ),
        *(
            [Label(name="decision label", panel=PANEL, color=SECOND, texts=("p = ½ at {g}",))]
            if shown.labels
            else []
        ),
    )


# ── numbers ──────────────────────────────────────────────────────────────────────────────────────


def numbers(
    shown: Shown, data: Data, theta: Sequence[Any], first: Sequence[Any], chosen: Any, moved: Any
) -> Numbers:
    """The numbers of these marks.

    `theta` is what is shown, `first` where the search began; while both are the same, `moved` is
    not true, and the curve can be taken. `chosen` is the row that is looked at.
    """
    model = shown.objective.model
    heights = _heights(shown, shown.places, theta)
    began = anp.where(moved, _heights(shown, shown.places, first), np.nan)
    count = shown.drawn
    x, y, seen = data.x[:count], data.y[:count], data.weights[:count] > 0
    missed = anp.where(seen, _heights(shown, x, theta), np.nan)
    found = {
        "curve": heights,
        "first curve": began,
        "residuals": _segments(x, y, missed),
        "rows": _dots(shown, data),
        "row": _row(data, chosen),
        **_grips(shown, first, moved),
    }
    if shown.squares:
        seen_whole = anp.abs(missed - y) <= shown.y[1] - shown.y[0]
        sides = [
            anp.stack([x, y], axis=1),
            anp.stack([x, anp.where(seen_whole, missed, np.nan)], axis=1),
        ]
        found["squares"] = anp.reshape(anp.stack(sides, axis=1), (-1, 2))
    if shown.labels:
        found |= _decision(shown, model(shown.places, *theta))
    return found


def _heights(shown: Shown, x: Any, theta: Sequence[Any]) -> Any:
    """ŷ, or the probability of which it is the logit."""
    found = shown.objective.model(x, *theta)
    return probability(found) if shown.labels else found


def _segments(x: Any, y: Any, missed: Any) -> Any:
    """From every row to the curve, and a gap."""
    gap = np.full((np.shape(x)[0], 2), np.nan)
    ends = [anp.stack([x, y], axis=1), anp.stack([x, missed], axis=1), gap]
    return anp.reshape(anp.stack(ends, axis=1), (-1, 2))


def _dots(shown: Shown, data: Data) -> Any:
    x, y, weights = (part[: shown.rows] for part in data[:3])
    there = weights > 0
    return anp.stack([anp.where(there, x, np.nan), anp.where(there, y, np.nan)], axis=1)


def _row(data: Data, chosen: Any) -> Any:
    there = pick(data.weights, chosen) > 0
    x, y = (pick(part, chosen) for part in (data.x, data.y))
    return row(anp.where(there, x, np.nan), anp.where(there, y, np.nan))


def _decision(shown: Shown, logits: Any) -> Numbers:
    """Where the logit first changes its sign."""
    x, (left, right) = shown.places, shown.y
    before, after = logits[:-1], logits[1:]
    gap = before - after
    there = both(before * after <= 0, gap != 0)
    places = x[:-1] + before / anp.where(there, gap, 1.0) * (x[1] - x[0])
    place = anp.min(anp.where(there, places, np.inf))
    place = anp.where(anp.isfinite(place), place, np.nan)
    return {
        "decision": anp.stack([row(place, left), row(place, right)]),
        "decision label": beside((place, right), (1.0, -1.0), anp.isfinite(place), place),
    }


def _grips(shown: Shown, theta: Sequence[Any], moved: Any) -> Numbers:
    """The handles of the curve, and by how much each pulls its parameters: a column of J⁻¹."""
    places = np.array(list(shown.grips.values()))
    model = shown.objective.model
    at = [model.parameters.index(name) for name in shown.moved]
    logits, rates = model(places, *theta), slopes(model, places, list(theta))
    heights = _heights(shown, places, theta)
    rise = heights * (1.0 - heights) if shown.labels else 1.0 + 0.0 * logits
    pulls = _inverse([rates[place] for place in at])
    found: dict[str, Any] = {}
    for k, name in enumerate(shown.grips):
        pull = pulls[k] / anp.maximum(rise[k], STEEPEST)
        usable = both(anp.all(anp.isfinite(pull)), anp.logical_not(moved))
        found[pull_of(name)] = pull
        found[name] = row(places[k], anp.where(usable, _inside(shown.y, heights[k]), np.nan))
    return found


def _inside(ends: Interval, height: Any) -> Any:
    """A height of the panel: a curve outside of it waits at the edge to be taken."""
    room = 0.03 * (ends[1] - ends[0])
    return anp.clip(height, ends[0] + room, ends[1] - room)


def _inverse(rates: Sequence[Any]) -> list[Any]:
    """For each handle, how the parameters move with it alone; not finite where they can't."""
    if len(rates) == 1:
        return [row(1.0 / anp.where(rates[0][0] == 0, np.nan, rates[0][0]))]
    (a, c), (b, d) = ((rate[0], rate[1]) for rate in rates)
    det = a * d - b * c
    det = anp.where(anp.abs(det) > 1e-12 * (anp.abs(a * d) + anp.abs(b * c)), det, np.nan)
    return [row(d / det, -c / det), row(-b / det, a / det)]
