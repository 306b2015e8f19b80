"""What a notebook that is saved holds of explorers: a picture alone, one that lives, or nothing."""

from __future__ import annotations

from typing import Any

from gradwidgets.explorers.exported import StillError
from gradwidgets.rendering import outputs, paint

SAVED = ("live", "picture", "nothing")
_chosen = {"saved": SAVED[0]}


def options(*, saved: str | None = None) -> dict[str, str]:
    """Choose what holds for all explorers from now on; returned is what holds.

    Args:
        saved: what a saved notebook shows of an explorer before its cell has run: 'live', a picture
            that moves wherever scripts may run; 'picture', which stays still; or 'nothing'.

    Raises:
        ValueError: a choice that there is not.

    >>> options(saved="picture")
    {'saved': 'picture'}
    >>> options(saved="live")
    {'saved': 'live'}
    """
    if saved is not None:
        if saved not in SAVED:
            raise ValueError(f"saved is one of {', '.join(map(repr, SAVED))}, not {saved!r}")
        _chosen["saved"] = saved
    return dict(_chosen)


def is_saved() -> bool:
    """Whether anything of an explorer is saved."""
    return _chosen["saved"] != "nothing"


def is_live() -> bool:
    """Whether that may live."""
    return _chosen["saved"] == "live"


def picture_of(explorer: Any) -> tuple[bytes, str]:
    """The picture as it is now, and its captions."""
    scene = explorer._still_scene()
    return paint.small_png(scene), " ".join(scene.captions)


def packet_of(explorer: Any) -> bytes:
    """What brings the picture to life; b"" where only Python could, or where it were too much."""
    try:
        packet: bytes = explorer._packet_now()
    except StillError:
        return b""
    return packet if len(packet) * 4 / 3 < outputs.MOST else b""
