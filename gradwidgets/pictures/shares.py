"""What the captions of a fit tell: place, each row's share of the gradient, ravine, batches."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import autograd.numpy as anp

from gradwidgets.calculus.landscape import Landscape
from gradwidgets.calculus.observations import Observations
from gradwidgets.calculus.program import pick
from gradwidgets.calculus.truths import both
from gradwidgets.pictures import residuals, training
from gradwidgets.pictures.marks import Label, Mark
from gradwidgets.pictures.numbers import Numbers, caption
from gradwidgets.pictures.palette import INK, QUIET, SECOND, hue
from gradwidgets.pictures.training import Search

FLAT = 1e-14  # of the greatest eigenvalue: so little a direction does not curve
SHARE = (
    "∂L/∂{0} = {{g}} is a sum over {{.0}} rows: the one at ({{g}}, {{g}}), off by {{g}}, "
    "adds {{g}}."
)
WITH_PENALTY = f"{SHARE[:-1]}; the penalty adds {{{{g}}}}."
LEFT_OUT = f"{SHARE[:-1]}; the penalty leaves the intercept {{0}} out."
BATCHES = (
    "Each step looks at all {.0} rows.",
    "Each step looks at {.0} of {.0} rows, in turn: {.0+} steps are an epoch.",
    "There is no row: add a point, or bring all data back.",
    "Each step looks at the only row.",
)


# ── marks ────────────────────────────────────────────────────────────────────────────────────────


def captions(
    field: Landscape, rows: Observations, axes: Sequence[str], *, sampled: bool
) -> tuple[Mark, ...]:
    """The lines below the picture, the place first."""
    names, title = field.variables, field.objective.loss.title
    held = set(names) - set(field.objective.model.intercepts)
    place = ", ".join(f"{name} = {{g}}" for name in names)
    at = (
        f"At {place}: {title} {{g}}, slope {{g}}.",
        f"At {place}: {title} and penalty {{g}}, slope {{g}}.",
    )
    least = f"Least squares, exactly: {place}, with the loss {{g}}."
    now = f"After {{.0}} steps it is at {place}: loss {{g}}. Dashed: the curve of the start."
    return (
        Label(name="place", panel="", color=INK, texts=at),
        *([_note("hint", INK, hint)] if (hint := field.objective.model.hint) else []),
        _note("now", INK, now),
        *(_share(name, hue(field.index(name)), name in held) for name in axes),
        Label(name="ravine", panel="", color=SECOND, texts=_ravine_texts(len(names))),
        training.told(),
        _note("least note", SECOND, least),
        _note("batch note", QUIET, *BATCHES),
        *([_note("scaling", QUIET, _scaled(field, rows))] if rows.scaling else []),
        _note("left out", QUIET, _left_out(rows.left_out)),
        _note("sample", QUIET, _drawn(len(rows.x), sampled)),
    )


def _share(name: str, color: str, held: bool) -> Label:
    """A parameter's line; a penalty may hold it or not."""
    several = (SHARE.format(name), (WITH_PENALTY if held else LEFT_OUT).format(name))
    texts = (*several, *(text.replace(" rows:", " row:") for text in several))
    return Label(name=f"share of {name}", panel="", color=color, texts=texts)


def _note(name: str, color: str, *texts: str) -> Label:
    return Label(name=name, panel="", color=color, texts=texts)


def _ravine_texts(count: int) -> tuple[str, str]:
    eigen = "λ from {g} to {g}" if count > 2 else " and ".join(["λ = {g}"] * count)
    return (
        f"The Hessian here has {eigen}: κ = {{g}}, α·λmax = {{g}}.",
        f"The Hessian here has {eigen}: no κ, for not all are positive.",
    )


def _scaled(field: Landscape, rows: Observations) -> str:
    """What the model's x is."""
    x = field.objective.model.input
    if rows.spread == 1.0:
        return f"The model’s {x} is {rows.scaling}, for all are the same."
    mean = f"0 is the mean of {rows.x_name}, and 1 is one standard deviation above it"
    return f"The model’s {x} is {rows.scaling}: {mean}."


def _drawn(count: int, sampled: bool) -> str:
    """What the picture leaves out of many rows."""
    if sampled:
        return "The picture shows a sample of the rows; the numbers are those of all rows."
    most = residuals.MOST_RESIDUALS
    return f"Grey lines show how far {most} of the rows are off." if count > most else ""


def _left_out(count: int) -> str:
    if not count:
        return ""
    told = "row without a number was" if count == 1 else "rows without a number were"
    return f"{count} {told} left out."


# ── numbers ──────────────────────────────────────────────────────────────────────────────────────


def numbers(
    field: Landscape,
    axes: Sequence[str],
    search: Search,
    row: Any,
    value: Any,
    slopes: Sequence[Any],
    bends: Any,
) -> Numbers:
    """The numbers of these lines but those of the search and of its minimum.

    `row` is that which is looked at; value, slopes and the Hessian's eigenvalues, in rising order,
    are those where the search begins.
    """
    data, theta = search.data, search.theta
    present = data.weights > 0
    count = anp.sum(1.0 * present)
    penalised = anp.where(data.l2 + data.l1 > 0, 1.0, 0.0)
    size = anp.sqrt(sum(slope * slope for slope in slopes))
    alone = anp.where(count == 1, 2.0, 0.0)
    seen = anp.where(pick(1.0 * present, row) > 0, penalised + alone, -1.0)
    looked = _looked_at(search, row)
    terms = field.objective.terms(theta, *data[:4])
    found = {
        "now": _now(search),
        "place": caption(penalised, *theta, value, size),
        "ravine": _ravine(bends, search.at["rate"]),
        "batch note": _batch(search.size, count),
        "scaling": caption(0.0),
        "hint": caption(0.0),
        "left out": caption(0.0),
        "sample": caption(0.0),
    }
    for name in axes:
        k = field.index(name)
        rest = slopes[k] - anp.sum(terms[:, k])
        own = (slopes[k], count, *looked, pick(terms[:, k], row), rest)
        found[f"share of {name}"] = caption(seen, *own)
    return found


def _batch(size: Any, count: Any) -> Any:
    """How many rows each step looks at, and how many steps see them all."""
    batch = anp.minimum(size, count)
    is_part = anp.where(batch < count, 1.0, 0.0)
    told = anp.where(count > 0, anp.where(count == 1, 3.0, is_part), 2.0)
    return caption(told, anp.where(is_part, batch, count), count, count / batch)


def _now(search: Search) -> Any:
    """Where the search is at the step that is looked at, behind its start."""
    here = [search.here[place] for place in range(len(search.theta))]
    shown = anp.where(search.step > 0, 0.0, -1.0)
    return caption(shown, search.step, *here, pick(search.path.values, search.step))


def _looked_at(search: Search, row: Any) -> tuple[Any, Any, Any]:
    """x and y of a row, and how far the model is off there."""
    x, y = pick(search.data.x, row), pick(search.data.y, row)
    found = search.objective.model(search.data.x, *search.theta)
    if search.objective.loss.labels:
        found = residuals.probability(found)
    return x, y, pick(found, row) - y


def _ravine(bends: Any, rate: Any) -> Any:
    least, greatest = bends[0], bends[-1]
    curved = both(least > FLAT * greatest, greatest > 0)
    shown = [greatest] if len(bends) == 1 else [least, greatest]
    ratio = greatest / anp.where(curved, least, 1.0)
    case = anp.where(anp.isfinite(greatest), anp.where(curved, 0.0, 1.0), -1.0)
    return caption(case, *shown, ratio, rate * greatest)
