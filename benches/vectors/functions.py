"""Elementary functions of NumPy's in loops, and powers."""

import numpy as np
from vectors.kernel import EXP, LOG, POWER, arrays, close, exact


def exponential(x, out):
    for i in range(x.shape[0]):
        out[i] = np.exp(x[i])


def logistic(x, out):
    for i in range(x.shape[0]):
        out[i] = 1.0 / (1.0 + np.exp(-x[i]))


def softmax(x, out):
    for i in range(x.shape[0]):
        highest = x[i, 0]
        for j in range(x.shape[1]):
            highest = max(highest, x[i, j])
        total = 0.0
        for j in range(x.shape[1]):
            out[i, j] = np.exp(x[i, j] - highest)
            total += out[i, j]
        for j in range(x.shape[1]):
            out[i, j] = out[i, j] / total


def gaussian(x, y, out):
    for i in range(x.shape[0]):
        out[i] = np.exp(-0.5 * (x[i] * x[i] + y[i] * y[i]))


def sine(x, out):
    for i in range(x.shape[0]):
        out[i] = np.sin(x[i])


def cosine(x, out):
    for i in range(x.shape[0]):
        out[i] = np.cos(x[i])


def polar(r, t, x, y):
    for i in range(r.shape[0]):
        x[i] = r[i] * np.cos(t[i])
        y[i] = r[i] * np.sin(t[i])


def haversine(latitude, longitude, out):
    """Distances from one place."""
    for i in range(latitude.shape[0]):
        a = np.sin((latitude[i] - 0.9) * 0.5)
        b = np.sin((longitude[i] - 0.2) * 0.5)
        c = a * a + 0.62 * np.cos(latitude[i]) * b * b
        out[i] = 12742.0 * np.arcsin(np.sqrt(c))


def hyperbolic(x, out):
    for i in range(x.shape[0]):
        out[i] = np.tanh(x[i])


def layer(x, weights, out):
    """Values of one layer of a network, after the products."""
    for i in range(x.shape[0]):
        for j in range(x.shape[1]):
            out[i, j] = np.tanh(x[i, j] + weights[j])


def black_scholes(price, strike, years, out):
    for i in range(price.shape[0]):
        root = np.sqrt(years[i])
        d1 = (np.log(price[i] / strike[i]) + 0.07 * years[i]) / (0.3 * root)
        d2 = d1 - 0.3 * root
        # The logistic approximation of the normal distribution.
        n1 = 1.0 / (1.0 + np.exp(-1.5976 * d1 - 0.070565 * d1 * d1 * d1))
        n2 = 1.0 / (1.0 + np.exp(-1.5976 * d2 - 0.070565 * d2 * d2 * d2))
        out[i] = price[i] * n1 - strike[i] * np.exp(-0.05 * years[i]) * n2


def exponential_float32(x, out):
    for i in range(x.shape[0]):
        out[i] = np.exp(x[i])


def sine_float32(x, out):
    for i in range(x.shape[0]):
        out[i] = np.sin(x[i])


def logarithm(x, out):
    for i in range(x.shape[0]):
        out[i] = np.log(x[i])


def logarithm_1p(x, out):
    for i in range(x.shape[0]):
        out[i] = np.log1p(x[i])


def logarithm_float32(x, out):
    for i in range(x.shape[0]):
        out[i] = np.log(x[i])


def entropy(p, out):
    for i in range(p.shape[0]):
        out[i] = -p[i] * np.log(p[i]) if p[i] > 0.0 else 0.0


def softplus(x, out):
    for i in range(x.shape[0]):
        out[i] = np.log1p(np.exp(-abs(x[i]))) + max(x[i], 0.0)


def power(x, y, out):
    for i in range(x.shape[0]):
        out[i] = x[i] ** y[i]


def gamma_correction(x, out):
    for i in range(x.shape[0]):
        out[i] = x[i] ** 2.2


def cubes(x, out):
    for i in range(x.shape[0]):
        out[i] = x[i] ** 3


def roots(x, out):
    for i in range(x.shape[0]):
        out[i] = x[i] ** 0.5


def spread(*shapes):
    """Both signs, some tens apart."""
    return (arrays(*shapes)[0] - 0.5) * 10.0, *arrays(*shapes[1:])


def two(n):
    return arrays(n, n)


def three(n):
    return arrays(n, n, n)


def signed(n):
    return spread(n, n)


def signed_pair(n):
    return spread(n, n, n)


def rows_of(n):
    return spread((n, n + 1), (n, n + 1))


def for_layer(n):
    return spread((n, n + 1), n + 1, (n, n + 1))


def angles(n):
    return arrays(n, n, n, n)


def options(n):
    price, strike, years, out = arrays(n, n, n, n)
    return 50.0 + 100.0 * price, 50.0 + 100.0 * strike, 0.1 + years, out


def single(n):
    return tuple(a.astype(np.float32) for a in spread(n, n))


def single_positive(n):
    return tuple(a.astype(np.float32) for a in arrays(n, n))


KERNELS = [
    close(EXP, "exp", exponential, signed, (40,), (1500,)),
    close(EXP, "logistic", logistic, signed, (40,), (1500,)),
    close(EXP, "softmax of rows", softmax, rows_of, (9,), (40,), 1e-13),
    close(EXP, "Gaussian", gaussian, signed_pair, (40,), (1500,)),
    close(EXP, "sin", sine, signed, (40,), (1500,)),
    close(EXP, "cos", cosine, signed, (40,), (1500,)),
    close(EXP, "polar to Cartesian", polar, angles, (40,), (1000,)),
    close(EXP, "haversine", haversine, three, (40,), (1000,), 1e-12),
    close(EXP, "tanh", hyperbolic, signed, (40,), (1500,)),
    close(EXP, "tanh of a layer", layer, for_layer, (9,), (40,)),
    close(EXP, "Black-Scholes", black_scholes, options, (40,), (1000,), 1e-11),
    close(EXP, "exp, float32", exponential_float32, single, (40,), (2000,), 1e-6),
    close(EXP, "sin, float32", sine_float32, single, (40,), (2000,), 1e-6),
    close(LOG, "log", logarithm, two, (40,), (1500,)),
    close(LOG, "log1p", logarithm_1p, two, (40,), (1500,)),
    close(LOG, "log, float32", logarithm_float32, single_positive, (40,), (2000,), 1e-6),
    close(LOG, "entropy", entropy, two, (40,), (1500,)),
    close(LOG, "softplus", softplus, signed, (40,), (1500,)),
    close(POWER, "power", power, three, (40,), (1000,)),
    close(POWER, "gamma correction", gamma_correction, two, (40,), (1000,)),
    close(POWER, "cubes", cubes, two, (40,), (1500,)),
    exact(POWER, "square roots as powers", roots, two, (40,), (1500,)),
]
