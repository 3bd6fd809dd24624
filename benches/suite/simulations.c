#include "suite.h"

Word nbody(const Word *a) {
    double *position = a[0].p, *velocity = a[3].p, *mass = a[6].p, dt = a[8].f;
    int64_t n = a[7].i, steps = a[9].i;
    for (int64_t s = 0; s < steps; s++) {
        for (int64_t i = 0; i < n; i++)
            for (int64_t j = i + 1; j < n; j++) {
                double dx = position[3 * i] - position[3 * j];
                double dy = position[3 * i + 1] - position[3 * j + 1];
                double dz = position[3 * i + 2] - position[3 * j + 2];
                double square = dx * dx + dy * dy + dz * dz;
                double pull = dt / (square * sqrt(square));
                velocity[3 * i] -= dx * mass[j] * pull;
                velocity[3 * i + 1] -= dy * mass[j] * pull;
                velocity[3 * i + 2] -= dz * mass[j] * pull;
                velocity[3 * j] += dx * mass[i] * pull;
                velocity[3 * j + 1] += dy * mass[i] * pull;
                velocity[3 * j + 2] += dz * mass[i] * pull;
            }
        for (int64_t i = 0; i < n; i++)
            for (int64_t k = 0; k < 3; k++)
                position[3 * i + k] += dt * velocity[3 * i + k];
    }
    return NOTHING;
}

Word mandelbrot(const Word *a) {
    int64_t width = a[0].i, height = a[1].i, limit = a[2].i, total = 0;
    for (int64_t row = 0; row < height; row++) {
        double im = -1.2 + 2.4 * (double)row / (double)(height - 1);
        for (int64_t column = 0; column < width; column++) {
            double re = -2.0 + 2.6 * (double)column / (double)(width - 1), x = 0.0, y = 0.0;
            int64_t k = 0;
            while (k < limit && x * x + y * y <= 4.0) {
                double t = x * x - y * y + re;
                y = 2.0 * x * y + im;
                x = t;
                k++;
            }
            total += k;
        }
    }
    return (Word){.i = total};
}

Word julia(const Word *a) {
    int64_t width = a[0].i, height = a[1].i, limit = a[4].i, total = 0;
    double cr = a[2].f, ci = a[3].f;
    for (int64_t row = 0; row < height; row++)
        for (int64_t column = 0; column < width; column++) {
            double x = -1.5 + 3.0 * (double)column / (double)width;
            double y = -1.5 + 3.0 * (double)row / (double)height;
            int64_t k = 0;
            while (k < limit && x * x + y * y <= 4.0) {
                double t = x * x - y * y + cr;
                y = x * y + y * x + ci;
                x = t;
                k++;
            }
            total += k;
        }
    return (Word){.i = total};
}

static int64_t modulo(int64_t x, int64_t n) {
    int64_t r = x % n;
    return r < 0 ? r + n : r;
}

Word ising(const Word *a) {
    int64_t *spins = a[0].p, n = a[1].i, m = a[2].i, *rows = a[3].p, *columns = a[5].p, count = a[8].i, accepted = 0;
    double *draws = a[7].p, beta = a[9].f;
    for (int64_t k = 0; k < count; k++) {
        int64_t i = rows[k], j = columns[k], up = i == 0 ? n - 1 : i - 1, left = j == 0 ? m - 1 : j - 1;
        int64_t neighbours = spins[modulo(i + 1, n) * m + j] + spins[up * m + j] + spins[i * m + modulo(j + 1, m)] +
                             spins[i * m + left];
        int64_t change = 2 * spins[i * m + j] * neighbours;
        if (change <= 0 || draws[k] < exp(-beta * (double)change)) {
            spins[i * m + j] = -spins[i * m + j];
            accepted++;
        }
    }
    return (Word){.i = accepted};
}

Word metropolis(const Word *a) {
    int64_t n = a[0].i, state = a[1].i;
    double width = a[2].f, x = 0.0, total = 0.0;
    for (int64_t k = 0; k < n; k++) {
        state = (state * 1103515245 + 12345) & 0x7FFFFFFF;
        double proposal = x + width * ((double)state / 2147483648.0 - 0.5);
        state = (state * 1103515245 + 12345) & 0x7FFFFFFF;
        double gain = 0.25 * (x * x * x * x - proposal * proposal * proposal * proposal);
        if (gain >= 0.0 || (double)state / 2147483648.0 < exp(gain))
            x = proposal;
        total += x * x;
    }
    return (Word){.f = total / (double)n};
}

typedef struct {
    double x, y, z;
} Point;

static Point lorenz(double x, double y, double z) {
    return (Point){10.0 * (y - x), x * (28.0 - z) - y, x * y - 8.0 / 3.0 * z};
}

Word runge_kutta(const Word *w) {
    double x = w[0].f, y = w[1].f, z = w[2].f, dt = w[3].f;
    int64_t steps = w[4].i;
    for (int64_t s = 0; s < steps; s++) {
        Point a = lorenz(x, y, z);
        Point b = lorenz(x + 0.5 * dt * a.x, y + 0.5 * dt * a.y, z + 0.5 * dt * a.z);
        Point c = lorenz(x + 0.5 * dt * b.x, y + 0.5 * dt * b.y, z + 0.5 * dt * b.z);
        Point e = lorenz(x + dt * c.x, y + dt * c.y, z + dt * c.z);
        x += dt / 6.0 * (a.x + 2.0 * b.x + 2.0 * c.x + e.x);
        y += dt / 6.0 * (a.y + 2.0 * b.y + 2.0 * c.y + e.y);
        z += dt / 6.0 * (a.z + 2.0 * b.z + 2.0 * c.z + e.z);
    }
    return (Word){.f = x + y + z};
}

Word life(const Word *a) {
    int64_t *cells = a[0].p, n = a[1].i, m = a[2].i, *fresh = a[3].p, steps = a[6].i, alive = 0;
    for (int64_t s = 0; s < steps; s++) {
        for (int64_t i = 0; i < n; i++)
            for (int64_t j = 0; j < m; j++) {
                int64_t around = 0;
                for (int64_t di = -1; di < 2; di++)
                    for (int64_t dj = -1; dj < 2; dj++)
                        if (di != 0 || dj != 0)
                            around += cells[modulo(i + di, n) * m + modulo(j + dj, m)];
                fresh[i * m + j] = around == 3 || (around == 2 && cells[i * m + j] == 1);
            }
        int64_t *t = cells;
        cells = fresh;
        fresh = t;
    }
    for (int64_t i = 0; i < n * m; i++)
        alive += cells[i];
    return (Word){.i = alive};
}

Word elementary(const Word *a) {
    int64_t *cells = a[0].p, n = a[1].i, *fresh = a[2].p, rule = a[4].i, steps = a[5].i;
    for (int64_t s = 0; s < steps; s++) {
        for (int64_t i = 0; i < n; i++) {
            int64_t left = cells[i == 0 ? n - 1 : i - 1];
            fresh[i] = (rule >> (4 * left + 2 * cells[i] + cells[modulo(i + 1, n)])) & 1;
        }
        int64_t *t = cells;
        cells = fresh;
        fresh = t;
    }
    return (Word){.i = cells[0]};
}

Word billiard(const Word *a) {
    double x = a[0].f, y = a[1].f, vx = a[2].f, vy = a[3].f;
    int64_t steps = a[4].i, hits = 0;
    for (int64_t s = 0; s < steps; s++) {
        x += vx;
        y += vy;
        if (x < 0.0) {
            x = -x;
            vx = -vx;
            hits++;
        } else if (x > 1.0) {
            x = 2.0 - x;
            vx = -vx;
            hits++;
        }
        if (y < 0.0) {
            y = -y;
            vy = -vy;
            hits++;
        } else if (y > 1.0) {
            y = 2.0 - y;
            vy = -vy;
            hits++;
        }
    }
    return (Word){.f = x + y + (double)hits};
}

Word gillespie(const Word *a) {
    double birth = a[0].f, death = a[1].f, *draws = a[3].p, time = 0.0;
    int64_t count = a[2].i, n = a[4].i;
    for (int64_t k = 0; k < n; k++) {
        double rate = birth + death * (double)count;
        time -= log(draws[2 * k]) / rate;
        if (draws[2 * k + 1] * rate < birth)
            count++;
        else
            count--;
    }
    return (Word){.f = time + (double)count};
}
