/* A computation that has the same result, to the bit, with the unit and in software.
 */
#ifndef COMPUTE_H
#define COMPUTE_H

#include <stdint.h>
#include <string.h>

/* Keeps the compiler from joining a product and a sum into one rounding, and from knowing more. */
static inline float as_it_is(float value)
{
    __asm__ volatile("" : "+r"(value));
    return value;
}

/* Sixteen logistic maps side by side: chaotic, so that any wrong bit ends in another sum. */
static uint32_t compute(void)
{
    float x[16];
    float sum = 0.0f;
    uint32_t word;
    for (uint32_t i = 0; i < 16; i++) {
        x[i] = 0.1f + as_it_is(0.05f * (float)i);
    }
    for (uint32_t step = 0; step < 20; step++) {
        for (uint32_t i = 0; i < 16; i++) {
            x[i] = as_it_is(3.9f * x[i]) * (1.0f - x[i]);
        }
    }
    for (uint32_t i = 0; i < 16; i++) {
        sum += x[i];
    }
    memcpy(&word, &sum, sizeof word);
    return word;
}

#endif
