/* Calls that do not switch: the cheapest one, the time, one log line. */
#include "bench.h"
#include "k5/syscall.h"

void raw_call(uint32_t a[K5_A_COUNT]);

/* A reply to nobody is refused at once: there is no call that does less. */
static void null_rounds(void)
{
    for (uint32_t i = 0; i < BENCH_ROUNDS; i++) {
        uint32_t a[K5_A_COUNT] = {K5_SYS_REPLY};
        raw_call(a);
        BENCH_REQUIRE(a[K5_A_OP] == K5_ERR_TOKEN);
    }
}

static void time_rounds(void)
{
    for (uint32_t i = 0; i < BENCH_ROUNDS; i++) {
        BENCH_MARK(time_from);
        k5_ticks now = k5_time();
        BENCH_MARK(time_to);
        BENCH_REQUIRE(now != 0);
    }
}

static void log_rounds(void)
{
    for (uint32_t i = 0; i < BENCH_ROUNDS; i++) {
        BENCH_MARK(log_from);
        K5_INFO("round {}", i);
        BENCH_MARK(log_to);
        BENCH_REQUIRE(k5_signal(DRAIN_SIGNAL, 1) == K5_OK);
    }
}

int main(void)
{
    null_rounds();
    time_rounds();
    log_rounds();
    bench_rest();
}
