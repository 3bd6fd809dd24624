/* Seconds of this thread's processor time for `calls` calls. */
#include <time.h>
#include "suite.h"

double run(Kernel *kernel, const Word *arguments, int64_t calls, Word *result) {
    struct timespec before, after;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &before);
    for (int64_t k = 0; k < calls; k++)
        *result = kernel(arguments);
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &after);
    return (double)(after.tv_sec - before.tv_sec) + 1e-9 * (double)(after.tv_nsec - before.tv_nsec);
}
