"""The loss over θ that data make, and what each row adds to its gradient.

Written with autograd.numpy and without branches on values, so that it is traced with θ and the
data as inputs. A row counts with its weight; one of weight 0 is as good as absent, whatever its x.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import autograd.numpy as anp
import numpy as np

from gradwidgets.calculus.functions import FUNCTIONS
from gradwidgets.calculus.losses import Loss
from gradwidgets.calculus.models import Model
from gradwidgets.calculus.tracing import value_and_partials

_abs = FUNCTIONS["abs"].compute


@dataclass(frozen=True)
class Objective:
    """What is minimised: L(θ) = Σ wᵢ ℓ(ŷᵢ, yᵢ) / Σ wᵢ + λ₂ Σ θⱼ² + λ₁ Σ |θⱼ|, ŷᵢ = model(xᵢ, θ).

    The penalties' sums leave the model's intercepts out.

    >>> from gradwidgets.calculus.losses import LOSSES
    >>> from gradwidgets.calculus.models import model
    >>> line = Objective(model("w*x"), LOSSES["squared"])
    >>> x, y, weights = np.array([1.0, 2.0]), np.array([2.0, 4.0]), np.ones(2)
    >>> float(line((1.0,), x, y, weights)), line.terms((1.0,), x, y, weights).tolist()
    (2.5, [[-1.0], [-4.0]])
    """

    model: Model
    loss: Loss

    def __call__(
        self,
        theta: Any,
        x: Any,
        y: Any,
        weights: Any,
        delta: Any = 1.0,
        l2: Any = 0.0,
        l1: Any = 0.0,
    ) -> Any:
        """L(θ), a number; NaN where no row has a weight. Data have the shape (n,)."""
        return self.field(x, y, weights, delta, l2, l1)(*_numbers(self.model, theta))

    def field(
        self, x: Any, y: Any, weights: Any, delta: Any = 1.0, l2: Any = 0.0, l1: Any = 0.0
    ) -> Callable[..., Any]:
        """L as a function of θ alone, a number for every parameter; a field can be made of it.

        >>> from gradwidgets.calculus.losses import LOSSES
        >>> from gradwidgets.calculus.models import model
        >>> line = Objective(model("w*x"), LOSSES["absolute"])
        >>> float(line.field(np.ones(1), np.ones(1), np.ones(1))(3.0))
        2.0
        """
        predict, of = self.model.function, self.loss.of  # no object that could change unseen
        names, left_out = self.model.parameters, self.model.intercepts
        held = tuple(place for place, name in enumerate(names) if name not in left_out)

        def loss(*theta: Any) -> Any:
            cost = of(predict(_sheltered(x, weights), *theta), y, delta)
            kept = [theta[place] for place in held]
            penalty = l2 * sum(t * t for t in kept) + l1 * sum(_abs(t) for t in kept)
            return anp.sum(_shares(weights) * cost) + penalty

        return loss

    def terms(self, theta: Any, x: Any, y: Any, weights: Any, delta: Any = 1.0) -> Any:
        """What each row adds to each ∂L/∂θⱼ, without the penalty: wᵢ ℓ′ᵢ ∂ŷᵢ/∂θⱼ / Σ w, (n, P)."""
        theta = _numbers(self.model, theta)
        x = _sheltered(x, weights)
        slope = self.loss.slope(self.model(x, *theta), y, delta)
        pushes = _shares(weights) * slope
        return anp.stack([pushes * part for part in slopes(self.model, x, theta)], axis=1)


def slopes(model: Model, x: Any, theta: Any) -> list[Any]:
    """∂ŷ/∂θⱼ for every parameter, each of shape (n,).

    autograd pulls back v ↦ vᵀJ; that is linear in v, and its derivative by v is a column of J.

    >>> from gradwidgets.calculus.models import model
    >>> [part.tolist() for part in slopes(model("w*x + b"), np.array([2.0, 3.0]), (1.0, 5.0))]
    [[1.0, 1.0], [2.0, 3.0]]
    """
    ones, theta = np.ones(np.shape(x)), [1.0 * t for t in theta]

    def pulled(place: int) -> Callable[[Any], Any]:
        def component(v: Any) -> Any:
            return value_and_partials(lambda *own: anp.sum(v * model(x, *own)), theta)[1][place]

        return component

    return [value_and_partials(pulled(place), (ones,))[1][0] for place in range(len(theta))]


# ── what is handed over ──────────────────────────────────────────────────────────────────────────


def _numbers(model: Model, theta: Any) -> list[Any]:
    """θ as a list; a box of an array can be asked for its elements only."""
    return [theta[place] for place in range(len(model.parameters))]


def _shares(weights: Any) -> Any:
    """wᵢ / Σ w; NaN where all are 0."""
    total = anp.sum(weights)
    return weights / anp.where(total > 0, total, np.nan)


def _sheltered(x: Any, weights: Any) -> Any:
    """x, with one that counts in place of each that does not: there a model may be undefined."""
    largest = anp.max(anp.where(weights > 0, x, -np.inf))
    return anp.where(weights > 0, x, anp.where(anp.isfinite(largest), largest, 0.0))
