/* Faults in its first life. */
#include <k5/k5.h>

#include "app.h" /* LIVES_BASE, K5_TICK_HZ */
#include "lives.h"

int main(void)
{
    LIVES->leaf++;
    K5_INFO("leaf: life {}", LIVES->leaf);
    if (LIVES->leaf == 1) {
        __asm__ volatile("udf #0");
    }
    for (;;) {
        k5_sleep(K5_S(1));
    }
}
