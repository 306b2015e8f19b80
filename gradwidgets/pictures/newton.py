"""Newton's step beside the gradient step: both on the curvature map, and what comes of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import autograd.numpy as anp

from gradwidgets.calculus.field import ScalarField
from gradwidgets.pictures.local import Frame, Local
from gradwidgets.pictures.marks import Arrow, Label, Marks
from gradwidgets.pictures.numbers import Numbers, caption
from gradwidgets.pictures.palette import GRADIENT, MODEL

VANISHING = 1e-8  # of max|λ| over the map: a slope that counts as none
ROUNDING = 1e-14  # of the map's width, or of f: what is less is 0


def step_marks() -> Marks:
    """Both steps, and f after each."""
    return (
        Arrow(name="newton step", panel="map", color=MODEL, width=4.0),
        Arrow(name="gradient step", panel="map", color=GRADIENT, width=3.0),
        Label(name="gradient step label", panel="map", color=GRADIENT, texts=("f = {g}",)),
        Label(name="newton step label", panel="map", color=MODEL, texts=("f = {g}",)),
    )


def steps_of(at: Local) -> dict[str, Sequence[Any]]:
    """The gradient step and Newton's."""
    return {"gradient": at.descent, "newton": at.newton.step}


def after_step(field: ScalarField, at: Local, step: Sequence[Any]) -> Any:
    """f after a step; what is left of it by rounding is 0."""
    after = field.function(*moved(at, step))
    return anp.where(anp.abs(after) < ROUNDING**2 * anp.abs(at.f), 0.0, after)


def moved(at: Local, step: Sequence[Any]) -> list[Any]:
    """The place to which a step leads."""
    return [x + s for x, s in zip(at.place, step, strict=True)]


# ── in words ─────────────────────────────────────────────────────────────────────────────────────

GRADIENT_TEXTS = (
    "The gradient step −α∇f, with α = {g}: f goes from {g} to {g}.",
    "The gradient step −α∇f, with α = {g}: f rises from {g} to {g}: α is too large here.",
)


def _newton_texts(frame: Frame) -> tuple[str, ...]:
    """Slots: f, f afterwards, g·s, the place to which the step leads."""
    place = ", ".join(f"{{g@{k}}}" for k in range(3, 3 + len(frame.variables)))
    leads = f"at ({place}): f goes from {{g@0}} to {{g@1}}"
    uphill = "g·s = {g@2} > 0, so at first it is uphill"
    return (
        f"Newton's step leads to the model's minimum {leads}.",
        f"H is negative definite: Newton's step leads to the model's maximum {leads} ({uphill}).",
        f"H is indefinite: Newton's step leads to the model's saddle {leads}.",
        f"H is indefinite: Newton's step leads to the model's saddle {leads} ({uphill}).",
        "H is singular: the model has no single critical point, and Newton has no step.",
        "H = 0: the model is a plane, and Newton has no step.",
        "∇f = 0: a critical point. Newton's step is 0.",
        "∇f = 0 and H is singular: the second-order test does not decide here.",
    )


def step_captions(frame: Frame) -> Marks:
    """What comes of both steps, in words."""
    return (
        Label(name="newton note", panel="", color=MODEL, texts=_newton_texts(frame)),
        Label(name="gradient note", panel="", color=GRADIENT, texts=GRADIENT_TEXTS),
    )


def step_notes(frame: Frame, at: Local, after: Mapping[str, Any]) -> Numbers:
    """The numbers of these captions; f `after` each step is known."""
    worse, both = after["gradient"] > at.f, anp.isfinite(at.f + after["gradient"])
    return {
        "newton note": _newton_note(frame, at, after["newton"]),
        "gradient note": caption(
            anp.where(both, anp.where(worse, 1.0, 0.0), -1.0),
            at.rate,
            at.f,
            after["gradient"],
            *moved(at, at.descent),
        ),
    }


def _newton_note(frame: Frame, at: Local, after: Any) -> Any:
    found, steepest = at.newton, sum(anp.abs(g) for g in at.gradient)
    top = anp.maximum(anp.abs(found.values[0]), anp.abs(found.values[-1]))
    still = steepest <= VANISHING * top * frame.usual
    uphill = anp.where(found.slope > 0, 3.0, 2.0)
    later = anp.where(found.case > 2.0, found.case + 1.0, found.case)
    usual = anp.where(found.case == 2.0, uphill, later)
    quiet = anp.where(found.case > 2.0, 7.0, 6.0)
    case = anp.where(found.case == 5.0, -1.0, anp.where(still, quiet, usual))
    there = [anp.where(anp.abs(x) < ROUNDING * frame.usual, 0.0, x) for x in moved(at, found.step)]
    return caption(case, at.f, after, found.slope, *there)
