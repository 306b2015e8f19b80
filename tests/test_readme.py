"""What the README promises is true: its examples run, its files exist."""

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest

from tests.browser.host import LAB, Server, free_port, stop

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


class FirstLine(Server):
    """JupyterLab as the README's first line starts it, where there is no browser to open."""

    def command(self) -> list[str]:
        (line,) = re.findall(r"\.venv/bin/jupyter (lab .*)", README)
        own = {
            "ServerApp.root_dir": ROOT,
            "ServerApp.port": self.port,
            "ServerApp.open_browser": False,
            "IdentityProvider.token": "",
        }
        options = [f"--{name}={value}" for name, value in own.items()]
        return [sys.executable, "-m", "jupyterlab", *line.split()[1:], *options]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """What the first line prints."""
    server = FirstLine(LAB, tmp_path_factory.mktemp("lab"), free_port())
    process = server.start()
    try:
        server.wait(process)
        yield re.findall(r"http://\S+", server.log)[0]
    finally:
        stop(process)


def test_its_first_line_prints_an_address_that_opens_the_tour(address: str) -> None:
    printed = urlsplit(address)
    tour = printed.path.removeprefix("/lab/tree/")
    assert (ROOT / tour).name == "00-tour.ipynb"
    with urlopen(address) as answer:
        assert urlsplit(answer.url).path == printed.path  # no detour to a login or a launcher
    contents = printed._replace(path=f"/api/contents/{tour}").geturl()
    with urlopen(contents) as answer:
        assert json.load(answer)["type"] == "notebook"
