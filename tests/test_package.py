"""Prove what is shipped: the wheel, the Binder session, and the one command that tests both."""

import os
import re
import shutil
import subprocess
import sys
import time
import zipfile
from contextlib import contextmanager
from importlib import metadata
from pathlib import Path
from urllib.request import urlopen

import pytest
from packaging.requirements import Requirement

from tests.browser.host import free_port

ROOT = Path(__file__).resolve().parents[1]
TEST_COMMAND = (
    'python3 -m venv .venv && .venv/bin/pip install -q -e ".[test]" && .venv/bin/python -m pytest'
)
# Variables by which this checkout, or this user's caches, could stand in for what is tested.
LEAKS = ("PYTHON", "JUPYTER", "MPL", "XDG_")


def run(*command, cwd=ROOT, **variables):
    done = subprocess.run(
        [str(word) for word in command],
        cwd=cwd,
        env=clean(variables),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def clean(variables):
    """This environment, without what leaks into another one, and with these variables."""
    environment = {name: text for name, text in os.environ.items() if not name.startswith(LEAKS)}
    return environment | {name: str(text) for name, text in variables.items()}


def new_environment(folder, *requirements):
    """A virtual environment with `requirements` installed; returns its bin folder."""
    run(sys.executable, "-m", "venv", "--without-pip", folder)
    # This environment's pip installs into that one: five seconds cheaper than a pip of its own.
    pip = (sys.executable, "-m", "pip", "--python", folder / "bin/python")
    run(*pip, "install", "-q", *requirements)
    return folder / "bin"


# --- the wheel ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "pip", "wheel", ".", "-q", "--no-deps", "-w", folder)
    (path,) = folder.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    # Bytecode is left unwritten, so that -W error also sees what only compiling warns about.
    return new_environment(tmp_path_factory.mktemp("installed"), "--no-compile", wheel)


def test_the_wheel_holds_every_file_of_the_package_and_no_other(wheel):
    packed = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    files = (path for path in (ROOT / "gradwidgets").rglob("*") if path.is_file())
    source = {str(path.relative_to(ROOT)) for path in files if "__pycache__" not in path.parts}
    assert packed == source
    assert {f"gradwidgets/rendering/front/explorer.{kind}" for kind in ("js", "css")} <= packed


def test_the_run_time_dependencies_are_six(wheel):
    (package,) = metadata.distributions(path=[str(wheel)])
    needed = [Requirement(text) for text in package.requires]
    always = {need.name for need in needed if need.marker is None}
    assert always == {"anywidget", "autograd", "ipywidgets", "latex2mathml", "matplotlib", "numpy"}


def test_the_extras_named_in_the_readme_exist(wheel):
    (package,) = metadata.distributions(path=[str(wheel)])
    extras = set(package.metadata.get_all("Provides-Extra"))
    named = re.findall(r"(?:gradwidgets|[\s\"']\.)\[([\w,-]+)\]", (ROOT / "README.md").read_text())
    assert {"lab", "test", "bench"} <= extras
    assert {extra for group in named for extra in group.split(",")} <= extras


def test_an_installed_wheel_is_complete_without_the_repository(installed, tmp_path):
    code = "import gradwidgets; print(gradwidgets.__file__)"
    path = run(installed / "python", "-c", code, cwd=tmp_path).strip()
    assert Path(path).is_relative_to(installed.parent)


def test_importing_it_leaves_pyplot_alone(installed, tmp_path):
    code = "import gradwidgets, sys; print('matplotlib.pyplot' in sys.modules)"
    assert run(installed / "python", "-c", code, cwd=tmp_path).strip() == "False"


def test_importing_it_warns_of_nothing(installed, tmp_path):
    run(installed / "python", "-W", "error", "-c", "import gradwidgets", cwd=tmp_path)


# --- Binder ------------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_binder_session_is_ready_to_start(tmp_path):
    # As repo2docker does it: both steps from the root of the repository, the environment first.
    programs = new_environment(tmp_path, "--no-compile", "-r", "binder/requirements.txt")
    home = tmp_path / "home"
    home.mkdir()
    session = {"HOME": home, "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}"}
    run("binder/postBuild", **session)

    assert list(home.glob(".cache/matplotlib/fontlist-*.json"))
    assert "announcements" in (tmp_path / "etc/jupyter/labconfig/page_config.json").read_text()
    assert run("jupyter", "lab", "--version", **session).startswith("4.")
    assert run("voila", "--version", **session).startswith("0.5.")
    with server(programs, home, **session) as url, urlopen(url + BADGES["dashboard"]) as answer:
        page = answer.read().decode()
    assert "A tour in two minutes" in page
    assert "Run All Cells" not in page
    assert page.count("vnd.voila.cell-output") >= 4


@contextmanager
def server(programs, folder, **variables):
    """The address of a session, as Binder starts it."""
    port = free_port()
    command = (
        *(programs / "jupyter", "lab", "--no-browser", f"--port={port}", "--ip=127.0.0.1"),
        *("--allow-root", "--IdentityProvider.token="),
    )
    with (folder / "log").open("wb") as log:
        session = subprocess.Popen(command, cwd=ROOT, env=clean(variables), stdout=log, stderr=log)
    try:
        wait_for(f"http://127.0.0.1:{port}/api/status")
        yield f"http://127.0.0.1:{port}/"
    finally:
        session.terminate()
        session.wait(30)


def wait_for(url):
    for _ in range(120):
        try:
            return urlopen(url).close()
        except OSError:
            time.sleep(0.5)
    raise AssertionError(f"{url} does not answer")


BADGES = {
    "JupyterLab": "lab/tree/notebooks/00-tour.ipynb",
    "dashboard": "voila/render/notebooks/00-tour.ipynb",
}


@pytest.mark.parametrize("name", BADGES)
def test_the_readme_s_badges_open_the_tour(name):
    badge = rf"\[!\[.*?\]\([^)]*/Binder-{name}-\w+\)\]\(https://mybinder\.org/v2/gh/(\S+?)\)"
    (target,) = re.findall(badge, (ROOT / "README.md").read_text())
    repository, _, path = target.partition("?urlpath=")
    assert re.fullmatch(r"[\w-]+/gradwidgets/HEAD", repository)
    assert path == BADGES[name]
    assert (ROOT / path.split("/", 2)[2]).is_file()


@pytest.fixture(scope="module")
def plan():
    """The image that Binder would build; nothing is built, and no Docker is needed."""
    return run(sys.executable, "-m", "repo2docker", "--no-build", "--debug", ".")


def test_binder_builds_an_environment_of_ours(plan):
    version = (ROOT / "binder/runtime.txt").read_text().strip().removeprefix("python-")
    assert f"environment-2epy-2d{version.replace('.', '-2e')}-" in plan
    before, after = plan.split('pip install --no-cache-dir -r "binder/requirements.txt"')
    assert "COPY --chown=0:0 src/ ${REPO_DIR}/" in before  # the first of them is this repository
    assert "pip install" not in before + after
    assert "RUN ./binder/postBuild" in after


def test_binder_s_image_stays_what_it_is():
    lines = (ROOT / "binder/requirements.txt").read_text().splitlines()
    wanted = [line for line in lines if not line.startswith(("#", "."))]
    assert wanted
    assert all("<" in line for line in wanted)
    assert os.access(ROOT / "binder/postBuild", os.X_OK)


# --- the gate ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["README.md", ".ci/run"])
def test_everybody_uses_the_same_test_command(name):
    lines = [line.strip() for line in (ROOT / name).read_text().splitlines()]
    assert lines.count(TEST_COMMAND) == 1


STEPS = (
    "python3 -m venv .venv",
    "pip install -q -e .[test]",
    "python -m pytest",
    "ruff check .",
    "ruff format --check .",
    "mypy",
    "npm install --silent --no-audit --no-fund --no-package-lock",
    "npm run --silent types",
)
STUB = """#!/bin/bash
call="${0##*/}${*:+ $*}"
echo "$call" >> calls
[[ $call != "$RED" ]]
"""


def gate(folder, red):
    """Run a copy of .ci/run over tools that only note their call, and fail where it is `red`."""
    inside = [f".venv/bin/{name}" for name in ("pip", "python", "ruff", "mypy", "npm")]
    for tool in ("bin/apt-get", "bin/python3", *inside):
        path = folder / tool
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(STUB)
        path.chmod(0o755)
    shutil.copytree(ROOT / ".ci", folder / ".ci")
    path = f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}"
    variables = {**os.environ, "RED": red, "PATH": path}
    code = subprocess.run([folder / ".ci/run"], env=variables, cwd="/", check=False).returncode
    calls = (folder / "calls").read_text().splitlines()
    return code, [call for call in calls if not call.startswith("apt-get")]


def test_a_green_gate_takes_every_step(tmp_path):
    assert gate(tmp_path, red="") == (0, list(STEPS))


@pytest.mark.parametrize("step", STEPS)
def test_the_gate_is_red_when_one_step_is(tmp_path, step):
    code, calls = gate(tmp_path, red=step)
    assert code != 0
    assert calls[-1] == step
