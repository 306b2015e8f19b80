"""Long work that shows itself: a bar, and a button that ends it."""

from __future__ import annotations

import asyncio
import contextvars
import threading
import traceback
from collections.abc import Callable
from functools import partial
from typing import Any, TypeAlias, TypeVar

Told: TypeAlias = Callable[[int, int], None]
T = TypeVar("T")

REST = 0.2  # seconds without other work, until work is begun where there are no threads


class CancelledError(Exception):
    """The work was ended before it was done."""


class Work:
    """One piece of work at a time; `show` hears how it stands, as data for the browser.

    That is a dict with its `name`, the `share` that is done, whether it may be ended by `cancel`,
    and what is `said` when it is done; an empty one without work. The work is a function that calls
    its argument with what is done and what there is to do; when it was cancelled, that call raises
    `CancelledError`. `tell` hears of an error on a thread.
    """

    def __init__(
        self, show: Callable[[dict[str, Any]], None], tell: Callable[[Exception], None]
    ) -> None:
        self._show, self._tell = show, tell
        self._stop, self._busy, self._share = threading.Event(), False, 0.0
        self._thread: threading.Thread | None = None
        self._shown: dict[str, Any] = {}
        self._due: Callable[[], None] | None = None  # without threads: what is not begun yet
        self._timer: asyncio.TimerHandle | None = None

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

        Where there are no threads, as in a browser's Python, it is done by the event loop once
        nothing else has been started for a moment, or by `wait`, and without a loop at once; it
        has no button then: nobody would hear it. `done` is said at the end, until
        other work begins.
        """
        stop = self._begin(name, button=True)

        def work() -> None:
            said = ""
            try:
                task(self._teller(stop))
                said = done
            except CancelledError:
                said = "Cancelled."
            except Exception as error:
                self._tell(error)
                raise
            finally:
                self._end(stop, said)

        # The thread's messages belong to the cell or message that asked for them.
        job = partial(contextvars.copy_context().run, work)
        self._thread = threading.Thread(target=job, daemon=True)
        try:
            self._thread.start()
        except RuntimeError:
            self._thread = None
            self._put_off(job)

    def cancel(self) -> None:
        """End the work at its next report."""
        self._stop.set()

    def wait(self, seconds: float | None = None) -> None:
        """Return when no work is going on, or after so many seconds; within the work at once.

        Work that only waits for the event loop is done here, however long it takes.
        """
        self._do_due()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join(seconds)

    @property
    def busy(self) -> bool:
        """Whether work is going on."""
        return self._busy

    def _put_off(self, job: Callable[[], None]) -> None:
        self._shown = {**self._shown, "cancel": False}
        self._show(self._shown)
        self._due = job
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            self._do_due()
            return
        if self._timer is not None:
            self._timer.cancel()
        self._timer = loop.call_later(REST, self._do_due)

    def _do_due(self) -> None:
        job, self._due = self._due, None
        if job is not None:
            try:
                job()
            except Exception:  # it was told; a thread would print it, too
                traceback.print_exc()

    def _begin(self, name: str, button: bool) -> threading.Event:
        self.cancel()
        self._due = None
        self._stop, self._busy, self._share = threading.Event(), True, 0.0
        self._shown = {"name": name, "share": 0.0, "cancel": button}
        self._show(self._shown)
        return self._stop

    def _end(self, stop: threading.Event, said: str = "") -> None:
        if stop is self._stop:
            self._busy = False
            self._show({"said": said} if said else {})

    def _teller(self, stop: threading.Event) -> Told:
        def told(done: int, total: int) -> None:
            if stop.is_set():
                raise CancelledError("the work was cancelled")
            share = done / max(total, 1)
            if stop is self._stop and (share - self._share >= 0.02 or share >= 1):
                self._share = share  # each change is a message
                self._show({**self._shown, "share": share})

        return told
