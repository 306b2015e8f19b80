"""The data beside their model: what is drawn lies on rows and curve, and handles pull exactly."""

import autograd.numpy as anp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradwidgets.pictures import residuals
from gradwidgets.pictures.framing import pull_of
from gradwidgets.pictures.marks import Marker
from tests.pictures.fitted import LABELS, Fitted, X, Y, mark

AT = {"b": 0.3, "w": 1.2}
LINEAR = {
    "a line": ("w*x + b", AT),
    "through 0": ("w*x", {"w": 1.2}),
    "a parabola": ("a*x^2 + b*x + c", {"a": 0.2, "b": 1.0, "c": 0.1}),
    "a wave and its height": ("a*sin(2*x) + b", {"a": 1.0, "b": 0.5}),
}
OTHERS = {
    "growth": ("a*exp(k*x)", {"a": 0.8, "k": 0.5}),
    "a callable": (lambda x, w, b: anp.tanh(w * x) + b, {"w": 0.7, "b": 1.0}),
    "one that is not linear": ("exp(k*x)", {"k": 0.4}),
}
GRIPS = {1: ("right",), 2: ("left", "right")}


def grips_of(fitted):
    return GRIPS[len(fitted.learning.axes)]


# ── where all stands ─────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("source", "at"), (LINEAR | OTHERS).values(), ids=LINEAR | OTHERS)
def test_the_curve_is_the_model_and_goes_through_its_handles(source, at):
    fitted = Fitted(source)
    scene = fitted.scene(**at)
    theta = [at[name] for name in fitted.field.variables]
    along = mark(scene, "curve").along
    np.testing.assert_allclose(scene["curve"], fitted.predict(along, *theta), 1e-12)
    for name in grips_of(fitted):
        x, y = scene[name]
        assert y == pytest.approx(fitted.predict(x, *theta), rel=1e-12)
        handle = mark(scene, name)
        assert isinstance(handle, Marker)
        assert handle.moves == (None, fitted.learning.axes[0])
        assert handle.pulls == fitted.learning.axes


def test_every_row_has_its_dot_and_its_segment_ends_on_row_and_curve():
    fitted = Fitted()
    scene, count = fitted.scene(**AT), len(X)
    x, y, _ = fitted.data
    np.testing.assert_array_equal(scene["rows"][:count], np.stack([x, y], axis=1)[:count])
    assert np.isnan(scene["rows"][count:]).all()
    segments = scene["residuals"].reshape(-1, 3, 2)
    np.testing.assert_array_equal(segments[:count, 0], scene["rows"][:count])
    np.testing.assert_array_equal(segments[:count, 1, 0], x[:count])
    np.testing.assert_allclose(segments[:count, 1, 1], 1.2 * x[:count] + 0.3, 1e-12)
    assert np.isnan(segments[:, 2]).all()
    assert np.isnan(segments[count:, 1, 1]).all()


def test_the_side_of_a_square_is_the_residual():
    fitted = Fitted()
    sides = fitted.scene(**AT)["squares"].reshape(-1, 2, 2)[: len(X)]
    x, y, _ = (part[: len(X)] for part in fitted.data)
    np.testing.assert_array_equal(sides[:, 0], np.stack([x, y], axis=1))
    np.testing.assert_allclose(sides[:, 1, 1] - sides[:, 0, 1], 1.2 * x + 0.3 - y, 1e-9)
    mean = np.mean((sides[:, 1, 1] - sides[:, 0, 1]) ** 2)
    assert mean == pytest.approx(fitted.objective((0.3, 1.2), *fitted.data), rel=1e-12)


@pytest.mark.parametrize("key", ["absolute", "huber", "logistic"])
def test_only_squares_are_drawn_as_squares(key):
    assert "squares" not in Fitted(key=key).scene().numbers
    assert "squares" not in Fitted(squares=False).scene().numbers


def test_many_rows_have_no_squares_and_few_of_them_a_segment():
    x = np.linspace(0, 1, 1000)
    scene = Fitted(x=x, y=x, steps=2).scene()
    assert "squares" not in scene.numbers
    assert len(scene["residuals"]) == 3 * residuals.MOST_RESIDUALS
    assert len(scene["rows"]) > 1000


@pytest.mark.parametrize("count", [400, 401])
def test_only_of_many_rows_the_dots_lie_below_all_and_no_control_moves_them(count):
    x = np.linspace(0, 1, count)
    fitted = Fitted(x=x, y=x, steps=2)
    before, after = fitted.scene(), fitted.scene(**AT, row=3, step=2, batch=7, l2=0.1)
    still = [one.name for one in before.marks if one.still]
    first = next(one.name for one in before.marks if one.panel == residuals.PANEL)
    assert (still == ["rows"]) is (first == "rows") is (count > residuals.MOST_RESIDUALS)
    for name in still:
        np.testing.assert_array_equal(before[name], after[name])


def test_a_row_that_is_removed_is_not_seen_and_one_that_is_added_is():
    fitted = Fitted()
    x, y, weights = (part.copy() for part in fitted.data)
    weights[1], x[8], y[8], weights[8] = 0.0, 2.5, 4.0, 1.0
    scene = fitted.scene((x, y, weights), **AT, row=8)
    assert np.isnan(scene["rows"][1]).all()
    assert scene["rows"][8].tolist() == scene["row"].tolist() == [2.5, 4.0]
    segments = scene["residuals"].reshape(-1, 3, 2)
    assert np.isnan(segments[1, 1, 1])
    assert segments[8].tolist()[:2] == [[2.5, 4.0], [2.5, pytest.approx(3.3)]]
    assert np.isnan(fitted.scene((x, y, weights), row=1)["row"]).all()


@pytest.mark.parametrize("row", range(len(X)))
def test_the_row_that_is_looked_at_is_marked(row):
    fitted = Fitted()
    x, y, _ = fitted.data
    assert fitted.scene(row=row)["row"].tolist() == [x[row], y[row]]


def test_the_axes_hold_all_rows_with_room_around():
    for scale in (1e-12, 1.0, 1e9):
        fitted = Fitted(x=scale * X, y=scale * Y, steps=2)
        panel = fitted.scene().panel("data")
        assert panel.x[0] < scale * X.min()
        assert scale * X.max() < panel.x[1]
        assert panel.y[0] < scale * Y.min()
        assert scale * Y.max() < panel.y[1]
        assert panel.x[1] - panel.x[0] < 1.5 * scale * np.ptp(X)


@given(st.floats(-1e9, 1e9), st.floats(-1e9, 1e9))
def test_axes_of_any_two_rows_are_round_and_hold_them(one, two):
    data = Fitted(x=[one, two], y=[two, one], steps=1).rows
    for (low, high), part in zip(residuals.ranges(data, False), (data.x, data.y), strict=True):
        assert low < part.min() <= part.max() < high


# ── what a handle does ───────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("up", [-3.0, 0.01, 2.0])
@pytest.mark.parametrize(("source", "at"), LINEAR.values(), ids=LINEAR)
def test_a_pull_moves_the_curve_there_and_not_at_the_other_handle(source, at, up):
    fitted = Fitted(source)
    scene, axes = fitted.scene(**at), fitted.learning.axes
    names = grips_of(fitted)
    places = np.array([scene[name][0] for name in names])
    before = fitted.predict(places, *[at[name] for name in fitted.field.variables])
    for k, name in enumerate(names):
        moved = at | {a: at[a] + up * p for a, p in zip(axes, scene[pull_of(name)], strict=True)}
        after = fitted.predict(places, *[moved[one] for one in fitted.field.variables])
        wanted = before + up * (np.arange(len(names)) == k)
        np.testing.assert_allclose(after, wanted, 1e-10, 1e-10)


SLOW = {name: (source, at, "squared") for name, (source, at) in OTHERS.items()} | {
    "a probability": ("w*x + b", {"b": -0.3, "w": 0.8}, "logistic"),
    "one of one parameter": ("w*x", {"w": 0.5}, "logistic"),
}


@pytest.mark.parametrize(("source", "at", "key"), SLOW.values(), ids=SLOW)
def test_any_other_curve_follows_to_first_order(source, at, key):
    fitted = Fitted(source, key)
    scene, axes = fitted.scene(**at), fitted.learning.axes
    names = grips_of(fitted)
    places = np.array([scene[name][0] for name in names])
    before = fitted.predict(places, *[at[name] for name in fitted.field.variables])
    for k, name in enumerate(names):
        off = []
        for up in (1e-2, 1e-3):
            pulls = zip(axes, scene[pull_of(name)], strict=True)
            moved = at | {axis: at[axis] + up * pull for axis, pull in pulls}
            after = fitted.predict(places, *[moved[one] for one in fitted.field.variables])
            wanted = before + up * (np.arange(len(names)) == k)
            off.append(np.abs(after - wanted).max())
        assert off[0] < 1e-3
        assert off[1] < 0.02 * off[0]  # a hundredth, as of a square


def test_a_probability_that_is_nearly_sure_is_pulled_gently():
    scene = Fitted(key="logistic").scene(b=0.0, w=30.0)
    assert np.isfinite(scene[pull_of("right")]).all()
    gentle = np.abs(scene[pull_of("right")]).max() * residuals.STEEPEST
    assert gentle < 2.0  # the same as of the logit, and not divided by nearly nothing


@pytest.mark.parametrize(
    ("source", "at"),
    [("w*x + v*x", {"v": 1.0, "w": 1.0}), ("a*exp(k*x)", {"a": 0.0, "k": 1.0})],
    ids=["parameters that do the same", "one that does nothing here"],
)
def test_where_two_handles_have_no_two_ways_they_are_not_there(source, at):
    scene = Fitted(source).scene(**at)
    assert np.isnan([scene[name][1] for name in ("left", "right")]).any()


def test_while_the_search_is_looked_at_the_curve_has_no_handles():
    fitted = Fitted()
    scene = fitted.scene(**AT, step=3)
    assert np.isnan([scene[name][1] for name in ("left", "right")]).all()
    assert not np.isnan(scene["first curve"]).any()
    np.testing.assert_allclose(
        scene["first curve"], 1.2 * np.array(mark(scene, "curve").along) + 0.3, 1e-12
    )
    here = scene["current"]
    np.testing.assert_allclose(scene["curve"], fitted.predict(mark(scene, "curve").along, *here))
    assert np.isnan(fitted.scene(**AT)["first curve"]).all()


def test_a_handle_of_a_curve_outside_of_the_panel_waits_at_its_edge():
    scene = Fitted().scene(b=2.0, w=100.0)
    low, high = scene.panel("data").y
    assert high - 0.1 * (high - low) < scene["right"][1] < high
    assert np.isfinite(scene[pull_of("right")]).all()


# ── labels ───────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("b", "w"), [(-0.5, 1.0), (1.0, 2.0), (0.7, -1.5)])
def test_the_decision_line_stands_where_the_probability_is_a_half(b, w):
    fitted = Fitted(key="logistic")
    scene = fitted.scene(b=b, w=w)
    (x, low), (also, high) = scene["decision"]
    assert x == also == pytest.approx(-b / w, abs=1e-9)
    assert fitted.predict(x, b, w) == pytest.approx(0.5)
    assert (low, high) == scene.panel("data").y
    assert scene.text("decision label").startswith("p = ½ at ")
    assert scene["decision label"][5] == pytest.approx(-b / w, abs=1e-9)


@pytest.mark.parametrize(("b", "w"), [(1.0, 0.0), (50.0, 1.0)], ids=["level", "far away"])
def test_where_the_probability_is_never_a_half_there_is_no_line(b, w):
    scene = Fitted(key="logistic").scene(b=b, w=w)
    assert np.isnan(scene["decision"][:, 0]).all()
    assert scene["decision label"][4] < 0


def test_labels_are_rows_at_0_and_1_and_the_curve_is_a_probability():
    fitted = Fitted(key="logistic")
    scene = fitted.scene(b=0.0, w=3.0)
    assert ((scene["curve"] > 0) & (scene["curve"] < 1)).all()
    assert set(scene["rows"][: len(X), 1]) == set(LABELS)
    assert fitted.picture.rows.labels
    segments = scene["residuals"].reshape(-1, 3, 2)[: len(X)]
    np.testing.assert_allclose(segments[:, 1, 1], fitted.predict(segments[:, 0, 0], 0.0, 3.0))


def test_names_of_columns_stand_at_the_axes():
    class Column(list):
        name = "year"

    panel = Fitted(x=Column(X)).scene().panel("data")
    assert (panel.xlabel, panel.ylabel) == ("year", "$y$")
