/* A supervisor that faults and has no supervisor itself: the system has lost its supervision, and
 * the kernel resets it with a report instead of going on as if nothing had happened. */
#include <k5/k5.h>

#include "app.h" /* K5_TICK_HZ */

int main(void)
{
    K5_INFO("supervising for 20 ms");
    k5_sleep(K5_MS(20));
    __asm__ volatile("udf #0");
    return 0;
}
