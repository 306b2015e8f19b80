"""The functions that a formula may call, accurate to a few ulps in value, slope and second slope.

Values are numpy's. Where autograd's rule for a function loses digits (1 − x² near ±1, 1 + x² beyond
1e77, eˣ − 1 + 1 far left), the same numpy function gets the same derivative, written so that
neither it nor its own derivative cancels, overflows or underflows before its time. What is traced
are numpy's functions alone.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import autograd.numpy as anp
import numpy as np
from autograd.extend import defvjp, primitive
from autograd.numpy.numpy_vjps import unbroadcast_f


class Function(NamedTuple):
    """One function that a formula may call."""

    compute: Callable[..., Any]
    arity: int


def _with_slope(function: Any, slope: Callable[[Any, Any], Any]) -> Any:
    """A numpy function of one number with its derivative, given its value and its argument."""
    ruled = primitive(function)
    defvjp(ruled, lambda ans, x: lambda g: g * slope(ans, x))
    return ruled


# ── quotients ────────────────────────────────────────────────────────────────────────────────────

# ∂(x/y)/∂y = −(x/y)/y, without the y⁴ of autograd's second derivative, which is 0 below 1e-81.
divide: Callable[..., Any] = primitive(np.true_divide)
defvjp(
    divide,
    lambda ans, x, y: unbroadcast_f(x, lambda g: divide(g, y)),
    lambda ans, x, y: unbroadcast_f(y, lambda g: -divide(g * ans, y)),
)


# ── slopes that keep their digits ────────────────────────────────────────────────────────────────


def _one_minus_square(x: Any) -> Any:
    """1 − x²; as a product near ±1, where the square's rounding would be all that is left."""
    size = _abs(x)
    return anp.where(size < 0.5, 1.0 - x * x, (1.0 - size) * (1.0 + size))


def _inverse_beyond_one(x: Any) -> Any:
    return divide(1.0, anp.where(_abs(x) < 1.0, 1.0, x))


def _arctan_slope(ans: Any, x: Any) -> Any:
    """1/(1 + x²), beyond ±1 in terms of r = 1/x: r²/(1 + r²)."""
    near, r = anp.where(_abs(x) < 1.0, x, 0.0), _inverse_beyond_one(x)
    far = divide(r * r, 1.0 + r * r)
    return anp.where(_abs(x) < 1.0, divide(1.0, 1.0 + near * near), far)


def _arcsinh_slope(ans: Any, x: Any) -> Any:
    """1/√(1 + x²), beyond ±1 in terms of r = 1/x: |r|/√(1 + r²)."""
    near, r = anp.where(_abs(x) < 1.0, x, 0.0), _inverse_beyond_one(x)
    far = divide(_abs(r), anp.sqrt(1.0 + r * r))
    return anp.where(_abs(x) < 1.0, divide(1.0, anp.sqrt(1.0 + near * near)), far)


def _tanh_slope(ans: Any, x: Any) -> Any:
    """1 − tanh²; far out in terms of q = e^(−2|x|): 4q/(1 + q)²."""
    q = anp.exp(-2.0 * _abs(x))
    far = divide(4.0 * q, (1.0 + q) * (1.0 + q))
    return anp.where(_abs(x) < 0.5, 1.0 - ans * ans, far)


# At 0 the slope is 0, autograd's own convention. A sign has no derivative that could be noise.
_abs = _with_slope(np.absolute, lambda ans, x: anp.sign(x))
_arcsin = _with_slope(np.arcsin, lambda ans, x: divide(1.0, anp.sqrt(_one_minus_square(x))))
_arccos = _with_slope(np.arccos, lambda ans, x: -divide(1.0, anp.sqrt(_one_minus_square(x))))
_arctan = _with_slope(np.arctan, _arctan_slope)
_tanh = _with_slope(np.tanh, _tanh_slope)
_arcsinh = _with_slope(np.arcsinh, _arcsinh_slope)
_arccosh = _with_slope(
    np.arccosh, lambda ans, x: divide(1.0, anp.sqrt(x - 1.0) * anp.sqrt(x + 1.0))
)
_arctanh = _with_slope(np.arctanh, lambda ans, x: divide(1.0, _one_minus_square(x)))
_expm1 = _with_slope(np.expm1, lambda ans, x: anp.exp(x))
_log = _with_slope(np.log, lambda ans, x: divide(1.0, x))


# ── functions of our own ─────────────────────────────────────────────────────────────────────────


def _sigmoid(x: Any) -> Any:
    """1/(1 + e⁻ˣ): by tanh, but on the left by eˣ, where tanh is −1 to the last digit."""
    left = anp.exp(anp.where(x < -1.0, x, -1.0))
    return anp.where(x < -1.0, divide(left, 1.0 + left), 0.5 + 0.5 * _tanh(0.5 * x))


_softplus: Callable[..., Any] = primitive(np.logaddexp)
defvjp(_softplus, lambda ans, x, zero: lambda g: g * _sigmoid(x))

_arctan2: Callable[..., Any] = primitive(np.arctan2)


def _scaled(y: Any, x: Any) -> tuple[Any, Any, Any]:
    """y and x over a power of two of their size, and the power: no square of them overflows."""
    size = anp.maximum(anp.abs(y), anp.abs(x))
    exponent = anp.floor(anp.log2(anp.where(size > 0.0, size, 1.0)))  # floor has no derivative
    power = anp.power(2.0, anp.minimum(exponent, 1000.0))
    return divide(y, power), divide(x, power), power


def _arctan2_by_y(y: Any, x: Any) -> Any:
    """∂ arctan2(y, x)/∂y = x/(x² + y²)."""
    y, x, power = _scaled(y, x)
    return divide(divide(x, y * y + x * x), power)


def _arctan2_by_x(y: Any, x: Any) -> Any:
    return -_arctan2_by_y(x, y)


defvjp(
    _arctan2,
    lambda ans, y, x: unbroadcast_f(y, lambda g: g * _arctan2_by_y(y, x)),
    lambda ans, y, x: unbroadcast_f(x, lambda g: g * _arctan2_by_x(y, x)),
)


# ── the table ────────────────────────────────────────────────────────────────────────────────────

_BY_AUTOGRAD = "sin cos tan sinh cosh exp log1p log2 log10 sqrt sign floor ceil"
_ONE: dict[str, Callable[..., Any]] = {
    **{name: getattr(anp, name) for name in _BY_AUTOGRAD.split()},
    **dict.fromkeys(("arcsin", "asin"), _arcsin),
    **dict.fromkeys(("arccos", "acos"), _arccos),
    **dict.fromkeys(("arctan", "atan"), _arctan),
    **dict.fromkeys(("arcsinh", "asinh"), _arcsinh),
    **dict.fromkeys(("arccosh", "acosh"), _arccosh),
    **dict.fromkeys(("arctanh", "atanh"), _arctanh),
    **dict.fromkeys(("log", "ln"), _log),
    "tanh": _tanh,
    "expm1": _expm1,
    "abs": _abs,
    "csc": lambda x: divide(1.0, anp.sin(x)),
    "sec": lambda x: divide(1.0, anp.cos(x)),
    "cot": lambda x: divide(anp.cos(x), anp.sin(x)),
    "sigmoid": _sigmoid,
    "relu": lambda x: anp.maximum(x, 0.0),
    "softplus": lambda x: _softplus(x, 0.0),
}
FUNCTIONS: dict[str, Function] = {
    **{name: Function(compute, 1) for name, compute in _ONE.items()},
    "atan2": Function(_arctan2, 2),
    "arctan2": Function(_arctan2, 2),
    "max": Function(anp.maximum, 2),
    "min": Function(anp.minimum, 2),
    "where": Function(lambda condition, yes, no: anp.where(condition, yes, no), 3),
}

CONSTANTS = {"pi": np.pi, "e": np.e}
