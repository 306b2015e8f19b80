"""The named functions are what the literature says, and each one opens where its point shows."""

import numpy as np
import pytest

from gradwidgets.calculus.catalog import catalog
from gradwidgets.calculus.field import ScalarField

MINIMA = [
    pytest.param(name, minimum, id=f"{name} {minimum}")
    for name, example in catalog.items()
    for minimum in example.minima
]
WITH_MINIMA = [name for name, example in catalog.items() if example.minima]


def inside(example, point):
    return all(low <= x <= high for x, (low, high) in zip(point, example.intervals, strict=True))


# ── in the literature ────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("name", "point", "value", "second"),
    [
        ("bowl", (0, 0), 0, (2, 0, 20)),
        ("valley", (0, 0), 0, (1, 0, 25)),
        ("saddle", (0, 0), 0, (2, 0, -2)),
        ("monkey saddle", (0, 0), 0, (0, 0, 0)),
        ("trough", (0, 0), 0, (2, 0, 0)),
        ("hill", (0, 0), 1, (-2, 0, -2)),
        ("rosenbrock", (1, 1), 0, (802, -400, 200)),
        ("himmelblau", (3, 2), 0, (74, 20, 34)),
        ("beale", (3, 0.5), 0, (3.15625, -11.4375, 46.125)),
        ("booth", (1, 3), 0, (10, 8, 10)),
        ("matyas", (0, 0), 0, (0.52, -0.48, 0.52)),
        ("three-hump camel", (0, 0), 0, (4, 1, 2)),
        ("rastrigin", (0, 0), 0, (396.784176, 0, 396.784176)),
    ],
)
def test_value_gradient_and_hessian_at_the_critical_point(name, point, value, second):
    f = catalog[name].field
    xx, xy, yy = second
    assert f.value(point) == pytest.approx(value, abs=1e-14)
    assert f.gradient(point) == pytest.approx([0, 0], abs=1e-13)
    assert f.hessian(point) == pytest.approx(np.array([[xx, xy], [xy, yy]]), rel=1e-9, abs=1e-13)


@pytest.mark.parametrize(
    ("name", "points"),
    [
        (
            "himmelblau",
            {(3, 2), (-2.805118, 3.131313), (-3.77931, -3.283186), (3.584428, -1.848127)},
        ),
        ("six-hump camel", {(0.089842, -0.712656), (-0.089842, 0.712656)}),
        ("peaks", {(0.22828, -1.62554)}),
        ("ackley", {(0, 0)}),
        ("ellipsoid", {(0, 0, 0)}),
    ],
)
def test_the_minima_are_the_known_ones(name, points):
    assert np.array(sorted(catalog[name].minima)) == pytest.approx(
        np.array(sorted(points)), abs=1e-5
    )


@pytest.mark.parametrize(
    ("name", "lowest"), [("six-hump camel", -1.031628), ("peaks", -6.55113), ("ackley", 0)]
)
def test_the_lowest_value_is_the_known_one(name, lowest):
    for minimum in catalog[name].minima:
        assert catalog[name].field.value(minimum) == pytest.approx(lowest, abs=5e-6)


def test_rosenbrock_is_badly_conditioned_at_its_minimum():
    smallest, largest = np.linalg.eigvalsh(catalog["rosenbrock"].field.hessian((1, 1)))
    assert (smallest, largest) == pytest.approx((0.399, 1001.6), rel=1e-3)
    assert largest / smallest == pytest.approx(2508, rel=1e-3)
    assert 2 / largest == pytest.approx(0.001997, rel=1e-3)


def test_the_ellipsoid_has_three_second_partials_and_one_mixed():
    H = catalog["ellipsoid"].field.hessian((1, -1, 0.5))
    np.testing.assert_allclose(H, [[2, 1, 0], [1, 4, 0], [0, 0, 6]], rtol=1e-15)


@pytest.mark.parametrize("x", [-5.5, -1.0, 0.0, 2.0])
def test_the_slope_of_the_wave_is_the_cosine(x):
    assert catalog["wave"].field.partial(x, "x") == np.cos(x)


# ── minima ───────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("name", "minimum"), [m for m in MINIMA if m.values[0] != "ackley"])
def test_the_gradient_vanishes_at_a_minimum(name, minimum):
    assert np.linalg.norm(catalog[name].field.gradient(minimum)) < 1e-6


def test_ackley_has_no_gradient_at_its_minimum():
    f = catalog["ackley"].field
    assert np.isnan(f.gradient((0, 0))).all()
    assert [f.gradient((x, 0))[0] for x in (-1e-6, 1e-6)] == pytest.approx([-2.83, 2.83], abs=0.01)


@pytest.mark.parametrize(("name", "minimum"), MINIMA)
def test_a_minimum_is_inside_the_domain_and_curved_upward(name, minimum):
    example = catalog[name]
    assert inside(example, minimum)
    if name != "ackley":
        assert np.linalg.eigvalsh(example.field.hessian(minimum)).min() >= 0


@pytest.mark.parametrize("name", WITH_MINIMA)
def test_nothing_on_the_domain_is_lower_than_the_minima(name):
    example = catalog[name]
    counts = 41 if len(example.variables) == 3 else 301
    axes = [example.field.axis(variable, counts) for variable in example.variables]
    values = [example.field.value(minimum) for minimum in example.minima]
    assert np.ptp(values) < 1e-9
    assert example.field.on_grid(*axes).values.min() >= min(values) - 1e-9


@pytest.mark.parametrize(("name", "minimum"), MINIMA)
def test_around_a_minimum_everything_is_higher_or_as_low(name, minimum):
    f = catalog[name].field
    around = np.random.default_rng(3).normal(0, 1e-3, (200, len(minimum)))
    assert min(f.value(minimum + step) for step in around) >= f.value(minimum) - 1e-9


# ── what an explorer opens with ──────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", catalog)
def test_an_example_is_complete(name):
    example, f = catalog[name], catalog[name].field
    assert isinstance(f, ScalarField)
    assert (f.text, f.variables) == (example.text, example.variables)
    assert f.domain == example.domain
    assert tuple(f.domain.values()) == example.intervals
    assert example.title
    assert example.lesson.endswith(".")
    assert inside(example, example.start)
    assert np.isfinite(f.value(example.start))
    assert np.isfinite(f.gradient(example.start)).all()


def test_titles_differ_and_names_can_be_typed():
    assert len({example.title for example in catalog.values()}) == len(catalog)
    assert all(name.isascii() and name == name.strip().lower() for name in catalog)


def test_the_catalogue_is_read_only():
    with pytest.raises(TypeError):
        catalog["bowl"] = catalog["saddle"]


@pytest.mark.parametrize(
    ("name", "start"),
    [("valley", (25, 1)), ("rosenbrock", (-1, -1)), ("himmelblau", (-0.15, 0.67))],
)
def test_the_start_is_the_telling_one(name, start):
    assert catalog[name].start == start


def test_the_saddle_opens_on_its_ridge():
    example = catalog["saddle"]
    x, y = example.start
    assert x != 0
    assert y == 0
    assert example.field.partial((x, y), "y") == 0


def test_the_bowl_opens_where_the_gradient_does_not_point_at_the_minimum():
    example = catalog["bowl"]
    downhill, home = -example.field.gradient(example.start), -np.array(example.start)
    cosine = downhill @ home / np.linalg.norm(downhill) / np.linalg.norm(home)
    assert cosine < np.cos(np.radians(20))


def test_the_valley_opens_where_steepest_descent_is_slowest():
    f, start = catalog["valley"].field, np.array(catalog["valley"].start)
    g, H = f.gradient(start), f.hessian(start)
    landed = start - g * (g @ g) / (g @ H @ g)  # the exact line search of a quadratic
    assert f.value(landed) / f.value(start) == pytest.approx((24 / 26) ** 2, rel=1e-12)


@pytest.mark.parametrize("y", [-1.7, 0.0, 0.5])
def test_in_the_trough_y_does_not_matter(y):
    assert catalog["trough"].field.partial((1.2, y), "y") == 0


def test_the_hill_is_steeper_at_its_start_than_far_out():
    f, start = catalog["hill"].field, catalog["hill"].start
    uphill = -np.array(start)
    assert f.gradient(start) @ uphill > 0
    assert np.linalg.norm(f.gradient(start)) > 10 * np.linalg.norm(f.gradient((1.9, 1.9)))


def test_the_corner_opens_on_its_corner():
    (kink,) = catalog["corner"].field.kinks(catalog["corner"].start)
    assert (kink.kind, kink.left, kink.right) == ("corner", -1, 1)


def test_himmelblau_opens_where_a_small_step_decides_which_minimum_is_found():
    example = catalog["himmelblau"]
    found = set()
    for nudge in [(-0.1, 0), (0.1, 0)]:
        point = np.add(example.start, nudge)
        for _ in range(80):
            point = point - 0.01 * example.field.gradient(point)
        distances = [np.linalg.norm(point - minimum) for minimum in example.minima]
        assert min(distances) < 1e-3
        found.add(int(np.argmin(distances)))
    assert len(found) == 2
