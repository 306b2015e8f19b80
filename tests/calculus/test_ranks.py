"""Percentiles without sorting, held against numpy's."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradwidgets.calculus.program import trace
from gradwidgets.calculus.ranks import percentile

NUMBERS = st.lists(st.floats(-1e9, 1e9) | st.sampled_from((0.0, 1.0, 2.0)), min_size=1, max_size=40)
SHARES = (0.0, 0.02, 0.5, 0.85, 1.0)


@given(NUMBERS)
def test_they_are_numpy_s(numbers):
    values = np.array(numbers)
    wanted = np.percentile(values, [100 * share for share in SHARES])
    size = np.abs(values).max()
    found = percentile(values, np.full(values.shape, True), *SHARES)
    assert found == pytest.approx(wanted, rel=1e-12, abs=1e-12 * size)


@given(NUMBERS, st.data())
def test_only_what_is_counted_counts(numbers, data):
    values = np.array(numbers)
    some = st.lists(st.booleans(), min_size=len(values), max_size=len(values))
    counted = np.array(data.draw(some.filter(any)))
    values[~counted] = np.nan
    (found,) = percentile(values, counted, 0.85)
    size = np.abs(values[counted]).max()
    assert found == pytest.approx(np.percentile(values[counted], 85), abs=1e-12 * size)


def test_columns_are_ranked_by_themselves():
    values = np.array([[3.0, np.nan], [1.0, 7.0], [2.0, 7.0], [9.0, 5.0]])
    (found,) = percentile(values, np.isfinite(values), 0.5)
    assert found.tolist() == [2.5, 7.0]


def test_of_nothing_there_is_none():
    with np.errstate(invalid="ignore"):
        assert np.isnan(percentile(np.ones(3), np.full(3, False), 0.5)).all()


def test_a_program_computes_them():
    values = np.array([3.0, 1.0, 2.0, 9.0])
    program = trace(lambda x: tuple(percentile(x, x > 1.5, 0.5)), values)
    assert program(values) == (3.0,)
    assert program(values + 1.0) == (3.5,)
