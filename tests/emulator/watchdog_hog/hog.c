/* Behaves for 200 ms, then takes the processor and never gives it back. */
#include <k5/k5.h>

#include "app.h" /* K5_TICK_HZ */

int main(void)
{
    k5_sleep(K5_MS(200));
    K5_INFO("loops for ever");
    for (volatile uint32_t n = 0;; n++) {
    }
}
