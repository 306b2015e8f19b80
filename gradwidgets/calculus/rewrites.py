"""What a typed formula is computed as where its own operations would lose all digits far out.

Compositions in which a part saturates or overflows, as ln(1 + exp(x)) does, are found in the
syntax tree by the table below, from the inside out. In it u and v stand for anything; a sum is
found in either order and with either sign, and a function by any of its names. What a formula
must show by its own operations, as on a tape, is left as it is typed.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import TypeAlias

from gradwidgets.calculus.functions import FUNCTIONS

Bound: TypeAlias = Mapping[str, ast.expr]

_LOGARITHMS = {  # of what, as what
    "sigmoid(u)": "-softplus(-u)",
    "softplus(u)": "_log_softplus(u)",
    "1.0 + exp(u)": "softplus(u)",
    "exp(u) + exp(v)": "_log_sum(u, v)",
    "exp(u) + exp(-u)": f"{math.log(2.0)!r} + _log_cosh(u)",
    "exp(u)": "u",
    "cosh(u)": "_log_cosh(u)",
    "sinh(u)": "_log_sinh(u)",
    "tanh(u)": "_log_tanh(u)",
    "_one_plus_tanh(u)": "_log_one_plus_tanh(u)",
    "_sech(u)": "-_log_cosh(u)",
    "_csch(u)": "-_log_sinh(u)",
    "_sech_square(u)": "-2.0 * _log_cosh(u)",
}
_TABLE = {
    "1.0 - sigmoid(u)": "sigmoid(-u)",
    "1.0 + tanh(u)": "_one_plus_tanh(u)",
    "1.0 - tanh(u)": "_one_plus_tanh(-u)",
    "1.0 - _power(tanh(u), 2)": "_sech_square(u)",
    "1.0 - tanh(u) * tanh(u)": "_sech_square(u)",
    "_divide(1.0, cosh(u))": "_sech(u)",
    "_divide(1.0, _power(cosh(u), 2))": "_sech_square(u)",
    "_divide(1.0, sinh(u))": "_csch(u)",
    "_divide(1.0, 1.0 + exp(u))": "sigmoid(-u)",
    "_divide(exp(u), 1.0 + exp(u))": "sigmoid(u)",
    "softplus(u) - u": "softplus(-u)",
    "softplus(-u) + u": "softplus(u)",
    "log1p(exp(u))": "softplus(u)",
    **{f"log({of})": made for of, made in _LOGARITHMS.items()},
    **{f"log2({of})": f"({made}) * {math.log2(math.e)!r}" for of, made in _LOGARITHMS.items()},
    **{f"log10({of})": f"({made}) * {math.log10(math.e)!r}" for of, made in _LOGARITHMS.items()},
}


def _parsed(text: str) -> ast.expr:
    return ast.parse(text, mode="eval").body


_NAMES = {entry.compute: name for name, entry in reversed(FUNCTIONS.items())}
_HOLES = ("u", "v")


def rewritten(node: ast.expr) -> ast.expr:
    """The same number, computed without loss; the node itself where no row of the table fits.

    >>> ast.unparse(rewritten(_parsed("tanh(2*x) - 1.0")))
    '-_one_plus_tanh(-(2 * x))'
    """
    for pattern, made in _ROWS.get(_head(node), ()):
        for found in _bindings(pattern, node, {}):
            return _filled(made, found)
        if _head(node) == "+":
            for found in _bindings(pattern, _negated(node), {}):
                return _minus(_filled(made, found))
    return node


def _head(node: ast.expr) -> str:
    """What a node is: a sum, or a call of which function."""
    match node:
        case ast.BinOp(op=ast.Add() | ast.Sub()):
            return "+"
        case ast.Call():
            return _name(node)
    return ""


def _filled(made: ast.expr, found: Bound) -> ast.expr:
    node: ast.expr = _Filled(found).visit(deepcopy(made))
    return node


class _Filled(ast.NodeTransformer):
    """A row's result with what its letters stand for."""

    def __init__(self, found: Bound) -> None:
        self.found = found

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return self.found.get(node.id, node)

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.expr:
        return _minus(self.visit(node.operand))


# ── patterns ─────────────────────────────────────────────────────────────────────────────────────


def _bindings(pattern: ast.expr, node: ast.expr, found: Bound) -> Iterator[Bound]:
    """All ways in which a node fits a pattern: what its letters then stand for."""
    match pattern, node:
        case ast.Name(id=hole), _ if hole in _HOLES:
            if hole not in found or _is_same(found[hole], node):
                yield {**found, hole: node}
        case ast.UnaryOp(), _ if _sign(node) < 0:
            yield from _bindings(_size(pattern), _size(node), found)
        case ast.Constant(value=wanted), ast.Constant(value=value) if wanted == value:
            yield found
        case ast.Call(), ast.Call() if _name(pattern) == _name(node):
            yield from _all_of(pattern.args, node.args, found)
        case ast.BinOp(op=ast.Mult()), ast.BinOp(op=ast.Mult()):
            yield from _all_of([pattern.left, pattern.right], [node.left, node.right], found)
        case ast.BinOp(), ast.BinOp() if _head(pattern) == _head(node) == "+":
            yield from _sum_bindings(_terms(pattern), _terms(node), found)


def _sum_bindings(patterns: list[ast.expr], terms: list[ast.expr], found: Bound) -> Iterator[Bound]:
    signs = [_sign(pattern) for pattern in patterns]
    for order in (terms, terms[::-1]):
        if [_sign(term) for term in order] == signs:
            yield from _all_of([*map(_size, patterns)], [*map(_size, order)], found)


def _all_of(patterns: list[ast.expr], nodes: list[ast.expr], found: Bound) -> Iterator[Bound]:
    if not patterns:
        yield found
        return
    for first in _bindings(patterns[0], nodes[0], found):
        yield from _all_of(patterns[1:], nodes[1:], first)


def _is_same(one: ast.expr, other: ast.expr) -> bool:
    return ast.dump(one) == ast.dump(other)


def _name(call: ast.Call) -> str:
    assert isinstance(call.func, ast.Name)
    name = call.func.id
    return _NAMES[FUNCTIONS[name].compute] if name in FUNCTIONS else name


# ── signs ────────────────────────────────────────────────────────────────────────────────────────


def _terms(node: ast.BinOp) -> list[ast.expr]:
    return [node.left, _minus(node.right) if isinstance(node.op, ast.Sub) else node.right]


def _negated(node: ast.expr) -> ast.BinOp:
    assert isinstance(node, ast.BinOp)
    left, right = map(_minus, _terms(node))
    return ast.BinOp(left, ast.Add(), right)


def _minus(node: ast.expr) -> ast.expr:
    if _sign(node) < 0:
        return _size(node)
    if isinstance(node, ast.Constant):
        return ast.Constant(-float(node.value))  # type: ignore[arg-type]
    return ast.UnaryOp(ast.USub(), node)


def _sign(node: ast.expr) -> int:
    return -1 if _size(node) is not node else 1


def _size(node: ast.expr) -> ast.expr:
    """What stands behind a minus."""
    match node:
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return operand
        case ast.Constant(value=float(value)) if value < 0:
            return ast.Constant(-value)
    return node


_ROWS: dict[str, list[tuple[ast.expr, ast.expr]]] = {}
for _of, _made in sorted(_TABLE.items(), key=lambda row: -len(row[0])):  # the most exact first
    _ROWS.setdefault(_head(_parsed(_of)), []).append((_parsed(_of), _parsed(_made)))
