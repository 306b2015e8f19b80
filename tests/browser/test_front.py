"""Every row of the table of operations, replayed by the browser beside numpy."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, Page

from gradwidgets.calculus.program import OPERATIONS
from tests.browser.replayed import job, replay, replay_page
from tests.calculus.program import cases
from tests.calculus.program.cases import alike, alone

ELEMENTWISE = {name: [np.array(p, float) for p in values] for name, values in cases.elementwise()}


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    with replay_page(browser) as page:
        yield page


# ── each row alone ───────────────────────────────────────────────────────────────────────────────


def numpy_s(name: str, *values: Any) -> Any:
    with np.errstate(all="ignore"):
        return np.asarray(getattr(np, name)(*values), float)


@pytest.fixture(scope="module")
def found(page: Page) -> dict[str, list[list[np.ndarray]]]:
    """Of each elementwise row what it gives for numbers, arrays of one shape, and broadcast."""
    jobs = []
    for name, values in ELEMENTWISE.items():
        mesh = np.meshgrid(*values, indexing="ij")
        jobs.append(job(alone(name, [1.0] * len(values)), list(product(*values))))
        jobs.append(job(alone(name, mesh, expected=mesh[0]), [mesh]))
        parts = broadcast(values)
        jobs.append(job(alone(name, parts, expected=numpy_s(name, *parts)), [parts]))
    runs = iter(replay(page, *jobs))
    return {name: [next(runs), next(runs), next(runs)] for name in ELEMENTWISE}


def broadcast(values: list[np.ndarray]) -> list[np.ndarray]:
    """Values along axes of their own, and the first with one axis more that is not broadcast."""
    first, *others = (part[:5] for part in values)
    shaped = [part.reshape(-1, *(1,) * (place + 1)) for place, part in enumerate(others)]
    return [np.stack([first, first[::-1]]).reshape(2, *(1,) * len(others), -1), *shaped]


@pytest.mark.parametrize("name", ELEMENTWISE)
def test_an_elementwise_operation_is_numpy_s(name: str, found: dict[str, Any]) -> None:
    values = ELEMENTWISE[name]
    expected = numpy_s(name, *np.meshgrid(*values, indexing="ij")).ravel()
    numbers, ((whole,),) = np.concatenate(found[name][0]), [found[name][1]]
    with np.errstate(all="ignore"):  # numpy's power has other answers for single numbers
        single = np.array([float(numpy_s(name, *map(np.float64, p))) for p in product(*values)])
    for answer in (numbers, whole):
        right = alike(answer, expected, name) | alike(answer, single, name)
        assert right.all(), list(zip(answer[~right], expected[~right], strict=True))
    parts = broadcast(values)
    spread = numpy_s(name, *parts)
    assert alike(found[name][2][0].reshape(spread.shape), spread, name).all()


@pytest.mark.parametrize("case", cases.SHAPED, ids=lambda case: case[0])
def test_a_kernel_gives_what_its_name_says(case: Any, page: Page) -> None:
    name, arguments, attributes, expected = case
    values = [np.array(value, float) for value in arguments]
    program = alone(name, values, tuple(attributes.items()), expected)
    ((found,),) = replay(page, job(program, [values]))
    exact = name not in {"solve", "inv", "det", "einsum"}
    tolerance = 0.0 if exact else 1e-14
    wanted = np.array(expected, float).ravel()
    np.testing.assert_allclose(found, wanted, tolerance, tolerance)
    if OPERATIONS[name].moves and name not in ("max", "min"):
        assert np.array_equal(np.signbit(found), np.signbit(wanted))


@pytest.mark.parametrize("count", [1, 7, 8, 20, 128, 129, 300, 1000])
def test_a_sum_is_numpy_s_to_the_last_bit(count: int, page: Page) -> None:
    rng = np.random.default_rng(count)
    values = rng.normal(size=(3, count)) * 10.0 ** rng.integers(-8, 8, (3, count))
    whole = alone("sum", [values[0]], (("axis", None), ("keepdims", False)), 0.0)
    rows = alone("sum", [values], (("axis", (1,)), ("keepdims", False)), values[:, 0])
    ((one,), (three,)) = replay(page, job(whole, [[values[0]]]), job(rows, [[values]]))
    assert one[0] == np.sum(values[0])
    assert np.array_equal(three, np.sum(values, 1))


def test_large_systems_are_solved(page: Page) -> None:
    rng = np.random.default_rng(0)
    matrix, right = rng.normal(size=(7, 7)), rng.normal(size=(7, 3))
    solve = alone("solve", [matrix, right], (), right)
    det = alone("det", [matrix], (), 0.0)
    ((solution,), (found,)) = replay(page, job(solve, [[matrix, right]]), job(det, [[matrix]]))
    np.testing.assert_allclose(matrix @ solution.reshape(7, 3), right, 1e-12, 1e-12)
    assert found[0] == pytest.approx(np.linalg.det(matrix), 1e-12)
