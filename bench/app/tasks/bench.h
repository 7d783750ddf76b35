/* What the tasks of the benchmark share: rounds, marks, rest. */
#ifndef BENCH_H
#define BENCH_H

#include <k5/k5.h>

#include "app.h"

#define BENCH_ROUNDS 128 /* of each measurement; `k5 bench` wants at least 100 */

/* A global label on a `nop`: k5 bench reads the counters there. Once in a task for each name; it
 * does not count, and the compiler moves no memory access over it. */
#define BENCH_MARK(name) __asm__ volatile(".global " #name "\n" #name ":\n\tnop" ::: "memory")

/* Ends the task's run if a call did not do what is measured; its row then lacks rounds, and the
 * benchmark fails. */
#define BENCH_REQUIRE(condition) \
    do {                         \
        if (!(condition)) {      \
            k5_panic(__LINE__);  \
        }                        \
    } while (0)

/* Gives way to the less urgent tasks for good. */
static inline _Noreturn void bench_rest(void)
{
    for (;;) {
        k5_sleep_until(UINT64_MAX);
    }
}

#endif
