"""matplotlib's settings while we paint: its own, never the reader's, who gets theirs back."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from types import MappingProxyType
from typing import Any

import numpy as np

# Settings and the reader of mathematics are one for all threads; a kernel may answer on several.
one_at_a_time = threading.RLock()

# What belongs to the machine, to the session or to the kind of file, not to the look.
_KEPT = (
    "animation.convert_path",
    "animation.ffmpeg_path",
    "backend",
    "interactive",
    "keymap.",
    "pdf.fonttype",
    "ps.fonttype",
    "savefig.directory",
    "timezone",
    "tk.",
    "toolbar",
    "webagg.",
)


@contextmanager
def usual_settings(own: Mapping[str, Any] = MappingProxyType({})) -> Iterator[None]:
    """matplotlib as it comes, whatever a style, a cell or a matplotlibrc has set; or as our `own`.

    Only what differs is changed, and what somebody else sets meanwhile stays. So where the reader
    has no settings of their own, nothing ever changes, on no thread.
    """
    import matplotlib

    ours = {**_usual(), **own}
    shared: Any = matplotlib.rcParams
    with one_at_a_time, np.errstate(all="ignore"):  # places beyond the largest number have none
        theirs = {name: shared[name] for name in ours if shared[name] != ours[name]}
        shared.update({name: ours[name] for name in theirs})
        try:
            yield
        finally:
            untouched = [name for name in theirs if shared[name] == ours[name]]
            shared.update({name: theirs[name] for name in untouched})


@cache
def _usual() -> Mapping[str, Any]:
    from matplotlib import rcParamsDefault

    defaults: Any = rcParamsDefault
    return {n: value for n, value in defaults.items() if not n.startswith(_KEPT)}
