"""The colours of all pictures, by role: each one for a light page and one for a dark page.

A picture names the colour of the light page; `DARK` tells the one that takes its place on a dark
one. A role has one hue in every picture, and a hue one role, safe for colour-blind readers (after
Okabe & Ito) and never the only thing that tells it. Marks differ from the page by a contrast of at
least 3, words by 4.5.

>>> BY_X, DARK[BY_X], words_in(BY_Y)
('#0072B2', '#4FA8E4', '#00785A')
"""

from __future__ import annotations

# ── marks ────────────────────────────────────────────────────────────────────────────────────────

BY_X, BY_Y = "#0072B2", "#009E73"  # partial derivatives, with respect to the first two variables
BY_OTHERS = ("#00838F", "#7A6A00", "#5B5B5B", "#3E7D1E")
GRADIENT = "#D55E00"
FIELD = "#CB7E52"  # many gradients at once: the same hue, pale
HANDLE = "#E69F00"  # what can be touched, and nothing else; it has a ring of ink
SECOND = "#AA4499"  # of second order: eigenvalues and their axes, entries of H, f″
MODEL = "#5A4FCF"  # the quadratic model, and where it leads: Newton's step
IMAGE = "#8E1F4F"  # what a matrix makes of a direction: Hu
MEMORY = "#667300"  # what a method remembers: its momentum
INK, QUIET = "#1F2933", "#5F6B7A"
GUIDE = "#8590A0"  # lines to read others by: zero, one, what was walked before

MARKS = {
    BY_X: "#4FA8E4",
    BY_Y: "#2FC39A",
    BY_OTHERS[0]: "#35C3D2",
    BY_OTHERS[1]: "#CDBB3A",
    BY_OTHERS[2]: "#A8A8A8",
    BY_OTHERS[3]: "#8CCB62",
    GRADIENT: "#FF8B4D",
    FIELD: "#B06A3E",
    HANDLE: "#F0AD1A",
    SECOND: "#DB7FCC",
    MODEL: "#9D95F5",
    IMAGE: "#E5709F",
    MEMORY: "#B3C43A",
    INK: "#E6EAEF",
    QUIET: "#A6B1BE",
    GUIDE: "#6F7B8A",
}

# Of a race, in the order of the table of methods: each with a dash of its own, and its name at the
# end of its line. Any two differ for colour-blind readers too, by lightness where not by hue, and
# none has the colour of what else a map of two variables shows.
METHODS = {
    INK: MARKS[INK],
    "#006EF5": "#2486FF",
    "#CF17C5": "#E61EE6",
    "#8A0700": "#F5ACA8",
    "#1E7C0E": "#64EC55",
    "#E60B00": "#FF2C14",
    "#6B0066": "#AD67A9",
    "#6B6B6B": "#999999",
    "#28349F": "#ADB1FF",
    "#B15443": "#FF6961",
    "#0B6058": "#A3DCD9",
    "#004C1B": "#009926",
    "#7C15C1": "#E4BDFF",
}

# ── words ────────────────────────────────────────────────────────────────────────────────────────

WORDS = {  # of a mark that is too pale for words on a light page
    BY_Y: "#00785A",
    GRADIENT: "#B34E00",
    FIELD: "#A3572B",
    HANDLE: "#8A5F00",
    GUIDE: QUIET,
}


def words_in(color: str) -> str:
    """The colour of words beside a mark of this colour."""
    return WORDS.get(color, color)


# ── grounds: they carry marks, and need no contrast of their own ─────────────────────────────────

PAGE = "#FFFFFF"
FAINT = "#C4CCD6"  # frames and ticks of axes
MAP_LOW, MAP_HIGH = "#FDFEFF", "#A9C1DF"  # valley and hill
LEVEL_LINE = "#8CA0B9"
UNDEFINED, HATCH = "#F4F1EB", "#D8D2C6"
MESH_LOW, MESH_HIGH, MESH_LINE = "#EEF3F8", "#93ABCB", "#7C8FA8"
FLOOR_FILL, PLANE_FILL = "#FAFBFD", "#D55E0026"
UNSTABLE = "#F6DDD7"
TRIANGLE = "#E9EDF2"
RESIDUAL, RESIDUALS = "#5F6B7A2B", "#5F6B7A14"  # the square of what a model misses; of many
FORWARD_HALO, BACKWARD_HALO = "#D3DCE6", "#F6CDB4"
OPERATION, CONSTANT, OFF = "#E4EBF3", "#E3E3E1", "#F0F0EF"  # nodes of a tape's graph
WATCHED, VARIABLE, FOLDED = "#BFD7EA", "#A9C4DF", "#E9E4D8"

GROUNDS = {
    PAGE: "#111111",
    FAINT: "#3D4650",
    MAP_LOW: "#10151B",
    MAP_HIGH: "#466587",
    LEVEL_LINE: "#6B8099",
    UNDEFINED: "#1B1916",
    HATCH: "#3A352C",
    MESH_LOW: "#1D252E",
    MESH_HIGH: "#4A6486",
    MESH_LINE: "#6C829D",
    FLOOR_FILL: "#15181C",
    PLANE_FILL: "#FF8B4D33",
    UNSTABLE: "#44241C",
    TRIANGLE: "#232A32",
    RESIDUAL: "#A6B1BE33",
    RESIDUALS: "#A6B1BE1A",
    FORWARD_HALO: "#2C3845",
    BACKWARD_HALO: "#553019",
    OPERATION: "#26303B",
    CONSTANT: "#2E2E2C",
    WATCHED: "#23445C",
    VARIABLE: "#2B4A68",
    OFF: "#1F1F1E",
    FOLDED: "#37332A",
}

DARK = {
    **GROUNDS,
    **{words: MARKS[mark] for mark, words in WORDS.items()},
    **METHODS,
    **MARKS,
}


def hue(index: int) -> str:
    """The colour of the partial derivative with respect to the variable at this place."""
    return (BY_X, BY_Y, *BY_OTHERS)[min(index, 1 + len(BY_OTHERS))]
