"""The form as data: inputs made of traits, complaints with their mark."""

import json

import pytest
import traitlets
from hypothesis import given
from hypothesis import strategies as st

import gradwidgets as gw
from gradwidgets.calculus.formula import FormulaError
from gradwidgets.explorers import form
from tests.explorers.face import Face


class Owner(traitlets.HasTraits):
    method = traitlets.Enum(("plain", "newton"), "plain", help="the rule")
    quick = traitlets.Bool(help="whether in a hurry")
    steps = traitlets.Int(100, min=1, max=1000, help="how many")
    width = traitlets.Float(1.0, help="how wide").tag(min=0.5, max=2.0)
    name = traitlets.Unicode(help="what it is called")
    show = traitlets.Tuple(help="what is seen")


@pytest.mark.parametrize(
    ("name", "told"),
    [
        (
            "method",
            {
                "kind": "choice",
                "options": [["plain", "plain"], ["newton", "newton"]],
                "style": "buttons",
            },
        ),
        ("quick", {"kind": "switch"}),
        ("steps", {"kind": "number", "low": 1, "high": 1000, "step": 1, "integer": True}),
        ("width", {"kind": "number", "low": 0.5, "high": 2.0, "step": None, "integer": False}),
        ("name", {"kind": "text"}),
    ],
)
def test_an_input_is_what_its_trait_says(name, told):
    owner = Owner()
    made = form.option(owner, name, "the label", hidden=True)
    shared = {"at": {"trait": name}, "label": "the label", "hidden": True}
    assert made == told | shared | {"help": owner.traits()[name].help}


def test_several_of_some():
    made = form.some(Owner(), "show", {"slice": "the slice", "steps": "steps"}, "also")
    assert made["kind"] == "some"
    assert made["options"] == [["slice", "the slice"], ["steps", "steps"]]
    assert (made["label"], made["help"]) == ("also", "what is seen")


def test_buttons_and_pages():
    assert form.button("best", "α*", primary=True) == {
        "kind": "button", "do": "best", "label": "α*", "primary": True
    }  # fmt: skip
    row = [form.button("best", "α*")]
    assert form.page("Advice", [row]) == {"title": "Advice", "rows": [row], "lazy": False}


KINDS = [getattr(gw, name) for name in gw.__all__ if name.endswith("Explorer")]
SHOWN = {gw.DerivativeExplorer: ("x**2",), gw.FitExplorer: ([1, 2, 3], [2, 3, 5])}


def shown(kind):
    return Face(kind(*SHOWN.get(kind, ("x**2 + 10*y**2",))))


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_input_of_an_explorer_has_a_place_to_live(kind):
    """A trait that the browser may set, an action, a control or a mark that exists."""
    face = shown(kind)
    marks = {mark["name"] for mark in face.seen["_picture"]["marks"]}
    for item in face.items:
        json.dumps(item, allow_nan=False)
        if "at" in item:
            value = face.seen[item["at"]["trait"]]
            assert "key" not in item["at"] or item["at"]["key"] in value, item
        if "do" in item:
            method = kind.actions.get(item["do"])
            # Run does no more than leave the text box, which is then taken.
            assert item["do"] == "run" or callable(getattr(face.explorer, method)), item
        if "control" in item:
            assert item["control"] in face.values, item
        if item["kind"] == "press":
            assert item["mark"] in marks, item
        if item["kind"] == "choice" and "at" in item and "key" not in item["at"]:
            assert value in [one for one, _ in item["options"]], item
    for name in face.values:
        at = face.control(name)["at"]
        assert at["trait"] == "point" or at["trait"] in face.seen


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_form_has_its_parts(kind):
    told = shown(kind).seen["_form"]
    assert {"text", "menu", "rows", "side", "pages"} <= set(told)
    assert {"label", "placeholder", "lines"} <= set(told["text"])
    assert told["menu"]["value"] in [key for key, _ in told["menu"]["options"]]
    titles = [page["title"] for page in told["pages"]]
    assert len(set(titles)) == len(titles)


# ── messages ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("error", "typed", "shown"),
    [
        (ValueError("a < b & c"), "", "<span role='alert'>a &lt; b &amp; c</span>"),
        (RuntimeError("it broke"), "x", "<span role='alert'>RuntimeError: it broke</span>"),
        (FormulaError("whole", None), "x", "<span role='alert'>whole</span>"),
        (FormulaError("empty", 0), "   ", "<span role='alert'>empty</span>"),
        (
            FormulaError("here", 2),
            "x+<y",
            "<pre aria-hidden='true'>x+&lt;y\n  ▲</pre><span role='alert'>here</span>",
        ),
        (
            FormulaError("here", 2),
            "x+\ny",
            "<pre aria-hidden='true'>x+ y\n  ▲</pre><span role='alert'>here</span>",
        ),
    ],
)
def test_a_complaint_is_text_with_a_mark_under_the_place(error, typed, shown):
    assert form.complaint(error, typed) == shown


@given(st.integers(0, 400), st.integers(0, 400))
def test_the_mark_stands_under_the_character_that_is_meant(position, length):
    typed = "".join(chr(0x4E00 + n) for n in range(length))  # each character only once
    shown = form.complaint(FormulaError("here", position), typed)
    if not typed or position >= length:
        return
    line, caret = shown.removeprefix("<pre aria-hidden='true'>").partition("</pre>")[0].split("\n")
    assert line[caret.index("▲")] == typed[position]
    assert len(line) <= 60
