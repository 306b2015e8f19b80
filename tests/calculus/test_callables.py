"""Callables: numbers in disguise, vectors, data, and words where something else is meant."""

import math
import re
from decimal import Decimal
from fractions import Fraction

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import grad
from hypothesis import given, settings
from hypothesis import strategies as st

from gradwidgets import DescentExplorer, GradientExplorer, PartialsExplorer, descend
from gradwidgets.calculus.callables import Called, DerivativeError
from gradwidgets.calculus.field import ScalarField
from gradwidgets.calculus.lifting import LiftError, lift
from gradwidgets.calculus.nested import by_tapes
from gradwidgets.calculus.numbers import NotANumberError, as_number
from gradwidgets.calculus.program import trace
from gradwidgets.calculus.replay import Replayed

rng = np.random.default_rng(4)
XS = rng.normal(size=8)
YS = 2 * XS + 1
SQUARES = "{}*w**2 + {}*b**2 + {} - {}*w - {}*b + {}*w*b".format(
    *(np.mean(XS**2), 1.0, np.mean(YS**2), 2 * np.mean(XS * YS), 2 * np.mean(YS), 2 * np.mean(XS))
)


def mean_of_squares(w, b):
    return anp.mean((w * XS + b - YS) ** 2)


def assert_same_field(one, other, point=(0.5, -1.25), close=1e-11):
    """Two fields agree at a point, on a grid, traced or not, and in a descent."""
    one, other = (f.with_domain(dict.fromkeys(f.variables, (-2, 2))) for f in (one, other))
    agree = {"rtol": close, "atol": close}
    assert one.value(point) == pytest.approx(other.value(point), rel=close)
    np.testing.assert_allclose(one.gradient(point), other.gradient(point), **agree)
    np.testing.assert_allclose(one.hessian(point), other.hessian(point), **agree)
    axes = [-1.5, 0.25, 2.0], [0.5, 1.75]
    for order in (0, 1, 2):
        for _ in range(2):
            found, expected = (f.on_grid(*axes, order=order) for f in (one, other))
            np.testing.assert_allclose(found.values, expected.values, **agree)
        if order:
            np.testing.assert_allclose(found.gradient, expected.gradient, **agree)
    np.testing.assert_allclose(found.hessian, expected.hessian, **agree)
    runs = [descend(f, start=point, rate=0.02, steps=8).points for f in (one, other)]
    np.testing.assert_allclose(*runs, **agree)


# ── numbers in disguise ──────────────────────────────────────────────────────────────────────────

DISGUISES = {
    "itself": lambda value: value,
    "(1,) array": lambda value: anp.array([value]),
    "(1, 1) array": lambda value: anp.array([[value]]),
    "0-d array": lambda value: anp.reshape(anp.array([value]), ()),
    "list": lambda value: [value],
    "list in a list": lambda value: [[value]],
    "tuple": lambda value: (value,),
    "array in a list": lambda value: [anp.array([value])],
    "fraction": lambda value: Fraction(1, 2) * value * 2,
    "plain array times": lambda value: value * np.ones((1, 1, 1)),
}


INNER = ["itself", "(1,) array", "(1, 1) array", "0-d array", "fraction", "plain array times"]


@settings(max_examples=12, deadline=None)
@given(st.sampled_from(INNER), st.sampled_from([name for name in DISGUISES if name != "fraction"]))
def test_a_number_in_disguise_is_the_number(inner, outer):
    disguise, again = DISGUISES[inner], DISGUISES[outer]
    f = ScalarField(lambda w, b: again(disguise(w * w * b + anp.sin(b) + 2.0 * w)))
    assert f.traced == (True, "")
    assert_same_field(f, ScalarField("w**2*b + sin(b) + 2*w", variables=("w", "b")))


@pytest.mark.parametrize(
    ("result", "number"),
    [
        (True, 1.0),
        (np.True_, 1.0),
        (3, 3.0),
        (np.int8(3), 3.0),
        (Fraction(1, 4), 0.25),
        (Decimal("0.5"), 0.5),
        (np.array(2), 2.0),
        (np.array([[[2]]]), 2.0),
        ([(np.float32(0.5),)], 0.5),
        (np.longdouble(0.5), 0.5),
        (math.nan, math.nan),
        (math.inf, math.inf),
    ],
)
def test_a_result_is_a_float(result, number):
    found = as_number(result)
    assert type(found) in (float, np.float64)
    assert found == pytest.approx(number, nan_ok=True)
    f = ScalarField(lambda x: result)
    assert f.value(0.5) == pytest.approx(number, nan_ok=True)
    if math.isfinite(number):
        assert f.gradient(0.5).tolist() == f.on_grid([0.5], order=1).gradient[0].tolist() == [0.0]


def matrix_product(w, b):
    x, y = XS.reshape(-1, 1), YS.reshape(-1, 1)
    r = x * w + b - y
    return r.T @ r / len(r)


@pytest.mark.filterwarnings("ignore:the matrix subclass:PendingDeprecationWarning")
def test_a_matrix_of_one_number_is_understood():
    form = np.matrix([[1.0, 0.5], [0.5, 10.0]])

    def quadratic(x, y):
        p = np.matrix([[x], [y]])
        return p.T * form * p

    assert_same_field(ScalarField(quadratic), ScalarField("x**2 + x*y + 10*y**2"))


def test_a_product_of_matrices_is_the_loss_that_it_stands_for():
    f = ScalarField(matrix_product)
    assert f.traced == (True, "")
    assert f.at_once
    assert_same_field(f, ScalarField(SQUARES, variables=("w", "b")))
    assert by_tapes(f, (0.5, 1.0)).value == pytest.approx(f.value((0.5, 1.0)))
    assert GradientExplorer(matrix_product, point=(0.5, 1.0)).point == (0.5, 1.0)


FAULTS = {
    "no return": (lambda x: None, "returns None: it needs a line with “return”"),
    "return on one way": (lambda x: x if x > 0 else None, "returns None"),
    "several": (lambda w: w * XS, r"an array of the shape \(8,\), not one number.*mean"),
    "none at all": (lambda x: anp.array([]), r"the shape \(0,\)"),
    "text": (lambda x: "x", "returns the text 'x'"),
    "text of a number": (lambda x: "1.5", "returns the text '1.5'"),
    "tuple": (lambda x: (x, 2 * x), "a tuple of 2"),
    "list": (lambda x: [x, x, x], "a list of 3"),
    "empty list": (lambda x: [], "a list of 0"),
    "complex": (lambda x: 1j * x, "the complex number"),
    "complex on one side": (lambda x: float(x) ** 0.5 if x < 0 else x, "the complex number"),
    "function": (lambda x: anp.sin, "returns a function, not a number: call it"),
    "dict": (lambda x: {"loss": x}, "returns a dict"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_what_is_no_number_is_refused_with_the_fault(name):
    function, words = FAULTS[name]
    for make in (ScalarField, GradientExplorer):
        with pytest.raises(NotANumberError, match=words):
            make(function)


def test_a_fault_that_shows_late_is_told_where_it_shows():
    f = ScalarField(lambda x: x if abs(x - 0.123) > 1e-9 else None)
    assert f.value(1.0) == 1.0
    with pytest.raises(NotANumberError, match="returns None"):
        f.value(0.123)


# ── vectors ──────────────────────────────────────────────────────────────────────────────────────

FORM = np.array([[1.0, 0.5], [0.5, 10.0]])


def unpacked(p):
    x, y = p
    return x**2 + x * y + 10 * y**2


VECTORS = {
    "indices": lambda p: p[0] ** 2 + p[0] * p[1] + 10 * p[1] ** 2,
    "quadratic form": lambda p: p @ FORM @ p,
    "transposed": lambda p: p.T @ FORM @ p,
    "dot": lambda p: anp.dot(p, anp.dot(FORM, p)),
    "sum": lambda p: sum(p * (FORM @ p)),
    "numpy's sum": lambda p: anp.sum(p * anp.matmul(FORM, p)),
    "einsum": lambda p: anp.einsum("i,ij,j->", p, FORM, p),
    "unpacked": unpacked,
    "outer": lambda p: anp.sum(anp.outer(p, p) * FORM),
    "with an option": lambda p, form=FORM: p @ form @ p,
    "a row": lambda p: anp.reshape(p, (1, 2)) @ FORM @ anp.reshape(p, (2, 1)),
    "norm": lambda p: anp.linalg.norm(p) ** 2 + p[0] * p[1] + 9 * p[1] ** 2,
    "stacked": lambda p: anp.stack([p, p])[0] @ anp.concatenate([(FORM @ p)[:1], FORM[1:] @ p]),
}


@pytest.mark.parametrize("name", VECTORS)
def test_a_vector_s_components_are_named(name):
    f = ScalarField(VECTORS[name], variables=("x", "y"))
    assert f.variables == ("x", "y")
    assert f.traced == (True, "")
    assert f.at_once
    assert_same_field(f, ScalarField("x**2 + x*y + 10*y**2"))


@pytest.mark.parametrize("explorer", [GradientExplorer, PartialsExplorer, DescentExplorer])
def test_a_function_of_a_vector_opens(explorer):
    shown = explorer(ScalarField(unpacked, variables=("a", "b")), point=(1.0, 0.5))
    assert shown.field.gradient(shown.point).tolist() == [2.5, 11.0]


@pytest.mark.parametrize("name", ["indices", "quadratic form", "sum", "unpacked", "with an option"])
def test_a_nameless_vector_is_refused_with_the_lines_that_work(name):
    f = VECTORS[name]
    with pytest.raises(ValueError, match="one vector, p: name its components") as caught:
        ScalarField(f)
    _, first, second = str(caught.value).splitlines()
    names = {"gw": __import__("gradwidgets"), "f": f, f.__name__: f}
    exec(first, names)
    assert eval(second, names).field.variables == ("x", "y")


def test_a_vector_of_three_is_named_so():
    with pytest.raises(ValueError, match=r"variables=\('x', 'y', 'z'\)"):
        ScalarField(lambda p: p[0] * p[1] * p[2])


def test_a_function_of_one_number_stays_one():
    assert ScalarField(lambda x: anp.sum(x**2)).variables == ("x",)
    assert ScalarField(lambda x, k=2.0: k * x).gradient(1.0).tolist() == [2.0]
    assert ScalarField(lambda v, u=1: v - u, variables=("v", "u")).gradient((1, 2)).tolist() == [
        1,
        -1,
    ]


def test_a_vector_of_one_is_understood():
    assert ScalarField(lambda p: p[0] ** 2, variables=("x",)).gradient(3.0).tolist() == [6.0]


# ── data ─────────────────────────────────────────────────────────────────────────────────────────


def test_a_grid_over_data_is_the_formula_s():
    f = ScalarField(mean_of_squares)
    assert f.traced == (True, "")
    assert f.at_once
    assert_same_field(f, ScalarField(SQUARES, variables=("w", "b")))


def test_a_grid_over_data_calls_the_function_hardly_ever():
    seen = []
    f = ScalarField(mean_of_squares)
    plain = f.function._at
    f.function._at = lambda *point: (seen.append(point), plain(*point))[1]
    f.on_grid(order=2)
    assert len(seen) < 20  # of 14,641 places


def test_rows_of_data_are_taken_in_turns():
    xs = rng.normal(size=3000)
    ys = 2 * xs + 1
    f = ScalarField(lambda w, b: anp.mean((w * xs + b - ys) ** 2))
    assert f.traced == (True, "")
    assert f.resolution == 41
    grid = f.on_grid([-1.0, 0.5, 2.0], np.linspace(-1, 1, 11), order=1)
    for i, j in np.ndindex(3, 11):
        point = grid.axes[0][i], grid.axes[1][j]
        assert grid.values[i, j] == pytest.approx(f.value(point), rel=1e-12)
        np.testing.assert_allclose(grid.gradient[:, i, j], f.gradient(point), rtol=1e-9)


LOSSES = {  # parts of losses over data, all of which lift
    "residual": lambda w, b, X, y: w * X[:, 0] + b - y,
    "matrix": lambda w, b, X, y: X @ anp.array([w, b]) - y,
    "column": lambda w, b, X, y: (X @ anp.array([[w], [b]]) - y[:, None])[:, 0],
    "tanh": lambda w, b, X, y: anp.tanh(X * w + b)[:, 1] - y,
    "cases": lambda w, b, X, y: anp.where(y > w, y * b, w * X[:, 0]),
    "larger": lambda w, b, X, y: anp.maximum(w * X[:, 0], b - y),
    "some": lambda w, b, X, y: (w * y + b)[1:],
    "chosen": lambda w, b, X, y: (w * y + b)[np.array([0, 2])],
    "outer": lambda w, b, X, y: anp.outer(w * y, X[:, 0] + b).T[0],
    "cumulated": lambda w, b, X, y: anp.cumsum(w * y + b),
    "means": lambda w, b, X, y: anp.mean(X * w + b, axis=0) - anp.sum(X * b, 1, keepdims=True)[0],
    "softmax": lambda w, b, X, y: anp.exp(w * y) / anp.sum(anp.exp(w * y)) + b,
    "transposed": lambda w, b, X, y: anp.array([w * y, b * y]).T @ anp.array([1.0, w]),
    "einsum": lambda w, b, X, y: anp.einsum("ij,j->i", X, anp.array([w, b])) * w,
    "diagonal": lambda w, b, X, y: anp.diag(anp.array([[w, b], [b, w * b]]))[0] - y,
    "turned": lambda w, b, X, y: anp.roll(w * y, 1) + b * y,
    "slopes": lambda w, b, X, y: (
        grad(lambda v: anp.sum((X @ v[:2] - y) ** 2))(anp.array([w, b, 1.0]))
        + anp.array([w, b, w * b])
    ),
    "determinant": lambda w, b, X, y: y * anp.linalg.det(anp.array([[w, 1.0], [b, 2.0]])),
}
TOTALS = {
    "mean": anp.mean,
    "sum": anp.sum,
    "dot": lambda r: r @ r,
    "norm": lambda r: anp.linalg.norm(r),
    "largest": anp.max,
    "variance": anp.var,
    "mean of squares": lambda r: anp.mean(r**2),
    "absolute": lambda r: anp.sum(anp.abs(r)),
}


@settings(max_examples=30, deadline=None)
@given(
    loss=st.sampled_from(list(LOSSES)),
    total=st.sampled_from(list(TOTALS)),
    rows=st.integers(3, 9),
    seed=st.integers(0, 99),
)
def test_a_random_loss_over_data_is_lifted_right(loss, total, rows, seed):
    X = np.random.default_rng(seed).normal(size=(rows, 2))
    y = X @ np.array([1.5, -0.5]) + 0.25

    def f(w, b):
        return TOTALS[total](LOSSES[loss](w, b, X, y))

    field = ScalarField(f, domain={"w": (-1, 2), "b": (0.5, 2)})
    plain = Replayed(lambda *p: f(*p), ("w", "b"), why="plain")
    assert field.value((0.3, 0.7)) == pytest.approx(float(plain._function(0.3, 0.7)), rel=1e-11)
    lift(trace(lambda w, b: (f(w, b),), 0.5, 0.5))
    # As many points as there are rows, too: there a wrong axis would not show in the shape.
    for count in (rows, 2, 1):
        grid = field.on_grid(np.linspace(-1, 1.9, count), np.linspace(0.6, 1.9, rows), order=1)
        for index in [(0, 0), (count - 1, rows - 1), (count // 2, 1)]:
            point = [axis[i] for axis, i in zip(grid.axes, index, strict=True)]
            assert grid.values[index] == pytest.approx(field.value(point), rel=1e-9, abs=1e-12)
            np.testing.assert_allclose(
                grid.gradient[(..., *index)], field.gradient(point), rtol=1e-7, atol=1e-9
            )


def test_what_does_not_lift_is_replayed_point_by_point():
    def f(w, b):
        return anp.sum(anp.linalg.solve(anp.array([[1.0, w], [0.0, 1.0]]), anp.array([b, b])))

    with pytest.raises(LiftError, match="not known to lift"):
        lift(trace(lambda w, b: (f(w, b),), 1.0, 2.0))
    field = ScalarField(f)
    assert field.traced == (True, "")
    assert not field.at_once
    assert field.resolution == 41
    assert_same_field(field, ScalarField("2*b - w*b", variables=("w", "b")))


def test_a_grid_follows_data_that_change():
    xs = np.arange(2000.0) / 2000
    field = ScalarField(lambda w, b: anp.mean((w * xs - b) ** 2))
    axes = [0.5, 1.0, 2.0], [0.0, 1.0]
    for change in (lambda: None, lambda: xs.__setitem__(7, 50.0), xs.sort, lambda: xs.fill(0.0)):
        change()
        for _ in range(2):
            found = field.on_grid(*axes).values
            expected = [[np.mean((w * xs - b) ** 2) for b in axes[1]] for w in axes[0]]
            np.testing.assert_allclose(found, expected, rtol=1e-12)


def test_a_loss_that_begins_to_branch_is_right_still():
    steps = {"plain": lambda r: anp.mean(r**2)}
    field = ScalarField(lambda w, b: steps["plain"](w * XS + b - YS))
    assert field.at_once
    steps["plain"] = lambda r: anp.mean(r**2) if r[0] > 0 else anp.mean(anp.abs(r))
    grid = field.on_grid([0.5, 3.0], [-1.0, 2.0], order=1)
    assert not field.traced
    for index in np.ndindex(2, 2):
        point = [axis[i] for axis, i in zip(grid.axes, index, strict=True)]
        assert grid.values[index] == float(steps["plain"](point[0] * XS + point[1] - YS))
    steps["plain"] = lambda r: anp.sum(r**2)
    np.testing.assert_allclose(field.on_grid([0.5], [1.0]).values, np.sum((0.5 * XS + 1 - YS) ** 2))
    assert field.traced


def test_a_function_that_counts_its_calls_is_not_traced():
    calls = []

    def f(x):
        calls.append(1)
        return x * len(calls[:1])

    assert ScalarField(f).traced == (False, "it changes what it reads")


def test_a_transposing_function_is_no_elementwise_one():
    f = Called(lambda x, y: anp.sum(anp.stack([x, y]).T ** 2, axis=-1), {"x": (0, 1), "y": (0, 1)})
    x, y = np.meshgrid([0.1, 0.2, 0.3], [0.4, 0.5, 0.6], indexing="ij")
    np.testing.assert_allclose(f(x, y), x**2 + y**2, rtol=1e-14)


# ── plain numpy by mistake ───────────────────────────────────────────────────────────────────────

MISTAKES = {
    "where": lambda x: np.where(x > 0, x**2, -x),
    "where in a sum": lambda x: np.sum(np.where(x > 0, x**2, -x)),
    "where in exp": lambda x: anp.exp(np.where(x > 0, x**2, -x)),
    "math": lambda x: math.sin(x),
    "select": lambda x: np.select([x > 0], [x**2], -x),
    "piecewise": lambda x: np.piecewise(x, [x > 0], [lambda t: t**2, lambda t: -t]),
    "interp": lambda x: np.interp(x, [-1, 0, 1], [1, 0, 2]),
    "poly1d": lambda x: np.poly1d([1.0, 2.0, 3.0])(x),
    "mean": lambda x: np.mean([x, 2 * x]),
    "clip": lambda x: np.clip(x, -2, 2) ** 2,
    "exp of an array": lambda x: np.sum(np.exp(np.array([x, 2 * x]))),
    "assignment": lambda x: (lambda a: (a.__setitem__(0, x), a[0])[1])(np.zeros(2)),
    "maximum": lambda x: np.maximum(x, 0.5 * x) ** 2,
}


@pytest.mark.parametrize("name", MISTAKES)
def test_plain_numpy_is_right_or_says_what_to_import(name):
    f = ScalarField(MISTAKES[name])
    for x in (-1.3, 0.7):
        slope = (f.value(x + 1e-6) - f.value(x - 1e-6)) / 2e-6
        for ask in (f.gradient, lambda x: f.on_grid([x, x], order=1).gradient[:, 0]):
            told = ""
            try:
                assert ask(x)[0] == pytest.approx(slope, rel=1e-6)
            except ValueError as error:
                told = str(error)
            assert "ArrayBox" not in told + f.traced.why
            assert not told or "import autograd.numpy as np" in told
            assert not (told and f.traced)


HIDING = {  # what takes a number away from autograd, and what to write instead
    "round()": (lambda x: round(x) ** 2 + x, "np.round(x)"),
    "int()": (lambda x: int(x) * x, "np.floor(x)"),
    "float()": (lambda x: float(x) ** 2, "leave it out"),
    "complex()": (lambda x: complex(x).real * x, "leave it out"),
    "divmod()": (lambda x: divmod(x, 1)[1] * x, "np.floor(x/a) and x % a"),
    ".item()": (lambda x: x.item() ** 2, "leave it out"),
    ".tolist()": (lambda x: x.tolist() * 2, "leave it out"),
    "Fraction": (lambda x: float(Fraction(x)) * x, "floats"),
    ".conjugate": (lambda x: x.conjugate() * x, "np.conjugate(…)"),
    "numpy.vectorize": (lambda x: np.vectorize(lambda t: t**2)(x), "np.where(…)"),
    "numpy.vectorize ": (lambda x: SQUARED(x) + x, "call the function without it"),
}
SQUARED = np.vectorize(lambda t: math.pow(t, 2))


@pytest.mark.parametrize("what", HIDING)
def test_what_hides_a_number_from_autograd_is_named(what):
    function, instead = HIDING[what]
    field = ScalarField(function)
    assert math.isfinite(field.value(0.7))
    for ask in (field.gradient, lambda x: field.on_grid([x], order=1), field.hessian):
        with pytest.raises(DerivativeError, match=re.escape(what.strip())) as caught:
            ask(0.7)
        assert instead in str(caught.value)
        assert not re.search("ArrayBox|not with numpy", str(caught.value))
        assert math.isfinite(field.value(-0.7))
    assert not field.traced
    assert "math or scipy" not in field.traced.why


@np.vectorize
def hinge(t):
    return t**2 if t > 0 else -t


@pytest.mark.parametrize("function", [hinge, np.vectorize(lambda x: anp.where(x > 0, x**2, -x))])
def test_a_vectorised_function_is_the_function_of_numbers(function):
    field = ScalarField(function)
    assert field.variables in (("t",), ("x",))
    assert field.gradient(3.0).tolist() == [6.0]
    assert field.on_grid([-1.0, 2.0], order=1).gradient.tolist() == [[-1.0, 4.0]]
    assert ScalarField(np.vectorize(lambda x, y: x * y)).gradient((2, 3)).tolist() == [3.0, 2.0]


@pytest.mark.parametrize("f", [lambda p: anp.dot(p, p), lambda p: anp.sum(p**2), anp.square])
def test_what_makes_sense_for_a_number_is_a_function_of_one_number(f):
    names = None if f is not anp.square else ("p",)
    field = ScalarField(f, variables=names)
    assert field.variables == ("p",)
    assert field.gradient(3.0).tolist() == [6.0]
    if names is None:
        assert ScalarField(f, variables=("x", "y")).gradient((3.0, 1.0)).tolist() == [6.0, 2.0]


@pytest.mark.parametrize("name", ["where", "math", "interp"])
def test_an_explorer_says_what_to_import(name):
    with pytest.raises(ValueError, match=r"import autograd\.numpy as np"):
        PartialsExplorer(MISTAKES[name])


def filled(x):
    z = anp.zeros(2)
    z[0] = x
    return anp.sum(z**2)


def filled_inside(x):
    def made():
        z = anp.array([1.0, 2.0])
        z[1] = z[1] * x
        return z

    return anp.prod(made())


def added_to(x):
    z = anp.zeros(2)
    z += x
    return anp.sum(z)


@pytest.mark.parametrize("function", [filled, filled_inside, added_to])
def test_a_value_put_into_an_array_is_the_fault_that_is_told(function):
    with pytest.raises(
        DerivativeError, match=r"as in z\[0\] = x .* np\.array\(\[x, …\]\)"
    ) as caught:
        ScalarField(function).gradient(1.0)
    assert "not with numpy" not in str(caught.value)


def test_an_assignment_beside_the_fault_is_not_it():
    def looked_up(x):
        return np.array([x, 1.0], float)[0]  # numpy itself, without an assignment

    with pytest.raises(DerivativeError, match="not with numpy"):
        ScalarField(looked_up).gradient(1.0)
