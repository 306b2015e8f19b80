"""Copies of an explorer, for a while and unheard: what it would show, while it stays as it is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from gradwidgets.pictures.picture import Picture

# Set while an explorer is copied, of which no browser is to hear; in it stands the picture that the
# copy opens with, where it is known.
copying: ContextVar[list[Picture] | None] = ContextVar("copying", default=None)


@contextmanager
def copied(explorer: Any, *pictures: Picture, field: Any = None) -> Iterator[Any]:
    """A copy for a while, of which no browser hears; its picture may be known."""
    options = {name: getattr(explorer, name) for name in explorer._option_names()}
    token = copying.set([*pictures])
    try:
        made = explorer._again(field or explorer.field, options)
    finally:
        copying.reset(token)
    try:
        yield made
    finally:
        made.close()
