"""The course as a site: complete, linked, and nothing in it comes from a network."""

from __future__ import annotations

import doctest
import inspect
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from types import ModuleType
from urllib.parse import unquote, urlsplit

import ipywidgets
import nbformat
import pytest

import gradwidgets as gw
from course import docstrings, lessons, markdown, reference, site
from course.alive import Outputs

ROOT = Path(__file__).parents[1]
COURSE = lessons.all_lessons()
FORMULA = re.compile(r"\$\$.+?\$\$|(?<![\\$])\$[^$\n]+\$", re.DOTALL)
TO_TYPE = re.compile(r"`([^`]+)`")
TO_CHOOSE = re.compile(r"[Cc]hoose (?:the example )?\*([A-Z][^*]*)\*")


class Links(HTMLParser):
    """What a page leads to, what it loads, and the names of its places."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.leads, self.loads, self.places = list[str](), list[str](), set[str]()
        self.tags = list[str]()
        self.feed(path.read_text("utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        self.tags.append(tag)
        self.places.add(told.get("id") or "")
        if href := told.get("href"):
            (self.leads if tag == "a" else self.loads).append(href)
        self.loads += [source for name in ("src", "srcset", "data") if (source := told.get(name))]


def unexecuted(path: Path) -> nbformat.NotebookNode:
    return lessons.without_left_out(nbformat.read(path, as_version=4))


def empty_lite(folder: Path) -> None:
    """The one page of JupyterLite that others lead to."""
    (folder / "lab").mkdir(parents=True)
    (folder / "lab/index.html").write_text("", "utf-8")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site, but its cells were not run: so it takes a second."""
    made = tmp_path_factory.mktemp("site")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lessons, "executed", unexecuted)
        patch.setattr(site, "alive", lambda entry: "")
        patch.setattr(site, "write_lite", empty_lite)
        site.build(made, lite=True)
    return made


def pages(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*.html") if "lite" not in path.parts)


def text_of(folder: Path, name: str) -> str:
    return (folder / name).read_text("utf-8")


# ── the plan ─────────────────────────────────────────────────────────────────────────────────────


def test_every_notebook_is_a_lesson_with_a_title_and_a_sentence() -> None:
    assert [one.path for one in COURSE] == sorted((ROOT / "notebooks").glob("*.ipynb"))
    assert COURSE[1].title == "The derivative"
    assert COURSE[1].sentence == "From the secant to the tangent."
    assert all(one.sentence[0].isupper() and one.sentence.endswith(".") for one in COURSE)


def named_functions(path: Path) -> Iterator[str]:
    """What a lesson tells its reader to type or to choose."""
    for cell in unexecuted(path).cells:
        for line in cell.source.splitlines() if cell.cell_type == "markdown" else ():
            found = TO_TYPE.findall(line) if re.search(r"\b[Tt]ype\b", line) else []
            yield from (text for text in found if re.search(r"[*(]", text))
            for title in TO_CHOOSE.findall(line):
                yield from (k for k, one in gw.catalog.items() if one.title.startswith(title))


@pytest.mark.parametrize("lesson", COURSE, ids=lambda one: one.path.stem)
def test_what_a_lesson_tells_to_type_is_offered_by_a_menu(lesson: lessons.Lesson) -> None:
    offered = lessons.OFFERED.get(lesson.path.stem, {}).values()
    assert set(named_functions(lesson.path)) == {one for functions in offered for one in functions}


def test_every_public_name_has_a_place_in_the_reference() -> None:
    placed = [name for names in reference.GROUPS.values() for name in names]
    assert sorted(placed) == sorted(gw.__all__)


# ── the pages ────────────────────────────────────────────────────────────────────────────────────


def test_every_lesson_and_every_public_name_has_a_page(folder: Path) -> None:
    made = {path.relative_to(folder).as_posix() for path in pages(folder)}
    names = {f"reference/{name}.html" for name in (*gw.__all__, "Explorer", "index")}
    assert made == {"index.html", *(one.page for one in COURSE), *names}


def test_all_links_lead_somewhere(folder: Path) -> None:
    read = {path: Links(path) for path in pages(folder)}
    for path, links in read.items():
        for link in (*links.leads, *links.loads):
            address = urlsplit(link)
            if address.scheme in ("https", "data"):
                continue
            target = (path.parent / unquote(address.path)).resolve() if address.path else path
            assert target.is_file(), f"{path.name} leads to {link}"
            notebook = address.query.removeprefix("path=")  # that JupyterLite is to open
            assert not notebook or (ROOT / "notebooks" / notebook).is_file()
            assert not address.fragment or address.fragment in read[target].places


def test_nothing_is_loaded_from_a_network(folder: Path) -> None:
    for path in pages(folder):
        loads = (source for source in Links(path).loads if not source.startswith("data:"))
        assert not [source for source in loads if "//" in source], path.name
    for name in ("style.css", "gradwidgets.js"):
        assert not re.search(r"https?://(?!www\.w3\.org)|@import", text_of(folder, name))


def test_lessons_lead_to_their_neighbours_and_to_where_they_run(folder: Path) -> None:
    for place, lesson in enumerate(COURSE):
        text, leads = text_of(folder, lesson.page), Links(folder / lesson.page).leads
        before, after = COURSE[max(place - 1, 0)], COURSE[min(place + 1, len(COURSE) - 1)]
        assert (f'rel="prev" href="{before.page}"' in text) == (before != lesson)
        assert (f'rel="next" href="{after.page}"' in text) == (after != lesson)
        assert f"{site.BINDER}{lesson.path.name}" in leads
        assert f"notebooks/{lesson.path.name}" in leads
        assert f"{site.LITE}{lesson.path.name}" in leads
    assert site.BINDER in (ROOT / "README.md").read_text("utf-8")


def test_pages_share_one_script_which_is_no_module(folder: Path) -> None:
    assert "<script" not in text_of(folder, "gradwidgets.js")
    assert "gradwidgetsWake" in text_of(folder, "gradwidgets.js")
    for lesson in COURSE:
        assert '<script defer src="gradwidgets.js">' in text_of(folder, lesson.page)
        assert Links(folder / lesson.page).tags.count("script") == 1


def test_formulas_are_mathml(folder: Path) -> None:
    for lesson in COURSE:
        cells = [cell.source for cell in unexecuted(lesson.path).cells if cell.cell_type != "code"]
        formulas = FORMULA.findall("\n".join(cells))
        assert Links(folder / lesson.page).tags.count("math") == len(formulas)
        assert not re.search(r"\\[a-z]+\{|\[2ex\]", text_of(folder, lesson.page))


def test_what_needs_a_kernel_is_left_out_and_answers_are_folded(folder: Path) -> None:
    assert "Run All Cells" in COURSE[0].path.read_text("utf-8")
    assert "Run All Cells" not in text_of(folder, COURSE[0].page)
    for lesson in COURSE[1:]:
        assert "<details><summary>Answers</summary>" in text_of(folder, lesson.page)


def test_long_code_is_folded_and_short_code_is_not(folder: Path) -> None:
    notebook = unexecuted(COURSE[0].path)
    code = next(cell for cell in notebook.cells if cell.cell_type == "code")
    code.source = "x = 1\n" * 20
    assert '<details class="code"><summary>20 lines' in lessons.body(notebook)
    assert '<details class="code">' not in text_of(folder, COURSE[0].page)


def test_of_a_layout_the_explorers_are_shown_with_controls_of_their_own() -> None:
    explorer = gw.DerivativeExplorer("x**2", controls=False)
    box = ipywidgets.VBox([explorer.slider("h"), ipywidgets.HBox([explorer])])
    told = Outputs({}).of_layout(box)["text/html"]
    assert told.count('class="gw-alone"') == 1
    assert "In a notebook this layout stands here" in told
    assert explorer.controls
    box.close()
    explorer.close()


# ── the reference ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", reference.GROUPS["Explorers"])
def test_an_explorers_page_tells_all_its_parameters(folder: Path, name: str) -> None:
    text = text_of(folder, f"reference/{name}.html")
    told = set(re.findall(r"<dt><code>(\w+)</code></dt>", text))
    assert set(inspect.signature(getattr(gw, name)).parameters) <= told
    assert '<a href="Explorer.html">every explorer</a>' in text


def test_methods_have_their_places(folder: Path) -> None:
    places = {
        name: Links(folder / f"reference/{name}.html").places
        for name in ("Explorer", "ScalarField", "GradientTape", "CurvatureExplorer")
    }
    assert {"save", "to_html", "to_iframe", "figure", "code", "slider"} <= places["Explorer"]
    assert {"value", "gradient", "hessian", "on_grid"} <= places["ScalarField"]
    assert {"watch", "gradient", "jacobian", "why_none"} <= places["GradientTape"]
    assert "step" in places["CurvatureExplorer"]
    assert "save" not in places["CurvatureExplorer"]


def test_the_catalogue_is_told_in_full(folder: Path) -> None:
    text = text_of(folder, "reference/catalog.html")
    assert all(f"<code>{key}</code>" in text for key in gw.catalog)


def test_every_set_of_data_is_told_with_its_source(folder: Path) -> None:
    text = text_of(folder, "reference/datasets.html")
    assert all(f"<code>{key}</code>" in text for key in gw.datasets)
    assert "Presidential Commission" in text


DOCSTRING = """\
What `Grid` is for x*y.

Args:
    a, b: the one,
        and `z`.
    c: more.

>>> 1 + 1
2"""


def test_a_docstring_as_html() -> None:
    made = docstrings.as_html(DOCSTRING, {"Grid": "Grid.html"})
    assert '<p>What <a href="Grid.html"><code>Grid</code></a> is for x*y.</p>' in made
    assert "<h3>Parameters</h3>" in made
    assert "<dt><code>a</code>, <code>b</code></dt><dd>the one, and <code>z</code>.</dd>" in made
    assert "<dt><code>c</code></dt><dd>more.</dd>" in made
    assert '<span class="gp">&gt;&gt;&gt; </span>' in made


@pytest.mark.parametrize("module", [docstrings, markdown])
def test_the_builders_examples_run(module: ModuleType) -> None:
    found = doctest.testmod(module)
    assert found.attempted
    assert not found.failed


def test_a_list_in_a_docstring_and_the_title_of_a_book() -> None:
    made = docstrings.as_html("- one\n  more\n- two <3\n\nSee *Test functions*.", {})
    listed = "<ul><li>one\n  more</li><li>two &lt;3</li></ul>"
    assert made == f"{listed}\n<p>See <cite>Test functions</cite>.</p>"


def test_a_matrix_has_parentheses_of_its_own() -> None:
    made = markdown.as_html(r"$$\begin{pmatrix} a\\[2ex] b \end{pmatrix}$$")
    assert '<mtable class="matrix">' in made
    assert "ex" not in re.sub("<.*?>", "", made)
    assert "&#x00028;" not in made


# ── the words about it ───────────────────────────────────────────────────────────────────────────


def test_the_workflow_publishes_by_the_documented_command() -> None:
    told = (ROOT / "docs/embedding.md").read_text("utf-8").partition("## The course as a site")[2]
    (block,) = re.findall(r"```bash\n(.*?)```", told.partition("\n## ")[0], re.DOTALL)
    workflow = (ROOT / ".github/workflows/site.yml").read_text("utf-8")
    (run,) = re.findall(r"- run: \|\n((?: {10}.*\n)+)", workflow)
    assert [line.strip() for line in run.splitlines()] == block.splitlines()
    assert "path: site\n" in workflow
