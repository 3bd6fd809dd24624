#include "suite.h"

static double cubic(double x, double c) { return x * x * x - 2.0 * x - c; }

Word newton(const Word *a) {
    double *targets = a[0].p, *out = a[2].p;
    int64_t n = a[1].i, steps = 0;
    for (int64_t i = 0; i < n; i++) {
        double c = targets[i], x = 2.0;
        for (int k = 0; k < 50; k++) {
            double slope = 3.0 * x * x - 2.0, change = cubic(x, c) / slope;
            x -= change;
            steps++;
            if (fabs(change) < 1e-12)
                break;
        }
        out[i] = x;
    }
    return (Word){.i = steps};
}

static double bisect(double low, double high, double c) {
    while (high - low > 1e-9) {
        double middle = 0.5 * (low + high);
        if (cubic(middle, c) > 0.0)
            high = middle;
        else
            low = middle;
    }
    return 0.5 * (low + high);
}

Word bisection(const Word *a) {
    double *targets = a[0].p, total = 0.0;
    int64_t n = a[1].i;
    for (int64_t i = 0; i < n; i++)
        total += bisect(1.0, 4.0, targets[i]);
    return (Word){.f = total};
}

static double integrand(double x) { return sin(x) / (1.0 + x * x); }

Word integral(const Word *a) {
    double low = a[0].f, high = a[1].f, h = (high - low) / (double)a[2].i, total = integrand(low) + integrand(high);
    int64_t n = a[2].i;
    for (int64_t i = 1; i < n; i++)
        total += (i % 2 ? 4.0 : 2.0) * integrand(low + (double)i * h);
    return (Word){.f = total * h / 3.0};
}

Word welford(const Word *w) {
    double *a = w[0].p, mean = 0.0, squares = 0.0;
    int64_t n = w[1].i, count = 0;
    for (int64_t i = 0; i < n; i++) {
        count++;
        double change = a[i] - mean;
        mean += change / (double)count;
        squares += change * (a[i] - mean);
    }
    return (Word){.f = mean + squares / (double)(count - 1)};
}

Word spline(const Word *a) {
    double *knots = a[0].p, *coefficients = a[2].p, *points = a[5].p, *out = a[7].p;
    int64_t last = a[1].i - 2, n = a[6].i;
    for (int64_t i = 0; i < n; i++) {
        double x = points[i];
        int64_t low = 0, high = last;
        while (low < high) {
            int64_t middle = (low + high + 1) >> 1;
            if (knots[middle] <= x)
                low = middle;
            else
                high = middle - 1;
        }
        double d = x - knots[low], *c = coefficients + 4 * low;
        out[i] = ((c[3] * d + c[2]) * d + c[1]) * d + c[0];
    }
    return NOTHING;
}

Word horner(const Word *a) {
    double *coefficients = a[0].p, x = a[2].f, total = 0.0;
    int64_t n = a[1].i;
    for (int64_t i = 0; i < n; i++)
        total = total * x + coefficients[i];
    return (Word){.f = total};
}

typedef struct {
    double x, y, z;
} Point;

static Point minus(Point a, Point b) { return (Point){a.x - b.x, a.y - b.y, a.z - b.z}; }

static double dot(Point a, Point b) { return a.x * b.x + a.y * b.y + a.z * b.z; }

static double hit_sphere(Point origin, Point direction, Point centre, double radius) {
    Point away = minus(origin, centre);
    double half = dot(away, direction), under = half * half - (dot(away, away) - radius * radius);
    return under < 0.0 ? -1.0 : -half - sqrt(under);
}

Word trace(const Word *a) {
    double *centres = a[0].p, *radii = a[3].p, total = 0.0;
    int64_t spheres = a[4].i, width = a[5].i, height = a[6].i;
    for (int64_t row = 0; row < height; row++)
        for (int64_t column = 0; column < width; column++) {
            double x = ((double)column + 0.5) / (double)width - 0.5, y = ((double)row + 0.5) / (double)height - 0.5;
            double z = 1.0, size = sqrt(x * x + y * y + z * z), nearest = 1e9;
            Point direction = {x / size, y / size, z / size};
            for (int64_t k = 0; k < spheres; k++) {
                Point centre = {centres[3 * k], centres[3 * k + 1], centres[3 * k + 2]};
                double distance = hit_sphere((Point){0.0, 0.0, 0.0}, direction, centre, radii[k]);
                if (0.0 < distance && distance < nearest)
                    nearest = distance;
            }
            if (nearest < 1e9)
                total += nearest;
        }
    return (Word){.f = total};
}

static bool inside(double px, double py, const double *xs, const double *ys, int64_t n) {
    bool crossed = false;
    int64_t j = n - 1;
    for (int64_t i = 0; i < n; i++) {
        if ((ys[i] > py) != (ys[j] > py) && px < (xs[j] - xs[i]) * (py - ys[i]) / (ys[j] - ys[i]) + xs[i])
            crossed = !crossed;
        j = i;
    }
    return crossed;
}

Word points_inside(const Word *a) {
    double *points = a[0].p, *xs = a[3].p, *ys = a[5].p;
    int64_t n = a[1].i, corners = a[4].i, count = 0;
    for (int64_t i = 0; i < n; i++)
        if (inside(points[2 * i], points[2 * i + 1], xs, ys, corners))
            count++;
    return (Word){.i = count};
}

Word tridiagonal(const Word *a) {
    double *lower = a[0].p, *diagonal = a[2].p, *upper = a[4].p, *right = a[6].p, *scratch = a[8].p, *x = a[10].p;
    int64_t n = a[3].i;
    scratch[0] = upper[0] / diagonal[0];
    x[0] = right[0] / diagonal[0];
    for (int64_t i = 1; i < n; i++) {
        double pivot = diagonal[i] - lower[i] * scratch[i - 1];
        scratch[i] = upper[i] / pivot;
        x[i] = (right[i] - lower[i] * x[i - 1]) / pivot;
    }
    for (int64_t i = n - 2; i >= 0; i--)
        x[i] -= scratch[i] * x[i + 1];
    return NOTHING;
}

Word cholesky(const Word *w) {
    double *a = w[0].p, *factor = w[3].p;
    int64_t n = w[1].i;
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j <= i; j++) {
            double total = a[i * n + j];
            for (int64_t k = 0; k < j; k++)
                total -= factor[i * n + k] * factor[j * n + k];
            if (i == j)
                factor[i * n + i] = sqrt(total);
            else
                factor[i * n + j] = total / factor[j * n + j];
        }
    return NOTHING;
}

Word smooth(const Word *w) {
    double *a = w[0].p, weight = w[2].f, *out = w[3].p, level = a[0];
    int64_t n = w[1].i;
    for (int64_t i = 0; i < n; i++) {
        level = weight * a[i] + (1.0 - weight) * level;
        out[i] = level;
    }
    return NOTHING;
}

Word extremes(const Word *w) {
    double *a = w[0].p, low = a[0], high = a[0];
    int64_t n = w[1].i, where = 0;
    for (int64_t i = 1; i < n; i++) {
        if (a[i] < low)
            low = a[i];
        else if (a[i] > high) {
            high = a[i];
            where = i;
        }
    }
    return (Word){.f = low + high + (double)where};
}

Word drawdown(const Word *w) {
    double *prices = w[0].p, peak = prices[0], worst = 0.0;
    int64_t n = w[1].i;
    for (int64_t i = 0; i < n; i++) {
        if (prices[i] > peak)
            peak = prices[i];
        double fall = (peak - prices[i]) / peak;
        if (fall > worst)
            worst = fall;
    }
    return (Word){.f = worst};
}

Word zeta(const Word *a) {
    double s = a[0].f, total = 0.0;
    int64_t n = a[1].i;
    for (int64_t k = 1; k < n; k++)
        total += 1.0 / pow((double)k, s);
    return (Word){.f = total};
}
