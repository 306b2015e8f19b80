"""Loops, outputs that can wait, and grids, replayed by the browser."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import grad, value_and_grad
from hypothesis import given, reject, settings
from playwright.sync_api import Browser, Page

from gradwidgets.calculus.catalog import catalog
from gradwidgets.calculus.field import ScalarField
from gradwidgets.calculus.program import Program, call, in_one_step, pick, repeat, scan, trace
from tests.browser.asked import ask
from tests.browser.replayed import decode, encode, job, replay, replay_page, side_by_side
from tests.calculus.program.checks import agree
from tests.calculus.trees import formulas

NAN, INF = math.nan, math.inf


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    with replay_page(browser) as page:
        yield page


# ── scan and repeat, from plain data ─────────────────────────────────────────────────────────────


def body_of(function: Callable[..., Any], count: int, batch: tuple[int, ...]) -> Program:
    return trace(function, *(np.full(batch, 0.5) if batch else 0.5 for _ in range(count)))


def looped(
    name: str, body: Program, shapes: list[Any], result: tuple[int, ...], **more: Any
) -> dict[str, Any]:
    """The data of a program that is one loop, and its constants."""
    data, numbers = body.as_data()
    constants, truths, bodies = (data.pop(key) for key in ("constants", "truths", "bodies"))
    inputs = [[f"x{place}", shape] for place, shape in enumerate(shapes)]
    whole = {
        "inputs": inputs,
        "calls": [[name, list(result), {"body": len(bodies), **more}]],
        "steps": [[0, *range(len(inputs))]],
        "outputs": [len(inputs)],
        "constants": constants,
        "truths": truths,
        "bodies": [*bodies, data],
    }
    return {"data": whole, "numbers": encode(numbers)}


class Scan:
    """A scan as data, beside a loop in Python over the same body."""

    def __init__(
        self, body: Program, handed: int, own: int, capacity: int, batch: tuple[int, ...] = ()
    ) -> None:
        self.body, self.handed, self.own, self.capacity = body, handed, own, capacity
        fixed = len(body.names) - handed - own
        one, width = list(batch) or None, len(body.outputs)
        shapes = [None, *[one] * handed, *[[capacity, *batch]] * own, *[one] * fixed]
        more = {"handed": handed, "own": own, "capacity": capacity}
        self.job = looped("scan", body, shapes, (capacity, width, *batch), **more)

    def expected(self, rounds: float, *given: Any) -> np.ndarray:
        runs = np.broadcast_shapes(*map(np.shape, given[: self.handed]))
        result = np.full((self.capacity, len(self.body.outputs), *runs), NAN)
        last = 0 if math.isnan(rounds) else int(min(max(rounds, 0), self.capacity))
        values, alive = list(given[: self.handed]), np.full(runs, True)
        inputs, fixed = given[self.handed :][: self.own], given[self.handed + self.own :]
        for t in range(last):
            found = self.body(*values, *(part[t] for part in inputs), *fixed)
            result[t] = np.where(alive, np.array(found), NAN)
            alive = alive & np.isfinite(result[t, self.handed])
            values = list(result[t, : self.handed])
            values = values if runs else list(map(float, values))
        return result

    def check(self, page: Page, *states: tuple[Any, ...]) -> list[np.ndarray]:
        flat = [encode(np.concatenate([np.ravel(v) for v in state])) for state in states]
        (found,) = replay(page, self.job | {"states": flat})
        for one, state in zip(found, states, strict=True):
            expected = self.expected(*state)
            np.testing.assert_allclose(one, expected.ravel(), 1e-13, 0)
        return found


def descent(x: Any, noise: Any, rate: Any) -> tuple[Any, ...]:
    slope = grad(lambda x: anp.sum(x**4 - x))(x)
    return x - rate * (slope + noise), x**4 - x, slope


NOISE = 0.1 * np.sin(np.arange(6.0))


@pytest.mark.parametrize("rounds", [4.7, 0.0, -3.0, NAN, 99.0, INF])
def test_a_scan_of_numbers(page: Page, rounds: float) -> None:
    scan = Scan(body_of(descent, 3, ()), 1, 1, 6)
    # the second run is another, and the first comes back: nothing of a run may be left
    scan.check(page, (rounds, 1.5, NOISE, 0.1), (6.0, 0.3, -NOISE, 0.2), (rounds, 1.5, NOISE, 0.1))


def test_a_scan_ends_with_the_first_round_that_is_not_finite(page: Page) -> None:
    scan = Scan(body_of(descent, 3, ()), 1, 1, 6)
    (found,) = scan.check(page, (6.0, 1e60, NOISE, 1.0))
    rows = found.reshape(6, 3)
    assert np.isfinite(rows[0, 1])
    assert not np.isfinite(rows[1, 1])
    assert np.isinf(rows[1]).any()
    assert np.isnan(rows[2:]).all()


def test_a_scan_hands_whole_arrays_to_its_rounds(page: Page) -> None:
    def fitted(w: Any, rate: Any, x: Any, y: Any) -> tuple[Any, ...]:
        def row(w: Any, noise: Any, rate: Any, x: Any, y: Any) -> Any:
            loss, slope = value_and_grad(lambda w: anp.mean((w * x - y) ** 2))(w)
            return (w - rate * (slope + noise),), (loss,)

        (path,), (losses,) = scan(row, (w,), (NOISE,), 5.0, (rate,), (x, y))
        return path, losses

    x, y = np.array([1.0, -2.0, 0.5]), np.array([2.0, 1.0, 0.0])
    program = trace(fitted, 1.0, 0.1, x, y)
    states = [(1.0, 0.1, x, y), (1.0, 0.1, x, -y), (0.0, 0.3, 2 * x, y), (1.0, 0.1, x, y)]
    (found,) = replay(page, job(program, states))
    for one, state in zip(found, states, strict=True):
        np.testing.assert_allclose(one, side_by_side(program(*state)), 1e-13, 1e-15)


def test_each_run_of_a_batch_ends_by_itself(page: Page) -> None:
    batch = body_of(descent, 3, (4,))
    scan = Scan(batch, 1, 1, 6, (4,))
    start, rates = np.array([0.5, 1e60, NAN, 1e30]), np.array([0.1, 1.0, 0.1, 0.5])
    noise = np.outer(NOISE, np.ones(4))
    (found,) = scan.check(page, (6.0, start, noise, rates))
    alive = np.isfinite(found.reshape(6, 3, 4)[:, 1]).sum(axis=0)
    assert alive[0] == 6
    assert alive[2] == 0
    assert set(alive[[1, 3]]) <= {1, 2, 3}


def test_values_handed_on_may_change_places(page: Page) -> None:
    fibonacci = Scan(body_of(lambda a, b, one: (b, a + one * b, a), 3, ()), 2, 1, 9)
    (found,) = fibonacci.check(page, (9.0, 0.0, 1.0, np.ones(9)))
    assert found.reshape(9, 3)[:, 2].tolist() == [0, 1, 1, 2, 3, 5, 8, 13, 21]


def test_a_body_may_call_a_program_pick_and_ignore_what_it_is_given(page: Page) -> None:
    table = np.array([3.0, 1.0, 4.0, 1.0, 5.0])
    twice = trace(lambda x: (2.0 * x, x + 1.0), 0.5)

    def body(x: Any, t: Any, depth: Any) -> tuple[Any, ...]:
        found = call(twice, x)
        return found[1], pick(table, t) * anp.sin(depth) + found[0], depth

    Scan(body_of(body, 3, ()), 1, 1, 5).check(
        page, (5.0, 0.25, np.arange(5.0), 0.7), (4.0, 0.25, np.arange(5.0), 0.9)
    )


def repeated(body: Program, capacity: int, *given: Any) -> list[np.ndarray]:
    handed = len(body.outputs) - 1
    values, fixed = [np.asarray(v, float) for v in given[:handed]], given[handed:]
    alive = np.full(values[0].shape, True)
    for _ in range(capacity):
        again, *found = body(*(v if v.ndim else float(v) for v in values), *fixed)
        values = [np.where(alive, new, old) for new, old in zip(found, values, strict=True)]
        alive = alive & (np.asarray(again) != 0)
    return values


@pytest.mark.parametrize("start", [100.0, 0.1, np.array([1e3, 0.5, 8.0]), NAN])
@pytest.mark.parametrize("capacity", [1, 4, 50])
def test_a_loop_that_ends(page: Page, start: Any, capacity: int) -> None:
    """Half of x until it is small, with the number of rounds, and another that changes places."""
    batch = np.shape(start)
    body = body_of(lambda x, n, m, least: (x / 2 > least, x / 2, m + 1.0, n), 4, batch)
    zero, least = np.zeros(batch), np.full(batch, 0.3)
    shape = list(batch) or None
    sent = looped("repeat", body, [shape] * 4, (3, *batch), handed=3, capacity=capacity)
    state = encode(np.concatenate([np.ravel(v) for v in (start, zero, zero, least)]))
    ((one, two),) = replay(page, sent | {"states": [state, state]})
    cast = [v if batch else float(v) for v in (zero, zero, least)]
    expected = np.ravel(repeated(body, capacity, start, *cast))
    for found in (one, two):
        np.testing.assert_array_equal(found, expected)


# ── loops as autograd's numpy writes them ────────────────────────────────────────────────────────


def searched(x: Any, y: Any, rate: Any, rounds: Any) -> tuple[Any, ...]:
    """A search that halves its step until f falls: for a number, for a batch; sums in between."""

    def f(x: Any) -> Any:
        return x**4 - x**2 + 0.3 * x

    def halved(step: Any, x: Any, slope: Any) -> tuple[Any, tuple[Any, ...]]:
        shorter = 0.5 * step
        return f(x - shorter * slope) > f(x), (shorter,)

    def add(s: Any, k: Any, x: Any) -> tuple[Any, Any]:
        return (s + k * x,), (s,)

    def row(x: Any, factor: Any, rate: Any) -> tuple[Any, Any]:
        slope = 4.0 * x**3 - 2.0 * x + 0.3
        (step,) = repeat(halved, (2.0 * rate * factor,), 20, (x, slope))
        (sums,), _ = scan(add, (0.0 * x,), (np.arange(3.0),), 3, (x,))
        return (x - step * slope,), (f(x), step, sums[2])

    factors = np.linspace(1.0, 0.5, 9)
    (one,), kept = scan(row, (x,), (factors,), rounds, (rate,))
    starts = np.array([-2.0, 0.1, 3.0, 40.0])
    (many,), more = scan(row, (starts + y,), (factors,), 6, (rate * starts**2,))
    return one, *kept, many, *more, pick(many[:, 0], rounds)


def test_loops_in_loops_are_python_s(page: Page) -> None:
    program = trace(searched, 0.7, 0.2, 0.1, 5.0)
    states = [
        [0.7, 0.2, 0.1, 5.0],
        [0.7, 0.2, 0.1, 9.0],
        [-1.5, 0.2, 0.3, 2.2],
        [-1.5, -0.4, 0.3, NAN],
        [1e200, 0.0, 0.3, 9.0],
        [NAN, INF, 0.3, 3.0],
        [0.7, 0.2, 0.1, 5.0],
    ]
    for later in ([], [0, 4, 5]):
        (found,) = replay(page, job(program, states, later=later, wait=1e-9))
        for one, state in zip(found, states, strict=True):
            np.testing.assert_allclose(one, side_by_side(program(*state)), 1e-12, 1e-15)


@settings(max_examples=15, deadline=None, derandomize=True)
@given(formulas(leaves=12))
def test_any_formula_with_its_derivatives_is_python_s(page: Page, text: str) -> None:
    try:
        field = ScalarField(text, variables=("x", "y"))
        program = field.replayed(2).program(0.5, 0.25)
    except ValueError:
        reject()
    rng = np.random.default_rng(0)
    states = [[0.0, -0.0], [1.0, -1.0], [NAN, 2.0], *rng.normal(0.0, 2.0, (12, 2)).tolist()]
    (found,) = replay(page, job(program, states))
    points = np.array(states[1:2] + states[3:]).T
    over = lifted(page, program, *points, tile=5).reshape(len(program.outputs), -1)
    for one, state in zip(found, states, strict=True):
        agree(list(one), program(*state), program, state)
    for column, state in zip(over.T, points.T.tolist(), strict=True):
        agree(list(column), program(*state), program, state)


# ── calls where a condition holds ────────────────────────────────────────────────────────────────

PAIR = trace(lambda a, b: (anp.log(a) / b, a * b), 0.5, 0.25)
SPREAD = trace(lambda x, y: (anp.max(x) - anp.min(x), anp.sum(anp.sin(x) * y), y), np.ones(4), 2.0)
TURNS = [
    [3.0, 2.0, 1.0],
    [2.0, 3.0, 1.0],  # from here on the condition does not hold,
    [3.0, 3.0, 1.0],
    [3.0, -1.0, 1.0],  # now it does again,
    [3.0, -1.0, -7.0],  # and nothing of it has changed
    [-3.0, -1.0, -7.0],
    [NAN, 2.0, 1.0],
    [2.0, NAN, 1.0],
    [NAN, NAN, NAN],
    [INF, 0.0, 1.0],
    [0.0, -0.0, 1.0],
    [-0.0, -0.5, NAN],
    [3.0, 2.0, 1.0],
]


def if_more(x: Any, y: Any, z: Any) -> tuple[Any, ...]:
    """By its numbers, as an array, and beside what does not depend on the condition."""
    found = call(PAIR, x, y, when=x > y)
    return found[0] + z, found, z * z


def if_a_number(x: Any, y: Any, z: Any) -> tuple[Any, ...]:
    """A number is a condition where it is not 0, NaN among them."""
    return call(PAIR, z, 2.0, when=x)[1], call(PAIR, 2.0, z, when=y)


def if_of_arrays(x: Any, y: Any, z: Any) -> tuple[Any, ...]:
    grid = np.array([1.0, -2.0, 4.0, 0.5])
    found = call(SPREAD, x * grid, y, when=anp.sum(grid * z) > y)
    return found[1], found, call(SPREAD, z * grid, 2.0, when=x > 0)


def if_nested(x: Any, y: Any, z: Any) -> tuple[Any, ...]:
    inner = trace(lambda a, b: (call(PAIR, a, b, when=a > 0)[0], b), 0.5, 0.25)
    outer = trace(lambda a, b: (call(inner, a, b, when=b < 2.5)[1] + a, a - b), 0.5, 0.25)
    return call(outer, x, y, when=z > 0), call(outer, y, x)[0], call(inner, x, z)[0]


def if_in_rounds(x: Any, y: Any, z: Any) -> tuple[Any, ...]:
    def halved(a: Any, b: Any, y: Any) -> Any:
        return a > 0.3, (0.5 * a, call(PAIR, a, y, when=a > 0.4)[1])

    def row(a: Any, share: Any, y: Any) -> Any:
        return (a * share,), (a, call(SPREAD, a * np.ones(4), y, when=share > 0.3)[1])

    last = repeat(halved, (x, 0.0), 9, (y,))
    places, kept = scan(row, (x,), (np.array([0.5, 0.25, 2.0]),), 3.0, (y,))
    return (*last, *places, *kept, call(PAIR, z, x, when=last[0] > 0.2))


def if_again(x: Any, y: Any, z: Any) -> tuple[Any, ...]:
    """The same call under other conditions, one right after the other, and without any."""
    ways = [call(PAIR, x, y, when=x > z), call(PAIR, y, x, when=x <= z), call(PAIR, x, y)]
    return (*ways, anp.where(x > z, ways[0][1], ways[1][1]))


CONDITIONED = (if_more, if_a_number, if_of_arrays, if_nested, if_in_rounds, if_again)


@pytest.mark.parametrize("function", CONDITIONED)
def test_a_call_is_made_where_its_condition_holds(page: Page, function: Any) -> None:
    program = trace(function, 0.5, 0.25, 1.0)
    rng = np.random.default_rng(2)
    states = [*TURNS, *rng.normal(0.0, 2.0, (20, 3)).tolist()]
    for later in ([], [0, 1]):
        (found,) = replay(page, job(program, states, later=later, wait=1e-9))
        for one, state in zip(found, states, strict=True):
            expected = side_by_side(program.careful(*state))
            np.testing.assert_allclose(one, expected, 1e-13, 1e-15)


def test_where_the_condition_does_not_hold_nothing_is_computed(page: Page) -> None:
    """A body of ten million rounds takes a while; a call that is not made takes none."""
    long = trace(lambda x: repeat(lambda a, x: (a < x, (a + 1.0,)), (0.0,), 10**7, (x,)), 0.5)
    data, numbers = trace(lambda x, y: (call(long, x, when=y > 0)[0],), 0.5, 0.25).as_data()
    taken, found = page.evaluate(
        """([data, numbers]) => {
          const program = gw.make(data, floats(numbers)), taken = [], found = [];
          for (const state of [[1e7, -1], [1e7, 1], [1e7, 0]]) {
            const before = performance.now();
            found.push(...program.run(state).map((value) => (value === value ? value : null)));
            taken.push(performance.now() - before);
          }
          return [taken, found];
        }""",
        [data, encode(numbers)],
    )
    assert found == [None, 1e7, None]
    assert max(taken[0], taken[2]) < 0.2 * taken[1]


@pytest.mark.parametrize("function", [if_more, if_of_arrays, if_nested, if_again])
def test_over_a_grid_each_point_has_its_own_condition(page: Page, function: Any) -> None:
    program = trace(lambda x, y: function(x, y, x - y), 0.5, 0.25)
    rng = np.random.default_rng(3)
    points = [rng.uniform(-2.0, 4.0, 70) for _ in range(2)]
    found = lifted(page, program, *points, tile=32)
    np.testing.assert_allclose(found, by_points(program, *points), 1e-12, 1e-14)


# ── what did not change, and what can wait ───────────────────────────────────────────────────────


def parts(x: Any, y: Any, z: Any) -> tuple[Any, ...]:
    grid = np.linspace(-1.0, 1.0, 7)
    across, along = anp.sin(x * grid), anp.exp(y) * grid
    both = across + along
    return across, anp.sum(both) * z, anp.array([x, y, z]), y, anp.cumsum(along), 3.0


@pytest.mark.parametrize("later", [[], [1], [0, 4], [0, 1, 2, 3, 4, 5]])
def test_any_input_may_change_and_any_output_wait(page: Page, later: list[int]) -> None:
    program = trace(parts, 0.5, -0.25, 2.0)
    rng, states = np.random.default_rng(1), [[0.5, -0.25, 2.0]]
    for place in (0, 1, 2, 0, 0, 2, 1):
        states.append([*states[-1]])
        states[-1][place] = rng.normal()
    states += [[0.0, -0.0, 1.0], [-0.0, 0.0, 1.0], [NAN, 0.0, 1.0], [NAN, 1.0, 1.0]]
    (found,) = replay(page, job(program, states, later=later, wait=1e-9))
    for one, state in zip(found, states, strict=True):
        np.testing.assert_allclose(one, side_by_side(program(*state)), 1e-14, 1e-15)


def test_many_inputs_share_the_last_bit(page: Page) -> None:
    program = trace(lambda *x: tuple(a * b for a, b in pairwise(x)), *[1.5] * 40)
    states = [np.arange(40.0)]
    for place in (0, 29, 30, 31, 35, 39):
        states.append(states[-1].copy())
        states[-1][place] = -7.0
    (found,) = replay(page, job(program, states))
    for one, state in zip(found, states, strict=True):
        assert np.array_equal(one, state[:-1] * state[1:])


def test_what_waits_goes_on_in_slices_and_is_dropped_by_a_newer_run(page: Page) -> None:
    scan = Scan(body_of(descent, 3, ()), 1, 1, 6)
    data = scan.job["data"]
    data["outputs"] = [2, 4]  # the noise, and the scan
    states = [
        encode([6.0, 1.5, *NOISE, 0.1]),
        encode([6.0, 0.3, *NOISE, 0.1]),
        encode([6.0, 0.3, *NOISE, 0.1]),
    ]
    found, slices = page.evaluate(
        """([{ data, numbers }, states]) => {
          const program = gw.make(data, floats(numbers), { later: [1] });
          const found = [], slices = [];
          for (const state of states) {
            const outputs = program.run(inputsOf(data, floats(state)));
            found.push(encoded(outputs));
            if (state === states[0] && found.length === 1) program.soon(0);  // begun, not done
            else for (slices.push(1); !program.soon(0); ) slices[slices.length - 1] += 1;
            found.push(encoded(outputs));
          }
          return [found, slices];
        }""",
        [scan.job, states],
    )
    numbers = list(map(decode, found))
    first, second = (scan.expected(6.0, x, NOISE, 0.1).ravel() for x in (1.5, 0.3))
    assert np.isnan(numbers[0][6:]).all()
    one_round = numbers[1][6:].reshape(6, 3)
    np.testing.assert_allclose(one_round[0], first.reshape(6, 3)[0], 1e-13)
    assert np.isnan(one_round[1:]).all()
    np.testing.assert_allclose(numbers[3][6:], second, 1e-13)
    np.testing.assert_allclose(numbers[5][6:], second, 1e-13)
    assert slices[0] >= 6
    assert slices[1] == 1


# ── a grid ───────────────────────────────────────────────────────────────────────────────────────


def lifted(page: Page, program: Program, *points: np.ndarray, tile: int = 512) -> np.ndarray:
    data, numbers = program.as_data()
    sent = {"data": data, "numbers": encode(numbers), "points": list(map(encode, points))}
    return decode(ask(page, "(sent) => lifted(sent)", sent | {"tile": tile}))


def window(field: Any, count: int = 23) -> list[np.ndarray]:
    """All points of a grid over a field's domain, flat."""
    axes = [np.linspace(*field.domain[name], count) for name in field.variables]
    return [part.ravel() for part in np.meshgrid(*axes, indexing="ij")]


@pytest.mark.parametrize("name", ["peaks", "rosenbrock", "rastrigin", "corner"])
def test_f_and_its_partials_over_a_window(page: Page, name: str) -> None:
    field = catalog[name].field
    points = window(field)
    program = field.replayed(1).program(*(float(part[0]) for part in points))
    expected = side_by_side(field.replayed(1).plain(*points))
    for tile in (512, 100):  # the last one is not full
        found = lifted(page, program, *points, tile=tile)
        scale = np.abs(expected).max()
        np.testing.assert_allclose(found, expected, 1e-12, 1e-15 * scale)


def by_points(program: Program, *points: np.ndarray) -> np.ndarray:
    rows = [program(*map(float, point)) for point in zip(*points, strict=True)]
    return side_by_side(
        [np.moveaxis(np.array(column), 0, -1) for column in zip(*rows, strict=True)]
    )


def of_data(w: Any, b: Any) -> tuple[Any, ...]:
    """Each operation that lifts, and results that are arrays, numbers, inputs and constants."""
    data = np.array([[0.5, -1.0, 2.0], [3.0, 0.25, -0.5]])
    line = anp.tanh(w * data + b)
    both = anp.stack([line[0], data[1] * w])
    joined = anp.concatenate([both.T, data.T[1:] + b])
    return (
        anp.mean((line - data) ** 2),
        anp.max(joined, axis=1) + anp.cumsum(joined[:, 1]),
        anp.einsum("ij,kj->ik", line, data),
        anp.prod(anp.reshape(both, (3, 2)), axis=0, keepdims=True) * anp.sum(data * both),
        anp.where(line[:, ::-1] > 0, line, 0.0)[anp.array([1, 0, 1]), anp.array([2, 0, 1])],
        w,
        2.0,
        double(w, b)[0] * line[0, 1],
    )


double = in_one_step(lambda w, b: (w * w - b,))


def not_of_all(w: Any, b: Any) -> tuple[Any, ...]:
    """Operations that have to go point by point."""
    table = np.array([[2.0, 1.0], [0.5, 3.0], [1.0, 1.0]])
    picked = pick(table, w)
    return anp.linalg.solve(table[:2] * b, picked), picked[0] + b, w


@pytest.mark.parametrize("function", [of_data, not_of_all])
def test_a_program_with_data_goes_over_points_too(page: Page, function: Any) -> None:
    program = trace(function, 0.5, 0.25)
    rng = np.random.default_rng(3)
    points = [rng.uniform(0.2, 2.0, 70) for _ in range(2)]
    found = lifted(page, program, *points, tile=32)
    np.testing.assert_allclose(found, by_points(program, *points), 1e-12, 1e-14)


SHARED = (np.array([0.5, -1.0, 2.0, 0.25]), np.array([3.0, 0.25, -0.5, 1.0]))


def over_arrays(w: Any, b: Any, x: Any, y: Any) -> tuple[Any, ...]:
    """Each operation that lifts, of the points, of arrays that all of them share, and of both."""
    total, line, pair = anp.sum(y), anp.tanh(w * x + b), anp.stack([x, y])
    table = anp.reshape(x, (2, 2))
    return (
        anp.sum(y * (line - x) ** 2) / total,
        anp.max(pair * w, axis=0) + anp.cumsum(y),
        anp.einsum("ij,kj->ik", table, table.T) + b,
        anp.concatenate([x, line])[2:6] * anp.min(pair, axis=1)[0],
        total,
        x,
        anp.where(y > 0, line, anp.prod(x)),
        double(total, total)[0] * double(w, total)[0],
        table[anp.array([1, 0]), anp.array([1, 1])] + w,
        anp.transpose(anp.stack([line, x]))[1],
    )


def over_arrays_by_points(w: Any, b: Any, x: Any, y: Any) -> tuple[Any, ...]:
    return pick(x, w) + b * y, anp.sum(x)


@pytest.mark.parametrize("function", [over_arrays, over_arrays_by_points])
@pytest.mark.parametrize("tile", [512, 32])
def test_points_share_arrays(page: Page, function: Any, tile: int) -> None:
    program = trace(function, 0.5, 0.25, *SHARED)
    rng = np.random.default_rng(3)
    points = [rng.uniform(0.2, 2.0, 70) for _ in range(2)]
    rows = [program(*map(float, point), *SHARED) for point in zip(*points, strict=True)]
    columns = (np.moveaxis(np.array(column), 0, -1) for column in zip(*rows, strict=True))
    found = lifted(page, program, *points, *SHARED, tile=tile)
    np.testing.assert_allclose(found, side_by_side(list(columns)), 1e-12, 1e-14)


def test_a_grid_of_121_squared_keeps_to_its_tiles(page: Page) -> None:
    """300 instructions × 121² would own 35 MB; the last axis of a mesh is the fastest."""

    def long(x: Any, y: Any) -> tuple[Any, ...]:
        for k in range(150):
            x = 0.5 * anp.sin(x + y) + k
        return (x,)

    program = trace(long, 0.5, 0.25)
    data, numbers = program.as_data()
    size, found = page.evaluate(
        """([data, numbers]) => {
          const axis = Float64Array.from({ length: 121 }, (_, k) => k / 60 - 1);
          let size = 0;
          const { fill } = Float64Array.prototype;
          Float64Array.prototype.fill = function (...given) {  // of the memory, when it is made
            size = Math.max(size, this.byteLength);
            return fill.apply(this, given);
          };
          const lifted = gw.lift(data, floats(numbers));
          Float64Array.prototype.fill = fill;
          return [size, encoded(gw.over(lifted, ...gw.mesh(axis, axis)))];
        }""",
        [data, encode(numbers)],
    )
    axis = np.arange(121) / 60 - 1
    expected = long(*np.meshgrid(axis, axis, indexing="ij"))[0].ravel()
    np.testing.assert_allclose(decode(found), expected, 1e-14)
    assert len(program) >= 300
    assert size < 100_000


def test_a_grid_is_done_in_slices_and_dropped_by_a_newer_one(page: Page) -> None:
    program = trace(lambda x: (x * x, 2.0 * x), 0.5)
    data, numbers = program.as_data()
    slices, found = page.evaluate(
        """([data, numbers]) => {
          const lifted = gw.lift(data, floats(numbers), 4), slices = [];
          lifted.run([Float64Array.of(7, 7, 7, 7, 7, 7)]);
          slices.push(lifted.soon(0));
          const found = lifted.run([Float64Array.of(1, 2, 3, 4, 5)]);
          for (let k = 0; k < 2; k += 1) slices.push(encoded(found), lifted.soon(0));
          slices.push(lifted.soon(0));
          return [slices, encoded(found)];
        }""",
        [data, encode(numbers)],
    )
    assert [done for done in slices if isinstance(done, bool)] == [False, False, True, True]
    nothing, first = (decode(part) for part in slices if isinstance(part, str))
    assert np.isnan(nothing).all()
    every = np.array([1, 4, 9, 16, 25, 2, 4, 6, 8, 10.0])
    np.testing.assert_array_equal(first, np.where(np.isin(every, (25, 10)), NAN, every))
    np.testing.assert_array_equal(decode(found), every)
