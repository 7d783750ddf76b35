/* memcpy and memset: the compiler calls them for structs; the kernel has no C library.
 *
 * Plain loops, by words where both sides are aligned: the stack bound knows them, and nothing long
 * is ever copied.
 */
#include <stddef.h>
#include <stdint.h>

/* The calls appear after this file was looked at, so it says itself that they will come. */
#define USED __attribute__((used))

USED void *memcpy(void *restrict to, const void *restrict from, size_t size);
USED void *memset(void *to, int value, size_t size);

/* Keeps the compiler from making a loop a call of the very function it stands in. */
#define KEEP_LOOP() __asm__ volatile("")

void *memcpy(void *restrict to, const void *restrict from, size_t size)
{
    uint8_t *target = to;
    const uint8_t *source = from;
    size_t i = 0;

    if ((((uintptr_t)to | (uintptr_t)from) & 3u) == 0) {
        for (; i + 4u <= size; i += 4u) {
            *(uint32_t *)(void *)&target[i] = *(const uint32_t *)(const void *)&source[i];
            KEEP_LOOP();
        }
    }
    for (; i < size; i++) {
        target[i] = source[i];
        KEEP_LOOP();
    }
    return to;
}

void *memset(void *to, int value, size_t size)
{
    uint8_t *target = to;
    uint32_t word = (uint8_t)value * 0x01010101u;
    size_t i = 0;

    if (((uintptr_t)to & 3u) == 0) {
        for (; i + 4u <= size; i += 4u) {
            *(uint32_t *)(void *)&target[i] = word;
            KEEP_LOOP();
        }
    }
    for (; i < size; i++) {
        target[i] = (uint8_t)value;
        KEEP_LOOP();
    }
    return to;
}
