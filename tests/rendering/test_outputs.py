"""An output of a saved notebook: a picture with its words, and what only a script reads."""

import base64
from html.parser import HTMLParser

from gradwidgets.rendering import outputs

SAID = 'At "1 < 2": f = 3.'


class Read(HTMLParser):
    """What is in a page: elements with their attributes, and all that is seen of text."""

    def __init__(self, page):
        super().__init__()
        self.elements, self.text = [], ""
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))

    def handle_data(self, data):
        self.text += data


def test_a_picture_has_its_captions_and_one_sentence_that_tells_how_to_wake_it():
    read = Read(outputs.pictured("name", b"png", SAID))
    ((_, image),) = [one for one in read.elements if one[0] == "img"]
    assert image["alt"] == SAID
    assert image["src"] == f"data:image/png;base64,{base64.b64encode(b'png').decode()}"
    assert read.text == outputs.TO_WAKE


def test_the_packet_is_no_text():
    page = outputs.pictured("name", b"png", SAID, b"packet")
    (_, root), *_ = Read(page).elements
    assert (root["data-gw-still"], base64.b64decode(root["data-gw-saved"])) == ("name", b"packet")
    assert Read(page).text == outputs.TO_WAKE
    assert "script" not in page


def test_without_a_packet_there_is_nothing_to_wake():
    assert "data-gw-saved" not in outputs.pictured("name", b"png", SAID)


def test_the_script_is_one_and_needs_no_address():
    read = Read(outputs.script())
    assert [tag for tag, _ in read.elements] == ["style", "script"]
    assert "src" not in read.elements[1][1]
