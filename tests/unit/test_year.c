/* A year of simulated time, without the walk of the invariant after each of its million entries. */
/* build: kernel/budget.c kernel/capability.c kernel/config.c kernel/deadline.c */
/* build: kernel/endpoint.c kernel/invariant.c kernel/kernel.c kernel/lend.c kernel/log.c */
/* build: kernel/notification.c kernel/panic.c kernel/refill.c kernel/reply.c kernel/sched.c */
/* build: kernel/irq.c kernel/task.c kernel/time.c -DK5_CHECKS=0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fixture.h"

/* A year at 20 MHz with a limit in use: the share is exact to the tick, and time does not drift. */
static void a_year_does_not_drift(void **state)
{
    const ktime second = 20000000;
    const ktime year = 365u * 24u * 3600u * second;
    const uint32_t period = 0x7FFFFFFFu; /* 107 s: the longest */

    (void)state;
    tables_fill();
    cfg.budget[GAMMA] = period / 4u;
    cfg.period[GAMMA] = period;
    boot_tables();
    AS(SUPER, WAIT, .aux = 0xFFFFFFFFu);
    AS(OTHER, RECV);
    AS(SERVER, RECV);
    const ktime start = 1000;
    ktime now = start;
    ktime runs = 1;
    bool runs_now = true;
    while (now - start < year) {
        uint32_t distance = host.alarm - host.counter;

        now += distance;
        tick_silently(distance);
        kernel_alarm();
        assert_true(k.now == now);
        if (k.current == GAMMA && !runs_now) {
            assert_true(now == start + runs * period); /* to the tick */
            runs++;
        }
        runs_now = k.current == GAMMA;
        if (k.current == BETA) {
            AS(BETA, WAIT, .aux = 1); /* ALPHA alone needs no end of its turn */
        }
    }
    assert_true(runs == (now - start) / period + 1u);
    assert_true(k.task.time_own[GAMMA] + k.task.time_own[ALPHA] == now - start);
    assert_true(k.task.time_own[GAMMA] <= runs * (period / 4u));
    assert_true(k.task.time_own[GAMMA] >= (runs - 1u) * (period / 4u));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_year_does_not_drift),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
