"""Pages without a kernel in a browser without a network: how they are opened, and what they show.

`python -m tests.browser.paged 200` lets the page of every explorer check its numbers against
Python's at so many random states, all over the ranges of their controls.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from playwright.sync_api import Browser, Locator, Page, Route

import gradwidgets as gw
from gradwidgets.explorers import checked
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


@contextmanager
def alone(browser: Browser, **options: Any) -> Iterator[Page]:
    """A page that reaches nothing; at the end there may be no error and no message."""
    told: list[str] = []
    with closing(browser.new_context(offline=True, **options)) as context:
        page = context.new_page()
        page.set_default_timeout(15000)
        page.on("pageerror", lambda error: told.append(str(error.stack)))
        page.on("console", lambda message: told.append(message.text))
        yield page
        assert told == []


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


def verify_all(states: int, kinds: Mapping[str, Any]) -> bool:
    """Let pages check themselves at many states, and print what they say."""
    checked.STATES, checked.NEAR = states, 1.0
    said = {}
    with launch_browser() as browser, TemporaryDirectory() as folder:
        for name, kind in kinds.items():
            path = Path(folder) / f"{name}.html"
            kind().save(path)
            with alone(browser) as page:
                page.set_default_timeout(600_000)
                (view,) = show(page, path)
                said[name] = wait_verified(view)
            print(name, said[name] or f"verified at {states} states", flush=True)
    return not any(said.values())


if __name__ == "__main__":
    asked = sys.argv[2:] or KINDS
    sys.exit(not verify_all(int(sys.argv[1]), {name: KINDS[name] for name in asked}))
