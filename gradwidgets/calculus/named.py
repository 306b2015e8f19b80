"""Functions by their names: text that is no formula, but a key of the catalogue."""

from __future__ import annotations

import re
from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any, TypeVar

from gradwidgets.calculus.formula import FormulaError


class Named:
    """A formula with a domain and a start that shows its point, as those of the catalogue."""

    text: str
    variables: tuple[str, ...]
    start: tuple[float, ...]

    @property
    def domain(self) -> dict[str, tuple[float, float]]:
        """The interval of every variable."""
        raise NotImplementedError


# Filled by the catalogue, which is made of fields and so can't be imported by them.
known: dict[str, Named] = {}

T = TypeVar("T")


def find(source: Any) -> Named | None:
    """The example that a source is or names; None for whatever else is a function.

    Large letters, hyphens and spaces don't matter.

    Raises:
        FormulaError: a name that is nearly one of the catalogue's.

    >>> find("Six hump camel").variables
    ('x', 'y')
    >>> find("x*y") is None
    True
    """
    if not isinstance(source, str):
        return source if isinstance(source, Named) else None
    return by_name(source, known)


def by_name(text: str, examples: Mapping[str, T]) -> T | None:
    """What is known by a name, or None.

    Raises:
        FormulaError: a name that is nearly one of them.
    """
    words = {_words(key): key for key in examples}
    wanted = _words(text)
    if wanted in words:
        return examples[words[wanted]]
    # What has other characters is a formula, and so are short names.
    near = get_close_matches(wanted, words, 1, 0.8) if _NAME.fullmatch(wanted) else []
    if near:
        raise FormulaError(
            f"There is no example “{text.strip()}”: did you mean “{words[near[0]]}”?"
        )
    return None


_NAME = re.compile(r"[a-z ]{4,30}")


def _words(text: str) -> str:
    return re.sub(r"[\s_-]+", " ", text.strip().casefold())
