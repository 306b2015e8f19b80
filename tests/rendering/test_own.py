"""Panels in a reader's own axes: ours inside, theirs around, and all follows when axes move."""

import copy
import io
import pickle

import matplotlib
import matplotlib.style
import numpy as np
import pytest
from cycler import cycler
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.text import Text
from PIL import Image

from gradwidgets.calculus.field import ScalarField
from gradwidgets.pictures.descent import Settings, descent_picture
from gradwidgets.pictures.gradient import gradient_picture
from gradwidgets.pictures.marks import Arrow, Label, Marker, Polyline, label_text
from gradwidgets.pictures.partials import partials_picture
from gradwidgets.rendering import paint
from gradwidgets.rendering.own import box_of, paint_into

BOWL = ScalarField("x**2 + 10*y**2")
SCENE = gradient_picture(BOWL, density=5).scene((1, 2, 30))
SURFACE = gradient_picture(BOWL, view="surface").scene((1, 2, 30, -30, 30))
DESCENT = descent_picture(BOWL, Settings(steps=20)).scene((2, 1, 0.04, 3))
DARK = matplotlib.style.library["dark_background"]


def artist(ax, gid):
    return next(found for found in ax.findobj() if found.get_gid() == gid)


def marks_of(scene, panel, kind):
    return [mark for mark in scene.marks if mark.panel == panel and isinstance(mark, kind)]


def drawn(figure, **options):
    target = io.BytesIO()
    figure.savefig(target, format="png", **options)
    return np.asarray(Image.open(target).convert("RGB")).astype(int)


def subplots(*shape, **options):
    made = Figure(figsize=(9, 4), **options)
    return made, made.subplots(*shape)


# ── which panel where ────────────────────────────────────────────────────────────────────────────


def test_one_axes_shows_the_leading_panel():
    made, ax = subplots()
    assert paint_into(SCENE, ax) is made
    check_panel(ax, SCENE, "map")
    assert not [found for found in ax.findobj() if found.get_gid() == "cosine"]


@pytest.mark.parametrize("several", [tuple, list, np.array])
def test_several_show_the_panels_in_their_order(several):
    made, axes = subplots(1, 2)
    assert paint_into(SCENE, several(list(axes))) is made
    for ax, name in zip(axes, ("map", "directions"), strict=True):
        check_panel(ax, SCENE, name)


def test_a_grid_of_axes_is_read_row_by_row():
    _, axes = subplots(2, 2)
    scene = partials_picture(ScalarField("x*y*z")).scene((1, 2, 1))
    paint_into(scene, axes)
    for ax, panel in zip(axes.flat, scene.panels, strict=True):
        assert (ax.get_xlim(), ax.get_ylim()) == (panel.x, panel.y)


def test_a_mapping_names_the_panels():
    _, (left, right) = subplots(1, 2)
    paint_into(DESCENT, {"rates": left, "map": right})
    check_panel(left, DESCENT, "rates")
    check_panel(right, DESCENT, "map")


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (lambda axes: {"maps": axes[0]}, r"'maps' is none of the panels map, directions"),
        (lambda axes: axes, r"3 axes for 2 panels: map, directions"),
        (lambda axes: [], r"axes for some of the panels map, directions"),
        (lambda axes: {}, r"axes for some of the panels map, directions"),
        (lambda axes: axes[0].figure, r"'map' is painted into plain axes, as of subplots\(\)"),
        (lambda axes: "map", r"'map' is painted into plain axes"),
    ],
)
def test_what_does_not_fit_is_refused_and_nothing_is_painted(wrong, told):
    made, axes = subplots(1, 3)
    before = len(made.findobj())
    with pytest.raises(ValueError, match=told):
        paint_into(SCENE, wrong(axes))
    assert len(made.findobj()) == before


@pytest.mark.parametrize("projection", ["polar", "3d"])
def test_other_kinds_of_axes_are_refused(projection):
    ax = Figure().add_subplot(projection=projection)
    with pytest.raises(ValueError, match="plain axes"):
        paint_into(SCENE, ax)


# ── what is inside ───────────────────────────────────────────────────────────────────────────────


def check_panel(ax, scene, name):
    """The panel's intervals, words and marks, each mark with its numbers."""
    panel = scene.panel(name)
    assert (ax.get_xlim(), ax.get_ylim()) == (panel.x, panel.y)
    assert ax.get_title(loc="left" if panel.left else "center") == panel.title
    assert (ax.get_xlabel(), ax.get_ylabel()) == (panel.xlabel, panel.ylabel)
    for mark in marks_of(scene, name, Polyline):
        wanted = scene[mark.name]
        wanted = np.stack([mark.along, wanted], axis=1) if mark.along else wanted
        np.testing.assert_array_equal(artist(ax, mark.name).get_xydata(), wanted)
    for mark in marks_of(scene, name, Marker):
        offsets = artist(ax, mark.name).get_offsets()
        np.testing.assert_array_equal(offsets, scene[mark.name].reshape(-1, 2))
    for mark in marks_of(scene, name, Label):
        if text := label_text(mark, scene[mark.name]):
            assert artist(ax, mark.name).get_text() == text
    drawn(ax.get_figure(root=True))
    check_arrows(ax, scene, name)


def check_arrows(ax, scene, name):
    """Tails and tips are where the axes put them now."""
    for mark in marks_of(scene, name, Arrow):
        shape = artist(ax, mark.name)
        paths = shape.get_paths()
        for path, ends in zip(paths, scene[mark.name].reshape(-1, 4), strict=True):
            outline = path.vertices[:7]
            found = shape.get_transform().transform([(outline[0] + outline[6]) / 2, outline[3]])
            assert found == pytest.approx(ax.transData.transform(ends.reshape(2, 2)), abs=0.1)


def check_labels(ax, scene, name):
    room = ax.get_window_extent().padded(1)
    for mark in marks_of(scene, name, Label):
        if label_text(mark, scene[mark.name]) and not (mark.above or mark.free):
            extent = artist(ax, mark.name).get_window_extent()
            assert room.contains(*extent.min)
            assert room.contains(*extent.max)


def test_level_curves_pale_arrows_and_equal_axes_are_those_of_the_panel():
    made, ax = subplots()
    paint_into(SCENE, ax)
    levels = [found for found in ax.collections if hasattr(found, "levels")]
    assert len(levels) == 2
    assert set(SCENE.panel("map").contours.levels) <= set(levels[1].levels)
    assert len(artist(ax, "field").get_paths()) == 25
    drawn(made)
    box = ax.get_window_extent()
    assert box.width == pytest.approx(box.height)


def test_a_logarithmic_axis_has_its_powers():
    _, ax = subplots()
    paint_into(DESCENT, {"rates": ax})
    shown = [text.get_text() for text in ax.get_xticklabels()]
    assert "10⁻²" in shown


def test_a_surface_is_painted_into_plain_axes():
    made, ax = subplots()
    paint_into(SURFACE, ax)
    assert len(artist(ax, "surface mesh").get_paths()) > 1000
    assert not any(spine.get_visible() for spine in ax.spines.values())
    assert not [*ax.get_xticks(), *ax.get_yticks()]
    rgb = drawn(made)
    assert np.ptp(rgb, axis=(0, 1)).min() > 100


def test_the_axes_may_have_been_logarithmic():
    _, ax = subplots()
    ax.set(xscale="log", yscale="log")
    paint_into(SCENE, ax)
    check_panel(ax, SCENE, "map")


def test_it_looks_as_on_a_sheet_of_ours():
    """In axes that lie as ours do, all within them is the same to the dot."""
    sheet = paint.figure(SCENE)
    made = Figure(figsize=sheet.get_size_inches(), dpi=100)
    axes = [made.add_axes(ax.get_position()) for ax in sheet.axes]
    paint_into(SCENE, axes)
    one, other = drawn(sheet), drawn(made)
    assert one.shape == other.shape
    for ax in axes:
        box = box_of(ax)
        rows = slice(int(box.top) + 3, int(box.top + box.height) - 3)
        columns = slice(int(box.left) + 6, int(box.left + box.width) - 6)
        differing = np.abs(one - other)[rows, columns].max(axis=-1) > 24
        assert differing.mean() < 0.002


# ── what is the reader's ─────────────────────────────────────────────────────────────────────────


def test_what_the_reader_has_drawn_stays_and_more_may_be_drawn():
    _, ax = subplots()
    (line,) = ax.plot([-1, 1], [0, 1], "g--", label="mine")
    paint_into(SCENE, ax)
    ax.plot([0, 1], [0, 1], "m")
    assert line in ax.lines
    assert to_hex(ax.lines[-1].get_color()) == "#bf00bf"
    assert ax.get_legend_handles_labels()[1] == ["mine"]
    assert (ax.get_xlim(), ax.get_ylim()) == (SCENE.panel("map").x, SCENE.panel("map").y)


def test_other_axes_the_figure_and_the_settings_stay_what_they_were():
    with matplotlib.rc_context(DARK):
        made, (left, right) = subplots(1, 2)
        right.plot([0, 1], [0, 1])
        before = dict(matplotlib.rcParams)
        drawn(made)
        alone, look = drawn(made)[:, 460:], (made.get_facecolor(), tuple(made.get_size_inches()))
        paint_into(SCENE, left)
        assert dict(matplotlib.rcParams) == before
        assert (made.get_facecolor(), tuple(made.get_size_inches())) == look
        np.testing.assert_array_equal(drawn(made)[:, 460:], alone)
        assert len(made.texts) == 0


def test_ours_is_light_and_what_stands_around_is_the_reader_s():
    with matplotlib.rc_context({**DARK, "axes.titlesize": 7.0, "axes.titleweight": "bold"}):
        made, (left, right) = subplots(1, 2)
    paint_into(SCENE, (left, right))
    assert to_hex(made.get_facecolor()) == "#000000"
    assert to_hex(right.get_facecolor()) == "#ffffff"
    (titled,) = (t for t in right.findobj(Text) if t.get_text() == SCENE.panels[1].title)
    around = (left.title, titled, left.xaxis.label, right.yaxis.label, *left.get_xticklabels())
    assert {to_hex(text.get_color()) for text in around} == {"#ffffff"}
    assert (left.title.get_fontsize(), left.title.get_fontweight()) == (7.0, "bold")
    assert to_hex(left.spines["left"].get_edgecolor()) == "#ffffff"
    assert (titled.get_fontsize(), titled.get_fontweight()) == (7.0, "bold")


def test_no_style_reaches_what_is_inside():
    styled = {
        "axes.prop_cycle": cycler(linestyle=["--", ":"], marker=["s", "x"], color=["red", "blue"]),
        "lines.linewidth": 9.0,
        "font.size": 23.0,
        "text.color": "red",
        "path.sketch": (1, 100, 2),
        "scatter.marker": "x",
    }
    with matplotlib.rc_context(styled):
        _, ax = subplots()
        paint_into(SCENE, {"directions": ax})
    line, label = artist(ax, "cosine"), artist(ax, "steepest label")
    wanted = artist(paint.figure(SCENE).axes[1], "cosine")
    for look in ("get_linestyle", "get_marker", "get_linewidth", "get_color", "get_sketch_params"):
        assert getattr(line, look)() == getattr(wanted, look)()
    mark = next(mark for mark in SCENE.marks if mark.name == "steepest label")
    assert label.get_fontsize() == pytest.approx(mark.size * 0.72)
    assert to_hex(label.get_color()) == mark.color.lower()


def test_words_of_ours_are_no_tex():
    with matplotlib.rc_context({"text.usetex": True}):
        _, ax = subplots()
        paint_into(SCENE, ax)
    written = [t for t in ax.findobj(Text) if t.get_text() and t not in ax.get_xticklabels()]
    ours = [t for t in written if t.get_gid() or t in (ax.title, ax.xaxis.label, ax.yaxis.label)]
    assert len(ours) > 5
    assert not any(text.get_usetex() for text in ours)


# ── axes that move ───────────────────────────────────────────────────────────────────────────────


def moved(figure, ax):
    ax.set_position((0.3, 0.4, 0.3, 0.4))


def zoomed(figure, ax):
    ax.set(xlim=(0, 2), ylim=(1, 3))


def turned(figure, ax):
    ax.invert_xaxis()


def resized(figure, ax):
    figure.set_size_inches(5, 7)


def sharper(figure, ax):
    figure.set_dpi(170)


CHANGES = pytest.mark.parametrize("change", [moved, zoomed, turned, resized, sharper])


@CHANGES
def test_arrows_and_labels_follow(change):
    made, ax = subplots()
    paint_into(SCENE, ax)
    change(made, ax)
    drawn(made)
    check_arrows(ax, SCENE, "map")
    check_labels(ax, SCENE, "map")


@pytest.mark.parametrize("engine", ["tight", "constrained"])
def test_a_layout_sees_the_axes_as_if_arrows_and_labels_were_not_there(engine):
    made, axes = subplots(1, 2, layout=engine)
    empty, others = subplots(1, 2, layout=engine)
    paint_into(SCENE, axes)
    for ax, other, panel in zip(axes, others, SCENE.panels, strict=True):
        other.set(xlim=panel.x, ylim=panel.y, xlabel=panel.xlabel, ylabel=panel.ylabel)
        other.set_title(panel.title, loc="left" if panel.left else "center")
        if panel.xticks is not None:
            other.set_xticks(ax.get_xticks())
        if panel.equal:
            other.set_aspect("equal")
    for figure in (made, empty):
        drawn(figure)
    check_arrows(axes[0], SCENE, "map")
    check_labels(axes[0], SCENE, "map")
    for ax, other in zip(axes, others, strict=True):
        assert ax.get_position().bounds == pytest.approx(other.get_position().bounds, abs=0.02)


def test_axes_within_a_subfigure_are_found():
    made = Figure(figsize=(9, 4))
    _, right = made.subfigures(1, 2)
    ax = right.subplots()
    assert paint_into(SCENE, ax) is made
    drawn(made)
    check_arrows(ax, SCENE, "map")
    assert box_of(ax).left > 450


@pytest.mark.parametrize("form", ["pdf", "svg"])
def test_a_vector_file_has_them_where_they_belong(form):
    made, ax = subplots()
    paint_into(SCENE, ax)
    made.set_size_inches(5, 5)
    made.savefig(io.BytesIO(), format=form)
    drawn(made)
    check_arrows(ax, SCENE, "map")


@pytest.mark.parametrize("again", [lambda f: pickle.loads(pickle.dumps(f)), copy.deepcopy])
def test_the_figure_can_still_be_kept(again):
    made, ax = subplots()
    paint_into(SCENE, ax)
    other = again(made)
    np.testing.assert_array_equal(drawn(other), drawn(made))
    zoomed(other, other.axes[0])
    drawn(other)
    check_arrows(other.axes[0], SCENE, "map")
