/* control, the task that must be in time: every 10 ms it reads the sensor and works out what to do,
 * and has to be done before the next 10 ms begin. It counts how often it was not.
 *
 * A period that is missed is logged at once; how many were missed, every 50.
 */
#include <k5/k5.h>

#include "app.h" /* generated: SENSOR, sensor_read(), K5_TICK_HZ */

#define PERIOD       K5_MS(10)
#define REPORT_EVERY 50

static volatile int32_t output; /* what a real one would write to a valve */

/* A made-up control law that takes about 2 ms of the processor. */
static void output_update(int32_t reading)
{
    int32_t sum = 0;
    for (int32_t i = 0; i < 10000; i++) {
        sum += (reading - sum) / 8;
        __asm__ volatile("" : "+r"(sum)); /* the compiler must not work it out beforehand */
    }
    output = sum;
}

static void step(void)
{
    uint32_t reading = 0;
    k5_error error = sensor_read(SENSOR, &reading, k5_after(PERIOD));
    if (error != K5_OK) {
        K5_WARN("no reading: {}", k5_error_name(error));
        return;
    }
    output_update((int32_t)reading);
}

int main(void)
{
    uint32_t missed = 0;
    k5_ticks release = k5_time();
    for (uint32_t n = 1;; n++) {
        release += PERIOD;
        k5_sleep_until(release);
        step();
        if (k5_time() > release + PERIOD) {
            missed++;
            K5_ERROR("missed a deadline, period {}", n);
        }
        if (n % REPORT_EVERY == 0) {
            K5_INFO("{} missed of {}", missed, n);
        }
    }
}
