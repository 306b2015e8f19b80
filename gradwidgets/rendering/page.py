"""A picture as a page of its own: one HTML file that needs neither kernel nor network."""

from __future__ import annotations

import base64
import html as markup

from gradwidgets.pictures.scene import Scene
from gradwidgets.rendering import paint

_PAGE = """<!DOCTYPE html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>
:root {{ color-scheme: light dark; }}
body {{ max-width: 60rem; margin: 1rem auto; padding: 0 1rem; font-family: sans-serif; }}
code {{ white-space: pre-wrap; }}
img {{ width: 100%; height: auto; background: white; }}
</style>
<h1>{title}</h1>
<img alt="{described}" src="data:image/png;base64,{image}">
<p>Made with gradwidgets: <code>{code}</code></p>
</html>
"""


def html(scene: Scene, title: str, code: str) -> str:
    """The scene as a page, with the line of Python that makes it live in a notebook."""
    return _PAGE.format(
        title=markup.escape(title),
        described=markup.escape(" ".join(scene.captions)),
        image=base64.b64encode(paint.png(scene, ratio=2.0)).decode(),
        code=markup.escape(code),
    )
