#include <string.h>
#include "suite.h"

static int64_t find(const double *sorted, int64_t n, double wanted) {
    int64_t low = 0, high = n;
    while (low < high) {
        int64_t middle = (low + high) >> 1;
        if (sorted[middle] < wanted)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

Word binary_search(const Word *a) {
    double *sorted = a[0].p, *queries = a[2].p;
    int64_t n = a[1].i, m = a[3].i, total = 0;
    for (int64_t i = 0; i < m; i++)
        total += find(sorted, n, queries[i]);
    return (Word){.i = total};
}

Word insertion_sort(const Word *w) {
    double *a = w[2].p;
    int64_t n = w[1].i;
    memcpy(a, w[0].p, (size_t)n * sizeof *a);
    for (int64_t i = 1; i < n; i++) {
        double x = a[i];
        int64_t j = i - 1;
        while (j >= 0 && a[j] > x) {
            a[j + 1] = a[j];
            j--;
        }
        a[j + 1] = x;
    }
    return NOTHING;
}

static void quick_sort_part(double *a, int64_t low, int64_t high) {
    while (low < high) {
        double pivot = a[(low + high) >> 1];
        int64_t i = low, j = high;
        while (i <= j) {
            while (a[i] < pivot)
                i++;
            while (a[j] > pivot)
                j--;
            if (i <= j) {
                double t = a[i];
                a[i] = a[j];
                a[j] = t;
                i++;
                j--;
            }
        }
        quick_sort_part(a, low, j);
        low = i;
    }
}

Word quick_sort(const Word *w) {
    double *a = w[2].p;
    int64_t n = w[1].i;
    memcpy(a, w[0].p, (size_t)n * sizeof *a);
    quick_sort_part(a, 0, n - 1);
    return NOTHING;
}

static void sift_down(int64_t *a, int64_t root, int64_t end) {
    while (2 * root + 1 < end) {
        int64_t child = 2 * root + 1;
        if (child + 1 < end && a[child] < a[child + 1])
            child++;
        if (a[root] >= a[child])
            return;
        int64_t t = a[root];
        a[root] = a[child];
        a[child] = t;
        root = child;
    }
}

Word heap_sort(const Word *w) {
    int64_t *a = w[2].p, n = w[1].i;
    memcpy(a, w[0].p, (size_t)n * sizeof *a);
    for (int64_t root = n / 2 - 1; root >= 0; root--)
        sift_down(a, root, n);
    for (int64_t end = n - 1; end > 0; end--) {
        int64_t t = a[0];
        a[0] = a[end];
        a[end] = t;
        sift_down(a, 0, end);
    }
    return NOTHING;
}

Word prefix_sum(const Word *w) {
    int64_t *a = w[0].p, n = w[1].i, *out = w[2].p, total = 0;
    for (int64_t i = 0; i < n; i++) {
        total += a[i];
        out[i] = total;
    }
    return (Word){.i = total};
}

Word run_lengths(const Word *w) {
    int64_t *a = w[0].p, n = w[1].i, *values = w[2].p, *lengths = w[4].p, count = 0, i = 0;
    while (i < n) {
        int64_t j = i + 1;
        while (j < n && a[j] == a[i])
            j++;
        values[count] = a[i];
        lengths[count] = j - i;
        count++;
        i = j;
    }
    return (Word){.i = count};
}

static int64_t root_of(int64_t *parent, int64_t x) {
    while (parent[x] != x) {
        parent[x] = parent[parent[x]];
        x = parent[x];
    }
    return x;
}

Word components(const Word *w) {
    int64_t *edges = w[0].p, m = w[1].i, *parent = w[5].p, count = w[6].i;
    memcpy(parent, w[3].p, (size_t)count * sizeof *parent);
    for (int64_t e = 0; e < m; e++) {
        int64_t a = root_of(parent, edges[2 * e]), b = root_of(parent, edges[2 * e + 1]);
        if (a != b) {
            parent[a] = b;
            count--;
        }
    }
    return (Word){.i = count};
}

Word breadth_first(const Word *a) {
    int64_t start = a[0].i, *indptr = a[1].p, *indices = a[3].p, *distance = a[5].p, n = a[6].i, *queue = a[7].p;
    for (int64_t i = 0; i < n; i++)
        distance[i] = -1;
    distance[start] = 0;
    queue[0] = start;
    int64_t head = 0, tail = 1;
    while (head < tail) {
        int64_t node = queue[head++];
        for (int64_t k = indptr[node]; k < indptr[node + 1]; k++) {
            int64_t other = indices[k];
            if (distance[other] < 0) {
                distance[other] = distance[node] + 1;
                queue[tail++] = other;
            }
        }
    }
    return (Word){.i = tail};
}

Word sparse_product(const Word *a) {
    int32_t *indptr = a[0].p, *indices = a[2].p;
    double *data = a[4].p, *x = a[6].p, *y = a[8].p;
    int64_t rows = a[1].i - 1;
    for (int64_t row = 0; row < rows; row++) {
        double total = 0.0;
        for (int64_t k = indptr[row]; k < indptr[row + 1]; k++)
            total += data[k] * x[indices[k]];
        y[row] = total;
    }
    return NOTHING;
}

Word rolling_median(const Word *w) {
    double *a = w[0].p, *ordered = w[3].p, *out = w[5].p;
    int64_t n = w[1].i, window = w[2].i;
    for (int64_t i = 0; i < n; i++) {
        int64_t filled = i < window ? i : window, k;
        if (i >= window) {
            double gone = a[i - window];
            k = 0;
            while (ordered[k] != gone)
                k++;
            while (k < window - 1) {
                ordered[k] = ordered[k + 1];
                k++;
            }
            filled = window - 1;
        }
        k = filled;
        while (k > 0 && ordered[k - 1] > a[i]) {
            ordered[k] = ordered[k - 1];
            k--;
        }
        ordered[k] = a[i];
        filled++;
        if (filled % 2)
            out[i] = ordered[filled / 2];
        else
            out[i] = 0.5 * (ordered[filled / 2 - 1] + ordered[filled / 2]);
    }
    return NOTHING;
}

Word merge(const Word *w) {
    double *a = w[0].p, *b = w[2].p, *out = w[4].p;
    int64_t na = w[1].i, nb = w[3].i, n = w[5].i, i = 0, j = 0;
    for (int64_t k = 0; k < n; k++)
        if (j >= nb || (i < na && a[i] <= b[j]))
            out[k] = a[i++];
        else
            out[k] = b[j++];
    return NOTHING;
}
