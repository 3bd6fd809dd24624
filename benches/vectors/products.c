#include "suite.h"

Word gemm(const Word *w) {
    double alpha = w[0].f, beta = w[1].f, *restrict c = w[2].p, *a = w[5].p, *b = w[8].p;
    int64_t n = w[3].i, m = w[4].i, inner = w[7].i;
    for (int64_t i = 0; i < n; i++) {
        for (int64_t j = 0; j < m; j++)
            c[i * m + j] *= beta;
        for (int64_t k = 0; k < inner; k++)
            for (int64_t j = 0; j < m; j++)
                c[i * m + j] += alpha * a[i * inner + k] * b[k * m + j];
    }
    return NOTHING;
}

Word two_mm(const Word *w) {
    double alpha = w[0].f, beta = w[1].f, *restrict tmp = w[2].p, *a = w[5].p, *b = w[8].p, *c = w[11].p;
    double *restrict d = w[14].p;
    int64_t n = w[3].i, m = w[4].i, inner = w[7].i, wide = w[16].i;
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j < m; j++) {
            tmp[i * m + j] = 0.0;
            for (int64_t k = 0; k < inner; k++)
                tmp[i * m + j] += alpha * a[i * inner + k] * b[k * m + j];
        }
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j < wide; j++) {
            d[i * wide + j] *= beta;
            for (int64_t k = 0; k < m; k++)
                d[i * wide + j] += tmp[i * m + k] * c[k * wide + j];
        }
    return NOTHING;
}

Word atax(const Word *w) {
    double *a = w[0].p, *x = w[3].p, *restrict y = w[5].p, *restrict tmp = w[7].p;
    int64_t n = w[1].i, m = w[2].i;
    for (int64_t j = 0; j < m; j++)
        y[j] = 0.0;
    for (int64_t i = 0; i < n; i++) {
        tmp[i] = 0.0;
        for (int64_t j = 0; j < m; j++)
            tmp[i] += a[i * m + j] * x[j];
        for (int64_t j = 0; j < m; j++)
            y[j] += a[i * m + j] * tmp[i];
    }
    return NOTHING;
}

Word mvt(const Word *w) {
    double *restrict x1 = w[0].p, *restrict x2 = w[2].p, *y1 = w[4].p, *y2 = w[6].p, *a = w[8].p;
    int64_t n = w[9].i;
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j < n; j++)
            x1[i] += a[i * n + j] * y1[j];
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j < n; j++)
            x2[i] += a[j * n + i] * y2[j];
    return NOTHING;
}

Word gesummv(const Word *w) {
    double alpha = w[0].f, beta = w[1].f, *a = w[2].p, *b = w[5].p, *restrict tmp = w[8].p, *x = w[10].p;
    double *restrict y = w[12].p;
    int64_t n = w[3].i;
    for (int64_t i = 0; i < n; i++) {
        tmp[i] = y[i] = 0.0;
        for (int64_t j = 0; j < n; j++) {
            tmp[i] += a[i * n + j] * x[j];
            y[i] += b[i * n + j] * x[j];
        }
        y[i] = alpha * tmp[i] + beta * y[i];
    }
    return NOTHING;
}

Word syrk(const Word *w) {
    double alpha = w[0].f, beta = w[1].f, *restrict c = w[2].p, *a = w[5].p;
    int64_t n = w[3].i, m = w[7].i;
    for (int64_t i = 0; i < n; i++) {
        for (int64_t j = 0; j <= i; j++)
            c[i * n + j] *= beta;
        for (int64_t k = 0; k < m; k++)
            for (int64_t j = 0; j <= i; j++)
                c[i * n + j] += alpha * a[i * m + k] * a[j * m + k];
    }
    return NOTHING;
}

Word trmm(const Word *w) {
    double alpha = w[0].f, *a = w[1].p, *source = w[4].p, *restrict b = w[7].p;
    int64_t n = w[8].i, m = w[9].i;
    for (int64_t i = 0; i < n * m; i++)
        b[i] = source[i];
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j < m; j++) {
            for (int64_t k = i + 1; k < n; k++)
                b[i * m + j] += a[k * n + i] * b[k * m + j];
            b[i * m + j] *= alpha;
        }
    return NOTHING;
}

Word inner_products(const Word *w) {
    double *a = w[0].p, *b = w[3].p, *restrict c = w[6].p;
    int64_t n = w[1].i, inner = w[2].i, m = w[4].i;
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j < m; j++) {
            double total = 0.0;
            for (int64_t k = 0; k < inner; k++)
                total += a[i * inner + k] * b[j * inner + k];
            c[i * m + j] = total;
        }
    return NOTHING;
}
