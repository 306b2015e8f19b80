"""Update rules: how each method turns a gradient into a step, and schedules of the learning rate.

A rule is written for one coordinate. It takes that coordinate's gradient, the learning rate αₜ,
the time t = 0, 1, …, the coordinate's state and the method's parameters, and returns the step and
the new state. Being arithmetic alone, it serves numbers, arrays and traces alike.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, TypeAlias

import autograd.numpy as anp
import numpy as np

from gradwidgets.calculus.rates import HEAVY_BALL, NESTEROV, PLAIN, Factor
from gradwidgets.calculus.searches import (
    SLOWEST,
    Search,
    backtracking,
    exact,
    looped_backtracking,
    looped_exact,
)

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


FAMILIES = ("gradient", "adaptive", "search", "newton")
BESIDE = ("momentum", "adjusted", "noise")


@dataclass(frozen=True)
class Parameter:
    """A method's parameter, the same in every row that has one of its name.

    Attributes:
        symbol: how it is written in formulas.
        meaning: what it is, in a few words.
        usual: its value where nothing is said.
        low, high: the range that it may have.
        least: where its control is logarithmic, the least value that the control shows; 0 for a
            linear control.
        guards: whether the rule divides by the size of a slope, and this keeps the divisor from 0.
    """

    symbol: str
    meaning: str
    usual: float
    low: float
    high: float
    least: float = 0.0
    guards: bool = False

    def __post_init__(self) -> None:
        """Refuse a range that makes no sense."""
        if not (self.low <= self.usual <= self.high and self.least >= 0.0):
            raise ValueError("a parameter's usual value lies in its range, and `least` from 0 on")

    @property
    def lowest(self) -> float:
        """The least value that a control shows."""
        return max(self.low, self.least)


@dataclass(frozen=True, eq=False)
class Method:
    """A way to search, and all that the package knows of it: a row of `methods` is enough.

    Attributes:
        rule: how it turns one coordinate's gradient into a step; None where the step is found for
            all coordinates together.
        rate: the learning rate that it usually has, on a domain about 6 wide.
        family: methods of a family have learning rates that mean about the same. "gradient": a step
            grows with the gradient, and what is stable follows from the curvature; "adaptive": a
            step is about as long as the learning rate; "search": it is only tried first; "newton":
            it is a share of Newton's step.
        state: what the rule carries for every coordinate, from 0 on.
        parameters: by name, in the rule's order.
        factor: what a step does to the error on a quadratic, where that is known.
        beside: what a step is beside −α∇f: "momentum", "adjusted" by what came before or by the
            curvature, or nothing but "noise".
        search: without a rule, how far to go along −∇f.
        second_order: without a rule, whether a step is Newton's, −αH⁻¹∇f.

    >>> def sign(gradient, rate, time):
    ...     return (-rate * anp.sign(gradient),)
    >>> methods["sign"] = Method(sign, 0.05, "adaptive", beside="adjusted")
    >>> from gradwidgets import descend
    >>> descend("x**2 + 10*y**2", (2, 1), 0.25, 4, "sign").points.tolist()
    [[2.0, 1.0], [1.75, 0.75], [1.5, 0.5], [1.25, 0.25], [1.0, 0.0]]
    >>> del methods["sign"]
    """

    rule: Rule | None
    rate: float
    family: str
    state: tuple[str, ...] = ()
    parameters: Mapping[str, Parameter] = field(default_factory=dict)
    factor: Factor | None = None
    beside: str = "noise"
    search: Search | None = None
    second_order: bool = False

    def __post_init__(self) -> None:
        """Refuse a row that makes no sense, before a picture of it fails."""
        if self.family not in FAMILIES:
            raise ValueError(f"a family is one of {', '.join(FAMILIES)}, not {self.family!r}")
        if self.beside not in BESIDE:
            raise ValueError(f"beside is one of {', '.join(BESIDE)}, not {self.beside!r}")
        if (self.rule is None) + (self.search is None) + (not self.second_order) != 2:
            raise ValueError("a step is found by a rule, by a search, or is Newton's")
        if not (isinstance(self.rate, float | int) and 0 < self.rate < math.inf):
            raise ValueError(f"a usual learning rate is a number above 0, not {self.rate!r}")
        if isinstance(self.state, str):
            raise ValueError(f"the state is a tuple of names: write ({self.state!r},)")
        if self.with_momentum and "momentum" not in self.parameters:
            raise ValueError("this error factor asks for a parameter named momentum")
        self._try()

    def _try(self) -> None:
        """Refuse a rule that does not return its step and its state."""
        if self.rule is None:
            return
        usual = (known.usual for known in self.parameters.values())
        found = self.rule(1.0, self.rate, 0.0, *[0.0] * len(self.state), *usual)
        if not isinstance(found, tuple) or len(found) != 1 + len(self.state):
            raise ValueError(f"a rule returns a tuple: the step and its state, {len(self.state)}")

    @property
    def with_momentum(self) -> bool:
        """Whether its error factor depends on a momentum β."""
        return self.factor is not None and self.factor.with_momentum


_MOMENTUM = {"momentum": Parameter("β", "how much of the last step stays", 0.9, 0.0, 0.999)}
_EPSILON = {
    "epsilon": Parameter("ε", "what keeps a division from 0", 1e-8, 0.0, 1.0, 1e-12, guards=True)
}
_DECAY = {
    "decay": Parameter("ρ", "how slowly the mean of squared gradients forgets", 0.9, 0.0, 0.9999)
}
_BETAS = {
    "beta1": Parameter("β₁", "how slowly Adam's mean of gradients forgets", 0.9, 0.0, 0.9999),
    "beta2": Parameter(
        "β₂", "how slowly Adam's mean of squared gradients forgets", 0.999, 0.0, 0.99999
    ),
}
# Nocedal & Wright (2006), *Numerical Optimization*, algorithm 3.1.
_ARMIJO = {
    "sufficient_decrease": Parameter(
        "c", "the share of the promised decrease that a step must bring", 1e-4, 0.0, 0.999
    ),
    "contraction": Parameter(
        "ρ", "by how much a step that is too long is shortened", 0.5, 0.01, SLOWEST
    ),
}

# All methods, in the order of menus; a row more is a method more, in every explorer opened later.
methods: dict[str, Method] = {
    "gradient descent": Method(gradient_descent, 0.05, "gradient", factor=PLAIN),
    "momentum": Method(
        heavy_ball, 0.02, "gradient", ("velocity",), _MOMENTUM, HEAVY_BALL, "momentum"
    ),
    "nesterov": Method(nesterov, 0.02, "gradient", ("velocity",), _MOMENTUM, NESTEROV, "momentum"),
    "adagrad": Method(adagrad, 0.5, "adaptive", ("squares",), _EPSILON, beside="adjusted"),
    "rmsprop": Method(
        rmsprop, 0.05, "adaptive", ("squares",), _DECAY | _EPSILON, beside="adjusted"
    ),
    "adam": Method(
        adam, 0.1, "adaptive", ("mean", "squares"), _BETAS | _EPSILON, beside="momentum"
    ),
    "newton": Method(None, 1.0, "newton", beside="adjusted", second_order=True),
    "exact line search": Method(None, 1.0, "search", search=Search(exact, looped_exact)),
    "backtracking": Method(
        None, 1.0, "search", (), _ARMIJO, search=Search(backtracking, looped_backtracking)
    ),
}


def all_parameters() -> dict[str, Parameter]:
    """The parameters of all methods, by name; one that several have stands where the last has it.

    >>> list(all_parameters())[:4]
    ['momentum', 'decay', 'beta1', 'beta2']
    """
    pairs = [pair for method in methods.values() for pair in method.parameters.items()]
    return dict(reversed(dict(reversed(pairs)).items()))


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
