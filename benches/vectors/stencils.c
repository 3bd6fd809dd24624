#include "suite.h"

Word fdtd_2d(const Word *w) {
    double *restrict ex = w[0].p, *restrict ey = w[3].p, *restrict hz = w[6].p, *source = w[9].p;
    int64_t nx = w[7].i, ny = w[8].i, steps = w[10].i;
    for (int64_t t = 0; t < steps; t++) {
        for (int64_t j = 0; j < ny; j++)
            ey[j] = source[t];
        for (int64_t i = 1; i < nx; i++)
            for (int64_t j = 0; j < ny; j++)
                ey[i * ny + j] -= 0.5 * (hz[i * ny + j] - hz[(i - 1) * ny + j]);
        for (int64_t i = 0; i < nx; i++)
            for (int64_t j = 1; j < ny; j++)
                ex[i * ny + j] -= 0.5 * (hz[i * ny + j] - hz[i * ny + j - 1]);
        for (int64_t i = 0; i < nx - 1; i++)
            for (int64_t j = 0; j < ny - 1; j++)
                hz[i * ny + j] -=
                    0.7 * (ex[i * ny + j + 1] - ex[i * ny + j] + ey[(i + 1) * ny + j] - ey[i * ny + j]);
    }
    return NOTHING;
}

static void jacobi_1d_half(double *restrict to, const double *restrict from, int64_t n) {
    for (int64_t i = 1; i < n - 1; i++)
        to[i] = 0.33333 * (from[i - 1] + from[i] + from[i + 1]);
}

Word jacobi_1d(const Word *w) {
    for (int64_t t = 0; t < w[4].i; t++) {
        jacobi_1d_half(w[2].p, w[0].p, w[1].i);
        jacobi_1d_half(w[0].p, w[2].p, w[1].i);
    }
    return NOTHING;
}

static void jacobi_2d_half(double *restrict to, const double *restrict from, int64_t n, int64_t m) {
    for (int64_t i = 1; i < n - 1; i++)
        for (int64_t j = 1; j < m - 1; j++) {
            const double *p = from + i * m + j;
            to[i * m + j] = 0.2 * (p[0] + p[-1] + p[1] + p[m] + p[-m]);
        }
}

Word jacobi_2d(const Word *w) {
    for (int64_t t = 0; t < w[6].i; t++) {
        jacobi_2d_half(w[3].p, w[0].p, w[1].i, w[2].i);
        jacobi_2d_half(w[0].p, w[3].p, w[1].i, w[2].i);
    }
    return NOTHING;
}

static void heat_3d_half(double *restrict to, const double *restrict from, int64_t n) {
    for (int64_t i = 1; i < n - 1; i++)
        for (int64_t j = 1; j < n - 1; j++)
            for (int64_t k = 1; k < n - 1; k++) {
                const double *p = from + (i * n + j) * n + k;
                to[(i * n + j) * n + k] = 0.125 * (p[n * n] - 2.0 * p[0] + p[-n * n]) +
                                          0.125 * (p[n] - 2.0 * p[0] + p[-n]) +
                                          0.125 * (p[1] - 2.0 * p[0] + p[-1]) + p[0];
            }
}

Word heat_3d(const Word *w) {
    for (int64_t t = 0; t < w[8].i; t++) {
        heat_3d_half(w[4].p, w[0].p, w[1].i);
        heat_3d_half(w[0].p, w[4].p, w[1].i);
    }
    return NOTHING;
}

Word seidel_2d(const Word *w) {
    double *a = w[0].p;
    int64_t n = w[1].i, steps = w[3].i;
    for (int64_t t = 0; t < steps; t++)
        for (int64_t i = 1; i < n - 1; i++)
            for (int64_t j = 1; j < n - 1; j++) {
                double *p = a + i * n + j;
                *p = (p[-n - 1] + p[-n] + p[-n + 1] + p[-1] + p[0] + p[1] + p[n - 1] + p[n] + p[n + 1]) / 9.0;
            }
    return NOTHING;
}

Word wave_1d(const Word *w) {
    double *now = w[0].p, *restrict before = w[2].p, speed = w[4].f;
    int64_t n = w[1].i;
    for (int64_t i = 1; i < n - 1; i++)
        before[i] = 2.0 * now[i] - before[i] + speed * (now[i - 1] - 2.0 * now[i] + now[i + 1]);
    return NOTHING;
}

Word convolve(const Word *w) {
    double *a = w[0].p, *weights = w[2].p, *restrict out = w[4].p;
    int64_t taps = w[3].i, n = w[5].i;
    for (int64_t i = 0; i < n; i++) {
        double total = 0.0;
        for (int64_t k = 0; k < taps; k++)
            total += a[i + k] * weights[k];
        out[i] = total;
    }
    return NOTHING;
}

Word blur_float32(const Word *w) {
    float *a = w[0].p, *restrict out = w[3].p;
    int64_t n = w[1].i, m = w[2].i;
    for (int64_t i = 1; i < n - 1; i++)
        for (int64_t j = 1; j < m - 1; j++) {
            float *p = a + i * m + j;
            out[i * m + j] = 0.5f * p[0] + 0.125f * (p[-m] + p[m] + p[-1] + p[1]);
        }
    return NOTHING;
}

Word life(const Word *w) {
    uint8_t *board = w[0].p, *restrict out = w[3].p;
    int64_t n = w[1].i, m = w[2].i;
    for (int64_t i = 1; i < n - 1; i++)
        for (int64_t j = 1; j < m - 1; j++) {
            uint8_t *p = board + i * m + j;
            uint8_t around = p[-m - 1] + p[-m] + p[-m + 1] + p[-1] + p[1] + p[m - 1] + p[m] + p[m + 1];
            out[i * m + j] = around == 3 || (around == 2 && p[0] == 1);
        }
    return NOTHING;
}
