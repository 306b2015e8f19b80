"""Explorers of a search: their options that follow from the table of methods."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import traitlets

from gradwidgets.calculus.rules import all_parameters, methods
from gradwidgets.explorers.base import Explorer
from gradwidgets.explorers.options import Within


def by_table() -> dict[str, traitlets.TraitType[Any, Any]]:
    """The options that follow from the table: which method, and what each of them takes."""
    menu = traitlets.Enum(tuple(methods), "gradient descent", help="the update rule")
    made: dict[str, traitlets.TraitType[Any, Any]] = {"method": menu.tag(picture=True)}
    for name, known in all_parameters().items():
        having = [key for key, method in methods.items() if name in method.parameters]
        told = f"{known.symbol}, {known.meaning}; for {', '.join(having)}"
        number = Within(known.usual, help=told)
        made[name] = number.tag(control=True, min=known.lowest, max=known.high)
    return made


class MethodExplorer(Explorer):
    """What explorers share that search by a method of the table.

    A subclass puts `by_table` among its own options.
    """

    method: Any
    _ready = False  # a table that can't be taken ends the making before it has begun

    def __init__(self, source: Any = None, **options: Any) -> None:
        known: Mapping[str, Any] = self.traits()
        own = all_parameters()
        if known["method"].values != tuple(methods) or own.keys() - known.keys():
            _refuse_taken(own.keys() & known.keys(), known)
            self.add_traits(**by_table())  # the table has changed since this class was made
        super().__init__(source, **options)


def _refuse_taken(names: Iterable[str], known: Mapping[str, Any]) -> None:
    for name in names:
        if not isinstance(known[name], Within):
            raise ValueError(f"a parameter has a name of its own: {name} is something else here")
