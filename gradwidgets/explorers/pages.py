"""Several explorers on one page without a kernel."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from gradwidgets.explorers.base import Explorer
from gradwidgets.rendering import page


def save_page(
    path: str | Path, explorers: Iterable[Explorer], *, title: str = "", nonce: str = ""
) -> None:
    """Write one page of several explorers, alive without a kernel or a network, to an .html file.

    They share one copy of all that they need, so that ten cost little more than their numbers.
    Those that are linked share point and window there, too.

    Args:
        path: where to write it.
        explorers: what stands on it, from top to bottom.
        title: what stands above them, and names the page.
        nonce: the word by which the page's content policy knows its own scripts.

    Raises:
        ValueError: another ending, or nothing to show.
    """
    shown, path = list(explorers), Path(path)
    if path.suffix.lower() != ".html":
        raise ValueError(f"a page is an .html file, not {path.name!r}")
    if not shown:
        raise ValueError("a page needs at least one explorer")
    fragments = [explorer.to_html(script=False) for explorer in shown]
    name = title or ", ".join(dict.fromkeys(explorer.field.text for explorer in shown))
    path.write_text(page.whole(fragments, name, nonce=nonce, heading=bool(title)), "utf-8")
