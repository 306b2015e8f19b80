"""What every picture shares: controls, level curves, decimals, scales and the naming of kinks."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradwidgets.calculus.catalog import catalog
from gradwidgets.calculus.field import ScalarField
from gradwidgets.calculus.tracing import calm, value_and_partials
from gradwidgets.calculus.wording import fill
from gradwidgets.pictures import terrain
from gradwidgets.pictures.marks import label_text

TWO = [name for name, example in catalog.items() if len(example.variables) == 2]

# ── controls ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("interval", "step", "start"),
    [
        ((-3, 3), 0.01, 1.0),
        ((-30, 30), 0.1, 10.0),
        ((0, 1), 0.001, 0.667),
        ((-5.12, 5.12), 0.01, 1.71),
        ((-1e9, 1e9), 1e7, 3.3e8),
        ((0, 1e-6), 1e-9, 6.67e-7),
        ((100, 106), 0.01, 104.0),
    ],
)
def test_a_coordinate_moves_in_round_steps_from_two_thirds_of_its_interval(interval, step, start):
    control = terrain.coordinate("x", interval)
    assert (control.name, control.label, control.low, control.high) == ("x", "x", *interval)
    assert control.step == pytest.approx(step, rel=1e-12)
    assert control.start == pytest.approx(start, rel=1e-12)


@given(st.floats(-1e9, 1e9), st.floats(1e-6, 1e9))
def test_a_coordinate_starts_inside_and_has_a_few_hundred_steps(low, width):
    high = low + max(width, 2e-6 * abs(low))
    control = terrain.coordinate("x", (low, high))
    assert low <= control.start <= high
    assert 100 <= (high - low) / control.step <= 1500


def test_a_field_has_a_control_for_every_variable_in_order():
    field = ScalarField("w*b + a", {"b": (0, 10)})
    assert [(c.name, c.low, c.high) for c in terrain.controls(field)] == [
        ("a", -3, 3),
        ("b", 0, 10),
        ("w", -3, 3),
    ]


# ── the map ──────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([], (0, 0)),
        ([np.nan, np.nan], (0, 0)),
        ([3, 3], (3, 3)),
        ([-1, np.nan, 2, np.inf], (-1, 2)),
        (list(range(101)), (0, 100)),
        ([*range(100), 1e9], (2, 98)),  # one peak dwarfs the rest
        ([-1e9, *range(100)], (1, 97)),
        ([0] * 99 + [1], (0, 1)),  # nothing but the peak
        ([-2, 3, 1.5e308], (-2, 3)),  # too great to be drawn
    ],
)
def test_the_range_of_values_leaves_lonely_peaks_out(values, expected):
    assert terrain.value_range(np.array(values, dtype=float)) == pytest.approx(expected)


@pytest.mark.parametrize(("across", "up"), [("x", "y"), ("y", "x"), ("z", "x")])
def test_the_map_shows_its_two_variables_with_the_others_held(across, up):
    field = ScalarField("x + 10*y + 100*z", {"x": (0, 1), "y": (0, 2), "z": (0, 3)})
    panel = terrain.map_panel(field, across, up, {"x": 0.1, "y": 0.2, "z": 0.3})
    assert (panel.x, panel.y) == (field.domain[across], field.domain[up])
    (held,) = set("xyz") - {across, up}
    slot = {"x": "{.3@0}", "y": "{.2@1}", "z": "{.2@2}"}[held]
    assert panel.xlabel == f"${across}$  (map at ${held}$ = {slot})"
    assert panel.ylabel == f"${up}$"
    for i, j in [(0, 0), (-1, 0), (0, -1), (5, 7)]:
        shown = {across: panel.contours.sheet.x[i], up: panel.contours.sheet.y[j]}
        place = {"x": 0.1, "y": 0.2, "z": 0.3} | shown
        assert panel.contours.sheet.values[i, j] == pytest.approx(field.value(place))


@pytest.mark.parametrize(
    ("x", "y", "same"),
    [
        ((-3, 3), (-3, 3), True),
        ((-30, 30), (-12, 12), True),
        ((0, 4), (0, 1), True),
        ((0, 1), (0, 4), True),
        ((0, 4.1), (0, 1), False),
        ((0, 1), (0, 400), False),
    ],
)
def test_the_axes_have_one_scale_unless_the_map_would_be_a_ribbon(x, y, same):
    assert terrain.same_scale(x, y) is same


@pytest.mark.parametrize(
    ("source", "variables", "title"),
    [
        ("x**2 + y", None, "$f(x, y) = x^{2} + y$"),
        ("x**2", ("x", "y"), "$f(x, y) = x^{2}$"),
        ("x + " * 30 + "y", None, "$f(x, y)$"),
        ("theta + w_1", None, r"$f(\theta, w_{1}) = \theta + w_{1}$"),
    ],
)
def test_the_title_is_the_definition_where_it_fits(source, variables, title):
    assert terrain.title(ScalarField(source, variables=variables)) == title


def test_a_callable_s_title_is_its_name():
    def my_loss(x, y):
        return x * y

    assert terrain.title(ScalarField(my_loss)) == "my_loss(x, y)"


@pytest.mark.parametrize(
    ("text", "written"), [("x**2", "f′"), ("x + y", "∂f/∂x"), ("x + y + z", "∂f/∂x")]
)
def test_a_derivative_is_partial_where_there_are_others(text, written):
    assert terrain.partial_name(ScalarField(text), "x") == written


# ── decimals and scales ──────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("typical", "expected"),
    [
        *((1234, "1"), (41, "1"), (4.1, "2"), (0.41, "3"), (0.041, "4"), (0.0041, "5")),
        *((4.1e-4, "2e-4"), (1e-9, "2e-9"), (1e5, "1"), (4.1e6, "2e6"), (1e300, "2e300")),
    ],
)
def test_typical_values_show_about_four_digits(typical, expected):
    assert str(terrain.decimals(np.array([typical, -typical, np.nan]))) == expected


@pytest.mark.parametrize("values", [[], [0.0, 0.0], [np.nan, np.inf]])
def test_values_without_a_size_show_two_decimals(values):
    assert str(terrain.decimals(np.array(values))) == "2"


@given(st.floats(1e-12, 1e12))
def test_a_round_number_is_not_above_and_not_far_below(value):
    found = terrain.round_down(value)
    assert found <= value * (1 + 1e-8)
    assert found > value * 0.49
    digits = found / 10.0 ** math.floor(math.log10(found) + 1e-9)
    assert digits == pytest.approx(round(digits))
    assert found == float(f"{found:.2g}")  # as it is written, 0.3 and not 0.30000000000000004


@given(st.floats(1e-9, 1e9), st.lists(st.floats(1e-9, 1e9), min_size=1, max_size=30).map(np.array))
def test_arrows_are_scaled_by_a_round_factor_and_stay_short(longest, lengths):
    scale = terrain.arrow_scale(lengths, longest)
    typical = np.percentile(lengths, 85)
    assert 0.49 * longest < scale * typical <= longest * (1 + 1e-6)
    factor = scale if scale >= 1 else 1 / scale
    assert float(f"{factor:.1g}") == pytest.approx(factor)


@given(st.floats(1e-9, 1e9), st.lists(st.floats(1e-9, 1e9), min_size=1, max_size=30).map(np.array))
def test_a_program_scales_arrows_alike(longest, lengths):
    lengths = np.concatenate([lengths, [0.0, np.nan, np.inf]])
    found = terrain.arrow_scale_of(lengths, longest)
    assert found == pytest.approx(terrain.arrow_scale(lengths, longest), rel=1e-12)


@given(st.floats(1e-9, 1e9))
def test_a_readable_scale_is_not_above_and_not_far_below(most):
    scale = float(terrain.round_scale_of(most))
    assert 0.49 * most < scale <= most * (1 + 1e-8)
    factor = scale if scale >= 1 else 1 / scale
    assert float(f"{factor:.1g}") == pytest.approx(factor)


@pytest.mark.parametrize("lengths", [[], [0.0], [np.nan, np.inf, 0.0]])
def test_arrows_without_a_length_are_not_scaled(lengths):
    assert terrain.arrow_scale(np.array(lengths), 1.0) == 1.0


@pytest.mark.parametrize(
    ("scale", "text"),
    [
        (1.0, "their true length"),
        (3.0, "3 times their length"),
        (1 / 3, "1/3 of their length"),
        (1 / 40, "1/40 of their length"),
        (1 / 60_000, "1/60000 of their length"),
    ],
)
def test_a_scale_is_stated(scale, text):
    assert terrain.ratio_text(scale) == text


@pytest.mark.parametrize("scale", [1e-6, 1 / 3e8, 2e7])
def test_a_far_scale_is_not_stated_in_a_programmer_s_notation(scale):
    assert "e+" not in terrain.ratio_text(scale)


# ── kinks ────────────────────────────────────────────────────────────────────────────────────────

CORNER = "Corner along {}: slope {{g}} on the left, {{g}} on the right. "
UNANSWERED = "autograd has no answer along x here; the slopes from left and right agree: −1.00."
CONVENTION = "autograd's answer {g} is a convention."


@pytest.mark.parametrize(
    ("text", "point", "lines"),
    [
        ("abs(x) + y**2", (0, 1), [(CORNER.format("x") + CONVENTION, -1, 1, 0)]),
        ("abs(x) + y**2", (0.5, 1), []),
        ("x + relu(y)", (1, 0), [(CORNER.format("y") + CONVENTION, 0, 1, 0.5)]),
        (
            "max(x, y)",
            (1, 1),
            [
                (CORNER.format("x") + CONVENTION, 0, 1, 0.5),
                (CORNER.format("y") + CONVENTION, 0, 1, 0.5),
            ],
        ),
        ("floor(x) + y", (1, 0), [("f jumps along x here: it has no slope.",)]),
        ("floor(x) + y", (1.5, 0), []),
        (
            "sqrt(abs(x)) + y",
            (0, 1),
            [("The slope along x has no bound here: −∞ on the left, ∞ on the right.",)],
        ),
        (
            "where(x > 0, sqrt(x), -x) + y",
            (-2, 1),
            [(UNANSWERED,)],
        ),
        ("x**2 + 10*y**2", (0, 0), []),
        ("log(x) + y", (-1, 0), []),
    ],
)
def test_a_kink_is_named_to_the_reader(text, point, lines):
    field = ScalarField(text, variables=("x", "y"))
    with calm():
        coordinates = tuple(map(np.float64, field.coordinates(point)))
        _, partials = value_and_partials(field.function, coordinates)
        slopes = field.slopes(coordinates, partials)
        numbers = terrain.kink_numbers(field.variables, slopes, partials)
    labels = terrain.kink_captions(field)
    shown = [label_text(label, numbers[label.name]) for label in labels]
    wanted = [fill(template, slopes) for template, *slopes in lines]
    assert [line for line in shown if line] == wanted
