"""What is said beside a tape's answers: at a corner, a hole, an end, or where nothing is defined.

A tape answers with autograd's rules. What a function does on both sides may tell more, or else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import reduce
from typing import Any, NamedTuple

import autograd.numpy as anp
import numpy as np

from gradwidgets.calculus.agreement import Along, along
from gradwidgets.calculus.kinks import kink_said, kink_texts
from gradwidgets.calculus.lesson import Lesson
from gradwidgets.calculus.slopes import slope_along, usual_size
from gradwidgets.calculus.tracing import calm
from gradwidgets.pictures.control import Control
from gradwidgets.pictures.marks import Label
from gradwidgets.pictures.numbers import Numbers, caption
from gradwidgets.pictures.palette import QUIET

MESH = 100  # places at which the program is run to learn how large its values are


class Looked(NamedTuple):
    """What is asked of a tape as a function, along one source; the scales of both."""

    source: str
    along: Along
    width: float
    height: float


def looked_at(lesson: Lesson, sources: Sequence[str], inputs: Sequence[Control]) -> list[Looked]:
    """How to look along the sources for which the tape has an answer."""
    count = max(3, int(MESH ** (1 / len(inputs))))
    mesh = np.meshgrid(*(np.linspace(axis.low, axis.high, count) for axis in inputs))
    places = dict(zip((axis.name for axis in inputs), mesh, strict=True))
    lines = [along(lesson, name) for name in sources]
    return [
        Looked(name, line, *_scales(lesson, line, places))
        for name, line in zip(sources, lines, strict=True)
    ]


def _scales(lesson: Lesson, line: Along, places: Mapping[str, Any]) -> tuple[float, float]:
    """How far the source reaches over the domain, and how large the function usually is there."""
    source = line.names[line.axis]
    reached, values = np.asarray(places.get(source, np.nan)), np.array(np.nan)
    with suppress(Exception), calm():  # a callable may fail anywhere
        place = line.place(lesson.program.run(places))
        reached = np.asarray(place[line.axis], float)
        values = np.asarray(line.function(*place), float)
    known = reached[np.isfinite(reached)]
    return float(np.ptp(known)) if known.size and np.ptp(known) else 1.0, usual_size(values)


def kink_labels(looked: Sequence[Looked], asked: str) -> tuple[Label, ...]:
    """For each source the line that says what the tape's answer does not."""
    return tuple(
        Label(
            name=f"kink along {source}",
            panel="",
            color=QUIET,
            texts=(
                *kink_texts(source, "g", asked),
                f"{asked} is undefined here: it has no slope along {source}.",
            ),
            urgent=True,
        )
        for source, *_ in looked
    )


def kink_lines(
    looked: Sequence[Looked], named: Mapping[str, Any], answers: Sequence[Any], shown: Any
) -> Numbers:
    """The numbers of `kink_labels` where the tape has these answers; none unless `shown`."""
    found = {}
    for (source, line, width, height), answer in zip(looked, answers, strict=True):
        place = line.place(named)
        slope = slope_along(line.function, place, line.axis, answer, width, height)
        case, *numbers = kink_said(slope, answer)
        case = anp.where(anp.isfinite(line.function(*place)), case, len(kink_texts("", "g")))
        case = anp.where(shown, case, -1.0)
        told = (anp.where(case < 0.0, 0.0, part) for part in numbers)
        found[f"kink along {source}"] = caption(case, *told)
    return found


def any_told(lines: Numbers) -> Any:
    """1 where one of `kink_lines` is shown, else 0."""
    choices = [line[4] for line in lines.values()]
    return anp.where(reduce(anp.maximum, choices, -1.0) >= 0.0, 1.0, 0.0)
