#include "suite.h"

Word collatz(const Word *a) {
    int64_t limit = a[0].i, longest = 0;
    for (int64_t start = 1; start < limit; start++) {
        int64_t n = start, steps = 0;
        while (n != 1) {
            n = n % 2 == 0 ? n / 2 : 3 * n + 1;
            steps++;
        }
        if (steps > longest)
            longest = steps;
    }
    return (Word){.i = longest};
}

Word sieve(const Word *a) {
    uint8_t *flags = a[0].p;
    int64_t n = a[1].i, count = 0;
    for (int64_t i = 2; i < n; i++)
        if (flags[i]) {
            count++;
            for (int64_t j = i * i; j < n; j += i)
                flags[j] = 0;
        }
    return (Word){.i = count};
}

static int64_t gcd(int64_t a, int64_t b) {
    while (b) {
        int64_t r = a % b;
        a = b;
        b = r;
    }
    return a;
}

Word coprime_pairs(const Word *w) {
    int64_t n = w[0].i, count = 0;
    for (int64_t a = 1; a < n; a++)
        for (int64_t b = 1; b < a; b++)
            if (gcd(a, b) == 1)
                count++;
    return (Word){.i = count};
}

static int64_t power_modulo(int64_t base, int64_t exponent, int64_t modulus) {
    int64_t result = 1;
    base %= modulus;
    while (exponent > 0) {
        if (exponent & 1)
            result = result * base % modulus;
        base = base * base % modulus;
        exponent >>= 1;
    }
    return result;
}

Word fermat_test(const Word *a) {
    int64_t n = a[0].i, passed = 0;
    for (int64_t candidate = 3; candidate < n; candidate += 2)
        if (power_modulo(2, candidate - 1, candidate) == 1)
            passed++;
    return (Word){.i = passed};
}

static bool is_prime(int64_t n) {
    if (n < 2)
        return false;
    if (n % 2 == 0)
        return n == 2;
    for (int64_t d = 3; d * d <= n; d += 2)
        if (n % d == 0)
            return false;
    return true;
}

Word trial_division(const Word *a) {
    int64_t n = a[0].i, count = 0;
    for (int64_t k = 0; k < n; k++)
        if (is_prime(k))
            count++;
    return (Word){.i = count};
}

Word digit_sums(const Word *a) {
    int64_t n = a[0].i, count = 0;
    for (int64_t k = 1; k < n; k++) {
        int64_t rest = k, total = 0;
        while (rest > 0) {
            total += rest % 10;
            rest /= 10;
        }
        if (k % total == 0)
            count++;
    }
    return (Word){.i = count};
}

Word kernighan(const Word *a) {
    int64_t *values = a[0].p, n = a[1].i, bits = 0;
    for (int64_t i = 0; i < n; i++)
        for (int64_t v = values[i]; v; v &= v - 1)
            bits++;
    return (Word){.i = bits};
}

static int64_t fib_of(int64_t n) { return n < 2 ? n : fib_of(n - 1) + fib_of(n - 2); }

Word fib(const Word *a) { return (Word){.i = fib_of(a[0].i)}; }

static int64_t ackermann_of(int64_t m, int64_t n) {
    if (m == 0)
        return n + 1;
    if (n == 0)
        return ackermann_of(m - 1, 1);
    return ackermann_of(m - 1, ackermann_of(m, n - 1));
}

Word ackermann(const Word *a) { return (Word){.i = ackermann_of(a[0].i, a[1].i)}; }

static int64_t place_queens(int64_t full, int64_t columns, int64_t left, int64_t right) {
    if (columns == full)
        return 1;
    int64_t count = 0, free = full & ~(columns | left | right);
    while (free) {
        int64_t queen = free & -free;
        free ^= queen;
        count += place_queens(full, columns | queen, (left | queen) << 1, (right | queen) >> 1);
    }
    return count;
}

Word queens(const Word *a) { return (Word){.i = place_queens(((int64_t)1 << a[0].i) - 1, 0, 0, 0)}; }

static int64_t partitions_of(int64_t n, int64_t largest) {
    if (n == 0)
        return 1;
    int64_t total = 0, last = n < largest ? n : largest;
    for (int64_t part = 1; part <= last; part++)
        total += partitions_of(n - part, part);
    return total;
}

Word partitions(const Word *a) { return (Word){.i = partitions_of(a[0].i, a[1].i)}; }
