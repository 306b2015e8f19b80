"""Programs worth looking at on a tape, each with its inputs' roles and what is asked of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from gradwidgets.calculus.assignments import Assignments, parse_lines
from gradwidgets.calculus.field import ScalarField


def program_field(program: Assignments, start: Mapping[str, float]) -> ScalarField:
    """A program as a field of its inputs, with a place that shows its point where one is known."""
    made = ScalarField(program, variables=program.inputs)
    made.start = start
    return made


@dataclass(frozen=True)
class TapeExample:
    """A program worth looking at, with a value for each input in alphabetical order."""

    title: str
    text: str
    start: tuple[float, ...]
    roles: Mapping[str, str]
    sources: tuple[str, ...]
    options: Mapping[str, Any] = field(default_factory=dict)

    @property
    def field(self) -> ScalarField:
        """The program as a field of its inputs."""
        program = parse_lines(self.text)
        return program_field(program, dict(zip(program.inputs, self.start, strict=True)))


TAPE_EXAMPLES: Mapping[str, TapeExample] = MappingProxyType(
    {
        "product": TapeExample(
            "Product x·w",
            "y = x*w",
            (1.0, 2.0),
            {"w": "constant", "x": "constant"},
            ("w",),
        ),
        "line": TapeExample(
            "Line x·w + b",
            "y = x*w + b",
            (0.5, 2.0, 3.0),
            {"b": "variable", "w": "variable", "x": "constant"},
            ("w", "b"),
        ),
        "fan-out": TapeExample(
            "Fan-out x·x + x",
            "y = x*x + x",
            (3.0,),
            {"x": "watched"},
            ("x",),
        ),
        "neuron": TapeExample(
            "A neuron and its loss",
            "z = w*x + b\ny = tanh(z)\nloss = (y - t)^2",
            (0.1, 0.7, -0.3, 2.0),
            {"b": "variable", "t": "constant", "w": "variable", "x": "constant"},
            ("w", "b"),
        ),
        "softplus": TapeExample(
            "Softplus log(1 + exp x)",
            "u = exp(x)\ny = log(1 + u)",
            (0.5,),
            {"x": "watched"},
            ("x",),
        ),
        "where": TapeExample(
            "A unit with where: 0 against None",
            "y = where(x > 0, w*x, 0)\nz = 2*b",
            (1.0, 2.0, -1.0),
            {"b": "variable", "w": "variable", "x": "constant"},
            ("w", "b"),
            {"target": "y"},
        ),
        "second order": TapeExample(
            "Second order x·w²",
            "y = x*w^2",
            (2.0, 3.0),
            {"w": "variable", "x": "watched"},
            ("w", "x"),
            {"inner": "w"},
        ),
    }
)
