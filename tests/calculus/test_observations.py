"""Rows of data: what is understood, what is left out, what is refused, and where rows stand."""

from collections import deque
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from gradwidgets.calculus.observations import (
    capacity_for,
    observations,
    slotted,
    standardised,
)


class Column:
    """What a column of pandas looks like: it has a name, an index of its own, and an array."""

    def __init__(self, values, name, index=()):
        self.name, self.values, self.index = name, values, index

    def __len__(self):
        return len(self.values)

    def __getitem__(self, key):
        return self.values[self.index.index(key)]

    def __iter__(self):
        return iter(self.values)

    def __array__(self, dtype=None, copy=None):
        return np.array(self.values, dtype)


class NAType:
    """What pandas writes for a value that is missing."""

    def __float__(self):
        raise TypeError("float() argument must be a string or a real number, not 'NAType'")


@pytest.mark.parametrize(
    "given",
    [
        [1, 2, 3],
        (1.0, 2.0, 3.0),
        range(1, 4),
        np.array([1, 2, 3], dtype=np.int8),
        np.array([1, 2, 3], dtype=np.float32),
        (k for k in (1, 2, 3)),
        map(float, "123"),
        deque([1, 2, 3]),
        {1: "a", 2: "b", 3: "c"}.keys(),
        [Fraction(1), Decimal(2), np.float64(3)],
        np.ma.masked_array([1, 2, 3]),
        Column([1, 2, 3], None),
    ],
    ids=lambda given: type(given).__name__,
)
def test_columns_of_every_kind_are_understood(given):
    data = observations(given, [4, 5, 6])
    assert data.x.dtype == data.y.dtype == float
    assert (data.x.tolist(), data.y.tolist()) == ([1, 2, 3], [4, 5, 6])
    assert (data.x_name, data.y_name, data.left_out) == ("x", "y", 0)
    assert (data.centre, data.spread) == (0.0, 1.0)


def test_truths_are_labels():
    assert observations([1, 2], [True, False]).y.tolist() == [1, 0]
    assert observations([1, 2], np.array([False, True])).y.tolist() == [0, 1]
    assert observations([1, 2, 3], [True, None, False]).y.tolist() == [1, 0]


def test_a_column_of_a_table_gives_its_name_and_its_order_whatever_its_index():
    height, weight = Column([3, 1], "height", [7, 5]), Column([40, 20], " weight ", [5, 7])
    data = observations(height, weight)
    assert (data.x_name, data.y_name) == ("height", "weight")
    assert (data.x.tolist(), data.y.tolist()) == ([3, 1], [40, 20])
    assert observations(Column([1], 0), Column([1], "")).x_name == "x"


@pytest.mark.parametrize("missing", [None, np.nan, np.inf, -np.inf, NAType(), Decimal("NaN")])
def test_a_row_without_a_number_in_either_column_is_left_out_and_counted(missing):
    assert observations([1, missing, 3], [4, 5, 6]).x.tolist() == [1, 3]
    data = observations([1, 2, missing], [missing, 5, 6])
    assert (data.x.tolist(), data.y.tolist(), data.left_out) == ([2], [5], 2)


def test_what_is_masked_is_left_out():
    masked = np.ma.masked_array([1, 2, 3], mask=[False, True, False])
    assert observations(masked, [4, 5, 6]).y.tolist() == [4, 6]
    assert observations([4, 5, 6], masked).left_out == 1


def test_a_number_beyond_all_floats_is_left_out():
    assert observations([10**400, 2], [1, 2]).x.tolist() == [2]


@pytest.mark.parametrize(
    ("x", "y", "words"),
    [
        ([1, 2, 3], [1, 2], "x has 3 values and y has 2: each x needs its y"),
        ([1], [1, 2], "x has 1 value and y has 2"),
        ([], [], "There are no data"),
        ([np.nan, 1], [1, None], "No row is left"),
        ([[1, 2], [3, 4]], [1, 2], r"x is .* has the shape \(2, 2\): take one column"),
        ([1, 2], np.ones((2, 1)), r"y is .* has the shape \(2, 1\): take one column"),
        ([[1, 2], [3]], [1, 2], "x is .* lists of different lengths"),
        (3.0, 4.0, r"x is .* is a single value: write \[1.5\] for one row"),
        (None, [1], "x is .* is a single value"),
        ("123", [1, 2, 3], "x is .* is the text '123'"),
        ([1, 2], ["no", "yes"], "y is .* holds the text 'no'"),
        (np.array(["1", "2"]), [1, 2], "x is .* holds the text '1'"),
        ([1, 2], {"a": 1, "b": 2}, "y is .* is a dict"),
        ({1, 2}, [1, 2], "x is .* is a set"),
        (np.array(["2020-01-01"], dtype="M8[D]"), [1], "x is .* holds dates"),
        ([1j, 2], [1, 2], "x is .* holds complex numbers"),
        ([object()], [1], "x is .* holds a object"),
    ],
)
def test_what_cannot_be_meant_is_refused_in_words(x, y, words):
    with pytest.raises(ValueError, match=words):
        observations(x, y)


def test_rows_can_not_be_written_to_and_are_copies():
    given = np.array([1.0, 2.0])
    data = observations(given, given)
    given[0] = 7.0
    assert data.x.tolist() == [1.0, 2.0]
    with pytest.raises(ValueError, match="read-only"):
        data.x[0] = 7.0


# ── slots ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("count", [1, 4, 63, 64, 65, 200, 5000])
def test_there_is_room_for_more_rows_in_eights(count):
    capacity = capacity_for(count)
    assert capacity % 8 == 0
    assert 0 <= capacity - (count + max(16, count // 4)) < 8


def test_slots_hold_each_row_once_and_zeros_behind():
    data = observations(range(1, 31), range(101, 131))
    x, y, weights = slotted(data, seed=4)
    assert len(x) == len(y) == len(weights) == capacity_for(30)
    assert sorted(x[:30]) == sorted(data.x)
    assert (y[:30] == x[:30] + 100).all()
    assert (weights == (np.arange(len(x)) < 30)).all()
    assert not x[30:].any()
    assert not y[30:].any()


def test_the_order_of_slots_comes_from_the_seed():
    data = observations(range(30), range(30))
    one, same, other = (slotted(data, seed)[0] for seed in (1, 1, 2))
    assert (one == same).all()
    assert (one != other).any()
    assert one[:30].tolist() == np.random.default_rng(1).permutation(30).tolist()


# ── standardising ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("scale", [1e-320, 1e-200, 1.0, 1e200, 1e307])
def test_a_standardised_x_has_mean_0_and_deviation_1_at_any_scale(scale):
    data = observations(scale * np.array([1.0, 2.0, 4.0, 9.0]), [1, 2, 3, 4])
    found = standardised(data)
    assert abs(np.mean(found.x)) < 1e-12
    assert abs(np.std(found.x) - 1) < 1e-12
    assert np.allclose((found.centre + found.spread * found.x) / scale, data.x / scale, 1e-3)
    assert found.y is data.y


@pytest.mark.parametrize(
    ("x", "told"),
    [
        ([66, 70, 75], "(x − 70.33)/3.68"),
        ([-1, -2, -6], "(x + 3.00)/2.16"),
        ([1e-9, 3e-9], "(x − 2e-09)/1e-09"),
        ([1e9, 3e9], "(x − 2e+09)/1e+09"),
        ([4, 4], "x − 4.00"),
        ([0, 0], ""),
    ],
)
def test_a_standardised_x_tells_what_it_is(x, told):
    data = observations(x, x)
    assert data.scaling == ""
    assert standardised(data).scaling == told


@pytest.mark.parametrize("same", [[0.1, 0.1, 0.1], [7], [0, 0], [1e308, 1e308]])
def test_equal_x_become_0_and_nothing_is_divided_by_0(same):
    found = standardised(observations(same, same))
    assert found.x.tolist() == [0] * len(same)
    assert (found.centre, found.spread) == (same[0], 1)


def test_standardising_twice_changes_nothing_and_still_tells_what_was_measured():
    data = observations([10, 20, 60], [1, 2, 3])
    once, twice = standardised(data), standardised(standardised(data))
    assert np.allclose(twice.x, once.x, 0, 1e-14)
    assert np.allclose([twice.centre, twice.spread], [once.centre, once.spread], 1e-14)
