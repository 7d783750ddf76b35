/* Writes where the kernel's memory is. */
#include <k5/k5.h>

#include "app.h" /* K5_TICK_HZ */

static uint32_t life;

int main(void)
{
    life++;
    K5_INFO("vital: life {}", life);
    k5_sleep(K5_MS(20));
    *(volatile uint32_t *)0x38000000 = 1;
    K5_ERROR("vital goes on");
    return 0;
}
