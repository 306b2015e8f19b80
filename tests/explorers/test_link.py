"""Linked explorers: one function, one point, one recomputation each."""

import gc
import weakref

import pytest

from gradwidgets import GradientExplorer, PartialsExplorer, ScalarField, link

BOWL = "x**2 + 10*y**2"


def drag(explorer, **values):
    explorer._canvas.set_state({"gesture": {"tick": 1, "values": values}})


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
        lambda e: setattr(e, "point", (0.5, -0.5)),
        lambda e: drag(e, x=0.5, y=-0.5),
        lambda e: e._sliders["x"].set_state({"value": 0.5}),
    ],
    ids=["python", "canvas", "slider"],
)
def test_the_point_goes_both_ways_with_one_recomputation_each(pair, source, act, computed, paints):
    one, other, _ = pair
    computed.clear(), paints.clear()
    act(pair[source])
    assert one.point[0] == 0.5
    assert together(one, other)
    assert len(computed) == 2
    assert paints == []


@pytest.mark.parametrize("source", [0, 1])
@pytest.mark.parametrize(
    "act",
    [
        lambda e: setattr(e, "field", "sin(x)*y"),
        lambda e: setattr(e, "field", "a*b"),
        lambda e: e._formula.set_state({"value": "sin(x)*y"}),
        lambda e: e._formula.set_state({"value": "a*b"}),
        lambda e: e._menu.set_state({"index": 4}),
        lambda e: setattr(e, "domain", {"x": (0, 5)}),
        lambda e: setattr(e, "domain", {"x": (-0.5, 0.5)}),
        lambda e: setattr(e, "field", lambda x, y: x - y),
    ],
    ids=["text", "names", "typed", "typed names", "chosen", "domain", "narrow", "callable"],
)
def test_the_function_goes_both_ways_with_one_painting_each(pair, source, act, computed, paints):
    one, other, _ = pair
    computed.clear(), paints.clear()
    act(pair[source])
    assert together(one, other)
    assert len(computed) == len(paints) == 2


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


def test_three_explorers_move_as_one(computed):
    three = [kind(BOWL) for kind in (GradientExplorer, PartialsExplorer, GradientExplorer)]
    link(*three)
    for place, explorer in enumerate(three):
        computed.clear()
        explorer.point = (0.25 * place, -1)
        assert together(*three)
        assert three[0].point == (0.25 * place, -1.0)
        assert len(computed) == 3


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
    other.field = "x*y*z"
    assert other.field.text == "x*y*z"
    assert (one.field.text, one.point) == (BOWL, (1.0, 2.0))
    assert "needs two variables" in one._message.value
    other.field = "a - b"
    assert one._message.value == ""
    assert together(one, other)


def test_who_can_not_show_a_function_is_not_asked_again_at_every_move(pair, paints):
    one, other, _ = pair
    other.field = "x*y*z"
    one._formula.set_state({"value": "x +"})
    said = one._message.value
    paints.clear()
    drag(other, x=0.5)
    assert one._message.value == said
    assert paints == []


def test_a_bad_function_reaches_nobody_else(pair, computed):
    one, other, _ = pair
    computed.clear()
    with pytest.raises(ValueError, match="needs two variables"):
        one.field = "x*y*z"
    assert (one.field.text, other.field.text) == (BOWL, BOWL)
    assert together(one, other)
    assert len(computed) == 0


def test_a_function_of_one_variable_is_shared_as_a_surface(paints):
    one = PartialsExplorer(ScalarField("x**2", {"x": (0, 10)}), point=7)
    other = GradientExplorer(BOWL)
    link(one, other)
    assert other.field.text == "x**2"
    assert other.domain["x"] == (0.0, 10.0)
    paints.clear()
    one.point = (4,)
    assert paints == []  # the function is still the same


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
