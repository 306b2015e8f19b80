"""What the browser makes inputs of: options, buttons and pages as data.

front/form.js reads it. An item says what it is (`kind`), what stands beside it (`label`), and
where its value lives (`at`: a trait, and in a trait with parts the key of one). What an option
takes and what it means follows from its trait.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

import traitlets

from gradwidgets.calculus.formula import FormulaError

Item: TypeAlias = dict[str, Any]
Row: TypeAlias = list[Item]

_KINDS: dict[type, str] = {
    traitlets.Enum: "choice",
    traitlets.Bool: "switch",
    traitlets.Int: "number",
    traitlets.Float: "number",
    traitlets.Unicode: "text",
}


def option(owner: traitlets.HasTraits, name: str, label: str, **more: Any) -> Item:
    """An input for an option: its kind, its range or choices and its help are those of the trait.

    >>> from gradwidgets.explorers.gradient import GradientExplorer
    >>> made = option(GradientExplorer("x*y"), "density", "arrows along a side")
    >>> made["kind"], made["at"], made["low"], made["integer"]
    ('number', {'trait': 'density'}, 5, True)
    """
    trait: Any = owner.traits()[name]
    kind = next(kind for known, kind in _KINDS.items() if isinstance(trait, known))
    made: Item = {"kind": kind, "at": {"trait": name}, "label": label, "help": trait.help}
    if kind == "choice":
        made |= {"options": choices(trait.values or ()), "style": "buttons"}
    elif kind == "number":
        low, high = (trait.metadata.get(end, getattr(trait, end, None)) for end in ("min", "max"))
        whole = isinstance(trait, traitlets.Int)
        made |= {"low": low, "high": high, "step": 1 if whole else None, "integer": whole}
    return made | more


def some(owner: traitlets.HasTraits, name: str, titles: Mapping[str, str], label: str = "") -> Item:
    """Boxes to tick for an option that is a tuple of names; `titles` says what each is called."""
    help_text = owner.traits()[name].help
    offered = [[key, title] for key, title in titles.items()]
    return {
        "kind": "some", "at": {"trait": name}, "label": label, "help": help_text, "options": offered
    }  # fmt: skip


def choices(values: Iterable[str]) -> list[list[str]]:
    """Values that are called as they are."""
    return [[value, value] for value in values]


def button(do: str, label: str, **more: Any) -> Item:
    """A button that Python hears as `do`."""
    return {"kind": "button", "do": do, "label": label, **more}


def keep(trait: str, output: str, ask: str, label: str) -> Item:
    """A button by which a trait gets what the picture finds; without a program Python is asked."""
    return {"kind": "keep", "trait": trait, "output": output, "ask": ask, "label": label}


def page(title: str, rows: Sequence[Row], *, lazy: bool = False) -> dict[str, Any]:
    """A part that is folded at first; a `lazy` one is told to Python when it is opened."""
    return {"title": title, "rows": list(rows), "lazy": lazy}


def complaint(error: Exception, typed: str = "") -> str:
    """What is wrong, as HTML; for a formula with a mark under the place."""
    known = isinstance(error, ValueError | traitlets.TraitError)
    text = html.escape(str(error) if known else named(error))
    said = f"<span role='alert'>{text}</span>"
    if not isinstance(error, FormulaError) or error.position is None or not typed.strip():
        return said
    start = max(0, error.position - 30)
    shown = html.escape(typed[start : error.position + 30].replace("\n", " "))
    caret = " " * (error.position - start) + "▲"
    return f"<pre aria-hidden='true'>{shown}\n{caret}</pre>{said}"


def named(error: Exception) -> str:
    """An error of the user's own code, with its kind."""
    return f"{type(error).__name__}: {error}"
