"""Tokens as the Python source of an expression, once operands and operators alternate."""

from __future__ import annotations

import difflib
from typing import NamedTuple

from gradwidgets.calculus.functions import CONSTANTS, FUNCTIONS
from gradwidgets.calculus.mistakes import FormulaError
from gradwidgets.calculus.names import SUGGESTED
from gradwidgets.calculus.tokens import Token

MAX_DEPTH = 40


class Source(NamedTuple):
    """Python source; for each of its bytes, where its token starts and ends in the typed text."""

    text: str
    starts: list[int]
    ends: list[int]


def canonical(tokens: list[Token], text: str) -> Source:
    """The source to parse, once operands and operators alternate and parentheses match.

    Raises:
        FormulaError: they do not, or a product or a call must be written otherwise.

    >>> from gradwidgets.calculus.tokens import tokens
    >>> canonical(tokens("2x"), "2x").text
    '2.0 * x'
    """
    _check_parentheses(tokens)
    pieces: list[Token] = []
    for place, token in enumerate(tokens):
        before = tokens[place - 1] if place else None
        if before is None or not _ends_operand(before):
            _expect_operand(before, token)
        elif _needs_times(tokens, place, text):
            pieces.append(token._replace(kind="operator", text="*"))
        pieces.append(token)
    if not _ends_operand(tokens[-1]):
        raise FormulaError(f"Something is missing after “{tokens[-1].typed}”.", len(text))
    if tokens[-1].text in FUNCTIONS:
        raise _bare_function(tokens[-1], [])
    return _join(pieces)


def _join(pieces: list[Token]) -> Source:
    bytes_and_a_space = [(piece, len(piece.text.encode()) + 1) for piece in pieces]
    return Source(
        " ".join(piece.text for piece in pieces),
        [piece.start for piece, count in bytes_and_a_space for _ in range(count)],
        [piece.end for piece, count in bytes_and_a_space for _ in range(count)],
    )


def _check_parentheses(tokens: list[Token]) -> None:
    opened: list[Token] = []
    for token in tokens:
        if token.kind == "open":
            opened.append(token)
        elif token.kind == "close":
            if not opened:
                raise FormulaError("This “)” has no “(” before it.", token.start)
            opened.pop()
        if len(opened) > MAX_DEPTH:
            raise too_deep(token.start)
    if opened:
        raise FormulaError("This “(” is never closed: a “)” is missing.", opened[-1].start)


def too_deep(position: int | None) -> FormulaError:
    """What is said of more than `MAX_DEPTH` levels."""
    return FormulaError(f"This is nested too deeply: at most {MAX_DEPTH} levels.", position)


def _ends_operand(token: Token) -> bool:
    return token.kind in ("number", "name", "close")


def _expect_operand(before: Token | None, token: Token) -> None:
    if token.kind in ("number", "name", "open") or token.text in ("+", "-"):
        return
    if before is None:
        raise FormulaError(f"A formula can't start with “{token.typed}”.", token.start)
    if before.kind == "open" and token.kind == "close":
        raise FormulaError("Something is missing between “(” and “)”.", token.start)
    if before.text == token.text == "*":  # spelled with a space between, or three in a row
        raise FormulaError("A power is written ** without a space.", token.start)
    raise FormulaError(f"Something is missing before “{token.typed}”.", token.start)


def _needs_times(tokens: list[Token], place: int, text: str) -> bool:
    """Whether a multiplication sign is understood here, as in 2x; hints where it is not."""
    before, token = tokens[place - 1], tokens[place]
    if before.text in FUNCTIONS:
        if token.kind == "open":
            return False
        raise _bare_function(before, tokens[place:])
    if token.kind not in ("number", "name", "open"):
        return False
    if before.kind == "name" and token.kind == "open":
        raise _unknown_function(before)
    if before.kind == token.kind == "number":
        raise FormulaError("Two numbers stand side by side.", token.start)
    if before.kind == "name" or token.kind == "number":
        product = f"{_factor(tokens[:place], text)}*{token.text.removesuffix('.0')}"
        call = _called(token, tokens[place + 1 :]) if token.text in FUNCTIONS else ""
        raise FormulaError(f"Is this a product? Write {product}{call}.", token.start)
    if before.kind == "number" and token.text in ("j", "J"):
        raise FormulaError("Complex numbers are not used here.", token.start)
    return True


def _factor(tokens: list[Token], text: str) -> str:
    """The factor that ends here, as it was typed: a name, or a parenthesis with its function."""
    if tokens[-1].kind != "close":
        return tokens[-1].text
    depth, place = 1, len(tokens) - 1
    while depth:
        place -= 1
        depth += {"close": 1, "open": -1}.get(tokens[place].kind, 0)
    called = place > 0 and tokens[place - 1].text in FUNCTIONS
    typed = text[tokens[place - called].start : tokens[-1].end]
    return typed if len(typed) <= 24 else "(…)"


_INVERSES = {
    **{name: f"arc{name}" for name in ("sin", "cos", "tan", "sinh", "cosh", "tanh")},
    **{f"arc{name}": name for name in ("sin", "cos", "tan", "sinh", "cosh", "tanh")},
    "asin": "sin",
    "acos": "cos",
    "atan": "tan",
    "exp": "ln",
    "ln": "exp",
    "log": "exp",
}


def _bare_function(function: Token, after: list[Token]) -> FormulaError:
    """What is said of a function that no parenthesis follows."""
    name = function.text
    if after and after[0].text == "**":
        return _powered_function(name, after)
    message = f"“{name}” needs parentheses: write {name}{_called(function, after)}."
    return FormulaError(message, function.start)


def _called(function: Token, after: list[Token]) -> str:
    """What to write behind a function: parentheses around what stands there, a factor or two."""
    if after and after[0].kind == "open":
        return "(…)"
    operands = [token for token in after[:2] if token.kind in ("name", "number")]
    side_by_side = [] if after and after[0] not in operands else operands
    if len(side_by_side) == 2 and side_by_side[0].kind == "name":
        side_by_side = side_by_side[:1]
    inside = "*".join(token.text.removesuffix(".0") for token in side_by_side)
    usable = inside and not any(token.text in FUNCTIONS for token in side_by_side)
    return [f"({inside if usable else 'x'})", *SUGGESTED[1:]][FUNCTIONS[function.text].arity - 1]


def _powered_function(name: str, after: list[Token]) -> FormulaError:
    after = [after[0], *(token for token in after[1:] if token.kind not in ("open", "close"))]
    exponent = "".join(token.text.removesuffix(".0") for token in after[1:3])
    behind = f"The power of a function is written behind it: {name}(x)**"
    if exponent.startswith("-1"):
        inverse = f"The inverse function is {_INVERSES[name]}(x). " if name in _INVERSES else ""
        return FormulaError(f"{inverse}{behind}-1.", after[0].start)
    if name == "exp":
        return FormulaError("“exp” is a function: write exp(x), or e**x.", after[0].start)
    power = after[1].text.removesuffix(".0") if after[1:] and after[1].kind == "number" else "2"
    return FormulaError(f"{behind}{power}.", after[0].start)


def _unknown_function(token: Token) -> FormulaError:
    if len(token.text) == 1 or token.text in CONSTANTS:
        return FormulaError(
            f"“{token.text}” is not a function. For a product write {token.text}*(…).",
            token.start,
        )
    close = difflib.get_close_matches(token.text, FUNCTIONS, n=1)
    known = f"Did you mean {close[0]}?" if close else f"Known are {', '.join(_KNOWN)}."
    return FormulaError(f"There is no function “{token.text}” here. {known}", token.start)


_KNOWN = ("sin", "cos", "tan", "exp", "log", "sqrt", "abs", "max", "min", "tanh", "where")
