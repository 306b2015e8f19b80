"""Widgets of ipywidgets that go with an explorer: sliders, a text box, other explorers.

A browser with a widget manager follows them by itself, and then Python says nothing of what both
do anyway.
"""

from __future__ import annotations

import math
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import ipywidgets as ipw

from gradwidgets.pictures.scene import Control


def slider(explorer: Any, name: str) -> ipw.FloatSlider | ipw.FloatLogSlider:
    """A slider that goes with one of an explorer's controls."""
    known = {control.name: control for control in explorer._shown.controls}
    if name not in known:
        raise ValueError(f"{name!r} is none of {', '.join(known)}")
    made = _made(known[name], explorer._values(explorer._shown)[list(known).index(name)])
    explorer._joined = [*explorer._joined, {"model": f"IPY_MODEL_{made.model_id}", "control": name}]
    made.observe(lambda change: _slid(explorer, name, change["new"], made), "value")
    explorer.settled.register_callback(lambda _: _follow(explorer, name, made))
    return made


def text(explorer: Any) -> ipw.Text:
    """A text box that goes with an explorer's formula."""
    made = ipw.Text(explorer.formula, continuous_update=False, description="f =")
    told = {"model": f"IPY_MODEL_{made.model_id}", "trait": "formula"}
    explorer._joined = [*explorer._joined, told]

    def typed(change: dict[str, str]) -> None:
        if change["new"] != explorer.formula:
            with explorer._guard(lambda _: None), unsaid(explorer, formula=change["new"]):
                explorer.formula = change["new"]

    def follow(change: dict[str, str]) -> None:
        if made.value != change["new"]:
            with unsaid(made, following=explorer._following, value=change["new"]):
                made.value = change["new"]

    made.observe(typed, "value")
    explorer.observe(follow, "formula")
    return made


def unsaid(
    widget: ipw.Widget, following: bool | None = None, **values: Any
) -> AbstractContextManager[Any]:
    """A place to set a widget's traits to these values without a word to browsers that follow."""
    heard = widget._following if following is None else following
    return widget._lock_property(**values) if heard else nullcontext()


def _made(control: Control, value: float) -> ipw.FloatSlider | ipw.FloatLogSlider:
    style = {"description_width": "initial"}
    if control.scale == "log":
        low, high = math.log10(control.low), math.log10(control.high)
        return ipw.FloatLogSlider(
            value, min=low, max=high, step=control.step, description=control.label, style=style
        )
    digits = control.digits
    plain = digits.exponent is None or digits.exponent == 0
    return ipw.FloatSlider(
        value,
        min=control.low,
        max=control.high,
        step=control.step,
        description=control.label,
        readout_format=f".{digits.decimals}{'f' if plain else 'e'}",
        style=style,
    )


def _slid(explorer: Any, name: str, value: float, made: ipw.Widget) -> None:
    """What a slider says, unless that is only what it makes of the explorer's own value."""
    control = next((c for c in explorer._shown.controls if c.name == name), None)
    if control is None:
        return
    now = explorer._read(explorer._state(), control)
    if says_nothing_new(control, now, value):
        return
    trait, wanted = placed(explorer, control, value)
    with explorer._guard(explorer._tell_below), unsaid(explorer, **{trait: _as_json(wanted)}):
        setattr(explorer, trait, wanted)


def says_nothing_new(control: Control, now: float, told: float) -> bool:
    """Whether a slider tells no more than how it rounds the value that it is to show."""
    if control.scale != "log":
        return abs(told - now) <= control.step / 2 * (1 + 1e-9)
    if min(told, now) <= 0:
        return told == now
    return abs(math.log10(told) - math.log10(now)) <= control.step / 2 * (1 + 1e-9)


def placed(explorer: Any, control: Control, value: float) -> tuple[str, Any]:
    """The trait in which a control's value lives, and what it is with this value."""
    at = explorer._at(control.name)
    if "key" not in at:
        return at["trait"], value
    now = getattr(explorer, at["trait"])
    if isinstance(now, dict):
        return at["trait"], {**now, at["key"]: value}
    return at["trait"], tuple(value if k == at["key"] else part for k, part in enumerate(now))


def _as_json(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _follow(explorer: Any, name: str, made: ipw.Widget) -> None:
    control = next((c for c in explorer._shown.controls if c.name == name), None)
    if control is None:
        return
    value = explorer._read(explorer._state(), control)
    if made.value != value and not says_nothing_new(control, value, made.value):
        with unsaid(made, following=explorer._following, value=value):
            made.value = value

