"""Makes the README's picture: the gradient explorer as it stands in a real JupyterLab."""

from pathlib import Path

from tests.browser.host import LAB, launch_browser, open_notebook, serve

CELL = """import gradwidgets as gw

gw.GradientExplorer("sin(x)*y + x**2/5", point=(1.2, 1.1), angle=110)"""
MARGIN = 4  # pixels around it
TARGET = Path(__file__).parent / "explorer.png"


def main() -> None:
    with launch_browser() as browser, serve(LAB) as server:
        size = {"width": 1180, "height": 1100, "device_scale_factor": 2}
        notebook = open_notebook(browser, server, [CELL], **size)
        explorer = notebook.page.locator(".gw-explorer")
        notebook.page.locator(".gw-stage[data-key]").wait_for()
        notebook.wait_page("document.querySelector('.gw-captions').textContent.length > 0")
        notebook.page.wait_for_load_state("networkidle")
        box = explorer.bounding_box()
        assert box
        clip = {
            "x": box["x"] - MARGIN,
            "y": box["y"],
            "width": box["width"] + 2 * MARGIN,
            "height": box["height"],
        }
        notebook.page.screenshot(path=TARGET, clip=clip)


if __name__ == "__main__":
    main()
