/* meter, a client: five times a second it has a block of samples smoothed and summed by the filter.
 *
 * The samples never leave this task's memory. For the sum they are lent to be read, for the
 * smoothing to be written. After the third block it asks for something that the filter has a
 * mistake in.
 */
#include <k5/k5.h>

#include "../filter/filter.h"
#include "app.h" /* generated: FILTER */

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

/* Has the filter do something with the block; the answer's word, 0 if it came to nothing. */
static uint32_t filter_ask(uint16_t label, uint32_t rights)
{
    struct k5_msg m = {.label = label};
    struct k5_loan loan = {.base = block, .size = sizeof block, .rights = rights};
    k5_error error = k5_call_lend(FILTER, &m, &loan, k5_after(K5_MS(50)));

    if (error != K5_OK || m.label != FILTER_OK) {
        K5_WARN("no block: {}", k5_error_name(error));
        return 0;
    }
    return m.w[0];
}

static void last_ask(void)
{
    struct k5_msg m = {.label = FILTER_LAST};
    k5_error error = k5_call(FILTER, &m, k5_after(K5_MS(50)));

    if (error != K5_OK) {
        K5_WARN("no answer: {}", k5_error_name(error));
    } else if (m.label == FILTER_OK) {
        K5_ERROR("the last sample is {}: there is no protection", m.w[0]);
    }
}

static void block_check(uint32_t n)
{
    if (filter_ask(FILTER_SUM, K5_MEM_READ) == block_sum(block, SAMPLES)) {
        K5_INFO("block {}: sums agree", n);
    } else {
        K5_ERROR("block {}: sums differ", n);
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

        filter_ask(FILTER_SMOOTH, K5_MEM_READ | K5_MEM_WRITE);
        K5_INFO("block {}: noise {}, was {}", n, block_noise(), before);
        block_check(n);
        if (n == 3) {
            last_ask();
        }
    }
}
