"""Copies of an explorer, for a while and unheard: what it would show, while it stays as it is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

unheard = ContextVar("unheard", default=False)  # whether what is made now stays in Python


@contextmanager
def copied(explorer: Any) -> Iterator[Any]:
    """A copy for a while, of which no browser hears."""
    options = {name: getattr(explorer, name) for name in explorer._option_names()}
    token = unheard.set(True)
    try:
        made = type(explorer)(explorer.field, point=explorer.point, **options)
    finally:
        unheard.reset(token)
    try:
        yield made
    finally:
        made.close()
