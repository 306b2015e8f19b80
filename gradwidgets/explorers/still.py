"""A still picture in an output of its own, before the live view: for readers without a kernel.

It is empty at first, filled when the cell has run, and painted anew a while after the last change.
Where the view lives, it hides this output, which is in the page all the same and is saved with it.
"""

from __future__ import annotations

import asyncio
import base64
import html
import os
import weakref
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, suppress
from typing import Any
from uuid import uuid4

import ipywidgets as ipw
import traitlets

from gradwidgets.pictures.scene import Scene
from gradwidgets.rendering import paint

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

    def _guard(self, tell: Callable[[Exception], None]) -> AbstractContextManager[None]:
        """Around what nobody has called for, and nobody would hear fail."""
        raise NotImplementedError

    def _tell_below(self, error: Exception) -> None:
        raise NotImplementedError


_shown: weakref.WeakSet[Pictured] = weakref.WeakSet()  # those that have such an output
_empty: weakref.WeakSet[Pictured] = weakref.WeakSet()  # of which nothing is in it yet
_old: weakref.WeakSet[Pictured] = weakref.WeakSet()  # changed since they were painted
_loops: list[asyncio.AbstractEventLoop] = []  # that of the cells, the last one that was seen
_timers: list[asyncio.TimerHandle] = []
_shells: list[Any] = []


def follow(shell: Any) -> None:
    """From now on explorers that a shell with a kernel shows have still pictures.

    Not in Voilà, whose pages nobody saves: there they cost half of a kernel's memory and start.
    """
    if shell in _shells or not hasattr(shell, "kernel") or "VOILA_KERNEL_ID" in os.environ:
        return
    _shells.append(shell)
    shell.events.register("post_run_cell", fill)
    shell.display_formatter.mimebundle_formatter.for_type(ipw.Box, _boxed)


def announce(explorer: Pictured) -> None:
    """Before the view: an output that will hold the picture."""
    if _shells:
        _shown.add(explorer)
        _empty.add(explorer)
        _remember_loop()
        _publish(explorer, {"text/html": "", "text/plain": ""}, update=False)


def changed(explorer: Pictured) -> None:
    """What is shown has changed: it is painted anew when nothing changes any more."""
    if explorer in _shown:
        _old.add(explorer)
        for loop in _loops:  # the page may be answered on another thread
            if not loop.is_closed():
                loop.call_soon_threadsafe(_later, REST)


def forget(explorer: Pictured) -> None:
    """It is closed: its output stays as it is."""
    for explorers in (_shown, _empty, _old):
        explorers.discard(explorer)


def fill(_result: Any = None) -> None:
    """After a cell: paint what it has shown."""
    for explorer in list(_empty):
        _paint(explorer)


def within(widget: Any) -> Iterator[Pictured]:
    """The explorers in a layout, in their order, and in the layouts in it."""
    if isinstance(widget, Pictured):
        yield widget
    for child in getattr(widget, "children", ()):
        yield from within(child)


def _boxed(box: ipw.Box) -> Any:
    """How IPython shows a layout: first the outputs of the explorers in it."""
    for explorer in within(box):
        announce(explorer)
    return box._repr_mimebundle_()


def _remember_loop() -> None:
    with suppress(RuntimeError):  # then no loop runs, and only a cell's end fills outputs
        _loops[:] = [asyncio.get_running_loop()]


def _later(seconds: float) -> None:
    """Paint one picture after so many seconds in which nothing else asks for that."""
    for timer in _timers:
        timer.cancel()
    _timers[:] = [asyncio.get_running_loop().call_later(seconds, _paint_one)]


def _paint_one() -> None:
    explorer = next(iter(_old), None)
    if explorer is not None:
        _paint(explorer)
        _later(BETWEEN)


def _paint(explorer: Pictured) -> None:
    _empty.discard(explorer)
    _old.discard(explorer)
    with explorer._guard(explorer._tell_below):
        _publish(explorer, as_bundle(explorer), update=True)


def as_bundle(explorer: Pictured) -> dict[str, str]:
    """The picture as it is now, as an output's data."""
    scene = explorer._still_scene()
    image = base64.b64encode(paint.small_png(scene)).decode()
    told = " ".join(scene.captions)
    page = (
        f'<img class="gw-still" data-gw-still="{explorer._still}" alt="{html.escape(told)}" '
        f'style="max-width: 100%" src="data:image/png;base64,{image}">'
    )
    return {"text/html": page, "text/plain": told}


def _publish(explorer: Pictured, bundle: dict[str, str], update: bool) -> None:
    told = {"display_id": f"gradwidgets-{explorer._still}"}
    _shells[-1].display_pub.publish(bundle, transient=told, update=update)
