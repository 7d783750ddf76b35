/* filter, a server: works on blocks of samples that its clients lend it. It has no buffer for them.
 *
 * For the demo it has a mistake that is easily made: it keeps a pointer into a block for
 * FILTER_LAST. With the answer to FILTER_SMOOTH the block was given back, so that pointer leads
 * nowhere that the filter may go.
 */
#include <k5/k5.h>

#include "app.h" /* generated: FILTER_SERVE */
#include "filter.h"

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

static void block_serve(struct k5_msg *m)
{
    struct k5_loan loan = k5_loan(m);
    int16_t *sample = loan.base;
    uint32_t count = loan.size / sizeof *sample;
    bool smooths = m->label == FILTER_SMOOTH;

    m->label = FILTER_BAD;
    if (count == 0 || (smooths && (loan.rights & K5_MEM_WRITE) == 0)) {
        return; /* nothing was lent, or to be read only */
    }
    if (smooths) {
        K5_INFO("smoothing {} bytes at {#x}, where they lie", loan.size, (uintptr_t)sample);
        smooth(sample, count);
        last = &sample[count - 1];
    } else {
        m->w[0] = block_sum(sample, count);
    }
    m->label = FILTER_OK;
}

static void serve(struct k5_msg *m)
{
    if (m->label != FILTER_LAST) {
        block_serve(m);
    } else if (last != NULL) {
        m->w[0] = (uint32_t)*last; /* the mistake */
        m->label = FILTER_OK;
    } else {
        m->label = FILTER_BAD;
    }
}

int main(void)
{
    K5_INFO("ready");
    k5_serve(FILTER_SERVE, serve);
}
