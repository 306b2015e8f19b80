"""The front end as it travels: a few lines that unpack the deflated text of all modules.

anywidget sends the text with every model, so that it weighs in every explorer and saved notebook.
"""

from __future__ import annotations

import base64
import re
import zlib

_COMMENTS = re.compile(r"^\s*(?://.*|/\*(?:[^*]|\*(?!/))*\*/\s*)\n", re.MULTILINE)
_TYPES = re.compile(r"/\*\* @(?:[^*]|\*(?!/))*\*/ ?")
_MARGIN = re.compile(r"^ +", re.MULTILINE)
_ENDS = re.compile(r" ?([{};,])(?: */\*(?:[^*]|\*(?!/))*\*/)?\n+")  # of a style sheet's lines

# Unpacked once for all explorers of a page, and imported from an address of its own, as anywidget
# imports this one. anywidget gives a model up whose module is not there after two seconds, so that
# nothing here waits.
_LOADER = """\
const packed = "{packed}";
const unpacked = async () => {{
  const bytes = Uint8Array.from(atob(packed), (letter) => letter.charCodeAt(0));
  const text = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  const module = new Blob([await new Response(text).text()], {{ type: "text/javascript" }});
  const address = URL.createObjectURL(module);
  const front = await import(address);
  URL.revokeObjectURL(address);
  return front.default;
}};
const known = (globalThis.gradwidgets ??= new Map());
if (!known.has(packed)) known.set(packed, unpacked());
const front = known.get(packed);
export default {{
  initialize: (context) => {{
    const end = front.then(({{ initialize }}) => initialize(context));
    return async () => (await end)();
  }},
  render: async (context) => (await front).render(context),
}};
"""


def shipped(text: str) -> str:
    """A small module that does what the module of this text does, once that is unpacked."""
    packed = base64.b64encode(zlib.compress(lean(text).encode(), 9)).decode()
    return _LOADER.format(packed=packed)


def lean(text: str) -> str:
    """A module or style sheet without lines of comments alone, types of JSDoc, and indentation.

    >>> lean("/** What it is for. */\\n// why\\nconst a = /** @type {number} */ (1); // kept\\n")
    'const a = (1); // kept\\n'
    """
    return _MARGIN.sub("", _TYPES.sub("", _COMMENTS.sub("", text)))


def lean_style(text: str) -> str:
    """A style sheet likewise, and in few lines.

    >>> lean_style("/* Why. */\\na,\\nb {\\n  top: 0;\\n}\\n")
    'a,b{top:0;}'
    """
    return _ENDS.sub(r"\1", lean(text)).replace(": ", ":")
