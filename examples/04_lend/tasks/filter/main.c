/* filter, a server: works on blocks of samples that its clients lend it. It has no buffer for them.
 *
 * For the demo it has a mistake that is easily made: it keeps a pointer into a block for `last`.
 * With the answer to `smooth` the block was given back, so that pointer leads nowhere that the
 * filter may go.
 */
#include <k5/k5.h>

#include "app.h" /* generated: FILTER_SERVE, filter_serve() */
#include "block.h"

static const int16_t *last;

/* Each sample moves a quarter of the way from its smoothed neighbour to itself. */
static void smooth(int16_t *sample, uint32_t count)
{
    int32_t level = sample[0];

    for (uint32_t i = 0; i < count; i++) {
        level += (sample[i] - level) / 4;
        sample[i] = (int16_t)level;
    }
}

/* The block is not empty and may be written, or this is not called. */
void filter_serve_smooth(const struct k5_loan *block)
{
    int16_t *sample = block->base;
    uint32_t count = block->size / sizeof *sample;

    K5_INFO("smoothing {} bytes at {#x}, where they lie", block->size, (uintptr_t)sample);
    smooth(sample, count);
    last = &sample[count - 1];
}

void filter_serve_sum(const struct k5_loan *block, uint32_t *sum)
{
    *sum = block_sum(block->base, block->size / sizeof(int16_t));
}

enum filter_error filter_serve_last(int16_t *sample)
{
    if (last == NULL) {
        return FILTER_ERR_NO_BLOCK;
    }
    *sample = *last; /* the mistake */
    return FILTER_OK;
}

int main(void)
{
    K5_INFO("ready");
    filter_serve(FILTER_SERVE);
}
