/* The watchdog task's hand on an STM32L5's window watchdog, with its registers in memory: when it
 * warns, and that starting is not feeding. */
/* build: -Itasks/watchdog */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static uint32_t registers[3];
#define WATCHDOG0_BASE     ((uintptr_t)registers)
#define WATCHDOG0_CLOCK_HZ 110000000u
#define WATCHDOG_PERIOD_MS 100

#include "watchdog_wwdg.h"

/* Milliseconds from a feed to the warning, if the first step is over `early` clocks too soon. */
static double warning_ms(uint32_t counter, double early)
{
    double steps = counter - 0x40;

    return (steps * 4096 * 128 - early) / (WATCHDOG0_CLOCK_HZ / 1000.0);
}

static void test_start(void **state)
{
    (void)state;
    registers[0] = 0x7F; /* as after a reset */
    assert_false(watchdog_runs());
    watchdog_start();
    assert_true(watchdog_runs());
    assert_int_equal(registers[1], 0x3800 | 0x200 | 0x7F); /* by 128, warning, no window */
    assert_int_equal(registers[0] >> 7, 1);
}

static void test_two_rounds(void **state)
{
    (void)state;
    watchdog_feed();
    assert_in_range(registers[0], 0x80 | 0x41, 0x80 | 0x7F);
    assert_true(warning_ms(registers[0] & 0x7F, 4096 * 128 - 1) >= 200);
    assert_true(warning_ms(registers[0] & 0x7F, 0) <= 210);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_start),
        cmocka_unit_test(test_two_rounds),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
