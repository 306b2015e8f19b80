"""The tape explorer: roles, calls and their answers, the two passes, programs typed by hand."""

import asyncio
import html
import re

import ipywidgets as ipw
import numpy as np
import pytest
import traitlets
from autograd import grad

import gradwidgets as gw
from gradwidgets import TapeExplorer
from gradwidgets.calculus.formula import FormulaError
from gradwidgets.calculus.programs import TAPE_EXAMPLES
from gradwidgets.explorers import cells
from gradwidgets.explorers.soon import MOMENT
from gradwidgets.pictures.tape import tape_picture
from gradwidgets.pictures.terrain import controls
from tests.explorers.face import Face

NEURON = "z = w*x + b\ny = tanh(z)\nloss = (y - t)^2"
PLACE = {"b": 0.1, "t": 0.7, "w": -0.3, "x": 2.0}


@pytest.fixture
def product():
    roles = {"w": "constant", "x": "constant"}
    return TapeExplorer("y = x*w", point=(1, 2), sources=("w",), roles=roles)


@pytest.fixture
def neuron():
    return TapeExplorer(NEURON, point=tuple(PLACE.values()), sources=("w", "b"))


def told(explorer):
    return explorer._parts["told"]


# ── roles and calls ──────────────────────────────────────────────────────────────────────────────


def test_a_constant_has_none_and_a_reason_and_a_watched_one_a_number(product):
    assert product.answer.found == (None,)
    assert "w gets None: w was not watched: call tape.watch(w)" in told(product)
    Face(product).set("w", "watched")
    assert product.roles["w"] == "watched"
    assert product.answer.found == (2.0,)
    assert ">2.0</code>" in told(product)
    product.roles = {"w": "variable"}
    assert product.roles == {"w": "variable", "x": "watched"}
    assert "w = gw.Variable(1.0" in told(product)


def test_the_second_call_is_an_error_that_says_what_to_do(product):
    product.roles = {"w": "watched", "x": "constant"}
    product.ask()
    assert told(product).count("gw-result") == 1
    product.ask()
    assert told(product).count("gw-result") == 1
    assert "RuntimeError" in told(product)
    assert "persistent=True" in told(product)


def test_a_persistent_tape_answers_every_time(product):
    product.roles = {"w": "watched", "x": "constant"}
    Face(product).set("persistent", True)
    for _ in range(5):
        product.ask()
    assert told(product).count("gw-result") == 3
    assert "2 earlier calls" in told(product)
    assert "error" not in told(product)


@pytest.mark.parametrize(
    ("name", "value"), [("point", (3.0, 2.0)), ("roles", {"w": "variable", "x": "constant"})]
)
def test_a_change_runs_the_program_anew_on_a_fresh_tape(product, name, value):
    product.roles = {"w": "watched", "x": "constant"}
    product.ask()
    product.ask()
    setattr(product, name, value)
    assert "RuntimeError" not in told(product)


def test_target_and_sources_are_chosen(neuron):
    face = Face(neuron)
    face.set("target", "y")
    assert neuron.target == "y"
    assert neuron.answer.found == pytest.approx(
        [2 * (1 - np.tanh(-0.5) ** 2), 1 - np.tanh(-0.5) ** 2]
    )
    offered = [name for name, _ in face.item("sources")["options"]]
    assert offered == ["b", "t", "w", "x", "z", "loss"]
    face.set("sources", ["b", "z"])
    assert neuron.sources == ("b", "z")
    assert neuron.answer.found == pytest.approx([1 - np.tanh(-0.5) ** 2] * 2)
    assert face.agrees()


def test_without_sources_all_inputs_are_asked_for(neuron):
    neuron.sources = ()
    assert neuron.sources == ("b", "t", "w", "x")


def test_a_second_tape_gives_second_derivatives():
    explorer = TapeExplorer("y = x*w^3", point=(2, 5), inner="w")
    assert explorer.answer.found == pytest.approx((60.0, 12.0))
    assert explorer.lesson.asked == "dy_dw"
    assert "dy_dw = tape.gradient(y, w)" in told(explorer)
    assert "outer.gradient(dy_dw, [w, x])" in told(explorer)


def test_the_line_of_the_lesson():
    explorer = TapeExplorer("y = x*w + b", point=(0.5, 2, 3), inner="w")
    assert explorer.answer.found == (None, None, 1.0)
    assert "does not depend on w" in explorer.answer.reasons[1]
    assert explorer.scene.captions[0].startswith("∂dy_dw/∂b is None, ∂dy_dw/∂w is None")


def test_an_inner_derivative_that_is_none_is_explained():
    roles = {"w": "constant", "x": "watched"}
    explorer = TapeExplorer("y = x*w", roles=roles, inner="w")
    assert "dy_dw is None" in explorer.answer.error
    assert "w was not watched" in told(explorer)


# ── the two passes ───────────────────────────────────────────────────────────────────────────────


def test_forward_and_backward_one_step_at_a_time(product):
    product.roles = {"w": "watched", "x": "constant"}
    assert product.step == -1
    product.forward()
    assert product.step == 1
    assert product.scene.captions[0] == "Forward 1 of 1: y = x × w = 2.00 × 1.00 = 2.00."
    product.backward()
    assert product.scene.captions[0] == "The backward pass begins with ∂y/∂y = 1."
    product.backward()
    assert "∂(u·v)/∂v = u, here 2.00" in product.scene.captions[0]
    product.backward()
    assert product.step == -1
    assert product.scene.captions[0] == "∂y/∂w = 2.00."
    product.backward()
    assert product.step == 2  # anew
    Face(product).drag(step=0)
    assert product.scene.captions[0].startswith("Before the forward pass")


def test_the_last_step_is_the_end_in_every_program(neuron):
    face, last = Face(neuron), Face(neuron).control("step")["high"]
    neuron.step = 4
    assert face.values["step"] == 4
    face.drag(step=last)
    assert (neuron.step, face.values["step"]) == (-1, last)
    face.type("y = x*w")
    assert face.values["step"] == face.control("step")["high"] < last


def test_buttons_walk_in_the_browser_as_python_does(neuron):
    face = Face(neuron)
    for name, walk in (("forward", neuron.forward), ("backward", neuron.backward)):
        item = face.item(name)
        for before in range(int(face.control("step")["high"]) + 1):
            face.drag(step=before)
            walk()
            within = item["from"] <= before < item["to"]
            there = before + 1 if within else item["from"] + 1
            assert face.values["step"] == there


def test_a_gesture_is_answered_in_the_browser_and_paints_nothing(neuron, computed, presented):
    face = Face(neuron)
    computed.clear()
    presented.clear()
    face.drag(w=0.5)
    assert (computed, presented) == ([], [])
    assert neuron.values["w"] == 0.5
    assert face.captions == list(neuron.scene.captions)
    assert "w = gw.constant(0.5" in face.parts["told"]


def test_where_a_loop_runs_the_words_follow_a_drag_in_a_moment(neuron):
    face = Face(neuron)

    async def drag():
        for w in (0.5, 0.6, 0.7):
            face.drag(w=w)
        assert face.updates == []
        await asyncio.sleep(2 * MOMENT)
        assert face.updates == [{"_parts"}]

    asyncio.run(drag())
    assert "w = gw.constant(0.7" in face.parts["told"]
    neuron.roles = {"w": "variable"}
    assert "w = gw.Variable(0.7" in face.parts["told"]


@pytest.mark.parametrize(
    "state",
    [
        {"point": [float("nan"), 1, 1, 1], "step": float("inf")},
        {"point": [1, 2]},
        {"step": "three"},
        {"step": -7},
        {"point": 3},
        {"roles": {"w": "wached"}},
        {"roles": [1, 2]},
        {"sources": ["nothing"]},
        {"sources": [[]]},
        {"inner": 3},
        {"program": "x"},
        {},
    ],
    ids=str,
)
def test_hostile_gestures_change_nothing(neuron, state):
    before = neuron.code()
    neuron.set_state({**state, "_tick": 1.0})
    assert neuron.code() == before


# ── programs ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("key", TAPE_EXAMPLES)
def test_every_example_opens_and_answers_what_autograd_does(key):
    explorer, example = TapeExplorer("y = x"), TAPE_EXAMPLES[key]
    Face(explorer).choose(key)
    assert explorer.point == example.start
    assert explorer.formula == example.text
    lesson = explorer.lesson
    names = lesson.program.inputs

    def target(*values):
        return lesson.program.run(dict(zip(names, values, strict=True)))[lesson.target]

    function = grad(target, names.index(lesson.inner)) if lesson.inner else target
    for name, found in zip(lesson.sources, explorer.answer.found, strict=True):
        if found is not None:
            assert found == grad(function, names.index(name))(*explorer.point)
    assert Face(explorer).message == ""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("y = x*w +", "Something is missing"),
        ("y = __import__('os').system('id')", "can&#x27;t be read"),
        ("y = 3", "no input"),
        ("y = log(-1 - x*x)", "no finite value"),
        ("y = a+b+c+d+p+q+r+s+t", "at most 8"),
    ],
)
def test_a_bad_program_keeps_the_last_good_picture(neuron, text, said):
    face, before = Face(neuron), neuron.scene
    face.type(text)
    assert said in face.message
    assert neuron.scene is before
    assert neuron.program.text == NEURON
    assert neuron.formula == text  # nothing that was typed is lost
    face.type("y = x*w")
    assert face.message == ""


def test_inputs_that_stay_keep_their_values(neuron):
    Face(neuron).type("y = w*x + q")
    assert neuron.values == {"q": 1.0, "w": -0.3, "x": 2.0}


@pytest.mark.parametrize(
    "source",
    ["x*w", gw.ScalarField("x*w"), lambda w, x: x * w, gw.ScalarField(lambda w, x: x * w)],
)
def test_it_takes_text_fields_and_callables(source):
    explorer = TapeExplorer(source, point=(2, 3))
    assert explorer.answer.found == (3.0, 2.0)
    explorer.point = (1, 2.5)
    assert explorer.answer.found == (2.5, 1.0)


def test_a_callable_that_branches_is_followed_on_both_paths():
    explorer = TapeExplorer(lambda x: x * x if x > 0 else -x, point=(2,))
    assert explorer.answer.found == (4.0,)
    explorer.point = (-2,)
    assert explorer.answer.found == (-1.0,)
    assert explorer.scene.captions[0] == "∂f/∂x = −1.00."


def test_a_change_of_what_a_callable_reads_is_noticed_after_a_cell():
    scale = 2.0
    explorer = TapeExplorer(lambda x: scale * x, point=(1,))
    assert explorer.scene.captions[0] == "∂f/∂x = 2.00."
    scale = 5.0
    cells.look_again()
    assert explorer.scene.captions[0] == "∂f/∂x = 5.00."
    assert ">5.0</code>" in told(explorer)


PATHS = {  # of b, w, x, by how each differs from the one before
    "first": lambda b, w, x: x * w + b,
    "wiring": lambda b, w, x: x * b + w,  # the same operations
    "operands": lambda b, w, x: b + x * w,
    "operations": lambda b, w, x: x * x * w * b,
    "a number": lambda b, w, x: x * w * b * 2,
    "another number": lambda b, w, x: x * w * b * 2.5,
}


def test_another_path_looks_like_one_that_was_opened_there():
    paths = list(PATHS.values())
    turns = range(1, len(paths))

    def chosen(b, w, x):
        return paths[sum(bool(x > turn) for turn in turns)](b, w, x)

    moved = TapeExplorer(chosen, point=(2, 3, 0.5), domain={"x": (0, 6)})
    for turn, path in zip(turns, paths[1:], strict=True):
        moved.point = (2, 3, turn + 0.5)
        fresh = tape_picture(moved.lesson, moved.values, controls(moved.field))
        scene = fresh.scene((*moved.point, fresh.controls[-1].high))
        assert moved.answer.found == tuple(
            grad(path, axis)(2.0, 3.0, turn + 0.5) for axis in (0, 1, 2)
        )
        assert moved.scene.captions == scene.captions
        for mark in scene.marks:
            if mark.name.startswith(("symbol", "value", "adjoint")):
                assert moved.scene.text(mark.name) == scene.text(mark.name)


def square(x):
    return x * x


@pytest.mark.parametrize("source", [square, gw.ScalarField(square, domain={"x": (0, 9)})])
def test_the_code_of_a_callable_uses_its_name(source):
    explorer = TapeExplorer(source, point=(2,))
    again = eval(explorer.code(), {"gw": gw, "square": square})
    assert again.answer.found == (4.0,)
    assert again.field.domain == explorer.field.domain
    assert again.scene.captions == explorer.scene.captions
    assert again.code() == explorer.code()


@pytest.mark.parametrize("compare", ["", "x"])
def test_where_there_is_no_value_it_tells_nan_and_comes_back(compare):
    explorer = TapeExplorer("y = log(x)", point=(1,), compare=compare)
    Face(explorer).drag(x=-1.0)
    assert explorer.point == (-1.0,)
    assert explorer.note == ""
    assert "constant(-1.0" in told(explorer)
    assert len(explorer.answer.found) == 1  # autograd's −1: the logarithm's value is what is lost
    explorer.point = (2.0,)
    assert explorer.answer.found == (0.5,)


@pytest.mark.parametrize("key", TAPE_EXAMPLES)
def test_every_example_is_traced_and_its_code_makes_it_again(key):
    explorer = TapeExplorer("y = x")
    Face(explorer).choose(key)
    picture = explorer._shown
    for row in np.random.default_rng(1).uniform(-2, 2, (3, len(explorer.point))):
        for step in range(int(picture.controls[-1].high) + 1):
            traced = picture.replayed.numbers(*row, float(step))
            plain = picture.replayed.plain(*row, float(step))
            for one, other in zip(traced, plain, strict=True):
                np.testing.assert_allclose(np.asarray(one, float), np.asarray(other, float), 1e-12)
    assert picture.replayed.why == ""
    again = eval(explorer.code(), {"gw": gw})
    assert again.answer == explorer.answer
    assert again.scene.captions == explorer.scene.captions


def test_nonsense_is_refused():
    with pytest.raises(FormulaError):
        TapeExplorer("y = ")
    with pytest.raises(TypeError, match="no option"):
        TapeExplorer("y = x", speed=3)
    with pytest.raises(traitlets.TraitError, match="a role is one of"):
        TapeExplorer("y = x", roles={"x": "wached"})


# ── agreement ────────────────────────────────────────────────────────────────────────────────────


def test_four_ways_to_one_derivative(neuron):
    neuron.compare = "w"
    neuron.own = "2*(y - t)*(1 - y^2)*x"
    found = neuron.agreement
    assert found.tape == found.autograd
    assert found.central == pytest.approx(found.autograd, rel=1e-8)
    assert found.own == pytest.approx(found.autograd, rel=1e-12)
    assert "your formula" in neuron._parts["ways"]
    neuron.h = 1e-13
    assert abs(neuron.agreement.central - found.autograd) > 1e-6


def test_a_bad_formula_of_one_s_own_is_told_under_its_box(neuron):
    neuron.compare = "w"
    face = Face(neuron)
    face.set("own", "2*q")
    assert "“q” has no value here" in face.parts["wrong"]
    assert "your formula" not in face.parts["ways"]
    face.set("own", "")
    assert face.parts["wrong"] == ""


def test_other_ways_have_inputs_while_there_is_something_to_compare(neuron):
    face = Face(neuron)
    assert not face.has("own")
    face.set("compare", "w")
    assert face.item("own")["label"] == "∂loss/∂w ="
    face.drag(h=1e-3)
    assert "h = 0.001" in face.parts["ways"]
    face.set("compare", "")
    assert not face.has("own")
    assert "ways" not in face.parts


def test_where_the_tape_gives_none_the_others_give_the_number(product):
    product.compare = "w"
    found = product.agreement
    assert (found.tape, found.autograd) == (None, 2.0)
    assert "The tape gives None: w was not watched" in product._parts["ways"]


# ── like every explorer ──────────────────────────────────────────────────────────────────────────


def test_code_makes_the_view_again(neuron):
    neuron.step, neuron.compare = 3, "w"
    again = eval(neuron.code(), {"gw": gw})
    for name in ("point", "roles", "sources", "target", "step", "compare"):
        assert getattr(again, name) == getattr(neuron, name)
    assert again.scene.captions == neuron.scene.captions


def test_reset_returns_to_the_opening(neuron):
    neuron.roles = {**neuron.roles, "w": "constant"}
    neuron.point = (0, 0, 0, 0)
    Face(neuron).reset()
    assert neuron.values == PLACE
    assert neuron.roles["w"] == "watched"


def test_it_lives_beside_other_explorers():
    tape, map_ = TapeExplorer("y = x*w", point=(1, 2)), gw.GradientExplorer("x*y")
    together = gw.link(tape, map_)
    tape.point = (2, 1)
    assert map_.point == (2, 1)
    together.unlink()


def test_close_leaves_no_widget():
    before = set(ipw.widgets.widget._instances)
    explorer = TapeExplorer(NEURON, compare="w")
    explorer.formula = "y = x*w"
    explorer.close()
    assert set(ipw.widgets.widget._instances) == before


def test_it_can_be_saved(neuron, tmp_path):
    neuron.save(tmp_path / "tape.png")
    assert (tmp_path / "tape.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("target", "zz"),
        ("sources", ("w", "zz")),
        ("inner", "y"),
        ("inner", "zz"),
        ("compare", "zz"),
        ("roles", {"zz": "constant"}),
        ("roles", {"y": "watched"}),
    ],
)
def test_a_name_that_the_program_does_not_have_is_refused(option, value):
    explorer = TapeExplorer("y = x*w")
    before = explorer.code()
    with pytest.raises(ValueError, match=f"{option} names '(zz|y)', which is none of w, x"):
        setattr(explorer, option, value)
    assert explorer.code() == before
    with pytest.raises(ValueError, match=f"{option} names"):
        TapeExplorer("y = x*w", **{option: value})


def test_names_that_another_program_has_left_are_dropped():
    explorer = TapeExplorer(
        "y = x*w", roles={"w": "constant"}, sources=("w",), inner="w", compare="w", target="y"
    )
    explorer.field = "z = x*x"
    assert (explorer.roles, explorer.sources, explorer.target) == ({"x": "watched"}, ("x",), "z")
    assert (explorer.inner, explorer.compare) == ("", "")


def test_the_last_line_and_all_inputs_stay_asked_for_in_another_program():
    explorer = TapeExplorer("y = x*w")
    explorer.field = "y = x*w\nloss = (y - t)^2"
    assert (explorer.target, explorer.sources) == ("loss", ("t", "w", "x"))
    explorer.formula = "y = x*w + b"
    assert (explorer.target, explorer.sources) == ("y", ("b", "w", "x"))
    explorer.target, explorer.sources = "x", ("w",)  # what was chosen otherwise stays
    explorer.field = "y = x*w\nz = y*y"
    assert (explorer.target, explorer.sources) == ("x", ("w",))


PROGRAMS = {  # and the sentence at the end, for a target, an inner tape and constants
    "x alone": ("x", {}, "x", "∂f/∂x = 1.00. f is x, by another name."),
    "another name": (
        "y = x\nz = y*w",
        {"target": "y"},
        "x",
        "∂y/∂w is None, ∂y/∂x = 1.00. y is x,",
    ),
    "its source": (
        "y = x\nz = y*w",
        {"sources": ("y", "w")},
        "",
        "∂z/∂y = 2.00, ∂z/∂w = 3.00. y is x, by another name.",
    ),
    "no inner derivative": (
        "y = x*w",
        {"inner": "w"},
        "w",
        "dy_dw is None, and None has no derivative: w was not watched",
    ),
    "a factor of the same name": (
        "a = x*x\ny = a*w*w",
        {"inner": "w", "sources": ("a",)},
        "",
        "∂dy_dw/∂a = 4.00.",
    ),
    "a number": (
        "a = 3\ny = a*x",
        {"target": "a", "sources": ("a", "x")},
        "",
        "∂a/∂a = 1.00, ∂a/∂x is",
    ),
}


@pytest.mark.parametrize("case", PROGRAMS)
def test_the_caption_says_what_the_tape_answers(case):
    text, options, constants, said = PROGRAMS[case]
    roles = dict.fromkeys(constants, "constant")
    point = {name: value for name, value in {"w": 2.0, "x": 3.0}.items() if name in text}
    explorer = TapeExplorer(text, point=point, roles=roles, **options)
    assert explorer.scene.captions[0].startswith(said)
    numbers = [f"{part:.2f}" if part is not None else "is None" for part in explorer.answer.found]
    assert all(number in explorer.scene.captions[0] for number in numbers)


def test_the_code_that_is_shown_runs_and_answers_the_same():
    explorer = TapeExplorer("a = 3\nb = +x\ny = a*b^2", point=(2.0,), sources=("a", "b", "x"))
    known = {"gw": gw}
    exec(html.unescape(re.search("<pre>(.*?)</pre>", told(explorer), re.DOTALL)[1]), known)
    found = known["tape"].gradient(known["y"], [known["a"], known["b"], known["x"]])
    assert found[0] is explorer.answer.found[0] is None
    assert tuple(map(float, found[1:])) == explorer.answer.found[1:] == (12.0, 12.0)


def test_other_ways_to_a_derivative_mean_the_same_by_every_name():
    explorer = TapeExplorer("y = x\nz = y*x", point=(3,), sources=("y",), compare="y")
    assert explorer.agreement.autograd == explorer.agreement.tape == 6.0
    assert explorer.agreement.central == pytest.approx(6.0)
    with pytest.raises(ValueError, match="compare names 'y', which is none of w, x"):
        TapeExplorer("y = exp(w)*x", inner="w", sources=("y", "w"), compare="y")
