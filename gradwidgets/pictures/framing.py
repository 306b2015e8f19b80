"""What a program tells of panels, by the names of its outputs: their range, and their form."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from gradwidgets.calculus.types import Array, Interval
from gradwidgets.calculus.wording import fill
from gradwidgets.pictures.marks import Mark, Polyline
from gradwidgets.pictures.panels import Panel


def range_of(panel: str) -> str:
    """The name of the output that frames a panel: the least and the greatest x, then y, (4,)."""
    return f"{panel} range"


def form_of(panel: str) -> str:
    """The name of the output that tells a panel's form, (1,): 0 for itself, k for its k-th other.

    So an axis is logarithmic or not, as the numbers ask.
    """
    return f"{panel} form"


def pull_of(marker: str) -> str:
    """The name of the output that tells by how much each of the controls that a marker `pulls`
    changes where the marker goes up by one unit of its axis."""
    return f"{marker} pull"


def framed(
    panels: tuple[Panel, ...], marks: tuple[Mark, ...], numbers: Mapping[str, Array]
) -> tuple[tuple[Panel, ...], tuple[Mark, ...]]:
    """The panels and marks of a picture, in the forms and ranges that its numbers tell."""
    panels = tuple(_formed(panel, numbers) for panel in panels)
    other = {
        panel.name: ends
        for panel in panels
        if (ends := _ends(panel, numbers)) != [*panel.x, *panel.y]
    }
    return _in_ranges(panels, marks, other) if other else (panels, marks)


def told_at(values: Sequence[float], panel: Panel) -> Panel:
    """A panel that tells values of controls; braces without a place are those of a formula."""
    if "@" not in panel.xlabel:
        return panel
    told = re.sub(r"\{[^{}]*@\d+\}", lambda slot: fill(slot[0], values), panel.xlabel)
    return replace(panel, xlabel=told)


def _formed(panel: Panel, numbers: Mapping[str, Array]) -> Panel:
    """The form of a panel that the program tells."""
    if not panel.others:
        return panel
    return (panel, *panel.others)[int(numbers[form_of(panel.name)][0])]


def _ends(panel: Panel, numbers: Mapping[str, Array]) -> list[float]:
    """The range that the program gives to a panel, or its own."""
    told = numbers.get(range_of(panel.name))
    return [*panel.x, *panel.y] if told is None else list(map(float, told))


def _in_ranges(
    panels: tuple[Panel, ...], marks: tuple[Mark, ...], ranges: Mapping[str, Sequence[float]]
) -> tuple[tuple[Panel, ...], tuple[Mark, ...]]:
    """Panels with other ranges; lines over places of theirs fill them as they did."""
    usual = {panel.name: panel.x for panel in panels}
    across = {name: new[:2] for name, new in ranges.items() if tuple(new[:2]) != usual[name]}
    within = tuple(
        _in_range(panel, *ranges[panel.name]) if panel.name in ranges else panel for panel in panels
    )
    stretched = tuple(
        replace(mark, along=_between(mark.along, usual[mark.panel], across[mark.panel]))
        if isinstance(mark, Polyline) and mark.along and not mark.counts and mark.panel in across
        else mark
        for mark in marks
    )
    return within, stretched


def _in_range(panel: Panel, left: float, right: float, bottom: float, top: float) -> Panel:
    return replace(panel, x=(left, right), y=(bottom, top))


def _between(places: Sequence[float], old: Interval, new: Sequence[float]) -> tuple[float, ...]:
    shares = ((place - old[0]) / (old[1] - old[0]) for place in places)
    return tuple(new[0] * (1.0 - share) + new[1] * share for share in shares)
