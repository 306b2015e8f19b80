"""The table of operations: all that a program may do, with its spelling in every language."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from gradwidgets.calculus.program import kernels, rounds


@dataclass(frozen=True)
class Operation:
    """A row of the table. Values are float64, or truths: 1 and 0 wherever they are computed with.

    `numpy` takes the arguments, and the attributes as keywords. `python` is the spelling on
    numbers, "" where numpy itself is called. `javascript` is an expression of one element of each
    argument; it may use `Math` and `HELPERS`, and "" means that a kernel of the row's name must
    know the shapes. `reader` is what people read, where that is neither `python` nor a call.
    `truth` tells that the result is always one of logic, `moves` that its elements are those of
    the arguments, `shaped` that numpy is told the result's shape, too.
    """

    name: str
    numpy: Callable[..., Any]
    python: str = ""
    javascript: str = ""
    reader: str = ""
    truth: bool = False
    moves: bool = False
    shaped: bool = False

    @property
    def elementwise(self) -> bool:
        """Whether it goes element by element, with broadcasting."""
        return bool(self.javascript)

    def extra(self, shape: tuple[int, ...] | None) -> dict[str, Any]:
        """What numpy is told beside arguments and attributes."""
        return {"shape": shape or ()} if self.shaped else {}


def _infix(name: str, sign: str) -> Operation:
    both = f"{{0}} {sign} {{1}}"
    return Operation(name, getattr(np, name), both, both)


def _compared(name: str, sign: str, strict: str = "") -> Operation:
    there = f"({{0}} {strict or sign} {{1}} ? 1 : 0)"
    return Operation(name, getattr(np, name), f"{{0}} {sign} {{1}}", there, truth=True)


def _function(name: str, python: str = "", javascript: str = "") -> Operation:
    """Of one argument: called in Python and JavaScript by these names, or by numpy's."""
    there = f"Math.{javascript or python or name}({{0}})"
    return Operation(name, getattr(np, name), f"{python or name}({{0}})", there)


def _helped(name: str, arity: int, python: str = "") -> Operation:
    """With a helper of its name in JavaScript."""
    places = ", ".join(f"{{{place}}}" for place in range(arity))
    return Operation(name, getattr(np, name), python, f"{name}({places})")


ELEMENTWISE = (
    _infix("add", "+"),
    _infix("subtract", "-"),
    _infix("multiply", "*"),
    _infix("divide", "/"),
    Operation("negative", np.negative, "-{0}", "-{0}"),
    Operation("reciprocal", np.reciprocal, "1.0 / {0}", "1 / {0}"),
    Operation("square", np.square, "{0} * {0}", "{0} * {0}"),
    _helped("power", 2, "pow({0}, {1})"),
    _helped("remainder", 2, "{0} % {1}"),
    Operation("fmod", np.fmod, "fmod({0}, {1})", "{0} % {1}"),
    _helped("floor_divide", 2),
    Operation("absolute", np.absolute, "abs({0})", "Math.abs({0})"),
    Operation("sign", np.sign, "sign({0})", "(Math.sign({0}) + 0)"),
    Operation("copysign", np.copysign, "copysign({0}, {1})", "copysign({0}, {1})"),
    Operation("floor", np.floor, "floor({0})", "Math.floor({0})"),
    Operation("ceil", np.ceil, "ceil({0})", "Math.ceil({0})"),
    Operation("trunc", np.trunc, "", "Math.trunc({0})"),
    _helped("rint", 1),
    Operation("maximum", np.maximum, "maximum({0}, {1})", "Math.max({0}, {1})"),
    Operation("minimum", np.minimum, "minimum({0}, {1})", "Math.min({0}, {1})"),
    _helped("fmax", 2),
    _helped("fmin", 2),
    _function("sqrt"),
    Operation("cbrt", np.cbrt, "", "Math.cbrt({0})"),
    *(_function(name) for name in ("exp", "expm1", "log", "log1p", "log2", "log10")),
    Operation("exp2", np.exp2, "pow(2.0, {0})", "2 ** {0}"),
    *(_function(name) for name in ("sin", "cos", "tan", "sinh", "cosh", "tanh")),
    *(_function(f"arc{name}", f"a{name}") for name in ("sin", "cos", "tan")),
    *(_function(f"arc{name}", f"a{name}") for name in ("sinh", "cosh", "tanh")),
    Operation("arctan2", np.arctan2, "atan2({0}, {1})", "Math.atan2({0}, {1})"),
    Operation("hypot", np.hypot, "hypot({0}, {1})", "hypot({0}, {1})"),
    _helped("logaddexp", 2),
    _helped("logaddexp2", 2),
    _helped("sinc", 1),
    _helped("heaviside", 2),
    Operation("deg2rad", np.deg2rad, "", "{0} * (Math.PI / 180)"),
    Operation("rad2deg", np.rad2deg, "", "{0} * (180 / Math.PI)"),
    Operation("nan_to_num", np.nan_to_num, "", "nan_to_num({0})"),
    _compared("greater", ">"),
    _compared("greater_equal", ">="),
    _compared("less", "<"),
    _compared("less_equal", "<="),
    _compared("equal", "==", "==="),
    _compared("not_equal", "!=", "!=="),
    Operation("isfinite", np.isfinite, "isfinite({0})", "+Number.isFinite({0})", truth=True),
    Operation("isnan", np.isnan, "isnan({0})", "+Number.isNaN({0})", truth=True),
    Operation("isinf", np.isinf, "isinf({0})", "+(Math.abs({0}) === Infinity)", truth=True),
    Operation("signbit", np.signbit, "", "+({0} < 0 || Object.is({0}, -0))", truth=True),
    # The arguments of logic are truths: recording compares other numbers with 0 first.
    Operation("logical_and", np.logical_and, "{0} and {1}", "{0} * {1}", truth=True),
    Operation("logical_or", np.logical_or, "{0} or {1}", "Math.max({0}, {1})", truth=True),
    Operation("logical_xor", np.logical_xor, "", "+({0} !== {1})", truth=True),
    Operation("logical_not", np.logical_not, "not {0}", "1 - {0}", truth=True),
    Operation("where", np.where, "{1} if {0} else {2}", "({0} !== 0 ? {1} : {2})"),
)

# In JavaScript, what neither an operator nor `Math` does as numpy does it.
HELPERS = {
    "power": "(a, b) => (a === 1 || (a === -1 && Math.abs(b) === Infinity) ? 1 : a ** b)",
    "remainder": (
        "(a, b) => { const rest = a % b; "
        "if (rest === 0) return b < 0 || Object.is(b, -0) ? -0 : 0; "
        "return rest < 0 !== b < 0 ? rest + b : rest; }"
    ),
    "floor_divide": (
        "(a, b) => { if (b === 0) return a / b; const rest = a % b; "
        "let share = (a - rest) / b; if (rest !== 0 && rest < 0 !== b < 0) share -= 1; "
        "if (share === 0) return a / b < 0 || Object.is(a / b, -0) ? -0 : 0; "
        "const whole = Math.floor(share); return share - whole > 0.5 ? whole + 1 : whole; }"
    ),
    "copysign": (
        "(a, b) => (b < 0 || Object.is(b, -0) ? -Math.abs(a) : Math.abs(a))"  # NaN has no sign
    ),
    "rint": (
        "(a) => { const whole = Math.floor(a), rest = a - whole; "
        "if (!(rest >= 0.5)) return whole; "
        "const up = whole + 1 === 0 ? -0 : whole + 1; "
        "return rest > 0.5 || whole % 2 !== 0 ? up : whole; }"
    ),
    "fmax": "(a, b) => (Number.isNaN(a) ? b : Number.isNaN(b) ? a : Math.max(a, b))",
    "fmin": "(a, b) => (Number.isNaN(a) ? b : Number.isNaN(b) ? a : Math.min(a, b))",
    "hypot": (  # Math.hypot is wrong by up to 1.7 units in the last place, and slow
        "(a, b) => { if (Math.abs(a) === Infinity || Math.abs(b) === Infinity) return Infinity; "
        "const x = Math.max(Math.abs(a), Math.abs(b)), y = Math.min(Math.abs(a), Math.abs(b)); "
        "if (!(y > 1e-17 * x)) return x + y; "
        "const unit = x > 1e150 ? 2 ** 600 : x < 1e-130 ? 2 ** -600 : 1; "
        "const u = x / unit, v = y / unit; "
        "const h = Math.sqrt(u * u + v * v), near = h <= 2 * v, d = near ? h - v : h - u; "
        "const over = near ? u * (2 * d - u) + (d - 2 * (u - v)) * d "
        ": 2 * d * (u - 2 * v) + (4 * d - v) * v + d * d; "
        "return unit * (h - over / (2 * h)); }"
    ),
    "logaddexp": (
        "(a, b) => (a === b ? a + Math.LN2 : "
        "Math.max(a, b) + Math.log1p(Math.exp(-Math.abs(a - b))))"
    ),
    "logaddexp2": (
        "(a, b) => (a === b ? a + 1 : "
        "Math.max(a, b) + Math.LOG2E * Math.log1p(2 ** -Math.abs(a - b)))"
    ),
    "sinc": "(a) => { const t = Math.PI * (a === 0 ? 1e-20 : a); return Math.sin(t) / t; }",
    "heaviside": "(a, b) => (Number.isNaN(a) ? NaN : a === 0 ? b : a < 0 ? 0 : 1)",
    "nan_to_num": (
        "(a) => (Number.isNaN(a) ? 0 : Math.max(-Number.MAX_VALUE, Math.min(a, Number.MAX_VALUE)))"
    ),
}

# Attributes stand behind the names. `axis` is null for all axes; `index` has for every axis a
# place, or start, stop and step as in a range, and null for a new axis.
SHAPED = (
    Operation("sum", kernels.sum),  # axis, keepdims; truths are counted
    Operation("prod", kernels.prod),  # axis, keepdims
    Operation("max", kernels.max, moves=True),  # axis, keepdims; NaN wins
    Operation("min", kernels.min, moves=True),  # axis, keepdims; NaN wins
    Operation("any", np.any, truth=True),  # axis, keepdims; NaN is true
    Operation("all", np.all, truth=True),  # axis, keepdims; NaN is true
    Operation("cumsum", kernels.cumsum),  # axis: a place
    Operation("reshape", kernels.reshape, moves=True, shaped=True),
    Operation("transpose", kernels.transpose, moves=True),  # axes
    Operation("broadcast_to", kernels.broadcast_to, moves=True, shaped=True),
    Operation("take", kernels.take, reader="{0}[{index}]", moves=True),  # index
    Operation("put", kernels.put, shaped=True),  # index: zeros, and there the argument
    Operation("gather", kernels.gather, moves=True),  # second: places in ravel(first), −1 is 0
    Operation("scatter", kernels.scatter, shaped=True),  # the first, added to zeros at places
    Operation("pick", kernels.pick),  # along the first axis, at a place that is computed
    Operation("call", kernels.called),  # body: a program that gives numbers, in one array
    Operation("call_if", kernels.called_if),  # the same where the first holds, else NaN
    Operation("scan", rounds.scanned),  # body, handed, own, capacity: a row for every round
    Operation("repeat", rounds.repeated),  # body, handed, capacity: what the last round hands on
    Operation("stack", kernels.stack, reader="array([{all}])", moves=True),  # along a new first
    Operation("concatenate", kernels.concatenate, moves=True),  # axis: a place
    Operation("einsum", kernels.einsum),  # subscripts, without "…", with "->"
    Operation("solve", np.linalg.solve),  # one matrix, a vector or a matrix
    Operation("inv", np.linalg.inv),  # one matrix
    Operation("det", np.linalg.det),  # one matrix
)

OPERATIONS: dict[str, Operation] = {row.name: row for row in (*ELEMENTWISE, *SHAPED)}
