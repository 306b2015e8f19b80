"""A number glued to a factor behind “/”: 1/2x is x/2 to some and 1/(2x) to others."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from gradwidgets.calculus.functions import FUNCTIONS
from gradwidgets.calculus.mistakes import FormulaError
from gradwidgets.calculus.tokens import Token


def check_quotients(tokens: Sequence[Token], text: str) -> None:
    """Refuse what can be read as two quotients; parentheses match already.

    Raises:
        FormulaError: with both spellings.

    >>> from gradwidgets.calculus.tokens import tokens
    >>> check_quotients(tokens("1/2x"), "1/2x")
    Traceback (most recent call last):
    gradwidgets.calculus.mistakes.FormulaError: “/2x” can be read in two ways. Write /(2*x) or /2*x.
    """
    for place, (slash, number) in enumerate(pairwise(tokens)):
        if slash.text != "/" or number.kind != "number":
            continue
        end = _after_factor(tokens, place + 1)
        factors = [text[number.start : tokens[end - 1].end]]
        while end < len(tokens) and _is_glued(tokens[end - 1], tokens[end]):
            begin, end = end, _after_factor(tokens, end)
            factors.append(text[tokens[begin].start : tokens[end - 1].end])
        if len(factors) > 1:
            product = "*".join(factors)
            typed = text[slash.start : tokens[end - 1].end]
            message = f"“{typed}” can be read in two ways. Write /({product}) or /{product}."
            raise FormulaError(message, number.start)


def _is_glued(before: Token, token: Token) -> bool:
    return token.kind in ("name", "open") and token.start == before.end


def _after_factor(tokens: Sequence[Token], place: int) -> int:
    """Where a factor ends that begins here: with its power, if it has one."""
    end = _after_operand(tokens, place)
    while end < len(tokens) - 1 and tokens[end].text == "**":
        signed = tokens[end + 1].text in ("-", "+") and end < len(tokens) - 2
        end = _after_operand(tokens, end + 1 + signed)
    return end


def _after_operand(tokens: Sequence[Token], place: int) -> int:
    called = tokens[place].text in FUNCTIONS and place + 1 < len(tokens)
    depth, end = 0, place + called
    while end < len(tokens):
        depth += (tokens[end].kind == "open") - (tokens[end].kind == "close")
        end += 1
        if depth <= 0:
            break
    return end
