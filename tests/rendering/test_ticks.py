"""Ticks of logarithmic axes: labels that are true, few enough, and never touch."""

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradwidgets.pictures.panels import Panel
from gradwidgets.pictures.scene import Layer, Scene
from gradwidgets.rendering import paint
from gradwidgets.rendering.ticks import log_ticks

RAISED = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")


def exponent(label):
    """The logarithm of what a label says."""
    mantissa, _, power = label.rpartition("10") if RAISED.keys() & set(map(ord, label)) else (
        label, "", "0"
    )  # fmt: skip
    return math.log10(float(mantissa.rstrip("·") or 1)) + int(power.translate(RAISED))


def labels(interval, room, upright=False):
    return [label for _, label in log_ticks(interval, room, upright).labels]


@pytest.mark.parametrize(
    ("interval", "room", "shown"),
    [
        ((-4, 0), 400, ["10⁻⁴", "10⁻³", "10⁻²", "10⁻¹", "10⁰"]),
        ((-4, 0), 150, ["10⁻⁴", "10⁻²", "10⁰"]),
        ((-16, 3), 150, ["10⁻¹²", "10⁻⁶", "10⁰"]),
        ((-2.3, -1), 400, ["0.01", "0.02", "0.05", "0.1"]),
        ((-2.3, -1), 150, ["0.01", "0.03", "0.1"]),
        ((-0.7, -0.65), 150, ["0.2", "0.21", "0.22"]),
        ((-7.2, -6), 400, ["1·10⁻⁷", "2·10⁻⁷", "5·10⁻⁷", "1·10⁻⁶"]),
        ((4, 5.5), 150, ["10000", "30000", "1·10⁵", "3·10⁵"]),
        ((-320, 300), 250, ["10⁻²⁸⁰", "10⁻¹⁴⁰", "10⁰", "10¹⁴⁰", "10²⁸⁰"]),
    ],
)  # fmt: skip
def test_labels_are_powers_of_ten_or_on_a_short_range_plain_numbers(interval, room, shown):
    assert labels(interval, room) == shown


def test_labels_above_each_other_need_less_room_than_beside_each_other():
    assert len(labels((-4, 0), 100, upright=True)) > len(labels((-4, 0), 100))


def test_small_ticks_stand_at_two_to_nine():
    minor = log_ticks((-2, 0), 300).minor
    assert [round(10**place, 9) for place in minor] == [
        *(k / 100 for k in range(2, 10)),
        *(k / 10 for k in range(2, 10)),
    ]


def test_small_ticks_stand_at_the_powers_where_the_others_have_no_room():
    assert log_ticks((-12, 0), 100).minor == tuple(
        k for k in range(-12, 1) if k not in {p for p, _ in log_ticks((-12, 0), 100).labels}
    )
    assert log_ticks((-300, 0), 100).minor == ()


SPAN = st.one_of(st.floats(0.01, 2), st.floats(2, 300))


@given(st.floats(-150, 150), SPAN, st.floats(46, 900), st.booleans())
def test_every_label_is_true_inside_and_apart_from_the_next(low, span, room, upright):
    high = low + span
    ticks = log_ticks((low, high), room, upright)
    places = [place for place, _ in ticks.labels]
    for place, label in ticks.labels:
        assert low - 1e-6 <= place <= high + 1e-6
        assert exponent(label) == pytest.approx(place, abs=1e-9)
    gap = 22 if upright else 15
    assert all(np.diff(places) * room / span >= gap - 1e-6)
    assert all(low - 1e-6 <= place <= high + 1e-6 for place in ticks.minor)
    assert not set(places) & set(ticks.minor)


@given(st.floats(-20, 20), st.floats(2, 40), st.floats(100, 900), st.booleans())
def test_a_range_of_two_decades_has_two_labels(low, span, room, upright):
    assert len(labels((low, low + span), room, upright)) >= 2


# ── as they are painted ──────────────────────────────────────────────────────────────────────────


def painted(x, y, width, **options):
    panel = Panel("p", x, y, **options)
    figure = paint.figure(Scene((panel,), Layer(), (), {}), width)
    figure.draw_without_rendering()
    return figure.axes[0]


@pytest.mark.parametrize("width", [240, 360, 960])
@pytest.mark.parametrize("interval", [(-4, 1), (-16, 3), (-1.2, 0.4), (-0.5, -0.4), (-9.5, -8)])
def test_painted_labels_do_not_touch(interval, width):
    axes = painted(interval, interval, width, xlog=True, ylog=True)
    for axis, side in ((axes.xaxis, "intervalx"), (axes.yaxis, "intervaly")):
        drawn = [label for label in axis.get_ticklabels() if label.get_text()]
        ends = sorted(tuple(getattr(label.get_window_extent(), side)) for label in drawn)
        assert len(ends) >= 2
        assert all(first[1] < second[0] for first, second in pairwise(ends))


def test_only_a_logarithmic_axis_has_powers_of_ten():
    axes = painted((-4, 0), (-4, 0), 400, xlog=True)
    across, up = ([label.get_text() for label in axis.get_ticklabels()]
                  for axis in (axes.xaxis, axes.yaxis))  # fmt: skip
    assert across == ["10⁻⁴", "10⁻³", "10⁻²", "10⁻¹", "10⁰"]
    assert not any("10" in text for text in up)
    assert len(axes.get_xticks(minor=True)) == 32
    assert len(axes.get_yticks(minor=True)) == 0
    assert axes.get_xlim() == (-4, 0)
