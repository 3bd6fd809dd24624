/* Seconds of this thread's processor time for `rounds` calls with each of `turns` lists of `width` arguments. */
#include <time.h>
#include "suite.h"

double run(Kernel *kernel, const Word *arguments, int64_t turns, int64_t width, int64_t rounds, Word *result) {
    struct timespec before, after;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &before);
    for (int64_t round = 0; round < rounds; round++)
        for (int64_t turn = 0; turn < turns; turn++)
            *result = kernel(arguments + turn * width);
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &after);
    return (double)(after.tv_sec - before.tv_sec) + 1e-9 * (double)(after.tv_nsec - before.tv_nsec);
}
