"""Models as a reader hands them over: from a formula or a callable to its loss, and to code."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, TypeAlias

from gradwidgets.calculus.domain import named_domain
from gradwidgets.calculus.field import ScalarField
from gradwidgets.calculus.landscape import Landscape
from gradwidgets.calculus.models import Model, model
from gradwidgets.calculus.types import Domain
from gradwidgets.calculus.written import written
from gradwidgets.explorers.source import Formulas, Place, plainly, within
from gradwidgets.explorers.start import alive, usual_start

MOST_WRITTEN = 12  # rows that stand in a line of code

Learned: TypeAlias = Callable[[Model, Domain | None], Landscape]


@dataclass(frozen=True)
class Known:
    """A model of the menu."""

    title: str
    text: str


MODELS: Mapping[str, Known] = {
    "line": Known("Line", "w*x + b"),
    "proportion": Known("Through the origin", "w*x"),
    "parabola": Known("Parabola", "a*x^2 + b*x + c"),
    "growth": Known("Growth or decay", "a*exp(k*x)"),
    "wave": Known("Wave", "a*sin(w*x)"),
}


class Models(Formulas):
    """Models of x, each with its loss over the rows that `learned` knows.

    A model of the parameters that are shown keeps their domain.
    """

    examples = MODELS

    def __init__(self, learned: Learned, rows: Callable[[], tuple[str, str]]) -> None:
        super().__init__(typed="w*x + b")
        self._learned, self._rows = learned, rows

    def field(
        self,
        source: Any,
        shown: ScalarField | None,
        domain: Domain,
        names: tuple[str, ...] = (),
    ) -> ScalarField:
        """The loss of a model.

        Raises:
            FormulaError: text that is no formula.
            ValueError: a model without parameters, or a domain that does not fit.
        """
        source = getattr(source, "landscape", source)
        if isinstance(source, Landscape):
            made = model(source.objective.model)
        else:
            known = MODELS.get(source, source) if isinstance(source, str) else source
            made = model(known.text if isinstance(known, Known) else known)
        if made.formula and "y" in made.parameters:
            raise ValueError(
                "y is what the model predicts, and can't be a parameter of it: take another letter."
            )
        kept = source.domain if isinstance(source, Landscape) else None
        if kept is None and shown is not None and shown.variables == made.parameters:
            kept = shown.domain
        found = self._learned(made, kept)
        wanted = {**found.domain, **(named_domain(made.parameters, domain) if domain else {})}
        return found if wanted == found.domain else found.with_domain(wanted)

    def point(self, field: ScalarField, before: ScalarField | None, point: Place) -> Place:
        """Where θ stands after a change of the model: where it was if that makes sense."""
        same = before is not None and before.variables == field.variables
        moved = within(field, point) if same else ()
        return moved if same and alive(field, moved) else usual_start(field)

    def text(self, field: ScalarField) -> str:
        """What the text box shows: what the reader typed."""
        return field.text if isinstance(field.source, str) else ""

    def box(self, field: ScalarField) -> dict[str, Any]:
        """The text box."""
        hint = "type a model of x, for example w*x + b"
        return {"label": "ŷ =", "placeholder": hint, "lines": 1}

    def code(self, field: ScalarField) -> tuple[str, str]:
        """The arguments in Python that make a field again, and a line to go before them, or ""."""
        x, before = self._rows()
        more = "" if isinstance(field.source, str) else written(field.source, field.variables)[1]
        source = repr(field.text)
        if not isinstance(field.source, str):
            with suppress(ValueError):
                source, more = written(field.source, field.variables)
        domain = f", domain={plainly(field.domain)!r}"
        return f"{x}, model={source}{domain}", "\n".join(filter(None, [before, more]))


def as_lists(x: Any, y: Any) -> tuple[str, str]:
    """Few rows as two lists of Python; of many the names x and y, and a line that tells so."""
    if len(x) <= MOST_WRITTEN:
        lists = ([plainly(float(value)) for value in column] for column in (x, y))
        return ", ".join(map(repr, lists)), ""
    return "x, y", f"# x and y are your {len(x)} rows"
