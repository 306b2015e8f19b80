"""What explorers show, as a reader hands it over: from a source to a field, and back to code."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import lru_cache
from typing import Any, TypeAlias

from gradwidgets.calculus import named
from gradwidgets.calculus.catalog import Example, catalog
from gradwidgets.calculus.field import ScalarField
from gradwidgets.calculus.formula import FormulaError
from gradwidgets.calculus.types import Domain
from gradwidgets.calculus.wording import plain
from gradwidgets.calculus.written import written
from gradwidgets.explorers.start import alive, usual_start

Source: TypeAlias = str | Callable[..., Any] | ScalarField | Example
Place: TypeAlias = tuple[float, ...]


class Formulas:
    """Formulas, examples of the catalogue, callables and fields.

    A formula with fewer variables than `least` gets x and y beside its own; one without any is a
    function of `alone`.

    >>> Formulas(least=2).field("x**2", None, {}).variables
    ('x', 'y')
    """

    examples: Mapping[str, Any] = catalog

    def __init__(self, least: int = 1, alone: tuple[str, ...] = (), typed: str = "") -> None:
        self._least, self._alone = least, alone
        self._typed = typed or "x**2 + 10*y**2"  # what an empty text box suggests

    def field(
        self,
        source: Any,
        shown: ScalarField | None,
        domain: Domain,
        names: tuple[str, ...] = (),
    ) -> ScalarField:
        """A field of a source: text over these names wherever they suffice.

        What is shown now gives its domain to a formula of the same variables.

        Raises:
            FormulaError: text that is no formula.
            ValueError: a domain that does not fit.
        """
        wanted = tuple(domain) or names or self._alone
        field = self._over_wanted(source, wanted)
        if domain:
            return field.with_domain(domain)
        typed = isinstance(source, str) and not field.start
        same = typed and shown is not None and field.variables == shown.variables
        return field.with_domain(shown.domain) if same and shown else field

    def _over_wanted(self, source: Any, wanted: tuple[str, ...]) -> ScalarField:
        make = _read if isinstance(source, str | Example) else _over_wanted
        return make(source, wanted, self._least)

    def point(self, field: ScalarField, before: ScalarField | None, point: Place) -> Place:
        """Where to stand after a change of the function: the same place if it makes sense there."""
        another = before is None or before.source is not field.source
        same = before is not None and before.variables == field.variables
        if not same or len(point) != len(field.variables) or (field.start and another):
            return usual_start(field)
        moved = within(field, point)
        return usual_start(field) if another and not alive(field, moved) else moved

    def text(self, field: ScalarField) -> str:
        """What the text box shows of a field: what the reader typed, or would type."""
        return field.formula.text if field.formula else ""

    def box(self, field: ScalarField) -> dict[str, Any]:
        """The text box: what stands before it, what an empty one suggests, its lines."""
        label = f"f({', '.join(field.variables)}) ="
        hint = f"type a formula, for example {self._typed}"
        return {"label": label, "placeholder": hint, "lines": 1}

    def shown(self, field: ScalarField) -> str:
        """The key of the example that a field is, or "" for something else."""
        known = ((key, example.text) for key, example in self.examples.items())
        return next((key for key, text in known if text == field.text), "")

    def code(self, field: ScalarField) -> tuple[str, str]:
        """The arguments in Python that make a field again, and a line to go before them, or ""."""
        usual = None
        with suppress(FormulaError):  # a name that is one only because it was given
            usual = ScalarField(field.formula.text) if field.formula else None
        if usual is None or usual.variables != field.variables:
            source, before = _spelled(field)
            made = f"domain={plainly(field.domain)!r}, variables={field.variables!r}"
            return f"gw.ScalarField({source}, {made})", before
        text = repr(field.text)
        domain = "" if usual.domain == field.domain else f", domain={plainly(field.domain)!r}"
        return f"{text}{domain}", ""


def _spelled(field: ScalarField) -> tuple[str, str]:
    """What stands for the source in a line of Python, and a line that must go before."""
    if isinstance(field.source, str):
        return repr(field.text), ""
    return written(field.source, field.variables)


def within(field: ScalarField, point: Place) -> Place:
    """A point moved into the domain."""
    intervals = field.domain.values()
    return tuple(
        min(max(float(number), low), high)
        for number, (low, high) in zip(point, intervals, strict=True)
    )


def _over_wanted(source: Any, wanted: tuple[str, ...], least: int) -> ScalarField:
    example = named.find(source)
    source = example.field if isinstance(example, Example) else source
    field = source.alone if isinstance(source, ScalarField) else ScalarField(source)
    names = field.variables
    if isinstance(source, str) and field.formula:
        names = wanted if set(field.formula.variables) <= set(wanted) else names
    if field.formula:
        names = _padded(names or field.variables, least)
    return field if names == field.variables else _over(field, names)


_read = lru_cache(maxsize=64)(_over_wanted)  # one field, and what is traced of it, for all who ask


def _over(field: ScalarField, names: tuple[str, ...]) -> ScalarField:
    """A formula's field over other variables."""
    assert field.formula
    kept = {name: field.domain[name] for name in names if name in field.domain}
    made = ScalarField(field.formula.text, kept, names)
    made.start = field.start
    return made


def _padded(names: tuple[str, ...], least: int) -> tuple[str, ...]:
    """At least so many names: x and y help out."""
    spare = [name for name in ("x", "y") if name not in names]
    missing = max(0, least - len(names))
    return tuple(sorted((*names, *spare[:missing]))) if missing else names


def plainly(value: Any) -> Any:
    """A value with its numbers as a reader would write them."""
    if isinstance(value, float):
        return plain(value)
    if isinstance(value, tuple):
        return tuple(map(plainly, value))
    return {key: plainly(one) for key, one in value.items()} if isinstance(value, dict) else value
