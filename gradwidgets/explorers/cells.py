"""After every executed cell: explorers of callables look at what their callables read."""

from __future__ import annotations

import sys
import weakref
from typing import Any

from gradwidgets.explorers import still

_open: weakref.WeakSet[Any] = weakref.WeakSet()
_listening: list[Any] = []  # the shells that tell of their cells


def follow(explorer: Any) -> None:
    """From now on let an explorer look again after every executed cell, while it lives."""
    _open.add(explorer)
    shell = _shell()
    if shell is not None and shell not in _listening:
        _listening.append(shell)
        shell.events.register("post_run_cell", look_again)
        still.follow(shell)


def look_again(_result: Any = None) -> None:
    """Let all explorers whose function is a callable settle what has changed around it."""
    for explorer in list(_open):
        if explorer.comm is not None and explorer.field.watch:
            with explorer._guard(explorer._tell_below):
                explorer._life.changed("cell")


def _shell() -> Any:
    """IPython's shell, where there is one; without it nothing has been executed in cells."""
    module = sys.modules.get("IPython")
    return module.get_ipython() if module else None
