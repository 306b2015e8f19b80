"""Predict first in pages without a kernel: asked, answered by mouse and keys, judged, scored."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

import gradwidgets as gw
from gradwidgets.calculus.endings import told_by
from gradwidgets.calculus.score import SCORED
from gradwidgets.explorers.predict import AGAIN, ALONE, FIRST
from gradwidgets.pictures.asked import VERDICT, WAITS
from tests.browser.paged import alone, show, wait_verified
from tests.browser.view import View

# On a page that is awake: all words and attributes, of what is folded and hidden, too.
EVERYTHING = """() => {
  const all = document.documentElement.cloneNode(true);
  all.querySelectorAll("script, style").forEach((one) => one.remove());
  return all.outerHTML;
}"""
SAYS = "(root, words) => root.querySelector('.gw-captions p')?.dataset.text.includes(words)"

ASKS = "(root) => root.querySelectorAll('.gw-captions p')[1].dataset.text.endsWith('Check.')"


def gradient(**options: Any) -> gw.GradientExplorer:
    return gw.GradientExplorer("x**2 + 3*y**2", predict=True, seed=2, **options)


def pulled(view: View) -> None:
    """Pull the handle by the mouse."""
    view.pull(view.root.locator(".gw-handle:visible").first, view.look(), 60, -40)


def turned(view: View) -> None:
    """Move the handle by keys."""
    handle = view.root.locator(".gw-handle:visible").first
    handle.press("Shift+ArrowUp")
    handle.press("Shift+ArrowRight")


def chosen(view: View) -> None:
    view.root.get_by_role("radio").nth(1).check(force=True)


CASES: dict[str, tuple[Callable[[], Any], Callable[[View], None]]] = {
    "tangent": (lambda: gw.DerivativeExplorer(predict=True), turned),
    "gradient": (gradient, pulled),
    "kind": (lambda: gw.CurvatureExplorer(predict=True, question=4), chosen),
    "step": (lambda: gw.DescentExplorer(predict=True, kinds="step", lock=True), turned),
    "converges": (lambda: gw.DescentExplorer(predict=True, kinds="converges"), chosen),
    "rate": (lambda: gw.DescentExplorer("x**2 + 3*y**2", predict=True, kinds="rate"), pulled),
}


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    with alone(browser, viewport={"width": 1000, "height": 900}) as page:
        yield page


def shown(page: Page, folder: Path, explorer: Any) -> View:
    explorer.save(folder / "page.html")
    (view,) = show(page, folder / "page.html")
    view.wait_drawn()
    return view


def named(view: View, name: str) -> Locator:
    return view.root.get_by_role("button", name=name, exact=True)


def push(view: View, name: str) -> None:
    named(view, name).click()


def spelled(number: float) -> set[str]:
    """A number as it may be written; nothing for one that stands everywhere."""
    if not np.isfinite(number) or abs(number - round(number, 2)) < 1e-9:
        return set()
    return {f"{abs(number):.{digits}g}" for digits in (4, 6, 12)}


@pytest.mark.parametrize("kind", CASES)
def test_a_page_asks_judges_and_keeps_the_score(page: Page, tmp_path: Path, kind: str) -> None:
    make, answer = CASES[kind]
    explorer, other = make(), make()
    view = shown(page, tmp_path, explorer)
    assert wait_verified(view) == ""
    question = view.captions[0]
    assert question == explorer.scene.captions[0]
    answer(view)
    other.guess = tuple(one + 1.0 for one in other.guess)
    other.checked = other.question
    everything = page.evaluate(EVERYTHING)
    secret = set().union(*map(spelled, np.split(other.scene[VERDICT][3:], 2)[0]))
    assert [one for one in secret if one in everything] == []
    assert view.captions[:2] == [question, WAITS]

    push(view, "Check")
    view.wait(
        "(root, words) => root.querySelector('.gw-captions p').dataset.text !== words", question
    )
    verdict = view.captions[0]
    view.root.locator("summary", has_text="Score").click()
    cells = view.root.locator("td").all_text_contents()
    assert len(cells) == len(SCORED)
    assert cells[:3] == [str(explorer.question), kind, explorer.field.text]
    expect(named(view, "Check")).to_have_attribute("aria-disabled", "true")
    named(view, "Check").click(force=True)
    assert view.root.locator(".gw-handle:visible").count() == 0
    assert view.root.locator("input[type=radio]:enabled").count() == 0
    assert view.captions[0] == verdict
    assert view.root.locator("td").count() == len(SCORED)

    push(view, "Next question")
    view.wait(ASKS)
    assert "?" in view.captions[0]
    expect(named(view, "Check")).to_have_attribute("aria-disabled", "false")
    if kind in ("kind", "converges"):
        assert view.root.locator("input[type=radio]:checked").count() == 0
        assert view.root.locator("input[type=radio]:enabled").count() == 3


def test_an_answer_that_was_checked_can_t_be_changed(page: Page, tmp_path: Path) -> None:
    view = shown(page, tmp_path, CASES["kind"][0]())
    push(view, "Check")
    view.wait("(root, words) => root.querySelector('.gw-note').textContent === words", FIRST)
    chosen(view)
    push(view, "Check")
    view.wait("(root) => root.querySelector('td')")
    before = view.captions[0]
    view.root.get_by_role("radio").nth(2).click(force=True)
    view.wait("(root) => root.querySelectorAll('input[type=radio]')[1].checked")
    assert view.captions[0] == before


def test_a_second_answer_is_told_that_the_first_one_counts(page: Page, tmp_path: Path) -> None:
    view = shown(page, tmp_path, gradient())
    question = view.captions[0]
    pulled(view)
    push(view, "Check")
    cells = view.root.locator("td")
    expect(cells).to_have_count(len(SCORED))
    told = cells.all_text_contents()
    expect(named(view, "Check")).to_be_focused()  # where keys go on
    note = view.root.locator(".gw-note")
    expect(note).to_have_text("")
    menu = view.root.get_by_label("Question", exact=True)
    menu.select_option("2")
    view.wait(ASKS)
    menu.select_option("1")
    view.wait(
        "(root, words) => root.querySelector('.gw-captions p').dataset.text === words", question
    )
    turned(view)
    push(view, "Check")
    expect(note).to_have_text(AGAIN)
    assert cells.all_text_contents() == told


def test_the_score_can_be_copied(page: Page, tmp_path: Path) -> None:
    view = shown(page, tmp_path, gradient(lock=True))
    page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error()); }")
    pulled(view)
    push(view, "Check")
    view.wait("(root) => root.querySelector('td')")
    push(view, "copy my score")
    text = view.root.locator("textarea").first.input_value()
    head, row, last = text.split("\n")
    assert head.split("\t") == list(SCORED)
    assert row.split("\t")[:3] == ["1", "gradient", "x**2 + 3*y**2"]
    assert re.fullmatch("[01] of 1 right", last)
    assert view.root.locator("summary").all_text_contents() == ["Score"]


@pytest.mark.parametrize("kind", CASES)
def test_a_page_s_record_is_python_s(page: Page, tmp_path: Path, kind: str) -> None:
    """Also of numbers that are whole: what is exactly right."""
    explorer = CASES[kind][0]()
    place, told = answer_to(explorer), explorer.question
    explorer.save(tmp_path / "page.html")
    names = "&".join(f"guess+{k}={one!r}" for k, one in enumerate(place))
    (view,) = show(page, tmp_path / "page.html", f"#{names}")
    push(view, "Check")
    explorer.guess = place
    explorer.checked = told
    assert explorer.score.right == 1
    cells = re.findall("<td>(.*?)</td>", explorer.score._repr_html_())
    view.root.locator("summary", has_text="Score").click()
    expect(view.root.locator("td")).to_have_text(cells)


def answer_to(explorer: Any) -> tuple[float, ...]:
    """What is right, as a guess."""
    asked = explorer._asked
    slope = asked.field.gradient(asked.point)
    if asked.kind == "tangent":
        return (float(asked.start[0] + slope[0] * asked.scale),)
    if asked.kind in ("gradient", "step"):
        sign = 1 if asked.kind == "gradient" else -1
        return tuple(map(float, np.add(asked.point, sign * asked.scale * slope)))
    least, most = map(float, np.linalg.eigvalsh(asked.field.hessian(asked.aim or asked.point)))
    if asked.kind == "kind":
        return (0.0 if least > 0 else 1.0 if most < 0 else 2.0,)
    return (told_by(asked.scale * most),) if asked.kind == "converges" else (2 / most,)


@pytest.mark.parametrize("kind", CASES)
def test_what_another_reader_has_checked_counts_for_nobody(
    page: Page, tmp_path: Path, kind: str
) -> None:
    explorer = CASES[kind][0]()
    names = "&".join(f"guess+{k}={one!r}" for k, one in enumerate(answer_to(explorer)))
    explorer.save(tmp_path / "page.html")
    (view,) = show(page, tmp_path / "page.html", f"#{names}&checked={explorer.question}")
    view.wait(SAYS, "Right")
    view.root.locator("summary", has_text="Score").click()
    score = view.root.locator(".gw-page", has_text="Score")
    expect(score).to_contain_text("Nothing is answered yet.")
    expect(named(view, "Check")).to_have_attribute("aria-disabled", "true")
    push(view, "Next question")
    view.wait(ASKS)
    CASES[kind][1](view)
    push(view, "Check")
    expect(view.root.locator("td")).to_have_count(len(SCORED))
    expect(score).to_contain_text("of 1 right")


def test_the_mode_can_be_left_where_it_is_not_locked(page: Page, tmp_path: Path) -> None:
    view = shown(page, tmp_path, gradient())
    button = view.root.get_by_role("button", name="Predict", exact=True)
    expect(button).to_have_attribute("aria-pressed", "true")
    button.click()
    view.wait(SAYS, "slope")
    expect(button).to_have_attribute("aria-pressed", "false")
    expect(button).to_be_focused()
    page.keyboard.press("Enter")
    view.wait(SAYS, "What is ∇f")
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(button).to_be_focused()


def test_a_page_that_was_not_saved_with_questions_says_why_it_has_none(
    page: Page, tmp_path: Path
) -> None:
    view = shown(page, tmp_path, gw.GradientExplorer("x*y"))
    button = view.root.get_by_role("button", name="Predict", exact=True)
    expect(button).to_be_disabled()
    assert button.get_attribute("title") == ALONE


def test_reset_leads_back_to_how_it_was_opened(page: Page, tmp_path: Path) -> None:
    view = shown(page, tmp_path, gradient(question=2))
    look, question = view.look(), view.captions[0]
    pulled(view)
    push(view, "Check")
    view.wait("(root) => root.querySelector('td')")
    push(view, "Next question")
    view.wait(ASKS)
    turned(view)
    push(view, "Reset")
    view.wait_look(look)
    assert view.captions[:2] == [question, WAITS]
    expect(view.root.locator("td")).to_have_count(len(SCORED))
    view.root.get_by_role("button", name="Predict", exact=True).click()
    view.wait(SAYS, "slope")
    push(view, "Reset")
    view.wait_look(look)
    assert view.captions[:2] == [question, WAITS]


@pytest.mark.parametrize("kind", CASES)
def test_it_is_answered_by_keys_alone(page: Page, tmp_path: Path, kind: str) -> None:
    view = shown(page, tmp_path, CASES[kind][0]())
    question = view.captions[0]
    if kind in ("kind", "converges"):
        view.root.get_by_role("radio").first.focus()
        page.keyboard.press("Space")
    else:
        view.root.locator(".gw-handle:visible").first.focus()
        page.keyboard.press("Shift+ArrowUp")
        page.keyboard.press("Shift+ArrowRight")
    view.root.get_by_role("button", name="Check", exact=True).focus()
    page.keyboard.press("Enter")
    view.wait("(root) => root.querySelector('td')")
    assert view.captions[0] != question
    view.root.get_by_role("button", name="Next question").focus()
    page.keyboard.press("Space")
    view.wait(ASKS)


def test_without_numbers_and_formula_none_is_told(page: Page, tmp_path: Path) -> None:
    explorer = gradient(hide=("formula", "numbers"))
    with_numbers = shown(page, tmp_path, gradient()).look()
    view = shown(page, tmp_path, explorer)
    assert view.captions == [explorer.scene.captions[0], WAITS]
    assert "3*y" not in page.evaluate(EVERYTHING)
    assert view.look() != with_numbers
