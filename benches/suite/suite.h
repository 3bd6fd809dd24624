/* How the kernels are called: an array comes as its pointer and then the length of each dimension, a number as itself. */
#include <math.h>
#include <stdbool.h>
#include <stdint.h>

typedef union {
    int64_t i;
    uint64_t u;
    double f;
    void *p;
} Word;

typedef Word Kernel(const Word *a);

#define NOTHING ((Word){.u = 0})
