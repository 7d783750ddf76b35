/* Makes the hardware reset the machine, a sixth of a millisecond later in each life: the logger
 * sends every 5 ms, so that 36 lives go through all of its moments. */
#include <k5/k5.h>

#include "app.h" /* WATCHDOG0_BASE, LIVES_BASE */

#define TEST_CONTROL (*(volatile uint32_t *)(WATCHDOG0_BASE + 0xF00))
#define TEST_OUTPUT  (*(volatile uint32_t *)(WATCHDOG0_BASE + 0xF04)) /* bit 0: the reset line */

int main(void)
{
    volatile uint32_t *lives = (volatile uint32_t *)LIVES_BASE;

    k5_sleep(K5_MS(20) + *lives * K5_US(167));
    *lives += 1;
    if (*lives <= 36) {
        TEST_CONTROL = 1;
        TEST_OUTPUT = 1;
        K5_ERROR("puller goes on");
    }
    K5_INFO("puller lives");
    return 0;
}
