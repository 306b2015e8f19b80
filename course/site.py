"""The site: what pages it has, how they hang together, and their writing."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from os import cpu_count
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from course import docstrings, lessons, markdown, reference
from course.lessons import Lesson
from course.reference import Entry
from gradwidgets.rendering.page import front_end

HERE = Path(__file__).parent
ROOT = HERE.parent
REPOSITORY = "gradwidgets/gradwidgets"
BINDER = f"https://mybinder.org/v2/gh/{REPOSITORY}/HEAD?urlpath=lab/tree/notebooks/"
LITE = "lite/lab/index.html?path="
TAG = "<script>\n", "</script>"


def build(folder: Path, *, lite: bool = False) -> None:
    """Write the site.

    Args:
        folder: where to.
        lite: whether JupyterLite goes with it, in which students type functions of their own.
    """
    course = lessons.all_lessons()
    write_shared(folder)
    write_lessons(folder, course, course, lite)
    write_reference(folder)
    write_first_page(folder, course, lite)
    if lite:
        write_lite(folder / "lite")


def write_shared(folder: Path) -> None:
    """What several pages need."""
    for part in ("reference", "notebooks", "pictures"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    shutil.copyfile(HERE / "style.css", folder / "style.css")
    (folder / "gradwidgets.js").write_text(script(), "utf-8")


def write_first_page(folder: Path, course: Sequence[Lesson], lite: bool) -> None:
    """Where the site begins."""
    groups = reference.grouped()
    render(folder / "index.html", "index", course=course, groups=groups, lite=lite)


def script() -> str:
    """What wakes explorers, in a file that all pages share and a browser keeps.

    It is no module: a browser refuses those that a page from a folder names.
    """
    start, end = TAG
    return front_end().removeprefix(start).removesuffix(end)


def write_lessons(
    folder: Path, wanted: Iterable[Lesson], course: Sequence[Lesson], lite: bool
) -> None:
    """A page for each lesson that is wanted, with links to its neighbours in the course."""
    with ThreadPoolExecutor(cpu_count()) as several:  # each has a kernel of its own
        made = several.map(lambda one: (one, lessons.executed(one.path)), wanted)
    for lesson, notebook in made:
        place = course.index(lesson)
        shutil.copyfile(lesson.path, folder / "notebooks" / lesson.path.name)
        (folder / lesson.picture).write_bytes(lessons.picture(notebook))
        render(
            folder / lesson.page,
            "lesson",
            lesson=lesson,
            course=course,
            body=lessons.body(notebook),
            before=course[place - 1] if place else None,
            after=course[place + 1] if place + 1 < len(course) else None,
            lite=lite,
        )


def write_reference(folder: Path) -> None:
    """A page for each public name, one for what all explorers share, and one with all of them."""
    groups = reference.grouped()
    names = [entry for group in groups.values() for entry in group]
    for entry in (*names, reference.every_explorer()):
        write_entry(folder, entry)
    render(folder / "reference/index.html", "reference", groups=groups, every=reference.EVERY)


def write_entry(folder: Path, entry: Entry) -> None:
    """A page of the reference."""
    path = folder / "reference" / entry.page
    render(path, "entry", entry=entry, alive=alive(entry), every=reference.EVERY)


def alive(entry: Entry) -> str:
    """An explorer as it opens, for its page of the reference."""
    if entry.explorer is None:
        return ""
    explorer = entry.explorer()
    told = explorer.to_html(script=False)
    explorer.close()
    return told


def write_lite(folder: Path) -> None:
    """JupyterLite with the lessons."""
    subprocess.run([sys.executable, ROOT / "lite/build.py", folder], check=True)


def render(path: Path, template: str, **told: Any) -> None:
    """Write a page."""
    path.write_text(_templates().get_template(f"{template}.html.j2").render(told), "utf-8")


@cache
def _templates() -> Environment:
    made = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(markdown=markdown.line_as_html, python=docstrings.code)
    made.globals.update(binder=BINDER, to_lite=LITE, source=f"https://github.com/{REPOSITORY}")
    return made
