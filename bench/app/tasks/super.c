/* Hears of the faults of the one task that it supervises and restarts it. */
#include "bench.h"

int main(void)
{
    static const struct k5_supervised subject[] = {K5_SUPERVISED_LIST};
    uint32_t bits;

    for (uint32_t i = 0; i < BENCH_ROUNDS; i++) {
        k5_error error = k5_wait(subject[0].bits, K5_FOREVER, &bits);
        BENCH_MARK(fault_to);
        BENCH_REQUIRE(error == K5_OK);
        BENCH_MARK(restart_from);
        error = k5_task_restart(subject[0].task);
        BENCH_MARK(restart_to);
        BENCH_REQUIRE(error == K5_OK);
        BENCH_REQUIRE(k5_signal(DRAIN_SIGNAL, 1) == K5_OK);
    }
    bench_rest();
}
