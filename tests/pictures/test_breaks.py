"""Maps of functions with jumps and poles: no level curve across them, no hatching where f is."""

import numpy as np
import pytest

from gradwidgets.calculus.catalog import catalog
from gradwidgets.calculus.field import ScalarField
from gradwidgets.pictures.terrain import map_panel
from gradwidgets.rendering import paint

TWO = [name for name, example in catalog.items() if len(example.variables) == 2]


def contours_of(text, domain=None):
    field = ScalarField(text, domain, variables=("x", "y"))
    return map_panel(field, "x", "y", {}).contours.sheet


@pytest.mark.parametrize(
    ("text", "defined"),
    [
        ("1/x + y", lambda x, y: x == x),
        ("x/y", lambda x, y: x == x),
        ("1/(x*y)", lambda x, y: x == x),
        ("ln(x^2 + y^2)", lambda x, y: x == x),
        ("ln(x) + y", lambda x, y: x > -1e-9),
        ("sqrt(x) + y", lambda x, y: x > -1e-9),
        ("sqrt(1 - x^2 - y^2)", lambda x, y: x * x + y * y < 1 + 1e-9),
    ],
)
def test_only_a_region_where_f_is_undefined_is_hatched(text, defined):
    found = contours_of(text)
    known = defined(*np.meshgrid(found.x, found.y, indexing="ij"))
    assert (np.isfinite(found.values) == known).all()


def test_on_the_edge_of_the_domain_too():
    assert np.isfinite(contours_of("1/x + ln(y)", {"x": (0, 3), "y": (0, 2)}).values).all()


@pytest.mark.parametrize(
    ("text", "jump"),
    [
        ("floor(x) + y", lambda x, y: np.abs(x - np.round(x))),
        ("where(x + y > 0, 3 + y, y)", lambda x, y: np.abs(x + y) / 2),
        ("1/(x - 0.513) + y", lambda x, y: np.abs(x - 0.513)),
        ("1e-9*floor(y) + 1e-9*x", lambda x, y: np.abs(y - np.round(y))),
    ],
)
def test_no_level_curve_is_drawn_across_a_jump(text, jump):
    found = contours_of(text)
    gap = jump(*np.meshgrid(found.x, found.y, indexing="ij"))
    spacing = found.x[1] - found.x[0]
    inner = (slice(2, -2), slice(2, -2))
    assert found.torn[inner][(gap < 0.49 * spacing)[inner]].all()
    assert not found.torn[gap > 1.01 * spacing].any()


@pytest.mark.parametrize("name", TWO)
def test_where_f_is_continuous_nothing_is_torn(name):
    assert not map_panel(catalog[name].field, "x", "y", {}).contours.sheet.torn.any()


@pytest.mark.parametrize("text", ["tanh(200*x) + y", "abs(x) + sqrt(abs(y))", "exp(5*x)*y", "5"])
def test_what_is_only_steep_is_not_torn(text):
    assert not contours_of(text).torn.any()


def test_the_level_curves_of_steps_are_level_where_they_are_painted():
    from gradwidgets.pictures.gradient import gradient_picture

    scene = gradient_picture(ScalarField("floor(x) + y")).scene((0.5, 0.5, 30.0))
    axes = paint.figure(scene).axes[0]
    lines = [part for part in axes.collections if hasattr(part, "levels") and not part.filled]
    for path in lines[0].get_paths():
        for piece in path.to_polygons(closed_only=False):
            assert np.ptp(piece[:, 1]) < 1e-9


def test_a_cut_of_three_variables_is_torn_where_it_is_made():
    field = ScalarField("floor(x) + y*z")
    for place, torn in (({"x": 0.2}, False), ({"y": 0.2}, True)):
        across, up = (name for name in field.variables if name not in place)
        assert map_panel(field, across, up, place).contours.sheet.torn.any() == torn
        turned = map_panel(field, up, across, place).contours.sheet
        assert turned.torn.any() == torn
