"""The loss of a few rows as a small program, one assignment per line, for its graph."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from gradwidgets.calculus.assignments import parse_lines
from gradwidgets.calculus.canonical import canonical
from gradwidgets.calculus.formula import FormulaError
from gradwidgets.calculus.losses import LOSSES
from gradwidgets.calculus.models import Model
from gradwidgets.calculus.objective import Objective
from gradwidgets.calculus.tokens import tokens

MOST_ROWS = 5  # more would be no graph to look at
_TIGHT = {"*", "/", "**", "%"}


def as_lines(
    objective: Objective,
    x: Sequence[float],
    y: Sequence[float],
    delta: float = 1.0,
    l2: float = 0.0,
    l1: float = 0.0,
) -> str:
    """The mean loss of the first rows, five at most and as many as a program has room for.

    Its inputs are the model's parameters. It is written in the language of `assignments`.

    Raises:
        ValueError: the model is a callable, of which no lines are known, or it is too long.

    >>> from gradwidgets.calculus.models import model
    >>> line = Objective(model("w*x + b"), LOSSES["squared"])
    >>> print(as_lines(line, [1, 2], [3, -4], l2=0.1))
    p1 = w*1 + b
    p2 = w*2 + b
    r1 = (p1 - 3)^2
    r2 = (p2 - (-4))^2
    loss = (r1 + r2)/2 + 0.1*(w^2)
    """
    model = objective.model
    if model.formula is None:
        raise ValueError(
            f"The model {model.text} is a function of Python: only one that is typed as a formula, "
            "such as w*x + b, can be written as lines."
        )
    rows = list(zip(x, y, strict=True))[:MOST_ROWS]
    for count in range(len(rows), 0, -1):
        text = _lines(objective, rows[:count], delta, (l2, l1))
        try:
            parse_lines(text, model.parameters)
        except FormulaError:
            continue
        return text
    raise ValueError(f"The model {model.text} is too long for a program of its loss.")


def _lines(
    objective: Objective,
    rows: Sequence[tuple[float, float]],
    delta: float,
    penalties: tuple[float, float],
) -> str:
    model = objective.model
    p, r, d = _letters(model.parameters)
    (key,) = (key for key, loss in LOSSES.items() if loss is objective.loss)
    places = range(1, len(rows) + 1)
    lines = [f"{p}{k} = {_at(model, x)}" for k, (x, _) in zip(places, rows, strict=True)]
    for k, (_, y) in zip(places, rows, strict=True):
        lines += _ROWS[key](f"{p}{k}", f"{r}{k}", f"{d}{k}", float(y), delta)
    total = " + ".join(f"{r}{k}" for k in places)
    mean = total if len(rows) == 1 else f"({total})/{len(rows)}"
    name = "L" if "loss" in model.parameters else "loss"
    return "\n".join([*lines, f"{name} = {mean}{_penalty(model, *penalties)}"])


def _letters(parameters: Sequence[str]) -> list[str]:
    """For predictions, losses and residuals: letters with which no parameter begins."""
    taken = {name[0] for name in parameters}
    return [
        next(c for c in choice if c not in taken) for choice in ("pqhmnjo", "rlcsugv", "dztkfay")
    ]


def _penalty(model: Model, l2: float, l1: float) -> str:
    held = [name for name in model.parameters if name not in model.intercepts]
    squares, sizes = (" + ".join(map(form.format, held)) for form in ("{}^2", "abs({})"))
    parts = [(l2, squares), (l1, sizes)]
    return "".join(f" + {_number(factor)}*({terms})" for factor, terms in parts if factor and terms)


# ── one row ──────────────────────────────────────────────────────────────────────────────────────


def _huber(p: str, r: str, d: str, y: float, delta: float) -> list[str]:
    size, half = _number(delta), _number(0.5 * delta)
    far = f"{size}*(abs({d}) - {half})"
    return [f"{d} = {p} - {_number(y)}", f"{r} = where(abs({d}) <= {size}, {d}^2/2, {far})"]


def _logistic(p: str, r: str, d: str, y: float, delta: float) -> list[str]:
    return [f"{r} = softplus({p})" + (f" - {p}" if y else "")]


_ROWS: Mapping[str, Callable[[str, str, str, float, float], list[str]]] = {
    "squared": lambda p, r, d, y, delta: [f"{r} = ({p} - {_number(y)})^2"],
    "absolute": lambda p, r, d, y, delta: [f"{r} = abs({p} - {_number(y)})"],
    "huber": _huber,
    "logistic": _logistic,
}


def _at(model: Model, x: float) -> str:
    """The model's text with a number in place of x."""
    typed = tokens(model.text)
    pieces = canonical(typed, model.text).text.split()
    spelled = [_number(x) if piece == model.input else _plain(piece) for piece in pieces]
    return _spaced(pieces, spelled)


def _plain(piece: str) -> str:
    """A piece of canonical source as people write it."""
    if piece[0].isdigit():
        return _number(float(piece))
    return "^" if piece == "**" else piece


def _spaced(pieces: Sequence[str], spelled: Sequence[str]) -> str:
    """Pieces with spaces round what binds least."""
    text, before = "", "("
    for piece, word in zip(pieces, spelled, strict=True):
        is_sign = piece in ("+", "-") and (before in "(,+-" or before in _TIGHT)
        if piece == ",":
            word = ", "
        elif not (piece in _TIGHT or is_sign or piece in "()" or piece[0].isalnum()):
            word = f" {word} "
        text, before = text + word, piece
    return text


def _number(value: Any) -> str:
    """A number as it is typed, in parentheses where it has a sign."""
    text = repr(float(value)).removesuffix(".0")
    return f"({text})" if text.startswith("-") else text
