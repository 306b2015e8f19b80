"""The course as a site: its pages opened as files, with the network cut off."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from course import lessons, reference, site
from tests.browser.axe import violations
from tests.browser.paged import alone, views, wait_verified
from tests.browser.view import View

ROOT = Path(__file__).parents[2]
COURSE = lessons.all_lessons()
LESSON = COURSE[2]  # of all the shortest
OFFERED = "abs(x) + y**2"  # of what it offers; each function takes a second
KIND = "GradientExplorer"
ASIDE = "() => document.documentElement.scrollWidth - innerWidth"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One lesson, one page of the reference, and the first page for them."""
    made = tmp_path_factory.mktemp("site")
    site.write_shared(made)
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(lessons.OFFERED, LESSON.path.stem, {1: (OFFERED,)})
        site.write_lessons(made, [LESSON], COURSE, lite=False)
    site.write_first_page(made, [LESSON], lite=False)
    site.write_entry(made, reference.entry(KIND))
    return made


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    with alone(browser, viewport={"width": 1280, "height": 800}) as page:
        yield page


def opened(page: Page, path: Path) -> list[View]:
    """The explorers of a page."""
    page.goto(path.as_uri())
    return views(page)


def test_a_lesson_answers_to_mouse_and_keys(page: Page, folder: Path) -> None:
    first, second = opened(page, folder / LESSON.page)
    assert [wait_verified(first), wait_verified(second)] == ["", ""]
    look, other = first.look(), second.look()
    handle = first.root.locator(".gw-handle:visible").first
    handle.scroll_into_view_if_needed()
    look = first.pull(handle, look, 60, 30)
    handle.press("Shift+ArrowLeft")
    look = first.other_look(look)
    first.root.locator("input[type=range]:visible").first.press("ArrowRight")
    first.other_look(look)
    assert second.look() == other


def test_a_function_that_the_text_names_is_in_the_menu(page: Page, folder: Path) -> None:
    (view, _) = opened(page, folder / LESSON.page)
    look = view.look()
    view.root.get_by_label("Function").select_option(label=OFFERED)
    view.other_look(look)
    assert view.root.get_by_label("f(x, y)").input_value() == OFFERED


def test_keys_open_the_answers_and_lead_to_the_next_lesson(page: Page, folder: Path) -> None:
    opened(page, folder / LESSON.page)
    answers = page.locator("details", has_text="Answers").last
    assert answers.get_attribute("open") is None
    answers.locator("summary").press("Enter")
    answers.locator("li").first.wait_for()
    link = page.locator("a[rel=next]")
    (page_after,) = (one.page for one in COURSE if one.title in (link.text_content() or ""))
    assert page_after == COURSE[3].page
    (folder / page_after).write_text("<title>next</title>", "utf-8")
    link.press("Enter")
    page.wait_for_function("document.title === 'next'")


def test_the_first_page_leads_to_a_lesson_that_lives(page: Page, folder: Path) -> None:
    page.goto((folder / "index.html").as_uri())
    picture = page.get_by_role("link", name=LESSON.title).locator("img")
    assert picture.evaluate("(one) => one.decode().then(() => one.naturalWidth)") > 200
    page.get_by_role("link", name=LESSON.title).click()
    (view, _) = views(page)
    assert wait_verified(view) == ""


def test_the_reference_shows_a_live_explorer(page: Page, folder: Path) -> None:
    (view,) = opened(page, folder / f"reference/{KIND}.html")
    assert wait_verified(view) == ""
    look = view.look()
    view.root.locator(".gw-handle:visible").first.press("Shift+ArrowRight")
    view.other_look(look)


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (360, "dark")])
def test_pages_fit_their_width_and_the_systems_theme(
    browser: Browser, folder: Path, width: int, scheme: str
) -> None:
    with alone(browser, viewport={"width": width, "height": 800}, color_scheme=scheme) as page:
        for view in opened(page, folder / LESSON.page):
            view.wait(f"(root) => root.querySelector('[data-gw-theme={scheme}]')")
        assert page.evaluate(ASIDE) == 0
        assert violations(page, "html", preload=False) == []
        opened(page, folder / f"reference/{KIND}.html")
        assert page.evaluate(ASIDE) == 0
        assert violations(page, "html", preload=False) == []


# ── all of it ────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the one command makes."""
    made = tmp_path_factory.mktemp("whole")
    subprocess.run([sys.executable, "-m", "course", made], cwd=ROOT, check=True)
    return made


@pytest.mark.slow
@pytest.mark.parametrize("width", [1280, 360])
def test_every_page_of_the_site_is_alive_and_right(
    browser: Browser, whole: Path, width: int
) -> None:
    pages = sorted(whole.rglob("*.html"))
    assert len(pages) > len(COURSE) + len(reference.GROUPS["Explorers"])
    with alone(browser, viewport={"width": width, "height": 800}) as page:
        page.set_default_timeout(60_000)
        for path in pages:
            page.goto(path.as_uri())
            live = views(page) if page.locator(".gw-alone").count() else []
            assert [wait_verified(view) for view in live] == [""] * len(live), path.name
            assert page.evaluate(ASIDE) == 0, path.name
            assert bool(live) or path.parent.name == "reference" or path.stem == "index"
