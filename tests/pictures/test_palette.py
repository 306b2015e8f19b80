"""Colours: whoever reads them can, on a light page and on a dark one; a hue means one thing."""

import colorsys
from itertools import combinations

import pytest

from gradwidgets.pictures import palette

LIGHT, DARK = palette.PAGE, palette.DARK[palette.PAGE]
ROLES = {  # those with a hue; greys tell nothing by theirs
    "∂/∂x": [palette.BY_X],
    "∂/∂y": [palette.BY_Y],
    "third variable": [palette.BY_OTHERS[0]],
    "fourth variable": [palette.BY_OTHERS[1]],
    "sixth variable": [palette.BY_OTHERS[3]],
    "gradient": [palette.GRADIENT, palette.FIELD],
    "handle": [palette.HANDLE],
    "curvature": [palette.SECOND],
    "model": [palette.MODEL],
    "image": [palette.IMAGE],
    "memory": [palette.MEMORY],
}
SAME, APART = 13.0, 8.0  # degrees of hue


def parts(color):
    return [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]


def luminance(color):
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts(color)]
    return sum(share * c for share, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one, two):
    low, high = sorted((luminance(one), luminance(two)))
    return (high + 0.05) / (low + 0.05)


def hue(color):
    return 360 * colorsys.rgb_to_hls(*parts(color))[0]


def apart(one, two):
    turned = abs(hue(one) - hue(two))
    return min(turned, 360 - turned)


def test_contrast_is_that_of_the_web_s_guidelines():
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.005)


@pytest.mark.parametrize("mark", {**palette.MARKS, **palette.METHODS})
def test_a_mark_stands_out_and_words_beside_it_can_be_read(mark):
    dark = palette.DARK[mark]
    if mark != palette.HANDLE:  # which has a ring of ink
        assert contrast(mark, LIGHT) >= 3
    assert contrast(dark, DARK) >= 3
    words = palette.words_in(mark)
    assert contrast(words, LIGHT) >= 4.5
    if mark not in (palette.GUIDE, palette.FIELD):  # without words of their own
        assert contrast(palette.DARK[words], DARK) >= 4.5


@pytest.mark.parametrize("role", ROLES)
def test_a_role_has_one_hue(role):
    first, *others = ROLES[role]
    shades = [*others, palette.DARK[first], palette.words_in(first)]
    assert max(apart(first, shade) for shade in shades) <= SAME


def test_a_hue_has_one_role():
    close = [
        (one, two)
        for (one, (first, *_)), (two, (second, *_)) in combinations(ROLES.items(), 2)
        if apart(first, second) < APART
    ]
    assert not close


def test_only_what_can_be_touched_is_orange():
    others = [role for role in ROLES if role != "handle"]
    assert min(apart(ROLES[role][0], palette.HANDLE) for role in others) >= APART


def test_every_colour_of_light_has_one_of_dark():
    named = [value for name, value in vars(palette).items() if name.isupper()]
    single = [value for value in named if isinstance(value, str)]
    listed = [color for value in named if isinstance(value, dict | tuple) for color in value]
    assert {color for color in (*single, *listed) if color.startswith("#")} <= set(
        palette.DARK
    ) | set(palette.DARK.values())


@pytest.mark.parametrize("of", [lambda color: color, palette.DARK.get], ids=["light", "dark"])
def test_hill_and_valley_differ_and_what_is_drawn_on_them_is_seen(of):
    low, high = of(palette.MAP_LOW), of(palette.MAP_HIGH)
    assert contrast(low, high) >= 1.8
    assert contrast(of(palette.INK), high) >= 4.5
    for mark in (palette.BY_X, palette.GRADIENT, palette.SECOND, palette.MODEL):
        assert max(contrast(of(mark), high), contrast(of(palette.PAGE), high)) >= 1.8  # their edge
    assert min(contrast(of(palette.LEVEL_LINE), ground) for ground in (low, high)) >= 1.3
