"""What is wrong with a typed text, and where."""

from __future__ import annotations


class FormulaError(ValueError):
    """What is wrong with a formula, in a student's words.

    `position` is the index in the typed text at which it was noticed, or None where the whole
    text is meant.

    >>> from gradwidgets.calculus.formula import parse
    >>> try:
    ...     parse("x + foo(y)")
    ... except FormulaError as error:
    ...     error.position
    4
    """

    def __init__(self, message: str, position: int | None = None) -> None:
        super().__init__(message)
        self.position = position


def short(text: str) -> str:
    """A typed text, cut where a message would become too long."""
    return text if len(text) <= 24 else f"{text[:20]}…"
