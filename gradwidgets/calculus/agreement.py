"""A tape's derivative beside other ways to it: autograd's, a central difference, the student's."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

from gradwidgets.calculus.differences import difference
from gradwidgets.calculus.formula import FormulaError, parse
from gradwidgets.calculus.lesson import Lesson, answers
from gradwidgets.calculus.tracing import calm, value_and_partials


class Agreement(NamedTuple):
    """The derivative with respect to one source in four ways; None where a way gives none.

    `reason` tells why the tape gives none.
    """

    tape: float | None
    reason: str
    autograd: float
    central: float
    own: float | None


class Along(NamedTuple):
    """What a lesson asks for, as a function, and which of its arguments the source is."""

    function: Callable[..., Any]
    names: tuple[str, ...]
    axis: int

    def place(self, named: Mapping[str, Any]) -> tuple[Any, ...]:
        """The arguments among the values of all names."""
        return tuple(named[name] for name in self.names)


def along(lesson: Lesson, source: str) -> Along:
    """The lesson's target, or its inner derivative, as a function of the inputs and the source.

    A source that is no input but a step becomes one more argument: what led to it does not matter.
    The function takes numbers and arrays.
    """
    source = lesson.program.first(source)
    names = lesson.program.inputs
    if source not in names:
        names = (*names, source)

    def value(*numbers: Any) -> Any:
        return lesson.program.run(dict(zip(names, numbers, strict=True)))[lesson.target]

    def slope(*numbers: Any) -> Any:
        spread = [number + sum(0.0 * other for other in numbers) for number in numbers]
        return value_and_partials(value, spread)[1][names.index(lesson.inner)]

    return Along(slope if lesson.inner else value, names, names.index(source))


def agreement(
    lesson: Lesson, values: Mapping[str, float], source: str, h: float, own: str = ""
) -> Agreement:
    """The derivative that a lesson asks for, with respect to one source, in four ways.

    Args:
        values: a number for each input.
        h: the step of the central difference (f(x + h) − f(x − h))/2h.
        own: a formula in the program's names, or "".

    Raises:
        FormulaError: the formula can't be read, or has other names.
    """
    answer = answers(replace(lesson, sources=(source,)), values, 1)[0]
    named = {name: np.float64(number) for name, number in values.items()}
    with calm():
        named = lesson.program.run(named)
        function, _, axis = line = along(lesson, source)
        place = line.place(named)
        exact = value_and_partials(function, place)[1][axis]
        quotient = difference(function, place, h, axis=axis)
    return Agreement(
        answer.found[0] if answer.found else None,
        answer.error or answer.reasons[0],
        float(exact),
        float(quotient),
        _own(own, named) if own.strip() else None,
    )


def _own(text: str, named: Mapping[str, Any]) -> float:
    formula = parse(text, given=named)
    unknown = [name for name in formula.variables if name not in named]
    if unknown:
        raise FormulaError(f"“{unknown[0]}” has no value here. Known are {', '.join(named)}.", None)
    with calm():
        return float(formula.function(*(named[name] for name in formula.variables)))
