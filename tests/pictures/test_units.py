"""The unit does not matter: scaled by powers of ten, a function is told in the same words."""

import re
from itertools import cycle, zip_longest

import pytest

from gradwidgets.calculus.catalog import catalog
from gradwidgets.calculus.field import ScalarField
from gradwidgets.calculus.newton import critical_points
from gradwidgets.pictures.curvature import curvature_picture, usual_rate
from gradwidgets.pictures.derivative import derivative_picture
from gradwidgets.pictures.gradient import gradient_picture
from gradwidgets.pictures.partials import partials_picture
from tests.pictures.computed import untraced

SCALES = [(9, 30), (-200, -7)]  # exponents of f and of the domain
NUMBER = re.compile(r"−?(?:10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+|\d+(?:\.\d+)?(?:·10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)?)")
RAW = re.compile(r"nan|inf\b|\de[+-]?\d|\dE|[{}]|-\d|−0(?:\.0+)?(?![.\d])")
PICTURES = {
    "derivative": derivative_picture,
    "gradient": gradient_picture,
    "partials": partials_picture,
    "curvature": lambda field: curvature_picture(field, critical_points(field)),
}
FEW = ("bowl", "rosenbrock", "monkey saddle")  # in a slow picture


def cases():
    for name, example in catalog.items():
        count = len(example.variables)
        fits = {"derivative": count == 1, "gradient": count == 2, "partials": True}
        fits["curvature"] = count > 1 and name in FEW
        yield from ((name, picture) for picture, fit in fits.items() if fit)


def scaled(text, domain, high, wide):
    """high·f(x / wide), over a domain that is as many times as wide."""
    names = re.compile(rf"\b({'|'.join(domain)})\b")
    inner = names.sub(lambda name: f"({name[1]}/{wide!r})", text)
    wider = {name: (low * wide, top * wide) for name, (low, top) in domain.items()}
    return ScalarField(f"{high!r}*({inner})", wider, tuple(domain))


def captions(picture, field, point):
    made = untraced(PICTURES[picture])(field)
    values = {control.name: control.start for control in made.controls}
    values |= dict(zip(field.variables, point, strict=True))
    if "rate" in values:
        values["rate"] = usual_rate(field, point)
    return made.scene(list(values.values())).captions


def words(lines):
    """What is said, without its numbers; a scale is told in other words where it is far from 1."""
    return [NUMBER.sub("#", line) for line in lines if "drawn at" not in line]


@pytest.mark.parametrize(
    ("name", "picture", "power", "zoom"),
    [(*case, *scale) for case, scale in zip(cases(), cycle(SCALES), strict=False)],
)
def test_a_function_is_told_in_the_same_words_in_every_unit(name, picture, power, zoom):
    example = catalog[name]
    usual = words(captions(picture, example.field, example.start))
    high, wide = 10.0**power, 10.0**zoom
    field = scaled(example.text, example.domain, high, wide)
    told = captions(picture, field, [x * wide for x in example.start])
    assert not [line for line in told if RAW.search(line)]
    assert [pair for pair in zip_longest(words(told), usual) if len(set(pair)) > 1] == []


AWKWARD = [  # what autograd does not answer, or answers by convention
    (
        "where(x > 0, sqrt(x), -x)",
        -2.0,
        "slope −1.000 from left and right; autograd has no answer.",
    ),
    ("where(x == 0, 1, sin(x)/x)", 0.0, "slope 0.000 from left and right; autograd has no answer."),
    ("abs(x)*sign(x)", 0.0, "slope 1.00."),
    ("x**x", 0.0, "and there is no slope."),
    ("abs(x)", 0.0, "and there is no slope."),
    ("x*sqrt(x)", 0.0, "slope 0.00."),
    ("where(x == 0, 0, x*sin(1/x))", 0.0, "and neither autograd nor f itself shows a slope."),
    ("log(x)", -1.0, "f is undefined."),
]


@pytest.mark.parametrize(("text", "x", "end"), AWKWARD)
def test_a_missing_answer_is_told_in_the_same_words_in_every_unit(text, x, end):
    usual = captions("derivative", ScalarField(text, variables=("x",)), [x])
    assert usual[0].endswith(end)
    for power, zoom in SCALES:
        high, wide = 10.0**power, 10.0**zoom
        field = scaled(text, {"x": (-3, 3)}, high, wide)
        told = captions("derivative", field, [x * wide])
        assert [words(told)[0], *words(told)[1:2]] == [words(usual)[0], *words(usual)[1:2]]


@pytest.mark.parametrize(
    ("text", "domain", "x", "told"),
    [
        ("x^2", (0, 1e-7), 5e-8, "At x = 0.500·10⁻⁷: f = 2.50·10⁻¹⁵, slope 1.00·10⁻⁷."),
        ("x^2", (-1e9, 1e9), 3e8, "At x = 3.00·10⁸: f = 9.00·10¹⁶, slope 6.00·10⁸."),
        ("x - 1e6", (1e6, 1e6 + 1), 1e6 + 0.25, "At x = 1000000.250: f = 0.250, slope 1.00."),
        ("x**2*1e-200", (-3, 3), 1.0, "At x = 1.00: f = 1.00·10⁻²⁰⁰, slope 2.00·10⁻²⁰⁰."),
        ("1e6*x**2", (-3, 3), 0.0, "At x = 0.00: f = 0.00·10⁶, slope 0.00·10⁶."),
        ("1e-6*abs(x)", (-3, 3), 0.0, "At x = 0.00: f = 0.00·10⁻⁶, and there is no slope."),
    ],
)
def test_numbers_of_any_size_are_read_with_their_digits(text, domain, x, told):
    assert captions("derivative", ScalarField(text, {"x": domain}), [x])[0] == told


def test_a_slope_that_can_be_told_is_drawn_and_is_part_of_the_gradient():
    field = ScalarField("where(x > 0, sqrt(x), -x) + 2*y")
    told = captions("gradient", field, [-2.0, 1.0])
    assert "slope 2.24 toward 117°" in told[0]
    assert (
        "autograd has no answer along x here; the slopes from left and right agree: −1.00." in told
    )
    assert "∂f/∂x = −1.00, ∂f/∂y = 2.00" in captions("partials", field, [-2.0, 1.0])[0]
    said = captions("curvature", field, [-2.0, 1.0])[0]
    assert said == "At (−2.00, 1.00): f = 4.00, and autograd has no Hessian here."


def test_an_infinite_slope_is_no_part_of_a_gradient():
    told = captions("gradient", ScalarField("x^x + y**2"), [0.0, 1.0])
    assert told[0].endswith("there is no finite gradient.")
    assert any("with the slope −∞" in line for line in told)
