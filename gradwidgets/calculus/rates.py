"""How fast a descent converges on a quadratic: error factors, landmarks of α, the best choices.

Along an eigenvector of the Hessian with the eigenvalue λ, every step multiplies the error by a
factor that depends on αλ alone. For other functions this holds near a minimum. Source: Polyak
(1964); Goh (2017), *Why momentum really works*; Lessard, Recht & Packard (2016).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from typing import Any, NamedTuple

import autograd.numpy as anp
import numpy as np

from gradwidgets.calculus.truths import both

NEGLIGIBLE = 1e-9  # of the largest eigenvalue: a direction in which a quadratic does not curve


class Landmarks(NamedTuple):
    """Learning rates of gradient descent that tell something, from smallest to largest.

    `monotone` = 1/λmax: up to it no component of the error changes its sign.
    `best` = 2/(λmin + λmax): the fastest, with the factor (κ − 1)/(κ + 1) a step.
    `bound` = 2/λmax: beyond it the error grows.
    """

    monotone: Any
    best: Any
    bound: Any


def landmarks(eigenvalues: Any) -> Landmarks:
    """The landmarks of α, NaN where the Hessian is not that of a minimum.

    Directions in which the quadratic does not curve do not count.

    >>> [round(float(rate), 4) for rate in landmarks([1.0, 25.0])]
    [0.04, 0.0769, 0.08]
    """
    greatest, least = reduce(anp.maximum, eigenvalues), reduce(anp.minimum, eigenvalues)
    curved = (anp.where(v > NEGLIGIBLE * greatest, v, greatest) for v in eigenvalues)
    exists = both(greatest > 0, least >= -NEGLIGIBLE * greatest)
    steepest = anp.where(exists, greatest, np.nan)
    return Landmarks(1.0 / steepest, 2.0 / (reduce(anp.minimum, curved) + steepest), 2.0 / steepest)


class Factor(NamedTuple):
    """How a method's error along an eigenvector goes on, for its product αλ and the momentum β.

    Attributes:
        polynomial: b and c of z² − bz + c for αλ and β: in the long run the greatest of its roots
            multiplies the error at every step.
        bound: the product αλ for β beyond which the error grows.
        told: the learning rate at which that is, as it is written.
        critical: the momentum of critical damping for αλ: with more the error oscillates. None for
            a method without momentum; else β is its parameter "momentum".
        most: the product αλ up to which there is such a momentum.
    """

    polynomial: Callable[[Any, Any], tuple[Any, Any]]
    bound: Callable[[Any], Any]
    told: str
    critical: Callable[[Any], Any] | None = None
    most: float = 0.0

    @property
    def with_momentum(self) -> bool:
        """Whether β has a say."""
        return self.critical is not None


PLAIN = Factor(lambda product, beta: (1 - product, 0.0 * product), lambda beta: 2.0, "2/λmax")
HEAVY_BALL = Factor(
    lambda product, beta: (1 + beta - product, beta + 0.0 * product),
    lambda beta: 2 + 2 * beta,
    "(2 + 2β)/λmax",
    lambda product: (1 - product**0.5) ** 2,
    4.0,
)
NESTEROV = Factor(
    lambda product, beta: ((1 + beta) * (1 - product), beta * (1 - product)),
    lambda beta: (2 + 2 * beta) / (1 + 2 * beta),
    "(2 + 2β)/((1 + 2β)λmax)",
    lambda product: (1 - product**0.5) / (1 + product**0.5),
    1.0,
)


def error_factor(product: Any, momentum: Any = 0.0, factor: Factor = HEAVY_BALL) -> Any:
    """By which factor the error along an eigenvector shrinks each step, in the long run.

    Args:
        product: αλ, a number or an array.
        momentum: β; without it the factor is |1 − αλ|, that of gradient descent.
        factor: that of a row of `rules.methods`.

    >>> round(float(error_factor(2.1)), 9), round(float(error_factor(2.99, 0.5)), 3)
    (1.1, 0.98)
    """
    middle, last = factor.polynomial(product, momentum)
    inside = middle * middle - 4 * last
    real = inside >= 0
    root = anp.sqrt(anp.where(real, inside, 0.0))
    modulus = anp.sqrt(anp.where(real, 0.0, last))
    return anp.where(real, (anp.abs(middle) + root) / 2, modulus)


def best_heavy_ball(least: float, greatest: float) -> tuple[float, float]:
    """The learning rate and momentum that converge fastest, between extreme eigenvalues.

    α = (2/(√λ₁ + √λₙ))² and β = ((√κ − 1)/(√κ + 1))², with the factor √β a step.

    >>> alpha, beta = best_heavy_ball(1.0, 25.0)
    >>> round(alpha, 6), round(beta**0.5, 6)
    (0.111111, 0.666667)
    """
    low, high = least**0.5, greatest**0.5
    return (2 / (low + high)) ** 2, ((high - low) / (high + low)) ** 2
