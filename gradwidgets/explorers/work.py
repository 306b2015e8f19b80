"""Long work that shows itself: a bar, and a button that ends it."""

from __future__ import annotations

import contextvars
import threading
from collections.abc import Callable
from typing import Any, TypeAlias, TypeVar

import ipywidgets as ipw

Told: TypeAlias = Callable[[int, int], None]
T = TypeVar("T")


class CancelledError(Exception):
    """The work was ended before it was done."""


class Work:
    """One piece of work at a time, with a bar and a button in `box`, which is empty without work.

    The work is a function that calls its argument with what is done and what there is to do; when
    it was cancelled, that call raises `CancelledError`. `tell` hears of an error on a thread.
    """

    def __init__(self, tell: Callable[[Exception], None]) -> None:
        self._tell = tell
        self._bar = ipw.FloatProgress(min=0.0, max=1.0, layout=ipw.Layout(width="240px"))
        self._text = ipw.Label()
        self._button = ipw.Button(description="Cancel", icon="stop", layout={"width": "100px"})
        self._button.on_click(lambda _: self.cancel())
        self.box = ipw.HBox(layout=ipw.Layout(align_items="center", flex_flow="row wrap"))
        self._parts = (self._text, self._bar, self._button)
        self.box.children = self._parts
        self.box.layout.display = "none"
        self._stop, self._busy = threading.Event(), False
        self._thread: threading.Thread | None = None

    def run(self, name: str, task: Callable[[Told], T]) -> T:
        """Do the work here and now, without a button: nobody would hear it before the end.

        Raises:
            CancelledError: `cancel` was called meanwhile.
        """
        stop = self._begin(name, button=False)
        try:
            return task(self._teller(stop))
        finally:
            self._end(stop)

    def start(self, name: str, task: Callable[[Told], Any], done: str = "") -> None:
        """Do the work on a thread of its own; what is going on is ended first.

        `done` is said when it is done, until other work begins.
        """
        stop = self._begin(name, button=True)

        def work() -> None:
            said = ""
            try:
                task(self._teller(stop))
                said = done
            except CancelledError:
                pass
            except Exception as error:
                self._tell(error)
                raise
            finally:
                self._end(stop, said)

        # The thread's messages belong to the cell or message that asked for them.
        context = contextvars.copy_context()
        self._thread = threading.Thread(target=context.run, args=(work,), daemon=True)
        self._thread.start()

    def cancel(self) -> None:
        """End the work at its next report."""
        self._stop.set()

    def wait(self, seconds: float | None = None) -> None:
        """Return when no work is going on, or after so many seconds; within the work at once."""
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join(seconds)

    @property
    def busy(self) -> bool:
        """Whether work is going on."""
        return self._busy

    def _begin(self, name: str, button: bool) -> threading.Event:
        self.cancel()
        self._stop, self._busy = threading.Event(), True
        self._text.value, self._bar.value = name, 0.0
        self._bar.layout.display = self.box.layout.display = ""
        self._button.layout.display = "" if button else "none"
        return self._stop

    def _end(self, stop: threading.Event, said: str = "") -> None:
        if stop is not self._stop:
            return
        self._busy, self._text.value = False, said
        self._bar.layout.display = self._button.layout.display = "none"
        self.box.layout.display = "" if said else "none"

    def _teller(self, stop: threading.Event) -> Told:
        def told(done: int, total: int) -> None:
            if stop.is_set():
                raise CancelledError("the work was cancelled")
            share = done / max(total, 1)
            if share - self._bar.value >= 0.02 or share >= 1:  # each change is a message
                self._bar.value = share

        return told
