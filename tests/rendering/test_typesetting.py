"""Titles as HTML: mathematics as MathML, and whatever a formula holds, text and MathML alone."""

from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradwidgets.calculus.catalog import catalog
from gradwidgets.calculus.field import ScalarField
from gradwidgets.pictures.curvature import curvature_picture
from gradwidgets.pictures.derivative import derivative_picture
from gradwidgets.pictures.gradient import gradient_picture
from gradwidgets.pictures.partials import partials_picture
from gradwidgets.rendering.typesetting import as_html

MATHEMATICS = {
    *("math", "mrow", "mi", "mo", "mn", "mtext", "mspace", "mstyle", "mfrac", "msqrt", "mroot"),
    *("msub", "msup", "msubsup", "mover", "munder", "munderover"),
}


def tree(text):
    return ElementTree.fromstring(f"<p>{as_html(text)}</p>")


def letters(text):
    return "".join(tree(text).itertext())


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("", ""),
        ("Loss & slope <1>", "Loss & slope <1>"),
        ("$f(x) = x^{2}$", "f(x)=x2"),
        (r"Slope $\Vert\nabla f\Vert$ now", "Slope ‖∇f‖ now"),
        (r"learning rate $\alpha$", "learning rate α"),
        (r"costs 5\$", "costs 5$"),
        ("one $ alone", "one $ alone"),
    ],
)
def test_text_stays_text_and_mathematics_is_typeset(text, read):
    assert letters(text) == read


def test_a_power_a_fraction_and_a_root_are_set_as_such():
    found = {one.tag for one in tree(r"$\frac{x^{6}}{6} + \sqrt{y_{1}}$").iter()}
    assert {"mfrac", "msup", "msqrt", "msub"} <= found


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("$f(x, y) = -x^{2} + y - 1$", ["f(x,y)", "=−x2", "+y", "−1"]),
        (r"$\left(x + y\right)^{2} - \frac{x + 1}{2}$", ["(x+y)2", "−x+12"]),
        ("$x$ and $-x$", ["x", "−x"]),
    ],
)
def test_a_line_may_break_before_the_signs_of_a_sum_and_within_nothing(text, parts):
    assert ["".join(one.itertext()) for one in tree(text).iter("math")] == parts


def panels_of(picture):
    for panel in picture.panels:
        yield from (panel, *panel.others)


def pictures(field):
    yield partials_picture(field)
    if len(field.variables) == 1:
        yield derivative_picture(field)
    if len(field.variables) == 2:
        yield gradient_picture(field, view="both")
        yield curvature_picture(field)


@pytest.mark.parametrize("name", catalog)
def test_every_title_of_the_catalogue_is_mathematics(name):
    for picture in pictures(catalog[name].field):
        for panel in panels_of(picture):
            for text in (panel.title, panel.xlabel, panel.ylabel):
                found = {one.tag for one in tree(text).iter()}
                assert found <= {"p", *MATHEMATICS}
                assert ("math" in found) == ("$" in text)
                assert "\\" not in letters(text)


HOSTILE = [
    r"$\text{<script>alert(1)</script>}$",
    r"$\href{javascript:alert(1)}{x}$",
    r"$\style{background:url(x)}{x}$",
    r"$\class{gw}{x}$",
    r"$\color{red}{x}$",
    "<script>alert(1)</script>",
    "$<img src=x onerror=alert(1)>$",
    "$a & b$",
    "$\\",
    "$x_{1$",
    r"$\left($",
    r"$\begin{matrix}$",
    r"$\frac$",
    "$x^$",
    "$^^$",
    "$}{$",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_formula_is_text(text):
    assert_harmless(text)


@given(st.text(alphabet="$\\{}_^<>&\"'ax1 /=;()|", max_size=24))
def test_any_text_is_well_formed(text):
    assert_harmless(text)


def assert_harmless(text):
    for one in tree(text).iter():
        assert one.tag in {"p", *MATHEMATICS}
        assert not {"href", "style", "class", "onerror", "src"} & set(one.attrib)


def test_a_callable_s_names_are_no_markup():
    field = ScalarField(lambda x, y: x * y)
    titles = [panel.title for panel in gradient_picture(field).panels]
    assert all(tree(title) is not None for title in titles)


def test_a_prime_is_not_raised_twice():
    assert '<mrow><mi>f</mi><mo form="postfix">′</mo></mrow>' in as_html("$f'$")
