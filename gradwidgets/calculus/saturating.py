"""Compositions that lose their digits where a part saturates or overflows, as whole functions.

1 + tanh(u) far left is a difference of equals, cosh(u) overflows where its logarithm is 710: no
rule can save digits that a part has already lost. Like all functions of a formula these are made
of numpy's functions alone, so that neither value, slope nor second slope cancels.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import autograd.numpy as anp
import numpy as np
from autograd.extend import defvjp, primitive
from autograd.numpy.numpy_vjps import unbroadcast_f

from gradwidgets.calculus.functions import FUNCTIONS, divide

_abs, _log, _sigmoid = (FUNCTIONS[name].compute for name in ("abs", "log", "sigmoid"))
_softplus, _tanh = FUNCTIONS["softplus"].compute, FUNCTIONS["tanh"].compute
LN2 = float(np.log(2.0))


def _by_size(inner: Callable[[Any], Any], outer: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """A function of u: `inner` up to ±½ and `outer` beyond, neither ever called elsewhere."""

    def function(u: Any) -> Any:
        small = _abs(u) < 0.5
        return anp.where(small, inner(anp.where(small, u, 0.25)), outer(anp.where(small, 1.0, u)))

    return function


# ── hyperbolic functions ─────────────────────────────────────────────────────────────────────────


def _one_plus_tanh(u: Any) -> Any:
    return 2.0 * _sigmoid(2.0 * u)


def _half_square(u: Any) -> Any:
    """cosh(u) − 1."""
    half = anp.sinh(0.5 * u)
    return 2.0 * half * half


def _shrinking(u: Any) -> Any:
    """q = e^(−2|u|)."""
    return anp.exp(-2.0 * _abs(u))


_log_cosh = _by_size(
    lambda u: anp.log1p(_half_square(u)),
    lambda u: _abs(u) + (_softplus(-2.0 * _abs(u)) - LN2),
)
_log_sinh = _by_size(
    lambda u: _log(anp.sinh(u)),
    lambda u: anp.where(u > 0.0, u + (anp.log1p(-_shrinking(u)) - LN2), np.nan),
)
_log_tanh = _by_size(
    lambda u: _log(_tanh(u)),
    lambda u: anp.where(u > 0.0, anp.log1p(-_shrinking(u)) - anp.log1p(_shrinking(u)), np.nan),
)
_sech = _by_size(
    lambda u: divide(1.0, anp.cosh(u)),
    lambda u: divide(2.0 * anp.exp(-_abs(u)), 1.0 + _shrinking(u)),
)
_csch = _by_size(
    lambda u: divide(divide(1.0, _tanh(u)), anp.cosh(u)),
    lambda u: divide(2.0 * anp.sign(u) * anp.exp(-_abs(u)), 1.0 - _shrinking(u)),
)


def _sech_square(u: Any) -> Any:
    return _sech(u) * _sech(u)


def _log_one_plus_tanh(u: Any) -> Any:
    """From tanh itself around 0; on the left, where that is −1, by ln σ."""
    left = u < -0.25
    near = anp.log1p(_tanh(anp.where(left, 0.0, u)))
    return anp.where(left, LN2 - _softplus(-2.0 * anp.where(left, u, -1.0)), near)


# ── logarithms of exponentials ───────────────────────────────────────────────────────────────────

_log_sum: Callable[..., Any] = primitive(np.logaddexp)
defvjp(
    _log_sum,
    lambda ans, u, v: unbroadcast_f(u, lambda g: g * _sigmoid(u - v)),
    lambda ans, u, v: unbroadcast_f(v, lambda g: g * _sigmoid(v - u)),
)


def _log_softplus(u: Any) -> Any:
    """On the left u + ln(ln(1 + t)/t) with t = eᵘ; ln(1 + t) is 2·artanh(t/(2 + t)), a series."""
    left = u < 0.0
    t = anp.exp(anp.where(left, u, -1.0))
    z = divide(t, 2.0 + t)
    series = anp.zeros_like(t)
    for odd in range(2 * TERMS + 1, 1, -2):
        series = series * z * z + 1.0 / odd
    ratio = anp.log1p(z * divide(2.0 * z, 2.0 + t) * series - z)
    return anp.where(left, u + ratio, _log(_softplus(anp.where(left, 1.0, u))))


TERMS = 21  # of a series in z² ≤ 1/9

HIDDEN: dict[str, Callable[..., Any]] = {
    "_one_plus_tanh": _one_plus_tanh,
    "_sech": _sech,
    "_csch": _csch,
    "_sech_square": _sech_square,
    "_log_cosh": _log_cosh,
    "_log_sinh": _log_sinh,
    "_log_tanh": _log_tanh,
    "_log_one_plus_tanh": _log_one_plus_tanh,
    "_log_softplus": _log_softplus,
    "_log_sum": _log_sum,
}
