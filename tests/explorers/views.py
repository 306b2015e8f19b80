"""What an explorer shows, as a whole: to be compared, and made again from its code."""

import ipywidgets as ipw

import gradwidgets as gw

DRAWN = (
    *("_picture", "_program", "_numbers", "_fixed"),
    *("_terrain", "_grid"),
)


def shown(explorer):
    """All that can be seen of an explorer but its form, to be compared."""
    scene = explorer.scene
    return (
        explorer.field,
        explorer.point,
        {name: numbers.tobytes() for name, numbers in scene.numbers.items()},
        dict(scene.values),
        explorer.get_state(DRAWN),
    )


def again(explorer, **names):
    """The explorer that its code makes."""
    return eval(explorer.code(), {"gw": gw, **names})


def assert_same_view(one, other):
    """Whether two explorers show the same, except where each was opened."""
    assert type(one).__name__ == type(other).__name__  # each widget has a class of its own
    assert one.code() == other.code()
    assert (one.point, one.domain) == (other.point, other.domain)
    assert shown(one)[2:4] == shown(other)[2:4]
    assert one.scene.marks == other.scene.marks
    for panel, twin in zip(one.scene.panels, other.scene.panels, strict=True):
        assert (panel.name, panel.title) == (twin.name, twin.title)
        assert (panel.x, panel.y) == (twin.x, twin.y)


def registered():
    """All open widgets."""
    return set(ipw.widgets.widget._instances)
