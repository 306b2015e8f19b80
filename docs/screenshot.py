"""Makes the README's picture: the gradient explorer as it stands in a real JupyterLab."""

from pathlib import Path

from tests.browser.host import LAB, launch_browser, open_notebook, serve

CELL = """import gradwidgets as gw

gw.GradientExplorer("sin(x)*y + x**2/5", point=(1.2, 1.1), angle=110)"""
TARGET = Path(__file__).parent / "explorer.png"


def main() -> None:
    with launch_browser() as browser, serve(LAB) as server:
        notebook = open_notebook(browser, server, [CELL], width=1180, device_scale_factor=1.5)
        explorer = notebook.page.locator(".gw-explorer")
        notebook.page.locator(".gw-stage canvas").wait_for()
        notebook.wait_page("document.querySelector('.gw-captions').textContent.length > 0")
        notebook.page.wait_for_load_state("networkidle")
        explorer.screenshot(path=TARGET)


if __name__ == "__main__":
    main()
