/* A task that only lies in memory before the attacker. */
#include <k5/k5.h>

#include "app.h" /* K5_TICK_HZ */

int main(void)
{
    for (;;) {
        k5_sleep(K5_S(1));
    }
}
