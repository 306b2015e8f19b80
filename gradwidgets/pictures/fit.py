"""Learning from data: the rows with a model's curve, and the loss over its parameters."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import autograd.numpy as anp
import numpy as np

from gradwidgets.calculus.fitting import exact_minimum
from gradwidgets.calculus.landscape import Landscape
from gradwidgets.calculus.losses import LOSSES
from gradwidgets.calculus.objective import Objective
from gradwidgets.calculus.observations import Observations
from gradwidgets.calculus.rules import methods
from gradwidgets.calculus.symmetric import decomposition
from gradwidgets.calculus.tracing import value_partials_and_seconds
from gradwidgets.calculus.training import Data
from gradwidgets.calculus.types import Interval
from gradwidgets.pictures import landscape, rates, residuals, shares, terrain, training
from gradwidgets.pictures.control import Control
from gradwidgets.pictures.descent import parameter
from gradwidgets.pictures.framing import pull_of, range_of
from gradwidgets.pictures.ground import Dependent
from gradwidgets.pictures.landscape import CURVE
from gradwidgets.pictures.marks import Mark
from gradwidgets.pictures.numbers import Numbers, caption
from gradwidgets.pictures.panels import Panel
from gradwidgets.pictures.picture import Picture
from gradwidgets.pictures.rates import Curvature
from gradwidgets.pictures.residuals import Shown
from gradwidgets.pictures.rows import Rows
from gradwidgets.pictures.training import Manner, Search

SAMPLE = 5000  # rows that are drawn, and of which the map is made
AT_ONCE = 500  # rows up to which the whole path follows within the frame
ARRAYS = ("rows x", "rows y", "rows weight")
STRENGTHS = ("delta", "l2", "l1")  # controls of which the loss is made
ROUNDING = 1e-15  # of the greatest: what is smaller is 0
FLAT = 1e-9  # of the greatest eigenvalue: so little a direction does not curve


@dataclass(frozen=True, eq=False)
class Learning:
    """What is learned from, and how, beside the numbers that have a control.

    Attributes:
        rows: those with which it began, from which axes have their ranges and names.
        manner: how the search goes on.
        axes: the parameters whose map is shown, two, or the only one.
        span: exponents of the learning rates that are shown.
        strongest: the largest penalty.
        squares: whether each residual has its square.
        cut: where level curves are made here, for a file: the parameters that the map does not
            show, and where they stand.
    """

    rows: Observations
    manner: Manner
    axes: tuple[str, ...]
    span: Interval
    strongest: float = 1.0
    squares: bool = True
    cut: Mapping[str, float] | None = None

    @property
    def is_sampled(self) -> bool:
        """Whether there are too many rows to draw all of them."""
        return len(self.rows.x) > SAMPLE

    @property
    def has_squares(self) -> bool:
        """Whether squares are wanted, and few enough to be told apart."""
        return self.squares and len(self.rows.x) <= residuals.MOST_SQUARES

    def seen(self, capacity: int) -> int:
        """How many slots are drawn."""
        return SAMPLE if self.is_sampled else capacity

    def shown(self, objective: Objective, capacity: int) -> Shown:
        """What of the data is shown."""
        rows = self.rows
        x = objective.model.input
        made = rows.scaling if rows.x_name == x else f"{x} = {rows.scaling}"
        return Shown(
            objective,
            made if rows.scaling else rows.x_name,
            rows.y_name,
            *residuals.ranges(rows, objective.loss.labels),
            self.axes,
            len(rows.x),
            self.seen(capacity),
            self.has_squares and objective.loss is LOSSES["squared"],
        )


def fit_picture(field: Landscape, learning: Learning) -> Picture:
    """The loss over two parameters, or over the only one; the data; the loss over the steps; α.

    Args:
        field: the loss over the rows as they are now.
        learning: see `Learning`.

    Raises:
        ValueError: a parameter that has the name of a control.
    """
    data, capacity = field.data, len(field.data.x)
    shown = learning.shown(field.objective, capacity)
    strip = rates.strip(learning.span, methods[learning.manner.method].factor)
    used = controls(field, learning)
    extra = tuple(one.name for one in used if one.name in STRENGTHS)
    marks = (
        *landscape.marks(field, learning.axes),
        *residuals.marks(shown),
        *training.marks(learning.manner.steps),
        *strip.marks,
        *shares.captions(field, learning.rows, learning.axes, sampled=learning.is_sampled),
    )
    return Picture(
        _panels(field, learning, shown, strip),
        strip.backdrop,
        marks,
        used,
        partial(_numbers, field, learning, shown),
        field,
        outputs=_outputs(shown),
        soon=_later(marks) if capacity > AT_ONCE else (),
        arrays=dict(zip(ARRAYS, data[:3], strict=True)),
        rows=Rows(residuals.PANEL, "row", residuals.steps(shown), shown.labels),
        over=Dependent(_over(field.objective, extra), extra, learning.seen(capacity)),
    )


def _panels(
    field: Landscape, learning: Learning, shown: Shown, strip: rates.Part
) -> tuple[Panel, ...]:
    told = "Data, and the probability of 1" if shown.labels else "Data and model"
    return (
        landscape.panel(field, learning.axes, learning.cut),
        residuals.panel(shown, told),
        training.panel(learning.manner.steps),
        replace(strip.panel, tall=1.0),
    )


def _outputs(shown: Shown) -> tuple[str, ...]:
    """What the program tells beside the marks' numbers."""
    curve = [range_of(CURVE)] if len(shown.moved) == 1 else []
    return (*curve, range_of(training.PANEL), *map(pull_of, shown.grips))


def _over(objective: Objective, extra: Sequence[str]) -> Any:
    """The loss as the terrain asks for it: θ, what has a control, the arrays."""
    count = len(objective.model.parameters)

    def loss(*given: Any) -> Any:
        theta, others, arrays = given[:count], given[count:-3], given[-3:]
        return objective(theta, *Data(*arrays, **dict(zip(extra, others, strict=True))))

    return loss


def _later(marks: Sequence[Mark]) -> tuple[str, ...]:
    """What depends on the whole path."""
    along = ("path", "now", "current", "move", "move label", "first curve", "run")
    names = (m.name for m in marks if m.name in along or m.panel == training.PANEL)
    return (*names, range_of(training.PANEL))


# ── controls ─────────────────────────────────────────────────────────────────────────────────────


def controls(field: Landscape, learning: Learning) -> tuple[Control, ...]:
    """θ, the learning rate, the method's parameters, batches, penalties, and what is looked at."""
    low, high = (10.0**exponent for exponent in learning.span)
    rate = Control("rate", "learning rate α", low, high, 0.01, low, "log", symbol="α")
    own = (parameter(*named) for named in methods[learning.manner.method].parameters.items())
    strongest, room = learning.strongest, float(len(field.data.x))
    finest = 10.0 ** (math.floor(math.log10(strongest)) - 2)
    huber = Control("delta", "Huber’s δ", 1e-3, 1e3, 0.01, 1.0, "log", symbol="δ")
    return (
        *terrain.controls(field),
        rate,
        *own,
        Control("batch", "rows in a batch", 1.0, room, 1.0, room),  # as many as there could be
        *([huber] if field.objective.loss is LOSSES["huber"] else []),
        Control("l2", "penalty λ·Σθ²", 0.0, strongest, finest, 0.0, symbol="λ·Σθ²"),
        Control("l1", "penalty λ·Σ|θ|", 0.0, strongest, finest, 0.0, symbol="λ·Σ|θ|"),
        Control("row", "", 0.0, room - 1.0, 1.0, 0.0),
        Control("step", "step", 0.0, float(learning.manner.steps), 1.0, 0.0),
    )


# ── numbers ──────────────────────────────────────────────────────────────────────────────────────


def _numbers(field: Landscape, learning: Learning, shown: Shown, **at: Any) -> Numbers:
    """Everything that is drawn, for the values of all controls and arrays."""
    strengths = {name: at[name] for name in STRENGTHS if name in at}
    data = Data(*(at[name] for name in ARRAYS), **strengths)
    search = Search(field.objective, learning.manner, data, at, at["batch"])
    theta, moved = search.theta, at["step"] > 0
    value, slopes, seconds = value_partials_and_seconds(
        lambda *own: field.objective(own, *data), theta
    )
    bends = _eigenvalues(seconds)
    best = _best(field, data)
    least = field.objective(best, *data)
    looked = theta if len(field.data.x) > AT_ONCE else _looked_at(search)
    method, momentum = learning.manner.method, search.own.get("momentum", 0.0)
    factor, curvature = methods[method].factor, Curvature(bends[0], bends[-1])
    return {
        **landscape.numbers(field, learning.axes, search, best, least),
        **residuals.numbers(shown, data, looked, theta, at["row"], moved),
        **training.numbers(search, least),
        **rates.strip_numbers(learning.span, factor, curvature, at["rate"], momentum),
        **shares.numbers(field, learning.axes, search, at["row"], value, slopes, bends),
        "run": training.told_numbers(search, bends[-1], least),
        "least note": caption(anp.where(anp.isfinite(least), 0.0, -1.0), *best, least),
    }


def _looked_at(search: Search) -> list[Any]:
    """θ at the step that is looked at."""
    here = search.here
    return [here[place] for place in range(len(search.theta))]


def _eigenvalues(seconds: Sequence[Sequence[Any]]) -> Any:
    """Those of the Hessian, in rising order, (P,)."""
    matrix = anp.stack([anp.stack([1.0 * one for one in line]) for line in seconds])
    if len(seconds) == 1:
        return anp.reshape(matrix, (1,))
    values = decomposition(matrix).values
    return anp.where(anp.abs(values) < ROUNDING * anp.max(anp.abs(values)), 0.0, values)


def _best(field: Landscape, data: Data) -> Any:
    """The exact minimum, (P,); NaN where none is known."""
    objective = field.objective
    count = len(objective.model.parameters)
    if objective.loss is not LOSSES["squared"] or not objective.model.is_linear:
        return np.full(count, np.nan)
    found = exact_minimum(objective, data.x, data.y, data.weights, data.l2)
    small = np.array([ROUNDING * (high - low) for low, high in field.domain.values()])
    found = anp.where(anp.abs(found) < small, 0.0, found)
    return anp.where(data.l1 == 0, found, np.nan)
