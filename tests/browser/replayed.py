"""Programs replayed by the front end's modules, in a page with the strictest policy for scripts."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from typing import Any

import numpy as np
from playwright.sync_api import Browser, Page, Route

from gradwidgets.calculus.program import Program
from tests.browser.asked import ask
from tests.browser.bare import FILES, IMPORTS, NAMES

ORIGIN = "https://gradwidgets.test/"
POLICY = {"content-security-policy": "default-src 'none'; script-src 'self'"}  # no eval
OWN = {
    "": (
        "text/html",
        '<!DOCTYPE html><title>bare</title><script type="module" src="main.js"></script>',
    ),
    "main.js": (
        "text/javascript",
        f"""
        {IMPORTS}
        window.gw = Object.assign({{}}, {NAMES});
        window.floats = (text) => new Float64Array(
          Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)).buffer);
        window.encoded = (lists) => {{
          const all = new Float64Array(lists.reduce((sum, list) => sum + (list.length ?? 1), 0));
          lists.reduce((at, list) => {{
            all.set(list.length === undefined ? [list] : list, at);
            return at + (list.length ?? 1);
          }}, 0);
          const bytes = new Uint8Array(all.buffer), parts = [];
          for (let k = 0; k < bytes.length; k += 8192)
            parts.push(String.fromCharCode(...bytes.subarray(k, k + 8192)));
          return btoa(parts.join(""));
        }};
        // One state's inputs from all numbers side by side.
        window.inputsOf = ({{ inputs }}, numbers) => {{
          let at = 0;
          return inputs.map(([, shape]) => {{
            if (shape === null) return numbers[at++];
            const size = shape.reduce((product, each) => product * each, 1);
            return numbers.subarray(at, (at += size));
          }});
        }};
        window.replayed = (jobs) => jobs.map(({{ data, numbers, states, later, wait }}) => {{
          const program = gw.make(data, floats(numbers), {{ later }});
          return states.map((state) => {{
            const found = program.run(inputsOf(data, floats(state)));
            while (wait && !program.soon(wait));
            return encoded(found);
          }});
        }});
        window.lifted = ({{ data, numbers, points, tile }}) =>
          encoded(gw.over(gw.lift(data, floats(numbers), tile), ...points.map(floats)));
        """,
    ),
}


@contextmanager
def replay_page(browser: Browser) -> Iterator[Page]:
    """A page that knows the modules as `gw`."""
    errors: list[str] = []
    with closing(browser.new_page()) as page:
        page.on("pageerror", lambda error: errors.append(str(error.stack)))
        page.route("**/*", _serve)
        page.goto(ORIGIN)
        yield page
        assert errors == []


def _serve(route: Route) -> None:
    kind, text = {**FILES, **OWN}[route.request.url.removeprefix(ORIGIN)]
    route.fulfill(body=text, content_type=f"{kind}; charset=utf-8", headers=POLICY)


def encode(numbers: Any) -> str:
    return b64encode(np.asarray(numbers, "<f8").tobytes()).decode()


def decode(text: str) -> np.ndarray:
    return np.frombuffer(b64decode(text), "<f8")


def job(program: Program, states: Sequence[Sequence[Any]], **options: Any) -> dict[str, Any]:
    """A program and the inputs of its runs, as the page takes them."""
    data, numbers = program.as_data()
    flat = [np.concatenate([np.empty(0), *(np.ravel(v) for v in state)]) for state in states]
    return {"data": data, "numbers": encode(numbers), "states": list(map(encode, flat))} | options


def replay(page: Page, *jobs: dict[str, Any]) -> list[list[np.ndarray]]:
    """Of each job and each run all outputs, side by side."""
    return [list(map(decode, runs)) for runs in ask(page, "(jobs) => replayed(jobs)", jobs)]


def side_by_side(outputs: Sequence[Any]) -> np.ndarray:
    """A program's outputs in Python as `replay` gives them."""
    return np.concatenate([np.empty(0), *(np.ravel(np.asarray(o, float)) for o in outputs)])
