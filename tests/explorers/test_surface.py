"""The surface in its explorers: turned, dragged, chosen; one gesture, one recomputation."""

import pytest
from traitlets import TraitError

import gradwidgets as gw
from gradwidgets.calculus.field import ScalarField
from gradwidgets.explorers.gradient import GradientExplorer
from gradwidgets.explorers.partials import PartialsExplorer
from gradwidgets.pictures.surface import AZIMUTH, ELEVATION
from tests.explorers.face import Face

EXPLORERS = (GradientExplorer, PartialsExplorer)
both_explorers = pytest.mark.parametrize("kind", EXPLORERS)


def panels(explorer):
    return [panel.name for panel in explorer.scene.panels]


@pytest.fixture(params=EXPLORERS)
def explorer(request):
    return request.param("x**2 + 10*y**2", point=(1, 2), view="both")


@both_explorers
def test_the_map_alone_is_what_opens(kind):
    explorer = kind("x*y")
    face = Face(explorer)
    assert panels(explorer)[0] == "map"
    assert "surface" not in panels(explorer)
    assert not {"azimuth", "elevation"} & face.values.keys()


@both_explorers
@pytest.mark.parametrize(
    ("view", "first"), [("map", ["map"]), ("surface", ["surface"]), ("both", ["map", "surface"])]
)
def test_the_view_is_chosen(kind, view, first):
    explorer = kind("x*y", view=view)
    face = Face(explorer)
    assert panels(explorer)[: len(first)] == first
    assert ("azimuth" in face.values) == (view != "map")


@both_explorers
@pytest.mark.parametrize("view", ["", "maps", None, 3])
def test_another_view_is_refused(kind, view):
    with pytest.raises(TraitError):
        kind("x*y", view=view)


@pytest.mark.parametrize("name", ["azimuth", "elevation"])
def test_an_angle_outside_of_its_range_is_refused(explorer, name):
    before = explorer.scene
    for value in (float("nan"), float("inf"), 181.0, -181.0, "left"):
        with pytest.raises(TraitError):
            setattr(explorer, name, value)
        assert explorer.scene is before, value


def test_turning_paints_and_computes_nothing(explorer, computed, presented):
    face = Face(explorer)
    presented.clear(), computed.clear()
    face.drag(azimuth=12.5, elevation=55.0)
    assert (explorer.azimuth, explorer.elevation) == (12.5, 55.0)
    assert (computed, presented) == ([], [])
    assert list(explorer.scene.values.values())[-2:] == [12.5, 55.0]
    assert computed[0][-2:] == (12.5, 55.0)


def test_a_dragged_point_sends_no_mesh(explorer, computed):
    face = Face(explorer)
    computed.clear()
    face.drag(x=0.5, y=-2.0)
    assert explorer.point == (0.5, -2.0)
    assert computed == []
    assert face.messages[0].state == {"point": [0.5, -2.0], "_heard": 1.0}
    assert face.numbers["floor point"].tolist() == explorer.scene["floor point"].tolist()


def test_sliders_turn_the_view_and_follow_it(explorer):
    azimuth, elevation = explorer.slider("azimuth"), explorer.slider("elevation")
    azimuth.value = 45.0
    assert explorer.azimuth == 45.0
    explorer.elevation = 70.0
    assert elevation.value == 70.0


def test_the_point_is_one_in_both_views(explorer):
    explorer.point = (-2.0, 1.0)
    assert explorer.scene["point"].tolist() == [-2.0, 1.0]
    beside = explorer.scene["floor point"]
    explorer.view = "surface"
    assert explorer.scene["floor point"].tolist() == beside.tolist()


def test_the_buttons_choose_the_view_and_follow_it(explorer):
    face = Face(explorer)
    face.set("view", "surface")
    assert explorer.view == "surface"
    explorer.view = "map"
    assert face.seen["view"] == "map"
    assert panels(explorer)[0] == "map"


def test_reset_brings_view_and_angles_back(explorer):
    face = Face(explorer)
    explorer.azimuth, explorer.elevation, explorer.view = 10.0, 20.0, "map"
    face.reset()
    assert (explorer.azimuth, explorer.elevation, explorer.view) == (
        AZIMUTH.start,
        ELEVATION.start,
        "both",
    )


def test_home_means_where_the_explorer_was_opened():
    explorer = GradientExplorer("x*y", view="both", azimuth=70.0)
    face = Face(explorer)
    explorer.azimuth = -120.0
    starts = {name: face.control(name)["start"] for name in face.values}
    assert (starts["azimuth"], starts["elevation"]) == (70.0, ELEVATION.start)


def test_the_code_makes_the_view_again(explorer):
    explorer.azimuth, explorer.elevation = 100.0, 44.0
    code = explorer.code()
    assert "azimuth=100.0, elevation=44.0, view='both'" in code
    again = eval(code, {"gw": gw})  # the package's own line
    assert list(again.scene.values.values())[-2:] == [100.0, 44.0]
    assert "view" not in GradientExplorer("x*y").code()


def test_the_figure_shows_the_same_panels_and_the_mesh(explorer):
    figure = explorer.figure()
    assert len(figure.axes) == len(panels(explorer))
    assert figure.findobj(lambda artist: artist.get_gid() == "surface mesh")


def test_another_field_is_shown_from_the_same_angle(explorer):
    explorer.azimuth = 100.0
    explorer.field = "sin(x)*y"
    assert "surface" in panels(explorer)
    assert explorer.scene.values["azimuth"] == 100.0


@pytest.mark.parametrize("source", ["sin(t)", "x*y*z"])
def test_a_field_without_a_surface_shows_none_and_offers_none(source):
    explorer = PartialsExplorer("x*y", view="both")
    face = Face(explorer)
    explorer.field = source
    assert "surface" not in panels(explorer)
    assert not face.has("view")
    assert explorer.view == "both"
    explorer.field = ScalarField("x*y")
    assert "surface" in panels(explorer)
    assert face.has("view")
