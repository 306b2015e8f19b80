"""Mathematics in sentences: pure functions in a bare page."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.bare import bare_page


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    with bare_page(browser) as page:
        yield page


def pieces(page: Page, text: str, names: str = "") -> str:
    """Pieces in one line, as `i:f` for those that are not plain."""
    told = page.evaluate("([text, names]) => gw.mathPieces(text, names)", [text, list(names)])
    return "".join(f"[{kind}:{piece}]" if kind else piece for kind, piece in told)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("At (1, 2): f = 41.0, ∂f/∂x = 2.0.", "At (1, 2): [i:f] = 41.0, ∂[i:f]/∂[i:x] = 2.0."),
        ("slope ‖∇f‖ = 10.4", "slope ‖∇[i:f]‖ = 10.4"),
        ("u stands at φ = 43° to ∇f", "[b:u] stands at [i:φ] = 43° to ∇[i:f]"),
        ("Dᵤf = 10.4 · cos φ", "[i:D][sub:u][i:f] = 10.4 · cos [i:φ]"),
        ("α·λmax = 2.20 is over 2.00", "[i:α]·[i:λ][sub:max] = 2.20 is over 2.00"),
        ("2/(λmin + λmax)", "2/([i:λ][sub:min] + [i:λ][sub:max])"),
        ("uᵀHu = −0.83", "[b:u][sup:T][i:H][b:u] = −0.83"),
        ("Hu and H = Hᵀ", "[i:H][b:u] and [i:H] = [i:H][sup:T]"),
        ("fᵢⱼ = fⱼᵢ", "[i:f][sub:ij] = [i:f][sub:ji]"),
        ("a step at x² + 2h can't", "a step at [i:x]² + 2[i:h] can't"),
        ("autograd's answer is a convention", "autograd's answer is a convention"),
        ("∂²f/∂x∂y = 10⁻⁴", "∂²[i:f]/∂[i:x]∂[i:y] = 10⁻⁴"),
        ("call tape.gradient(y, w) again", "call tape.gradient([i:y], [i:w]) again"),
        ("nothing here", "nothing here"),
        ("", ""),
    ],
)  # fmt: skip
def test_a_sentence_in_pieces(page: Page, text: str, shown: str) -> None:
    assert pieces(page, text) == shown


def test_a_letter_that_is_also_a_word(page: Page) -> None:
    assert pieces(page, "a = 2 and ∂f/∂a, a step", "a") == "[i:a] = 2 and ∂[i:f]/∂[i:a], a step"
    assert pieces(page, "a step") == "a step"
    assert pieces(page, "a", "a") == "[i:a]"


def test_a_variable_named_u_is_no_vector(page: Page) -> None:
    assert pieces(page, "∂f/∂u = 2", "u") == "∂[i:f]/∂[i:u] = 2"


def test_nothing_of_a_sentence_is_lost(page: Page) -> None:
    """But for letters that are small by themselves, and are set as such."""
    text = "At (1, 2): f′ = 3, λmax = 2·10⁻³, ∇f ⟂ <b>x</b> & y"
    told = page.evaluate("(text) => gw.mathPieces(text).map(([_, piece]) => piece).join('')", text)
    assert told == text
