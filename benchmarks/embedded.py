"""The gradient picture as pages that others make: Panel, Plotly, and ipywidgets' own embedding."""

from __future__ import annotations

from io import BytesIO, StringIO
from typing import Any

import autograd.numpy as anp
import ipywidgets as ipw
import numpy as np
from autograd import elementwise_grad
from ipywidgets.embed import embed_minimal_html
from matplotlib.figure import Figure

import gradwidgets as gw

FORMULA, START, RANGE = "x**2 + 10*y**2", (1.0, 2.0), (-3.0, 3.0)


def explorer() -> gw.GradientExplorer:
    return gw.GradientExplorer(FORMULA, point=START)


def figure_at(shown: gw.GradientExplorer, x: float, y: float) -> Figure:
    shown.point = (x, y)
    return shown.figure()


def by_panel(positions: int) -> str:
    """Two sliders whose states are all computed beforehand, and kept in the page as pictures."""
    import panel as pn
    from bokeh.resources import INLINE

    shown, (low, high) = explorer(), RANGE
    step = (high - low) / (positions - 1)
    x, y = (
        pn.widgets.FloatSlider(name=name, start=low, end=high, step=step, value=low)
        for name in ("x", "y")
    )

    def picture(x: float, y: float) -> Any:
        return pn.pane.Matplotlib(figure_at(shown, x, y), dpi=100)

    page, wide = StringIO(), positions**2
    app = pn.Column(x, y, pn.bind(picture, x, y))
    kept = {"embed": True, "max_opts": positions, "max_states": wide, "progress": False}
    app.save(page, resources=INLINE, **kept)
    return page.getvalue()


def by_ipywidgets() -> str:
    """Sliders and a picture as `interact` shows them, embedded as its documentation says."""
    sliders = [ipw.FloatSlider(min=RANGE[0], max=RANGE[1], value=start) for start in START]
    file = BytesIO()
    figure_at(explorer(), *START).savefig(file, format="png", dpi=100)
    page = StringIO()
    embed_minimal_html(page, views=[ipw.VBox([*sliders, ipw.Image(value=file.getvalue())])])
    return page.getvalue()


# ── Plotly ───────────────────────────────────────────────────────────────────────────────────────


def f(x: Any, y: Any) -> Any:
    return x**2 + 10 * y**2


def gradient(x: Any, y: Any) -> tuple[Any, Any]:
    place = [np.asarray(part, float) for part in (x, y)]
    return elementwise_grad(f, 0)(*place), elementwise_grad(f, 1)(*place)


def by_plotly(positions: int) -> str:
    """A frame for each position of one slider: frames know no second one."""
    import plotly.graph_objects as go
    from plotly.subplots import make_subplots

    places = np.linspace(*RANGE, positions)
    figure = make_subplots(cols=2, subplot_titles=("f", "slope in every direction"))
    for trace, column in _ground(go):
        figure.add_trace(trace, row=1, col=column)
    still, moving = len(figure.data), _moving(go, START[0])
    for trace, column in zip(moving, (1, 1, 2), strict=True):
        figure.add_trace(trace, row=1, col=column)
    traces = list(range(still, still + len(moving)))
    figure.frames = [
        go.Frame(name=f"{x:g}", data=_moving(go, x), traces=traces) for x in places.tolist()
    ]
    at_once = {"mode": "immediate", "frame": {"duration": 0}, "transition": {"duration": 0}}
    steps = [
        {"method": "animate", "label": frame.name, "args": [[frame.name], at_once]}
        for frame in figure.frames
    ]
    figure.update_layout(sliders=[{"steps": steps, "currentvalue": {"prefix": "x = "}}])
    return str(figure.to_html(include_plotlyjs=True, auto_play=False))


def _ground(go: Any) -> list[tuple[Any, int]]:
    """What stands still: level curves and a field of arrows."""
    import plotly.figure_factory as ff

    side = np.linspace(*RANGE, 121)
    x, y = np.meshgrid(side, side)
    places = np.meshgrid(*[np.linspace(*RANGE, 27)[1::2]] * 2)
    arrows = ff.create_quiver(*places, *gradient(*places), scale=0.01).data[0]
    return [(go.Contour(x=side, y=side, z=f(x, y), colorscale="Blues"), 1), (arrows, 1)]


def _moving(go: Any, x: float) -> list[Any]:
    """The gradient, the point, the slope in every direction."""
    y, angles = START[1], np.linspace(0, 360, 49)
    across, up = (float(part) for part in gradient(x, y))
    slopes = across * anp.cos(np.radians(angles)) + up * anp.sin(np.radians(angles))
    return [
        go.Scatter(x=[x, x + across / 30], y=[y, y + up / 30], mode="lines"),
        go.Scatter(x=[x], y=[y], mode="markers"),
        go.Scatter(x=angles, y=slopes, mode="lines"),
    ]
