"""How a callable is written in a line of Python: by its name, by its source, or not at all."""

from __future__ import annotations

import ast
import dis
import inspect
from collections.abc import Callable, Iterator
from types import CodeType, FunctionType
from typing import Any

from gradwidgets.calculus.callables import text_of


def spelled(function: Callable[..., Any]) -> str | None:
    """A def's name, a lambda's source, or None where a line can't say it.

    A lambda's source is given only if it makes the same function wherever its globals are known:
    nothing enclosed, and no default but literals.

    >>> spelled(ast.unparse), spelled(ast.NodeVisitor().visit)
    ('unparse', None)
    """
    if not isinstance(function, FunctionType):
        return None
    if function.__name__ != "<lambda>":
        return function.__name__ if function.__name__.isidentifier() else None
    found = {text for text in _lambdas(function) if _makes(text, function)}
    return found.pop() if len(found) == 1 else None


def written(function: Callable[..., Any], variables: tuple[str, ...]) -> tuple[str, str]:
    """What stands for a callable in a line of Python, and a line that must go before, or "".

    >>> written(ast.NodeVisitor().visit, ("x", "y"))
    ('visit', 'visit = ...  # your own function of x, y')
    """
    known = spelled(function)
    if known is not None:
        return known, ""
    name = text_of(function)
    return name, f"{name} = ...  # your own function of {', '.join(variables)}"


def _lambdas(function: FunctionType) -> Iterator[str]:
    """All lambdas that begin on the line on which a function does, each on one line."""
    try:
        text = "".join(inspect.findsource(function)[0])
        tree = ast.parse(text)
    except (OSError, SyntaxError):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Lambda) and node.lineno == function.__code__.co_firstlineno:
            written = ast.get_source_segment(text, node) or ""
            yield written if node.lineno == node.end_lineno else ast.unparse(node)


def _makes(text: str, function: FunctionType) -> bool:
    """Whether text makes the function again."""
    (code,) = (c for c in compile(text, "", "eval").co_consts if isinstance(c, CodeType))
    tree = ast.parse(text, mode="eval").body
    assert isinstance(tree, ast.Lambda)
    try:
        defaults = tuple(map(ast.literal_eval, tree.args.defaults)) or None
        named = [part and ast.literal_eval(part) for part in tree.args.kw_defaults]
    except ValueError:
        return False
    known = function.__kwdefaults__ or {}
    names = [argument.arg for argument in tree.args.kwonlyargs]
    same_defaults = repr(defaults) == repr(function.__defaults__) and repr(named) == repr(
        [known.get(name) for name in names]
    )
    return same_defaults and not function.__closure__ and _alike(code, function.__code__)


def _alike(one: CodeType, other: CodeType) -> bool:
    """Whether two codes do the same, wherever they stand."""
    parts = [(code.co_names, code.co_varnames, _operations(code)) for code in (one, other)]
    if parts[0] != parts[1] or len(one.co_consts) != len(other.co_consts):
        return False
    return all(
        _alike(a, b)
        if isinstance(a, CodeType) and isinstance(b, CodeType)
        else (type(a), repr(a)) == (type(b), repr(b))
        for a, b in zip(one.co_consts, other.co_consts, strict=True)
    )


# Beside an import, Python compiles the call of a module's function in another way than elsewhere.
_OF_CALLS = {"PUSH_NULL", "PRECALL", "CALL", "CALL_METHOD", "CALL_FUNCTION", "CACHE", "NOP"}


def _operations(code: CodeType) -> list[str]:
    names = (step.opname for step in dis.get_instructions(code))
    return [name.replace("LOAD_METHOD", "LOAD_ATTR") for name in names if name not in _OF_CALLS]
