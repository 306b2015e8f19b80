"""Text that a student typed becomes a safe, differentiable function, or a message that helps.

The text passes through four stages, each of which can only narrow what the next one sees::

    characters → tokens → canonical source → syntax tree → compiled function

Only numbers, variables, arithmetic and the functions of `FUNCTIONS` survive; every literal is a
float and every constant subtree is folded, so no formula can make Python compute with huge
integers or reach an attribute.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from gradwidgets.calculus.canonical import MAX_DEPTH, Source, canonical, too_deep
from gradwidgets.calculus.functions import CONSTANTS, FUNCTIONS, divide
from gradwidgets.calculus.mistakes import FormulaError, short
from gradwidgets.calculus.names import check_names
from gradwidgets.calculus.powers import fixed_base, fixed_power, free_power, integer_power
from gradwidgets.calculus.quotients import check_quotients
from gradwidgets.calculus.rewrites import rewritten
from gradwidgets.calculus.saturating import HIDDEN
from gradwidgets.calculus.tokens import tokens

__all__ = ["CONSTANTS", "FUNCTIONS", "Formula", "FormulaError", "parse"]

MAX_LENGTH = 400
MAX_NODES = 200
MAX_EXPONENT = 1000
LARGEST_PRODUCT = 8  # x**8 is still three multiplications; beyond, numpy's power is as good

EXAMPLE = "x**2 + 10*y**2"


@dataclass(frozen=True)
class Formula:
    """A parsed formula: its text, its free variables in alphabetical order, and what it computes.

    `function` takes one number or array per variable and is written with autograd's numpy.
    `size` counts the operations, a measure of cost.
    """

    text: str
    variables: tuple[str, ...]
    size: int
    tree: ast.expr = field(repr=False, compare=False)
    function: Callable[..., Any] = field(repr=False, compare=False)


# ── canonical source → syntax tree ───────────────────────────────────────────────────────────────

_ARITHMETIC: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: np.add,
    ast.Sub: np.subtract,
    ast.Mult: np.multiply,
    ast.Div: np.true_divide,
    ast.Mod: np.mod,
    ast.Pow: np.power,
}


_COMPARISONS: dict[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Lt: np.less,
    ast.LtE: np.less_equal,
    ast.Gt: np.greater,
    ast.GtE: np.greater_equal,
    ast.Eq: np.equal,
    ast.NotEq: np.not_equal,
}


class _Builder:
    """Checks a syntax tree against the whitelist and folds its constants."""

    def __init__(self, text: str, source: Source, products: bool) -> None:
        self.text = text
        self.source = source
        self.products = products
        self.variables: set[str] = set()

    def build(self, node: ast.expr) -> ast.expr:
        built = self.built(node)
        return self.at(node, rewritten(built)) if self.products else built

    def built(self, node: ast.expr) -> ast.expr:
        match node:
            case ast.Constant(value=float()):
                return node
            case ast.Name():
                return self.name(node)
            case ast.UnaryOp(op=ast.UAdd() | ast.USub()):
                return self.sign(node)
            case ast.BinOp() if type(node.op) in _ARITHMETIC:
                return self.arithmetic(node)
            case ast.Call(func=ast.Name(id=name)) if name in FUNCTIONS:
                return self.call(node, name)
            case ast.Tuple():
                raise self.error("A comma separates arguments; a decimal has a point: 0.5.", node)
            case ast.Compare():
                raise self.error("A comparison stands only first in where(x > 0, a, b).", node)
        raise self.error("This can't be read as a formula.", node)

    def name(self, node: ast.Name) -> ast.expr:
        if node.id in CONSTANTS:
            return self.constant(CONSTANTS[node.id], node)
        self.variables.add(node.id)
        return node

    def sign(self, node: ast.UnaryOp) -> ast.expr:
        operand = self.build(node.operand)
        if isinstance(node.op, ast.UAdd):
            return operand
        if isinstance(operand, ast.Constant):
            return self.constant(-self.number(operand), node)
        return self.at(node, ast.UnaryOp(ast.USub(), operand))

    def arithmetic(self, node: ast.BinOp) -> ast.expr:
        left, right = self.build(node.left), self.build(node.right)
        if isinstance(right, ast.Constant):
            self.check_right(node.op, self.number(right), node.right)
        if isinstance(left, ast.Constant) and isinstance(right, ast.Constant):
            compute = _ARITHMETIC[type(node.op)]
            return self.constant(compute(self.number(left), self.number(right)), node)
        if isinstance(node.op, ast.Pow):
            return self.power(node, left, right)
        if isinstance(node.op, ast.Div):
            return self.called(node, "_divide", left, right)
        return self.at(node, ast.BinOp(left, node.op, right))

    def check_right(self, operator: ast.operator, value: np.float64, node: ast.expr) -> None:
        if isinstance(operator, ast.Div | ast.Mod) and value == 0:
            raise self.error("This divides by zero.", node)
        if isinstance(operator, ast.Pow) and abs(value) > MAX_EXPONENT:
            raise self.error(f"The exponent is too large: at most {MAX_EXPONENT}.", node)

    def power(self, node: ast.BinOp, base: ast.expr, exponent: ast.expr) -> ast.expr:
        if isinstance(node.left, ast.Name) and node.left.id == "e":
            return self.called(node, "exp", exponent)
        small = isinstance(exponent, ast.Constant) and self.number(exponent) in _PRODUCTS
        if not self.products:
            return self.at(node, ast.BinOp(base, ast.Pow(), exponent))
        if small:
            whole = ast.Constant(int(self.number(exponent)))
            return self.called(node, "_power", base, whole)
        fixed = [isinstance(part, ast.Constant) for part in (base, exponent)]
        name = "_fixed_base" if fixed[0] else "_fixed_power" if fixed[1] else "_free_power"
        return self.called(node, name, base, exponent)

    def called(self, node: ast.expr, name: str, *arguments: ast.expr) -> ast.expr:
        return self.at(node, ast.Call(ast.Name(name, ast.Load()), list(arguments), []))

    def call(self, node: ast.Call, name: str) -> ast.expr:
        self.check_arguments(node, name)
        if name == "where":
            return self.choice(node)
        arguments = [self.build(argument) for argument in node.args]
        if all(isinstance(argument, ast.Constant) for argument in arguments):
            numbers = [self.number(argument) for argument in arguments]
            return self.constant(FUNCTIONS[name].compute(*numbers), node)
        return self.at(node, ast.Call(node.func, arguments, []))

    def check_arguments(self, node: ast.Call, name: str) -> None:
        if any(isinstance(argument, ast.Starred) for argument in node.args) or node.keywords:
            raise self.error(f"{name} takes plain arguments only.", node)
        wanted, given = FUNCTIONS[name].arity, len(node.args)
        if given != wanted:
            count = "one argument" if wanted == 1 else f"{wanted} arguments"
            base = " For another base write ln(x)/ln(2)." if name in ("log", "ln") else ""
            raise self.error(f"{name} takes {count}, and here it has {given}.{base}", node)

    def choice(self, node: ast.Call) -> ast.expr:
        """`where`; one of its branches alone if the comparison is between constants."""
        test = node.args[0]
        if not isinstance(test, ast.Compare) or len(test.ops) != 1:
            raise self.error("where needs one comparison first: where(x > 0, a, b).", test)
        left, right = self.build(test.left), self.build(test.comparators[0])
        branches = [self.build(branch) for branch in node.args[1:]]
        if isinstance(left, ast.Constant) and isinstance(right, ast.Constant):
            holds = _COMPARISONS[type(test.ops[0])](self.number(left), self.number(right))
            return branches[0] if holds else branches[1]
        condition = self.at(test, ast.Compare(left, test.ops, [right]))
        return self.at(node, ast.Call(node.func, [condition, *branches], []))

    def number(self, node: ast.expr) -> np.float64:
        assert isinstance(node, ast.Constant)
        return np.float64(node.value)  # type: ignore[arg-type]

    def constant(self, value: Any, node: ast.expr) -> ast.expr:
        if not np.isfinite(value):
            reason = "is not a real number" if np.isnan(value) else "is infinite or too large"
            raise self.error(f"{self.typed(node)} {reason}.", node)
        return self.at(node, ast.Constant(float(value)))

    def at(self, node: ast.expr, made: ast.expr) -> ast.expr:
        return ast.copy_location(made, node)

    def typed(self, node: ast.expr) -> str:
        last = (node.end_col_offset or 1) - 1
        return short(self.text[self.source.starts[node.col_offset] : self.source.ends[last]])

    def error(self, message: str, node: ast.expr) -> FormulaError:
        return FormulaError(message, self.source.starts[node.col_offset])


_PRODUCTS = {sign * n for n in range(2, LARGEST_PRODUCT + 1) for sign in (1, -1)}


def _syntax_tree(source: Source) -> ast.expr:
    try:
        tree = ast.parse(source.text, mode="eval").body
    except (SyntaxError, ValueError, MemoryError, RecursionError) as error:
        column = getattr(error, "offset", None) or 1
        position = source.starts[min(column, len(source.starts)) - 1]
        raise FormulaError("This can't be read as a formula.", position) from None
    _check_size(tree)
    return tree


def _check_size(tree: ast.expr) -> None:
    layer: list[ast.AST] = [tree]
    nodes = depth = 0
    while layer:
        nodes, depth = nodes + len(layer), depth + 1
        if depth > MAX_DEPTH:
            raise too_deep(None)
        if nodes > MAX_NODES:
            raise FormulaError(f"The formula is too long: at most {MAX_NODES} parts.")
        layer = [child for node in layer for child in _operands(node)]


def _operands(node: ast.AST) -> Iterator[ast.AST]:
    return (child for child in ast.iter_child_nodes(node) if isinstance(child, ast.expr))


# ── syntax tree → function ───────────────────────────────────────────────────────────────────────


def _compile(body: ast.expr, variables: tuple[str, ...]) -> Callable[..., Any]:
    arguments = ast.arguments(
        posonlyargs=[ast.arg(name) for name in variables],
        args=[],
        kwonlyargs=[],
        kw_defaults=[],
        defaults=[],
    )
    tree = ast.Expression(ast.Lambda(arguments, body))
    code = compile(ast.fix_missing_locations(tree), "<formula>", "eval")
    namespace: dict[str, Any] = {name: entry.compute for name, entry in FUNCTIONS.items()}
    namespace |= {**HIDDEN, "_power": integer_power, "_divide": divide, "__builtins__": {}}
    namespace |= {f"_{power.__name__}": power for power in (fixed_base, fixed_power, free_power)}
    function: Callable[..., Any] = eval(code, namespace)
    return function


def parse(text: str, *, products: bool = True, given: Collection[str] = ()) -> Formula:
    """Turn text into a `Formula`.

    Letters side by side are never a name by accident: xy and xe^x are refused, with x*y and x*e
    as what to write. Names of one's own are words such as rate, Greek letters' names, a letter
    with a number (w1), and what holds an underscore (x_max); see `names`.

    Args:
        text: what was typed.
        products: compute small powers as products, and what would lose its digits as `rewrites`;
            otherwise every operation is done as it is written, to be looked at.
        given: names that are meant, whatever could be read in them.

    Raises:
        FormulaError: with a message for the person who typed the text.

    >>> formula = parse("2x + sin(π*y)^2")
    >>> formula.variables
    ('x', 'y')
    >>> float(formula.function(1.0, 0.5))
    3.0
    """
    if not isinstance(text, str):
        raise TypeError(f"a formula is text, not {type(text).__name__}")
    if len(text) > MAX_LENGTH:
        raise FormulaError(f"The formula is too long: at most {MAX_LENGTH} characters.", MAX_LENGTH)
    found = tokens(text)
    if not found:
        raise FormulaError(f"Type a formula, for example {EXAMPLE}.", 0)
    check_names(found, given)
    source = canonical(found, text)
    check_quotients(found, text)
    tree = _syntax_tree(source)
    builder = _Builder(text, source, products)
    with np.errstate(all="ignore"):
        body = builder.build(tree)
    variables = tuple(sorted(builder.variables))
    size = sum(isinstance(node, ast.expr) for node in ast.walk(body))
    return Formula(text.strip(), variables, size, tree, _compile(body, variables))
