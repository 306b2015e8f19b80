"""A control on a logarithmic axis and ticks that can be pressed, in a whole explorer."""

import pytest

from tests.explorers.face import Face
from tests.explorers.rated import BEST, CORNER, RatedExplorer
from tests.explorers.views import registered

NAN, INF = float("nan"), float("inf")


@pytest.fixture
def face():
    return Face(RatedExplorer("x**2 + 10*y**2", point=(1, 2)))


def test_a_pressed_tick_sets_its_controls_exactly(face, computed, presented):
    computed.clear(), presented.clear()
    face.press("best")
    assert face.explorer.rate == pytest.approx(BEST, rel=1e-13)
    assert face.explorer.point == (1, 2)
    assert face.captions == ["At (1.00, 2.00), rate 0.667."]
    face.press("corner")
    assert face.explorer.point == CORNER
    assert (computed, presented) == ([], [])
    assert face.seen["_heard"] == 2.0
    assert face.agrees()


@pytest.mark.parametrize("name", ["point", "speed"])
def test_a_press_on_anything_else_changes_nothing(face, name):
    face.press(name)
    assert (face.explorer.rate, face.explorer.point) == (0.1, (1, 2))
    assert face.updates == face.echoes == []


def test_a_rate_and_a_point_in_one_message_are_one_change(face):
    together = []
    face.explorer.settled.register_callback(lambda explorer: together.append(explorer.point))
    face.drag(x=0.5, rate=BEST)
    assert (face.explorer.point, face.explorer.rate) == ((0.5, 2), BEST)
    assert together == [(0.5, 2)]


def test_browser_and_trait_of_a_logarithmic_control_have_every_digit(face):
    face.explorer.rate = 0.0123
    assert face.values["rate"] == 0.0123
    face.drag(rate=2 / 3)
    assert face.explorer.rate == 2 / 3
    control = face.control("rate")
    assert (control["scale"], control["low"], control["high"]) == ("log", 1e-4, 10.0)


@pytest.mark.parametrize("typed", [0.0, -1.0, NAN, INF, -INF, 99.0, 1e-9])
def test_a_rate_that_can_not_be_is_refused_told_and_goes_back(face, typed):
    for _ in range(2):
        face.drag(rate=typed)
        assert (face.explorer.rate, face.values["rate"]) == (0.1, 0.1)
        assert face.note
    face.drag(x=0.5)
    assert face.note == ""


def test_a_change_in_python_tells_no_more_than_itself(face):
    face.explorer.rate = 0.2
    face.explorer.point = (0, 0)
    assert face.updates == [{"rate"}, {"point"}]
    face.reset()
    assert face.values == {"x": 1, "y": 2, "rate": 0.1}


def test_a_closed_explorer_leaves_nothing():
    before = registered()
    RatedExplorer("x*y").close()
    assert registered() == before
