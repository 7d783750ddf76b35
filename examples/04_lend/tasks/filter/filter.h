/* What the filter does, and the form of a block. */
#ifndef FILTER_H
#define FILTER_H

#include <stdint.h>

enum {
    FILTER_SUM = 1, /* with a block, to read: answers its check sum in w[0] */
    FILTER_SMOOTH,  /* with a block, to write: smooths it in place */
    FILTER_LAST,    /* the last sample of the block that was smoothed last, in w[0] */
    FILTER_OK,      /* the answer to all three */
    FILTER_BAD,     /* the answer if the block was missing or could not be written */
};

/* A check sum that depends on each sample and on their order. */
static inline uint32_t block_sum(const int16_t *sample, uint32_t count)
{
    uint32_t sum = 1;

    for (uint32_t i = 0; i < count; i++) {
        sum = sum * 31u + (uint16_t)sample[i];
    }
    return sum;
}

#endif
