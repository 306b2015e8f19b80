"""What the gradient explorer is measured against: its picture by `interact` and blitted ipympl."""

# What stands still in the gradient explorer's picture, with the same levels and places.
PICTURE = """
import autograd.numpy as np
import matplotlib.pyplot as plt
from autograd import elementwise_grad, grad
from ipywidgets import FloatSlider, interact

def f(x, y):
    return x**2 + 10 * y**2

gradient = grad(f, argnum=(0, 1))
side, places = np.linspace(-3, 3, 121), np.linspace(-3, 3, 27)[1::2]
X, Y = np.meshgrid(side, side)
Z = f(X, Y)
PX, PY = np.meshgrid(places, places)
U, V = elementwise_grad(f, 0)(PX, PY), elementwise_grad(f, 1)(PX, PY)
angles = np.linspace(0, 360, 49)
x = FloatSlider(value=1.0, min=-3, max=3, step=0.1, description="x")
y = FloatSlider(value=-0.4, min=-3, max=3, step=0.1, description="y")

def ground():
    fig = plt.figure(figsize=SIZE, dpi=100)
    left, right = fig.add_axes(LEFT), fig.add_axes(RIGHT)
    left.contourf(X, Y, Z, LEVELS, cmap="Blues", extend="both")
    lines = left.contour(X, Y, Z, LEVELS, colors="slategray", linewidths=0.7)
    left.clabel(lines, LEVELS[1::2], fontsize=7, fmt="%g")
    left.quiver(PX, PY, U, V, color="lightsalmon", pivot="middle", width=0.003)
    left.set(title="$f(x, y) = x^2 + 10 y^2$", xlabel="$x$", ylabel="$y$")
    right.axhline(0, color="lightgray")
    right.set(title="slope in every direction", xlim=(0, 360), ylim=(-1.35, 1.35))
    right.set(xlabel="direction in degrees", ylabel="slope", xticks=range(0, 361, 45))
    return fig, left, right

def numbers(x, y):
    dx, dy = gradient(x, y)
    return dx / 30, dy / 30, np.cos(np.radians(angles) - np.arctan2(dy, dx))

def foreground(left, right, x, y):
    dx, dy, cosine = numbers(x, y)
    arrow = left.arrow(x, y, dx, dy, width=0.05, length_includes_head=True, color="orangered")
    (point,) = left.plot(x, y, "o", color="orange", markersize=10, markeredgecolor="black")
    (curve,) = right.plot(angles, cosine, color="black")
    return arrow, point, curve
"""

# Without the cell's usual tight box, which costs a second layout: the picture's size is given.
REDRAWN = """
%matplotlib inline
%config InlineBackend.print_figure_kwargs = {"bbox_inches": None}

def show(x, y):
    fig, left, right = ground()
    foreground(left, right, x, y)
    plt.show()

interact(show, x=x, y=y);
"""

BLITTED = """
%matplotlib widget
fig, left, right = ground()
moving = arrow, point, curve = foreground(left, right, x.value, y.value)
plt.setp(moving, animated=True)

def draw_moving():
    for artist in moving:
        artist.axes.draw_artist(artist)

def keep(event):
    global kept
    kept = fig.canvas.copy_from_bbox(fig.bbox)
    draw_moving()

def moved(change):
    dx, dy, cosine = numbers(x.value, y.value)
    arrow.set_data(x=x.value, y=y.value, dx=dx, dy=dy)
    point.set_data([x.value], [y.value])
    curve.set_ydata(cosine)
    fig.canvas.restore_region(kept)
    draw_moving()
    fig.canvas.blit(fig.bbox)

fig.canvas.mpl_connect("draw_event", keep)
for slider in (x, y):
    slider.observe(moved, "value")
    display(slider)
plt.show()
"""

# A page that is slow to start may miss ipympl's first picture, and would show differences to it.
WHOLE = "fig.canvas._force_full = True; fig.canvas.draw()"

# Asked of the gradient explorer: what the rivals need to know in order to draw the same picture.
FACTS = """(lambda explorer, figure: {
    "SIZE": tuple(figure.get_size_inches()),
    **{name: ax.get_position().bounds for name, ax in zip(("LEFT", "RIGHT"), figure.axes)},
    "LEVELS": explorer.scene.panels[0].contours.levels,
})(explorer, explorer.figure())"""
