"""How fast a descent converges on a quadratic: error factors, landmarks of α, the best choices.

Along an eigenvector of the Hessian with the eigenvalue λ, every step multiplies the error by a
factor that depends on αλ alone. For other functions this holds near a minimum. Source: Polyak
(1964); Goh (2017), *Why momentum really works*; Lessard, Recht & Packard (2016).
"""

from __future__ import annotations

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


def error_factor(product: Any, momentum: Any = 0.0, method: str = "momentum") -> Any:
    """By which factor the error along an eigenvector shrinks each step, in the long run.

    Args:
        product: αλ, a number or an array.
        momentum: β; without it the factor is |1 − αλ|, that of gradient descent.
        method: "momentum" for the heavy ball, or "nesterov".

    It is the greatest modulus of the roots of z² − (1 + β − αλ)z + β for the heavy ball, and of
    z² − (1 + β)(1 − αλ)z + β(1 − αλ) for Nesterov's method.

    >>> round(float(error_factor(2.1)), 9), round(float(error_factor(2.99, 0.5)), 3)
    (1.1, 0.98)
    """
    if method == "nesterov":
        middle, last = (1 + momentum) * (1 - product), momentum * (1 - product)
    else:
        middle, last = 1 + momentum - product, momentum + 0.0 * product
    inside = middle * middle - 4 * last
    real = inside >= 0
    root = anp.sqrt(anp.where(real, inside, 0.0))
    modulus = anp.sqrt(anp.where(real, 0.0, last))
    return anp.where(real, (anp.abs(middle) + root) / 2, modulus)


def stability_bound(momentum: Any = 0.0, method: str = "momentum") -> Any:
    """The product αλ beyond which the error grows: 2 + 2β, for Nesterov (2 + 2β)/(1 + 2β).

    >>> stability_bound(), stability_bound(0.5), stability_bound(0.5, "nesterov")
    (2.0, 3.0, 1.5)
    """
    return (2 + 2 * momentum) / (1 + 2 * momentum if method == "nesterov" else 1)


def critical_momentum(product: Any, method: str = "momentum") -> Any:
    """The momentum of critical damping at αλ: with more the error oscillates.

    β = (1 − √(αλ))² for the heavy ball; (1 − √(αλ))/(1 + √(αλ)) for Nesterov's method, αλ ≤ 1.

    >>> critical_momentum(0.25)
    0.25
    """
    root = product**0.5
    return (1 - root) / (1 + root) if method == "nesterov" else (1 - root) ** 2


def best_heavy_ball(least: float, greatest: float) -> tuple[float, float]:
    """The learning rate and momentum that converge fastest, between extreme eigenvalues.

    α = (2/(√λ₁ + √λₙ))² and β = ((√κ − 1)/(√κ + 1))², with the factor √β a step.

    >>> alpha, beta = best_heavy_ball(1.0, 25.0)
    >>> round(alpha, 6), round(beta**0.5, 6)
    (0.111111, 0.666667)
    """
    low, high = least**0.5, greatest**0.5
    return (2 / (low + high)) ** 2, ((high - low) / (high + low)) ** 2
