"""What a saved notebook holds: how large it may be, what it can't do there, and what is chosen."""

import json

import pytest

import gradwidgets as gw
from gradwidgets.explorers import alone, exported, saved
from gradwidgets.rendering import outputs
from gradwidgets.rendering.packing import unpacked
from tests.browser.paged import KINDS

SCRIPT = 110_000  # letters, once for an output
USUAL, LARGEST = 165_000, 200_000  # letters of one explorer, with its script


@pytest.fixture(autouse=True)
def _usual(monkeypatch):
    monkeypatch.setattr(saved, "_chosen", {"saved": "live"})


def carried(packet):
    parts = [part.decode(errors="replace") for part in unpacked(packet)]
    (function,) = json.loads(parts[0])["functions"]
    return function, {name: parts[place] for name, place in function["traits"].items()}


def page_of(explorer):
    packet = saved.packet_of(explorer)
    assert packet
    return outputs.pictured(explorer._still, *saved.picture_of(explorer), packet)


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_its_size_is_bounded(kind):
    assert len(page_of(kind())) + len(outputs.script()) < LARGEST


def test_a_gradient_is_small():
    page = page_of(gw.GradientExplorer("x**2 + 10*y**2", point=(1, 2)))
    assert len(outputs.script()) < SCRIPT
    assert len(page) + len(outputs.script()) < USUAL


def test_it_is_made_without_another_picture(monkeypatch):
    explorer = gw.GradientExplorer("x*y", point=(1, 2))
    monkeypatch.setattr(type(explorer), "_make_picture", lambda _: 1 / 0)
    function, traits = carried(explorer._packet_now())
    assert function["choices"] == {}
    assert json.loads(traits["point"]) == [1, 2]


def test_inputs_that_need_another_picture_tell_why_they_rest():
    _, traits = carried(gw.GradientExplorer("x*y")._packet_now())
    form = json.loads(traits["_form"])
    told = {item["at"]["trait"]: item.get("why") for item in alone.items(form) if "at" in item}
    assert told["view"] == alone.WHY_SAVED
    assert told.get("angle") is None


def test_a_formula_that_was_refused_is_not_saved():
    explorer = gw.GradientExplorer("x*y")
    with pytest.raises(gw.FormulaError):
        explorer.formula = "x*"
    _, traits = carried(explorer._packet_now())
    assert json.loads(traits["formula"]) == "x*y"


def test_what_only_python_can_move_stays_a_picture():
    assert saved.packet_of(gw.GradientExplorer(lambda x, y: x * y if x > 0 else y)) == b""


@pytest.mark.parametrize(("module", "bound"), [(outputs, "MOST"), (exported, "MOST_SAVED")])
def test_so_does_what_would_be_too_much(monkeypatch, module, bound):
    monkeypatch.setattr(module, bound, 5_000)
    assert saved.packet_of(gw.GradientExplorer("x*y")) == b""


@pytest.mark.parametrize("chosen", saved.SAVED)
def test_a_choice_holds_until_the_next_one(chosen):
    assert gw.options(saved=chosen) == {"saved": chosen}
    assert gw.options() == {"saved": chosen}
    assert saved.is_saved() == (chosen != "nothing")
    assert saved.is_live() == (chosen == "live")


def test_a_choice_that_there_is_not_names_those_that_there_are():
    with pytest.raises(ValueError, match="one of 'live', 'picture', 'nothing', not 'movie'"):
        gw.options(saved="movie")
    assert gw.options() == {"saved": "live"}
