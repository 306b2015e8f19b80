"""Which words are names of a student's own, and which are products written without a sign.

Letters side by side never become a name by accident. A name of one's own is

- one letter: x, θ;
- a letter with a number behind it: w1, x₂, β_1;
- the name of a Greek letter: mu, theta;
- a word of four letters or more in which no product of known things can be read: rate, loss;
- anything with a letter behind an underscore: x_max, a_b;
- whatever a line of a program or the caller has named so.

Everything else is refused, and the message shows the product: xe is x*e, xsinx is x*sin(x).
Known are functions, π, e, x, y, z, t, Greek letters, and letters that stand alone in the formula.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from itertools import takewhile

from gradwidgets.calculus.elsewhere import ELSEWHERE
from gradwidgets.calculus.functions import CONSTANTS, FUNCTIONS
from gradwidgets.calculus.mistakes import FormulaError
from gradwidgets.calculus.tokens import Token

_GREEK_NAMES = """alpha beta gamma delta epsilon eps zeta eta theta iota kappa lam mu nu xi omicron
rho sigma tau upsilon phi chi psi omega"""
GREEK = frozenset(_GREEK_NAMES.split())

_USUAL = frozenset("xyz")
_GREEK_LETTERS = frozenset("ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩαβγδεζηθικλμνξορστυφχψω")
SUGGESTED = ("(x)", "(x, y)", "(x > 0, a, b)")
_TELLING = _USUAL | _GREEK_LETTERS | {name for name in GREEK if len(name) > 3}
_WORDS = {*FUNCTIONS, *GREEK, "pi"}


def check_names(tokens: Sequence[Token], given: Collection[str] = ()) -> None:
    """Refuse words that became one name by accident.

    `given` are names that are meant: those of a program's other lines, or the caller's.

    Raises:
        FormulaError: with the product that can be read instead.
    """
    texts = {token.text for token in tokens if token.kind == "name"}
    alone = frozenset(texts | set(given))
    for token, *after in zip(tokens, [*tokens[1:], None], [*tokens[2:], None, None], strict=False):
        if token.kind == "name" and token.text not in given:
            follows = takewhile(lambda later: later is not None, after)
            _check(token, [later for later in follows if later], texts, alone)


def _check(token: Token, after: list[Token], texts: set[str], alone: frozenset[str]) -> None:
    name, called = token.text, bool(after) and after[0].kind == "open"
    if name in FUNCTIONS or name in CONSTANTS or len(name) == 1:
        return
    beside = bool(after) and after[0].kind in ("name", "number")
    if name in ELSEWHERE and (called or beside or name.startswith("log_")):
        message = f"“{name}” is not known here. Write {ELSEWHERE[name]}."
        raise FormulaError(message, token.start)
    if name.startswith("lambda"):
        rest = name.removeprefix("lambda")
        message = f"“{name}” is not one name. Write λ*{rest}, or lam*{rest}, for the product."
        raise FormulaError(message, token.start)
    if re.fullmatch(r".\d+", name):
        _check_index(token, texts)
    elif called and name in GREEK:
        raise _no_function(token)
    elif _is_call(name, alone) if called else _is_accident(name, alone, _is_base(after)):
        raise _glued(token, called, alone)


def _no_function(token: Token) -> FormulaError:
    meant = " and sigmoid(x) for the logistic function" if token.text == "sigma" else ""
    message = f"“{token.typed}” is not a function here. "
    return FormulaError(f"{message}Write {token.text}*(…) for a product{meant}.", token.start)


def _is_base(after: list[Token]) -> bool:
    """Whether e^… follows, with more than a number for its exponent."""
    if not after or after[0].text != "**":
        return False
    return len(after) == 1 or after[1].kind != "number"


# ── a letter and a number ────────────────────────────────────────────────────────────────────────


def _check_index(token: Token, texts: set[str]) -> None:
    """x2 is the second of x1, x2, or x² whose exponent was lost, or x·2."""
    letter, number = token.text[0], token.text[1:]
    if not token.typed.isascii() and letter.isascii():
        return  # x₂, with an index that is one
    constant = letter == "e"
    lonely = letter in _USUAL | {"t"} and number in ("2", "3") and not _has_others(number, texts)
    if constant or lonely or (letter in texts and number not in ("0", "1")):
        index = "" if constant else f", {letter}_{number} for an index"
        message = (
            f"“{token.typed}” can be read in several ways. "
            f"Write {letter}**{number} for a power, {number}*{letter} for a product{index}."
        )
        raise FormulaError(message, token.start)


def _has_others(number: str, texts: set[str]) -> bool:
    """Whether some name has another index, so that indices are meant."""
    indices = {match[1] for text in texts if (match := re.fullmatch(r"[^_]+?_?(\d+)", text))}
    return bool((indices - {number}) - {"10"})


# ── words ────────────────────────────────────────────────────────────────────────────────────────


def _is_call(name: str, alone: frozenset[str]) -> bool:
    """Whether what stands before “(” is a product: xcos(y), xy(x + 1), rsin(θ)."""
    pieces = _pieces(name, _words(name, alone))
    if len(name) == 2 or _unknown(pieces, alone) == 0:
        return True
    return pieces[-1] in FUNCTIONS and _unknown(pieces, alone | {"e", "t"}) <= 2


def _is_accident(name: str, alone: frozenset[str], is_base: bool) -> bool:
    if re.search(r"\d_?[^\d_]", name):  # w_1x, x1x2
        return True
    word, underscore, index = name.partition("_")
    letters = word.rstrip("0123456789")
    if len(letters) == 1 or (underscore and letters in FUNCTIONS):
        return False
    if underscore and not index.isdigit() and not _has_function(_pieces(letters)):
        return False
    return _reads_as_product(letters, alone, is_base)


def _reads_as_product(word: str, alone: frozenset[str], is_base: bool) -> bool:
    """Whether letters side by side are factors, see the head of this file."""
    if word.lower() in GREEK:
        return False
    pieces = _pieces(word, _words(word, alone))
    if len(word) <= 3 or len(pieces) == 1 or not re.search("[aeiouAEIOU]", word):
        return True
    if _unknown(pieces, alone | {"e", "t"}) == 0:
        return True
    if is_base and pieces[-1] == "e":
        pieces = pieces[:-1]
    telling = _has_function(pieces) or any(piece in _TELLING for piece in pieces)
    return telling and _unknown(pieces, alone) <= 2


def _has_function(pieces: Sequence[str]) -> bool:
    """Whether one is inside that no ordinary word begins or ends with, as signal and minus do."""
    return any(piece in FUNCTIONS and piece not in ("sign", "max", "min") for piece in pieces)


def _unknown(pieces: Sequence[str], known: Collection[str]) -> int:
    return sum(
        len(piece) == 1 and not (piece in known or piece in _USUAL or piece in _GREEK_LETTERS)
        for piece in pieces
        if piece.isalpha()
    )


# ── the product that can be read ─────────────────────────────────────────────────────────────────


def _words(name: str, alone: Collection[str]) -> frozenset[str]:
    """The longer names of the same formula that can be a part of this one, as rate of xrate."""
    return frozenset(w for w in alone if len(w) > 3 and w.isalpha() and w != name and w in name)


def _pieces(word: str, words: frozenset[str] = frozenset()) -> tuple[str, ...]:
    """A word as functions, names, π, letters, and numbers, with as few single letters as can be."""
    best: list[tuple[str, ...]] = [()]  # of every rest of the word, the shortest first
    for start in reversed(range(len(word))):
        rest = word[start:]
        ends = [len(piece) for piece in _WORDS | words if rest.startswith(piece)]
        number = re.match(r"_?\d+", rest)
        ends.append(number.end() if number else 1)
        readings = [(rest[:end], *best[len(rest) - end]) for end in ends]
        best.append(min(readings, key=lambda pieces: (_singles(pieces), len(pieces))))
    return best[-1]


def _singles(pieces: Sequence[str]) -> int:
    return sum(len(piece) == 1 for piece in pieces)


def _factors(pieces: Sequence[str], called: bool) -> list[str]:
    """The factors as they are typed; a function takes what stands between it and the next."""
    if not pieces:
        return []
    first, *rest = pieces
    if first not in FUNCTIONS:
        return _indexed(first, rest, called)
    inside = list(takewhile(lambda piece: piece not in FUNCTIONS, rest))
    if rest and not inside and FUNCTIONS[first].arity == 1:  # a function of a function
        return [f"{first}({'*'.join(_factors(rest, called))})"]
    arguments = f"({'*'.join(_factors(inside, False))})"
    if not inside or FUNCTIONS[first].arity > 1:
        arguments = "(…)" if called and not rest else SUGGESTED[FUNCTIONS[first].arity - 1]
    return [first + arguments, *_factors(rest[len(inside) :], called)]


def _indexed(first: str, rest: list[str], called: bool) -> list[str]:
    """A factor with the number behind it: a power, an index, or the exponent of e."""
    number = rest[0].lstrip("_") if rest else ""
    if not number.isdigit() or len(first) > 1:
        return [first, *_factors(rest, called)]
    if first == "e":
        return [f"e**({'*'.join([number, *_factors(rest[1:], called)])})"]
    is_power = first in _USUAL and rest[0] in ("2", "3")
    return [f"{first}**{number}" if is_power else f"{first}_{number}", *_factors(rest[1:], called)]


def _glued(token: Token, called: bool, alone: frozenset[str]) -> FormulaError:
    word = token.text
    pieces = [piece for piece in _pieces(word, _words(word, alone)) if piece != "_"]
    if len({piece for piece in pieces if piece.isdigit()}) > 1:  # x1x2: these are no powers
        pieces = [f"_{piece}" if piece.isdigit() else piece for piece in pieces]
    product = "*".join(_factors(pieces, called))
    if called and pieces[-1] not in FUNCTIONS:
        product += "*(…)"
    extreme = pieces[-1] in ("max", "min") and len(pieces) == 2
    named = len(word) <= 3 and word.isalpha() and not any(p in FUNCTIONS for p in pieces)
    name = f"{pieces[0]}_{''.join(pieces[1:])}" if (named or extreme) and not called else ""
    choice = f" for the product, {name} for a name" if name else ""
    return FormulaError(f"“{token.typed}” is not one name. Write {product}{choice}.", token.start)
