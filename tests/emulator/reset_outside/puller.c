/* Makes the hardware reset the machine. */
#include <k5/k5.h>

#include "app.h" /* WATCHDOG0_BASE */

#define TEST_CONTROL (*(volatile uint32_t *)(WATCHDOG0_BASE + 0xF00))
#define TEST_OUTPUT  (*(volatile uint32_t *)(WATCHDOG0_BASE + 0xF04)) /* bit 0: the reset line */

int main(void)
{
    K5_INFO("pulling");
    k5_sleep(K5_MS(20));
    TEST_CONTROL = 1;
    TEST_OUTPUT = 1;
    K5_ERROR("puller goes on");
    return 0;
}
