"""A look at all that a Python function reads beside its arguments, so that a change is noticed."""

from __future__ import annotations

import builtins
import dis
import itertools
import sys
from array import array
from collections.abc import Callable, Iterator
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from functools import partial as bound
from importlib import import_module
from types import BuiltinFunctionType, CodeType, FunctionType, ModuleType
from typing import Any, NamedTuple
from weakref import ref

import numpy as np
from autograd.tracer import getval

MOST_CODE = 1000  # of which it is remembered what it reads
LARGEST_WRITTEN = 1000  # elements of an array: a larger one is compared with a copy
Watch = Callable[[], Any]


class WatchError(ValueError):
    """A function reads something that can change unseen."""


def watch(function: Callable[..., Any]) -> Watch:
    """A look at all that a Python function reads beside its arguments.

    The look returns globals, closures, defaults, lists, arrays and helpers' own, in a form that is
    equal exactly while they are the same, and that can be hashed.

    Raises:
        WatchError: it reads an object, a file, the clock, or anything else that could change
            unseen, or it changes something itself. So does the look.

    >>> slopes = [2.0]
    >>> look = watch(lambda x: slopes[0] * x)
    >>> before = look()
    >>> slopes[0] = 3.0
    >>> look() == before
    False
    """
    look: Watch = bound(_content, "", function, frozenset())
    if isinstance(function, FunctionType) and not _is_fixed(function):
        look = bound(_state, function)  # the same in less time
    look()
    return look


# ── values ───────────────────────────────────────────────────────────────────────────────────────

_WRITTEN = {type(None), bool, int, float, complex, str, bytes, range, slice, Fraction, Decimal}
_FIXED = {id(Ellipsis), id(NotImplemented)}
_FUNCTIONS = (BuiltinFunctionType, FunctionType, type(np.sum), type)


def _content(name: str, value: Any, met: frozenset[int]) -> Any:
    """Something equal exactly while a value is the same."""
    kind = type(value)
    if kind in _WRITTEN or isinstance(value, np.generic):
        return (kind, repr(value))  # repr tells −0 from 0, and takes NaN for itself
    if kind in (np.ndarray, np.matrix) and not value.dtype.hasobject:
        return _array(value)
    if value is getval:
        raise WatchError("it uses getval, through which autograd sees nothing")
    if kind is FunctionType and not _is_fixed(value):
        return _state(value, met)
    if id(value) in met:
        raise WatchError(f"it reads {name}, a {kind.__name__} that contains itself")
    if kind in (tuple, list, dict, bound):
        return (kind, *_parts(name, value, met | {id(value)}))
    if _is_fixed(value):
        return id(value)
    article = "an" if kind.__name__[0] in "AEIOUaeiou" else "a"
    what = f"{article} {kind.__name__} that can change unseen"
    raise WatchError(f"it reads {name}, {what}" if name else f"it is {what}")


def _parts(name: str, value: Any, met: frozenset[int]) -> Iterator[Any]:
    if isinstance(value, bound):
        value = [value.func, value.args, value.keywords]
    if isinstance(value, dict):
        value = [part for pair in value.items() for part in pair]
    if len(value) > 8 and set(map(type, value)) == {float}:
        yield array("d", value).tobytes()  # as exact, and a hundred times faster
        return
    for part in value:
        yield _content(name, part, met)


def _array(value: Any) -> tuple[Any, ...]:
    form = (type(value), value.shape, value.strides, value.dtype.str)
    return (*form, value.tobytes() if value.size <= LARGEST_WRITTEN else _version(value))


class _Kept(NamedTuple):
    array: Callable[[], Any]
    bits: Any
    version: int


_kept: dict[int, _Kept] = {}
_versions = itertools.count()


def _version(array: Any) -> int:
    """A number that changes when a large array does: comparing costs less than a checksum."""
    key, known, bits = id(array), _kept.get(id(array)), _bits(array)
    if known is None or known.array() is not array or not np.array_equal(known.bits, bits):
        alive = ref(array, lambda _: _kept.pop(key, None))
        known = _kept[key] = _Kept(alive, bits.copy(), next(_versions))
    return known.version


def _bits(array: Any) -> Any:
    flat = np.ravel(np.asarray(array), "K")
    return flat.view(np.uint64 if flat.itemsize % 8 == 0 else np.uint8)


def _is_fixed(value: Any) -> bool:
    """Modules and functions of Python, numpy and autograd: they stay what they are."""
    if isinstance(value, ModuleType):
        return _is_library(value.__name__)
    if isinstance(value, np.ufunc):  # those made by frompyfunc are not numpy's own
        return getattr(np, value.__name__, None) is value
    if not isinstance(value, _FUNCTIONS):
        return id(value) in _FIXED
    home, name = str(value.__module__), value.__name__
    if home == "builtins":
        return getattr(builtins, name, None) is value
    if getattr(value, "_is_autograd_primitive", False):
        return _is_known(getattr(value, "fun", None))
    made_inside = isinstance(value, FunctionType) and "<locals>" in value.__qualname__
    return _is_library(home) and name not in _DOORS and not made_inside


def _is_known(fun: Any) -> bool:
    """Whether the function of a primitive is a library's, so that its rules are autograd's."""
    special = sys.modules.get("scipy.special")
    return _is_fixed(fun) or getattr(special, getattr(fun, "__name__", ""), None) is fun


def _is_library(home: str) -> bool:
    return home.partition(".")[0] in _LIBRARIES and "random" not in home


_LIBRARIES = {"autograd", "numpy", "math", "operator", "functools", "_functools", "itertools"}
_LIBRARIES |= {"_operator", "fractions"}


# ── functions ────────────────────────────────────────────────────────────────────────────────────

# Through these a function can reach what nobody looks at: files, names, the inside of objects.
_DOORS = {"globals", "locals", "vars", "eval", "exec", "compile", "open", "input", "breakpoint"}
_DOORS |= {"getattr", "setattr", "delattr", "__import__", "next", "getval", "DataSource"}
_DOORS |= {"load", "loadtxt", "genfromtxt", "fromfile", "fromregex", "memmap", "open_memmap"}
_DOORS |= {"get_printoptions", "geterr", "lru_cache", "cache"}
# These tell a traced value from a number, and so a trace may go another way than numbers do.
_ASKS = {"isinstance", "issubclass", "hasattr", "type", "hash", "id", "repr", "str", "format"}
_ASKS |= {"ascii", "dir"}
_CATCHES = {"SETUP_FINALLY", "PUSH_EXC_INFO"}
_MODELS = "gradwidgets.calculus.models"  # which catches what numbers alone raise, and gives NaN
_CONSTANTS = {"pi", "e", "tau", "inf", "nan", "euler_gamma", "newaxis", "c_", "r_", "s_"}
_CONSTANTS |= {"index_exp", "mgrid", "ogrid", "little_endian"}
_MISSING = "a name without a value"


class _Reads(NamedTuple):
    """What code, and the code inside it, asks for by name."""

    code: CodeType
    names: tuple[str, ...]
    attributes: tuple[str, ...]
    modules: tuple[ModuleType, ...]
    asks: str  # by what it may tell a traced value from a number, or ""


_known_code: dict[int, _Reads] = {}


def _reads(code: CodeType) -> _Reads:
    known = _known_code.get(id(code))  # code's own hash costs more than all the rest
    if known is None or known.code is not code:
        if len(_known_code) > MOST_CODE:
            _known_code.clear()
        known = _known_code[id(code)] = _looked_through(code)
    return known


def _looked_through(code: CodeType) -> _Reads:
    """What code reads; it is refused where that is not all that it can reach, or if it changes it.

    Raises:
        WatchError: so it is.
    """
    found: dict[str, list[str]] = {"names": [], "attributes": [], "modules": [], "changed": []}
    for step in _steps(code):
        outer = step.opname != "STORE_DEREF" or step.argval in code.co_freevars
        if step.opname in _KINDS and outer:
            found[_KINDS[step.opname]].append(step.argval)
    _refuse_reach(found)
    names, attributes = (tuple(dict.fromkeys(found[k])) for k in ("names", "attributes"))
    modules = tuple(module for name in found["modules"] for module in _imported(name))
    return _Reads(code, names, attributes, modules, _asks(code, names))


def _asks(code: CodeType, names: tuple[str, ...]) -> str:
    if any(step.opname in _CATCHES for step in _steps(code)):
        return "it catches errors, and a traced value can raise others than a number"
    asking = next((name for name in names if name in _ASKS), "")
    return asking and f"it uses {asking}(), which tells a traced value from a number"


def _refuse_reach(found: dict[str, list[str]]) -> None:
    """Refuse what code changes, and what it may reach by the names that it uses."""
    if found["changed"]:
        raise WatchError(f"it changes {found['changed'][0]} itself")
    for name in found["names"]:
        if name in _DOORS:
            raise WatchError(f"it uses {name}(), through which it can read anything")
    for name in found["attributes"]:
        if name in _DOORS or name.startswith("_"):
            raise WatchError(f"it uses .{name}, through which it can read anything")


_KINDS = {
    **dict.fromkeys(("LOAD_GLOBAL", "LOAD_NAME"), "names"),
    **dict.fromkeys(("LOAD_ATTR", "LOAD_METHOD", "LOAD_SUPER_ATTR", "IMPORT_FROM"), "attributes"),
    "IMPORT_NAME": "modules",
    **dict.fromkeys(("STORE_GLOBAL", "DELETE_GLOBAL", "STORE_ATTR", "DELETE_ATTR"), "changed"),
    "STORE_DEREF": "changed",
}


def _imported(name: str) -> tuple[ModuleType, ...]:
    """The modules that code imports by a name."""
    if not _is_library(name):
        raise WatchError(f"it imports {name or 'a module'}, which can change unseen")
    return (import_module(name), import_module(name.partition(".")[0]))


def _steps(code: CodeType) -> Iterator[dis.Instruction]:
    yield from dis.get_instructions(code)
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _steps(constant)


def _state(function: FunctionType, met: frozenset[int] = frozenset()) -> tuple[Any, ...]:
    if id(function) in met:
        return ()
    if function.__dict__ and getattr(function, "_is_autograd_primitive", False):
        raise WatchError(f"{function.__name__} is a primitive, whose rules can change unseen")
    met |= {id(function)}
    reads = _reads(function.__code__)
    if reads.asks and not (_is_library(home := function.__module__ or "") or home == _MODELS):
        raise WatchError(reads.asks)
    read = [*_named(function, reads), ("a default", function.__defaults__)]
    if function.__kwdefaults__ or function.__dict__:
        kept = {**(function.__kwdefaults__ or {}), **function.__dict__}
        read += [(f"{function.__name__}'s {name}", value) for name, value in kept.items()]
    modules = (*reads.modules, *(value for _, value in read if type(value) is ModuleType))
    if modules:
        _refuse_strangers(modules, reads.attributes)
    return (function.__code__, *[_content(name, value, met) for name, value in read])


def _named(function: FunctionType, reads: _Reads) -> Iterator[tuple[str, Any]]:
    """Globals, or what stands behind them among Python's own names, and closures."""
    own, behind = function.__globals__, vars(builtins)
    for name in reads.names:
        yield name, own[name] if name in own else behind.get(name, _MISSING)
    for name, cell in zip(function.__code__.co_freevars, function.__closure__ or (), strict=True):
        try:
            yield name, cell.cell_contents
        except ValueError:  # a name of an outer function that has no value yet
            yield name, _MISSING


@lru_cache(maxsize=MOST_CODE)
def _refuse_strangers(modules: tuple[ModuleType, ...], attributes: tuple[str, ...]) -> None:
    """Refuse what somebody put into libraries, and what in them is not fixed."""
    for module in dict.fromkeys(modules):
        _refuse_attributes(module, attributes, {module})


def _refuse_attributes(module: Any, names: tuple[str, ...], met: set[Any]) -> None:
    for name in names:
        value = getattr(module, name, None)
        if isinstance(value, ModuleType) and _is_fixed(value):
            if value not in met:
                _refuse_attributes(value, names, met | {value})
        elif value is not None and name not in _CONSTANTS and not _is_fixed(value):
            raise WatchError(f"it reads {module.__name__}.{name}, which can change unseen")
