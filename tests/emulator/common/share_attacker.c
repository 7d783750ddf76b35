/* An attacker: see share.h. Does what the score says until it is restarted. */
#include <k5/k5.h>

#include "app.h" /* SCORE_BASE */
#include "share.h"

int main(void)
{
    uint32_t flood = SCORE->flood;
    if (flood != 0 && flood <= flood_count) {
        floods[flood - 1].run();
    }
    for (;;) {
        k5_sleep(K5_S(10));
    }
}
