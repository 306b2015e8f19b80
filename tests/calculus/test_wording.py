"""Numbers in sentences: how they become text, and where in a sentence they stand."""

import math
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradwidgets.calculus.wording import fill, format_number, plain, three_digits

FIGURE_SPACE = "\u2007"

# ── numbers ──────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (41, 2, "41.00"),
        (0, 2, "0.00"),
        (-0.0, 1, "0.0"),
        (2.5, 0, "3"),
        (-2.5, 0, "−3"),
        (0.125, 2, "0.13"),  # a tie in binary too
        (-0.125, 2, "−0.13"),
        (1.005, 2, "1.00"),  # not a tie: the float lies below
        (0.375, 2, "0.38"),
        (-0.5, 0, "−1"),
        (999999, 0, "999999"),
        (1e6, 1, "1.0·10⁶"),
        (-2.5e7, 2, "−2.50·10⁷"),
        (1.25e300, 1, "1.3·10³⁰⁰"),
        (0.005, 2, "0.00500"),
        (0.0049, 2, "0.00490"),
        (0.0213, 2, "0.0213"),  # one digit would be 6 % off
        (0.02, 2, "0.02"),  # all that there is
        (3 * 0.01, 2, "0.03"),
        (0.25, 1, "0.250"),
        (0.3, 1, "0.3"),
        (0.123, 2, "0.12"),
        (0.0996, 2, "0.10"),
        (0.3, 0, "0.300"),
        (0.7, 0, "1"),
        (4e-4, 1, "4.00·10⁻⁴"),
        (-4e-5, 2, "−4.00·10⁻⁵"),
        (1e-13, 2, "1.00·10⁻¹³"),
        (5e-324, 2, "4.94·10⁻³²⁴"),
        (float("nan"), 2, "undefined"),
        (float("inf"), 2, "∞"),
        (float("-inf"), 2, "−∞"),
    ],
)
def test_a_number_for_a_reader(value, decimals, text):
    assert format_number(value, decimals) == text


@pytest.mark.parametrize(
    ("value", "decimals", "power", "text"),
    [
        (6.7e-8, 2, -8, "6.70·10⁻⁸"),
        (0.0, 2, -8, "0.00·10⁻⁸"),
        (-0.0, 7, None, "0.0000000"),  # Decimal writes 0E-7
        (1e-21, 2, -8, "1.00·10⁻²¹"),
        (2.7, 2, 73, "2.70"),
        (math.exp(10), 2, 6, "2.20·10⁴"),
        (-2e-8, 2, -7, "−2.00·10⁻⁸"),
        (9.96e-8, 2, -7, "1.00·10⁻⁷"),
        (9.94e-8, 2, -7, "9.94·10⁻⁸"),
        (1.2346e-6, 4, -5, "0.1235·10⁻⁵"),  # four digits
        (0.05, 1, 0, "0.1"),
        (92.51, 2, 18, "92.5"),
        (-999.6, 2, 9, "−1000"),
        (-1e-200, 2, 200, "−1.00·10⁻²⁰⁰"),
        (3.5e16, 2, 9, "3.50·10¹⁶"),
        (4e-15, 2, -8, "4.00·10⁻¹⁵"),
        (12.34e9, 2, 9, "12.34·10⁹"),
        (1000000.667, 3, 0, "1000000.667"),
        (3e-200, 2, -200, "3.00·10⁻²⁰⁰"),
        (float("-inf"), 2, -8, "−∞"),
    ],
)
def test_decimals_of_a_power_of_ten(value, decimals, power, text):
    assert format_number(value, decimals, power) == text


@given(st.integers(0, 10**6), st.integers(0, 5), st.sampled_from([-1, 0, 1]))
def test_half_is_rounded_away_from_zero_and_less_is_not(count, decimals, side):
    tie = Decimal(2 * count + 1) / 2 / 10**decimals
    value = float(tie)
    value = math.nextafter(value, math.inf * side) if side else value
    up = Decimal(value) >= tie
    text = format_number(value, decimals, 0)
    if count or up:
        assert Decimal(text) == Decimal(count + up) / 10**decimals
    else:
        assert "·" in text
    assert format_number(-value, decimals, 0) == "−" + text


@given(st.floats(1.0, 99.0), st.integers(0, 4), st.integers(-250, 250))
def test_in_every_unit_a_number_reads_alike(value, decimals, power):
    plain = format_number(value, decimals, 0)
    scaled, _, exponent = format_number(value * 10.0**power, decimals, power).partition("·")
    assert float(scaled) == pytest.approx(float(plain), abs=1.01 * 10.0**-decimals)
    assert exponent == (format_number(10.0**power, 0, power).partition("·")[2])


@given(st.floats(allow_nan=False, allow_infinity=False), st.integers(0, 6), st.integers(-250, 250))
def test_only_zero_is_written_as_zero(value, decimals, power):
    assert (read(format_number(value, decimals, power)) == 0) == (value == 0)


@pytest.mark.parametrize("value", [9.9996e6, -9.9996e6, 9.9996e-5, 9.9999999e11])
def test_the_number_before_a_power_of_ten_has_one_digit_before_the_point(value):
    mantissa = format_number(value, 2).partition("·")[0].removeprefix("−")
    assert mantissa.index(".") == 1


def read(text):
    """The number that a reader reads."""
    powers = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹−", "-0123456789-")
    mantissa, _, exponent = text.partition("·10")
    return Decimal(mantissa.translate(powers)).scaleb(int(exponent.translate(powers) or 0))


@given(st.floats(1e-300, 1e300), st.integers(2, 6), st.integers(-250, 250).filter(bool))
def test_three_digits_count_however_small_a_number_is_beside_the_usual(value, decimals, power):
    for size in (value, 10.0**power / 7.3, 10.0 ** (power - 1) / 3.1):
        assert abs(read(format_number(size, decimals, power)) / Decimal(size) - 1) < Decimal(
            "0.0051"
        )


@given(st.floats(1e-300, 0.99), st.integers(1, 6))
def test_no_number_is_left_with_one_digit_that_is_wrong(value, decimals):
    assert abs(read(format_number(value, decimals)) / Decimal(value) - 1) < Decimal("0.051")


@given(st.floats(allow_nan=False, allow_infinity=False), st.integers(0, 6))
def test_what_is_read_is_within_half_a_digit_of_what_was_meant(value, decimals):
    text = format_number(value, decimals)
    _, power, exponent = text.partition("·10")
    unit = Decimal(1).scaleb(-decimals)
    if power:
        unit = unit.scaleb(read("1·10" + exponent).adjusted())
    slack = abs(Decimal(value)) * Decimal("1e-15") + Decimal("1e-12")  # a float's own digits
    assert abs(read(text) - Decimal(value)) <= unit / 2 + slack
    assert "-" not in text


@given(st.floats(0.01, 999_999.0), st.integers(0, 4))
def test_a_sign_adds_one_character_and_nothing_else(value, decimals):
    assert format_number(-value, decimals) == "−" + format_number(value, decimals)


# ── three digits ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (-0.0, "0"),
        (1, "1.00"),
        (-0.0123, "−0.0123"),
        (9.994, "9.99"),
        (9.999, "10.0"),
        (99.96, "100"),
        (0.0099996, "0.0100"),
        (0.125 + 2, "2.13"),  # a tie in binary too
        (12345.6, "12346"),
        (99999.7, "100000"),
        (1e5, "1.00·10⁵"),
        (-123456, "−1.23·10⁵"),
        (0.001, "0.00100"),
        (0.0009999, "1.00·10⁻³"),
        (-4e-16, "−4.00·10⁻¹⁶"),
        (5e-324, "4.94·10⁻³²⁴"),
        (1.7976931348623157e308, "1.80·10³⁰⁸"),
        (float("nan"), "undefined"),
        (float("inf"), "∞"),
        (float("-inf"), "−∞"),
    ],
)
def test_three_digits_count(value, text):
    assert three_digits(value) == text


@given(st.floats(allow_nan=False, allow_infinity=False).filter(bool))
def test_three_digits_are_within_half_of_the_third(value):
    text = three_digits(value)
    digits = text.partition("·")[0].removeprefix("−").replace(".", "").lstrip("0")
    assert len(digits) == 3 or (abs(value) >= 999.5 and "·" not in text)
    assert abs(read(text) - Decimal(value)) <= abs(Decimal(value)) / 199
    assert ("·" in text) is not (1e-3 <= abs(value) < 1e5)


# ── text with slots ──────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("template", "values", "text"),
    [
        ("no slot", [1.0], "no slot"),
        ("{.0}°", [86.6], "87°"),
        ("f = {.2}, slope {.1}", [41, 2.25], "f = 41.00, slope 2.3"),
        ("{6.1}|", [4], FIGURE_SPACE * 3 + "4.0|"),
        ("{6.1}|", [-41], FIGURE_SPACE + "−41.0|"),
        ("{2.1}|", [1234.5], "1234.5|"),
        ("{.1@1} then {.1@0} then {.1@1}", [1, 2], "2.0 then 1.0 then 2.0"),
        ("{.1@1}, {.1}, {.1}", [1, 2], "2.0, 1.0, 2.0"),
        ("{.0}", [float("nan")], "undefined"),
        ("{.10}", [1.5e-8], "0.0000000150"),
        ("{.2e-8}, {9.1e-8@0}", [1.5e-8], "1.50·10⁻⁸,  1.5·10⁻⁸"),
        ("({.0+}, {.0+}, {.0+})", [-2.9, 3, 0], "(−2.90, 3, 0)"),
        ("{.0+}, {.2+}, {.2+}", [12345.6, 0.0213, 1 / 3], "12346, 0.0213, 0.333"),
        ("{.0e0+@1}, {.2e9+@0}, {.2e9+}", [-2.9, 2e7], "20000000, −2.90, −2.90"),
        ("{.1+}, {5.1+}", [float("nan"), 2], "undefined, " + FIGURE_SPACE * 2 + "2.0"),
        ("{g}, {.1}, {g@0}", [0.0123, 2], "0.0123, 2.0, 0.0123"),
        ("{6g}|, {6g@1}|", [2, 0.0123], f"2.00{FIGURE_SPACE * 2}|, 0.0123|"),
        ("{x} {} {2} {gg} {g2} {g.1}", [], "{x} {} {2} {gg} {g2} {g.1}"),  # not slots
    ],
)
def test_values_go_into_their_slots(template, values, text):
    assert fill(template, values) == text


@given(st.floats(-99_999.0, 99_999.0).filter(lambda v: v == 0 or abs(v) > 0.05))
def test_a_wide_slot_never_jumps(value):
    assert len(fill("{8.1}", [value])) == 8


@given(st.integers(1, 9_999), st.integers(-12, 2))
def test_what_rounding_alone_has_added_is_left_out(count, exponent):
    meant = float(f"{count}e{exponent}")
    for rounded in (count * 10.0**exponent, count / 10.0**-exponent, meant, -meant):
        assert abs(plain(rounded)) == meant


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_no_number_becomes_another_by_more_than_rounding(value):
    assert plain(value) == pytest.approx(value, rel=1e-15, abs=0)
    assert plain(plain(value)) == plain(value)


@pytest.mark.parametrize("value", [1 / 3, 2 / 7, 3.141592653589793, -0.12569221115499563, 0.0, 5.0])
def test_a_number_that_is_meant_stays(value):
    assert plain(value) == value
