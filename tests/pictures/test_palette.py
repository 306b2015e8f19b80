"""Colours: whoever reads them can, on a light page and on a dark one; a hue means one thing."""

import colorsys
from itertools import combinations

import numpy as np
import pytest

from gradwidgets.calculus.rules import methods
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
# Colours of light as others see them: Machado, Oliveira & Fernandes (2009), severity 1.
VISIONS = {
    "usual": np.eye(3),
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritanopia": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}
# Ottosson (2020), Oklab: equal distances look alike.
CONES = [
    [0.4122214708, 0.5363325363, 0.0514459929],
    [0.2119034982, 0.6806995451, 0.1073969566],
    [0.0883024619, 0.2817188376, 0.6299787005],
]
LAB = [
    [0.2104542553, 0.7936177850, -0.0040720468],
    [1.9779984951, -2.4285922050, 0.4505937099],
    [0.0259040371, 0.7827717662, -0.8086757660],
]
TOLD, SPARE, NO_ROLE = 0.08, 0.05, 0.07  # distances: black and white are 1 apart


def parts(color):
    return [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]


def linear(color):
    return [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts(color)]


def luminance(color):
    return sum(share * c for share, c in zip((0.2126, 0.7152, 0.0722), linear(color), strict=True))


def seen(color, vision="usual"):
    light = np.clip(np.array(VISIONS[vision]) @ linear(color), 0.0, 1.0)
    return np.array(LAB) @ np.cbrt(np.array(CONES) @ light)


def difference(one, two, vision="usual"):
    return float(np.linalg.norm(seen(one, vision) - seen(two, vision)))


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


@pytest.mark.parametrize("vision", VISIONS)
@pytest.mark.parametrize("of", [lambda color: color, palette.DARK.get], ids=["light", "dark"])
def test_any_two_methods_can_be_told_apart(of, vision):
    assert difference("#000000", "#FFFFFF", vision) == pytest.approx(1, abs=1e-3)
    colors = [of(color) for color in palette.METHODS]
    racing = colors[: len(methods)]
    pairs = {pair: difference(*pair, vision) for pair in combinations(colors, 2)}
    assert min(pairs.values()) >= SPARE
    assert min(pairs[pair] for pair in combinations(racing, 2)) >= TOLD


@pytest.mark.parametrize("of", [lambda color: color, palette.DARK.get], ids=["light", "dark"])
def test_no_method_has_the_colour_of_a_role(of):
    _, *others = palette.METHODS  # the first is ink
    roles = [of(c) for name, colors in ROLES.items() if "variable" not in name for c in colors]
    assert min(difference(of(one), role) for one in others for role in roles) >= NO_ROLE


@pytest.mark.parametrize("of", [lambda color: color, palette.DARK.get], ids=["light", "dark"])
def test_hill_and_valley_differ_and_what_is_drawn_on_them_is_seen(of):
    low, high = of(palette.MAP_LOW), of(palette.MAP_HIGH)
    assert contrast(low, high) >= 1.8
    assert contrast(of(palette.INK), high) >= 4.5
    for mark in (palette.BY_X, palette.GRADIENT, palette.SECOND, palette.MODEL):
        assert max(contrast(of(mark), high), contrast(of(palette.PAGE), high)) >= 1.8  # their edge
    assert min(contrast(of(palette.LEVEL_LINE), ground) for ground in (low, high)) >= 1.3
