"""Random expression trees as formula text, for property tests."""

from collections.abc import Sequence

from hypothesis import strategies as st

SMOOTH = (
    *("sin", "cos", "arctan", "tanh", "exp", "log", "sqrt"),
    *("log1p", "expm1", "sigmoid", "softplus"),
)
KINKED = ("abs", "relu", "sign", "floor", "ceil")


def formulas(variables: Sequence[str] = ("x", "y"), *, smooth: bool = False, leaves: int = 8):
    """Formulas that `parse` accepts: every subtree has a variable in it, so that none is constant.

    They may be undefined, enormous or flat in places. With `smooth` they have no kink where they
    are defined.
    """

    def larger(smaller):
        pair = {"a": smaller, "b": smaller}
        shapes = [
            st.builds("({a} {sign} {b})".format, **pair, sign=st.sampled_from("+-*/")),
            st.builds("{name}({a})".format, a=smaller, name=st.sampled_from(SMOOTH)),
            st.builds("({a})**{n}".format, a=smaller, n=st.sampled_from((2, 3, -1, -2))),
            st.builds("({a})**{n}".format, a=smaller, n=st.sampled_from((0.5, 1.5, -0.5))),
            st.builds("{n}**({a})".format, a=smaller, n=st.sampled_from(("e", 2, 0.5))),
        ]
        if not smooth:
            name, compare = st.sampled_from(KINKED), st.sampled_from(("<", "<=", ">", ">="))
            shapes += [
                st.builds("{name}({a})".format, a=smaller, name=name),
                st.builds("{name}({a}, {b})".format, **pair, name=st.sampled_from(("max", "min"))),
                st.builds("where({a} {c} 0.5, {b}, {d})".format, **pair, c=compare, d=smaller),
                st.builds("(2*sin({a}) % {n})".format, a=smaller, n=st.sampled_from((0.7, -1.3))),
            ]
        return st.one_of(shapes)

    return st.recursive(_terms(variables), larger, max_leaves=leaves)


def _terms(variables: Sequence[str]):
    """A variable, bare or with a number beside it: x, 1.25*x, (x - 0.5)."""
    name = st.sampled_from(variables)
    number = st.integers(1, 20).map(lambda quarters: f"{quarters / 4:g}")
    return (
        name
        | st.builds("{n}*{x}".format, n=number, x=name)
        | st.builds("({x} - {n})".format, n=number, x=name)
    )
