"""The descent explorer: start, rate and step by hand, by slider and from Python; what it costs."""

import io
import math
from itertools import product

import autograd.numpy as anp
import numpy as np
import pytest
import traitlets
from PIL import Image, ImageSequence

from gradwidgets import (
    DescentExplorer,
    GradientExplorer,
    PartialsExplorer,
    ScalarField,
    catalog,
    descend,
    link,
)
from gradwidgets.calculus import reference as references
from gradwidgets.calculus import truths
from gradwidgets.calculus.critical import curvatures_at
from gradwidgets.calculus.rules import methods, schedules
from gradwidgets.calculus.usual import usual_rate
from gradwidgets.calculus.wording import three_digits
from gradwidgets.explorers import descent as explorers
from gradwidgets.explorers.work import CancelledError
from gradwidgets.pictures import descent as pictures
from gradwidgets.pictures import run as runs
from gradwidgets.pictures.rates import NAMES
from gradwidgets.rendering import animate, paint
from tests.explorers.face import Face
from tests.explorers.views import again, assert_same_view, shown

BOWL = "x**2 + 10*y**2"
EVERY = pytest.mark.parametrize("method", methods)


@pytest.fixture
def explorer():
    return DescentExplorer(BOWL, point=(2, 1), rate=0.04, steps=30)


@pytest.fixture
def face(explorer):
    """A browser with a view."""
    return seen(explorer)


def seen(explorer):
    return Face(explorer)


@pytest.fixture
def searched(monkeypatch):
    """The learning rates of all searches that pictures made."""
    rates, search = [], pictures.descend

    def counting(field, start, rate, *rest, **options):
        rates.append(rate)
        return search(field, start, rate, *rest, **options)

    monkeypatch.setattr(pictures, "descend", counting)
    pictures._remembered.cache_clear()  # what earlier tests have found
    return rates


def landmarks(face):
    """The buttons for landmarks that can be seen: those whose marks have a place."""
    marks = [item["mark"] for item in face.items if item["kind"] == "press"]
    return {mark.split()[1] for mark in marks if np.isfinite(face.numbers[mark]).all()}


# ── one gesture, one search, no painting ─────────────────────────────────────────────────────────

GESTURES = {
    "the start from Python": lambda face: setattr(face.explorer, "point", (1.5, -0.5)),
    "the start dragged": lambda face: face.drag(x=1.5, y=-0.5),
    "one coordinate": lambda face: face.drag(x=1.5),
    "the rate from Python": lambda face: setattr(face.explorer, "rate", 0.02),
    "the rate dragged": lambda face: face.drag(rate=0.0234),
    "a landmark pressed": lambda face: face.press("landmark best"),
    "a landmark's button": lambda face: face.push("α = 2/λmax"),
    "the step from Python": lambda face: setattr(face.explorer, "step", 7),
    "the step dragged, or played": lambda face: face.drag(step=7),
    "all at once": lambda face: face.drag(x=1.5, y=-0.5, rate=0.02, step=7),
}


@pytest.mark.parametrize("gesture", GESTURES.values(), ids=GESTURES)
def test_a_gesture_computes_nothing_in_python_until_somebody_asks(
    explorer, face, gesture, computed, searched, presented
):
    before = explorer.point, explorer.rate, explorer.step
    assert explorer.scene.captions  # its search is known from now on
    computed.clear(), searched.clear(), presented.clear()
    gesture(face)
    assert (explorer.point, explorer.rate, explorer.step) != before
    assert computed == searched == presented == []
    assert face.agrees()
    assert explorer.scene["start"].tolist() == list(explorer.point)
    assert explorer.scene["rate"][0] == pytest.approx(math.log10(explorer.rate))
    assert explorer.scene["step"][0] == explorer.step
    assert computed == [(*explorer.point, explorer.rate, explorer.step)]
    moved = (explorer.point, explorer.rate) != before[:2]
    assert searched == [explorer.rate] * moved  # a step is looked at in the search that is known
    assert presented == []


@pytest.mark.parametrize(
    ("method", "name", "value"),
    [
        ("momentum", "momentum", 0.5),
        ("nesterov", "momentum", 0.5),
        ("rmsprop", "decay", 0.5),
        ("adam", "beta1", 0.5),
        ("adam", "beta2", 0.5),
        ("adagrad", "epsilon", 1e-4),
        ("backtracking", "sufficient_decrease", 0.2),
        ("backtracking", "contraction", 0.8),
    ],
)
def test_a_method_s_own_numbers_have_their_sliders(method, name, value, searched, presented):
    explorer = DescentExplorer(BOWL, point=(2, 1), method=method, steps=20)
    face, before = seen(explorer), explorer.scene["path"].copy()
    searched.clear(), presented.clear()
    face.drag(**{name: value})
    assert getattr(explorer, name) == value
    assert presented == []
    assert face.numbers["path"] == pytest.approx(explorer.scene["path"], rel=1e-12, nan_ok=True)
    assert len(searched) == 1
    if name not in ("epsilon", "sufficient_decrease"):
        assert not np.array_equal(explorer.scene["path"], before, equal_nan=True)
    assert explorer.run.parameters[name] == value


@EVERY
def test_each_method_has_its_sliders(method):
    explorer = DescentExplorer(BOWL, point=(2, 1), steps=20)
    explorer.method = method
    names = ["x", "y", "rate", *methods[method].parameters, "step"]
    assert list(Face(explorer).values) == names
    assert explorer.scene.captions[0].startswith(explorer.run.verdict.capitalize())


def test_nothing_happens_where_nothing_changes(explorer, face, computed):
    computed.clear(), face.clear()
    explorer.rate, explorer.point, explorer.step = 0.04, (2, 1), 0
    explorer.method, explorer.steps, explorer.loss = "gradient descent", 30, "log"
    assert face.messages == []
    face.drag(rate=0.04)
    assert face.echoes == [{"rate", "_heard"}]
    assert face.updates == computed == []


# ── α ────────────────────────────────────────────────────────────────────────────────────────────


def test_a_landmark_sets_the_very_rate(explorer, face):
    wanted = {"monotone": 1 / 20, "best": 2 / 22, "bound": 2 / 20}
    assert landmarks(face) == set(wanted)
    for name, rate in wanted.items():
        face.press(f"landmark {name}")
        assert explorer.rate == pytest.approx(rate, rel=1e-13)
        explorer.rate = 0.04
        face.push(f"α = {NAMES[name]}")
        assert explorer.rate == pytest.approx(rate, rel=1e-13)
    assert explorer.run.points[30] == pytest.approx(explorer.scene["path"][30])


def test_landmarks_that_mean_nothing_can_not_be_pressed(explorer, face):
    explorer.method = "momentum"
    assert landmarks(face) == {"bound"}
    explorer.rate_map = True
    assert landmarks(face) == set()
    explorer.method = "adam"
    assert landmarks(face) == set()
    before = explorer.rate
    face.press("landmark best")
    face.push("α = 2/λmax")
    assert explorer.rate == before
    explorer.method = "gradient descent"
    explorer.field = "x**2 - y**2"
    assert landmarks(face) == set()


BEYOND = {
    "python": lambda face: setattr(face.explorer, "rate", 30.0),
    "a client": lambda face: face.tell(rate=30.0),
}


@pytest.mark.parametrize("go", BEYOND.values(), ids=BEYOND)
def test_beyond_its_axis_a_rate_brings_another_axis(explorer, face, go, presented, searched):
    low, high = explorer.scene.panel("rates").x
    presented.clear(), searched.clear()
    go(face)
    assert (len(presented), searched) == (1, [])
    assert explorer.scene.panel("rates").x[0] == low
    assert searched == [30.0]
    assert explorer.scene.panel("rates").x[1] > math.log10(30) > high
    assert math.log10(face.control("rate")["high"]) == explorer.scene.panel("rates").x[1]
    assert face.agrees()
    explorer.rate = 0.04
    presented.clear()
    explorer.rate = 0.05
    assert presented == []


# the bowl by every method, the others by two each
USUAL = [
    *(("bowl", method) for method in methods),
    *product(["rosenbrock"], ["gradient descent", "adam"]),
    *product(["saddle"], ["momentum", "newton"]),
    *product(["wave"], ["exact line search", "rmsprop"]),
]


@pytest.mark.parametrize(("name", "method"), USUAL)
def test_it_opens_with_the_usual_rate(name, method):
    example = catalog[name]
    explorer = DescentExplorer(example.field, point=example.start, method=method, steps=5)
    assert explorer.rate == usual_rate(example.field, example.start, method)


def test_another_function_keeps_the_rate_unless_it_would_be_useless_or_one_is_given(explorer):
    assert explorer.rate == 0.04
    explorer.field = "x**2 + 3*y**2"
    assert (explorer.rate, explorer.scene.text("note")) == (0.04, "")
    explorer.field = "log(x**2 + y**2)"
    assert (explorer.rate, explorer.scene.text("note")) == (0.04, "")
    explorer.field = catalog["rosenbrock"].field
    assert explorer.rate == usual_rate(explorer.field, explorer.point, "gradient descent") < 0.01
    assert explorer.scene.text("note") == (
        f"For this function α was changed from 0.0400 to {three_digits(explorer.rate)}: "
        "with 0.0400 the first step would leave the picture."
    )
    explorer.rate = 0.0003
    assert explorer.scene.text("note") == ""
    with explorer._life.together():
        explorer.field, explorer.rate = BOWL, 0.0007
    assert explorer.rate == 0.0007


@pytest.mark.parametrize(
    "change",
    [
        lambda e: setattr(e, "domain", {"x": (-5, 5)}),
        lambda e: Face(e).bounds(x=(-3, 4)),
        lambda e: setattr(e, "point", (1, 1)),
        lambda e: setattr(e, "steps", 50),
        lambda e: setattr(e, "schedule", "cosine"),
    ],
    ids=["domain", "domain's box", "start", "steps", "schedule"],
)
def test_whatever_else_changes_the_rate_stays(explorer, change):
    explorer.rate = 0.087
    change(explorer)
    assert explorer.rate == 0.087


def test_within_a_family_of_methods_the_rate_is_kept():
    explorer = DescentExplorer(BOWL, point=(2, 1), rate=0.033, steps=10)
    family, rate = "gradient", 0.033
    for method in (*methods, "momentum", "adam", "gradient descent"):
        explorer.method = method
        if methods[method].family != family:
            family, rate = methods[method].family, usual_rate(explorer.field, (2, 1), method)
        assert explorer.rate == rate, method
        explorer.rate = rate = 1.1 * rate


def test_a_method_and_a_rate_may_come_together(explorer):
    Face(explorer).tell(method="adam", rate=0.04321)
    assert (explorer.method, explorer.rate) == ("adam", 0.04321)


# ── what is painted anew ─────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("method", "adam"),
        ("steps", 50),
        ("loss", "linear"),
        ("schedule", "1/t"),
        ("noise", 2.0),
        ("components", True),
    ],
)
def test_an_option_and_its_input_are_one(explorer, face, option, value, searched, presented):
    usual = getattr(explorer, option)
    assert face.seen[option] == usual
    assert explorer.scene.captions  # its search is known from now on
    searched.clear(), presented.clear()
    face.set(option, value)
    assert getattr(explorer, option) == value
    assert (len(presented) <= 1, searched) == (True, [])
    assert explorer.scene.captions
    assert len(searched) == (option not in ("loss", "components"))
    assert explorer.run.method == explorer.method
    setattr(explorer, option, usual)
    assert face.seen[option] == usual
    assert face.agrees()


def test_seed_and_noise_change_the_path(explorer):
    explorer.noise = 5.0
    first = explorer.scene["path"].copy()
    Face(explorer).set("seed", 3)
    assert explorer.seed == 3
    assert not np.array_equal(first, explorer.scene["path"])
    wanted = descend(BOWL, (2, 1), 0.04, 30, noise=5.0, seed=3)
    assert explorer.scene["path"][:31].tolist() == wanted.points.tolist()


def test_more_steps_mean_a_longer_path_and_a_longer_axis(explorer, face, presented):
    presented.clear()
    face.set("steps", 80)
    assert explorer.steps == 80
    assert np.isfinite(explorer.scene["path"]).all(axis=1).sum() == 81
    assert explorer.scene.panel("loss").x == (0, 80)
    assert face.control("step")["high"] == 80
    assert len(presented) == 1


def test_more_steps_have_the_same_program(explorer, face):
    for steps in (80, 30):
        face.clear()
        explorer.steps = steps
        assert all("_program" not in names for names in face.updates)
        assert explorer.scene.panel("loss").x == (0, steps)
        assert np.isfinite(face.numbers["path"]).all(axis=1).sum() == steps + 1


# ── the step that is looked at ───────────────────────────────────────────────────────────────────


def test_a_step_beyond_the_last_is_the_last(explorer):
    explorer.step = 500
    assert explorer.step == 30
    explorer.steps = 12
    assert explorer.step == 12
    assert explorer.scene["current"].tolist() == explorer.run.points[12].tolist()


def test_the_step_can_be_played(explorer, face):
    (play,) = (item for item in face.items if item["kind"] == "play")
    control = face.control(play["control"])
    assert (control["low"], control["high"], control["at"]) == (0, 30, {"trait": "step"})
    for step in range(4):
        face.drag(step=step)
        assert explorer.step == step
        assert explorer.scene["current"].tolist() == explorer.run.points[step].tolist()


@pytest.mark.parametrize("step", [12, 12.0, 12.4])
def test_a_page_s_step_is_a_whole_one(explorer, face, step):
    face.tell(step=step)
    assert explorer.step == face.seen["step"] == 12
    assert isinstance(explorer.step, int)


def test_a_page_s_step_beyond_the_last_comes_back_as_the_last(explorer, face):
    face.tell(step=500)
    assert explorer.step == face.seen["step"] == 30
    face.tell(steps=12)
    assert explorer.step == face.seen["step"] == 12


def test_of_an_ended_run_the_last_point_is_shown():
    explorer = DescentExplorer("log(x)", point=1.0, rate=0.1, steps=40)
    explorer.step = 40
    assert explorer.step == 40
    assert len(explorer.run) < 40
    assert explorer.scene["current"][0] == explorer.run.points[-1, 0]


# ── the map of rates ─────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def mapped():
    example = catalog["himmelblau"]
    return seen(
        DescentExplorer(
            example.field, point=(3.2, 2.3), method="momentum", rate=0.01, steps=20, rate_map=True
        )
    )


def test_on_the_map_of_rates_both_numbers_are_dragged(mapped, searched, presented):
    explorer = mapped.explorer
    assert explorer.scene.panel("rates").contours is not None
    searched.clear(), presented.clear()
    mapped.drag(rate=0.005, momentum=0.5)
    assert (explorer.rate, explorer.momentum) == (0.005, 0.5)
    assert mapped.numbers["rate"] == pytest.approx([math.log10(0.005), 0.5])
    assert explorer.scene["rate"] == pytest.approx([math.log10(0.005), 0.5])
    assert len(searched) == 1
    assert presented == []


def test_the_map_of_rates_is_another_one_for_another_minimum_only(mapped, presented):
    presented.clear()
    mapped.drag(x=3.0, y=2.2)
    mapped.drag(x=2.8, y=1.8)
    assert presented == []
    before = mapped.explorer.scene.panel("rates").contours.sheet.values
    mapped.drag(x=-3.7, y=-3.2)
    assert len(presented) == 1
    assert not np.array_equal(before, mapped.explorer.scene.panel("rates").contours.sheet.values)


def test_without_a_minimum_the_strip_stands_in_for_the_map():
    explorer = DescentExplorer(
        "cos(x)*exp(-y**2)*x", point=(1, 0.2), method="momentum", steps=10, rate_map=True
    )
    explorer.field = "x**2 - y**2"
    assert explorer.scene.panel("rates").contours is None
    explorer.field = BOWL
    assert explorer.scene.panel("rates").contours is not None


def test_where_no_minimum_is_found_downhill_the_run_may_still_find_one(presented, monkeypatch):
    """The strip stays, and no drag near there brings another picture."""
    find = references.reference_at

    def blind(ground, place, when=True):
        seen, found = truths.no(abs(place[0]) < 0.3), find(ground, place, when)
        here = references.Reference(place, curvatures_at(ground, *place), False, found.corner)
        return references.Reference(
            *(anp.where(seen, a, b) for a, b in zip(found, here, strict=True))
        )

    for module in (references, runs):
        monkeypatch.setattr(module, "reference_at", blind)
    options = {"method": "momentum", "rate": 0.02, "steps": 600, "rate_map": True}
    explorer = DescentExplorer("x**4 - x**2 + y**2", point=(0.1, 0.5), **options)
    assert explorer.run.verdict == "converged"
    assert explorer.scene["reference"] == pytest.approx([0.5**0.5, 0], abs=1e-6)
    assert explorer.scene.panel("rates").contours is None
    face = seen(explorer)
    presented.clear()
    face.drag(x=0.2)
    assert presented == []


def test_only_methods_with_momentum_have_a_map_of_rates(explorer, face):
    explorer.rate_map = True
    assert explorer.scene.panel("rates").contours is None
    assert not face.has("rate_map")
    explorer.method = "nesterov"
    assert explorer.scene.panel("rates").contours is not None
    assert face.has("rate_map")


# ── what is shown ────────────────────────────────────────────────────────────────────────────────


@EVERY
def test_its_run_is_the_one_that_is_shown(method):
    explorer = DescentExplorer(BOWL, point=(2, 1), method=method, steps=25, schedule="step")
    run = explorer.run
    assert explorer.scene["path"][: len(run) + 1].tolist() == run.points.tolist()
    assert explorer.scene.captions[0] == f"{run.verdict.capitalize()}. {run.why}"
    own = {name: getattr(explorer, name) for name in methods[method].parameters}
    wanted = descend(BOWL, (2, 1), explorer.rate, 25, method, schedule="step", **own)
    assert run.points.tolist() == wanted.points.tolist()


@pytest.mark.parametrize("schedule", schedules)
def test_every_schedule_can_be_chosen(explorer, schedule):
    face = Face(explorer)
    assert [schedule, schedule] in face.item("schedule")["options"]
    face.set("schedule", schedule)
    assert explorer.schedule == schedule
    wanted = descend(BOWL, (2, 1), 0.04, 30, schedule=schedule)
    assert explorer.scene["path"][:31].tolist() == wanted.points.tolist()


def test_the_menu_offers_what_has_a_curve_or_a_map():
    explorer = DescentExplorer("x*y", steps=20)
    face = Face(explorer)
    assert set(face.examples) == {k for k, e in catalog.items() if len(e.variables) <= 2}
    for key in face.examples:
        face.choose(key)
        assert (face.message, face.note, face.shown) == ("", "", key)
        assert explorer.field.text == catalog[key].text
        assert explorer.point == catalog[key].start
        panel = "map" if len(catalog[key].variables) == 2 else "curve"
        assert explorer.scene.panels[0].name == panel


def test_without_a_source_it_opens_on_the_valley():
    explorer = DescentExplorer()
    assert explorer.field.text == catalog["valley"].text
    assert explorer.point == catalog["valley"].start
    assert explorer.run.verdict == "converging"


# ── bad input ────────────────────────────────────────────────────────────────────────────────────

NAN, INF = float("nan"), float("inf")


IMPOSSIBLE = [
    ("method", "guessing"),
    ("method", None),
    ("rate", NAN),
    ("rate", INF),
    ("rate", 0.0),
    ("rate", -0.1),
    ("rate", 1e308),
    ("rate", "fast"),
    ("steps", 0),
    ("steps", 1001),
    ("steps", 7.5),
    ("schedule", "sometimes"),
    ("noise", -1.0),
    ("noise", NAN),
    ("noise", INF),
    ("seed", -1),
    ("step", -1),
    ("step", NAN),
    ("loss", "cubic"),
    ("components", "yes"),
    ("momentum", 1.5),
    ("momentum", -0.1),
    ("momentum", NAN),
    ("decay", 2.0),
    ("beta1", -1.0),
    ("beta2", 1.0),
    ("epsilon", 0.0),
    ("epsilon", 2.0),
    ("contraction", 1.0),
    ("sufficient_decrease", 1.0),
]


def test_an_impossible_option_is_refused_and_the_picture_stays(explorer):
    before = shown(explorer)
    for option, value in IMPOSSIBLE:
        usual = getattr(explorer, option)
        with pytest.raises((traitlets.TraitError, ValueError)):
            setattr(explorer, option, value)
        assert getattr(explorer, option) == usual, (option, value)
        assert shown(explorer) == before, (option, value)
    Face(explorer).drag(x=0.5)
    assert explorer.point == (0.5, 1.0)


@pytest.mark.parametrize(("option", "value"), IMPOSSIBLE)
def test_no_explorer_opens_with_an_impossible_option(option, value):
    with pytest.raises((traitlets.TraitError, ValueError)):
        DescentExplorer(BOWL, **{option: value})


@pytest.mark.parametrize("value", [NAN, INF, -1.0, "loud", None, [0.1], True])
def test_a_client_s_noise_is_answered_and_its_box_goes_back(explorer, face, value):
    before = shown(explorer)
    face.tell(noise=value)
    assert "noise" in face.note
    assert face.seen["noise"] == explorer.noise == 0.0
    assert shown(explorer) == before


@pytest.mark.parametrize("value", [NAN, INF, -INF, 1e308, -5.0])
@pytest.mark.parametrize("name", ["rate", "step", "momentum"])
def test_a_client_s_control_stays_possible(name, value):
    explorer = DescentExplorer(BOWL, point=(2, 1), method="momentum", steps=20)
    face = Face(explorer)
    face.tell(**{name: value})
    control = face.control(name)
    assert control["low"] <= getattr(explorer, name) <= control["high"]
    assert face.agrees()


def test_three_variables_are_answered_below_the_formula(explorer, face):
    before = shown(explorer)
    face.type("x*y*z")
    assert "needs one or two variables, and here are 3: x, y, z" in face.message
    assert face.text == "x*y*z"
    assert shown(explorer) == before
    assert explorer.rate == 0.04
    with pytest.raises(ValueError, match="needs one or two variables"):
        explorer.field = "x*y*z"
    assert shown(explorer) == before


@pytest.mark.parametrize("mapped", [False, True])
def test_after_a_refused_function_the_picture_is_still_the_last_good_one(mapped, presented):
    options = {"method": "momentum", "rate": 0.04, "steps": 20, "rate_map": mapped}
    explorer = DescentExplorer(BOWL, point=(2, 1), **options)
    face, axis = seen(explorer), explorer.scene.panel("rates").x
    with pytest.raises(ValueError, match="needs one or two variables"):
        explorer.field = "1e6*(x**2 + y**2 + z**2)"
    presented.clear()
    face.drag(x=0.5, rate=0.05)
    assert presented == []
    assert explorer.scene.panel("rates").x == axis


def test_one_variable_after_two_and_back(explorer, face):
    explorer.field = ScalarField("t**2")
    assert list(face.values) == ["t", "rate", "step"]
    assert explorer.scene.panels[0].name == "curve"
    face.drag(t=1.5)
    assert explorer.scene["start"].tolist() == [1.5, 2.25]
    face.type("x*y")
    assert explorer.scene.panels[0].name == "map"


def picky(x):
    if x < 0:
        raise ValueError("no x below 0")
    return x**2


def test_a_callable_that_raises_where_it_has_no_value_is_shown_there():
    explorer = DescentExplorer(picky, point=1.0, rate=0.7, steps=10)
    assert explorer.run.verdict == "left the domain"
    face = Face(explorer)
    face.drag(x=-1.0)
    assert face.note == ""
    assert explorer.scene.captions[0].startswith("Outside the domain. f is undefined at the start")


# ── code, files, the end ─────────────────────────────────────────────────────────────────────────

OPTIONS = {
    "rate": {"rate": 0.0123},
    "momentum": {"method": "momentum", "momentum": 0.77, "rate_map": True},
    "adam": {"method": "adam", "beta1": 0.5, "beta2": 0.8, "epsilon": 1e-5},
    "rmsprop": {"method": "rmsprop", "decay": 0.3},
    "backtracking": {"method": "backtracking", "contraction": 0.3, "sufficient_decrease": 0.1},
    "schedule": {"schedule": "cosine", "noise": 0.5, "seed": 9},
    "looks": {"loss": "linear", "components": True, "step": 7, "steps": 11},
    "a far rate": {"rate": 300.0},
}


@pytest.mark.parametrize("options", OPTIONS.values(), ids=OPTIONS)
def test_the_code_makes_the_same_view(options):
    explorer = DescentExplorer(BOWL, point=(2, 1), **{"steps": 15, **options})
    twin = again(explorer)
    assert_same_view(explorer, twin)
    assert all(getattr(twin, name) == value for name, value in options.items())


CHANGES = {
    "dragged": lambda e: Face(e).drag(x=0.5, y=0.25, rate=0.9),
    "stepped": lambda e: Face(e).drag(step=9),
    "another method": lambda e: setattr(e, "method", "adam"),
    "another function": lambda e: setattr(e, "field", "x**2 + y**4"),
    "one variable": lambda e: setattr(e, "field", ScalarField("t**2 + t")),
    "another domain": lambda e: setattr(e, "domain", {"x": (-1, 1)}),
    "an example": lambda e: Face(e).choose("saddle"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_the_code_makes_the_same_view_after_a_change(explorer, change):
    change(explorer)
    assert_same_view(explorer, again(explorer))


def test_reset_brings_everything_back(explorer, face):
    opening, code = shown(explorer)[1:4], explorer.code()
    for change in (
        {"method": "adam", "steps": 60, "loss": "linear", "components": True},
        {"noise": 1.0, "seed": 4, "schedule": "cosine"},
        {"domain": {"x": (-5, 5)}, "point": (1, 1), "rate": 0.2, "step": 5},
    ):
        for name, value in change.items():
            setattr(explorer, name, value)
    face.reset()
    assert explorer.code() == code
    assert shown(explorer)[1:4] == opening
    assert face.agrees()
    assert (face.seen["method"], face.seen["noise"]) == ("gradient descent", 0.0)


def test_after_another_function_reset_returns_to_that_function_s_opening(explorer, face):
    explorer.field = catalog["rosenbrock"].field
    usual = explorer.rate
    assert face.control("rate")["start"] == usual
    assert usual == usual_rate(explorer.field, explorer.point, explorer.method)
    explorer.rate = 0.05
    face.reset()
    assert explorer.rate == usual


def frames_of(path):
    with Image.open(io.BytesIO(path.read_bytes())) as image:
        return sum(1 for _ in ImageSequence.Iterator(image))


@pytest.fixture
def small(monkeypatch):
    """Films of a few pixels: what a frame looks like, tests/rendering proves."""
    real, seen = animate.animate, []

    def shrunk(scenes, path, told=None):
        seen.append(list(scenes))
        real(seen[-1], path, width=240, told=told)

    monkeypatch.setattr("gradwidgets.explorers.files.animate", shrunk)
    return seen


def test_a_film_has_a_frame_for_every_step_and_shows_how_far_it_is(explorer, face, small, tmp_path):
    explorer.steps = 4
    explorer.step = 2
    face.clear()
    explorer.save(tmp_path / "descent.gif")
    assert [scene["step"][0] for scene in small[0]] == [0, 1, 2, 3, 4]
    assert frames_of(tmp_path / "descent.gif") == 5
    shares = [one.state["_work"].get("share") for one in face.messages]
    assert len(shares) >= 6
    assert shares[:-1] == sorted(shares[:-1])
    assert face.work == {}
    assert explorer.step == 2


def test_a_long_film_leaves_steps_out_and_keeps_both_ends(explorer):
    explorer.steps = 500
    shown = [scene["step"][0] for scene in explorer._frames()]
    assert len(shown) == explorers.FRAMES
    assert (shown[0], shown[-1]) == (0, 500)
    assert shown == sorted(set(shown))


def test_a_film_ends_with_its_run():
    explorer = DescentExplorer("log(x)", point=1.0, rate=0.1, steps=40)
    assert [s["step"][0] for s in explorer._frames()] == list(range(len(explorer.run) + 1))


def test_a_cancelled_film_leaves_no_file(explorer, face, small, tmp_path, monkeypatch):
    explorer.steps = 4
    grabbed, show = [], animate.Reel.show

    def showing(reel, scene):
        grabbed.append(bool(face.work))
        if len(grabbed) == 2:
            face.do("cancel")
        show(reel, scene)

    monkeypatch.setattr(animate.Reel, "show", showing)
    with pytest.raises(CancelledError):
        explorer.save(tmp_path / "descent.gif")
    assert grabbed == [True, True]
    assert list(tmp_path.iterdir()) == []
    assert face.work == {}
    face.drag(x=0.5)
    assert explorer.point == (0.5, 1.0)


def test_who_does_not_move_makes_no_film(tmp_path):
    with pytest.raises(ValueError, match="nothing that moves"):
        GradientExplorer(BOWL).save(tmp_path / "still.gif")
    assert list(tmp_path.iterdir()) == []


def test_it_is_saved_as_a_picture_and_as_a_page(explorer, tmp_path):
    explorer.save(tmp_path / "descent.svg")
    explorer.save(tmp_path / "descent.html")
    assert (tmp_path / "descent.svg").read_bytes().startswith(b"<?xml")
    assert "gw.DescentExplorer(" in (tmp_path / "descent.html").read_text("utf-8")
    assert paint.png(explorer.scene, 400).startswith(b"\x89PNG")


# ── with others ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("kind", [GradientExplorer, PartialsExplorer])
def test_it_shares_function_and_point(kind, explorer, face, searched):
    other = kind("x*y", point=(0, 0))
    link(explorer, other)
    assert (other.field.text, other.point) == (BOWL, (2.0, 1.0))
    searched.clear()
    face.drag(x=0.5)
    assert other.point == (0.5, 1.0)
    other.point = (1, -1)
    assert explorer.point == (1.0, -1.0)
    assert searched == []
    assert explorer.scene["start"].tolist() == [1, -1]
    assert len(searched) == 1
    assert explorer.rate == 0.04
    other.field = "x**2 + y**2"
    assert explorer.field.text == "x**2 + y**2"
    assert explorer.rate == 0.04
    other.domain = {"x": (-1, 2)}
    assert explorer.domain["x"] == (-1.0, 2.0)


@pytest.mark.parametrize(
    ("option", "value"),
    [("noise", 0.5), ("seed", 3), ("schedule", "cosine"), ("components", True)],
)
def test_an_option_of_the_run_leaves_all_axes_but_that_of_the_loss(explorer, face, option, value):
    before = face.panels
    setattr(explorer, option, value)
    now = face.panels
    for panels in (before, now):
        assert panels["loss"].pop("y")[1] == 2.0  # the start's loss is the same
    assert now == before


def test_a_film_is_written_in_the_background(explorer, face, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    made = []
    monkeypatch.setattr(
        explorers, "animate", lambda frames, path, told: made.append((frames, path))
    )
    face.push("Save as descent.gif")
    explorer._task.wait()
    assert [path for _, path in made] == ["descent.gif"]
    assert len(made[0][0]) == len(explorer._frames())
    assert face.work == {"said": "descent.gif is written, beside the notebook."}
