"""Functions traced and replayed as long as that is right: when, when not, and in many threads."""

import gc
import math
import sys
import threading
import weakref
from functools import partial

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import grad
from autograd.tracer import Box, trace_stack
from hypothesis import given, settings
from hypothesis import strategies as st

from gradwidgets.calculus import replay
from gradwidgets.calculus.catalog import catalog
from gradwidgets.calculus.field import ScalarField
from gradwidgets.calculus.program import TracingError, trace
from gradwidgets.calculus.replay import MOST_PROGRAMS, Replayed
from gradwidgets.calculus.tracing import derivatives
from gradwidgets.pictures.gradient import gradient_picture
from gradwidgets.pictures.partials import partials_picture
from tests.calculus.program.checks import agree

# ── when a program is made ───────────────────────────────────────────────────────────────────────


class Counted:
    """A function that knows how often it was called."""

    def __init__(self, function=lambda x: (anp.sin(x) * x, x + 1)):
        self.function, self.calls = function, 0

    def __call__(self, *values):
        self.calls += 1
        return self.function(*values)


def test_numbers_are_traced_at_once():
    function = Counted()
    replayed = Replayed(function, ("x",))
    for value in (0.5, -1.0, 3.0):
        agree(replayed.numbers(value), function.function(value))
    assert function.calls == 1
    assert replayed.why == ""
    assert str(replayed.program(0.5)).startswith("def program(x):")


def test_arrays_are_traced_at_the_second_call_of_a_shape():
    function = Counted()
    replayed = Replayed(function, ("x",))
    for shape, calls in [
        ((3,), 1),
        ((3,), 2),
        ((3,), 2),
        ((4,), 3),
        ((3,), 2),
        ((4,), 4),
        ((4,), 4),
    ]:
        calls = max(calls, function.calls)
        x = np.random.default_rng(calls).normal(size=shape)
        agree(replayed(x), function.function(x))
        assert function.calls == calls


@pytest.mark.parametrize("values", [(2, 3), (True, 0), (np.int64(2), np.float32(3))])
def test_any_kind_of_number_will_do(values):
    def function(x, y):
        return x * x, x ** (-y), y / x

    replayed = Replayed(function, ("x", "y"))
    replayed.numbers(0.5, 1.5)
    expected = replayed.plain(*map(float, values))
    agree(replayed.numbers(*values), expected)
    agree(replayed(*values), expected)


def test_whole_numbers_in_an_array_will_do():
    replayed = Replayed(lambda x: (x * x, x / 2), ("x",))
    for values in ([2**20 + 1, 7, -3], [0, 1, 2], [5, 6, 7]):
        agree(replayed(np.array(values)), replayed.plain(np.array(values, float)))


@pytest.fixture
def alive(monkeypatch):
    """The programs that were made and that somebody still holds."""
    programs = weakref.WeakSet()

    def recorded(*args, **kwargs):
        program = trace(*args, **kwargs)
        programs.add(program)
        return program

    monkeypatch.setattr(replay, "trace", recorded)
    return programs


@pytest.mark.parametrize(
    "lengths",
    [
        [n for n in range(1, 40) for _ in range(3)],
        [*range(1, 40)] * 3,
        [*range(1, 40), *range(40, 1, -1), 7, 7, 7],
    ],
    ids=["one after the other", "again and again", "back and forth"],
)
def test_only_so_many_programs_are_kept(alive, lengths):
    replayed = Replayed(lambda x: (anp.sin(x) * np.arange(len(x)),), ("x",))
    for length in lengths:
        x = np.full(length, 0.5)
        agree(replayed(x), replayed.plain(x))
    gc.collect()
    assert len(alive) <= MOST_PROGRAMS


def test_a_shape_in_use_keeps_its_program():
    function = Counted()
    replayed = Replayed(function, ("x",))
    for length in range(1, MOST_PROGRAMS // 2):
        replayed(np.ones(length))
        replayed(np.ones(length))
        before = function.calls
        replayed(np.ones(length))
        assert function.calls == before


def test_a_reason_given_beforehand_forbids_tracing():
    function = Counted()
    replayed = Replayed(function, ("x",), why="not today")
    for _ in range(3):
        agree(replayed.numbers(0.5), function.function(0.5))
    assert function.calls == 3
    assert replayed.why == "not today"
    with pytest.raises(ValueError, match="not today"):
        replayed.program(0.5)


# ── functions with branches ──────────────────────────────────────────────────────────────────────


def halved(x):
    while x > 1:
        x = x / 2
    return x


def squares_upward(x):
    total = 0.0
    for step in range(5):
        if step * x > 1:
            break
        total = total + step * x * x
    return total


BRANCHING = {
    "if": lambda x: x * x if x > 0 else -x,
    "while": halved,
    "break": squares_upward,
    "max": lambda x: max(x, 0.5) * x,
    "chain": lambda x: x if -1 < x < 1 else x**3,
    "and": lambda x: (x > 0 and x) or -x,
    "sorted": lambda x: sorted([x, 2 * x, 0.5])[1] * x,
}
ASTRAY = {
    "float": lambda x: float(x) * 2,
    "int": lambda x: x * int(x),
    "math": lambda x: math.sin(x),
    "format": lambda x: float(f"{x:.3f}"),
    "round": lambda x: round(x, 2) * x,
}
POINTS = (-2.3, -1.0, -0.25, 0.0, 0.5, 1.0, 1.7, 2.9)


@pytest.mark.parametrize("name", BRANCHING)
def test_a_branching_function_stays_with_autograd(name):
    f = ScalarField(BRANCHING[name])
    assert not f.traced
    assert f.traced == (False, f.traced.why)
    assert "if" in f.traced.why
    for x in POINTS:
        assert f.value(x) == BRANCHING[name](x)
        assert f.gradient(x) == grad(BRANCHING[name])(x)
    for _ in range(3):
        agree(f.on_grid(POINTS, order=1).gradient, [[grad(BRANCHING[name])(x) for x in POINTS]])
    with pytest.raises(ValueError, match="no program"):
        _ = f.gradient_program


@pytest.mark.parametrize("name", ASTRAY)
def test_a_function_that_leaves_numpy_has_values_still(name):
    f = ScalarField(ASTRAY[name])
    assert not f.traced
    assert f.traced.why
    assert [f.value(x) for x in POINTS] == [ASTRAY[name](x) for x in POINTS]


@pytest.mark.parametrize("name", [*BRANCHING, *ASTRAY])
def test_a_function_that_can_t_be_traced_is_tried_once(name):
    function = Counted((BRANCHING | ASTRAY)[name])
    replayed = Replayed(lambda x: (function(x),), ("x",))
    assert replayed.why == ""
    for x in POINTS:
        agree(replayed.numbers(x), (function.function(x),))
    assert replayed.why
    assert function.calls == len(POINTS) + 1


def test_a_function_s_own_exception_comes_through():
    def function(x):
        raise ZeroDivisionError("its own")

    replayed = Replayed(function, ("x",))
    for _ in range(2):
        with pytest.raises(ZeroDivisionError, match="its own"):
            replayed.numbers(1.0)


def positive_mean(x, y):
    v = anp.array([x, y, 1.0])
    return anp.sum(v[v > 0] ** 2) / len(v[v > 0])


def unseen_value(x, y):
    """Takes the traced value out of its box, where no question is asked."""
    value = x
    while hasattr(value, "_value"):
        value = value._value
    return x * y if value > 0 else x + y


@pytest.mark.parametrize(
    ("function", "domain"),
    [(positive_mean, (-2, 2)), (positive_mean, (1, 2)), (unseen_value, (-2, 2))],
)
def test_a_hidden_fork_is_never_frozen(function, domain):
    f = ScalarField(function, domain={"x": domain, "y": domain})
    for point in [(1.5, 1.25), (-1.5, 1.25), (-1.5, -1.25), (1.5, -1.0)]:
        assert f.value(point) == pytest.approx(float(function(*map(np.float64, point))), rel=1e-12)


def test_a_question_about_the_whole_array_is_asked_of_each_point():
    f = ScalarField(lambda x: x if np.any(x > 0) else -x)
    assert not f.traced
    assert f.on_grid(POINTS).values.tolist() == [abs(x) for x in POINTS]


# ── fields ───────────────────────────────────────────────────────────────────────────────────────


def spiral(v):
    return anp.dot(v, anp.array([1.0, 2.0])) * anp.sin(v[0])


TRACED = {
    "formula": "x**2*y + abs(x)",
    "lambda": lambda x, y: anp.exp(-x * x) * y,
    "with where": lambda x, y: anp.where(x > 0, x, y**2),
    "with a loop": lambda x, y: sum(x**n * y for n in range(4)),
    "with grad": lambda x, y: grad(lambda a: anp.sin(a) * y)(x),
    "pointwise": lambda x, y: spiral(anp.array([x, y])),
    "pointwise with grad": lambda x, y: anp.sum(grad(spiral)(anp.array([x, y])) ** 2),
    "indexing": lambda x, y: (lambda v: v[0] * anp.sum(v**2) + v[1])(anp.array([x, y, x * y])),
    "constant": lambda x, y: 3.0,
    "plane": lambda x, y: 2 * x - y,
}


@pytest.mark.parametrize("name", TRACED)
def test_a_field_is_traced_and_right(name):
    f = ScalarField(TRACED[name], variables=("x", "y"))
    assert f.traced == (True, "")
    plain = Replayed(partial(derivatives, f.function, 2), f.variables, why="plain").plain
    points = [(0.5, 1.5), (-0.5, 1.5), (0.0, 0.0), (2.0, -3.0), (0.5, 1.5)]
    for point in points:
        value, *rest = plain(*point)
        agree([f.value(point), *f.gradient(point), *f.hessian(point).ravel()], [value, *rest])
        agree(f.gradient_program(*point), [value, *rest[:2]])
        agree(f.hessian_program(*point), [value, *rest])
    for shift in (0.0, 0.5, -1.0, 0.0):
        axes = np.linspace(-2, 2, 4) + shift, np.linspace(-1, 1, 3)
        grid = f.on_grid(*axes, order=2)
        value, *rest = plain(*np.meshgrid(*axes, indexing="ij"))
        shape = grid.values.shape
        agree(
            [grid.values, *grid.gradient], [np.broadcast_to(v, shape) for v in (value, *rest[:2])]
        )
        agree(grid.hessian.reshape(4, *shape), [np.broadcast_to(v, shape) for v in rest[2:]])


def test_a_field_on_another_domain_is_the_same_program():
    f = ScalarField(TRACED["lambda"])
    assert f.with_domain({"x": (0, 1)}).gradient_program == f.gradient_program
    assert f.with_domain({"x": (0, 1)}).traced


def test_programs_print_with_the_names_of_the_variables():
    f = ScalarField("slope*x**2", variables=("x", "slope"))
    assert str(f.gradient_program).splitlines() == [
        "def program(x, slope):",
        "    a = x * x",
        "    b = slope * a",
        "    c = x * slope",
        "    d = c + c",
        "    return b, d, a",
    ]
    assert str(f.hessian_program).startswith("def program(x, slope):")


def test_a_pointwise_function_makes_no_program_as_long_as_its_grid(alive):
    f = ScalarField(TRACED["pointwise"])
    for _ in range(3):
        f.on_grid(np.linspace(-1, 1, 8), np.linspace(-1, 1, 8), order=1)
    assert all(len(program) < 200 for program in alive)


@settings(max_examples=30)
@given(point=st.tuples(st.floats(), st.floats()))
def test_any_floats_are_answered_as_by_autograd(point):
    for function in (TRACED["with where"], TRACED["lambda"], TRACED["pointwise"]):
        replayed = Replayed(partial(derivatives, function, 2), ("x", "y"))
        agree(replayed.numbers(*point), replayed.plain(*point), replayed.program(*point), point)


# ── pictures ─────────────────────────────────────────────────────────────────────────────────────

UNEVEN = {
    "corners": "abs(x) + max(x, y)",
    "jumps": "floor(x)*y + sign(x)",
    "cut": "log(x*y)",
    "edge": "sqrt(x) + y",
    "pole": "1/(x*x + y*y)",
    "power": "x**y",
    "cases": "where(x > 1, y, x*y)",
    "waves": "x % 1 + y",
    "turn": "atan2(y, x)",
    "steep": "exp(100*x)*y",
    "enormous": "1e155*x*x*x + y",
    "tiny": "1e-300*(x + y)",
    "soft": "softplus(x) - relu(y)",
    "flat": "5",
}


def somewhere(field):
    """Points of a domain: the middle, inside, and where kinks and undefined places often are."""
    low, high = np.array([field.domain[name] for name in field.variables]).T
    inside = [low + share * (high - low) for share in (0.5, 0.3127, 0.917)]
    return [*inside, 0 * low, 0 * low + 1, 0 * low - 1.3]


def field_of(name):
    return catalog[name].field if name in catalog else ScalarField(UNEVEN[name])


@pytest.mark.parametrize(
    "name", [n for n in (*catalog, *UNEVEN) if len(field_of(n).variables) == 2]
)
def test_a_gradient_picture_is_autograd_s(name):
    check_picture(gradient_picture(field_of(name)), (30.0,))


@pytest.mark.parametrize("name", [*catalog, *UNEVEN])
def test_a_partials_picture_is_autograd_s(name):
    check_picture(partials_picture(field_of(name)))


def check_picture(picture, others=()):
    for point in somewhere(picture.field):
        values = (*map(float, point), *others)
        inputs = picture.inputs(values)
        plain, program = picture.replayed.plain(*inputs), picture.replayed.program(*inputs)
        agree(picture.replayed.numbers(*inputs), plain, program, inputs)
        scene = picture.scene(values)
        agree(list(scene.numbers.values()), plain, program, inputs)
    assert picture.replayed.why == ""


@pytest.mark.parametrize("make", [gradient_picture, partials_picture])
def test_a_picture_of_a_branching_function_is_right_too(make):
    picture = make(ScalarField(lambda x, y: x * y if x > 0 else x - y))
    others = (30.0,) if make is gradient_picture else ()
    for point in [(1.0, 2.0), (-1.0, 2.0), (0.0, 0.0)]:
        inputs = picture.inputs((*point, *others))
        agree(picture.replayed.numbers(*inputs), picture.replayed.plain(*inputs))
    assert "if" in picture.replayed.why


# ── threads ──────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def _hasty():
    """Let threads take turns as often as they can, so that a race shows."""
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(interval)


@pytest.fixture
def _mended(monkeypatch):
    """What a test does to autograd's trace stack ends with the test."""
    monkeypatch.setattr(trace_stack, "top", trace_stack.top)
    monkeypatch.setattr(Box, "__bool__", Box.__bool__)


def started(tasks):
    """A thread for each task, and a list of what the tasks raise."""
    errors = []

    def run(task):
        try:
            task()
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=run, args=(task,)) for task in tasks]
    return threads, errors


def together(*tasks):
    """Run tasks in a thread each, all at once; what one of them raises is raised here."""
    barrier = threading.Barrier(len(tasks))
    threads, errors = started([lambda task=task: (barrier.wait(), task()) for task in tasks])
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]


THREADED = ["x**2*y", "sin(x*y)", "abs(x) - y", "exp(-x*x)*y", "x/y", "where(x > y, x, y*y)"]


@pytest.mark.usefixtures("_hasty", "_mended")
def test_threads_with_fields_of_their_own_are_right():
    point, axis = (0.7, -1.3), np.linspace(-1, 1, 5)
    right = {}
    for text in THREADED:
        f = ScalarField(text)
        right[text] = [*f.gradient(point), *f.hessian(point).ravel()]

    def explore(text):
        for _ in range(8):
            f = ScalarField(text)
            agree([*f.gradient(point), *f.hessian(point).ravel()], right[text])
            grids = [f.on_grid(axis, axis, order=1).gradient for _ in range(3)]
            agree(grids[0], grids[1])
            agree(grids[0], grids[2])
            branching = ScalarField(lambda x, y: x * y if x > 0 else y)
            assert branching.gradient(point).tolist() == [-1.3, 0.7]
            assert not branching.traced

    before = trace_stack.top, Box.__bool__
    together(*(partial(explore, text) for text in THREADED[:4]))
    assert (trace_stack.top, Box.__bool__) == before


@pytest.mark.usefixtures("_hasty", "_mended")
def test_threads_that_share_a_field_are_right():
    field = ScalarField(lambda x, y: anp.sin(x) * y)

    def explore(seed):
        for n in (*range(1, 2 * MOST_PROGRAMS), *range(1, 2 * MOST_PROGRAMS)):
            axis = np.linspace(seed, seed + 1, n)
            for _ in range(2):
                values = field.on_grid(axis, [2.0]).values
                agree([values], [np.sin(axis)[:, None] * 2.0])
            agree(field.gradient((seed, 2.0)), [np.cos(seed) * 2.0, np.sin(seed)])

    together(*(partial(explore, seed) for seed in range(4)))


@pytest.mark.usefixtures("_hasty", "_mended")
def test_threads_replay_one_program_without_disturbing_each_other():
    program = trace(lambda x, y: (anp.sin(x * y + 1) * x - y, x * 2 + 1), *[np.ones(5000)] * 2)

    def explore(seed):
        x, y = np.random.default_rng(seed).normal(size=(2, 5000))
        for _ in range(40):
            agree(program(x, y), (np.sin(x * y + 1) * x - y, x * 2 + 1))

    together(*(partial(explore, seed) for seed in range(4)))


class Meeting:
    """Two threads that take turns: `here` says "I am here, go on" and waits for the other."""

    def __init__(self):
        self.arrived, self.leave = threading.Event(), threading.Event()

    def here(self):
        self.arrived.set()
        assert self.leave.wait(10)


def interleaved(*tasks):
    """Begin the first, begin the second, end the first, end the second."""
    meetings = [Meeting() for _ in tasks]
    threads, errors = started(
        [partial(task, meeting.here) for task, meeting in zip(tasks, meetings, strict=True)]
    )
    for thread, meeting in zip(threads, meetings, strict=True):
        thread.start()
        assert meeting.arrived.wait(10)
    for thread, meeting in zip(threads, meetings, strict=True):
        meeting.leave.set()
        thread.join(10)
    if errors:
        raise errors[0]


def traces(found, here):
    found.append(trace(lambda x: (here(), grad(lambda y: y**3)(x))[1:], 2.0)(3.0))


def differentiates(found, here):
    found.append(grad(lambda x: (here(), x**3)[1])(3.0))


@pytest.mark.usefixtures("_mended")
@pytest.mark.parametrize(
    "tasks",
    [(traces, differentiates), (differentiates, traces), (differentiates, differentiates)],
)
def test_autograd_in_another_thread_may_begin_and_end_at_any_time(tasks):
    level, found = trace_stack.top, []
    interleaved(*(partial(task, found) for task in tasks))
    agree([float(np.ravel(f)[0]) for f in found], [27.0, 27.0])
    assert trace_stack.top == level
    assert grad(lambda x: grad(lambda y: y**3)(x))(2.0) == 12.0


@pytest.mark.usefixtures("_mended")
def test_autograd_in_another_thread_may_branch_while_a_program_is_traced():
    found = []

    def branches(here):
        found.append(grad(lambda x: (here(), x**3 if x else x)[1])(3.0))

    interleaved(partial(traces, []), branches)
    assert found == [27.0]


def fails_to_trace(found, here):
    with pytest.raises(TracingError):
        trace(lambda x: (here(), x if x > 0 else -x)[1:], 2.0)


@pytest.mark.usefixtures("_mended")
@pytest.mark.parametrize(
    "tasks", [(fails_to_trace, differentiates), (differentiates, fails_to_trace)]
)
def test_an_exception_in_one_thread_s_trace_leaves_another_s_alone(tasks):
    level, found = trace_stack.top, []
    interleaved(*(partial(task, found) for task in tasks))
    assert found == [27.0]
    assert trace_stack.top == level
