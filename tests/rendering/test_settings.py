"""The reader's matplotlib settings never reach a picture, and they have them back afterwards."""

import io
import re
from concurrent.futures import ThreadPoolExecutor

import imageio_ffmpeg
import matplotlib
import matplotlib.style
import numpy as np
import pytest
from cycler import cycler
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke
from PIL import Image, ImageSequence

from gradwidgets import GradientTape, constant
from gradwidgets.calculus.field import ScalarField
from gradwidgets.pictures.derivative import derivative_picture
from gradwidgets.pictures.gradient import gradient_picture
from gradwidgets.pictures.scene import Layer, Scene
from gradwidgets.rendering import paint
from gradwidgets.rendering.animate import animate
from gradwidgets.rendering.settings import usual_settings

MAP = gradient_picture(ScalarField("log(x) + y**2"), density=5).scene((1, 1, 30))
SMALL = Scene(MAP.panels[:1], Layer(), (), {})
LINES = derivative_picture(ScalarField("sin(x)")).scene((1.0, 0.5))

# Each with settings of many kinds, as far as they do not hide one another.
SETTINGS = {
    "dark": {**matplotlib.style.library["dark_background"], "figure.constrained_layout.use": True},
    "xkcd": {
        "path.sketch": (1, 100, 2),
        "path.effects": [withStroke(linewidth=4, foreground="red")],
        "font.family": ["Humor Sans", "serif"],
        "font.size": 23.0,
        "mathtext.fontset": "stix",
        "axes.unicode_minus": False,
        "figure.autolayout": True,
        "savefig.bbox": "tight",
        "svg.fonttype": "none",
    },
    "usetex": {"text.usetex": True, "savefig.transparent": True},
    "red": {
        "figure.dpi": 37.0,
        "savefig.dpi": 31.0,
        "figure.figsize": [2.0, 9.0],
        "savefig.facecolor": "red",
        "figure.facecolor": "red",
        "axes.facecolor": "red",
        "axes.grid": True,
        "axes.titlelocation": "right",
        "axes.spines.top": False,
        "axes.prop_cycle": cycler(color=["red"]),
        "lines.linewidth": 9.0,
        "lines.marker": "s",
        "lines.markersize": 30.0,
        "patch.edgecolor": "red",
        "hatch.color": "red",
        "hatch.linewidth": 7.0,
        "scatter.marker": "x",
        "contour.linewidth": 8.0,
        "text.color": "red",
        "text.antialiased": False,
        "xtick.top": True,
        "ytick.direction": "in",
        "xtick.labelbottom": False,
        "image.origin": "lower",
        "pdf.fonttype": 3,
    },
}


@pytest.fixture(params=SETTINGS)
def settings(request):
    """The reader's settings; afterwards they are what they were."""
    with matplotlib.rc_context(SETTINGS[request.param]):
        before = dict(matplotlib.rcParams)
        yield SETTINGS[request.param]
        assert dict(matplotlib.rcParams) == before


def pixels(data):
    return np.asarray(Image.open(io.BytesIO(data)))


def tape_figure():
    x = constant(3.0, name="x")
    with GradientTape() as tape:
        tape.watch(x)
        y = x * x
    return tape.figure(y, x)


def svg(figure):
    """What is drawn, without the names that matplotlib makes up anew for every file."""
    target = io.BytesIO()
    figure.savefig(target, format="svg")
    text = re.sub(r"<dc:date>.*</dc:date>", "", target.getvalue().decode())
    return re.sub(r'(id="|#)[a-z]*[0-9a-f]{10}', "", text)


def written(figure):
    target = io.BytesIO()
    figure.savefig(target, format="png")
    return target.getvalue()


@pytest.fixture(scope="module")
def usual():
    """What is written where nobody has set anything."""
    return {
        "picture": paint.png(MAP, 400, 1),
        "figure": written(paint.figure(LINES, 400)),
        "tape": written(tape_figure()),
        "svg": svg(paint.figure(SMALL, 400)),
    }


def test_no_setting_reaches_a_file(usual, settings):
    assert paint.png(MAP, 400, 1) == usual["picture"]
    assert written(tape_figure()) == usual["tape"]
    assert svg(paint.figure(SMALL, 400)) == usual["svg"]


@pytest.mark.parametrize("name", ["usetex", "xkcd"])
def test_no_setting_reaches_a_figure_that_is_written_later(usual, name):
    made = paint.figure(LINES, 400)
    with matplotlib.rc_context(SETTINGS[name]):
        assert written(made) == usual["figure"]


def film(folder):
    animate([MAP] * 2, folder / "a.gif", width=240)
    with Image.open(folder / "a.gif") as image:
        return [np.asarray(frame.convert("RGB")) for frame in ImageSequence.Iterator(image)]


def test_no_setting_reaches_a_film(tmp_path):
    usual = film(tmp_path)
    with matplotlib.rc_context(SETTINGS["red"]):
        before = dict(matplotlib.rcParams)
        assert all(map(np.array_equal, film(tmp_path), usual))
        assert dict(matplotlib.rcParams) == before


def test_what_a_reader_sets_while_a_film_is_made_stays(tmp_path):
    def told(done, total):
        matplotlib.rcParams["lines.linewidth"] = 5.0 + done

    with matplotlib.rc_context({"lines.linewidth": 4.0}):
        animate([MAP] * 2, tmp_path / "a.gif", width=240, told=told)
        assert matplotlib.rcParams["lines.linewidth"] == 7.0


def test_where_ffmpeg_is_remains_known():
    there = imageio_ffmpeg.get_ffmpeg_exe()
    with matplotlib.rc_context({"animation.ffmpeg_path": there}), usual_settings():
        assert matplotlib.rcParams["animation.ffmpeg_path"] == there


def test_settings_come_back_after_an_error(monkeypatch):
    monkeypatch.setattr(paint, "paint_layer", lambda *_: 1 / 0)
    with matplotlib.rc_context({"font.size": 23.0}):
        with pytest.raises(ZeroDivisionError):
            paint.figure(MAP)
        assert matplotlib.rcParams["font.size"] == 23.0


def test_contexts_nest_and_end_once():
    with matplotlib.rc_context({"font.size": 23.0}):
        with usual_settings():
            with usual_settings():
                pass
            assert matplotlib.rcParams["font.size"] == 10.0
        assert matplotlib.rcParams["font.size"] == 23.0


def test_another_thread_waits_for_its_turn_and_finds_the_readers_settings():
    seen = []

    def paints():
        with usual_settings():
            seen.append(matplotlib.rcParams["font.size"])

    with matplotlib.rc_context({"font.size": 23.0}), ThreadPoolExecutor(1) as pool:
        with usual_settings():
            other = pool.submit(paints)
        other.result(timeout=60)
        assert (seen, matplotlib.rcParams["font.size"]) == ([10.0], 23.0)


def test_a_style_chosen_while_something_is_painted_stays():
    with matplotlib.rc_context({"font.size": 23.0, "axes.grid": True}):
        with usual_settings():
            matplotlib.rcParams["font.size"] = 17.0
        assert (matplotlib.rcParams["font.size"], matplotlib.rcParams["axes.grid"]) == (17.0, True)


# ── the figure itself ────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("make", [lambda: paint.figure(LINES), tape_figure], ids=["scene", "tape"])
def test_a_figure_is_a_real_one_and_shows_itself_sharp_at_its_own_size(make):
    figure = make()
    assert isinstance(figure, Figure)
    data, metadata = figure._repr_png_()
    assert metadata == {"width": pytest.approx(100 * figure.get_figwidth(), abs=1)}
    assert pixels(data).shape[1] == 2 * metadata["width"]


def test_options_of_its_own_still_hold():
    target = io.BytesIO()
    with matplotlib.rc_context(SETTINGS["red"]):
        paint.figure(LINES).savefig(target, format="png", facecolor="#00ff00", dpi=20)
    shown = pixels(target.getvalue())
    assert shown.shape[1] == 960 * 20 // 100
    assert tuple(shown[0, 0]) == (0, 255, 0, 255)
