"""Explorers that move together: one function and one point for several pictures."""

from __future__ import annotations

from typing import Any

from gradwidgets.explorers import joined
from gradwidgets.explorers.base import Explorer


class Link:
    """Keeps explorers in step until `unlink` is called.

    The function goes from one to the others wherever they can show it; the point and the domain
    go with it where the variables are the same.
    """

    def __init__(self, first: Explorer, *others: Explorer) -> None:
        self._explorers = (first, *others)
        self._busy = False
        self._told = dict[Explorer, list[dict[str, Any]]]()
        for explorer in self._explorers:
            explorer.settled.register_callback(self._share)
        self._share(first)

    def unlink(self) -> None:
        """Let the explorers go their own ways again."""
        for explorer in self._explorers:
            explorer.settled.register_callback(self._share, remove=True)
            self._join(explorer, [])

    def _share(self, source: Explorer) -> None:
        if self._busy:
            return
        self._busy = True
        try:
            for explorer in self._explorers if source._shares else ():
                if explorer is not source and explorer._shares:
                    explorer._take(source.field, source.point)
            for explorer in self._explorers:
                others = [other for other in self._explorers if _in_step(explorer, other)]
                self._join(explorer, [joined.point_of(other) for other in others])
        finally:
            self._busy = False

    def _join(self, explorer: Explorer, entries: list[dict[str, Any]]) -> None:
        """Tell the browser which points are one explorer's, too."""
        before = self._told.get(explorer, [])
        if entries != before:
            others = [entry for entry in explorer._joined if entry not in before]
            explorer._joined, self._told[explorer] = [*others, *entries], entries


def _in_step(one: Explorer, other: Explorer) -> bool:
    """Whether two open explorers show one function of the same variables."""
    open_ = one is not other and one.comm is not None and other.comm is not None
    open_ = open_ and one._shares and other._shares
    same = one.field.origin == other.field.origin and one.field.variables == other.field.variables
    return open_ and same


def link(first: Explorer, *others: Explorer) -> Link:
    """Let explorers share function and point; the first one's are taken at the start.

    >>> from gradwidgets import GradientExplorer, PartialsExplorer
    >>> a, b = GradientExplorer("x*y"), PartialsExplorer("x + y")
    >>> together = link(a, b)
    >>> b.point = (1, 2)
    >>> a.point, b.field.text
    ((1.0, 2.0), 'x*y')
    >>> together.unlink(); a.close(); b.close()
    """
    return Link(first, *others)
