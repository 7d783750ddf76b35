/* A victim: some work every PERIOD_US, to be done before the next period begins. See share.h. */
#include <k5/k5.h>

#include "app.h" /* SCORE_BASE; from app.toml: ME, PERIOD_US, WORK */
#include "share.h"

int main(void)
{
    struct share_victim *me = &SCORE->victim[ME];
    k5_ticks release = k5_time();
    for (;;) {
        uint32_t bits = 0;
        release += K5_US(PERIOD_US);
        (void)!k5_wait(0, release, &bits); /* sleeps; one kernel entry less than k5_sleep_until */
        for (uint32_t i = 0; i < WORK; i++) {
            __asm__ volatile("");
        }
        uint32_t took = (uint32_t)(k5_time() - release);
        me->periods++;
        if (took > K5_US(PERIOD_US)) {
            me->missed++;
        }
        if (took > me->worst) {
            me->worst = took;
        }
    }
}
