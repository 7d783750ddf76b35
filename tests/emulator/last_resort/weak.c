/* Faults in each of its lives. */
#include <k5/k5.h>

#include "app.h" /* K5_TICK_HZ */

int main(void)
{
    k5_sleep(K5_MS(5));
    __asm__ volatile("udf #0");
    return 0;
}
