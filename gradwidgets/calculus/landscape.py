"""The loss over a model's parameters as a field: what its rows are may change, its θ stay."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import cached_property, partial
from typing import Any

import numpy as np

from gradwidgets.calculus.differentiable import Traced
from gradwidgets.calculus.domain import complete_domain
from gradwidgets.calculus.field import ScalarField
from gradwidgets.calculus.formula import FormulaError
from gradwidgets.calculus.objective import Objective
from gradwidgets.calculus.outset import Outset, outset, round_step
from gradwidgets.calculus.replay import Replayed
from gradwidgets.calculus.tracing import derivatives
from gradwidgets.calculus.training import Data
from gradwidgets.calculus.types import Domain

FINENESS = 81


class Landscape(ScalarField):
    """L(θ) over all rows; θ are its variables, and its source is the model.

    >>> from gradwidgets.calculus.losses import LOSSES
    >>> from gradwidgets.calculus.models import model
    >>> rows = Data(np.array([1.0, 2.0]), np.array([2.0, 4.0]), np.ones(2))
    >>> loss = Landscape(Objective(model("w*x"), LOSSES["squared"]), rows)
    >>> loss.variables, loss.value((1.0,)), loss.gradient((1.0,)).tolist()
    (('w',), 2.5, [-5.0])
    """

    def __init__(self, objective: Objective, data: Data, domain: Domain | None = None) -> None:
        self.objective, self.data = objective, data
        self.source = self.origin = objective.model.source
        self.formula = None
        self.watch, self._why = None, ""
        self.variables = objective.model.parameters
        self.function = self._over_rows
        given = self._outset.domain if domain is None else domain
        self.domain = complete_domain(self.variables, given)
        self._orders = self._replayed()

    def is_of(self, objective: Objective, data: Data, domain: Domain | None) -> bool:
        """Whether it is the loss of this model over these rows, on this domain."""
        own, other = self.objective, objective
        return (
            (own.model is other.model and own.loss is other.loss)
            and self.domain == domain
            and all(map(np.array_equal, self.data, data))
        )

    @cached_property
    def _outset(self) -> Outset:
        return outset(self.objective, self.data)

    @property
    def start(self) -> Mapping[str, float]:  # type: ignore[override]
        """Where a search begins, where that is known; it costs a search to know it."""
        return self._outset.start

    @property
    def text(self) -> str:
        """The model as it is written."""
        return self.objective.model.text

    @cached_property
    def alone(self) -> ScalarField:
        """The loss as a function of θ and nothing else, for pictures of any function."""
        loss = self.objective.field(*self.data)
        loss.__name__ = "loss"
        made = ScalarField(loss, self.domain, self.variables)
        made.start, made.origin = self.start, self.origin
        made.__dict__["landscape"] = self  # for who can show more of it
        return made

    def check(self) -> None:
        """Refuse a model that has no value on these rows, wherever θ is looked for.

        Raises:
            FormulaError: with the reason. A callable's own exceptions pass through.
        """
        tried = [np.linspace(low, high, 5) for low, high in self.domain.values()]
        places = np.stack(np.meshgrid(*tried), axis=-1).reshape(-1, len(self.variables))
        if not any(math.isfinite(self.value(tuple(place))) for place in places.tolist()):
            raise FormulaError(
                f"{self.text} has no finite value on these data where {self._window}."
            )

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


def strongest(field: Landscape) -> float:
    """A round penalty that bends the loss about as much as the data do, at the domain's middle."""
    values = np.linalg.eigvalsh(np.nan_to_num(field.hessian(field.middle)))
    greatest = float(np.max(np.abs(values)))
    return 2.0 * round_step(greatest / 2.0) if 0 < greatest < math.inf else 1.0
