#include "suite.h"

Word exponential(const Word *w) {
    double *x = w[0].p, *restrict out = w[2].p;
    for (int64_t i = 0; i < w[1].i; i++)
        out[i] = exp(x[i]);
    return NOTHING;
}

Word sine(const Word *w) {
    double *x = w[0].p, *restrict out = w[2].p;
    for (int64_t i = 0; i < w[1].i; i++)
        out[i] = sin(x[i]);
    return NOTHING;
}

Word hyperbolic(const Word *w) {
    double *x = w[0].p, *restrict out = w[2].p;
    for (int64_t i = 0; i < w[1].i; i++)
        out[i] = tanh(x[i]);
    return NOTHING;
}

Word logarithm(const Word *w) {
    double *x = w[0].p, *restrict out = w[2].p;
    for (int64_t i = 0; i < w[1].i; i++)
        out[i] = log(x[i]);
    return NOTHING;
}

Word power(const Word *w) {
    double *x = w[0].p, *y = w[2].p, *restrict out = w[4].p;
    for (int64_t i = 0; i < w[1].i; i++)
        out[i] = pow(x[i], y[i]);
    return NOTHING;
}
