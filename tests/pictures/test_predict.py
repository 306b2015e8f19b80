"""Pictures of questions: what they show before and after the answer is checked, as data."""

from dataclasses import replace

import numpy as np
import pytest

from gradwidgets.calculus.field import ScalarField
from gradwidgets.calculus.misconceptions import MISTAKES
from gradwidgets.calculus.questions import question
from gradwidgets.pictures.asked import VERDICT
from gradwidgets.pictures.predict import PICTURES, question_picture

EVERY = pytest.mark.parametrize("kind", PICTURES)


def picture(kind, number=1):
    asked = question(number, [kind], [], 0)
    return asked, question_picture(asked.field, asked)


def values(asked, guess, checked=0):
    return (*guess, asked.number, checked)


@EVERY
def test_it_is_traced(kind):
    asked, made = picture(kind)
    assert made.why_python(values(asked, asked.start)) == ""


@EVERY
def test_python_and_program_agree(kind):
    asked, made = picture(kind)
    state = values(asked, [one + 1.0 for one in asked.start], asked.number)
    plain = made._stepwise.plain(*made.inputs(state))
    traced = made.replayed.current(*made.inputs(state))(*made.inputs(state))
    for one, other in zip(plain, traced, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-12, atol=1e-12)


@EVERY
def test_the_verdict_waits_for_a_guess_and_its_check(kind):
    asked, made = picture(kind)
    moved = [one + 1.0 for one in asked.start]
    for guess, checked in ((asked.start, 0), (moved, 0), (asked.start, asked.number), (moved, 7)):
        assert np.isnan(made.scene(values(asked, guess, checked))[VERDICT]).all()
    assert np.isfinite(made.scene(values(asked, moved, asked.number))[VERDICT][0])


@pytest.mark.parametrize("kind", ["gradient", "step"])
def test_an_arrow_can_be_dragged_until_it_is_checked(kind):
    asked, made = picture(kind)
    guess = [one + 1.0 for one in asked.start]
    before, after = (made.scene(values(asked, guess, checked)) for checked in (0, asked.number))
    assert before["tip"].tolist() == guess
    assert np.isnan(before["answer"]).all()
    assert np.isnan(after["tip"]).all()
    sign = 1 if kind == "gradient" else -1
    arrow = sign * asked.scale * asked.field.gradient(asked.point)
    assert after["answer"].tolist() == pytest.approx([*asked.point, *np.add(asked.point, arrow)])


@pytest.mark.parametrize("kind", ["gradient", "step"])
def test_a_handle_is_called_what_its_numbers_are(kind):
    """They are a place, and no components."""
    _, made = picture(kind)
    assert [one.label for one in made.controls[:2]] == [
        "x of the arrow’s tip",
        "y of the arrow’s tip",
    ]


@pytest.mark.parametrize("kind", ["gradient", "step"])
def test_where_right_angles_look_skewed_the_question_says_so(kind):
    long = ScalarField("x**2/400 + 3*y**2", {"x": (-60, 60), "y": (-3, 3)})
    skewed, equal = (question(1, [kind], [f], 0) for f in (long, "x**2 + 3*y**2"))
    told = [
        question_picture(one.field, one).scene(values(one, one.start)) for one in (skewed, equal)
    ]
    assert "right angles look skewed" in told[0].captions[0]
    assert "skewed" not in told[1].captions[0]


@pytest.mark.parametrize("kind", ["gradient", "step"])
@pytest.mark.parametrize("numbers", [True, False])
def test_a_tip_on_the_dot_is_no_arrow(kind, numbers):
    asked = replace(question(1, [kind], [], 0), numbers=numbers)
    scene = question_picture(asked.field, asked).scene(values(asked, asked.point, asked.number))
    assert scene.captions[0] == next(row for row in MISTAKES[kind] if row.key == "none").sentence
    assert np.isnan(scene[VERDICT][1])
    assert not any("nan" in words.lower() or "–" in words for words in scene.captions)
