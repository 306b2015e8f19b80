"""scratch"""
import os
import time
from pathlib import Path
import pytest

SLIDER = """
import ipywidgets
slider = ipywidgets.FloatSlider()
slider
"""
COUNTER = '''
import anywidget, traitlets
class Counter(anywidget.AnyWidget):
    _esm = """
    function render({ model, el }) {
      const canvas = document.createElement("canvas");
      canvas.tabIndex = 0;
      canvas.className = "counter";
      canvas.style.background = "#ccd";
      canvas.setAttribute("data-lm-suppress-shortcuts", "true");
      const stop = new AbortController();
      canvas.addEventListener("keydown", e => {
        if (e.key !== "ArrowRight") return;
        e.preventDefault();
        model.set("count", model.get("count") + 1);
        model.save_changes();
      }, { signal: stop.signal });
      el.append(canvas);
      return () => stop.abort();
    }
    export default { render };
    """
    count = traitlets.Int(0).tag(sync=True)
counter = Counter()
counter
'''

@pytest.mark.parametrize("again", range(5))
@pytest.mark.parametrize("host", ["open_lab", "open_notebook7"])
def test_keys(host, again, request):
    open_one = request.getfixturevalue(host)
    t = time.time()
    nb = open_one([SLIDER, COUNTER])
    print("open", host, time.time() - t)
    page = nb.page
    canvas = page.locator("canvas.counter")
    canvas.focus()
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    nb.wait_python("counter.count == 5")
    assert nb.python("counter.count") == 5
    handle = page.locator(".jupyter-widgets .noUi-handle")
    handle.focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    t = time.time()
    page.screenshot(path=f"/tmp/shot-{host}-{again}.png")
    if host == "open_lab":
        nb.wait_python("abs(slider.value - .3) < 1e-9")
    print("value", nb.python("slider.value"))
    t = time.time()
    for _ in range(20):
        nb.python("1")
    print("roundtrip", (time.time() - t) / 20)
    assert nb.python("(1, 2.5, 'é\\n\\'', None, True)") == [1, 2.5, "é\n'", None, True]
    assert nb.python("__import__('numpy').arange(3) / 2") == [0, .5, 1]
    nb.run("z = 3\nfor i in range(2): z += i")
    assert nb.python("z") == 4
    with pytest.raises(AssertionError, match="ZeroDivisionError"):
        nb.python("1/0")
    with pytest.raises(AssertionError, match="ZeroDivisionError"):
        nb.run("1/0")
    with pytest.raises(AssertionError, match="SyntaxError"):
        nb.run("1 1")
    with pytest.raises(AssertionError, match="still False"):
        nb.wait_python("1 == 2", .2)
    print("errors", nb.errors)
    t = time.time()
    nb.close()
    print("close", time.time() - t)
