"""The painter: every artist holds exactly the scene's numbers, and stays where it belongs."""

import io
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.colors import to_hex
from matplotlib.text import Text
from PIL import Image

from gradwidgets.calculus.field import ScalarField
from gradwidgets.pictures.curvature import curvature_picture
from gradwidgets.pictures.gradient import gradient_picture
from gradwidgets.pictures.marks import Arrow, Label, Marker, Polyline, label_text
from gradwidgets.pictures.palette import GRADIENT as GRADIENT_HUE
from gradwidgets.pictures.palette import HANDLE, INK
from gradwidgets.pictures.panels import Panel
from gradwidgets.pictures.partials import partials_picture
from gradwidgets.pictures.picture import Picture
from gradwidgets.pictures.scene import Layer, Scene
from gradwidgets.rendering import layout, paint
from gradwidgets.rendering.labels import TITLE_LINE
from gradwidgets.rendering.marks import arrow_outline

BOWL = ScalarField("x**2 + 10*y**2")
GRADIENT = gradient_picture(BOWL).scene((1, 2, 30))
PARTIALS = partials_picture(BOWL).scene((1, 2))
CURVATURE = curvature_picture(ScalarField("exp(-x**2 - y**2)")).scene((0.8, 0.4, 30, 0.2, 1.0))
SCENES = {"gradient": GRADIENT, "partials": PARTIALS, "curvature": CURVATURE}


# ── the figure holds the scene's numbers ─────────────────────────────────────────────────────────


def artist(figure, gid):
    return next(found for found in figure.findobj() if found.get_gid() == gid)


def layers(scene):
    yield from ((mark, scene.backdrop.numbers[mark.name]) for mark in scene.backdrop.marks)
    yield from ((mark, scene[mark.name]) for mark in scene.marks if mark.panel)


@pytest.mark.parametrize(("ticks", "count"), [((), 0), ((-1, 0, 1), 3), (None, None)])
def test_a_panel_s_ticks_are_those_that_it_names(ticks, count):
    panel = Panel("p", (-2, 2), (-2, 2), xticks=ticks, yticks=ticks)
    axes = paint.figure(Scene((panel,), Layer(), (), {})).axes[0]
    for found in (axes.get_xticks(), axes.get_yticks()):
        assert len(found) == count if ticks is not None else len(found) > 3


@pytest.mark.parametrize("name", SCENES)
def test_every_mark_of_a_scene_is_an_artist_with_its_numbers(name):
    scene = SCENES[name]
    figure = paint.figure(scene)
    seen = set()
    for mark, numbers in layers(scene):
        if isinstance(mark, Label) and not label_text(mark, numbers):
            continue
        CHECKS[type(mark)](figure, scene, artist(figure, mark.name), mark, numbers)
        seen.add(type(mark))
    assert seen >= {Polyline, Marker, Label}


def check_line(figure, scene, line, mark, numbers):
    wanted = np.stack([mark.along, numbers], axis=1) if mark.along else numbers
    np.testing.assert_array_equal(line.get_xydata(), wanted)
    assert to_hex(line.get_color()) == mark.color.lower()
    assert line.get_linewidth() == pytest.approx(mark.width * 0.72)
    assert line.is_dashed() is bool(mark.dash)


def check_arrow(figure, scene, shape, mark, numbers):
    """Tips and tails are where the axes themselves put them, to a tenth of a pixel."""
    axes = axes_of(figure, scene, mark.panel)
    outlines = [path.vertices[:7] for path in shape.get_paths()]
    assert len(outlines) == len(numbers.reshape(-1, 4))
    for outline, (x0, y0, x1, y1) in zip(outlines, numbers.reshape(-1, 4), strict=True):
        drawn = shape.get_transform().transform([outline[3], (outline[0] + outline[6]) / 2])
        wanted = axes.transData.transform([(x1, y1), (x0, y0)])
        assert drawn == pytest.approx(wanted, abs=0.1)
    assert to_hex(shape.get_facecolor()[0]) == mark.color.lower()


def check_marker(figure, scene, dots, mark, numbers):
    np.testing.assert_array_equal(dots.get_offsets(), numbers.reshape(-1, 2))
    assert to_hex(dots.get_facecolor()[0]) == mark.color.lower()


def check_label(figure, scene, text, mark, numbers):
    assert text.get_text() == label_text(mark, numbers)
    assert to_hex(text.get_color()) == mark.color.lower()


CHECKS = {Polyline: check_line, Arrow: check_arrow, Marker: check_marker, Label: check_label}


def axes_of(figure, scene, panel):
    return figure.axes[[p.name for p in scene.panels].index(panel)]


def painted(numbers, *marks, panel=None, width=400):
    """The figure of some marks in one panel."""
    panel = panel or Panel("p", (0, 10), (0, 10))
    numbers = dict(zip((mark.name for mark in marks), map(np.asarray, numbers), strict=True))
    return paint.figure(Scene((panel,), Layer(), marks, numbers), width)


CORNERS = [(1, 1), (9, 1), (5, 8)]


@pytest.mark.parametrize(
    ("numbers", "along", "drawn"),
    [
        (CORNERS, None, True),
        ([1, 9, 4], (2, 3, 7), True),
        ([*CORNERS, (np.nan, 2)], None, False),
        ([*CORNERS, (3, np.inf)], None, False),
        ([*CORNERS, (3, 1e9)], None, False),
        ([1, np.nan, 4], (2, 3, 7), False),
        (np.empty((0, 2)), None, False),
    ],
)
def test_the_area_of_a_line_is_there_where_all_its_corners_are(numbers, along, drawn):
    mark = Polyline(name="line", panel="p", fill="#ABCDEF", along=along)
    figure = painted([numbers], mark)
    areas = [found for found in figure.findobj() if found.get_gid() == "line area"]
    assert len(areas) == drawn
    for area in areas:
        wanted = numbers if along is None else np.stack([along, numbers], axis=1)
        np.testing.assert_array_equal(area.get_xy()[:-1], wanted)
        assert to_hex(area.get_facecolor()) == "#abcdef"
        assert area.get_zorder() == artist(figure, "line").get_zorder()
        children = figure.axes[0].get_children()
        assert children.index(area) < children.index(artist(figure, "line"))


@pytest.mark.parametrize(("width", "dash"), [(0, ()), (0, (3, 2)), (2, (3, 2))])
def test_a_line_without_width_is_not_drawn(width, dash):
    mark = Polyline(name="line", panel="p", width=width, dash=dash, dots=6.0, color="#123456")
    line = artist(painted([CORNERS], mark), "line")
    assert (line.get_linestyle() == "None") is (width == 0)
    assert (line.get_marker(), line.get_markersize()) == ("o", pytest.approx(6 * 0.72))
    assert (to_hex(line.get_markerfacecolor()), line.get_markeredgewidth()) == ("#123456", 0)


def test_a_line_has_no_dots_unless_asked():
    line = artist(painted([CORNERS], Polyline(name="line", panel="p")), "line")
    assert line.get_marker() == "None"


@pytest.mark.parametrize(
    ("places", "cut"),
    [
        ([(5, 5)], False),
        ([(0, 5), (10, 10)], False),
        ([(5, 5), (11, 5)], True),
        ([(5, 5), (np.nan, 5)], True),
        ([(5, -1e300)], True),
    ],
)
def test_a_marker_on_the_edge_of_its_panel_is_whole_and_one_outside_is_cut(places, cut):
    figure = painted([places], Marker(name="dots", panel="p"))
    assert artist(figure, "dots").get_clip_on() is cut


def test_a_tick_is_ringed_like_a_handle_and_keeps_its_size():
    marks = (
        Marker(name="dot", panel="p", shape="triangle", size=10),
        Marker(name="tick", panel="p", shape="triangle", size=10, sets=("x", None)),
        Marker(name="handle", panel="p", shape="triangle", size=10, moves=("x", None)),
    )
    figure = painted(CORNERS, *marks)
    dot, tick, handle = (artist(figure, mark.name) for mark in marks)
    assert dot.get_sizes() == tick.get_sizes() == pytest.approx(handle.get_sizes() / 1.4**2)
    rings = [to_hex(found.get_edgecolor()[0]) for found in (dot, tick, handle)]
    assert rings == ["#ffffff", "#1f2933", "#1f2933"]
    assert tick.get_linewidths() == handle.get_linewidths()


@pytest.mark.parametrize("place", [(np.nan, 0.5), (0.5, np.nan), (1e9, 0.5), (0.5, 1e9)])
def test_a_label_without_a_place_is_not_written(place):
    panel, label = Panel("p", (0, 1), (0, 1)), Label(name="lost", panel="p", texts=("lost",))
    lost = Scene((panel,), Layer(), (label,), {"lost": np.array([*place, 0, 1, 0])})
    (text,) = (text for text in paint.figure(lost).findobj(Text) if text.get_text() == "lost")
    assert not text.get_visible()


@pytest.mark.parametrize("name", SCENES)
@pytest.mark.parametrize("width", [360, 960])
def test_the_axes_stand_where_the_plan_says_and_show_the_panel_s_intervals(name, width):
    scene = SCENES[name]
    figure = paint.figure(scene, width)
    plan = layout.plan(scene.panels, width)
    height = figure.get_figheight() * 100
    for panel, axes in zip(scene.panels, figure.axes, strict=True):
        box, drawn = plan.boxes[panel.name], axes.get_window_extent()
        assert (drawn.x0, height - drawn.y1) == pytest.approx((box.left, box.top))
        assert (drawn.width, drawn.height) == pytest.approx((box.width, box.height))
        assert (axes.get_xlim(), axes.get_ylim()) == (panel.x, panel.y)
        assert (axes.get_xlabel(), axes.get_ylabel()) == (panel.xlabel, panel.ylabel)
        assert axes.get_title(loc="left" if panel.left else "center") == panel.title


def test_the_level_curves_are_the_panel_s_levels():
    contours = GRADIENT.panels[0].contours
    axes = paint.figure(GRADIENT).axes[0]
    sets = [found for found in axes.collections if hasattr(found, "levels")]
    assert len(sets) == 2  # filled and lines
    for found in sets:
        assert set(np.round(contours.levels, 9)) <= set(np.round(found.levels, 9))
    numbers = {
        float(text.get_text().replace("−", "-")) for text in axes.texts if not text.get_gid()
    }
    assert numbers
    assert numbers <= {float(f"{level:g}") for level in contours.levels}


@pytest.mark.parametrize(
    ("text", "hatch"), [("x*y", None), ("log(x)*y", "////"), ("sqrt(-1-x*x)*y", "////")]
)
def test_where_f_is_undefined_the_map_is_hatched(text, hatch):
    scene = gradient_picture(ScalarField(text)).scene((1, 1, 30))
    assert paint.figure(scene).axes[0].patch.get_hatch() == hatch


@pytest.mark.parametrize("text", ["5", "x**y", "1/(x*y)", "floor(x) + y", "exp(exp(x)) + y"])
def test_an_odd_field_is_painted_without_a_warning(text):
    scene = gradient_picture(ScalarField(text, variables=("x", "y"))).scene((-1, 0, 30))
    assert paint.png(scene, 360, 1.0).startswith(b"\x89PNG")


# ── what is drawn stays where it belongs ─────────────────────────────────────────────────────────


@pytest.mark.parametrize("width", [360, 700, 960])
@pytest.mark.parametrize(
    ("text", "point"),
    [("x**2", [-3]), ("x**2 + 10*y**2", [3, -3]), ("x*y*z", [-3, 3, 3]), ("w*x + y*z", [3] * 4)],
)
def test_labels_stay_inside_their_panel(text, point, width):
    scene = partials_picture(ScalarField(text)).scene(point)
    figure = paint.figure(scene, width)
    labels = [m for m in scene.marks if isinstance(m, Label) and m.panel and scene.text(m.name)]
    assert labels
    for mark in labels:
        drawn, axes = (
            artist(figure, mark.name).get_window_extent(),
            axes_of(figure, scene, mark.panel),
        )
        room = axes.get_window_extent().padded(1)
        assert room.x0 <= drawn.x0
        assert drawn.x1 <= room.x1
        assert room.y0 <= drawn.y0
        assert drawn.y1 <= room.y1 + (TITLE_LINE if mark.above else 0)


@pytest.mark.parametrize("width", [360, 700, 960])
@pytest.mark.parametrize(("text", "point"), [("x + y", [-2.5, -2.5]), ("x*y*z", [-2.5] * 3)])
def test_a_label_above_a_panel_shares_the_line_with_its_title(text, point, width):
    scene = partials_picture(ScalarField(text)).scene(point)
    figure = paint.figure(scene, width)
    above = [mark for mark in scene.marks if isinstance(mark, Label) and mark.above]
    assert len(above) == len(point)
    for mark in above:
        axes = axes_of(figure, scene, mark.panel)
        (title,) = (t for t in axes.findobj(Text) if t.get_text().startswith("Slice"))
        drawn = artist(figure, mark.name).get_window_extent()
        assert title.get_window_extent().x1 < drawn.x0
        assert drawn.y0 >= axes.get_window_extent().y1


LONG = [
    "x**2 + 10*y**2",
    "(1.5 - x + x*y)**2 + (2.25 - x + x*y**2)**2 + (2.625 - x + x*y**3)**2",
    "arctan(x)*arcsinh(y)*softplus(x)*sigmoid(y)*relu(x)*arctanh(y/9)*log10(x)",
    "20 + x**2 - 10*cos(2*pi*x) + y**2 - 10*cos(2*pi*y)",
    "1/(1 + 1/(1 + 1/(1 + 1/(1 + 1/(1 + x*y)))))",
]


@pytest.mark.parametrize("text", LONG)
@pytest.mark.parametrize("width", [240, 360])
def test_a_title_stays_inside_the_picture(text, width):
    scene = gradient_picture(ScalarField(text)).scene((1, 1, 30))
    figure = paint.figure(scene, width)
    for axes in figure.axes:
        drawn = axes.title.get_window_extent()
        assert drawn.x0 >= 0
        assert drawn.x1 <= width
        assert drawn.y1 <= figure.get_figheight() * 100


def test_two_titles_side_by_side_do_not_touch():
    for text in LONG:
        scene = gradient_picture(ScalarField(text)).scene((1, 1, 30))
        left, right = (axes.title.get_window_extent() for axes in paint.figure(scene, 620).axes)
        assert left.x1 < right.x0


@pytest.mark.parametrize("width", [240, 360, 960])
def test_the_captions_stand_below_the_panels_and_inside_the_picture(width):
    scene = gradient_picture(ScalarField("abs(x) + 10*abs(y)")).scene((0, 0, 30))
    figure = paint.figure(scene, width)
    drawn = [text.get_text() for text in figure.texts]
    assert " ".join(drawn) == " ".join(scene.captions)
    below = figure.get_figheight() * 100 - layout.plan(scene.panels, width).height
    for text in figure.texts:
        extent = text.get_window_extent()
        assert extent.x1 <= width
        assert extent.y0 >= -0.5
        assert extent.y1 <= below + 0.5


# ── arrows ───────────────────────────────────────────────────────────────────────────────────────

PIXEL = st.floats(-2000, 2000)


@given(PIXEL, PIXEL, PIXEL, PIXEL, st.floats(0.5, 6))
def test_an_arrow_has_its_tip_at_the_tip_and_its_tail_at_the_tail(x0, y0, x1, y1, width):
    tail, tip = np.array([x0, y0]), np.array([x1, y1])
    length = np.hypot(*(tip - tail))
    outline = arrow_outline(tail, tip, width)
    assert outline.shape == (7, 2)
    assert outline[3] == pytest.approx(tip)
    if length > 1e-3:
        assert (outline[0] + outline[6]) / 2 == pytest.approx(tail, abs=1e-6)
        head = 3 + 3.2 * width
        shaft = np.linalg.norm(outline[0] - outline[6])
        assert shaft == pytest.approx(width * min(1, length / head), abs=1e-6)
        along = (tip - tail) / length
        reach = (tip - outline) @ along
        assert reach.min() >= -1e-6
        assert reach.max() <= length + 1e-6
        assert reach[2] == pytest.approx(min(head, length), abs=1e-6)
        across = (outline - tip) @ np.array([-along[1], along[0]])
        assert across + across[::-1] == pytest.approx(np.zeros(7), abs=1e-6)


def test_an_arrow_without_length_is_a_point():
    place = np.array([3.0, 4.0])
    assert arrow_outline(place, place, 2).tolist() == [[3, 4]] * 7


def test_arrows_without_a_finite_end_are_left_out():
    panel = Panel("map", (0, 1), (0, 1))
    marks = (Arrow(name="arrows", panel="map"),)
    numbers = np.array([[0, 0, 1, 1], [0, 0, np.nan, 1], [np.inf, 0, 1, 1]])
    scene = Picture((panel,), Layer(), marks, (), lambda: {"arrows": numbers}).scene(())
    assert len(artist(paint.figure(scene), "arrows").get_paths()) == 1


# ── pixels ───────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("width", "ratio"), [(240, 3.0), (601, 1.5), (960, 1.0), (960, 2.0)])
def test_a_picture_has_the_planned_size_times_the_ratio(width, ratio):
    image = Image.open(io.BytesIO(paint.png(GRADIENT, width, ratio)))
    assert image.width == pytest.approx(layout.plan(GRADIENT.panels, width).width * ratio, abs=1)


def test_a_small_picture_keeps_the_colours_of_what_is_small():
    small, whole = paint.small_png(GRADIENT), paint.png(GRADIENT, ratio=1.0)
    assert len(small) < len(whole) / 2
    one, other = (np.asarray(Image.open(io.BytesIO(d)).convert("RGB")) for d in (small, whole))
    assert one.shape == other.shape
    for color in (HANDLE, GRADIENT_HUE, INK):
        own = np.array([int(color[at : at + 2], 16) for at in (1, 3, 5)])
        assert (abs(one.astype(int) - own) <= 2).all(axis=2).any()  # a mean of what is nearly so


def test_numbers_along_an_axis_are_plain_text():
    panel = replace(GRADIENT.panels[0], y=(-3e-7, 3e-7))
    made = paint.figure(replace(GRADIENT, panels=(panel, *GRADIENT.panels[1:])))
    made.savefig(io.BytesIO(), format="png")  # which lays it out
    axes = made.axes[0]
    assert "−2" in [text.get_text() for text in axes.get_xticklabels()]
    assert "10^{" in axes.yaxis.get_offset_text().get_text()


def test_a_picture_of_everything_has_room_for_its_captions():
    image = Image.open(io.BytesIO(paint.png(GRADIENT, 600, 1.0)))
    assert image.width == 600
    assert image.height > layout.plan(GRADIENT.panels, 600).height + 3 * 20


def test_painting_never_imports_pyplot():
    code = (
        "import sys, io, gradwidgets\n"
        "from gradwidgets.pictures.gradient import gradient_picture\n"
        "from gradwidgets.rendering import paint\n"
        "assert 'matplotlib' not in sys.modules\n"
        "scene = gradient_picture(gradwidgets.ScalarField('x*y')).scene((1, 1, 30))\n"
        "paint.figure(scene).savefig(io.BytesIO(), format='pdf')\n"
        "paint.png(scene, 360, 1.0)\n"
        "print('matplotlib.pyplot' in sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.stdout.strip(), done.stderr) == ("False", "")


@pytest.mark.parametrize("text", ["abs(x) + y**2", "abs(x/y)", "abs(abs(x) - y)"])
def test_the_bars_of_an_absolute_value_in_a_title_are_as_tall_as_its_letters(text):
    scene = gradient_picture(ScalarField(text)).scene((1, 2, 30))
    title = paint.figure(scene, 620).axes[0].get_title()
    assert title.count("|") == 2 * text.count("abs")
    assert r"\left|" not in title
    assert r"\left|" in scene.panels[0].title  # the page sizes them well
