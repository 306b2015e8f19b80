"""The local quadratic model: eigenvalues in closed form, Newton's step, level curves, its reach."""

import autograd.numpy as anp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradwidgets.calculus.catalog import catalog
from gradwidgets.calculus.program import trace
from gradwidgets.calculus.quadratic import (
    AGREE,
    CASES,
    RAYS,
    Model,
    agreement,
    eigen,
    level_curves,
    newton,
)
from gradwidgets.calculus.tracing import calm

NUMBER = st.floats(-1e3, 1e3) | st.sampled_from((0.0, 1.0, -1.0, 1e-8))
LEVELS = tuple(np.linspace(-6.0, 30.0, 13))
REACH = 8.0
TWO = [name for name, example in catalog.items() if len(example.variables) == 2]


def model(x, y, f, gx, gy, a, b, c):
    numbers = [np.float64(part) for part in (x, y, f, gx, gy, a, b, c)]
    return Model(*numbers, eigen(*numbers[5:]))


def model_at(field, point):
    (a, b), (_, c) = field.hessian(point)
    return model(*point, field.value(point), *field.gradient(point), a, b, c)


# ── eigenvalues ──────────────────────────────────────────────────────────────────────────────────


@given(NUMBER, NUMBER, NUMBER)
def test_eigenvalues_and_vectors_are_those_of_lapack(a, b, c):
    with calm():
        found = eigen(*map(np.float64, (a, b, c)))
    matrix = np.array([[a, b], [b, c]])
    values, size = np.linalg.eigvalsh(matrix), max(np.abs(matrix).max(), 1e-300)
    assert (found.least, found.greatest) == pytest.approx(tuple(values), abs=1e-14 * size)
    vector = np.array([found.x, found.y])
    assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-14)
    assert matrix @ vector == pytest.approx(found.greatest * vector, abs=1e-13 * size)
    across = np.array([-found.y, found.x])
    assert matrix @ across == pytest.approx(found.least * across, abs=1e-13 * size)


def test_the_smaller_eigenvalue_does_not_cancel():
    found = eigen(1e8, 0.0, 1e-8)
    assert (found.greatest, found.least) == (1e8, 1e-8)
    tilted = eigen(2.0, 2.0, 2.0)
    assert (tilted.greatest, tilted.least) == (4.0, 0.0)


@pytest.mark.parametrize("value", [-2.0, 0.0, 3.0])
def test_equal_eigenvalues_have_the_axes_for_their_vectors(value):
    assert eigen(value, 0.0, value) == (value, value, 1.0, 0.0)


@pytest.mark.parametrize(("a", "c", "x"), [(2.0, 20.0, 0.0), (20.0, 2.0, 1.0)])
def test_a_diagonal_matrix_has_exact_axes(a, c, x):
    found = eigen(a, 0.0, c)
    assert (found.greatest, found.least, found.x, found.y) == (20.0, 2.0, x, 1.0 - x)


# ── Newton's step ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("gradient", "hessian", "step", "case", "uphill"),
    [
        ((2, 40), ((2, 0), (0, 20)), (-1, -2), "minimum", False),
        ((2, 40), ((-2, 0), (0, -20)), (1, 2), "maximum", True),
        ((2, 0), ((2, 0), (0, -2)), (-1, 0), "saddle", False),
        ((0, 2), ((2, 0), (0, -2)), (0, 1), "saddle", True),
        ((1, 2, 3), ((1, 0, 0), (0, 2, 0), (0, 0, 3)), (-1, -1, -1), "minimum", False),
        ((1, 2, 3), ((1, 0, 0), (0, -2, 0), (0, 0, 3)), (-1, 1, -1), "saddle", False),
    ],
)
def test_the_step_leads_to_the_critical_point_of_the_model(gradient, hessian, step, case, uphill):
    found = newton(*(np.array(part, float) for part in (gradient, hessian)))
    assert list(map(float, found.step)) == pytest.approx(step)
    assert CASES[int(found.case)] == case
    assert (found.slope > 0) == uphill
    assert found.slope == pytest.approx(np.dot(gradient, step))


@pytest.mark.parametrize(
    ("hessian", "case"),
    [
        (((2, 0), (0, 0)), "singular"),
        (((1, 2), (2, 4)), "singular"),
        (((0, 0), (0, 0)), "flat"),
        (((np.nan, 0), (0, 1)), "undefined"),
        (((1, 0, 0), (0, 0, 0), (0, 0, 3)), "singular"),
        (((0, 0, 0), (0, 0, 0), (0, 0, 0)), "flat"),
        (((np.nan, 0, 0), (0, 1, 0), (0, 0, 1)), "undefined"),
    ],
)
def test_without_an_inverse_there_is_no_step(hessian, case):
    with calm():
        found = newton(np.ones(len(hessian)), np.array(hessian, float))
    assert CASES[int(found.case)] == case
    assert np.isnan([float(part) for part in found.step]).all()


@given(st.lists(st.floats(-10, 10), min_size=9, max_size=9))
def test_the_step_solves_newton_s_equation_and_eigenvalues_rise(numbers):
    *entries, a, b, c = numbers
    matrix = np.array(entries + [1.0] * 3).reshape(3, 3)
    matrix = matrix + matrix.T + 50 * np.diag([1, -1, 2])
    gradient = np.array([a, b, c])
    found = newton(gradient, matrix)
    assert matrix @ np.array(found.step) == pytest.approx(-gradient, abs=1e-10)
    assert [float(v) for v in found.values] == pytest.approx(np.linalg.eigvalsh(matrix))


# ── level curves ─────────────────────────────────────────────────────────────────────────────────

MODELS = {
    "ellipses around the point": (0.1, 0.1, 0.2, 0.1, -0.1, 2, 0, 20),
    "ellipses beside the point": (1.5, 1, 12.25, 3, 20, 2, 0, 20),
    "tilted ellipses": (0.3, 0.2, 1, 1, 0.4, 3, 1.5, 2),
    "hyperbolas": (1.2, 0.1, 1.43, 2.4, -0.2, 2, 0, -2),
    "tilted hyperbolas": (0.5, -0.2, 3, 1, 2, 1, 4, -2),
    "a hill": (0, 0, 25, 1, 1, -2, 0.5, -3),
    "a trough": (1.2, 0.5, 1.44, 2.4, 0, 2, 0, 0),
    "parabolas": (1, 1, 1, 2, 1, 2, 0, 0),
    "lines": (0, 0, 0, 3, 4, 0, 0, 0),
    "lines along an axis": (0, 0, 0, 1, 0, 0, 0, 0),
    "nearly lines": (0, 0, 0, 1, 0, 1e-7, 0, 1e-7),
    "round": (0.3, 0, 0.09, 0.6, 0, 2, 0, 2),
}


def curves(numbers):
    found = model(*numbers)
    with calm():
        return found, level_curves(found, LEVELS, REACH)


@pytest.mark.parametrize("name", MODELS)
def test_every_drawn_place_lies_on_its_level_of_the_model(name):
    made, drawn = curves(MODELS[name])
    dx, dy = drawn[..., 0] - made.x, drawn[..., 1] - made.y
    heights = made.f + made.rise(dx, dy)
    near = np.hypot(dx, dy) < REACH
    off = np.abs(heights - np.array(LEVELS)[:, None, None])[near]
    assert near.sum() > 50
    assert off.max() < 1e-5


@pytest.mark.parametrize("name", MODELS)
def test_wherever_the_model_crosses_a_level_a_curve_is_drawn(name):
    """Along rays the level crossings of q, each of which must lie on the drawn polyline."""
    made, drawn = curves(MODELS[name])
    radii = np.linspace(0.01, 4, 4000)
    for level, pieces in zip(LEVELS, drawn, strict=True):
        ends = np.concatenate([np.stack([piece[:-1], piece[1:]], 1) for piece in pieces])
        ends = ends[np.isfinite(ends).all(axis=(1, 2))]
        for angle in np.arange(0.1, 2 * np.pi, 0.5):
            dx, dy = radii * np.cos(angle), radii * np.sin(angle)
            over = made.f + made.rise(dx, dy) > level
            for k in np.flatnonzero(over[1:] != over[:-1]):
                place = np.array([made.x + dx[k], made.y + dy[k]])
                assert distance(place, ends) < 0.12, (level, angle)


def distance(place, ends):
    """How far a place is from the nearest of some segments."""
    start, along = ends[:, 0], ends[:, 1] - ends[:, 0]
    share = np.sum((place - start) * along, axis=1) / np.maximum(np.sum(along**2, axis=1), 1e-300)
    nearest = start + np.clip(share, 0, 1)[:, None] * along
    return np.min(np.linalg.norm(place - nearest, axis=1), initial=np.inf)


def test_no_curve_without_a_level_in_reach():
    _, drawn = curves((0, 0, 0, 0, 0, 0, 0, 0))
    assert np.isnan(drawn).all()
    above = level_curves(model(0, 0, 0, 0, 0, 2, 0, 2), (-1.0, -2.0), REACH)
    assert np.isnan(above).all()


@pytest.mark.parametrize("name", TWO)
def test_the_curves_of_the_catalogue_lie_on_their_levels(name):
    field = catalog[name].field
    places = [catalog[name].start, *np.random.default_rng(3).uniform(-1, 1, (4, 2))]
    reach = np.hypot(*(high - low for low, high in field.domain.values()))
    for place in places:
        made = model_at(field, tuple(map(float, place)))
        levels = [made.f + step for step in (-2.0, -0.1, 0.3, 5.0)]
        with calm():
            drawn = level_curves(made, levels, reach)
        dx, dy = drawn[..., 0] - made.x, drawn[..., 1] - made.y
        near = np.hypot(dx, dy) < reach
        off = np.abs(made.f + made.rise(dx, dy) - np.array(levels)[:, None, None])
        size = abs(made.f) + made.length * reach + made.steepest * reach**2
        assert off[near].max(initial=0) < 1e-7 * size


# ── where the model holds ────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", ["hill", "rosenbrock", "himmelblau", "peaks", "three-hump camel"])
def test_up_to_the_outline_model_and_function_agree_and_beyond_they_do_not(name):
    field, reach = catalog[name].field, 10.0
    made = model_at(field, catalog[name].start)
    outline = agreement(field.function, made, reach)
    assert outline.shape == (RAYS + 1, 2)
    assert outline[-1].tolist() == outline[0].tolist()
    moves = outline - np.array([made.x, made.y])
    radii = np.linalg.norm(moves, axis=1)
    assert np.isfinite(radii).sum() > RAYS / 2

    def ratio(share, k):
        dx, dy = share * moves[k]
        r = share * radii[k]
        most = made.length * r + 0.5 * made.steepest * r * r
        return abs(field.value((made.x + dx, made.y + dy)) - made.f - made.rise(dx, dy)) / most

    for k in np.flatnonzero(np.isfinite(radii)):
        inner = [ratio(share, k) for share in (0.2, 0.5, 0.8, 0.95)]
        assert max(inner) < 1.1 * AGREE
        assert 0.7 * AGREE < ratio(1.0, k) < 1.3 * AGREE


@pytest.mark.parametrize("name", ["bowl", "saddle", "booth", "matyas", "trough"])
def test_a_quadratic_is_its_own_model_everywhere(name):
    field = catalog[name].field
    outline = agreement(field.function, model_at(field, (0.7, -0.4)), 10.0)
    assert np.isnan(outline).all()


def test_where_f_ends_the_agreement_ends():
    outline = agreement(
        lambda x, y: anp.where(x > 1.0, anp.nan, 1.0) * (x * x + y * y),
        model(0, 0, 0, 0, 0, 2, 0, 2),
        10.0,
    )
    assert np.nanmax(outline[:, 0]) <= 1.0
    assert np.isnan(outline[RAYS // 2]).all()  # to the left it holds


# ── in a program ─────────────────────────────────────────────────────────────────────────────────


@given(st.lists(NUMBER, min_size=6, max_size=6))
def test_all_of_it_is_traced(numbers):
    with calm():
        plain = _everything(*map(np.float64, numbers))
    for found, wanted in zip(PROGRAM(*map(float, numbers)), plain, strict=True):
        np.testing.assert_allclose(found, wanted, rtol=1e-9, atol=1e-9)


def _everything(f, gx, gy, a, b, c):
    made = Model(0.3, -0.2, f, gx, gy, a, b, c, eigen(a, b, c))
    step = newton((gx, gy), ((a, b), (b, c)))
    return (*made.axes, *step.step, step.case, level_curves(made, LEVELS, REACH))


PROGRAM = trace(_everything, 1.0, 2.0, 3.0, 4.0, 0.5, 2.0)
