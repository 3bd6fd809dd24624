#include "suite.h"

Word threshold(const Word *w) {
    uint8_t *image = w[0].p, *restrict out = w[4].p;
    int64_t n = w[1].i, m = w[2].i, level = w[3].i;
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j < m; j++)
            out[i * m + j] = image[i * m + j] > level ? 255 : 0;
    return NOTHING;
}

Word blend(const Word *w) {
    uint8_t *a = w[0].p, *b = w[3].p, *restrict out = w[6].p;
    int64_t n = w[1].i, m = w[2].i;
    for (int64_t i = 0; i < n * m; i++)
        out[i] = (uint16_t)(a[i] * 3 + b[i] * 5) >> 3;
    return NOTHING;
}

Word grey(const Word *w) {
    uint8_t *rgb = w[0].p, *restrict out = w[3].p;
    for (int64_t i = 0; i < w[1].i; i++)
        out[i] = (uint16_t)(rgb[3 * i] * 77 + rgb[3 * i + 1] * 150 + rgb[3 * i + 2] * 29) >> 8;
    return NOTHING;
}

Word saturating_sum(const Word *w) {
    uint8_t *a = w[0].p, *b = w[2].p, *restrict out = w[4].p;
    for (int64_t i = 0; i < w[1].i; i++) {
        uint16_t total = a[i] + b[i];
        out[i] = total > 255 ? 255 : total;
    }
    return NOTHING;
}

Word apart(const Word *w) {
    uint8_t *a = w[0].p, *b = w[2].p, *restrict out = w[4].p;
    for (int64_t i = 0; i < w[1].i; i++)
        out[i] = a[i] > b[i] ? a[i] - b[i] : b[i] - a[i];
    return NOTHING;
}

Word volume(const Word *w) {
    int16_t *samples = w[0].p, *restrict out = w[3].p;
    int32_t gain = (int32_t)w[2].i;
    for (int64_t i = 0; i < w[1].i; i++)
        out[i] = (int16_t)((samples[i] * gain) >> 8);
    return NOTHING;
}

Word count_above(const Word *w) {
    uint8_t *image = w[0].p;
    int64_t count = 0;
    for (int64_t i = 0; i < w[1].i * w[2].i; i++)
        count += image[i] > w[3].i;
    return (Word){.i = count};
}
