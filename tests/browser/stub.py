"""Explorers' front end over stub models in a bare page: traits are filled here, nothing answers.

A model is kept by name in the page's `models`: it keeps what was sent, and can say what Python
would. A `View` of tests/browser/view.py takes hold of what it shows.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Browser, Locator, Page, Route

from gradwidgets.calculus.program import Program
from gradwidgets.pictures.control import Control
from gradwidgets.pictures.picture import Picture
from gradwidgets.pictures.scene import Scene
from gradwidgets.rendering.joining import joined, joined_style
from gradwidgets.rendering.stage import terrain_of
from gradwidgets.rendering.wire import describe, pack, pack_fixed, pack_program, sent
from tests.browser.asked import ask
from tests.browser.bare import FRONT
from tests.browser.view import View

ORIGIN = "https://gradwidgets.test/"
# As strict as a page can be, but for styles and pictures: no eval, nothing from elsewhere.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'unsafe-inline'; img-src blob:; "
    "base-uri 'none'"
)
PAGE = """<!DOCTYPE html><html lang="en"><title>stub</title>
<meta name="viewport" content="width=device-width">
<style>{style}</style><script src="stub.js"></script>
<script type="module" src="main.js"></script>
<main></main></html>"""
MAIN = """import * as module from "./module.js";
window.gw = module.default;
window.opened = "";
window.opened = cleared();
"""

# What anywidget hands over, in a few lines: traits, what was sent, listeners.
STUB = """
window.errors = [];
addEventListener("error", ({ error }) => error && errors.push(error.stack));
addEventListener("unhandledrejection", (event) => errors.push(String(event.reason?.stack)));
window.models = {};
window.ends = [];
window.cleared = () => {
  ends.splice(0).forEach((end) => end());
  models = {};
  document.querySelector("main")?.replaceChildren();
  return document.documentElement.outerHTML + Object.keys(window);
};
const revive = (value) => {
  if (value?.bytes === undefined) return value;
  return new DataView(Uint8Array.from(atob(value.bytes), (one) => one.charCodeAt(0)).buffer);
};
window.modelNamed = (name, state, managed) => {
  const traits = {}, listeners = [];
  let unsaved = {};
  const tell = (names) => names.forEach((one) => [...listeners]
    .filter(([event]) => event === `change:${one}`).forEach(([_, hear]) => hear()));
  const model = {
    sent: [], asked: [], listeners,
    get: (one) => traits[one],
    set: (one, value) => {
      const same = JSON.stringify(traits[one]) === JSON.stringify(value);
      traits[one] = value;
      if (same) return;
      unsaved[one] = value;
      tell([one]);
    },
    save_changes: () => {
      if (Object.keys(unsaved).length) model.sent.push(unsaved);
      unsaved = {};
    },
    send: (content) => model.asked.push(content),
    on: (event, hear) => listeners.push([event, hear]),
    off: (event, hear) => {
      const place = listeners.findIndex((one) => one[0] === event && one[1] === hear);
      if (place >= 0) listeners.splice(place, 1);
    },
    receive: (news) => {
      Object.entries(news).forEach(([one, value]) => { traits[one] = revive(value); });
      tell(Object.keys(news));
    },
  };
  if (managed) model.widget_manager = { get_model: async (id) => models[id] };
  model.receive(state);
  models[name] = model;
};
window.showModel = (name) => {
  const el = document.querySelector("main").appendChild(document.createElement("div"));
  ends.push(gw.render({ model: models[name], el }));
};
"""


def files() -> dict[str, tuple[str, str]]:
    style = "body { margin: 0; font-family: sans-serif } " + joined_style(FRONT / "explorer.css")
    return {
        "": ("text/html", PAGE.format(style=style)),
        "stub.js": ("text/javascript", STUB),
        "main.js": ("text/javascript", MAIN),
        "module.js": ("text/javascript", joined(FRONT / "explorer.js")),
        "favicon.ico": ("image/x-icon", ""),
    }


@contextmanager
def stub_page(browser: Browser, **options: Any) -> Iterator[Page]:
    """A page that knows `modelNamed`, `showModel` and `models`; at the end without an error."""
    served = files()

    def serve(route: Route) -> None:
        kind, text = served[route.request.url.removeprefix(ORIGIN)]
        headers = {"content-security-policy": POLICY}
        route.fulfill(body=text, content_type=f"{kind}; charset=utf-8", headers=headers)

    with closing(browser.new_page(**options)) as page:
        page.set_default_timeout(8000)
        page.route("**/*", serve)
        open_anew(page)
        yield page
        assert page.evaluate("() => errors") == []


def open_anew(page: Page) -> None:
    """The page as it was, without what a test left."""
    page.goto(ORIGIN)
    page.wait_for_function("() => window.opened")


def clear(page: Page) -> None:
    """Without a test's views; scripts that have run for a while are thrice as quick as new ones."""
    if not page.evaluate("() => window.opened && cleared() === opened"):
        open_anew(page)  # the test has changed more than that


# ── what Python would say ────────────────────────────────────────────────────────────────────────

EMPTY_FORM: dict[str, Any] = {
    "text": {"label": "f(x, y) =", "placeholder": "type a formula", "lines": 1},
    "menu": {"label": "Example", "value": "", "options": [["", "your own"], ["bowl", "A bowl"]]},
    "rows": [],
    "side": None,
    "pages": [],
}
USUAL: dict[str, Any] = {
    "formula": "",
    "point": [],
    "controls": True,
    "note": "",
    "_news": "",
    "_form": EMPTY_FORM,
    "_message": "",
    "_domain_message": "",
    "_refused": 0,
    "_parts": {},
    "_work": {},
    "_joined": [],
    "_live": True,
    "_heard": 0,
    "_tick": 0,
    "_following": False,
    "_open": [],
}


def place_of(control: Control, variables: Sequence[str]) -> dict[str, Any]:
    """Where a control's value lives."""
    name = control.name
    if name in variables:
        return {"trait": "point", "key": list(variables).index(name)}
    if name.startswith("rate "):
        return {"trait": "rates", "key": name.removeprefix("rate ")}
    return {"trait": name}


def painted(
    picture: Picture,
    values: Sequence[float],
    *,
    ambient: Mapping[str, float] | None = None,
    program: bool = True,
    key: str = "1",
) -> dict[str, Any]:
    """What Python tells of a picture at values of its controls."""
    variables = picture.field.variables if picture.field else ()
    replayed = picture.replayed.program(*picture.inputs(values)) if program else None
    scene = None if replayed else picture.scene(values, ambient)
    told = describe(picture, sizes_of(picture, replayed, scene))
    for entry, control in zip(told["controls"], picture.controls, strict=True):
        entry["at"] = place_of(control, variables)
    around = {control.name: control.start for control in picture.ambient} | dict(ambient or {})
    told |= {
        "key": key,
        "variables": list(variables),
        "ambient": [{"name": name, "start": start} for name, start in around.items()],
    }
    names = ("_terrain", "_grid")
    return {
        "_picture": json.loads(json.dumps(told)),
        "_fixed": pack_fixed(picture.backdrop),
        **dict(zip(names, terrain_of(picture), strict=True)),
        "_program": pack_program(replayed) if replayed else b"",
        "_numbers": pack(scene) if scene else b"",
    }


def sizes_of(picture: Picture, replayed: Program | None, scene: Scene | None) -> dict[str, int]:
    """How many numbers all have that the browser gets or computes."""
    if replayed is not None:
        return dict(zip(picture.told, replayed.sizes, strict=True))
    assert scene is not None
    return {name: part.size for name, part in sent(scene).items()}


def traits_of(picture: Picture, values: Sequence[float]) -> dict[str, Any]:
    """The public state that has these values."""
    variables = picture.field.variables if picture.field else ()
    traits: dict[str, Any] = {"formula": picture.field.text if picture.field else ""}
    for control, value in zip(picture.controls, values, strict=True):
        at = place_of(control, variables)
        if at["trait"] == "point":
            traits.setdefault("point", []).append(value)
        elif "key" in at:
            traits.setdefault(at["trait"], {})[at["key"]] = value
        else:
            traits[at["trait"]] = value
    return traits


def as_json(value: Any) -> Any:
    return {"bytes": b64encode(value).decode()} if isinstance(value, bytes) else value


@dataclass
class Stub:
    """A model in the page, by its name."""

    page: Page
    name: str = "one"

    def receive(self, **news: Any) -> None:
        """Python says something."""
        sent = {name: as_json(value) for name, value in news.items()}
        ask(self.page, "([name, news]) => models[name].receive(news)", [self.name, sent])

    def get(self, trait: str) -> Any:
        return ask(self.page, "([name, one]) => models[name].get(one)", [self.name, trait])

    def sent(self) -> list[dict[str, Any]]:
        """What came to Python since it was asked last."""
        found: list[dict[str, Any]] = self.page.evaluate(
            "(name) => models[name].sent.splice(0)", self.name
        )
        return found

    def asked(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.page.evaluate(
            "(name) => models[name].asked.splice(0)", self.name
        )
        return found

    def wait(self, condition: str, argument: Any = None) -> None:
        """Until a function of the model and an argument is true."""
        self.page.wait_for_function(
            f"([name, argument]) => ({condition})(models[name], argument)",
            arg=[self.name, argument],
        )

    def show(self) -> View:
        """One more view."""
        self.page.evaluate("(name) => showModel(name)", self.name)
        place = self.page.evaluate("() => ends.length - 1")
        root: Locator = self.page.locator("main > div").nth(place)
        view = View(root, lambda: self.get("_picture"))
        view.wait_drawn()
        view.wait("(root) => root.querySelector('.gw-handle, .gw-captions p')")
        return view


def stub(
    page: Page,
    picture: Picture,
    values: Sequence[float],
    *,
    name: str = "one",
    managed: bool = False,
    form: Mapping[str, Any] | None = None,
    traits: Mapping[str, Any] | None = None,
    **how: Any,
) -> Stub:
    """A model of a picture at values of its controls, with a form and traits of its own."""
    state = {**USUAL, **traits_of(picture, values), **painted(picture, values, **how)}
    state |= {"_form": {**EMPTY_FORM, **(form or {})}, **(traits or {})}
    sent = {one: as_json(value) for one, value in state.items()}
    ask(page, "([name, state, managed]) => modelNamed(name, state, managed)", [name, sent, managed])
    return Stub(page, name)
