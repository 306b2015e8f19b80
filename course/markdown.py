"""Markdown as HTML, with formulas as MathML, which browsers typeset without a script."""

from __future__ import annotations

import re

from latex2mathml.converter import convert
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

_ROOM = re.compile(r"\\\\\[[^\]]*\]")  # \\[2ex], of which latex2mathml would show the measure
# Few readers have a font whose parentheses grow; a matrix gets its own from the style sheet.
_MATRIX = re.compile(
    r"<mo[^>]*>&#x00028;</mo>(<mtable)([^>]*>.*?</mtable>)<mo[^>]*>&#x00029;</mo>", re.DOTALL
)


class Renderer(IPythonRenderer):
    """nbconvert's own, but for formulas, and for links from notebook to notebook."""

    def block_math(self, body: str) -> str:
        """A formula on a line of its own."""
        return f'<span class="formula">{_formula(body, "block")}</span>'

    def inline_math(self, body: str) -> str:
        """A formula in a line."""
        return _formula(body)

    def link(self, text: str, url: str, title: str | None = None) -> str:
        """A link; where a notebook leads to another, a page leads to the other's page."""
        page = url.removesuffix(".ipynb") + ".html" if url.endswith(".ipynb") else url
        return super().link(text, page, title)


def _formula(latex: str, display: str = "inline") -> str:
    made = convert(_ROOM.sub(r"\\\\", latex), display=display)
    return _MATRIX.sub(r'\1 class="matrix"\2', made)


def line_as_html(text: str) -> str:
    """A line of Markdown, without a paragraph around it.

    >>> line_as_html("*this*")
    '<em>this</em>'
    """
    return as_html(text).strip().removeprefix("<p>").removesuffix("</p>")


def as_html(text: str) -> str:
    """Markdown as HTML.

    >>> as_html("See [this](01-derivative.ipynb)")
    '<p>See <a href="01-derivative.html">this</a></p>\\n'
    >>> "<msup><mi>x</mi><mn>2</mn></msup>" in as_html("$x^2$")
    True
    """
    renderer = Renderer(escape=False, exclude_anchor_links=True)
    return str(MarkdownWithMath(renderer=renderer).render(text))
