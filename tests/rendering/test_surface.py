"""A space as matplotlib sees it, and its surface: the nearer above the farther, translucent."""

import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradwidgets.calculus.field import ScalarField
from gradwidgets.pictures.box import FLOOR
from gradwidgets.pictures.gradient import gradient_picture
from gradwidgets.pictures.marks import Arrow, Label, Marker, Polyline
from gradwidgets.pictures.numbers import beside, points, row
from gradwidgets.pictures.panels import Panel, Space
from gradwidgets.pictures.scene import Layer, Scene
from gradwidgets.rendering import layout, paint
from gradwidgets.rendering.marks import ORDER
from gradwidgets.rendering.surface import OVERLAP, SHADES, Turn, on_panel, pieces, project

TURNS = [Turn(a, e) for a in (-150.0, -30.0, 30.0, 120.0) for e in (15.0, 60.0)]
SIDE = np.linspace(-1, 1, 13)
X, Y = np.meshgrid(SIDE, SIDE, indexing="ij")
HILLS = Space(SIDE, SIDE, 0.3 * np.sin(4 * X) * Y, (0.1,), -1.0, (0.0, 0.0), (1.0, 1.0))
BOWL = ScalarField("x**2 + 10*y**2")


def scene(view="surface", source=BOWL, point=(1.0, 1.0), turn=(-30.0, 30.0)):
    return gradient_picture(source, view=view).scene((*point, 30.0, *turn))


def artist(figure, name):
    (found,) = figure.findobj(lambda artist: artist.get_gid() == name)
    return found


def seen(scene, name):
    mark = next(mark for mark in scene.marks if mark.name == name)
    return on_panel(scene, mark, scene[name])


# ── the projection ───────────────────────────────────────────────────────────────────────────────

angles = st.floats(-180, 180), st.floats(10, 80)
places = st.tuples(*[st.floats(-1, 1)] * 3).map(np.array)


def test_seen_from_above_the_floor_is_the_map():
    assert project(Turn(0.0, 90.0), np.array([0.5, -0.25, 7.0])) == pytest.approx((0.5, -0.25))


def test_seen_from_the_front_heights_are_heights():
    assert project(Turn(0.0, 0.0), np.array([0.5, -0.25, 0.7])) == pytest.approx((0.5, 0.7))


def test_a_positive_azimuth_turns_counter_clockwise():
    turned = project(Turn(90.0, 90.0), np.eye(3)[:2])
    assert turned == pytest.approx(np.array([(0.0, 1.0), (-1.0, 0.0)]))


@given(*angles, places, places)
def test_the_projection_is_linear_and_lengthens_nothing(azimuth, elevation, place, other):
    turn = Turn(azimuth, elevation)
    both = project(turn, place + other)
    assert project(turn, place) + project(turn, other) == pytest.approx(both, abs=1e-12)
    assert np.hypot(*project(turn, place)) <= np.linalg.norm(place) + 1e-12


BOX = Panel(
    "box",
    (-2, 2),
    (-2, 2),
    space=Space(np.zeros(2), np.zeros(2), np.zeros((2, 2)), (), 0, (0, 0), (1, 1)),
)
PLACES = np.array([(0.5, -0.25, 0.7), (1.0, 1.0, -1.0), (np.nan, 0.0, 0.0)])


@pytest.mark.parametrize("turn", TURNS)
def test_the_numbers_of_every_mark_are_seen(turn):
    marks = {
        Polyline(name="line", panel="box"): points(*PLACES),
        Marker(name="markers", panel="box"): PLACES,
        Marker(name="marker", panel="box"): row(*PLACES[0]),
        Arrow(name="arrow", panel="box"): row(*PLACES[0], *PLACES[1]),
        Label(name="label", panel="box", texts=("{.1}",)): beside(PLACES[0], PLACES[1], True, 2.5),
        Marker(name="pinned", panel="box", pinned=True): row(1.5, 1.5),
        Label(name="caption", panel="", texts=("{.1}",)): row(0, 0, 0, 0, 0, 1.5),
    }
    numbers = {mark.name: own for mark, own in marks.items()}
    values = dict(zip(BOX.space.turns, turn, strict=True))
    made = Scene((BOX,), Layer(), tuple(marks), numbers, values)
    expected = project(turn, PLACES)
    np.testing.assert_array_equal(seen(made, "line"), expected)
    np.testing.assert_array_equal(seen(made, "markers"), expected.ravel())
    np.testing.assert_array_equal(seen(made, "marker"), expected[0])
    np.testing.assert_array_equal(seen(made, "arrow"), expected[:2].ravel())
    np.testing.assert_array_equal(seen(made, "label"), [*expected[:2].ravel(), 0.0, 2.5])
    assert seen(made, "pinned").tolist() == [1.5, 1.5]
    assert seen(made, "caption").tolist() == [0, 0, 0, 0, 0, 1.5]


SIDEWAYS = [Turn(0.0, 45.0), Turn(90.0, 30.0), Turn(180.0, 30.0), Turn(-180.0, 79.0)]


@pytest.mark.parametrize("turn", [*TURNS, *SIDEWAYS])
def test_the_axes_names_stand_along_the_edges_in_front(turn):
    made = scene(turn=turn)
    lowest = seen(made, "floor")[:, 1].min()
    for axis in "xy":
        low, name, high = (seen(made, f"floor {end} {axis}") for end in ("low", "name", "high"))
        assert (low + high)[:2] / 2 == pytest.approx(name[:2])
        assert name[1] <= project(turn, np.array([0, 0, FLOOR]))[1] + 1e-12
        assert name[3] <= 1e-12  # it steps aside downwards
    assert min(seen(made, f"floor {end} x")[1] for end in ("low", "high")) < lowest + 0.2
    assert [made.text(f"floor {end} x") for end in ("low", "name", "high")] == ["−3", "x", "3"]


@given(*angles, st.floats(-3, 3), st.floats(-3, 3))
def test_nothing_but_long_arrows_leaves_the_panel(azimuth, elevation, x, y):
    made = PICTURE.scene((x, y, 30, azimuth, elevation))
    panel = made.panel("surface")
    names = ["floor", "surface slice x", "surface slice y", "floor point", "surface point", "turn"]
    for name in names:
        across, up = seen(made, name).reshape(-1, 2).T
        assert (np.abs(across) <= panel.x[1]).all()
        assert ((up >= panel.y[0]) & (up <= panel.y[1])).all()


PICTURE = gradient_picture(BOWL, view="surface")


# ── the mesh ─────────────────────────────────────────────────────────────────────────────────────


def cells(turn, space=HILLS):
    return [piece for piece in pieces(space, turn) if piece.shade >= 0]


@pytest.mark.parametrize("turn", TURNS)
def test_no_cell_is_painted_before_one_that_is_behind_it(turn):
    """Behind is what lies farther away along the floor."""
    away = [np.sin(np.radians(turn.azimuth)), np.cos(np.radians(turn.azimuth))]
    flat = Space(SIDE, SIDE, 0.0 * X, (), -1.0, (0.0, 0.0), (1.0, 1.0))
    firsts = np.array([piece.corners[0] for piece in cells(turn, flat)])
    depths = firsts[:, 1] / np.sin(np.radians(turn.elevation))
    rows = depths.reshape(len(SIDE) - 1, len(SIDE) - 1)
    assert (np.diff(rows, axis=0) < 0).all() if away[0] else True
    assert (np.diff(rows, axis=1) < 0).all()


@pytest.mark.parametrize("turn", TURNS)
def test_every_cell_is_there_once_with_its_corners(turn):
    found = cells(turn)
    assert len(found) == (len(SIDE) - 1) ** 2
    seen = project(turn, np.stack([X, Y, HILLS.heights], axis=-1)).reshape(-1, 2)
    for piece in found:
        far = piece.corners[0]
        corners = far + (piece.corners - far) / OVERLAP
        distances = np.abs(seen[None] - corners[:, None]).max(axis=-1).min(axis=-1)
        assert distances.max() < 1e-12


def test_shades_go_from_the_lowest_to_the_highest_cell():
    shades = [piece.shade for piece in cells(TURNS[0])]
    assert min(shades) < 4
    assert SHADES - 4 < max(shades) < SHADES
    flat = Space(SIDE, SIDE, 0.0 * X, (), -1.0, (0.0, 0.0), (1.0, 1.0))
    assert {piece.shade for piece in cells(TURNS[0], flat)} == {0}


def test_a_cell_with_a_hole_at_a_corner_is_left_out():
    heights = HILLS.heights.copy()
    heights[5, 5] = np.nan
    holed = Space(SIDE, SIDE, heights, (), -1.0, (0.0, 0.0), (1.0, 1.0))
    assert len(cells(TURNS[0], holed)) == (len(SIDE) - 1) ** 2 - 4
    nothing = Space(SIDE, SIDE, heights * np.nan, (), -1.0, (0.0, 0.0), (1.0, 1.0))
    assert list(pieces(nothing, TURNS[0])) == []


def test_lines_of_the_mesh_run_along_all_four_edges():
    """Twelve cells with a line at every sixth: three lines each way, of twelve parts each."""
    lines = [piece for piece in pieces(HILLS, TURNS[0]) if piece.shade < 0]
    assert len(lines) == 2 * 3 * 12


def test_a_window_into_a_space_has_no_axes_but_a_title():
    figure = paint.figure(scene())
    ax = figure.axes[0]
    assert not ax.axison
    assert "x^{2}" in ax.get_title()
    assert ax.get_aspect() == "auto"
    box = ax.get_window_extent()
    across, up = (high - low for low, high in (ax.get_xlim(), ax.get_ylim()))
    assert box.width / across == pytest.approx(box.height / up)


def test_marks_are_painted_in_their_order():
    picture = scene()
    children = artist(paint.figure(picture), "surface mesh").axes.get_children()
    marked = [child for child in children if child.get_gid()]
    order = [child.get_gid() for child in marked]
    names = ("floor gradient", "surface mesh", "surface uphill")
    assert [order.index(name) for name in names] == sorted(order.index(name) for name in names)
    assert {child.get_zorder() for child in marked} == {ORDER}


def test_a_map_and_its_surface_stand_side_by_side_and_the_others_below():
    boxes = layout.plan(scene("both").panels, 960).boxes
    one, two, below = boxes["map"], boxes["surface"], boxes["directions"]
    assert one.top == two.top
    assert one.height == pytest.approx(one.width)
    assert one.left + one.width < two.left
    assert two.left + two.width < 960
    assert below.top > max(one.top + one.height, two.top + two.height)
    assert below.left + below.width < 960
    assert one.height > 350


def test_on_a_narrow_page_they_stand_in_one_column():
    boxes = layout.plan(scene("both").panels, 360).boxes
    tops = [boxes[name].top for name in ("map", "surface", "directions")]
    assert tops == sorted(set(tops))


def test_what_lies_below_the_mesh_shines_through_it():
    """Seen steeply, the arrow on the floor is behind the mesh; its colour is still there."""
    picture = scene(source=ScalarField("x*y"), turn=(0.0, 60.0), point=(-0.5, 1.2))
    pixels = rendered(picture)
    tail, tip = seen(picture, "floor gradient").reshape(2, 2)
    panel, box = picture.panel("surface"), layout.plan(picture.panels, 960).boxes["surface"]
    x, y = layout.to_pixels(panel, box, (tail + tip) / 2)
    red, green, blue = (float(part) for part in pixels[round(y), round(x), :3])
    assert red > green + 10 > blue


def rendered(picture):
    from PIL import Image

    return np.asarray(Image.open(io.BytesIO(paint.png(picture, ratio=1.0))).convert("RGB"))


def test_a_vector_file_holds_the_mesh_as_one_picture():
    target = io.BytesIO()
    paint.figure(scene()).savefig(target, format="svg")
    text = target.getvalue().decode()
    assert text.count("<image") == 1
    assert len(text) < 1_000_000


def test_a_surface_without_level_curves_or_without_values_is_painted():
    for source in ("5", "log(-1 - x**2 - y**2)"):
        field = ScalarField(source, variables=("x", "y"))
        figure = paint.figure(scene(source=field))
        assert not figure.findobj(lambda artist: artist.get_gid() == "floor levels")
