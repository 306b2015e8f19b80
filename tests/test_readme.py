"""What the README promises is true: its examples run, its files exist."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")


def test_its_examples_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    blocks = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    namespace: dict[str, object] = {}
    for block in blocks:
        exec(compile(block, "README.md", "exec"), namespace)
    assert (tmp_path / "gradient.png").stat().st_size > 10_000


RESULT = re.compile(r"^((?:f|run|gw)\.\S.*?)\s+# ([\d.]+|array.*|'.*')$", re.MULTILINE)


@pytest.mark.parametrize(("expression", "comment"), RESULT.findall(README))
def test_its_results_are_right(expression: str, comment: str) -> None:
    import gradwidgets as gw

    f = gw.ScalarField("x**2 + 10*y**2")
    run = gw.descend(f, start=(2, 1), rate=0.05, steps=200)
    result = eval(expression, {"gw": gw, "f": f, "run": run})
    assert re.sub(r"\s+", " ", repr(result)) == re.sub(r"\s+", " ", comment)


@pytest.mark.parametrize("target", re.findall(r"\]\((?!http)([^)]+)\)", README))
def test_its_links_lead_somewhere(target: str) -> None:
    assert (ROOT / target).exists()
