"""What is saved of an explorer, in an output of its own before the live view.

It is empty at first, and a picture when the cell has run. When the kernel rests, what brings the
picture to life is put beside it, and a script below it for all explorers of an output; a while
after the last change all is made anew. Where the view lives it hides these outputs, which are in
the page all the same and are saved with it.
"""

from __future__ import annotations

import asyncio
import os
import weakref
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, suppress
from typing import Any
from uuid import uuid4

import ipywidgets as ipw
import traitlets

from gradwidgets.explorers import saved
from gradwidgets.pictures.scene import Scene
from gradwidgets.rendering import outputs

REST = 2.0  # seconds without a change, until a picture is painted anew
BETWEEN = 0.05  # seconds between two of them, for whatever has come to be done


class Pictured(traitlets.HasTraits):
    """What has a still picture: an explorer, which says how its methods here do what they do."""

    _still = traitlets.Unicode(help="the name of its still picture").tag(sync=True)

    @traitlets.default("_still")
    def _own_still(self) -> str:
        return uuid4().hex

    def _still_scene(self) -> Scene:
        """The scene for a picture that does not move."""
        raise NotImplementedError

    def _packet_now(self) -> bytes:
        """What brings the picture to life."""
        raise NotImplementedError

    def _guard(self, tell: Callable[[Exception], None]) -> AbstractContextManager[None]:
        """Around what nobody has called for, and nobody would hear fail."""
        raise NotImplementedError

    def _tell_below(self, error: Exception) -> None:
        raise NotImplementedError


_shown: weakref.WeakSet[Pictured] = weakref.WeakSet()  # those that have such an output
_empty: weakref.WeakSet[Pictured] = weakref.WeakSet()  # of which nothing is in it yet
_old: weakref.WeakSet[Pictured] = weakref.WeakSet()  # of which more belongs into it, or another
_made: weakref.WeakKeyDictionary[Pictured, tuple[bytes, str]] = weakref.WeakKeyDictionary()
_scripts: weakref.WeakKeyDictionary[Pictured, set[str]] = weakref.WeakKeyDictionary()  # to come
_loops: list[asyncio.AbstractEventLoop] = []  # that of the cells, the last one that was seen
_timers: list[asyncio.TimerHandle] = []
_shells: list[Any] = []


def follow(shell: Any) -> None:
    """From now on explorers that a shell with a kernel shows are saved with the notebook.

    Not in Voilà, whose pages nobody saves: there pictures cost half of a kernel's memory and start.
    """
    if shell in _shells or not hasattr(shell, "kernel") or "VOILA_KERNEL_ID" in os.environ:
        return
    _shells.append(shell)
    shell.events.register("post_run_cell", fill)
    shell.display_formatter.mimebundle_formatter.for_type(ipw.Box, _boxed)


def announce(*explorers: Pictured) -> None:
    """Before the view: outputs that will hold the pictures, and one for their script."""
    if not (_shells and explorers and saved.is_saved()):
        return
    _remember_loop()
    for explorer in explorers:
        _shown.add(explorer)
        _empty.add(explorer)
        _publish(explorer._still, "", update=False)
    if saved.is_live():
        script = f"{explorers[0]._still}-script"
        for explorer in explorers:
            _scripts.setdefault(explorer, set()).add(script)
        _publish(script, "", update=False)


def changed(explorer: Pictured) -> None:
    """What is shown has changed: it is painted anew when nothing changes any more."""
    if explorer in _shown:
        _old.add(explorer)
        _made.pop(explorer, None)
        _at_rest()


def forget(explorer: Pictured) -> None:
    """It is closed: its output stays as it is."""
    for explorers in (_shown, _empty, _old):
        explorers.discard(explorer)


def fill(_result: Any = None) -> None:
    """After a cell: paint what it has shown; all of it at once where nobody would come back."""
    later = _is_seen() and _at_rest()
    for explorer in [*_empty] if later else [*_empty, *(_old - _empty)]:
        _paint(explorer, live=not later)


def within(widget: Any) -> Iterator[Pictured]:
    """The explorers in a layout, in their order, and in the layouts in it."""
    if isinstance(widget, Pictured):
        yield widget
    for child in getattr(widget, "children", ()):
        yield from within(child)


def _boxed(box: ipw.Box) -> Any:
    """How IPython shows a layout: first the outputs of the explorers in it."""
    announce(*dict.fromkeys(within(box)))
    return box._repr_mimebundle_()


def _is_seen() -> bool:
    """Whether a page is behind the cell; what runs a notebook without one can't be asked."""
    told: list[Any] = [getattr(shell, "get_parent", dict)() for shell in _shells[-1:]]
    return all(asked.get("content", {}).get("allow_stdin", True) for asked in told)


def _remember_loop() -> None:
    with suppress(RuntimeError):  # then no loop runs, and only a cell's end fills outputs
        _loops[:] = [asyncio.get_running_loop()]


def _at_rest() -> bool:
    """Let it be painted when nothing happens any more; whether anybody will."""
    there = [loop for loop in _loops if not loop.is_closed()]
    for loop in there:  # the page may be answered on another thread
        loop.call_soon_threadsafe(_later, REST)
    return bool(there)


def _later(seconds: float) -> None:
    """Paint one picture after so many seconds in which nothing else asks for that."""
    for timer in _timers:
        timer.cancel()
    _timers[:] = [asyncio.get_running_loop().call_later(seconds, _paint_one)]


def _paint_one() -> None:
    explorer = next(iter(_old), None)
    if explorer is not None:
        _paint(explorer, live=True)
        _later(BETWEEN)


def _paint(explorer: Pictured, live: bool) -> None:
    """Fill its output, with what moves as well, or with that to come."""
    _empty.discard(explorer)
    _old.discard(explorer)
    with explorer._guard(explorer._tell_below):
        picture = _made[explorer] = _made.get(explorer) or saved.picture_of(explorer)
        packet = b""
        if saved.is_live():
            if live:
                packet = saved.packet_of(explorer)
            else:
                _old.add(explorer)
        _publish(explorer._still, outputs.pictured(explorer._still, *picture, packet), picture[1])
        if packet:
            _publish_scripts(explorer)


def _publish_scripts(explorer: Pictured) -> None:
    """Those that are to come in an output where it stands, each once."""
    for script in [*_scripts.pop(explorer, ())]:
        for others in _scripts.values():
            others.discard(script)
        _publish(script, outputs.script())


def _publish(name: str, page: str, plain: str = "", update: bool = True) -> None:
    told, bundle = {"display_id": f"gradwidgets-{name}"}, {"text/html": page, "text/plain": plain}
    _shells[-1].display_pub.publish(bundle, transient=told, update=update)
