"""The partials explorer: one to six variables, and the two that make the map."""

import pytest
import traitlets

from gradwidgets import PartialsExplorer, catalog


def drag(explorer, **values):
    explorer._canvas.set_state({"gesture": {"tick": 1, "values": values}})


def panels(explorer):
    return [panel.name for panel in explorer.scene.panels]


def map_labels(explorer):
    panel = explorer.scene.panel("map")
    return panel.xlabel, panel.ylabel


@pytest.mark.parametrize(
    ("text", "names"),
    [("sin(x)", "x"), ("x*y", "xy"), ("x*y*z", "xyz"), ("w*x + y*z", "wxyz")],
)
def test_every_variable_has_a_slice_and_a_slider(text, names):
    explorer = PartialsExplorer(text)
    maps = ["map"] if len(names) > 1 else []
    assert panels(explorer) == maps + [f"slice {name}" for name in names]
    assert list(explorer._sliders) == list(names)
    assert (explorer._axes_row.layout.display == "none") == (len(names) < 3)


def test_a_slice_is_dragged_along_its_own_axis(computed):
    explorer = PartialsExplorer("x**2 + 10*y**2", point=(1, 2))
    computed.clear()
    drag(explorer, y=-1)
    assert explorer.point == (1.0, -1.0)
    assert computed == [(1.0, -1.0)]
    assert explorer.scene.captions[0] == "At (1.00, −1.00): f = 11.0, ∂f/∂x = 2.0, ∂f/∂y = −20.0."


def test_too_many_variables_are_refused():
    with pytest.raises(ValueError, match="up to 6 variables"):
        PartialsExplorer("a*b*c*d*u*v*w")


# ── the map's axes ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("axes", [("x", "y"), ("z", "x"), ("y", "z")])
def test_the_map_shows_the_chosen_axes(axes, paints):
    explorer = PartialsExplorer("x*y*z", axes=axes)
    assert map_labels(explorer) == tuple(f"${name}$" for name in axes)
    assert (explorer._across.value, explorer._up.value) == axes
    paints.clear()
    explorer.axes = ("x", "z")
    assert map_labels(explorer) == ("$x$", "$z$")
    assert (explorer._across.value, explorer._up.value) == ("x", "z")
    assert len(paints) == 1


@pytest.mark.parametrize("axes", [("x",), ("x", "x"), ("x", "q"), ("x", "y", "z"), "xy", None])
def test_impossible_axes_are_refused(axes):
    explorer = PartialsExplorer("x*y*z")
    with pytest.raises(traitlets.TraitError):
        explorer.axes = axes
    assert map_labels(explorer) == ("$x$", "$y$")
    with pytest.raises(traitlets.TraitError):
        PartialsExplorer("x*y*z", axes=axes)


@pytest.mark.parametrize(
    ("first", "widget", "name", "axes"),
    [
        (("x", "y"), "_across", "z", ("z", "y")),
        (("x", "y"), "_up", "z", ("x", "z")),
        (("x", "y"), "_across", "y", ("y", "x")),  # the other one steps aside
        (("x", "y"), "_up", "x", ("y", "x")),
    ],
)
def test_the_two_menus_choose_the_axes_and_never_the_same(first, widget, name, axes, paints):
    explorer = PartialsExplorer("x*y*z", axes=first)
    paints.clear()
    menu = getattr(explorer, widget)
    menu.set_state({"index": menu.options.index(name)})
    assert explorer.axes == axes
    assert map_labels(explorer) == tuple(f"${name}$" for name in axes)
    assert (explorer._across.value, explorer._up.value) == axes
    assert len(paints) == 1


def test_axes_that_the_next_function_lacks_are_forgotten():
    explorer = PartialsExplorer("x*y*z", axes=("z", "x"))
    explorer.field = "a*b*c"
    assert map_labels(explorer) == ("$a$", "$b$")
    assert (explorer._across.value, explorer._up.value) == ("a", "b")
    assert "'z'" not in explorer.code()


def test_the_level_curves_follow_a_hidden_coordinate_and_only_that(paints):
    explorer = PartialsExplorer("x + y + 100*z", point=(1, 1, 0))
    middle = explorer.scene.panel("map").contours.values.mean()
    paints.clear()
    drag(explorer, x=0.5, y=-1)
    assert paints == []
    drag(explorer, z=2)
    assert len(paints) == 1
    assert explorer.scene.panel("map").contours.values.mean() - middle == pytest.approx(200)


# ── the point stays in sight ─────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", catalog)
def test_the_point_never_leaves_the_slices(name):
    example = catalog[name]
    explorer = PartialsExplorer(example.field, point=example.start)
    ends = [low for low, _ in example.intervals], [high for _, high in example.intervals]
    for place in (*ends, example.start):
        drag(explorer, **dict(zip(example.variables, place, strict=True)))
        assert explorer.point == tuple(map(float, place))
        for variable in example.variables:
            low, high = explorer.scene.panel(f"slice {variable}").y
            assert low < explorer.scene[f"point {variable}"][1] < high


@pytest.mark.parametrize(
    ("point", "said"), [((-1.0,), "At x = −1.00: f is undefined."), ((1.0,), "f = 0.00")]
)
def test_where_f_is_undefined_the_picture_says_so(point, said):
    explorer = PartialsExplorer("log(x)")
    explorer.point = point
    assert said in explorer.scene.captions[0]
