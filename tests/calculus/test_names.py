"""Letters side by side: what is a name of one's own, what is a product, and what is said of it."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradwidgets.calculus.assignments import parse_lines
from gradwidgets.calculus.elsewhere import ELSEWHERE
from gradwidgets.calculus.field import ScalarField
from gradwidgets.calculus.formula import CONSTANTS, FUNCTIONS, FormulaError, parse

WRITE = re.compile(r"Write (.*?)(?: for the product, (\w+) for a name)?\.$")

# text, what the message tells to write, where
GLUED = (
    ("xe^x", "x*e", 0),
    ("2xe^x", "x*e", 1),
    ("xlnx", "x*ln(x)", 0),
    ("1 + xsinx", "x*sin(x)", 4),
    ("xcos(y)", "x*cos(…)", 0),
    ("rsin(t)", "r*sin(…)", 0),
    ("mgsin(θ)", "m*g*sin(…)", 0),
    ("xyexp(x)", "x*y*exp(…)", 0),
    ("cosxsiny", "cos(x)*sin(y)", 0),
    ("lnsinx", "ln(sin(x))", 0),
    ("sin2x", "sin(2*x)", 0),
    ("log2x", "log2(x)", 0),
    ("ln2", "ln(2)", 0),
    ("e2x", "e**(2*x)", 0),
    ("x2y", "x**2*y", 0),
    ("x1x2", "x_1*x_2", 0),
    ("w_1x", "w_1*x", 0),
    ("w₁x", "w_1*x", 0),
    ("xw_1", "x*w_1", 0),
    ("sinx_1", "sin(x_1)", 0),
    ("xpi", "x*pi", 0),
    ("pix", "pi*x", 0),
    ("pi2", "pi*2", 0),
    ("πr", "pi*r", 1),
    ("θx + 1", "θ*x", 0),
    ("λmax", "λ*max(x, y)", 0),
    ("thetax", "theta*x", 0),
    ("ax^2 + bx + c", "a*x", 0),
    ("abx", "a*b*x", 0),
    ("mgh", "m*g*h", 0),
    ("te^(-t)", "t*e", 0),
    ("abxe^x", "a*b*x*e", 0),
    ("sin(xt)", "x*t", 4),
    ("rate + xrate", "x*rate", 7),
    ("xy(x + 1)", "x*y*(…)", 0),
    ("k + x + kxkx", "k*x*k*x", 8),
)
OWN = (
    *("rate", "loss", "bias", "weight", "size", "slope", "signal", "mass", "area", "decay"),
    *("mu", "theta", "beta", "phi", "lam", "x1", "w12", "mu2", "rate2", "x_1", "x_max", "max_x"),
    *("dy_dw", "learning_rate", "β_1", "θ", "Ω"),
)


def refusal(text, **options):
    with pytest.raises(FormulaError) as caught:
        parse(text, **options)
    return caught.value


@pytest.mark.parametrize(("text", "product", "position"), GLUED)
def test_a_product_without_signs_is_refused_with_its_factors(text, product, position):
    error = refusal(text)
    assert WRITE.search(str(error))[1] == product
    assert error.position == position


@pytest.mark.parametrize(
    ("text", "spelled"),
    [
        ("sin^(-1)(x)", "arcsin(x)"),
        ("cos^( -1 )(y)", "arccos(x)"),
        ("x sin y", "x*sin(y)"),
        ("2 + x cos 3", "x*cos(3)"),
        ("sin 2x", "sin(2*x)"),
        ("x mod 2", "x % y"),
        ("cbrt x", "sign(x)*abs(x)**(1/3)"),
        ("rtheta", "r*theta"),
        ("lambdax", "λ*x"),
    ],
)
def test_the_spelling_that_is_shown_means_what_was_typed(text, spelled):
    with pytest.raises(FormulaError) as caught:
        parse(text)
    assert spelled in str(caught.value)


@pytest.mark.parametrize("name", OWN)
def test_a_name_of_one_s_own_stays_possible(name):
    assert parse(f"2{name} + {name}^2").variables == (name,)


@pytest.mark.parametrize("text", ["x2", "x2 + y2", "3t3", "x + x2", "b*b2", "e2"])
def test_a_number_behind_a_letter_that_may_be_a_power_is_refused(text):
    error = str(refusal(text))
    assert re.search(r"Write (\w)\*\*(\d) for a power, \2\*\1 for a product", error)


@pytest.mark.parametrize(
    "text", ["x1 + x2", "w_1*x2", "(x - x0)^2", "(x - x1)^2", "w2", "x₂", "x10"]
)
def test_an_index_that_is_meant_is_a_part_of_the_name(text):
    assert parse(text).variables


def test_whoever_names_a_variable_means_it():
    assert ScalarField("xe + ax*x", variables=("ax", "x", "xe")).variables == ("ax", "x", "xe")
    program = parse_lines("xy = x*y\nx2 = x^2\nlr = xy + x2\nz = lr*x")
    assert program.names == ("xy", "x2", "lr", "z")
    assert program.inputs == ("x", "y")
    assert "x*w" in str(refusal("xw", given=("w",)))


@pytest.mark.parametrize("name", ELSEWHERE)
def test_what_is_written_elsewhere_has_its_way_of_writing_here(name):
    message = str(refusal(f"1 + {name}(x)"))
    assert f"Write {ELSEWHERE[name]}." in message
    assert parse(ELSEWHERE[name])


PIECES = (*"xyzt", "e", "pi", "x_1", *sorted(set(FUNCTIONS) - {"where"}))
WORDS = st.lists(st.sampled_from(PIECES), min_size=2, max_size=5)


def written(message):
    """What a message tells to write, as it can be typed: for a call its argument is x."""
    first = re.search(r"(?:Write|write) (.*?)(?: for |, x|\.$)", message)[1]
    return first.replace("(…)", "(x)")


def outcome(text):
    try:
        return parse(text)
    except FormulaError as error:
        return error


@given(WORDS, st.sampled_from(["", "^x", " + x", "*y^2", "^2"]))
@settings(max_examples=150)
def test_known_things_glued_together_are_never_a_new_name(pieces, behind):
    found = outcome("".join(pieces) + behind)
    if not isinstance(found, FormulaError):
        assert set(found.variables) <= {*"xyzt", "x_1"}
    elif "is not one name" in str(found):
        told = outcome(written(str(found)))  # a formula, though maybe without a value: arccos(e)
        assert re.search("^Formula|is not a real number|is infinite", f"{told}")


@given(
    st.lists(st.sampled_from((*"abkwx", "rate", "θ")), min_size=2, max_size=4),
    st.sampled_from("abkwx"),
)
@settings(max_examples=100)
def test_letters_that_stand_alone_elsewhere_are_factors(pieces, other):
    word = "".join(pieces)
    text = " + ".join([word, *pieces, other])
    assert "is not one name" in str(refusal(text))


@given(st.sampled_from([*FUNCTIONS, *CONSTANTS]), st.sampled_from("xyzt"))
def test_a_known_word_beside_a_letter_is_no_name(word, letter):
    for text in (word + letter, letter + word):
        if text not in FUNCTIONS:
            assert refusal(text).position == 0


@pytest.mark.parametrize("name", ["sigma", "gamma", "phi", "lam", "theta"])
def test_a_greek_name_before_a_parenthesis_is_no_function(name):
    for text in (f"{name}(x)", f"2*{name}(x - 1)"):
        told = str(refusal(text))
        assert f"“{name}” is not a function here. Write {name}*(…) for a product" in told
        assert ("sigmoid(x)" in told) == (name == "sigma")
    assert parse(f"{name}*(x)").variables == tuple(sorted([name, "x"]))
