/* meter: its first answer takes 50 ms, longer than its client waits. k5_serve drops an answer that
 * nobody waits for any more. */
#include <k5/k5.h>

#include "app.h" /* generated: METER_SERVE, K5_TICK_HZ */

static void answer(struct k5_msg *m)
{
    static bool warm;
    if (!warm) {
        k5_sleep(K5_MS(50));
        warm = true;
    }
    m->w[0] = 21;
}

int main(void)
{
    k5_serve(METER_SERVE, answer);
}
