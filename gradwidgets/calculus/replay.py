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
    """

    def __init__(
        self,
        function: Callable[..., Any],
        names: tuple[str, ...],
        watch: Watch | None = None,
        why: str = "",
    ) -> None:
        self._function, self._names, self._watch = function, names, watch
        self._programs: dict[Any, Program | None] = {}
        self._state: Any = None
        self._at_numbers: Program | None = None
        self.why = self._never = why

    def numbers(self, *values: float) -> tuple[Any, ...]:
        """The function of Python floats."""
        if self._watch is not None and self._watch() != self._state:
            self._forget()
        program = self._at_numbers
        if program is None:
            program = self._at_numbers = self._program((), values)
        return program(*values) if program is not None else self.plain(*values)

    def __call__(self, *values: Any) -> tuple[Any, ...]:
        """The function of numbers and arrays."""
        if self._watch is not None and self._watch() != self._state:
            self._forget()
        shapes = tuple(map(np.shape, values))
        if shapes not in self._programs and any(shapes):
            self._programs[shapes] = None
            return self.plain(*values)
        program = self._program(shapes, values)
        return program(*values) if program is not None else self.plain(*values)

    def program(self, *values: float) -> Program:
        """The program for numbers.

        Raises:
            ValueError: the function can't be traced.
        """
        made = self._program((), values)
        if made is None:
            raise ValueError(f"there is no program: {self.why}")
        return made

    def plain(self, *values: Any) -> tuple[Any, ...]:
        """The function by autograd itself."""
        cast = (np.float64(v) if np.ndim(v) == 0 else v for v in values)
        with calm():
            return tuple(self._function(*cast))

    def _forget(self) -> None:
        assert self._watch is not None
        self._state = self._watch()
        self._programs, self._at_numbers, self.why = {}, None, self._never

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

    def _remember(self, shapes: Any, program: Program) -> None:
        if len(self._programs) >= MOST_PROGRAMS:
            self._programs.pop(next(iter(self._programs)))
        self._programs[shapes] = program


class WatchError(ValueError):
    """A function reads something that can change without notice."""


def watch(function: Callable[..., Any]) -> Watch:
    """What a Python function reads beside its arguments: globals, closures, defaults.

    Raises:
        WatchError: it reads something that can change unseen, such as a list or an object.

    >>> slope = 2.0
    >>> state = watch(lambda x: slope * x)
    >>> before = state()
    >>> slope = 3.0
    >>> state() == before
    False
    """
    getters = list(_getters(function, set()))
    return lambda: tuple([_content(getter()) for getter in getters])


def _getters(function: Any, met: set[int]) -> Iterator[Callable[[], Any]]:
    """For each name that is read, a function that looks it up as the function itself would."""
    if not isinstance(function, FunctionType):
        raise WatchError(f"{function!r} is no plain Python function")
    met.add(id(function))
    for name, look_up in _names(function):
        value = look_up()
        if _is_fixed(value):
            continue
        if isinstance(value, FunctionType):
            yield partial(_code, look_up)
            if id(value) not in met:
                yield from _getters(value, met)
        elif _content(value) is None:
            raise WatchError(f"it reads {name}, a {type(value).__name__} that can change unseen")
        else:
            yield look_up


def _names(function: FunctionType) -> Iterator[tuple[str, Callable[[], Any]]]:
    known = function.__globals__
    for name in dict.fromkeys(_global_names(function.__code__)):
        if name in known:
            yield name, partial(known.get, name)
    cells = zip(function.__code__.co_freevars, function.__closure__ or (), strict=True)
    for name, cell in cells:
        yield name, partial(getattr, cell, "cell_contents")
    yield "its defaults", lambda: function.__defaults__ or ()


def _code(look_up: Callable[[], Any]) -> Any:
    return getattr(look_up(), "__code__", None)


def _global_names(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _global_names(constant)


def _is_fixed(value: Any) -> bool:
    """Modules and functions of numpy and autograd, and Python's own: they stay what they are."""
    home = value.__name__ if isinstance(value, ModuleType) else getattr(value, "__module__", "")
    root = str(home).partition(".")[0]
    fixed = root in ("autograd", "numpy", "math") and (
        callable(value) or isinstance(value, ModuleType)
    )
    return fixed or getattr(builtins, getattr(value, "__name__", ""), None) is value


def _content(value: Any) -> Any:
    """Something equal exactly while a value is the same; None for what can't be compared."""
    if isinstance(value, np.ndarray) and value.size <= LARGEST_WATCHED and value.dtype != object:
        return (value.shape, value.dtype.str, value.tobytes())
    if isinstance(value, tuple):
        inner = tuple(map(_content, value))
        return None if None in inner else (tuple, inner)
    if isinstance(value, bool | int | float | complex | str | CodeType | np.generic):
        return (type(value), value)
    return (None,) if value is None else None
