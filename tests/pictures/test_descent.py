"""The descent's picture, held against the run itself, its derivatives and its eigenvalues."""

import math
import re
from dataclasses import replace
from functools import lru_cache
from itertools import product

import autograd
import autograd.numpy as anp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradwidgets.calculus import reference as references
from gradwidgets.calculus import truths
from gradwidgets.calculus.catalog import catalog
from gradwidgets.calculus.descent import descend
from gradwidgets.calculus.field import ScalarField
from gradwidgets.calculus.reference import reference
from gradwidgets.calculus.rules import methods, schedules
from gradwidgets.calculus.usual import usual_rate
from gradwidgets.calculus.verdict import MOST_NUMBERS, REASONS, WORDS, Verdict
from gradwidgets.calculus.wording import fill
from gradwidgets.pictures import descent
from gradwidgets.pictures import run as runs
from gradwidgets.pictures.descent import Settings, descent_picture
from gradwidgets.pictures.loss import view_of
from gradwidgets.pictures.marks import Arrow, Label, Marker, Polyline
from gradwidgets.pictures.rates import Curvature
from gradwidgets.pictures.spans import HIGHEST_RATE, LOWEST_RATE, span_of_rates

BOWL = ScalarField("x**2 + 10*y**2")
TILTED = ScalarField("2*x**2 + 3*x*y + 5*y**2 - x + 7")
NAMES = [name for name, example in catalog.items() if len(example.variables) <= 2]
WITH_FACTOR = [name for name, row in methods.items() if row.factor]
MEMORY = ("momentum", "nesterov", "adam", "rmsprop", "adagrad")
EVERY = pytest.mark.parametrize("method", methods)


def values(method, start, rate, step=0, **own):
    """What the picture's controls are at, in their order."""
    usual = {name: parameter.usual for name, parameter in methods[method].parameters.items()}
    return (*start, rate, *(usual | own).values(), step)


def both(field, start, rate, method="gradient descent", steps=30, step=0, own=(), **options):
    """A scene, and the run that it shows."""
    own = dict(own)
    searching = {name: options[name] for name in ("schedule", "noise", "seed") if name in options}
    picture = descent_picture(field, Settings(method=method, steps=steps, **options))
    scene = taken(picture.scene(values(method, start, rate, step, **own)), steps)
    return scene, descend(field, start, rate, steps, method, **searching, **own)


def taken(scene, steps):
    """A scene without the room behind its steps, in which there is nothing."""
    cut = {}
    for name, numbers in scene.numbers.items():
        if name.startswith(("path", "walked", "loss", "slope", "component")) and len(numbers) > 99:
            assert np.isnan(numbers[steps + 1 :]).all()
            cut[name] = numbers[: steps + 1]
    return replace(scene, numbers=scene.numbers | cut)


def slope(field, point):
    """The gradient by autograd alone."""
    return autograd.grad(lambda place: field.function(*place))(np.array(point, dtype=float))


def turn(arrow):
    return arrow[2:] - arrow[:2]


def stated_scale(scene):
    """The magnification of the arrows as a reader finds it in the caption."""
    line = scene.text("now")
    if "arrows at their true length" in line or "nothing moves" in line:
        return 1.0
    found = re.search(r"arrows at (1/)?([\d.]+)(?:·10([⁰¹²³⁴-⁹]+))? (?:of|times) their", line)
    share, number, power = found.groups()
    size = float(number) * 10.0 ** int((power or "0").translate(LOWERED))
    return 1 / size if share else size


LOWERED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")


# ── the path ─────────────────────────────────────────────────────────────────────────────────────


@EVERY
def test_the_path_is_the_run(method):
    example = catalog["himmelblau"]
    scene, run = both(example.field, example.start, methods[method].rate / 4, method, step=7)
    assert len(scene["path"]) == 31
    assert scene["path"] == pytest.approx(np.pad(run.points, ((0, 30 - len(run)), (0, 0)))[:31])
    assert scene["walked"][:8].tolist() == run.points[:8].tolist()
    assert np.isnan(scene["walked"][8:]).all()
    assert scene["current"].tolist() == run.points[7].tolist()
    assert scene["start"].tolist() == list(example.start)


ENDED = {
    "a logarithm": (ScalarField("log(x) + y**2"), (1, 1), 0.1, "gradient descent"),
    "Newton on a trough": (ScalarField("x**2", variables=("x", "y")), (2, 1), 1, "newton"),
    "undefined from the start": (ScalarField("log(x)*y"), (-1, 1), 0.1, "momentum"),
    "overflow": (ScalarField("x**4 + y**4"), (2, 1), 10, "gradient descent"),
    "one variable": (ScalarField("log(x)"), (1,), 0.1, "adam"),
}


@pytest.mark.parametrize("case", ENDED.values(), ids=ENDED)
def test_behind_the_end_of_a_run_there_is_nothing(case):
    field, start, rate, method = case
    scene, run = both(field, start, rate, method, steps=60, step=60)
    last = len(run)
    assert last < 60
    assert run.ended
    for name in ("path", "walked", "loss", "slope"):
        assert len(scene[name]) == 61
        assert np.isnan(scene[name][last + 1 :]).all(), name
    place = [*run.points[-1], *([] if len(start) == 2 else [run.values[-1]])]
    assert scene["current"] == pytest.approx(place, nan_ok=True)
    assert scene["step"][0] == scene["slope now"][0] == last
    assert scene.text("now").endswith("The run ends here.")
    for arrow in ("move", "by gradient", "by memory"):
        assert np.isnan(turn(scene[arrow])).all()
    assert scene.text("by gradient label") == scene.text("by memory label") == ""


@pytest.mark.parametrize("step", range(13))
def test_every_step_can_be_looked_at(step):
    scene, run = both(BOWL, (2, 1), 0.03, steps=12, step=step)
    assert scene["current"].tolist() == run.points[step].tolist()
    assert np.isfinite(scene["walked"]).all(axis=1).sum() == step + 1
    assert scene["step"][0] == scene["slope now"][0] == step
    assert scene.text("now").startswith(f"Step {step} of 12, at (")
    assert scene.text("now").endswith("The run ends here.") == (step == 12)
    assert scene.text("loss label") == fill("f = {6g}", [run.values[step]])
    assert scene.text("slope label") == fill("‖∇f‖ = {g}", [np.linalg.norm(run.gradients[step])])


# ── the arrows ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("step", [0, 1, 5])
@EVERY
def test_the_arrows_are_the_step_and_its_parts_at_the_stated_scale(method, step):
    example = catalog["himmelblau"]
    field, rate = example.field, usual_rate(example.field, example.start, method)
    scene, run = both(field, example.start, rate, method, step=step)
    scale, here = stated_scale(scene), run.points[step]
    for arrow in ("move", "by gradient", "by memory"):
        assert scene[arrow][:2].tolist() == here.tolist()
    assert turn(scene["move"]) == pytest.approx(scale * (run.points[step + 1] - here))
    wanted = -run.step_sizes[step] * slope(field, here)
    assert turn(scene["by gradient"]) == pytest.approx(scale * wanted)
    parts = turn(scene["by gradient"]) + turn(scene["by memory"])
    assert parts == pytest.approx(turn(scene["move"]))


def test_at_their_true_length_the_arrow_ends_at_the_next_point():
    scene, run = both(BOWL, (2, 1), 0.05, step=0)
    assert stated_scale(scene) == 1
    assert scene["move"][2:].tolist() == run.points[1].tolist()
    assert scene["by memory"][2:].tolist() == run.points[0].tolist()  # it has none


def test_momentum_carries_on_where_the_slope_alone_would_not():
    scene, _ = both(BOWL, (2, 1), 0.02, "momentum", step=3, own={"momentum": 0.5})
    one, two = (descend(BOWL, (2, 1), 0.02, 3, "momentum", momentum=m) for m in (0.5, 0.5))
    carried = -0.02 * 0.5 * one.state["velocity"][2]
    assert turn(scene["by memory"]) / stated_scale(scene) == pytest.approx(carried)
    assert two.points.tolist() == one.points.tolist()


@pytest.mark.parametrize(
    ("method", "options", "said"),
    [
        ("gradient descent", {}, ""),
        ("gradient descent", {"noise": 20.0}, "noise"),
        ("backtracking", {"noise": 20.0}, ""),  # it searches along the noisy direction itself
        ("momentum", {}, "momentum"),
        ("nesterov", {}, "momentum"),
        ("adam", {}, "momentum"),
        ("adagrad", {}, "adjusted"),
        ("rmsprop", {}, "adjusted"),
        ("newton", {}, "adjusted"),
    ],
)
def test_what_a_step_is_beside_the_gradient_has_its_name(method, options, said):
    rate = usual_rate(BOWL, (2, 1), method) * (0.2 if method == "newton" else 1)
    scene, _ = both(BOWL, (2, 1), rate, method, step=1, **options)
    if method == "backtracking":
        assert scene.text("by memory label") in ("noise", "")
        return
    assert scene.text("by memory label") == said
    assert scene.text("by gradient label") == "−α∇f"


@given(st.floats(-7, 3), st.integers(0, 20), st.sampled_from(list(methods)))
@settings(max_examples=60)
def test_the_arrows_can_be_seen_at_a_round_scale(exponent, step, method):
    scene, run = both(BOWL, (2, 1), 10.0**exponent, method, steps=20, step=step)
    arrows = [turn(scene["move"]), turn(scene["by gradient"])]
    longest = max(np.linalg.norm(arrow) for arrow in arrows)
    if not longest > 0 or np.abs(run.points[step]).max() > 1e3:
        return  # the run has ended, or is so far away that arrows lose their digits
    true = max(
        np.linalg.norm(run.points[step + 1] - run.points[step]),
        np.linalg.norm(run.step_sizes[step] * run.gradients[step]),
    )
    scale = longest / true
    if true < 1e-6 * 6:  # too short to tell anything
        assert scale == pytest.approx(1)
        return
    factor = scale if scale >= 1 else 1 / scale
    digits = factor / 10.0 ** math.floor(math.log10(factor) + 1e-9)
    assert digits == pytest.approx(round(digits), rel=1e-5)
    assert 0.05 * 6 * 0.99 <= longest <= 0.6 * 6 * 1.01
    assert stated_scale(scene) == pytest.approx(scale, rel=1e-5)


# ── loss and slope ───────────────────────────────────────────────────────────────────────────────


def floor(scene):
    return scene.panel("loss").y[0]


@EVERY
def test_the_loss_is_the_exponent_of_what_is_left(method):
    rate = usual_rate(BOWL, (2, 1), method)
    scene, run = both(BOWL, (2, 1), rate, method, steps=200, step=20)
    with np.errstate(divide="ignore"):
        wanted = np.maximum(np.log10(run.values), floor(scene))  # the least value is 0
        slopes = np.log10(np.linalg.norm(run.gradients, axis=1))
    assert scene["loss"][: len(run) + 1] == pytest.approx(wanted, abs=1e-9)
    steep = np.maximum(slopes, floor(scene))
    assert scene["slope"][: len(run) + 1] == pytest.approx(steep, abs=1e-9)
    assert scene["slope now"].tolist() == [20, scene["slope"][20]]


def test_the_loss_is_measured_from_the_least_value_in_sight():
    scene, run = both(TILTED, (2, 1), 0.05, steps=40)
    least = 7 - 5 / 62  # where the gradient vanishes: x = 10/31, y = −3/31
    x, y = np.linalg.solve([[4, 3], [3, 10]], [1, 0])
    least = 2 * x**2 + 3 * x * y + 5 * y**2 - x + 7
    high = run.values - least > 1e-6
    assert scene["loss"][high] == pytest.approx(np.log10(run.values[high] - least), abs=1e-6)
    assert view_of(TILTED).floor == pytest.approx(least)


@pytest.mark.parametrize("name", NAMES)
def test_a_run_that_converges_ends_on_the_line_and_not_in_nothing(name):
    """f may end a rounding below the least value that is known: that counts as 0."""
    example = catalog[name]
    for method in ("gradient descent", "backtracking", "newton"):
        rate = usual_rate(example.field, example.start, method)
        scene, run = both(example.field, example.start, rate, method, steps=300)
        if run.verdict == "converged":
            assert np.isfinite(scene["loss"][: len(run) + 1]).all(), method


@pytest.mark.parametrize("text", ["x", "x**3", "-x**2", "log(x)"])
def test_without_a_minimum_the_loss_is_f_itself(text):
    scene, run = both(ScalarField(text), (1,), 0.01, steps=20)
    assert scene.panel("loss").title == "Loss $f$"
    assert not scene.panel("loss").ylog
    assert scene["loss"].tolist() == run.values.tolist()


@pytest.mark.parametrize("text", ["1e300*x", "1e304*x"])
def test_a_huge_loss_is_not_cut_off(text):
    scene, run = both(ScalarField(text), (10,), 2 / float(text[:5]), steps=20)
    assert scene["loss"].tolist() == run.values.tolist()
    low, high = scene.panel("loss").y
    assert low < run.values.min() < run.values.max() < high


def test_a_linear_loss_is_f_itself():
    scene, run = both(TILTED, (2, 1), 0.05, loss="linear", step=4)
    assert scene["loss"].tolist() == run.values.tolist()
    assert scene.panel("loss").ylog is False
    assert scene["step"].tolist() == [4, run.values[4]]
    low, high = scene.panel("loss").y
    assert low < run.values.min() < run.values.max() < high


@pytest.mark.parametrize("loss", ["log", "linear"])
@given(st.floats(-7, 3), st.integers(0, 20), st.sampled_from(["bowl", "peaks", "monkey saddle"]))
@settings(max_examples=25)
def test_the_handle_of_the_step_stays_in_its_panel(loss, exponent, step, name):
    field, start = catalog[name].field, catalog[name].start
    scene, run = both(field, start, 10.0**exponent, steps=20, step=step, loss=loss)
    low, high = scene.panel("loss").y
    at, height = scene["step"]
    assert at == min(step, len(run))
    assert low < height < high
    shown, margin = scene["loss"][int(at)], 0.05 * (high - low)
    if low + margin < shown < high - margin:
        assert height == shown


# ── the loss among the eigenvectors ──────────────────────────────────────────────────────────────


def parts(scene):
    return [scene[mark.name] for mark in scene.marks if mark.name.startswith("component ")]


@pytest.mark.parametrize("field", [BOWL, TILTED], ids=["bowl", "tilted"])
@EVERY
def test_of_a_quadratic_the_components_add_up_to_the_loss(field, method):
    rate, least = usual_rate(field, (2, 1), method), view_of(field).floor
    scene, run = both(field, (2, 1), rate, method, components=True, loss="linear")
    one, two = (part[: len(run) + 1] - least for part in parts(scene))
    assert one + two == pytest.approx(run.values - least, rel=1e-6, abs=1e-9)
    assert min(one.min(), two.min()) >= 0
    assert max(one.max(), two.max()) > 1


def test_a_component_is_half_the_eigenvalue_times_the_error_squared():
    scene, run = both(TILTED, (2, 1), 0.05, components=True)
    hessian = np.array([[4.0, 3.0], [3.0, 10.0]])
    eigenvalues, vectors = np.linalg.eigh(hessian)
    error = run.points - np.linalg.solve(hessian, [1.0, 0.0])
    for place, found in enumerate(parts(scene)):
        wanted = 0.5 * eigenvalues[place] * (error @ vectors[:, place]) ** 2
        seen = wanted > 1e-8
        assert found[seen] == pytest.approx(np.log10(wanted[seen]), abs=1e-5)
    linear, _ = both(TILTED, (2, 1), 0.05, components=True, loss="linear")
    shares = sum(part - view_of(TILTED).floor for part in parts(linear))
    assert shares == pytest.approx(run.values - view_of(TILTED).floor, abs=1e-9)


def test_one_variable_has_one_component():
    scene, run = both(ScalarField("3*x**2"), (2,), 0.05, components=True)
    (only,) = parts(scene)
    assert only == pytest.approx(scene["loss"], abs=1e-9)
    assert len(only) == len(run) + 1
    without, _ = both(ScalarField("3*x**2"), (2,), 0.05)
    assert parts(without) == []


def test_where_the_hessian_is_undefined_there_are_no_components():
    scene, _ = both(ScalarField("log(x) + y"), (-1, 1), 0.1, components=True)
    assert all(np.isnan(part).all() for part in parts(scene))


# ── where the Hessian is taken ───────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("minimum", catalog["himmelblau"].minima)
def test_it_is_taken_at_the_minimum_that_was_reached(minimum):
    start = np.add(minimum, (0.3, -0.2))
    scene, run = both(catalog["himmelblau"].field, start, 0.01, steps=400)
    assert run.verdict == "converged"
    assert scene["reference"] == pytest.approx(minimum, abs=1e-6)
    assert scene.text("rate note").startswith("At the minimum (")


def test_or_at_the_minimum_downhill_of_the_start():
    example = catalog["himmelblau"]
    scene, run = both(example.field, (3.5, 2.5), 1e-5, steps=5)
    assert run.verdict == "converging"
    assert scene["reference"] == pytest.approx((3, 2), abs=1e-6)
    assert scene.text("rate note").startswith("At the minimum (3.00, 2.00) the Hessian has")


def test_where_none_is_found_below_the_end_of_a_run_that_of_the_start_counts(monkeypatch):
    find = references.reference_at

    def below(ground, place, when=True):
        found = find(ground, place, when)
        return found._replace(minimum=truths.both(found.minimum, anp.all(place == (2.0, 1.0))))

    for module in (references, runs):
        monkeypatch.setattr(module, "reference_at", below)
    scene, run = both(ScalarField(BOWL.source), (2, 1), 0.01, steps=5)
    assert run.verdict == "falling"
    assert scene["reference"].tolist() == [0, 0]


def test_or_at_the_start_where_no_minimum_is_found():
    scene, _ = both(ScalarField("x**2 - y**2"), (1.2, 0.5), 0.1)
    assert scene["reference"].tolist() == [1.2, 0.5]
    assert scene.text("rate note").startswith(
        "At the start (1.20, 0.500) (no minimum is found below it) the Hessian has "
        "λ = −2.00 and λ = 2.00; a step multiplies the error by 1 − αλ: 1.20 and 0.800."
    )


def test_a_run_that_ends_in_another_minimum_is_explained_by_that_one():
    """With long steps the run leaves the valley of its start."""
    example = catalog["himmelblau"]
    scene, run = both(example.field, (4, 4), 0.01, "momentum", steps=600)
    assert run.verdict == "converged"
    assert scene["reference"] == pytest.approx(run.points[-1], abs=1e-9)
    downhill = reference(example.field, (4, 4)).place
    assert np.linalg.norm(downhill - run.points[-1]) > 1


@pytest.mark.parametrize("rate", [0.01, 0.05, 0.11])
def test_the_note_on_the_rate_has_the_eigenvalues_and_what_they_make_of_the_error(rate):
    scene, _ = both(TILTED, (2, 1), rate)
    low, high = np.linalg.eigvalsh([[4.0, 3.0], [3.0, 10.0]])
    place = np.linalg.solve([[4.0, 3.0], [3.0, 10.0]], [1.0, 0.0])
    wanted = fill(
        "At the minimum ({g}, {g}) the Hessian has λ = {g} and λ = {g}; "
        "a step multiplies the error by 1 − αλ: {g} and {g}.",
        [*place, low, high, 1 - rate * low, 1 - rate * high],
    )
    assert scene.text("rate note") == wanted


@pytest.mark.parametrize("method", ["momentum", "nesterov"])
def test_with_momentum_the_error_shrinks_by_the_greatest_root_in_the_long_run(method):
    rate, beta = 0.03, 0.7
    scene, _ = both(TILTED, (2, 1), rate, method, own={"momentum": beta})
    factors = []
    for value in np.linalg.eigvalsh([[4.0, 3.0], [3.0, 10.0]]):
        at = rate * value
        middle, last = (1 + beta - at, beta) if method == "momentum" else (0, 0)
        if method == "nesterov":
            middle, last = (1 + beta) * (1 - at), beta * (1 - at)
        factors.append(max(abs(np.roots([1, -middle, last]))))
    said = fill("in the long run a step multiplies the error by {g} and {g}.", factors)
    assert scene.text("rate note").endswith(said)


@pytest.mark.parametrize("method", [m for m in methods if m not in WITH_FACTOR])
def test_other_methods_have_no_note_on_the_rate(method):
    scene, _ = both(BOWL, (2, 1), methods[method].rate, method)
    assert scene.text("rate note") == ""


@pytest.mark.parametrize("steps", [10, 400])
def test_the_map_of_rates_stays_the_map_that_was_painted_whichever_minimum_is_reached(steps):
    """Of peaks at this start no minimum lies downhill; a long run finds one all the same."""
    example = catalog["peaks"]
    asked = Settings(method="momentum", steps=steps, rate_map=True, span=(-3.5, 0.0))
    at = values("momentum", example.start, 0.02, momentum=0.3)
    strip = descent_picture(example.field, asked, curvature=Curvature(-26.0, -12.0)).scene(at)
    assert "landmark bound" in strip.numbers
    painted = Curvature(2.0, 30.0)
    scene = descent_picture(example.field, asked, curvature=painted).scene(at)
    assert "landmark bound" not in scene.numbers
    assert scene["rate"] == pytest.approx([math.log10(0.02), 0.3])
    worst = max(max(abs(np.roots([1, -(1.3 - 0.02 * value), 0.3]))) for value in painted)
    assert scene["rate label"][5] == pytest.approx(worst)


# ── captions ─────────────────────────────────────────────────────────────────────────────────────

TROUGH = ScalarField("x**2", variables=("x", "y"))
FATES = [
    (BOWL, (2, 1), 0.05, {"steps": 200}),
    (TROUGH, (2, 1), 0.3, {"steps": 100}),
    (ScalarField("x**2 - y**2"), (1.2, 0), 0.3, {"steps": 100}),
    (ScalarField("sin(x)"), (1,), 1.0, {"method": "newton"}),
    (ScalarField("5"), (1, 1), 0.1, {}),
    (TROUGH, (2, 1), 1.0, {"method": "newton"}),
    (ScalarField("1e-12*x"), (1,), 0.1, {}),
    (BOWL, (2, 1), 0.11, {}),
    (ScalarField("x**4"), (3,), 30.0, {"method": "newton"}),
    (catalog["monkey saddle"].field, (0.6, 0.6), 0.1, {"steps": 100}),
    (ScalarField("-1/x**2"), (1,), 0.5, {}),
    (ScalarField("log(x)"), (1,), 0.1, {}),
    (ScalarField("sqrt(x)"), (0.25,), 0.25, {}),
    (ScalarField("log(x)"), (-1,), 0.1, {}),
    (ScalarField("log(x)*y"), (-1, 1), 0.1, {}),
    (ScalarField("x"), (0,), 0.5, {}),
    (catalog["rosenbrock"].field, (-1, -1), 0.0005, {"method": "momentum", "steps": 100}),
    (BOWL, (2, 1), 0.097, {"steps": 20}),
    (BOWL, (2, 1), 0.05, {"method": "rmsprop", "steps": 100}),
    (BOWL, (2, 1), 0.05, {"noise": 1.0, "seed": 4, "steps": 100}),
    (BOWL, (2, 1), 0.01, {}),
]


@pytest.mark.parametrize("case", FATES, ids=str)
def test_the_first_line_is_the_verdict_and_its_reason(case):
    field, start, rate, options = case
    scene, run = both(field, start, rate, **options)
    assert scene.captions[0] == f"{run.verdict.capitalize()}. {run.why}"


def test_these_are_many_different_fates():
    runs = [both(field, start, rate, **options)[1] for field, start, rate, options in FATES]
    assert len({run.judgement.reason for run in runs}) >= 15
    assert len({run.verdict for run in runs}) >= 9


@pytest.mark.parametrize("count", [1, 2])
@pytest.mark.parametrize("reason", REASONS)
def test_every_reason_has_its_line(reason, count):
    field = ScalarField("x**2") if count == 1 else BOWL
    picture = descent_picture(field, Settings())
    label = next(mark for mark in picture.marks if mark.name == "verdict")
    numbers = tuple(1.5 + k for k in range(MOST_NUMBERS))
    why = Verdict(reason, numbers, count).why
    text = label.texts[descent.REASON_KEYS.index(reason)]
    assert fill(text, numbers) == f"{WORDS[reason].capitalize()}. {why}"


def test_the_second_line_tells_of_the_step():
    scene, _ = both(BOWL, (2, 1), 0.01, steps=40, step=1)
    assert scene.captions[1] == (
        "Step 1 of 40, at (1.96, 0.800): f = 10.2, ‖∇f‖ = 16.5. "
        "The step is 0.165 long; arrows at 6 times their length."
    )
    alone, _ = both(ScalarField("x**2"), (2,), 0.25, steps=40)
    assert alone.captions[1] == (
        "Step 0 of 40, at x = 2.00: f = 4.00, ‖∇f‖ = 4.00. "
        "The step is 1.00 long; arrows at their true length."
    )


# ── one variable, or two, and no more ────────────────────────────────────────────────────────────


@EVERY
def test_one_variable_has_its_curve(method):
    field = ScalarField("sin(x) + x**2/4", {"x": (-4, 5)})
    rate = usual_rate(field, (3,), method) / 2
    scene, run = both(field, (3,), rate, method, step=2)
    curve = scene.backdrop.numbers["curve"]
    assert curve[:, 1] == pytest.approx(np.sin(curve[:, 0]) + curve[:, 0] ** 2 / 4)
    assert (curve[0, 0], curve[-1, 0]) == scene.panel("curve").x == (-4, 5)
    low, high = scene.panel("curve").y
    assert low < curve[:, 1].min() < curve[:, 1].max() < high
    trail = np.column_stack([run.points[:, 0], run.values])
    assert scene["path"][: len(trail)] == pytest.approx(trail)
    here, height = trail[2]
    assert scene["start"] == pytest.approx([3, np.sin(3) + 9 / 4])
    assert scene["current"].tolist() == [here, height]
    scale = stated_scale(scene)
    assert scene["move"] == pytest.approx(
        [here, height, here + scale * (trail[3, 0] - here), height]
    )
    along = scale * -run.step_sizes[2] * (np.cos(here) + here / 2)
    assert turn(scene["by gradient"]) == pytest.approx([along, 0])


def test_the_tangent_of_one_variable_has_the_slope_of_the_curve():
    scene, run = both(ScalarField("sin(x)"), (1,), 0.3, step=3)
    (left, low), (right, high) = scene["tangent"]
    x = run.points[3, 0]
    assert (high - low) / (right - left) == pytest.approx(np.cos(x))
    assert ((left + right) / 2, (low + high) / 2) == pytest.approx((x, np.sin(x)))
    assert np.isnan(both(BOWL, (2, 1), 0.05)[0]["tangent"]).all()


def test_the_handles_move_what_they_stand_for():
    for field, moves in [(BOWL, ("x", "y")), (ScalarField("t**2"), ("t", None))]:
        start = (1.0,) * len(field.variables)
        scene, _ = both(field, start, 0.05, "momentum")
        found = {m.name: m.moves for m in scene.marks if isinstance(m, Marker) and m.handle}
        assert found == {"start": moves, "step": ("step", None), "rate": ("rate", None)}


@pytest.mark.parametrize("text", ["x*y*z", "a + b + c + d"])
def test_more_variables_are_refused(text):
    with pytest.raises(ValueError, match="needs one or two variables, and here are"):
        descent_picture(ScalarField(text), Settings())


# ── controls ─────────────────────────────────────────────────────────────────────────────────────


@EVERY
def test_the_controls_are_start_rate_the_method_s_own_and_the_step(method):
    picture = descent_picture(BOWL, Settings(method=method, steps=70, span=(-3.0, 0.5)))
    names = [control.name for control in picture.controls]
    assert names == ["x", "y", "rate", *methods[method].parameters, "step"]
    named = {control.name: control for control in picture.controls}
    assert named["rate"].scale == "log"
    assert (named["rate"].low, named["rate"].high) == pytest.approx((1e-3, 10**0.5))
    assert (named["step"].low, named["step"].high, named["step"].step) == (0, 70, 1)
    for name, parameter in methods[method].parameters.items():
        control = named[name]
        assert parameter.low <= control.low < control.start == parameter.usual <= control.high
        assert parameter.symbol in control.label
        assert control.scale == ("log" if name == "epsilon" else "linear")
    if "epsilon" in named:
        assert named["epsilon"].low == 1e-12


# ── schedules and noise ──────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("schedule", schedules)
def test_a_schedule_s_path_and_arrows(schedule):
    scene, run = both(BOWL, (2, 1), 0.04, schedule=schedule, step=13)
    assert scene["path"].tolist() == run.points.tolist()
    rate = 0.04 * schedules[schedule](13, 30)
    wanted = -rate * np.array([2, 20]) * run.points[13]
    assert turn(scene["by gradient"]) == pytest.approx(stated_scale(scene) * wanted)


def test_noise_is_part_of_the_path_and_no_part_of_the_gradient():
    scene, run = both(BOWL, (2, 1), 0.02, noise=3.0, seed=5, step=2)
    assert scene["path"].tolist() == run.points.tolist()
    assert turn(scene["by gradient"]) == pytest.approx(
        stated_scale(scene) * -0.02 * np.array([2, 20]) * run.points[2]
    )
    assert np.linalg.norm(turn(scene["by memory"])) > 0
    other, _ = both(BOWL, (2, 1), 0.02, noise=3.0, seed=6)
    assert other["path"][1:].tolist() != scene["path"][1:].tolist()


# ── whatever happens ─────────────────────────────────────────────────────────────────────────────


def picky(x):
    """As a student may write it: no value, but an error."""
    if x < 0:
        raise ValueError("no x below 0")
    return anp.sqrt(x)


@pytest.mark.parametrize("start", [-1.0, 0.5])
def test_a_callable_may_raise_where_it_has_no_value(start):
    scene, run = both(ScalarField(picky), (start,), 0.4, steps=20, components=True)
    assert run.verdict == ("outside the domain" if start < 0 else "left the domain")
    assert scene.captions[0].startswith(f"{run.verdict.capitalize()}. ")
    assert np.isnan(scene["start"][1]) == (start < 0)


steepness = 1.0


def steep(x, y):
    return steepness * x**2 + 10 * y**2


def test_a_callable_that_reads_another_number_by_now_has_another_hessian(monkeypatch):
    picture = descent_picture(ScalarField(steep), Settings())
    at = values("gradient descent", (2, 1), 0.04)
    assert "λ = 2.00 and λ = 20.0" in picture.scene(at).text("rate note")
    monkeypatch.setitem(globals(), "steepness", 50.0)
    scene = picture.scene(at)
    assert "λ = 20.0 and λ = 100" in scene.text("rate note")
    assert "α·λmax = 4.00" in scene.captions[0]


def test_a_callable_whose_numbers_can_not_be_watched_has_a_picture():
    weights = [1.0, 10.0]
    field = ScalarField(lambda x, y: weights[0] * x**2 + weights[1] * y**2)
    scene, _ = both(field, (2, 1), 0.04)
    assert "λ = 2.00 and λ = 20.0" in scene.text("rate note")


def test_a_constant_has_a_picture():
    scene, _ = both(ScalarField("5"), (1, 1), 0.1, components=True)
    assert scene["path"].tolist() == [[1, 1]] * 31
    assert (scene["loss"] == 5).all()
    assert np.isnan(scene["slope"]).all()  # f itself has the axis
    assert scene.text("slope label") == "‖∇f‖ = 0"
    assert turn(scene["move"]).tolist() == [0, 0]
    low, high = scene.panel("loss").y
    assert low < high


@lru_cache
def picture_of(name, method, options):
    return descent_picture(
        catalog[name].field, Settings(method=method, steps=25, **dict(options)), curvature=KNOWN
    )


KNOWN = Curvature(1.0, 20.0)
OPTIONS = (
    (),
    (("loss", "linear"), ("components", True)),
    (("components", True), ("rate_map", True)),
    (("schedule", "cosine"), ("noise", 0.5)),
)


def fits(mark, numbers):
    """Whether numbers have the shape that a mark of this kind draws."""
    if isinstance(mark, Label):
        return len(numbers) >= 5 + max(len(re.findall(r"\{[^}]*\}", text)) for text in mark.texts)
    if isinstance(mark, Polyline):
        return (
            numbers.shape[1:] == (2,) if mark.along is None else numbers.shape == (len(mark.along),)
        )
    return numbers.shape == ((4,) if isinstance(mark, Arrow) else (2,))


@given(
    st.sampled_from(NAMES),
    st.sampled_from(list(methods)),
    st.sampled_from(OPTIONS),
    st.tuples(st.floats(0, 1), st.floats(0, 1)),
    st.floats(math.log10(LOWEST_RATE), math.log10(HIGHEST_RATE)),
    st.integers(0, 25),
)
@settings(max_examples=80)
def test_no_start_and_no_rate_changes_the_marks_and_the_sizes_of_their_numbers(
    name, method, options, shares, exponent, step
):
    field, picture = catalog[name].field, picture_of(name, method, options)
    intervals = field.domain.values()
    start = [
        low + share * (high - low) for (low, high), share in zip(intervals, shares, strict=False)
    ]
    first = picture.scene(values(method, catalog[name].start, methods[method].rate))
    scene = picture.scene(values(method, start, 10.0**exponent, step))
    for mark in scene.marks:
        assert scene[mark.name].shape == first[mark.name].shape, mark.name
        assert fits(mark, scene[mark.name]), mark.name
    assert scene.captions[0].split(". ")[0].lower() in WORDS.values()


# ── the learning rates that are shown, and the usual one ─────────────────────────────────────────


@pytest.mark.parametrize(
    ("name", "method"),
    [pair for k, pair in enumerate(product(NAMES, methods)) if (k + k // len(methods)) % 3 == 0],
)
def test_the_axis_of_rates_holds_the_rate_and_what_decides(name, method):
    field, start = catalog[name].field, catalog[name].start
    usual = usual_rate(field, start, method)
    for rate in (usual, 1e-7, 1e3, 1e-3):
        low, high = span_of_rates(field, start, rate, method)
        assert math.log10(LOWEST_RATE) <= low < high <= math.log10(HIGHEST_RATE)
        assert low <= math.log10(rate) <= high
        assert high - low >= 3
        assert (2 * low) % 1 == (2 * high) % 1 == 0
        greatest = reference(field, start).values[-1]
        if method in WITH_FACTOR and greatest > 0:
            assert low < math.log10(1 / greatest) < math.log10(4 / greatest) < high


def test_a_rate_within_the_axis_does_not_move_it():
    usual = span_of_rates(BOWL, (2, 1), 0.05, "gradient descent")
    low, high = usual
    for exponent in np.linspace(low, high, 30):
        assert span_of_rates(BOWL, (2, 1), 10.0**exponent, "gradient descent") == usual
    beyond = span_of_rates(BOWL, (2, 1), 10.0 ** (high + 0.1), "gradient descent")
    assert beyond[0] == low
    assert beyond[1] > high + 0.1


@pytest.mark.parametrize("name", NAMES)
def test_with_the_usual_rate_gradient_descent_goes_down(name):
    example = catalog[name]
    rate = usual_rate(example.field, example.start, "gradient descent")
    run = descend(example.field, example.start, rate, 100)
    rises = np.diff(run.values) > 1e-12 * np.abs(run.values[:-1])
    assert not rises.any()
    curvature = np.linalg.eigvalsh(example.field.hessian(example.start))[-1]
    assert not rate * curvature > 1  # half of what is stable


@pytest.mark.parametrize("method", WITH_FACTOR)
def test_with_the_usual_rate_the_path_stays_in_sight_where_there_is_a_minimum(method):
    gone = set()
    for name in NAMES:
        example = catalog[name]
        rate = usual_rate(example.field, example.start, method)
        run = descend(example.field, example.start, rate, 100, method)
        low, high = np.array(list(example.domain.values())).T
        middle, half = (low + high) / 2, (high - low) / 2
        if not (np.abs(run.points - middle) <= 2 * half).all():
            gone.add(name)
    assert gone == {"monkey saddle", "hill"} - ({"hill"} if method == "gradient descent" else set())


@pytest.mark.parametrize("scale", [1e-9, 1e9])
def test_the_usual_rate_stays_on_the_axis(scale):
    field = ScalarField(f"{scale}*(x**2 + y**2)")
    rate = usual_rate(field, (1, 1), "gradient descent")
    low, high = span_of_rates(field, (1, 1), rate, "gradient descent")
    assert LOWEST_RATE < rate < HIGHEST_RATE
    assert low < math.log10(rate) < high


def test_the_gradient_s_arrow_lies_above_the_step():
    scene, _ = both(BOWL, (2, 1), 0.05, step=0)
    names = [mark.name for mark in scene.marks]
    assert names.index("move") < names.index("by gradient") < names.index("current")


def test_where_nothing_moves_no_arrow_is_told():
    scene, _ = both(BOWL, (0, 0), 0.05, step=0)
    (line,) = [line for line in scene.captions if line.startswith("Step 0")]
    assert "arrow" not in line
