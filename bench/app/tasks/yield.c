/* Two of these give each other their turns. */
#include "bench.h"

int main(void)
{
    for (uint32_t i = 0; i < BENCH_ROUNDS; i++) {
        BENCH_MARK(yield_from);
        k5_yield();
        BENCH_MARK(yield_to);
    }
    bench_rest();
}
