"""How autograd's primitives that only move numbers are written."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from autograd.numpy import numpy_wrapper
from autograd.numpy.numpy_boxes import ArrayBox

from gradwidgets.calculus.program.data import Slot
from gradwidgets.calculus.program.draft import (
    Call,
    Draft,
    Rule,
    TracingError,
    constant,
    named_by,
    refuse,
)
from gradwidgets.calculus.program.kernels import indices


def shaped(draft: Draft, value: Any, shape: tuple[int, ...]) -> Any:
    """Write that a value takes another shape."""
    if draft.shape(value) == shape:
        return value
    return draft.emit("reshape", value, shape=shape)


def _reshaped(draft: Draft, call: Call) -> Any:
    if (found := call.named("a shape order")).get("order", "C") not in ("C", "A", "K"):
        refuse(call, found, "a", "shape")
    return shaped(draft, constant(call.arguments[0]), np.shape(call.value))


def _transposed(draft: Draft, call: Call) -> Any:
    value, *rest = call.arguments
    count = len(draft.shape(value))
    sizes = call.primitive(np.empty(range(2, 2 + count)), *rest, **call.keywords).shape
    axes = tuple(size - 2 for size in sizes)
    if axes == tuple(range(count)):
        return value
    return draft.emit("transpose", value, shape=np.shape(call.value), axes=axes)


def _moved(draft: Draft, call: Call) -> Any:
    """Whatever only moves numbers, and adds zeros: it is tried on their places."""
    return gathered(draft, call.primitive, *call.arguments, **call.keywords)


def gathered(draft: Draft, move: Callable[..., Any], value: Any, *rest: Any, **more: Any) -> Any:
    """Write what a function does that only moves numbers and adds zeros."""
    shape = draft.shape(value)
    places = np.arange(1.0, 1.0 + np.prod(shape)).reshape(shape)
    found = move(places, *rest, **more)
    if isinstance(found, list):
        return [_at(draft, value, one - 1.0) for one in found]
    return _at(draft, value, found - 1.0)


def _at(draft: Draft, value: Any, places: Any) -> Any:
    return draft.emit("gather", value, constant(places), shape=np.shape(places))


def _item(draft: Draft, call: Call) -> Any:
    value, index = call.arguments
    if any(isinstance(part, Slot) for part in _parts(index)):
        raise TracingError("the shape of what it computes depends on values")
    return taken(draft, value, index)


def _parts(index: Any) -> tuple[Any, ...]:
    return index if isinstance(index, tuple) and not isinstance(index, Slot) else (index,)


def taken(draft: Draft, value: Any, index: Any) -> Any:
    """Write that elements or slices are taken at a fixed index."""
    shape = draft.shape(value)
    if not _is_basic(index):
        return gathered(draft, ArrayBox.__getitem__.fun, value, index)
    full = tuple(_full(index, shape))
    result = np.empty(shape)[indices(full)]
    if not shape:  # new axes alone: Python's numbers have no elements
        return shaped(draft, value, result.shape)
    if full == tuple((0, size, 1) for size in shape):
        return value
    return draft.emit("take", value, shape=result.shape, index=full)


def _is_basic(index: Any) -> bool:
    plain = (int, np.integer, slice, type(None), type(Ellipsis))
    return all(isinstance(p, plain) and not isinstance(p, bool) for p in _parts(index))


def _full(index: Any, shape: tuple[int, ...]) -> Iterator[Any]:
    """The `index` attribute: a part for every axis, without ends that are left out."""
    parts = list(_parts(index))
    named = len([part for part in parts if part is not None and part is not Ellipsis])
    rest = [slice(None)] * (len(shape) - named)
    dots = [k for k, part in enumerate(parts) if part is Ellipsis]
    place = dots[0] if dots else len(parts)
    axis = 0
    for part in (*parts[:place], *rest, *parts[place + 1 :]):
        if part is None:
            yield None
            continue
        if isinstance(part, slice):
            start, stop, step = part.indices(shape[axis])
            yield start, max(stop, -1), step
        else:
            yield int(part) % shape[axis]
        axis += 1


def spread(draft: Draft, value: Any, index: Any, shape: tuple[int, ...]) -> Any:
    """Write zeros to which a value is added at a fixed index: the adjoint of `taken`."""
    if _is_basic(index):
        return draft.emit("put", value, shape=shape, index=tuple(_full(index, shape)))
    if isinstance(index, list) and not any(isinstance(part, slice) for part in index):
        index = np.array(index, dtype=np.int64)
    places = np.arange(float(np.prod(shape))).reshape(shape)[index]
    return draft.emit("scatter", value, places, shape=shape)


def _stacked(draft: Draft, call: Call) -> Any:
    given, keywords, *parts = call.arguments
    if given or keywords:
        refuse(call, {"dtype": given[0]} if given else {}, "dtype")
        refuse(call, keywords)
    return draft.emit("stack", *map(constant, parts), shape=np.shape(call.value))


def _array(draft: Draft, call: Call) -> Any:
    given, keywords, value = call.arguments
    refuse(call, keywords, "ndmin", "copy")
    if given:
        refuse(call, {"dtype": given[0]})
    return shaped(draft, constant(value), np.shape(call.value))


def _joined(draft: Draft, call: Call) -> Any:
    axis, *parts = call.arguments
    parts = list(map(constant, parts))
    if axis is None:
        parts = [shaped(draft, part, (int(np.prod(draft.shape(part))),)) for part in parts]
    shape = np.shape(call.value)
    return draft.emit("concatenate", *parts, shape=shape, axis=int(axis or 0) % len(shape))


def _broadcast(draft: Draft, call: Call) -> Any:
    shape = np.shape(call.value)
    value = constant(call.arguments[call.primitive is np.full])
    return draft.emit("broadcast_to", value, shape=shape)


def _padded(draft: Draft, call: Call) -> Any:
    found = call.named("array pad_width mode")
    if found.pop("mode", "constant") != "constant" or found.pop("constant_values", 0) != 0:
        refuse(call, {"mode": found})
    places = np.pad(np.zeros(draft.shape(found["array"])), found["pad_width"], constant_values=1)
    kept = np.nonzero(places == 0)
    index = tuple((int(axis.min()), int(axis.max()) + 1, 1) for axis in kept)
    return draft.emit("put", constant(found["array"]), shape=places.shape, index=index)


RULES: dict[Any, Rule] = {
    **dict.fromkeys(named_by("reshape", "ravel", "expand_dims", "squeeze"), _reshaped),
    **dict.fromkeys(named_by("atleast_1d", "atleast_2d", "atleast_3d"), _reshaped),
    **dict.fromkeys(named_by("transpose", "swapaxes", "moveaxis", "rollaxis"), _transposed),
    **dict.fromkeys(named_by("repeat", "tile", "roll", "flip", "flipud", "fliplr"), _moved),
    **dict.fromkeys(named_by("rot90", "diag", "diagonal", "triu", "tril"), _moved),
    **dict.fromkeys(named_by("split", "array_split", "vsplit", "hsplit", "dsplit"), _moved),
    numpy_wrapper.make_diagonal.fun: _moved,
    ArrayBox.__getitem__.fun: _item,
    numpy_wrapper.array_from_args.fun: _stacked,
    numpy_wrapper._array_from_scalar_or_array.fun: _array,
    numpy_wrapper.concatenate_args.fun: _joined,
    **dict.fromkeys(named_by("broadcast_to", "full"), _broadcast),
    np.pad: _padded,
}
