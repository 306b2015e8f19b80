"""Widgets of ipywidgets that go with an explorer: sliders, a text box, other explorers.

A browser with a widget manager follows them by itself, and then Python says nothing of what both
do anyway.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import Any, TypeAlias

import ipywidgets as ipw

from gradwidgets.pictures.control import Control

Slider: TypeAlias = ipw.FloatSlider | ipw.FloatLogSlider
CLOSE = 1e-6  # of a slider's step: nothing that a hand did


def slider(explorer: Any, name: str) -> Slider:
    """A slider that goes with one of an explorer's controls."""
    control = _control(explorer, name)
    if control is None:
        known = ", ".join(one.name for one in explorer._shown.controls)
        raise ValueError(f"{name!r} is none of {known}")
    made = _made(control, explorer._read(explorer._state(), control))
    explorer._joined = [*explorer._joined, {"model": f"IPY_MODEL_{made.model_id}", "control": name}]
    made.observe(lambda change: _slid(explorer, name, change["new"], made), "value")
    last = [control]
    explorer.settled.register_callback(lambda _: _follow(explorer, name, made, last))
    return made


def text(explorer: Any) -> ipw.Text | ipw.Textarea:
    """A text box that goes with an explorer's formula, of several lines for a program."""
    lines = explorer.takes.box(explorer.field)["lines"]
    kind, name = (ipw.Textarea, "program") if lines > 1 else (ipw.Text, "f =")
    made = kind(explorer.formula, continuous_update=False, description=name)
    told = {"model": f"IPY_MODEL_{made.model_id}", "trait": "formula"}
    explorer._joined = [*explorer._joined, told]

    def typed(change: dict[str, str]) -> None:
        if change["new"] != explorer.formula:
            with explorer._guard(lambda _: None), unsaid(explorer, {"formula": change["new"]}):
                explorer.formula = change["new"]

    def follow(change: dict[str, str]) -> None:
        if made.value != change["new"]:
            with unsaid(made, {"value": change["new"]}, explorer._following):
                made.value = change["new"]

    made.observe(typed, "value")
    explorer.observe(follow, "formula")
    return made


def point_of(explorer: Any) -> dict[str, Any]:
    """What tells a browser that another explorer's point goes with one's own."""
    return {"model": f"IPY_MODEL_{explorer.model_id}", "point": True}


def unsaid(
    widget: ipw.Widget, values: Mapping[str, Any], following: bool | None = None
) -> AbstractContextManager[Any]:
    """A place to set a widget's traits to these values without a word to browsers that follow."""
    heard = widget._following if following is None else following
    return widget._lock_property(**values) if heard else nullcontext()


def _made(control: Control, value: float) -> Slider:
    kind = ipw.FloatLogSlider if control.scale == "log" else ipw.FloatSlider
    described = {"description": control.label, "style": {"description_width": "initial"}}
    return kind(value, **_range(control), **described)


def _range(control: Control) -> dict[str, Any]:
    """What a slider has of its control: for a logarithmic one in exponents."""
    if control.scale == "log":
        low, high = math.log10(control.low), math.log10(control.high)
        return {"min": low, "max": high, "step": control.step}
    digits = control.digits
    shown = f".{digits.decimals}{'f' if not digits.exponent else 'e'}"
    return {
        "min": control.low, "max": control.high, "step": control.step, "readout_format": shown
    }  # fmt: skip


def _control(explorer: Any, name: str) -> Control | None:
    return next(
        (explorer._ranged(one) for one in explorer._shown.controls if one.name == name), None
    )


def _slid(explorer: Any, name: str, told: float, made: Slider) -> None:
    """What a slider says, unless that is only what it makes of the explorer's own value."""
    control = _control(explorer, name)
    if control is None:
        return
    now = explorer._read(explorer._state(), control)
    if not math.isfinite(told):
        made.value = now
        return
    if told == now or says_nothing_new(made, now, told):
        return
    values = placed(explorer, control, meant(control, told))
    plain = {trait: list(v) if isinstance(v, tuple) else v for trait, v in values.items()}
    silent, together = unsaid(explorer, plain), explorer._life.together()
    with explorer._guard(explorer._tell_below), silent, together:
        for trait, value in values.items():
            setattr(explorer, trait, value)


def says_nothing_new(made: Slider, now: float, told: float) -> bool:
    """Whether a slider tells no more than where its steps on the page put the present value."""
    base = getattr(made, "base", None)
    if base and min(now, told) <= 0:
        return False
    place, other = (math.log(number, base) if base else number for number in (now, told))
    near = made.min + round((place - made.min) / made.step) * made.step
    return bool(abs(other - min(max(near, made.min), made.max)) <= CLOSE * made.step)


def meant(control: Control, told: float) -> float:
    """The value that a slider's is meant to be: without the digits of its rounding.

    >>> meant(Control("rate", "rate", 1e-4, 1.0, 0.01, 0.1, "log"), 10**-1.5)
    0.0316
    """
    digits = 3 if control.scale == "log" else 12
    return min(max(float(f"{told:.{digits}g}"), control.low), control.high)


def placed(explorer: Any, control: Control, value: float) -> dict[str, Any]:
    """The traits that give a control this value, with theirs."""
    at = explorer._at(control.name)
    trait = at["trait"]
    now = getattr(explorer, trait)
    if "end" in at and value >= control.high:
        wanted = at["end"]
    elif "key" not in at:
        wanted = int(value) if isinstance(now, int) else value
    elif isinstance(now, dict):
        wanted = {**now, at["key"]: value}
    else:
        wanted = tuple(value if k == at["key"] else part for k, part in enumerate(now))
    return {trait: wanted} | ({at["clears"]: False} if "clears" in at else {})


def _follow(explorer: Any, name: str, made: Slider, known: list[Control]) -> None:
    """Bring a slider to its control's value, and where that has changed to its range."""
    control = _control(explorer, name)
    if control is None:
        return
    value = explorer._read(explorer._state(), control)
    ranged = _range(control) if _range(control) != _range(known[0]) else {}
    known[0] = control
    if ranged:
        with made.hold_sync(), made.hold_trait_notifications():
            for trait, one in {**ranged, "value": value}.items():
                setattr(made, trait, one)
    elif made.value != value and not says_nothing_new(made, value, made.value):
        with unsaid(made, {"value": value}, explorer._following):
            made.value = value
