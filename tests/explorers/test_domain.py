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


def test_a_waiting_point_is_news_and_a_refusal_is_none(face):
    face.window(x=(-3, 0.5))
    assert face.note == face.seen["_news"] != ""
    face.window(x=(3, 1))
    assert face.note.startswith("The range of x must grow")
    assert face.note != face.seen["_news"]


def test_a_point_that_was_moved_since_does_not_return(face):
    face.bounds(x=(-3, 0.5))
    face.drag(x=0.1)
    assert face.note == ""
    face.bounds(x=(-3, 3))
    assert face.explorer.point == (0.1, 2)


def test_a_point_set_outside_waits_too(face):
    face.window(x=(-3, 0.25))
    assert "x = 1, y = 2" in face.note
    face.explorer.angle = 40
    assert face.note == ""
    face.explorer.point = (2, 1)
    assert face.explorer.point == (0.25, 1)
    assert "x = 2, y = 1" in face.note
    face.explorer.angle = 50
    face.explorer.point = (1.5, 1)  # stays where it is, and waits for another place
    assert "x = 1.5, y = 1" in face.note
    face.window(x=(-3, 3))
    assert face.explorer.point == (1.5, 1)
    assert face.note == ""
    assert face.agrees()


def test_a_point_set_where_it_stands_waits_no_more(face):
    face.window(x=(-3, 0.25))
    face.explorer.point = (0.2, 1)
    assert face.note == ""
    face.window(x=(-3, 3))
    assert face.explorer.point == (0.2, 1)


@pytest.mark.parametrize("end", [1e5, 1e9])
def test_a_point_near_0_keeps_its_digits_in_a_huge_window(face, end):
    face.explorer.point = (-2.9, 2.9)
    face.window(x=(-end, end), y=(-end, end))
    assert face.captions[0].startswith("At (−2.90, 2.90): f = 92.5, slope 58.3 ")


def test_a_domain_set_in_python_lets_the_point_wait_too(face):
    face.explorer.domain = {"x": (-3, 0.5)}
    assert face.explorer.point == (0.5, 2)
    assert "x = 1, y = 2" in face.note
    face.explorer.domain = {"x": (-3, 0.2)}
    assert face.explorer.point == (0.2, 2)
    face.explorer.field = face.explorer.field.with_domain({"x": (-3, 3)})
    assert face.explorer.point == (1, 2)
    assert face.note == ""
    assert face.agrees()


@pytest.mark.parametrize("kind", [DerivativeExplorer, DescentExplorer])
def test_every_explorer_has_a_point_that_waits(kind):
    face = Face(kind("x**2" if kind is DerivativeExplorer else "x**2 + y**2"))
    before = face.explorer.point
    face.bounds(x=(-50, -40))
    assert face.explorer.point[0] == -40
    assert f"x = {before[0]:g}" in face.note
    face.bounds(x=(-3, 3))
    assert face.explorer.point == before


def test_each_refused_window_is_told_below_the_picture(face):
    face.type("sqrt(x-2) + y")
    face.bounds(x=(0, 5))
    face.window(x=(-8, -3))
    told = face.note
    assert "no finite value" in told
    assert face.domain_message == ""
    face.window(x=(-8, -3))
    assert face.note == told
    assert face.seen["_refused"] == 2
    assert face.explorer.domain["x"] == (0, 5)
    face.window(x=(0, 4))
    assert face.note == ""
    assert face.seen["_refused"] == 2
    assert face.agrees()


def test_what_is_typed_into_the_boxes_is_refused_beside_them(face):
    face.window(x=(3, 1))
    assert "range of x must grow" in face.note
    face.bounds(x=(3, 1))
    assert "range of x must grow" in face.domain_message
    assert face.note == ""
    face.bounds(x=(1, 3))
    assert face.domain_message == ""


def test_the_page_knows_the_domain_that_the_explorer_opened_with(face):
    face.bounds(x=(0, 5))
    assert face.seen["_form"]["home"] == {"x": [-3, 3], "y": [-3, 3]}
    face.choose("rosenbrock")
    home = face.seen["_form"]["home"]
    assert home == {name: list(ends) for name, ends in face.explorer.domain.items()}
