"""Docstrings as HTML: prose, sections of names and what they mean, and examples."""

from __future__ import annotations

import html
import re

from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonConsoleLexer, PythonLexer

# In prose: code between backticks, and titles of books between stars; a product's star is neither.
_MARKED = re.compile(r"`(?P<code>[^`]+)`|(?<![\w*])\*(?P<title>[A-Z][^*`]+\w)\*(?![\w*])")
_HEADINGS = {
    "Args:": "Parameters", "Returns:": "Gives", "Raises:": "Errors", "Attributes:": "Attributes"
}  # fmt: skip
_ENTRY = re.compile(r"(?! )(?P<names>[\w, ]+): (?P<text>.*)", re.DOTALL)
_FORMATTER = HtmlFormatter(cssclass="highlight")


def as_html(text: str, links: dict[str, str], level: int = 3) -> str:
    """A docstring, cleaned of its indentation, as HTML.

    Args:
        text: the docstring.
        links: addresses by name, for names that it has between backticks.
        level: of the headings in it.

    >>> as_html("The `Grid` of x*y.", {"Grid": "Grid.html"})
    '<p>The <a href="Grid.html"><code>Grid</code></a> of x*y.</p>'
    """
    blocks = (block.splitlines() for block in text.split("\n\n"))
    return "\n".join(_block(block, links, f"h{level}") for block in blocks)


def prose(text: str, links: dict[str, str]) -> str:
    """A few words as HTML."""
    return _MARKED.sub(lambda found: _marked(found, links), html.escape(text, quote=False))


def code(text: str) -> str:
    """Python as HTML."""
    return str(highlight(text, PythonLexer(), _FORMATTER))


def _marked(found: re.Match[str], links: dict[str, str]) -> str:
    if found["title"]:
        return f"<cite>{found['title']}</cite>"
    name, shown = found["code"].removeprefix("gw."), f"<code>{found['code']}</code>"
    return f'<a href="{links[name]}">{shown}</a>' if name in links else shown


def _block(lines: list[str], links: dict[str, str], tag: str) -> str:
    if lines[0].startswith(">>>"):
        return str(highlight("\n".join(lines), PythonConsoleLexer(), _FORMATTER))
    if told := _HEADINGS.get(lines[0]):
        return f"<{tag}>{told}</{tag}>\n{_section(lines[1:], links)}"
    if lines[0].startswith("- "):
        items = "\n".join(lines).removeprefix("- ").split("\n- ")
        return f"<ul>{''.join(f'<li>{prose(item, links)}</li>' for item in items)}</ul>"
    return f"<p>{prose(' '.join(lines), links)}</p>"


def _section(lines: list[str], links: dict[str, str]) -> str:
    """Names with what they mean; where no names stand, the words alone."""
    found = [_ENTRY.fullmatch(entry) for entry in _entries(lines)]
    if not all(found):
        return f"<p>{prose(' '.join(map(str.strip, lines)), links)}</p>"
    told = "\n".join(_entry(one, links) for one in found if one)
    return f"<dl>\n{told}\n</dl>"


def _entries(lines: list[str]) -> list[str]:
    """The entries of a section, whose further lines are indented more."""
    text = "\n".join(lines)
    return [" ".join(entry.split()) for entry in re.split(r"\n {4}(?! )", f"\n{text}")[1:]]


def _entry(found: re.Match[str], links: dict[str, str]) -> str:
    names = ", ".join(prose(f"`{name}`", links) for name in found["names"].split(", "))
    return f"<dt>{names}</dt><dd>{prose(found['text'], links)}</dd>"
