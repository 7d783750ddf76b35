/* meter, a client: five times a second it has a block of samples smoothed and summed by the filter.
 *
 * The samples never leave this task's memory. For the sum they are lent to be read, for the
 * smoothing to be written. After the third block it asks for something that the filter has a
 * mistake in.
 */
#include <k5/k5.h>

#include "../filter/block.h"
#include "app.h" /* generated: FILTER, filter_sum(), filter_smooth(), filter_last() */

#define SAMPLES 1024

static K5_LENDABLE int16_t block[SAMPLES]; /* 2 KB, which fill whole grains */

/* A made-up curve with noise on it. */
static void block_measure(void)
{
    static uint32_t state = 1;

    for (int32_t i = 0; i < SAMPLES; i++) {
        state = state * 1664525u + 1013904223u;
        block[i] = (int16_t)(i * (SAMPLES - i) / 64 + (int32_t)(state >> 16) % 400 - 200);
    }
}

/* How far a sample is from the next, in the mean. */
static uint32_t block_noise(void)
{
    uint32_t sum = 0;

    for (uint32_t i = 1; i < SAMPLES; i++) {
        int32_t step = block[i] - block[i - 1];

        sum += (uint32_t)(step < 0 ? -step : step);
    }
    return sum / (SAMPLES - 1);
}

static void block_smooth(void)
{
    k5_error error = filter_smooth(FILTER, block, sizeof block, k5_after(K5_MS(50)));

    if (error != K5_OK) {
        K5_WARN("no block: {}", k5_error_name(error));
    }
}

static void last_ask(void)
{
    int16_t sample = 0;
    k5_error error = filter_last(FILTER, &sample, k5_after(K5_MS(50)));

    if (error == K5_OK) {
        K5_ERROR("the last sample is {}: there is no protection", sample);
    } else {
        K5_WARN("no answer: {}", k5_error_name(error));
    }
}

static void block_check(uint32_t n)
{
    uint32_t sum = 0;
    k5_error error = filter_sum(FILTER, block, sizeof block, &sum, k5_after(K5_MS(50)));

    if (error == K5_OK && sum == block_sum(block, SAMPLES)) {
        K5_INFO("block {}: sums agree", n);
    } else {
        K5_ERROR("block {}: sums differ, {}", n, k5_error_name(error));
    }
}

int main(void)
{
    k5_ticks beat = k5_time();

    K5_INFO("ready, {} bytes of samples at {#x}", sizeof block, (uintptr_t)block);
    for (uint32_t n = 1;; n++) {
        beat += K5_MS(200);
        k5_sleep_until(beat);
        block_measure();
        uint32_t before = block_noise();

        block_smooth();
        K5_INFO("block {}: noise {}, was {}", n, block_noise(), before);
        block_check(n);
        if (n == 3) {
            last_ask();
        }
    }
}
