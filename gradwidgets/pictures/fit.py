"""Learning from data: the rows with a model's curve, and the loss over its parameters."""

from __future__ import annotations

import math
from collections.abc import Sequence
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
from gradwidgets.calculus.program import pick
from gradwidgets.calculus.rules import methods
from gradwidgets.calculus.symmetric import decomposition
from gradwidgets.calculus.tracing import value_partials_and_seconds
from gradwidgets.calculus.training import Data
from gradwidgets.calculus.truths import both
from gradwidgets.calculus.types import Interval
from gradwidgets.pictures import landscape, rates, residuals, terrain, training
from gradwidgets.pictures.control import Control
from gradwidgets.pictures.descent import parameter
from gradwidgets.pictures.framing import pull_of, range_of
from gradwidgets.pictures.ground import Dependent
from gradwidgets.pictures.landscape import CURVE
from gradwidgets.pictures.marks import Label, Mark
from gradwidgets.pictures.numbers import Numbers, caption
from gradwidgets.pictures.palette import INK, QUIET, SECOND, hue
from gradwidgets.pictures.picture import Picture
from gradwidgets.pictures.rates import Curvature
from gradwidgets.pictures.residuals import Shown
from gradwidgets.pictures.rows import Rows
from gradwidgets.pictures.training import Manner, Search

SAMPLE = 5000  # rows that are drawn, and of which the map is made
AT_ONCE = 500  # rows up to which the whole path follows within the frame
ARRAYS = ("rows x", "rows y", "rows weight")
STRENGTHS = ("delta", "l2", "l1")  # controls of which the loss is made
EVERY = 1e9  # rows: a batch of all there may be
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
        levels: the spacing of level curves.
        drawn: whether level curves are made here, for a file.
    """

    rows: Observations
    manner: Manner
    axes: tuple[str, ...]
    span: Interval
    strongest: float = 1.0
    squares: bool = True
    levels: str = "auto"
    drawn: bool = False

    def seen(self, capacity: int) -> int:
        """How many slots are drawn: all, unless there are too many rows."""
        return capacity if len(self.rows.x) <= SAMPLE else SAMPLE

    def shown(self, objective: Objective, capacity: int) -> Shown:
        """What of the data is shown."""
        rows = self.rows
        is_raw = rows.spread == 1.0 and rows.centre == 0.0
        return Shown(
            objective,
            rows.x_name if is_raw else f"{rows.x_name}, standardised",
            rows.y_name,
            *residuals.ranges(rows, objective.loss.labels),
            self.axes,
            self.seen(capacity),
            self.squares and objective.loss is LOSSES["squared"],
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
        *_captions(field, learning),
    )
    loss = range_of(training.PANEL)
    curve = [range_of(CURVE)] if len(learning.axes) == 1 else []
    return Picture(
        (
            landscape.panel(field, learning.axes, learning.levels, learning.drawn),
            residuals.panel(shown, _title(field.objective)),
            training.panel(learning.manner.steps),
            replace(strip.panel, tall=0.8),
        ),
        strip.backdrop,
        marks,
        used,
        partial(_numbers, field, learning, shown),
        field,
        outputs=(*curve, loss, *map(pull_of, shown.grips)),
        soon=(*_later(marks), loss) if capacity > AT_ONCE else (),
        arrays=dict(zip(ARRAYS, data[:3], strict=True)),
        rows=Rows(residuals.PANEL, "row", residuals.steps(shown), shown.labels),
        over=Dependent(_over(field.objective, extra), extra, learning.seen(capacity)),
    )


def _title(objective: Objective) -> str:
    return "Data, and the probability of 1" if objective.loss.labels else "Data and model"


def _over(objective: Objective, extra: Sequence[str]) -> Any:
    """The loss as the terrain asks for it: θ, what has a control, the arrays."""
    count = len(objective.model.parameters)

    def loss(*given: Any) -> Any:
        theta, others, arrays = given[:count], given[count:-3], given[-3:]
        return objective(theta, *Data(*arrays, **dict(zip(extra, others, strict=True))))

    return loss


def _later(marks: Sequence[Mark]) -> tuple[str, ...]:
    """What depends on the whole path."""
    along = ("path", "current", "move", "move label", "first curve", "run")
    return tuple(m.name for m in marks if m.name in along or m.panel == training.PANEL)


# ── controls ─────────────────────────────────────────────────────────────────────────────────────


def controls(field: Landscape, learning: Learning) -> tuple[Control, ...]:
    """θ, the learning rate, the method's parameters, batches, penalties, and what is looked at."""
    low, high = (10.0**exponent for exponent in learning.span)
    rate = Control("rate", "learning rate α", low, high, 0.01, low, "log", symbol="α")
    own = (parameter(*named) for named in methods[learning.manner.method].parameters.items())
    strongest, last = learning.strongest, float(len(field.data.x) - 1)
    finest = 10.0 ** (math.floor(math.log10(strongest)) - 2)
    count = max(float(len(learning.rows.x)), 2.0)
    huber = Control("delta", "Huber’s δ", 1e-3, 1e3, 0.01, 1.0, "log", symbol="δ")
    return (
        *terrain.controls(field),
        rate,
        *own,
        Control("batch", "rows in a batch", 1.0, count, 1.0, count),
        *([huber] if field.objective.loss is LOSSES["huber"] else []),
        Control("l2", "penalty λ·Σθ²", 0.0, strongest, finest, 0.0, symbol="λ·Σθ²"),
        Control("l1", "penalty λ·Σ|θ|", 0.0, strongest, finest, 0.0, symbol="λ·Σ|θ|"),
        Control("row", "row", 0.0, last, 1.0, 0.0),
        Control("step", "step", 0.0, float(learning.manner.steps), 1.0, 0.0),
    )


# ── numbers ──────────────────────────────────────────────────────────────────────────────────────


def _numbers(field: Landscape, learning: Learning, shown: Shown, **at: Any) -> Numbers:
    """Everything that is drawn, for the values of all controls and arrays."""
    strengths = {name: at[name] for name in STRENGTHS if name in at}
    data = Data(*(at[name] for name in ARRAYS), **strengths)
    size = anp.where(at["batch"] >= max(float(len(learning.rows.x)), 2.0), EVERY, at["batch"])
    search = Search(field.objective, learning.manner, data, at, size)
    theta, moved = search.theta, search.step > 0
    value, slopes, seconds = value_partials_and_seconds(
        lambda *own: field.objective(own, *data), theta
    )
    bends = _eigenvalues(seconds)
    best = _best(field.objective, data)
    least = field.objective(best, *data)
    looked = theta if len(field.data.x) > AT_ONCE else _looked_at(search)
    method, momentum = learning.manner.method, search.own.get("momentum", 0.0)
    factor, curvature = methods[method].factor, Curvature(bends[0], bends[-1])
    return {
        **landscape.numbers(field, learning.axes, search, best, least),
        **residuals.numbers(shown, data, looked, theta, at["row"], moved),
        **training.numbers(search, least),
        **rates.strip_numbers(learning.span, factor, curvature, at["rate"], momentum),
        **_told(field, learning, search, value, slopes, bends),
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
    return anp.reshape(matrix, (1,)) if len(seconds) == 1 else decomposition(matrix).values


def _best(objective: Objective, data: Data) -> Any:
    """The exact minimum, (P,); NaN where none is known."""
    count = len(objective.model.parameters)
    if objective.loss is not LOSSES["squared"] or not objective.model.is_linear:
        return np.full(count, np.nan)
    found = exact_minimum(objective, data.x, data.y, data.weights, data.l2)
    return anp.where(data.l1 == 0, found, np.nan)


# ── captions ─────────────────────────────────────────────────────────────────────────────────────


def _captions(field: Landscape, learning: Learning) -> tuple[Mark, ...]:
    names = field.variables
    place = ", ".join(f"{name} = {{g}}" for name in names)
    title = field.objective.loss.title
    plain = f"At {place}: {title} {{g}}, slope {{g}}."
    known = ", ".join(f"{name} = {{g}}" for name in names)
    share = (
        "∂L/∂{0} = {{g}} is a sum over {{.0}} rows: the one at ({{g}}, {{g}}), off by {{g}}, "
        "adds {{g}}.",
        "∂L/∂{0} = {{g}} is a sum over {{.0}} rows: the one at ({{g}}, {{g}}), off by {{g}}, "
        "adds {{g}}; the penalty adds {{g}}.",
    )
    eigen = " and ".join(["λ = {g}"] * min(len(names), 2))
    if len(names) > 2:
        eigen = "λ from {g} to {g}"
    return (
        Label(
            name="place",
            panel="",
            color=INK,
            texts=(plain, f"At {place}: {title} and penalty {{g}}, slope {{g}}."),
        ),
        *(
            Label(
                name=f"share of {name}",
                panel="",
                color=hue(k),
                texts=tuple(text.format(name) for text in share),
            )
            for k, name in enumerate(learning.axes)
        ),
        Label(
            name="ravine",
            panel="",
            color=SECOND,
            texts=(
                f"The Hessian has {eigen}: κ = {{g}}, α·λmax = {{g}}.",
                f"The Hessian has {eigen}: no κ, for not all are positive.",
            ),
        ),
        training.told(),
        Label(
            name="least note",
            panel="",
            color=SECOND,
            texts=(f"Least squares, exactly: {known}, with the loss {{g}}.",),
        ),
        Label(
            name="batch note",
            panel="",
            color=QUIET,
            texts=(
                "Each step looks at all {.0} rows.",
                "Each step looks at {.0} of {.0} rows, in turn: {g} steps are an epoch.",
            ),
        ),
        Label(name="left out", panel="", color=QUIET, texts=(_left_out(learning.rows),)),
        Label(name="sample", panel="", color=QUIET, texts=(_sample(learning.rows),)),
    )


def _left_out(rows: Observations) -> str:
    count = rows.left_out
    if not count:
        return ""
    told = "row without a number was" if count == 1 else "rows without a number were"
    return f"{count} {told} left out."


def _sample(rows: Observations) -> str:
    if len(rows.x) <= SAMPLE:
        return ""
    return f"The picture shows a sample of {SAMPLE} rows; the numbers are those of all rows."


def _told(
    field: Landscape, learning: Learning, search: Search, value: Any, slopes: Any, bends: Any
) -> Numbers:
    """The numbers of the captions about the place, the rows and the ravine."""
    data, theta, row = search.data, search.theta, search.at["row"]
    present = data.weights > 0
    count = anp.sum(1.0 * present)
    terms = field.objective.terms(theta, *data[:4])
    x, y = pick(data.x, row), pick(data.y, row)
    off = pick(field.objective.model(data.x, *theta), row) - y
    penalised = anp.where(data.l2 + data.l1 > 0, 1.0, 0.0)
    seen = pick(1.0 * present, row) > 0
    size = anp.sqrt(sum(slope * slope for slope in slopes))
    batch = anp.minimum(search.size, count)
    found: dict[str, Any] = {
        "place": caption(penalised, *theta, value, size),
        "ravine": _ravine(bends, search.at["rate"]),
        "batch note": caption(anp.where(batch < count, 1.0, 0.0), *_batch(batch, count)),
        "left out": caption(0.0),
        "sample": caption(0.0),
    }
    for name in learning.axes:
        k = field.index(name)
        by_rows = anp.sum(terms[:, k])
        own = (slopes[k], count, x, y, off, pick(terms[:, k], row), slopes[k] - by_rows)
        found[f"share of {name}"] = caption(anp.where(seen, penalised, -1.0), *own)
    return found


def _batch(batch: Any, count: Any) -> tuple[Any, Any, Any]:
    return anp.where(batch < count, batch, count), count, count / batch


def _ravine(bends: Any, rate: Any) -> Any:
    least, greatest = bends[0], bends[-1]
    curved = both(least > FLAT * greatest, greatest > 0)
    shown = [greatest] if len(bends) == 1 else [least, greatest]
    ratio = greatest / anp.where(curved, least, 1.0)
    return caption(anp.where(curved, 0.0, 1.0), *shown, ratio, rate * greatest)
