"""The page without a kernel: everything in one file, and nothing in it that could run."""

import base64
import io
import re
from html.parser import HTMLParser

import pytest
from PIL import Image

from gradwidgets.calculus.field import ScalarField
from gradwidgets.pictures.gradient import gradient_picture
from gradwidgets.rendering import page, paint

SCENE = gradient_picture(ScalarField("x**2 + 10*y**2")).scene((1, 2, 30))


class Reader(HTMLParser):
    """The tags of a page with their attributes, and the text between them."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.texts = [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.texts.append(data)

    def all(self, tag):
        return [attributes for name, attributes in self.tags if name == tag]


@pytest.fixture(scope="module")
def html():
    return page.html(SCENE, "x**2 + 10*y**2", "gw.GradientExplorer('x**2 + 10*y**2')")


def test_a_page_needs_nothing_from_outside(html):
    without_pictures = re.sub(r"data:image/png;base64,[A-Za-z0-9+/=]+", "", html)
    assert "//" not in without_pictures.replace("http://www.w3.org/", "")
    assert not re.search(r"@import|\burl\(", without_pictures)
    reader = Reader(html)
    assert not reader.all("link")
    for name, attributes in reader.tags:
        if name in ("img", "script", "iframe"):
            assert attributes.get("src", "data:").startswith("data:")


def test_a_page_shows_the_picture_and_says_it_in_words(html):
    (image,) = Reader(html).all("img")
    assert image["alt"] == " ".join(SCENE.captions)
    data = base64.b64decode(image["src"].removeprefix("data:image/png;base64,"))
    assert Image.open(io.BytesIO(data)).size[0] == 960 * 2


def test_a_page_names_its_function_and_the_line_that_makes_it_live(html):
    reader = Reader(html)
    assert "x**2 + 10*y**2" in reader.texts
    assert "gw.GradientExplorer('x**2 + 10*y**2')" in reader.texts
    assert "utf-8" in [meta.get("charset") for meta in reader.all("meta")]


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "</title>", "a & {b}"]
)
def test_text_stays_text(text, monkeypatch):
    monkeypatch.setattr(paint, "png", lambda scene, **options: b"")
    made = page.html(SCENE, text, text)
    reader = Reader(made)
    tags = [name for name, _ in reader.tags]
    assert tags == [name for name, _ in Reader(page.html(SCENE, "t", "c")).tags]
    assert "".join(reader.texts).count(text) >= 2
