"""The local quadratic model over the map: its level curves, and where it is close to f."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

import autograd.numpy as anp
import numpy as np
from autograd.tracer import isbox

from gradwidgets.calculus.program import copied_in
from gradwidgets.calculus.quadratic import Model, agreement, level_curves
from gradwidgets.pictures.control import Control
from gradwidgets.pictures.local import Frame, Local
from gradwidgets.pictures.marks import Label, Marks, Polyline
from gradwidgets.pictures.numbers import Numbers, caption, row
from gradwidgets.pictures.palette import INK, MODEL, QUIET
from gradwidgets.pictures.panels import Panel

LEVELS = tuple(f"level {place}" for place in range(20))  # of the map, and so of the model
NO_LEVEL = sys.float_info.max  # of which there is no curve; NaN is no JSON
MODEL_TEXTS = (
    "Dashed: the model f + g·d + ½dᵀHd, at the map's levels. Inside the dotted outline it is off "
    "by less than a tenth of what it can change.",
    "Dashed: the model f + g·d + ½dᵀHd, at the map's levels. All over the map it is off by less "
    "than a tenth of what it can change.",
)


def level_inputs(panel: Panel) -> tuple[Control, ...]:
    """The levels of the map's curves, which are those of the model's, and `NO_LEVEL`."""
    shown = panel.contours.levels if panel.contours else ()
    most = max(abs(level) for level in shown) if shown else 1.0
    start = [*shown, *[NO_LEVEL] * (len(LEVELS) - len(shown))]
    return tuple(
        Control(name, name, -most, most, most / 100, level)
        for name, level in zip(LEVELS, start, strict=True)
    )


def model_marks() -> Marks:
    """The model's level curves, and the outline within which it is close."""
    return (
        Polyline(name="model", panel="map", color=MODEL, width=1.1, dash=(5, 3)),
        Polyline(name="agreement", panel="map", color=INK, width=1.6, dash=(1.5, 3)),
    )


def model_caption() -> Label:
    """How the curves are to be read."""
    return Label(name="model note", panel="", color=QUIET, texts=MODEL_TEXTS)


def model_numbers(frame: Frame, at: Local, levels: Sequence[Any]) -> Numbers:
    """The numbers of all these, with the values of the `level_inputs`."""
    model = at.model
    known = anp.isfinite(model.f + model.gx + model.gy + sum(at.hessian[frame.across]))
    outline = anp.where(known, agreement(at.cut, model, frame.reach), np.nan)
    torn = anp.sum(anp.where(anp.isfinite(outline), 1.0, 0.0)) > 0
    given = [level for level in levels if isbox(level) or level < NO_LEVEL]
    wanted = row(*given)
    return {
        "model": _curves(model, wanted, frame.reach, len(levels) - len(given)),
        "agreement": outline,
        "model note": caption(anp.where(known, anp.where(torn, 0.0, 1.0), -1.0)),
    }


@copied_in
def _curves(model: Model, levels: Any, reach: Any, unused: int) -> Any:
    """The curves as one polyline, with room for some more, and a gap behind each piece of each."""
    pieces = level_curves(model, anp.where(levels < NO_LEVEL, levels, np.nan), reach)
    points = pieces.shape[1] * (pieces.shape[2] + 1)
    return anp.concatenate([_joined(pieces), np.full((points * unused, 2), np.nan)])


def _joined(pieces: Any) -> Any:
    """All pieces of all curves as one polyline, with a gap behind each."""
    count = int(np.prod(pieces.shape[:-2]))
    flat = anp.reshape(pieces, (count, *pieces.shape[-2:]))
    return anp.reshape(anp.concatenate([flat, np.full((count, 1, 2), np.nan)], axis=1), (-1, 2))
