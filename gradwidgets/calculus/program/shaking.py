"""A program whose sines, logarithms and the like round otherwise: what rounding alone may do."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from gradwidgets.calculus.program.data import Instruction, Slot
from gradwidgets.calculus.program.program import Program

MOST = 2e-15  # a share of each result: some units of its last digit
ROUGH = {"sin", "cos", "tan", "exp", "expm1", "log", "log1p", "power", "logaddexp", "log2", "log10"}
ROUGH |= {"tanh", "sinh", "cosh", "arctan", "arctan2", "arcsin", "arccos"}
ROUGH |= {"arcsinh", "arccosh", "arctanh"}


def shaken(program: Program, seed: int, alike: dict[Program, Program] | None = None) -> Program:
    """The program with its transcendental functions a few roundings off.

    Every call and every loop is off in its own way; but with a dict in which they are remembered
    (`alike`), all calls of one body are in the same, which is made sooner.

    >>> from gradwidgets.calculus.program import trace
    >>> import autograd.numpy as anp
    >>> program = trace(lambda x: (anp.exp(x),), 1.0)
    >>> 0 < abs(shaken(program, 0)(1.0)[0] / program(1.0)[0] - 1) <= 3e-15
    True
    """
    shares = np.random.default_rng(seed).uniform(-MOST, MOST, len(program))
    inputs, steps = len(program.names), list[Instruction]()
    places = dict(enumerate(range(inputs)))

    def moved(value: Any) -> Any:
        return Slot(places[value.place]) if isinstance(value, Slot) else value

    for place, (step, share) in enumerate(zip(program.instructions, shares, strict=True)):
        at = inputs + len(steps)
        more = tuple(
            (name, _body(value, 1000 * seed + place, alike) if name == "body" else value)
            for name, value in step.attributes
        )
        arguments = tuple(map(moved, step.arguments))
        steps.append(step._replace(arguments=arguments, attributes=more, output=at))
        if step.operation in ROUGH:
            factor = (Slot(at), 1.0 + share)
            steps.append(Instruction("multiply", factor, (), at + 1, step.shape))
            at += 1
        places[step.output] = at
    outputs = tuple(map(moved, program.outputs))
    return replace(program, instructions=tuple(steps), outputs=outputs)


def _body(body: Program, seed: int, alike: dict[Program, Program] | None) -> Program:
    """A program that is called, shaken for itself, or like the one that is known."""
    if alike is None:
        return shaken(body, seed)
    if body not in alike:
        alike[body] = shaken(body, seed, alike)
    return alike[body]
