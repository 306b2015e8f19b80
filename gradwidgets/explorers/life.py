"""The life of a state: several changes are one, and all of them are taken or none."""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import wraps
from types import MappingProxyType
from typing import Any

# Cells and the page's messages may run on different threads; linked explorers call each other.
_one_at_a_time = threading.RLock()


def in_turn(method: Callable[..., Any]) -> Callable[..., Any]:
    """A method that waits until no other thread changes an explorer."""

    @wraps(method)
    def waiting(*args: Any) -> Any:
        with _one_at_a_time:
            return method(*args)

    return waiting


@contextmanager
def garbage_waits() -> Iterator[None]:
    """Python looks for cycles of garbage afterwards, and not in the middle of an answer.

    A traced picture is ten thousands of objects, and none of them is garbage: looking at them again
    and again takes a third of the time.
    """
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


class Life:
    """Holds changes of a state until they are settled, and knows the last good state.

    `read` returns the state by name, `write` sets a part of it. `settle` brings what is shown to
    the state, for the names that have changed; where it raises, the last good state is written
    back, else `settled` is called when all is done.

    >>> state = {"x": 1}
    >>> def settle(names):
    ...     if state["x"] < 0:
    ...         raise ValueError("x is negative")
    >>> life = Life(lambda: dict(state), state.__setitem__, settle)
    >>> state["x"] = 2; life.changed("x")
    >>> try:
    ...     state["x"] = -1; life.changed("x")
    ... except ValueError:
    ...     state["x"]
    2
    """

    def __init__(
        self,
        read: Callable[[], dict[str, Any]],
        write: Callable[[str, Any], None],
        settle: Callable[[set[str]], None],
        settled: Callable[[], None] = lambda: None,
    ) -> None:
        self._read, self._write, self._settle, self._settled = read, write, settle, settled
        self._stale = set[str]()
        self._holding = False
        self.good: Mapping[str, Any] = MappingProxyType({})

    @contextmanager
    def together(self) -> Iterator[None]:
        """Several changes, one recomputation; all of them or none."""
        with _one_at_a_time:
            if self._holding:  # within another: that one will settle
                yield
                return
            self._holding = True
            try:
                yield
            except BaseException:
                self._restore()
                raise
            finally:
                self._holding = False
            self._settle_all()

    @in_turn
    def changed(self, *names: str) -> None:
        """Something has been set; it is settled now, or at the end of what is done together."""
        self._stale |= set(names)
        if not self._holding:
            self._settle_all()

    def accept(self) -> None:
        """What there is now is good."""
        self.good = MappingProxyType(self._read())
        self._stale.clear()

    def _settle_all(self) -> None:
        stale, self._stale = self._stale, set()
        if not stale:
            return
        self._holding = True
        try:
            self._settle(stale)
            self.accept()
        except BaseException:
            self._restore()
            raise
        finally:
            self._holding = False
        self._settled()

    def _restore(self) -> None:
        for name, value in self.good.items():
            self._write(name, value)
        self._stale.clear()
