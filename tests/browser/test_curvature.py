"""The curvature explorer in JupyterLab: Newton's step by its button, drags, parts, tapes."""

from __future__ import annotations

import pytest

from tests.browser.explorer import Opener, Shown, button

HIMMELBLAU = "gw.CurvatureExplorer(gw.catalog['himmelblau'].field, point=(2.5, 1.0))"
HILL = "gw.CurvatureExplorer(gw.catalog['hill'].field, point=(0.8, 0.4))"


@pytest.fixture
def shown(explore: Opener) -> Shown:
    return explore(HIMMELBLAU)


def test_newton_s_button_moves_the_point_where_the_model_is_critical(shown: Shown) -> None:
    before = shown.look()
    wanted = shown.notebook.python(
        "(e.point - __import__('numpy').linalg.solve("
        "e.field.hessian(e.point), e.field.gradient(e.point))).tolist()"
    )
    assert shown.stands("newton step") == pytest.approx(wanted)
    button(shown, "Newton step").click()
    shown.wait_python("point[0] > 2.6")
    assert shown.python("point") == pytest.approx(wanted)
    shown.other_look(before)
    shown.wait_captions()
    for _ in range(6):
        button(shown, "Newton step").click()
    shown.wait_python("field.gradient(e.point).max() < 1e-9")
    saddle = [3.385154183607, 0.073851879838]  # not the minimum at (3, 2), which is nearer
    assert shown.python("point") == pytest.approx(saddle, abs=1e-9)


def test_the_gradient_s_button_takes_its_step(shown: Shown) -> None:
    wanted = shown.stands("gradient step")
    button(shown, "gradient step").click()
    shown.wait_python("point != (2.5, 1.0)")
    assert shown.python("point") == pytest.approx(wanted)


def test_a_step_out_of_the_domain_is_told_under_the_picture(explore: Opener) -> None:
    shown = explore(HILL)
    button(shown, "Newton step").click()
    shown.root.get_by_text("The Newton step leads to (2.13, 1.07), outside of").wait_for()
    assert shown.python("point") == [0.8, 0.4]


def test_the_model_follows_a_dragged_point(shown: Shown) -> None:
    before = shown.look()
    shown.drag("map", (2.5, 1.0), (0.0, 0.5), (-1.0, -1.0))
    shown.wait_python("point[0] < -0.9")
    shown.other_look(before)
    shown.wait_captions()
    assert "H is negative definite" in shown.captions[0]


def test_the_direction_is_dragged_on_its_curve(shown: Shown) -> None:
    before = shown.look()
    x, y = shown.stands("direction")
    shown.drag("directions", (x, y), (200, y))
    shown.wait_python("angle > 190")
    shown.other_look(before)
    assert shown.python("point") == [2.5, 1.0]


def test_the_distance_h_is_dragged_on_its_axis(explore: Opener) -> None:
    shown = explore(HIMMELBLAU, "e.show = (*e.show, 'errors')\ndisplay(e)")
    x, y = shown.stands("error at h")
    shown.drag("errors", (x, y), (x - 1, y))
    shown.wait_python(f"h < {0.2 * 10**x}")
    assert shown.python("h") == pytest.approx(10 ** (x - 1), rel=0.05)
    shown.wait_captions()
    assert any(line.startswith("From h =") for line in shown.captions)


def test_parts_are_hidden_and_shown_by_their_boxes(shown: Shown) -> None:
    shown.open_options()
    before = shown.look()
    shown.root.get_by_text("Taylor models on a slice", exact=True).click()
    shown.wait_python("show == ('model', 'steps', 'critical points', 'directions')")
    shown.wait_python("_picture['panels'].keys() == {'map', 'matrix', 'directions'}")
    shown.wait_shown()
    fewer = shown.other_look(before)
    shown.root.get_by_text("Taylor errors", exact=True).click()
    shown.wait_python("show[-1] == 'errors'")
    shown.wait_python("_picture['panels'].keys() == {'map', 'matrix', 'directions', 'errors'}")
    shown.wait_shown()
    shown.other_look(fewer)


def test_second_order_by_tapes_is_a_page_that_follows(shown: Shown) -> None:
    shown.root.get_by_text("Second order by tapes").click()
    shown.root.get_by_text("dy/dw = x does not depend on w").wait_for()
    shown.root.get_by_text("with gw.GradientTape(persistent=True) as outer:").wait_for()
    cell = shown.root.locator("table").first.locator("tr", has_text="∂²f/∂x∂y")
    assert cell.locator("td").all_text_contents()[1:3] == ["14.0", "14.0"]
    shown.notebook.run("e.point = (1.0, 1.0)")
    cell.get_by_text("8.0").first.wait_for()
