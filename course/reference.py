"""The reference: of every public name its signature, its docstring, and what it can do."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import traitlets

import gradwidgets as gw
from course import docstrings
from gradwidgets.calculus.catalog import Example
from gradwidgets.calculus.datasets import Dataset
from gradwidgets.explorers.base import Explorer

GROUPS: Mapping[str, tuple[str, ...]] = {
    "Explorers": (
        *("DerivativeExplorer", "PartialsExplorer", "GradientExplorer", "DescentExplorer"),
        *("RaceExplorer", "CurvatureExplorer", "TapeExplorer", "FitExplorer"),
    ),
    "Tasks": ("task",),
    "Explorers together": ("link", "Link", "save_page"),
    "Functions and their derivatives": (
        *("ScalarField", "Grid", "Kink", "Formula", "FormulaError", "catalog", "Example"),
    ),
    "Search": ("descend", "Trajectory"),
    "Data": ("datasets", "Dataset"),
    "Notebooks that are saved": ("options",),
    "Tapes": ("GradientTape", "Variable", "constant"),
}
EVERY = "Explorer"  # the page of what all explorers share
SHARED = "What every explorer can do, whatever it shows."
TABLES = {
    "catalog": "Functions worth looking at, by their names: each is an `Example`.",
    "datasets": "Small sets of data in the public domain, by their names: each is a `Dataset`.",
}


@dataclass(frozen=True)
class Member:
    """A method or property of a class."""

    name: str
    heading: str
    told: str


@dataclass(frozen=True)
class Entry:
    """A public name."""

    name: str
    heading: str
    summary: str
    told: str
    members: tuple[Member, ...] = ()
    explorer: type[Explorer] | None = None  # the class, where it can be shown

    @property
    def page(self) -> str:
        """The name of its page."""
        return page_of(self.name)


def page_of(name: str) -> str:
    """The page of a public name."""
    return f"{name}.html"


def grouped() -> dict[str, list[Entry]]:
    """All entries, by what they are for."""
    return {group: [entry(name) for name in names] for group, names in GROUPS.items()}


def entry(name: str) -> Entry:
    """What is to be said of a public name."""
    thing = getattr(gw, name)
    text = TABLES.get(name) or inspect.getdoc(thing) or ""
    is_explorer = inspect.isclass(thing) and issubclass(thing, Explorer)
    told = docstrings.as_html(text, _links(), level=2) + (
        _rows(name, thing) if name in TABLES else ""
    )
    return Entry(
        name,
        _heading(f"gw.{name}", thing),
        docstrings.prose(_summary(text), _links()),
        told,
        tuple(_members(thing, Explorer if is_explorer else object)),
        thing if is_explorer else None,
    )


def every_explorer() -> Entry:
    """What all explorers can do."""
    told = docstrings.as_html(SHARED, _links())
    return Entry(EVERY, "Every explorer", SHARED, told, tuple(_members(Explorer, object)))


def _links() -> dict[str, str]:
    return {name: page_of(name) for name in gw.__all__}


def _summary(text: str) -> str:
    """The first sentence of a docstring."""
    return " ".join(text.split("\n\n")[0].split())


def _heading(shown: str, thing: Any) -> str:
    """A name with its parameters, as far as it has any."""
    if not callable(thing):
        return shown
    parameters = inspect.signature(thing).parameters.values()
    plain = [one.replace(annotation=inspect.Parameter.empty) for one in parameters]
    told = inspect.Signature([one for one in plain if one.name != "self"])
    return f"{shown}{told}"


def _members(cls: Any, base: type) -> Iterator[Member]:
    """The documented members that a class has and its base has not."""
    if not inspect.isclass(cls):
        return
    for name in dir(cls):
        member = inspect.getattr_static(cls, name)
        text = inspect.getdoc(member)
        if name[0] == "_" or not text or not _is_own(member) or hasattr(base, name):
            continue
        heading = _heading(name, member) if inspect.isroutine(member) else name
        yield Member(name, heading, docstrings.as_html(text, _links()))


def _is_own(member: Any) -> bool:
    """Whether it was written in this package, as a method or property; options have been told."""
    if isinstance(member, traitlets.TraitType):
        return False
    made = getattr(member, "fget", None) or getattr(member, "func", None) or member
    return str(getattr(made, "__module__", "")).startswith("gradwidgets")


def _rows(name: str, table: Mapping[str, Any]) -> str:
    """A table of the package as a list."""
    row = _example if name == "catalog" else _dataset
    return "\n".join(["<dl>", *map(row, table, table.values()), "</dl>"])


def _example(key: str, example: Example) -> str:
    formula = docstrings.prose(f"`{example.field.text}`", {})
    lesson = docstrings.prose(example.lesson, {})
    return f"<dt><code>{key}</code> · {example.title}</dt><dd>{formula}. {lesson}</dd>"


def _dataset(key: str, data: Dataset) -> str:
    columns = ", ".join(f"`{name}` ({unit})" for name, unit in data.units.items())
    told = docstrings.prose(f"{columns}. {data.source}", {})
    return f"<dt><code>{key}</code> · {data.title}</dt><dd>{told}</dd>"
