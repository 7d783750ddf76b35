/* Writes down its turn and yields. */
#include <k5/k5.h>

#include "app.h" /* TALLY_BASE */
#include "tally.h"

int main(void)
{
    k5_sleep_until(K5_MS(20)); /* both start their turns together */
    while (TALLY->turns < TURNS) {
        TALLY->order[TALLY->turns] = ME;
        TALLY->turns++;
        k5_yield();
    }
    for (;;) {
        k5_sleep(K5_S(1));
    }
}
