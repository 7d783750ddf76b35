/* sensor: never waits for the filter longer than for the next sample. */
#include <k5/k5.h>

#include "app.h" /* generated: SAMPLES_BASE, SAMPLES_SIZE, FILTER_SIGNAL, K5_TICK_HZ */
#include "samples.h"

static struct k5_queue queue = SAMPLES(FILTER_SIGNAL);

int main(void)
{
    k5_ticks next = k5_time();
    K5_ASSERT(k5_queue_producer(&queue) == K5_OK);
    for (uint32_t number = 0;; number++) {
        next += K5_MS(10);
        k5_sleep_until(next);
        struct sample sample = {.number = number, .value = (int16_t)number};
        k5_error error = k5_queue_put(&queue, &sample, next + K5_MS(10));
        if (error == K5_ERR_RESET) {
            K5_WARN("the filter began anew after sample {}", number);
        } else if (error != K5_OK) {
            K5_WARN("sample {} is lost: {}", number, k5_error_name(error));
        }
    }
}
