"""Usual mistakes: a guess of each kind is named, what is right is called right, also in a trace."""

import numpy as np
import pytest

from gradwidgets.calculus.guesses import Arrow, Choice, Rate, Tangent, apart
from gradwidgets.calculus.misconceptions import MISTAKES, found
from gradwidgets.calculus.program import trace

# ∇f of x² + 4y² at (2, 1), and the way to its minimum
SLOPE, AIM = (4.0, 8.0), (-2.0, -1.0)
ARROWS = {
    "right": (4.2, 7.6),
    "none": (0.0, 0.0),
    "length": (1.0, 2.0),
    "downhill": (-4.0, -8.0),
    "minimum": AIM,
    "away from the minimum": (6.0, 3.2),
    "axis": (0.0, 8.0),
    "level": (8.0, -4.0),
    "sign": (-4.0, 8.0),
    "swapped": (-8.0, -4.2),
    "direction": (1.8, 9.0),
}
TANGENTS = {  # of a curve with the height −1 and the slope ½
    "right": 0.52,
    "value": -1.0,
    "sign": -0.5,
    "flat": 0.02,
    "reciprocal": 2.0,
    "too steep": 1.1,
    "too flat": 0.25,
}
KINDS = {(0, 0): "right", (0, 1): "always a minimum", (0, 2): "always a minimum"}
KINDS |= {(1, 0): "upside down", (1, 1): "right", (1, 2): "one direction"}
KINDS |= {(2, 0): "no saddle", (2, 1): "no saddle", (2, 2): "right"}
ENDS = {(0, 0): "right", (0, 1): "leaps unseen", (0, 2): "too trusting"}
ENDS |= {(1, 0): "too careful", (1, 1): "right", (1, 2): "too trusting"}
ENDS |= {(2, 0): "too careful", (2, 1): "limit at 1", (2, 2): "right"}
RATES = {  # λ = 2 and 6: the limit is ⅓
    "right": 0.35,
    "limit at 1": 1 / 6,
    "least eigenvalue": 1.0,
    "best rate": 0.25,
    "too low": 0.01,
    "too high": 5.0,
}


def named(kind, guess):
    return MISTAKES[kind][int(found(MISTAKES[kind], guess))].key


def slope(number):
    return Tangent(number, 0.5, -1.0, 1.0)


CASES = [
    *(
        ("gradient", key, Arrow(guess, SLOPE, AIM))
        for key, guess in ARROWS.items()
        if key != "swapped"
    ),
    *(("tangent", key, slope(guess)) for key, guess in TANGENTS.items()),
    ("tangent", "sign", slope(-3.0)),  # also where it is not as steep
    ("tangent", "sign", Tangent(0.417, -0.65, 2.0, 1.0)),
    *(("kind", key, Choice(*map(float, pair))) for pair, key in KINDS.items()),
    *(("converges", key, Choice(*map(float, pair))) for pair, key in ENDS.items()),
    *(("rate", key, Rate(guess, 2.0, 6.0)) for key, guess in RATES.items()),
]


@pytest.mark.parametrize(("kind", "key", "guess"), CASES)
def test_a_guess_of_a_kind_is_named(kind, key, guess):
    assert named(kind, guess) == key


STEPS = {"downhill": "uphill"} | {key: key for key in ARROWS if key not in ("downhill", "swapped")}


@pytest.mark.parametrize(("key", "wanted"), STEPS.items())
def test_a_step_is_judged_as_its_arrow(key, wanted):
    """A step is −α∇f: all arrows turned round, but for the way to the minimum and from it."""
    guess = tuple(-0.1 * part for part in ARROWS[key])
    turned = {"minimum": "away from the minimum", "away from the minimum": "minimum"}
    step = Arrow(guess, (-0.4, -0.8), AIM)
    assert named("step", step) == turned.get(wanted, wanted)


@pytest.mark.parametrize("kind", ["gradient", "step"])
def test_exchanged_partials_are_named(kind):
    assert named(kind, Arrow((9.0, 3.2), (3.0, 9.0), (np.nan, np.nan))) == "swapped"


@pytest.mark.parametrize("kind", ["gradient", "step"])
@pytest.mark.parametrize("guess", [(0.02, 0.2), (-0.2, 0.02)])
def test_an_arrow_against_a_partial_is_not_called_that_partial(kind, guess):
    truth = (0.119, -0.289)
    against = Arrow(guess, truth, (np.nan, np.nan))
    along = against._replace(guess=tuple(-part for part in guess))
    assert named(kind, against) not in ("axis", "right", "length")
    assert bool(along.is_along_axis())
    assert not bool(against.is_along_axis())


def test_every_row_is_met_by_a_test():
    met = {(kind, key) for kind, key, _ in CASES}
    met |= {("step", key) for key in STEPS.values()} | {
        ("gradient", "swapped"),
        ("step", "swapped"),
    }
    assert met == {(kind, row.key) for kind, rows in MISTAKES.items() for row in rows}


@pytest.mark.parametrize("measured", [True, False])
def test_sentences_are_short_and_differ(measured):
    for rows in MISTAKES.values():
        told = [row.told(measured) for row in rows]
        assert len(set(told)) == len(rows)
        for sentence in told:
            assert sentence.endswith(".")
            assert len(sentence) <= 150


@pytest.mark.parametrize("kind", ["gradient", "step"])
def test_where_no_length_counts_none_is_praised(kind):
    right = MISTAKES[kind][0]
    assert "long" in right.told(True)
    assert "long" not in right.told(False)


def test_the_angle_is_that_between_arrows():
    for turn in np.radians([0, 10, 90, 179.9]):
        other = (3 * np.cos(turn), 3 * np.sin(turn))
        assert float(apart((1.0, 0.0), other)) == pytest.approx(np.degrees(turn), abs=1e-9)


def test_a_traced_judgement_is_the_same():
    def judge(x, y):
        return (found(MISTAKES["gradient"], Arrow((x, y), SLOPE, AIM)),)

    program = trace(judge, 1.0, 2.0)
    for guess in ARROWS.values():
        assert program(*guess) == judge(*guess)
