"""Titles and names of axes as HTML: what stands between dollar signs becomes MathML."""

from __future__ import annotations

import html
import re
from functools import lru_cache
from xml.etree import ElementTree

_DOLLAR = re.compile(r"(?<!\\)\$")
# What the reader of LaTeX may make of a formula; anything else is shown as it was written.
_TAGS = {
    *("math", "mrow", "mi", "mo", "mn", "mtext", "mspace", "mstyle", "mfrac", "msqrt", "mroot"),
    *("msub", "msup", "msubsup", "mover", "munder", "munderover"),
}
_ATTRIBUTES = {
    *("display", "stretchy", "fence", "form", "mathvariant", "width", "linethickness", "accent"),
    *("displaystyle", "scriptlevel", "minsize", "maxsize", "separator"),
}
_PRIMES = {"′", "″", "‴"}
_BREAKS = {"=", "+", "−"}
_SPACE = "{http://www.w3.org/1998/Math/MathML}"


@lru_cache(maxsize=512)
def as_html(text: str) -> str:
    """A text with formulas between dollar signs, as HTML that holds nothing but text and MathML.

    A formula that can't be read is shown as it was written.

    >>> as_html("Loss < 1"), as_html("$x$ first")
    ('Loss &lt; 1', '<math display="inline"><mrow><mi>x</mi></mrow></math> first')
    """
    parts = _DOLLAR.split(text)
    if len(parts) % 2 == 0:  # one dollar sign too many
        return _escaped(text)
    return "".join(
        _formula(part) if place % 2 else _escaped(part) for place, part in enumerate(parts)
    )


def _escaped(text: str) -> str:
    return html.escape(text.replace(r"\$", "$"))


def _formula(latex: str) -> str:
    from latex2mathml.converter import convert  # it takes a tenth of a second

    try:
        tree = ElementTree.fromstring(convert(latex))
    except Exception:  # whatever a text may do to a reader that knows no errors of its own
        return _escaped(latex)
    if not _is_harmless(tree):
        return _escaped(latex)
    _lower_primes(tree)
    return "".join(map(_plain, _pieces(tree)))


def _lower_primes(tree: ElementTree.Element) -> None:
    """Primes as signs behind their letter: fonts have them raised already."""
    for one in tree.iter(f"{_SPACE}msup"):
        if one[1].text in _PRIMES:
            one.tag, one[1].tag = f"{_SPACE}mrow", f"{_SPACE}mo"
            one[1].set("form", "postfix")


def _pieces(tree: ElementTree.Element) -> list[ElementTree.Element]:
    """A formula in parts between which a line may break: before a sum's signs, and before `=`.

    Browsers do not break formulas.
    """
    if [one.tag for one in tree] != [f"{_SPACE}mrow"]:
        return [tree]
    pieces: list[list[ElementTree.Element]] = [[]]
    for one in tree[0]:
        last = pieces[-1][-1] if pieces[-1] else None
        after = last is not None and (last.tag != f"{_SPACE}mo" or last.text == ")")
        if after and one.tag == f"{_SPACE}mo" and one.text in _BREAKS:
            one.set("form", "infix")  # with room around it where it is the first
            pieces.append([])
        pieces[-1].append(one)
    return [_formula_of(tree, parts) for parts in pieces]


def _formula_of(tree: ElementTree.Element, parts: list[ElementTree.Element]) -> ElementTree.Element:
    """A formula of some of the parts of another one."""
    made = ElementTree.Element(tree.tag, tree.attrib)
    ElementTree.SubElement(made, tree[0].tag).extend(parts)
    return made


def _is_harmless(tree: ElementTree.Element) -> bool:
    return all(
        one.tag.removeprefix(_SPACE) in _TAGS and _ATTRIBUTES.issuperset(one.attrib)
        for one in tree.iter()
    )


def _plain(tree: ElementTree.Element) -> str:
    """The tree as HTML, where MathML needs no name of its own."""
    for one in tree.iter():
        one.tag = one.tag.removeprefix(_SPACE)
    return ElementTree.tostring(tree, encoding="unicode")
