"""Which formulas are smooth without a question: there no picture needs to look for kinks."""

from __future__ import annotations

import ast

from gradwidgets.calculus.functions import CONSTANTS

WHEREVER_DEFINED = {"exp", "sin", "cos", "tan", "sinh", "cosh", "tanh", "ln", "log", "sigmoid"}
EVERYWHERE = {"exp", "sin", "cos"}
HIGHEST = 9  # power: where one overflows, f may still be a number


def is_smooth_wherever_defined(tree: ast.AST) -> bool:
    """Whether a formula has no operation that has kinks.

    >>> [is_smooth_wherever_defined(ast.parse(text)) for text in ("x**2 + exp(y)", "abs(x*y)")]
    [True, False]
    """
    parts = list(ast.walk(tree))
    powers = [
        part for part in parts if isinstance(part, ast.BinOp) and isinstance(part.op, ast.Pow)
    ]
    whole = all(_whole(power.right) is not None for power in powers)
    no_mod = not any(isinstance(part, ast.Mod) for part in parts)
    return _called(tree) <= WHEREVER_DEFINED and whole and no_mod


def is_smooth_everywhere(tree: ast.expr) -> bool:
    """Whether a formula is made of polynomials, sin, cos and exp, so that autograd is always right.

    Not of exp of exp or of high powers: 0 times infinity is no slope, where f is still a number.

    >>> texts = ("(1 - x)**2 + x*y/3", "exp(-x**2)*sin(y)", "1/x", "exp(-exp(x))", "exp(-x**200)")
    >>> [is_smooth_everywhere(ast.parse(text, mode="eval").body) for text in texts]
    [True, True, False, False, False]
    """
    match tree:
        case ast.Constant() | ast.Name():
            return True
        case ast.UnaryOp():
            return is_smooth_everywhere(tree.operand)
        case ast.BinOp(op=ast.Add() | ast.Sub() | ast.Mult()):
            return is_smooth_everywhere(tree.left) and is_smooth_everywhere(tree.right)
        case ast.BinOp(op=ast.Div()):
            return is_smooth_everywhere(tree.left) and _is_constant(tree.right)
        case ast.BinOp(op=ast.Pow()):
            return is_smooth_everywhere(tree.left) and 0 < (_whole(tree.right) or 0) <= HIGHEST
        case ast.Call(func=ast.Name(id=name), args=[argument]) if name in EVERYWHERE:
            return is_smooth_everywhere(argument) and "exp" not in _called(argument)
    return False


def _called(tree: ast.AST) -> set[str]:
    """The names of the functions that a formula calls."""
    calls = (part.func for part in ast.walk(tree) if isinstance(part, ast.Call))
    return {function.id for function in calls if isinstance(function, ast.Name)}


def _whole(exponent: ast.expr) -> float | None:
    """An exponent that is a whole number."""
    value = exponent.value if isinstance(exponent, ast.Constant) else None
    return value if isinstance(value, int | float) and value % 1 == 0 else None


def _is_constant(tree: ast.expr) -> bool:
    names = {part.id for part in ast.walk(tree) if isinstance(part, ast.Name)}
    return names <= set(CONSTANTS) | _called(tree)
