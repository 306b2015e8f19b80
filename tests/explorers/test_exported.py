"""What a page carries of an explorer: made beside it, without a trace, and not too large."""

import gc
import json
import weakref

import numpy as np
import pytest

import gradwidgets as gw
from gradwidgets.calculus.program import Program
from gradwidgets.explorers import checked, exported
from gradwidgets.explorers.base import Explorer
from gradwidgets.rendering import page
from gradwidgets.rendering.packing import as_distances
from tests.explorers.packets import carried, packets

BOWL = "x**2 + 10*y**2"


def test_a_page_carries_the_state_that_is_shown():
    explorer = gw.GradientExplorer(BOWL, point=(1, 2), angle=40, density=9)
    explorer.domain = {"x": (-1, 4)}
    state = carried(explorer)["traits"]
    assert state["point"] == [1, 2]
    assert (state["angle"], state["density"], state["formula"]) == (40, 9, BOWL)
    assert state["_form"]["menu"]["options"] == [["0", "Bowl x² + 10y²"]]
    (x, _, angle) = state["_picture"]["controls"]
    assert (x["low"], x["high"], x["start"], angle["start"]) == (-1, 4, 1, 40)
    assert state["_form"]["home"]["x"] == [-1, 4]


def test_its_program_is_the_explorer_s():
    explorer = gw.GradientExplorer(BOWL, point=(1, 2))
    ((told, parts),) = packets(explorer.to_html(script=False))
    sent = json.loads(parts[told["functions"][0]["traits"]["_program"]])
    program = Program.from_data(as_distances(sent), np.frombuffer(parts[sent["numbers"]]))
    picture = explorer._shown
    inputs = picture.inputs(explorer._values(picture))
    for found, expected in zip(program(*inputs), explorer._replays(*inputs), strict=True):
        np.testing.assert_array_equal(found, expected)


def test_nothing_is_heard_of_it_and_nothing_stays(monkeypatch):
    made = []
    explorer = gw.PartialsExplorer(BOWL, point=(2, 1))
    before = explorer.get_state()
    opened = Explorer.open

    def follow(self):
        made.append(weakref.ref(self))
        opened(self)

    monkeypatch.setattr(Explorer, "open", follow)
    explorer.to_html()
    assert explorer.get_state() == before
    assert len(made) > 5
    assert all(one() is None or one().comm is None for one in made)
    gc.collect()
    assert [one for one in made if one() is not None] == []
    assert gw.PartialsExplorer(BOWL).comm is not None


def test_it_offers_other_functions_as_if_they_had_been_typed():
    explorer = gw.GradientExplorer(BOWL, point=(2, 1), view="both")
    html = explorer.to_html(functions=["saddle", BOWL, "x**2 - y**2"], script=False)
    ((told, parts),) = packets(html)
    assert len(told["functions"]) == 2
    typed = gw.GradientExplorer(BOWL, point=(2, 1), view="both")
    for place, source in enumerate([BOWL, "saddle"]):
        typed.field = source
        traits = told["functions"][place]["traits"]
        assert parts[traits["formula"]].decode().strip('"') == typed.formula
        assert parts[traits["view"]] == b'"both"'
    assert told["functions"][1]["choices"].keys() == told["functions"][0]["choices"].keys()


def test_what_is_no_function_is_refused_before_anything_is_written(tmp_path):
    with pytest.raises(ValueError, match="foo"):
        gw.GradientExplorer(BOWL).save(tmp_path / "page.html", functions=["foo(x)"])
    with pytest.raises(ValueError, match=r"functions is for \.html, \.mjs"):
        gw.GradientExplorer(BOWL).save(tmp_path / "a.png", functions=["x*y"])
    assert list(tmp_path.iterdir()) == []


def test_what_a_page_adds_does_not_weigh_on_a_notebook():
    assert len(gw.GradientExplorer._esm.default_value) <= 90_000 < len(page.front_end())


def test_a_page_of_several_is_written_or_refused(tmp_path):
    with pytest.raises(ValueError, match="at least one"):
        gw.save_page(tmp_path / "page.html", [])
    with pytest.raises(ValueError, match=r"\.html"):
        gw.save_page(tmp_path / "page.png", [gw.GradientExplorer(BOWL)])
    gw.save_page(tmp_path / "page.html", [gw.GradientExplorer(BOWL)])
    assert f"<title>{BOWL}</title>" in (tmp_path / "page.html").read_text("utf-8")


def test_the_tapes_of_a_page_tell_where_it_was_made():
    parts = gw.CurvatureExplorer(BOWL, point=(1, 2))._parts_alone()
    assert parts["tapes"].startswith("<p>At (1.00, 2.00), where this page was made:</p>")
    assert "by tapes" in parts["tapes"]


# ── Python's numbers ─────────────────────────────────────────────────────────────────────────────


def checked_of(explorer):
    picture = explorer._shown
    return checked.checked(picture, explorer._replays, explorer._values(picture))


def test_numbers_are_those_of_the_state_and_of_others_near_by():
    explorer = gw.GradientExplorer(BOWL, point=(1, 2), angle=40)
    found = checked_of(explorer)
    states = found.states.reshape(checked.STATES, -1)
    assert states[0, :3].tolist() == [1, 2, 40]
    assert (states[1:, :3] != states[0, :3]).all()
    assert (np.abs(states[:, 0] - 1) <= 0.6).all()
    assert found.numbers.shape == found.room.shape
    scene = explorer._shown.scene(states[1, :3])
    first = len(found.numbers) // checked.STATES
    point = scene["point"].ravel()
    lists = [found.numbers[first + k : first + k + 2] for k in range(first - 1)]
    assert any(np.array_equal(point, one) for one in lists)


def test_room_is_narrow_where_rounding_does_little_and_wide_where_it_does_much():
    calm = checked_of(gw.GradientExplorer(BOWL, point=(1, 2)))
    size = np.abs(calm.numbers[np.isfinite(calm.numbers)]).max()
    assert calm.room.max() <= 1e-10 * size
    noisy = checked_of(gw.DerivativeExplorer("sin(x)", point=1))  # with the error over tiny steps
    assert noisy.room.max() > 1e-6


def test_what_comes_later_is_not_checked():
    explorer = gw.RaceExplorer(BOWL, methods=("adam",))
    swept = explorer._replays.sizes[explorer._shown.told.index("swept adam")]
    assert swept > checked.FEW
    assert len(explorer._shown.later) > 0
    one = checked_of(explorer)
    assert one.numbers.size % checked.STATES == 0


def test_a_list_is_told_in_short():
    numbers = np.array([1.0, -4.0, np.nan, 2.0, np.inf, -np.inf, 0.0, 3.0, 1.0])
    (largest, total, kinds), sizes = checked._in_short(numbers)
    weights = 1 + (np.arange(9) % 7) / 7
    known = np.isfinite(numbers)
    assert largest == 4
    assert total == pytest.approx(np.sum(weights[known] * numbers[known]) / 4)
    assert kinds == 3 + 2 * 5 + 3 * 6
    assert sizes.tolist() == [4, weights.sum(), 0]
    assert checked._in_short(numbers[:8])[0].size == 8


def test_a_callable_without_a_program_has_no_numbers_to_check():
    explorer = gw.GradientExplorer(lambda x, y: x * x + y if x > 0 else y)
    assert explorer._replays is None
    assert exported._check(explorer, exported.Parts()) is None
