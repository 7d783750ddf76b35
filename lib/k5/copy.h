/* A copy of memory that others can change meanwhile. */
#ifndef K5_COPY_H
#define K5_COPY_H

#include <stdint.h>

typedef uint32_t __attribute__((may_alias)) k5_word_alias;

/* Each byte is accessed once, by words where both ends are words. */
static inline void k5_copy_once(volatile uint8_t *to, const volatile uint8_t *from, uint32_t size)
{
    uint32_t i = 0;

    if ((((uintptr_t)to | (uintptr_t)from) & 3u) == 0) {
        for (; i < (size & ~3u); i += 4) {
            *(volatile k5_word_alias *)&to[i] = *(const volatile k5_word_alias *)&from[i];
        }
    }
    for (; i < size; i++) {
        to[i] = from[i];
    }
}

#endif
