#include "suite.h"

Word covariance(const Word *w) {
    double *restrict data = w[0].p, *restrict cov = w[3].p, *restrict mean = w[6].p;
    int64_t n = w[1].i, m = w[2].i;
    for (int64_t j = 0; j < m; j++) {
        mean[j] = 0.0;
        for (int64_t i = 0; i < n; i++)
            mean[j] += data[i * m + j];
        mean[j] /= (double)n;
    }
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j < m; j++)
            data[i * m + j] -= mean[j];
    for (int64_t i = 0; i < m; i++)
        for (int64_t j = i; j < m; j++) {
            cov[i * m + j] = 0.0;
            for (int64_t k = 0; k < n; k++)
                cov[i * m + j] += data[k * m + i] * data[k * m + j];
            cov[i * m + j] /= (double)n - 1.0;
            cov[j * m + i] = cov[i * m + j];
        }
    return NOTHING;
}

Word floyd_warshall(const Word *w) {
    int32_t *source = w[0].p, *path = w[3].p;
    int64_t n = w[4].i;
    for (int64_t i = 0; i < n * n; i++)
        path[i] = source[i];
    for (int64_t k = 0; k < n; k++)
        for (int64_t i = 0; i < n; i++)
            for (int64_t j = 0; j < n; j++) {
                int32_t around = path[i * n + k] + path[k * n + j];
                path[i * n + j] = around < path[i * n + j] ? around : path[i * n + j];
            }
    return NOTHING;
}
