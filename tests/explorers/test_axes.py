"""Explorers of a cut: the two variables that make the map, and where the others stand."""

import pytest
import traitlets

from gradwidgets import CurvatureExplorer, PartialsExplorer
from tests.explorers.face import Face

KINDS = (PartialsExplorer, CurvatureExplorer)
both = pytest.mark.parametrize("kind", KINDS)


@pytest.fixture(params=KINDS)
def face(request):
    return Face(request.param("x*y*z"))


def map_labels(explorer):
    panel = explorer.scene.panel("map")
    return panel.xlabel.partition("  (map at")[0], panel.ylabel


def chosen(face):
    return tuple(face.item(menu)["value"] for menu in ("across", "up"))


@both
@pytest.mark.parametrize("axes", [("z", "x"), ("y", "z")])
def test_the_map_shows_the_chosen_axes(kind, axes):
    face = Face(kind("x*y*z", axes=axes))
    assert map_labels(face.explorer) == tuple(f"${name}$" for name in axes)
    assert chosen(face) == axes
    key = face.key
    face.explorer.axes = ("x", "z")
    assert map_labels(face.explorer) == ("$x$", "$z$")
    assert chosen(face) == ("x", "z")
    assert face.key == key + 1


def test_impossible_axes_are_refused(face):
    for axes in [("x",), ("x", "x"), ("x", "q"), ("x", "y", "z"), "xy", None]:
        with pytest.raises(traitlets.TraitError):
            face.explorer.axes = axes
        assert map_labels(face.explorer) == ("$x$", "$y$")


@both
def test_an_explorer_with_impossible_axes_is_not_made(kind):
    with pytest.raises(traitlets.TraitError):
        kind("x*y*z", axes=("x", "q"))


def test_the_two_menus_choose_the_axes_and_never_the_same(face, presented):
    for menu, name, axes in (
        ("across", "z", ("z", "y")),
        ("up", "x", ("z", "x")),
        ("across", "x", ("x", "z")),  # the other one steps aside
        ("up", "x", ("z", "x")),
    ):
        presented.clear()
        face.set(menu, name)
        assert face.explorer.axes == axes
        assert map_labels(face.explorer) == tuple(f"${name}$" for name in axes)
        assert chosen(face) == axes
        assert len(presented) == 1


def test_a_menu_takes_no_variable_that_is_not_there(face):
    for name in ("q", "", None, ["x"]):
        face.do("across", value=name)
        assert chosen(face) == ("x", "y")
        assert face.note


def test_axes_that_the_next_function_lacks_are_forgotten(face):
    face.explorer.axes = ("z", "x")
    face.explorer.field = "a*b*c"
    assert map_labels(face.explorer) == ("$a$", "$b$")
    assert chosen(face) == ("a", "b")
    assert "'z'" not in face.explorer.code()


def branching(x, y, z):
    """No program is made of a choice by value."""
    return x + y + 100 * z if x > -9 else 0.0 * x


@both
@pytest.mark.parametrize(("f", "anew"), [("x + y + 100*z", 0), (branching, 1)])
def test_the_level_curves_follow_a_hidden_coordinate_and_only_that(kind, f, anew, presented):
    """A browser that has f's program cuts the map itself; a file's is cut where the point is."""
    face = Face(kind(f, point=(1, 1, 0)))

    def seen():
        panel = face.explorer.scene.panel("map")
        return panel.contours.sheet.values.mean(), panel.xlabel.partition("= ")[2]

    before, where = seen()
    assert where == "0.00)"
    presented.clear()
    face.drag(x=0.5, y=-1)
    assert presented == []
    face.drag(z=2)
    assert len(presented) == anew
    assert seen() == (pytest.approx(before + 200), "2.00)")
    face.explorer.levels = "log"
    face.drag(z=0)
    assert seen() == (pytest.approx(before), "0.00)")


def test_the_menus_are_there_where_there_is_a_choice(face):
    assert face.has("across")
    face.type("a*b")
    assert not face.has("across")
