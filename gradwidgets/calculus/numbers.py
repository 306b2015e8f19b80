"""Numbers in disguise: what a student's function returns, as the one number that it means."""

from __future__ import annotations

from numbers import Complex, Real
from typing import Any

import autograd.numpy as anp
import numpy as np
from autograd.tracer import getval, isbox

LOST = "numpy itself has met autograd's values and lost track of them"


class NotANumberError(ValueError):
    """What a function returns is not one real number."""


def as_number(result: Any, name: str = "f") -> Any:
    """The number that a result stands for, or the same of a box of autograd's.

    A list, a tuple or an array of one number is understood, and so are truths, whole numbers and
    fractions.

    Raises:
        NotANumberError: it is something else; the message names the fault.

    >>> as_number(np.array([[2.0]])), as_number([True])
    (2.0, 1.0)
    >>> as_number(np.array([1.0, 2.0]))
    Traceback (most recent call last):
    gradwidgets.calculus.numbers.NotANumberError: f returns an array of the shape (2,), not one \
number: take the mean or the sum, np.mean(…) or np.sum(…).
    """
    if type(result) is float or type(result) is np.float64:
        return result
    result = unpacked(result, name)
    if isbox(result):
        return _boxed_number(result, name)
    if hasattr(result, "__array__") and not isinstance(result, np.generic):
        return as_number(_only(result, name), name)
    if isinstance(result, Complex) and not isinstance(result, Real):
        raise NotANumberError(f"{name} returns the complex number {result}: a field is real.")
    if isinstance(result, str | bytes) or not hasattr(type(result), "__float__"):
        raise NotANumberError(_no_number(result, name))
    return float(result)


def _only(array: Any, name: str) -> Any:
    """The only element of an array; in a matrix it may be a box, by whose operators numpy works."""
    whole = np.asarray(array)
    if whole.size != 1 and not any(map(isbox, whole.flat)):
        raise NotANumberError(_too_many(whole.shape, name))
    if whole.dtype == object and not (whole.size == 1 and isinstance(array, np.matrix)):
        raise TypeError(LOST)
    return whole.item()


def as_numbers(result: Any, name: str = "f") -> Any:
    """The same of a function's result at many points: an array, or a box of one, stays as it is."""
    result = unpacked(result, name)
    if _kind(result) == "O":
        raise TypeError(LOST)
    return 1.0 * result if _kind(result) in "biu" else result


def unpacked(result: Any, name: str) -> Any:
    """What a list or a tuple holds alone."""
    while isinstance(result, list | tuple):
        if len(result) != 1:
            kind = type(result).__name__
            raise NotANumberError(
                f"{name} returns a {kind} of {len(result)}, not one number: "
                "return the one that is to be drawn, or their sum."
            )
        (result,) = result
    return result


def _boxed_number(box: Any, name: str) -> Any:
    if _kind(box) == "O":
        raise TypeError(LOST)
    if np.size(getval(box)) != 1:
        raise NotANumberError(_too_many(np.shape(getval(box)), name))
    if _kind(box) == "c":
        raise NotANumberError(f"{name} returns a complex number: a field is real.")
    if np.ndim(getval(box)):
        box = anp.reshape(box, ())
    return 1.0 * box if _kind(box) in "biu" else box


def _kind(value: Any) -> str:
    return str(np.asarray(getval(value)).dtype.kind)


def _too_many(shape: tuple[int, ...], name: str) -> str:
    return (
        f"{name} returns an array of the shape {shape}, not one number: "
        "take the mean or the sum, np.mean(…) or np.sum(…)."
    )


def _no_number(result: Any, name: str) -> str:
    if result is None:
        return f"{name} returns None: it needs a line with “return”, on every way through it."
    if isinstance(result, str | bytes):
        return f"{name} returns the text {result!r}, not a number."
    if callable(result):
        return f"{name} returns a function, not a number: call it, with ()."
    return f"{name} returns a {type(result).__name__}, not a number."
