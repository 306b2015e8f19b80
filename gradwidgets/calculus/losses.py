"""What one row costs that is predicted as ŷ and was y: the losses, their slopes, their names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import autograd.numpy as anp
import numpy as np

from gradwidgets.calculus.functions import FUNCTIONS

_abs, _softplus, _sigmoid = (FUNCTIONS[name].compute for name in ("abs", "softplus", "sigmoid"))


@dataclass(frozen=True)
class Loss:
    """A loss per row: `of(ŷ, y, δ)`, and `slope(ŷ, y, δ)`, its derivative by ŷ.

    Both take numbers or arrays, are written with autograd.numpy and never branch on a value. Where
    there is a corner the slope is autograd's, 0. Only Huber's loss asks for δ. `formula` is how it
    is written for people; `labels` tells that every y must be 0 or 1.

    >>> float(LOSSES["squared"].of(3.0, 1.0, 1.0)), float(LOSSES["squared"].slope(3.0, 1.0, 1.0))
    (4.0, 4.0)
    """

    title: str
    formula: str
    of: Callable[[Any, Any, Any], Any]
    slope: Callable[[Any, Any, Any], Any]
    labels: bool = False


def _squared(prediction: Any, y: Any, delta: Any) -> Any:
    residual = prediction - y
    return residual * residual


def _huber(prediction: Any, y: Any, delta: Any) -> Any:
    """½r² as far as δ, and the tangent from there: Huber (1964), Ann. Math. Statist. 35, 73."""
    size = _abs(prediction - y)
    near = anp.minimum(size, delta)
    return near * (size - 0.5 * near)


def _huber_slope(prediction: Any, y: Any, delta: Any) -> Any:
    return anp.maximum(anp.minimum(prediction - y, delta), -delta)


def _logistic(prediction: Any, y: Any, delta: Any) -> Any:
    """log(1 + eᶻ) − y z, for a label of 0 or 1 without its cancelling: log(1 + e^±ᶻ)."""
    return _softplus((1.0 - 2.0 * y) * prediction)


def _logistic_slope(prediction: Any, y: Any, delta: Any) -> Any:
    away = 1.0 - 2.0 * y
    return away * _sigmoid(away * prediction)


LOSSES: Mapping[str, Loss] = MappingProxyType(
    {
        "squared": Loss(
            "mean squared error",
            "(ŷ − y)²",
            _squared,
            lambda prediction, y, delta: 2.0 * (prediction - y),
        ),
        "absolute": Loss(
            "mean absolute error",
            "|ŷ − y|",
            lambda prediction, y, delta: _abs(prediction - y),
            lambda prediction, y, delta: anp.sign(prediction - y),
        ),
        "huber": Loss(
            "Huber loss",
            "½(ŷ − y)² up to |ŷ − y| = δ, then δ|ŷ − y| − ½δ²",
            _huber,
            _huber_slope,
        ),
        "logistic": Loss(
            "logistic loss",
            "log(1 + e^ŷ) − yŷ",
            _logistic,
            _logistic_slope,
            labels=True,
        ),
    }
)


def check_labels(loss: Loss, y: Any) -> None:
    """Refuse a y that is no label, where the loss needs labels.

    Raises:
        ValueError: some y is neither 0 nor 1.

    >>> check_labels(LOSSES["logistic"], [0, 1, 2])
    Traceback (most recent call last):
    ValueError: the logistic loss takes labels, and every y is 0 or 1: one of these is 2.
    """
    found = np.ravel(np.asarray(y, dtype=float))
    others = found[(found != 0) & (found != 1)]
    if loss.labels and len(others):
        raise ValueError(
            f"the {loss.title} takes labels, and every y is 0 or 1: one of these is {others[0]:g}."
        )
