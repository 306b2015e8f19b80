"""The stage: what it tells of a picture, in one message, and the front end that it sends."""

import base64
import re
import subprocess
import zlib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from gradwidgets.calculus.field import ScalarField
from gradwidgets.calculus.program import Program
from gradwidgets.pictures.gradient import gradient_picture
from gradwidgets.pictures.marks import Polyline
from gradwidgets.pictures.partials import partials_picture
from gradwidgets.pictures.picture import Picture
from gradwidgets.pictures.scene import Layer
from gradwidgets.rendering import stage as module
from gradwidgets.rendering.joining import joined, joined_style
from gradwidgets.rendering.shipping import lean, shipped
from gradwidgets.rendering.stage import Stage
from gradwidgets.rendering.wire import describe, pack, pack_fixed, unpack_program

BOWL = ScalarField("x**2 + 10*y**2")
PICTURES = {
    "gradient": (gradient_picture(BOWL), (1, 2, 30)),
    "partials": (partials_picture(BOWL), (1, 2)),
}
PLACES = [{"trait": "point", "key": 0}, {"trait": "point", "key": 1}, {"trait": "angle"}]
FRONT = Path(module.__file__).parent / "front" / "explorer.js"
STYLE = joined_style(FRONT.with_suffix(".css"))
MOST = 90_000  # bytes of the front end as it travels


def branching(x, y):
    return x**2 + 10 * y**2 if x > -100 else x


def described(picture, values):
    scene = picture.scene(values)
    return describe(picture, {name: part.size for name, part in scene.numbers.items()})


def shown(stage, picture, values=(2, 1, 90)):
    return stage._present(picture, values, PLACES[: len(values)], ("x", "y"))


def program(packed):
    return Program.from_data(*unpack_program(packed))


@pytest.fixture
def stage():
    made = Stage()
    shown(made, *PICTURES["gradient"])
    return made


def test_it_tells_picture_places_and_program(stage):
    picture, values = PICTURES["gradient"]
    told = described(picture, values)
    controls = [{**one, "at": at} for one, at in zip(told["controls"], PLACES, strict=True)]
    assert stage._picture == told | {"controls": controls, "key": 1, "variables": ["x", "y"]}
    assert (stage._numbers, stage._fixed) == (b"", pack_fixed(picture.backdrop))
    found = program(stage._program)(*map(float, picture.inputs(values)))
    scene = picture.scene(values)
    for name, numbers in zip(picture.told, found, strict=True):
        np.testing.assert_allclose(numbers, scene[name], rtol=1e-12, atol=1e-12)


def test_where_the_browser_has_a_program_python_computes_no_scene(monkeypatch):
    monkeypatch.setattr(Picture, "scene", lambda *_: 1 / 0)
    assert shown(Stage(), gradient_picture(BOWL), (1, 2, 30)) is None


def test_the_terrain_s_program_is_f_and_its_partials(stage):
    found = program(stage._terrain)(3.0, 2.0)
    assert [float(number) for number in found] == [49.0, 6.0, 40.0]
    assert stage._grid == b""


def test_without_a_program_the_terrain_is_a_grid():
    stage = Stage()
    shown(stage, gradient_picture(ScalarField(branching)), (1, 2, 30))
    assert stage._terrain == b""
    across, up, *_ = np.frombuffer(zlib.decompress(stage._grid)[:16], "<u4")
    assert min(across, up) > 50
    shown(stage, *PICTURES["gradient"])
    assert stage._grid == b""


def test_without_a_program_it_tells_the_numbers(stage):
    picture = replace(PICTURES["gradient"][0], untraced="a search")
    scene = shown(stage, picture)
    assert (stage._program, stage._numbers) == (b"", pack(scene))
    moved = picture.scene((0, 1, 90))
    stage._move(moved)
    assert stage._numbers == pack(moved)
    assert stage._picture["key"] == 2


def test_another_picture_has_another_key(stage):
    shown(stage, *PICTURES["partials"])
    assert stage._picture["key"] == 2
    assert [mark["name"] for mark in stage._picture["marks"]] == [
        mark["name"] for mark in described(*PICTURES["partials"])["marks"]
    ]


def with_backdrop(picture, **numbers):
    marks = tuple(Polyline(name=name, panel=picture.panels[0].name) for name in numbers)
    return replace(picture, backdrop=Layer(marks, numbers))


def test_a_picture_that_could_not_be_told_leaves_all_as_it_was(stage, monkeypatch):
    another = with_backdrop(PICTURES["gradient"][0], line=np.array([[0.0, 0.0], [1.0, np.nan]]))
    before = stage.get_state()
    with monkeypatch.context() as broken:
        broken.setattr(module.wire, "describe", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            shown(stage, another)
    assert stage.get_state() == before
    shown(stage, another)
    assert stage._picture["key"] == 2


def test_another_picture_is_one_message(stage, monkeypatch):
    """Else the page would draw the program of one picture in the panels of another."""
    messages = []

    def send(message, buffers=None):
        binary = {path[0] for path in message["buffer_paths"]}
        messages.append(binary | set(message["state"]))

    monkeypatch.setattr(stage, "_send", send)
    shown(stage, *PICTURES["partials"])
    assert messages == [{"_picture", "_program", "_fixed"}]


def test_stages_are_of_one_class():
    """anywidget would give each a class of its own, and with it another docstring and signature."""
    assert type(Stage()) is type(Stage()) is Stage
    assert Stage()._anywidget_id == "gradwidgets.rendering.stage.Stage"


# ── the front end ────────────────────────────────────────────────────────────────────────────────


def unpacked(module):
    (packed,) = re.findall(r'packed = "([^"\\`$<>&\']+)"', module)
    letters = packed.encode().translate(bytes.maketrans(b",./:[", b"$&<>`"))
    return zlib.decompressobj().decompress(base64.b85decode(letters)).decode()


def test_the_front_end_is_one_module_that_imports_nothing():
    source = re.sub(r"(?m)^ \* .*", "", joined(FRONT))  # without comments, which name types
    assert not re.search(r"^\s*import\b|\bimport\s*\(|\brequire\s*\(|\bfrom\s+[\"']", source, re.M)
    assert source.count("export default") == 1
    assert not re.search(r"https?://(?!www\.w3\.org)", source)


def test_it_travels_small_and_whole():
    sent = Stage()._esm
    assert len(sent.encode()) <= MOST
    assert unpacked(sent) == lean(joined(FRONT))


def test_the_style_travels_whole():
    """All but comments and the room between signs, of which words in selectors keep theirs."""
    parts = [re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL) for text in (Stage()._css, STYLE)]
    plain = [re.sub(r"\s*([{};:,])\s*", r"\1", text).split() for text in parts]
    assert plain[0] == plain[1]


def test_only_comments_are_left_behind():
    text = "/** For\n * all. */\nconst a = 1; // all\n  // why\n/* one */\nlet b = '; // kept';\n"
    assert lean(text) == "const a = 1;\nlet b = '; // kept';\n"


def test_what_has_travelled_is_the_same_module(tmp_path):
    """In Node, whose modules can't come from a blob: there its text is taken as it is."""
    sent = shipped("// why\nconst render = ({ two }) => 2 * two;\nexport default { render };\n")
    data = 'const address = "data:text/javascript," + encodeURIComponent(await module.text());'
    sent = re.sub(r"const address = .*;", data, sent).replace("URL.revokeObjectURL(address);", "")
    (tmp_path / "front.mjs").write_text(sent)
    told = 'import front from "./front.mjs"; console.log(await front.render({ two: 2 }));'
    (tmp_path / "main.mjs").write_text(told)
    node = ["node", tmp_path / "main.mjs"]
    ran = subprocess.run(node, capture_output=True, text=True, check=True)
    assert ran.stdout == "4\n"
