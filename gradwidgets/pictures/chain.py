"""The chain rule in words: what an operation is called in a graph, and its local derivatives.

The rules are told, not used: every number beside them is autograd's. Source: Griewank & Walther
(2008), *Evaluating Derivatives*, table 3.1.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

# By operation and number of operands: the operation, and its derivative w.r.t. each operand, all of
# them formulas in u, v and, where there are three operands, a truth c in front.
RULES: dict[tuple[str, int], tuple[str, ...]] = {
    ("+", 2): ("u + v", "1", "1"),
    ("−", 2): ("u - v", "1", "-1"),
    ("−", 1): ("-u", "-1"),
    ("×", 2): ("u*v", "v", "u"),
    ("÷", 2): ("u/v", "1/v", "-u/v**2"),
    ("^", 2): ("u**v", "v*u**(v - 1)", "u**v*log(u)"),
    ("remainder", 2): ("u % v", "1", "-floor(u/v)"),
    ("sin", 1): ("sin(u)", "cos(u)"),
    ("cos", 1): ("cos(u)", "-sin(u)"),
    ("tan", 1): ("tan(u)", "1/cos(u)**2"),
    ("arcsin", 1): ("arcsin(u)", "1/sqrt(1 - u**2)"),
    ("arccos", 1): ("arccos(u)", "-1/sqrt(1 - u**2)"),
    ("arctan", 1): ("arctan(u)", "1/(1 + u**2)"),
    ("arctan2", 2): ("atan2(u, v)", "v/(u**2 + v**2)", "-u/(u**2 + v**2)"),
    ("sinh", 1): ("sinh(u)", "cosh(u)"),
    ("cosh", 1): ("cosh(u)", "sinh(u)"),
    ("tanh", 1): ("tanh(u)", "1 - tanh(u)**2"),
    ("arcsinh", 1): ("arcsinh(u)", "1/sqrt(u**2 + 1)"),
    ("arccosh", 1): ("arccosh(u)", "1/sqrt(u**2 - 1)"),
    ("arctanh", 1): ("arctanh(u)", "1/(1 - u**2)"),
    ("exp", 1): ("exp(u)", "exp(u)"),
    ("expm1", 1): ("expm1(u)", "exp(u)"),
    ("log", 1): ("log(u)", "1/u"),
    ("log1p", 1): ("log1p(u)", "1/(1 + u)"),
    ("log2", 1): ("log2(u)", "1/(u*log(2))"),
    ("log10", 1): ("log10(u)", "1/(u*log(10))"),
    ("sqrt", 1): ("sqrt(u)", "1/(2*sqrt(u))"),
    ("abs", 1): ("abs(u)", "sign(u)"),
    ("max", 2): ("max(u, v)", "where(u > v, 1, 0)", "where(v > u, 1, 0)"),
    ("min", 2): ("min(u, v)", "where(u < v, 1, 0)", "where(v < u, 1, 0)"),
    ("logaddexp", 2): (
        "log(exp(u) + exp(v))",
        "exp(u)/(exp(u) + exp(v))",
        "exp(v)/(exp(u) + exp(v))",
    ),
    ("where", 3): ("where(c, u, v)", "0", "where(c, 1, 0)", "where(c, 0, 1)"),
}
OPERANDS = {1: ("u",), 2: ("u", "v"), 3: ("c", "u", "v")}
_PRETTY = (
    (r"where\(([^,]+), 1, 0\)", r"1 if \1, else 0"),
    (r"where\(([^,]+), 0, 1\)", r"0 if \1, else 1"),
    (r"\*\*2", "²"),
    (r"\*\*", "^"),
    (r"\*", "·"),
    (r"-", "−"),
    (r"sqrt\(", "√("),
    (r"%", "mod"),
)
INFIX = ("+", "−", "×", "÷", "^", "@", "·")


def local_rule(operation: str, count: int, place: int) -> str:
    """The derivative of an operation with respect to one of its `count` operands, as mathematics.

    >>> local_rule("×", 2, 0), local_rule("tanh", 1, 0)
    ('∂(u·v)/∂u = v', '∂(tanh(u))/∂u = 1 − tanh(u)²')
    """
    if (operation, count) not in RULES:
        return f"autograd's rule for {operation}"
    whole, *parts = RULES[operation, count]
    return f"∂({_pretty(whole)})/∂{OPERANDS[count][place]} = {_pretty(parts[place])}"


def _pretty(formula: str) -> str:
    for pattern, replacement in _PRETTY:
        formula = re.sub(pattern, replacement, formula)
    return formula


def applied(operation: str, operands: Sequence[str]) -> str:
    """An operation on operands, as mathematics.

    >>> applied("×", ["w", "x"]), applied("tanh", ["z"]), applied("−", ["z"])
    ('w × x', 'tanh(z)', '−z')
    """
    if operation in INFIX and len(operands) == 2:
        return f"{operands[0]} {operation} {operands[1]}"
    if operation in INFIX:
        return f"{operation}{operands[0]}"
    return f"{operation}({', '.join(operands)})"


def symbol(operation: str, literal: str = "", place: int = 1) -> str:
    """What stands in an operation's node; a plain number among its operands stands with it.

    >>> symbol("tanh"), symbol("^", "2"), symbol("−", "1", 0), symbol("max", "0")
    ('tanh', '^2', '1−', 'max 0')
    """
    if not literal:
        return operation
    if operation in INFIX:
        return f"{literal}{operation}" if place == 0 else f"{operation}{literal}"
    return f"{operation} {literal}"
