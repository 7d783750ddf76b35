/* Calls of libk5 whose registers are watched (kept.S). */
#ifndef KEPT_H
#define KEPT_H

#include <string.h>

#include "../common/check.h"

uint32_t kept(uintptr_t function, uint32_t a[6]); /* r0-r3, two words on the stack */

/* A handle in a register; the upper bits are anything, as the calling convention allows. */
#define HANDLE(handle) ((handle).slot | 0xFFFFFF00u)
/* A deadline in two words that does not come. */
#define FAR            0x12345678u, 0x7FFFFFFFu
#define ADDRESS(thing) ((uint32_t)(uintptr_t)(thing))

/* The error that the function returned; counts as one check, that it kept all registers. */
#define KEPT(function, ...) kept_error(ADDRESS(function), (uint32_t[6]){__VA_ARGS__})

static inline k5_error kept_error(uint32_t function, uint32_t a[6])
{
    CHECK(kept(function, a) == 0);
    return a[0];
}

/* All of a message, field by field, is as wanted. */
static inline bool same(const struct k5_msg *m, const struct k5_msg *wanted)
{
    return memcmp(m, wanted, sizeof *m) == 0;
}

/* What is in *m must come from the call. */
static inline void garble(struct k5_msg *m)
{
    memset(m, 0xA5, sizeof *m);
}

#endif
