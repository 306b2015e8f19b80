"""Cases for every row of the table of operations, as data: other languages can be held to them."""

import numpy as np

from gradwidgets.calculus.program import Instruction, Program, Slot, call, repeat, scan, trace
from gradwidgets.calculus.program.data import is_truth

INF, NAN, TINY = np.inf, np.nan, 5e-324
SPECIAL = (0.0, -0.0, INF, -INF, NAN, TINY, -TINY, 1e-310, 1e-300, 1.0, -1.0, 0.5, -0.5, 0.3)
SPECIAL += (1.5, -1.5, 2.5, -2.5, 3.0, -3.0, 1e3, -1e3, 1e300, -1e300, 0.49999999999999994)
TRUTHS = (False, True)
OF_TRUTHS = {"logical_and": 2, "logical_or": 2, "logical_xor": 2, "logical_not": 1}
OF_ONE = (
    *("negative", "reciprocal", "square", "absolute", "sign", "floor", "ceil", "trunc", "rint"),
    *("sqrt", "cbrt", "exp", "expm1", "exp2", "log", "log1p", "log2", "log10"),
    *("sin", "cos", "tan", "sinh", "cosh", "tanh", "sinc", "deg2rad", "rad2deg", "nan_to_num"),
    *("arcsin", "arccos", "arctan", "arcsinh", "arccosh", "arctanh"),
    *("isfinite", "isnan", "isinf", "signbit"),
)
OF_TWO = (
    *("add", "subtract", "multiply", "divide", "power", "remainder", "fmod", "floor_divide"),
    *("copysign", "maximum", "minimum", "fmax", "fmin", "arctan2", "hypot", "heaviside"),
    *("logaddexp", "logaddexp2"),
    *("greater", "greater_equal", "less", "less_equal", "equal", "not_equal"),
)
# numpy itself gives now a zero of one sign and now of the other.
ZEROS_ALIKE = {"maximum", "minimum", "fmax", "fmin", "power"}
# Correct to the last bit on every machine; of the others two roundings may differ.
EXACT = {"negative", "square", "absolute", "sign", "floor", "ceil", "trunc", "rint", "sqrt"}
EXACT |= {"add", "subtract", "multiply", "divide", "reciprocal", "fmod", "copysign", *OF_TRUTHS}


def elementwise():
    """Each row with the lists of values that its arguments take, in all combinations."""
    for name in OF_ONE:
        yield name, (SPECIAL,)
    for name in OF_TWO:
        yield name, (SPECIAL, SPECIAL)
    for name, count in OF_TRUTHS.items():
        yield name, (TRUTHS,) * count
    yield "where", ((*TRUTHS, 0.0, -0.0, NAN, 2.0), (1.0, -0.0, NAN), (INF, 3.0))


LINE = np.array([3.0, -1.0, 2.5, -0.0])
MATRIX = np.array([[2.0, -1.0, 0.5], [4.0, NAN, -INF]])
BOX = np.arange(24.0).reshape(2, 3, 4) - 5.0
SQUARE = np.array([[4.0, 1.0, 0.5], [1.0, 0.0, -1.0], [2.0, -1.0, 3.0]])
TWICE = Program(  # 2·a, and a
    ("a",), (None,), (Instruction("multiply", (2.0, Slot(0)), (), 1, None),), (Slot(1), Slot(0))
)


def shrinking(x, rate, pole):
    """Hands on x − rate·x, and keeps 1/(x − pole) and x."""
    return x - rate * x, 1.0 / (x - pole), x


def doubling(x, n, bound):
    """Goes on from x below a bound; hands on 2x, and one round more."""
    return x < bound, x + x, n + 1.0


def in_rounds(x, rate):
    """A loop of each kind, and a call, in every round."""
    grown, count = repeat(DOUBLING, (x, 0.0), 4, (9.0,))
    (times,), _ = scan(TIMES, (x,), (LINE[:3],), 2.5)
    return grown - rate, count + call(TWICE, times[1])[0]


SHRINKING, SHRINKING_2 = trace(shrinking, 1.0, 1.0, 1.0), trace(shrinking, *[np.ones(2)] * 3)
DOUBLING, DOUBLING_2 = trace(doubling, 1.0, 1.0, 1.0), trace(doubling, *[np.ones(2)] * 3)
TIMES = trace(lambda x, rate: (x * rate, x), 1.0, 1.0)
RATES, TWO_RATES = np.array([0.5, 0.5, 0.25]), np.array([[0.5, 1.0], [0.5, 1.0], [0.25, 0.5]])
SCAN, SCAN_2, SCAN_MORE = (
    {"body": body, "handed": 1, "own": 1, "capacity": capacity}
    for body, capacity in ((SHRINKING, 3), (SHRINKING_2, 3), (trace(in_rounds, 1.0, 1.0), 2))
)
REPEAT, REPEAT_LESS, REPEAT_2 = (
    {"body": body, "handed": 2, "capacity": most}
    for body, most in ((DOUBLING, 9), (DOUBLING, 2), (DOUBLING_2, 9))
)
THREE = [[4.0, 1 / 7.5, 8.0], [2.0, 1 / 3.5, 4.0], [1.5, 1 / 1.5, 2.0]]
NONE = [NAN] * 3
PAIR = np.array([8.0, 4.0])
THREE_2 = np.stack([THREE, [[0.0, INF, 4.0], NONE, NONE]], axis=-1)  # one of two runs has ended

# name, arguments, attributes, result
SHAPED = [
    ("sum", (LINE,), {"axis": None, "keepdims": False}, 4.5),
    ("sum", (BOX,), {"axis": (0, 2), "keepdims": True}, BOX.sum((0, 2), keepdims=True)),
    ("sum", (LINE > 0,), {"axis": None, "keepdims": False}, 2.0),
    ("sum", (np.zeros((0, 2)),), {"axis": (0,), "keepdims": False}, np.zeros(2)),
    ("prod", (BOX,), {"axis": (1,), "keepdims": False}, BOX.prod(1)),
    ("max", (MATRIX,), {"axis": (0,), "keepdims": False}, [4.0, NAN, 0.5]),
    ("max", (BOX,), {"axis": None, "keepdims": True}, [[[18.0]]]),
    ("min", (MATRIX,), {"axis": (1,), "keepdims": True}, [[-1.0], [NAN]]),
    ("min", (LINE,), {"axis": None, "keepdims": False}, -1.0),
    ("any", (MATRIX - 2.0,), {"axis": None, "keepdims": False}, True),
    ("any", (LINE > 9.0,), {"axis": None, "keepdims": False}, False),
    ("all", (MATRIX,), {"axis": (1,), "keepdims": False}, [True, True]),
    ("all", (LINE,), {"axis": None, "keepdims": False}, False),
    ("cumsum", (LINE,), {"axis": 0}, [3.0, 2.0, 4.5, 4.5]),
    ("cumsum", (BOX,), {"axis": 1}, np.cumsum(BOX, 1)),
    ("reshape", (BOX,), {}, BOX.reshape(4, 6)),
    ("reshape", (2.0,), {}, [[2.0]]),
    ("reshape", (np.array([[2.0]]),), {}, 2.0),
    ("transpose", (BOX,), {"axes": (2, 0, 1)}, BOX.transpose(2, 0, 1)),
    ("broadcast_to", (LINE,), {}, [[3.0, -1.0, 2.5, -0.0]] * 2),
    ("broadcast_to", (2.0,), {}, [2.0, 2.0]),
    ("take", (LINE,), {"index": (2,)}, 2.5),
    ("take", (LINE,), {"index": ((3, -1, -2),)}, [-0.0, -1.0]),
    ("take", (BOX,), {"index": (1, None, (0, 3, 2), (1, 1, 1))}, np.zeros((1, 2, 0))),
    ("take", (BOX,), {"index": ((0, 2, 1), 1, (3, -1, -1))}, BOX[:, 1, ::-1]),
    ("put", (2.0,), {"index": (1,)}, [0.0, 2.0, 0.0]),
    ("put", (LINE,), {"index": ((6, -1, -2),)}, [-0.0, 0.0, 2.5, 0.0, -1.0, 0.0, 3.0]),
    ("put", ([[1.0], [2.0]],), {"index": ((0, 2, 1), None, 1)}, [[0.0, 1.0], [0.0, 2.0]]),
    ("gather", (SQUARE, np.array([[8.0, 0.0], [-1.0, 5.0]])), {}, [[3.0, 4.0], [0.0, -1.0]]),
    ("scatter", (LINE, np.array([1.0, 1.0, -1.0, 0.0])), {}, [[0.0, 2.0], [0.0, 0.0]]),
    ("pick", (LINE, 1.7), {}, -1.0),
    ("pick", (SQUARE, np.array([[9.0, NAN]])), {}, [[[2.0, -1.0, 3.0], [NAN] * 3]]),
    ("call", (1.5,), {"body": TWICE}, [3.0, 1.5]),
    ("call_if", (True, 1.5), {"body": TWICE}, [3.0, 1.5]),
    ("call_if", (False, 1.5), {"body": TWICE}, [NAN, NAN]),
    ("call_if", (NAN, 1.5), {"body": TWICE}, [3.0, 1.5]),
    ("call_if", (-0.0, 1.5), {"body": TWICE}, [NAN, NAN]),
    ("call", (-INF,), {"body": TWICE}, [-INF, -INF]),
    ("scan", (3.0, 8.0, RATES, 0.5), SCAN, THREE),
    ("scan", (2.9, 8.0, RATES, 0.5), SCAN, [*THREE[:2], NONE]),
    ("scan", (INF, 8.0, RATES, 0.5), SCAN, THREE),
    ("scan", (NAN, 8.0, RATES, 0.5), SCAN, [NONE] * 3),
    ("scan", (-1.0, 8.0, RATES, 0.5), SCAN, [NONE] * 3),
    ("scan", (3.0, 8.0, RATES, 4.0), SCAN, [[4.0, 0.25, 8.0], [2.0, INF, 4.0], NONE]),
    ("scan", (3.0, PAIR, TWO_RATES, np.array([0.5, 4.0])), SCAN_2, THREE_2),
    ("scan", (2.0, 3.0, np.full(2, 0.5)), SCAN_MORE, [[23.5, -15.0], [46.5, -140.0]]),
    ("repeat", (1.0, 0.0, 3.0), REPEAT, [8.0, 3.0]),
    ("repeat", (1.0, 0.0, 3.0), REPEAT_LESS, [4.0, 2.0]),
    ("repeat", (1.0, 0.0, -INF), REPEAT, [2.0, 1.0]),
    ("repeat", (NAN, 0.0, 3.0), REPEAT, [NAN, 1.0]),
    ("repeat", (np.array([1.0, 8.0]), np.zeros(2), np.full(2, 3.0)), REPEAT_2, [[8, 16], [3, 1]]),
    ("stack", (1.0, NAN, -0.0), {}, [1.0, NAN, -0.0]),
    ("stack", (LINE, 2.0 * LINE), {}, [LINE.tolist(), (2.0 * LINE).tolist()]),
    ("concatenate", (LINE, np.zeros(0), LINE[:1]), {"axis": 0}, [3.0, -1.0, 2.5, -0.0, 3.0]),
    ("concatenate", (SQUARE, SQUARE[:, :1]), {"axis": 1}, np.hstack([SQUARE, SQUARE[:, :1]])),
    ("einsum", (LINE, LINE), {"subscripts": "a,a->"}, 16.25),
    ("einsum", (SQUARE, SQUARE), {"subscripts": "ab,cb->ac"}, SQUARE @ SQUARE.T),
    ("einsum", (BOX, SQUARE), {"subscripts": "iab,ca->ibc"}, BOX.transpose(0, 2, 1) @ SQUARE.T),
    ("einsum", (LINE, [1.0, 2.0]), {"subscripts": "x,y->xy"}, np.outer(LINE, [1.0, 2.0])),
    ("einsum", (SQUARE,), {"subscripts": "aa->"}, 7.0),
    ("solve", (SQUARE, np.array([5.5, 0.0, 4.0])), {}, [1.0, 1.0, 1.0]),
    ("inv", (SQUARE,), {}, np.linalg.inv(SQUARE)),
    ("det", (SQUARE,), {}, -9.5),
]


def alone(name, values, attributes=(), expected=None):
    """A program of this one operation, for values of these shapes."""
    shapes = tuple(np.shape(value) or None for value in values)
    arguments = tuple(map(Slot, range(len(values))))
    shape = np.shape(expected) or None
    truth = is_truth(name, arguments, {})
    step = Instruction(name, arguments, attributes, len(values), shape, truth)
    names = tuple(f"x{place}" for place in range(len(values)))
    return Program(names, shapes, (step,), (Slot(len(values)),))


def alike(found, expected, name):
    """Equal to the last bit, or where libraries round as they like, to two roundings."""
    found, expected = np.asarray(found, float), np.asarray(expected, float)
    assert found.shape == expected.shape
    with np.errstate(all="ignore"):
        close = np.abs(found - expected) <= 2 * np.spacing(np.abs(expected))
    same = (found == expected) | (np.isnan(found) & np.isnan(expected))
    signs = np.signbit(found) == np.signbit(expected)
    alright = same if name in EXACT else same | close
    return alright & (signs | np.isnan(found) | (name in ZEROS_ALIKE))
