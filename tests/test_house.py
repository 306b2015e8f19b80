"""Keep the house in order: who may import whom, what lies beside what, how long things get.

Every rule is a function from sources (path → text) to a list of complaints. It is run twice: on the
repository, which must give none, and on a made-up offender, to show that the rule can fail.
"""

import ast
import re
import shutil
import statistics
import subprocess
import sys
from functools import cache
from pathlib import Path, PurePosixPath

import pytest

from gradwidgets.calculus.rules import all_parameters, methods

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("calculus", "pictures", "rendering", "explorers")  # each imports only to its left
LIBRARIES = {"calculus": {"numpy", "autograd"}, "pictures": {"numpy", "autograd"}}
LONGEST_FUNCTION = 40
MEDIAN_FUNCTION = 10
LONGEST_SCRIPT = 300
LONGEST_FILE = 400
LONGEST_REPLAYER = 400  # lines of code, without the loops that are written from the table
REPLAYER = ("program.js", "kernels.js", "shapes.js")
WRITTEN = ("loops.js",)  # by loops.py, not by hand
CHAMBERS = ("gradwidgets.calculus.program",)  # rooms inside of rooms, with a front door each
TABLE_OF_METHODS = "gradwidgets/calculus/rules.py"
AUTOGRAD_S_CHANGES = "gradwidgets/calculus/autograd_changes.py"
LONG_FOR_A_REASON: dict[str, str] = {}  # "path:function" → why it is better in one piece
# Absolute is what hangs from nothing: not from a host, from `~`, from `..`, from a `{folder}`.
MACHINE_PATH = re.compile(r"(?<![\w.~}*-])/(?:work|root)/")


# --- reading -----------------------------------------------------------------------------------


def package_sources(*suffixes):
    """What is written by hand, by default in Python, as {path: text}."""
    paths = sorted((ROOT / "gradwidgets").rglob("*"))
    return {
        path.relative_to(ROOT).as_posix(): path.read_text("utf-8")
        for path in paths
        if path.suffix in (suffixes or (".py",)) and path.name not in WRITTEN
    }


@cache
def parsed(source):
    return ast.parse(source)


@cache
def nodes(source):
    return tuple(ast.walk(parsed(source)))


def imports(path, source):
    """Yield the absolute dotted name of everything a module imports, inside functions too."""
    package = PurePosixPath(path).parent.parts
    for node in nodes(source):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            start = ".".join([*base, *([node.module] if node.module else [])])
            yield from (f"{start}.{alias.name}" for alias in node.names)


def every_import(sources):
    return [(path, name) for path, source in sources.items() for name in imports(path, source)]


def room(parts):
    return parts[1] if len(parts) > 1 and parts[1] in ROOMS else None


def room_of_file(path):
    return room(PurePosixPath(path).parent.parts)


def function_lengths(sources):
    """Lines from `def` to the end of the body, as {"path:function:line": lines}."""
    return {
        f"{path}:{node.name}:{node.lineno}": node.end_lineno - node.lineno + 1
        for path, source in sources.items()
        for node in nodes(source)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }


def committed_texts():
    # The repository may belong to somebody else than who runs the tests, as in a container.
    git = ["git", "-c", "safe.directory=*", "ls-files", "-z"]
    listing = subprocess.run(git, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    files = [ROOT / name for name in listing.split("\0") if name]
    contents = {path: path.read_bytes() for path in files if path.is_file()}
    return {
        path.relative_to(ROOT).as_posix(): data.decode("utf-8", "replace")
        for path, data in contents.items()
        if b"\0" not in data
    }


# --- the rules ---------------------------------------------------------------------------------


def files_outside_the_rooms(sources):
    front_door = "gradwidgets/__init__.py"
    return [path for path in sources if path != front_door and room_of_file(path) is None]


def imports_from_the_right(sources):
    """The package's front door opens onto every room, so no room may go through it either."""
    complaints = []
    for path, name in every_import(sources):
        parts = name.split(".")
        here, there = room_of_file(path), room(parts)
        if here is None or parts[0] != "gradwidgets":
            continue
        if there is None or ROOMS.index(there) > ROOMS.index(here):
            complaints.append(f"{path} imports {name}")
    return complaints


def back_doors(sources):
    """A chamber is entered by its front door, the names that its `__init__` gives."""
    complaints = []
    for path, name in every_import(sources):
        for chamber in CHAMBERS:
            folder = chamber.replace(".", "/")
            inner = f"{folder}/{name.removeprefix(chamber + '.').split('.')[0]}.py"
            enters = name.startswith(f"{chamber}.") and inner in sources
            if enters and not path.startswith(f"{folder}/"):
                complaints.append(f"{path} imports {name}")
    return complaints


def circles(sources):
    """Modules that import one another, by way of others too, and be it for types alone."""
    names = {
        path.removesuffix(".py").removesuffix("/__init__").replace("/", "."): path
        for path in sources
    }
    needs = {path: set() for path in sources}
    for path, name in every_import(sources):
        found = names.get(name) or names.get(name.rpartition(".")[0])
        needs[path] |= {found} - {path, None}
    while loose := {path for path in needs if _is_loose(path, needs)}:
        needs = {path: wanted for path, wanted in needs.items() if path not in loose}
    return sorted(needs)


def _is_loose(path, needs):
    """Whether nothing that is left is needed by a module, or needs it."""
    return not needs[path] & set(needs) or not any(path in wanted for wanted in needs.values())


def methods_by_name(sources):
    """Questions for an update rule by name: what is true of it stands in its row."""
    names = {*methods, *all_parameters()}
    complaints = []
    for path, source in sources.items():
        asked = [node for node in nodes(source) if isinstance(node, ast.Compare)]
        complaints += [
            f"{path}:{node.lineno}"
            for node in asked
            if path != TABLE_OF_METHODS
            and names & {part.value for part in ast.walk(node) if isinstance(part, ast.Constant)}
        ]
    return complaints


def changes_to_autograd(sources):
    """Assignments into autograd, and what it is made to register, outside of the one file."""
    complaints = []
    for path, source in sources.items():
        tree = parsed(source)
        foreign = {
            alias.asname or alias.name.split(".")[0]
            for node in ast.walk(tree)
            if isinstance(node, ast.Import | ast.ImportFrom)
            for alias in node.names
            if (getattr(node, "module", None) or alias.name).split(".")[0] == "autograd"
        }
        if path != AUTOGRAD_S_CHANGES:
            lines = sorted({node.lineno for node in ast.walk(tree) if _changes(node, foreign)})
            complaints += [f"{path}:{line}" for line in lines]
    return complaints


def _changes(node, foreign):
    if isinstance(node, ast.Assign | ast.AugAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        targets = [part for target in targets for part in getattr(target, "elts", [target])]
        inside = [part for part in targets if isinstance(part, ast.Attribute | ast.Subscript)]
        return any(_root(part) in foreign for part in inside)
    called = node.func if isinstance(node, ast.Call) else None
    registers = isinstance(called, ast.Attribute) and called.attr in ("register", "update", "add")
    return registers and _root(called) in foreign


def _root(node):
    while isinstance(node, ast.Attribute | ast.Subscript):
        node = node.value
    return node.id if isinstance(node, ast.Name) else None


def foreign_libraries(sources):
    at_home = sys.stdlib_module_names | {"gradwidgets"}
    return [
        f"{path} imports {name}"
        for path, name in every_import(sources)
        if (allowed := LIBRARIES.get(room_of_file(path))) is not None
        and name.split(".")[0] not in at_home | allowed
    ]


def pyplot_imports(sources):
    pyplot = re.compile(r"matplotlib\.(pyplot|pylab)\b|pylab\b")
    return [f"{path} imports {name}" for path, name in every_import(sources) if pyplot.match(name)]


def missing_docstrings(sources):
    return [path for path, source in sources.items() if not ast.get_docstring(parsed(source))]


SHARED_BY_EXPLORERS = (
    *("__init__", "alone", "axes", "base", "calls", "cells", "checked", "choices", "client"),
    *("copies", "exported", "files", "film", "form", "handed", "joined", "kept", "laid", "life"),
    *("link", "methods", "models", "options", "pages", "programs", "saved", "soon", "source"),
    *("start", "state", "still", "surface", "work", "asked"),
)


def missing_companions(files):
    """An explorer, its picture and their two tests carry one name."""
    explorers = [PurePosixPath(path) for path in files if path.startswith("gradwidgets/explorers/")]
    names = [path.stem for path in explorers if path.suffix == ".py"]
    wanted = (
        "gradwidgets/pictures/{}.py",
        "tests/explorers/test_{}.py",
        "tests/pictures/test_{}.py",
    )
    companions = [
        place.format(name) for name in names if name not in SHARED_BY_EXPLORERS for place in wanted
    ]
    return [path for path in companions if path not in files]


def long_files(texts, most=LONGEST_FILE):
    """A file holds one idea; one that is longer holds two."""
    lengths = {path: len(text.splitlines()) for path, text in texts.items()}
    return [f"{path} has {lines} lines" for path, lines in lengths.items() if lines > most]


def long_functions(sources, reasons=LONG_FOR_A_REASON):
    """Functions over the limit without a reason, and reasons that nothing needs any more."""
    lengths = function_lengths(sources).items()
    long = {name.rpartition(":")[0] for name, lines in lengths if lines > LONGEST_FUNCTION}
    return sorted(long ^ set(reasons))


def long_median(sources):
    median = statistics.median(function_lengths(sources).values())
    return [f"the median function has {median} lines"] if median >= MEDIAN_FUNCTION else []


def lines_of_code(text):
    """Neither empty nor a comment, in JavaScript."""
    return [line for line in text.splitlines() if not re.match(r"\s*(//|/\*|\*|$)", line)]


def machine_paths(texts):
    return [path for path, text in texts.items() if MACHINE_PATH.search(text)]


# --- the repository obeys ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "rule",
    [
        files_outside_the_rooms,
        imports_from_the_right,
        back_doors,
        circles,
        methods_by_name,
        changes_to_autograd,
        foreign_libraries,
        pyplot_imports,
        missing_docstrings,
        long_functions,
        long_median,
    ],
)
def test_the_package_obeys(rule):
    assert rule(package_sources()) == []


def test_no_file_is_long():
    texts = package_sources(".py", ".js", ".css")
    assert {PurePosixPath(path).suffix for path in texts} == {".py", ".js", ".css"}
    assert long_files(texts) == []


def test_what_belongs_together_has_one_name():
    folders = (ROOT / "gradwidgets", ROOT / "tests")
    files = {
        path.relative_to(ROOT).as_posix() for folder in folders for path in folder.rglob("*.py")
    }
    assert missing_companions(files) == []


def test_the_scripts_are_short():
    texts = package_sources(".js")
    names = {PurePosixPath(path).name for path in texts}
    assert {"draw.js", "surface.js", "form.js", "explorer.js"} <= names
    assert long_files(texts, LONGEST_SCRIPT) == []


def test_the_replayer_is_short():
    parts = [ROOT / "gradwidgets/rendering/front" / name for name in REPLAYER]
    assert sum(len(lines_of_code(part.read_text("utf-8"))) for part in parts) < LONGEST_REPLAYER


@pytest.mark.skipif(
    not (ROOT / ".git").exists() or shutil.which("git") is None, reason="not a git checkout"
)
def test_no_committed_file_names_a_path_of_somebodys_machine():
    assert machine_paths(committed_texts()) == []


# --- the rules can fail ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("calculus/field.py", "import gradwidgets.pictures.scene"),
        ("calculus/field.py", "from gradwidgets.explorers import base"),
        ("calculus/field.py", "from gradwidgets import rendering"),
        ("calculus/field.py", "from .. import pictures"),
        ("calculus/__init__.py", "from ..rendering.paint import figure"),
        ("pictures/tape.py", "def draw():\n    from ..rendering import paint"),
        ("rendering/stage.py", "if TYPE_CHECKING:\n    from ..explorers.base import Explorer"),
        ("explorers/fit.py", "from gradwidgets import FitExplorer"),
        ("explorers/fit.py", "from .. import link"),
        ("calculus/deep/er.py", "from ...pictures import scene"),
    ],
)
def test_an_import_from_the_right_is_found(path, line):
    assert len(imports_from_the_right({f"gradwidgets/{path}": line})) == 1


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("calculus/field.py", "from .formula import parse"),
        ("calculus/field.py", "from . import formula"),
        ("pictures/tape.py", "from ..calculus import tape"),
        ("explorers/fit.py", "from gradwidgets.calculus.field import ScalarField"),
        ("explorers/fit.py", "import gradwidgets.pictures.fit, numpy"),
        ("__init__.py", "from .explorers import FitExplorer"),
    ],
)
def test_an_import_from_the_left_is_allowed(path, line):
    assert imports_from_the_right({f"gradwidgets/{path}": line}) == []


PROGRAM = "gradwidgets/calculus/program"


def chamber(**sources):
    return {f"{PROGRAM}/{name}.py": source for name, source in sources.items()}


def test_a_back_door_is_found():
    inside = chamber(__init__="from .data import Slot", data="", rules="from .data import Slot")
    front = "from gradwidgets.calculus.program import Program, trace"
    back = "from gradwidgets.calculus.program.data import Slot"
    assert back_doors({**inside, "gradwidgets/calculus/field.py": front}) == []
    for line in (back, "from .program import data", "import gradwidgets.calculus.program.data"):
        assert len(back_doors({**inside, "gradwidgets/calculus/field.py": line})) == 1


def test_a_circle_is_found():
    straight = chamber(__init__="from .c import x", a="", b="from . import a", c="from .b import y")
    assert circles(straight) == []
    back = "gradwidgets.calculus.program.c import x"
    for line in (f"from {back}", f"if TYPE_CHECKING:\n    from {back}", "from .c import x"):
        bent = straight | chamber(a=line)
        assert circles(bent) == [f"{PROGRAM}/{name}.py" for name in "abc"]


@pytest.mark.parametrize(
    "line",
    [
        'x = method == "newton"',
        'if method in ("momentum", "nesterov"):\n    pass',
        'y = 1 if name == "epsilon" else 2',
    ],
)
def test_a_question_for_a_method_by_name_is_found(line):
    assert len(methods_by_name({"gradwidgets/pictures/run.py": line})) == 1
    assert methods_by_name({TABLE_OF_METHODS: line}) == []
    assert methods_by_name({"gradwidgets/pictures/run.py": 'step["newton"] = "epsilon"'}) == []


@pytest.mark.parametrize(
    "line",
    [
        "from autograd.tracer import Box\nBox.__bool__ = None",
        "from autograd import core\nx, core.sparse_add = 1, None",
        "import autograd\nautograd.core.vspace = None",
        "from autograd.tracer import notrace_primitives as none\nnone[int] |= {1}",
        "from autograd.tracer import Box\nBox.types |= {int}",
        "from autograd.numpy.numpy_boxes import ArrayBox\nArrayBox.register(bool)",
    ],
)
def test_a_change_to_autograd_is_found(line):
    assert len(changes_to_autograd({"gradwidgets/calculus/tape.py": line})) == 1
    assert changes_to_autograd({AUTOGRAD_S_CHANGES: line}) == []
    allowed = "import numpy as np\nfrom autograd import grad\nx = [0]\nx[0] = grad(np.sin)"
    assert changes_to_autograd({"gradwidgets/calculus/tape.py": allowed}) == []


def test_a_file_outside_the_rooms_is_found():
    stray = "gradwidgets/utils.py"
    assert files_outside_the_rooms({"gradwidgets/__init__.py": "", stray: ""}) == [stray]


@pytest.mark.parametrize("place", ["calculus", "pictures"])
@pytest.mark.parametrize("line", ["import matplotlib.figure", "from traitlets import Int"])
def test_a_foreign_library_is_found(place, line):
    allowed = (
        "import ast, numpy\nimport autograd.numpy as np\nfrom gradwidgets.calculus import tape\n"
    )
    path = f"gradwidgets/{place}/field.py"
    assert foreign_libraries({path: allowed}) == []
    assert len(foreign_libraries({path: allowed + line})) == 1


@pytest.mark.parametrize(
    "line",
    [
        "import matplotlib.pyplot as plt",
        "from matplotlib import pyplot",
        "from matplotlib.pyplot import subplots",
        "def draw():\n    import pylab",
    ],
)
def test_pyplot_is_found(line):
    assert len(pyplot_imports({"gradwidgets/rendering/paint.py": line})) == 1
    assert pyplot_imports({"gradwidgets/rendering/paint.py": "import matplotlib.figure"}) == []


def test_a_missing_docstring_is_found():
    assert missing_docstrings({"bad.py": "# a comment\nx = 1", "good.py": '"""Why."""'}) == [
        "bad.py"
    ]


@pytest.mark.parametrize("name", ["fit.py", "stage.js", "explorer.css"])
def test_a_long_file_is_found(name):
    assert long_files({name: "x = 1\n" * LONGEST_FILE}) == []
    assert long_files({name: "x = 1\n" * (LONGEST_FILE + 1)}) == [f"{name} has 401 lines"]
    assert long_files({name: "x = 1\n" * 4}, 3) == [f"{name} has 4 lines"]


def test_missing_companions_are_found():
    files = {f"gradwidgets/explorers/{name}.py" for name in ("__init__", "base", "fit")}
    wanted = {
        "gradwidgets/pictures/fit.py",
        "tests/explorers/test_fit.py",
        "tests/pictures/test_fit.py",
    }
    assert set(missing_companions(files)) == wanted
    assert missing_companions(files | wanted) == []


def function(lines):
    return "class C:\n    def f(self):\n" + "        pass\n" * (lines - 1)


def test_a_long_function_is_found():
    good, bad = {"a.py": function(LONGEST_FUNCTION)}, {"a.py": function(LONGEST_FUNCTION + 1)}
    assert function_lengths(good) == {"a.py:f:2": LONGEST_FUNCTION}
    assert long_functions(good, {}) == []
    assert long_functions(bad, {}) == ["a.py:f"]


def test_a_long_function_needs_a_reason_and_a_reason_needs_a_long_function():
    reasons = {"a.py:f": "a table, in one piece"}
    assert long_functions({"a.py": function(LONGEST_FUNCTION + 1)}, reasons) == []
    assert long_functions({"a.py": function(LONGEST_FUNCTION)}, reasons) == ["a.py:f"]


def test_a_long_median_is_found():
    assert long_median({"a.py": function(9), "b.py": function(30), "c.py": function(3)}) == []
    assert len(long_median({"a.py": function(10), "b.py": function(30), "c.py": function(3)})) == 1


def test_comments_are_no_code():
    text = "/** Why.\n * @param {number} x\n */\n\nconst f = (x) => x; // what\n  // how\n  f(2);\n"
    assert lines_of_code(text) == ["const f = (x) => x; // what", "  f(2);"]


# The folders are put in, so that this file does not hold what it looks for.
@pytest.mark.parametrize("folder", ["work", "root"])
@pytest.mark.parametrize("text", ["open('/{}/x')", "at /{}/x", "file:///{}/x", "a\n/{}/x"])
def test_a_path_of_a_machine_is_found(text, folder):
    assert machine_paths({"a.md": text.format(folder)}) == ["a.md"]


@pytest.mark.parametrize(
    "text", ["https://a.org/{}/x", "~/{}/x", "../{}/x", "/{}shop/x", "no/{}/x"]
)
@pytest.mark.parametrize("folder", ["work", "root"])
def test_a_path_of_anybody_is_allowed(text, folder):
    assert machine_paths({"a.md": text.format(folder)}) == []
