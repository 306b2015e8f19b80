"""Labels in files: none lies on another or on a handle, they keep their side, and follow axes."""

from itertools import combinations

import numpy as np
import pytest
from matplotlib.figure import Figure

import gradwidgets as gw
from gradwidgets.pictures.marks import Label, Marker, Polyline
from gradwidgets.pictures.panels import Panel
from gradwidgets.pictures.scene import Layer, Scene
from gradwidgets.rendering import paint
from gradwidgets.rendering.animate import Reel
from gradwidgets.rendering.own import paint_into
from gradwidgets.rendering.sizing import per_inch

EXPLORERS = {
    "derivative": lambda: gw.DerivativeExplorer("x**3 - 3*x"),
    "partials": lambda: gw.PartialsExplorer("x**2 + 10*y**2"),
    "gradient": lambda: gw.GradientExplorer("x**2 + 10*y**2"),
    "both": lambda: gw.GradientExplorer("himmelblau", view="both"),
    "descent": lambda: gw.DescentExplorer("x**2 + 10*y**2"),
    "race": lambda: gw.RaceExplorer("x**2 + 10*y**2"),
    "curvature": lambda: gw.CurvatureExplorer("rosenbrock"),
    "fit": lambda: gw.FitExplorer(),
    "tape": lambda: gw.TapeExplorer(),
}
MOVED = {
    "derivative": lambda: gw.DerivativeExplorer("x**3 - 3*x", point=(-0.9,)),
    "gradient": lambda: gw.GradientExplorer("himmelblau", point=(-2, 3)),
    "partials": lambda: gw.PartialsExplorer("saddle", point=(0.5, 2)),
    "descent": lambda: gw.DescentExplorer("booth"),
    "curvature": lambda: gw.CurvatureExplorer("saddle", point=(1, 1)),
}


def written(figure):
    """The labels that are seen, by axes and names: the corners of their texts in pixels."""
    found = [text for ax in figure.axes for text in ax.texts if text.get_gid()]
    return {
        (text.axes, text.get_gid()): text.get_window_extent()
        for text in found
        if text.get_visible() and text.get_gid() != "levels note"
    }


def overlap(one, two):
    wide = min(one.x1, two.x1) - max(one.x0, two.x0)
    return min(wide, min(one.y1, two.y1) - max(one.y0, two.y0))


def handles(figure):
    """The middles of handles and their radius, by axes."""
    orange = [dots for ax in figure.axes for dots in ax.collections if dots.get_gid() in HANDLES]
    for dots in orange:
        radius = np.sqrt(dots.get_sizes()[0]) / 144 * figure.dpi
        for place in dots.axes.transData.transform(dots.get_offsets()):
            yield dots.axes, place, radius


HANDLES = ("point", "start", "direction", "rate", "h")


@pytest.mark.parametrize("size", [None, (6, 4)])
@pytest.mark.parametrize("make", [*EXPLORERS.values(), *MOVED.values()])
def test_no_label_lies_on_another_or_on_a_handle(make, size):
    figure = make().figure(size=size)
    labels = written(figure)
    assert labels
    for (one, first), (two, second) in combinations(labels.items(), 2):
        assert one[0] is not two[0] or overlap(first, second) < 1, (one[1], two[1])
    for ax, place, radius in handles(figure):
        for (axes, name), box in labels.items():
            away = np.maximum(np.maximum(box.min - place, place - box.max), 0)
            assert axes is not ax or np.hypot(*away) > radius - 1, name


PANEL = Panel("p", (0, 10), (0, 10))
LABEL = Label(name="label", panel="p", texts=("a label",))


def scene(*marks, **numbers):
    own = {"label": (5, 5, 1, 0, 0), **numbers}
    return Scene((PANEL,), Layer(), (*marks, LABEL), {k: np.array(v) for k, v in own.items()})


def side(figure, name="label"):
    """To which side of its place a label has stepped, in pixels of the layout."""
    (ax,) = figure.axes
    box = next(box for (_, own), box in written(figure).items() if own == name)
    middle = (box.min + box.max) / 2 - ax.transData.transform((5, 5))
    return middle * per_inch(figure) / figure.dpi


def test_a_label_has_its_own_side_where_nothing_is_in_the_way():
    across, up = side(paint.figure(scene()))
    assert across > 20
    assert abs(up) < 1


@pytest.mark.parametrize(
    ("mark", "numbers"),
    [
        (Marker(name="other", panel="p", moves=("x", None)), (5.4, 5)),
        (Polyline(name="other", panel="p", width=2.5), ((5, 5), (9, 5))),
        (Label(name="other", panel="p", texts=("pinned",), pinned=True), (5.4, 5, 0, 0, 0)),
    ],
    ids=["handle", "line", "label"],
)
@pytest.mark.parametrize("fixed", [False, True])
def test_a_label_steps_aside_for_what_moves_and_for_what_stands_still(mark, numbers, fixed):
    whole = scene(mark, other=numbers)
    if fixed:
        layer = Layer((mark,), {"other": np.array(numbers)})
        whole = Scene((PANEL,), layer, (LABEL,), {"label": whole["label"]})
    assert abs(side(paint.figure(whole))[1]) > 8


def test_a_label_of_the_backdrop_makes_room_too():
    handle = Marker(name="other", panel="p", moves=("x", None))
    layer = Layer((LABEL,), {"label": np.array((5, 5, 1, 0, 0))})
    whole = Scene((PANEL,), layer, (handle,), {"other": np.array((5.4, 5))})
    assert abs(side(paint.figure(whole))[1]) > 8
    reel = Reel([whole])
    reel.show(whole)
    assert side(reel.sheet) == pytest.approx(side(paint.figure(whole)), abs=0.5)


def test_in_a_film_a_label_stays_while_what_pushed_it_leaves():
    handle = Marker(name="other", panel="p", moves=("x", None))
    there, gone = scene(handle, other=(5.4, 5)), scene(handle, other=(9.5, 5))
    reel = Reel([there, gone])
    reel.show(there)
    pushed = side(reel.sheet)
    reel.show(gone)
    assert side(reel.sheet) == pytest.approx(pushed)
    assert side(paint.figure(gone))[1] != pytest.approx(pushed[1], abs=5)


def test_in_axes_of_another_size_labels_are_placed_anew():
    handle = Marker(name="other", panel="p", moves=("x", None))
    made = Figure(figsize=(2.5, 2.5))
    paint_into(scene(handle, other=(7.5, 5)), made.subplots())
    made.draw_without_rendering()
    assert abs(side(made)[1]) > 8
    made.set_size_inches(9, 9)
    made.draw_without_rendering()
    assert abs(side(made)[1]) < 1
