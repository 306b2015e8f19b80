"""In the fog: the way is the state, and nothing tells of the landscape until it is lifted."""

import json
import re

import numpy as np
import pytest
import traitlets

import gradwidgets as gw
from gradwidgets.calculus.field import ScalarField
from gradwidgets.explorers.fog import FogExplorer, opened, sealed
from gradwidgets.pictures.fog import MOST
from tests.explorers.face import Face
from tests.explorers.views import again, assert_same_view

HIDDEN = "17*x**2 + 23*y**4"


@pytest.fixture
def explorer():
    return gw.task("fog", HIDDEN, point=(1, 2))


def listed(state):
    """All of a state that is no code of ours, and no bytes."""
    ours = ("_esm", "_css")
    return json.dumps(
        {n: v for n, v in state.items() if n not in ours and not isinstance(v, bytes)}, default=str
    )


def test_each_step_is_kept_and_told():
    face = Face(gw.task("fog", HIDDEN, point=(1, 2)))
    start = face.captions[0]
    face.drag(x=0.5, y=1)
    assert face.captions[0] == start
    face.push("Step there")
    assert face.captions[0].startswith("Step 1 of 40: f = 27.3 here")
    face.drag(x=0)
    face.push("Step there")
    explorer = face.explorer
    assert explorer.places.tolist() == [[1, 2], [0.5, 1], [0, 1]]
    assert explorer.task[1:] == (False, 2, face.captions[0])
    assert face.agrees()


def test_python_steps_as_the_button_does(explorer):
    face = Face(gw.task("fog", HIDDEN, point=(1, 2)))
    face.drag(x=0.5, y=1)
    face.push("Step there")
    explorer.step(0.5, 1)
    assert (explorer.walked, explorer.point) == (face.explorer.walked, face.explorer.point)
    for _ in range(MOST + 5):
        explorer.step()
    assert explorer.task.tries == MOST
    assert len(explorer.places) == MOST + 1


def test_nothing_tells_of_the_landscape(explorer):
    explorer.point = (0.3, -0.7)
    figure = explorer.figure().findobj(lambda part: hasattr(part, "get_text"))
    told = [
        listed(explorer.get_state()),
        explorer.code(),
        explorer.link("page.html"),
        repr(explorer),
        str(explorer.task),
        *explorer.scene.captions,
        explorer._page().split("data-gw=")[0],
        explorer.to_iframe().split("data-gw=")[0],
        *(part.get_text() for part in figure),
    ]
    assert "f = 385 here" in str(told)  # where she is
    for text in told:
        assert not re.search(r"x\*\*2|x\^2|17\s?x|7\.05|31\.5|31\.6", text), text
    assert (explorer._terrain, explorer._grid) == (b"", b"")


def test_a_page_shows_no_formula_until_it_is_awake(explorer):
    page = explorer.to_html(script=False)
    assert "x**2" not in page
    assert "<title>In the fog" in explorer._page()


def test_nobody_types_another_landscape(explorer):
    Face(explorer).type("x*y")
    assert (explorer.field.text, explorer.formula) == (HIDDEN, "")
    assert not Face(explorer).examples


def test_lifted_shows_all(explorer):
    explorer.step(0, 1)
    face = Face(explorer)
    face.set("lifted", True)
    assert explorer.formula == HIDDEN
    assert explorer.scene.panel("map").terrain is not None
    assert explorer.task.done
    assert "gradient descent" in face.captions[1]
    assert "Step there" not in {item.get("label") for item in face.items}
    face.reset()
    assert (explorer.lifted, explorer.formula, explorer.task.tries) == (False, "", 0)


def test_a_class_with_one_seed_starts_at_one_place_of_one_landscape():
    one, two = (gw.task("fog", seed=5) for _ in range(2))
    assert (one.field.text, one.point) == (two.field.text, two.point)
    others = {(task.field.text, task.point) for task in (gw.task("fog", seed=k) for k in range(9))}
    assert len(others) == 9


def test_a_line_of_code_makes_it_again_as_it_stands(explorer):
    for made in (explorer, gw.task("fog", seed=5)):
        made.step(0.5, 0.5)
        assert_same_view(made, again(made))
        made.lifted = True
        assert_same_view(made, again(made))


def test_the_code_of_a_callable_has_its_name_alone():
    def loss(x, y):
        return x**2 + y**2

    explorer = gw.task("fog", loss)
    assert_same_view(explorer, again(explorer, loss=loss))
    nameless = gw.task("fog", lambda x, y: 3 * x**2 + y**2).code()
    assert nameless.startswith("f = ...  # the hidden function of x, y\ngw.task('fog', f, ")
    assert "x**2" not in nameless


def test_a_callable_that_branches_is_walked_by_python():
    def bent(x, y):
        return x**2 + y**2 if x > 0 else y**2

    explorer = gw.task("fog", bent, point=(1, 1))
    assert explorer._replays is None
    face = Face(explorer)
    explorer.step(-1, 2)
    assert face.numbers["course"][3] == 4
    explorer.lifted = True
    assert "You came down to f = 2.00" in explorer.scene.captions[1]


def test_what_is_sealed_can_be_opened_and_is_not_read():
    field = ScalarField("a*b", {"a": (0, 2)}, ("a", "b", "c"))
    line = sealed(field)
    assert "a*b" not in line
    assert (opened(line).text, opened(line).domain) == ("a*b", field.domain)
    with pytest.raises(ValueError, match="not whole"):
        opened(line[:-9])
    assert opened("x*y") == "x*y"


@pytest.mark.parametrize(
    "wild",
    [
        (1.5, 0.0, 0.0, 0.0, 0.0),
        (-1.0, 0.0, 0.0),
        (2.0, 0.0, 0.0),
        (1e9, 0.0, 0.0),
        (0.0, float("nan"), 0.0),
        tuple([0.0] * 200),
        "way",
        None,
    ],
)
def test_an_impossible_way_is_refused(explorer, wild):
    before = explorer.walked
    with pytest.raises(traitlets.TraitError):
        explorer.walked = wild
    assert explorer.walked == before


def test_a_link_tells_the_way_so_far(explorer):
    explorer.step(0, 1)
    told = explorer.link(["https://example.org/fog.html", "old"][0])
    assert told == (
        "https://example.org/fog.html#x=0&y=1&walk+steps=1&walk+x0=1&walk+y0=2&walk+x1=0&walk+y1=1"
    )


def test_another_function_begins_a_way_of_its_own(explorer):
    explorer.step(0, 1)
    explorer.field = "x**2 + y"
    assert explorer.places.tolist() == [list(explorer.point)]


def test_three_variables_are_refused():
    with pytest.raises(ValueError, match="two variables"):
        FogExplorer("x*y*z")


def test_the_method_begins_where_she_began(explorer):
    explorer.step(0, 1)
    explorer.lifted = True
    assert explorer.scene["method"][0].tolist() == [1, 2]
    assert np.isfinite(explorer.scene["method"][1]).all()


def test_another_function_is_not_the_seed_s_any_more():
    explorer = gw.task("fog", seed=5)
    explorer.domain = {"x": (-1, 1)}
    assert_same_view(explorer, again(explorer))
    explorer.field = "x*y"
    assert "fog:" in explorer.code()


def test_where_the_page_has_no_numbers_it_asks_for_the_step():
    face = Face(gw.task("fog", lambda x, y: x**2 + (y**2 if y > 0 else -y), point=(1, 2)))
    assert not face.explorer._program
    face.drag(x=0, y=1)
    face.push("Step there")
    assert face.explorer.places.tolist() == [[1, 2], [0, 1]]
    assert face.agrees()
