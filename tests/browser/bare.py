"""The front end in a bare page: no Jupyter, no network, nothing to wait for.

The page knows as `gw`, by their names, what the front end's modules export.
"""

from __future__ import annotations

import json
import math
from base64 import b64encode
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, Route

import gradwidgets
from gradwidgets.pictures.panels import Space
from gradwidgets.pictures.picture import Picture
from gradwidgets.pictures.scene import Layer, Scene
from gradwidgets.rendering import layout
from gradwidgets.rendering.wire import describe, pack, sent

ORIGIN = "http://gradwidgets.test/"
FRONT = Path(gradwidgets.__file__).parent / "rendering/front"
PARTS = sorted(path.name for path in FRONT.glob("*.js"))
NAMES = ", ".join(f"part{k}" for k in range(len(PARTS)))
IMPORTS = "\n".join(f'import * as part{k} from "./front/{part}";' for k, part in enumerate(PARTS))
FILES = {
    "": (
        "text/html",
        f"""<!DOCTYPE html><title>bare</title><meta name="viewport" content="width=device-width">
        <script>
          window.errors = [];  // without the browser's remark that a size changed once more
          addEventListener("error", ({{ error }}) => error && errors.push(error.stack));
          addEventListener("unhandledrejection", (event) => errors.push(String(event.reason)));
        </script>
        <script type="module">
          {IMPORTS}
          window.gw = Object.assign({{}}, {NAMES});
          window.decode = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
        </script>""",
    ),
    "favicon.ico": ("image/x-icon", ""),
    **{f"front/{part}": ("text/javascript", (FRONT / part).read_text("utf-8")) for part in PARTS},
}


@contextmanager
def bare_page(browser: Browser, **options: Any) -> Iterator[Page]:
    """A page that knows the module as `gw`; at the end, no error may have happened in it."""
    with closing(browser.new_page(**options)) as page:
        page.route("**/*", _serve)
        page.goto(ORIGIN)
        yield page
        assert page.evaluate("() => errors") == []


def _serve(route: Route) -> None:
    kind, text = FILES[route.request.url.removeprefix(ORIGIN)]
    route.fulfill(body=text, content_type=f"{kind}; charset=utf-8")


def wire(picture: Picture, values: tuple[float, ...], width: int) -> tuple[Scene, dict[str, Any]]:
    """A scene, and what the page gets of it: the spec as JSON brings it, the numbers as text.

    Its moving marks alone, in panels that are where matplotlib has them at some width, and have
    the heights that it paints.
    """
    scene = picture.scene(values)
    framed = replace(picture, panels=scene.panels, marks=scene.marks, backdrop=Layer())
    spec = describe(framed, {name: part.size for name, part in sent(scene).items()})
    for panel in scene.panels:
        box = layout.plan(scene.panels, width).boxes[panel.name]
        place = {"box": [box.left, box.top, box.width, box.height]}
        spec["panels"][panel.name] |= place | {"space": panel.space and heights_of(panel.space)}
    numbers = b64encode(pack(scene)).decode()
    return scene, {"spec": json.loads(json.dumps(spec, allow_nan=False)), "numbers": numbers}


def heights_of(space: Space) -> dict[str, Any]:
    """A space without NaN, which JSON does not know: a hole has no height."""
    holed = [[None if math.isnan(height) else height for height in line] for line in space.heights]
    return vars(space) | {"x": space.x.tolist(), "y": space.y.tolist(), "heights": holed}
