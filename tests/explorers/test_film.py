"""Films of a sweep: its values, what is seen on the way, and an explorer that stays as it is."""

import io
import math
import re

import imageio_ffmpeg
import ipywidgets as ipw
import matplotlib
import numpy as np
import pytest
from PIL import Image, ImageSequence

from gradwidgets import (
    CurvatureExplorer,
    DerivativeExplorer,
    DescentExplorer,
    FitExplorer,
    GradientExplorer,
    PartialsExplorer,
    RaceExplorer,
    TapeExplorer,
)
from gradwidgets.calculus.field import ScalarField
from gradwidgets.explorers import film
from gradwidgets.explorers.film import swept
from gradwidgets.pictures.control import Control
from gradwidgets.rendering import animate
from tests.explorers.face import Face

BOWL = "x**2 + 10*y**2"
SMALL = {"size": (3, 2), "dpi": 60}


def values(scenes, *names):
    return [tuple(scene.values[name] for name in names) for scene in scenes]


def frames_of(path):
    with Image.open(io.BytesIO(path.read_bytes())) as image:
        frames = list(ImageSequence.Iterator(image))
        return [(frame.size, frame.info["duration"]) for frame in frames]


# ── the values of a control ──────────────────────────────────────────────────────────────────────

PLAIN = Control("x", "x", -3.0, 3.0, 0.01, 1.0)
RATE = Control("rate", "rate", 1e-4, 1.0, 0.01, 0.1, "log")
ANGLE = Control("angle", "angle", 0.0, 360.0, 1.0, 30.0, unit="°")
AROUND = Control("turn", "turn", -180.0, 180.0, 0.5, 0.0, cyclic=True)
TILT = Control("tilt", "tilt", 10.0, 80.0, 0.5, 30.0, unit="°")


@pytest.mark.parametrize(
    ("control", "ends", "frames", "wanted"),
    [
        (PLAIN, None, 4, [-3, -1, 1, 3]),
        (PLAIN, (1, -1), 3, [1, 0, -1]),
        (PLAIN, (0.1, 0.3), 3, [0.1, 0.2, 0.3]),
        (PLAIN, (2, 2), 3, [2, 2, 2]),
        (PLAIN, None, 1, [-3]),
        (RATE, None, 5, [1e-4, 1e-3, 1e-2, 0.1, 1]),
        (RATE, (0.02, 0.2), 3, [0.02, 0.02 * 10**0.5, 0.2]),
        (RATE, (1, 0.01), 3, [1, 0.1, 0.01]),
        (ANGLE, None, 4, [0, 90, 180, 270]),
        (ANGLE, (0, 360), 3, [0, 120, 240]),
        (ANGLE, (360, 0), 3, [360, 240, 120]),
        (ANGLE, (0, 180), 3, [0, 90, 180]),
        (ANGLE, (-90, 90), 3, [270, 0, 90]),
        (ANGLE, (90, 450), 4, [90, 180, 270, 360]),
        (ANGLE, (0, 720), 4, [0, 180, 360, 180]),
        (AROUND, None, 4, [-180, -90, 0, 90]),
        (AROUND, (0, 360), 4, [0, 90, 180, -90]),
        (TILT, None, 3, [10, 45, 80]),
    ],
)
def test_a_control_goes_in_even_steps_from_end_to_end(control, ends, frames, wanted):
    found = film._values(control, ends, frames)
    assert found.tolist() == pytest.approx(wanted, rel=1e-12, abs=0)


def test_no_rest_of_a_rounding_is_left():
    found = film._values(PLAIN, (-0.3, 0.6), 10)
    assert 0.0 in found.tolist()
    assert [float(f"{number:.6g}") for number in found] == found.tolist()


@pytest.mark.parametrize(
    ("control", "ends", "told"),
    [
        (PLAIN, (0, 4), "x is from -3 to 3, not (0, 4)"),
        (RATE, (0, 0.1), "rate is from 0.0001 to 1, not (0, 0.1)"),
        (TILT, (0, 90), "tilt is from 10 to 80"),
        (PLAIN, 3, "x is swept over an interval, as (0, 1), not 3"),
        (PLAIN, (1, 2, 3), "swept over an interval"),
        (PLAIN, (0, math.nan), "swept over an interval"),
        (ANGLE, ("a", "b"), "swept over an interval"),
    ],
)
def test_what_is_no_interval_of_a_control_is_refused(control, ends, told):
    with pytest.raises(ValueError, match=re.escape(told)):
        film._values(control, ends, 5)


# ── what a sweep shows ───────────────────────────────────────────────────────────────────────────


EXPLORERS = {
    "derivative": (lambda: DerivativeExplorer("sin(x)"), ("x", "h")),
    "partials": (lambda: PartialsExplorer("x*y*z", point=(1, 2, 1)), ("x", "y", "z")),
    "gradient": (lambda: GradientExplorer(BOWL, point=(1, 2)), ("x", "y", "angle")),
    "surface": (lambda: GradientExplorer(BOWL, view="surface"), ("azimuth", "elevation")),
    "descent": (lambda: DescentExplorer(BOWL, steps=20), ("x", "y", "rate", "step")),
    "race": (lambda: RaceExplorer(BOWL, steps=10), ("x", "rate adam")),
    "curvature": (lambda: CurvatureExplorer(BOWL), ("x", "angle", "h", "rate")),
    "fit": (
        lambda: FitExplorer(steps=20, edits={"0": [3.5, 2.0, 1.0]}),
        ("w", "rate", "batch", "l2", "step"),
    ),
    "tape": (lambda: TapeExplorer("y = x*w + b"), ("x", "step")),
    "callable": (
        lambda: GradientExplorer(lambda x, y: x**2 if x > 0 else x * y, point=(1, 1)),
        ("x", "angle"),
    ),
}
SWEPT = [(name, control) for name, (_, controls) in EXPLORERS.items() for control in controls]


@pytest.mark.parametrize(("name", "control"), SWEPT)
def test_a_frame_is_what_a_hand_would_see_and_nothing_moves(name, control):
    explorer, other = (EXPLORERS[name][0]() for _ in range(2))
    face, known = Face(explorer), other._shown.controls
    state, shown = explorer._state(), explorer.scene
    scenes = swept(explorer, control, 4)
    assert face.messages == []
    assert explorer._state() == state
    assert explorer.scene is shown
    assert len({value for (value,) in values(scenes, control)}) == 4
    steps = other._ranged(next(one for one in known if one.name == control))
    for scene, value in zip(scenes, film._values(steps, None, 4), strict=True):
        face_of(other).drag(**{control: round(value) if control == "step" else float(value)})
        seen = other._still_scene()
        assert scene.values == pytest.approx(dict(seen.values), rel=1e-12)
        for one, two in zip(scene.panels, seen.panels, strict=True):
            assert (one.x, one.y, one.xlabel, one.title) == (two.x, two.y, two.xlabel, two.title)
        for mark in scene.numbers:
            np.testing.assert_array_equal(scene[mark], seen[mark])


def face_of(explorer):
    return Face(explorer)


def test_a_hidden_coordinate_takes_the_map_along():
    scenes = swept(PartialsExplorer("x*y*z", point=(1, 2, 1)), {"z": (-1, 2)}, 4)
    heights = [scene.panel("map").contours.sheet.values for scene in scenes]
    assert [scene.panel("map").xlabel for scene in scenes] == [
        f"$x$  (map at $z$ = {z})" for z in ("−1.00", "0.00", "1.00", "2.00")
    ]
    np.testing.assert_allclose(heights[0], -heights[2])
    np.testing.assert_allclose(heights[3], 2 * heights[2])


def test_several_move_together_and_all_else_stays():
    explorer = GradientExplorer(BOWL, point=(1, 2), angle=75.0)
    scenes = swept(explorer, {"y": (2, -2), "x": None}, 5)
    assert values(scenes, "x", "y") == [(-3, 2), (-1.5, 1), (0, 0), (1.5, -1), (3, -2)]
    assert {scene.values["angle"] for scene in scenes} == {75.0}
    assert values(swept(explorer, ("x", "angle"), 2), "x", "angle") == [(-3, 0), (3, 180)]
    assert values(swept(explorer, iter(["x"]), 2), "x", "y") == [(-3, 2), (3, 2)]


def test_whole_numbers_stay_whole_and_are_shown_once():
    explorer = DescentExplorer(BOWL, steps=3)
    assert values(swept(explorer, "step", 60), "step") == [(0,), (1,), (2,), (3,)]
    both = values(swept(explorer, {"step": (0, 1), "x": (0, 1)}, 5), "step", "x")
    assert both == [(0, 0), (0, 0.25), (0, 0.5), (1, 0.75), (1, 1)]


def test_a_tape_ends_at_its_end():
    explorer = TapeExplorer("y = x*w + b")
    end = swept(explorer, "step", 60)[-1]
    assert end.captions == explorer.scene.captions


def test_a_race_finds_the_final_losses_for_every_start():
    scenes = swept(RaceExplorer(BOWL, point=(2, 1), steps=10), {"x": (0.5, 2)}, 2)
    finals = [scene["final adam"] for scene in scenes]
    assert np.isfinite(finals).any(axis=(1, 2)).all()
    assert not np.array_equal(*finals, equal_nan=True)


def test_a_race_at_its_best_stays_at_its_best():
    explorer = RaceExplorer(BOWL, point=(2, 1), steps=10, best=True)
    other = RaceExplorer(BOWL, point=(-1, 2), steps=10, best=True)
    rates = values(swept(explorer, {"x": (2, -1), "y": (1, 2)}, 2), *rates_of(explorer))
    assert rates == values([explorer.scene, other.scene], *rates_of(explorer))
    assert rates[0] != rates[1]


def rates_of(explorer):
    return [f"rate {name}" for name in explorer.methods]


def test_copies_leave_no_widget_behind():
    explorer = GradientExplorer(BOWL)
    before = set(ipw.widgets.widget._instances)
    swept(explorer, "angle", 2)
    assert set(ipw.widgets.widget._instances) == before


@pytest.mark.parametrize(
    ("sweep", "told"),
    [
        ("alpha", "'alpha' is none of x, y, angle, which can be swept"),
        (("x", "point"), "'point' is none of x, y, angle"),
        ({"density": (5, 9)}, "'density' is none of x, y, angle"),
        ((), "name what is swept"),
        ({"x": (0, 9)}, "x is from -3 to 3, not (0, 9)"),
    ],
)
def test_a_sweep_of_something_else_is_refused(tmp_path, sweep, told):
    explorer = GradientExplorer(BOWL)
    with pytest.raises(ValueError, match=re.escape(told)):
        explorer.save(tmp_path / "a.gif", sweep=sweep)
    assert list(tmp_path.iterdir()) == []
    assert explorer._work == {}


# ── files ────────────────────────────────────────────────────────────────────────────────────────


def test_a_gif_has_its_frames_and_its_pace(tmp_path):
    explorer = GradientExplorer(BOWL)
    explorer.save(tmp_path / "a.gif", sweep="angle", frames=5, **SMALL)
    assert frames_of(tmp_path / "a.gif") == [((180, 120), 50)] * 5
    explorer.save(tmp_path / "a.gif", sweep="angle", frames=3, fps=4, **SMALL)
    assert frames_of(tmp_path / "a.gif") == [((180, 120), 250)] * 3


def test_an_mp4_is_the_same_film(tmp_path):
    with matplotlib.rc_context({"animation.ffmpeg_path": imageio_ffmpeg.get_ffmpeg_exe()}):
        explorer = GradientExplorer(BOWL)
        explorer.save(tmp_path / "a.mp4", sweep="angle", frames=6, fps=12, **SMALL)
    assert imageio_ffmpeg.count_frames_and_secs(tmp_path / "a.mp4") == (6, 0.5)


def test_there_are_sixty_frames_where_nothing_is_said(tmp_path, monkeypatch):
    made = []
    monkeypatch.setattr(film, "animate", lambda scenes, *_, **__: made.extend(scenes))
    GradientExplorer(BOWL).save(tmp_path / "a.gif", sweep="angle")
    assert [scene.values["angle"] for scene in made] == [6.0 * place for place in range(60)]


def test_a_descent_s_film_is_still_that_of_its_steps(tmp_path):
    explorer = DescentExplorer(BOWL, steps=4)
    explorer.save(tmp_path / "a.gif", **SMALL)
    assert frames_of(tmp_path / "a.gif") == [((180, 120), 100)] * 5
    explorer.save(tmp_path / "a.gif", frames=3, fps=5, **SMALL)
    assert frames_of(tmp_path / "a.gif") == [((180, 120), 200)] * 3


def test_where_the_axes_follow_the_ground_is_painted_anew(tmp_path):
    """A loss of 1e100 needs another axis than one that falls."""
    explorer = DescentExplorer(BOWL, point=(2, 1), steps=30)
    scenes = swept(explorer, {"rate": (0.02, 0.5)}, 2)
    assert scenes[0].panel("loss").y != scenes[1].panel("loss").y
    reel = animate.Reel(scenes, **SMALL)
    for scene in (*scenes, scenes[0]):
        reel.show(scene)
        axes = dict(zip((panel.name for panel in scene.panels), reel.sheet.axes, strict=True))
        assert axes["loss"].get_ylim() == scene.panel("loss").y
        assert len(reel.sheet.images) == 1


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"frames": 0}, "frames is a whole number above 0, not 0"),
        ({"frames": 2.5}, "frames is a whole number"),
        ({"frames": True}, "frames is a whole number"),
        ({"fps": 0}, "fps is how many frames there are to a second, not 0"),
        ({"fps": math.nan}, "fps is how many"),
        ({"fps": 60}, "a .gif has at most 50 frames a second, not 60"),
    ],
)
def test_what_is_no_film_is_refused(tmp_path, options, told):
    with pytest.raises(ValueError, match=re.escape(told)):
        GradientExplorer(BOWL).save(tmp_path / "a.gif", sweep="angle", **options)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", [name for name in EXPLORERS if name not in ("descent",)])
def test_what_does_not_move_by_itself_says_how_it_would(tmp_path, name):
    explorer = EXPLORERS[name][0]()
    with pytest.raises(ValueError, match="nothing that moves by itself; a sweep makes a film") as e:
        explorer.save(tmp_path / "a.gif")
    named = re.search(r"sweep='([^']*)'\)$", str(e.value))[1]
    assert len(swept(explorer, named, 2)) == 2
    assert list(tmp_path.iterdir()) == []


# ── the bar, and an early end ────────────────────────────────────────────────────────────────────


def test_the_bar_shows_how_far_it_is(tmp_path):
    explorer = GradientExplorer(BOWL)
    face = Face(explorer)
    explorer.save(tmp_path / "a.gif", sweep="angle", frames=3, **SMALL)
    work = [one.state["_work"] for one in face.messages if "_work" in one.names]
    assert {one["name"] for one in work if one} == {
        "Writing a.gif (to end it, interrupt the kernel)"
    }
    assert [one.get("share") for one in work] == pytest.approx([0, 1 / 3, 2 / 3, 1, None])
    assert set().union(*(one.names for one in face.messages)) == {"_work"}


@pytest.mark.parametrize("ending", ["gif", "mp4"])
def test_interrupted_it_leaves_no_file(tmp_path, monkeypatch, ending):
    shown, show = [], animate.Reel.show

    def showing(reel, scene):
        shown.append(scene)
        if len(shown) == 2:
            raise KeyboardInterrupt
        show(reel, scene)

    monkeypatch.setattr(animate.Reel, "show", showing)
    explorer = GradientExplorer(BOWL, point=(1, 2))
    with (
        matplotlib.rc_context({"animation.ffmpeg_path": imageio_ffmpeg.get_ffmpeg_exe()}),
        pytest.raises(KeyboardInterrupt),
    ):
        explorer.save(tmp_path / f"a.{ending}", sweep="x", frames=3, **SMALL)
    assert list(tmp_path.iterdir()) == []
    assert (explorer._work, explorer.point) == ({}, (1, 2))


def test_interrupted_between_frames_the_copy_is_closed(monkeypatch):
    closed, close = [], GradientExplorer.close
    monkeypatch.setattr(GradientExplorer, "close", lambda e: closed.append(e) or close(e))
    monkeypatch.setattr(film, "_scene_at", lambda *_: 1 / 0)
    explorer = GradientExplorer(ScalarField(BOWL))
    with pytest.raises(ZeroDivisionError):
        swept(explorer, "x", 3)
    assert len(closed) == 1
    assert closed[0] is not explorer
