"""Moving pictures: files that are read back, a background painted once, work that can be ended."""

import io
import subprocess
import sys
from dataclasses import replace

import imageio_ffmpeg
import matplotlib
import numpy as np
import pytest
from PIL import Image, ImageSequence

from gradwidgets.calculus.field import ScalarField
from gradwidgets.pictures.control import Control
from gradwidgets.pictures.gradient import gradient_picture
from gradwidgets.pictures.marks import Label, Marker, Polyline
from gradwidgets.pictures.numbers import caption, points, row
from gradwidgets.pictures.panels import Panel
from gradwidgets.pictures.picture import Picture
from gradwidgets.pictures.scene import Layer
from gradwidgets.rendering import layout, paint, sizing
from gradwidgets.rendering.animate import Reel, animate

PANELS = (Panel("map", (0, 10), (0, 10), title="$x^2$", equal=True), Panel("side", (0, 10), (0, 1)))
MARKS = (
    Polyline(name="path", panel="map", color="#0072B2", fill="#DDDDDD", dots=8.0),
    Marker(name="here", panel="side", color="#D55E00", size=20),
    Label(name="beside", panel="side", texts=("{.0}",)),
    Label(name="said", panel="", texts=("short", "a long line " * 20)),
)
BACKDROP = Layer((Polyline(name="axis", panel="side", width=5),), {"axis": points((0, 0), (9, 1))})


def compute(step):
    return {
        "path": points((1, 1), (1, 1 + step), (1 + step, 1 + step)),
        "here": row(step, 0.5),
        "beside": row(step, 0.5, 1, 0, 0, step),
        "said": caption(np.where(step == 2, 1.0, 0.0)),
    }


CONTROLS = (Control("step", "step", 0.0, 9.0, 1.0, 0.0),)
PICTURE = Picture(PANELS, BACKDROP, MARKS, CONTROLS, compute)
SCENES = [PICTURE.scene((step,)) for step in range(1, 6)]


@pytest.fixture
def ffmpeg():
    with matplotlib.rc_context({"animation.ffmpeg_path": imageio_ffmpeg.get_ffmpeg_exe()}):
        yield


def frames_of(path):
    with Image.open(path) as image:
        frames = [frame.convert("RGB") for frame in ImageSequence.Iterator(image)]
        durations = [frame.info["duration"] for frame in ImageSequence.Iterator(image)]
        return frames, durations


# ── files ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("seconds", "milliseconds"), [(0.1, 100), (0.15, 150), (1.2, 1200)])
def test_a_gif_has_a_frame_for_every_scene(tmp_path, seconds, milliseconds):
    path = tmp_path / "walk.gif"
    animate(SCENES, path, seconds, 400)
    frames, durations = frames_of(path)
    assert durations == [milliseconds] * len(SCENES)
    assert {frame.size for frame in frames} == {(400, frames[0].height)}
    different = {frame.tobytes() for frame in frames}
    assert len(different) == len(SCENES)


def test_an_mp4_is_a_film(tmp_path, ffmpeg):
    path = tmp_path / "walk.MP4"
    animate(iter(SCENES), str(path), 0.25, 301)
    assert path.read_bytes()[4:8] == b"ftyp"
    assert imageio_ffmpeg.count_frames_and_secs(path) == (len(SCENES), 0.25 * len(SCENES))
    read = ["-v", "error", "-i", path, "-f", "rawvideo", "-pix_fmt", "rgb24", "-"]
    ffmpeg = subprocess.run(
        [imageio_ffmpeg.get_ffmpeg_exe(), *read], capture_output=True, check=True
    )
    first, *_, last = np.frombuffer(ffmpeg.stdout, np.uint8).reshape(len(SCENES), -1, 302, 3)
    assert np.abs(first.astype(int) - last).max() > 100


def test_without_ffmpeg_a_gif_is_recommended(tmp_path):
    path = tmp_path / "walk.mp4"
    nowhere = {"animation.ffmpeg_path": str(tmp_path / "nowhere")}
    with matplotlib.rc_context(nowhere), pytest.raises(ValueError, match=r"save a \.gif instead"):
        animate(SCENES, path)
    assert not path.exists()


@pytest.mark.parametrize("name", ["walk.png", "walk", "gif"])
def test_another_ending_is_refused(tmp_path, name):
    with pytest.raises(ValueError, match=r"save to \.gif or \.mp4"):
        animate(SCENES, tmp_path / name)


def test_nothing_can_not_be_animated(tmp_path):
    with pytest.raises(ValueError, match="nothing to animate"):
        animate([], tmp_path / "walk.gif")


# ── progress, and an early end ───────────────────────────────────────────────────────────────────


def test_progress_is_told_after_every_frame(tmp_path):
    heard = []
    animate(SCENES[:3], tmp_path / "walk.gif", 0.1, 240, lambda *told: heard.append(told))
    assert heard == [(1, 3), (2, 3), (3, 3)]


class EnoughError(Exception):
    pass


@pytest.mark.parametrize("ending", ["gif", "mp4"])
def test_what_the_listener_raises_ends_the_work_and_leaves_no_file(tmp_path, ffmpeg, ending):
    heard = []

    def told(done, total):
        heard.append(done)
        if done == 2:
            raise EnoughError

    with pytest.raises(EnoughError):
        animate(SCENES, tmp_path / f"walk.{ending}", 0.1, 240, told)
    assert heard == [1, 2]
    assert list(tmp_path.iterdir()) == []


def test_a_scene_that_can_not_be_painted_is_what_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr(Reel, "show", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        animate(SCENES, tmp_path / "walk.gif", 0.1, 240)
    assert list(tmp_path.iterdir()) == []


# ── frames ───────────────────────────────────────────────────────────────────────────────────────


def pixels(figure):
    target = io.BytesIO()
    figure.savefig(target, format="rgba", dpi=layout.DPI)
    width, height = (figure.get_size_inches() * layout.DPI).round().astype(int)
    return np.frombuffer(target.getvalue(), np.uint8).reshape(height, width, 4)[..., :3].astype(int)


GRADIENT = gradient_picture(ScalarField("x**2 + 10*y**2"))


@pytest.mark.parametrize(
    ("scenes", "hidden"),
    [(SCENES, 0), ([GRADIENT.scene((1, y, 80)) for y in (1, -1)], 1e-3)],
    ids=["own", "gradient"],
)
def test_a_frame_is_the_static_picture(scenes, hidden):
    """But for room that another scene's captions need, and numbers on contours, now below.

    Labels that would rather stay where they were in another scene are tried elsewhere.
    """
    reel = Reel(scenes, 640)
    for scene in (scenes[1], scenes[0], scenes[-1]):
        reel.show(scene)
        whole, frame = pixels(paint.figure(scene, 640)), pixels(reel.sheet)
        high = min(len(whole), len(frame))
        assert len(frame) - len(whole) in range(200)
        assert np.mean(np.abs(whole[:high] - frame[:high]).max(axis=-1) > 3) <= hidden


def test_there_is_room_for_the_longest_captions():
    assert len({len(sizing.caption_lines(scene, 400)) for scene in SCENES}) == 2
    reel = Reel(SCENES, 400)
    reel.show(SCENES[1])
    lowest = min(text.get_window_extent().y0 for text in reel.sheet.texts)
    assert 0 <= lowest < 20
    reel.show(SCENES[0])
    assert [text.get_text() for text in reel.sheet.texts] == ["short"]


def test_the_background_is_painted_once(tmp_path, monkeypatch):
    painted, paint_panels = [], paint.paint_panels

    def counting(made, scene, layout):
        painted.append(scene)
        return paint_panels(made, scene, layout)

    monkeypatch.setattr(paint, "paint_panels", counting)
    animate(SCENES, tmp_path / "walk.gif", 0.1, 240)
    assert painted == SCENES[:1]


def test_another_ground_is_painted_anew():
    """Another panel, or another backdrop."""
    panel = replace(PANELS[1], y=(0, 2), title="higher")
    higher = replace(SCENES[0], panels=(PANELS[0], panel))
    other = Layer(BACKDROP.marks, {"axis": points((0, 1), (9, 0))})
    scenes = (SCENES[0], higher, replace(SCENES[0], backdrop=other), SCENES[1])
    reel = Reel(scenes, 640)
    for scene in (*scenes, *scenes[::-1]):
        reel.show(scene)
        whole, frame = pixels(paint.figure(scene, 640)), pixels(reel.sheet)
        high = min(len(whole), len(frame))
        assert np.abs(whole[:high] - frame[:high]).max() <= 3


def test_frames_do_not_pile_up_on_the_sheet():
    reel = Reel(SCENES, 400)
    counts = []
    for scene in (SCENES[0], SCENES[2], SCENES[3]):
        reel.show(scene)
        counts.append(len(reel.sheet.findobj()))
    assert len(set(counts)) == 1


def test_animating_never_imports_pyplot(tmp_path):
    code = (
        "import sys\n"
        "from gradwidgets import ScalarField\n"
        "from gradwidgets.pictures.gradient import gradient_picture\n"
        "from gradwidgets.rendering.animate import animate\n"
        "assert 'matplotlib' not in sys.modules\n"
        "scene = gradient_picture(ScalarField('x*y')).scene((1, 1, 30))\n"
        f"animate([scene], {str(tmp_path / 'a.gif')!r}, width=240)\n"
        "print('matplotlib.pyplot' in sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.stdout.strip(), done.stderr) == ("False", "")
