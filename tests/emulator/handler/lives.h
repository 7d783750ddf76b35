/* The shared memory: how often each task started. */
#ifndef LIVES_H
#define LIVES_H

#include <stdint.h>

struct lives {
    volatile uint32_t leaf;
    volatile uint32_t middle;
};

#define LIVES ((struct lives *)LIVES_BASE)

#endif
