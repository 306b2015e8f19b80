"""A control on a logarithmic axis and ticks that can be pressed, in a whole explorer."""

import ipywidgets as ipw
import pytest

from tests.explorers.rated import BEST, CORNER, RatedExplorer

NAN, INF = float("nan"), float("inf")


@pytest.fixture
def rated():
    return RatedExplorer("x**2 + 10*y**2", point=(1, 2))


def press(explorer, name, **more):
    """What the page does when a tick is pressed."""
    gesture = {"tick": 3.0, "values": {}, "pressed": name} | more
    explorer._canvas.set_state({"gesture": gesture})


def test_a_pressed_tick_sets_its_controls_exactly(rated, computed, paints):
    computed.clear(), paints.clear()
    press(rated, "best")
    assert rated.rate == pytest.approx(BEST, rel=1e-13)
    assert rated.point == (1, 2)
    assert rated.scene.captions == ["At (1.00, 2.00), rate 0.667."]
    press(rated, "corner")
    assert rated.point == CORNER
    assert (len(computed), paints) == (2, [])
    assert rated._canvas.answered == 3.0


@pytest.mark.parametrize("name", ["point", "speed", "said", "nobody", None, 7, ["best"], {}])
def test_a_press_on_anything_else_changes_nothing(rated, name, computed):
    computed.clear()
    press(rated, name)
    assert (rated.rate, rated.point, computed) == (0.1, (1, 2), [])


def test_a_press_and_a_drag_in_one_message_are_one_change(rated, computed):
    computed.clear()
    press(rated, "best", values={"x": 0.5, "rate": 5.0})
    assert (rated.point, rated.rate) == ((0.5, 2), pytest.approx(BEST))
    assert len(computed) == 1


def test_slider_box_and_trait_of_a_logarithmic_control_stay_in_step(rated, computed):
    pair = rated._sliders["rate"]
    rated.rate = 0.0123
    assert (pair.box.value, pair.slider.value) == (0.0123, pytest.approx(10**-1.91))
    pair.slider.set_state({"value": 10**-0.5})
    assert (rated.rate, pair.box.value) == (0.316, 0.316)
    pair.box.set_state({"value": 2 / 3})
    assert (rated.rate, pair.slider.value) == (2 / 3, pytest.approx(10**-0.18))
    rated._canvas.set_state({"gesture": {"tick": 1.0, "values": {"rate": 0.002}}})
    assert (pair.box.value, pair.slider.value) == (0.002, pytest.approx(10**-2.7))
    assert len(computed) == 4


@pytest.mark.parametrize(
    ("typed", "rate"),
    [(0.0, 0.1), (-1.0, 0.1), (NAN, 0.1), (INF, 0.1), (-INF, 0.1), (99.0, 10), (1e-9, 1e-4)],
)
def test_a_typed_rate_that_can_not_be_is_refused_or_brought_into_range(rated, typed, rate):
    for _ in range(2):  # the second time nothing changes but the box
        rated._sliders["rate"].box.set_state({"value": typed})
        assert (rated.rate, rated._sliders["rate"].box.value) == (rate, rate)
    assert rated._canvas.note == ""


def test_reset_and_a_move_in_python_send_a_pair_no_more_than_it_needs(rated, sent):
    pair = rated._sliders["rate"]
    rated.rate = 0.2
    assert {(w, *n) for w, n in sent if w in (pair, pair.box, pair.slider)} == {
        (pair.box, "value"),
        (pair.slider, "value"),
    }
    sent.clear()
    rated.point = (0, 0)
    assert not [w for w, _ in sent if w in (pair, pair.box, pair.slider)]
    rated._reset.click()
    assert (rated.rate, pair.box.value) == (0.1, 0.1)


def test_closing_an_explorer_closes_its_pairs():
    before = set(ipw.widgets.widget._instances)
    RatedExplorer("x*y").close()
    assert set(ipw.widgets.widget._instances) == before
