"""How autograd's primitives along axes are written: sums, means, extremes, differences."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from gradwidgets.calculus.program.draft import (
    Call,
    Draft,
    Rule,
    along,
    axes_of,
    constant,
    named_by,
    refuse,
)
from gradwidgets.calculus.program.moves import gathered, shaped, taken

_REDUCED = "a axis dtype out keepdims initial where"
_EXTREME = "a axis out keepdims initial where"


def _reduced(name: str, names: str, draft: Draft, call: Call) -> Any:
    found = call.named(names)
    value = constant(found["a"])
    refuse(call, found, "a", "axis", "keepdims", "where")
    if "where" in found and name == "sum":
        value = draft.emit("where", constant(found["where"]), value, 0.0, shape=draft.shape(value))
    elif "where" in found:
        refuse(call, found, "a", "axis", "keepdims")
    return along(draft, name, value, found.get("axis"), bool(found.get("keepdims", False)))


def _mean(draft: Draft, call: Call) -> Any:
    found = call.named("a axis dtype out keepdims")
    refuse(call, found, "a", "axis", "keepdims")
    value = constant(found["a"])
    return _average(draft, value, found.get("axis"), bool(found.get("keepdims", False)))


def _average(draft: Draft, value: Any, axis: Any, keepdims: bool, less: float = 0.0) -> Any:
    total = along(draft, "sum", value, axis, keepdims)
    shape, axes = draft.shape(value), axes_of(axis, len(draft.shape(value)))
    count = float(np.prod([shape[k] for k in (range(len(shape)) if axes is None else axes)]))
    return draft.emit("divide", total, max(count - less, 0.0), shape=draft.shape(total))


def _spread(root: bool, draft: Draft, call: Call) -> Any:
    """The variance, or its root."""
    found = call.named("a axis dtype out ddof keepdims")
    refuse(call, found, "a", "axis", "ddof", "keepdims")
    value, axis = constant(found["a"]), found.get("axis")
    shape = draft.shape(value)
    off = draft.emit("subtract", value, _average(draft, value, axis, True), shape=shape)
    squares = draft.emit("multiply", off, off, shape=shape)
    keepdims, less = bool(found.get("keepdims", False)), float(found.get("ddof", 0))
    spread = _average(draft, squares, axis, keepdims, less)
    return draft.emit("sqrt", spread, shape=draft.shape(spread)) if root else spread


def _cumulated(draft: Draft, call: Call) -> Any:
    found = call.named("a axis dtype out")
    refuse(call, found, "a", "axis")
    value, axis = constant(found["a"]), found.get("axis")
    if axis is None:
        value, axis = shaped(draft, value, (int(np.prod(draft.shape(value))),)), 0
    shape = draft.shape(value)
    return draft.emit("cumsum", value, shape=shape, axis=int(axis) % len(shape))


def _norm(draft: Draft, call: Call) -> Any:
    found = call.named("x ord axis keepdims")
    refuse(call, found, "x", "axis", "keepdims", *(() if np.ndim(call.value) else ("ord",)))
    value = constant(found["x"])
    shape = draft.shape(value)
    if found.get("ord", 2) not in (2, "fro") or (found.get("ord") == 2 and len(shape) != 1):
        refuse(call, found, "x", "axis", "keepdims")
    squares = draft.emit("multiply", value, value, shape=shape)
    total = along(draft, "sum", squares, found.get("axis"), bool(found.get("keepdims", False)))
    return draft.emit("sqrt", total, shape=draft.shape(total))


def _differences(draft: Draft, call: Call) -> Any:
    found = call.named("a n axis")
    refuse(call, found, "a", "n", "axis")
    value = constant(found["a"])
    axis = int(found.get("axis", -1)) % len(draft.shape(value))
    before = (slice(None),) * axis
    for _ in range(int(found.get("n", 1))):
        ends = [taken(draft, value, (*before, part)) for part in (slice(1, None), slice(-1))]
        value = draft.emit("subtract", *ends, shape=draft.shape(ends[0]))
    return value


def _trace(draft: Draft, call: Call) -> Any:
    diagonal = gathered(draft, np.diagonal, *call.arguments, **call.keywords)
    return along(draft, "sum", diagonal, -1, False)


RULES: dict[Any, Rule] = {
    **{getattr(np, name): partial(_reduced, name, _REDUCED) for name in ("sum", "prod")},
    **{
        function: partial(_reduced, name, _EXTREME)
        for name in ("max", "min", "any", "all")
        for function in named_by(name, f"a{name}")
    },
    np.mean: _mean,
    np.var: partial(_spread, False),
    np.std: partial(_spread, True),
    np.cumsum: _cumulated,
    np.linalg.norm: _norm,
    np.diff: _differences,
    np.trace: _trace,
}
