"""The loss over a model's parameters as a field: what its rows are may change, its θ stay."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np

from gradwidgets.calculus.differentiable import Traced
from gradwidgets.calculus.domain import complete_domain
from gradwidgets.calculus.field import ScalarField
from gradwidgets.calculus.fitting import exact_minimum
from gradwidgets.calculus.formula import FormulaError
from gradwidgets.calculus.losses import LOSSES
from gradwidgets.calculus.objective import Objective
from gradwidgets.calculus.replay import Replayed
from gradwidgets.calculus.tracing import calm, derivatives
from gradwidgets.calculus.training import Data
from gradwidgets.calculus.types import Array, Domain, Interval

FINENESS = 81
ROUND = (1.0, 2.0, 5.0, 10.0)
MOST_STEPS, HALVINGS, CLOSE = 60, 20, 1e-6
SINGULAR = 1e14
MARGIN = 0.6  # of the way from 0 to the minimum, or at least 1: so far around both is shown


class Landscape(ScalarField):
    """L(θ) over all rows; θ are its variables, and its source is the model.

    >>> from gradwidgets.calculus.models import model
    >>> rows = Data(np.array([1.0, 2.0]), np.array([2.0, 4.0]), np.ones(2))
    >>> loss = Landscape(Objective(model("w*x"), LOSSES["squared"]), rows)
    >>> loss.variables, loss.value((1.0,)), loss.gradient((1.0,)).tolist()
    (('w',), 2.5, [-5.0])
    """

    def __init__(self, objective: Objective, data: Data, domain: Domain | None = None) -> None:
        self.objective, self.data, self.source = objective, data, objective.model.source
        self.formula, self.start = None, {}
        self.watch, self._why = None, ""
        self.variables = objective.model.parameters
        self.function = self._over_rows
        given = usual_domain(objective, data) if domain is None else domain
        self.domain = complete_domain(self.variables, given)
        self._orders = self._replayed()

    @property
    def text(self) -> str:
        """The model as it is written."""
        return self.objective.model.text

    def with_rows(self, objective: Objective, data: Data) -> Landscape:
        """The loss of other rows, or another loss of these, over the same domain."""
        return Landscape(objective, data, self.domain)

    def check(self) -> None:
        """Refuse a model that has no value on these rows, wherever θ is looked for.

        Raises:
            FormulaError: with the reason. A callable's own exceptions pass through.
        """
        tried = [np.linspace(low, high, 5) for low, high in self.domain.values()]
        places = np.stack(np.meshgrid(*tried), axis=-1).reshape(-1, len(self.variables))
        if not any(math.isfinite(self.value(tuple(place))) for place in places.tolist()):
            raise FormulaError(f"{self.text} has no finite value on these data.")

    def _over_rows(self, *theta: Any) -> Any:
        """L at a θ, or at many, element by element."""
        if not any(map(np.ndim, theta)):
            return self.objective(theta, *self.data)
        shapes = np.broadcast_arrays(*theta)
        columns = zip(*(part.ravel().tolist() for part in shapes), strict=True)
        look = self._orders[0].steady(*self.middle)
        return np.array([look(*place)[0] for place in columns]).reshape(shapes[0].shape)

    def _replayed(self) -> tuple[Replayed, ...]:
        return tuple(Replayed(partial(self._derived, order), self.variables) for order in range(3))

    def _derived(self, order: int, *theta: Any) -> tuple[Any, ...]:
        return derivatives(lambda *own: self.objective(own, *self.data), order, *theta)

    def _on_mesh(self, replayed: Replayed, mesh: Sequence[Any]) -> Sequence[Any]:
        """Place after place: each of them has all rows to look at."""
        look = replayed.steady(*self.middle)
        rows = zip(*(np.ravel(axis).tolist() for axis in mesh), strict=True)
        found = np.array([look(*place) for place in rows], float)
        return [part.reshape(np.shape(mesh[0])) for part in found.T]

    @property
    def at_once(self) -> bool:
        """Not: each θ looks at all rows."""
        return False

    @property
    def fineness(self) -> int:
        """How many places along both sides of a map keep one repaint's cost bounded."""
        return FINENESS

    @property
    def traced(self) -> Traced:
        """Whether derivatives are replayed from a traced program, and if not, why not."""
        self._orders[1].current(*self.middle)
        return super().traced


def usual_domain(objective: Objective, data: Data) -> dict[str, Interval]:
    """Where to look for θ: around 0 and the minimum, where one is found; else −3 to 3.

    >>> from gradwidgets.calculus.models import model
    >>> rows = Data(np.array([1.0, 2.0]), np.array([20.0, 40.0]), np.ones(2))
    >>> usual_domain(Objective(model("w*x"), LOSSES["squared"]), rows)
    {'w': (-20.0, 40.0)}
    """
    names = objective.model.parameters
    best = least_squares(objective.model, data)
    if objective.loss.labels:
        best = nearest_minimum(objective, data)
    return {
        name: around(float(end)) if math.isfinite(end) else (-3.0, 3.0)
        for name, end in zip(names, best, strict=True)
    }


def least_squares(model: Any, data: Data) -> Array:
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


def strongest(field: Landscape) -> float:
    """A round penalty that bends the loss about as much as the data do, at the domain's middle."""
    values = np.linalg.eigvalsh(np.nan_to_num(field.hessian(field.middle)))
    greatest = float(np.max(np.abs(values)))
    return 2.0 * _round_step(greatest / 2.0) if 0 < greatest < math.inf else 1.0


def around(end: float) -> Interval:
    """Round numbers around 0 and an end.

    >>> around(20.0), around(-0.3)
    ((-20.0, 40.0), (-1.5, 1.0))
    """
    margin = max(MARGIN * abs(end), 1.0)
    low, high = min(end, 0.0) - margin, max(end, 0.0) + margin
    step = _round_step((high - low) / 4)
    return step * math.floor(low / step + 1e-9), step * math.ceil(high / step - 1e-9)


def _round_step(size: float) -> float:
    power = 10.0 ** math.floor(math.log10(size))
    return power * max(step for step in ROUND if step * power <= size * (1 + 1e-9))
