"""The derivative explorer in JupyterLab: x and h dragged on the curve and on its errors."""

from __future__ import annotations

import math

import pytest

from tests.browser.explorer import Opener, Shown

SINE = "gw.DerivativeExplorer('sin(x)', point=1.0, h=1.0)"


@pytest.fixture
def sine(explore: Opener) -> Shown:
    return explore(SINE)


@pytest.mark.parametrize("panel", ["curve", "slope", "bend"])
def test_one_cursor_is_dragged_in_every_panel(sine: Shown, panel: str) -> None:
    before, key = sine.look(), sine.key()
    sine.drag(panel, sine.stands("point" if panel == "curve" else panel), (-1.5, 0), (-0.5, 0))
    sine.wait_python("point[0] < -0.4")
    assert sine.python("point[0]") == pytest.approx(-0.5, abs=0.02)
    assert sine.python("h") == 1.0
    sine.other_look(before)
    sine.wait_captions()
    assert sine.captions[0].startswith("At x = −0.5")
    assert sine.key() == key  # nothing was told
    assert [sine.stands(name)[0] for name in ("point", "slope", "bend")] == [
        sine.python("point[0]")
    ] * 3


def test_the_secant_s_other_end_is_dragged_towards_the_point(sine: Shown) -> None:
    before = sine.look()
    sine.press("curve", sine.stands("end"))
    sine.move("curve", (1.4, 0.9))
    sine.wait_python("h < 0.5")
    assert sine.python("h") == pytest.approx(0.4, abs=0.02)
    sine.move("curve", (0.7, 0.9))  # on the other side it is a distance, too
    sine.wait_python("h < 0.35")
    assert sine.python("h") == pytest.approx(0.3, abs=0.02)
    sine.release()
    assert sine.python("point") == [1.0]
    sine.other_look(before)
    slope = (math.sin(1 + sine.python("h")) - math.sin(1)) / sine.python("h")
    assert sine.python("scene['slopes'][5]") == pytest.approx(slope)


def test_h_is_dragged_along_its_errors(sine: Shown) -> None:
    sine.drag("error", sine.stands("now"), (-4, -2), (-8, -6))
    sine.wait_python("h < 1e-7")
    assert sine.python("h") == pytest.approx(1e-8, rel=0.3)
    sine.wait_captions()
    assert "the secant has the slope (f(x + h) − f(x))/h = 0.54030" in sine.captions[1]
    sine.wait_number("h", sine.python("h"))


def test_keys_move_the_point_and_home_returns(sine: Shown) -> None:
    sine.press_key("Shift+ArrowRight")
    sine.wait_python("point[0] > 1.5")
    assert sine.python("point[0]") == pytest.approx(2.0)
    sine.press_key("Home")
    sine.wait_python("point[0] == 1.0")


def test_another_difference_is_chosen(sine: Shown) -> None:
    before = sine.look()
    sine.open_options()
    sine.root.get_by_role("radio", name="central").check()
    sine.wait_python("difference == 'central'")
    sine.other_look(before)
    sine.wait_captions()
    assert "(f(x + h) − f(x − h))/2h" in sine.captions[1]


def test_a_corner_tells_of_its_two_slopes_at_360_pixels(explore: Opener) -> None:
    shown = explore("gw.DerivativeExplorer('abs(x)', point=0.0)")
    shown.notebook.run("e.layout.width = '360px'")
    shown.wait("(root) => root.clientWidth <= 360")
    shown.wait_shown()
    shown.wait_captions()
    assert shown.captions[1].startswith(
        "Corner along x: slope −1.00 on the left, 1.00 on the right"
    )
    lefts = "(plots) => plots.map((one) => JSON.parse(one.dataset.frame)[0][0])"
    assert len(set(shown.root.locator(".gw-plot").evaluate_all(lefts))) == 1
