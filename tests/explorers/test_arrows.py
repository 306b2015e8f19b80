"""The gradient's arrow is seen: long enough, its sum visible, its labels on nothing else."""

from itertools import combinations, product

import numpy as np
import pytest
from matplotlib.transforms import Bbox

from gradwidgets import CurvatureExplorer, GradientExplorer, PartialsExplorer
from gradwidgets.calculus.catalog import catalog
from gradwidgets.pictures.curvature import EVERY
from gradwidgets.pictures.gradient import gradient_picture
from gradwidgets.pictures.marks import Arrow
from gradwidgets.rendering import layout, paint, sizing
from gradwidgets.rendering.surface import on_panel
from tests.explorers.face import Face

TWO = [name for name, example in catalog.items() if len(example.variables) == 2]
WIDTH = 960
DOT = 7.3  # pixels: the handle's radius with its ring
ARROWS = {"u": 1.0, "by x": 1.5, "by y": 1.5, "gradient": 2.0}  # half a shaft
README = GradientExplorer("x**2 + 10*y**2", point=(2, 1))


def opened(name):
    return gradient_picture(catalog[name].field)


def arrow(scene, name):
    """Tail and tip in pixels of the painted picture, y upwards, and the map's shorter side."""
    plan = layout.plan(scene.panels, WIDTH)
    box, below = plan.boxes["map"], sizing.CAPTION_LINE * len(sizing.caption_lines(scene, WIDTH))
    ends = layout.to_pixels(scene.panel("map"), box, scene[name].reshape(2, 2))
    ends[:, 1] = plan.height + below + 8 - ends[:, 1]
    return ends, min(box.width, box.height)


def boxes(scene):
    """The boxes that the labels of map and directions fill, as painted."""
    made = paint.figure(scene, WIDTH)
    texts = made.findobj(lambda part: hasattr(part, "get_text") and part.get_gid())
    return {
        text.get_gid(): text.get_window_extent()
        for text in texts
        if text.get_text() and text.get_gid().endswith("label")
    }


def on(box, ends, wide):
    line = ends[0] + (ends[1] - ends[0]) * np.linspace(0, 1, 300)[:, None]
    inside = (line > [box.x0 - wide, box.y0 - wide]) & (line < [box.x1 + wide, box.y1 + wide])
    return bool(inside.all(axis=1).any())


def collisions(scene):
    found = boxes(scene)
    on_map = {name: box for name, box in found.items() if name[:-6] in ARROWS}
    beside = {name: box for name, box in found.items() if name not in on_map}
    pairs = [
        pair
        for group in (on_map, beside)
        for pair in combinations(group, 2)
        if Bbox.intersection(group[pair[0]], group[pair[1]])
    ]
    for name, wide in ARROWS.items():
        ends, _ = arrow(scene, name)
        if np.isfinite(ends).all():
            pairs += [(label, name) for label, box in on_map.items() if on(box, ends, wide)]
            pairs += [
                (label, "dot") for label, box in on_map.items() if on(box, ends[[0, 0]], DOT - 1)
            ]
    return pairs


def assert_seen(scene):
    ends, side = arrow(scene, "gradient")
    run = np.abs(ends[1] - ends[0])
    length = np.hypot(*run)
    assert 40 <= length <= 0.46 * side
    x, y = scene["gradient"][2:]
    panel = scene.panel("map")
    assert panel.x[0] <= x <= panel.x[1]
    assert panel.y[0] <= y <= panel.y[1]
    ratio = run.min() / run.max()
    if ratio > 1e-9:
        assert run.min() >= min(DOT + 10, 0.16 * length) * 0.9
        assert run.min() > DOT
    for name, part in zip(("by x label", "by y label"), run, strict=True):
        assert bool(scene.text(name)) == (part > 1)
    assert scene.text("gradient label")


@pytest.mark.parametrize("name", TWO)
def test_where_an_example_opens_the_sum_is_seen_and_named(name):
    scene = opened(name).scene((*catalog[name].start, 30.0))
    assert_seen(scene)
    assert collisions(scene) == []


def test_the_readme_s_bowl_shows_its_sum():
    assert_seen(README.scene)
    assert collisions(README.scene) == []
    assert "The arrows at the point are drawn at 1/" in README.scene.captions[-1]


@pytest.mark.parametrize("name", ["bowl", "valley", "rosenbrock"])
def test_labels_never_lie_on_each_other_or_on_arrows(name):
    low, high = np.array(catalog[name].intervals).T
    random, picture = np.random.default_rng(5), opened(name)
    places = [*random.uniform(low, high, (2, 2)), low, high]
    for place in places:
        assert collisions(picture.scene((*place, random.uniform(0, 360)))) == [], place


@pytest.mark.parametrize("name", TWO)
def test_the_arrow_is_drawn_at_the_scale_that_is_told_and_never_longer_than_the_map_allows(name):
    picture, field = opened(name), catalog[name].field
    low, high = np.array(catalog[name].intervals).T
    for place in np.random.default_rng(2).uniform(low, high, (20, 2)):
        scene = picture.scene((*place, 0.0))
        drawn = scene["gradient"][2:] - scene["gradient"][:2]
        case, told = scene["scale note"][4:]
        width = min(high - low)
        assert np.hypot(*drawn) <= 0.45 * width * (1 + 1e-9)
        if case:
            scale = 1 / told if case in (1, 4) else told
            assert drawn == pytest.approx(scale * field.gradient(place), rel=1e-9, abs=1e-12)
            shortened = "shortened because the edge of the map is near" in scene.captions[-1]
            assert shortened == (case > 3)
            steeper = "where f is steeper they are longer, though not in proportion"
            assert (steeper in scene.captions[-1]) != shortened


def test_a_longer_arrow_is_never_a_flatter_place_and_none_is_left_where_it_is_flat():
    picture = gradient_picture(catalog["bowl"].field)
    turns = [picture.scene((0.0, y, 0.0))["gradient"] for y in np.linspace(0, 3, 61)]
    lengths = np.array([turn[3] - turn[1] for turn in turns])
    assert lengths[0] == 0
    far = lengths[:31]  # from the edge of the map
    assert (np.diff(far) > -0.05 * far[1:]).all()  # 1/n is rounded
    assert (far[15:] > 1.1 * far[:-15]).all()
    assert far[3] < 0.6 * far[-1]


@pytest.mark.parametrize("name", ["bowl", "himmelblau", "rosenbrock", "valley"])
def test_on_the_edge_of_the_map_the_arrows_and_u_stick_out_a_little_and_are_seen(name):
    picture = opened(name)
    (left, right), (bottom, top) = catalog[name].intervals
    edges = [(left, bottom), (right, top), (left, 0.5 * top), (0.3 * right, top)]
    for place, angle in product(edges, (10.0, 190.0)):
        scene = picture.scene((*place, angle))
        box = layout.plan(scene.panels, WIDTH).boxes["map"]
        for arrow_name in ("gradient", "u"):
            ends, _ = arrow(scene, arrow_name)
            assert np.hypot(*(ends[1] - ends[0])) > 2 * DOT
            x, y = scene[arrow_name][2:]
            beyond = np.maximum([left - x, bottom - y], [x - right, y - top])
            assert (beyond / (right - left) * box.width < 34).all()
    frees = {mark.name for mark in picture.marks if isinstance(mark, Arrow) and mark.free}
    assert frees == {"gradient", "by x", "by y", "u"}


def test_what_is_free_is_painted_beyond_its_panel():
    scene = opened("bowl").scene((3.0, 3.0, 30.0))
    (found,) = paint.figure(scene, WIDTH).findobj(lambda part: part.get_gid() == "gradient")
    (field,) = paint.figure(scene, WIDTH).findobj(lambda part: part.get_gid() == "field")
    assert (found.get_clip_on(), field.get_clip_on()) == (False, True)


def test_the_uphill_arrow_comes_out_from_under_its_dot():
    for name in ("bowl", "saddle", "rosenbrock", "hill"):
        example = catalog[name]
        picture = gradient_picture(example.field, view="both")
        scene = picture.scene((*example.start, 30, -30, 30))
        names = [mark.name for mark in scene.marks]
        assert names.index("surface uphill") > names.index("surface point")
        arrow = next(mark for mark in scene.marks if mark.name == "surface uphill")
        box = layout.plan(scene.panels, WIDTH).boxes["surface"]
        ends = on_panel(scene, arrow, scene[arrow.name])
        run = np.diff(layout.to_pixels(scene.panel("surface"), box, ends.reshape(2, 2)), axis=0)
        assert np.hypot(*run[0]) > 20, name


# ── dots tell what their axes can show ───────────────────────────────────────────────────────────


@pytest.mark.parametrize(("name", "angle"), [("bowl", 30.0), ("himmelblau", 200.0)])
def test_a_dot_s_number_is_on_its_axis(name, angle):
    example = catalog[name]
    gradient = GradientExplorer(example.field, point=example.start, angle=angle)
    scene = gradient.scene
    assert scene["direction label"][5] == scene["direction"][1]
    assert scene["steepest label"][5] == scene["steepest"][0]
    curvature = CurvatureExplorer(example.field, point=example.start, angle=angle, show=EVERY)
    scene = curvature.scene
    for line in ("greatest", "least"):
        assert scene[f"{line} label"][5] == scene[line][0, 1]
    for error, dot in (("error 1 label", "error at h"), ("error 2 label", "error 2 at h")):
        if scene.text(error) and np.isfinite(scene[dot]).all():
            assert np.log10(scene[error][5]) == pytest.approx(scene[dot][1])
    gradient.close()
    curvature.close()


# ── options ──────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("kind", [GradientExplorer, PartialsExplorer, CurvatureExplorer])
def test_the_levels_spacing_is_an_option(kind):
    explorer = kind(catalog["rosenbrock"].field)
    assert explorer.scene.panel("map").contours.note == "log curves: 1, 2, 5 · 10ᵏ"
    Face(explorer).set("levels", "even")
    assert explorer.levels == "even"
    assert explorer.scene.panel("map").contours.note == "curves every 250"
    assert any("Half of the map lies below them all" in line for line in explorer.scene.captions)
    assert "levels='even'" in explorer.code()
    explorer.close()


def test_the_slices_scale_is_an_option():
    explorer = PartialsExplorer("x**2 + 2*y**2 + 3*z**2", heights="shared")
    panels = [panel for panel in explorer.scene.panels if panel.name != "map"]
    assert len({panel.y for panel in panels}) == 1
    explorer.heights = "own"
    panels = [panel for panel in explorer.scene.panels if panel.name != "map"]
    assert len({panel.y for panel in panels}) == 3
    explorer.close()


# ── values beyond all sizes ──────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (PartialsExplorer, "1e300*x*y"),
        (CurvatureExplorer, "exp(x*y)"),
        (GradientExplorer, "1e-300*(x**2 + y**2)"),
    ],
)
def test_huge_and_tiny_values_have_a_picture(kind, text):
    domain = {"x": (-30, 30), "y": (-30, 30)} if text.startswith("exp") else None
    explorer = kind(text, domain=domain, view="both")
    for spacing in ("auto", "log"):
        explorer.levels = spacing
        explorer.figure()
    explorer.close()
