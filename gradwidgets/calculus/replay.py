"""Functions traced at their first call and replayed ever after, as long as that is right."""

from __future__ import annotations

import builtins
from collections.abc import Callable, Iterator
from functools import partial
from types import CodeType, FunctionType, ModuleType
from typing import Any

import numpy as np

from gradwidgets.calculus.program import Program, trace
from gradwidgets.calculus.tracing import calm

MOST_PROGRAMS = 12
LARGEST_WATCHED = 1000  # elements of an array that a function reads and that is watched
Watch = Callable[[], Any]


class Replayed:
    """A function with a program for each combination of shapes, made when it pays.

    `watch` returns what the function depends on beside its arguments; when that changes, the
    programs are made anew. Numbers are traced at once. Arrays are traced at the second call with
    their shapes, for a single call is done sooner by autograd itself. Where tracing fails, the
    function is called as it is, and `why` tells the reason; given beforehand, nothing is traced.
    `arrays` tells whether arrays may be traced at all.
    """

    def __init__(
        self,
        function: Callable[..., Any],
        names: tuple[str, ...],
        watch: Watch | None = None,
        why: str = "",
        arrays: bool = True,
    ) -> None:
        self._function, self._names, self._watch, self._arrays = function, names, watch, arrays
        self._programs: dict[Any, Program | None] = {}
        self._state: Any = None
        self._at_numbers: Program | None = None
        self._loops: dict[tuple[int, int], tuple[Program, Callable[..., None]]] = {}
        self.why = self._never = why

    def numbers(self, *values: float) -> tuple[Any, ...]:
        """The function of Python floats."""
        if self._watch is not None and not self._is_current():
            return self.plain(*values)
        program = self._at_numbers
        if program is None:
            program = self._at_numbers = self._program((), values)
        if program is None:
            return self.plain(*values)
        try:  # as Program.__call__ does, with less ado for every step of a slider
            return program.fast(*values)
        except (ArithmeticError, ValueError):
            return program.careful(*values)

    def steady(self, *values: float) -> Callable[..., tuple[Any, ...]]:
        """The function of floats for a loop: what it depends on is looked at once, here.

        `values` are an example of what it will be called with.
        """
        program = (self._is_current() or None) and self._program((), values)
        if program is None:
            return self.plain
        fast, careful = program.fast, program.careful

        def replay(*values: float) -> tuple[Any, ...]:
            try:
                return fast(*values)
            except (ArithmeticError, ValueError):
                return careful(*values)

        return replay

    def looped(self, own: int, handed: int, *values: float) -> Callable[..., None] | None:
        """The function of floats, round after round, as `Program.looped`; None if it isn't traced.

        `values` are an example of its arguments.
        """
        program = (self._is_current() or None) and self._program((), values)
        if program is None:
            return None
        if (own, handed) not in self._loops or self._loops[own, handed][0] is not program:
            self._loops[own, handed] = (program, program.looped(own, handed))
        return self._loops[own, handed][1]

    def __call__(self, *values: Any) -> tuple[Any, ...]:
        """The function of numbers and arrays."""
        shapes = tuple(map(np.shape, values))
        if not self._is_current() or (any(shapes) and not self._arrays):
            return self.plain(*values)
        if shapes not in self._programs and any(shapes):
            self._remember(shapes, None)
            return self.plain(*values)
        program = self._program(shapes, values)
        return program(*values) if program is not None else self.plain(*values)

    def program(self, *values: float) -> Program:
        """The program for numbers.

        Raises:
            ValueError: the function can't be traced.
        """
        made = self._program((), values) if self._is_current() else None
        if made is None:
            raise ValueError(f"there is no program: {self.why}")
        return made

    def plain(self, *values: Any) -> tuple[Any, ...]:
        """The function by autograd itself."""
        cast = (np.float64(v) if np.ndim(v) == 0 else v for v in values)
        with calm():
            return tuple(self._function(*cast))

    def _is_current(self) -> bool:
        """Whether programs may be used: those made under other circumstances are forgotten."""
        if self._watch is None:
            return True
        try:
            state = self._watch()
        except WatchError as error:
            self._forget(None, str(error))
            return False
        if state != self._state:
            self._forget(state, self._never)
        return True

    def _forget(self, state: Any, why: str) -> None:
        self._state, self.why = state, why
        self._programs, self._at_numbers = {}, None

    def _program(self, shapes: Any, values: Any) -> Program | None:
        program = self._programs.get(shapes)
        if program is None and not self.why:
            try:
                program = trace(self._function, *values, names=self._names)
            except Exception as error:  # whatever a user's function raises under tracing
                self.why = str(error) or type(error).__name__
            else:
                self._remember(shapes, program)
        return program

    def _remember(self, shapes: Any, program: Program | None) -> None:
        with calm():  # two threads may both find it full
            self._programs.pop(shapes, None)
            if len(self._programs) >= MOST_PROGRAMS:
                self._programs.pop(next(iter(self._programs)))
            self._programs[shapes] = program


class WatchError(ValueError):
    """A function reads something that can change unseen."""


def watch(function: Callable[..., Any]) -> Watch:
    """A look at all that a Python function reads beside its arguments.

    The look returns globals, closures, defaults and helpers' own, in a form that is equal exactly
    while they are the same.

    Raises:
        WatchError: it reads a list or an object, which could change unseen. So does the look.

    >>> slope = 2.0
    >>> look = watch(lambda x: slope * x)
    >>> before = look()
    >>> slope = 3.0
    >>> look() == before
    False
    """
    look = partial(_state, function, frozenset())
    look()
    return look


def _state(function: Any, met: frozenset[int]) -> tuple[Any, ...]:
    if not isinstance(function, FunctionType):
        raise WatchError(f"{function!r} is no plain Python function")
    if id(function) in met:
        return ()
    if function.__dict__ and not _is_library(function):
        raise WatchError(f"{function.__name__} carries attributes, which can change unseen")
    met |= {id(function)}
    read = [*_names(function), ("a default", function.__defaults__)]
    read += [("a default", value) for value in (function.__kwdefaults__ or {}).values()]
    return (function.__code__, *[_content(name, value, met) for name, value in read])


def _names(function: FunctionType) -> Iterator[tuple[str, Any]]:
    for name in dict.fromkeys(_global_names(function.__code__)):
        if name in _OPEN_DOORS:
            raise WatchError(f"it uses {name}(), through which it can read anything")
        yield name, function.__globals__.get(name, _MISSING)
    for name, cell in zip(function.__code__.co_freevars, function.__closure__ or (), strict=True):
        try:
            yield name, cell.cell_contents
        except ValueError:  # a name of an outer function that has no value yet
            yield name, _MISSING


_OPEN_DOORS = {"globals", "locals", "vars", "eval", "exec"}
_MISSING = "a name without a value"


def _global_names(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _global_names(constant)


def _content(name: str, value: Any, met: frozenset[int]) -> Any:
    """Something equal exactly while a value is the same."""
    if value is None or isinstance(value, bool | int | float | complex | str | np.generic):
        return (type(value), repr(value))  # repr tells −0 from 0, and takes NaN for itself
    if isinstance(value, np.ndarray) and value.size <= LARGEST_WATCHED and value.dtype != "O":
        return (value.shape, value.dtype.str, value.tobytes())
    if isinstance(value, tuple):
        return (tuple, *[_content(name, part, met) for part in value])
    if _is_fixed(value):
        return id(value)
    if isinstance(value, FunctionType):
        return _state(value, met)
    raise WatchError(f"it reads {name}, a {type(value).__name__} that can change unseen")


def _is_fixed(value: Any) -> bool:
    """Modules and functions of numpy and autograd, and Python's own: they stay what they are."""
    if isinstance(value, ModuleType):
        return _is_library(value) and "random" not in value.__name__
    if getattr(builtins, getattr(value, "__name__", ""), None) is value:
        return True
    made_inside = "<locals>" in getattr(value, "__qualname__", "")
    primitive = getattr(value, "_is_autograd_primitive", False)
    return callable(value) and _is_library(value) and (primitive or not made_inside)


def _is_library(value: Any) -> bool:
    home = value.__name__ if isinstance(value, ModuleType) else getattr(value, "__module__", "")
    return str(home).partition(".")[0] in ("autograd", "numpy", "math")
