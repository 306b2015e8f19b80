"""What the page for teachers puts up on the screen opens, and is what it says."""

import re
from pathlib import Path

import pytest

import gradwidgets as gw
from gradwidgets.explorers.base import Explorer

PAGE = Path(__file__).parents[1] / "docs/teaching.md"
TEXT = PAGE.read_text("utf-8")
SHOWN = re.findall(r"`(gw\.\w+\(.*?\))`", TEXT)
HEADINGS = re.compile(r"^#+ (.*)$", re.MULTILINE)


def anchors(path: Path) -> set[str]:
    """The places of a page, as GitHub names them."""
    found = HEADINGS.findall(path.read_text("utf-8"))
    return {re.sub(r"[^\w -]", "", one.lower()).replace(" ", "-") for one in found}


@pytest.mark.parametrize("code", sorted(set(SHOWN)))
def test_what_it_puts_up_opens(code: str) -> None:
    made = eval(code, {"gw": gw})
    assert isinstance(made, Explorer)
    assert made.scene.captions
    made.close()


def test_its_examples_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {"gw": gw}
    for block in re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL):
        exec(compile(block, PAGE.name, "exec"), names)
    assert {path.name for path in tmp_path.iterdir()} == {
        "question.pdf",
        "quiz.html",
        "lesson.html",
    }


@pytest.mark.parametrize("target", sorted(set(re.findall(r"\]\((?!http)([^)]+)\)", TEXT))))
def test_its_links_lead_somewhere(target: str) -> None:
    name, _, place = target.partition("#")
    path = PAGE.parent / name
    assert path.exists()
    assert not place or place in anchors(path)


def test_every_lesson_is_met() -> None:
    met = {int(number) for number in re.findall(r"\[(\d\d)\]\(\.\./notebooks/\1-", TEXT)}
    assert met == set(range(1, 8))


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ('gw.DescentExplorer("x**2 + 10*y**2", point=(2.5, 1), rate=0.08)', "Converged"),
        ('gw.DescentExplorer("saddle", point=(1.2, 0), rate=0.1, steps=60)', "At a saddle"),
    ],
)
def test_the_answers_are_those_that_it_expects(code: str, says: str) -> None:
    assert code in SHOWN
    explorer = eval(code, {"gw": gw})
    assert explorer.scene.captions[0].startswith(says)
    explorer.close()
