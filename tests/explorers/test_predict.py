"""Predict first: what is asked, what stays hidden until it is checked, the score, a teacher."""

import html
import json
import re

import numpy as np
import pytest
import traitlets
from matplotlib.text import Text

import gradwidgets as gw
from gradwidgets.calculus.misconceptions import CHOICES, MISTAKES
from gradwidgets.calculus.questions import QUESTIONS
from gradwidgets.calculus.score import SCORED
from gradwidgets.explorers.predict import AGAIN, FIRST
from gradwidgets.pictures.asked import BLUER, VERDICT, WAITS
from gradwidgets.pictures.palette import DARK, MAP_HIGH, MAP_LOW
from tests.explorers.face import Face
from tests.explorers.packets import carried

KINDS = {
    "tangent": gw.DerivativeExplorer,
    "gradient": gw.GradientExplorer,
    "kind": gw.CurvatureExplorer,
    "step": gw.DescentExplorer,
    "converges": gw.DescentExplorer,
    "rate": gw.DescentExplorer,
}
EVERY = pytest.mark.parametrize("kind", KINDS)


def asked(kind, **options):
    return KINDS[kind](predict=True, kinds=kind, **options)


def guess_of(explorer):
    """A guess that is not that of the beginning."""
    step = 1.0 if explorer.guess == (-1.0,) else 0.5
    return tuple(one + step for one in explorer.guess)


def answered(explorer):
    explorer.guess = guess_of(explorer)
    explorer.checked = explorer.question
    return explorer


# ── asking ───────────────────────────────────────────────────────────────────────────────────────


@EVERY
def test_it_asks_then_judges_and_asks_the_next(kind):
    explorer = asked(kind)
    question = explorer.scene.captions[0]
    assert question.count("?") >= 1
    assert explorer.scene.captions[1] == WAITS
    answered(explorer)
    row = int(explorer.scene[VERDICT][0])
    known = re.sub(r"\\{[^}]*\\}", ".*", re.escape(MISTAKES[kind][row].sentence))
    assert re.fullmatch(known, explorer.scene.captions[0])
    assert np.isfinite(explorer.scene[VERDICT][4 if kind in ("kind", "converges") else 3 :]).all()
    explorer.question = 2
    assert (explorer.checked, explorer.scene.captions[1]) == (0, WAITS)


@EVERY
def test_a_face_asks_and_answers_alike(kind):
    explorer = asked(kind)
    face = Face(explorer)
    controls = {f"guess {place}": one for place, one in enumerate(guess_of(explorer))}
    face.drag(**controls)
    face.drag(checked=1)
    assert explorer.guess == pytest.approx(tuple(controls.values()))
    assert len(explorer.score) == 1
    assert face.captions == explorer.scene.captions
    assert face.agrees()
    face.drag(question=2)
    assert (explorer.question, explorer.checked) == (2, 0)
    assert face.agrees()


@EVERY
def test_whoever_has_not_guessed_can_t_check(kind):
    explorer = asked(kind)
    face = Face(explorer)
    face.drag(checked=1)
    assert (explorer.checked, explorer.score) == (0, [])
    assert face.note == FIRST
    assert face.agrees()


@EVERY
@pytest.mark.parametrize("wrong", [[1.0] * 3, [], [float("nan")], ["up"], [-3.0, None]])
def test_what_is_no_guess_is_refused(kind, wrong):
    explorer = asked(kind)
    before = explorer.guess
    with pytest.raises(traitlets.TraitError):
        explorer.guess = wrong
    assert explorer.guess == before


@pytest.mark.parametrize(("kind", "wrong"), [("kind", 3), ("converges", 0.5), ("rate", -0.1)])
def test_a_choice_is_one_of_those_offered_and_a_rate_positive(kind, wrong):
    with pytest.raises(traitlets.TraitError, match="no guess at"):
        asked(kind).guess = (wrong,)


@EVERY
def test_a_checked_guess_stays_and_counts_once(kind):
    explorer = answered(asked(kind))
    before, face = explorer.guess, Face(explorer)
    with pytest.raises(traitlets.TraitError, match="is checked"):
        explorer.guess = tuple(one + 0.1 for one in before)
    face.tell(guess=[one + 0.1 for one in before])
    assert explorer.guess == before
    assert face.agrees()
    explorer.checked = 0
    explorer.checked = 1
    assert len(explorer.score) == 1
    explorer.question = 2
    explorer.question = 1
    answered(explorer)
    assert len(explorer.score) == 1


@EVERY
def test_a_seed_asks_a_class_the_same(kind):
    def told(seed):
        explorer = asked(kind, seed=seed)
        found = []
        for number in range(1, QUESTIONS + 1):
            explorer.question = number
            found.append((explorer.field.text, explorer.point, explorer.scene.captions[0]))
        return found

    assert told(3) == told(3)
    assert told(3) != told(4)


@EVERY
def test_it_can_be_turned_on_and_left(kind):
    explorer = KINDS[kind]()
    explorer.predict = True
    assert "?" in explorer.scene.captions[0]
    question = explorer.field
    explorer.predict = False
    assert explorer.field is question
    assert VERDICT not in explorer.scene.numbers
    explorer._reset()
    assert not explorer.predict


@EVERY
def test_one_press_turns_it_on_and_off(kind):
    explorer = KINDS[kind](question=2)
    face = Face(explorer)
    button = face.item("predict")
    assert (button["kind"], button["label"]) == ("toggle", "Predict")
    face.set("predict", True)
    assert "?" in face.captions[0]
    assert face.item("predict")["label"] == "Predict"
    assert face.agrees()
    face.set("predict", False)
    assert "?" not in face.captions[0]
    assert face.agrees()


# ── back to how it was opened ────────────────────────────────────────────────────────────────────


@EVERY
def test_reset_leads_to_the_question_and_guess_that_it_was_opened_with(kind):
    begun = guess_of(asked(kind, question=2))
    explorer = asked(kind, question=2, guess=begun)
    face, before = Face(explorer), explorer.scene.captions
    for number in (3, 4):
        explorer.question = number
        answered(explorer)
    face.reset()
    assert (explorer.question, explorer.checked, explorer.guess) == (2, 0, begun)
    assert explorer.scene.captions == before
    assert len(explorer.score) == 2
    assert face.agrees()


@EVERY
def test_reset_takes_a_guess_back(kind):
    explorer = answered(asked(kind, question=2))
    Face(explorer).reset()
    assert (explorer.question, explorer.checked) == (2, 0)
    assert explorer.guess == explorer._asked.start


@EVERY
@pytest.mark.parametrize("left", [True, False])
def test_reset_leads_out_of_questions_that_came_later(kind, left):
    explorer = KINDS[kind]()
    face, code, before = Face(explorer), explorer.code(), explorer._state()
    face.set("predict", True)
    face.drag(question=3)
    answered(explorer)
    if left:
        face.set("predict", False)
    face.reset()
    assert not explorer.predict
    assert explorer.code() == code
    assert {name: value for name, value in explorer._state().items() if value != before[name]} == {}
    assert face.agrees()


@EVERY
def test_reset_keeps_a_formula_hidden_and_undoes_a_zoom(kind):
    explorer = asked(kind, hide="formula", lock=True)
    face, domain, captions = Face(explorer), explorer.domain, explorer.scene.captions
    face.window(**{n: (low, (low + high) / 2) for n, (low, high) in domain.items()})
    answered(explorer)
    assert explorer.domain != domain
    face.reset()
    assert (explorer.domain, explorer.scene.captions) == (domain, captions)
    assert (explorer.formula, explorer.checked, explorer.lock) == ("", 0, True)
    assert face.agrees()


def test_where_nothing_can_be_asked_the_button_says_so_and_stays_as_it_was():
    explorer = gw.CurvatureExplorer("x*y", functions=["x + y"])
    face, before = Face(explorer), explorer.scene.captions
    face.set("predict", True)
    assert "no minimum, maximum or saddle" in face.note
    assert (explorer.predict, explorer.scene.captions) == (False, before)
    assert face.agrees()


ODD = {
    "three variables": lambda: gw.CurvatureExplorer("x*y*z + x**2"),
    "one variable": lambda: gw.DescentExplorer("x**2"),
    "a method": lambda: gw.DescentExplorer("valley", method="momentum", rate_map=True),
    "noise": lambda: gw.DescentExplorer("rosenbrock", method="adam", noise=0.1, seed=5),
    "a rate": lambda: gw.DescentExplorer("x**2 + 3*y**2", rate=0.01),
    "a domain": lambda: gw.DerivativeExplorer("sin(t)", domain=(0, 10)),
    "a callable": lambda: gw.GradientExplorer(lambda u, v: u * v if u > 0 else v),
}


@pytest.mark.parametrize("make", ODD.values(), ids=ODD)
def test_whatever_it_was_questions_come_and_reset_brings_it_back(make):
    explorer = make()
    face, before = Face(explorer), explorer._state()
    face.set("predict", True)
    face.drag(question=3)
    answered(explorer)
    face.window(**{n: (low, 0.6 * high + 0.4 * low) for n, (low, high) in explorer.domain.items()})
    assert explorer.checked == 3
    face.set("predict", False)
    assert not explorer.predict
    face.set("predict", True)
    face.reset()
    assert {name: value for name, value in explorer._state().items() if value != before[name]} == {}
    assert face.agrees()


def test_reset_after_questions_leads_to_what_was_typed_since():
    explorer = gw.GradientExplorer("x*y", predict=False)
    face = Face(explorer)
    face.set("predict", True)
    face.set("predict", False)
    face.type("x**2 + y")
    face.drag(x=0.5)
    face.reset()
    assert (explorer.field.text, explorer.predict) == ("x**2 + y", False)


@EVERY
def test_reset_takes_nothing_from_a_teacher(kind):
    explorer = KINDS[kind](predict=True, kinds=kind)
    explorer.question = 2
    explorer.lock, explorer.hide = True, "numbers"
    Face(explorer).reset()
    assert (explorer.lock, explorer.hide, explorer.predict) == (True, ("numbers",), True)
    assert explorer.question == 1
    explorer = KINDS[kind]()
    explorer.predict = True
    explorer.lock = True
    Face(explorer).reset()
    assert explorer.predict
    assert "?" in explorer.scene.captions[0]


@EVERY
def test_no_other_function_or_point_comes_between(kind):
    explorer = asked(kind)
    face, field, point = Face(explorer), explorer.field, explorer.point
    face.type("x + 3*x**2")
    face.tell(point=[0.1 for _ in point])
    face.do("example", key="bowl")
    explorer.field = "x**2" if len(point) == 1 else "x**2 + y**2"
    assert (explorer.field.text, explorer.formula) == (field.text, field.text)
    assert explorer.point == point
    assert explorer.scene.captions[1] == WAITS
    assert explorer.checked == 0


# ── nothing is given away ────────────────────────────────────────────────────────────────────────


def spellings(number):
    """How a number may be written: with all digits, with some."""
    if not np.isfinite(number) or abs(number - round(number, 2)) < 1e-9:
        return set()  # short numbers stand everywhere
    kept = {f"{number:.{digits}f}" for digits in (3, 4, 6)} | {f"{number:.{d}g}" for d in (4, 6)}
    return {re.sub(r"0+$", "", one.lstrip("-")) for one in kept | {repr(float(number))}}


def told_by(explorer):
    """All that an explorer tells in words or in JSON."""
    state = {n: v for n, v in explorer.get_state().items() if not isinstance(v, bytes | memoryview)}
    del state["_esm"], state["_css"]
    text = [json.dumps(state, ensure_ascii=False), repr(explorer), explorer.code()]
    text += [*explorer.scene.captions, repr(explorer.scene), explorer.to_html(script=False)]
    text += [words.get_text() for words in explorer.figure().findobj(Text)]
    return "\n".join(text)


@EVERY
@pytest.mark.parametrize("number", [1, 2, 3])
def test_nothing_tells_the_answer_before_it_is_checked(kind, number):
    explorer, other = asked(kind, question=number), answered(asked(kind, question=number))
    answer = np.split(other.scene[VERDICT][3:], 2)[0]
    secret = set().union(*map(spellings, answer))
    before, after = told_by(explorer), told_by(other)
    assert [one for one in secret if one in before] == []
    if secret:
        assert any(one in after for one in secret)  # the search can find them
    numbers = np.concatenate([np.ravel(part) for part in explorer.scene.numbers.values()])
    direction = answer / np.linalg.norm(answer) if len(answer) > 1 else ()
    told = (*answer, *direction)
    for one in filter(spellings, told):
        assert not np.isclose(numbers, one, rtol=1e-9).any()
    assert np.isnan(explorer.scene[VERDICT]).all()


@EVERY
def test_a_page_is_told_of_no_kind_of_answer(kind):
    explorer = asked(kind)
    face = Face(explorer)
    face.open("Score", "Second order by tapes")
    face.do("newton")
    face.do("film")
    assert set(explorer._parts) == {"score"}
    assert "arrows" not in json.dumps(explorer._form)
    assert explorer.checked == 0


@EVERY
def test_what_python_finds_waits_for_the_check(kind):
    explorer = asked(kind)
    finds = {
        gw.CurvatureExplorer: [lambda: explorer.critical_points, lambda: explorer.step("newton")],
        gw.DescentExplorer: [lambda: explorer.run],
    }.get(type(explorer), [])
    for find in finds:
        with pytest.raises(ValueError, match=FIRST):
            find()
    answered(explorer)
    if finds:
        assert len(finds[0]()) > 0
    explorer.predict = False
    if finds:
        assert len(finds[0]()) > 0


@EVERY
def test_no_film_leads_past_a_check(kind, tmp_path):
    explorer = asked(kind)
    explorer.guess = guess_of(explorer)
    for name in ("checked", "question"):
        with pytest.raises(ValueError, match=f"'{name}' is none of guess 0"):
            explorer.save(tmp_path / "film.gif", sweep=name)
    with pytest.raises(ValueError, match="nothing that moves"):
        explorer.save(tmp_path / "film.gif")
    assert explorer.score == []


@EVERY
@pytest.mark.parametrize("first", [True, False])
def test_no_linked_explorer_shows_what_is_asked_for(kind, first):
    quiz, beside = KINDS[kind](), KINDS[kind]()
    gw.link(*((quiz, beside) if first else (beside, quiz)))
    field, point, face = beside.field, beside.point, Face(quiz)
    face.set("predict", True)
    assert quiz.point != point or quiz.field is not field
    assert (beside.field, beside.point) == (field, point)
    assert quiz._joined == beside._joined == []
    before = quiz.guess = guess_of(quiz)
    beside.point = [one + 0.1 for one in point]
    beside.field = "x**2 + 1" if len(point) == 1 else "x**2 + y"
    assert (quiz.guess, quiz.predict) == (before, True)
    quiz.predict = False
    assert beside.field is quiz.field
    assert len(quiz._joined) == len(beside._joined) == 1


@EVERY
def test_a_page_that_is_saved_after_a_check_asks_all_the_same(kind, tmp_path):
    fresh, other = asked(kind), answered(asked(kind))
    explorer = asked(kind)
    answered(explorer)
    explorer.save(tmp_path / "page.html")
    page = (tmp_path / "page.html").read_text("utf-8")
    assert fresh.scene.captions[0] in html.unescape(page)
    assert other.scene.captions[0] not in html.unescape(page)
    traits = carried(explorer)["traits"]
    assert (traits["checked"], traits["guess"]) == (0, list(fresh.guess))
    assert explorer.checked == 1
    assert len(explorer.score) == 1


@pytest.mark.parametrize("kind", ["tangent", "gradient", "step"])
def test_a_window_changes_no_verdict(kind):
    explorer, zoomed = answered(asked(kind)), asked(kind)
    zoomed.domain = {n: (low, low + 0.9 * (high - low)) for n, (low, high) in zoomed.domain.items()}
    zoomed.guess = explorer.guess
    zoomed.checked = 1
    assert zoomed.scene[VERDICT].tolist() == explorer.scene[VERDICT].tolist()
    ranges = [[(c.low, c.high) for c in one._shown.controls] for one in (explorer, zoomed)]
    assert ranges[0] == ranges[1]


# ── the score ────────────────────────────────────────────────────────────────────────────────────


@EVERY
def test_a_record_tells_all_of_an_answer(kind):
    explorer = answered(asked(kind))
    (record,) = explorer.score
    assert tuple(record) == SCORED
    assert (record["question"], record["kind"]) == (1, kind)
    assert (record["function"], record["point"]) == (explorer.field.text, explorer.point)
    words = CHOICES.get(kind)
    told = record["guess"]
    if words:
        assert told == words[int(explorer.guess[0])]
    elif kind == "rate":
        assert told == explorer.guess
    else:  # an answer has its length, a guess is beside it
        assert np.linalg.norm(told) / np.linalg.norm(record["answer"]) == pytest.approx(
            record["length ratio"]
        )
    assert (
        record["mistake"] == ""
        if record["right"]
        else record["mistake"] in {row.key for row in MISTAKES[kind]}
    )
    table = explorer.score._repr_html_()
    assert table.count("<tr>") == 2
    assert f"{explorer.score.right} of 1 right" in table


def test_a_second_answer_is_told_that_the_first_one_counts():
    explorer = answered(asked("gradient", seed=2))
    face, record = Face(explorer), dict(explorer.score[0])
    assert face.note == ""
    face.drag(question=2)
    face.drag(question=1)
    assert (explorer.checked, face.note) == (0, "")
    question = explorer._asked
    arrow = question.scale * question.field.gradient(question.point)
    explorer.guess = tuple(np.add(question.point, arrow))
    face.drag(checked=1)
    assert explorer.scene.captions[0].startswith("Right")
    assert (face.note, face.seen["_news"]) == (AGAIN, AGAIN)
    assert explorer.score == [record]
    face.drag(question=2)
    assert face.note == ""
    assert face.agrees()


@pytest.mark.parametrize("kind", CHOICES)
def test_a_choice_rests_while_its_question_is_checked(kind):
    explorer = asked(kind, question=2)
    (item,) = [one for one in Face(explorer).items if one.get("label") == "Answer"]
    assert item["rests"] == {"at": {"trait": "checked"}, "value": 2}


def test_a_right_gradient_is_called_right():
    explorer = asked("gradient")
    question = explorer._asked
    arrow = question.scale * question.field.gradient(question.point)
    explorer.guess = tuple(np.add(question.point, arrow))
    explorer.checked = 1
    (record,) = explorer.score
    assert record["right"]
    assert record["angle error"] == pytest.approx(0, abs=1e-9)
    assert record["length ratio"] == pytest.approx(1)
    assert record["guess"] == pytest.approx(record["answer"])
    assert record["answer"] == pytest.approx(tuple(question.field.gradient(question.point)))


# ── a teacher's say ──────────────────────────────────────────────────────────────────────────────


def test_a_source_is_what_is_asked_about():
    explorer = gw.GradientExplorer("x**2 + 3*y**2", predict=True)
    for number in (1, 2, 3):
        explorer.question = number
        assert explorer.field.text == "x**2 + 3*y**2"


def test_functions_can_be_set_later():
    explorer = asked("gradient")
    explorer.functions = ["x*y + y**2", lambda x, y: x**2 + 3 * y**2]
    assert explorer.functions[0] == "x*y + y**2"
    with pytest.raises(ValueError, match="variables"):
        explorer.functions = "x**2*z*w"
    with pytest.raises(gw.FormulaError):
        explorer.functions = ["x +"]
    assert len(explorer.functions) == 2


@pytest.mark.parametrize(("name", "value"), [("kinds", "speed"), ("hide", ["all"]), ("kinds", 3)])
def test_what_is_no_kind_is_refused(name, value):
    with pytest.raises((traitlets.TraitError, TypeError)):
        gw.GradientExplorer(predict=True, **{name: value})


def test_no_page_may_set_what_is_a_teacher_s():
    explorer = asked("gradient", lock=True)
    face = Face(explorer)
    face.tell(lock=False)
    face.tell(functions=["x"], kinds=["step"], hide=[])
    face.tell(predict=False)
    assert (explorer.lock, explorer.predict, explorer.functions) == (True, True, ())
    assert "stays on" in face.note
    explorer.lock = False
    explorer.predict = False
    assert "?" not in explorer.scene.captions[0]


def test_locked_questions_show_no_way_out():
    explorer = asked("gradient", lock=True)
    assert [page["title"] for page in explorer._form["pages"]] == ["Score"]
    assert not Face(explorer).has("predict")
    assert Face(asked("gradient")).item("predict")["kind"] == "toggle"


def test_a_hidden_formula_is_told_nowhere():
    explorer = gw.GradientExplorer("x**2 + 3*y**2", predict=True, hide="formula")
    told = told_by(answered(explorer))
    assert "3*y" not in told
    assert "3 y" not in told
    assert explorer.score[0]["function"] == "f"
    explorer.predict = False
    assert "3*y" not in told_by(explorer)


@pytest.mark.parametrize("kind", ["gradient", "step"])
def test_without_numbers_the_direction_alone_counts(kind):
    explorer = asked(kind, hide="numbers")
    assert "its length does not count" in explorer.scene.captions[0]
    question = explorer._asked
    sign = 1 if kind == "gradient" else -1
    arrow = 0.3 * sign * question.scale * question.field.gradient(question.point)
    explorer.guess = tuple(np.add(question.point, arrow))
    explorer.checked = 1
    assert explorer.score[0]["right"]
    assert explorer.score[0]["length ratio"] is None
    assert explorer.scene.captions[1] == "Off by 0°."


@EVERY
def test_hidden_numbers_stand_on_no_curve_and_beside_no_guess(kind):
    explorer, seen = asked(kind, hide=["numbers"]), asked(kind)

    def words(explorer):
        return [words.get_text() for words in explorer.figure().findobj(Text)]

    assert explorer.scene.captions[1:] == [WAITS]
    label = {"guess label"} & explorer.scene.numbers.keys()
    assert [explorer.scene.text(name) for name in label] == ["" for _ in label]
    panel = explorer.scene.panels[0]
    assert panel.terrain is None or (panel.terrain.silent and panel.contours.silent)
    assert len(words(explorer)) < len(words(seen)) or panel.terrain is None
    assert explorer.code().endswith("hide=('numbers',))")


@EVERY
def test_where_no_number_tells_which_way_is_up_the_question_does(kind):
    silent, seen = asked(kind, hide=["formula", "numbers"]), asked(kind)
    has_map = silent.scene.panels[0].terrain is not None
    assert silent.scene.captions[0].endswith(BLUER) == has_map
    assert BLUER not in seen.scene.captions[0]


def test_in_every_theme_a_map_is_bluer_where_f_is_higher():
    for low, high in ((MAP_LOW, MAP_HIGH), (DARK[MAP_LOW], DARK[MAP_HIGH])):
        strengths = []
        for color in (low, high):
            red, green, blue = (int(color[k : k + 2], 16) for k in (1, 3, 5))
            assert blue > max(red, green)
            strengths.append(blue - red)
        assert strengths[1] > strengths[0] + 40


def test_a_line_of_code_asks_the_same_again():
    explorer = asked("gradient", seed=4, question=3)
    explorer.guess = guess_of(explorer)
    other = eval(explorer.code(), {"gw": gw})
    assert other.scene.captions == explorer.scene.captions
    assert (other.guess, other.point) == (explorer.guess, explorer.point)
