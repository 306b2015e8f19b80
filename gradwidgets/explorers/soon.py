"""Words that follow in a moment: a drag need not wait for them, nor carry them each time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

MOMENT = 0.1  # seconds


class Soon:
    """Calls a function a moment after it is asked to, once for all that is asked until then.

    Without an event loop nobody would come back to it: then it is called at once.

    >>> told = []
    >>> soon = Soon(lambda: told.append("all that is new"))
    >>> soon()
    >>> told
    ['all that is new']
    """

    def __init__(self, tell: Callable[[], None]) -> None:
        self._tell, self._due = tell, float("-inf")

    def __call__(self) -> None:
        """Ask for it."""
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            self._tell()
            return
        if self._due < loop.time():
            self._due = loop.time() + MOMENT
            loop.call_later(MOMENT, self._tell)
