"""A form with every kind of item, for tests over stub models: the descent's picture below it."""

from __future__ import annotations

from functools import cache
from typing import Any

from gradwidgets.calculus.field import ScalarField
from gradwidgets.pictures.descent import descent_picture
from gradwidgets.pictures.picture import Picture
from gradwidgets.pictures.settings import Settings

START = (2.0, 1.0, 0.05, 3.0)
METHODS = ("gradient descent", "momentum", "adam")
SHOW: dict[str, Any] = {
    "kind": "choice",
    "at": {"trait": "show"},
    "label": "Show",
    "options": [["map", "map"], ["surface", "surface"]],
    "style": "buttons",
}
LOSS = {
    **SHOW,
    "at": {"trait": "loss"},
    "label": "loss",
    "options": [["log", "log"], [0, "linear"]],
}
STEPS = {
    "kind": "number",
    "at": {"trait": "steps"},
    "label": "steps",
    "low": 1,
    "high": 1000,
    "step": 1,
    "integer": True,
    "slider": True,
    "slow": True,
}
SOME = {
    "kind": "some",
    "at": {"trait": "methods"},
    "label": "Methods",
    "options": [[name, name] for name in METHODS],
}
OWN = {"kind": "text", "at": {"trait": "own"}, "label": "your own", "placeholder": "2*x"}
FORM: dict[str, Any] = {
    "rows": [
        [SHOW, {"kind": "switch", "at": {"trait": "arrows"}, "label": "arrows", "help": "pale"}],
        [STEPS, {"kind": "play", "control": "step", "interval": 40, "label": "step"}],
        [
            {"kind": "press", "mark": "landmark best", "label": "α = 2/(λmin + λmax)"},
            {"kind": "press", "mark": "nowhere", "label": "not there"},
            {"kind": "walk", "control": "step", "from": 10, "to": 12, "label": "walk"},
            {"kind": "button", "do": "sweep", "label": "Sweep", "primary": True},
            {"kind": "label", "text": "words"},
            {"kind": "switch", "at": {"trait": "unseen"}, "label": "unseen", "hidden": True},
        ],
        [SOME, OWN],
    ],
    "pages": [
        {
            "title": "Options",
            "rows": [
                [{**LOSS, "style": "menu"}, {**STEPS, "label": "noise", "slider": False}],
                [{"kind": "domain", "intervals": {"x": [-3, 3], "y": [-2, 2]}}],
            ],
        },
        {"title": "Code", "rows": [[{"kind": "html", "part": "code"}]], "lazy": True},
    ],
}
TRAITS: dict[str, Any] = {
    "show": "map",
    "arrows": False,
    "unseen": False,
    "steps": 60,
    "loss": 0,
    "methods": ["momentum", "gradient descent"],
    "own": "",
    "_parts": {"code": "<pre>y = x*w</pre>"},
}


@cache
def descent() -> Picture:
    field = ScalarField("x**2 + 10*y**2")
    return descent_picture(field, Settings(steps=60, span=(-3.0, 0.0)))
