"""What explorers share that are handed on: a task is done, or goes on elsewhere, as it stands."""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import urlencode

from gradwidgets.calculus.wording import plain
from gradwidgets.explorers.base import Explorer

FIXED = "The task is about this function."  # why nobody types another one


class Task(NamedTuple):
    """A task as it stands: its sentence, whether it is done, how many tries it took, what is told
    of the last one.
    """

    text: str
    done: bool
    tries: int
    found: str


class Handed(Explorer):
    """An explorer with a task."""

    @property
    def task(self) -> Task:
        """The task as it stands."""
        raise NotImplementedError

    def _addressed(self) -> dict[str, float]:
        """The controls whose values an address tells."""
        values = self._values(self._shown)
        return {
            control.name: value for control, value in zip(self._shown.controls, values, strict=True)
        }

    def link(self, page: str) -> str:
        """The address at which a page of this task opens as it stands now.

        Args:
            page: the address of a page that `save` has written. What was typed since it does not
                know.
        """
        told = {name: f"{plain(value):.12g}" for name, value in self._addressed().items()}
        return f"{page}#{urlencode(told)}"
