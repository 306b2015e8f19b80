"""The error over h in the derivative's picture: its regimes, the best step, what is said of it."""

import numpy as np
import pytest

from tests.pictures.derived import derivative_picture, field, scene, slope_of


def errors(shown):
    return next(np.array(m.along) for m in shown.marks if m.name == "error"), shown["error"]


@pytest.mark.parametrize(("h", "error"), [(0.1, 4.5e-3), (6e-6, 1.5e-11), (1e-12, 2.1e-4)])
def test_the_central_error_of_the_exponential_at_1(h, error):
    shown = scene("exp(x)", 1.0, h, "central")
    assert shown["now"][0] == pytest.approx(np.log10(h))
    assert 10 ** shown["now"][1] == pytest.approx(error, rel=0.05)
    assert shown["now label"][5:] == pytest.approx((error, h), rel=0.05)


@pytest.mark.parametrize(("kind", "order"), [("forward", 1), ("backward", 1), ("central", 2)])
def test_the_error_has_two_regimes(kind, order):
    exponents, error = errors(shown := scene("exp(x)", 1.0, 0.1, kind))
    larger = (exponents > -3) & (exponents < -1)
    smaller = exponents < -9
    rise = np.polyfit(exponents[larger], error[larger], 1)[0]
    assert rise == pytest.approx(order, abs=0.05)
    fall = np.polyfit(exponents[smaller], error[smaller], 1)[0]
    assert fall == pytest.approx(-1, abs=0.25)
    truncation, rounding = shown["truncation"], shown["rounding"]
    ends = exponents[[0, -1]]
    assert np.diff(truncation) / np.diff(ends) == pytest.approx(order)
    assert np.diff(rounding) / np.diff(ends) == pytest.approx(-1)
    on_line = np.interp(exponents, ends, truncation)
    assert error[larger] == pytest.approx(on_line[larger], abs=0.1)
    assert (error[smaller] <= np.interp(exponents, ends, rounding)[smaller] + 0.2).all()


@pytest.mark.parametrize(
    ("kind", "best"), [("forward", 3e-8), ("backward", 3e-8), ("central", 6e-6)]
)
def test_the_best_step_is_named(kind, best):
    shown = scene("exp(x)", 1.0, 0.1, kind)
    step, error = shown["best"][5:7]
    assert best / 3 < step < best * 3
    assert shown["best step"] == pytest.approx(np.log10([step, error]))
    assert shown.captions[-1].startswith("The best h here is about")


def test_without_truncation_the_largest_step_is_best():
    shown = scene("x**2", 1.0, 0.1, "central")
    assert shown.captions[-1].startswith("The largest h is about the best here, with an error of ")
    assert "10⁻¹⁵. A smaller one can miss by more" in shown.captions[-1]


@pytest.mark.parametrize(
    ("text", "x", "kind", "says"),
    [
        ("exp(x)", 1, "central", "The best h here is about 3.99·10⁻⁶, with an error of at most"),
        ("tan(x)", 0, "central", "Up to h = 5.02·10⁻⁸ or so every h does well here"),
        ("cos(x)", 0, "forward", "Up to h = 3.16·10⁻⁹ or so every h gives f′ exactly."),
        ("cos(x)", 0, "central", "Every h gives f′ exactly here: there is no error."),
        ("5", 1, "forward", "Every h gives f′ exactly here: there is no error."),
        ("x**2", 0, "forward", "The smaller h, the better here: rounding does no harm."),
        ("max(x, 0)", -1, "central", "Up to h = 0.252 or so every h gives f′ exactly."),
        ("(x-1)**2", 1, "central", "Every h does well here"),
    ],
)
def test_what_is_best_is_said_as_it_is(text, x, kind, says):
    assert scene(text, x, 0.1, kind).text("best").startswith(says)


POWERS = ["5", "2*x + 1", "x**2 - 3*x", "x**3", "x**4", "(x - 1)**2", "x**10"]
CURVES = ["exp(x)", "sin(x)", "cos(x)", "tan(x)", "sin(20*x)", "exp(x) - 1", "1e9*sin(x)"]
BENT = ["abs(x)", "floor(x)", "max(x, 0)", "x*abs(x)", "log(x)", "1/x", "x + 1e6"]


@pytest.mark.parametrize("kind", ["forward", "central"])
@pytest.mark.parametrize("text", POWERS + CURVES + BENT)
def test_what_is_said_of_the_best_step_is_true_of_the_errors_drawn(text, kind):
    picture = derivative_picture(field(text), difference=kind)
    for x in (-1.0, 0.0, 0.5, 1.0):
        shown = picture.scene((x, 1e-3))
        if told := shown.text("best"):
            assert false_words(told, shown) == []
        else:
            assert not np.isfinite(shown["error"]).any()


def false_words(told, shown):
    """Which words about the best step are refuted by the errors that are drawn."""
    (best, most), (exponents, heights) = shown["best"][5:7], errors(shown)
    steps, drawn = 10.0**exponents, np.where(np.isfinite(heights), 10.0**heights, 0.0)
    none = 1.01 * 10.0 ** shown.panel("error").y[0]  # as little as can be drawn
    limit = max(1.01 * most, none)
    near = np.abs(exponents - np.log10(best)) < 0.51
    below, above = steps <= best, steps > best
    meanings = {
        "at most": np.max(drawn[near]) <= limit,
        "because of rounding": np.max(drawn[below]) > most,
        "A larger h": (drawn[above] > most).any() or np.isnan(heights[above]).any(),
        "does well": np.max(drawn[below]) <= limit,
        "exactly": np.max(drawn[below]) <= none,
        "The smaller h, the better": (np.diff(heights[steps > 1e-9]) > -1e-9).all(),
        "Every h": best > 0.99 * steps[-1],
        "The largest h": best > 0.99 * steps[-1],
    }
    return [words for words, true in meanings.items() if words in told and not true]


@pytest.mark.parametrize("text", ["x + 1e-3*abs(x)", "max(x, 1.001*x)", "abs(x) + 1e6*x**2"])
def test_no_h_does_well_at_a_corner(text):
    assert scene(text, 0, 0.1, "central").text("best") == ""
    assert scene(text, 1, 0.1, "central").text("best") != ""


@pytest.mark.parametrize("text", ["5", "2*x + 1", "0*x"])
def test_an_error_of_nothing_lies_on_the_floor(text):
    shown = scene(text, 1.0, 0.5)
    floor = shown.panel("error").y[0]
    assert shown["now"][1] == floor
    assert np.min(shown["error"]) == floor
    assert slope_of(shown["secant"]) == slope_of(shown["tangent"])
