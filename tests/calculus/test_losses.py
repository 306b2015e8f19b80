"""Losses against exact values, their slopes against autograd and central differences."""

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import elementwise_grad
from scipy.special import huber, log_expit

from gradwidgets.calculus.losses import LOSSES, check_labels
from gradwidgets.calculus.observations import observations

DELTA = 0.75
PREDICTIONS = np.array([-800.0, -30.0, -1.75, -1.0, -0.25, 0.0, 0.3, 1.0, 1.75, 3.0, 40.0, 800.0])
LABELS = np.resize([0.0, 1.0, 1.0], len(PREDICTIONS))


def test_every_loss_is_what_its_name_says():
    residuals = PREDICTIONS - LABELS
    expected = {
        "squared": residuals**2,
        "absolute": abs(residuals),
        "huber": huber(DELTA, residuals),
        "logistic": np.where(LABELS, -log_expit(PREDICTIONS), -log_expit(-PREDICTIONS)),
    }
    assert set(expected) == set(LOSSES)
    for key, values in expected.items():
        np.testing.assert_allclose(LOSSES[key].of(PREDICTIONS, LABELS, DELTA), values, 1e-14)


@pytest.mark.parametrize("key", LOSSES)
def test_the_slope_is_autograd_s_also_at_a_corner(key):
    loss = LOSSES[key]
    found = loss.slope(PREDICTIONS, LABELS, DELTA)
    by_autograd = elementwise_grad(lambda z: loss.of(z, LABELS, DELTA))(PREDICTIONS)
    np.testing.assert_allclose(found, by_autograd, 1e-12, 0)
    assert loss.slope(1.0, 1.0, DELTA) == 0 or loss.labels


@pytest.mark.parametrize("key", LOSSES)
def test_the_slope_is_what_a_small_difference_shows(key):
    loss = LOSSES[key]
    z = np.array([-20.3, -1.3, -0.2, 0.4, 0.9, 2.2, 17.0])
    y, h = np.resize([0.0, 1.0], len(z)), 6e-6 * np.maximum(1, abs(z))
    difference = (loss.of(z + h, y, DELTA) - loss.of(z - h, y, DELTA)) / (2 * h)
    np.testing.assert_allclose(loss.slope(z, y, DELTA), difference, 1e-6, 1e-6)


def test_the_logistic_loss_neither_overflows_nor_cancels():
    loss = LOSSES["logistic"]
    found = loss.of(np.array([1e308, -1e308, 50.0]), np.array([0.0, 1.0, 1.0]), 1.0)
    np.testing.assert_allclose(found, [1e308, 1e308, np.exp(-50)], 1e-14)
    slopes = loss.slope(np.array([1e308, -1e308, 50.0]), np.array([0.0, 1.0, 1.0]), 1.0)
    np.testing.assert_allclose(slopes, [1, -1, -np.exp(-50)], 1e-14)


def test_huber_s_pieces_meet_in_value_and_slope():
    loss = LOSSES["huber"]
    for side in (-1, 1):
        near, far = loss.of(side * DELTA * np.array([1 - 1e-9, 1 + 1e-9]), 0.0, DELTA)
        assert abs(near - far) < 1e-8
        assert loss.of(side * DELTA, 0.0, DELTA) == DELTA**2 / 2
        assert loss.slope(side * DELTA, 0.0, DELTA) == side * DELTA


def test_a_huge_delta_makes_huber_half_the_square_and_a_small_one_the_size():
    residuals = np.array([-3.0, 0.5, 2.0])
    assert (2 * LOSSES["huber"].of(residuals, 0.0, 1e9) == residuals**2).all()
    small = LOSSES["huber"].of(residuals, 0.0, 1e-9) / 1e-9
    np.testing.assert_allclose(small, abs(residuals), 1e-8)


def test_losses_are_told_to_people():
    assert [loss.title for loss in LOSSES.values()] == [
        *("mean squared error", "mean absolute error", "Huber loss", "logistic loss"),
    ]
    assert all("ŷ" in loss.formula for loss in LOSSES.values())
    assert [key for key, loss in LOSSES.items() if loss.labels] == ["logistic"]


@pytest.mark.parametrize("y", [[0, 1], [True, False], np.array([1.0, 0.0]), []])
def test_labels_are_0_and_1_and_truths(y):
    check_labels(LOSSES["logistic"], y)


def test_other_labels_are_refused_where_labels_are_needed():
    with pytest.raises(ValueError, match=r"every y is 0 or 1: one of these is -1"):
        check_labels(LOSSES["logistic"], observations([1, 2, 3], [1, 0, -1]).y)
    check_labels(LOSSES["squared"], [2.5])


def test_delta_has_a_slope_too():
    def cost(delta):
        return anp.sum(LOSSES["huber"].of(np.array([0.2, 3.0]), 0.0, delta))

    assert elementwise_grad(cost)(1.0) == pytest.approx(3.0 - 1.0)
