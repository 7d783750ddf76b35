/* Drives a timer: its interrupt comes while the spinner computes. */
#include "bench.h"

struct dualtimer {
    volatile uint32_t load;
    volatile uint32_t value;
    volatile uint32_t control;
    volatile uint32_t clear;
};
#define TIMER_ONCE 0xA3u /* on, with its interrupt, 32 bits, one time */

int main(void)
{
    struct dualtimer *timer = (struct dualtimer *)DUALTIMER_BASE;
    volatile uint32_t *beats = (volatile uint32_t *)IRQS_BASE;
    uint32_t bits;

    for (uint32_t i = 0; i < BENCH_ROUNDS; i++) {
        timer->control = 0;
        timer->clear = 1;
        BENCH_MARK(ack_from);
        k5_error error = k5_irq_ack(DUALTIMER_IRQ);
        BENCH_MARK(ack_to);
        BENCH_REQUIRE(error == K5_OK);
        timer->load = (uint32_t)K5_US(50);
        timer->control = TIMER_ONCE;
        error = k5_wait(DUALTIMER_BITS, K5_FOREVER, &bits);
        BENCH_MARK(irq_to);
        BENCH_REQUIRE(error == K5_OK && bits == DUALTIMER_BITS);
        *beats = i + 1;
    }
    bench_rest();
}
