"""Modules joined into one: in the order of their imports, and nothing that isn't understood."""

import re
from pathlib import Path

import pytest

from gradwidgets.rendering import joining
from gradwidgets.rendering.joining import JoiningError, joined, joined_style

GOOD = {
    "entry.js": """/** Draws. @import { Kind } from "./kinds.js" */
import { draw } from "./draw.js";
import {
  HALF,
  Kept,
} from "./numbers.js";

function render() {
  return draw(HALF);
}

export default { render };
""",
    "draw.js": """import { HALF } from "./numbers.js";

/** Text with import { x } from "./y.js"; in it. */
export const draw = (text) => {
  const export_ = `${text} ${HALF}`;
  return export_;
}; // prettier-ignore
""",
    "numbers.js": """export const HALF = 0.5; // export it
export async function wait() {}
export class Kept {}
const own = [
  1, 2,
];
let count = 0;
function* all(from = 0, to = 1) {}
""",
}


@pytest.fixture
def join(tmp_path):
    def join(parts):
        for name, text in parts.items():
            (tmp_path / name).write_text(text, "utf-8")
        return joined(tmp_path / "entry.js")

    return join


def test_what_is_imported_stands_before_what_imports_it(join):
    text = join(GOOD)
    order = ["const HALF = 0.5", "const draw =", "function render()", "export default { render };"]
    places = [text.index(line) for line in order]
    assert places == sorted(places)
    assert [text.count(line) for line in order] == [1] * 4


def test_no_line_imports_or_exports_but_the_entry(join):
    lines = join(GOOD).splitlines()
    assert [line for line in lines if line.startswith(("import", "export"))] == [
        "export default { render };"
    ]
    assert 'Text with import { x } from "./y.js"; in it.' in "\n".join(lines)
    assert "async function wait() {}" in lines
    assert "class Kept {}" in lines


def test_a_folder_beside_is_reached_and_its_default_export_left_out(tmp_path):
    for path, text in {
        "page/entry.js": 'import { draw } from "../front/draw.js";\nexport default { draw };\n',
        "front/draw.js": 'import { own } from "./entry.js";\nexport const draw = own;\n'
        "export default { draw };\n",
        "front/entry.js": "export const own = 1;\n",
    }.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text, "utf-8")
    text = joined(tmp_path / "page/entry.js")
    assert text == "const own = 1;\n\nconst draw = own;\n\nexport default { draw };\n"


def with_line(file, line):
    return {**GOOD, file: GOOD[file] + line + "\n"}


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("const HALF = 2;", "HALF is defined twice, in"),
        ("export function render() {}", "render is defined twice, in"),
        (
            'import { HALF, absent } from "./numbers.js";',
            "imports absent, which numbers.js does not",
        ),
        ('import { own } from "./numbers.js";', "imports own, which numbers.js does not export"),
        ('import { HALF as half } from "./numbers.js";', "imports as, which"),
        ('import { gone } from "./gone.js";', "there is no gone.js"),
        ('import { y } from "../y.js";', "is not understood"),
        ('import half from "./numbers.js";', "is not understood"),
        ('import * as numbers from "./numbers.js";', "is not understood"),
        ('import "./numbers.js";', "is not understood"),
        ('export { HALF } from "./numbers.js";', "is not understood"),
        ("export default draw;", "is not understood"),
        ("export { draw };", "is not understood"),
        ('const later = () => import("./numbers.js");', "is not understood"),
        ("const here = () => import.meta.url;", "is not understood"),
        ("const [a, b] = [1, 2];", "is not understood"),
        ("const a = 1, b = 2;", "is not understood"),
        ("var a = 1;", "is not understood"),
        ("draw(1);", "is not understood"),
        ("if (HALF) {", "is not understood"),
        ("  export const hidden = 1;", "is not understood"),
        ('import { draw2 } from "./circle.js";', "a circle of imports: .*circle.js"),
    ],
)
def test_what_is_not_understood_is_refused(join, line, told):
    circle = 'import { draw } from "./draw.js";\nexport const draw2 = draw;\n'
    with pytest.raises(JoiningError, match=told):
        join({**with_line("draw.js", line), "circle.js": circle})


def test_of_one_name_that_two_modules_keep_to_themselves_one_is_refused(join):
    with pytest.raises(JoiningError, match=r"own is defined twice, in .* and"):
        join(with_line("draw.js", "const own = 1;"))


def test_the_front_end_is_all_that_it_imports():
    text = joined(Path(joining.__file__).parent / "front" / "explorer.js")
    assert text.rstrip().endswith("export default { initialize, render };")
    for name in ("formatNumber", "unpack", "onPanel", "drawMesh", "keptSurfaces", "pick"):
        assert len(re.findall(rf"^(?:const|function) {name}\b", text, re.MULTILINE)) == 1


# ── style sheets ─────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def style(tmp_path):
    def style(text):
        (tmp_path / "one.css").write_text(".one { color: red }\n", "utf-8")
        (tmp_path / "two.css").write_text(".two { color: red }\n", "utf-8")
        (tmp_path / "entry.css").write_text(text, "utf-8")
        return joined_style(tmp_path / "entry.css")

    return style


def test_style_sheets_are_joined_in_the_order_in_which_they_are_named(style):
    text = style('@import "./two.css";\n@import "./one.css";\n.three { color: red }\n')
    assert re.findall(r"\.(\w+) \{", text) == ["two", "one", "three"]
    assert "@import" not in text


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('@import "./gone.css";', "there is no gone.css"),
        ('@import "../one.css";', "is not understood"),
        ("@import url(one.css);", "is not understood"),
        ('@import "./one.css" screen;', "is not understood"),
    ],
)
def test_an_import_of_a_style_that_is_not_understood_is_refused(style, line, told):
    with pytest.raises(JoiningError, match=told):
        style(line + "\n")


def test_the_style_is_all_style_sheets_once():
    front = Path(joining.__file__).parent / "front"
    text = joined_style(front / "explorer.css")
    parts = [sheet.read_text("utf-8") for sheet in front.glob("*.css") if sheet.stem != "explorer"]
    assert len(parts) > 5
    assert [text.count(part) for part in parts] == [1] * len(parts)
