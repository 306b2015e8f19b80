"""The gradient explorer: its angle, its options, and how the widgets follow them."""

import numpy as np
import pytest
import traitlets

from gradwidgets import GradientExplorer, ScalarField, catalog
from tests.explorers.face import Face

BOWL = "x**2 + 10*y**2"


@pytest.fixture
def explorer():
    return GradientExplorer(BOWL, point=(1, 2))


def test_it_shows_the_gradient_at_its_point(explorer):
    tail, tip = explorer.scene["gradient"].reshape(2, 2)
    assert tail.tolist() == [1, 2]
    assert (tip - tail) / np.linalg.norm(tip - tail) == pytest.approx(np.array([1, 20]) / 401**0.5)
    assert explorer.scene.captions[0] == "At (1.00, 2.00): f = 41.0, slope 40.0 toward 87°."


@pytest.mark.parametrize(
    "turn",
    [
        lambda f: setattr(f.explorer, "angle", 120.0),
        lambda f: f.drag(angle=120),
        lambda f: f.explorer.slider("angle").set_state({"value": 120.0}),
    ],
    ids=["python", "drag", "slider"],
)
def test_the_direction_turns_without_painting(explorer, turn, computed, presented):
    face = Face(explorer)
    presented.clear(), computed.clear()
    turn(face)
    assert (explorer.angle, explorer.point) == (120.0, (1.0, 2.0))
    assert face.numbers["direction"][0] == face.values["angle"] == 120
    assert computed == []
    assert explorer.scene["direction"][0] == 120
    assert computed == [(1.0, 2.0, 120.0)]
    assert presented == []


def test_point_and_direction_change_together(explorer, computed):
    face = Face(explorer)
    computed.clear()
    face.drag(x=0.5, y=0.25, angle=90)
    assert explorer.scene.values == {"x": 0.5, "y": 0.25, "angle": 90.0}
    assert computed == [(0.5, 0.25, 90.0)]
    assert (explorer.point, explorer.angle) == ((0.5, 0.25), 90.0)


@pytest.mark.parametrize("angle", [-1, 361, float("nan"), "east", None])
def test_a_direction_outside_of_the_circle_is_refused(explorer, angle):
    with pytest.raises((traitlets.TraitError, ValueError)):
        explorer.angle = angle
    assert explorer.angle == 30.0
    assert explorer.scene["direction"][0] == 30


def test_a_direction_beyond_the_circle_comes_back(explorer):
    face = Face(explorer)
    face.tell(angle=1000)
    assert (explorer.angle, face.values["angle"]) == (30.0, 30.0)
    assert "angle" in face.note


@pytest.mark.parametrize(
    ("option", "value", "count"),
    [("arrows", False, 0), ("density", 5, 25), ("normalized", True, 168)],
)
def test_an_option_and_its_input_are_one(explorer, option, value, count, presented):
    face = Face(explorer)
    usual = getattr(explorer, option)
    assert face.item(option)["at"] == {"trait": option}
    assert face.seen[option] == usual
    presented.clear()
    setattr(explorer, option, value)
    assert face.seen[option] == value
    assert len(presented) == 1
    arrows = explorer.scene.panel("map").contours.arrows
    assert (0 if arrows is None else len(arrows)) == count
    face.set(option, usual)
    assert getattr(explorer, option) == usual
    assert len(presented) == 2


@pytest.mark.parametrize(
    ("option", "value"),
    [("density", 4), ("density", 26), ("density", 10**6), ("density", 7.5), ("arrows", "no")],
)
def test_an_impossible_option_is_refused(explorer, option, value):
    before = getattr(explorer, option)
    with pytest.raises(traitlets.TraitError):
        setattr(explorer, option, value)
    assert getattr(explorer, option) == before
    with pytest.raises(traitlets.TraitError):
        GradientExplorer(BOWL, **{option: value})


@pytest.mark.parametrize("density", [10**9, -5, float("nan")])
def test_a_client_s_density_stays_possible(explorer, density):
    face = Face(explorer)
    face.set("density", density)
    assert 5 <= explorer.density <= 25


@pytest.mark.parametrize("source", ["x**2", "5", ScalarField("x**2"), lambda x, y: x**2])
def test_a_function_of_fewer_variables_is_a_surface_over_two(source):
    explorer = GradientExplorer(source, point=(1, 2))
    assert explorer.field.variables == ("x", "y")
    assert explorer.field.partial(explorer.point, "y") == 0


def test_a_function_of_one_variable_keeps_its_domain():
    explorer = GradientExplorer(ScalarField("t**2", {"t": (0, 10)}))
    assert explorer.domain == {"t": (0.0, 10.0), "x": (-3.0, 3.0)}
    assert GradientExplorer("t**2", domain={"t": (0, 10)}).domain["t"] == (0.0, 10.0)


@pytest.mark.parametrize("source", ["x*y*z", ScalarField("x*y*z"), lambda x: x, lambda a, b, c: a])
def test_another_number_of_variables_is_refused(source):
    with pytest.raises(ValueError, match="needs two variables"):
        GradientExplorer(source)


def test_the_menu_offers_what_has_two_variables(explorer):
    face = Face(explorer)
    assert set(face.examples) == {
        key for key, example in catalog.items() if len(example.variables) == 2
    }
