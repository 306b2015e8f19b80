"""The curvature explorer: its steps, its controls, its parts, and second order by tapes."""

import re

import numpy as np
import pytest
import traitlets

import gradwidgets as gw
from gradwidgets import CurvatureExplorer, ScalarField, catalog
from gradwidgets.explorers import curvature
from gradwidgets.pictures.curvature import EVERY
from gradwidgets.pictures.palette import MODEL
from tests.explorers.face import Face

BOWL = "x**2 + 10*y**2"


@pytest.fixture
def explorer():
    return CurvatureExplorer(BOWL, point=(1, 2))


@pytest.fixture
def face(explorer):
    return Face(explorer)


TITLES = {"newton": "Newton step", "gradient": "gradient step"}


def press(explorer, name):
    Face(explorer).push(TITLES[name])


# ── steps ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("take", [press, CurvatureExplorer.step], ids=["button", "python"])
def test_newton_s_step_moves_the_point_where_the_model_is_critical(take, computed):
    explorer = CurvatureExplorer(catalog["himmelblau"].field, point=(2.5, 1.0))
    gradient, hessian = (getattr(explorer.field, d)((2.5, 1.0)) for d in ("gradient", "hessian"))
    tip = explorer.scene["newton step"][2:]
    computed.clear()
    take(explorer, "newton")
    assert explorer.point == pytest.approx((2.5, 1.0) - np.linalg.solve(hessian, gradient))
    assert explorer.point == pytest.approx(tip, abs=1e-12)
    assert len(computed) == 0  # it is known where, and the browser shows it


def test_one_step_solves_a_quadratic_and_then_there_is_none_left(explorer):
    press(explorer, "newton")
    assert explorer.point == (0.0, 0.0)
    press(explorer, "newton")
    assert explorer.point == (0.0, 0.0)
    assert explorer.note == ""


def test_seven_steps_from_rosenbrock_s_start():
    explorer = CurvatureExplorer(catalog["rosenbrock"].field, point=(-1.2, 1))
    taken = 0
    while np.linalg.norm(explorer.field.gradient(explorer.point)) > 1e-10 and taken < 20:
        explorer.domain = {"y": (-4, 4)}  # the second step leads far out
        explorer.step("newton")
        taken += 1
    assert taken <= 7
    assert explorer.point == pytest.approx((1, 1))


def test_the_gradient_step_moves_against_the_gradient(explorer):
    explorer.rate = 0.02
    press(explorer, "gradient")
    assert explorer.point == pytest.approx((1 - 0.02 * 2, 2 - 0.02 * 40))


def test_the_exact_gradient_step_is_taken_as_it_is_drawn(explorer):
    explorer.exact = True
    tip = explorer.scene["gradient step"][2:].copy()
    press(explorer, "gradient")
    assert explorer.point == pytest.approx(tip)


@pytest.mark.parametrize(
    ("source", "point", "name", "words"),
    [
        ("exp(-x**2 - y**2)", (0.8, 0.4), "newton", "The Newton step leads to (2.13, 1.07)"),
        (BOWL, (1, 2), "gradient", "The gradient step leads to (−1.00, −38.0), outside of the"),
        ("x**2", (1, 1), "newton", "There is no Newton step: H is singular."),
        ("3*x + 4*y", (1, 1), "newton", "There is no Newton step: H is 0."),
        ("x**4 + y**4", (0, 0), "newton", "There is no Newton step: H is singular."),
        ("log(x) + y**2", (0.9, 1), "gradient", "leads to (−0.211, −1.00), where f is undefined."),
    ],
)
def test_a_step_that_can_t_be_taken_is_told_and_the_point_stays(source, point, name, words):
    domain = {"x": (-2, 2), "y": (-2, 2)}
    explorer = CurvatureExplorer(source, point=point, domain=domain, rate=1.0)
    press(explorer, name)
    assert explorer.point == tuple(map(float, point))
    assert words in explorer.note
    with pytest.raises(ValueError, match=re.escape(words)):
        explorer.step(name)
    Face(explorer).drag(x=0.5)
    assert explorer.note == ""


def test_where_f_has_no_hessian_there_is_no_step():
    explorer = CurvatureExplorer("log(x) + y**2", point=(-1, 1))
    press(explorer, "newton")
    assert explorer.note == "There is no Newton step: f is not smooth here."


def test_steps_that_are_not_shown_can_still_be_taken():
    explorer = CurvatureExplorer(BOWL, point=(1, 2), show=("slice",))
    assert not Face(explorer).has("Newton step")
    explorer.step("newton")
    assert explorer.point == (0.0, 0.0)


def test_all_variables_take_the_step():
    explorer = CurvatureExplorer("x**2 + 2*y**2 + 3*z**2 + x*y", point=(1, -1, 0.5))
    explorer.step("newton")
    assert explorer.point == pytest.approx((0, 0, 0), abs=1e-12)


# ── controls ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "change", [{"angle": 120.0}, {"h": 0.2}, {"rate": 0.02}, {"x": 0.5, "y": 0.25}], ids=str
)
def test_a_control_moves_everything_in_the_browser(explorer, face, change, computed, presented):
    presented.clear()
    computed.clear()
    face.drag(**change)
    assert (computed, presented) == ([], [])
    values = dict(zip("xy", explorer.point, strict=True))
    values |= {name: getattr(explorer, name) for name in ("angle", "h", "rate")}
    assert {name: values[name] for name in change} == change
    assert face.captions == list(explorer.scene.captions)


def test_a_dragged_point_is_all_that_is_sent(face):
    face.drag(x=0.5, y=0.25)
    assert (face.updates, face.echoes) == ([], [{"point", "_heard"}])
    assert face.agrees()


IMPOSSIBLE = [
    *(("angle", value) for value in (-1, 361, float("nan"))),
    *(("rate", value) for value in (0, -1.0, float("nan"))),
    *(("h", value) for value in (0, -1, float("inf"))),
    ("show", ("nothing",)),
    ("exact", "no"),
]


def test_an_impossible_option_is_refused(explorer):
    for name, value in IMPOSSIBLE:
        before = getattr(explorer, name)
        with pytest.raises(traitlets.TraitError):
            setattr(explorer, name, value)
        assert getattr(explorer, name) == before, (name, value)
        with pytest.raises(traitlets.TraitError):
            CurvatureExplorer(BOWL, **{name: value})


def test_h_stays_within_what_the_map_can_show(explorer):
    explorer.h = 100.0
    assert explorer.h == pytest.approx(0.3 * 6)
    explorer.domain = {"x": (-1, 2), "y": (-1, 2)}
    assert explorer.h == pytest.approx(0.3 * 3)
    control = Face(explorer).control("h")
    assert (control["low"], control["high"]) == pytest.approx((0.9e-3, 0.9))


def test_another_function_brings_alpha_and_h_that_suit_it(explorer, face):
    face.choose("rosenbrock")
    assert explorer.rate == 0.0005
    assert explorer.h == pytest.approx(0.24)
    explorer.rate = 0.01
    face.reset()
    assert explorer.rate == 0.0005


def test_alpha_and_h_that_were_asked_for_are_kept():
    explorer = CurvatureExplorer(BOWL, rate=0.3, h=0.5)
    assert (explorer.rate, explorer.h) == (0.3, 0.5)
    explorer.point = (1, 1)
    assert (explorer.rate, explorer.h) == (0.3, 0.5)


def suiting():
    return [name for name, example in catalog.items() if 2 <= len(example.variables) <= 6]


def test_the_menu_offers_what_has_two_variables_or_more(face):
    assert face.examples == suiting()


# ── parts ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("part", EVERY)
def test_a_part_and_its_box_are_one(explorer, face, part):
    assert [key for key, _ in face.item("show")["options"]] == list(EVERY)
    face.set("show", [name for name in EVERY if name != part])
    assert explorer.show == tuple(name for name in EVERY if name != part)
    explorer.show = EVERY[::-1]
    assert explorer.show == EVERY
    assert face.agrees()
    panels = {panel.name for panel in explorer.scene.panels}
    assert panels == {"map", "matrix", "directions", "slice", "errors", "image"}


def test_the_box_for_the_exact_step_and_the_option_are_one(explorer, face):
    face.set("exact", True)
    assert explorer.exact is True
    explorer.exact = False
    assert face.seen["exact"] is False


# ── critical points ──────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def searched(monkeypatch):
    """The fields in which critical points were looked for."""
    fields, search = [], curvature.critical_points

    def listening(field):
        fields.append(field)
        return search(field)

    monkeypatch.setattr(curvature, "critical_points", listening)
    curvature._critical_points.cache_clear()  # what earlier tests have found
    return fields


def test_they_are_looked_for_once_for_a_function_and_a_domain(searched):
    explorer = CurvatureExplorer(BOWL, point=(1, 2))
    assert [one.kind for one in explorer.critical_points] == ["minimum"]
    Face(explorer).drag(x=0.5)
    explorer.step("newton")
    explorer.exact = True
    explorer.show = ("model", "critical points")
    assert len(searched) == 1
    explorer.domain = {"x": (1, 2)}
    assert explorer.critical_points == ()
    assert len(searched) == 2


def test_they_are_not_looked_for_where_nobody_wants_to_see_them(searched):
    CurvatureExplorer(BOWL, show=("model",))
    assert searched == []


def test_what_a_callable_reads_may_change(searched):
    scale = 1.0

    def bowl(x, y):
        return scale * (x**2 + y**2)

    explorer = CurvatureExplorer(bowl, point=(1, 1))
    assert [one.kind for one in explorer.critical_points] == ["minimum"]
    scale = -1.0
    assert [one.kind for one in explorer.critical_points] == ["maximum"]
    assert len(searched) == 2


# ── second order by tapes ────────────────────────────────────────────────────────────────────────


TAPES = "Second order by tapes"


def cells(face):
    """The rows of the page's two tables, as text."""
    lines = re.findall(r"<tr>(.*?)</tr>", face.parts.get("tapes", ""))
    return [re.findall(r">([^<>]*)</t[dh]>", line) for line in lines]


def test_the_page_is_written_when_it_is_opened(face):
    assert TAPES in face.titles
    assert face.parts == {}
    face.drag(y=1.9)
    assert face.parts == {}
    face.drag(y=2.0)
    face.open(TAPES)
    assert ["∂²f/∂x²", "2.0", "2.0", ""] in cells(face)
    assert ["∂²f/∂x∂y", "0.0", "None", "df/dx = 2 does not depend on y"] in cells(face)
    assert ["∂f/∂y", "40.0", "40.0", ""] in cells(face)


def test_it_follows_the_point_while_it_is_open(face):
    face.open(TAPES)
    face.drag(y=1.5)
    assert ["∂f/∂y", "30.0", "30.0", ""] in cells(face)
    face.tell(_open=[])
    face.drag(y=1.0)
    assert ["∂f/∂y", "30.0", "30.0", ""] in cells(face)


def test_the_line_of_the_lesson_has_its_none(face):
    face.open(TAPES)
    assert ["∂y/∂w = x", "2.0", ""] in cells(face)
    assert ["∂²y/∂w²", "None", "dy/dw = x does not depend on w"] in cells(face)


def test_the_code_on_the_page_gives_the_number_of_the_page():
    explorer = CurvatureExplorer(catalog["himmelblau"].field, point=(1.0, 2.0))
    code = curvature.tapes_code(explorer.field, explorer.point)
    *lines, last = code.splitlines()
    names = {"gw": gw}
    exec("\n".join(lines), names)
    wanted = explorer.field.hessian((1.0, 2.0))[0, 1]
    assert float(eval(last, names)) == pytest.approx(wanted)


def test_what_the_tapes_can_t_follow_is_told():
    assert "can't follow f here" in curvature.tapes_page(ScalarField("x*y*z"), (1.0, 2.0))
    assert curvature.tapes_page(ScalarField(lambda x, y: x * y), (1.0, 2.0)).count("<table>") == 2


# ── other sources ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("source", ["x**2", "5", ScalarField("x**2")])
def test_a_function_of_fewer_variables_is_a_surface_over_two(source):
    explorer = CurvatureExplorer(source, point=(1, 2))
    assert explorer.field.variables == ("x", "y")


def test_a_callable_that_branches_is_shown_too():
    def patchy(x, y):
        if x > 2:
            raise ArithmeticError("nothing beyond 2")
        return x**2 + 10 * y**2 if x > 0 else 3 * x + 10 * y**2

    explorer = CurvatureExplorer(patchy, point=(1, 2))
    assert explorer.scene["entry 1 1"][5] == 20
    assert [one.point for one in explorer.critical_points if one.kind == "minimum"] == []


def test_linked_explorers_share_function_and_point(explorer):
    other = gw.GradientExplorer("x*y", point=(0.5, 0.5))
    together = gw.link(explorer, other)
    explorer.step("newton")
    assert other.point == (0.0, 0.0)
    other.field = "x**2 - y**2"
    assert explorer.field.text == "x**2 - y**2"
    together.unlink()


# ── the surface ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("view", ["surface", "both"])
def test_the_surface_has_the_second_order_model(view, computed):
    explorer = CurvatureExplorer("x**2 + 10*y**2", point=(1, 2), view=view)
    names = [panel.name for panel in explorer.scene.panels]
    assert "surface" in names
    assert ("map" in names) == (view == "both")
    model = next(mark for mark in explorer.scene.marks if mark.name == "surface model")
    assert model.color == MODEL
    computed.clear()
    Face(explorer).drag(azimuth=20, elevation=40)
    assert (explorer.azimuth, explorer.elevation) == (20, 40)
    assert computed == []
    explorer.step("newton")
    assert explorer.point == (0.0, 0.0)


def test_with_three_variables_there_is_no_surface():
    explorer = CurvatureExplorer("x*y + z**2", view="both")
    assert "surface" not in [panel.name for panel in explorer.scene.panels]
