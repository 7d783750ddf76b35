/* sensor, a passive server: each reading is worked out on the time of the task that asked for it.
 *
 * So it needs no budget that is enough for all its clients together, and no client can use it to
 * get more time than it has.
 */
#include <k5/k5.h>

#include "app.h" /* generated: SENSOR_SERVE, sensor_serve() */

#define SAMPLES 64

/* The mean of some made-up samples, so that a reading takes a while: some 30 us. */
static uint32_t reading_next(void)
{
    static uint32_t state = 1;
    uint32_t sum = 0;
    for (uint32_t i = 0; i < SAMPLES; i++) {
        state = state * 1664525u + 1013904223u;
        sum += (state >> 16) % 1000u;
    }
    return sum / SAMPLES;
}

void sensor_serve_read(uint32_t *reading)
{
    *reading = reading_next();
}

int main(void)
{
    sensor_serve(SENSOR_SERVE);
}
