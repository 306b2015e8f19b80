"""Programs as a reader hands them over: text, fields and callables, as fields of their inputs."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any

from gradwidgets.calculus import named
from gradwidgets.calculus.assignments import Assignments, parse_lines
from gradwidgets.calculus.field import ScalarField
from gradwidgets.calculus.formula import Formula, FormulaError
from gradwidgets.calculus.programs import TAPE_EXAMPLES, TapeExample, program_field
from gradwidgets.calculus.types import Domain
from gradwidgets.calculus.watching import Watch
from gradwidgets.calculus.written import written
from gradwidgets.explorers.source import Formulas, Place, Source, plainly
from gradwidgets.explorers.start import usual_start

MOST_INPUTS = 8
LINES = 5  # of the text box


class Programs(Formulas):
    """Programs of one assignment per line, and what every explorer takes.

    >>> Programs().field("y = x*w + b", None, {}).variables
    ('b', 'w', 'x')
    """

    examples: Mapping[str, Any] = TAPE_EXAMPLES

    def field(
        self,
        source: Any,
        shown: ScalarField | None,
        domain: Domain,
        names: tuple[str, ...] = (),
    ) -> ScalarField:
        """A program as a field of its inputs; those that are shown now keep their intervals.

        Raises:
            FormulaError: text that is no program.
            ValueError: a domain that does not fit.
        """
        if isinstance(source, str):
            source = named.by_name(source, {**named.known, **self.examples}) or source
        if isinstance(source, TapeExample):
            source = source.field
        elif isinstance(source, named.Named):
            source = ScalarField(source)
        if isinstance(source, ScalarField) and isinstance(source.source, Assignments):
            return source.with_domain(domain) if domain else source
        given = source if isinstance(source, ScalarField) else shown
        read = program(source)
        made = program_field(read, given.start if given is source else {})
        made.watch = _watch(read)
        intervals = given.domain if given else {}
        kept = {name: intervals[name] for name in made.variables if name in intervals}
        return made.with_domain({**kept, **domain})

    def point(self, field: ScalarField, before: ScalarField | None, point: Place) -> Place:
        """Inputs that stay keep their values, but for an example's."""
        another = before is None or before.source is not field.source
        if before is None or (field.start and another):
            return usual_start(field)
        old = dict(zip(before.variables, point, strict=True))
        new = zip(field.variables, usual_start(field), strict=True)
        return tuple(old.get(name, number) for name, number in new)

    def text(self, field: ScalarField) -> str:
        """The program, line by line."""
        return program(field).text

    def box(self, field: ScalarField) -> dict[str, Any]:
        """The text box: nothing stands before a program."""
        hint = "one assignment per line, for example\ny = x*w + b\nloss = (y - 3)^2"
        return {"label": "", "placeholder": hint, "lines": LINES}

    def shown(self, field: ScalarField) -> str:
        """The key of the example that a program is, or "" for something else."""
        text = self.text(field)
        return next((key for key, example in self.examples.items() if example.text == text), "")

    def code(self, field: ScalarField) -> tuple[str, str]:
        """The arguments in Python that make a program again, and a line that must go before."""
        shown, domain = program(field), plainly(field.domain)
        made = f"domain={domain!r}, variables={field.variables!r}"
        if not shown.fixed:  # text can't say it
            source, before = written_as(shown)
            return f"gw.ScalarField({source}, {made})", before
        text, inputs = repr(shown.text), tuple[str, ...]()
        with suppress(FormulaError):  # a name that is one only because it was given
            inputs = parse_lines(shown.text).inputs
        if shown.inputs != inputs:
            return f"gw.ScalarField({text}, {made})", ""
        usual = ScalarField(shown, variables=shown.inputs).domain
        return (text if usual == field.domain else f"{text}, domain={domain!r}"), ""


def _watch(shown: Assignments) -> Watch | None:
    """A look at what the callable of a program reads beside its inputs."""
    return None if shown.fixed else getattr(shown.lines[0][1].function, "watch", None)


def program(source: Source) -> Assignments:
    """A program of text, of a field or of a callable.

    Raises:
        FormulaError: text that is no program, or one with too many inputs.
    """
    if isinstance(source, ScalarField) and isinstance(source.source, Assignments):
        return source.source
    if isinstance(source, str):
        made = parse_lines(source)
    elif isinstance(source, ScalarField) and source.formula:
        names = source.variables
        made = replace(parse_lines(source.formula.text, names), order=names)
    else:
        made = _called(source if isinstance(source, ScalarField) else ScalarField(source))
    if len(made.inputs) > MOST_INPUTS:
        raise FormulaError(f"The program has {len(made.inputs)} inputs: at most {MOST_INPUTS}.")
    return made


def _called(field: ScalarField) -> Assignments:
    """A callable as a program of one line."""
    shown = f"{field.text}({', '.join(field.variables)})"
    step = Formula(shown, field.variables, 1, ast.Name(field.text), field.function)
    return Assignments(f"f = {shown}", (("f", step),), fixed=False, order=field.variables)


def written_as(shown: Assignments) -> tuple[str, str]:
    """How the callable of a program is written, and a line that must go before."""
    ((_, step),) = shown.lines
    return written(getattr(step.function, "source", step.function), step.variables)
