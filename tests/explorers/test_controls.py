"""The widgets made from controls: sliders that keep their place, boxes that refuse, messages."""

import math

import ipywidgets as ipw
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradwidgets.calculus.field import ScalarField
from gradwidgets.calculus.formula import FormulaError
from gradwidgets.explorers import controls
from gradwidgets.pictures.scene import Control
from gradwidgets.pictures.terrain import coordinate

X = Control("x", "the x", -3.0, 3.0, 0.01, 1.0)


def recorder():
    heard = []
    return heard, lambda *arguments: heard.append(arguments)


# ── sliders ──────────────────────────────────────────────────────────────────────────────────────


def test_a_slider_is_its_control():
    made = controls.slider(X, lambda name, value: None)
    assert (made.min, made.max, made.step, made.value) == (-3, 3, 0.01, 1)
    assert (made.description, made.readout_format) == ("the x", ".2f")


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        (1.5, 1.5),
        (0.30000000000000004, 0.3),  # a step, with the rounding of the page
        (-2.9999999999999996, -3.0),
        (0.12345, 0.12345),  # typed beside the slider
        (99.0, 3.0),
    ],
)
def test_a_slider_tells_its_name_and_its_step(sent, told):
    heard, moved = recorder()
    made = controls.slider(X, moved)
    made.set_state({"value": sent})
    assert heard == [("x", told)]


CONTROLS = st.builds(
    lambda low, width: coordinate("x", (low, low + width)),
    st.floats(-1e3, 1e3),
    st.floats(1e-2, 1e4),
)


def steps_of_the_page(control, count):
    """Where the page's slider (noUiSlider) stands after some steps: it counts in percent."""
    width = control.high - control.low
    return min(count * (control.step * 100 / width) * width / 100 + control.low, control.high)


@given(CONTROLS, st.floats(0, 1))
def test_a_slider_follows_to_where_the_page_will_put_it(control, share):
    made = controls.slider(control, lambda name, value: None)
    value = min(control.low + share * (control.high - control.low), control.high)
    controls.follow(made, control, value)
    assert abs(made.value - value) <= 0.501 * control.step
    count = round((made.value - control.low) / control.step)
    near = [steps_of_the_page(control, count + by) for by in (-1, 0, 1)]
    assert made.value in near
    made.close()


def test_following_sends_nothing_where_nothing_changed(sent):
    made = controls.slider(X, lambda name, value: None)
    controls.follow(made, X, 0.5)
    sent.clear()
    controls.follow(made, X, 0.5)
    controls.follow(made, X, 0.5001)  # the same step
    assert sent == []


@pytest.mark.parametrize(("low", "high"), [(10.0, 20.0), (-20.0, -10.0), (0.5, 0.75), (-9, 9)])
def test_a_slider_follows_to_another_range_in_one_message(low, high, sent):
    made = controls.slider(X, lambda name, value: None)
    other = coordinate("x", (low, high))
    sent.clear()
    controls.follow(made, other, high)
    assert (made.min, made.max, made.step) == (low, high, other.step)
    assert made.value == pytest.approx(high)
    assert len(sent) == 1
    assert made.readout_format == f".{other.decimals}f"


# ── sliders of exponents ─────────────────────────────────────────────────────────────────────────

RATE = Control("rate", "learning rate", 1e-4, 1.0, 0.01, 0.1, "log")
LOGARITHMIC = st.builds(
    lambda low, decades, share: Control(
        "rate", "rate", low, low * 10**decades, 0.01, low * 10 ** (share * decades), "log"
    ),
    st.floats(1e-8, 1e3),
    st.floats(0.1, 8),
    st.floats(0, 1),
)


def pair_of(control=RATE):
    """A slider of exponents whose number is kept, as an explorer keeps it."""
    heard = []

    def moved(name, value):
        heard.append((name, value))
        controls.follow(made, control, value)

    made = controls.slider(control, moved)
    return made, heard


def test_a_logarithmic_control_has_a_slider_and_a_box():
    made, heard = pair_of()
    assert made.children == (made.slider, made.box)
    assert (made.slider.min, made.slider.max, made.slider.step) == (-4, 0, 0.01)
    assert (made.slider.value, made.box.value) == (pytest.approx(0.1), 0.1)
    assert (made.slider.description, made.slider.readout) == ("learning rate", False)
    assert (made.box.layout.width, heard) == ("110px", [])


@pytest.mark.parametrize(
    ("exponent", "value"), [(-1.5, 0.0316), (-3.99, 0.000102), (-0.01, 0.977), (-4, 1e-4), (3, 1)]
)
def test_a_slider_of_exponents_tells_three_digits(exponent, value):
    made, heard = pair_of()
    made.slider.set_state({"value": 10**exponent})
    assert heard == [("rate", value)]
    assert made.box.value == value
    assert made.slider.value == pytest.approx(max(10.0 ** min(exponent, 0), 1e-4))


@given(LOGARITHMIC, st.floats(0, 1))
def test_following_a_slider_of_exponents_moves_it_by_half_a_step_and_its_box_by_the_fifth_digit(
    control, share
):
    made, heard = pair_of(control)
    value = min(control.low * (control.high / control.low) ** share, control.high)
    controls.follow(made, control, value)
    assert made.box.value == pytest.approx(value, rel=5e-4)
    assert len(as_the_page_writes(made.box.value)) <= 11
    assert abs(math.log10(made.slider.value / value)) <= 0.501 * control.step
    assert heard == []
    controls.close(made)


@given(LOGARITHMIC, st.integers(0, 800))
def test_a_step_of_the_slider_stays_where_the_page_put_it(control, count):
    low, high = math.log10(control.low), math.log10(control.high)
    exponent = min(low + 0.01 * count, high)
    made, heard = pair_of(control)
    made.slider.set_state({"value": 10**exponent})
    assert math.log10(made.slider.value) == pytest.approx(exponent, abs=0.0051)
    assert len(heard) <= 1
    controls.close(made)


def test_the_page_s_own_rounding_of_a_slider_is_not_heard(sent):
    made, heard = pair_of()
    controls.follow(made, RATE, 0.0123)
    sent.clear()
    for slip in (1, -1, 5):
        made.slider.set_state({"value": 10**-1.91 * (1 + slip * 2e-16)})
    assert (made.box.value, heard) == (0.0123, [])
    controls.follow(made, RATE, 0.0123)
    controls.follow(made, RATE, 0.01231)  # the same step
    assert [(widget, names) for widget, names in sent] == [(made.box, {"value"})]


def as_the_page_writes(number):
    """A number above 1e-6 in JavaScript; what is below has a short power of ten."""
    return f"{number:.12f}".rstrip("0").removesuffix(".") if number >= 1e-6 else f"{number:.4g}"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (6 * 1e-4, 0.0006),
        (1 / 3, 0.3333),
        (1.2345678e-5, 1.235e-5),
        (0.0123456, 0.0123456),
        (123.45678, 123.45678),
        (123.4567891, 123.5),
        (1e-7, 1e-7),
    ],
)
def test_a_box_shows_as_many_digits_as_it_has_room_for(value, shown):
    control = Control("rate", "rate", 1e-8, 1e3, 0.01, value, "log")
    made, heard = pair_of(control)
    assert (made.box.value, heard) == (shown, [])
    controls.follow(made, control, value)
    made.box.set_state({"value": shown})  # the page says what it shows
    assert (made.box.value, heard) == (shown, [])


@given(st.integers(1, 9999), st.integers(-8, 2))
def test_a_step_is_told_without_the_digits_of_its_rounding(count, exponent):
    step = float(f"1e{exponent}")
    heard = []
    control = Control("x", "x", 0.0, 1e4 * step, step, 0.0)
    made = controls.slider(control, lambda *told: heard.append(told))
    made.value = count * step
    assert heard == [("x", float(f"{count}e{exponent}"))]
    controls.close(made)


def test_a_typed_number_is_taken_as_it_is():
    made, heard = pair_of()
    made.box.set_state({"value": 0.0123456789})
    assert heard == [("rate", 0.0123456789)]
    assert made.slider.value == pytest.approx(10**-1.91)


@pytest.mark.parametrize("typed", [0.0, -0.5, float("nan"), float("inf"), -float("inf")])
def test_a_typed_number_without_a_logarithm_is_put_back(typed):
    made, heard = pair_of()
    made.box.set_state({"value": typed})
    assert (made.box.value, heard) == (0.1, [])


@pytest.mark.parametrize(("typed", "value"), [(2.0, 1.0), (1e-9, 1e-4)])
def test_a_typed_number_outside_of_the_range_becomes_its_end(typed, value):
    made, heard = pair_of()
    made.box.set_state({"value": typed})
    assert (made.box.value, heard) == (value, [("rate", value)])


def test_what_nobody_takes_goes_back():
    refused = []
    made = controls.slider(RATE, lambda *told: refused.append(told))
    made.box.set_state({"value": 0.5})
    made.slider.set_state({"value": 0.01})
    assert refused == [("rate", 0.5), ("rate", 0.01)]
    assert (made.box.value, made.slider.value) == (0.1, pytest.approx(0.1))


@pytest.mark.parametrize(("low", "high"), [(1e2, 1e4), (1e-9, 1e-6), (0.5, 0.75)])
def test_a_slider_of_exponents_follows_to_another_range(low, high, sent):
    made, heard = pair_of()
    other = Control("rate", "rate", low, high, 0.02, low, "log")
    sent.clear()
    controls.follow(made, other, high)
    assert (made.slider.min, made.slider.max) == (math.log10(low), math.log10(high))
    assert (made.slider.step, made.box.value, heard) == (0.02, high, [])
    assert made.slider.value == pytest.approx(high)
    assert [widget for widget, _ in sent] == [made.slider, made.box]


def test_a_hostile_slider_of_exponents_is_put_back():
    made, heard = pair_of()
    made.slider.set_state({"value": float("nan")})
    assert made.box.value == 0.1
    assert made.slider.value == pytest.approx(0.1)
    assert heard == []


# ── the domain's boxes ───────────────────────────────────────────────────────────────────────────


@pytest.fixture
def boxes():
    heard, moved = recorder()
    made = controls.DomainBoxes(lambda domain: moved(domain))
    made.show(ScalarField("x*y", {"y": (0, 10)}))
    made.heard = heard
    return made


def test_the_boxes_show_every_interval(boxes):
    assert list(boxes._rows) == ["x", "y"]
    low, span, high = boxes._rows["y"]
    assert (low.value, span.value, high.value) == (0, (0, 10), 10)
    assert boxes.message in boxes.box.children
    assert boxes.heard == []


@pytest.mark.parametrize(
    ("part", "value", "domain"),
    [
        (0, -2.0, {"y": (-2, 10)}),
        (2, 5.0, {"y": (0, 5)}),
        (1, (1.0, 2.0), {"y": (1, 2)}),
        (2, 1e9, {"y": (0, 1e9)}),
    ],
)
def test_a_change_of_a_box_asks_for_that_domain(boxes, part, value, domain):
    boxes._rows["y"][part].set_state({"value": value})
    assert boxes.heard == [(domain,)]
    assert boxes.message.value == ""


@pytest.mark.parametrize("value", [10.0, 11.0, float("nan"), -float("inf"), -1e101])
def test_an_impossible_interval_is_answered_and_asks_for_nothing(boxes, value):
    boxes._rows["y"][0].set_state({"value": value})
    assert boxes.heard == []
    assert "range of y" in boxes.message.value
    assert boxes.message.layout.display == ""
    boxes.show(ScalarField("x*y", {"y": (0, 10)}))
    assert boxes.message.value == ""
    assert boxes._rows["y"][0].value == 0


def test_other_variables_bring_other_rows_and_give_the_old_ones_back(boxes):
    old = list(boxes.box.children[:-1])
    assert boxes.show(ScalarField("x + y", {"y": (0, 5)})) == []
    assert boxes.show(ScalarField("a + b + c")) == old
    assert list(boxes._rows) == ["a", "b", "c"]
    assert len(boxes.box.children) == 4


@pytest.mark.parametrize("interval", [(0, 10), (1e6, 1e6 + 10), (-1e9, 1e9), (-1e-4, 1e-4)])
def test_the_range_slider_has_room_to_grow_and_shows_the_interval(boxes, interval):
    boxes.show(ScalarField("x*y", {"y": interval}))
    _, span, _ = boxes._rows["y"]
    assert span.value == pytest.approx(interval)
    assert span.min < interval[0]
    assert interval[1] < span.max
    assert span.step < (interval[1] - interval[0]) / 10


# ── messages ─────────────────────────────────────────────────────────────────────────────────────


def test_a_message_takes_no_room_while_it_is_empty():
    place = controls.message()
    assert place.layout.display == "none"
    controls.say(place, "careful")
    assert (place.value, place.layout.display) == ("careful", "")
    controls.say(place, "")
    assert (place.value, place.layout.display) == ("", "none")


@pytest.mark.parametrize(
    ("error", "typed", "shown"),
    [
        (ValueError("a < b & c"), "", "<span role='alert'>a &lt; b &amp; c</span>"),
        (RuntimeError("it broke"), "x", "<span role='alert'>RuntimeError: it broke</span>"),
        (FormulaError("whole", None), "x", "<span role='alert'>whole</span>"),
        (FormulaError("empty", 0), "   ", "<span role='alert'>empty</span>"),
        (
            FormulaError("here", 2),
            "x+<y",
            "<pre aria-hidden='true'>x+&lt;y\n  ▲</pre><span role='alert'>here</span>",
        ),
        (
            FormulaError("here", 2),
            "x+\ny",
            "<pre aria-hidden='true'>x+ y\n  ▲</pre><span role='alert'>here</span>",
        ),
    ],
)
def test_a_complaint_is_text_with_a_mark_under_the_place(error, typed, shown):
    assert controls.complaint(error, typed) == shown


@given(st.integers(0, 400), st.integers(0, 400))
def test_the_mark_stands_under_the_character_that_is_meant(position, length):
    typed = "".join(chr(0x4E00 + n) for n in range(length))  # each character only once
    shown = controls.complaint(FormulaError("here", position), typed)
    if not typed or position >= length:
        return
    line, caret = shown.removeprefix("<pre aria-hidden='true'>").partition("</pre>")[0].split("\n")
    assert line[caret.index("▲")] == typed[position]
    assert len(line) <= 60


# ── closing ──────────────────────────────────────────────────────────────────────────────────────


def test_closing_a_widget_closes_all_that_belongs_to_it():
    registry = ipw.widgets.widget._instances
    before = set(registry)
    box = ipw.VBox([ipw.HBox([ipw.FloatSlider(), ipw.Text()]), ipw.Accordion([ipw.Button()])])
    parts = controls.descendants(box)
    assert {type(part) for part in parts} >= {ipw.HBox, ipw.FloatSlider, ipw.Button, ipw.Layout}
    assert len(parts) == len(set(registry) - before)
    controls.close(box)
    assert set(registry) == before


def test_a_widget_that_stands_in_two_places_is_named_once():
    shared = ipw.Button()
    box = ipw.VBox([shared, ipw.HBox([shared])])
    assert controls.descendants(box).count(shared) == 1
