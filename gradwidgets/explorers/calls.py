"""What a tape is asked and what it answers, as HTML: the code, its calls, other ways to it."""

from __future__ import annotations

import ast
import html
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from gradwidgets.calculus.agreement import Agreement
from gradwidgets.calculus.assignments import lone_name
from gradwidgets.calculus.formula import Formula
from gradwidgets.calculus.lesson import Answer, Lesson, answers
from gradwidgets.calculus.wording import three_digits
from gradwidgets.explorers.programs import written_as

MOST_SHOWN = 3  # calls of gradient that are listed


def code(lesson: Lesson, values: Mapping[str, float] | Mapping[str, str]) -> str:
    """The program in its tapes, as Python would have it."""
    lines = list[str]()
    if not lesson.program.fixed:
        spelled, before = written_as(lesson.program)
        own = ast.unparse(lesson.program.lines[0][1].tree)
        lines = [before] if before else [f"{own} = {spelled}"] * (spelled != own)
    for name, number in values.items():
        made = "Variable" if lesson.roles[name] == "variable" else "constant"
        lines.append(f'{name} = gw.{made}({_number(number)}, name="{name}")')
    watched = [name for name, role in lesson.roles.items() if role == "watched"]
    steps = [f"{name} = {_step(name, formula)}" for name, formula in lesson.program.lines]
    block = [*_watch("tape", watched), *steps]
    if lesson.inner:
        inner = f"{lesson.asked} = tape.gradient({lesson.target}, {lesson.inner})"
        block = [
            *_watch("outer", watched),
            "with gw.GradientTape() as tape:",
            *_indented(block),
            inner,
        ]
    name, persistent = _asked_tape(lesson), "persistent=True" if lesson.persistent else ""
    lines += [f"with gw.GradientTape({persistent}) as {name}:", *_indented(block)]
    return f"<pre>{html.escape(chr(10).join(lines))}</pre>"


def _step(name: str, formula: Formula) -> str:
    """A line's formula; a number alone becomes a value, which a tape can be asked for."""
    if formula.variables:
        return lone_name(formula) or formula.text.replace("^", "**")
    return f'gw.constant({float(formula.function())!r}, name="{name}")'


def _watch(tape: str, names: list[str]) -> list[str]:
    return [f"{tape}.watch([{', '.join(names)}])"] if names else []


def _indented(lines: list[str]) -> list[str]:
    return [f"    {line}" for line in lines]


def _asked_tape(lesson: Lesson) -> str:
    return "outer" if lesson.inner else "tape"


def calls(lesson: Lesson, found: tuple[Answer, ...]) -> str:
    """Every call with its answer; of many the last ones."""
    single = len(lesson.sources) == 1
    by = lesson.sources[0] if single else f"[{', '.join(lesson.sources)}]"
    call = html.escape(f"{_asked_tape(lesson)}.gradient({lesson.asked}, {by})")
    hidden = len(found) - MOST_SHOWN
    more = f"<p class='gw-why'>{hidden} earlier calls</p>" if hidden > 0 else ""
    return more + "".join(_call(call, answer, lesson.sources) for answer in found[-MOST_SHOWN:])


def _call(call: str, answer: Answer, sources: tuple[str, ...]) -> str:
    if answer.error:
        result = f"<code class='gw-error' role='alert'>{html.escape(answer.error)}</code>"
    else:
        numbers = [str(None) if part is None else _number(part) for part in answer.found]
        shown = numbers[0] if len(sources) == 1 else f"[{', '.join(numbers)}]"
        result = f"<code class='gw-result' role='status'>{html.escape(shown)}</code>"
    reasons = "".join(
        f"<p class='gw-why'>{html.escape(name)} gets None: {html.escape(reason)}.</p>"
        for name, reason in zip(sources, answer.reasons, strict=False)
        if reason
    )
    return f"<div class='gw-call'><code>{call}</code> → {result}</div>{reasons}"


def _number(value: float | str) -> str:
    """A float as Python writes it, without digits that only rounding made, nor the sign of 0.

    A hole for a number stays one.
    """
    return value if isinstance(value, str) else repr(float(f"{value:.10g}") + 0.0)


def script(
    lesson: Lesson, values: Mapping[str, float], places: Mapping[str, int]
) -> dict[str, Any]:
    """The program and its calls with holes for their numbers, which alone/tape.js fills.

    `places` tell where among the numbers of the picture's sentence a source's derivative stands.
    """
    holes = {name: f"⟦point {place}⟧" for place, name in enumerate(values)}

    def asked(persistent: bool) -> dict[str, Any]:
        own = replace(lesson, persistent=persistent)
        found = [_holed(answer, lesson.sources, places) for answer in answers(own, values, 2)]
        return {"code": code(own, holes), "calls": [calls(own, (answer,)) for answer in found]}

    return {"once": asked(False), "persistent": asked(True), "most": MOST_SHOWN}


def _holed(answer: Answer, sources: Sequence[str], places: Mapping[str, int]) -> Answer:
    found: list[Any] = [
        part if part is None or name not in places else f"⟦told {places[name]}⟧"
        for name, part in zip(sources, answer.found, strict=False)
    ]
    return answer._replace(found=tuple(found))


def table(found: Agreement, h: float) -> str:
    """Four ways to one derivative, and how far each is from autograd's."""
    ways = (
        ("the tape", found.tape),
        ("autograd", found.autograd),
        (f"central difference, h = {three_digits(h)}", found.central),
        ("your formula", found.own),
    )
    rows = [
        f"<tr><td>{name}</td><td>{value!r}</td><td>{three_digits(value - found.autograd)}</td></tr>"
        for name, value in ways
        if value is not None
    ]
    none = f"<p class='gw-why'>The tape gives None: {html.escape(found.reason)}.</p>"
    head = "<tr><td></td><th>derivative</th><th>minus autograd's</th></tr>"
    return f"<table>{head}{''.join(rows)}</table>{'' if found.tape is not None else none}"
