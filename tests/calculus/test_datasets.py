"""The data that ship: their numbers, and where they come from."""

import numpy as np
import pytest

import gradwidgets as gw
from gradwidgets.calculus.fitting import Objective, exact_minimum
from gradwidgets.calculus.losses import LOSSES, check_labels
from gradwidgets.calculus.models import model


@pytest.mark.parametrize("name", gw.datasets)
def test_a_set_of_data_says_where_it_comes_from_and_what_it_holds(name):
    data = gw.datasets[name]
    assert "public domain" in data.source
    assert list(data.units) == list(data.columns)
    (count,) = {len(column) for column in data.columns.values()}
    assert 20 <= count <= 50
    for column in data.columns.values():
        assert column.dtype == float
        assert np.isfinite(column).all()


def test_seven_of_the_flights_had_damaged_o_rings_and_all_four_cold_ones():
    flights = gw.datasets["o-rings"]
    temperature, damage = flights["temperature"], flights["damage"]
    check_labels(LOSSES["logistic"], damage)
    assert (len(damage), damage.sum()) == (23, 7)
    assert (temperature.min(), temperature.max(), temperature.sum()) == (53, 81, 1600)
    assert damage[temperature < 65].tolist() == [1, 1, 1, 1]


def test_the_years_of_co2_are_whole_and_rise():
    air = gw.datasets["co2"]
    years = [year for year in range(1959, 2002) if year != 1964]  # three months are missing in it
    assert air["year"].tolist() == years
    assert (air["co2"][0], air["co2"][-1]) == (316.00, 370.85)
    assert (np.diff(air["co2"]) > 0).all()
    assert (air["co2"] == air["co2"].round(2)).all()


def test_the_line_through_co2_is_least_squares_although_years_are_large():
    air = gw.datasets["co2"]
    years, co2 = air["year"], air["co2"]
    line = Objective(model("w*x + b"), LOSSES["squared"])
    found = exact_minimum(line, years, co2, np.ones(len(years)))
    expected = np.linalg.lstsq(np.stack([np.ones(len(years)), years], axis=1), co2)[0]
    np.testing.assert_allclose(found, expected, 1e-9)


def test_columns_can_not_be_written_to_and_a_wrong_name_is_told():
    with pytest.raises(ValueError, match="read-only"):
        gw.datasets["co2"]["year"][0] = 0
    with pytest.raises(KeyError, match="the columns are temperature, damage, not 'damages'"):
        gw.datasets["o-rings"]["damages"]
