/* Where the systems and steps come from: a seed, or the bytes of a file that the fuzzer made. One
 * generator serves both: whoever asks for a number below another gets it from there. */
#include "driver.h"

struct source source;

static uint32_t chance;
static size_t next;

void chance_start(void)
{
    chance = source.seed * 2654435761u + 12345u;
    next = 0;
}

bool chance_over(void)
{
    return source.bytes != NULL && next >= source.size;
}

/* As few bytes as the number needs, the lowest first; when they are used up, zeros. */
static uint32_t from_bytes(uint32_t below)
{
    unsigned count = below <= 0x100u ? 1 : below <= 0x10000u ? 2 : 4;
    uint64_t number = 0;

    for (unsigned i = 0; i < count && next < source.size; i++) {
        number |= (uint64_t)source.bytes[next++] << (8u * i);
    }
    return (uint32_t)((number * below) >> (8u * count));
}

uint32_t any(uint32_t below)
{
    if (source.bytes != NULL) {
        return from_bytes(below);
    }
    chance ^= chance << 13;
    chance ^= chance >> 17;
    chance ^= chance << 5;
    chance += chance == 0 ? 1u : 0u;
    return below == 0 ? 0 : (uint32_t)(((uint64_t)chance * below) >> 32);
}

bool percent(uint32_t p)
{
    return any(100) < p;
}
