"""Compositions and powers with their value, slope and second slope by mpmath."""

import mpmath as mp


def sech(x):
    return 1 / mp.cosh(x)


def sigma(x):
    return 1 / (1 + mp.exp(-x))


def softplus(x):
    return mp.log(1 + mp.exp(x)) if x > -700 else mp.exp(x)


def bell(x):
    return sigma(x) * sigma(-x)


def mirrored(functions):
    """The same of −x."""
    value, slope, second = functions
    return (lambda x: value(-x)), (lambda x: -slope(-x)), (lambda x: second(-x))


def times(factor, functions):
    return tuple(lambda x, f=f: factor() * f(x) for f in functions)


def in_base(base, functions):
    return times(lambda: 1 / mp.log(base), functions)


def minus(functions):
    return times(lambda: -1, functions)


def power(exponent):
    c = mp.mpf(exponent)
    return lambda x: x**c, lambda x: c * x ** (c - 1), lambda x: c * (c - 1) * x ** (c - 2)


def exponential(base):
    a = mp.mpf(base)
    return tuple(lambda x, order=order: a**x * mp.log(a) ** order for order in range(3))


SIGMA = (sigma, bell, lambda x: -bell(x) * mp.tanh(x / 2))
SOFTPLUS = (softplus, sigma, bell)
LOG_SIGMA = minus(mirrored(SOFTPLUS))
ONE_PLUS_TANH = (
    lambda x: 2 * sigma(2 * x),
    lambda x: 4 * bell(2 * x),
    lambda x: -8 * bell(2 * x) * mp.tanh(x),
)
LOG_ONE_PLUS_TANH = (
    lambda x: mp.log(1 + mp.tanh(x)) if x > -300 else mp.log(2) + 2 * x,
    lambda x: 2 * sigma(-2 * x),
    lambda x: -4 * bell(2 * x),
)
LOG_COSH = (lambda x: mp.log(mp.cosh(x)), mp.tanh, lambda x: sech(x) ** 2)
LOG_TWO_COSH = (lambda x: mp.log(2 * mp.cosh(x)), *LOG_COSH[1:])
LOG_SINH = (
    lambda x: mp.log(mp.sinh(x)),
    lambda x: 1 / mp.tanh(x),
    lambda x: -1 / mp.sinh(x) ** 2,
)
LOG_TANH = (
    lambda x: mp.log(mp.tanh(x)) if x < 300 else -2 * mp.exp(-2 * x),
    lambda x: 2 / mp.sinh(2 * x),
    lambda x: -4 * mp.cosh(2 * x) / mp.sinh(2 * x) ** 2,
)
LOG_SOFTPLUS = (
    lambda x: mp.log(softplus(x)) if x > -700 else x,
    lambda x: sigma(x) / softplus(x) if x > -700 else mp.mpf(1),
    lambda x: bell(x) / softplus(x) - (sigma(x) / softplus(x)) ** 2 if x > -300 else -mp.exp(x) / 2,
)
SECH = (
    sech,
    lambda x: -sech(x) * mp.tanh(x),
    lambda x: sech(x) * (mp.tanh(x) ** 2 - sech(x) ** 2),
)
CSCH = (
    mp.csch,
    lambda x: -mp.cosh(x) / mp.sinh(x) ** 2,
    lambda x: (1 + mp.cosh(x) ** 2) / mp.sinh(x) ** 3,
)
SECH_SQUARE = (
    lambda x: sech(x) ** 2,
    lambda x: -2 * sech(x) ** 2 * mp.tanh(x),
    lambda x: sech(x) ** 2 * (4 * mp.tanh(x) ** 2 - 2 * sech(x) ** 2),
)
IDENTITY = (lambda x: x, lambda x: mp.mpf(1), lambda x: mp.mpf(0))

COMPOSED = {
    "ln(1 + exp(x))": SOFTPLUS,
    "log(e^x + 1)": SOFTPLUS,
    "log1p(exp(x))": SOFTPLUS,
    "softplus(-x) + x": SOFTPLUS,
    "x - softplus(x)": LOG_SIGMA,
    "log(sigmoid(x))": LOG_SIGMA,
    "log2(sigmoid(x))": in_base(2, LOG_SIGMA),
    "-log10(sigmoid(x))": minus(in_base(10, LOG_SIGMA)),
    "ln(1/(1 + exp(-x)))": LOG_SIGMA,
    "log2(1 - 1/(1 + exp(x)))": in_base(2, LOG_SIGMA),
    "1/(1 + e^(-x))": SIGMA,
    "exp(x)/(exp(x) + 1)": SIGMA,
    "sigmoid(x) - 1": minus(mirrored(SIGMA)),
    "1 + tanh(x)": ONE_PLUS_TANH,
    "1 - tanh(x)": mirrored(ONE_PLUS_TANH),
    "tanh(x) - 1": minus(mirrored(ONE_PLUS_TANH)),
    "-tanh(x) + 1": mirrored(ONE_PLUS_TANH),
    "-1 - tanh(x)": minus(ONE_PLUS_TANH),
    "ln(1 - tanh(x))": mirrored(LOG_ONE_PLUS_TANH),
    "log10(tanh(x) + 1)": in_base(10, LOG_ONE_PLUS_TANH),
    "ln(softplus(x))": LOG_SOFTPLUS,
    "log2(ln(1 + exp(x)))": in_base(2, LOG_SOFTPLUS),
    "ln(cosh(x))": LOG_COSH,
    "log10(cosh(x))": in_base(10, LOG_COSH),
    "ln(exp(x) + exp(-x))": LOG_TWO_COSH,
    "ln(sinh(x))": LOG_SINH,
    "log2(tanh(x))": in_base(2, LOG_TANH),
    "1/cosh(x)": SECH,
    "ln(1/cosh(x))": minus(LOG_COSH),
    "1/sinh(x)": CSCH,
    "1 - tanh(x)^2": SECH_SQUARE,
    "1/cosh(x)**2": SECH_SQUARE,
    "ln(1 - tanh(x)*tanh(x))": times(lambda: -2, LOG_COSH),
    "ln(exp(x))": IDENTITY,
}
POWERS = {
    **{f"x^{n}": power(n) for n in (-9, -8, -3, -2, 2, 3, 8, 9, 12)},
    **{f"x^({c})": power(eval(c)) for c in ("1/3", "-1/3", "2/3", "0.1", "2.5", "-0.5", "1e-8")},
    "2^x": exponential(2),
    "0.3^x": exponential(0.3),
    "x^x": (
        lambda x: x**x,
        lambda x: x**x * (mp.log(x) + 1),
        lambda x: x**x * ((mp.log(x) + 1) ** 2 + 1 / x),
    ),
}
