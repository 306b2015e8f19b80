"""Predict first in JupyterLab: turned on by its button, answered by the mouse and by keys."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.explorer import Opener, Shown, button

KINDS = {
    "tangent": "gw.DerivativeExplorer('x**2/2')",
    "gradient": "gw.GradientExplorer('x*y')",
    "kind": "gw.CurvatureExplorer('x*y')",
    "step": "gw.DescentExplorer('x**2 + 3*y**2', kinds='step')",
    "converges": "gw.DescentExplorer('x**2 + 3*y**2', kinds='converges')",
    "rate": "gw.DescentExplorer('x**2 + 3*y**2', kinds='rate')",
}
PANELS = {"tangent": "curve", "rate": "rates"}
# Where the right answer is: a place of the panel, or of a choice. Python knows more than a page.
RIGHT = """
import numpy as np
from gradwidgets.calculus.endings import told_by
def right(e):
    q = e._asked
    f, slope = q.field, q.field.gradient(q.point)
    if q.kind == "tangent":
        return [q.point[0] + q.scale, f.value(q.point) + slope[0] * q.scale]
    if q.kind in ("gradient", "step"):
        return [*np.add(q.point, (1 if q.kind == "gradient" else -1) * q.scale * slope)]
    least, most = np.linalg.eigvalsh(f.hessian(q.aim or q.point))
    if q.kind == "kind":
        return [0.0 if least > 0 else 1.0 if most < 0 else 2.0]
    return [told_by(q.scale * most)] if q.kind == "converges" else [np.log10(2 / most), 0.5]
def begun(e):
    q = e._asked
    if q.kind == "tangent":
        return [q.point[0] + q.scale, *q.start]
    return [np.log10(q.start[0]), 0.5] if q.kind == "rate" else list(q.start)
"""


def right(shown: Shown) -> list[float]:
    found: list[float] = shown.notebook.python("[float(one) for one in right(e)]")
    return found


def answer_right(shown: Shown, kind: str) -> None:
    """With the mouse."""
    place = right(shown)
    if len(place) == 1:
        shown.root.get_by_role("radio").nth(int(place[0])).check(force=True)
    else:
        begun = shown.notebook.python("[float(one) for one in begun(e)]")
        shown.drag(PANELS.get(kind, "map"), (begun[0], begun[1]), (place[0], place[1]))


def answer_wrong(shown: Shown) -> None:
    """By keys alone."""
    place = right(shown)
    if len(place) == 1:
        shown.root.get_by_role("radio").nth((int(place[0]) + 1) % 3).focus()
        shown.page.keyboard.press("Space")
    else:
        shown.handle().focus()
        shown.page.keyboard.press("ArrowLeft")
        shown.page.keyboard.press("ArrowDown")


@pytest.mark.parametrize("kind", KINDS)
def test_it_is_turned_on_answered_and_left(explore: Opener, kind: str) -> None:
    shown = explore(KINDS[kind])
    shown.notebook.run(RIGHT)
    before, predict = shown.captions, button(shown, "Predict")
    expect(predict).to_have_attribute("aria-pressed", "false")
    predict.click()
    shown.wait_python("_asked is not None")
    shown.wait_shown()
    expect(predict).to_have_attribute("aria-pressed", "true")
    expect(predict).to_be_focused()
    asks = shown.captions[0]
    assert "?" in asks

    answer_right(shown, kind)
    button(shown, "Check").click()
    shown.wait_python("score.right == 1")
    shown.wait_captions()
    assert shown.captions[0].startswith("Right")
    shown.wait("(root) => root.querySelector('.gw-spoken').textContent.startsWith('Right')")

    button(shown, "Next question").press("Enter")
    shown.wait_python("question == 2")
    shown.wait_shown()
    answer_wrong(shown)
    button(shown, "Check").press("Enter")
    shown.wait_python("score[1:] != []")
    shown.wait_captions()
    assert shown.python("score[1]['right']") is False
    assert shown.captions[0] != asks

    button(shown, "Reset").click()
    shown.wait_python("predict is False")
    shown.wait_seen(before)
    expect(predict).to_have_attribute("aria-pressed", "false")


def test_where_it_is_locked_there_is_no_button(explore: Opener) -> None:
    shown = explore("gw.GradientExplorer(predict=True, lock=True)")
    expect(button(shown, "Predict")).to_have_count(0)
    expect(button(shown, "Reset")).to_be_visible()
