"""One plain spelling for every character that looks like one of mathematics: ϕ and 𝜑 are φ.

Each plain character remembers where in the typed text it comes from.
"""

from __future__ import annotations

import re
import unicodedata

from gradwidgets.calculus.mistakes import FormulaError

SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
LETTER = "A-Za-zΑ-ΡΣ-Ωα-ορ-ω"  # without π, which is a number

_ALIKE = {
    **dict.fromkeys("−–—‐‑‒", "-"),
    **dict.fromkeys("×·⋅∙•∗⋆✕✖⨯\N{INVISIBLE TIMES}", "*"),
    "\N{FUNCTION APPLICATION}": "",
    **dict.fromkeys("÷∕⁄", "/"),
    **dict.fromkeys("⩽≦", "≤"),
    **dict.fromkeys("⩾≧", "≥"),
    "ˆ": "^",
    "ς": "σ",
}
_PLAIN = re.compile(rf"[{LETTER}π0-9\s+*/%^<>=!(),._|\[\]{{}}~-]")
_HINTS = {
    **dict.fromkeys("[]{}", "Use round parentheses: ( and )."),
    **dict.fromkeys("'\"`", "Text in quotes is not a part of a formula."),
    **dict.fromkeys("′″’", "A name has no primes; write x_1 for another x."),
    "=": "Write what stands to the right of the equals sign; a comparison is written ==.",
    **dict.fromkeys("|∣‖", "Write abs(x) for |x|."),
    "√": "Write sqrt(x) for a square root.",
    "∛": "Write sign(x)*abs(x)**(1/3) for a cube root.",
    "∞": "A formula needs finite numbers.",
    "!": "There is no factorial here.",
    ".": "A point stands only inside a number, as in 0.5.",
    "_": "A name starts with a letter and is written like x, w1 or x_1.",
    **dict.fromkeys(";:", "Write one formula only."),
    "\\": "Write without the backslash: sin(x), alpha.",
    "±": "Write one formula only, with + or with −.",
    "∂": "Write the function itself; its derivatives are computed.",
}


def plain(text: str) -> tuple[str, list[int]]:
    """The text in plain characters, and for each of them its place in the typed text.

    Raises:
        FormulaError: a character that can't be read.

    >>> plain("2∗ϕ₁")
    ('2*φ1', [0, 1, 2, 3])
    """
    characters: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        spelled = _spelled(text, place, character)
        characters += spelled
        places += [place] * len(spelled)
    return "".join(characters), places


def _spelled(text: str, place: int, character: str) -> str:
    if character in _ALIKE:
        return _ALIKE[character]
    if ord(character) < 128 or ord(character) in SUPERSCRIPTS:
        return character
    kind = unicodedata.decomposition(character).partition(" ")[0]
    same = unicodedata.normalize("NFKC", character)
    same = _ALIKE.get(same, same)
    if kind == "<fraction>":
        return _fraction(text, place, same)
    if kind == "<sub>" and same.isalpha():
        return same if _is_subscript(text[place - 1 : place]) else f"_{same}"
    if kind == "<super>" or (kind == "<sub>" and not same.isdigit()):
        raise strange_character(text, place)
    return same if _PLAIN.fullmatch(same) else character


def _fraction(text: str, place: int, fraction: str) -> str:
    """½ as (1/2); behind a number it would be a sum to some and a product to others."""
    above, _, below = fraction.partition("⁄")
    if not (above.isdigit() and below.isdigit()):
        raise strange_character(text, place)
    if re.search(r"[0-9.]\s*$", text[:place]):
        raise FormulaError(f"Write + {above}/{below} or a decimal such as 2.5.", place)
    return f"({above}/{below})"


def _is_subscript(character: str) -> bool:
    return bool(character) and unicodedata.decomposition(character).startswith("<sub>")


def strange_character(text: str, place: int) -> FormulaError:
    """What is said of a character that no formula has."""
    character = text[place]
    shown = f"“{character}”" if character.isprintable() else "An invisible character"
    return FormulaError(f"{shown} can't be read here. {_hint(character)}", place)


def _hint(character: str) -> str:
    parts = unicodedata.normalize("NFKD", character)
    for spelled in (character, parts):
        if spelled in _HINTS:
            return _HINTS[spelled]
    if unicodedata.category(parts[-1]) == "Mn":
        return "Write a letter with a mark as a name: x_hat, x_bar."
    if unicodedata.decomposition(character).startswith("<super>"):
        return "Write a power with **, as in x**n."
    return "Use numbers, variables, + − * / ** and functions."
