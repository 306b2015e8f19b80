"""What a student asks of a tape: a program, a role for every input, a call; and its answer."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any, NamedTuple

from gradwidgets.calculus.assignments import Assignments
from gradwidgets.calculus.graph import Graph
from gradwidgets.calculus.tape import GradientTape
from gradwidgets.calculus.tracing import calm
from gradwidgets.calculus.values import Value, Variable, constant

ROLES = ("constant", "watched", "variable")
NESTED_TAPES = ("outer", "tape")


@dataclass(frozen=True)
class Lesson:
    """A program, how a tape sees its inputs, and what the tape is asked.

    Attributes:
        program: named steps from inputs to a result.
        roles: for each input "constant", "watched" or "variable".
        target, sources: names of inputs or steps.
        persistent: whether the tape may be asked more than once.
        inner: with a second tape inside, the name that it differentiates with respect to; the outer
            tape then differentiates this derivative. "" for a single tape.
    """

    program: Assignments
    roles: Mapping[str, str]
    target: str
    sources: tuple[str, ...]
    persistent: bool = False
    inner: str = ""

    @property
    def asked(self) -> str:
        """What the answer is a derivative of: the target, or the inner derivative."""
        return derivative_name(self.target, self.inner) if self.inner else self.target

    @property
    def known(self) -> tuple[str, ...]:
        """The inputs that a tape knows."""
        return tuple(name for name, role in self.roles.items() if role != "constant")


class Answer(NamedTuple):
    """What a call gave: for each source a number, or None with its reason; or an error."""

    found: tuple[float | None, ...] = ()
    reasons: tuple[str, ...] = ()
    error: str = ""


class _Run(NamedTuple):
    """A lesson's program, run once in its tapes: the values of all names, and what is asked."""

    tape: GradientTape
    named: dict[str, Value]
    asked: Value | None


def derivative_name(of: str, by: str) -> str:
    """What a derivative is called in a program: dy_dw."""
    return f"d{of}_d{by}"


def answers(lesson: Lesson, values: Mapping[str, float], calls: int) -> tuple[Answer, ...]:
    """What the student's own tape answers to so many calls, one after the other.

    >>> from gradwidgets.calculus.assignments import parse_lines
    >>> lesson = Lesson(parse_lines("y = x*w"), {"w": "watched", "x": "constant"}, "y", ("w", "x"))
    >>> once, again = answers(lesson, {"w": 1.0, "x": 2.0}, 2)
    >>> once.found, once.reasons[1], again.error[:12]
    ((2.0, None), 'x was not watched: call tape.watch(x) before it is used', 'RuntimeError')
    """
    with calm():
        run = _run(lesson, values)
        return tuple(_answer(lesson, run) for _ in range(calls))


def _answer(lesson: Lesson, run: _Run) -> Answer:
    if run.asked is None:
        why = run.tape.why_none(run.named[lesson.target], run.named[lesson.inner])
        return Answer(error=f"{lesson.asked} is None, and None has no derivative: {why}.")
    sources = [run.named[name] for name in lesson.sources]
    try:
        found = run.tape.gradient(run.asked, sources)
    except (RuntimeError, NotImplementedError) as error:
        return Answer(error=f"{type(error).__name__}: {error}")
    reasons = tuple(
        run.tape.why_none(run.asked, source) if part is None else ""
        for part, source in zip(found, sources, strict=True)
    )
    return Answer(tuple(None if part is None else float(part) for part in found), reasons)


def observe(lesson: Lesson, values: Mapping[str, Any]) -> Graph:
    """The graph of a lesson, seen by a tape that watches every input.

    What the student's tape does not know is in it too; adjoints flow to the sources that it knows.
    """
    seen = GradientTape(persistent=True)
    known = _downstream(lesson)
    with calm():
        run = _run(lesson, values, seen)
        sources = [run.named[name] for name in lesson.sources if name in known]
        asked = run.named[lesson.target] if run.asked is None else run.asked
        return seen.graph(asked, sources)


def _downstream(lesson: Lesson) -> set[str]:
    """The names that the student's tape knows: inputs, and what is computed from them."""
    found = set(lesson.known)
    for name, formula in lesson.program.lines:
        if found & set(formula.variables):
            found.add(name)
    return found


def _run(lesson: Lesson, values: Mapping[str, Any], *observers: GradientTape) -> _Run:
    """The program on values, in the student's tapes; `observers` watch all inputs."""
    inputs = {name: _made(name, lesson.roles[name], number) for name, number in values.items()}
    watched = [inputs[name] for name, role in lesson.roles.items() if role == "watched"]
    outer, tape = GradientTape(persistent=lesson.persistent), GradientTape()
    tapes = (outer, tape) if lesson.inner else (outer,)
    with ExitStack() as outside:
        for observer in observers:
            outside.enter_context(observer).watch(list(inputs.values()))
        with ExitStack() as inside:
            for recording in tapes:
                inside.enter_context(recording).watch(watched)
            named = lesson.program.run(inputs, _named)
            if lesson.inner:
                tape.__exit__()
                asked = tape.gradient(named[lesson.target], named[lesson.inner])
            else:
                asked = named[lesson.target]
    return _Run(outer, named, asked)


def _made(name: str, role: str, number: Any) -> Value:
    return Variable(number, name=name) if role == "variable" else constant(number, name=name)


def _named(name: str, value: Any) -> Value:
    """A step's value with its name; one that is another's, as in y = x, keeps that."""
    if not isinstance(value, Value):
        return constant(value, name=name)
    if not value.name:
        value.name = name
    return value
