"""An explorer as a module: its text is plain, and what it says stays text."""

import json
import re

import pytest

from gradwidgets.rendering import module, page
from gradwidgets.rendering.packing import packed

PACKET = packed(["{}"])
GIVEN = re.compile(r"^export default moduleOf\((.*)\);\n\Z", re.MULTILINE)


def written(said="At (1, 2).", code="gw.GradientExplorer('x*y')"):
    return module.written(page.fragment(PACKET, said, code, script=False))


def given(text):
    """What a module hands to its front end: style and fragment."""
    return json.loads(f"[{GIVEN.search(text)[1]}]")


def test_it_is_one_module_that_needs_nothing_from_outside():
    text = written()
    assert re.findall(r"^export [^(]*", text, re.MULTILINE) == ["export default moduleOf"]
    assert not re.search(r"^import ", text, re.MULTILINE)
    assert not re.search(r"https?://|@import|\burl\(", text)


def test_it_does_without_what_policies_forbid():
    assert not re.search(r"createObjectURL|\beval\(|new Function|import\(", written())


def test_it_brings_the_style_and_the_fragment_of_a_page():
    fragment = page.fragment(PACKET, "At (1, 2).", "gw.GradientExplorer('x*y')", script=False)
    assert given(written()) == [page.style(), fragment]


@pytest.mark.parametrize("text", ["`${alert(1)}`", "\\", '");alert(1);("', "a\u2028b", "∇f & {x}"])
def test_text_stays_text(text):
    found = given(written(said=text, code=text))[1]
    assert found == page.fragment(PACKET, text, text, script=False)
