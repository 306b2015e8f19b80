"""Questions from a seed: the same for everybody, at places where usual mistakes lie apart."""

from contextlib import suppress

import numpy as np
import pytest

from gradwidgets import ScalarField, catalog, descend
from gradwidgets.calculus import questions
from gradwidgets.calculus.endings import minimum, rates_around, what_becomes
from gradwidgets.calculus.misconceptions import MISTAKES
from gradwidgets.calculus.places import Turn
from gradwidgets.calculus.questions import (
    ASKED,
    LENGTHS,
    QUESTIONS,
    TELLING,
    as_field,
    hidden,
    question,
)

NUMBERS = range(1, QUESTIONS + 1)
ARROWS = ["gradient", "step"]


def all_of(kind, seed=0, functions=()):
    return [question(number, [kind], functions, seed) for number in NUMBERS]


def between(one, other):
    cosine = np.dot(one, other) / np.linalg.norm(one) / np.linalg.norm(other)
    return np.degrees(np.arccos(np.clip(cosine, -1, 1)))


def test_every_kind_has_its_mistakes():
    assert list(ASKED) == list(MISTAKES)


@pytest.mark.parametrize("kind", ASKED)
def test_a_seed_asks_everybody_the_same(kind):
    def told(seed):
        return [(q.field.text, q.point, q.scale, q.start) for q in all_of(kind, seed)]

    first = told(5)
    questions._question.cache_clear()
    assert told(5) == first
    assert told(6) != first


@pytest.mark.parametrize("kind", ASKED)
def test_functions_come_in_turn(kind):
    usual = ASKED[kind].functions
    assert len({q.field.text for q in all_of(kind)}) == min(len(usual), QUESTIONS)


def test_kinds_come_in_turn():
    kinds = ["step", "converges", "rate"]
    asked = [question(number, kinds, (), 4).kind for number in NUMBERS]
    assert asked[:3] == asked[3:6]
    assert set(asked) == set(kinds)


@pytest.mark.parametrize("kind", ARROWS)
@pytest.mark.parametrize("seed", range(5))
def test_an_arrow_lies_apart_from_usual_mistakes(kind, seed):
    for q in all_of(kind, seed):
        sign = 1 if kind == "gradient" else -1
        arrow = sign * q.scale * q.field.gradient(q.point)
        width = min(high - low for low, high in q.field.domain.values())
        assert LENGTHS[0] < np.linalg.norm(arrow) / width < LENGTHS[1]
        for tip in (np.add(q.point, arrow), q.start):
            ends = zip(tip, q.field.domain.values(), strict=True)
            assert all(low < at < high for at, (low, high) in ends)
        wrong = [(1, 0), (-1, 0), (0, 1), (0, -1)]
        wrong += [np.subtract(q.aim, q.point), np.subtract(q.point, q.aim)] if q.aim else []
        assert min(between(arrow, other) for other in wrong) >= TELLING - 1e-9


@pytest.mark.parametrize("seed", range(3))
def test_a_tangent_is_neither_flat_nor_as_high_as_the_curve(seed):
    for q in all_of("tangent", seed):
        ((low, high),) = q.field.domain.values()
        (slope,), value = q.field.gradient(q.point), q.field.value(q.point)
        assert low < q.point[0] < q.point[0] + q.scale < high
        assert q.start == (value,)
        assert abs(slope) > 0.1
        assert abs(slope - value) > 0.1


@pytest.mark.parametrize("seed", range(3))
def test_critical_points_are_of_all_kinds(seed):
    found = set()
    for q in all_of("kind", seed):
        assert np.abs(q.field.gradient(q.point)).max() < 1e-6
        signs = np.sign(np.linalg.eigvalsh(q.field.hessian(q.point)))
        assert 0 not in signs
        found.add(tuple(signs))
    assert len(found) == 3


@pytest.mark.parametrize("seed", range(3))
def test_a_run_is_clearly_of_its_kind(seed):
    found = set()
    for q in all_of("converges", seed):
        product = q.scale * np.linalg.eigvalsh(q.field.hessian(q.aim))[-1]
        assert min(abs(product - 1), abs(product - 2)) > 0.08
        found.add(int(product))
    assert found == {0, 1, 2}


def test_the_limit_lies_within_what_can_be_chosen():
    for q in all_of("rate"):
        limit = 2 / np.linalg.eigvalsh(q.field.hessian(q.aim))[-1]
        low, high = rates_around(limit)
        assert low < q.start[0] < limit / 3 < limit < high


def test_a_limit_is_not_told_by_where_its_axis_ends():
    """Within the two decades in the middle any limit has the same axis."""
    for power in range(-8, 8):
        low, high = rates_around(10.0**power)
        assert high / low == pytest.approx(1e4)
        assert 10.0**power / low * (1 + 1e-9) >= 10
        assert high / 10.0**power >= 10
    assert len({rates_around(limit) for limit in np.geomspace(0.01, 0.99, 30)}) == 1


@pytest.mark.parametrize(("kind", "many"), [("kind", 3), ("converges", 7)])
def test_one_seed_tells_nothing_of_the_next(kind, many):
    place = list(ASKED).index(kind)
    orders = [tuple(Turn((seed, place), past).order(many)) for seed in range(20) for past in (0, 1)]
    assert len(set(orders)) > many
    firsts = [Turn((seed, place), 0).order(many)[0] for seed in range(20)]
    seconds = [Turn((seed, place), 1).order(many)[0] for seed in range(20)]
    assert set(firsts) == set(range(many))
    assert firsts[1:] != seconds[:-1]


@pytest.mark.parametrize("kind", ARROWS)
@pytest.mark.parametrize("source", ["x + 0*y", "x**2 + y**2", "x**2 + 1.1*y**2", "3*y + 0*x"])
def test_the_arrow_to_begin_with_is_not_the_answer(kind, source):
    for seed in range(20):
        q = question(1, [kind], [source], seed)
        arrow, start = q.scale * q.field.gradient(q.point), np.subtract(q.start, q.point)
        assert 20 < between(arrow, start) < 160
        assert np.linalg.norm(start) > 0.1


def test_places_and_arrows_are_whole_numbers_where_x_counts_years():
    years = ScalarField("(x - 1990)**2/100 + 3*y**2", {"x": (1960, 2020), "y": (-30, 30)})
    for number in NUMBERS:
        q = question(number, ["gradient"], [years], 0)
        assert q.point == tuple(map(round, q.point))
        ends = zip(q.start, years.domain.values(), strict=True)
        assert all(low < at < high for at, (low, high) in ends)
        assert 5 < np.linalg.norm(np.subtract(q.start, q.point)) < 15


@pytest.mark.parametrize("source", ["log(1 + x**2 + y**2)", "sqrt(1 + x**2 + 2*y**2)"])
def test_a_run_that_goes_round_and_round_is_not_called_diverging(source):
    """Far away f is too flat for a run to be lost: beyond 2/λmax it goes to and fro for ever."""
    for number in NUMBERS:
        q = question(number, ["converges"], [source], 0)
        assert q.scale * np.linalg.eigvalsh(q.field.hessian(q.aim))[-1] < 2
    with pytest.raises(ValueError, match="not enough like its quadratic model"):
        question(1, ["rate"], [source], 0)
    low = minimum(as_field(source), np.random.default_rng(0))
    assert np.isnan(what_becomes(as_field(source), (1.0, 1.0), low, 2.4 / low.eigenvalues[-1]))


@pytest.mark.parametrize("source", ["rosenbrock", "ackley"])
def test_no_run_begins_at_its_minimum_or_where_there_is_no_slope(source):
    for kind in ("converges", "rate"):
        for seed in range(4):
            with suppress(ValueError):
                q = question(1 + seed, [kind], [source], seed)
                assert np.linalg.norm(np.subtract(q.point, q.aim)) > 0.2
                assert np.linalg.norm(q.field.gradient(q.point)) > 0


def test_a_flat_saddle_that_looks_like_a_valley_is_not_asked_about():
    """Beale's: of all directions f falls in a narrow wedge alone."""
    for number in NUMBERS:
        q = question(number, ["kind"], ["beale", "x**2 - y**2"], 0)
        sizes = np.abs(np.linalg.eigvalsh(q.field.hessian(q.point)))
        assert sizes.min() > 0.02 * sizes.max()
    with pytest.raises(ValueError, match="can be told by its level curves"):
        question(1, ["kind"], ["x**2 - y**2/1000"], 0)


# ── a teacher's own ──────────────────────────────────────────────────────────────────────────────


def test_a_teacher_s_functions_are_asked_about():
    bowl = ScalarField("x**2 + 3*y**2")
    for source in ("x**2 + 3*y**2", "bowl", catalog["bowl"], bowl, lambda x, y: x**2 + 3 * y**2):
        assert question(1, ["gradient"], [source], 0).field is as_field(source)
    assert as_field(bowl) is bowl


@pytest.mark.parametrize(
    ("kind", "source", "why"),
    [
        ("gradient", "x**2", "takes a function of 2 variables"),
        ("tangent", "x*y", "takes a function of one variable"),
        ("kind", "x + y", "no minimum, maximum or saddle"),
        ("rate", "x*y", "no minimum inside"),
        ("gradient", "0*x + 0*y", "No place"),
        ("tangent", "0*x", "No place"),
    ],
)
def test_what_can_t_be_asked_is_told(kind, source, why):
    with pytest.raises(ValueError, match=why):
        question(1, [kind], [source], 0)


def test_what_can_t_be_asked_of_a_function_is_passed_over():
    kinds = ["step", "converges", "rate"]
    saddle = [question(number, kinds, ["x*y"], 0) for number in NUMBERS]
    assert {q.kind for q in saddle} == {"step"}
    both = [question(number, ["rate"], ["x*y", "x**2 + 3*y**2"], 0) for number in NUMBERS]
    assert {q.field.text for q in both} == {"x**2 + 3*y**2"}


def test_a_run_that_is_asked_about_does_what_the_eigenvalue_tells():
    for number in NUMBERS:
        asked = question(number, ["converges"], ["himmelblau", "x**2 + y**2 + sin(3*x)"], 0)
        product = asked.scale * np.linalg.eigvalsh(asked.field.hessian(asked.aim))[-1]
        run = descend(asked.field, asked.point, asked.scale, 300)
        arrived = np.linalg.norm(run.points[-1] - asked.aim) < 0.05
        assert arrived == (product < 2)


def test_a_hidden_formula_is_nowhere():
    secret = hidden(as_field("x**2*y"))
    assert (secret.text, secret.formula, secret.value((2, 3))) == ("f", None, 12.0)
    assert secret.traced
    assert "x**2" not in repr(secret)
    assert secret.with_domain({"x": (0, 1)}).text == "f"
