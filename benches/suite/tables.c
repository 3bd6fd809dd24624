#include <string.h>
#include "suite.h"

Word levenshtein(const Word *w) {
    int32_t *a = w[0].p, *b = w[2].p;
    int64_t n = w[1].i, m = w[3].i, *previous = w[4].p, *current = w[6].p;
    for (int64_t j = 0; j <= m; j++)
        previous[j] = j;
    for (int64_t i = 0; i < n; i++) {
        current[0] = i + 1;
        for (int64_t j = 0; j < m; j++) {
            int64_t best = previous[j + 1] + 1, left = current[j] + 1, diagonal = previous[j] + (a[i] != b[j]);
            if (left < best)
                best = left;
            if (diagonal < best)
                best = diagonal;
            current[j + 1] = best;
        }
        int64_t *t = previous;
        previous = current;
        current = t;
    }
    return (Word){.i = previous[m]};
}

Word longest_common(const Word *w) {
    int32_t *a = w[0].p, *b = w[2].p;
    int64_t n = w[1].i, m = w[3].i, *table = w[4].p, row = w[6].i;
    for (int64_t j = 0; j <= m; j++)
        table[j] = 0;
    for (int64_t i = 1; i <= n; i++) {
        table[i * row] = 0;
        for (int64_t j = 1; j <= m; j++)
            if (a[i - 1] == b[j - 1])
                table[i * row + j] = table[(i - 1) * row + j - 1] + 1;
            else {
                int64_t up = table[(i - 1) * row + j], left = table[i * row + j - 1];
                table[i * row + j] = up > left ? up : left;
            }
    }
    return (Word){.i = table[n * row + m]};
}

Word knapsack(const Word *a) {
    int64_t *weights = a[0].p, items = a[1].i, *values = a[2].p, *best = a[4].p, capacity = a[5].i - 1;
    memset(best, 0, (size_t)(capacity + 1) * sizeof *best);
    for (int64_t item = 0; item < items; item++) {
        int64_t w = weights[item], v = values[item];
        for (int64_t c = capacity; c >= w; c--)
            if (best[c - w] + v > best[c])
                best[c] = best[c - w] + v;
    }
    return (Word){.i = best[capacity]};
}

Word nussinov(const Word *a) {
    int64_t *sequence = a[0].p, n = a[1].i, *table = a[2].p;
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j < n; j++)
            table[i * n + j] = 0;
    for (int64_t i = n - 1; i >= 0; i--)
        for (int64_t j = i + 1; j < n; j++) {
            int64_t best = table[i * n + j - 1];
            if (table[(i + 1) * n + j] > best)
                best = table[(i + 1) * n + j];
            if (sequence[i] + sequence[j] == 3) {
                int64_t inner = i < j - 1 ? table[(i + 1) * n + j - 1] + 1 : 1;
                if (inner > best)
                    best = inner;
            }
            for (int64_t k = i + 1; k < j; k++) {
                int64_t split = table[i * n + k] + table[(k + 1) * n + j];
                if (split > best)
                    best = split;
            }
            table[i * n + j] = best;
        }
    return (Word){.i = table[n - 1]};
}

Word viterbi(const Word *a) {
    int64_t *observed = a[0].p;
    double *initial = a[2].p, *transition = a[4].p, *emission = a[7].p, *score = a[10].p;
    int64_t symbols = a[9].i, steps = a[11].i, states = a[12].i, *back = a[13].p, *path = a[16].p;
    for (int64_t s = 0; s < states; s++)
        score[s] = initial[s] + emission[s * symbols + observed[0]];
    for (int64_t t = 1; t < steps; t++)
        for (int64_t s = 0; s < states; s++) {
            double best = -INFINITY;
            int64_t arg = 0;
            for (int64_t p = 0; p < states; p++) {
                double candidate = score[(t - 1) * states + p] + transition[p * states + s];
                if (candidate > best) {
                    best = candidate;
                    arg = p;
                }
            }
            score[t * states + s] = best + emission[s * symbols + observed[t]];
            back[t * states + s] = arg;
        }
    int64_t last = 0;
    for (int64_t s = 1; s < states; s++)
        if (score[(steps - 1) * states + s] > score[(steps - 1) * states + last])
            last = s;
    path[steps - 1] = last;
    for (int64_t t = steps - 1; t > 0; t--) {
        last = back[t * states + last];
        path[t - 1] = last;
    }
    return (Word){.f = score[(steps - 1) * states + path[steps - 1]]};
}

Word time_warp(const Word *a) {
    double *x = a[0].p, *y = a[2].p, *cost = a[4].p;
    int64_t n = a[1].i, m = a[3].i;
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j < m; j++) {
            double distance = fabs(x[i] - y[j]);
            if (i == 0 && j == 0)
                cost[i * m + j] = distance;
            else if (i == 0)
                cost[i * m + j] = cost[i * m + j - 1] + distance;
            else if (j == 0)
                cost[i * m + j] = cost[(i - 1) * m + j] + distance;
            else {
                double best = cost[(i - 1) * m + j], left = cost[i * m + j - 1], diagonal = cost[(i - 1) * m + j - 1];
                if (left < best)
                    best = left;
                if (diagonal < best)
                    best = diagonal;
                cost[i * m + j] = best + distance;
            }
        }
    return (Word){.f = cost[n * m - 1]};
}

Word increasing(const Word *a) {
    int64_t *values = a[0].p, n = a[1].i, *tails = a[2].p, length = 0;
    for (int64_t i = 0; i < n; i++) {
        int64_t v = values[i], low = 0, high = length;
        while (low < high) {
            int64_t middle = (low + high) >> 1;
            if (tails[middle] < v)
                low = middle + 1;
            else
                high = middle;
        }
        tails[low] = v;
        if (low == length)
            length++;
    }
    return (Word){.i = length};
}

Word shortest_paths(const Word *a) {
    double *distance = a[0].p, *work = a[3].p;
    int64_t n = a[1].i;
    memcpy(work, distance, (size_t)(n * n) * sizeof *work);
    for (int64_t k = 0; k < n; k++)
        for (int64_t i = 0; i < n; i++)
            for (int64_t j = 0; j < n; j++) {
                double through = work[i * n + k] + work[k * n + j];
                if (through < work[i * n + j])
                    work[i * n + j] = through;
            }
    return (Word){.f = work[n - 1]};
}
