"""Update rules: how each method turns a gradient into a step, and schedules of the learning rate.

A rule is written for one coordinate. It takes that coordinate's gradient, the learning rate αₜ,
the time t = 0, 1, …, the coordinate's state and the method's parameters, and returns the step and
the new state. Being arithmetic alone, it serves numbers, arrays and traces alike.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, TypeAlias

import autograd.numpy as anp
import numpy as np

Rule: TypeAlias = Callable[..., tuple[Any, ...]]
Schedule: TypeAlias = Callable[[Any, Any], Any]


def gradient_descent(gradient: Any, rate: Any, time: Any) -> tuple[Any, ...]:
    """θₜ₊₁ = θₜ − αₜ ∇f(θₜ). Cauchy (1847)."""
    return (-rate * gradient,)


def heavy_ball(
    gradient: Any, rate: Any, time: Any, velocity: Any, momentum: Any
) -> tuple[Any, ...]:
    """zₜ₊₁ = βzₜ + ∇f(θₜ), θₜ₊₁ = θₜ − αₜ zₜ₊₁. Polyak (1964), *Some methods of speeding up*."""
    velocity = momentum * velocity + gradient
    return -rate * velocity, velocity


def nesterov(gradient: Any, rate: Any, time: Any, velocity: Any, momentum: Any) -> tuple[Any, ...]:
    """zₜ₊₁ = βzₜ + ∇f(θₜ), θₜ₊₁ = θₜ − αₜ(∇f(θₜ) + βzₜ₊₁).

    Nesterov (1983), followed at the places where he looks ahead and takes the gradient, as PyTorch
    and optax do; Bengio et al. (2013), *Advances in optimizing recurrent networks*.
    """
    velocity = momentum * velocity + gradient
    return -rate * (gradient + momentum * velocity), velocity


def adagrad(gradient: Any, rate: Any, time: Any, squares: Any, epsilon: Any) -> tuple[Any, ...]:
    """sₜ₊₁ = sₜ + g², θₜ₊₁ = θₜ − αₜ g/(√sₜ₊₁ + ε). Duchi, Hazan & Singer (2011)."""
    squares = squares + gradient * gradient
    return -rate * gradient / (anp.sqrt(squares) + epsilon), squares


def rmsprop(
    gradient: Any, rate: Any, time: Any, squares: Any, decay: Any, epsilon: Any
) -> tuple[Any, ...]:
    """sₜ₊₁ = ρsₜ + (1 − ρ)g², θₜ₊₁ = θₜ − αₜ g/(√sₜ₊₁ + ε). Tieleman & Hinton (2012)."""
    squares = decay * squares + (1.0 - decay) * gradient * gradient
    return -rate * gradient / (anp.sqrt(squares) + epsilon), squares


def adam(
    gradient: Any,
    rate: Any,
    time: Any,
    mean: Any,
    squares: Any,
    beta1: Any,
    beta2: Any,
    epsilon: Any,
) -> tuple[Any, ...]:
    """m and v are running means of g and g², freed of their bias towards 0; step −αₜ m̂/(√v̂ + ε).

    Kingma & Ba (2015), *Adam*, algorithm 1.
    """
    mean = beta1 * mean + (1.0 - beta1) * gradient
    squares = beta2 * squares + (1.0 - beta2) * gradient * gradient
    unbiased = mean / (1.0 - beta1 ** (time + 1.0))
    spread = anp.sqrt(squares / (1.0 - beta2 ** (time + 1.0)))
    return -rate * unbiased / (spread + epsilon), mean, squares


# ── the table ────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Parameter:
    """A method's parameter: its symbol, its usual value, and the range it may have."""

    symbol: str
    usual: float
    low: float
    high: float


@dataclass(frozen=True)
class Method:
    """A way to search: its rule for one coordinate, the state it carries, its parameters.

    Without a rule, the step is found for all coordinates together, see `descent`. `rate` is the
    learning rate that it usually has.
    """

    rule: Rule | None
    rate: float
    state: tuple[str, ...] = ()
    parameters: Mapping[str, Parameter] = field(default_factory=dict)


_MOMENTUM = {"momentum": Parameter("β", 0.9, 0.0, 0.999)}
_EPSILON = {"epsilon": Parameter("ε", 1e-8, 0.0, 1.0)}
_DECAY = {"decay": Parameter("ρ", 0.9, 0.0, 0.9999)}
_BETAS = {
    "beta1": Parameter("β₁", 0.9, 0.0, 0.9999),
    "beta2": Parameter("β₂", 0.999, 0.0, 0.99999),
}
# Nocedal & Wright (2006), *Numerical Optimization*, algorithm 3.1.
_ARMIJO = {
    "sufficient_decrease": Parameter("c", 1e-4, 0.0, 0.999),
    "contraction": Parameter("ρ", 0.5, 0.01, 0.99),
}

methods: Mapping[str, Method] = MappingProxyType(
    {
        "gradient descent": Method(gradient_descent, 0.05),
        "momentum": Method(heavy_ball, 0.02, ("velocity",), _MOMENTUM),
        "nesterov": Method(nesterov, 0.02, ("velocity",), _MOMENTUM),
        "adagrad": Method(adagrad, 0.5, ("squares",), _EPSILON),
        "rmsprop": Method(rmsprop, 0.05, ("squares",), _DECAY | _EPSILON),
        "adam": Method(adam, 0.1, ("mean", "squares"), _BETAS | _EPSILON),
        "newton": Method(None, 1.0),
        "exact line search": Method(None, 1.0),
        "backtracking": Method(None, 1.0, (), _ARMIJO),
    }
)


RATES = {"lr", "learning_rate", "alpha", "eta", "step_size", "α", "η"}  # what others call it


def complete(method: str, given: Mapping[str, float]) -> dict[str, float]:
    """All parameters of a method, those given and the usual ones, in the rule's order.

    Raises:
        ValueError: no such method, or a value outside of its range.
        TypeError: a parameter that the method does not have.

    >>> complete("rmsprop", {"decay": 0.99})
    {'decay': 0.99, 'epsilon': 1e-08}
    """
    if method not in methods:
        raise ValueError(f"the method is one of {', '.join(methods)}, not {method!r}")
    known = methods[method].parameters
    for name, value in given.items():
        if name not in known:
            if name in RATES:
                raise TypeError(
                    f"the learning rate is called rate here: write rate=…, not {name}=…"
                )
            takes = f"takes {', '.join(known)}" if known else "has no parameters"
            raise TypeError(f"{method} {takes}; it has no {name!r}")
        if not known[name].low <= value <= known[name].high:
            raise ValueError(f"{name} lies between {known[name].low:g} and {known[name].high:g}")
    return {name: float(given.get(name, known[name].usual)) for name in known}


# ── schedules ────────────────────────────────────────────────────────────────────────────────────

# Factors of the learning rate at time t, a number or an array, in a run of so many steps.
schedules: Mapping[str, Schedule] = MappingProxyType(
    {
        "constant": lambda time, steps: 1.0 + 0.0 * time,
        "step": lambda time, steps: 0.5 ** anp.floor(4 * time / steps),  # halved in every quarter
        "1/t": lambda time, steps: 1.0 / (1 + time),  # Robbins & Monro (1951)
        "exponential": lambda time, steps: 0.01 ** (time / steps),  # to a hundredth at the end
        # Loshchilov & Hutter (2017), *SGDR*.
        "cosine": lambda time, steps: (1 + anp.cos(np.pi * time / steps)) / 2,
    }
)
