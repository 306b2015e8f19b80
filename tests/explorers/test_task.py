"""Tasks: what they ask for, how they are checked, and how they are handed on as they stand."""

import json
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
import traitlets

import gradwidgets as gw
from gradwidgets.calculus.tasks import KINDS
from gradwidgets.explorers.task import EXPLORERS
from gradwidgets.rendering.packing import unpacked
from tests.explorers.face import Face
from tests.explorers.packets import carried
from tests.explorers.views import again, assert_same_view

SENTENCE = "Put the point where the slope along x is 0"


def own(condition, **more):
    return gw.task(SENTENCE, condition, field="x**2 + y**2", point=(1, 1), **more)


@pytest.mark.parametrize("name", KINDS)
def test_every_kind_opens_unsolved_and_can_be_checked(name):
    for seed in range(4):
        task = gw.task(name, seed=seed)
        face = Face(task)
        assert task.task[1:] == (False, 0, "Not checked yet.")
        assert {"kind": "label", "text": task.task.text} in face.items
        face.push("Check")
        assert (task.task.done, task.task.tries) == (False, 1)
        assert face.captions[0] == task.task.found
        assert task.task.found.startswith("Check 1: ")
        assert "yes" not in task.task.found
        assert face.agrees()
        task.close()


def test_one_of_several_is_drawn_by_the_seed():
    names = ["saddle", "level curve", "zig-zag"]
    drawn = [gw.task(names, seed=seed).task.text for seed in range(12)]
    assert drawn == [gw.task(names, seed=seed).task.text for seed in range(12)]
    assert len({text.split()[0] for text in drawn}) == 2  # typed ones, and an α


def test_the_browser_checks_by_itself(presented):
    task = gw.task("flat one way", "x**2 + y**2", seed=1, point=(1, 1))
    face = Face(task)
    assert task.task.text == "Put the point where ∂f/∂y = 0 and ∂f/∂x > 0."
    presented.clear()
    face.push("Check")
    assert face.captions[0] == "Check 1: not yet. ∂f/∂y is 2.00 there, and should be 0."
    face.drag(x=0.5, y=0.01)
    assert face.captions[0] == "Changed since check 1: press Check again."
    face.push("Check")
    assert face.captions[0].startswith("Check 2: yes. ∂f/∂y is 0 there")
    assert task.task[1:3] == (True, 2)
    face.drag(x=2)
    face.push("Check")
    assert task.task[1:3] == (True, 3)
    assert presented == []


def test_a_function_is_typed():
    task = gw.task("direction", seed=1)
    assert (task.point, task.asked.numbers) == ((2.0, -2.0), (2.0, -2.0, 180.0))
    face = Face(task)
    face.type("x**2 + y")
    face.push("Check")
    assert face.captions[0].startswith(
        "Check 1: not yet. The gradient at (2, −2) points toward 14°"
    )
    face.type("5")
    assert face.captions[0] == "Changed since check 1: press Check again."
    face.push("Check")
    assert face.captions[0] == "Check 2: not yet. The gradient at (2, −2) is 0, and points nowhere."
    face.type("-x*(1 + ")
    assert "alert" in face.message
    assert (task.task.tries, task.field.text) == (2, "5")
    face.type("log(-x)")
    face.push("Check")
    assert face.captions[0].startswith("Check 3: f is undefined at (2, −2)")
    face.type("u*v - u*u*u")
    face.push("Check")
    assert face.captions[0].startswith("Check 4: not yet")
    face.type("-x")
    face.push("Check")
    assert task.task == (*task.task[:1], True, 5, face.captions[0])
    face.reset()
    assert task.task[1:] == (False, 0, "Not checked yet.")


def test_a_given_function_is_not_typed_over():
    for name, fixed in (("no minimum", True), ("zig-zag", True), ("saddle", False)):
        face = Face(gw.task(name, seed=2))
        assert bool(face.seen["_form"]["text"].get("why")) == fixed
        assert not face.examples


@pytest.mark.parametrize(("rate", "done"), [(0.09, True), (0.03, False), (0.4, False)])
def test_an_alpha_is_chosen(rate, done):
    face = Face(gw.task("zig-zag", "x**2 + 10*y**2", point=(1.5, 0.5)))
    face.drag(rate=rate)
    face.push("Check")
    assert face.explorer.task.done == done
    face.drag(step=5)  # only looks at another step
    assert face.captions[0].startswith("Check 1: ")
    face.drag(x=1)
    assert face.captions[0].startswith("Changed since check 1")


def test_another_window_leaves_what_was_found():
    face = Face(gw.task("steepest", seed=1))
    face.push("Check")
    told = face.captions[0]
    face.window(x=(-1, 1), y=(-1, 1))
    assert face.captions[0] == told


def test_python_checks_as_the_button_does():
    one, two = (gw.task("saddle", seed=1) for _ in range(2))
    for task in (one, two):
        task.field = "(x - 1)*(y - 2)"
    Face(two).push("Check")
    assert one.check()
    assert one.tried == two.tried
    assert one.task == two.task


# ── a sentence of a teacher's own ────────────────────────────────────────────────────────────────


def test_a_condition_is_checked_by_python():
    task = own(lambda at: abs(at.gradient[0]) < 1e-2)
    face = Face(task)
    assert task.task.text == SENTENCE
    face.push("Check")
    assert face.captions[0] == "Check 1: not yet."
    face.drag(x=0)
    assert face.captions[0].startswith("Changed since check 1")
    face.push("Check")
    assert face.captions[0] == "Check 2: yes."
    assert (task.task.done, task.task.tries) == (True, 2)


def test_a_condition_says_what_is_missing():
    face = Face(own(lambda at: at.value < 1 or f"f is still {at.value:g}"))
    face.push("Check")
    assert (face.captions[0], face.note) == ("Check 1: not yet.", "f is still 2")
    assert not face.explorer.task.done


def test_a_condition_that_fails_is_told_and_counts_as_no_try():
    face = Face(own(lambda at: at.nothing))
    before = face.explorer.tried
    face.push("Check")
    assert face.note.startswith("The task’s own check failed: AttributeError: ")
    assert face.explorer.task.tries == 0
    with pytest.raises(ValueError, match="own check failed") as told:
        face.explorer.check()
    assert isinstance(told.value.__cause__, AttributeError)
    assert face.explorer.tried == before
    assert face.agrees()


@pytest.mark.parametrize("answer", [(False, "go left"), None, 1, 0.0, [], np.array([True])])
def test_a_condition_that_answers_neither_yes_nor_no_is_told(answer):
    face = Face(own(lambda at: answer))
    face.push("Check")
    assert "must return True, False or a text" in face.note
    assert repr(answer) in face.note
    assert face.explorer.task[1:3] == (False, 0)


@pytest.mark.parametrize("answer", [True, False])
def test_a_truth_of_numpy_is_one(answer):
    assert own(lambda at: np.bool_(answer)).check() == answer


def test_what_is_missing_is_known_as_long_as_the_check_stands():
    task = own(lambda at: at.value < 1 or f"f is still {at.value:g}")
    task.check()
    assert task.task.found == "Check 1: not yet. f is still 2"
    task.point = (0.5, 1)
    assert task.task.found == "Changed since check 1: press Check again."
    task.point = (1, 1)
    assert task.task.found == "Check 1: not yet. f is still 2"
    task.point = (0, 0)
    assert task.check()
    assert task.task.found == "Check 2: yes."
    task._reset()
    assert task.task.found == "Not checked yet."


def test_a_formula_that_can_t_be_read_is_not_checked():
    for task in (gw.task("saddle", seed=7), own(lambda at: True)):
        face = Face(task)
        face.type("(x+1)**2-(y+2")
        face.push("Check")
        assert face.note == "First mend the formula: it can’t be read."
        assert face.captions[0] == "Not checked yet."
        assert "alert" in face.message
        with pytest.raises(ValueError, match="mend"):
            task.check()
        assert task.task.tries == 0
        face.type("(x+1)**2-(y+2)**2")
        assert face.note == ""
        face.push("Check")
        assert face.captions[0].startswith("Check 1: ")
        assert task.task.tries == 1


def test_a_condition_sees_what_there_is_to_see():
    seen = []

    def notes(at):
        seen.append(at)
        return True

    task = gw.task("Anything.", notes, explorer="descent", field="x**2 + y**2", rate=0.1)
    task.check()
    (at,) = seen
    assert (at.field, at.point, at.rate) == (task.field, task.point, 0.1)
    assert at.run.points[1].tolist() == pytest.approx([0.8 * number for number in task.point])
    assert at.verdict == at.run.verdict


@pytest.mark.parametrize("explorer", EXPLORERS)
def test_a_sentence_goes_with_every_explorer(explorer):
    task = gw.task("Anything.", lambda at: at.point[0] > 0, explorer=explorer)
    assert task.check() == (task.point[0] > 0)
    assert len(task.tried) == 3 + len(task.field.variables) + (explorer == "descent")
    task.field = "x**2"
    task.check()
    assert task.task.tries == 2


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        (lambda: gw.task("sadle"), "'sadle'"),
        (lambda: gw.task("Do this."), "no kind of task .* and fog.* takes its condition"),
        (lambda: gw.task([]), "one of the kinds .*, fog"),
        (lambda: gw.task(None), "one of the kinds .* or a sentence of your own .*; None is"),
        (lambda: gw.task(["saddle", 3]), "3] is neither"),
        (lambda: gw.task("Do this.", lambda at: True, explorer="race"), "not in 'race'"),
        (lambda: gw.task("no minimum", "x*y*z"), "two variables"),
    ],
)
def test_what_there_is_not_is_refused(wanted, said):
    with pytest.raises(ValueError, match=said):
        wanted()


# ── state ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("wild", [[1e999], ["a"], "abc", 5, None, [0] * 40, [[1]]])
def test_what_a_client_makes_up_is_refused(wild):
    task = gw.task("saddle", seed=1)
    before = task.tried
    Face(task).tell(tried=wild if wild != [1e999] else [10**400])
    assert task.tried == before


def test_a_client_can_t_ask_for_something_else():
    task = gw.task("saddle", seed=1)
    asked = task.asked
    Face(task).tell(asked="anything")
    assert task.asked is asked
    with pytest.raises(traitlets.TraitError, match=r"gw\.task"):
        task.asked = "anything"


def is_high(at):
    return at.value > 1


def solved(task, **values):
    for name, value in values.items():
        setattr(task, name, value)
    task.check()
    return task


MADE = {
    "found": lambda: solved(gw.task("flat one way", seed=3), point=(0.5, 0.25)),
    "typed": lambda: solved(gw.task("saddle", seed=1), field="(x - 1)*(y - 2)"),
    "alpha": lambda: solved(gw.task("zig-zag", seed=2), rate=0.09),
    "own": lambda: solved(own(is_high)),
    "of one's own": lambda: solved(gw.task("no minimum", "x**2 - y**4")),
    "fresh": lambda: gw.task("valley", seed=1),
}


@pytest.mark.parametrize("name", MADE)
def test_a_line_of_code_makes_it_again_as_it_stands(name):
    task = MADE[name]()
    other = again(task, is_high=is_high)
    assert_same_view(task, other)
    assert other.task == task.task
    assert other.asked.text == task.asked.text


def test_the_code_of_a_drawn_function_does_not_repeat_it():
    assert gw.task("zig-zag", seed=1).code() == "gw.task('zig-zag', seed=1, point=(1.5, 0.5))"


def test_a_link_tells_point_and_checks():
    task = MADE["alpha"]()
    parts = urlsplit(task.link("https://example.org/task.html"))
    told = {name: float(values[0]) for name, values in parse_qs(parts.fragment).items()}
    assert parts.path == "/task.html"
    assert told["rate"] == told["task rate"] == 0.09
    assert told["task tries"] == 1
    assert set(told) == {control.name for control in task._shown.controls}


def test_a_page_carries_a_task_as_it_stands():
    task = MADE["found"]()
    assert carried(task)["traits"]["tried"] == list(task.tried)
    assert task.tried[0] == 1


@pytest.mark.parametrize("name", MADE)
def test_what_is_saved_of_a_task_is_as_it_stands(name):
    task = MADE[name]()
    parts = unpacked(task._packet_now())
    place = json.loads(parts[0])["functions"][0]["traits"]["tried"]
    assert json.loads(parts[place]) == list(task.tried)


def test_a_page_says_where_python_must_check():
    own_task = own(lambda at: True)
    assert "Python" in own_task._parts_alone()["alone"]
    assert "alone" not in gw.task("steepest", seed=1)._parts_alone()


def test_numbers_of_a_check_are_those_of_the_controls():
    task = MADE["found"]()
    assert task.tried[:3] == (1, 0, 1)
    assert np.array(task.tried[3:]).tolist() == list(task.point)


@pytest.mark.parametrize("name", KINDS)
def test_a_task_asks_for_nothing_else(name):
    traits = {item.get("at", {}).get("trait") for item in Face(gw.task(name)).items}
    assert not traits & {"predict", "asked", "tried"}


def test_the_seed_of_noise_is_not_that_of_the_task():
    task = gw.task("zig-zag", seed=4)
    task.noise, task.seed = 0.5, 9
    assert again(task).asked == task.asked


def test_a_point_is_looked_for_on_the_function_that_is_asked_about():
    explorer = gw.task("flat one way", seed=1)
    before, formula = explorer.field, explorer.formula
    with pytest.raises(ValueError, match="function"):
        explorer.formula = "0*x + 0*y"
    assert explorer.field is before
    explorer._reset()
    assert (explorer.field, explorer.formula) == (before, formula)
    explorer.close()
