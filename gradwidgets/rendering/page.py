"""Explorers in pages without a kernel: a fragment, a whole page, a frame; all that they need is in.

A page may forbid what is not its own, and scripts without its nonce: nothing here comes from an
address, be it one of the page itself.
"""

from __future__ import annotations

import base64
import html
import json
import zlib
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from gradwidgets.rendering.joining import joined, joined_style
from gradwidgets.rendering.shipping import READER, lean, lean_style, lettered

WORDS = "To type a function of your own, run in a notebook:"
_HERE = Path(__file__).parent
_STYLES = ("front/explorer.css", "alone/page.css")
_PAGE = """\
<!DOCTYPE html>
<html lang="en" data-gw-address>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
:root {{ color-scheme: light dark; }}
body {{ max-width: 75rem; margin: 1rem auto; padding: 0 1rem; font-family: system-ui, sans-serif; }}
</style>
{heading}{body}
</html>
"""
# One copy serves all explorers of a page. It adds what it has unpacked as an element with its own
# nonce: an address that is made in the page is forbidden in many.
_SCRIPT = """\
<script{nonce}>
(async ({{ nonce }}) => {{
  if ("gradwidgetsWake" in globalThis) return globalThis.gradwidgetsWake?.();
  globalThis.gradwidgetsWake = null;
  {reader}
  const {{ body }} = new Response(read85("{packed}", {size}));
  const plain = body.pipeThrough(new DecompressionStream("deflate"));
  const [style, text] = await new Response(plain).json();
  const add = (tag, traits) =>
    document.head.append(Object.assign(document.createElement(tag), traits));
  add("style", {{ textContent: style }});
  add("script", {{ type: "module", nonce, textContent: text }});
}})(document.currentScript ?? {{}});
</script>"""


def fragment(
    packet: bytes, said: str, code: str, note: str = "", *, nonce: str = "", script: bool = True
) -> str:
    """An explorer for the middle of a page, with words until it is awake.

    Args:
        packet: what it carries.
        said: its captions.
        code: the Python that makes it.
        note: what else a reader must know, or "".
        nonce: the word by which the page's content policy knows its own scripts.
        script: whether the front end comes with it, which one copy of does for all.
    """
    data = base64.b64encode(packet).decode()
    told = f"<p>{html.escape(said, quote=False)}</p>"
    carried = f'<div class="gw-alone" data-gw="{data}">\n{told}\n{_foot(code, note)}\n</div>'
    return "\n".join([carried, front_end(nonce)] if script else [carried])


def still(png: bytes, said: str, code: str, note: str) -> str:
    """A picture that does not move, in an explorer's place."""
    data, told = base64.b64encode(png).decode(), html.escape(said)
    image = f'<img alt="{told}" style="max-width: 100%" src="data:image/png;base64,{data}">'
    return f'<div class="gw-alone">\n{image}\n{_foot(code, note)}\n</div>'


def _foot(code: str, note: str) -> str:
    """What stands below an explorer."""
    made = f"<span>{WORDS} <code>{html.escape(code, quote=False)}</code></span>"
    told = f"<p>{html.escape(note, quote=False)}</p>" if note else ""
    return f'<div class="gw-foot">{told}{made}</div>'


def front_end(nonce: str = "") -> str:
    """The script that wakes the explorers of a page, once for all of them."""
    own = f' nonce="{html.escape(nonce)}"' if nonce else ""
    return _SCRIPT.format(nonce=own, **_packed())


def whole(fragments: Sequence[str], title: str, *, nonce: str = "", heading: bool = False) -> str:
    """A page of its own, of fragments without scripts."""
    told = html.escape(title, quote=False)
    head = f"<h1>{told}</h1>\n" if heading else ""
    body = "\n".join([*fragments, front_end(nonce)])
    return _PAGE.format(title=told, heading=head, body=body)


def framed(page: str, title: str, height: int) -> str:
    """A page within another one, where its script can do nothing else."""
    return (
        f'<iframe sandbox="allow-scripts" title="{html.escape(title)}" style="width: 100%; '
        f'height: {height}px; border: 0" srcdoc="{html.escape(page)}"></iframe>'
    )


@cache
def _packed() -> dict[str, str]:
    packed = zlib.compress(json.dumps(_unpacked()).encode(), 9)
    return {"reader": lean(READER), "packed": lettered(packed), "size": str(len(packed))}


def _unpacked() -> tuple[str, str]:
    """Style and script."""
    return style(), lean(joined(_HERE / "alone/page.js"))


def style() -> str:
    """What explorers look like without a kernel."""
    return lean_style("\n".join(joined_style(_HERE / name) for name in _STYLES))
