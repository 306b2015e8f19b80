"""What the learning rate decides, held against roots of polynomials and runs on a quadratic."""

import math
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradwidgets.calculus.descent import descend
from gradwidgets.calculus.rates import best_heavy_ball
from gradwidgets.calculus.rules import methods
from gradwidgets.pictures import rates
from gradwidgets.pictures.marks import Label, Marker, Polyline, label_text
from gradwidgets.pictures.rates import REGIMES, Curvature

SPAN = (-3.5, 1.0)
BOWL = Curvature(2.0, 20.0)
FACTORS = {name: row.factor for name, row in methods.items()}
WITH_FACTOR = [name for name in FACTORS if FACTORS[name]]
WITH_MOMENTUM = [name for name, row in methods.items() if row.with_momentum]
EITHER = pytest.mark.parametrize("method", WITH_MOMENTUM)


def polynomial(method, product, beta):
    """What the error along an eigenvector obeys from step to step."""
    if method == "nesterov":
        return [1, -(1 + beta) * (1 - product), beta * (1 - product)]
    return [1, -(1 + beta - product), beta]


def factor(method, product, beta=0.0):
    if method == "gradient descent":
        return abs(1 - product)
    return max(abs(np.roots(polynomial(method, product, beta))))


def strip(method, curvature=BOWL, rate=0.05, momentum=0.9, span=SPAN):
    return rates.strip_numbers(span, FACTORS[method], curvature, rate, momentum)


def shown(part, numbers, name):
    """The text of a label, or "" where it is hidden."""
    layers = (*part.marks, *part.backdrop.marks)
    label = next(m for m in layers if m.name == name and isinstance(m, Label))
    return label_text(label, numbers[name])


# ── the strip: error factors over α ──────────────────────────────────────────────────────────────


@pytest.mark.parametrize("momentum", [0.0, 0.5, 0.9])
@pytest.mark.parametrize("method", WITH_FACTOR)
def test_the_curves_are_the_error_factors_of_both_eigenvalues(method, momentum):
    if method == "gradient descent" and momentum:
        return
    numbers = strip(method, momentum=momentum)
    for name, value in zip(("least", "greatest"), BOWL, strict=True):
        wanted = [factor(method, 10.0**x * value, momentum) for x in rates.along(SPAN)]
        assert numbers[f"factor {name}"] == pytest.approx(wanted, abs=1e-7)


@pytest.mark.parametrize("method", WITH_FACTOR)
def test_an_error_really_shrinks_by_the_factor_in_the_long_run(method):
    """One coordinate of a quadratic is one eigenvector: the run itself is the proof."""
    numbers = strip(method, momentum=0.5)
    own = {} if method == "gradient descent" else {"momentum": 0.5}
    for place in (20, 40, 55, 66, 75):
        run = descend("10*x**2", 1.0, 10.0 ** rates.along(SPAN)[place], 400, method, **own)
        size = np.abs(run.points[:, 0])
        count = int(np.flatnonzero((size > 1e-250) & (size < 1e250))[-1]) // 4
        early, late = size[count : 2 * count].max(), size[3 * count : 4 * count].max()
        seen = (late / early) ** (1 / (2 * count))
        assert count > 20
        assert seen == pytest.approx(numbers["factor greatest"][place], rel=0.03)


def test_the_landmarks_stand_at_their_rates():
    numbers = strip("gradient descent")
    wanted = {"monotone": 1 / 20, "best": 2 / 22, "bound": 2 / 20}
    for name, rate in wanted.items():
        x, y = numbers[f"landmark {name}"]
        assert x == pytest.approx(math.log10(rate))
        assert y == rates.ROWS[name]
        assert numbers[f"line {name}"].tolist() == [[x, 0], [x, y]]
    part = rates.strip(SPAN, FACTORS["gradient descent"])
    assert {name: shown(part, numbers, f"name {name}") for name in wanted} == {
        "monotone": "1/λmax",
        "best": "2/(λmin + λmax)",
        "bound": "2/λmax",
    }


def test_a_landmarks_name_stands_right_beside_its_triangle():
    numbers, part = strip("gradient descent"), rates.strip(SPAN, FACTORS["gradient descent"])
    labels = {one.name: one for one in part.marks if isinstance(one, Label)}
    for name in rates.ROWS:
        assert labels[f"name {name}"].level
        x, y, _, up = numbers[f"name {name}"][:4]
        assert ([x, y], up) == (numbers[f"landmark {name}"].tolist(), 0.0)


def test_what_the_landmarks_mean():
    """At the best the greater factor is least, and at the bound it is 1."""
    at = [strip("gradient descent", rate=rate)["rate"][1] for rate in (1 / 20, 2 / 22, 2 / 20)]
    assert at == pytest.approx([0.9, 9 / 11, 1.0])
    around = [strip("gradient descent", rate=2 / 22 * share)["rate"][1] for share in (0.97, 1.03)]
    assert min(around) > 9 / 11


@pytest.mark.parametrize("name", ["monotone", "best", "bound"])
def test_a_press_on_a_landmark_asks_for_its_rate(name):
    marks = {m.name: m for m in rates.strip(SPAN, FACTORS["gradient descent"]).marks}
    assert marks[f"landmark {name}"].sets == ("rate", None)
    assert not marks[f"landmark {name}"].handle
    assert marks["rate"].moves == ("rate", None)


@pytest.mark.parametrize(
    ("method", "bound", "said"),
    [
        ("momentum", 2 + 2 * 0.7, "(2 + 2β)/λmax"),
        ("nesterov", (2 + 2 * 0.7) / (1 + 2 * 0.7), "(2 + 2β)/((1 + 2β)λmax)"),
    ],
)
def test_with_momentum_there_is_one_landmark_at_its_own_bound(method, bound, said):
    numbers = strip(method, momentum=0.7)
    assert numbers["landmark bound"][0] == pytest.approx(math.log10(bound / 20))
    assert factor(method, bound, 0.7) == pytest.approx(1)
    assert np.isnan(numbers["landmark best"][0])
    assert np.isnan(numbers["landmark monotone"][0])
    part = rates.strip(SPAN, FACTORS[method])
    assert shown(part, numbers, "name bound") == said
    assert shown(part, numbers, "name best") == ""


@pytest.mark.parametrize("method", WITH_FACTOR)
def test_the_unstable_zone_reaches_from_the_bound_to_the_right_edge(method):
    numbers = strip(method)
    edge = numbers["landmark bound"][0]
    assert numbers["zone"].tolist() == [[edge, 0], [1.0, 0], [1.0, rates.TOP], [edge, rates.TOP]]
    part = rates.strip(SPAN, FACTORS[method])
    assert shown(part, numbers, "unstable") == "unstable"
    close = strip(method, span=(-3.5, edge + 0.1))
    assert shown(part, close, "unstable") == ""  # no room for the word
    for x in (edge - 0.02, edge + 0.02):
        assert (factor(method, 10.0**x * 20, 0.9) > 1) == (x > edge)


@given(st.floats(-3.5, 1.0), st.floats(0, 0.999))
@pytest.mark.parametrize("method", WITH_FACTOR)
def test_the_handle_stands_at_the_worst_factor_within_the_panel(method, exponent, beta):
    beta = 0.0 if method == "gradient descent" else beta
    x, y = strip(method, rate=10.0**exponent, momentum=beta)["rate"]
    worst = max(factor(method, 10.0**exponent * value, beta) for value in BOWL)
    assert x == pytest.approx(exponent, abs=1e-9)
    assert y == pytest.approx(min(worst, 0.96 * rates.TOP), abs=1e-6)


def test_the_panel_tells_the_rate():
    part = rates.strip(SPAN, FACTORS["gradient descent"])
    numbers = strip("gradient descent", rate=0.125)
    assert shown(part, numbers, "rate label").strip() == "α = 0.125"
    assert shown(part, numbers, "least") == "λmin = 2.00"
    assert part.panel.xlog
    assert part.panel.x == SPAN


# ── what means nothing is not there ──────────────────────────────────────────────────────────────

LANDMARKS = ("monotone", "best", "bound")


@pytest.mark.parametrize("method", [m for m in methods if m not in WITH_FACTOR])
def test_other_methods_have_a_bare_axis(method):
    part, numbers = rates.strip(SPAN, FACTORS[method]), strip(method)
    for name in (*(f"landmark {name}" for name in LANDMARKS), "zone"):
        assert np.isnan(numbers[name]).any(), name
    for name in ("factor least", "factor greatest"):
        assert np.isnan(numbers[name]).all()
    labels = [m.name for m in part.marks if isinstance(m, Label) and m.name != "rate label"]
    assert [shown(part, numbers, name) for name in labels] == [""] * len(labels)
    assert numbers["rate"] == pytest.approx([math.log10(0.05), 0])
    assert part.panel.tall < rates.strip(SPAN, FACTORS["momentum"]).panel.tall


@pytest.mark.parametrize(
    "curvature",
    [Curvature(-2.0, 2.0), Curvature(-5.0, -2.0), Curvature(0.0, 0.0), Curvature(np.nan, np.nan)],
)
@pytest.mark.parametrize("method", WITH_FACTOR)
def test_without_a_minimum_there_are_no_landmarks(method, curvature):
    part, numbers = rates.strip(SPAN, FACTORS[method]), strip(method, curvature)
    for name in LANDMARKS:
        assert np.isnan(numbers[f"landmark {name}"][0])
        assert shown(part, numbers, f"name {name}") == ""
    assert np.isnan(numbers["zone"]).any()
    assert shown(part, numbers, "unstable") == ""
    assert np.isfinite(numbers["rate"]).all()


@pytest.mark.parametrize("curvature", [Curvature(5.0, 5.0), Curvature(0.0, 5.0)])
def test_a_single_eigenvalue_has_no_best_beside_the_first(curvature):
    """With one eigenvalue 2/(λ + λ) is 1/λ; a trough's floor does not count."""
    numbers = strip("gradient descent", curvature)
    assert np.isnan(numbers["landmark best"][0])
    assert numbers["landmark monotone"][0] == pytest.approx(math.log10(1 / 5))
    assert numbers["landmark bound"][0] == pytest.approx(math.log10(2 / 5))


def test_a_landmark_beside_the_axis_has_no_name():
    part = rates.strip((-3.5, -2.0), FACTORS["gradient descent"])
    numbers = strip("gradient descent", span=(-3.5, -2.0))
    assert [shown(part, numbers, f"name {name}") for name in LANDMARKS] == ["", "", ""]


CURVATURES = [BOWL, Curvature(-2, 2), Curvature(np.nan, np.nan), Curvature(0, 3), Curvature(1, 1)]


@given(
    st.sampled_from(list(methods)),
    st.sampled_from(CURVATURES),
    st.floats(1e-7, 1e3),
    st.floats(0, 0.999),
)
@settings(max_examples=100)
def test_the_strip_s_numbers_keep_their_sizes(method, curvature, rate, momentum):
    first, numbers = strip("gradient descent"), strip(method, curvature, rate, momentum)
    part = rates.strip(SPAN, FACTORS[method])
    assert {mark.name for mark in part.marks} == set(numbers)
    for mark in part.marks:
        assert numbers[mark.name].shape == first[mark.name].shape
        if isinstance(mark, Polyline) and mark.along is not None:
            assert len(mark.along) == len(numbers[mark.name])


# ── the map of α and β ───────────────────────────────────────────────────────────────────────────


def regime(method, rate, beta, curvature=BOWL):
    """By the roots alone: which of them is the greatest, and where it lies in the plane."""
    found = np.concatenate(
        [np.roots(polynomial(method, rate * value, beta)) for value in curvature]
    )
    slowest = found[np.argmax(np.abs(found))]
    if abs(slowest) >= 1:
        return "divergent"
    turning = abs(slowest.imag) > 1e-6 or slowest.real < 0
    return "oscillating" if turning else "monotone"


@EITHER
def test_the_map_s_values_are_the_greatest_roots(method):
    contours = rates.rate_map(SPAN, FACTORS[method], BOWL).panel.contours
    rng = np.random.default_rng(5)
    for _ in range(200):
        i, j = rng.integers(len(contours.sheet.x)), rng.integers(len(contours.sheet.y))
        rate, beta = 10.0 ** contours.sheet.x[i], contours.sheet.y[j]
        worst = max(factor(method, rate * value, beta) for value in BOWL)
        assert contours.sheet.values[i, j] == pytest.approx(worst, abs=1e-6)
    assert 1.0 in contours.levels


@given(st.floats(-3.5, 1.0), st.floats(0, 0.999))
@settings(max_examples=80)
@pytest.mark.parametrize("curvature", [BOWL, Curvature(15.0, 20.0)])
@EITHER
def test_the_regimes_are_those_of_the_roots(method, curvature, exponent, beta):
    rate = 10.0**exponent
    for value in curvature:  # on a border the roots are as good as their rounding
        _, middle, last = polynomial(method, rate * value, beta)
        if abs(middle**2 - 4 * last) < 1e-6 or abs(middle) < 1e-6:
            return
    factors = sorted(factor(method, rate * value, beta) for value in curvature)
    if abs(factors[1] - 1) < 1e-6 or factors[1] - factors[0] < 1e-9:
        return
    found = rates.regimes(np.array([rate]), np.array([beta]), FACTORS[method], curvature)
    assert REGIMES[int(found[0])] == regime(method, rate, beta, curvature)


@pytest.mark.parametrize(
    ("curvature", "span"),
    [(BOWL, SPAN), (Curvature(1.0, 1.0), (-2.0, 1.5)), (Curvature(0.4, 1000.0), (-5.0, -1.5))],
)
@EITHER
def test_each_name_stands_inside_of_its_regime(method, curvature, span):
    part = rates.rate_map(span, FACTORS[method], curvature)
    named = [m for m in part.backdrop.marks if isinstance(m, Label) and m.name in REGIMES]
    narrow = {"oscillating"} if span == (-5.0, -1.5) else set()
    assert {m.name for m in named} == set(REGIMES) - narrow
    for mark in named:
        x, beta = part.backdrop.numbers[mark.name][:2]
        assert span[0] < x < span[1]
        assert 0 < beta < 1
        for shift in (-0.03, 0, 0.03):  # with some room around it
            assert regime(method, 10.0 ** (x + shift), beta, curvature) == mark.name
        assert mark.texts == (mark.name,)


def test_a_regime_without_room_for_its_name_has_none():
    """Where κ = 2500, an error oscillates with a momentum near 1 only."""
    part = rates.rate_map((-5.0, -1.5), FACTORS["momentum"], Curvature(0.4, 1000.0))
    words = {m.name for m in part.backdrop.marks if isinstance(m, Label)}
    assert words == {"critical", "monotone", "divergent"}
    assert regime("momentum", 1e-5, 0.999, Curvature(0.4, 1000.0)) == "oscillating"


@EITHER
def test_on_the_critical_curves_two_roots_become_one(method):
    part = rates.rate_map(SPAN, FACTORS[method], BOWL)
    for end, value in zip(("least", "greatest"), BOWL, strict=True):
        curve = part.backdrop.numbers[f"critical {end}"]
        assert -1e-9 < curve[:, 1].min() < curve[:, 1].max() < 1 + 1e-9
        inner = curve[(curve[:, 1] > 0.02) & (curve[:, 1] < 0.98)]
        assert len(inner) > 20
        for x, beta in inner[::7]:
            product = 10.0**x * value

            def inside(momentum, product=product):
                _, middle, last = polynomial(method, product, momentum)
                return middle**2 - 4 * last

            assert inside(beta) == pytest.approx(0, abs=1e-9)
            assert inside(beta - 1e-3) * inside(beta + 1e-3) < 0


@EITHER
def test_on_the_edge_the_error_neither_grows_nor_shrinks(method):
    edge = rates.rate_map(SPAN, FACTORS[method], BOWL).backdrop.numbers["stable up to here"]
    assert edge[0, 1] == 0
    assert edge[-1, 1] == rates.MOST_MOMENTUM
    for x, beta in edge[::9]:
        worst = [max(factor(method, 10.0**x * s * v, beta) for v in BOWL) for s in (0.99, 1, 1.01)]
        assert worst[1] == pytest.approx(1, abs=1e-6)
        assert worst[0] < 1 < worst[2]


def test_the_best_heavy_ball_is_the_lowest_place_of_the_map():
    contours = rates.rate_map(SPAN, FACTORS["momentum"], BOWL).panel.contours
    alpha, beta = best_heavy_ball(*BOWL)
    i, j = np.unravel_index(np.argmin(contours.sheet.values), contours.sheet.values.shape)
    across, up = np.diff(contours.sheet.x)[0], np.diff(contours.sheet.y)[0]
    assert abs(contours.sheet.x[i] - math.log10(alpha)) <= 2 * across
    assert abs(contours.sheet.y[j] - beta) <= 2 * up
    assert beta**0.5 <= contours.sheet.values.min() <= beta**0.5 + 0.03


@given(st.floats(-3.5, 1.0), st.floats(0, 0.999))
@EITHER
def test_the_map_s_handle_is_the_pair_and_its_number_the_factor(method, exponent, beta):
    numbers = rates.map_numbers(SPAN, FACTORS[method], BOWL, 10.0**exponent, beta)
    part = rates.rate_map(SPAN, FACTORS[method], BOWL)
    assert {mark.name for mark in part.marks} == set(numbers)
    assert numbers["rate"] == pytest.approx([exponent, beta], abs=1e-9)
    worst = max(factor(method, 10.0**exponent * value, beta) for value in BOWL)
    assert numbers["rate label"][5:] == pytest.approx([worst, 10.0**exponent, beta], abs=1e-6)


def test_the_map_is_dragged_in_both_directions_and_says_where_it_is():
    part = rates.rate_map(SPAN, FACTORS["momentum"], BOWL)
    (handle,) = (m for m in part.marks if isinstance(m, Marker))
    assert handle.moves == ("rate", "momentum")
    assert part.panel.xlog
    assert part.panel.x == SPAN
    said = shown(part, rates.map_numbers(SPAN, FACTORS["momentum"], BOWL, 0.05, 0.5), "rate label")
    assert re.fullmatch(r"0\.707 at α = 0\.0500, β = 0\.500", said)


@EITHER
def test_one_eigenvalue_has_a_map_too(method):
    part = rates.rate_map(SPAN, FACTORS[method], Curvature(6.0, 6.0))
    numbers = part.backdrop.numbers
    assert numbers["critical least"].tolist() == numbers["critical greatest"].tolist()
    assert np.isfinite(part.panel.contours.sheet.values).all()


def test_the_word_stands_beside_the_critical_curve():
    for span in (SPAN, (-1.0, 1.0), (-6.0, -3.0)):
        part = rates.rate_map(span, FACTORS["momentum"], BOWL)
        x, y = part.backdrop.numbers["critical"][:2]
        assert span[0] <= x <= span[1]
        assert 0 <= y <= 1
        curve = part.backdrop.numbers["critical least"]
        assert np.min(np.abs(curve - (x, y)).sum(axis=1)) < 1e-9


@pytest.mark.parametrize(
    ("method", "greatest", "said"),
    [
        ("gradient descent", math.nan, rates.NO_FACTOR),
        ("momentum", math.nan, rates.NO_FACTOR),
        ("gradient descent", 20.0, ""),
        ("adam", math.nan, ""),
    ],
)
def test_where_there_is_no_hessian_the_empty_panel_says_so(method, greatest, said):
    curvature = rates.Curvature(greatest, greatest)
    assert shown(rates.strip(SPAN, FACTORS[method]), strip(method, curvature), "no factor") == said
