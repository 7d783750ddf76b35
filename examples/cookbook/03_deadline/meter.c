/* meter: its first answer takes 50 ms, longer than its client waits. An answer that nobody waits
 * for any more is dropped. */
#include <k5/k5.h>

#include "app.h" /* generated: METER_SERVE, meter_serve(), K5_TICK_HZ */

void meter_serve_measure(uint32_t *degrees)
{
    static bool warm;
    if (!warm) {
        k5_sleep(K5_MS(50));
        warm = true;
    }
    *degrees = 21;
}

int main(void)
{
    meter_serve(METER_SERVE);
}
