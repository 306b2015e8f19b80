"""The page around explorers: all is in it, and text stays text."""

import re
from html.parser import HTMLParser

import pytest

from gradwidgets.rendering import page
from gradwidgets.rendering.packing import packed

PACKET = packed(["{}"])


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


def made(said="At (1, 2).", code="gw.GradientExplorer('x*y')", title="x*y", nonce=""):
    fragment = page.fragment(PACKET, said, code, script=False)
    return page.whole([fragment], title, nonce=nonce)


def test_a_page_needs_nothing_from_outside():
    text = made()
    assert not re.search(r"https?://|@import|\burl\(|\beval\b|\bimport\(|createObjectURL", text)
    assert not Reader(text).all("link")
    assert not any("src" in attributes for _, attributes in Reader(text).tags)
    assert "utf-8" in [meta.get("charset") for meta in Reader(text).all("meta")]


def test_its_script_does_without_what_policies_forbid():
    text = page._unpacked()[1]
    assert not re.search(r"createObjectURL|\beval\(|new Function|import\(|setAttribute\(.on", text)
    assert len(re.findall(r"^export ", text, re.MULTILINE)) == 1
    assert not re.search(r"^import ", text, re.MULTILINE)


def test_a_reader_without_scripts_reads_what_is_seen_and_the_code():
    reader = Reader(made())
    assert "At (1, 2)." in reader.texts
    assert "gw.GradientExplorer('x*y')" in reader.texts


def test_a_fragment_has_its_script_unless_another_brings_it():
    both = page.fragment(PACKET, "said", "code", nonce="abc")
    (script,) = Reader(both).all("script")
    assert script == {"nonce": "abc"}
    assert page.fragment(PACKET, "said", "code", script=False) in both
    assert not Reader(page.fragment(PACKET, "said", "code", script=False)).all("script")


def test_one_script_for_all_of_a_page():
    fragments = [page.fragment(PACKET, "said", "code", script=False)] * 3
    text = page.whole(fragments, "three", nonce="abc", heading=True)
    assert Reader(text).all("script") == [{"nonce": "abc"}]
    assert len([one for one in Reader(text).all("div") if one.get("class") == "gw-alone"]) == 3
    assert Reader(text).texts.count("three") == 2
    assert Reader(page.whole(fragments, "three")).texts.count("three") == 1


def test_a_frame_holds_a_whole_page_and_lets_it_run_scripts_alone():
    text = made()
    (frame,) = Reader(page.framed(text, 'a "b" & c', 500)).all("iframe")
    assert frame["sandbox"] == "allow-scripts"
    assert frame["srcdoc"] == text
    assert frame["title"] == 'a "b" & c'
    assert "500px" in frame["style"]


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "</title>", "a & {b}"]
)
def test_text_stays_text(text):
    reader = Reader(made(said=text, code=text, title=text))
    assert [name for name, _ in reader.tags] == [name for name, _ in Reader(made()).tags]
    assert "".join(reader.texts).count(text) == 3
    (script,) = Reader(page.front_end(text)).all("script")
    assert script == {"nonce": text}
