"""Level curves: equal round steps, logarithmic ones in a valley, and what they teach."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradwidgets.calculus.catalog import catalog
from gradwidgets.calculus.field import ScalarField
from gradwidgets.calculus.tracing import calm
from gradwidgets.pictures import terrain
from gradwidgets.pictures.levels import MOST_LEVELS, MOST_LOG_LEVELS, choose_levels, short

TWO = [name for name, example in catalog.items() if len(example.variables) == 2]
WITH_VALLEYS = {"rosenbrock", "beale"}


def chosen(source, spacing="auto", domain=None):
    field = source if isinstance(source, ScalarField) else ScalarField(source, domain)
    with calm():
        values = field.on_grid().values
        return choose_levels(values, terrain.value_range(values), spacing), values


def lead(number):
    """The first digits of a number: 2.5 of 2500."""
    return float(f"{abs(number):.6e}".partition("e")[0])


def assert_even(levels):
    steps = np.diff(levels.values)
    assert np.ptp(steps) <= 1e-9 * steps.max()
    assert lead(steps[0]) in (1.0, 2.0, 2.5, 5.0)
    multiples = np.array(levels.values) / steps[0]
    assert multiples == pytest.approx(multiples.round(), abs=1e-6)


# ── even ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", TWO)
def test_levels_are_equidistant_round_numbers_unless_a_valley_would_be_empty(name):
    levels, values = chosen(catalog[name].field)
    low, high = terrain.value_range(values)
    assert levels.spacing == ("log" if name in WITH_VALLEYS else "even")
    assert low < levels.values[0] < levels.values[-1] < high
    if levels.spacing == "even":
        assert_even(levels)
        assert 7 <= len(levels.values) <= MOST_LEVELS
        assert levels.note == f"curves every {short(np.diff(levels.values)[0].round(9))}"


@pytest.mark.parametrize("name", TWO)
def test_either_spacing_can_be_chosen(name):
    even, _ = chosen(catalog[name].field, "even")
    assert_even(even)
    log, _ = chosen(catalog[name].field, "log")
    assert log.note.startswith("log curves: ")
    assert 4 <= len(log.values) <= MOST_LOG_LEVELS
    assert (np.diff(log.values) > 0).all()


@given(st.floats(-1e6, 1e6), st.floats(1e-3, 1e6), st.integers(-250, 250))
def test_no_size_and_no_offset_makes_them_uneven(offset, width, exponent):
    """What a plane takes: all its values equally often."""
    values = (offset + np.linspace(0, width, 200)) * 10.0**exponent
    levels = choose_levels(values, (float(values[0]), float(values[-1])))
    assert levels.spacing == "even"
    assert 7 <= len(levels.values) <= MOST_LEVELS
    steps = np.diff(levels.values)
    assert np.ptp(steps) <= 1e-6 * steps.max() + 1e-12 * np.abs(values).max()
    assert lead(np.median(steps)) == pytest.approx(
        min((1, 2, 2.5, 5, 10), key=lambda digit: abs(digit - lead(np.median(steps)))), rel=1e-4
    )


def test_the_bowl_s_curves_are_close_where_it_is_steep():
    """Between neighbours along the gradient, distance times slope is what f changes by."""
    field = ScalarField("x**2 + 10*y**2")
    levels, _ = chosen(field)
    assert levels.values == tuple(range(10, 100, 10))
    for along in (lambda t: (t, 0.0), lambda t: (0.0, t)):
        t = np.linspace(0, 3, 300_001)
        f = np.array([field.function(*along(x)) for x in (0.0, 1.0)])
        places = np.sqrt(np.array(levels.values) / (f[1] - f[0]))
        places = places[places <= t[-1]]
        if len(places) < 3:
            continue
        gaps, middles = np.diff(places), (places[1:] + places[:-1]) / 2
        slopes = np.array([np.hypot(*field.gradient(along(x))) for x in middles])
        assert gaps * slopes == pytest.approx(10)
        assert (np.diff(gaps) < 0).all()


# ── logarithmic ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "spacing"),
    [
        ("x**2 + 10*y**2", "even"),
        ("x**2 + 100*y**2", "even"),
        ("x*y", "even"),
        ("sin(x)*y", "even"),
        ("exp(-x**2 - y**2)", "even"),
        ("-exp(-x**2 - y**2)", "even"),  # a plateau is no valley
        ("1/(x**2 + y**2)", "even"),
        ("exp(x + y)", "even"),
        ("sqrt(x**2 + y**2)", "even"),
        ("log(x**2 + y**2)", "even"),
        ("(1 - x)**2 + 100*(y - x**2)**2", "log"),
        ("7 + (1 - x)**2 + 100*(y - x**2)**2", "log"),
        ("1e-9*((1 - x)**2 + 100*(y - x**2)**2)", "log"),
        ("(x**2 + 100*y**2)**2", "log"),
        ("(x*y)**2", "log"),
    ],
)
def test_only_an_empty_valley_makes_them_logarithmic(text, spacing):
    levels, values = chosen(text)
    assert levels.spacing == spacing
    low, high = terrain.value_range(values)
    below = np.mean(values < low + (high - low) / 15)
    assert levels.valley == (spacing == "log")
    assert below > 0.5 or spacing == "even"
    assert ("even steps would leave half of the map empty" in levels.told) == (spacing == "log")


@pytest.mark.parametrize(("add", "base"), [("", 0.0), ("-7 + ", -7.0), ("5000 + ", 5000.0)])
def test_logarithmic_levels_are_1_2_5_above_the_least_value(add, base):
    levels, _ = chosen(f"{add}(1 - x)**2 + 100*(y - x**2)**2")
    above = np.array(levels.values) - base
    assert {round(lead(x), 3) for x in above} == {1.0, 2.0, 5.0}
    assert np.diff(np.log10(above)).max() < 0.41
    assert "1, 2, 5 · 10ᵏ" in levels.note


def test_they_are_seen_in_the_valley():
    even, values = chosen(catalog["rosenbrock"].field, "even")
    log, _ = chosen(catalog["rosenbrock"].field)
    assert np.mean(values < even.values[0]) > 0.5
    assert np.mean(values < log.values[0]) < 0.1
    assert 'levels "log" show what is there' in even.told


def test_of_a_mountain_they_are_counted_from_the_top():
    levels, _ = chosen("-((1 - x)**2 + 100*(y - x**2)**2)", "log")
    assert {round(lead(x), 3) for x in levels.values} == {1.0, 2.0, 5.0}
    assert max(levels.values) < 0


@pytest.mark.parametrize("values", [[], [3.0, 3.0], [np.nan, np.nan]])
def test_where_nothing_differs_there_are_none(values):
    values = np.array(values)
    assert choose_levels(values, terrain.value_range(values)).values == ()


VALUES = st.lists(st.floats(allow_infinity=True), min_size=1, max_size=60).map(np.array)


@given(VALUES, st.sampled_from(("auto", "even", "log")))
def test_levels_of_any_values_are_finite_rise_and_lie_among_them(values, spacing):
    with calm():
        low, high = terrain.value_range(values)
        levels = np.array(choose_levels(values, (low, high), spacing).values)
    assert np.isfinite(levels).all()
    assert (np.diff(levels) > 0).all()
    assert ((levels > low) & (levels < high)).all()
