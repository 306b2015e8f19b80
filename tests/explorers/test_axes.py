"""Explorers of a cut: the two variables that make the map, and where the others stand."""

import pytest
import traitlets

from gradwidgets import CurvatureExplorer, PartialsExplorer

pytestmark = pytest.mark.parametrize("kind", [PartialsExplorer, CurvatureExplorer])


def drag(explorer, **values):
    explorer._canvas.set_state({"gesture": {"tick": 1, "values": values}})


def map_labels(explorer):
    panel = explorer.scene.panel("map")
    return panel.xlabel.partition("  (map at")[0], panel.ylabel


@pytest.mark.parametrize("axes", [("x", "y"), ("z", "x"), ("y", "z")])
def test_the_map_shows_the_chosen_axes(kind, axes, paints):
    explorer = kind("x*y*z", axes=axes)
    assert map_labels(explorer) == tuple(f"${name}$" for name in axes)
    assert (explorer._across.value, explorer._up.value) == axes
    paints.clear()
    explorer.axes = ("x", "z")
    assert map_labels(explorer) == ("$x$", "$z$")
    assert (explorer._across.value, explorer._up.value) == ("x", "z")
    assert len(paints) == 1


@pytest.mark.parametrize("axes", [("x",), ("x", "x"), ("x", "q"), ("x", "y", "z"), "xy", None])
def test_impossible_axes_are_refused(kind, axes):
    explorer = kind("x*y*z")
    with pytest.raises(traitlets.TraitError):
        explorer.axes = axes
    assert map_labels(explorer) == ("$x$", "$y$")
    with pytest.raises(traitlets.TraitError):
        kind("x*y*z", axes=axes)


@pytest.mark.parametrize(
    ("first", "widget", "name", "axes"),
    [
        (("x", "y"), "_across", "z", ("z", "y")),
        (("x", "y"), "_up", "z", ("x", "z")),
        (("x", "y"), "_across", "y", ("y", "x")),  # the other one steps aside
        (("x", "y"), "_up", "x", ("y", "x")),
    ],
)
def test_the_two_menus_choose_the_axes_and_never_the_same(kind, first, widget, name, axes, paints):
    explorer = kind("x*y*z", axes=first)
    paints.clear()
    menu = getattr(explorer, widget)
    menu.set_state({"index": menu.options.index(name)})
    assert explorer.axes == axes
    assert map_labels(explorer) == tuple(f"${name}$" for name in axes)
    assert (explorer._across.value, explorer._up.value) == axes
    assert len(paints) == 1


def test_axes_that_the_next_function_lacks_are_forgotten(kind):
    explorer = kind("x*y*z", axes=("z", "x"))
    explorer.field = "a*b*c"
    assert map_labels(explorer) == ("$a$", "$b$")
    assert (explorer._across.value, explorer._up.value) == ("a", "b")
    assert "'z'" not in explorer.code()


def test_the_level_curves_follow_a_hidden_coordinate_and_only_that(kind, paints):
    explorer = kind("x + y + 100*z", point=(1, 1, 0))
    middle = explorer.scene.panel("map").contours.values.mean()
    paints.clear()
    drag(explorer, x=0.5, y=-1)
    assert paints == []
    drag(explorer, z=2)
    assert len(paints) == 1
    assert explorer.scene.panel("map").contours.values.mean() - middle == pytest.approx(200)


@pytest.mark.parametrize(("text", "seen"), [("x*y", False), ("x*y*z", True)])
def test_the_menus_are_there_where_there_is_a_choice(kind, text, seen):
    assert (kind(text)._axes_row.layout.display != "none") == seen
