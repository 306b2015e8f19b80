"""A search on data as it is shown: its path, its loss over the steps, the step looked at."""

import numpy as np
import pytest

from gradwidgets.calculus.rules import complete, methods
from gradwidgets.calculus.training import run_of
from gradwidgets.pictures.training import DEEPEST
from tests.pictures.fitted import Fitted, X, Y, mark

AT = {"b": 1.0, "w": -0.5}
START = (1.0, -0.5)
ALL, ONE = len(X), np.ones(1)


def run_for(fitted, rate=0.02, size=ALL, schedule="constant", data=None):
    own = complete(fitted.method, {})
    data = fitted.field.data if data is None else data
    steps = fitted.steps
    return run_of(fitted.objective, data, fitted.method, own, START, rate, steps, size, schedule)


# ── the path ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("size", [1, 2, 5, ALL])
@pytest.mark.parametrize("method", methods)
def test_the_path_and_its_losses_are_those_of_the_run(method, size):
    fitted = Fitted(method=method)
    rate = methods[method].rate
    scene = fitted.scene(**AT, rate=rate, batch=size)
    run = run_for(fitted, rate, size)
    count = len(run.points)
    np.testing.assert_allclose(scene["path"][:count], run.points, 1e-9, 1e-12)
    assert np.isnan(scene["path"][count:]).all()
    low = scene["loss range"][2]
    expected = np.maximum(np.log10(np.maximum(run.values, 1e-300)), low)
    np.testing.assert_allclose(scene["loss"][:count], expected, 1e-8, 1e-9)


@pytest.mark.parametrize("schedule", ["1/t", "cosine"])
def test_a_schedule_changes_the_path(schedule):
    fitted = Fitted(schedule=schedule)
    run = run_for(fitted, 0.05, schedule=schedule)
    np.testing.assert_allclose(fitted.scene(**AT, rate=0.05)["path"], run.points, 1e-10)


def test_more_rows_than_there_are_is_all_of_them_also_of_those_that_were_added():
    fitted = Fitted()
    x, y, weights = (part.copy() for part in fitted.data)
    x[6:9], y[6:9], weights[6:9] = 1.5, -4.0, 1.0
    scene = fitted.scene((x, y, weights), **AT)
    data = fitted.field.data._replace(x=x, y=y, weights=weights)
    np.testing.assert_allclose(scene["path"], run_for(fitted, size=9, data=data).points, 1e-10)
    assert "Each step looks at all 9 rows." in scene.captions


@pytest.mark.parametrize("size", [1, 2, 4])
def test_what_a_batch_is_and_how_many_make_an_epoch_is_told(size):
    told = Fitted().scene(**AT, batch=size).text("batch note")
    assert told.startswith(f"Each step looks at {size} of 6 rows, in turn: ")
    assert f" {6 / size:g}" in told.replace(f"{6 / size:.2f}", f"{6 / size:g}")


# ── the step that is looked at ───────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("step", [0, 1, 7, 20])
def test_here_the_next_step_and_its_handle_stand_on_the_path(step):
    fitted = Fitted()
    scene = fitted.scene(**AT, step=step)
    path = scene["path"]
    np.testing.assert_array_equal(scene["current"], path[step])
    assert scene["start"].tolist() == list(START)
    if step < 20:
        np.testing.assert_array_equal(scene["move"], [*path[step], *path[step + 1]])
    else:
        assert np.isnan(scene["move"][2:]).all()
    assert scene["step"][0] == step
    assert scene["step"][1] == pytest.approx(scene["loss"][step])
    loss = fitted.objective(path[step], *fitted.data)
    assert scene["loss label"][5] == pytest.approx(loss, rel=1e-9)
    assert mark(scene, "step").moves == ("step", None)


def test_the_next_step_is_alpha_times_the_slope_down():
    fitted = Fitted()
    scene = fitted.scene(**AT, rate=0.03)
    slopes = fitted.field.gradient(START)
    np.testing.assert_allclose(scene["move"][2:] - scene["move"][:2], -0.03 * slopes, 1e-12)


def test_a_search_that_diverged_is_looked_at_up_to_its_end():
    fitted = Fitted(steps=400)
    scene = fitted.scene(**AT, rate=1.0, step=399)
    taken = np.isfinite(scene["path"]).all(axis=1).sum() - 1
    assert taken < 399
    assert scene["step"][0] == taken
    np.testing.assert_array_equal(scene["current"], scene["path"][taken])
    assert f"at step {taken}: it diverged" in scene.text("run")


# ── its axis ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("rate", [1e-4, 0.05, 0.2])
def test_the_axis_holds_the_loss_and_the_least(rate):
    scene = Fitted().scene(**AT, rate=rate)
    left, right, low, high = scene["loss range"]
    assert (left, right) == (0.0, 20.0)
    known = scene["loss"][np.isfinite(scene["loss"])]
    assert (known <= high).all()
    assert (known >= low).all()
    assert low <= scene["least loss"][0, 1] <= high
    assert 2 * low == round(2 * low)
    assert 2 * high == round(2 * high)
    assert high - low <= DEEPEST


def test_a_loss_of_0_stays_on_an_axis_that_has_a_depth():
    x = np.arange(4.0)
    scene = Fitted(x=x, y=2 * x + 1, method="newton").scene(b=0.0, w=0.0, rate=1.0)
    _, _, low, high = scene["loss range"]
    assert high - low <= DEEPEST
    assert scene["loss"][0] > low
    assert (scene["loss"][2:][np.isfinite(scene["loss"][2:])] >= low).all()


# ── what is said of it ───────────────────────────────────────────────────────────────────────────


def test_the_least_loss_is_told_where_it_is_known():
    fitted = Fitted()
    scene = fitted.scene(**AT, rate=0.05)
    best = np.linalg.lstsq(np.stack([X**0, X], 1), fitted.rows.y, rcond=None)[0]
    least = fitted.objective(best, *fitted.data)
    assert "the least is" in scene.text("run")
    assert 10 ** scene["least loss"][0, 1] == pytest.approx(least, rel=1e-9)
    other = Fitted(key="huber").scene(**AT, rate=0.05)
    assert "it was" in other.text("run")
    assert np.isnan(other["least loss"]).all() or np.isnan(other["least loss"][:, 1]).all()


@pytest.mark.parametrize("share", [0.9, 1.1])
def test_a_rate_over_two_lambda_max_is_told_as_the_reason(share):
    fitted = Fitted(steps=10)
    greatest = np.linalg.eigvalsh(fitted.field.hessian(START)).max()
    scene = fitted.scene(**AT, rate=share * 2 / greatest)
    told = scene.text("run")
    assert ("The loss rose from" in told) is (share > 1)
    assert ("is over 2" in told) is (share > 1)


SINGULAR = {
    "absolute": {"key": "absolute"},
    "huber, all far off": {"key": "huber", "y": Y + 100.0},
    "equal x": {"x": np.full(6, 2.0)},
    "one row": {"x": X[:1], "y": Y[:1]},
}


@pytest.mark.parametrize("how", SINGULAR.values(), ids=SINGULAR)
def test_newton_has_no_step_where_the_hessian_is_singular_and_the_model_is_not_blamed(how):
    fitted = Fitted(method="newton", **how)
    assert np.linalg.det(fitted.field.hessian(START)) == pytest.approx(0.0, abs=1e-12)
    told = fitted.scene(**AT, rate=1.0).text("run")
    assert told == (
        "At step 0 Newton has no step: the Hessian of the loss there can’t be inverted."
    )


def test_a_batch_of_one_row_leaves_newton_no_step():
    assert "Newton has no step" in Fitted(method="newton").scene(**AT, rate=1.0, batch=1).text(
        "run"
    )


@pytest.mark.parametrize("method", ["newton", "gradient descent"])
def test_a_search_that_leaves_the_model_s_values_is_told_as_that(method):
    fitted = Fitted("sqrt(w)*x", x=X + 2, y=X, domain={"w": (0.0, 3.0)}, method=method)
    told = fitted.scene(w=2.0, rate=2.0).text("run")
    assert told == "At step 1 the search came to where the model has no finite value."


@pytest.mark.parametrize(
    ("y", "risen"), [(1.125, "risen to 1.13; it was 1.12."), (1.131, "is 1.13; it was 1.13.")]
)
def test_a_loss_has_risen_only_where_the_digits_that_are_told_have(y, risen):
    """One row at x = 1, |w − y|: to the minimum and beyond it."""
    fitted = Fitted("w*x", key="absolute", x=ONE, y=0.0 * ONE, domain={"w": (-3, 3)}, steps=1)
    scene = fitted.scene(w=-y + 0.004, rate=2 * y - 0.002)
    first, last = 10.0 ** scene["loss"]
    assert first < last < first + 0.01
    assert scene.text("run").endswith(risen)


def test_a_path_in_a_program_is_the_same():
    fitted, plain = Fitted(traced=True), Fitted()
    for at in ({}, {"batch": 2}, {"batch": 3, "l2": 0.5, "step": 4, "rate": 0.1}):
        one, two = (each.scene(**AT, **at) for each in (fitted, plain))
        for name in one.numbers:
            np.testing.assert_allclose(one[name], two[name], 1e-9, 1e-9, err_msg=name)
