"""The score: a record of each answer, and the table that it shows itself as."""

import math
import re

import pytest

from gradwidgets.calculus.misconceptions import MISTAKES
from gradwidgets.calculus.questions import question
from gradwidgets.calculus.score import SCORED, Score, record_of

NAN = math.nan


def record(kind, row, *numbers, functions=()):
    return record_of(question(1, [kind], functions, 0), (row, *numbers))


def cells(score):
    return re.findall("<td>(.*?)</td>", score._repr_html_())


@pytest.mark.parametrize("kind", MISTAKES)
def test_the_first_row_of_each_kind_is_right_and_no_other(kind):
    count = 2 if kind in ("gradient", "step") else 1
    for row, mistake in enumerate(MISTAKES[kind]):
        made = record(kind, row, 1.0, 1.0, *[1.0] * count, *[2.0] * count)
        assert tuple(made) == SCORED
        assert made["right"] == (row == 0) == (mistake.key == "right")
        assert made["mistake"] == ("" if row == 0 else mistake.key)


def test_an_arrow_is_told_beside_the_answer():
    made = record("gradient", 0, 0.0, 1.0, 3.0, 4.0, 3.0, 4.5)
    assert (made["answer"], made["guess"]) == ((3.0, 4.0), (3.0, 4.5))
    assert (made["angle error"], made["length ratio"]) == (0.0, 1.0)


def test_a_choice_is_told_in_words_and_has_neither_angle_nor_length():
    made = record("kind", 1, NAN, NAN, 2.0, 0.0)
    assert (made["answer"], made["guess"]) == ("saddle", "minimum")
    assert (made["angle error"], made["length ratio"]) == (None, None)
    assert cells(Score([made]))[4:8] == ["minimum", "saddle", "", ""]


def test_a_table_counts_and_tells_what_was_right():
    score = Score([record("tangent", 0, 1.0, 1.0, 0.5, 0.5), record("tangent", 1, 30.0, 0, 0.5, 0)])
    assert score.right == 1
    assert "1 of 2 right" in score._repr_html_()
    assert cells(score)[8:10] == ["yes", ""]
    assert cells(score)[18:] == ["no", "flat"]
    assert "Nothing" in Score()._repr_html_()


def test_a_function_s_text_is_no_html():
    made = record("gradient", 0, 0, 1, 1, 1, 1, 1, functions=("where(x < y, x, y) + x*y",))
    assert "x &lt; y" in Score([made])._repr_html_()
