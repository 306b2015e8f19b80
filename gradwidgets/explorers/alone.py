"""What becomes of every option in a page without Python: a table, as data.

An option is "live" where the picture's program takes it, or the page alone; "shipped" where the
page carries another picture for each of its other values, one option at a time; else it can't be
changed there, and the table has the reason, in a student's words.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import traitlets

from gradwidgets.calculus.rules import all_parameters
from gradwidgets.explorers.options import option_traits

LIVE, SHIPPED = "live", "shipped"
WHY_STEPS = "This page has the program of a run of this length; in a notebook it can be longer."
WHY_NOISE = "Python drew the noise of this run when the page was made."
WHY_DENSITY = "Python has chosen where the arrows stand when this page was made."
WHY_OWN = "To read another formula of yours the page would need Python."
WHY_COMPARED = "The other ways to this derivative are worked out by Python, in a notebook."
WHY_FORMULA = "To read another formula the page would need Python."
WHY_UNKNOWN = "To change this the page would need Python."

_EVERY = {"controls": LIVE, "size": LIVE}
_SURFACE = {**_EVERY, "view": SHIPPED, "azimuth": LIVE, "elevation": LIVE, "levels": SHIPPED}
_CUT = {**_SURFACE, "axes": SHIPPED}

OPTIONS: Mapping[str, Mapping[str, str]] = {
    "DerivativeExplorer": {**_EVERY, "h": LIVE, "difference": SHIPPED},
    "PartialsExplorer": {**_CUT, "heights": SHIPPED},
    "GradientExplorer": {
        **_SURFACE, "angle": LIVE, "arrows": SHIPPED, "density": WHY_DENSITY, "normalized": SHIPPED
    },
    "DescentExplorer": {
        **_EVERY, "rate": LIVE, "steps": WHY_STEPS, "method": SHIPPED, "schedule": SHIPPED,
        "noise": WHY_NOISE, "seed": WHY_NOISE, "step": LIVE, "loss": SHIPPED,
        "components": SHIPPED, "rate_map": SHIPPED,
    },
    "RaceExplorer": {
        **_EVERY, "methods": SHIPPED, "rates": LIVE, "steps": WHY_STEPS, "best": LIVE
    },
    "CurvatureExplorer": {
        **_CUT, "angle": LIVE, "h": LIVE, "rate": LIVE, "exact": SHIPPED, "show": SHIPPED
    },
    "TapeExplorer": {
        **_EVERY, "roles": SHIPPED, "target": SHIPPED, "sources": SHIPPED, "persistent": LIVE,
        "inner": SHIPPED, "step": LIVE, "compare": WHY_COMPARED, "h": LIVE, "own": WHY_OWN,
    },
}  # fmt: skip
BUTTONS: Mapping[str, str] = {  # what a page asks for → whether it is done there, or why not
    "reset": LIVE,
    "example": LIVE,
    "domain": LIVE,
    "cancel": LIVE,
    "across": SHIPPED,
    "up": SHIPPED,
    "newton": LIVE,
    "gradient": LIVE,
    "ask": LIVE,
    "run": WHY_FORMULA,
    "film": "Python writes the film, in a notebook: explorer.save('descent.gif').",
    "sweep": "Python makes this sweep, in a notebook.",
}


def ways(cls: type) -> dict[str, str]:
    """What becomes of each option of a class, be it one of a reader's own.

    >>> from gradwidgets.explorers.derivative import DerivativeExplorer
    >>> ways(DerivativeExplorer)["h"], ways(DerivativeExplorer)["difference"]
    ('live', 'shipped')
    """
    known = {**dict.fromkeys(all_parameters(), LIVE), **_told(cls)}
    return {name: known.get(name) or _usual(trait) for name, trait in option_traits(cls).items()}


def _told(cls: type) -> Mapping[str, str]:
    return next((OPTIONS[part.__name__] for part in cls.__mro__ if part.__name__ in OPTIONS), {})


def _usual(trait: Any) -> str:
    """Of an option that the table does not know: by its tag, and whether its values are few."""
    if not trait.metadata.get("picture"):
        return LIVE
    return SHIPPED if isinstance(trait, traitlets.Enum | traitlets.Bool) else WHY_UNKNOWN


# ── a form with reasons ──────────────────────────────────────────────────────────────────────────


def way_of(cls: type, item: Mapping[str, Any]) -> str:
    """What becomes of an item of a form."""
    if asked := item.get("do"):
        return BUTTONS.get(asked, WHY_UNKNOWN)
    return ways(cls).get(item["at"]["trait"], LIVE) if "at" in item else LIVE


def items(form: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """All items of a form."""
    pages = (row for page in form["pages"] for row in page["rows"])
    for row in (*form["rows"], *(form["side"] or ()), *pages):
        yield from row


def form_alone(cls: type, form: Mapping[str, Any]) -> dict[str, Any]:
    """The form of a page without Python: where an input needs that, it has the reason (`why`)."""

    def told(item: dict[str, Any]) -> dict[str, Any]:
        way = way_of(cls, item)
        return item if way in (LIVE, SHIPPED) else {**item, "why": way}

    def rows(old: Sequence[list[dict[str, Any]]]) -> list[list[dict[str, Any]]]:
        return [list(map(told, row)) for row in old]

    return {
        **form,
        "text": {**form["text"], "why": WHY_FORMULA},
        "rows": rows(form["rows"]),
        "side": form["side"] and rows(form["side"]),
        "pages": [{**page, "rows": rows(page["rows"])} for page in form["pages"]],
    }
