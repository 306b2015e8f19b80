"""What a student asks of a tape: a program, a role for every input, a call; and its answer."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple

from gradwidgets.calculus.assignments import Assignments
from gradwidgets.calculus.graph import Graph
from gradwidgets.calculus.tape import GradientTape
from gradwidgets.calculus.tracing import calm
from gradwidgets.calculus.values import Value, Variable, constant

ROLES = ("constant", "watched", "variable")


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
    target: Value  # what is asked, or where that is None the lesson's target


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
        return tuple(_answer(lesson, values, run) for _ in range(calls))


def _answer(lesson: Lesson, values: Mapping[str, float], run: _Run) -> Answer:
    if run.asked is None:
        (why,) = _reasons(lesson, values, run, (lesson.inner,))
        return Answer(error=f"{lesson.asked} is None, and None has no derivative: {why}.")
    try:
        found = run.tape.gradient(run.asked, [run.named[name] for name in lesson.sources])
    except (RuntimeError, NotImplementedError) as error:
        return Answer(error=f"{type(error).__name__}: {error}")
    numbers = tuple(None if part is None else float(part) for part in found)
    if None not in numbers:
        return Answer(numbers, ("",) * len(numbers))
    reasons = _reasons(lesson, values, run, lesson.sources)
    return Answer(numbers, tuple(reasons))


def _reasons(
    lesson: Lesson, values: Mapping[str, float], run: _Run, sources: Sequence[str]
) -> Iterator[str]:
    """Why the derivative with respect to each source is None, or "" where it is not.

    To watch helps only where there is a way: so a tape that watches all is asked first.
    """
    seen = GradientTape(persistent=True)
    full = _run(lesson, values, seen)
    for name in sources:
        why = ""
        if run.tape.why_none(run.target, run.named[name]):
            why = seen.why_none(full.target, full.named[name])
            why = why or run.tape.why_none(run.target, run.named[name])
        yield _with_aliases(why, run.named, (lesson.target, name))


def _with_aliases(why: str, named: Mapping[str, Value], names: Iterable[str]) -> str:
    """A reason that tells of which value it speaks, where a name is another one's: y = x."""
    words = re.findall(r"\w+", why)
    told = [
        f"{name} is {named[name].name}, and "
        for name in dict.fromkeys(names)
        if named[name].name not in (name, "") and named[name].name in words
    ]
    return "".join(told) + why


class Observed(NamedTuple):
    """A lesson as a tape sees it that watches every input.

    Attributes:
        graph: what was computed, also what the student's tape does not know; adjoints flow to the
            sources for which the student's tape has an answer.
        first: for every name of the program the first one of its value: with y = x, y is x.
    """

    graph: Graph
    first: Mapping[str, str]


def observe(lesson: Lesson, values: Mapping[str, Any]) -> Observed:
    """What an observer sees of a lesson."""
    seen = GradientTape(persistent=True)
    with calm():
        run = _run(lesson, values, seen)
        asked = [run.named[name] for name in lesson.sources]
        sources = [s for s in asked if s is run.asked or run.tape.knows([s._node])]
        graph = seen.graph(run.target, [] if run.asked is None else sources)
        return Observed(graph, {name: value.name for name, value in run.named.items()})


def _run(lesson: Lesson, values: Mapping[str, Any], *observers: GradientTape) -> _Run:
    """The program on values, in the student's tapes; `observers` watch all that is given."""
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
            named = lesson.program.run(inputs, partial(_named, observers))
            if lesson.inner:
                tape.__exit__()
                asked = tape.gradient(named[lesson.target], named[lesson.inner])
            else:
                asked = named[lesson.target]
    return _Run(outer, named, asked, named[lesson.target] if asked is None else asked)


def _made(name: str, role: str, number: Any) -> Value:
    return Variable(number, name=name) if role == "variable" else constant(number, name=name)


def _named(observers: Iterable[GradientTape], name: str, value: Any) -> Value:
    """A step's value with its name; one that is another's, as in y = x, keeps that."""
    if not isinstance(value, Value):
        made = constant(value, name=name)
        for observer in observers:
            observer.watch(made)
        return made
    if not value.name:
        value.name = name
    return value
