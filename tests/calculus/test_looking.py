"""Questions to a field: f at a place, traced once for all fields, and which answers are kept."""

import math

import autograd.numpy as anp
import numpy as np
import pytest

from gradwidgets.calculus.critical import kind, kind_at
from gradwidgets.calculus.downhill import minimum_below
from gradwidgets.calculus.field import ScalarField
from gradwidgets.calculus.looking import (
    Opaque,
    at_one_moment,
    ground_of,
    length,
    look,
    loop,
    numbers_of,
    question,
    slope_at,
    split,
)
from gradwidgets.calculus.program import TracingError, trace
from gradwidgets.calculus.reference import reference

SIGN = 1.0


def bowl(x, y):
    return SIGN * (x**2 + 10 * y**2)


def branching(x, y):
    """The same, and no program."""
    return SIGN * (x**2 + 10 * y**2) if x > -100 else x


def looked(field, *point, order=2):
    return look(ground_of(field), np.array(point, float), order)


# ── a ground ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("source", ["x*y", bowl, branching])
def test_a_field_is_one_ground(source):
    field = ScalarField(source)
    ground = ground_of(field)
    kind(field, (0, 0))
    assert ground_of(field) is ground
    assert ground_of(ScalarField(source)) is not ground
    wider = ground_of(field.with_domain({"x": (-9, 9)}))
    assert wider.widths.tolist() == [18.0, 6.0]
    assert ground_of(field) is ground


@pytest.mark.parametrize("text", ["x", "5"])
def test_a_program_without_a_step_is_a_program(text):
    field = ScalarField(text, variables=("x",))
    ground = ground_of(field)
    assert ground_of(field) is ground
    assert not any(isinstance(order, Opaque) for order in ground.orders)
    trace(lambda x: (kind_at(ground, x)[0],), 1.0).as_data()


def test_where_a_callable_reads_something_else_it_is_another(monkeypatch):
    field = ScalarField(bowl)
    before = ground_of(field)
    monkeypatch.setitem(globals(), "SIGN", -2.0)
    after = ground_of(field)
    assert after is not before
    assert after is ground_of(field)
    assert after.usual == pytest.approx(2 * before.usual)
    assert [look(each, np.array([1.0, 1.0]), 0).value for each in (before, after)] == [11.0, -22.0]


def test_its_measures_are_those_of_the_domain():
    ground = ground_of(ScalarField("x*y", {"x": (-1, 3), "y": (2, 4)}))
    assert (ground.count, ground.width) == (2, 4.0)
    assert (ground.low.tolist(), ground.high.tolist()) == ([-1.0, 2.0], [3.0, 4.0])
    assert (ground.middle.tolist(), ground.widths.tolist()) == ([1.0, 3.0], [4.0, 2.0])
    assert ground.measures == (-1.0, 2.0, 3.0, 4.0, ground.usual, ground.height)


@pytest.mark.parametrize(
    ("text", "usual"), [("3*x + 4*y", 5.0), ("7 + 0*x*y", 0.0), ("1e200*(3*x + 4*y)", 5e200)]
)
def test_the_usual_slope_of_a_plane_is_its_slope(text, usual):
    field = ScalarField(text)
    assert ground_of(field).usual == pytest.approx(usual, rel=1e-14)
    assert ground_of(field).height == field.height


@pytest.mark.parametrize("text", ["x**2 + 10*y**2", "sin(3*x)*exp(y)", "log(x) + y**2", "1/(x*y)"])
def test_the_usual_slope_is_one_that_is_met_on_the_domain(text):
    field = ScalarField(text)
    slopes = np.linalg.norm(
        field.on_grid(*map(field.axis, "xy", (30, 30)), order=1).gradient, axis=0
    )
    known = slopes[np.isfinite(slopes)]
    low, high = np.quantile(known, [0.1, 0.9])
    assert low < ground_of(field).usual < high


def test_a_slope_is_measured_where_its_square_overflows():
    assert slope_at(ground_of(ScalarField("1e200*(3*x + 4*y)")), np.zeros(2)) == pytest.approx(
        5e200
    )
    rows = np.array([[3e200, 4e200], [3e-200, 4e-200], [0.0, 0.0], [math.inf, 1.0]])
    assert length(rows) == pytest.approx([5e200, 5e-200, 0.0, math.inf], rel=1e-15, abs=0)
    assert length(rows[1]) == length(rows)[1]


# ── f at a place ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("source", ["sin(3*x)*exp(y)", "x**2*y - 1/y", bowl, branching])
def test_a_look_is_what_the_field_itself_says(source):
    field = ScalarField(source)
    for point in np.random.default_rng(0).uniform(0.2, 3.0, (5, 2)):
        here = looked(field, *point)
        assert here.value == pytest.approx(field.value(point), rel=1e-14)
        assert here.gradient == pytest.approx(field.gradient(point), rel=1e-14)
        assert here.hessian == pytest.approx(field.hessian(point), rel=1e-14)


def test_only_what_is_asked_for_is_computed():
    assert looked(ScalarField("x*y"), 2, 3, order=0)[1:] == (None, None)
    here = looked(ScalarField("x*y"), 2, 3, order=1)
    assert (here.value, here.gradient.tolist(), here.hessian) == (6.0, [3.0, 2.0], None)


@pytest.mark.parametrize(
    ("text", "x", "value"),
    [
        ("log(x)", 0.0, -math.inf),
        ("-1/x**2", 0.0, -math.inf),
        ("1/x**2", 0.0, math.inf),
        ("log(x)", -1.0, math.nan),
        ("sqrt(x)", -1.0, math.nan),
        ("exp(x**2)", 40.0, math.inf),
    ],
)
def test_where_f_is_not_finite_there_are_no_derivatives(text, x, value):
    here = looked(ScalarField(text), x)
    assert here.value == pytest.approx(value, nan_ok=True)
    assert np.isnan([*here.gradient, *here.hessian.ravel()]).all()


def test_where_a_callable_raises_there_is_nothing():
    def half(x):
        if x < 0:
            raise ValueError("undefined")
        return x * x

    field = ScalarField(half)
    assert looked(field, 3).value == 9.0
    assert np.isnan(np.concatenate([np.ravel(part) for part in looked(field, -3)])).all()


def test_numbers_are_parted_into_vectors():
    one, two, rest = split((1.0, 2.0, 3.0, 4.0), 2, 1)
    assert (one.tolist(), two.tolist(), rest) == ([1.0, 2.0], [3.0], 4.0)
    assert numbers_of(np.array([1.0, 2.0])) == (1.0, 2.0)


# ── questions ────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def asked():
    """A question, and the list of places at which it was traced."""
    runs = []

    @question
    def mean(ground, x, y, share):
        """f between a place and the middle, and the size of the domain."""
        runs.append(x)
        place = ground.middle + share * (anp.array([x, y]) - ground.middle)
        return look(ground, place, 0).value, ground.width

    return mean, runs


def test_a_question_is_traced_once_for_all_fields_and_answers_for_each(asked):
    mean, runs = asked
    wide = ScalarField("x + y", {"x": (0, 8), "y": (0, 8)})
    grounds = [ground_of(field) for field in (ScalarField("x*y"), wide, ScalarField(bowl))]
    found = [mean(ground, 2.0, 4.0, 0.5).tolist() for ground in grounds]
    assert found == [[2.0, 6.0], [7.0, 8.0], [41.0, 6.0]]
    assert len(runs) == 1
    program = trace(lambda x: tuple(mean(ground, x, 4.0, 0.5)[0] for ground in grounds), 1.0)
    assert program(2.0) == (2.0, 7.0, 41.0)
    assert len(runs) == 1


def test_a_question_takes_arrays_and_asks_another(asked):
    mean, runs = asked

    @question
    def over(ground, shares, x):
        parts = [mean(ground, x, x, share)[0] for share in numbers_of(shares)]
        return anp.sum(anp.array(parts)), anp.max(shares)

    ground, shares = ground_of(ScalarField("x*y")), np.array([1.0, 2.0, 0.0])
    assert over(ground, shares, 3.0).tolist() == [45.0, 2.0]
    assert over(ground_of(ScalarField("x + y")), shares, 3.0).tolist() == [18.0, 2.0]
    assert over(ground, np.array([1.0, 2.0]), 3.0).tolist() == [45.0, 2.0]
    assert len(runs) == 1
    program = trace(lambda shares, x: tuple(numbers_of(over(ground, shares, x))), shares, 1.0)
    assert program(shares, 3.0) == (45.0, 2.0)


def test_a_question_of_other_variables_is_another():
    @question
    def level(ground, *place):
        return (look(ground, anp.array(place), 0).value,)

    fields = [ScalarField("x**2"), ScalarField("x*y"), ScalarField("x*y*z")]
    found = [level(ground_of(f), *[3.0] * len(f.variables))[0] for f in fields]
    assert found == [9.0, 9.0, 27.0]


def test_unless_it_is_wanted_a_question_has_no_answer(asked):
    mean, _ = asked
    ground = ground_of(ScalarField("x*y"))
    assert np.isnan(mean(ground, 2.0, 4.0, 0.5, when=False)).all()
    assert mean(ground, 2.0, 4.0, 0.5).tolist() == [2.0, 6.0]  # nothing of it is kept
    program = trace(lambda x: (mean(ground, x, 4.0, 0.5, when=x > 0)[0],), 1.0)
    assert program(2.0) == (2.0,)
    assert np.isnan(program(-2.0)).all()


def test_a_loop_s_body_is_handed_the_ground():
    @question
    def walked(ground, x, steps):
        def down(ground, x, left, rate):
            slope = look(ground, anp.array([x]), 1).gradient[0]
            return left > 1, (x - rate * slope, left - 1)

        return loop(ground, down, (x, steps), 50, (0.25,))

    found = [walked(ground_of(ScalarField(text)), 8.0, 3.0)[0] for text in ("x**2", "4*x")]
    assert found == [1.0, 5.0]


# ── a callable without a program ─────────────────────────────────────────────────────────────────


def spring(x, y):
    return anp.exp(0.3 * x) + (x - y) ** 2 + abs(y - 1)


def branching_spring(x, y):
    return anp.exp(0.3 * x) + (x - y) ** 2 + (y - 1 if y > 1 else 1 - y)


# In a groove beside a corner a minimum is only as sharp as f's digits tell.
PAIRS = [((bowl, branching), 1e-12), ((spring, branching_spring), 1e-8)]


@pytest.mark.parametrize(("pair", "close"), PAIRS)
def test_the_same_questions_have_the_same_answers(pair, close):
    traced, opaque = map(ScalarField, pair)
    assert isinstance(ground_of(opaque).orders[0], Opaque)
    assert not isinstance(ground_of(traced).orders[0], Opaque)
    ways = ((0, 0), (0.3, 1), (-2, 1.5), (2.5, -2))
    for point in ways:
        assert kind(opaque, point) == kind(traced, point), point
        found, wanted = (minimum_below(field, point) for field in (opaque, traced))
        assert found == pytest.approx(wanted, rel=close, abs=close), point
        one, other = (reference(field, point) for field in (opaque, traced))
        assert one.place == pytest.approx(other.place, rel=close, abs=close)
        assert one.values == pytest.approx(other.values, rel=1e-9, nan_ok=True)
        assert one[2:] == other[2:]
    grounds = [ground_of(field) for field in (opaque, traced)]
    assert grounds[0].usual == pytest.approx(grounds[1].usual, rel=1e-14)


def test_it_can_not_be_a_part_of_a_program():
    ground = ground_of(ScalarField(branching))
    with pytest.raises(TracingError, match="it decides by values"):
        trace(lambda x: (look(ground, anp.array([x, 1.0]), 0).value,), 1.0)
    with pytest.raises(TracingError, match="it decides by values"):
        trace(lambda x: (kind_at(ground, x, 1.0)[0],), 1.0)
    with pytest.raises(TracingError, match="it decides by values"):
        trace(lambda x: (kind_at(ground, 1.0, 1.0, when=x > 0)[0],), 1.0)


# ── what is kept ─────────────────────────────────────────────────────────────────────────────────


def test_what_was_answered_is_kept(asked):
    mean, _ = asked
    ground = ground_of(ScalarField("x*y"))
    one = mean(ground, 2.0, 4.0, 0.5)
    assert mean(ground, np.float64(2), 4, 0.5) is one
    assert mean(ground, 2.5, 4.0, 0.5) is not one
    assert mean(ground_of(ScalarField("x*y")), 2.0, 4.0, 0.5) is not one
    for place in range(300):  # of so many answers not all are
        mean(ground, float(place), 4.0, 0.5)
    assert len(ground.answers) <= 256
    assert mean(ground, 2.0, 4.0, 0.5).tolist() == one.tolist()


def test_an_answer_is_kept_for_a_search_that_asks_again():
    called = []

    def counted(x, y):
        called.append(x)
        return branching(x, y)

    ground = ground_of(ScalarField(counted))
    kind_at(ground, 0.5, 0.5)
    count = len(called)
    kind_at(ground, 0.5, 0.5)
    assert len(called) == count > 0
    kind_at(ground, 0.5, 0.25)
    assert len(called) > count


@pytest.mark.parametrize("source", [bowl, branching])
def test_what_a_callable_reads_may_change(source, monkeypatch):
    field = ScalarField(source)
    assert kind(field, (0, 0)) == "minimum"
    assert minimum_below(field, (1, 1)) == pytest.approx((0, 0), abs=1e-12)
    monkeypatch.setitem(globals(), "SIGN", -1.0)
    assert kind(field, (0, 0)) == "maximum"
    assert minimum_below(field, (1, 1)) is None
    monkeypatch.setitem(globals(), "SIGN", 1.0)
    assert kind(field, (0, 0)) == "minimum"


def test_at_one_moment_a_callable_is_what_it_was_and_then_it_may_have_changed(monkeypatch):
    field, start = ScalarField(branching), (2.0, 1.0)
    assert reference(field, start).minimum
    with at_one_moment():
        first = reference(field, start).values
        monkeypatch.setitem(globals(), "SIGN", 2.0)
        with at_one_moment():
            assert reference(field, start).values == first
        assert reference(field, start).values == first
    doubled = tuple(2 * value for value in first)
    assert reference(field, start).values == pytest.approx(doubled)
    with at_one_moment():
        monkeypatch.setitem(globals(), "SIGN", 1.0)
        assert reference(field, start).values == pytest.approx(first)
