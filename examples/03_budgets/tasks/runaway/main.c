/* runaway, the task with the mistake: it reads the sensor ten times a second and now and then takes
 * the mean of what it has, two readings at a time. With an even number of readings that ends.
 */
#include <k5/k5.h>

#include "app.h" /* generated: SENSOR, sensor_read(), K5_TICK_HZ */

#define READINGS 16 /* a power of two */

static volatile uint32_t readings[READINGS];

/* The mistake: `i != count` where `i < count` was meant. For an odd count the loop has no end. */
static uint32_t mean(uint32_t count)
{
    uint32_t sum = 0;
    for (uint32_t i = 0; i != count; i += 2) {
        sum += readings[i % READINGS] + readings[(i + 1) % READINGS];
    }
    return sum / count;
}

int main(void)
{
    k5_ticks beat = k5_time();
    for (uint32_t n = 0;; n++) {
        beat += K5_MS(100);
        k5_sleep_until(beat);
        uint32_t reading = 0;
        k5_error error = sensor_read(SENSOR, &reading, K5_FOREVER);
        K5_ASSERT(error == K5_OK);
        readings[n % READINGS] = reading;
        if (n + 1 >= 4) {
            K5_INFO("the mean of {} readings ...", n + 1);
            K5_INFO("the mean of {} readings is {}", n + 1, mean(n + 1));
        }
    }
}
