"""Programs that run: a listing with its replay in Python, its data, and its text for people."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gradwidgets.calculus.program import data as plain
from gradwidgets.calculus.program import spelling


class Program(plain.Listing):
    """A straight-line program from inputs to outputs; printing it shows readable code.

    >>> from gradwidgets.calculus.program import trace
    >>> program = trace(lambda x, y: (x * x * y,), 3.0, 2.0, names=("x", "y"))
    >>> print(program)
    def program(x, y):
        a = x * x
        b = a * y
        return b
    >>> program(3.0, 2.0)
    (18.0,)
    """

    def __call__(self, *values: Any) -> tuple[Any, ...]:
        """Replay on new values of the traced shapes: floats or arrays in, floats or arrays out.

        Python's arithmetic raises where numpy's gives inf or nan; then numpy's is used.

        Raises:
            ValueError: a value of another shape.
        """
        if self.of_numbers and set(map(type, values)) == {float}:
            try:  # a descent calls this at every step: no more than it must do
                return tuple(map(float, self.fast(*values)))
            except (ArithmeticError, ValueError):
                return self.careful(*values)
        cast = [_fitting(v, shape) for v, shape in zip(values, self.shapes, strict=True)]
        try:
            found = self.fast(*cast)
        except (ArithmeticError, ValueError):
            found = self.careful(*cast)
        return tuple(map(_result, found))

    def filled(self, holes: Mapping[str, Program], done: dict[Program, Program]) -> Program:
        """The program with others in place of its holes, and of those in what it calls.

        What is written for the one with holes serves all that are made of it. `done` holds the
        bodies that have been filled so far.

        >>> from gradwidgets.calculus.program import call, hole, trace
        >>> twice = trace(lambda x: (call(hole("f", 1, 1), call(hole("f", 1, 1), x)[0])[0],), 3.0)
        >>> square = trace(lambda x: (x * x,), 3.0)
        >>> twice.filled({"f": square}, {})(3.0)
        (81.0,)
        """
        if self.hole:
            return holes[self.hole]
        if not self.is_open:
            return self
        if self not in done:
            steps = list(self.instructions)
            for place in self.open_steps:
                steps[place] = _filled(steps[place], holes, done)
            made = replace(self, instructions=tuple(steps))
            pieces, gaps = self.written
            own = [gap.filled(holes, done) if isinstance(gap, Program) else gap for gap in gaps]
            still = any(gap.is_open for gap in own if isinstance(gap, Program))
            known = {"_spellings": self._spellings, "written": (pieces, own), "_hash": self._hash}
            made.__dict__.update(known, is_open=still)
            done[self] = made
        return done[self]

    @cached_property
    def of_numbers(self) -> bool:
        """Whether all inputs and all outputs are numbers."""
        return self.gives_numbers and all(shape is None for shape in self.shapes)

    @cached_property
    def gives_numbers(self) -> bool:
        """Whether all outputs are numbers."""
        return all(shape is None for shape in self._output_shapes)

    @cached_property
    def sizes(self) -> tuple[int, ...]:
        """How many numbers each output has.

        >>> from gradwidgets.calculus.program import trace
        >>> import autograd.numpy as anp
        >>> trace(lambda x: (x, anp.ones(3) * x), 2.0).sizes
        (1, 3)
        """
        return tuple(1 if shape is None else math.prod(shape) for shape in self._output_shapes)

    @cached_property
    def _output_shapes(self) -> tuple[tuple[int, ...] | None, ...]:
        shapes: dict[int, tuple[int, ...] | None] = dict(enumerate(self.shapes))
        shapes |= {step.output: step.shape for step in self.instructions}
        return tuple(
            shapes[value.place] if isinstance(value, plain.Slot) else getattr(value, "shape", None)
            for value in self.outputs
        )

    @cached_property
    def fast(self) -> Callable[..., tuple[Any, ...]]:
        """The program as Python arithmetic on numbers and numpy calls on arrays."""
        made = self._function(True)
        return made if self._spelled(spelling.all_numbers) else _quietly(made)

    @cached_property
    def steady(self) -> Callable[..., tuple[Any, ...]]:
        """The program of floats for many calls: as numbers, and in numpy where that raises."""
        fast, careful = self.fast, self.careful

        def replay(*values: float) -> tuple[Any, ...]:
            try:
                return fast(*values)
            except (ArithmeticError, ValueError):
                return careful(*values)

        return replay

    def looped(self, handed: int, own: int) -> Callable[..., None]:
        """The program of numbers, round after round, in one function without calls in between.

        The first `handed` arguments are the first results of the round before, the next `own` are
        new in each round, and the others stay. The function takes a callable that hears of every
        round's results, the rounds' own arguments, and all other arguments. It ends where the
        result after those handed on is not finite.

        >>> from gradwidgets.calculus.program import trace
        >>> rows = []
        >>> halve = trace(lambda x, step: (x - step * x, x * x), 1.0, 0.5)
        >>> halve.looped(handed=1, own=1)(rows.append, [(0.5,), (0.25,)], 4.0)
        >>> rows
        [(2.0, 16.0), (1.5, 4.0)]
        """
        made: Callable[..., None] = self._made(spelling.loop, handed, own)
        return made

    def repeated(self, handed: int, most: int) -> Callable[..., tuple[Any, ...]]:
        """The program of numbers, again and again as long as its first result is true.

        The first `handed` arguments are the other results of the round before, the others stay. The
        function returns what the last of at most so many rounds has handed on.

        >>> from gradwidgets.calculus.program import trace
        >>> halve = trace(lambda x, least: (x / 2 > least, x / 2), 1.0, 1.0)
        >>> halve.repeated(handed=1, most=100)(10.0, 1.0)
        (0.625,)
        """
        made: Callable[..., tuple[Any, ...]] = self._made(spelling.repetition, handed, most)
        return made

    def _function(self, numbers: bool) -> Any:
        if self.is_open:
            raise ValueError(f"the program has a hole{f', {self.hole}' * bool(self.hole)}")
        return self._spelled(spelling.function, numbers).of(self)

    def _made(self, write: Callable[..., Any], *counts: int) -> Any:
        """A loop, written once."""
        found = self._loops.get((write, counts))
        if found is None:
            made = self._spelled(write, *counts).of(self, careful=self.careful)
            found = self._loops.setdefault((write, counts), made)
        return found

    def _spelled(self, write: Callable[..., Any], *asked: Any) -> Any:
        found = self._spellings.get((write, asked))
        if found is None:
            found = self._spellings.setdefault((write, asked), write(self, *asked))
        return found

    @cached_property
    def _spellings(self) -> dict[Any, Any]:
        return {}

    @cached_property
    def _loops(self) -> dict[Any, Callable[..., Any]]:
        return {}

    @cached_property
    def careful(self) -> Callable[..., tuple[Any, ...]]:
        """The program in numpy alone, with inf and nan as numpy gives them, and no warning."""
        made = _quietly(self._function(False))
        scalar = [shape is None for shape in self.shapes]

        def replay(*values: Any) -> tuple[Any, ...]:
            cast = (np.float64(v) if s else v for v, s in zip(values, scalar, strict=True))
            return tuple(map(_result, made(*cast)))

        return replay

    def __str__(self) -> str:
        return spelling.text(self)

    def as_data(self) -> tuple[dict[str, Any], NDArray[np.float64]]:
        """The program as what JSON can hold, and its constants in one array of floats.

        >>> import json
        >>> from gradwidgets.calculus.program import trace
        >>> data, numbers = trace(lambda x: (2.0 * x + 1.0,), 3.0, names=("x",)).as_data()
        >>> json.dumps(data["calls"]), data["steps"], numbers
        ('[["multiply", null], ["add", null]]', [[0, -1, 0], [1, 1, -2]], array([2., 1.]))
        """
        text, numbers = self.as_json()
        return json.loads(text), numbers

    def as_json(self) -> tuple[str, NDArray[np.float64]]:
        """The program as JSON, and its constants in one array of floats.

        The head of `data` tells what stands where. Whatever is not finite is in the array alone.

        Raises:
            ValueError: there is a hole in it.
        """
        if self.is_open:
            raise ValueError("a program with a hole has no data yet")
        return plain.as_json(self)

    @classmethod
    def from_data(cls, data: Mapping[str, Any], numbers: NDArray[np.float64]) -> Program:
        """The program that `as_data` has written down.

        Raises:
            ValueError: an operation that is not in the table.
        """
        return plain.from_data(cls, data, numbers)


def hole(name: str, inputs: int, results: int) -> Program:
    """A place for a program of so many numbers and results, see `Program.filled`."""
    names = tuple(f"x{place}" for place in range(inputs))
    return Program(names, (None,) * inputs, (), (0.5,) * results, name)


def _filled(
    step: plain.Instruction, holes: Mapping[str, Program], done: dict[Program, Program]
) -> plain.Instruction:
    attributes = tuple((k, v.filled(holes, done) if k == "body" else v) for k, v in step.attributes)
    return step._replace(attributes=attributes)


def _quietly(function: Callable[..., tuple[Any, ...]]) -> Callable[..., tuple[Any, ...]]:
    def replay(*values: Any) -> tuple[Any, ...]:
        with np.errstate(all="ignore"):
            return function(*values)

    return replay


def _fitting(value: Any, shape: plain.Shape) -> Any:
    """A float, or an array of floats, as the program was traced for."""
    if np.shape(value) != (shape or ()):
        raise ValueError(
            f"the program was traced for the shape {shape or ()}, not {np.shape(value)}"
        )
    return float(value) if shape is None else np.asarray(value, dtype=float)


def _result(value: Any) -> Any:
    if isinstance(value, np.ndarray) and value.ndim:
        return value
    return float(value) if isinstance(value, np.ndarray | np.generic | float | int) else value
