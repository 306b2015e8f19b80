"""What a saved notebook holds of an explorer, as HTML: a picture, what it can become, a script.

Where scripts are taken away, as on GitHub and in a notebook that is not trusted, the picture is
left with its words. Else the script (alone/saved.js) brings it to life where it is seen.
"""

from __future__ import annotations

import base64
import html

from gradwidgets.rendering.page import front_end

TO_WAKE = "A picture, as it was saved: run this cell in Jupyter to move it."
MOST = 66_000  # letters of a packet
# The script's own output is none to look at. Nor is what JupyterLab says behind it, where the live
# view should be: the picture above is alive then.
_STYLE = """\
<style class="gw-saved-script">
.jp-OutputArea-child:has(.gw-saved-script),
.jp-OutputArea-child:has(.gw-saved-script) + .jp-OutputArea-child
  > .jp-OutputArea-output.jupyter-widgets:not(:has(*)) { display: none; }
</style>"""


def pictured(name: str, png: bytes, said: str, packet: bytes = b"") -> str:
    """A picture that goes by a name, by which a live view hides it.

    Args:
        name: of the explorer's picture.
        png: the picture.
        said: its captions.
        packet: what the script makes of it, where there is one.
    """
    image, carried = base64.b64encode(png).decode(), base64.b64encode(packet).decode()
    data = f' data-gw-saved="{carried}"' if carried else ""
    return (
        f'<div class="gw-alone gw-still" data-gw-still="{name}"{data}>'
        f'<img alt="{html.escape(said)}" style="max-width: 100%" '
        f'src="data:image/png;base64,{image}">'
        f'<div class="gw-foot"><span>{TO_WAKE}</span></div></div>'
    )


def script() -> str:
    """What wakes the pictures of a notebook; any number of them is as good as one."""
    return "\n".join([_STYLE, front_end()])
