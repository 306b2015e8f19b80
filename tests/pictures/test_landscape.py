"""The loss over θ: the handle, the least squares, the curve of an only parameter, the map."""

import numpy as np
import pytest

from gradwidgets.pictures.marks import Marker
from tests.pictures.fitted import Fitted, X, Y, mark

COLUMNS = {
    "w*x + b": {"b": X**0, "w": X},
    "w*x": {"w": X},
    "a*x^2 + b*x + c": {"a": X**2, "b": X, "c": X**0},
    "a*sin(x) + b*x + c + d*x^2": {"a": np.sin(X), "b": X, "c": X**0, "d": X**2},
}


def solved(text, y=Y, l2=0.0):
    """The least squares with a penalty, by more rows."""
    columns = np.stack(list(COLUMNS[text].values()), axis=1)
    count = columns.shape[1]
    more = np.sqrt(l2 * len(y)) * np.diag(np.ptp(columns, axis=0) > 0)  # no intercept
    rows, wanted = np.vstack([columns, more]), np.concatenate([y, np.zeros(count)])
    return np.linalg.lstsq(rows, wanted, rcond=None)[0]


@pytest.mark.parametrize("l2", [0.0, 0.3])
@pytest.mark.parametrize("text", COLUMNS)
def test_the_minimum_is_numpy_s_least_squares(text, l2):
    fitted = Fitted(text)
    scene = fitted.scene(l2=l2)
    best = solved(text, fitted.rows.y, l2)
    names = fitted.field.variables
    shown = [best[names.index(name)] for name in fitted.learning.axes]
    least = fitted.objective(best, *fitted.data, l2=l2)
    np.testing.assert_allclose(scene["minimum"][: len(shown)], shown, 1e-8, 1e-9)
    if len(names) == 1:
        assert scene["minimum"][1] == pytest.approx(least, rel=1e-9)
    told = scene["least note"][5:]
    np.testing.assert_allclose(told[: len(best) + 1], [*best, least], 1e-8, 1e-9)
    assert scene.text("least note").startswith("Least squares, exactly: ")
    elsewhere = ", on another slice" if len(names) > 2 else ""
    assert scene.text("minimum label") == f"least squares{elsewhere}"


@pytest.mark.parametrize(
    ("source", "key", "at"),
    [
        ("a*exp(k*x)", "squared", {}),
        ("w*x + b", "absolute", {}),
        ("w*x + b", "huber", {}),
        ("w*x + b", "logistic", {}),
        ("w*x + b", "squared", {"l1": 0.1}),
        ("w*x + v*x", "squared", {}),
    ],
    ids=["not linear", "absolute", "huber", "logistic", "|θ|", "many minima"],
)
def test_no_minimum_is_shown_where_none_is_known(source, key, at):
    scene = Fitted(source, key).scene(**at)
    assert np.isnan(scene["minimum"]).all()
    assert scene.text("minimum label") == scene.text("least note") == ""


def test_the_minimum_follows_the_rows():
    fitted = Fitted()
    x, y, weights = (part.copy() for part in fitted.data)
    y[2], weights[4], (x[9], y[9], weights[9]) = y[2] + 3.0, 0.0, (4.0, 1.0, 1.0)
    there = weights > 0
    slope, height = np.polyfit(x[there], y[there], 1)
    scene = fitted.scene((x, y, weights))
    np.testing.assert_allclose(scene["minimum"], [height, slope], 1e-9)


def test_the_handle_stands_at_theta_and_moves_both_parameters():
    scene = Fitted().scene(b=0.25, w=-1.5)
    assert scene["start"].tolist() == [0.25, -1.5]
    handle = mark(scene, "start")
    assert isinstance(handle, Marker)
    assert (handle.panel, handle.moves) == ("map", ("b", "w"))


def test_two_of_four_parameters_make_the_map():
    text = "a*sin(x) + b*x + c + d*x^2"
    fitted = Fitted(text, axes=("d", "a"))
    scene = fitted.scene(a=1.0, b=2.0, c=3.0, d=0.5)
    assert scene["start"].tolist() == [0.5, 1.0]
    assert mark(scene, "start").moves == ("d", "a")
    assert mark(scene, "left").pulls == ("d", "a")
    panel = scene.panel("map")
    assert (panel.x, panel.y) == (fitted.field.domain["d"], fitted.field.domain["a"])
    assert panel.xlabel == "$d$  (map at $b$ = 2.00, $c$ = 3.00)"


# ── an only parameter ────────────────────────────────────────────────────────────────────────────


def test_the_loss_over_an_only_parameter_is_a_curve_and_theta_stands_on_it():
    fitted = Fitted("w*x")
    scene = fitted.scene(w=0.5)
    along = mark(scene, "loss curve").along
    expected = [np.mean((w * X - Y) ** 2) for w in along]
    np.testing.assert_allclose(scene["loss curve"], expected, 1e-12)
    assert scene["start"].tolist() == [0.5, pytest.approx(np.mean((0.5 * X - Y) ** 2))]
    np.testing.assert_allclose(
        scene["path"][:, 1], [fitted.field.value(w) for w in scene["path"][:, 0]]
    )
    assert mark(scene, "start").moves == ("w", None)


def test_its_axis_holds_the_curve_whatever_the_rows():
    fitted = Fitted("w*x")
    x, y, weights = fitted.data
    for scale in (1e-6, 1.0, 1e6):
        scene = fitted.scene((x, scale * y, weights))
        low, high, bottom, top = scene["curve range"]
        assert (low, high) == fitted.field.domain["w"]
        assert bottom < 0 < np.nanmax(scene["loss curve"]) <= top
        assert top < 3 * np.nanmax(scene["loss curve"])


def test_a_loss_without_a_value_somewhere_leaves_a_gap():
    scene = Fitted("log(w)*x").scene(w=1.0)
    gone = np.isnan(scene["loss curve"])
    along = np.array(mark(scene, "loss curve").along)
    assert (along[gone] <= 0).all()
    assert np.isfinite(scene["curve range"]).all()


# ── the ground ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("key", ["squared", "huber", "logistic"])
def test_the_terrain_is_the_loss_over_the_rows_and_its_slopes(key):
    fitted = Fitted(key=key)
    program = fitted.picture.terrain.current(*fitted.picture.terrain_inputs)
    x, y, weights = fitted.data
    given = {"delta": 0.5, "l2": 0.3, "l1": 0.1}
    others = [given[name] for name in fitted.picture.over.controls]
    found = program(0.4, -0.7, *others, x + 1.0, y, weights)
    extra = {name: given[name] for name in fitted.picture.over.controls}
    field = fitted.objective.field(x + 1.0, y, weights, **extra)
    assert found[0] == pytest.approx(field(0.4, -0.7), rel=1e-12)
    h = 1e-6
    across = (field(0.4 + h, -0.7) - field(0.4 - h, -0.7)) / (2 * h)
    up = (field(0.4, -0.7 + h) - field(0.4, -0.7 - h)) / (2 * h)
    np.testing.assert_allclose([float(one) for one in found[1:3]], [across, up], 1e-6, 1e-8)
    assert set(fitted.picture.over.controls) == {"l2", "l1"} | (
        {"delta"} if key == "huber" else set()
    )


@pytest.mark.parametrize("cut", [{"b": 2.0, "c": 3.0}, {"b": 0.0, "c": -1.0}])
def test_a_map_in_a_file_has_the_level_curves_of_its_cut(cut):
    text = "a*sin(x) + b*x + c + d*x^2"
    fitted = Fitted(text, axes=("d", "a"), cut=cut)
    sheet = fitted.picture.panels[0].contours.sheet
    for i, j in ((0, 0), (5, 9), (-1, 3)):
        theta = (sheet.y[j], cut["b"], cut["c"], sheet.x[i])
        assert sheet.values[i, j] == pytest.approx(fitted.field.value(theta), rel=1e-12)
    assert Fitted(text).picture.panels[0].contours is None
