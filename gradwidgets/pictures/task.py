"""A task on a picture: what the last check has found, and what the next one would."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import autograd.numpy as anp

from gradwidgets.calculus.judges import Here
from gradwidgets.calculus.tasks import Asked
from gradwidgets.calculus.truths import both, where
from gradwidgets.pictures.control import Control
from gradwidgets.pictures.marks import Label, Marker, Marks, Polyline
from gradwidgets.pictures.numbers import Numbers, caption, row
from gradwidgets.pictures.palette import INK, SECOND
from gradwidgets.pictures.picture import Picture

VERDICT = "task verdict"
CHECK = "task check"  # an output: what is known after a check, as `known` has it
SHAPE = "task shape"
RUN = ("rate",)  # what else a run depends on
COUNTS = ("tries", "done", "found")  # of checks; whether one held; of the last, see `with_task`
NOT_YET, HELD = 1.0, 2.0
MOST_TRIES = 1e6
BEFORE = ("Not checked yet.", "Changed since check {.0}: press Check again.")


def with_task(picture: Picture, asked: Asked) -> Picture:
    """A picture with a task: its judge is part of the program.

    Its further controls are what is known of checks: how many there were, whether one of them held,
    what the last one has found (0 where nothing stands, NOT_YET or HELD), and the values that it
    was about. A condition of a teacher's own is judged by Python, which puts down what it found.
    """
    controls = (*picture.controls, *_known(picture, asked))
    watched = [control.name for control in watched_by(picture, asked)]

    def compute(**at: Any) -> Numbers:
        known = {name: at.pop(known_name(name)) for name in (*COUNTS, *watched)}
        numbers = picture.compute(**at)
        here = [at[name] for name in watched]
        same = both(known["found"] > 0, *(known[n] == at[n] for n in watched))
        case, values = _judged(picture, asked, known, at, numbers)
        shown = where(same, len(BEFORE) + case, where(known["tries"] > 0, 1.0, 0.0))
        held = case == len(asked.says) - 1.0
        return {
            **numbers,
            SHAPE: asked.shape,
            VERDICT: caption(shown, known["tries"], *values),
            CHECK: row(
                known["tries"] + 1.0,
                anp.maximum(known["done"], where(held, 1.0, 0.0)),
                where(held, HELD, NOT_YET),
                *here,
            ),
        }

    program = picture.program and with_task(picture.program, asked)
    return replace(
        picture,
        marks=(*_on_map(picture, asked), _verdict(asked), *_unfolded(picture.marks)),
        controls=controls,
        compute=compute,
        outputs=(*picture.outputs, CHECK),
        program=program,
    )


def known_name(name: str) -> str:
    """The name of a control that keeps what is known of checks: no variable has a space."""
    return f"task {name}"


def watched_by(picture: Picture, asked: Asked) -> tuple[Control, ...]:
    """The controls on whose values the answer depends."""
    if asked.is_typed or picture.field is None:
        return ()
    names = (*picture.field.variables, *(RUN if asked.explorer == "descent" else ()))
    return tuple(control for control in picture.controls if control.name in names)


def _known(picture: Picture, asked: Asked) -> tuple[Control, ...]:
    """Controls without a label have no slider."""
    counts = [Control(known_name(n), "", 0.0, MOST_TRIES, 1.0, 0.0) for n in COUNTS]
    last = [
        replace(one, name=known_name(one.name), label="", symbol="", scale="linear")
        for one in watched_by(picture, asked)
    ]
    return (*counts, *last)


def _verdict(asked: Asked) -> Label:
    texts = (*BEFORE, *(f"Check {{.0@0}}: {said}" for said in asked.says))
    return Label(name=VERDICT, panel="", texts=texts, letters=max(map(len, texts)))


def _unfolded(marks: Marks) -> Marks:
    """Marks whose first line is not folded away, though the verdict comes before it."""
    headline = next(mark for mark in marks if isinstance(mark, Label) and not mark.panel)
    return tuple(replace(mark, urgent=True) if mark is headline else mark for mark in marks)


def _judged(
    picture: Picture, asked: Asked, known: dict[str, Any], at: dict[str, Any], numbers: Numbers
) -> tuple[Any, tuple[Any, ...]]:
    """Which sentence is true now, and its numbers."""
    if asked.kind is None:
        return where(known["found"] == HELD, 1.0, 0.0), ()
    field = picture.field
    assert field is not None
    point = tuple(at[name] for name in field.variables)
    return asked.kind.judge(Here(field, asked.numbers, point, numbers.get("path")))


def _on_map(picture: Picture, asked: Asked) -> Marks:
    """What the sentence names, on the map."""
    if not len(asked.shape) or picture.panels[0].name != "map":
        return ()
    if len(asked.shape) == 1:
        return (Marker(name=SHAPE, panel="map", color=INK, size=7.0, shape="square"),)
    return (Polyline(name=SHAPE, panel="map", color=SECOND, width=2.0, dash=(6, 4)),)
