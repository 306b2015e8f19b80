"""Pages without a kernel in a browser without a network: how they are opened, and what they show.

`python -m tests.browser.paged 200` lets pages check all their numbers, one by one, against Python's
at so many random states, all over the ranges of their controls: of every explorer as it opens, with
a surface, of callables, with a menu of functions. `--choices` adds each choice of every option.
"""

from __future__ import annotations

import argparse
import sys
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from weakref import WeakKeyDictionary

import pytest
from playwright.sync_api import Browser, Locator, Page, Route

import gradwidgets as gw
from gradwidgets.explorers import checked, exported
from gradwidgets.explorers.choices import choices
from tests.browser.host import launch_browser
from tests.browser.view import View

KINDS = {
    kind.__name__: kind
    for kind in (
        gw.DerivativeExplorer,
        gw.PartialsExplorer,
        gw.GradientExplorer,
        gw.DescentExplorer,
        gw.RaceExplorer,
        gw.CurvatureExplorer,
        gw.FitExplorer,
        gw.TapeExplorer,
    )
}
ORIGIN = "https://course.test/"
NONCE = "r4nd0m"
POLICY = (
    f"default-src 'none'; script-src 'nonce-{NONCE}'; style-src 'unsafe-inline'; "
    "img-src data:; base-uri 'none'"
)
VERIFIED = "[data-verified]"


Told = tuple[Page, list[str]]  # a page, and what has been told on it
_free: WeakKeyDictionary[Browser, dict[str, Told]] = WeakKeyDictionary()  # by their options


@contextmanager
def alone(browser: Browser, **options: Any) -> Iterator[Page]:
    """A page that reaches nothing; at the end there may be no error and no message.

    It may be one that served before, empty again: a new window takes as long as a test. One on
    which something went wrong is closed.
    """
    free = _free.setdefault(browser, {})
    page, told = free.pop(repr(options), None) or _opened(browser, options)
    page.set_default_timeout(15000)
    told.clear()
    try:
        yield page
        assert told == []
    except BaseException:
        page.context.close()
        raise
    _empty(page)
    free[repr(options)] = page, told


def _opened(browser: Browser, options: Mapping[str, Any]) -> Told:
    page, told = browser.new_context(offline=True, **options).new_page(), list[str]()
    page.on("pageerror", lambda error: told.append(str(error.stack)))
    page.on("console", lambda message: told.append(message.text))
    return page, told


def _empty(page: Page) -> None:
    """A page as it was opened."""
    page.goto("about:blank")
    page.unroute_all()
    page.context.clear_permissions()
    page.mouse.up()
    page.mouse.move(0, 0)


@contextmanager
def packed_once() -> Iterator[None]:
    """What a page carries of an explorer is made once: many tests have the same few on theirs.

    Of formulas alone: in a callable's name stands nothing of what it does.
    """
    make, known = exported.exported, dict[Any, tuple[bytes, str]]()

    def once(explorer: Any, functions: Sequence[Any] = ()) -> tuple[bytes, str]:
        typed = explorer.takes.text(explorer.field)
        if not typed or not all(isinstance(one, str) for one in functions):
            return make(explorer, functions)
        asked = (exported.checked, *state_of(explorer), *functions)
        if asked not in known:
            known[asked] = make(explorer, functions)
        return known[asked]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(exported, "exported", once)
        yield


def state_of(explorer: Any) -> Iterator[Any]:
    """All that Python and a browser know of an explorer, without names that are its own alone."""
    yield from (type(explorer), explorer.code())
    for name in sorted({*explorer.keys, *explorer._option_names()} - {"_still", "layout"}):
        yield repr(getattr(explorer, name))


def show(page: Page, path: Path, address: str = "") -> list[View]:
    """The explorers of a file."""
    page.goto(f"{path.as_uri()}{address}")
    return views(page)


def under_policy(page: Page, html: str, policy: str = POLICY) -> list[View]:
    """The explorers of a page that a strict server hands out."""

    def serve(route: Route) -> None:
        headers = {"content-security-policy": policy}
        route.fulfill(body=html, content_type="text/html; charset=utf-8", headers=headers)

    page.route(ORIGIN, serve)
    page.goto(ORIGIN)
    return views(page)


def views(page: Any) -> list[View]:
    page.locator(".gw-alone").first.wait_for()
    roots: Sequence[Locator] = page.locator(".gw-alone").all()
    found = [View(root, lambda root=root: {"key": key_of(root)}) for root in roots]
    for view in found:
        view.root.locator(".gw-captions p").first.wait_for(state="attached")
    return found


def key_of(root: Locator) -> str | None:
    return root.locator(".gw-stage").get_attribute("data-key")


def wait_verified(view: View) -> str:
    """Whether a page's numbers are Python's, once that is known: else what it says."""
    view.wait("(root) => root.dataset.verified")
    right = view.root.get_attribute("data-verified") == "true"
    return "" if right else view.root.locator(".gw-foot .gw-wrong").text_content() or "?"


# ── many states ──────────────────────────────────────────────────────────────────────────────────


def branching(x, y):  # type: ignore[no-untyped-def]
    return x**2 + 10 * y**2 if x > -9 else x


FITS: dict[str, Callable[[], Any]] = {
    "labels": lambda: gw.FitExplorer([1, 2, 3, 4, 5], [0, 1, 0, 1, 1], loss="logistic"),
    "one parameter": lambda: gw.FitExplorer(model="exp(k*x)", point=0.2, batch=2, l1=0.1),
    "three parameters": lambda: gw.FitExplorer(model="parabola", method="momentum"),
    "moved rows": lambda: gw.FitExplorer(
        edits={"0": [2.5, 7.0, 1.0], "1": [0.0, 0.0, 0.0], "9": [1.0, 9.0, 1.0]}, loss="huber"
    ),
}


def cases() -> Iterator[tuple[str, Callable[[], Any], Sequence[str]]]:
    """What a page is called, what makes its explorer, and the other functions of its menu."""
    for name, kind in KINDS.items():
        yield name, kind, ()
        if "view" in kind().traits():
            yield f"{name} view both", lambda kind=kind: kind(view="both"), ()
        if "predict" in kind().traits():
            yield f"{name} asks", lambda kind=kind: kind(predict=True), ()
        if name not in ("DerivativeExplorer", "FitExplorer", "TapeExplorer"):
            yield f"{name} of a callable", lambda kind=kind: kind(branching, point=(1, 2)), ()
    for name, make in FITS.items():
        yield f"FitExplorer of {name}", make, ()
    yield "menu of partials", gw.PartialsExplorer, ("sin(x)", "x*y*z", "himmelblau", "a*b*c*d")
    yield "menu of gradients", gw.GradientExplorer, ("himmelblau", "a*b")


def chosen() -> Iterator[tuple[str, Callable[[], Any], Sequence[str]]]:
    """The same of every choice of every option."""
    for kind in KINDS.values():
        opened = kind()
        for option, name, change in choices(opened, opened._form):

            def make(kind: Any = kind, change: Any = change) -> Any:
                explorer = kind()
                change(explorer)
                return explorer

            yield f"{kind.__name__} {option} {name}", make, ()


def verified(browser: Browser, path: Path) -> str:
    """What a page says of its numbers."""
    with alone(browser) as page:
        page.set_default_timeout(600_000)
        (view,) = show(page, path)
        return wait_verified(view)


def verify_all(states: int, words: Sequence[str], choices_too: bool) -> bool:
    """Let pages check themselves at many states, and print what they say."""
    checked.STATES, checked.NEAR, checked.FEW = states, 1.0, sys.maxsize
    said = {}
    with launch_browser() as browser, TemporaryDirectory() as folder:
        for name, make, functions in (*cases(), *(chosen() if choices_too else ())):
            if words and not any(word in name for word in words):
                continue
            with warnings.catch_warnings(action="ignore"):
                make().save(Path(folder) / "page.html", functions=functions)
            said[name] = verified(browser, Path(folder) / "page.html")
            print(name, said[name] or f"verified at {states} states", flush=True)
    return not any(said.values())


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("states", type=int)
    parser.add_argument("words", nargs="*", help="of the pages' names: only such ones")
    parser.add_argument("--choices", action="store_true", help="each choice of every option, too")
    options = parser.parse_intermixed_args()
    sys.exit(not verify_all(options.states, options.words, options.choices))
