"""Tasks: the same for all who have the seed, and judged by a property that an answer has."""

import autograd.numpy as anp
import numpy as np
import pytest

from gradwidgets.calculus import judges
from gradwidgets.calculus.descent import descend
from gradwidgets.calculus.field import ScalarField
from gradwidgets.calculus.judges import Here
from gradwidgets.calculus.program import trace
from gradwidgets.calculus.tasks import BLANK, KINDS, At, drawn
from gradwidgets.calculus.tracing import calm
from gradwidgets.calculus.wording import fill

ALMOST = "not yet. ∂f/∂x is as good as 0 there, but ∂f/∂y is"
SQUARE = {"x": (-3, 3), "y": (-3, 3)}


def judged(name, numbers, source, point=(), path=None):
    """What is said of an answer to a task with these numbers: as it is, and by its program."""
    kind, field = KINDS[name], source
    if not isinstance(source, ScalarField):
        field = ScalarField(source, SQUARE, ("x", "y"))
    with calm():
        case, values = kind.judge(Here(field, numbers, tuple(map(np.float64, point)), path))
    says = kind.words(*numbers).says
    assert 0 <= case < len(says)
    return fill(says[int(case)], (1.0, *map(float, values)))


# ── drawn ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", KINDS)
def test_a_class_with_one_seed_gets_one_task(name):
    tasks = [drawn(name, seed) for seed in range(8)]
    again = [drawn(name, seed) for seed in range(8)]
    assert [(asked, begun.text) for asked, begun in tasks] == [
        (asked, begun.text) for asked, begun in again
    ]
    assert all(asked.text.endswith(".") for asked, _ in tasks)
    varied = {(asked.numbers, begun.text) for asked, begun in tasks}
    assert len(varied) > 1


def test_a_kind_that_does_not_exist_is_refused_with_those_that_do():
    with pytest.raises(ValueError, match=r"'sadle'; there are .*saddle"):
        drawn("sadle", 1)


def test_a_function_of_one_s_own_takes_the_place_of_the_drawn_one():
    own = ScalarField("x**2*y + y", SQUARE)
    asked, begun = drawn("steepest", 0, own)
    assert begun is own
    assert asked.numbers[0] == pytest.approx(np.hypot(18, 10), rel=1e-3)


def test_another_window_of_the_drawn_function_has_the_same_numbers():
    asked, begun = drawn("steepest", 0)
    assert drawn("steepest", 0, begun.with_domain({"x": (-0.1, 0.1)}))[0] == asked


def test_what_a_task_begins_with_is_no_answer_to_what_is_typed():
    for name, kind in KINDS.items():
        for seed in range(30):
            if not kind.sources:
                asked, begun = drawn(name, seed)
                assert begun.text == BLANK
                assert not judged(name, asked.numbers, begun).startswith("yes")


# ── find one ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("point", "said"),
    [
        ((0.31, 1.0), "not yet. ∂f/∂x is 0.620 there, and should be 0."),
        ((0.0, 1.0), "yes. ∂f/∂x is 0 there, as nearly as a hand can tell, and ∂f/∂y = 2.00."),
        ((0.04, 1.0), "yes. ∂f/∂x is 0 there, as nearly as a hand can tell, and ∂f/∂y = 2.00."),
        ((0.0, -1.0), f"{ALMOST} −2.00, and should be > 0."),
        ((0.0, 0.01), f"{ALMOST} 0.0200, and should be > 0."),
    ],
)
def test_flat_one_way(point, said):
    assert judged("flat one way", (0.0, 1.0), "x**2 + y**2", point) == said


def test_flat_the_other_way_and_falling():
    assert judged("flat one way", (1.0, -1.0), "x**2 + y**2", (-1, 0)).startswith("yes")
    assert judged("flat one way", (1.0, -1.0), "x**2 + y**2", (1, 0)).startswith("not yet")
    assert judged("flat one way", (1.0, -1.0), "sqrt(x) + y", (-1, 0)).startswith("f is undefined")


def test_steepest_is_any_place_that_is_nearly_as_steep():
    hill, most = "exp(-x**2 - y**2)", float(np.sqrt(2 / np.e))
    ring = 1 / np.sqrt(2)
    for place in ((ring, 0), (0, -ring), (0.5, 0.5), (0.75, 0)):
        assert judged("steepest", (most,), hill, place).startswith("yes. ‖∇f‖ is 0.8")
    told = judged("steepest", (most,), hill, (0.3, 0))
    assert told == "not yet. ‖∇f‖ is 0.548 there; somewhere on this map it comes to 0.858."


@pytest.mark.parametrize(
    ("source", "point", "said"),
    [
        ("x**2 + y**2", (0, 0), "not yet. ∇f is as good as 0 there, but f has a minimum"),
        ("x**2 - y**2", (0, 0), "yes"),
        ("x**2 - y**2", (0.03, -0.03), "yes"),
        ("x**2 - y**2", (0.2, 0), "not yet. ∇f is (0.400, 0) there"),
        ("-x**2 - y**2", (0, 0), "yes"),
        ("x**3 - 3*x*y**2", (0, 0), "yes"),
        ("x**4 + y**4", (0, 0), "not yet. ∇f is as good as 0 there, but f has a minimum"),
        ("x**2 + y**4", (0.01, 0), "not yet. ∇f is as good as 0 there, but f has a minimum"),
        ("x**2 + 0*y", (0.04, 1), "not yet. ∇f is as good as 0 there, but f has a minimum"),
        ("x**2 - y**4", (0, 0), "yes"),
        ("x**2 + y**3", (0.03, 0), "yes"),
        ("-x**4 - y**4", (0, 0), "yes"),
        ("log(x) + y", (-1, 0), "f is undefined"),
    ],
)
def test_no_minimum(source, point, said):
    assert judged("no minimum", (), source, point).startswith(said)


def test_inflexion():
    sine = ScalarField("sin(x)", (-6, 6))
    assert judged("inflexion", (1.0,), sine, (0.0,)).startswith("yes")
    assert judged("inflexion", (1.0,), sine, (2 * np.pi - 0.05,)).startswith("yes")
    assert judged("inflexion", (1.0,), sine, (np.pi,)).startswith("not yet. f″ changes its")
    assert judged("inflexion", (-1.0,), sine, (np.pi,)).startswith("yes")
    assert judged("inflexion", (1.0,), sine, (0.5,)).startswith("not yet. f″ is −0.479")
    bowl = ScalarField("x**4 + x", (-2, 2))
    kept = "not yet. f″ is 0 there, and keeps its sign all around."
    assert judged("inflexion", (1.0,), bowl, (0.0,)) == kept


# ── make one ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("-y", "yes. The gradient at (1, 2) points toward 270°."),
        ("(x - 1)**2 - exp(y)", "yes"),
        ("y", "not yet. The gradient at (1, 2) points toward 90°, and should toward 270°."),
        ("0.02*x - y", "not yet. The gradient at (1, 2) points toward 271°"),
        ("0.001*x - y", "yes"),
        ("(x - 1)**2 + (y - 2)**2", "not yet. The gradient at (1, 2) is 0, and points nowhere."),
        ("7", "not yet. The gradient at (1, 2) is 0"),
        ("log(x - 2) - y", "f is undefined at (1, 2)"),
    ],
)
def test_direction(source, said):
    assert judged("direction", (1.0, 2.0, 270.0), source).startswith(said)


def test_a_direction_along_x_is_one_on_both_sides_of_0_degrees():
    for slope in (0.004, -0.004):
        assert judged("direction", (1.0, 2.0, 0.0), f"x + {slope}*y").startswith("yes")


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("2*x - 4*y", "yes"),
        ("x**2 - y**2", "yes. ∇f = (2.00, −4.00) at (1, 2)."),
        ("x**3 - y**2", "not yet. ∂f/∂x is 3.00 at (1, 2), and should be 2."),
        ("x**2 + y", "not yet. ∂f/∂x is right at (1, 2), but ∂f/∂y is 1.00, and should be −4."),
        ("x**2 - y**2 + 0.001*x", "not yet. ∂f/∂x is 2.00"),
    ],
)
def test_gradient(source, said):
    assert judged("gradient", (1.0, 2.0, 2.0, -4.0), source).startswith(said)


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("(x - 1)*(y + 1)", "yes. ∇f is 0 at (1, −1), and the Hessian has λ = −1.00 and λ = 1.00."),
        ("1e-9*((x - 1)**2 - (y + 1)**2)", "yes"),
        ("(x - 1)**2 + (y + 1)**2", "not yet. f has a minimum at (1, −1)"),
        ("-(x - 1)**2 - (y + 1)**2", "not yet. f has a maximum at (1, −1)"),
        ("x*y", "not yet. ∇f is (−1.00, 1.00) at (1, −1), and should be (0, 0)."),
        ("(x - 1)**3 - 3*(x - 1)*(y + 1)**2", "not yet. ∇f is 0 at (1, −1), but an eigenvalue"),
        ("(x - 1)**2", "not yet. ∇f is 0 at (1, −1), but an eigenvalue"),
        ("5", "not yet. ∇f is 0 at (1, −1), but an eigenvalue"),
        ("sqrt(x - 1) + y", "f is undefined at (1, −1), or has no second derivatives there."),
    ],
)
def test_saddle(source, said):
    assert judged("saddle", (1.0, -1.0), source).startswith(said)


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("(x - 1)**2 + 4*(y + 1)**2", "yes. λ = 2.00 and λ = 8.00 make κ = 4.00."),
        ("5*(x + y)**2 + 20*(x - y - 2)**2", "yes"),
        ("(x - 1)**2 + 5*(y + 1)**2", "not yet. f has a minimum at (1, −1), but λ = 2.00"),
        ("(x - 1)**2 - 4*(y + 1)**2", "not yet. ∇f is 0 at (1, −1), but the Hessian has λ = −8.00"),
        ("x + y", "not yet. ∇f is (1.00, 1.00) at (1, −1)"),
        ("3", "not yet. ∇f is 0 at (1, −1), but the Hessian has λ = 0"),
    ],
)
def test_valley(source, said):
    assert judged("valley", (1.0, -1.0, 4.0), source).startswith(said)


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("x**2 + y**2", "yes. f = 4.00 all along the circle."),
        ("1/(x**2 + y**2)", "yes"),
        ("(x**2 + y**2)**3 - 1e-9", "yes"),
        ("x**2 + 2*y**2", "not yet. On the circle f is 4.00 at one place, and 8.00 at another."),
        ("x", "not yet. On the circle f is −2.00"),
        ("4", "not yet. f has no slope all along the circle"),
        ("0*x", "not yet. f has no slope all along the circle"),
        ("(x**2 + y**2 - 4)**2", "not yet. f has no slope all along the circle"),
        ("(x**2 + y**2 - 4)", "yes"),
        ("log(x)", "f is undefined somewhere on the circle."),
    ],
)
def test_level_curve(source, said):
    assert judged("level curve", (2.0,), source).startswith(said)


# ── an α ─────────────────────────────────────────────────────────────────────────────────────────


def run_of(rate, source="x**2 + 10*y**2", start=(1.5, 0.5), steps=100):
    field = ScalarField(source, SQUARE)
    path = np.full((101, 2), np.nan)
    points = descend(field, start, rate, steps).points
    path[: len(points)] = points
    return field, start, path


@pytest.mark.parametrize(
    ("rate", "said"),
    [
        (0.03, "not yet. The run arrives, but its first steps do not go to and fro."),
        (0.002, "not yet. The run neither goes to and fro nor arrives"),
        (0.09, "yes. The run goes to and fro, and arrives: ‖∇f‖ is 10.4 at the start"),
        (0.097, "yes"),
        (0.1005, "not yet. The run goes to and fro, but it does not arrive"),
        (0.6, "not yet. The run goes to and fro, but it does not arrive"),
    ],
)
def test_zigzag(rate, said):
    field, start, path = run_of(rate)
    assert judged("zig-zag", (), field, start, path).startswith(said)


@pytest.mark.parametrize(
    ("rate", "steps", "said"),
    [
        (0.09, 100, "yes. ‖∇f‖ comes down from 10.4 to 0.00"),
        (0.02, 100, "not yet. ‖∇f‖ is 10.4 at the start, and 0.586 then."),
        (0.11, 100, "not yet. The slope grows"),
        (0.09, 30, "not yet. The run ends before step 40."),
    ],
)
def test_soon(rate, steps, said):
    field, start, path = run_of(rate, steps=steps)
    assert judged("soon", (40.0, 0.001), field, start, path).startswith(said)


# ── programs and conditions ──────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "name", [name for name, kind in KINDS.items() if kind.explorer != "descent"]
)
def test_a_judge_has_a_program_that_is_right_on_the_other_side_too(name):
    asked, begun = drawn(name, 3)

    def both(*point):
        case, values = KINDS[name].judge(Here(begun, asked.numbers, point))
        return (case, *values)

    places = np.random.default_rng(0).uniform(-2, 2, (30, len(begun.variables)))
    program = trace(both, *map(np.float64, places[0]), names=begun.variables)
    for place in places:
        plain = both(*map(np.float64, place))
        assert np.allclose(program(*map(np.float64, place)), plain, rtol=1e-9, equal_nan=True)


def test_the_program_of_a_run_s_judge_reads_the_path():
    field, start, path = run_of(0.09)

    def judged_at(scale):
        return (judges.zigzag(Here(field, (), start, scale * anp.array(path)))[0],)

    assert trace(judged_at, np.float64(1.0), names=("scale",))(np.float64(1.0))[0] == 3


def test_what_a_condition_is_asked_of():
    at = At(ScalarField("x**2 + 3*x*y"), (1.0, 2.0), 0.1)
    assert (at.value, at.gradient.tolist(), at.rate) == (7.0, [8.0, 3.0], 0.1)
    assert at.hessian.tolist() == [[2.0, 3.0], [3.0, 0.0]]
    assert at.eigenvalues.prod() == pytest.approx(-9)
    assert at.verdict == ""
    assert np.isnan(At(ScalarField("log(x) + y"), (-1.0, 0.0)).eigenvalues).all()
    run = descend(ScalarField("x**2"), (1.0,), 1.5, 20)
    assert At(ScalarField("x**2"), (1.0,), 1.5, run).verdict == "diverged"
