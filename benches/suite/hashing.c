#include <string.h>
#include "suite.h"

Word lcg_pi(const Word *a) {
    int64_t n = a[0].i, state = a[1].i, inside = 0;
    for (int64_t k = 0; k < n; k++) {
        state = (state * 1103515245 + 12345) & 0x7FFFFFFF;
        double x = (double)state / 2147483648.0;
        state = (state * 1103515245 + 12345) & 0x7FFFFFFF;
        double y = (double)state / 2147483648.0;
        if (x * x + y * y < 1.0)
            inside++;
    }
    return (Word){.f = 4.0 * (double)inside / (double)n};
}

Word lcg_sum(const Word *a) {
    int64_t n = a[0].i;
    uint64_t state = a[1].u, total = 0;
    for (int64_t k = 0; k < n; k++) {
        state = (state * 6364136223846793005u + 1442695040888963407u) & 0x7FFFFFFFFFFFFFFF;
        total ^= state >> 33;
    }
    return (Word){.u = total};
}

Word park_miller(const Word *a) {
    int64_t n = a[0].i, state = a[1].i;
    double total = 0.0;
    for (int64_t k = 0; k < n; k++) {
        state = state * 16807 % 2147483647;
        total += (double)state / 2147483647.0;
    }
    return (Word){.f = total};
}

Word xorshift(const Word *a) {
    uint64_t *out = a[0].p, x = a[2].u;
    int64_t n = a[1].i;
    for (int64_t i = 0; i < n; i++) {
        x ^= x << 13;
        x ^= x >> 7;
        x ^= x << 17;
        out[i] = x;
    }
    return (Word){.u = x};
}

static uint64_t rotate(uint64_t x, int k) { return (x << k) | (x >> (64 - k)); }

Word xoshiro(const Word *a) {
    double *out = a[0].p;
    uint64_t *seeds = a[2].p, s0 = seeds[0], s1 = seeds[1], s2 = seeds[2], s3 = seeds[3];
    int64_t n = a[1].i;
    for (int64_t i = 0; i < n; i++) {
        uint64_t value = rotate(s1 * 5, 7) * 9, t = s1 << 17;
        s2 ^= s0;
        s3 ^= s1;
        s1 ^= s2;
        s0 ^= s3;
        s2 ^= t;
        s3 = rotate(s3, 45);
        out[i] = (double)(value >> 11) * 1.1102230246251565e-16;
    }
    return NOTHING;
}

Word crc32(const Word *a) {
    uint8_t *data = a[0].p;
    uint32_t *table = a[2].p, crc = 0xFFFFFFFF;
    int64_t n = a[1].i;
    for (int64_t i = 0; i < n; i++)
        crc = table[(crc ^ data[i]) & 0xFF] ^ (crc >> 8);
    return (Word){.u = crc ^ 0xFFFFFFFF};
}

Word fnv1a(const Word *a) {
    uint8_t *data = a[0].p;
    int64_t n = a[1].i;
    uint64_t h = 0xCBF29CE484222325u;
    for (int64_t i = 0; i < n; i++) {
        h ^= data[i];
        h *= 0x100000001B3;
    }
    return (Word){.u = h};
}

Word adler32(const Word *w) {
    uint8_t *data = w[0].p;
    int64_t n = w[1].i, a = 1, b = 0;
    for (int64_t i = 0; i < n; i++) {
        a = (a + data[i]) % 65521;
        b = (b + a) % 65521;
    }
    return (Word){.i = (b << 16) | a};
}

Word djb2(const Word *a) {
    uint8_t *data = a[0].p;
    int64_t n = a[1].i, h = 5381;
    for (int64_t i = 0; i < n; i++)
        h = (h * 33 + data[i]) & 0xFFFFFFFF;
    return (Word){.i = h};
}

Word count_distinct(const Word *a) {
    int64_t *keys = a[0].p, n = a[1].i, *table = a[2].p, slots = a[3].i, mask = slots - 1, distinct = 0;
    memset(table, 0, (size_t)slots * sizeof *table);
    for (int64_t i = 0; i < n; i++) {
        int64_t key = keys[i], slot = ((key * 40503) >> 3) & mask;
        while (table[slot] != 0 && table[slot] != key)
            slot = (slot + 1) & mask;
        if (table[slot] == 0) {
            table[slot] = key;
            distinct++;
        }
    }
    return (Word){.i = distinct};
}

Word histogram(const Word *a) {
    int64_t *values = a[0].p, n = a[1].i, *counts = a[2].p;
    for (int64_t i = 0; i < n; i++)
        counts[values[i]]++;
    return NOTHING;
}
