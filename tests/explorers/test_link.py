"""Linked explorers: one function, one point, one new picture each."""

import gc
import weakref

import pytest

from gradwidgets import GradientExplorer, PartialsExplorer, ScalarField, link
from tests.explorers.face import Face

BOWL = "x**2 + 10*y**2"


@pytest.fixture
def pair():
    one, other = GradientExplorer(BOWL, point=(1, 2)), PartialsExplorer("x*y", point=(0, 0))
    return one, other, link(one, other)


def together(*explorers):
    """Whether all show the first one's function at the first one's point."""
    first = explorers[0]
    return all(
        (e.field.text, e.point, e.domain) == (first.field.text, first.point, first.domain)
        and e.scene["point"].tolist() == list(first.point)
        for e in explorers
    )


def test_the_first_one_gives_function_and_point(pair):
    one, other, _ = pair
    assert (one.field.text, one.point) == (BOWL, (1.0, 2.0))
    assert together(one, other)


@pytest.mark.parametrize("source", [0, 1])
@pytest.mark.parametrize(
    "act",
    [
        lambda f: setattr(f.explorer, "point", (0.5, -0.5)),
        lambda f: f.drag(x=0.5, y=-0.5),
        lambda f: f.tell(point=[0.5, -0.5]),
    ],
    ids=["python", "drag", "jslink"],
)
def test_the_point_goes_both_ways_and_nothing_is_computed(pair, source, act, computed, presented):
    faces = one, other = Face(pair[0]), Face(pair[1])
    computed.clear(), presented.clear()
    act(faces[source])
    assert one.explorer.point == other.explorer.point == (0.5, -0.5)
    assert (computed, presented) == ([], [])
    assert one.agrees()
    assert other.agrees()
    assert together(*pair[:2])


@pytest.mark.parametrize("source", [0, 1])
@pytest.mark.parametrize(
    "act",
    [
        lambda f: setattr(f.explorer, "field", "sin(x)*y"),
        lambda f: setattr(f.explorer, "field", "a*b"),
        lambda f: f.type("sin(x)*y"),
        lambda f: f.type("a*b"),
        lambda f: f.choose("monkey saddle"),
        lambda f: setattr(f.explorer, "domain", {"x": (0, 5)}),
        lambda f: setattr(f.explorer, "domain", {"x": (-0.5, 0.5)}),
        lambda f: setattr(f.explorer, "field", lambda x, y: x - y),
    ],
    ids=["text", "names", "typed", "typed names", "chosen", "domain", "narrow", "callable"],
)
def test_the_function_goes_both_ways_and_each_tells_one_picture(
    pair, source, act, computed, presented
):
    faces = Face(pair[0]), Face(pair[1])
    computed.clear(), presented.clear()
    act(faces[source])
    assert (computed, len(presented)) == ([], 2)
    assert together(*pair[:2])
    assert faces[0].agrees()
    assert faces[1].agrees()


def test_a_point_goes_along_where_the_first_had_other_variables():
    one, other = GradientExplorer("a*b", point=(2, -1)), PartialsExplorer("x*y", point=(0, 0))
    link(one, other)
    assert together(one, other)
    assert other.point == (2.0, -1.0)


def test_different_domains_become_the_first_one_s():
    one = GradientExplorer(BOWL, domain={"x": (0, 10)}, point=(9, 1))
    other = PartialsExplorer(BOWL, domain={"x": (-2, 2)}, point=(1, 1))
    link(one, other)
    assert other.domain["x"] == (0.0, 10.0)
    assert together(one, other)


def test_three_explorers_move_as_one():
    three = [kind(BOWL) for kind in (GradientExplorer, PartialsExplorer, GradientExplorer)]
    link(*three)
    for place, explorer in enumerate(three):
        explorer.point = (0.25 * place, -1)
        assert together(*three)
        assert three[0].point == (0.25 * place, -1.0)


def test_a_function_shared_before_is_shared_again(pair):
    one, other, _ = pair
    bowl = one.field
    other.field = "x*y"
    one.field = bowl
    assert together(one, other)
    assert other.field.text == BOWL


def test_options_stay_each_one_s_own(pair):
    one = pair[0]
    one.angle, one.arrows = 90.0, False
    twin = GradientExplorer(BOWL)
    link(one, twin)
    assert (twin.angle, twin.arrows) == (30.0, True)


# ── a function that not all can show ─────────────────────────────────────────────────────────────


def test_who_can_not_show_a_function_keeps_its_own_and_says_why(pair):
    one, other, _ = pair
    face = Face(one)
    other.field = "x*y*z"
    assert other.field.text == "x*y*z"
    assert (one.field.text, one.point) == (BOWL, (1.0, 2.0))
    assert "needs two variables" in face.message
    other.field = "a - b"
    assert face.message == ""
    assert together(one, other)


def test_who_can_not_show_a_function_is_not_asked_again_at_every_move(pair, presented):
    one, other, _ = pair
    face = Face(one)
    other.field = "x*y*z"
    face.type("x +")
    said = face.message
    presented.clear()
    Face(other).drag(x=0.5)
    assert face.message == said
    assert presented == []


def test_a_bad_function_reaches_nobody_else(pair, computed):
    one, other, _ = pair
    computed.clear()
    with pytest.raises(ValueError, match="needs two variables"):
        one.field = "x*y*z"
    assert computed == []
    assert (one.field.text, other.field.text) == (BOWL, BOWL)
    assert together(one, other)


def test_a_function_of_one_variable_is_shared_as_a_surface(presented):
    one = PartialsExplorer(ScalarField("x**2", {"x": (0, 10)}), point=7)
    other = GradientExplorer(BOWL)
    link(one, other)
    assert other.field.text == "x**2"
    assert other.domain["x"] == (0.0, 10.0)
    presented.clear()
    one.point = (4,)
    assert presented == []  # the function is still the same


# ── the end of a link ────────────────────────────────────────────────────────────────────────────


def test_after_unlinking_each_goes_its_own_way(pair):
    one, other, linked = pair
    linked.unlink()
    one.point = (0, 0)
    other.field = "x - y"
    assert (one.point, one.field.text) == ((0.0, 0.0), BOWL)
    assert (other.point, other.field.text) == ((1.0, 2.0), "x - y")
    linked.unlink()  # twice is harmless


def test_a_link_can_be_ended_after_one_of_its_explorers(pair):
    one, other, linked = pair
    one.close()
    linked.unlink()
    other.point = (0.5, 0.5)
    assert other.scene["point"].tolist() == [0.5, 0.5]


def test_a_closed_explorer_does_not_stop_the_others(pair):
    one, other, _ = pair
    third = GradientExplorer(BOWL)
    link(other, third)
    one.close()
    other.point = (0.5, 0.5)
    assert together(other, third)


def test_a_link_keeps_no_closed_explorer_alive():
    one, other = GradientExplorer(BOWL), PartialsExplorer(BOWL)
    link(one, other).unlink()
    gone = weakref.ref(one)
    one.close()
    del one
    gc.collect()
    assert gone() is None


# ── what the browser follows ─────────────────────────────────────────────────────────────────────


def partners(face):
    return {entry["model"] for entry in face.seen["_joined"] if entry.get("point")}


def named(*explorers):
    return {f"IPY_MODEL_{explorer.model_id}" for explorer in explorers}


def test_the_browser_is_told_whose_points_are_one():
    three = [kind(BOWL) for kind in (GradientExplorer, PartialsExplorer, GradientExplorer)]
    faces, linked = [Face(explorer) for explorer in three], link(*three)
    for face in faces:
        assert partners(face) == named(*three) - named(face.explorer)
    linked.unlink()
    assert [face.seen["_joined"] for face in faces] == [[], [], []]


def test_only_while_they_show_one_function(pair):
    one, other, _ = pair
    face, slider = Face(one), one.slider("x")
    assert partners(face) == named(other)
    other.field = "x*y*z"
    assert partners(face) == set()
    assert face.seen["_joined"] == [{"model": f"IPY_MODEL_{slider.model_id}", "control": "x"}]
    other.field = "a - b"
    assert partners(face) == named(other)
    other.close()
    one.point = (0, 0)
    assert partners(face) == set()


def test_python_says_nothing_of_a_point_that_the_browser_follows(pair):
    one, other = Face(pair[0]), Face(pair[1])
    one.tell(_following=True), other.tell(_following=True)
    one.clear(), other.clear()
    one.drag(x=0.5)
    assert pair[1].point == (0.5, 2.0)
    assert other.messages == []
    other.explorer.close()
    one.clear()


def test_what_is_moved_on_the_way_is_told_all_the_same(pair):
    one, other = Face(pair[0]), Face(pair[1])
    one.tell(_following=True), other.tell(_following=True)
    one.explorer.domain = {"x": (-1, 1)}
    assert other.explorer.point == one.explorer.point == (1.0, 2.0)
    other.clear()
    other.tell(point=[9, 2])
    assert one.explorer.point == other.explorer.point == (1.0, 2.0)
    assert other.agrees()


def test_without_a_browser_that_follows_python_tells_the_point(pair):
    one, other = Face(pair[0]), Face(pair[1])
    other.clear()
    one.drag(x=0.5)
    assert other.updates == [{"point"}]
    assert other.values["x"] == 0.5
