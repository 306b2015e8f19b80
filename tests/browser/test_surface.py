"""The surface in JupyterLab: turned by mouse and keyboard, its point dragged as on the map."""

from __future__ import annotations

import numpy as np
import pytest

from gradwidgets.rendering.surface import Turn, project
from tests.browser.explorer import Opener, Shown

MADE = {
    "gradient": "gw.GradientExplorer('x**2 + 10*y**2', point=(1, 2), view='both')",
    "partials": "gw.PartialsExplorer('x**2 + 10*y**2', point=(1, 2), view='both')",
}
EMPTY = (-1.5, 1.5)  # a place of the surface's panel where nothing stands


@pytest.fixture(params=MADE)
def shown(explore: Opener, request: pytest.FixtureRequest) -> Shown:
    return explore(MADE[request.param])


# What the surface alone does is one for both.
gradient = pytest.mark.parametrize("shown", ["gradient"], indirect=True)


def place(shown: Shown, name: str) -> tuple[float, float]:
    """Where a marker in the space is seen."""
    turn = Turn(shown.python("azimuth"), shown.python("elevation"))
    x, y = project(turn, np.array(shown.python(f"scene[{name!r}].tolist()"))).tolist()
    return x, y


def test_a_drag_beside_the_handles_turns_the_view_and_nothing_else(shown: Shown) -> None:
    before, key = shown.look(), shown.key()
    shown.press("surface", EMPTY)
    shown.move("surface", (-1.0, 1.3))
    shown.move("surface", (-0.5, 1.1))
    shown.wait_python("azimuth > 15 and e.elevation > 45")
    shown.release()
    degrees = 180 / 3.44  # for a unit of the panel
    assert shown.python("azimuth") == pytest.approx(-30 + degrees, abs=1)
    assert shown.python("elevation") == pytest.approx(30 + 0.4 * degrees, abs=1)
    assert shown.python("point") == [1, 2]
    shown.other_look(before)
    assert shown.key() == key  # no other picture was told


@gradient
def test_the_surface_is_drawn_finely_when_the_view_has_come_to_rest(shown: Shown) -> None:
    """As finely as it was opened: while it turns, its mesh is coarser, which looks different."""
    before = shown.look()
    shown.notebook.run("e.azimuth = -20")
    shown.other_look(before)
    shown.notebook.run("e.azimuth = -30")
    shown.wait_look(before)


def test_the_point_dragged_on_the_floor_is_the_map_s(shown: Shown) -> None:
    before = shown.look()
    start = place(shown, "floor point")
    shown.notebook.run("e.point = (-1, -1)")
    goal = place(shown, "floor point")
    there = shown.other_look(before)
    shown.notebook.run("e.point = (1, 2)")
    shown.other_look(there)  # labels may stand elsewhere than they did
    middle = ((start[0] + goal[0]) / 2, (start[1] + goal[1]) / 2)
    shown.drag("surface", start, middle, goal)
    shown.wait_python("point[0] < -0.9 and e.point[1] < -0.9")
    in_space = shown.python("point")
    assert in_space == pytest.approx([-1, -1], abs=0.06)
    assert shown.python("scene['point'].tolist()") == in_space
    assert shown.python("azimuth") == -30
    look = shown.other_look(before)
    shown.drag("map", (in_space[0], in_space[1]), (0, 0), (-2, 1.5))
    shown.wait_python("point[0] < -1.9")
    on_map = shown.python("point")
    assert on_map == pytest.approx([-2, 1.5], abs=0.03)
    assert shown.python("scene['point'].tolist()") == on_map
    shown.other_look(look)


@gradient
def test_the_keyboard_alone_reaches_the_knob_and_turns(shown: Shown) -> None:
    shown.handle("point").focus()
    look = shown.look()
    for _ in range(shown.root.get_by_role("slider").count()):
        shown.page.keyboard.press("Tab")
        if shown.page.evaluate("() => document.activeElement.dataset.mark") == "turn":
            break
    for key, azimuth, elevation in (
        ("ArrowRight", -25, 30),
        ("ArrowUp", -25, 35),
        ("Alt+ArrowLeft", -25.5, 35),
        ("Home", -30, 30),
    ):
        shown.page.keyboard.press(key)
        shown.wait_python(f"azimuth == {azimuth} and e.elevation == {elevation}")
        shown.wait_captions()
        look = shown.other_look(look)
    assert shown.python("point") == [1, 2]
