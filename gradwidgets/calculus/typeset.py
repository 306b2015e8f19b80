"""A formula as mathematics: LaTeX that matplotlib and a notebook both typeset."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from gradwidgets.calculus.formula import FUNCTIONS, Formula

_SUM, _SIGNED, _PRODUCT, _POWER, _ATOM = range(5)
_OPERATORS: dict[type[ast.operator], tuple[int, str]] = {
    ast.Add: (_SUM, " + "),
    ast.Sub: (_SUM, " - "),
    ast.Mult: (_PRODUCT, r" \, "),
    ast.Mod: (_PRODUCT, r" \; \mathrm{mod} \; "),
}
_COMPARISONS: dict[type[ast.cmpop], str] = {
    ast.Lt: "<",
    ast.LtE: r"\leq",
    ast.Gt: ">",
    ast.GtE: r"\geq",
    ast.Eq: "=",
    ast.NotEq: r"\neq",
}
_GREEK = {"alpha", "beta", "gamma", "delta", "theta", "lambda", "mu", "phi", "rho", "sigma", "tau"}
_NAMED = {"sin", "cos", "tan", "arcsin", "arccos", "arctan", "sinh", "cosh", "tanh", "exp", "ln"}
_NAMED |= {"log", "max", "min"}


def latex(formula: Formula) -> str:
    r"""The formula in LaTeX, without dollar signs.

    >>> from gradwidgets.calculus.formula import parse
    >>> latex(parse("x**2 + 10*y**2"))
    'x^{2} + 10 \\, y^{2}'
    """
    return _latex(formula.tree)[1]


def definition(name: str, variables: Sequence[str], formula: Formula) -> str:
    """“f(x, y) = …” in LaTeX."""
    return f"{name}({', '.join(symbol(v) for v in variables)}) = {latex(formula)}"


def symbol(name: str) -> str:
    """A variable's name in LaTeX: Greek by name, digits as an index."""
    letters = name.rstrip("0123456789").rstrip("_")
    index = name[len(letters) :].lstrip("_")
    if letters in _GREEK:
        letters = "\\" + letters
    elif len(letters) > 1:
        letters = rf"\mathrm{{{letters.replace('_', ' ')}}}"
    return f"{letters}_{{{index}}}" if index else letters


def _latex(node: ast.expr) -> tuple[int, str]:
    """How tightly the outermost operation binds, and the text."""
    match node:
        case ast.Constant(value=float(value)):
            return _number(value)
        case ast.Name(id=name):
            return _ATOM, r"\pi" if name == "pi" else symbol(name)
        case ast.UnaryOp(op=op, operand=operand):
            return _sign(op, operand)
        case ast.BinOp(left=left, op=op, right=right):
            return _operation(left, op, right)
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            return _SUM, f"{_latex(left)[1]} {_COMPARISONS[type(op)]} {_latex(right)[1]}"
        case ast.Call(func=ast.Name(id=name), args=arguments):
            return _POWER if name == "exp" else _ATOM, _call(name, arguments)
    raise TypeError(f"no formula holds {ast.dump(node)}")


def _sign(op: ast.unaryop, operand: ast.expr) -> tuple[int, str]:
    if isinstance(op, ast.UAdd):
        return _latex(operand)
    return _SIGNED, "-" + _inside(operand, _PRODUCT)


def _operation(left: ast.expr, op: ast.operator, right: ast.expr) -> tuple[int, str]:
    if isinstance(op, ast.Div):
        return _POWER, rf"\frac{{{_latex(left)[1]}}}{{{_latex(right)[1]}}}"
    if isinstance(op, ast.Pow):
        return _POWER, f"{_inside(left, _ATOM)}^{{{_latex(right)[1]}}}"
    level, sign = _OPERATORS[type(op)]
    if isinstance(op, ast.Mult) and _starts_with_digit(right):
        sign = r" \cdot "
    after = _inside(right, _PRODUCT if level == _SUM else _POWER)
    if isinstance(op, ast.Mult) and _latex(left)[0] == _SIGNED:
        level = _SIGNED
    return level, _inside(left, level) + sign + after


def _inside(node: ast.expr, least: int) -> str:
    level, text = _latex(node)
    return text if level >= least else rf"\left({text}\right)"


def _starts_with_digit(node: ast.expr) -> bool:
    return _latex(node)[1][:1].isdigit()


def _number(value: float) -> tuple[int, str]:
    mantissa, _, exponent = f"{value:.6g}".partition("e")
    if not exponent:
        return _ATOM, mantissa
    return _PRODUCT, rf"{mantissa} \cdot 10^{{{int(exponent)}}}"


def _call(name: str, arguments: list[ast.expr]) -> str:
    inner = [_latex(argument)[1] for argument in arguments]
    if name == "sqrt":
        return rf"\sqrt{{{inner[0]}}}"
    if name == "abs":
        return rf"\left|{inner[0]}\right|"
    if name == "exp":
        return f"e^{{{inner[0]}}}"
    assert name in FUNCTIONS
    head = f"\\{name}" if name in _NAMED else rf"\mathrm{{{name}}}"
    return rf"{head}\left({', '.join(inner)}\right)"
