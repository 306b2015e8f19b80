"""The partials explorer: one to six variables, and a slice for each."""

import pytest

from gradwidgets import PartialsExplorer, catalog
from tests.explorers.face import Face


def panels(explorer):
    return [panel.name for panel in explorer.scene.panels]


@pytest.mark.parametrize(
    ("text", "names"),
    [("sin(x)", "x"), ("x*y", "xy"), ("x*y*z", "xyz"), ("w*x + y*z", "wxyz")],
)
def test_every_variable_has_a_slice_and_a_slider(text, names):
    explorer = PartialsExplorer(text)
    face = Face(explorer)
    maps = ["map"] if len(names) > 1 else []
    assert panels(explorer) == maps + [f"slice {name}" for name in names]
    assert list(face.values) == list(names)
    assert (face.has("across"), face.has("up")) == (len(names) > 2,) * 2


def test_a_slice_is_dragged_along_its_own_axis(computed):
    explorer = PartialsExplorer("x**2 + 10*y**2", point=(1, 2))
    face = Face(explorer)
    computed.clear()
    face.drag(y=-1)
    assert explorer.point == (1.0, -1.0)
    assert computed == []
    assert face.captions[0] == explorer.scene.captions[0]
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
    face = Face(explorer)
    ends = [low for low, _ in example.intervals], [high for _, high in example.intervals]
    for place in (*ends, example.start):
        face.drag(**dict(zip(example.variables, place, strict=True)))
        assert explorer.point == tuple(map(float, place))
        for variable in example.variables:
            low, high = face.panels[f"slice {variable}"]["y"]
            assert low < face.numbers[f"point {variable}"][1] < high
        assert face.agrees()


@pytest.mark.parametrize(
    ("point", "said"), [((-1.0,), "At x = −1.00: f is undefined."), ((1.0,), "f = 0.00")]
)
def test_where_f_is_undefined_the_picture_says_so(point, said):
    explorer = PartialsExplorer("log(x)")
    explorer.point = point
    assert said in explorer.scene.captions[0]


def test_a_drag_out_of_the_range_frames_its_panel_anew(presented):
    explorer = PartialsExplorer("exp(x + y)", point=(0, 0), heights="own")
    face = Face(explorer)
    key, first = face.key, explorer.scene.panel("slice y").y
    assert face.panels["slice y"]["y"] == list(first)
    presented.clear()
    face.drag(x=2.5)
    away = explorer.scene.panel("slice y").y
    assert face.panels["slice y"]["y"] == list(away)
    assert away[1] > 2 * first[1]
    face.drag(x=2.4)
    assert explorer.scene.panel("slice y").y == away
    face.drag(x=0.0)
    assert explorer.scene.panel("slice y").y == pytest.approx(first)
    assert (face.key, presented) == (key, [])
    assert face.agrees()


def test_after_what_fails_the_range_is_the_one_that_is_seen():
    explorer = PartialsExplorer("exp(x + y)", point=(0, 0), heights="own")
    face = Face(explorer)
    face.drag(x=2.5)
    away = explorer.scene.panel("slice y").y
    with pytest.raises(ValueError, match="missing"):
        explorer.field = "x + "
    face.drag(x=2.4)
    assert explorer.scene.panel("slice y").y == away
