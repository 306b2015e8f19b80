"""A picture of a chosen size: exactly so large, filled, and all in it in proportion."""

import io

import numpy as np
import pytest
from matplotlib.text import Text
from PIL import Image

from gradwidgets.calculus.field import ScalarField
from gradwidgets.pictures.derivative import derivative_picture
from gradwidgets.pictures.gradient import gradient_picture
from gradwidgets.pictures.marks import Arrow
from gradwidgets.pictures.partials import partials_picture
from gradwidgets.rendering import layout, paint, sizing
from gradwidgets.rendering.animate import Reel

BOWL = ScalarField("x**2 + 10*y**2")
MAP = gradient_picture(BOWL, density=5).scene((1, 2, 30))
SCENES = {
    "gradient": MAP,
    "slices": partials_picture(ScalarField("x*y*z")).scene((1, 2, 1)),
    "curve": derivative_picture(ScalarField("sin(x)")).scene((1.0, 0.5)),
}
SIZES = [(9.6, 7.2), (6, 4), (3.35, 2.5), (8, 8), (4, 9), (12, 3)]
EVERY = pytest.mark.parametrize("scene", SCENES.values(), ids=SCENES)


SAME = 0.015  # of the dots: letters are hinted anew for every size


def differing(one, other):
    """The share of dots that differ clearly."""
    return np.mean(np.abs(one - other).max(axis=-1) > 24)


def artist(figure, gid):
    return next(found for found in figure.findobj() if found.get_gid() == gid)


# ── formats ──────────────────────────────────────────────────────────────────────────────────────


@EVERY
@pytest.mark.parametrize("size", SIZES)
def test_the_sheet_has_the_size_and_the_picture_fits_it(scene, size):
    form = sizing.fitted([scene], size)
    assert form.inches == pytest.approx(size)
    boxes = form.layout(scene.panels).boxes.values()
    captions = sizing.CAPTION_LINE * len(sizing.caption_lines(scene, form.width))
    below = form.height - form.layout(scene.panels).height - captions - sizing.BELOW
    assert below == pytest.approx(form.above)  # in the middle
    assert min(box.left for box in boxes) > 0
    assert max(box.left + box.width for box in boxes) < form.width


@EVERY
def test_a_size_of_the_usual_proportions_is_filled(scene):
    width, height = sizing.usual([scene]).inches
    form = sizing.fitted([scene], (width / 2, height / 2))
    assert form.above <= 0.04 * form.height


@EVERY
def test_twice_the_size_has_the_same_layout(scene):
    one, two = (sizing.fitted([scene], size) for size in ((5, 4), (10, 8)))
    assert (one.width, one.height, one.above) == (two.width, two.height, two.above)
    assert one.per_inch == 2 * two.per_inch


@pytest.mark.parametrize("size", SIZES)
def test_panels_side_by_side_have_room_for_their_titles(size):
    """Between the two widths a title would meet the label beside it."""
    assert not 600 < sizing.fitted([MAP], size).width < 760


def test_a_film_s_format_has_room_for_every_scene():
    long = gradient_picture(ScalarField("abs(x) + abs(y)"), density=5).scene((0, 0, 30))
    form, lines = sizing.fitted([MAP, long], (6, 4)), sizing.caption_lines
    most = max(len(lines(scene, form.width)) for scene in (MAP, long))
    assert len({len(lines(scene, form.width)) for scene in (MAP, long)}) == 2
    high = form.layout(MAP.panels).height + most * sizing.CAPTION_LINE
    assert high <= form.height


NO_SIZES = [6, "6 x 4", (6,), (6, 4, 1), (0, 4), (-6, 4), (float("nan"), 4), (6, float("inf"))]


@pytest.mark.parametrize("size", NO_SIZES)
def test_what_is_no_size_is_refused(size):
    with pytest.raises(ValueError, match=r"\(width, height\) in inches"):
        paint.figure(MAP, size=size)


def test_a_size_in_which_nothing_would_be_seen_is_refused():
    with pytest.raises(ValueError, match="too flat"):
        paint.figure(MAP, size=(100, 1))


@pytest.mark.parametrize("dpi", [0, -1, float("nan"), float("inf"), "figure"])
def test_what_is_no_dpi_is_refused(tmp_path, dpi):
    with pytest.raises(ValueError, match="dots"):
        paint.write(MAP, tmp_path / "a.png", dpi=dpi)
    assert list(tmp_path.iterdir()) == []


# ── figures ──────────────────────────────────────────────────────────────────────────────────────


def lengths(figure):
    """Lengths in points of all kinds that a figure has, by the artist's name and the kind."""
    found = {
        ("text", k): t.get_fontsize() for k, t in enumerate(figure.findobj(Text)) if t.get_text()
    }
    line, dots, arrow = (artist(figure, name) for name in ("cosine", "point", "gradient"))
    axes = figure.axes[0]
    tick = axes.xaxis.get_major_ticks()[0]
    (levels,) = (a for a in axes.collections if hasattr(a, "levels") and not a.filled)
    found |= {"line": line.get_linewidth(), "ring": dots.get_linewidths()[0]}
    found |= {"marker": dots.get_sizes()[0] ** 0.5, "levels": levels.get_linewidths()[0]}
    found |= {"edge": arrow.get_path_effects()[0]._gc["linewidth"]}
    found |= {"tick": tick.tick1line.get_markersize(), "pad": tick.get_pad()}
    found |= {"tick's width": tick.tick1line.get_markeredgewidth()}
    found |= {"spine": axes.spines["left"].get_linewidth(), "label": axes.xaxis.labelpad}
    return found


def test_everything_is_in_proportion_text_too():
    small, large = (paint.figure(MAP, size=size) for size in ((4.8, 3.6), (9.6, 7.2)))
    one, two = lengths(small), lengths(large)
    assert one.keys() == two.keys()
    assert list(two.values()) == pytest.approx([2 * length for length in one.values()])


def test_half_the_size_with_twice_the_dots_is_the_same_picture():
    shown = []
    for size, dpi in (((4.8, 3.6), 200), ((9.6, 7.2), 100)):
        target = io.BytesIO()
        paint.figure(MAP, size=size).savefig(target, format="png", dpi=dpi)
        shown.append(np.asarray(Image.open(target).convert("RGB")).astype(int))
    assert shown[0].shape == shown[1].shape == (720, 960, 3)
    assert differing(*shown) < SAME < differing(shown[0], shown[1][:, ::-1])


@pytest.mark.parametrize("size", SIZES)
def test_arrows_and_labels_are_where_the_axes_put_them(size):
    figure = paint.figure(MAP, size=size)
    for mark in MAP.marks:
        if not (isinstance(mark, Arrow) and mark.panel == "map"):
            continue
        shape = artist(figure, mark.name)
        for path, ends in zip(shape.get_paths(), MAP[mark.name].reshape(-1, 4), strict=True):
            tip = shape.get_transform().transform(path.vertices[3])
            assert tip == pytest.approx(figure.axes[0].transData.transform(ends[2:]), abs=0.1)
    room = figure.axes[0].get_window_extent().padded(1)
    drawn = artist(figure, "gradient label")
    assert room.contains(*drawn.get_window_extent().min)
    assert room.contains(*drawn.get_window_extent().max)


@pytest.mark.parametrize("size", SIZES)
def test_titles_and_captions_stay_on_the_sheet(size):
    figure = paint.figure(MAP, size=size)
    across, up = figure.get_size_inches() * figure.dpi
    drawn = [*figure.texts, *(ax.title for ax in figure.axes)]
    assert " ".join(text.get_text() for text in figure.texts) == " ".join(MAP.captions)
    for extent in (text.get_window_extent() for text in drawn):
        assert -0.5 <= extent.x0 <= extent.x1 <= across + 0.5
        assert -0.5 <= extent.y0 <= extent.y1 <= up + 0.5


# ── films ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("size", "dpi"), [((6, 4), 100), ((6, 4), 50), ((3, 2), 150)])
def test_a_film_s_frames_are_the_pictures_of_that_size(size, dpi):
    other = gradient_picture(BOWL, density=5).scene((-1, -2, 30))
    reel = Reel([MAP, other], size=size, dpi=dpi)
    dots = (round(size[0] * dpi), round(size[1] * dpi))
    assert sizing.fitted([MAP], size) == sizing.fitted([other], size)
    wholes = [rgb(paint.figure(scene, size=size), dpi) for scene in (MAP, other)]
    for scene, same, another in ((other, *wholes[::-1]), (MAP, *wholes)):
        reel.show(scene)
        frame = rgb(reel.sheet, dpi)
        assert frame.shape[1::-1] == same.shape[1::-1] == dots
        assert differing(frame, same) < SAME < differing(frame, another)


def test_a_film_of_odd_dots_has_even_ones():
    reel = Reel([MAP], size=(3.01, 2.01), dpi=100)
    reel.show(MAP)
    assert rgb(reel.sheet, 100).shape == (202, 302, 3)


def rgb(figure, dpi):
    target = io.BytesIO()
    figure.savefig(target, format="png", dpi=dpi)
    return np.asarray(Image.open(target).convert("RGB")).astype(int)


def test_layouts_are_only_moved_down():
    plan = layout.plan(MAP.panels, 800)
    moved = sizing.lowered(plan, 12.5)
    assert (moved.width, moved.height) == (plan.width, plan.height + 12.5)
    for name, box in plan.boxes.items():
        assert moved.boxes[name] == layout.Box(box.left, box.top + 12.5, box.width, box.height)
