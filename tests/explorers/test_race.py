"""The race explorer: each method's own α, who sweeps, and sweeps that may come too late."""

import asyncio
import threading

import autograd.numpy as anp
import numpy as np
import pytest
import traitlets

from gradwidgets import GradientExplorer, RaceExplorer, ScalarField, catalog, descend, link
from gradwidgets.calculus.rules import methods
from gradwidgets.calculus.usual import usual_rate
from gradwidgets.explorers import race as explorers
from gradwidgets.explorers import saved, work
from gradwidgets.pictures.race import best_rate, sweep
from gradwidgets.pictures.racing import RATES, rates_in
from tests.explorers.face import Face
from tests.explorers.views import again, assert_same_view, registered, shown

BOWL = "x**2 + 10*y**2"
THREE = ("gradient descent", "momentum", "adam")
FEW = 6
OLD = "The curves belong to the previous start."


def bowl(x, y):
    """The bowl without a program: a choice by value can't be traced. It takes arrays, though."""
    return x**2 + 10 * y**2 if anp.all(x > -100) else x


branching = ScalarField(bowl)  # one for all, and so is what is found out about it


@pytest.fixture
def explorer():
    return RaceExplorer(BOWL, point=(2, 1), steps=30)


@pytest.fixture
def face(explorer):
    """A browser with a view, which sweeps by its program."""
    made = Face(explorer)
    made.look()
    return made


@pytest.fixture
def untraced():
    """A race that Python sweeps, a few steps at every rate."""
    made = RaceExplorer(branching, point=(2, 1), steps=FEW)
    made._task.wait()
    return made


@pytest.fixture(params=["a program", "no program"])
def either(request):
    """A race that a browser could sweep, and one that only Python can."""
    return request.getfixturevalue("explorer" if request.param == "a program" else "untraced")


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
    Face(explorer).drag(**values)


def drag_rate(explorer, method, value):
    drag(explorer, **{f"rate {method}": value})


def by_browser(face):
    """What the page sets once its sweep is through: each method's best α, as the form tells."""
    best = face.seen["_form"]["best"]
    if not face.seen[best["switch"]]:
        return
    rates = dict(face.seen[best["trait"]])
    for method, mark in best["marks"].items():
        places, heights = face.numbers[mark].T
        if np.isfinite(heights).any():
            rates[method] = float(f"{10 ** places[np.nanargmin(heights)]:.3g}")
    face.tell(**{best["trait"]: rates})


def finals(explorer, method):
    return explorer.scene[f"final {method}"][:, 1]


def swept(explorer):
    """The explorer, after Python has swept for it."""
    explorer.sweep()
    explorer._task.wait()
    return explorer


def path(explorer, method):
    """The points of a run; there is room for more behind them."""
    points = explorer.scene[f"path {method}"]
    assert np.isnan(points[explorer.steps + 1 :]).all()
    return points[: explorer.steps + 1]


def old(explorer):
    return explorer.scene.captions[-1].endswith(OLD)


# ── each its own α ───────────────────────────────────────────────────────────────────────────────


def test_it_opens_with_each_method_s_usual_rate(explorer, face):
    assert explorer.methods == THREE
    field = explorer.field
    assert explorer.rates == {name: usual_rate(field, (2, 1), name) for name in THREE}
    assert list(face.values) == ["x", "y", *(f"rate {name}" for name in THREE)]
    for name in THREE:
        run = descend(BOWL, (2, 1), explorer.rates[name], 30, name)
        assert path(explorer, name).tolist() == run.points.tolist()


@pytest.mark.parametrize(
    "act",
    [
        lambda e: drag_rate(e, "momentum", 0.012),
        lambda e: setattr(e, "rates", {**e.rates, "momentum": 0.012}),
    ],
    ids=["page", "python"],
)
def test_one_method_s_rate_changes_alone(explorer, face, act, computed, presented, slow):
    before = dict(explorer.rates)
    computed.clear(), presented.clear()
    act(explorer)
    assert explorer.rates == {**before, "momentum": 0.012}
    assert face.agrees()
    assert computed == presented == slow.asked == []
    assert face.numbers["rate momentum"][0] == pytest.approx(np.log10(0.012))
    assert explorer.scene["rate momentum"][0] == pytest.approx(np.log10(0.012))
    assert len(computed) == 1


def test_a_rate_set_by_hand_is_the_end_of_the_best(either):
    explorer = either
    explorer.best = True
    rates, face = dict(explorer.rates), Face(explorer)
    face.drag(**{"rate adam": 0.2})
    assert explorer.best is face.seen["best"] is False
    assert explorer.rates == face.seen["rates"] == {**rates, "adam": 0.2}
    face.drag(x=1.5)
    explorer._task.wait()
    assert explorer.rates == {**rates, "adam": 0.2}


def test_a_given_rate_is_kept_and_the_others_get_one_that_suits():
    explorer = RaceExplorer(BOWL, point=(2, 1), rates={"adam": 0.33})
    assert explorer.rates["adam"] == 0.33
    assert explorer.rates["momentum"] == usual_rate(explorer.field, (2, 1), "momentum")


@pytest.mark.parametrize("rate", [1e-6, 500.0])
def test_a_rate_beyond_the_axis_brings_another_axis(explorer, face, rate, presented):
    presented.clear()
    explorer.rates = {**explorer.rates, "adam": rate}
    low, high = explorer.scene.panel("final").x
    assert low < np.log10(rate) < high
    assert explorer.rates["adam"] == rate
    assert len(presented) == 1
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


def test_another_function_keeps_the_rates_that_are_of_use_and_tells_of_the_others(explorer, face):
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
    face.reset()
    assert explorer.rates == wanted
    with explorer._life.together():
        explorer.field, explorer.rates = BOWL, {"adam": 0.2}
    assert explorer.scene.text("changed") == ""


# ── which methods ────────────────────────────────────────────────────────────────────────────────


def test_boxes_choose_the_methods_and_those_that_stay_keep_their_order(explorer, face):
    item = face.item("methods")
    assert item["kind"] == "some"
    assert [key for key, _ in item["options"]] == list(methods)
    face.set("methods", [*THREE, "nesterov"])
    assert explorer.methods == (*THREE, "nesterov")
    face.set("methods", ["momentum", "adam", "nesterov"])
    assert explorer.methods == ("momentum", "adam", "nesterov")
    assert list(face.values)[2:] == ["rate momentum", "rate adam", "rate nesterov"]
    assert "path gradient descent" not in explorer.scene.numbers
    assert np.isfinite(face.numbers["final nesterov"][:, 1]).any()
    assert set(face.seen["_form"]["best"]["marks"]) == {"momentum", "adam", "nesterov"}
    explorer.methods = ("adagrad",)
    assert face.seen["methods"] == ["adagrad"]
    assert face.agrees()


def test_a_method_that_comes_back_has_the_rate_that_it_had(explorer, face):
    face.drag(**{"rate adam": 0.21})
    face.set("methods", ["momentum"])
    face.set("methods", ["momentum", "adam"])
    assert explorer.rates["adam"] == 0.21


def test_home_of_a_method_that_came_later_is_where_it_came(explorer, face):
    face.set("methods", [*THREE, "newton"])
    usual = usual_rate(explorer.field, (2, 1), "newton")
    assert face.control("rate newton")["start"] == usual == 1.0
    explorer.rates = {**explorer.rates, "adam": 0.21}
    face.set("steps", 40)
    assert face.control("rate adam")["start"] == usual_rate(explorer.field, (2, 1), "adam")


def test_the_last_method_can_not_be_sent_away(explorer, face):
    explorer.methods = ("adam",)
    face.set("methods", [])
    assert explorer.methods == ("adam",)
    assert face.seen["methods"] == ["adam"]
    assert "at least one method" in face.note


def test_all_methods_race_together():
    explorer = swept(RaceExplorer(BOWL, point=(2, 1), methods=tuple(methods), steps=20))
    assert len(explorer.scene.captions) == len(methods) + 1
    for name in methods:
        assert np.isfinite(finals(explorer, name)).any()


def test_steps_have_a_slider(explorer, face):
    item = face.item("steps")
    assert (item["low"], item["high"], item["slider"]) == (1, 1000, True)
    face.set("steps", 44)
    assert explorer.steps == 44
    assert explorer.scene.panel("loss").x == (0, 44)
    assert np.isfinite(path(explorer, "adam")).all()
    explorer.steps = 12
    assert face.seen["steps"] == 12


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
    before = shown(explorer)
    for option, value in IMPOSSIBLE:
        usual = getattr(explorer, option)
        with pytest.raises((traitlets.TraitError, ValueError)):
            setattr(explorer, option, value)
        assert getattr(explorer, option) == usual, (option, value)
        assert shown(explorer) == before, (option, value)


@pytest.mark.parametrize(("option", "value"), IMPOSSIBLE)
def test_no_race_opens_with_an_impossible_option(option, value):
    with pytest.raises((traitlets.TraitError, ValueError)):
        RaceExplorer(BOWL, **{option: value})


def test_a_method_named_twice_runs_once():
    explorer = RaceExplorer(BOWL, methods=["adam", "newton", "adam"])
    assert explorer.methods == ("adam", "newton")


@pytest.mark.parametrize("source", ["x*y*z", ScalarField("x*y*z")])
def test_three_variables_are_refused(explorer, source):
    before = shown(explorer)
    with pytest.raises(ValueError, match="needs two variables"):
        explorer.field = source
    assert shown(explorer) == before
    face = Face(explorer)
    face.type("1e6*x*y*z")
    assert "needs two variables" in face.message
    assert shown(explorer) == before


def test_after_a_refused_function_axis_and_curves_stay(untraced, slow, presented):
    explorer = untraced
    before, axis = finals(explorer, "adam").copy(), explorer.scene.panel("final").x
    with pytest.raises(ValueError, match="needs two variables"):
        explorer.field = "1e6*(x**2 + y**2 + z**2)"
    presented.clear()
    drag_rate(explorer, "adam", 0.2)
    assert slow.asked == presented == []
    assert explorer.scene.panel("final").x == axis
    assert np.array_equal(before, finals(explorer, "adam"), equal_nan=True)


def test_a_function_of_one_variable_is_a_trough():
    assert RaceExplorer("sin(x)", steps=5).field.variables == ("x", "y")


def test_every_example_of_the_menu_races():
    explorer = RaceExplorer("x*y", steps=10)
    face = Face(explorer)
    assert set(face.examples) == {k for k, e in catalog.items() if len(e.variables) == 2}
    for key in face.examples:
        face.choose(key)
        assert (face.message, face.note) == ("", "")
        assert explorer.point == catalog[key].start
        assert not old(swept(explorer))
        assert np.isfinite(finals(explorer, "adam")).any()


@pytest.mark.parametrize(
    "rates",
    [None, [], {"adam": NAN}, {"adam": -1.0}, {"adam": "fast"}, {"guessing": 0.1}, {"adam": [1]}],
    ids=str,
)
def test_a_client_s_rates_are_checked_and_go_back(explorer, face, rates):
    before = dict(explorer.rates)
    face.tell(rates=rates, best=False, steps=20)
    assert explorer.rates == face.seen["rates"] == before
    assert explorer.steps == 20
    assert face.note != ""
    assert face.agrees()


# ── sweeps ───────────────────────────────────────────────────────────────────────────────────────


def test_the_first_sweep_brings_the_curves_over_alpha(slow):
    explorer = RaceExplorer(branching, point=(2, 1), steps=FEW)
    slow.wait_for_one()
    assert explorer._task.busy
    assert np.isnan(finals(explorer, "adam")).all()
    assert not old(explorer)  # there are none that could be old
    slow.open.set()
    explorer._task.wait()
    assert not explorer._task.busy
    low, _ = explorer.scene.panel("final").y
    span = explorer.scene.panel("final").x
    for name in THREE:
        values = sweep(explorer.field, (2, 1), name, FEW, span)
        with np.errstate(invalid="ignore"):
            wanted = np.maximum(np.log10(values), low)
        assert finals(explorer, name) == pytest.approx(wanted, abs=1e-6, nan_ok=True)
    assert {asked[2] for asked in slow.asked} == set(THREE)


WATCHED = {
    "opened": lambda e: None,
    "dragged": lambda e: drag(e, x=1.0),
    "at the best": lambda e: setattr(e, "best", True),
    "function": lambda e: setattr(e, "field", "x**2 + y**4"),
    "steps": lambda e: setattr(e, "steps", 44),
}


@pytest.mark.parametrize("change", WATCHED.values(), ids=WATCHED)
def test_with_a_program_and_a_view_python_sweeps_nothing(explorer, face, change, slow):
    change(explorer)
    assert slow.asked == []
    assert face.work == {}
    assert not face.has("sweep")
    assert np.isfinite(face.numbers["final adam"][:, 1]).any()
    assert face.agrees()


def test_what_the_browser_sweeps_is_what_python_does(explorer, face):
    swept(explorer)
    for name in THREE:
        wanted = explorer.scene[f"final {name}"]
        assert face.numbers[f"final {name}"] == pytest.approx(wanted, abs=1e-6, nan_ok=True)
    assert face.numbers["note"] == pytest.approx(explorer.scene["note"])


SWEPT = {
    "start": lambda e: setattr(e, "point", (1, 1)),
    "dragged": lambda e: drag(e, x=1.0),
    "function": lambda e: setattr(e, "field", lambda x, y: x**2 + y**4 if anp.all(x > -100) else x),
    "domain": lambda e: setattr(e, "domain", {"x": (-5, 5)}),
    "methods": lambda e: setattr(e, "methods", ("newton", "adam")),
    "steps": lambda e: setattr(e, "steps", 9),
}


@pytest.mark.parametrize("change", SWEPT.values(), ids=SWEPT)
def test_what_decides_the_race_asks_for_a_new_sweep(untraced, change, slow):
    explorer = untraced
    before = finals(explorer, "adam").copy()
    change(explorer)
    slow.wait_for_one()
    assert explorer._task.busy
    field, point = explorer.field, explorer.point
    slow.open.set()
    explorer._task.wait()
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
        lambda e: Face(e).look(),
    ],
    ids=["rate", "best", "the same start", "view"],
)
def test_what_changes_no_curve_asks_for_none(untraced, change, slow):
    explorer = untraced
    change(explorer)
    assert slow.asked == []
    assert not explorer._task.busy


def test_while_a_start_is_dragged_the_curves_are_called_old(untraced, slow):
    explorer, face = untraced, Face(untraced)
    before = finals(explorer, "adam").copy()
    face.drag(x=1.0)
    assert old(explorer)
    assert face.captions[-1].endswith(OLD)
    assert face.work["name"] == explorers.SWEEPING
    assert np.array_equal(before, finals(explorer, "adam"), equal_nan=True)
    slow.open.set()
    explorer._task.wait()
    assert not old(explorer)
    assert not face.captions[-1].endswith(OLD)
    assert face.work == {}


def rosenbrock(x, y):
    """Rosenbrock's, without a program."""
    return (1 - x) ** 2 + 100 * (y - x**2) ** 2 if anp.all(x > -100) else x


def test_the_curves_of_another_function_are_not_shown_at_all(untraced, slow):
    explorer = untraced
    explorer.best = True
    explorer.field = rosenbrock
    assert np.isnan(finals(explorer, "adam")).all()
    assert not old(explorer)
    usual = {name: usual_rate(explorer.field, explorer.point, name) for name in THREE}
    assert explorer.rates == usual  # the bowl's best are none of its own
    slow.open.set()
    explorer._task.wait()
    assert np.isfinite(finals(explorer, "adam")).any()
    assert explorer.rates != usual


def test_a_cancelled_sweep_leaves_the_old_curves_and_a_race_that_can_be_used(untraced, slow):
    explorer, face = untraced, Face(untraced)
    before = finals(explorer, "adam").copy()
    face.drag(x=1.0)
    slow.wait_for_one()
    assert face.work["cancel"] is True
    face.do("cancel")
    slow.open.set()
    explorer._task.wait()
    assert not explorer._task.busy
    assert (face.note, face.work) == ("", {"said": "Cancelled."})
    assert old(explorer)
    assert np.array_equal(before, finals(explorer, "adam"), equal_nan=True)
    slow.asked.clear()
    drag_rate(explorer, "adam", 0.2)  # nothing that asks for the sweep again
    assert explorer.rates["adam"] == 0.2
    assert slow.asked == []
    assert old(explorer)


def test_a_cancelled_sweep_can_be_asked_for_again(untraced, slow):
    explorer = untraced
    drag(explorer, x=1.0)
    slow.wait_for_one()
    explorer._task.cancel()
    slow.open.set()
    explorer._task.wait()
    assert old(explorer)
    Face(explorer).push("Sweep again")
    explorer._task.wait()
    assert not old(explorer)


def test_sweep_again_is_harmless_where_the_curves_are_new(untraced):
    explorer = untraced
    before = finals(explorer, "adam").copy()
    Face(explorer).push("Sweep again")
    explorer._task.wait()
    assert np.array_equal(before, finals(explorer, "adam"), equal_nan=True)
    assert not old(explorer)


def test_a_sweep_for_a_start_that_was_left_is_dropped(untraced, slow):
    explorer = untraced
    drag(explorer, x=1.0)
    thread = explorer._task._thread
    slow.wait_for_one()
    drag(explorer, x=0.5)
    slow.wait_for_one()
    slow.open.set()
    thread.join()
    explorer._task.wait()
    twin = RaceExplorer(branching, point=(0.5, 1), steps=FEW)
    twin._task.wait()
    assert not old(explorer)
    assert finals(explorer, "adam") == pytest.approx(finals(twin, "adam"), nan_ok=True)


def test_even_a_finished_sweep_is_dropped_where_something_else_is_wanted(untraced):
    explorer = untraced
    before = finals(explorer, "adam").copy()
    wanted = ("another field", *explorer._wanted(explorer._span)[1:])
    explorer._take_finals(wanted, {name: np.ones(RATES) for name in THREE})
    assert np.array_equal(before, finals(explorer, "adam"), equal_nan=True)


def test_a_start_that_was_left_and_taken_again_is_swept(untraced, slow):
    """There and back before the sweep was done: its result was dropped, and is due again."""
    explorer = untraced
    drag(explorer, x=1.0)
    slow.wait_for_one()
    drag(explorer, x=2.0)
    assert not old(explorer)
    slow.open.set()
    explorer._task.wait()
    drag(explorer, x=1.0)
    explorer._task.wait()
    assert not old(explorer)


def test_an_error_in_a_sweep_is_told_and_the_race_goes_on(untraced, monkeypatch):
    explorer, face = untraced, Face(untraced)
    raised = []
    monkeypatch.setattr(threading, "excepthook", lambda args: raised.append(args.exc_value))
    monkeypatch.setattr(explorers, "sweep", lambda *_: 1 / 0)
    drag(explorer, x=1.0)
    explorer._task.wait()
    assert [type(error) for error in raised] == [ZeroDivisionError]
    assert "ZeroDivisionError" in face.note
    assert not explorer._task.busy
    monkeypatch.undo()
    drag(explorer, x=0.5)
    explorer._task.wait()
    assert not old(explorer)


def test_closing_ends_the_sweep_and_leaves_no_widget(slow):
    before = registered()
    explorer = RaceExplorer(branching, point=(2, 1), steps=FEW)
    slow.wait_for_one()
    explorer.close()
    slow.open.set()
    explorer._task.wait()
    assert explorer._swept is None
    assert registered() == before


def test_what_a_sweep_found_after_the_end_is_dropped(untraced):
    explorer = untraced
    explorer.close()
    explorer._take_finals(explorer._wanted(explorer._span), {})
    assert np.isfinite(finals(explorer, "adam")).any()


SHOWN = {
    "beside the view": lambda explorer, _: saved.picture_of(explorer)[0].startswith(b"\x89PNG"),
    "figure": lambda explorer, _: len(explorer.figure().axes) == len(explorer.scene.panels),
    "file": lambda explorer, folder: explorer.save(folder / "race.svg") or True,
}


@pytest.mark.parametrize("show", SHOWN.values(), ids=SHOWN)
def test_a_still_picture_waits_for_its_sweep(slow, monkeypatch, tmp_path, show):
    explorer, asked = RaceExplorer(branching, point=(2, 1), steps=FEW), []
    wait = explorer._task.wait

    def waiting(seconds):
        asked.append(seconds)
        slow.open.set()
        wait()

    monkeypatch.setattr(explorer._task, "wait", waiting)
    assert show(explorer, tmp_path)
    assert asked == [explorers.PATIENCE]
    assert len(slow.asked) == len(THREE)
    assert np.isfinite(finals(explorer, "adam")).any()
    assert show(explorer, tmp_path)
    assert len(slow.asked) == len(THREE)  # found once


@pytest.mark.parametrize("show", SHOWN.values(), ids=SHOWN)
def test_a_still_picture_s_sweep_is_its_program_s_where_it_has_one(
    explorer, face, slow, tmp_path, show
):
    face.clear()
    assert show(explorer, tmp_path)
    assert np.isfinite(explorer._still_scene()["final adam"]).any()
    assert not slow.asked
    assert not any(face.updates)


@pytest.fixture
def alone(monkeypatch):
    """As in Pyodide: a thread can be made, but not started."""

    def refuse(_):
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", refuse)


@pytest.mark.usefixtures("alone")
def test_without_threads_a_sweep_is_made_all_the_same():
    explorer = RaceExplorer(branching, point=(2, 1), steps=FEW)
    assert np.isfinite(finals(explorer, "adam")).any()
    drag(explorer, x=1.0)
    assert not old(explorer)


@pytest.mark.usefixtures("alone")
def test_without_threads_a_cell_shows_the_race_first_and_then_sweeps(monkeypatch):
    monkeypatch.setattr(work, "REST", 0.01)

    async def cell():
        explorer = RaceExplorer(branching, point=(2, 1), steps=FEW)
        assert not np.isfinite(finals(explorer, "adam")).any()
        while explorer._task.busy:
            await asyncio.sleep(0.01)
        return explorer

    assert np.isfinite(finals(asyncio.run(cell()), "adam")).any()


@pytest.mark.usefixtures("alone")
@pytest.mark.parametrize("show", SHOWN.values(), ids=SHOWN)
def test_without_threads_a_still_picture_has_its_sweep(show, tmp_path):
    async def cell():
        explorer = RaceExplorer(branching, point=(2, 1), steps=FEW)
        assert show(explorer, tmp_path)
        assert np.isfinite(finals(explorer, "adam")).any()

    asyncio.run(cell())


def test_a_figure_asked_for_by_the_sweep_itself_does_not_wait_for_it(explorer):
    drawn = []
    explorer.settled.register_callback(lambda e: drawn.append(e.figure()))
    explorer.sweep()
    explorer._task.wait()
    assert len(drawn) == 1


# ── each at its best ─────────────────────────────────────────────────────────────────────────────


def switch_on(explorer):
    explorer.best = True


def from_page(explorer):
    Face(explorer).set("best", True)


@pytest.mark.parametrize("switch", [switch_on, from_page])
def test_at_the_best_each_method_has_the_rate_that_ends_lowest(either, switch):
    """In a script, and wherever Python sweeps."""
    explorer = either
    switch(explorer)
    span = explorer.scene.panel("final").x
    for name in THREE:
        values = sweep(explorer.field, (2, 1), name, explorer.steps, span)
        assert explorer.rates[name] == best_rate(span, values)
        run = descend(explorer.field, (2, 1), explorer.rates[name], explorer.steps, name)
        assert run.values[-1] == pytest.approx(np.nanmin(values), rel=1e-9)
        assert path(explorer, name).tolist() == run.points.tolist()
        assert explorer.rates[name] in rates_in(span)
    assert not old(explorer)


def test_the_best_follows_the_start(either):
    explorer = either
    explorer.best = True
    first = dict(explorer.rates)
    drag(explorer, x=0.01, y=2.0)
    explorer._task.wait()
    assert explorer.rates != first
    span = explorer.scene.panel("final").x
    for name in THREE:
        values = sweep(explorer.field, (0.01, 2.0), name, explorer.steps, span)
        assert explorer.rates[name] == best_rate(span, values)
    explorer.best = False
    kept = dict(explorer.rates)
    drag(explorer, x=1.0)
    explorer._task.wait()
    assert explorer.rates == kept


def test_a_browser_finds_the_same_best_rates(explorer, face, slow):
    script = RaceExplorer(BOWL, point=(2, 1), steps=30, best=False)
    slow.open.set()
    script.best = True
    slow.asked.clear()
    for place in ({}, {"x": 0.01, "y": 2.0}):
        face.set("best", True)
        face.drag(**place)
        by_browser(face)
        script.point = explorer.point
        assert explorer.rates == script.rates
        assert explorer.best
        assert face.agrees()
    assert {asked[1] for asked in slow.asked} == {(0.01, 2.0)}  # of the script alone


def test_with_a_browser_another_function_opens_with_usual_rates_until_it_has_swept(explorer, face):
    face.set("best", True)
    by_browser(face)
    best = dict(explorer.rates)
    face.choose("rosenbrock")
    usual = {name: usual_rate(explorer.field, explorer.point, name) for name in THREE}
    assert explorer.rates == usual != best
    by_browser(face)
    assert explorer.rates != usual
    assert face.agrees()


def test_best_from_the_start(slow):
    slow.open.set()
    explorer = RaceExplorer(BOWL, point=(2, 1), steps=30, best=True)
    usual = {name: usual_rate(explorer.field, (2, 1), name) for name in THREE}
    assert explorer.rates != usual
    assert explorer.best
    assert len(slow.asked) == len(THREE)


def test_best_from_the_start_without_a_program(slow):
    explorer = RaceExplorer(branching, point=(2, 1), steps=FEW, best=True)
    usual = dict(explorer.rates)
    slow.open.set()
    explorer._task.wait()
    assert explorer.rates != usual
    assert explorer.best


def test_a_method_that_is_lost_everywhere_keeps_its_rate():
    explorer = RaceExplorer("x**2", point=(2, 1), methods=("newton", "adam"), best=True, steps=10)
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
    assert_same_view(explorer, again(explorer))


def test_reset_brings_everything_back(explorer, face):
    opening, rates = shown(explorer)[1:4], dict(explorer.rates)
    explorer.methods, explorer.steps, explorer.best = ("newton",), 12, True
    explorer.domain, explorer.point = {"x": (-5, 5)}, (1, 1)
    face.reset()
    assert (explorer.methods, explorer.steps, explorer.best) == (THREE, 30, False)
    assert {name: explorer.rates[name] for name in THREE} == rates
    assert shown(explorer)[1:4] == opening
    assert face.agrees()


def test_it_shares_function_and_point(explorer):
    other = GradientExplorer("x*y", point=(0, 0))
    link(explorer, other)
    other.point = (1, -1)
    assert explorer.point == (1.0, -1.0)
    other.field = "x**2 + y**2"
    assert explorer.field.text == "x**2 + y**2"
    assert not old(explorer)


def test_it_is_no_film(explorer, tmp_path):
    with pytest.raises(ValueError, match="nothing that moves"):
        explorer.save(tmp_path / "race.gif")
    explorer.save(tmp_path / "race.png")
    assert (tmp_path / "race.png").read_bytes().startswith(b"\x89PNG")


def test_other_methods_on_the_same_axis_leave_the_map_as_it_is():
    explorer = RaceExplorer("x**2 + 10*y**2", methods=("gradient descent", "momentum"))
    face = Face(explorer)
    before = face.seen["_picture"]["panels"]["map"]
    explorer.methods = ("momentum", "gradient descent")
    assert face.seen["_picture"]["panels"]["map"] == before
