"""Descent and race in JupyterLab: α over its landmarks, play and scrub, cancelled sweeps."""

from __future__ import annotations

import math

import pytest

from tests.browser.explorer import Opener, Shown, button
from tests.browser.host import Notebook

BOWL = "gw.DescentExplorer('x**2 + 10*y**2', point=(2, 1), rate=0.04, steps=60)"  # λ = 2 and 20
RACE = "gw.RaceExplorer('x**2 + 10*y**2', point=(2, 1), methods=('gradient descent', 'adam'))"


@pytest.fixture
def bowl(explore: Opener) -> Shown:
    return explore(BOWL)


def rate_place(shown: Shown, rate: float) -> tuple[float, float]:
    return math.log10(rate), 0.5


# ── α ────────────────────────────────────────────────────────────────────────────────────────────


def test_dragging_alpha_over_its_landmark_turns_the_caption(bowl: Shown) -> None:
    before = bowl.look()
    assert bowl.captions[0].startswith("Converging")
    bowl.press("rates", bowl.stands("rate"))
    bowl.move("rates", rate_place(bowl, 0.08))
    bowl.move("rates", rate_place(bowl, 0.12))
    bowl.wait_python("rate > 0.115")
    bowl.wait_captions()
    assert bowl.captions[0].startswith("Diverged. f rose from")
    assert "is over 2.00" in bowl.captions[0]
    bowl.move("rates", rate_place(bowl, 0.03))
    bowl.release()
    bowl.wait_python("rate < 0.035")
    bowl.wait_captions()
    assert bowl.captions[0].startswith("Converging")
    bowl.other_look(before)


def test_the_number_beside_the_slider_follows_alpha(bowl: Shown) -> None:
    bowl.drag("rates", bowl.stands("rate"), rate_place(bowl, 0.06))
    bowl.wait_python("rate > 0.05")
    bowl.wait_number("learning rate α", bowl.python("rate"))


@pytest.mark.parametrize(
    ("name", "rate"), [("monotone", 1 / 20), ("best", 2 / 22), ("bound", 2 / 20)]
)
def test_a_press_on_a_landmark_sets_alpha(bowl: Shown, name: str, rate: float) -> None:
    before = bowl.look()
    bowl.press("rates", bowl.stands(f"landmark {name}"))
    bowl.release()
    bowl.wait_python("rate != 0.04")
    assert bowl.python("rate") == pytest.approx(rate, rel=1e-9)
    bowl.wait_captions()
    bowl.other_look(before)


def test_a_landmark_s_button_sets_alpha_from_the_keyboard(bowl: Shown) -> None:
    bowl.open_options()
    bowl.root.locator(".gw-button", has_text="α = 2/λmax").focus()  # its tick is another
    bowl.page.keyboard.press("Enter")
    bowl.wait_python("rate != 0.04")
    assert bowl.python("rate") == pytest.approx(0.1, rel=1e-9)


def test_keys_change_alpha_at_its_handle(bowl: Shown) -> None:
    bowl.press("rates", bowl.stands("rate"))
    bowl.release()
    rate = bowl.python("rate")
    bowl.page.keyboard.press("Shift+ArrowRight")
    bowl.wait_python(f"rate > {1.5 * rate}")
    assert bowl.python("rate") == pytest.approx(rate * 10**0.2, rel=1e-2)
    assert bowl.python("point") == [2, 1]


def test_momentum_brings_the_map_of_both(explore: Opener) -> None:
    shown = explore("gw.DescentExplorer(method='momentum', rate_map=True, rate=0.04, momentum=0.9)")
    before = shown.look()
    shown.drag("rates", shown.stands("rate"), (math.log10(0.1), 0.45))
    shown.wait_python("momentum < 0.5 and e.rate > 0.09")
    assert shown.python("rate") == pytest.approx(0.1, rel=0.05)
    assert shown.python("momentum") == pytest.approx(0.45, abs=0.02)
    shown.other_look(before)
    shown.wait_captions()


# ── start, steps ─────────────────────────────────────────────────────────────────────────────────


def test_the_whole_path_follows_the_start(bowl: Shown) -> None:
    before = bowl.look()
    bowl.press("map", (2, 1))
    bowl.move("map", (-1, 1.5))
    bowl.wait_python("point[0] < -0.9")
    middle = bowl.other_look(before)
    bowl.move("map", (-2, -2))
    bowl.release()
    bowl.wait_python("point[1] < -1.9")
    bowl.other_look(middle)
    start, second = bowl.python("scene['path'][:2].tolist()")
    assert start == bowl.python("point")
    assert second == pytest.approx([start[0] * (1 - 0.08), start[1] * (1 - 0.8)])


def test_play_advances_and_pause_stops(bowl: Shown) -> None:
    button(bowl, "Play").click()
    bowl.wait_python("step >= 3")
    button(bowl, "Pause").click()
    button(bowl, "Play").wait_for()  # it offers to go on, and sends no more
    bowl.wait_idle()
    bowl.wait_captions()
    step = bowl.python("step")
    assert bowl.captions[1].startswith(f"Step {step} of 60")
    button(bowl, "one step on").click()
    bowl.wait_python(f"step == {step + 1}")
    button(bowl, "one step back").click()
    bowl.wait_python(f"step == {step}")


def test_the_dot_on_the_loss_is_the_step(bowl: Shown) -> None:
    bowl.drag("loss", bowl.stands("step"), (30, 0))
    bowl.wait_python("step > 25")
    assert bowl.python("step") == pytest.approx(30, abs=1)
    bowl.wait_captions()
    assert bowl.captions[1].startswith(f"Step {bowl.python('step')} of 60")


def test_a_film_is_cancelled_and_another_is_written(bowl: Shown) -> None:
    bowl.notebook.run("import os")
    bowl.open_options()
    film = button(bowl, "Save as descent.gif")
    film.click()
    button(bowl, "Cancel").click()
    bowl.wait_python("_task.busy is False")
    assert bowl.notebook.python("os.path.exists('descent.gif')") is False
    bowl.notebook.run("e.steps = 2")
    film.click()
    bowl.root.get_by_text("descent.gif is written, beside the notebook.").wait_for()
    assert bowl.notebook.python("os.path.getsize('descent.gif')") > 10_000


def test_another_method_is_chosen(bowl: Shown) -> None:
    before = bowl.look()
    bowl.open_options()
    bowl.root.get_by_label("method", exact=True).select_option(label="newton")
    bowl.wait_python("method == 'newton'")
    bowl.other_look(before)
    bowl.wait_captions()
    assert bowl.captions[0].startswith("Converged. ∇f = 0 at step 1:")


# ── the race ─────────────────────────────────────────────────────────────────────────────────────


def test_each_method_has_its_own_alpha(explore: Opener) -> None:
    shown = explore(RACE)
    adam = shown.python("rates['adam']")
    x, y = shown.stands("rate gradient descent")
    shown.drag("final", (x, y), (math.log10(0.02), y))
    shown.wait_python("rates['gradient descent'] < 0.025")
    assert shown.python("rates['adam']") == adam
    shown.wait_captions()


def test_each_at_its_best_alpha_until_a_hand_sets_one(explore: Opener) -> None:
    shown = explore(RACE)
    shown.open_options()
    switch = shown.root.get_by_role("checkbox", name="each at its best α")
    switch.check()
    shown.wait_python("best and abs(e.rates['gradient descent'] * 11 - 1) < 0.2")  # 2/22, on a grid
    shown.wait_captions()
    rates = shown.python("rates")
    shown.slider("α of adam").press("ArrowRight")
    shown.wait_python(f"best is False and e.rates['adam'] > {rates['adam']!r}")
    assert not switch.is_checked()
    assert shown.python("rates['gradient descent']") == rates["gradient descent"]


def test_a_cancelled_sweep_leaves_the_race_usable(explore: Opener, notebook: Notebook) -> None:
    notebook.run(BRANCHING)
    shown = explore(RACE.replace("'x**2 + 10*y**2'", "branching, steps=10"))
    shown.wait_python("_swept is not None")
    notebook.run(SLOW)
    shown.open_options()
    button(shown, "Sweep again").click()
    cancel = button(shown, "Cancel")
    cancel.wait_for()
    assert shown.root.get_by_role("progressbar").is_visible()
    cancel.click()
    cancel.wait_for(state="hidden")
    shown.wait_python("_task._thread.is_alive() is False")
    notebook.run("race.sweep = quick")
    before = shown.look()
    shown.drag("map", (2, 1), (-2, 1.5))
    shown.wait_python("point[0] < -1.9")
    shown.other_look(before)
    shown.wait_python("_swept == e._wanted(e._span)")
    shown.wait_captions()


# So much can't be traced: Python sweeps it.
BRANCHING = """
def branching(x, y):
    return x**2 + 10*y**2 if x > -100 else x
"""
# A sweep that goes on until it is cancelled, telling how far it is.
SLOW = """
import threading
from gradwidgets.explorers import race
quick = race.sweep

def endless(field, start, method, steps, span, told):
    pause = threading.Event()
    while True:
        told(1, 10)
        pause.wait(0.01)

race.sweep = endless
"""
