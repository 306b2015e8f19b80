"""A new update rule is a row of the table, and both explorers have it: menu, controls, files."""

import inspect

import autograd.numpy as anp
import numpy as np
import pytest
import traitlets

import gradwidgets as gw
from gradwidgets.calculus.rates import NESTEROV
from gradwidgets.calculus.rules import Method, Parameter, methods
from gradwidgets.pictures.marks import Label, Polyline
from gradwidgets.pictures.race import LOOKS, look_of
from tests.explorers.face import Face

BOWL = "x**2 + 10*y**2"


def sign_descent(gradient, rate, time, velocity, inertia, softness):
    """Steps by the softened sign of a running mean."""
    velocity = inertia * velocity + (1 - inertia) * gradient
    return -rate * velocity / (anp.abs(velocity) + softness), velocity


def by_hand(start, rate, steps, inertia, softness):
    place, velocity = np.array(start, float), 0.0
    points = [place]
    for _ in range(steps):
        velocity = inertia * velocity + (1 - inertia) * np.array([2, 20]) * place
        place = place - rate * velocity / (abs(velocity) + softness)
        points.append(place)
    return np.array(points)


@pytest.fixture
def row(monkeypatch):
    """The one row that is added to the one table."""
    made = Method(
        sign_descent,
        0.1,
        "adaptive",
        ("velocity",),
        {
            "inertia": Parameter("μ", "how much of the mean stays", 0.5, 0.0, 0.99),
            "softness": Parameter("s", "below it a slope counts less", 1e-3, 0.0, 10.0, 1e-6),
        },
        beside="momentum",
    )
    monkeypatch.setitem(methods, "sign descent", made)
    return made


@pytest.fixture
def explorer(row):
    return gw.DescentExplorer(BOWL, point=(2, 1), steps=25, method="sign descent", softness=0.2)


def path(explorer, name="path"):
    """The points of a run; there is room for more behind them."""
    points = explorer.scene[name]
    assert np.isnan(points[explorer.steps + 1 :]).all()
    return points[: explorer.steps + 1]


def drag(explorer, **values):
    Face(explorer).drag(**values)


# ── the explorer of descents ─────────────────────────────────────────────────────────────────────


def test_the_picture_is_that_of_a_loop_by_hand(explorer):
    assert explorer.rate == 0.1
    replayed = Face(explorer).numbers["path"][:26]
    assert replayed == pytest.approx(by_hand((2, 1), 0.1, 25, 0.5, 0.2), rel=1e-12)
    assert path(explorer) == pytest.approx(by_hand((2, 1), 0.1, 25, 0.5, 0.2), rel=1e-12)
    assert path(explorer) == pytest.approx(explorer.run.points, rel=1e-12)
    assert explorer.scene.captions[0].startswith(explorer.run.verdict.capitalize())
    explorer.step = 3
    assert explorer.scene.text("by memory label") == "momentum"


def test_its_parameters_have_controls_and_are_options(explorer):
    face = Face(explorer)
    assert list(face.values) == ["x", "y", "rate", "inertia", "softness", "step"]
    inertia, softness = face.control("inertia"), face.control("softness")
    assert (inertia["label"], softness["label"]) == ("inertia μ", "softness s")
    assert (inertia["scale"], softness["scale"]) == ("linear", "log")
    face.drag(inertia=0.9)
    assert explorer.inertia == 0.9
    assert path(explorer) == pytest.approx(by_hand((2, 1), 0.1, 25, 0.9, 0.2), rel=1e-12)
    drag(explorer, softness=1e-3, x=-1.5)
    assert (explorer.softness, explorer.point) == (1e-3, (-1.5, 1))
    assert path(explorer) == pytest.approx(by_hand((-1.5, 1), 0.1, 25, 0.9, 1e-3))
    face.reset()
    assert (explorer.inertia, explorer.softness, explorer.point) == (0.5, 0.2, (2, 1))


@pytest.mark.parametrize(
    ("name", "value"), [("inertia", 1.0), ("softness", 1e-7), ("inertia", np.nan)]
)
def test_a_value_out_of_a_parameter_s_range_is_refused(explorer, name, value):
    before = getattr(explorer, name)
    with pytest.raises(traitlets.TraitError, match=f"{name} lies between"):
        setattr(explorer, name, value)
    assert getattr(explorer, name) == before


def test_menu_and_methods_know_it(explorer):
    face = Face(explorer)
    assert [key for key, _ in face.item("method")["options"]] == list(methods)
    assert face.seen["method"] == "sign descent"
    explorer.method = "gradient descent"
    assert list(face.values) == ["x", "y", "rate", "step"]
    face.set("method", "sign descent")
    assert explorer.method == "sign descent"
    assert path(explorer) == pytest.approx(explorer.run.points, rel=1e-12)


def test_it_is_an_explorer_as_any_other(explorer, tmp_path):
    assert isinstance(explorer, gw.DescentExplorer)
    assert explorer.code() == (
        f"gw.DescentExplorer({BOWL!r}, point=(2.0, 1.0), method='sign descent', rate=0.1, "
        "softness=0.2, steps=25)"
    )
    again = eval(explorer.code(), {"gw": gw})
    assert path(again).tolist() == path(explorer).tolist()
    for ending in ("html", "png"):
        explorer.save(tmp_path / f"run.{ending}")
        assert (tmp_path / f"run.{ending}").stat().st_size > 1000
    other = gw.GradientExplorer("x*y")
    gw.link(explorer, other)
    other.point = (0.5, -1)
    assert explorer.point == (0.5, -1)
    with pytest.raises(AttributeError, match="did you mean 'softness'"):
        explorer.softnes = 1


def test_a_function_without_a_program_has_it_too(row):
    def branching(x, y):
        return x**2 + 10 * y**2 if anp.all(x > -100) else x

    explorer = gw.DescentExplorer(branching, point=(2, 1), steps=25, method="sign descent")
    assert not explorer.field.traced
    assert path(explorer) == pytest.approx(by_hand((2, 1), 0.1, 25, 0.5, 1e-3), rel=1e-12)


def test_an_error_factor_in_the_row_brings_landmarks_and_the_map(monkeypatch):
    made = methods["nesterov"]
    mine = Method(made.rule, 0.02, "gradient", made.state, made.parameters, NESTEROV, "momentum")
    monkeypatch.setitem(methods, "mine", mine)
    explorer = gw.DescentExplorer(BOWL, point=(2, 1), method="mine")
    known = gw.DescentExplorer(BOWL, point=(2, 1), method="nesterov")
    assert explorer.scene.captions == known.scene.captions
    assert explorer.rate == known.rate
    explorer.rate_map = known.rate_map = True
    assert explorer.scene.panels[-1].title == "Error factor"
    assert explorer.scene["rate label"] == pytest.approx(known.scene["rate label"])


def test_the_class_itself_stays_as_it_is_without_the_row(row, monkeypatch):
    with_row = gw.DescentExplorer(BOWL, method="sign descent")
    monkeypatch.delitem(methods, "sign descent")
    without = gw.DescentExplorer(BOWL)
    assert "softness" in type(with_row)._option_names()
    assert "softness" not in type(without)._option_names()
    assert "softness" not in inspect.signature(gw.DescentExplorer).parameters
    assert "softness: s, below it" in type(with_row).__doc__
    with pytest.raises(TypeError, match="has no option 'softness'"):
        gw.DescentExplorer(BOWL, softness=1)


@pytest.mark.parametrize("name", ["noise", "loss", "layout"])
def test_a_parameter_does_not_take_the_place_of_another_option(monkeypatch, name):
    own = {name: Parameter("q", "what", 0.5, 0.0, 1.0)}
    made = Method(lambda gradient, rate, time, q: (-rate * gradient,), 0.1, "adaptive", (), own)
    monkeypatch.setitem(methods, "mine", made)
    with pytest.raises(ValueError, match=f"a name of its own: {name} is something else here"):
        gw.DescentExplorer(BOWL)


# ── the race ─────────────────────────────────────────────────────────────────────────────────────


def test_it_races(row):
    explorer = gw.RaceExplorer(BOWL, point=(2, 1), steps=25, methods=("adam", "sign descent"))
    assert explorer.rates["sign descent"] == 0.1
    face = Face(explorer)
    assert ["sign descent", "sign descent"] in face.item("methods")["options"]
    wanted = by_hand((2, 1), 0.1, 25, 0.5, 1e-3)
    assert path(explorer, "path sign descent") == pytest.approx(wanted, rel=1e-12)
    face.drag(**{"rate sign descent": 0.2})
    wanted = by_hand((2, 1), 0.2, 25, 0.5, 1e-3)
    assert path(explorer, "path sign descent") == pytest.approx(wanted, rel=1e-12)
    explorer.sweep()
    explorer._task.wait()
    assert np.isfinite(explorer.scene["final sign descent"]).all()
    swept, ours = face.numbers["final sign descent"], explorer.scene["final sign descent"]
    assert swept == pytest.approx(ours, abs=1e-6)
    told = explorer.scene.text("told sign descent")
    assert told.startswith(f"{look_of('sign descent').sign} sign descent, α = 0.200: ")


def test_it_has_a_look_of_its_own(row):
    explorer = gw.RaceExplorer(BOWL, point=(2, 1), methods=tuple(methods))
    looks = [look_of(method) for method in methods]
    assert looks == list(LOOKS[: len(methods)])
    lines = [m for m in explorer.scene.marks if m.name == "path sign descent"]
    assert [(m.color, m.dash) for m in lines if isinstance(m, Polyline)] == [looks[-1][:2]]
    (name,) = (m for m in explorer.scene.marks if m.name == "name sign descent")
    assert isinstance(name, Label)
    assert name.color == looks[-1].color
