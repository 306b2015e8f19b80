"""How fast a descent converges on a quadratic: error factors, landmarks of α, the best choices.

Along an eigenvector of the Hessian with the eigenvalue λ, every step multiplies the error by a
factor that depends on αλ alone. For other functions this holds near a minimum. Source: Polyak
(1964); Goh (2017), *Why momentum really works*; Lessard, Recht & Packard (2016).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

NEGLIGIBLE = 1e-9  # of the largest eigenvalue: a direction in which a quadratic does not curve


class Landmarks(NamedTuple):
    """Learning rates of gradient descent that tell something, from smallest to largest.

    `monotone` = 1/λmax: up to it no component of the error changes its sign.
    `best` = 2/(λmin + λmax): the fastest, with the factor (κ − 1)/(κ + 1) a step.
    `bound` = 2/λmax: beyond it the error grows.
    """

    monotone: float
    best: float
    bound: float


def landmarks(eigenvalues: Sequence[float]) -> Landmarks | None:
    """The landmarks of α, or None where the Hessian is not that of a minimum.

    >>> landmarks([1.0, 25.0])
    Landmarks(monotone=0.04, best=0.07692307692307693, bound=0.08)
    """
    least, greatest = min(eigenvalues), max(eigenvalues)
    if not greatest > 0 or least < -NEGLIGIBLE * greatest:
        return None
    curved = min(value for value in eigenvalues if value > NEGLIGIBLE * greatest)
    return Landmarks(1 / greatest, 2 / (curved + greatest), 2 / greatest)


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
    root = np.sqrt(np.where(real, inside, 0.0))
    modulus = np.sqrt(np.where(real, 0.0, last))
    return np.where(real, (np.abs(middle) + root) / 2, modulus)


def stability_bound(momentum: float = 0.0, method: str = "momentum") -> float:
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
