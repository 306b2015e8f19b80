"""Models ŷ = f_θ(x): a formula or a callable with its input told from its parameters."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain
from typing import Any

import autograd.numpy as anp
import numpy as np

from gradwidgets.calculus.callables import text_of
from gradwidgets.calculus.causes import IMPORT, unfollowed
from gradwidgets.calculus.formula import Formula, parse
from gradwidgets.calculus.tracing import (
    calm,
    value_and_partials,
    value_partials_and_seconds,
)

MOST_PARAMETERS = 6
TRIALS = 12  # pairs of θ between which a linear model is a straight line
LINEAR = 1e-9  # of the way from one prediction to the other: so much off is rounding
ROUNDING = 1e-13  # of the predictions
_XS = np.array([-7.3, -1.9, -0.6, 0.0, 0.4, 1.0, 2.7, 11.0])
_E = re.compile(r"(?<![\w.])e(?!\w|\s*(?:\^|\*\*))")  # e, but not as the base of a power
_SIZES = (1.0, 30.0, 1e4)  # of the θ that are tried


@dataclass(frozen=True)
class Model:
    """A model and its parameters θ, in the order in which they are handed over.

    Called with x of shape (n,) and a number for every parameter, it gives the predictions ŷ of
    shape (n,), also where x does not occur in it. It is written with autograd.numpy. `source` is
    what it was made of, `text` how it is written, `input` the name of x.

    >>> line = model("w*x + b")
    >>> line.parameters, line(np.array([0.0, 1.0]), 2.0, 3.0).tolist(), line.is_linear
    (('b', 'w'), [2.0, 5.0], True)
    """

    source: str | Callable[..., Any]
    text: str
    input: str
    parameters: tuple[str, ...]
    function: Callable[..., Any] = field(repr=False, compare=False)
    formula: Formula | None = field(default=None, repr=False)

    def __call__(self, x: Any, *theta: Any) -> Any:
        """The predictions for x, of its shape.

        Raises:
            ValueError: a callable returns something of another shape.
        """
        return self.function(x, *theta)

    @property
    def hint(self) -> str:
        """What may not have been meant in a formula, or "".

        >>> model("w*X + b").hint
        'x does not occur in the model: it predicts the same for every row. X is a parameter.'
        """
        if self.formula is None:
            return ""
        x, capital = self.input, self.input.swapcase()
        absent = f"{x} does not occur in the model: it predicts the same for every row."
        parts = [
            absent if x not in self.formula.variables else "",
            f"{capital} is a parameter." if capital in self.parameters else "",
            "In the model e is the number 2.718…, and no parameter."
            if _E.search(self.text)
            else "",
        ]
        return " ".join(filter(None, parts))

    @cached_property
    def is_linear(self) -> bool:
        """Whether predictions are linear in θ, up to a constant: ∂²ŷ/∂θ² = 0.

        It is decided by trying: between two θ the prediction must lie on a straight line.
        """
        draw = np.random.default_rng(0)
        with calm():
            return all(_is_straight(self, draw, size) for size in _SIZES * (TRIALS // len(_SIZES)))

    @cached_property
    def intercepts(self) -> tuple[str, ...]:
        """The parameters that lift all predictions alike, by themselves: ∂ŷ/∂θ = 1 for every x.

        It is decided by trying. Penalties leave them out: Hastie, Tibshirani & Friedman, The
        Elements of Statistical Learning (2009), section 3.4.

        >>> model("w*x + b").intercepts, model("a*exp(k*x)").intercepts
        (('b',), ())
        """
        draw = np.random.default_rng(0)
        with calm():
            return tuple(
                name
                for place, name in enumerate(self.parameters)
                if all(_is_lifted(self, draw, place, size) for size in _SIZES)
            )


def model(source: str | Callable[..., Any] | Model, input: str = "x") -> Model:
    """A model from a formula, a callable `model(x, theta…)`, or one that is made already.

    Args:
        source: a formula's parameters are its names beside the input, in alphabetical order; a
            callable's are those without a default behind its first, which is the input.
        input: what x is called in a formula.

    Raises:
        FormulaError: a text that is no formula.
        ValueError: a model without parameters or with more than six, or a callable that does not
            give a prediction for each x by itself.

    >>> model("a*exp(-k*t)", input="t").parameters
    ('a', 'k')
    """
    if isinstance(source, Model):
        return source
    if callable(source):
        return _of_callable(source)
    formula = parse(source, given=(input,))
    parameters = tuple(name for name in formula.variables if name != input)
    _check_count(parameters, formula.text, input)
    function = _summed(_shaped(_ordered(formula, input)), len(parameters))
    return Model(source, formula.text, input, parameters, function, formula)


def _ordered(formula: Formula, input: str) -> Callable[..., Any]:
    """A formula as a function of x and θ, in this order."""
    function = formula.function
    if input not in formula.variables:
        return lambda x, *theta: function(*theta)
    place = formula.variables.index(input)
    return lambda x, *theta: function(*theta[:place], x, *theta[place:])


def _shaped(function: Callable[..., Any]) -> Callable[..., Any]:
    """The same function, whose result has the shape of x where it is a number alone."""

    def predict(x: Any, *theta: Any) -> Any:
        found = function(x, *theta)
        shape, wanted = np.shape(found), np.shape(x)
        if shape != wanted and shape != ():
            raise ValueError(f"it gives the shape {shape} for an x of the shape {wanted}")
        return found if shape == wanted else found + 0.0 * x

    return predict


def _summed(function: Callable[..., Any], count: int) -> Callable[..., Any]:
    """The same function, of which autograd's derivatives by θ are sums over all x.

    Rules as that of `where` give a slope for each x where θ is one number: there θ is spread first.
    """
    theta = [0.5 + 0.25 * place for place in range(count)]
    with calm(), suppress(Exception):  # a callable's own errors are told later
        _, slopes, seconds = value_partials_and_seconds(
            lambda *own: anp.sum(function(_XS[4:], *own)), theta
        )
        if any(map(np.ndim, (*slopes, *chain(*seconds)))):
            return lambda x, *own: function(x, *(one + 0.0 * x for one in own))
    return function


def _check_count(
    parameters: tuple[str, ...], text: str, input: str, with_defaults: tuple[str, ...] = ()
) -> None:
    if with_defaults and not parameters:
        listed = ", ".join(with_defaults)
        raise ValueError(
            f"The model {text} has no parameter to learn: what has a default is none. Leave the "
            f"defaults away, def f({input}, {listed}), and tell by point= where to begin."
        )
    if not parameters:
        raise ValueError(
            f"The model {text} has no parameter to learn: write one, as in w*{input} + b."
        )
    if len(parameters) > MOST_PARAMETERS:
        raise ValueError(
            f"The model {text} has {len(parameters)} parameters ({', '.join(parameters)}): "
            f"at most {MOST_PARAMETERS} can be shown."
        )


# ── callables ────────────────────────────────────────────────────────────────────────────────────


def _of_callable(source: Callable[..., Any]) -> Model:
    name, names = text_of(source), _required(source)
    if not names:
        raise ValueError(f"The model {name} takes x first and then its parameters: def f(x, w, b).")
    _check_order(names, name)
    _check_count(names[1:], name, names[0], _positional(source)[1:])
    function = _summed(_shaped(_defined(source)), len(names) - 1)
    made = Model(source, name, names[0], names[1:], function)
    theta = [0.5 + 0.25 * place for place in range(len(names) - 1)]
    with calm():
        _check_rows(made, theta)
        try:
            value_and_partials(lambda *own: anp.sum(made(_XS[4:], *own)), theta)
        except Exception as error:  # whatever autograd raises
            raise ValueError(unfollowed(error, name, source)) from error
    return made


def _defined(source: Callable[..., Any]) -> Callable[..., Any]:
    """The same function, NaN with its slopes where it raises an ArithmeticError."""

    def predict(x: Any, *theta: Any) -> Any:
        try:
            return source(x, *theta)
        except ArithmeticError:
            return np.nan * sum(theta) + 0.0 * x

    return predict


def _check_order(names: tuple[str, ...], text: str) -> None:
    if "x" in names[1:]:
        others = ", ".join(["x", *(name for name in names if name != "x")])
        raise ValueError(
            f"The first parameter of the model {text} is the data, and in {text}"
            f"({', '.join(names)}) x comes later: write def f({others})."
        )


def _required(source: Callable[..., Any]) -> tuple[str, ...]:
    """The parameters without a default."""
    return _positional(source, lambda one: one.default is one.empty)


def _positional(
    source: Callable[..., Any], counts: Callable[[inspect.Parameter], bool] = lambda one: True
) -> tuple[str, ...]:
    """The parameters that are told by their places, and of them those that count."""
    kinds = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    try:
        found = inspect.signature(source).parameters.values()
    except (TypeError, ValueError):  # one that is not written in Python
        return ()
    return tuple(one.name for one in found if one.kind in kinds and counts(one))


def _check_rows(made: Model, theta: Sequence[float]) -> None:
    """Refuse a callable that does not map x row by row."""
    with suppress(ArithmeticError):
        _check_kind(made.text, _tried(made.text, made.source, _XS[4:], *theta))
    whole, part = (_tried(made.text, made, x, *theta) for x in (_XS[4:], _XS[5:]))
    if not np.allclose(whole[1:], part, equal_nan=True):
        raise ValueError(
            f"The model {made.text} predicts another value for an x when other x stand beside it: "
            "every prediction depends on its own x alone."
        )


def _tried(name: str, function: Any, *values: Any) -> Any:
    try:
        return function(*values)
    except ArithmeticError:
        raise
    except Exception as error:  # whatever it raises
        raise ValueError(
            f"The model {name} could not be computed: {error or type(error).__name__}. It is "
            f"handed all x at once, as an array; write it with autograd.numpy, after {IMPORT}."
        ) from error


def _check_kind(name: str, found: Any) -> None:
    if found is None:
        raise ValueError(f"The model {name} returns None: it needs a line with “return”.")
    kind = f"a {type(found).__name__}"
    if isinstance(found, np.ndarray | np.generic | float | int):
        dtype = np.asarray(found).dtype
        kind = "" if dtype.kind in "biuf" else f"values of the type {dtype}"
    if kind:
        raise ValueError(
            f"The model {name} returns {kind}: it is to return an array of numbers, one for each x."
        )


# ── linear in θ? ─────────────────────────────────────────────────────────────────────────────────


def _is_lifted(made: Model, draw: np.random.Generator, place: int, size: float) -> bool:
    """Whether predictions rise by as much as a parameter, where they are known."""
    theta = size * draw.uniform(-1.0, 1.0, len(made.parameters))
    raised = theta + size * (np.arange(len(theta)) == place)
    try:
        before, after = (np.asarray(made(_XS, *given), float) for given in (theta, raised))
    except Exception:  # whatever a callable raises
        return False
    known = np.isfinite(before) & np.isfinite(after)
    off = np.abs(after - before - size)[known]
    return bool(known.any() and np.all(off <= LINEAR * size + ROUNDING * np.abs(before[known])))


def _is_straight(made: Model, draw: np.random.Generator, size: float) -> bool:
    """Whether predictions lie on a straight line between two random θ, where they are known."""
    one, other = size * draw.uniform(-1.0, 1.0, (2, len(made.parameters)))
    share = draw.uniform(0.2, 0.8)
    try:
        ends = [np.asarray(made(_XS, *theta), float) for theta in (one, other)]
        between = np.asarray(made(_XS, *(one + share * (other - one))), float)
    except Exception:  # whatever a callable raises
        return False
    known = np.isfinite(np.array([*ends, between]))
    if not known.any() or (known.any(axis=0) != known.all(axis=0)).any():
        return False  # a prediction that is there for some θ alone
    known = known.all(axis=0)
    expected = (ends[0] + share * (ends[1] - ends[0]))[known]
    apart, size = np.abs(ends[1] - ends[0])[known], np.max(np.abs(ends), axis=0)[known]
    off = np.abs(between[known] - expected)
    return bool(np.all(off <= LINEAR * apart + ROUNDING * size))
