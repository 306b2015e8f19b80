"""The partials explorer: one to six variables, and a slice for each."""

import pytest

from gradwidgets import PartialsExplorer, catalog


def drag(explorer, **values):
    explorer._canvas.set_state({"gesture": {"tick": 1, "values": values}})


def panels(explorer):
    return [panel.name for panel in explorer.scene.panels]


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


def test_a_drag_out_of_the_range_changes_it_in_one_scene(computed, paints):
    explorer = PartialsExplorer("exp(x + y)", point=(0, 0), heights="own")
    picture, first = explorer._picture, explorer.scene.panel("slice y").y
    computed.clear()
    paints.clear()
    drag(explorer, x=2.5)
    assert (computed, len(paints)) == ([(2.5, 0.0)], 1)
    away = explorer.scene.panel("slice y").y
    assert away[1] > 2 * first[1]
    drag(explorer, x=2.4)
    assert (explorer.scene.panel("slice y").y, len(paints)) == (away, 1)
    drag(explorer, x=0.0)
    assert explorer.scene.panel("slice y").y == pytest.approx(first)
    assert len(computed) == 3
    assert explorer._picture is picture


def test_after_what_fails_the_range_is_the_one_that_is_seen():
    explorer = PartialsExplorer("exp(x + y)", point=(0, 0), heights="own")
    drag(explorer, x=2.5)
    away = explorer.scene.panel("slice y").y
    with pytest.raises(ValueError, match="missing"):
        explorer.field = "x + "
    drag(explorer, x=2.4)
    assert explorer.scene.panel("slice y").y == away
