#include "suite.h"

Word axpy(const Word *w) {
    double alpha = w[0].f, *x = w[1].p, *restrict y = w[3].p;
    for (int64_t i = 0; i < w[2].i; i++)
        y[i] += alpha * x[i];
    return NOTHING;
}

Word triad(const Word *w) {
    double *a = w[0].p, *b = w[2].p, *c = w[4].p, *restrict out = w[6].p;
    for (int64_t i = 0; i < w[7].i; i++)
        out[i] = a[i] * b[i] + c[i];
    return NOTHING;
}

Word polynomial(const Word *w) {
    double *x = w[0].p, *restrict out = w[2].p;
    for (int64_t i = 0; i < w[1].i; i++) {
        double t = x[i];
        out[i] = ((((0.1 * t + 0.2) * t - 0.3) * t + 0.4) * t - 0.5) * t + 0.6;
    }
    return NOTHING;
}

Word leaky(const Word *w) {
    double *x = w[0].p, *restrict out = w[2].p;
    for (int64_t i = 0; i < w[1].i; i++) {
        double v = x[i] - 0.5;
        out[i] = v > 0.0 ? v : 0.01 * v;
    }
    return NOTHING;
}

Word quadratic(const Word *w) {
    double *a = w[0].p, *b = w[2].p, *c = w[4].p, *restrict out = w[6].p;
    for (int64_t i = 0; i < w[7].i; i++) {
        double d = b[i] * b[i] - 4.0 * a[i] * c[i];
        out[i] = d >= 0.0 ? sqrt(d) - b[i] : 0.0;
    }
    return NOTHING;
}

Word rotate(const Word *w) {
    double *points = w[0].p, cosine = w[3].f, sine = w[4].f, *restrict out = w[5].p;
    for (int64_t i = 0; i < w[1].i; i++) {
        out[2 * i] = cosine * points[2 * i] - sine * points[2 * i + 1];
        out[2 * i + 1] = sine * points[2 * i] + cosine * points[2 * i + 1];
    }
    return NOTHING;
}

Word reverse(const Word *w) {
    double *a = w[0].p, *restrict out = w[2].p;
    int64_t n = w[1].i;
    for (int64_t i = 0; i < n; i++)
        out[i] = a[n - 1 - i];
    return NOTHING;
}

Word mandelbrot_row(const Word *w) {
    double *re = w[0].p, *im = w[2].p, *restrict zr = w[4].p, *restrict zi = w[6].p, *restrict count = w[8].p;
    int64_t n = w[1].i, steps = w[10].i;
    for (int64_t k = 0; k < steps; k++)
        for (int64_t i = 0; i < n; i++) {
            double x = zr[i], y = zi[i];
            bool inside = x * x + y * y <= 4.0;
            zr[i] = inside ? x * x - y * y + re[i] : x;
            zi[i] = inside ? 2.0 * x * y + im[i] : y;
            count[i] += inside ? 1.0 : 0.0;
        }
    return NOTHING;
}

Word cumulative(const Word *w) {
    double *a = w[0].p, *restrict out = w[2].p, total = 0.0;
    for (int64_t i = 0; i < w[1].i; i++) {
        total += a[i];
        out[i] = total;
    }
    return NOTHING;
}

Word polynomial_float32(const Word *w) {
    float *x = w[0].p, *restrict out = w[2].p;
    for (int64_t i = 0; i < w[1].i; i++) {
        float t = x[i];
        out[i] = (((0.1f * t + 0.25f) * t - 0.5f) * t + 0.75f) * t + 1.0f;
    }
    return NOTHING;
}

Word grey_float32(const Word *w) {
    float *rgb = w[0].p, *restrict out = w[3].p;
    for (int64_t i = 0; i < w[1].i; i++)
        out[i] = 0.299f * rgb[3 * i] + 0.587f * rgb[3 * i + 1] + 0.114f * rgb[3 * i + 2];
    return NOTHING;
}

Word to_float32(const Word *w) {
    double *a = w[0].p;
    float *restrict out = w[2].p;
    for (int64_t i = 0; i < w[1].i; i++)
        out[i] = (float)a[i];
    return NOTHING;
}
