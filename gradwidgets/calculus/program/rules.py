"""How each primitive of autograd is written with the operations of the table.

A rule takes the draft and a call, whose boxed arguments are already what they stand for: a slot, a
constant, a container of such, or something sparse. It returns what the result stands for.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
from autograd import builtins
from autograd.core import VSpace
from autograd.numpy import numpy_vjps, numpy_wrapper

from gradwidgets.calculus.autograd_changes import sparse_sum
from gradwidgets.calculus.program import axes, kernels, moves, products, rounds
from gradwidgets.calculus.program.draft import (
    Call,
    Draft,
    Rule,
    Sparse,
    TracingError,
    along,
    constant,
    named_by,
    refuse,
    shape_of,
)
from gradwidgets.calculus.program.moves import spread
from gradwidgets.calculus.program.operations import ELEMENTWISE

# ── element by element ───────────────────────────────────────────────────────────────────────────

_OF_TRUTHS = {  # what numpy does where all arguments are truths
    **dict.fromkeys(("add", "maximum", "fmax", "bitwise_or"), "logical_or"),
    **dict.fromkeys(("multiply", "minimum", "fmin", "bitwise_and"), "logical_and"),
    "bitwise_xor": "logical_xor",
    "invert": "logical_not",
}
_LOGIC = {"logical_and", "logical_or", "logical_xor", "logical_not"}


def _elementwise(name: str, draft: Draft, call: Call) -> Any:
    refuse(call, call.keywords)
    arguments, shape = tuple(map(constant, call.arguments)), shape_of(call.value)
    if getattr(call.value, "dtype", None) == np.bool_:
        name = _OF_TRUTHS.get(name, name)
    if name in _LOGIC:
        arguments = tuple(map(partial(_as_truth, draft), arguments))
    if name == "absolute" and draft.truth(arguments[0]):
        return arguments[0]
    return draft.emit(name, *arguments, shape=shape)


def _as_truth(draft: Draft, value: Any) -> Any:
    if draft.truth(value):
        return value
    return draft.emit("not_equal", value, 0.0, shape=draft.shape(value))


def _where(draft: Draft, call: Call) -> Any:
    if len(call.arguments) + len(call.keywords) < 3:
        raise TracingError("the shape of what it computes depends on values")
    found = call.named("condition x y")
    parts = [constant(found[name]) for name in ("condition", "x", "y")]
    return draft.emit("where", *parts, shape=shape_of(call.value))


def _clip(draft: Draft, call: Call) -> Any:
    found = call.named("a a_min a_max")
    result = constant(found.pop("a"))
    for end, operation in (("min", "maximum"), ("max", "minimum")):
        bound = found.pop(f"a_{end}", found.pop(end, None))
        if bound is not None:
            shape = np.broadcast_shapes(draft.shape(result), draft.shape(bound))
            result = draft.emit(operation, result, constant(bound), shape=shape)
    refuse(call, found)
    return result


def _rounded(draft: Draft, call: Call) -> Any:
    found = call.named("a decimals")
    value, scale = constant(found.pop("a")), 10.0 ** found.pop("decimals", 0)
    refuse(call, found)
    shape = draft.shape(value)
    if scale == 1.0:
        return draft.emit("rint", value, shape=shape)
    scaled = draft.emit("rint", draft.emit("multiply", value, scale, shape=shape), shape=shape)
    return draft.emit("divide", scaled, scale, shape=shape)


def _same(draft: Draft, call: Call) -> Any:
    return call.arguments[0]


def _fixed(draft: Draft, call: Call) -> Any:
    """What depends on the shape alone."""
    return constant(call.value)


def _cast(draft: Draft, call: Call) -> Any:
    value, kind = call.arguments[0], call.value.dtype.kind
    if kind == "b":
        return _as_truth(draft, value)
    return draft.emit("trunc", value, shape=draft.shape(value)) if kind in "iu" else value


def _pick(draft: Draft, call: Call) -> Any:
    return draft.emit("pick", *map(constant, call.arguments), shape=shape_of(call.value))


def _call(draft: Draft, call: Call) -> Any:
    body, when, *numbers = call.arguments[0], *map(constant, call.arguments[1:])
    if not body.gives_numbers:
        raise TracingError("a program that gives arrays can't be a step of another")
    if when is True:
        return draft.emit("call", *numbers, shape=np.shape(call.value), body=body)
    return draft.emit("call_if", when, *numbers, shape=np.shape(call.value), body=body)


def _loop(name: str, draft: Draft, call: Call) -> Any:
    arguments = map(constant, call.arguments)
    return draft.emit(name, *arguments, shape=np.shape(call.value), **call.keywords)


# ── containers, and sums of adjoints ─────────────────────────────────────────────────────────────


def _sparse(draft: Draft, call: Call) -> Any:
    return Sparse(*call.arguments)


def _sparse_sum(draft: Draft, call: Call) -> Any:
    space, before, new = call.arguments
    if isinstance(space, builtins.ContainerVSpace):
        parts = space.zeros() if before is None else before
        part = _sum(draft, space.shape[new.index], parts[new.index], new.value)
        return space._subval(parts, new.index, part)
    if not isinstance(new, Sparse):  # of constants alone
        new = Sparse(new.mut_add(space.zeros()), ..., space)
    added = spread(draft, constant(new.value), new.index, space.shape)
    return added if before is None else _sum(draft, space, before, added)


def _added(draft: Draft, call: Call) -> Any:
    return _sum(draft, *call.arguments)


def _sum(draft: Draft, space: Any, before: Any, new: Any) -> Any:
    if before is None:
        return new
    if isinstance(space, builtins.ContainerVSpace):
        keys = [key for key, _ in space._kv_pairs(space.shape)]
        result = before
        for key in keys:
            part = _sum(draft, space.shape[key], before[key], new[key])
            result = space._subval(result, key, part)
        return result
    return draft.emit("add", constant(before), constant(new), shape=space.shape)


def _scaled(draft: Draft, call: Call) -> Any:
    space, value, factor = call.arguments
    return draft.emit("multiply", constant(value), constant(factor), shape=space.shape)


def _inner(draft: Draft, call: Call) -> Any:
    space, one, other = call.arguments
    product = draft.emit("multiply", constant(one), constant(other), shape=space.shape)
    return along(draft, "sum", product, None, False)


def _part(draft: Draft, call: Call) -> Any:
    container, key = call.arguments
    return container[key]


def _sequence(draft: Draft, call: Call) -> Any:
    kind, *parts = call.arguments
    return kind(parts)


def _longer(right: bool, draft: Draft, call: Call) -> Any:
    sequence, *parts = call.arguments
    more = type(sequence)(parts)
    return sequence + more if right else more + sequence


def _dictionary(draft: Draft, call: Call) -> Any:
    keys, values = call.arguments
    return dict(zip(keys, values, strict=True))


# ── the rules ────────────────────────────────────────────────────────────────────────────────────


_ALIASES = {
    "fabs": "absolute",
    "float_power": "power",
    "degrees": "rad2deg",
    "radians": "deg2rad",
    "fix": "trunc",
    **{name: name for name in _OF_TRUTHS if not name.startswith("f")},
}

RULES: dict[Any, Rule] = {
    **{row.numpy: partial(_elementwise, row.name) for row in ELEMENTWISE},
    **{getattr(np, one): partial(_elementwise, other) for one, other in _ALIASES.items()},
    np.where: _where,
    np.clip: _clip,
    **dict.fromkeys(named_by("round", "around"), _rounded),
    **dict.fromkeys(named_by("real", "real_if_close", "conj", "conjugate", "positive"), _same),
    **dict.fromkeys(named_by("zeros_like", "ones_like"), _fixed),
    numpy_wrapper._astype.fun: _cast,
    kernels.pick.fun: _pick,
    kernels.recorded_call.fun: _call,
    rounds.recorded_scan.fun: partial(_loop, "scan"),
    rounds.recorded_repeat.fun: partial(_loop, "repeat"),
    **dict.fromkeys((numpy_vjps.untake.fun, builtins.container_untake.fun), _sparse),
    sparse_sum.fun: _sparse_sum,
    **dict.fromkeys((VSpace.add.fun, VSpace.mut_add.fun), _added),
    VSpace.covector.fun: lambda draft, call: call.arguments[1],
    VSpace.scalar_mul.fun: _scaled,
    VSpace.inner_prod.fun: _inner,
    builtins.container_take.fun: _part,
    builtins.make_sequence.fun: _sequence,
    builtins.sequence_extend_right.fun: partial(_longer, True),
    builtins.sequence_extend_left.fun: partial(_longer, False),
    builtins._make_dict.fun: _dictionary,
    **axes.RULES,
    **moves.RULES,
    **products.RULES,
}
