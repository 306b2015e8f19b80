"""Guesses of all sizes: what is right is called right, and a mistake only what it is."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from gradwidgets.calculus.guesses import (
    EXACT,
    FACTOR,
    FLAT,
    NEAR,
    Arrow,
    Rate,
    Tangent,
    apart,
)
from gradwidgets.calculus.misconceptions import MISTAKES, found

SIZES = st.sampled_from([1e-6, 1e-3, 1.0, 1e3, 1e6])
TURNS = st.floats(0, 360)
SLOPES = st.floats(-1, 1).map(lambda share: np.tan(share * np.radians(89)))
ARROWS = pytest.mark.parametrize(
    ("kind", "against"), [("gradient", "downhill"), ("step", "uphill")]
)


def named(kind, guess):
    return MISTAKES[kind][int(found(MISTAKES[kind], guess))].key


def arrow(turn, size=1.0):
    return (float(size * np.cos(np.radians(turn))), float(size * np.sin(np.radians(turn))))


# ── arrows ───────────────────────────────────────────────────────────────────────────────────────


@ARROWS
@given(truth=TURNS, size=SIZES, off=st.floats(-9.9, 9.9), ratio=st.floats(0.72, 1.39))
def test_an_arrow_within_the_tolerance_is_right(kind, against, truth, size, off, ratio):
    right, aim = arrow(truth, size), arrow(truth + 180 + off, size)  # an aim that lies beside it
    assert named(kind, Arrow(arrow(truth + off, ratio * size), right, aim)) == "right"
    short = Arrow(arrow(truth + off, 0.1 * size), right, aim)
    assert named(kind, short) == "length"
    assert named(kind, short._replace(measured=False)) == "right"


@ARROWS
@given(truth=TURNS, aim=TURNS, guess=TURNS, size=SIZES, ratio=st.floats(0.1, 10))
def test_an_arrow_is_called_what_it_is(kind, against, truth, aim, guess, size, ratio):
    right, low = arrow(truth, size), arrow(aim, 3 * size)
    made = Arrow(arrow(guess, ratio * size), right, low)
    key = named(kind, made)
    off = apart(made.guess, right)
    assert (key in ("right", "length")) == (off <= EXACT)
    if key == "right":
        assert ratio * (1 + 1e-9) >= 1 / FACTOR
        assert ratio <= FACTOR * (1 + 1e-9)
    elif key == against:
        assert off > 90
    elif key == "minimum":
        assert apart(made.guess, low) <= EXACT
    elif key == "away from the minimum":
        assert apart(made.guess, low) >= 180 - EXACT - 1e-9
    elif key == "axis":
        assert min(apart(made.guess, arrow(90 * k)) for k in range(4)) <= EXACT + 1e-9
        longer = int(np.argmax(np.abs(made.guess)))
        assert made.guess[longer] * right[longer] > 0
    elif key == "level":
        assert 75 < off < 105


@ARROWS
@given(truth=TURNS, aim=TURNS, size=SIZES)
def test_a_usual_arrow_is_named_or_right(kind, against, truth, aim, size):
    right, low = arrow(truth, size), arrow(aim, size)
    x, y = right

    def told(guess):
        return named(kind, Arrow(guess, right, low))

    assert told((-x, -y)) == against
    at_low = {"right", "minimum"} | ({against} if apart(low, (-x, -y)) <= 1 else set())
    assert told(low) in at_low
    assert told((-low[0], -low[1])) in {"right", "away from the minimum", against}
    assert told((x, 0.0)) in {"right", "length", "none", "axis", "minimum", "away from the minimum"}
    assert told((-y, x)) in {"level", "axis", "minimum", "away from the minimum"}


@ARROWS
@pytest.mark.parametrize("measured", [True, False])
@given(turn=TURNS, size=SIZES, share=st.sampled_from([0.0, 1e-9, 0.02]))
def test_an_arrow_without_length_has_no_direction(kind, against, measured, turn, size, share):
    guess = Arrow(arrow(turn, share * size), arrow(20, size), arrow(turn), measured)
    assert named(kind, guess) == "none"
    assert np.isnan(guess.angle)


# ── tangents ─────────────────────────────────────────────────────────────────────────────────────


@given(truth=SLOPES, value=SLOPES, off=st.floats(-6.9, 6.9), size=SIZES)
def test_a_tangent_within_the_tolerance_is_right(truth, value, off, size):
    seen = np.degrees(np.arctan(truth)) + off
    assume(abs(seen) < 90)
    guess = float(np.tan(np.radians(seen)))
    assert named("tangent", Tangent(guess * size, truth * size, value * size, 1 / size)) == "right"


@given(truth=SLOPES, value=SLOPES, guess=SLOPES, size=SIZES)
def test_a_tangent_is_called_what_it_is(truth, value, guess, size):
    made = Tangent(guess * size, truth * size, value * size, 1 / size)
    row = MISTAKES["tangent"][int(found(MISTAKES["tangent"], made))]
    key = row.key
    assert (key == "right") == (made.beside(made.truth) <= FLAT)
    if key == "flat":
        assert made.beside(0.0) <= FLAT
    elif key == "sign" and "As steep" in row.sentence:
        assert made.beside(-made.truth) <= FLAT
    elif key == "value":
        assert 0.5 <= guess / value <= 2
    elif key == "reciprocal":
        assert 0.5 <= made.guess * made.truth <= 2
    elif key == "sign":
        assert guess * truth < 0
    elif key in ("too steep", "too flat"):
        assert guess * truth >= 0
        assert (abs(guess) > abs(truth)) == (key == "too steep")


@given(truth=SLOPES, value=SLOPES, size=SIZES)
def test_a_usual_slope_is_named_or_right(truth, value, size):
    made = Tangent(0.0, truth * size, value * size, 1 / size)

    def told(guess):
        return named("tangent", made._replace(guess=guess))

    assert told(0.0) in {"right", "flat"}
    assert told(-made.truth) in {"right", "flat", "sign"}
    assert told(made.value) in {"right", "flat", "sign", "value"}
    if abs(made.truth) > 1e-290:
        told_there = told(1 / made.truth)
        assert told_there in {"right", "flat", "sign", "value", "reciprocal"}


@pytest.mark.parametrize(
    ("guess", "truth", "value", "key"),
    [
        (0.0, 0.5, 0.0, "flat"),  # f is 0 there, too
        (0.02, 0.5, 0.03, "flat"),
        (-0.5, 0.5, -0.5, "sign"),  # f = exp(−x) and its negative slope
        (0.0, 1e5, 3e4, "flat"),  # 1/f′ is next to nothing
        (4.0, -0.3, 0.2, "sign"),
        (0.4, 0.0, 1.0, "too steep"),
    ],
)
def test_of_slopes_that_are_alike_what_is_seen_comes_first(guess, truth, value, key):
    unit = 6e-6 if truth == 1e5 else 1.0
    assert named("tangent", Tangent(guess, truth, value, unit)) == key


# ── learning rates ───────────────────────────────────────────────────────────────────────────────


@given(least=st.floats(1e-3, 1), greatest=st.floats(1, 1e3), size=SIZES)
def test_a_usual_limit_is_named_or_right(least, greatest, size):
    least, greatest = size * least, size * greatest

    def told(guess):
        return named("rate", Rate(guess, least, greatest))

    assert told(2 / greatest) == "right"
    assert told(1 / greatest) == "limit at 1"
    assert told(2 / (least + greatest)) in {"right", "best rate", "limit at 1"}
    assert told(2 / least) in {"right", "least eigenvalue"}
    if greatest > 4 * least:
        assert told(2 / (least + greatest)) in {"right", "best rate"}


@given(guess=st.floats(1e-4, 1e4), kappa=st.floats(1, 1e3))
def test_a_limit_is_called_what_it_is(guess, kappa):
    made = Rate(guess, 2.0, 2.0 * kappa)
    key, ratio = named("rate", made), guess * kappa
    assert (key == "right") == (1 / NEAR <= made.ratio <= NEAR)
    if key in ("too low", "limit at 1", "best rate"):
        assert ratio < 1.36
    elif key in ("too high", "least eigenvalue"):
        assert ratio > 1
