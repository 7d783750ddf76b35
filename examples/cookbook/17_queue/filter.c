/* filter: what it gets is a copy, which the sensor cannot change any more. */
#include <k5/k5.h>

#include "app.h" /* generated: SAMPLES_BASE, SAMPLES_SIZE, SENSOR_SIGNAL */
#include "samples.h"

static struct k5_queue queue = SAMPLES(SENSOR_SIGNAL);

int main(void)
{
    int32_t sum = 0;
    uint32_t count = 0;
    K5_ASSERT(k5_queue_consumer(&queue) == K5_OK);
    for (;;) {
        struct sample sample;
        k5_error error = k5_queue_get(&queue, &sample, K5_FOREVER);
        if (error != K5_OK) { /* K5_ERR_RESET: the sensor began anew; K5_ERR_BROKEN: it is mad */
            K5_WARN("{}", k5_error_name(error));
            k5_queue_reset(&queue);
            continue;
        }
        K5_ASSERT(sample.number != 25); /* for the demo: a restart */
        sum += sample.value;
        if (++count == 10) {
            K5_INFO("{} samples, mean {}", count, sum / 10);
            sum = 0;
            count = 0;
        }
    }
}
