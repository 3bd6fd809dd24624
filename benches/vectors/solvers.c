#include "suite.h"

Word lu(const Word *w) {
    double *source = w[0].p, *a = w[3].p;
    int64_t n = w[4].i;
    for (int64_t i = 0; i < n * n; i++)
        a[i] = source[i];
    for (int64_t i = 0; i < n; i++) {
        for (int64_t j = 0; j < i; j++) {
            for (int64_t k = 0; k < j; k++)
                a[i * n + j] -= a[i * n + k] * a[k * n + j];
            a[i * n + j] /= a[j * n + j];
        }
        for (int64_t j = i; j < n; j++)
            for (int64_t k = 0; k < i; k++)
                a[i * n + j] -= a[i * n + k] * a[k * n + j];
    }
    return NOTHING;
}

Word trisolv(const Word *w) {
    double *lower = w[0].p, *restrict x = w[3].p, *b = w[5].p;
    int64_t n = w[1].i;
    for (int64_t i = 0; i < n; i++) {
        x[i] = b[i];
        for (int64_t j = 0; j < i; j++)
            x[i] -= lower[i * n + j] * x[j];
        x[i] = x[i] / lower[i * n + i];
    }
    return NOTHING;
}

Word gramschmidt(const Word *w) {
    double *source = w[0].p, *restrict a = w[3].p, *restrict r = w[6].p, *restrict q = w[9].p;
    int64_t m = w[4].i, n = w[5].i;
    for (int64_t i = 0; i < m * n; i++)
        a[i] = source[i];
    for (int64_t k = 0; k < n; k++) {
        double norm = 0.0;
        for (int64_t i = 0; i < m; i++)
            norm += a[i * n + k] * a[i * n + k];
        r[k * n + k] = sqrt(norm);
        for (int64_t i = 0; i < m; i++)
            q[i * n + k] = a[i * n + k] / r[k * n + k];
        for (int64_t j = k + 1; j < n; j++) {
            r[k * n + j] = 0.0;
            for (int64_t i = 0; i < m; i++)
                r[k * n + j] += q[i * n + k] * a[i * n + j];
            for (int64_t i = 0; i < m; i++)
                a[i * n + j] -= q[i * n + k] * r[k * n + j];
        }
    }
    return NOTHING;
}
