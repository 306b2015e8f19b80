"""Functions traced at their first call and replayed ever after, as long as that is right."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from gradwidgets.calculus.program import Program, trace
from gradwidgets.calculus.tracing import calm
from gradwidgets.calculus.watching import Watch, WatchError

MOST_PROGRAMS = 12


class Replayed:
    """A function with a program for each combination of shapes, made when it pays.

    `watch` returns what the function depends on beside its arguments; when that changes, the
    programs are made anew. Numbers are traced at once. Arrays are traced at the second call with
    their shapes, for a single call is done sooner by autograd itself. Where tracing fails, the
    function is called as it is, and `why` tells the reason; given beforehand, nothing is traced.
    `arrays` tells whether arrays may be traced now; without it they always are.
    """

    def __init__(
        self,
        function: Callable[..., Any],
        names: tuple[str, ...],
        watch: Watch | None = None,
        why: str = "",
        arrays: Callable[[], bool] | None = None,
    ) -> None:
        self._function, self._names, self._watch, self._arrays = function, names, watch, arrays
        self._programs: dict[Any, Program | None] = {}
        self._state: Any = None
        self._at_numbers: Program | None = None
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
        program = self.current(*values)
        return self.plain if program is None else program.steady

    def looped(self, handed: int, own: int, *values: float) -> Callable[..., None] | None:
        """The function of floats, round after round, as `Program.looped`; None if it isn't traced.

        `values` are an example of its arguments.
        """
        program = self.current(*values)
        return None if program is None else program.looped(handed, own)

    def __call__(self, *values: Any) -> tuple[Any, ...]:
        """The function of numbers and arrays."""
        shapes = tuple(map(np.shape, values))
        if not self._is_current() or (any(shapes) and self._arrays and not self._arrays()):
            return self.plain(*values)
        if shapes not in self._programs and any(shapes):
            self._remember(shapes, None)
            return self.plain(*values)
        program = self._program(shapes, values)
        return program(*values) if program is not None else self.plain(*values)

    def current(self, *values: Any) -> Program | None:
        """The program for numbers, and for arrays that are always as long.

        None where the function can't be traced now.
        """
        return self._program((), values) if self._is_current() else None

    def program(self, *values: float) -> Program:
        """The program for numbers.

        Raises:
            ValueError: the function can't be traced.
        """
        made = self.current(*values)
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
