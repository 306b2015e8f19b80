"""A search on data: its path over the parameters, and the loss over its steps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import autograd.numpy as anp
import numpy as np

from gradwidgets.calculus.objective import Objective
from gradwidgets.calculus.paths import Path
from gradwidgets.calculus.program import pick
from gradwidgets.calculus.rules import methods, schedules
from gradwidgets.calculus.training import Data, trained
from gradwidgets.calculus.truths import both
from gradwidgets.pictures.framing import range_of
from gradwidgets.pictures.marks import Label, Mark, Marker, Polyline
from gradwidgets.pictures.numbers import Numbers, beside, caption, row
from gradwidgets.pictures.palette import HANDLE, INK, QUIET, SECOND
from gradwidgets.pictures.panels import Panel

PANEL = "loss"
DEEPEST = 12.0  # decades below the highest loss: deeper is rounding
TOLD = (
    "After {.0} steps the loss is {g}; it was {g}.",
    "After {.0} steps the loss is {g}; the least is {g}, by least squares.",
    "The loss rose from {g} to {g} at step 1: α·λmax = {g} is over {g}.",
    "After {.0} steps the loss has risen to {g}; it was {g}.",
    "The search left the numbers at step {.0}: it diverged. α·λmax = {g}, and over {g} it grows.",
    "The search left the numbers at step {.0}: it diverged.",
    "At step {.0} the search came to where the model has no finite value.",
    "At step {.0} Newton has no step: the Hessian of the loss there can’t be inverted.",
)


@dataclass(frozen=True)
class Manner:
    """How a search goes on, beside the numbers that have a control."""

    method: str = "gradient descent"
    steps: int = 100
    schedule: str = "constant"


@dataclass(frozen=True, eq=False)
class Search:
    """A search with what is asked of it, each found once.

    `size` is how many rows a batch has, `wanted` the step that is looked at.
    """

    objective: Objective
    manner: Manner
    data: Data
    at: Mapping[str, Any]
    size: Any

    @cached_property
    def theta(self) -> list[Any]:
        """Where it begins."""
        return [self.at[name] for name in self.objective.model.parameters]

    @cached_property
    def own(self) -> dict[str, Any]:
        """The method's parameters."""
        return {name: self.at[name] for name in methods[self.manner.method].parameters}

    @cached_property
    def path(self) -> Path:
        """All of it."""
        steps, times = self.manner.steps, np.arange(float(self.manner.steps))
        rates = self.at["rate"] * schedules[self.manner.schedule](times, float(steps))
        return trained(
            self.objective,
            self.data,
            self.manner.method,
            self.own,
            self.theta,
            rates,
            float(steps),
            self.size,
        )

    @cached_property
    def taken(self) -> Any:
        """How many steps it took before it left the numbers."""
        return anp.sum(1.0 * anp.all(anp.isfinite(self.path.points), axis=-1)) - 1.0

    @cached_property
    def step(self) -> Any:
        """The step that is looked at, within the search."""
        return anp.minimum(anp.floor(self.at["step"]), self.taken)

    @cached_property
    def here(self) -> Any:
        """θ there, shape (P,)."""
        return pick(self.path.points, self.step)

    @cached_property
    def following(self) -> Any:
        """θ after the next step; NaN where there is none."""
        following = pick(self.path.points, self.step + 1.0)
        return anp.where(self.step < self.taken, following, np.nan)


# ── the loss over the steps ──────────────────────────────────────────────────────────────────────


def panel(steps: int) -> Panel:
    """The panel of the loss over so many steps."""
    return Panel(
        PANEL,
        (0.0, float(steps)),
        (-2.0, 2.0),
        "Loss, all rows",
        xlabel="step",
        ylog=True,
        left=True,
        most=225,
    )


def marks(steps: int) -> tuple[Mark, ...]:
    """The loss, the least that there is, and the handle on the step that is looked at."""
    along = tuple(map(float, range(steps + 1)))
    return (
        Polyline(name="least loss", panel=PANEL, color=SECOND, width=1.4, dash=(6, 3)),
        Polyline(name="loss", panel=PANEL, color=INK, width=2.0, along=along, counts=True),
        Marker(name="step", panel=PANEL, color=HANDLE, moves=("step", None)),
        Label(name="loss label", panel=PANEL, color=INK, texts=("{6g}",), above=True),
    )


def numbers(search: Search, least: Any) -> Numbers:
    """The numbers of these marks; `least` is the exact minimum's loss, or NaN."""
    values, right = search.path.values, float(search.manner.steps)
    heights = _exponents(values)
    low, high = _ends(heights, _exponents(least))
    here = pick(values, search.step)
    return {
        "least loss": anp.stack([row(0.0, _exponents(least)), row(right, _exponents(least))]),
        "loss": anp.maximum(heights, low),
        "step": row(search.step, anp.maximum(pick(heights, search.step), low)),
        "loss label": beside((right, high), (0.0, 1.0), True, here),
        range_of(PANEL): row(0.0, right, low, high),
    }


def _exponents(values: Any) -> Any:
    return anp.log10(anp.where(values > 0, values, np.nan))


def _ends(heights: Any, least: Any) -> tuple[Any, Any]:
    """Half decades around all that is finite."""
    known = anp.isfinite(heights)
    high = anp.max(anp.where(known, heights, -300.0))
    low = anp.minimum(
        anp.min(anp.where(known, heights, 300.0)), anp.where(anp.isfinite(least), least, 300.0)
    )
    high = anp.minimum(anp.ceil(2.0 * high + 0.2) / 2.0, 300.0)
    low = anp.maximum(anp.floor(2.0 * low - 0.2) / 2.0, high - DEEPEST)
    return anp.minimum(low, high - 0.5), high


# ── what became of it ────────────────────────────────────────────────────────────────────────────


def told() -> Label:
    """The caption about the whole search."""
    return Label(name="run", panel="", color=QUIET, texts=TOLD)


def told_numbers(search: Search, greatest: Any, least: Any) -> Any:
    """The numbers of this caption; `greatest` is the largest eigenvalue where the search began."""
    factor, whole = methods[search.manner.method].factor, search.at["rate"]
    bound = factor.bound(search.own.get("momentum", 0.0)) if factor else np.inf
    product, values = whole * greatest, search.path.values
    first, second, last = values[0], values[1], pick(values, search.taken)
    finite = both(search.taken >= float(search.manner.steps), anp.isfinite(last))
    over = both(product > bound, greatest > 0)
    before = pick(values, anp.maximum(search.taken - 1.0, 0.0))
    ended = anp.where(over, 4.0, anp.where(before <= first, 6.0, 5.0))
    case = anp.where(
        finite,
        anp.where(
            _has_risen(first, last),
            anp.where(both(over, _has_risen(first, second)), 2.0, 3.0),
            anp.where(anp.isfinite(least), 1.0, 0.0),
        ),
        anp.where(_is_singular(search, last), 7.0, ended),
    )
    case = anp.where(anp.isfinite(first), case, -1.0)  # there was no search
    return caption(case, *_choose(case, search.taken, last, first, second, least, product, bound))


def _has_risen(before: Any, after: Any) -> Any:
    """Whether a loss is higher in the digits that are told."""
    return _as_told(after) > _as_told(before)


def _as_told(loss: Any) -> Any:
    """A loss in three digits, or up to 10⁵ in units: see `three_digits`."""
    unit = 10.0 ** (anp.floor(anp.log10(anp.where(loss > 0, loss, 1.0))) - 2.0)
    unit = anp.where(loss < 1e5, anp.minimum(unit, 1.0), unit)
    return anp.where(loss > 0, anp.floor(loss / unit + 0.5) * unit, loss)


def _is_singular(search: Search, last: Any) -> Any:
    """Whether the search ended where loss and slopes are known, but no step of Newton's."""
    if not methods[search.manner.method].second_order:
        return False
    slopes = pick(search.path.gradients, search.taken)
    return both(anp.isfinite(last), anp.all(anp.isfinite(slopes)))


def _choose(
    case: Any, taken: Any, last: Any, first: Any, second: Any, least: Any, product: Any, bound: Any
) -> Sequence[Any]:
    """The values for the slots of each sentence."""
    rows = (
        (taken, last, first, 0.0),
        (taken, last, least, 0.0),
        (first, second, product, bound),
        (taken, last, first, 0.0),
        (taken, product, bound, 0.0),
        *[(taken, 0.0, 0.0, 0.0)] * 3,
    )
    return [
        sum(anp.where(case == float(k), one[place], 0.0) for k, one in enumerate(rows))
        for place in range(4)
    ]
