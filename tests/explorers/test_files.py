"""Files of an explorer: as large as asked, light whatever the style, with their fonts in them."""

import base64
import io
import re
from xml.etree import ElementTree

import matplotlib
import matplotlib.style
import numpy as np
import pytest
from matplotlib.figure import Figure
from PIL import Image

from gradwidgets import DescentExplorer, GradientExplorer, PartialsExplorer
from gradwidgets.rendering import paint

BOWL = "x**2 + 10*y**2"
SVG = "{http://www.w3.org/2000/svg}"
STYLES = {
    "dark": matplotlib.style.library["dark_background"],
    "others": {
        "pdf.fonttype": 3,
        "pdf.use14corefonts": True,
        "svg.fonttype": "none",
        "font.family": ["serif"],
        "savefig.dpi": 31,
        "savefig.bbox": "tight",
        "savefig.transparent": True,
        "savefig.facecolor": "red",
        "text.color": "red",
    },
}


@pytest.fixture(scope="module")
def explorer():
    return GradientExplorer(BOWL, point=(1, 2), density=5)


@pytest.fixture(params=[None, *STYLES])
def style(request):
    """The reader's style, or none."""
    with matplotlib.rc_context(STYLES.get(request.param, {})):
        before = dict(matplotlib.rcParams)
        yield
        assert dict(matplotlib.rcParams) == before


# ── size and dots ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("options", "dots"),
    [
        ({"size": (6, 4)}, (1200, 800)),
        ({"size": (6, 4), "dpi": 75}, (450, 300)),
        ({"size": (3.35, 2.5), "dpi": 300}, (1005, 750)),
        ({"size": [4, 6.5], "dpi": 100.0}, (400, 650)),
    ],
)
def test_a_png_has_the_dots_that_are_asked_for(explorer, tmp_path, style, options, dots):
    explorer.save(tmp_path / "a.png", **options)
    with Image.open(tmp_path / "a.png") as image:
        assert image.size == dots
        assert image.info["dpi"] == pytest.approx([options.get("dpi", 200)] * 2, abs=0.02)
        rgb = np.asarray(image.convert("RGB"))
    assert (rgb[[0, 0, -1, -1], [0, -1, 0, -1]] == 255).all()
    assert np.mean((rgb > 190).all(axis=-1)) > 0.6


def test_without_a_size_it_is_as_high_as_it_needs(explorer, tmp_path):
    explorer.save(tmp_path / "a.png", dpi=50)
    with Image.open(tmp_path / "a.png") as image:
        assert image.size == tuple((explorer.figure().get_size_inches() * 50).astype(int))
        assert image.width == 480


def test_no_style_reaches_a_file(explorer, tmp_path, style):
    explorer.save(tmp_path / "a.png", size=(3, 2))
    sheet, target = paint.figure(explorer.scene, size=(3, 2)), io.BytesIO()
    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        sheet.savefig(target, dpi=200, format="png")
    assert (tmp_path / "a.png").read_bytes() == target.getvalue()


def test_a_pdf_has_the_size_and_all_its_fonts_in_it(explorer, tmp_path, style):
    explorer.save(tmp_path / "a.pdf", size=(6, 4))
    data = (tmp_path / "a.pdf").read_bytes()
    assert [float(n) for n in re.search(rb"/MediaBox \[([^]]*)\]", data)[1].split()] == [
        *(0, 0, 432, 288)
    ]
    used = set(re.findall(rb"/F\d+ (\d+) 0 R", data))
    assert used
    for number in used:
        font = pdf_object(data, number)
        assert b"/Subtype /Type0" in font
        inner = re.search(rb"/DescendantFonts \[ (\d+) 0 R", font)[1]
        described = re.search(rb"/FontDescriptor (\d+) 0 R", pdf_object(data, inner))[1]
        program = re.search(rb"/FontFile2 (\d+) 0 R", pdf_object(data, described))[1]
        length = re.search(rb"/Length1 (\d+)", pdf_object(data, program))
        assert int(length[1]) > 500
    assert b"DejaVuSans" in data
    assert b"/Type3" not in data


def pdf_object(data, number):
    """What stands between `obj` and `endobj`, of a stream only its dictionary."""
    start = re.search(rb"\n" + number + rb" 0 obj", data).end()
    return data[start : min(data.find(mark, start) for mark in (b"stream", b"endobj"))]


def test_an_svg_has_the_size_and_needs_no_font(explorer, tmp_path, style):
    explorer.save(tmp_path / "a.svg", size=(6, 4))
    root = ElementTree.parse(tmp_path / "a.svg").getroot()
    assert (root.get("width"), root.get("height")) == ("432pt", "288pt")
    assert root.get("viewBox") == "0 0 432 288"
    assert not [*root.iter(f"{SVG}text"), *root.iter(f"{SVG}image")]
    assert "font" not in "".join(node.get("style", "") for node in root.iter())
    glyphs = {node.get("id") for node in root.iter() if node.get("id", "").startswith("DejaVu")}
    link = "{http://www.w3.org/1999/xlink}href"
    used = {node.get(link, "").removeprefix("#") for node in root.iter(f"{SVG}use")}
    assert len(glyphs & used) > 20
    ground = next(root.iter(f"{SVG}path"))
    assert "fill: #ffffff" in ground.get("style")


def test_only_the_mesh_in_a_vector_file_has_dots(tmp_path):
    explorer = GradientExplorer(BOWL, view="surface")
    shapes = []
    for dpi in (50, 100):
        explorer.save(tmp_path / "a.svg", size=(6, 4), dpi=dpi)
        (image,) = ElementTree.parse(tmp_path / "a.svg").getroot().iter(f"{SVG}image")
        (data,) = (value for name, value in image.items() if name.endswith("href"))
        picture = Image.open(io.BytesIO(base64.b64decode(data.partition(",")[2])))
        shapes.append(np.array(picture.size))
    assert shapes[1] / shapes[0] == pytest.approx([2, 2], abs=0.05)


# ── options that do not go with a file ───────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("name", "options", "told"),
    [
        ("a.png", {"sweep": "angle"}, "sweep is for .gif, .mp4, not for .png"),
        ("a.pdf", {"frames": 3}, "frames is for .gif, .mp4, not for .pdf"),
        ("a.SVG", {"fps": 3}, "fps is for .gif, .mp4, not for .svg"),
        ("a.html", {"size": (6, 4)}, "size is for .png, .svg, .pdf, .gif, .mp4, not for .html"),
        ("a.html", {"dpi": 90}, "dpi is for .png, .svg, .pdf, .gif, .mp4, not for .html"),
        ("a.mjs", {"dpi": 90}, "dpi is for .png, .svg, .pdf, .gif, .mp4, not for .mjs"),
        ("a.png", {"functions": ["x*y"]}, "functions is for .html, .mjs, not for .png"),
        ("a.png", {"size": 6}, "a size is (width, height) in inches, not 6"),
        ("a.png", {"dpi": -1}, "dpi is how many dots there are to the inch, not -1"),
        ("a.gif", {"sweep": "angle", "size": 6}, "a size is (width, height) in inches, not 6"),
        ("a.gif", {"sweep": "angle", "dpi": 0}, "dpi is how many dots there are to the inch"),
    ],
)
def test_what_does_not_go_with_a_file_is_refused_and_nothing_is_written(
    explorer, tmp_path, name, options, told
):
    with pytest.raises(ValueError, match=re.escape(told)):
        explorer.save(tmp_path / name, **options)
    assert list(tmp_path.iterdir()) == []


# ── figures ──────────────────────────────────────────────────────────────────────────────────────


def dot(figure):
    (found,) = (artist for artist in figure.findobj() if artist.get_gid() == "point")
    return found.get_offsets().tolist()


def test_a_figure_has_the_size_that_is_asked_for(explorer):
    made = explorer.figure(size=(5, 3))
    assert made.get_size_inches().tolist() == [5, 3]
    assert dot(made) == [[1, 2]]


def test_a_figure_in_the_reader_s_axes_is_the_reader_s(explorer):
    mine = Figure()
    left, right = mine.subplots(1, 2)
    assert explorer.figure(ax=left) is mine
    assert dot(mine) == [[1, 2]]
    assert left.get_xlim() == (-3, 3)
    assert right.get_xlim() == (0, 1)


def test_it_is_the_picture_as_it_stands():
    explorer = PartialsExplorer(BOWL, point=(1, 2))
    explorer.point = (-1, 1)
    ax = Figure().subplots()
    explorer.figure(ax={"map": ax})
    assert dot(ax.get_figure()) == [[-1, 1]]
    assert explorer.point == (-1, 1)


def test_another_explorer_s_panels_have_their_own_names():
    explorer = DescentExplorer(BOWL, steps=5)
    with pytest.raises(ValueError, match=r"'directions' is none of the panels map, loss, rates"):
        explorer.figure(ax={"directions": Figure().subplots()})


def test_the_reader_s_axes_have_their_own_size(explorer):
    with pytest.raises(ValueError, match="the size of their figure"):
        explorer.figure(ax=Figure().subplots(), size=(6, 4))
