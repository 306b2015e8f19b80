"""Verdicts: for every reason runs that end so, and the numbers in its sentence from the run."""

import itertools
import math
import re

import autograd.numpy as anp
import numpy as np
import pytest

from gradwidgets.calculus.catalog import catalog
from gradwidgets.calculus.descent import descend
from gradwidgets.calculus.ends import ENDS
from gradwidgets.calculus.features import Features
from gradwidgets.calculus.field import ScalarField
from gradwidgets.calculus.looking import ground_of
from gradwidgets.calculus.program import trace
from gradwidgets.calculus.rules import methods
from gradwidgets.calculus.trends import TRENDS
from gradwidgets.calculus.usual import usual_rate
from gradwidgets.calculus.verdict import (
    MOST_NUMBERS,
    PLACES,
    REASONS,
    TABLE,
    WORDS,
    Verdict,
    judge,
    judged,
    sentence,
)
from gradwidgets.calculus.walk import Manner, Walk
from gradwidgets.calculus.wording import fill, three_digits

WORDS_THERE_ARE = {
    *("converged", "converging", "alternating", "oscillating", "falling", "noisy", "climbing"),
    *("no progress", "not moving", "stuck", "diverged", "left the domain", "outside the domain"),
    *("left the window", "at a saddle", "flat"),
}
BOWL = "x**2 + 10*y**2"
ROSENBROCK = catalog["rosenbrock"].text
HIMMELBLAU = catalog["himmelblau"].text
HILL = "exp(-x**2 - y**2)"
MONKEY = "x**3 - 3*x*y**2"
CONE = "sqrt(x**2 + y**2)"
TWO_WELLS = "(x**2 - 1)**2"
HALF_ROOT = "where(x>0, sqrt(x), -x)"
CAMEL = catalog["six-hump camel"].text
RASTRIGIN = catalog["rastrigin"].field
NEWTON, EXACT = {"method": "newton"}, {"method": "exact line search"}
BACK, ADAM, HEAVY = ({"method": name} for name in ("backtracking", "adam", "momentum"))


def partly(x):
    if x < 0:
        raise ValueError("undefined")
    return x * x


# Reason, function, start, settings, and a telling part of the sentence.
CASES = [
    (
        "minimum",
        BOWL,
        (2, 1),
        {"rate": 0.05, "steps": 200},
        "at step 145: f = 1.99·10⁻¹⁸ at (0, 0)",
    ),
    ("minimum at once", BOWL, (1e-9, 0), {}, "below 1.00·10⁻⁶ from the start: f = 7.06·10⁻²⁸"),
    ("trough at once", "(x - y)**2", (1, 1 + 1e-9), {}, "at (1.00, 1.00), on the floor"),
    ("minimum exactly", BOWL, (2, 1), NEWTON, "∇f = 0 at step 1: f = 0 at (0, 0), a minimum"),
    ("minimum exactly", "1e302*(x - 1)**4", 1.0, {}, "∇f = 0 at step 0: f = 0 at 1.00"),
    ("minimum", ROSENBROCK, (-1.2, 1), NEWTON, "f = 0 at (1.00, 1.00), a minimum"),
    ("minimum", HIMMELBLAU, (-0.15, 0.67), EXACT, "f = 0 at (3.00, 2.00), a minimum"),
    ("minimum", "x*log(x)", 1.0, {"rate": 0.3}, "f = −0.368 at 0.368"),
    ("minimum", "x**4", 1.0, NEWTON, "at 0, a minimum"),  # where the Hessian is 0
    ("corner", "abs(x)", 1.0, {"rate": 0.25}, "At step 4 f = 0 at 0, a minimum at a corner"),
    ("corner", "abs(x - 1)*abs(y)", (0, 0), {}, "At step 0 f = 0 at (0, 0)"),
    ("corner", "abs(x) + abs(y)", (1, 1), {"rate": 0.25}, "autograd's answer, 0, is a convention"),
    ("minimum exactly", "1e12 + x**2", 1.0, NEWTON, "f = 1.00·10¹² at 0, a minimum"),
    ("minimum", "exp(x**2)", 2.0, EXACT, "f = 1.00 at 0, a minimum"),
    ("minimum", "x - log(x)", 2.9, EXACT | {"rate": 5}, "f = 1.00 at 1.00, a minimum"),
    ("minimum exactly", "x**2 + y**2 + z**2", (1, 1, 1), NEWTON, "f = 0 at (0, 0, 0)"),
    ("trough exactly", "(x - y)**2", (1, 1), {}, "at (1.00, 1.00), on the floor of a trough"),
    ("trough", "(x - y)**2", (1, 2), {"rate": 0.1, "steps": 200}, "at (1.50, 1.50), on the floor"),
    ("trough", "x**2 + 0*y", (1.2, 0.5), {"rate": 0.3}, "at (0, 0.500), on the floor of a trough"),
    ("saddle", "x**2 - y**2", (1.2, 0), {"rate": 0.1}, "eigenvalues reach from −2.00 to 2.00"),
    ("saddle near", "x**2 - y**2", (1.2, 0), {"rate": 0.05}, "∇f is next to 0 at (0, 0)"),
    ("saddle", "x**2 + 4*x*y + y**2", (1, 1), NEWTON, "from −2.00 to 6.00"),
    ("saddle", catalog["three-hump camel"].text, (-1.2, 1.2), NEWTON, "at (−1.07, 0.535)"),
    ("maximum", HILL, (0, 0), {}, "∇f = 0 at (0, 0): a maximum"),
    ("maximum", "sin(x)", 1.0, NEWTON, "∇f = 0 at 1.57: a maximum"),
    ("maximum", CAMEL, (1.0, 0.3), NEWTON, "at (1.23, 0.162): a maximum"),
    ("maximum", TWO_WELLS, 0.0, {}, "∇f = 0 at 0"),
    ("degenerate", "5", (1, 1), {}, "∇f = 0 at (1.00, 1.00)"),
    ("degenerate", MONKEY, (0, 0), {}, "the Hessian is 0"),
    ("degenerate", MONKEY, (0.6, 0.6), NEWTON, "∇f = 0 at (0, 0)"),
    ("degenerate", "x**3", 1.0, NEWTON | {"steps": 12}, "at 2.44·10⁻⁴"),  # positive curvature there
    ("maximum near", HILL, (1e-7, 0), {"steps": 10, "tolerance": 0}, "∇f is next to 0 at (0, 0)"),
    ("degenerate", "x**2 + y**3", (1, 1), NEWTON | {"steps": 40}, "at (0, 0)"),
    ("jump", "floor(x)", 1.0, {}, "f jumps at 1.00: it has no gradient there"),
    ("jump", "floor(x) + y**2", (-1, 0), {}, "f jumps at (−1.00, 0)"),
    ("degenerate", "floor(x)", 0.5, {}, "nothing tells a way"),
    ("floor", "max(0, 1 - x)**2", 0.0, {"rate": 0.1, "steps": 300}, "at 1.00: a flat floor"),
    ("floor", "max(0, 1 - x)", 0.0, {"rate": 0.1}, "By step 11 f fell from 1.00 to 0, at 1.10"),
    ("floor", "relu(x)", 2.0, {"rate": 0.3}, "no way leads down"),
    ("degenerate", "max(0, 1 - x)", 2.0, {}, "nothing tells a way"),
    ("leapt", "1/(x**2 - 1)", 0.5, {"rate": 0.3}, "leapt over a pole, where f falls to −∞"),
    ("leapt", "tan(x)", 1.0, {"rate": 0.04}, "The steps are too long"),
    ("leapt", "log(x*y)", (1, 1), {"rate": 0.06}, "leapt over a pole, where f falls to −∞"),
    ("leapt", "1/x + y**2", (-1, 1), {"rate": 0.3}, "leapt over a pole"),
    ("minimum", "1/x + x**2", -1.0, {"rate": 0.16, "steps": 300}, "at 0.794, a minimum"),
    ("climbing", "sqrt(x)", 1.0, NEWTON | {"rate": 0.1}, "f rose from 1.00 to"),
    ("singular", "x**2 + 0*y", (1.2, 0.5), NEWTON, "singular at (1.20, 0.500)"),
    ("singular", "abs(x)", 1.0, NEWTON, "singular at 1.00"),
    ("singular", "x + 2*y", (1, 1), NEWTON, "Newton's step is not defined"),
    ("plain", HILL, (2.9, 2.9), {}, "‖∇f‖ is only 4.07·10⁻⁷ at (2.90, 2.90)"),
    ("leapt", "-1/x**2", 1.0, {}, "leapt over a pole"),
    ("plain", "exp(x)", 1.0, HEAVY | {"rate": 1}, "a flat region"),
    ("plain", "exp(-x)", 1.0, NEWTON | {"steps": 15}, "at 16.0"),  # the Hessian is positive there
    ("plain", "log(x)", 1.0, NEWTON, "at 1.27·10³⁰"),
    ("plain", "1/x", 1.0, EXACT, "no minimum is near"),
    ("falling", "x**20", 1.0, {"rate": 0.003}, "f fell from 1.00 to 0.00528"),
    ("falling", "x**12 + y**12", (1, 0.9), {"rate": 0.007}, "by step 100"),
    ("plain", "-exp(-x**2 - y**2)", (2.9, 2.9), {}, "no minimum is near"),
    ("unstable", BOWL, (2, 1), {"rate": 0.11}, "from 14.0 to 16.8 at step 1: α·λmax = 2.20"),
    ("unstable", BOWL, (2, 1), HEAVY | {"rate": 0.4}, "α·λmax = 8.00 is over 3.80"),
    ("unstable", BOWL, (2, 1), {"method": "nesterov", "rate": 0.1}, "2.00 is over 1.36"),
    ("unstable", BOWL, (2, 1), {"rate": 0.4, "steps": 1}, "from 14.0 to 490 at step 1"),
    ("unstable", ROSENBROCK, (-1.2, 1), {"rate": 0.01}, "α·λmax = 15.1 is over 2.00"),
    ("unstable", "exp(x**2)", 3.0, {"rate": 0.001}, "from 8103 to ∞"),
    ("unstable", catalog["six-hump camel"].field, (1, 0.3), {"rate": 0.3}, "at step 7"),
    ("uphill", "x**2", 1.0, {"rate": -0.1}, "with the learning rate −0.100 steps lead uphill"),
    ("rose", HIMMELBLAU, (-0.15, 0.67), {"rate": 0.3}, "from 151 to 21020 at step 1"),
    ("rose", TWO_WELLS, 0.1, HEAVY | {"rate": 0.3}, "goes on rising: the steps are too long"),
    ("climbing", "log(x)", 1.0, NEWTON | {"rate": 0.1, "steps": 10}, "as −0.149, Newton's step"),
    ("climbing", "cos(x)", 0.1, NEWTON | {"rate": 0.1, "steps": 20}, "negative eigenvalue"),
    ("thrown", "sqrt(1 + x**2)", 3.0, NEWTON, "ever further away, to −7.63·10¹²"),
    ("thrown", "sqrt(1 + x**2) + y**2", (3, 1), NEWTON, "f rose from 4.16 to"),
    ("overflow", "x**2", 1.0, {"rate": 1e308}, "At step 1 the numbers overflowed"),
    ("overflow", "x**4", -1.0, ADAM | {"rate": 1.7e308}, "f had gone from 1.00 to 1.00"),
    ("bottomless", "x**3", 1.0, {"rate": 0.5}, "f falls without bound: from 1.00 to"),
    ("bottomless", "x", 1.0, HEAVY | {"rate": 10}, "to −9099 by step 100, far"),
    ("bottomless", "-exp(x)", 1.0, EXACT, "from −2.72 to −∞ by step 1"),
    ("bottomless", "x**2 - y**2", (1.2, 1e-9), HEAVY | {"rate": 0.1}, "far from the picture"),
    ("bottomless", MONKEY, (0.6, 0.6), EXACT, "from −0.432"),
    ("bottomless", MONKEY, (0.6, 0.6), {}, "by step 18"),
    ("pole", "log(x)", 1.0, EXACT, "Step 1 led to 0, where f falls to −∞"),
    ("pole", "-1/x**2", 1.0, BACK, "led to 0"),
    ("cliff", "log(x)", 1.0, BACK | {"rate": 0.3}, "‖∇f‖ grows without bound near 0"),
    ("cliff", "1/x", -1.0, BACK, "it went from 1.00 to"),
    ("cliff", "log(abs(x))", 1.0, EXACT | {"rate": 0.1}, "‖∇f‖ grows without bound near 0"),
    ("cliff", "log((x - 1)**2 + y**2)", (2, 0.5), EXACT, "without bound near (1.00, 0)"),
    ("cliff", "1/x", -1.0, EXACT | {"rate": 0.1}, "near 0"),
    ("cusp", "sqrt(abs(x))", 1.0, EXACT | {"rate": 0.1, "steps": 3}, "at 0, a minimum at a tip"),
    ("cusp", "abs(x - 1)**0.3", 2.7, EXACT, "at 1.00, a minimum at a tip"),
    ("cusp", "(x**2 + y**2)**0.25", (1, 0.5), EXACT, "at (0, 0), a minimum at a tip"),
    ("undefined", "log(x)", 1.0, {"rate": 0.3}, "Step 3 led to −0.834, where f is undefined"),
    ("undefined", "x*log(x)", 1.0, ADAM | {"rate": 2}, "Step 1 led to −1.00"),
    ("undefined", partly, 1.0, {"rate": 0.6}, "Step 1 led to −0.200"),
    ("undefined", "log(x) + y**2", (1, 1), {"rate": 2}, "led to (−1.00, −3.00)"),
    (
        "tip",
        CONE,
        (1, 0),
        {"rate": 0.25},
        "At step 4 f = 0 at (0, 0): a minimum at a tip or a corner",
    ),
    ("tip", CONE, (0, 0), NEWTON, "At step 0 f = 0 at (0, 0)"),
    ("steep", "sqrt(x)", 1.0, {"rate": 2}, "At step 1 f = 0 at 0, where the slope has no bound"),
    ("steep", "x**(1/3)", 0.0, {}, "the slope has no bound"),
    ("hole", HALF_ROOT, -2.0, {}, "f = 2.00 at −2.00. autograd has no answer there"),
    ("hole", HALF_ROOT, 1.0, {"rate": 1.0}, "the slopes from left and right agree: −1.00."),
    ("hole", "where(x==0, 1, sin(x)/x)", 0.0, {}, "the slopes from left and right agree: 0."),
    ("hole", "where(x>0, sqrt(x), -x) + y", (-2, 1), {}, "agree: (−1.00, 1.00)."),
    ("edge", "-where(x>0, sqrt(x), -x)", 0.0, {}, "autograd has no gradient"),
    ("edge", "-sqrt(x**2 + y**2)", (0, 0), {}, "autograd has no gradient"),
    ("zero", BOWL, (0, 1), ADAM | {"epsilon": 0.0}, "with ε = 0 the step is 0/0"),
    ("zero", BOWL, (1, 0), {"method": "adagrad", "epsilon": 0.0}, "At step 0 a slope is 0"),
    ("nowhere", "log(x)", -1.0, {}, "f is undefined at the start −1.00"),
    ("nowhere", "1/(x*y)", (0, 1), NEWTON, "at the start (0, 1.00)"),
    ("nowhere", partly, -1.0, BACK, "at the start −1.00"),
    ("outside", "x", 1.0, {"rate": 0.1}, "At step 100 the run is at −9.00, outside of the window"),
    ("outside", "(x - 10)**2", 0.0, {"steps": 10}, "f still falls"),
    (
        "outside",
        catalog["hill"].field,
        (0.8, 0.4),
        {"rate": 0.3, "steps": 1000},
        "outside of the window",
    ),
    ("leapt", "1/x", -1.0, {}, "leapt over a pole, where f falls to −∞"),
    ("astray", RASTRIGIN, (1.7, 2.2), {"rate": 0.3}, "outside of the window; f went from 27.7"),
    ("alternating", BOWL, (2, 1), {"rate": 0.095, "steps": 50}, "= 1.90 is over 1"),
    ("alternating", BOWL, (2, 1), {"rate": 0.084, "steps": 40}, "α·λ = 1.68 is over 1"),
    ("alternating", BOWL, (2, 1), {"rate": 0.0505}, "(factor −0.0100)"),
    ("swinging", "x**2", 1.5, {"rate": 1.0}, "does not shrink (factor −1.00)"),
    ("turning", BOWL, (2, 1), {"method": "rmsprop"}, "12 of the last 12 steps turned back"),
    ("turning", "abs(x)", 1.0, {"rate": 0.3}, "12 of the last 12 steps"),
    ("turning", TWO_WELLS, 0.1, {"rate": 0.3}, "12 of the last 12"),
    ("turning", CONE, (1, 0), {"rate": 0.05}, "turned back on the step before"),
    ("zigzag", ROSENBROCK, (-1.2, 1), BACK, "11 of the last 12 steps"),
    ("turning", "sin(x)", 1.0, {"rate": 3.0}, "12 of the last 12"),
    (
        "restless",
        catalog["ackley"].field,
        (2.3, 1.4),
        HEAVY | {"rate": 0.03},
        "it rose in 6 of the last 12 steps",
    ),
    ("leaping", RASTRIGIN, (1.7, 2.2), {"rate": 0.03}, "f leaps up again and again: 32 times"),
    ("leaping", "ln(abs(x))", 1.0, {}, "10 times in 100 steps. It went from 0 to 0.585"),
    ("noisy", BOWL, (2, 1), {"noise": 1.0}, "The noise keeps the run from settling: ‖∇f‖ is"),
    ("noisy", BOWL, (2, 1), {"noise": 0.1, "schedule": "cosine"}, "at step 100"),
    ("falling", BOWL, (2, 1), {"rate": 0.01}, "f fell from 14.0 to 0.0704 by step 100"),
    ("falling", BOWL, (2, 1), {"rate": 0.01, "steps": 1}, "by step 1, and ‖∇f‖ is still"),
    ("falling", BOWL, (2, 1), HEAVY | {"noise": 1e-12}, "‖∇f‖ is still 0.105"),  # not by the noise
    ("falling", ROSENBROCK, (-1.2, 1), ADAM, "f fell from 24.2"),
    ("descending", "x**3", 1.0, {"rate": 0.1}, "f fell from 1.00 to 3.02·10⁻⁵"),
    ("descending", "x", 1.0, {"rate": 0.01}, "no minimum is found ahead"),
    ("descending", "max(x, y)", (1, 2), {"rate": 0.01}, "‖∇f‖ = 1.00 there"),
    ("falling", CONE, (1, 1), {"rate": 0.001}, "‖∇f‖ is still 1.00"),
    ("stalled", "x**2", 1.0, {"schedule": lambda time: float(time < 10)}, "Since step 10"),
    ("wandering", BOWL, (2, 1), HEAVY | {"rate": 0.12, "steps": 3}, "from 14.0 to 18.5 by step 3"),
    ("leapt", "1/x", -1.0, ADAM, "f went from −17.1 to"),
    ("still", BOWL, (2, 1), {"steps": 0}, "stayed at the start: f = 14.0 and ‖∇f‖ = 20.4"),
    ("still", "x**2", 1.0, {"rate": 0.0}, "f = 1.00 and ‖∇f‖ = 2.00"),
]


_runs = {}


def run_of(source, start, settings):
    """The run of a case, made once for all that is asked of it."""
    key = id(source), start, id(settings)  # the cases keep both
    if key not in _runs:
        field = source if isinstance(source, ScalarField) else ScalarField(source)
        _runs[key] = descend(field, start, **settings)
    return _runs[key]


def name_of(case):
    reason, source, start, settings, _ = case
    text = source.text if isinstance(source, ScalarField) else getattr(source, "__name__", source)
    chosen = {name: getattr(value, "__name__", value) for name, value in settings.items()}
    return f"{reason}: {text} {start} {chosen}"


@pytest.mark.parametrize("case", CASES, ids=name_of)
def test_a_run_ends_with_its_reason_and_sentence(case):
    reason, source, start, settings, part = case
    run = run_of(source, start, settings)
    assert (run.judgement.reason, run.verdict) == (reason, WORDS[reason])
    assert part in run.why


def test_every_reason_has_a_case():
    assert {case[0] for case in CASES} == set(REASONS) == set(WORDS)


# ── the numbers ──────────────────────────────────────────────────────────────────────────────────


def slope(run, place=-1):
    return np.linalg.norm(run.gradients[place])


def hessian_values(run, place):
    return np.linalg.eigvalsh(run.field.hessian(run.points[place]))


def settled(run):
    """From where on the slope stays under the tolerance, by a plain search."""
    steep = [t for t in range(len(run.points)) if not slope(run, t) <= run.tolerance]
    return 1 + max(steep, default=-1)


def bound(run):
    if run.method == "gradient descent":
        return 2.0
    return methods[run.method].factor.bound(run.parameters["momentum"])


def rise(run, step):
    return [run.values[step], run.values[step + 1], step + 1]


def lowest(run):
    finite = [f if math.isfinite(f) else math.inf for f in run.values[:-1]]
    return finite.index(min(finite))


def turned(run):
    steps = [b - a for a, b in zip(run.points[:-1], run.points[1:], strict=True)][-13:]
    pairs = list(itertools.pairwise(steps))
    turns = [a @ b < -0.1 * np.linalg.norm(a) * np.linalg.norm(b) for a, b in pairs]
    return [sum(turns), len(turns)]


def rises(run):
    recent = run.values[-13:]
    return [sum(b > a for a, b in itertools.pairwise(recent)), len(recent) - 1]


def one_sided(run):
    """The slopes along all axes, by a difference quotient of f to the left."""
    axes, place, f = np.eye(len(run.points[-1])), run.points[-1], run.values[-1]
    return [1e6 * (f - run.field.value(place - 1e-6 * axis)) for axis in axes]


def ends(run):
    return [run.values[0], run.values[-1]]


def final(run):
    """The last value that is no NaN, and its step."""
    step = max(t for t, f in enumerate(run.values) if not math.isnan(f))
    return [run.values[step], step]


LAST = {  # what a sentence must tell, by plain computation on the run
    **dict.fromkeys(
        ("corner", "minimum exactly", "trough exactly"),
        lambda run: [np.argmin(np.any(run.gradients, axis=1)), run.values[-1], *run.points[-1]],
    ),
    **dict.fromkeys(
        ("minimum at once", "trough at once"),
        lambda run: [run.tolerance, run.values[-1], *run.points[-1]],
    ),
    "hole": lambda run: [len(run), run.values[-1], *run.points[-1], *one_sided(run)],
    "minimum": lambda run: [run.tolerance, settled(run), run.values[-1], *run.points[-1]],
    "trough": lambda run: [run.tolerance, settled(run), run.values[-1], *run.points[-1]],
    **dict.fromkeys(
        ("saddle", "saddle near"),
        lambda run: [*run.points[-1], *hessian_values(run, -1)[[0, -1]]],
    ),
    **dict.fromkeys(("maximum", "maximum near"), lambda run: run.points[-1]),
    "degenerate": lambda run: run.points[-1],
    "singular": lambda run: run.points[-1],
    "plain": lambda run: [slope(run), *run.points[-1]],
    "unstable": lambda run: [
        *rise(run, lowest(run)),
        run.step_sizes[lowest(run)] * hessian_values(run, lowest(run))[-1],
        bound(run),
    ],
    "thrown": lambda run: [*ends(run), len(run), *run.points[-1]],
    "jump": lambda run: run.points[-1],
    "floor": lambda run: [run.arrived, *ends(run), *run.points[-1]],
    "leapt": lambda run: [
        k := int(np.argmax(np.diff(run.values))) + 1,
        run.values[k - 1],
        run.values[k],
    ],
    "uphill": lambda run: [*rise(run, 0), run.step_sizes[0]],
    "rose": lambda run: rise(run, lowest(run)),
    "climbing": lambda run: [*ends(run), len(run), hessian_values(run, -1)[0]],
    "overflow": lambda run: [len(run) + 1, *ends(run)],
    "bottomless": lambda run: [run.values[0], *final(run)],
    "pole": lambda run: [len(run), *run.points[-1]],
    "cliff": lambda run: [*run.points[-1], len(run), slope(run, 0), slope(run), *ends(run)],
    "undefined": lambda run: [len(run), *run.points[-1]],
    **dict.fromkeys(
        ("tip", "steep", "edge", "cusp"), lambda run: [len(run), run.values[-1], *run.points[-1]]
    ),
    "zero": lambda run: [len(run)],
    "nowhere": lambda run: run.points[0],
    "outside": lambda run: [len(run), *run.points[-1]],
    "astray": lambda run: [len(run), *run.points[-1], *ends(run)],
    **dict.fromkeys(
        ("alternating", "swinging"),
        lambda run: [p := run.step_sizes[-1] * hessian_values(run, -1)[-1], 1 - p],
    ),
    "zigzag": lambda run: [*turned(run), *ends(run)],
    "turning": turned,
    "leaping": lambda run: [
        int(np.sum(np.diff(run.values) > 0.1 * np.ptp(run.values))),
        len(run),
        *ends(run),
    ],
    "stalled": lambda run: [
        next(t for t in range(len(run)) if (run.points[t:] == run.points[-1]).all()),
        *run.points[-1],
        slope(run),
    ],
    "restless": lambda run: [*rises(run), run.values[-1]],
    "noisy": lambda run: [slope(run), len(run)],
    **dict.fromkeys(("falling", "descending"), lambda run: [*ends(run), len(run), slope(run)]),
    "wandering": lambda run: [*ends(run), len(run), slope(run, 0), slope(run)],
    "still": lambda run: [run.values[0], slope(run, 0)],
}


@pytest.mark.parametrize("case", CASES, ids=name_of)
def test_the_numbers_are_those_of_the_run(case):
    reason, source, start, settings, _ = case
    run = run_of(source, start, settings)
    expected = np.array(LAST[reason](run), float)
    width = max(high - low for low, high in run.field.domain.values())
    unseen = {"minimum", "trough", "saddle", "maximum", "degenerate", "plain", "cliff", "edge"}
    unseen |= {"cusp", "floor"}
    unseen |= {"corner", "minimum exactly", "trough exactly", "tip", "steep", "stalled", "hole"}
    unseen |= {"saddle near", "maximum near", "minimum at once", "trough at once"}
    tolerance = (
        1e-4 * width if reason in unseen else 0.0
    )  # so little beside the domain is told as 0
    assert run.judgement.numbers == pytest.approx(expected, rel=1e-9, abs=tolerance)
    assert run.why == fill(sentence(reason, len(run.field.variables)), run.judgement.numbers)
    assert "undefined" not in run.why or reason in ("undefined", "nowhere")


@pytest.mark.parametrize("case", CASES, ids=name_of)
def test_what_a_sentence_claims_is_so(case):
    reason, source, start, settings, _ = case
    run = run_of(source, start, settings)
    numbers = run.judgement.numbers
    if reason in ("unstable", "uphill", "rose", "climbing"):
        assert numbers[1] > numbers[0]
    if reason in ("bottomless", "falling", "descending"):
        assert numbers[1] < numbers[0]
    if reason == "unstable":
        assert numbers[3] > numbers[4]
    if reason == "alternating":
        assert -1 <= numbers[1] < 0
    if reason in ("outside", "astray"):
        bounds = run.field.domain.values()
        place = run.points[-1]
        assert any(not low <= c <= high for c, (low, high) in zip(place, bounds, strict=True))
    if reason in ("undefined", "nowhere", "pole"):
        assert not math.isfinite(run.values[-1])
    if reason in ("minimum", "trough", "saddle"):
        assert slope(run) < 1e-3


# ── words over a range of settings ───────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "largest", "start"),
    [
        (BOWL, 20.0, (2, 1)),
        ("x**2 + x*y + 2*y**2", 3 + math.sqrt(2), (2, 1)),
        ("x**2", 2.0, 1.5),
        ("x**2 + 2*y**2 + 3*z**2", 6.0, (1, 1, 1)),
    ],
)
def test_on_a_quadratic_the_word_follows_from_the_rate(text, largest, start):
    for product in np.arange(0.05, 3.0, 0.05):
        word = descend(text, start, product / largest, 100).verdict
        if product > 2.001:
            assert word == "diverged"
        elif product <= 0.999:
            assert word in ("converging", "converged")
        elif 1.001 < product < 1.999:
            assert word in ("alternating", "converged")
            assert product < 1.92 or word == "alternating"


@pytest.mark.parametrize("method", ["momentum", "nesterov"])
@pytest.mark.parametrize("momentum", [0.3, 0.6, 0.9])
def test_with_momentum_it_diverges_beyond_its_own_bound(method, momentum):
    for share in (0.3, 0.6, 0.9, 0.97, 1.03, 1.1, 1.5):
        rate = share * methods[method].factor.bound(momentum) / 20
        run = descend(BOWL, (2, 1), rate, 400, method, momentum=momentum)
        assert (run.verdict == "diverged") == (share > 1)
        if share > 1:
            assert run.judgement.reason == "unstable"


@pytest.mark.parametrize("scale", [2.0**-6, 2.0**6])
@pytest.mark.parametrize("rate", [0.01, 0.05, 0.095, 0.11])
def test_a_bowl_of_another_size_has_the_same_verdict(scale, rate):
    usual = descend(BOWL, (2, 1), rate)
    sized = descend(f"{scale}*({BOWL})", (2, 1), rate / scale)
    assert sized.judgement.reason == usual.judgement.reason


@pytest.mark.parametrize("steps", range(1, 8))
@pytest.mark.parametrize("settings", [{}, HEAVY, ADAM, EXACT, BACK, {"rate": 0.12}])
def test_a_short_run_has_a_verdict_too(steps, settings):
    run = descend(BOWL, (2, 1), steps=steps, **settings)
    assert run.verdict in WORDS_THERE_ARE
    assert not re.search(r"\b1 steps|last 1\b", run.why)


def test_a_start_at_the_minimum_is_there_at_step_0():
    run = descend(BOWL, (0, 0))
    assert run.arrived == 0
    assert run.why.startswith("∇f = 0 at step 0: f = 0 at (0, 0)")
    near = descend(BOWL, (1e-9, 0))
    assert near.why.startswith("‖∇f‖ is below 1.00·10⁻⁶ from the start: f = 7.06·10⁻²⁸ at (0, 0)")


def test_the_tolerance_decides_what_counts_as_converged():
    run = descend(BOWL, (2, 1), 0.05, 60)
    assert (run.verdict, run.arrived) == ("converging", None)
    easy = descend(BOWL, (2, 1), 0.05, 60, tolerance=0.1)
    assert (easy.verdict, easy.arrived) == ("converged", settled(easy))
    assert slope(easy, easy.arrived) <= 0.1 < slope(easy, easy.arrived - 1)


def test_a_run_that_passes_a_flat_place_has_not_arrived_there():
    run = descend("x**3 - 3*x", 2.0, 0.05, 60, method="momentum", tolerance=0.3)
    slopes = np.abs(run.gradients[:, 0])
    assert (slopes[: run.arrived] <= 0.3).any()
    assert slopes[run.arrived - 1] > 0.3


def test_a_callable_without_second_derivatives_is_judged_by_its_first():
    run = descend(lambda x: x**2 if x > 0 else -x, 1.0, 0.1, 300)
    assert run.verdict in WORDS_THERE_ARE
    assert run.why


def test_a_kink_is_not_taken_for_curvature():
    """Beside the tip of a cone λmax = 1/r, which is no reason for the steps to turn back."""
    for rate in (0.03, 0.05, 0.07, 0.11):
        run = descend(lambda x, y: anp.sqrt(x * x + y * y), (1, 0), rate)
        assert run.judgement.reason in ("turning", "tip")


# ── sentences ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("variables", [1, 2, 3])
@pytest.mark.parametrize("reason", REASONS)
def test_a_sentence_names_a_place_by_all_its_coordinates(reason, variables):
    template = sentence(reason, variables)
    count = REASONS[reason].count("{") + variables * REASONS[reason].count("<")
    assert template.count("{") == count <= 8
    assert "<" not in template
    place = "{g}" if variables == 1 else f"({', '.join(['{g}'] * variables)})"
    assert "<place>" not in REASONS[reason] or place in template
    assert template.endswith(".")
    assert "{" not in Verdict(reason, tuple(range(count)), variables).why


def test_a_verdict_is_a_word_and_a_sentence():
    verdict = Verdict("undefined", (3.0, -0.83402), 1)
    assert verdict.word == "left the domain"
    assert verdict.why == f"Step 3 led to {three_digits(-0.83402)}, where f is undefined."
    assert set(WORDS.values()) == WORDS_THERE_ARE


def test_the_table_is_all_of_the_ends_and_then_all_of_the_trends():
    assert list(TABLE) == [*ENDS, *TRENDS]


@pytest.mark.parametrize("steps", [0, 1, 2, 3, 4, 5, 300])
def test_a_run_s_thirds_are_as_even_as_they_can_be(steps):
    run = descend("x**2 + 3*y**2", (2.0, -1.0), 0.05, steps)
    parts = np.array_split(run.values, 3)
    expected = [np.mean(part - run.values.min()) if part.size else 0.0 for part in parts]
    assert Features(ground_of(run.field), run.walk).thirds == pytest.approx(expected, rel=1e-12)


# ── as a program ─────────────────────────────────────────────────────────────────────────────────

ROOM = 100  # steps
CATALOGUE = list(catalog)


def padded(walk, room):
    """The parts of a walk one after the other, its rows with room for so many steps."""
    rows = []
    for part, count in zip(walk[:4], (room + 1, room + 1, room + 1, room), strict=True):
        rows.append(np.full((count, *part.shape[1:]), np.nan))
        rows[-1][: len(part)] = part[:count]
    return [*rows, float(walk.steps), float(walk.ended), *map(float, walk.manner)]


def judging(field, values):
    """The program of a verdict, of all parts of a walk."""

    def told(*parts):
        return judged(Features(ground_of(field), Walk(*parts[:6], Manner(*parts[6:]))))

    return trace(told, *values)


def assert_told(found, verdict):
    which, numbers = found
    assert list(TABLE)[int(which)] == verdict.reason
    wanted = [*verdict.numbers, *[0.0] * (MOST_NUMBERS - len(verdict.numbers))]
    np.testing.assert_allclose(numbers, wanted, 1e-12, 0)


@pytest.mark.parametrize("name", CATALOGUE)
def test_the_program_of_a_verdict_is_the_verdict(name):
    """One program for all methods; each function by all of them, and by all rates in turn."""
    field, start = catalog[name].field, catalog[name].start
    program = None
    for place, method in enumerate(methods):
        share = (0.3, 1.0, 3.0)[(place + CATALOGUE.index(name)) % 3]
        rate = share * usual_rate(field, start, method)
        run = descend(field, start, rate, 40, method, noise=0.1 * (place % 4 == 1))
        values = padded(run.walk, ROOM)
        if program is None:
            program = judging(field, values)
        assert_told(program(*values), run.judgement)


FIRST_CASES = {case[0]: case for case in reversed(CASES)}


@pytest.mark.parametrize("reason", REASONS)
def test_the_program_of_a_verdict_tells_every_reason(reason):
    _, source, start, settings, _ = FIRST_CASES[reason]
    run = run_of(source, start, settings)
    values = padded(run.walk, ROOM if len(run) <= ROOM else 1000)
    assert_told(judging(run.field, values)(*values), run.judgement)


def test_a_verdict_without_a_trace_is_that_of_the_table():
    run = descend(BOWL, (2, 1), 0.11)
    ground, longer = ground_of(run.field), padded(run.walk, ROOM)
    for walk in (run.walk, Walk(*longer[:6], run.walk.manner)):
        features = Features(ground, walk)
        found = judged(features)
        assert (found[0], judge(features).reason) == (PLACES["unstable"], "unstable")
        assert_told(found, judge(features))


# ── many variables, and what rounding must not decide ────────────────────────────────────────────


@pytest.mark.parametrize("count", [4, 7, 16])
def test_runs_in_many_variables_have_verdicts(count):
    names = tuple(f"x_{place}" for place in range(count))
    bowl = ScalarField(lambda t: anp.sum(t**2), variables=names)
    run = descend(bowl, [0.5] * count, 0.1, 50)
    assert run.why.startswith(f"f fell from {fill('{g}', [0.25 * count])} to ")
    assert run.verdict == "converging"
    assert descend(bowl, [0.5] * count, 0.5, 50).verdict == "converged"
    sharp = ScalarField(lambda t: anp.sum(anp.abs(t)), variables=names)
    assert descend(sharp, [0.5] * count, 0.3, 50).verdict == "oscillating"


@pytest.mark.parametrize("steps", [50, 100, 101, 200])
def test_a_slope_that_is_the_same_everywhere_does_not_grow_by_a_rounding(steps):
    run = descend("sqrt(x**2 + y**2)", (0.5, 0.3), -0.1, steps, "adam")
    assert run.verdict == "left the window"


def test_values_near_the_largest_float_have_a_verdict():
    run = descend("1e307*(x**2 + 10*y**2)", (2, 1), 1e-300, 50)
    assert run.judgement.reason
