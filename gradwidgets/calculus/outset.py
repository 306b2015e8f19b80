"""Where to look for the parameters of a model, and where a search for them begins."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import partial
from typing import NamedTuple

import numpy as np

from gradwidgets.calculus.domain import WIDEST
from gradwidgets.calculus.fitting import exact_minimum
from gradwidgets.calculus.losses import LOSSES
from gradwidgets.calculus.models import Model
from gradwidgets.calculus.objective import Objective
from gradwidgets.calculus.replay import Replayed
from gradwidgets.calculus.tracing import calm, derivatives
from gradwidgets.calculus.training import Data
from gradwidgets.calculus.types import Array, Interval

USUAL = (-3.0, 3.0)  # where nothing tells where to look
LATTICE = 50  # places that are tried there
ROUND = (1.0, 2.0, 5.0, 10.0)
MARGIN = 0.6  # of the way from 0 to the minimum, or at least 1: so far around both is shown
ALIKE = 4.0  # times as wide is not the same width any more
APART = 0.2  # of the interval: nearer to the minimum nobody begins
BESIDE = 0.3  # of the interval: where one begins instead
MOST_STEPS, HALVINGS, CLOSE = 60, 20, 1e-6
SINGULAR = 1e14


class Outset(NamedTuple):
    """An interval for each parameter, and a place to begin; {} where none is better than others."""

    domain: Mapping[str, Interval]
    start: Mapping[str, float]


def outset(objective: Objective, data: Data) -> Outset:
    """Intervals around 0, the minimum and the start, as far as they are known; else −3 to 3.

    The search begins with what predicts the mean for every row, as well as the model can, or at 0
    for labels. Where the loss bends alike along all parameters, or the intervals are about as wide,
    all are as wide as the widest: their map has one scale.

    >>> from gradwidgets.calculus.models import model
    >>> rows = Data(np.array([1.0, 2.0, 3.0]), np.array([2.0, 4.0, 9.0]), np.ones(3))
    >>> outset(Objective(model("w*x + b"), LOSSES["squared"]), rows)
    Outset(domain={'b': (-8.0, 10.0), 'w': (-7.5, 10.5)}, start={'b': 5.0, 'w': 0.0})
    """
    names, labels = objective.model.parameters, objective.loss.labels
    best = nearest_minimum(objective, data) if labels else least_squares(objective.model, data)
    if not (np.abs(best) < WIDEST / 10).all():  # also where one is NaN
        tolerable = dict.fromkeys(names, 0.0) if labels else _tolerable(objective, data)
        return Outset(dict.fromkeys(names, USUAL), tolerable)
    first = 0.0 * best if labels else _of_the_mean(objective.model, data)
    found = [around(*ends) for ends in zip(best.tolist(), first.tolist(), strict=True)]
    widths = np.array([high - low for low, high in found])
    alike = (
        max(_ratio(_bends(objective, data, best)) ** 0.5, 1.0) <= ALIKE or _ratio(widths) <= ALIKE
    )
    domain = [_widened(*ends, float(widths.max())) for ends in found] if alike else found
    start = [_rounded(x, ends) for x, ends in zip(first.tolist(), domain, strict=True)]
    far = [
        abs(x - y) > APART * (high - low)
        for x, y, (low, high) in zip(start, best, domain, strict=True)
    ]
    if not any(far):
        start = [_beside(*ends) for ends in domain]
    return Outset(dict(zip(names, domain, strict=True)), dict(zip(names, start, strict=True)))


def _tolerable(objective: Objective, data: Data) -> dict[str, float]:
    """A round place where the loss is as one in five is, of a lattice; {} where none has a loss."""
    names = objective.model.parameters
    count = max(2, round(LATTICE ** (1 / len(names))))
    axes = [np.linspace(*USUAL, count + 2)[1:-1]] * len(names)
    places = np.stack(np.meshgrid(*axes), axis=-1).reshape(-1, len(names))
    with calm():
        found = np.array([float(objective(place, *data)) for place in places])
    known = places[np.isfinite(found)][np.argsort(found[np.isfinite(found)])]
    if not len(known):
        return {}
    chosen = known[len(known) // 5].tolist()
    return {name: _rounded(x, USUAL) for name, x in zip(names, chosen, strict=True)}


def _bends(objective: Objective, data: Data, theta: Array) -> Array:
    """The loss's second derivatives along the parameters, each by itself."""
    count = len(theta)
    with calm():
        found = derivatives(objective.field(*data), 2, *theta.tolist())[1 + count :]
    return np.array(found, float).reshape(count, count).diagonal()


def _ratio(sizes: Array) -> float:
    return float(sizes.max() / sizes.min()) if sizes.min() > 0 else math.inf


def _of_the_mean(model: Model, data: Data) -> Array:
    """The least squares of a y that is the mean in every row."""
    mean = np.sum(data.weights * data.y) / np.sum(data.weights)
    found = least_squares(model, data._replace(y=np.full(len(data.y), mean)))
    return np.where(np.isfinite(found), found, 0.0)


def least_squares(model: Model, data: Data) -> Array:
    """θ of the least squares of a linear model; NaN for another one, and where many are as good."""
    if not model.is_linear:
        return np.full(len(model.parameters), np.nan)
    squares = Objective(model, LOSSES["squared"])
    with calm():
        return np.array(exact_minimum(squares, data.x, data.y, data.weights), float)


def nearest_minimum(objective: Objective, data: Data) -> Array:
    """Where Newton's method leads from 0, with steps that are halved until the loss falls.

    NaN where it leads nowhere in so many steps. Nocedal & Wright (2006), section 3.3.
    """
    look = Replayed(partial(derivatives, objective.field(*data), 2), objective.model.parameters)
    count = len(objective.model.parameters)
    theta = np.zeros(count)
    for _ in range(MOST_STEPS):
        value, *rest = look.numbers(*theta.tolist())
        slopes, bends = np.array(rest[:count]), np.array(rest[count:]).reshape(count, count)
        if not np.isfinite(rest).all() or np.linalg.cond(bends) > SINGULAR:
            break
        step = np.linalg.solve(bends, slopes)
        if np.max(np.abs(step)) <= CLOSE * max(1.0, np.max(np.abs(theta))):
            return theta
        shares = 0.5 ** np.arange(HALVINGS)
        falls = (s for s in shares if look.numbers(*(theta - s * step).tolist())[0] < value)
        theta = theta - next(falls, 0.0) * step
    return np.full(count, np.nan)


# ── round numbers ────────────────────────────────────────────────────────────────────────────────


def around(*ends: float) -> Interval:
    """Round numbers around 0 and these.

    >>> around(20.0), around(-0.3), around(5.0, -5.0)
    ((-20.0, 40.0), (-1.5, 1.0), (-15.0, 15.0))
    """
    low, high = min(0.0, *ends), max(0.0, *ends)
    margin = max(MARGIN * (high - low), 1.0)
    step = round_step((high - low + 2 * margin) / 4)
    low, high = (
        step * math.floor((low - margin) / step + 1e-9),
        step * math.ceil((high + margin) / step - 1e-9),
    )
    return float(f"{low:.12g}"), float(f"{high:.12g}")


def _widened(low: float, high: float, width: float) -> Interval:
    more = (width - (high - low)) / 2
    return (low - more, high + more)


def _rounded(place: float, ends: Interval) -> float:
    step = round_step((ends[1] - ends[0]) / 200)
    return float(f"{step * round(place / step):.12g}") + 0.0


def _beside(low: float, high: float) -> float:
    share = BESIDE if low + high > 0 else 1.0 - BESIDE
    return _rounded(low + share * (high - low), (low, high))


def round_step(size: float) -> float:
    """The greatest of 1, 2, 5 times a power of ten that is not above a size.

    >>> round_step(0.3), round_step(70.0)
    (0.2, 50.0)
    """
    power = 10.0 ** math.floor(math.log10(size))
    return power * max(step for step in ROUND if step * power <= size * (1 + 1e-9))
