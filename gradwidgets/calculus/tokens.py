"""Typed text as a list of tokens: numbers, names, operators, parentheses, commas."""

from __future__ import annotations

import keyword
import re
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from gradwidgets.calculus.mistakes import FormulaError, short
from gradwidgets.calculus.spelling import LETTER, SUPERSCRIPTS, plain, strange_character

MAX_NAME = 20

_SPELLINGS = {"^": "**", "π": "pi", "≤": "<=", "≥": ">=", "≠": "!="}
_TOKEN = re.compile(
    rf"""(?P<space>\s+)
      | (?P<number>(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)
      | (?P<superscript>⁻?[⁰¹²³⁴⁵⁶⁷⁸⁹]+)
      | (?P<name>π|[{LETTER}](?:_?[0-9{LETTER}])*)
      | (?P<operator>\*\*|<=|>=|==|!=|//|<<|>>|[-+*/%<>^≤≥≠])
      | (?P<open>\() | (?P<close>\)) | (?P<comma>,)""",
    re.VERBOSE,
)
_OPERATOR_HINTS = {
    "//": "Write floor(x/y) for division without a remainder.",
    "<<": "Comparisons are written < or <=.",
    ">>": "Comparisons are written > or >=.",
}
_KEYWORD_HINTS = {
    **dict.fromkeys(
        ("if", "else"), "Write where(x > 0, a, b) for “a if x is positive, otherwise b”."
    ),
    **dict.fromkeys(("and", "or", "not"), "Nest where(…) to combine conditions."),
    **dict.fromkeys(("inf", "nan"), "A formula needs finite numbers."),
    "lambda": "Write λ or lam for the Greek letter.",
    "lambda:": "Write only the expression, without “lambda x:”.",
}


class Token(NamedTuple):
    """A piece of the text: `typed` as it stands there, `text` in Python's spelling."""

    kind: str
    typed: str
    text: str
    start: int
    end: int


def tokens(text: str) -> list[Token]:
    """The tokens of a text, in their plain spelling and without spaces.

    Raises:
        FormulaError: a character, number or word that no formula has.

    >>> [token.text for token in tokens("2x² ≤ φ₁")]
    ['2.0', 'x', '**', '2.0', '<=', 'φ1']
    """
    spelled, places = plain(text)
    found: list[Token] = []
    position = 0
    while position < len(spelled):
        match = _TOKEN.match(spelled, position)
        if match is None:
            raise strange_character(text, places[position])
        start, end = places[position], places[match.end() - 1] + 1
        token = Token(str(match.lastgroup), text[start:end], match[0], start, end)
        _check_lambda(token, spelled[match.end() :])
        found.extend(_MADE[token.kind](token))
        position = match.end()
    return found


def _check_lambda(token: Token, rest: str) -> None:
    """Python's lambda has a colon somewhere behind it; the Greek letter has not."""
    if token.text == "lambda":
        raise _no_part("lambda", _KEYWORD_HINTS["lambda:" if ":" in rest else "lambda"], token)


def _superscript(token: Token) -> list[Token]:
    digits = token.text.translate(SUPERSCRIPTS)
    sign = [token._replace(kind="operator", text="-")] if digits.startswith("-") else []
    power = token._replace(kind="operator", text="**")
    number = token._replace(kind="number", text=digits.removeprefix("-"))
    return [power, *sign, *_number(number)]


def _number(token: Token) -> list[Token]:
    if not np.isfinite(float(token.text)):
        raise FormulaError(f"The number {short(token.text)} is too large.", token.start)
    return [token._replace(text=repr(float(token.text)))]


def _name(token: Token) -> list[Token]:
    name = _SPELLINGS.get(token.text, token.text)
    if keyword.iskeyword(name) or name in _KEYWORD_HINTS:
        hint = _KEYWORD_HINTS.get(name, "It is a word of the Python language.")
        raise _no_part(name, hint, token)
    if len(name) > MAX_NAME:
        message = f"The name {short(name)} is too long: at most {MAX_NAME} letters."
        raise FormulaError(message, token.start)
    return [token._replace(text=name)]


def _no_part(name: str, hint: str, token: Token) -> FormulaError:
    return FormulaError(f"“{name}” is not a part of a formula. {hint}", token.start)


def _operator(token: Token) -> list[Token]:
    if token.text in _OPERATOR_HINTS:
        message = f"“{token.text}” is not used in a formula. {_OPERATOR_HINTS[token.text]}"
        raise FormulaError(message, token.start)
    return [token._replace(text=_SPELLINGS.get(token.text, token.text))]


_MADE: dict[str, Callable[[Token], list[Token]]] = {
    "space": lambda token: [],
    "number": _number,
    "superscript": _superscript,
    "name": _name,
    "operator": _operator,
    "open": lambda token: [token],
    "close": lambda token: [token],
    "comma": lambda token: [token],
}
