"""What becomes of every option in a page without Python: a table, as data.

An option is "live" where the picture's program takes it, or the page alone; "shipped" where the
page carries another picture for each of its other values, one option at a time, and of a number
for a few; else it can't be changed there, and the table has the reason, in a student's words.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import traitlets

from gradwidgets.calculus.rules import all_parameters
from gradwidgets.explorers.options import option_traits

LIVE, SHIPPED = "live", "shipped"
WHY_SEED = "Python drew this noise when the page was made; in a notebook other seeds draw another."
WHY_ORDER = "Python drew this order when the page was made; in a notebook other seeds draw another."
WHY_ASKED = "Questions of another seed are made in a notebook."
WHY_TEACHER = "A teacher sets this in a notebook."
WHY_OWN = "To read another formula of yours the page would need Python."
WHY_FORMULA = "To read another formula the page would need Python."
WHY_SAVED = "The notebook was saved with one picture. Run the cell to change this."
WHY_APART = "This page does not carry that together with what is chosen; a notebook does."
WHY_UNKNOWN = "To change this the page would need Python."

_EVERY = {"controls": LIVE, "size": LIVE}
_ASKING = {
    "predict": SHIPPED, "question": SHIPPED, "checked": LIVE, "guess": LIVE, "seed": WHY_ASKED,
    **dict.fromkeys(("kinds", "functions", "hide", "lock"), WHY_TEACHER),
}  # fmt: skip
_SURFACE = {**_EVERY, "view": SHIPPED, "azimuth": LIVE, "elevation": LIVE, "levels": SHIPPED}
_CUT = {**_SURFACE, "axes": SHIPPED}

OPTIONS: Mapping[str, Mapping[str, str]] = {
    "DerivativeExplorer": {**_EVERY, **_ASKING, "h": LIVE, "difference": SHIPPED},
    "PartialsExplorer": {**_CUT, "heights": SHIPPED},
    "GradientExplorer": {
        **_SURFACE, **_ASKING,
        "angle": LIVE, "arrows": SHIPPED, "density": SHIPPED, "normalized": SHIPPED,
    },
    "DescentExplorer": {
        **_EVERY, **_ASKING, "rate": LIVE, "steps": SHIPPED, "method": SHIPPED, "schedule": SHIPPED,
        "noise": SHIPPED, "seed": WHY_SEED, "step": LIVE, "loss": SHIPPED,
        "components": SHIPPED, "rate_map": SHIPPED,
    },
    "RaceExplorer": {
        **_EVERY, "methods": SHIPPED, "rates": LIVE, "steps": SHIPPED, "best": LIVE
    },
    "CurvatureExplorer": {
        **_CUT, **_ASKING, "angle": LIVE, "h": LIVE, "rate": LIVE, "exact": SHIPPED, "show": SHIPPED
    },
    "FitExplorer": {
        **_EVERY, "loss": SHIPPED, "delta": LIVE, "l2": LIVE, "l1": LIVE, "standardise": SHIPPED,
        "rate": LIVE, "steps": SHIPPED, "method": SHIPPED, "schedule": SHIPPED, "batch": LIVE,
        "seed": WHY_ORDER, "step": LIVE, "squares": SHIPPED, "row": LIVE, "edits": LIVE,
        "axes": SHIPPED,
    },
    "TapeExplorer": {
        **_EVERY, "roles": SHIPPED, "target": SHIPPED, "sources": SHIPPED, "persistent": LIVE,
        "inner": SHIPPED, "step": LIVE, "compare": SHIPPED, "h": LIVE, "own": WHY_OWN,
    },
}  # fmt: skip
VALUES: Mapping[str, Sequence[float]] = {  # of a number, beside the one that is shown
    "density": (7, 9, 17, 25),
    "steps": (10, 30, 100, 300),
    "noise": (0, 0.1, 1),
}
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
    "check": "Python checks this task, in a notebook.",
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
    """What becomes of an item of a form; one may have a reason of its own, `alone`."""
    if "alone" in item:
        return str(item["alone"])
    if asked := item.get("do"):
        return BUTTONS.get(asked, WHY_UNKNOWN)
    return ways(cls).get(item["at"]["trait"], LIVE) if "at" in item else LIVE


def as_menu(explorer: Any, item: dict[str, Any]) -> dict[str, Any]:
    """A number as a menu of the few that a page carries; any other item as it is.

    >>> from gradwidgets.explorers.gradient import GradientExplorer
    >>> explorer = GradientExplorer("x*y")
    >>> density = next(one for one in items(explorer._form) if one.get("slow"))
    >>> as_menu(explorer, density)["options"]
    [[7, '7'], [9, '9'], [13, '13'], [17, '17'], [25, '25']]
    """
    if item["kind"] != "number":
        return item
    name = item["at"]["trait"]
    few = sorted({*VALUES[name], getattr(explorer, name)})
    offered = [[value, f"{value:g}"] for value in few]
    told = {key: item[key] for key in ("at", "label", "help")}
    return {**told, "kind": "choice", "style": "menu", "options": offered}


def items(form: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """All items of a form."""
    pages = (row for page in form["pages"] for row in page["rows"])
    for row in (form["modes"], *form["rows"], *(form["side"] or ()), *pages):
        yield from row


def _named(item: Mapping[str, Any]) -> Any:
    """Which option an item is for."""
    return item.get("do") or item.get("at", {}).get("trait")


def _is_way_back(explorer: Any, item: Mapping[str, Any]) -> bool:
    """Whether an item leads back to questions, which a page that was made for them carries."""
    return "alone" in item and bool(explorer.predict)


def _leads_on(explorer: Any, item: Mapping[str, Any]) -> bool:
    """Whether a button leads from one picture to the next."""
    return item["kind"] == "walk" and ways(type(explorer)).get(item["control"]) == SHIPPED


def _why(way: str, carried: bool) -> str:
    if way not in (LIVE, SHIPPED):
        return way
    return WHY_APART if carried else WHY_SAVED


def form_alone(explorer: Any, form: Mapping[str, Any], *, carried: bool = True) -> dict[str, Any]:
    """The form of a page without Python: where an input needs that, it has the reason (`why`).

    What an explorer shows is offered also in the forms of its other pictures. `carried` tells
    whether the page has these, or but this one.
    """

    offered = [_named(item) for item in items(explorer._form)]

    def told(item: dict[str, Any]) -> dict[str, Any]:
        way = SHIPPED if _is_way_back(explorer, item) else way_of(type(explorer), item)
        if way == LIVE and (carried or not _leads_on(explorer, item)):
            return item
        if way == SHIPPED and carried and _named(item) in offered:
            return as_menu(explorer, item)
        return {**item, "why": _why(way, carried)}

    def rows(old: Sequence[list[dict[str, Any]]]) -> list[list[dict[str, Any]]]:
        return [list(map(told, row)) for row in old]

    return {
        **form,
        "text": {**form["text"], "why": WHY_FORMULA},
        "modes": list(map(told, form["modes"])),
        "rows": rows(form["rows"]),
        "side": form["side"] and rows(form["side"]),
        "pages": [{**page, "rows": rows(page["rows"])} for page in form["pages"]],
    }
