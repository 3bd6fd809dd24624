#include "suite.h"

Word dot(const Word *w) {
    double *x = w[0].p, *y = w[2].p, total = 0.0;
    for (int64_t i = 0; i < w[1].i; i++)
        total += x[i] * y[i];
    return (Word){.f = total};
}

Word norm_2(const Word *w) {
    double *x = w[0].p, total = 0.0;
    for (int64_t i = 0; i < w[1].i; i++)
        total += x[i] * x[i];
    return (Word){.f = sqrt(total)};
}

Word norm_max(const Word *w) {
    double *x = w[0].p, highest = 0.0;
    for (int64_t i = 0; i < w[1].i; i++) {
        double size = fabs(x[i] - 0.5);
        highest = size > highest ? size : highest;
    }
    return (Word){.f = highest};
}

Word sum_where(const Word *w) {
    double *x = w[0].p, level = w[2].f, total = 0.0;
    for (int64_t i = 0; i < w[1].i; i++)
        if (x[i] > level)
            total += x[i];
    return (Word){.f = total};
}

Word row_sums(const Word *w) {
    double *a = w[0].p, *restrict out = w[3].p;
    int64_t n = w[1].i, m = w[2].i;
    for (int64_t i = 0; i < n; i++) {
        double total = 0.0;
        for (int64_t j = 0; j < m; j++)
            total += a[i * m + j];
        out[i] = total;
    }
    return NOTHING;
}

Word integral(const Word *w) {
    double low = w[0].f, h = (w[1].f - low) / (double)w[2].i, total = 0.0;
    for (int64_t i = 0; i < w[2].i; i++) {
        double x = low + ((double)i + 0.5) * h;
        total += 4.0 / (1.0 + x * x);
    }
    return (Word){.f = total * h};
}
