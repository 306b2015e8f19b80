"""The front end as it travels: a few lines that unpack the deflated text of all modules.

anywidget sends the text with every model, so that it weighs in every explorer and saved notebook.
"""

from __future__ import annotations

import base64
import re
import zlib

_COMMENTS = re.compile(r"^\s*(?://.*|/\*(?:[^*]|\*(?!/))*\*/\s*)\n", re.MULTILINE)
_TYPES = re.compile(r"/\*\* @(?:[^*]|\*(?!/))*\*/ ?")
_ASIDE = re.compile(
    r"(?<=[;,{}()\[\]]) // [^\"'`\n]*$", re.MULTILINE
)  # in no string: none ends there
_MARGIN = re.compile(r"^ +", re.MULTILINE)
_ENDS = re.compile(r" ?([{};,])(?: */\*(?:[^*]|\*(?!/))*\*/)?\n+")  # of a style sheet's lines

# Bytes by such letters as mean nothing in HTML or in a string: base64.b85encode's but for five.
_PLAIN = bytes.maketrans(b"$&<>`", b",./:[")
READER = """\
const read85 = (text, size) => {
  const letters =
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#,%.()*+-;/=:?@^_[{|}~";
  const view = new DataView(new ArrayBuffer(text.length));
  for (let k = 0, word = 0; k < text.length; k += 1) {
    word = word * 85 + letters.indexOf(text[k]);
    if (k % 5 === 4) view.setUint32((k - 4) * 0.8, word), (word = 0);
  }
  return new Uint8Array(view.buffer, 0, size);
};
"""

# Unpacked once for all explorers of a page, and imported from an address of its own, as anywidget
# imports this one. anywidget gives a model up whose module is not there after two seconds, so that
# nothing here waits.
_LOADER = """\
{reader}const packed = "{packed}";
const unpacked = async () => {{
  const bytes = new Blob([read85(packed, {size})]);
  const text = bytes.stream().pipeThrough(new DecompressionStream("deflate"));
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
    packed = zlib.compress(lean(text).encode(), 9)
    reader = lean(READER)
    return _LOADER.format(reader=reader, packed=lettered(packed), size=len(packed))


def lettered(data: bytes) -> str:
    """Bytes as text, five letters for four of them, which `READER` reads if it knows their number.

    >>> lettered(b"one by one")
    'Z*FBEVtF8MZe;)f'
    """
    return base64.b85encode(data, pad=True).translate(_PLAIN).decode()


def lean(text: str) -> str:
    """A module or style sheet without comments, types of JSDoc, and indentation.

    >>> lean("/** What it is for. */\\n// why\\nconst a = /** @type {number} */ (1); // too\\n")
    'const a = (1);\\n'
    """
    return _MARGIN.sub("", _ASIDE.sub("", _TYPES.sub("", _COMMENTS.sub("", text))))


def lean_style(text: str) -> str:
    """A style sheet likewise, and in few lines.

    >>> lean_style("/* Why. */\\na,\\nb {\\n  top: 0;\\n}\\n")
    'a,b{top:0;}'
    """
    return _ENDS.sub(r"\1", lean(text)).replace(": ", ":")
