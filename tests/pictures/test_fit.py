"""The picture of a fit as a whole: what its captions add up to, its data, controls and size."""

import numpy as np
import pytest
from autograd import grad

from gradwidgets.pictures import fit
from gradwidgets.pictures.marks import Label
from tests.pictures.fitted import Fitted, X

AT = {"b": 0.3, "w": 1.2}
KEYS = ("squared", "absolute", "huber", "logistic")
PENALTY = {"l2": 0.4, "l1": 0.25}


def numbers_in(scene, name):
    """What a caption tells, without its place and text."""
    return scene[name][5:]


# ── captions ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("key", KEYS)
def test_the_place_tells_theta_the_loss_and_the_slope(key):
    fitted = Fitted(key=key)
    b, w, loss, slope = numbers_in(fitted.scene(**AT), "place")[:4]
    assert (b, w) == (0.3, 1.2)
    assert loss == pytest.approx(fitted.objective((b, w), *fitted.data), rel=1e-12)
    expected = np.linalg.norm(fitted.field.gradient((b, w)))
    assert slope == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("more", [{}, PENALTY], ids=["data", "and penalty"])
@pytest.mark.parametrize("key", KEYS)
def test_the_shares_of_all_rows_and_the_penalty_s_add_up_to_the_gradient(key, more):
    fitted = Fitted(key=key)
    field = fitted.objective.field(*fitted.data, **more)
    slopes = [grad(field, k)(0.3, 1.2) for k in range(2)]
    for name, slope in zip(("b", "w"), slopes, strict=True):
        shares = []
        for row in range(len(X)):
            scene = fitted.scene(**AT, **more, row=row)
            whole, count, x, y, off, share, penalty = numbers_in(scene, f"share of {name}")[:7]
            assert whole == pytest.approx(slope, rel=1e-9)
            assert (count, x, y) == (len(X), fitted.data[0][row], fitted.data[1][row])
            assert off == pytest.approx(fitted.predict(x, 0.3, 1.2) - y, rel=1e-9)
            shares.append(share)
        assert sum(shares) + penalty == pytest.approx(slope, rel=1e-9)
        told = scene.text(f"share of {name}")
        assert told.startswith(f"∂L/∂{name} = ")
        assert ("the penalty adds" in told) is bool(more and name == "w")
        assert ("the penalty leaves the intercept b out" in told) is bool(more and name == "b")


def test_a_share_is_the_row_s_slope_over_the_number_of_rows():
    fitted = Fitted()
    scene = fitted.scene(**AT, row=2)
    x, y = fitted.data[0][2], fitted.data[1][2]
    expected = 2 * (1.2 * x + 0.3 - y) * x / len(X)
    assert numbers_in(scene, "share of w")[5] == pytest.approx(expected, rel=1e-12)


def test_no_share_is_told_of_a_row_that_is_not_there():
    fitted = Fitted()
    for row in (len(X), len(fitted.data[0]) - 1):
        assert fitted.scene(**AT, row=row).text("share of w") == ""


def test_with_a_penalty_the_place_says_so():
    fitted = Fitted()
    plain, penalised = (fitted.scene(**AT, **more).text("place") for more in ({}, PENALTY))
    assert "and penalty" in penalised
    assert "and penalty" not in plain
    loss = numbers_in(fitted.scene(**AT, **PENALTY), "place")[2]
    wanted = fitted.objective((0.3, 1.2), *fitted.data) + 0.4 * 1.44 + 0.25 * 1.2
    assert loss == pytest.approx(wanted, rel=1e-12)


@pytest.mark.parametrize("text", ["w*x + b", "a*x^2 + b*x + c", "a*tanh(x) + b*x + c + d*x^2"])
@pytest.mark.parametrize("l2", [0.0, 0.7])
def test_the_ravine_is_numpy_s_eigenvalues_and_their_ratio(text, l2):
    fitted = Fitted(text)
    theta = [control.start for control in fitted.picture.controls[: len(fitted.field.variables)]]
    held = np.diag([name != ("b" if text == "w*x + b" else "c") for name in fitted.field.variables])
    values = np.linalg.eigvalsh(fitted.field.hessian(theta) + 2 * l2 * held)
    scene = fitted.scene(l2=l2, rate=0.02)
    least, greatest, ratio, product = numbers_in(scene, "ravine")[:4]
    assert (least, greatest) == pytest.approx((values[0], values[-1]), rel=1e-8)
    assert ratio == pytest.approx(values[-1] / values[0], rel=1e-8)
    assert product == pytest.approx(0.02 * values[-1], rel=1e-9)
    assert "κ = " in scene.text("ravine")


def test_years_as_they_are_make_a_ravine_and_it_is_told():
    x = np.arange(1960.0, 2020.0)
    scene = Fitted(x=x, y=300 + 1.5 * (x - 1960)).scene()
    ratio = numbers_in(scene, "ravine")[2]
    assert ratio == pytest.approx(np.linalg.cond(np.stack([x**0, x], 1)) ** 2, rel=1e-2)
    assert ratio > 1e9
    assert "κ = " in scene.text("ravine")


@pytest.mark.parametrize(
    ("x", "key"), [(np.full(6, 2.0), "squared"), (X, "absolute")], ids=["all x equal", "no bend"]
)
def test_without_curvature_there_is_no_ratio(x, key):
    assert "no κ" in Fitted(x=x, key=key).scene().text("ravine")


def test_rows_without_a_number_are_counted():
    x, y = [1, 2, None, 4, np.nan], [1, np.inf, 3, 4, 5]
    assert "3 rows without a number were left out." in Fitted(x=x, y=y).scene().captions
    assert (
        "1 row without a number was left out."
        in Fitted(x=[1, 2, None], y=[3, 4, 5]).scene().captions
    )
    assert not any("left out" in line for line in Fitted().scene().captions)


# ── data and controls ────────────────────────────────────────────────────────────────────────────


def test_data_are_inputs_of_the_one_program():
    fitted, moved = Fitted(traced=True), Fitted()
    x, y, weights = (part.copy() for part in fitted.data)
    y[0], weights[3], x[7], y[7], weights[7] = 9.0, 0.0, 0.3, -4.0, 1.0
    first = fitted.picture.replayed.current(*fitted.picture.inputs(fitted.values()))
    for at in ({}, {"l2": 0.3, "l1": 0.1}):
        one, two = (each.scene((x, y, weights), **AT, **at, row=7) for each in (fitted, moved))
        for name in one.numbers:
            np.testing.assert_allclose(one[name], two[name], 1e-9, 1e-9, err_msg=name)
    assert fitted.picture.replayed.current(*fitted.picture.inputs(fitted.values())) is first


@pytest.mark.parametrize("key", KEYS)
def test_a_hand_touches_the_rows_in_steps_of_about_a_five_hundredth(key):
    picture = Fitted(key=key).picture
    assert (picture.rows.panel, picture.rows.mark) == ("data", "row")
    assert picture.rows.labels is (key == "logistic")
    panel = next(one for one in picture.panels if one.name == "data")
    for step, (low, high) in zip(picture.rows.steps, (panel.x, panel.y), strict=True):
        assert 150 < (high - low) / step < 1600
        assert np.log10(step) == pytest.approx(round(np.log10(step)))


@pytest.mark.parametrize("method", ["momentum", "adam", "newton"])
@pytest.mark.parametrize("key", KEYS)
def test_controls_are_theta_and_all_numbers_of_the_search(key, method):
    fitted = Fitted(key=key, method=method)
    names = [control.name for control in fitted.picture.controls]
    assert names[:3] == ["b", "w", "rate"]
    assert ("delta" in names) is (key == "huber")
    assert ("momentum" in names) is (method == "momentum")
    assert ("beta2" in names) is (method == "adam")
    assert names[-4:] == ["l2", "l1", "row", "step"]
    batch = next(one for one in fitted.picture.controls if one.name == "batch")
    assert (batch.low, batch.high, batch.start) == (1, 24, 24)  # as many as there is room for


@pytest.mark.parametrize("name", ["rate", "batch", "step", "delta", "l2"])
def test_a_parameter_that_has_a_control_s_name_is_refused(name):
    with pytest.raises(ValueError, match=f"{name} is a control: give the variable another name"):
        Fitted(f"{name}*x + b", "huber")


def test_of_many_rows_what_depends_on_the_path_may_come_later():
    few, many = (
        Fitted(x=np.linspace(0, 1, n), y=np.linspace(1, 2, n), steps=2).picture for n in (100, 2000)
    )
    assert few.soon == ()
    assert {"path", "loss", "step", "loss range", "run"} <= set(many.soon)
    assert not {"start", "curve", "rows", "left", "place"} & set(many.soon)


# ── too many rows to draw ────────────────────────────────────────────────────────────────────────


def test_of_more_rows_a_sample_is_drawn_and_the_numbers_are_those_of_all():
    draw, count = np.random.default_rng(3), fit.SAMPLE + 1000
    x = draw.uniform(-1, 1, count)
    y = 2 * x + draw.standard_normal(count)
    fitted = Fitted(x=x, y=y, steps=3)
    scene = fitted.scene(b=0.0, w=1.0, rate=0.1)
    assert len(scene["rows"]) == fit.SAMPLE
    assert set(map(tuple, scene["rows"])) < set(zip(x, y, strict=True))
    assert (
        "The picture shows a sample of the rows; the numbers are those of all rows."
        in scene.captions
    )
    slope, height = np.polyfit(x, y, 1)
    np.testing.assert_allclose(scene["minimum"], [height, slope], 1e-7, 1e-9)
    assert numbers_in(scene, "place")[2] == pytest.approx(np.mean((x - y) ** 2), rel=1e-9)
    assert numbers_in(scene, "share of w")[:2].tolist() == [
        pytest.approx(np.mean(2 * (x - y) * x), rel=1e-9),
        count,
    ]
    assert fitted.picture.over.rows == fit.SAMPLE
    assert len(fitted.picture.terrain_inputs[-1]) == fit.SAMPLE


def test_five_thousand_rows_are_all_drawn():
    count = fit.SAMPLE
    x = np.linspace(0, 1, count)
    scene = Fitted(x=x, y=x, steps=1).scene()
    assert np.isfinite(scene["rows"]).all(axis=1).sum() == count
    assert scene.text("sample") == "Grey lines show how far 400 of the rows are off."


# ── every loss, method and number of parameters ──────────────────────────────────────────────────

SOURCES = ("w*x", "w*x + b", "a*x^2 + b*x + c", "a*tanh(b*x) + c*x + d")


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("text", SOURCES)
def test_a_picture_has_numbers_for_each_of_its_marks_and_no_others(text, key):
    fitted = Fitted(text, key)
    scene = fitted.scene()
    assert set(scene.numbers) == set(fitted.picture.told)
    assert len({one.name for one in scene.marks}) == len(scene.marks)
    main = "curve" if text == "w*x" else "map"
    assert [panel.name for panel in scene.panels] == [main, "data", "loss", "rates"]
    told = [one for one in scene.marks if isinstance(one, Label) and not one.panel]
    assert told[0].name == "place"


@pytest.mark.parametrize("gone", [1, len(X)])
def test_without_most_rows_or_any_nothing_breaks(gone):
    fitted = Fitted()
    x, y, weights = (part.copy() for part in fitted.data)
    weights[:gone] = 0.0
    scene = fitted.scene((x, y, weights))
    assert np.isfinite(scene["curve"]).all()
    assert np.isnan(numbers_in(scene, "place")[2]) == (gone == len(X))
    assert all("nan" not in line and "inf" not in line for line in scene.captions)
    none = "There is no row: add a point, or bring all data back."
    assert (none in scene.captions) is (gone == len(X))
    assert (scene.text("run") == scene.text("ravine") == "") is (gone == len(X))
