"""The race explorer: each method's own α, and sweeps in the background that may come too late."""

import threading

import numpy as np
import pytest
import traitlets

import gradwidgets as gw
from gradwidgets import GradientExplorer, RaceExplorer, ScalarField, catalog, descend, link
from gradwidgets.calculus.rules import methods
from gradwidgets.calculus.usual import usual_rate
from gradwidgets.explorers import race as explorers
from gradwidgets.pictures.race import best_rate, sweep
from gradwidgets.pictures.racing import RATES, rates_in
from tests.explorers.test_base import assert_same_view, message, registered, state

BOWL = "x**2 + 10*y**2"
THREE = ("gradient descent", "momentum", "adam")
OLD = "The curves belong to the previous start."


@pytest.fixture
def explorer():
    made = RaceExplorer(BOWL, point=(2, 1), steps=30)
    made._work.wait()
    return made


@pytest.fixture
def slow(monkeypatch):
    """Sweeps that wait until they may go on; without it the machine decides who is first."""
    gate = Gate()
    monkeypatch.setattr(explorers, "sweep", gate.sweep)
    yield gate
    gate.open.set()


class Gate:
    def __init__(self):
        self.open, self.begun, self.asked = threading.Event(), threading.Event(), []

    def sweep(self, field, start, method, steps, span, told):
        self.asked.append((field.text, start, method, steps, span))
        self.begun.set()
        self.open.wait()
        return sweep(field, start, method, steps, span, told)

    def wait_for_one(self):
        self.begun.wait()
        self.begun.clear()


def drag(explorer, **values):
    """The page's message; the names of controls have spaces here."""
    explorer._canvas.set_state({"gesture": {"tick": 1, "values": values}})


def drag_rate(explorer, method, value):
    drag(explorer, **{f"rate {method}": value})


def finals(explorer, method):
    return explorer.scene[f"final {method}"][:, 1]


def path(explorer, method):
    """The points of a run; there is room for more behind them."""
    points = explorer.scene[f"path {method}"]
    assert np.isnan(points[explorer.steps + 1 :]).all()
    return points[: explorer.steps + 1]


def old(explorer):
    return explorer.scene.captions[-1].endswith(OLD)


def again(explorer):
    twin = eval(explorer.code(), {"gw": gw})
    twin._work.wait()
    return twin


# ── each its own α ───────────────────────────────────────────────────────────────────────────────


def test_it_opens_with_each_method_s_usual_rate(explorer):
    assert explorer.methods == THREE
    field = explorer.field
    assert explorer.rates == {name: usual_rate(field, (2, 1), name) for name in THREE}
    assert list(explorer._sliders) == ["x", "y", *(f"rate {name}" for name in THREE)]
    for name in THREE:
        run = descend(BOWL, (2, 1), explorer.rates[name], 30, name)
        assert path(explorer, name).tolist() == run.points.tolist()


@pytest.mark.parametrize(
    "act",
    [
        lambda e: drag_rate(e, "momentum", 0.012),
        lambda e: e._sliders["rate momentum"].slider.set_state({"value": 0.012}),
        lambda e: e._sliders["rate momentum"].box.set_state({"value": 0.012}),
        lambda e: setattr(e, "rates", {**e.rates, "momentum": 0.012}),
    ],
    ids=["canvas", "slider", "box", "python"],
)
def test_one_method_s_rate_changes_alone(explorer, act, computed, paints):
    before = dict(explorer.rates)
    computed.clear(), paints.clear()
    act(explorer)
    assert explorer.rates == {**before, "momentum": 0.012}
    assert explorer.scene["rate momentum"][0] == pytest.approx(np.log10(0.012))
    assert explorer._sliders["rate momentum"].box.value == 0.012
    assert len(computed) == 1
    assert paints == []
    assert not explorer._work.busy  # the curves over α stay what they are
    assert not old(explorer)


def test_a_rate_set_by_hand_is_the_end_of_the_best(explorer):
    explorer.best = True
    rates = dict(explorer.rates)
    assert explorer._best.value is True
    drag_rate(explorer, "adam", 0.2)
    assert explorer.best is explorer._best.value is False
    assert explorer.rates == {**rates, "adam": 0.2}
    drag(explorer, x=1.5)
    explorer._work.wait()
    assert explorer.rates == {**rates, "adam": 0.2}


def test_a_given_rate_is_kept_and_the_others_get_one_that_suits():
    explorer = RaceExplorer(BOWL, point=(2, 1), rates={"adam": 0.33})
    assert explorer.rates["adam"] == 0.33
    assert explorer.rates["momentum"] == usual_rate(explorer.field, (2, 1), "momentum")


@pytest.mark.parametrize("rate", [1e-6, 500.0])
def test_a_rate_beyond_the_axis_brings_another_axis(explorer, rate, paints):
    paints.clear()
    explorer.rates = {**explorer.rates, "adam": rate}
    explorer._work.wait()
    low, high = explorer.scene.panel("final").x
    assert low < np.log10(rate) < high
    assert explorer.rates["adam"] == rate
    assert len(paints) == 1
    assert not old(explorer)
    assert RaceExplorer(BOWL, rates={"adam": rate}).rates["adam"] == rate


@pytest.mark.parametrize(
    "change",
    [
        lambda e: setattr(e, "domain", {"x": (-5, 5)}),
        lambda e: setattr(e, "point", (1, 1)),
        lambda e: setattr(e, "steps", 50),
    ],
    ids=["domain", "start", "steps"],
)
def test_whatever_else_changes_the_rates_stay(explorer, change):
    explorer.rates = {**explorer.rates, "adam": 0.0777}
    before = dict(explorer.rates)
    change(explorer)
    assert explorer.rates == before


def test_another_function_keeps_the_rates_that_are_of_use_and_tells_of_the_others(explorer):
    before = dict(explorer.rates)
    explorer.field = "x**2 + 9*y**2"
    assert explorer.rates == before
    assert explorer.scene.text("changed") == ""
    explorer.field = catalog["rosenbrock"].field
    wanted = {name: usual_rate(explorer.field, explorer.point, name) for name in THREE}
    wanted["adam"] = before["adam"]
    assert explorer.rates == wanted
    told = explorer.scene.text("changed")
    assert told.startswith("For this function α was changed for gradient descent, as with ")
    assert "adam" not in told
    explorer.rates = {**wanted, "adam": 0.2}
    explorer._reset.click()
    assert explorer.rates == wanted


# ── which methods ────────────────────────────────────────────────────────────────────────────────


def test_boxes_choose_the_methods_and_those_that_stay_keep_their_order(explorer):
    assert {name for name, box in explorer._boxes.items() if box.value} == set(THREE)
    explorer._boxes["nesterov"].set_state({"value": True})
    assert explorer.methods == (*THREE, "nesterov")
    explorer._boxes["gradient descent"].set_state({"value": False})
    assert explorer.methods == ("momentum", "adam", "nesterov")
    assert list(explorer._sliders)[2:] == ["rate momentum", "rate adam", "rate nesterov"]
    assert "path gradient descent" not in explorer.scene.numbers
    explorer._work.wait()
    assert np.isfinite(finals(explorer, "nesterov")).any()
    explorer.methods = ("adagrad",)
    assert [name for name, box in explorer._boxes.items() if box.value] == ["adagrad"]


def test_a_method_that_comes_back_has_the_rate_that_it_had(explorer):
    drag_rate(explorer, "adam", 0.21)
    explorer._boxes["adam"].value = False
    explorer._boxes["adam"].value = True
    assert explorer.rates["adam"] == 0.21


def test_the_last_method_can_not_be_sent_away(explorer):
    explorer.methods = ("adam",)
    explorer._boxes["adam"].set_state({"value": False})
    assert explorer.methods == ("adam",)
    assert explorer._boxes["adam"].value is True
    assert "methods are some of" in explorer._canvas.note


def test_all_methods_race_together():
    explorer = RaceExplorer(BOWL, point=(2, 1), methods=tuple(methods), steps=20)
    explorer._work.wait()
    assert len(explorer.scene.captions) == len(methods) + 1
    for name in methods:
        assert np.isfinite(finals(explorer, name)).any()


def test_steps_have_a_slider(explorer):
    explorer._steps.set_state({"value": 44})
    assert explorer.steps == 44
    assert explorer.scene.panel("loss").x == (0, 44)
    assert np.isfinite(path(explorer, "adam")).all()
    explorer.steps = 12
    assert explorer._steps.value == 12


# ── bad input ────────────────────────────────────────────────────────────────────────────────────

NAN = float("nan")


IMPOSSIBLE = [
    ("methods", ()),
    ("methods", ("guessing",)),
    ("methods", ("adam", "guessing")),
    ("methods", "adam"),
    ("methods", None),
    ("rates", {"guessing": 0.1}),
    ("rates", {"adam": 0.0}),
    ("rates", {"adam": -1.0}),
    ("rates", {"adam": NAN}),
    ("rates", {"adam": 1e308}),
    ("rates", {"adam": "fast"}),
    ("rates", 0.1),
    ("steps", 0),
    ("steps", 1001),
    ("best", "yes"),
]


def test_an_impossible_option_is_refused_and_the_picture_stays(explorer):
    before = state(explorer)
    for option, value in IMPOSSIBLE:
        usual = getattr(explorer, option)
        with pytest.raises((traitlets.TraitError, ValueError)):
            setattr(explorer, option, value)
        assert getattr(explorer, option) == usual, (option, value)
        assert state(explorer) == before, (option, value)


@pytest.mark.parametrize(("option", "value"), IMPOSSIBLE)
def test_no_race_opens_with_an_impossible_option(option, value):
    with pytest.raises((traitlets.TraitError, ValueError)):
        RaceExplorer(BOWL, **{option: value})


def test_a_method_named_twice_runs_once():
    explorer = RaceExplorer(BOWL, methods=["adam", "newton", "adam"])
    assert explorer.methods == ("adam", "newton")


@pytest.mark.parametrize("source", ["x*y*z", ScalarField("x*y*z")])
def test_three_variables_are_refused(explorer, source):
    before = state(explorer)
    with pytest.raises(ValueError, match="needs two variables"):
        explorer.field = source
    assert state(explorer) == before
    explorer._formula.set_state({"value": "1e6*x*y*z"})
    assert "needs two variables" in message(explorer)
    assert state(explorer) == before


def test_after_a_refused_function_axis_and_curves_stay(explorer, slow, paints):
    before, axis = finals(explorer, "adam").copy(), explorer.scene.panel("final").x
    with pytest.raises(ValueError, match="needs two variables"):
        explorer.field = "1e6*(x**2 + y**2 + z**2)"
    paints.clear()
    drag_rate(explorer, "adam", 0.2)
    assert slow.asked == paints == []
    assert explorer.scene.panel("final").x == axis
    assert np.array_equal(before, finals(explorer, "adam"), equal_nan=True)


def test_a_function_of_one_variable_is_a_trough():
    assert RaceExplorer("sin(x)", steps=5).field.variables == ("x", "y")


def test_every_example_of_the_menu_races():
    explorer = RaceExplorer("x*y", steps=10)
    offered = [key for _, key in explorer._menu.options]
    assert set(offered) - {""} == {k for k, e in catalog.items() if len(e.variables) == 2}
    for place, key in enumerate(offered[1:], 1):
        explorer._menu.set_state({"index": place})
        assert (message(explorer), explorer._canvas.note) == ("", "")
        assert explorer.point == catalog[key].start
        explorer._work.wait()
        assert not old(explorer)
        assert explorer._swept == explorer._wanted()


# ── sweeps ───────────────────────────────────────────────────────────────────────────────────────


def test_the_first_sweep_brings_the_curves_over_alpha(slow):
    explorer = RaceExplorer(BOWL, point=(2, 1), steps=30)
    slow.wait_for_one()
    assert explorer._work.busy
    assert np.isnan(finals(explorer, "adam")).all()
    assert not old(explorer)  # there are none that could be old
    slow.open.set()
    explorer._work.wait()
    assert not explorer._work.busy
    low, _ = explorer.scene.panel("final").y
    span = explorer.scene.panel("final").x
    for name in THREE:
        values = sweep(explorer.field, (2, 1), name, 30, span)
        with np.errstate(invalid="ignore"):
            wanted = np.maximum(np.log10(values), low)
        assert finals(explorer, name) == pytest.approx(wanted, abs=1e-6, nan_ok=True)
    assert {asked[2] for asked in slow.asked} == set(THREE)


SWEPT = {
    "start": lambda e: setattr(e, "point", (1, 1)),
    "dragged": lambda e: drag(e, x=1.0),
    "function": lambda e: setattr(e, "field", "x**2 + y**4"),
    "domain": lambda e: setattr(e, "domain", {"x": (-5, 5)}),
    "methods": lambda e: setattr(e, "methods", ("newton", "adam")),
    "steps": lambda e: setattr(e, "steps", 44),
}


@pytest.mark.parametrize("change", SWEPT.values(), ids=SWEPT)
def test_what_decides_the_race_asks_for_a_new_sweep(explorer, change, slow):
    before = finals(explorer, "adam").copy()
    change(explorer)
    slow.wait_for_one()
    assert explorer._work.busy
    field, point = explorer.field, explorer.point
    slow.open.set()
    explorer._work.wait()
    assert [asked[:4] for asked in slow.asked] == [
        (field.text, point, name, explorer.steps) for name in explorer.methods
    ]
    assert not old(explorer)
    if change is not SWEPT["domain"]:
        assert not np.array_equal(before, finals(explorer, "adam"), equal_nan=True)


@pytest.mark.parametrize(
    "change",
    [
        lambda e: drag_rate(e, "adam", 0.2),
        lambda e: setattr(e, "best", True),
        lambda e: setattr(e, "point", (2, 1)),
        lambda e: e._canvas.set_state({"view": [600, 1]}),
    ],
    ids=["rate", "best", "the same start", "view"],
)
def test_what_changes_no_curve_asks_for_none(explorer, change, slow):
    change(explorer)
    assert slow.asked == []
    assert not explorer._work.busy


def test_while_a_start_is_dragged_the_curves_are_called_old(explorer, slow):
    before = finals(explorer, "adam").copy()
    drag(explorer, x=1.0)
    assert old(explorer)
    assert np.array_equal(before, finals(explorer, "adam"), equal_nan=True)
    slow.open.set()
    explorer._work.wait()
    assert not old(explorer)


def test_the_curves_of_another_function_are_not_shown_at_all(explorer, slow):
    explorer.best = True
    explorer.field = catalog["rosenbrock"].field
    assert np.isnan(finals(explorer, "adam")).all()
    assert not old(explorer)
    usual = {name: usual_rate(explorer.field, explorer.point, name) for name in THREE}
    assert explorer.rates == usual  # the bowl's best are none of its own
    slow.open.set()
    explorer._work.wait()
    assert np.isfinite(finals(explorer, "adam")).any()
    assert explorer.rates != usual


def test_a_cancelled_sweep_leaves_the_old_curves_and_a_race_that_can_be_used(explorer, slow):
    before = finals(explorer, "adam").copy()
    drag(explorer, x=1.0)
    slow.wait_for_one()
    explorer._work._button.click()
    slow.open.set()
    explorer._work.wait()
    assert not explorer._work.busy
    assert explorer._canvas.note == ""
    assert old(explorer)
    assert np.array_equal(before, finals(explorer, "adam"), equal_nan=True)
    slow.asked.clear()
    drag_rate(explorer, "adam", 0.2)  # nothing that asks for the sweep again
    assert explorer.rates["adam"] == 0.2
    assert slow.asked == []
    assert old(explorer)


def sweep_again(explorer):
    (button,) = (
        widget
        for widget in explorers.controls.descendants(explorer)
        if getattr(widget, "description", "") == "Sweep again"
    )
    button.click()


def test_a_cancelled_sweep_can_be_asked_for_again(explorer, slow):
    drag(explorer, x=1.0)
    slow.wait_for_one()
    explorer._work.cancel()
    slow.open.set()
    explorer._work.wait()
    assert old(explorer)
    sweep_again(explorer)
    explorer._work.wait()
    assert not old(explorer)
    assert explorer._swept == explorer._wanted()


def test_sweep_again_is_harmless_where_the_curves_are_new(explorer):
    before = finals(explorer, "adam").copy()
    sweep_again(explorer)
    explorer._work.wait()
    assert np.array_equal(before, finals(explorer, "adam"), equal_nan=True)
    assert not old(explorer)


def test_a_sweep_for_a_start_that_was_left_is_dropped(explorer, slow):
    drag(explorer, x=1.0)
    thread = explorer._work._thread
    slow.wait_for_one()
    drag(explorer, x=0.5)
    slow.wait_for_one()
    slow.open.set()
    thread.join()
    explorer._work.wait()
    assert explorer._swept[1] == (0.5, 1.0)
    values = sweep(explorer.field, (0.5, 1), "adam", 30, explorer._span)
    assert explorer._finals["adam"].tolist() == values.tolist()


def test_even_a_finished_sweep_is_dropped_where_something_else_is_wanted(explorer):
    before = finals(explorer, "adam").copy()
    wanted = ("another field", *explorer._wanted()[1:])
    explorer._take_finals(wanted, {name: np.ones(RATES) for name in THREE})
    assert np.array_equal(before, finals(explorer, "adam"), equal_nan=True)


def test_a_start_that_was_left_and_taken_again_is_swept(explorer, slow):
    """There and back before the sweep was done: its result was dropped, and is due again."""
    drag(explorer, x=1.0)
    slow.wait_for_one()
    drag(explorer, x=2.0)
    assert not old(explorer)
    slow.open.set()
    explorer._work.wait()
    drag(explorer, x=1.0)
    explorer._work.wait()
    assert not old(explorer)
    assert explorer._swept[1] == (1.0, 1.0)


def test_an_error_in_a_sweep_is_told_and_the_race_goes_on(explorer, monkeypatch):
    raised = []
    monkeypatch.setattr(threading, "excepthook", lambda args: raised.append(args.exc_value))
    monkeypatch.setattr(explorers, "sweep", lambda *_: 1 / 0)
    drag(explorer, x=1.0)
    explorer._work.wait()
    assert [type(error) for error in raised] == [ZeroDivisionError]
    assert "ZeroDivisionError" in explorer._canvas.note
    assert not explorer._work.busy
    monkeypatch.undo()
    drag(explorer, x=0.5)
    explorer._work.wait()
    assert not old(explorer)


def test_closing_ends_the_sweep_and_leaves_no_widget(slow):
    before = registered()
    explorer = RaceExplorer(BOWL, point=(2, 1), steps=30)
    slow.wait_for_one()
    explorer.close()
    slow.open.set()
    explorer._work.wait()
    assert explorer._swept is None
    assert registered() == before


def test_what_a_sweep_found_after_the_end_is_dropped(explorer):
    explorer.close()
    explorer._take_finals(explorer._wanted(), {})
    assert set(explorer._finals) == set(THREE)


@pytest.mark.parametrize(
    "show",
    [
        lambda explorer, _: "image/png" in explorer._repr_mimebundle_(),
        lambda explorer, _: len(explorer.figure().axes) == len(explorer.scene.panels),
        lambda explorer, folder: explorer.save(folder / "race.html") or True,
    ],
)
def test_a_still_picture_waits_for_its_first_sweep(slow, monkeypatch, tmp_path, show):
    explorer, asked = RaceExplorer(BOWL, point=(2, 1), steps=10), []
    wait = explorer._work.wait

    def waiting(seconds):
        asked.append(seconds)
        slow.open.set()
        wait()

    monkeypatch.setattr(explorer._work, "wait", waiting)
    assert show(explorer, tmp_path)
    assert asked == [explorers.PATIENCE]
    assert explorer._swept == explorer._wanted()


def test_a_figure_asked_for_by_the_sweep_itself_does_not_wait_for_it():
    explorer, drawn = RaceExplorer(BOWL, point=(2, 1), steps=10), []
    explorer._work.wait()
    explorer._work.start("", lambda told: drawn.append(explorer.figure()))
    explorer._work.wait()
    assert len(drawn) == 1


# ── each at its best ─────────────────────────────────────────────────────────────────────────────


def test_at_the_best_each_method_has_the_rate_that_ends_lowest(explorer):
    explorer._best.set_state({"value": True})
    span = explorer.scene.panel("final").x
    for name in THREE:
        values = sweep(explorer.field, (2, 1), name, 30, span)
        assert explorer.rates[name] == best_rate(span, values)
        run = descend(BOWL, (2, 1), explorer.rates[name], 30, name)
        assert run.values[-1] == pytest.approx(np.nanmin(values), rel=1e-9)
        assert path(explorer, name).tolist() == run.points.tolist()
        assert explorer.rates[name] in rates_in(span)


def test_the_best_follows_the_start(explorer):
    explorer.best = True
    first = dict(explorer.rates)
    drag(explorer, x=0.01, y=2.0)
    explorer._work.wait()
    assert explorer.rates != first
    for name in THREE:
        values = sweep(explorer.field, (0.01, 2.0), name, 30, explorer._span)
        assert explorer.rates[name] == best_rate(explorer._span, values)
    explorer.best = False
    kept = dict(explorer.rates)
    drag(explorer, x=1.0)
    explorer._work.wait()
    assert explorer.rates == kept


def test_best_from_the_start(slow):
    explorer = RaceExplorer(BOWL, point=(2, 1), steps=30, best=True)
    usual = dict(explorer.rates)
    slow.open.set()
    explorer._work.wait()
    assert explorer.rates != usual
    assert explorer.best


def test_a_method_that_is_lost_everywhere_keeps_its_rate():
    explorer = RaceExplorer("x**2", point=(2, 1), methods=("newton", "adam"), best=True, steps=10)
    explorer._work.wait()
    assert explorer.rates["newton"] == 1.0
    assert "stuck" in explorer.scene.captions[0]


# ── code, reset, company, the end ────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"methods": ("newton", "adam", "backtracking")},
        {"rates": {"adam": 0.2}, "steps": 12},
        {"rates": {"momentum": 1e-6}},
        {"best": True},
    ],
    ids=str,
)
def test_the_code_makes_the_same_view(options):
    explorer = RaceExplorer(BOWL, point=(2, 1), **{"steps": 20, **options})
    explorer._work.wait()
    assert_same_view(explorer, again(explorer))


@pytest.mark.parametrize(
    "change",
    [
        lambda e: drag(e, x=1.0, **{"rate adam": 0.3}),
        lambda e: setattr(e, "methods", ("adam", "newton")),
        lambda e: setattr(e, "field", "x**2 + y**4"),
        lambda e: setattr(e, "domain", {"x": (-1, 5)}),
    ],
    ids=["dragged", "methods", "function", "domain"],
)
def test_the_code_makes_the_same_view_after_a_change(explorer, change):
    change(explorer)
    explorer._work.wait()
    assert_same_view(explorer, again(explorer))


def test_reset_brings_everything_back(explorer):
    opening, options = state(explorer)[:4], explorer._state()
    explorer.methods, explorer.steps, explorer.best = ("newton",), 12, True
    explorer.domain, explorer.point = {"x": (-5, 5)}, (1, 1)
    explorer._reset.click()
    explorer._work.wait()
    assert {**explorer._state(), "rates": 0} == {**options, "rates": 0}
    assert {name: explorer.rates[name] for name in THREE} == options["rates"]
    assert state(explorer)[:4] == opening


def test_it_shares_function_and_point(explorer):
    other = GradientExplorer("x*y", point=(0, 0))
    link(explorer, other)
    other.point = (1, -1)
    assert explorer.point == (1.0, -1.0)
    explorer._work.wait()
    assert explorer._swept[1] == (1.0, -1.0)
    other.field = "x**2 + y**2"
    assert explorer.field.text == "x**2 + y**2"
    explorer._work.wait()
    assert not old(explorer)


def test_it_is_no_film(explorer, tmp_path):
    with pytest.raises(ValueError, match="nothing that moves"):
        explorer.save(tmp_path / "race.gif")
    explorer.save(tmp_path / "race.png")
    assert (tmp_path / "race.png").read_bytes().startswith(b"\x89PNG")


def test_other_methods_on_the_same_axis_leave_the_map_as_it_is_painted(paints):
    explorer = RaceExplorer("x**2 + 10*y**2", methods=("gradient descent", "momentum"))
    explorer._work.wait()
    paints.clear()
    explorer.methods = ("momentum", "gradient descent")
    explorer._work.wait()
    assert paints == []
