"""What a page's window does to an explorer: the point stays where it can, and waits where not."""

import pytest

from gradwidgets import DerivativeExplorer, DescentExplorer, GradientExplorer
from tests.explorers.face import Face


@pytest.fixture
def face():
    return Face(GradientExplorer("x**2 + 10*y**2", point=(1, 2)))


def test_a_point_that_is_seen_stays(face):
    face.bounds(x=(0, 5), y=(1.5, 2.5))
    assert face.explorer.domain == {"x": (0, 5), "y": (1.5, 2.5)}
    assert face.explorer.point == (1, 2)
    assert (face.control("x")["low"], face.control("x")["high"]) == (0, 5)
    assert face.note == ""
    assert face.agrees()


def test_a_point_outside_waits_at_the_edge_and_returns(face):
    face.bounds(x=(-3, 0.5))
    assert face.explorer.point == (0.5, 2)
    assert "x = 1, y = 2" in face.note
    face.bounds(x=(-3, 0.2), y=(-1, 1))
    assert face.explorer.point == (0.2, 1)
    assert "x = 1, y = 2" in face.note
    face.bounds(x=(-3, 3), y=(-3, 3))
    assert face.explorer.point == (1, 2)
    assert face.note == ""
    assert face.agrees()


def test_a_place_is_told_with_minus_signs(face):
    face.drag(x=-2.9)
    face.bounds(x=(-1, 1))
    assert "x = −2.9, y = 2" in face.note


def test_a_point_that_was_moved_since_does_not_return(face):
    face.bounds(x=(-3, 0.5))
    face.drag(x=0.1)
    assert face.note == ""
    face.bounds(x=(-3, 3))
    assert face.explorer.point == (0.1, 2)


@pytest.mark.parametrize("kind", [DerivativeExplorer, DescentExplorer])
def test_every_explorer_has_a_point_that_waits(kind):
    face = Face(kind("x**2" if kind is DerivativeExplorer else "x**2 + y**2"))
    before = face.explorer.point
    face.bounds(x=(-50, -40))
    assert face.explorer.point[0] == -40
    assert f"x = {before[0]:g}" in face.note
    face.bounds(x=(-3, 3))
    assert face.explorer.point == before


def test_each_refusal_is_told_even_in_the_same_words(face):
    face.bounds(x=(3, 1))
    told = face.domain_message
    assert "range of x must grow" in told
    face.clear()
    face.bounds(x=(3, 1))
    states = [one.state for one in face.messages if "_domain_message" in one.names]
    assert [state["_domain_message"] for state in states] == ["", told]
    assert face.explorer.domain["x"] == (-3, 3)
    assert face.agrees()


def test_the_page_knows_the_domain_that_the_explorer_opened_with(face):
    face.bounds(x=(0, 5))
    assert face.seen["_form"]["home"] == {"x": [-3, 3], "y": [-3, 3]}
    face.choose("rosenbrock")
    home = face.seen["_form"]["home"]
    assert home == {name: list(ends) for name, ends in face.explorer.domain.items()}
