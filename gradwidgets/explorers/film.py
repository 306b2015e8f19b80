"""Films of an explorer: the steps of a descent, or a sweep of any of its controls."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np

from gradwidgets.calculus.types import Array, Interval
from gradwidgets.explorers.copies import copied
from gradwidgets.explorers.joined import placed
from gradwidgets.explorers.work import Told
from gradwidgets.pictures.control import Control
from gradwidgets.pictures.scene import Scene
from gradwidgets.rendering import sizing
from gradwidgets.rendering.animate import animate
from gradwidgets.rendering.layout import DPI

Sweep: TypeAlias = str | Iterable[str] | Mapping[str, Interval | None]

FRAMES = 60
STEPWISE, SWEEPING = 10.0, 20.0  # frames a second: of single steps, of what moves all the time
FASTEST = 50.0  # frames a second of a .gif: browsers play faster ones slowly
ENDINGS, PICTURES, ALIVE = (".gif", ".mp4"), (".png", ".svg", ".pdf"), (".html", ".mjs")
LOOK = ("size", "dpi")  # what a picture may be told
MOVING = (*LOOK, "sweep", "frames", "fps")


def write(
    explorer: Any,
    path: Path,
    sweep: Sweep | None = None,
    frames: int | None = None,
    fps: float | None = None,
    size: sizing.Size | None = None,
    dpi: float | None = None,
) -> None:
    """Write a film of an explorer, as its `save` says; a bar below the picture shows how far it is.

    Raises:
        ValueError: nothing moves, or no film can be made of what is asked for.
    """
    most = FRAMES if frames is None else _whole(frames)
    pace = _pace(path, fps, STEPWISE if sweep is None else SWEEPING)
    dots = sizing.dots(dpi, DPI)

    def work(told: Told) -> None:
        scenes = explorer._frames(most) if sweep is None else swept(explorer, sweep, most)
        animate(scenes, path, 1 / pace, told=told, size=size, dpi=dots)

    explorer._task.run(f"Writing {path.name} (to end it, interrupt the kernel)", work)


def check(path: Path, **given: Any) -> None:
    """Refuse other endings, and options that do not go with one; None is an option not given.

    Raises:
        ValueError: which ending it is, or the first option that was given and has no meaning.
    """
    ending = path.suffix.lower()
    groups = [(ALIVE, ("functions",)), (PICTURES, LOOK), (ENDINGS, MOVING)]
    fits = {known: options for endings, options in groups for known in endings}
    if ending not in fits:
        known = ".png, .svg, .pdf, .html or .mjs, a film to .gif"
        raise ValueError(f"save to {known}: not to {path.name!r}")
    for name, value in given.items():
        if value is not None and name not in fits[ending]:
            kinds = ", ".join(known for known, options in fits.items() if name in options)
            raise ValueError(f"{name} is for {kinds}, not for {ending}")


def nothing_moves(explorer: Any) -> str:
    """What to tell who wants a film of an explorer in which nothing moves by itself."""
    names = [control.name for control in explorer._swept_controls()]
    hint = f"; a sweep makes a film, as in save('film.gif', sweep={names[-1]!r})" if names else ""
    return f"{type(explorer).__name__} has nothing that moves by itself{hint}"


def swept(explorer: Any, sweep: Sweep, frames: int) -> list[Scene]:
    """The scenes of a sweep, all else as it is, as a hand that moves the controls would see them.

    >>> from gradwidgets.explorers.gradient import GradientExplorer
    >>> explorer = GradientExplorer("x*y", point=(1, 2))
    >>> [scene.values["angle"] for scene in swept(explorer, "angle", 4)]
    [0.0, 90.0, 180.0, 270.0]
    >>> scenes = swept(explorer, {"x": (-1, 1), "angle": (0, 90)}, 3)
    >>> [(scene.values["x"], scene.values["angle"]) for scene in scenes]
    [(-1.0, 0.0), (0.0, 45.0), (1.0, 90.0)]
    >>> explorer.point, explorer.angle
    ((1.0, 2.0), 30.0)
    >>> explorer.close()

    Raises:
        ValueError: no control of a name, or an interval that is not within its range.
    """
    controls, rows = _moved(explorer, sweep, frames)
    with copied(explorer) as copy:
        return [_scene_at(copy, zip(controls, row, strict=True)) for row in rows]


def _scene_at(copy: Any, values: Iterable[tuple[Control, float]]) -> Scene:
    with copy._life.together():
        for control, value in values:
            for trait, wanted in placed(copy, control, value).items():
                setattr(copy, trait, wanted)
    scene: Scene = copy._still_scene()
    return scene


def _moved(explorer: Any, sweep: Sweep, frames: int) -> tuple[list[Control], list[list[float]]]:
    """The controls that are swept, and their values frame by frame."""
    known = {one.name: explorer._ranged(one) for one in explorer._swept_controls()}
    intervals, columns = _intervals(sweep), []
    for name, ends in intervals.items():
        if name not in known:
            raise ValueError(f"{name!r} is none of {', '.join(known)}, which can be swept")
        values = _values(known[name], ends, frames)
        columns.append(np.round(values) if _counts(explorer, name) else values)
    rows = np.stack(columns, axis=1).tolist()
    return [known[name] for name in intervals], _distinct(rows)


def _intervals(sweep: Sweep) -> Mapping[str, Interval | None]:
    """The ends of what is swept, by name; None for the control's own."""
    if isinstance(sweep, str):
        return {sweep: None}
    found = sweep if isinstance(sweep, Mapping) else dict.fromkeys(sweep)
    if not found:
        raise ValueError("name what is swept")
    return found


def _counts(explorer: Any, name: str) -> bool:
    """Whether a control's value is a whole number, as of steps."""
    at = explorer._at(name)
    return "key" not in at and isinstance(getattr(explorer, at["trait"]), int)


def _distinct(rows: Sequence[list[float]]) -> list[list[float]]:
    """Rows without those that repeat the one before."""
    return [row for place, row in enumerate(rows) if place == 0 or row != rows[place - 1]]


def _values(control: Control, ends: Interval | None, frames: int) -> Array:
    """A control's values over an interval: even steps, of its exponent where it is logarithmic."""
    low, high = _ends(control, ends)
    turn = _turn(control)
    closed = bool(turn and low != high and (high - low) % turn == 0)  # its ends mean the same
    if control.scale == "log":
        places = np.linspace(math.log10(low), math.log10(high), frames)
        return np.array([control.at(place) for place in places])
    values = np.linspace(low, high, frames, endpoint=not closed)
    within = (control.low <= values) & (values <= control.high)
    around = control.low + (values - control.low) % (turn or math.inf)
    # What is not quite a number of few digits, as 1e-16 for 0, would be told as it is.
    return np.asarray(np.round(np.where(within, values, around), control.decimals + 4), float)


def _turn(control: Control) -> float:
    """How much of a control leads back to the same: of angles all around 360; 0 where nothing."""
    whole = control.high - control.low
    return whole if control.cyclic or (control.unit == "°" and whole == 360.0) else 0.0


def _ends(control: Control, ends: Interval | None) -> Interval:
    if ends is None:
        return control.low, control.high
    try:
        low, high = map(float, ends)
    except (TypeError, ValueError):
        low = high = math.nan
    if not (math.isfinite(low) and math.isfinite(high)):
        raise ValueError(f"{control.name} is swept over an interval, as (0, 1), not {ends!r}")
    if not _turn(control) and not all(control.low <= end <= control.high for end in (low, high)):
        raise ValueError(f"{control.name} is from {control.low:g} to {control.high:g}, not {ends}")
    return low, high


def _whole(frames: Any) -> int:
    if isinstance(frames, bool) or not isinstance(frames, int) or frames < 1:
        raise ValueError(f"frames is a whole number above 0, not {frames!r}")
    return frames


def _pace(path: Path, fps: float | None, usual: float) -> float:
    """Frames a second."""
    if fps is None:
        return usual
    if not (isinstance(fps, int | float) and 0 < fps < math.inf):
        raise ValueError(f"fps is how many frames there are to a second, not {fps!r}")
    if path.suffix.lower() == ".gif" and fps > FASTEST:
        raise ValueError(f"a .gif has at most {FASTEST:g} frames a second, not {fps:g}")
    return float(fps)
