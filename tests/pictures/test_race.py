"""The race's picture, held against each method's own run; sweeps, held against single runs."""

import math
from functools import lru_cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradwidgets.calculus.catalog import catalog
from gradwidgets.calculus.descent import descend
from gradwidgets.calculus.field import ScalarField
from gradwidgets.calculus.rules import methods
from gradwidgets.calculus.usual import usual_rate
from gradwidgets.calculus.wording import fill
from gradwidgets.pictures.loss import MARGIN, Frame, view_of
from gradwidgets.pictures.marks import Label, Marker, Polyline, label_text
from gradwidgets.pictures.palette import HANDLE, words_in
from gradwidgets.pictures.race import (
    LOOKS,
    best_rate,
    look_of,
    race_picture,
    sweep,
)
from gradwidgets.pictures.racing import BELOW, RATES, _name_places, rates_in
from gradwidgets.pictures.spans import race_span

BOWL = ScalarField("x**2 + 10*y**2")
SPAN = (-3.5, 1.5)
ALL = tuple(methods)
EVERY = pytest.mark.parametrize("method", ALL)
TWO = [name for name, example in catalog.items() if len(example.variables) == 2]


def nothing():
    """No sweep yet."""
    return {}, False


def scene_of(field, start, rates, steps=40, finals=nothing, span=SPAN):
    picture = race_picture(field, tuple(rates), steps, span, finals)
    return picture.scene((*start, *rates.values()))


def usual(field, start, names=ALL):
    return {name: usual_rate(field, start, name) for name in names}


# ── paths and losses ─────────────────────────────────────────────────────────────────────────────


@lru_cache(maxsize=3)
def race_of_all(name):
    """The usual rates and the scene of all methods on an example."""
    example = catalog[name]
    rates = usual(example.field, example.start)
    return rates, scene_of(example.field, example.start, rates)


@EVERY
@pytest.mark.parametrize("name", ["bowl", "rosenbrock", "himmelblau"])
def test_each_method_runs_by_itself(method, name):
    example = catalog[name]
    rates, scene = race_of_all(name)
    run = descend(example.field, example.start, rates[method], 40, method)
    count = len(run) + 1
    assert scene[f"path {method}"][:count].tolist() == run.points.tolist()
    assert np.isnan(scene[f"path {method}"][count:]).all()
    assert scene[f"end {method}"].tolist() == run.points[-1].tolist()
    low, _ = scene.panel("loss").y
    left = run.values - view_of(example.field).floor
    seen = left > 1e-9
    assert scene[f"loss {method}"][:count][seen] == pytest.approx(
        np.maximum(np.log10(left[seen]), low), abs=1e-6
    )
    said = fill(
        "{} α = {g}: {}, f = {g} after {.0} steps.", [rates[method], run.values[-1], len(run)]
    )
    start, _, rest = said.partition("{}, ")
    wanted = f"{look_of(method).sign} {method},{start.removeprefix('{}')}{run.verdict}, {rest}"
    assert scene.text(f"told {method}") == wanted


def test_the_race_keeps_the_order_of_its_methods():
    order = ("adam", "newton", "gradient descent")
    scene = scene_of(BOWL, (2, 1), usual(BOWL, (2, 1), order))
    told = [
        line.removeprefix(f"{look_of(m).sign} ")
        for m, line in zip(order, scene.captions, strict=False)
    ]
    assert all(line.startswith(f"{m}, α") for m, line in zip(order, told, strict=True))
    lines = [m.name for m in scene.marks if m.name.startswith("path ")]
    assert lines == [f"path {name}" for name in order]
    picture = race_picture(BOWL, order, 40, SPAN, nothing)
    assert [c.name for c in picture.controls] == ["x", "y", *(f"rate {name}" for name in order)]
    assert {c.scale for c in picture.controls[2:]} == {"log"}


def test_a_run_that_ends_early_leaves_nothing_behind():
    field = ScalarField("log(x) + y**2")
    scene = scene_of(field, (1, 1), {"gradient descent": 0.2, "newton": 1.0})
    run = descend(field, (1, 1), 0.2, 40)
    assert len(run) < 40
    assert np.isnan(scene["path gradient descent"][len(run) + 1 :]).all()
    assert "left the domain" in scene.text("told gradient descent")
    low, high = scene.panel("final").y
    assert high - 0.06 * (high - low) < scene["rate gradient descent"][1] < high


@pytest.mark.parametrize("example", TWO)
def test_each_name_stands_beside_its_own_curve_and_on_no_other_name(example):
    field, start = catalog[example].field, catalog[example].start
    racing = usual(field, start, ("gradient descent", "momentum", "adam"))
    scene = scene_of(field, start, racing, 60)
    while scene.panel("loss").y[0] < -1e3:  # runs that end soon, far down, leave no room for names
        racing = {name: rate / 4 for name, rate in racing.items()}
        scene = scene_of(field, start, racing, 60)
    low, high = scene.panel("loss").y
    boxes = []
    for name in racing:
        x, y, _, side, _ = scene[f"name {name}"]
        assert y == scene[f"loss {name}"][int(x)]
        middle = (y - low) / (high - low) + side * 0.12
        assert 0 < middle < 1
        boxes.append((np.clip(x / 60, 0.0135 * len(name), 1 - 0.0135 * len(name)), middle, name))
    for k, (x, y, name) in enumerate(boxes):
        for across, up, other in boxes[:k]:
            apart = abs(x - across) >= 0.0135 * (len(name) + len(other)) - 1e-9
            assert apart or abs(y - up) >= 0.15 - 1e-9


def test_a_name_stands_where_no_other_curve_runs():
    curves = np.array([np.linspace(0.9, 0.1, 61), np.linspace(0.1, 0.9, 61)])
    places = _name_places(("one", "two"), curves, Frame(math.nan, (0.0, 1.0), (0.0, 1.0)), 60.0)
    for own, (x, y, _, side, _) in enumerate(places):
        assert curves[own, int(x)] == y
        beside = slice(max(int(x) - 3, 0), int(x) + 4)
        away = np.abs(curves[:, beside] - (y + 0.12 * side)).min(axis=1)
        assert away[1 - own] > 0.12 - 1e-9
        assert away[own] < away[1 - own]


@pytest.mark.parametrize("seed", range(20))
def test_a_last_digit_moves_no_name(seed):
    """Every curve is as far from its own name as names stand aside, and so on no side of that."""
    rng = np.random.default_rng(seed)
    curves = np.cumsum(-rng.uniform(0.0, 0.1, (6, 41)), axis=1) - rng.uniform(0.0, 3.0, (6, 1))
    frame = Frame(math.nan, (-7.7, 2.3), (0.0, 1.0))
    places = _name_places(tuple("abcdef"), curves, frame, 40.0)
    for _ in range(5):
        moved = curves * (1.0 + rng.choice([-2e-16, 0.0, 2e-16], curves.shape))
        found = _name_places(tuple("abcdef"), moved, frame, 40.0)
        assert found == pytest.approx(np.array(places))


# ── looks ────────────────────────────────────────────────────────────────────────────────────────


def test_all_methods_look_different_and_none_like_a_handle():
    assert [look_of(method) for method in methods] == list(LOOKS[: len(methods)])
    assert len({look.color for look in LOOKS}) == len({look.dash for look in LOOKS}) == len(LOOKS)
    assert HANDLE not in {look.color for look in LOOKS}


def test_a_sign_is_the_dash_itself_and_tells_every_method_from_the_others():
    assert len({look.sign for look in LOOKS}) == len(LOOKS)
    for look in LOOKS:
        strokes = look.sign.split("\u00a0")
        if not look.dash:
            assert strokes == ["━━━━"]
        for stroke, length in zip(strokes, (*look.dash[::2],) * 3, strict=False):
            assert (stroke == "•") == (length < 2.5)
            assert stroke == "•" or abs(5 * len(stroke) - length) <= 2.5


@EVERY
def test_a_method_has_one_look_everywhere(method):
    scene = scene_of(BOWL, (2, 1), usual(BOWL, (2, 1)))
    own = [m for m in scene.marks if m.name.endswith(f" {method}")]
    lines = [m for m in own if isinstance(m, Polyline)]
    assert {m.panel for m in lines} == {"map", "loss", "final"}
    assert {(m.color, m.dash) for m in lines} == {look_of(method)[:2]}
    labels = [m for m in own if isinstance(m, Label)]
    assert {m.color for m in labels} == {words_in(look_of(method).color)}
    (handle,) = (m for m in own if isinstance(m, Marker) and m.handle)
    assert (handle.color, handle.moves) == (HANDLE, (f"rate {method}", None))


# ── sweeps ───────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", ["bowl", "rosenbrock", "himmelblau"])
@EVERY
def test_a_sweep_is_a_single_run_for_every_rate(method, name):
    field, start = catalog[name].field, catalog[name].start
    finals, rates = sweep(field, start, method, 30, SPAN), rates_in(SPAN)
    assert finals.shape == rates.shape == (RATES,)
    for place in (0, 7, 20, 33, 47, 60):
        run = descend(field, start, float(rates[place]), 30, method)
        if len(run) < 30 or not math.isfinite(run.values[-1]):
            assert not math.isfinite(finals[place])
        elif run.values.max() < 1e6:  # what is thrown far away also magnifies the rounding
            assert finals[place] == pytest.approx(run.values[-1], rel=1e-12, abs=1e-12)


def test_a_lost_run_has_no_final_value():
    finals = sweep(ScalarField("log(x) + y**2"), (1, 1), "gradient descent", 40, SPAN)
    lost = [len(descend("log(x) + y**2", (1, 1), rate, 40)) < 40 for rate in rates_in(SPAN)]
    assert np.isnan(finals).tolist() == lost
    assert 0 < sum(lost) < RATES


def test_a_sweep_tells_how_far_it_is():
    heard = []
    sweep(BOWL, (2, 1), "adam", 120, SPAN, lambda *told: heard.append(told))
    assert heard[0] == (0, 120)
    assert heard[-1] == (120, 120)
    assert [done for done, _ in heard] == sorted({done for done, _ in heard})


def test_what_the_listener_raises_ends_the_sweep():
    def told(done, total):
        if done >= 50:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        sweep(BOWL, (2, 1), "adam", 120, SPAN, told)


@given(
    st.tuples(st.integers(-12, 1), st.integers(3, 12)).map(lambda p: (p[0] / 2, (p[0] + p[1]) / 2))
)
def test_the_rates_of_a_sweep_cover_the_span_in_three_digits(span):
    rates = rates_in(span)
    low, high = 10.0 ** span[0], 10.0 ** span[1]
    assert low <= rates[0] <= low * 1.01
    assert high / 1.01 <= rates[-1] <= high
    assert (np.diff(rates) > 0).all()
    assert [float(f"{rate:.3g}") for rate in rates[1:-1]] == rates[1:-1].tolist()
    steps = np.diff(np.log10(rates))
    assert steps == pytest.approx(np.full(RATES - 1, (span[1] - span[0]) / 60), abs=0.01)


def in_three_digits(span):
    """By Python's own format, and not beyond the span."""
    low, high = span
    rates = 10.0 ** np.linspace(low, high, RATES)
    return np.clip([float(f"{rate:.3g}") for rate in rates], 10.0**low, 10.0**high)


@given(st.floats(-18, 18), st.floats(0.5, 6))
def test_the_rates_of_a_sweep_are_rounded_as_a_format_does_it(low, width):
    span = (low, low + width)
    found, wanted = rates_in(span), in_three_digits(span)
    ends = (found == 10.0 ** span[0]) | (found == 10.0 ** span[1])
    texts = [f"{rate:.3g}" for rate in found]
    assert [float(text) for text, end in zip(texts, ends, strict=True) if not end] == (
        found[~ends].tolist()
    )
    assert found == pytest.approx(wanted, rel=0.0101)  # where a rounding decides, by one digit
    assert (found != wanted).sum() <= 1


@given(st.floats(-307, 306.9), st.floats(0.1, 12))
def test_wherever_a_rate_may_lie_a_sweep_has_rates(low, width):
    span = (low, min(low + width, 307.0))
    with np.errstate(all="raise", under="ignore"):
        rates = rates_in(span)
    assert (rates > 0).all()
    assert (np.diff(rates) >= 0).all()
    if low > -305.9:  # below, a number has not so many digits to spare
        assert rates == pytest.approx(in_three_digits(span), rel=0.0101)


@EVERY
def test_the_best_rate_is_the_one_that_ends_lowest(method):
    finals = sweep(BOWL, (2, 1), method, 40, SPAN)
    best = best_rate(SPAN, finals)
    assert best in rates_in(SPAN)
    assert finals[rates_in(SPAN).tolist().index(best)] == np.nanmin(finals)


@pytest.mark.parametrize("finals", [np.full(RATES, np.nan), np.full(RATES, np.inf)])
def test_where_every_run_is_lost_there_is_no_best(finals):
    assert best_rate(SPAN, finals) is None


@pytest.mark.parametrize("name", ["bowl", "rosenbrock", "himmelblau"])
@EVERY
def test_a_race_at_the_best_rates_ends_no_higher_than_beside_them(method, name):
    field, start = catalog[name].field, catalog[name].start
    finals = sweep(field, start, method, 40, SPAN)
    best = best_rate(SPAN, finals)
    place = rates_in(SPAN).tolist().index(best)
    reached = descend(field, start, best, 40, method).values[-1]
    for beside in (place - 1, place + 1):
        if 0 <= beside < RATES and math.isfinite(finals[beside]):
            assert reached <= finals[beside] * (1 + 1e-9) + 1e-12


@EVERY
def test_the_curve_of_finals_goes_through_the_handle(method):
    finals = {method: sweep(BOWL, (2, 1), method, 40, SPAN)}
    for place in (10, 25, 40):
        rate = float(rates_in(SPAN)[place])
        scene = scene_of(BOWL, (2, 1), {method: rate}, finals=lambda: (finals, True))
        x, y = scene[f"rate {method}"]
        low, high = scene.panel("final").y
        across, final = scene[f"final {method}"][place]
        assert (across, x) == pytest.approx((math.log10(rate), math.log10(rate)))
        if low + 0.06 * (high - low) < final < high - 0.06 * (high - low):
            assert y == pytest.approx(final, abs=1e-9)


@pytest.mark.parametrize("rate", [1e-3, 0.04])
def test_no_handle_lies_on_another_and_a_stem_leads_to_its_curve(rate):
    racing = ALL[:6]
    scene = scene_of(BOWL, (2, 1), dict.fromkeys(racing, rate))
    low, high = scene.panel("final").y
    places = [scene[f"rate {method}"] for method in racing]
    shares = np.array([(y - low) / (high - low) for _, y in places])
    assert np.diff(np.sort(shares)).min() >= BELOW - 1e-6
    assert (np.clip(shares, MARGIN - 1e-6, 1 - MARGIN + 1e-6) == shares).all()
    for method, place in zip(racing, places, strict=True):
        (x, y), end = scene[f"stem {method}"]
        assert end == pytest.approx(place)
        alone = scene_of(BOWL, (2, 1), {method: rate})[f"rate {method}"]
        assert (x, y) == pytest.approx(alone)


def test_a_handle_that_has_room_stays_on_its_curve():
    rates = {"momentum": 0.04, "adam": 1.0}
    scene = scene_of(BOWL, (2, 1), rates)
    for method, rate in rates.items():
        alone = scene_of(BOWL, (2, 1), {method: rate})[f"rate {method}"]
        assert scene[f"rate {method}"].tolist() == alone.tolist()


# ── the note below ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("finals", "old"),
    [
        (({}, False), False),
        (({"adam": np.ones(RATES)}, True), False),
        (({"adam": np.ones(RATES)}, False), True),
    ],
)
def test_old_curves_are_called_old(finals, old):
    scene = scene_of(BOWL, (2, 1), {"adam": 0.1}, finals=lambda: finals)
    assert scene.captions[-1].startswith("How a race ends depends on α as much as on the method")
    assert scene.captions[-1].endswith("The curves belong to the previous start.") == old
    assert np.isnan(scene["final adam"][:, 1]).all() == (not finals[0])


# ── spans, variables, sizes ──────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", TWO)
def test_the_axis_holds_every_method_s_rate(name):
    field, start = catalog[name].field, catalog[name].start
    rates = usual(field, start)
    low, high = race_span(field, start, rates)
    assert all(low < math.log10(rate) < high for rate in rates.values())
    assert race_span(field, start, {**rates, "adam": 1e-6})[0] <= -6
    assert race_span(field, start, {**rates, "adam": 100.0})[1] >= 2


@pytest.mark.parametrize("text", ["sin(x)", "x*y*z"])
def test_a_race_needs_a_map(text):
    with pytest.raises(ValueError, match="needs two variables"):
        race_picture(ScalarField(text), ("adam",), 10, SPAN, nothing)


@lru_cache
def picture_of(name):
    finals = {method: np.linspace(0, 9, RATES) for method in ALL}
    return race_picture(catalog[name].field, ALL, 25, SPAN, lambda: (finals, True))


@given(
    st.sampled_from(TWO),
    st.tuples(st.floats(0, 1), st.floats(0, 1)),
    st.lists(st.floats(*SPAN), min_size=9, max_size=9),
)
@settings(max_examples=30)
def test_no_start_and_no_rate_changes_the_sizes_of_the_numbers(name, shares, exponents):
    field, picture = catalog[name].field, picture_of(name)
    intervals = field.domain.values()
    start = [low + part * (high - low) for (low, high), part in zip(intervals, shares, strict=True)]
    scene = picture.scene((*start, *(10.0**x for x in exponents)))
    low, high = scene.panel("final").y
    for method in ALL:
        assert scene[f"path {method}"].shape == (101, 2)  # there is room for 100 steps
        assert scene[f"loss {method}"].shape == (101,)
        assert np.isnan(scene[f"loss {method}"][26:]).all()
        assert scene[f"final {method}"].shape == (RATES, 2)
        assert scene[f"told {method}"].shape == (8,)
        assert scene[f"rate {method}"].shape == scene[f"end {method}"].shape == (2,)
        assert low < scene[f"rate {method}"][1] < high
    assert len(scene.captions) == len(ALL) + 1


@pytest.mark.parametrize(("steps", "told"), [(1, "after 1 step."), (2, "after 2 steps.")])
def test_one_step_is_no_steps(steps, told):
    scene = race_picture(BOWL, ("momentum",), steps, SPAN, nothing).scene((2.0, 1.0, 0.01))
    assert scene.text("told momentum").endswith(told)


# ── as a program ─────────────────────────────────────────────────────────────────────────────────

STARTS = {"bowl": (2.0, 1.0), "himmelblau": (-0.15, 0.67)}
FIELDS = {name: catalog[name].field for name in STARTS}


def raced(name, steps, span=SPAN):
    """A race, with what a sweep finds, and the values of its controls."""
    field, start = FIELDS[name], STARTS[name]

    def finals():
        return {method: sweep(field, start, method, steps, span) for method in ALL}, True

    picture = race_picture(field, ALL, steps, span, finals)
    return picture, (*start, *usual(field, start).values())


def told_by_program(picture, values, ambient=None):
    names = picture.scene(values, ambient).numbers
    inputs = picture.inputs(values, ambient)
    found = picture.replayed.program(*inputs)(*inputs)
    return dict(zip(names, found, strict=True))


def assert_alike(picture, found, expected):
    for name, numbers in expected.items():
        np.testing.assert_allclose(found[name], numbers, 1e-9, 1e-9, err_msg=name)
    for label in (mark for mark in picture.marks if isinstance(mark, Label)):
        one, other = (label_text(label, each[label.name]) for each in (found, expected))
        assert one == other


@pytest.mark.parametrize("steps", [1, 7, 100])
@pytest.mark.parametrize("name", STARTS)
def test_the_program_tells_what_runs_and_sweeps_tell(name, steps):
    picture, values = raced(name, steps)
    assert not picture.untraced
    assert_alike(picture, told_by_program(picture, values), picture.scene(values).numbers)


def test_one_program_serves_all_numbers_of_steps_and_all_spans():
    (short, values), (long, _), (other, _) = (
        raced("bowl", 7),
        raced("bowl", 100),
        raced("bowl", 7, (-2.0, 0.5)),
    )
    assert short.replayed is long.replayed is other.replayed
    assert raced("bowl", 101)[0].replayed is not long.replayed
    around = {"steps": 7.0, "span low": -2.0, "span high": 0.5}
    found = told_by_program(long, values, around)
    assert_alike(other, found, other.scene(values).numbers)
    assert np.isfinite(found["path adam"]).all(axis=1).sum() == 8
    assert found["final adam"][:, 0] == pytest.approx(np.log10(rates_in((-2.0, 0.5))))


def test_words_may_come_later_and_after_them_what_the_program_sweeps_is_never_old():
    picture = race_picture(BOWL, ("adam", "newton"), 7, SPAN, nothing)
    values = (2.0, 1.0, 0.1, 1.0)
    assert picture.soon == tuple(
        f"{part} {method}" for part in ("told", "final", "swept") for method in ("adam", "newton")
    )
    outputs = picture.replayed.program(*picture.inputs(values)).as_data()[0]["outputs"]
    *told, adam, newton = (outputs[place] for place in picture.later[:4])
    assert max(told) < min(adam, newton)
    found = told_by_program(picture, values)
    assert np.isfinite(found["final adam"]).all()
    assert np.isnan(picture.scene(values)["final adam"][:, 1]).all()  # Python waits for the sweep
    assert found["note"][0] == 0.0
