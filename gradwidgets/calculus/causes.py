"""Why autograd can't follow a callable, in a student's words: what in it hides the number."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dis import get_instructions
from types import CodeType, FunctionType
from typing import Any

import autograd.numpy as anp
import numpy as np

from gradwidgets.calculus.numbers import LOST

_FOREIGN = (LOST, "ArrayBox", "VJPNode", "setting an array element", "inhomogeneous", "callable")
IMPORT = "“import autograd.numpy as np”"

VECTORIZED = (
    "numpy.vectorize takes the numbers away from autograd: call the function without it, or write "
    f"np.where(…) in place of an if, after {IMPORT}"
)

ASSIGNED = (
    "putting a value into an array, as in z[0] = x or z += x, takes the number away from autograd: "
    f"make the whole array at once with np.array([x, …]), after {IMPORT}"
)

# What Python says of a box of autograd's; what hides the number; what to write.
_CAUSES = (
    (r"__round__", "round()", f"write np.round(x), after {IMPORT}; its slope is 0"),
    (r"^int\(\)", "int()", f"write np.floor(x), after {IMPORT}; its slope is 0"),
    (r"^float\(\)", "float()", "leave it out, for it is a number already"),
    (r"^complex\(\)", "complex()", "leave it out, for a field is real"),
    (r"divmod\(\)", "divmod()", f"write np.floor(x/a) and x % a, after {IMPORT}"),
    (r"Decimal|Rational", "Decimal or Fraction", "leave it out, and compute with floats"),
    (r"no attribute '(item|tolist)'", ".{}()", "leave it out, for it is a number already"),
    (r"indices must be integers", "a look-up in a list", f"write np.where(…), after {IMPORT}"),
)


def cause(text: str) -> str:
    """What in a callable takes the number away from autograd, from an error's text; or "".

    >>> cause("float() argument must be a string or a real number, not 'ArrayBox'")
    'float() takes the number away from autograd: leave it out, for it is a number already'
    """
    for sign, what, instead in _CAUSES:
        found = re.search(sign, text)
        if found and _is_outside(text, found):
            return f"{what.format(*found.groups())} takes the number away from autograd: {instead}"
    lacks = re.search(r"'ArrayBox' object has no attribute '(\w+)'", text)
    if lacks and callable(getattr(anp, lacks[1], None)):
        return f"autograd's numbers have no .{lacks[1]}(): write np.{lacks[1]}(…), after {IMPORT}"
    return f"autograd's numbers have no .{lacks[1]}" if lacks else ""


def _is_outside(text: str, found: re.Match[str]) -> bool:
    return "ArrayBox" in text or found[0] in ("__round__", "Rational")


def outside(why: str, source: Any) -> str:
    """Why a callable isn't traced, without what only autograd's authors understand."""
    known = _known(why, source)
    if known or not _is_foreign(why):
        return known or why
    return "numpy, math or scipy itself meets autograd's values: import autograd.numpy as np"


def unfollowed(error: Exception, name: str, source: Any) -> str:
    """What to tell of an error that only a derivative raises."""
    missing = re.match(r"VJP of (\w+)", str(error))
    if missing:
        return f"autograd has no derivative of {missing[1]}."
    if known := _known(str(error), source):
        return f"autograd can't follow {name}: {known}."
    detail = "" if _is_foreign(str(error)) else f" ({error})"
    return (
        f"autograd can't follow {name}: write it with autograd.numpy, after {IMPORT}, not with "
        f"numpy, math or scipy itself (and A @ p instead of A.dot(p)).{detail}"
    )


def _known(why: str, source: Any) -> str:
    if known := cause(why):
        return known
    if _is_foreign(why) and _calls_vectorized(source):
        return VECTORIZED
    placed = "setting an array element" in why and _assigns(source)
    return ASSIGNED if placed or ("__array_ufunc__" in why and "out=" in why) else ""


def _is_foreign(why: str) -> bool:
    return any(sign in why for sign in _FOREIGN)


# ── numpy.vectorize ──────────────────────────────────────────────────────────────────────────────


def of_one_number(source: Callable[..., Any]) -> Callable[..., Any]:
    """A callable, or the function of numbers from which numpy.vectorize made it.

    autograd can follow that one, and fields map arrays by themselves.

    >>> of_one_number(np.vectorize(abs)) is abs
    True
    """
    made: Any = source
    plain = isinstance(source, np.vectorize) and not (made.signature or made.excluded)
    return made.pyfunc if plain else source


def _calls_vectorized(source: Any) -> bool:
    if not isinstance(source, FunctionType):
        return isinstance(source, np.vectorize)
    known = {**source.__globals__}
    read = [known.get(name) for name in source.__code__.co_names]
    read += [cell.cell_contents for cell in source.__closure__ or () if _is_filled(cell)]
    named = any("vectorize" in code.co_names for code in _codes(source.__code__))
    return named or any(isinstance(value, np.vectorize) for value in read)


def _assigns(source: Any) -> bool:
    """Whether a callable, or a function inside it, has a line such as z[0] = x."""
    if not isinstance(source, FunctionType):
        return False
    return any(
        instruction.opname.startswith("STORE_SUBSCR") or instruction.opname == "STORE_SLICE"
        for code in _codes(source.__code__)
        for instruction in get_instructions(code)
    )


def _codes(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _codes(constant)


def _is_filled(cell: Any) -> bool:
    try:
        return cell.cell_contents is not None
    except ValueError:  # a name of an outer function that has no value yet
        return False
