"""What becomes of every option in a page without Python: the table is whole, and it is true."""

import inspect
import json
from functools import cache

import pytest
import traitlets

import gradwidgets as gw
from gradwidgets.calculus.rules import all_parameters
from gradwidgets.explorers import alone
from gradwidgets.explorers.alone import LIVE, SHIPPED
from gradwidgets.explorers.base import Explorer
from gradwidgets.explorers.choices import choices
from gradwidgets.explorers.options import option_traits
from tests.explorers.packets import carried

KINDS = {
    name: kind
    for name, kind in vars(gw).items()
    if inspect.isclass(kind) and issubclass(kind, Explorer)
}
EVERY = pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
CASES = {  # between them they offer every option that a page can carry
    "derivative": lambda: gw.DerivativeExplorer("sin(x)"),
    "partials": lambda: gw.PartialsExplorer("x**2 + y**3"),
    "partials of three": lambda: gw.PartialsExplorer("x*y + z**2"),
    "gradient": lambda: gw.GradientExplorer("x**2 + 10*y**2"),
    "gradient asked": lambda: gw.GradientExplorer(predict=True),
    "derivative asked": lambda: gw.DerivativeExplorer(predict=True),
    "curvature asked": lambda: gw.CurvatureExplorer(predict=True),
    "descent asked": lambda: gw.DescentExplorer(predict=True),
    "descent": lambda: gw.DescentExplorer("x**2 + 10*y**2", method="momentum", steps=57),
    "race": lambda: gw.RaceExplorer("x**2 + 10*y**2", methods=("adam", "newton")),
    "curvature": lambda: gw.CurvatureExplorer("x**2 + 10*y**2", show=("steps",)),
    "curvature of three": lambda: gw.CurvatureExplorer("x*y + z**2 + x**2"),
    "fit": lambda: gw.FitExplorer([0, 1, 2, 3], [0, 1, 0, 1]),
    "fit of three": lambda: gw.FitExplorer(model="parabola", method="adam"),
    "tape": lambda: gw.TapeExplorer("y = x*w + b\nz = y*y"),
}
CARRIED = cache(lambda case: carried(CASES[case]()))
PICTURE = {"_picture", "_program", "_fixed", "_terrain"}


def test_every_kind_of_explorer_is_in_the_table():
    assert set(alone.OPTIONS) == set(KINDS)


@EVERY
def test_every_option_is_in_the_table_and_no_other(kind):
    own = set(option_traits(kind)) - set(all_parameters())
    assert set(alone.OPTIONS[kind.__name__]) == own
    assert set(alone.ways(kind)) == set(option_traits(kind))


@EVERY
def test_what_is_live_needs_no_other_picture(kind):
    for name, trait in option_traits(kind).items():
        way, tags = alone.ways(kind)[name], trait.metadata
        if way == LIVE:
            assert tags.get("control") or tags.get("page"), name
        elif way == SHIPPED:
            assert tags.get("picture"), name
        else:
            assert way.endswith("."), name
            assert "Python" in way or "notebook" in way, name


@EVERY
def test_every_button_is_in_the_table(kind):
    asked = {item["do"] for item in alone.items(kind()._form) if "do" in item}
    assert asked | set(kind.actions) <= set(alone.BUTTONS)


def test_no_button_is_in_the_table_that_nobody_asks_for():
    known = set().union(*(kind.actions for kind in KINDS.values()), {"run", "check"})
    assert set(alone.BUTTONS) == known


@pytest.mark.parametrize("case", CASES)
def test_what_is_shipped_really_changes_the_picture(case):
    explorer, state = CASES[case](), CARRIED(case)
    offered = {option for option, _, _ in choices(explorer, explorer._form)}
    assert set(state["choices"]) == offered
    for option, pictures in state["choices"].items():
        changed = set().union(*(set(traits) & PICTURE for traits in pictures.values()))
        assert changed, option
        for name, traits in pictures.items():
            moved = {key for key, value in traits.items() if value != state["traits"][key]}
            assert moved == set(traits), name


def test_all_that_can_be_shipped_is_shipped_somewhere():
    made = [make() for make in CASES.values()]
    offered = {
        (type(explorer).__name__, option)
        for explorer in made
        for option, _, _ in choices(explorer, explorer._form)
    }
    wanted = {
        (kind, name if name != "axes" else axis)
        for kind, options in alone.OPTIONS.items()
        for name, way in options.items()
        if way == SHIPPED
        for axis in (("across", "up") if name == "axes" else ("",))
        if kind != "GradientExplorer" or name != "axes"
    }
    assert wanted <= offered


@pytest.mark.parametrize("case", CASES)
def test_a_choice_is_what_a_notebook_would_show(case):
    explorer, other, state = CASES[case](), CASES[case](), CARRIED(case)
    option, name, change = list(choices(explorer, explorer._form))[-1]
    change(other)
    shown = {**state["traits"], **state["choices"][option][name]}
    for trait in ("point", "formula", *explorer._option_names()):
        assert shown[trait] == json.loads(json.dumps(getattr(other, trait))), trait
    assert [mark["name"] for mark in shown["_picture"]["marks"]] == [
        mark["name"] for mark in other._picture["marks"]
    ]


@EVERY
def test_an_input_rests_exactly_where_the_table_has_a_reason(kind):
    explorer, known = kind(), alone.ways(kind)
    form = alone.form_alone(explorer, explorer._form)
    for item in alone.items(form):
        if "at" in item:
            way = item.get("alone") or known.get(item["at"]["trait"], LIVE)
            assert item.get("why", LIVE) == (LIVE if way in (LIVE, SHIPPED) else way)
    assert form["text"]["why"] == alone.WHY_FORMULA


def test_no_button_leads_to_a_question_that_a_saved_notebook_has_not():
    explorer = gw.GradientExplorer(predict=True)
    walks = {
        carried: {
            item["label"]: item.get("why", LIVE)
            for item in alone.items(alone.form_alone(explorer, explorer._form, carried=carried))
            if item["kind"] == "walk"
        }
        for carried in (True, False)
    }
    assert walks[True] == {"Check": LIVE, "Next question": LIVE}
    assert walks[False] == {"Check": LIVE, "Next question": alone.WHY_SAVED}


def test_what_a_choice_brings_along_but_the_page_has_not_says_why():
    shown = CARRIED("gradient asked")["choices"]["predict"]["false"]["_form"]
    whys = {item["at"]["trait"]: item.get("why") for item in alone.items(shown) if "at" in item}
    assert whys["view"] == whys["arrows"] == alone.WHY_APART
    assert whys["predict"] is None


def test_a_number_is_a_menu_of_those_that_the_page_carries():
    state = CARRIED("gradient")
    menu = next(one for one in alone.items(state["traits"]["_form"]) if one.get("style") == "menu")
    assert (menu["kind"], menu["at"]) == ("choice", {"trait": "density"})
    offered = [text for _, text in menu["options"]]
    assert set(offered) == {"13", *state["choices"]["density"]}


def test_the_way_back_to_a_number_of_one_s_own_stays_in_the_menu():
    state = CARRIED("descent")  # of 57 steps
    at = {"trait": "steps"}
    (menu,) = [one for one in alone.items(state["traits"]["_form"]) if one.get("at") == at]
    assert [57, "57"] in menu["options"]
    assert set(state["choices"]["steps"]) == {text for _, text in menu["options"]} - {"57"}
    assert not any("_form" in traits for traits in state["choices"]["steps"].values())


def test_an_explorer_of_a_reader_s_own_has_a_way_for_every_option():
    class Own(gw.GradientExplorer):
        """One more of each kind."""

        mine = traitlets.Bool(False, help="a switch").tag(picture=True)
        many = traitlets.Int(3, help="a number").tag(picture=True)
        moved = traitlets.Float(0.0, help="a control").tag(control=True)

    ways = alone.ways(Own)
    assert (ways["mine"], ways["moved"], ways["angle"]) == (SHIPPED, LIVE, LIVE)
    assert ways["many"] == alone.WHY_UNKNOWN
