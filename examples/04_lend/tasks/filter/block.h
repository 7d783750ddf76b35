/* The form of a block, beside filter.toml. */
#ifndef BLOCK_H
#define BLOCK_H

#include <stdint.h>

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
