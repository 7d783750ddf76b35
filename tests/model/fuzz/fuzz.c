/* The fuzzer's target: its bytes are the source of a system and of a walk through it (chance.c).
 *
 *   bytes -> life_new(): kernel and model side by side -> a difference: abort(), and libFuzzer
 * keeps the bytes; tests/model/fuzz.sh then plays them with the ordinary program, which makes them
 * short
 *
 * What cover.c counts is feedback for the fuzzer beside the edges of the code: bytes that reach a
 * rule, an error, the end of a loan are kept for it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/kernel.h"
#include "tests/model/driver.h"

static struct shared storage;
struct shared *shared = &storage;

static unsigned long steps;
static bool begun;

/* libFuzzer looks at this section after each input. */
static uint8_t reached[COVER_MAX] __attribute__((used, section("__libfuzzer_extra_counters")));

static void steps_print(void)
{
    fprintf(stderr, "steps: %lu\n", steps);
}

/* NOLINTBEGIN(readability-identifier-naming): libFuzzer's name */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    if (!begun) {
        begun = true;
        atexit(steps_print);
    }
    source = (struct source){.bytes = bytes, .size = size, .file = "bytes"};
    memset(&k, 0, sizeof k); /* as a process of its own would have it */
    memset(shared->cover, 0, sizeof shared->cover);
    shared->count = 0;
    shared->difference[0] = '\0';
    if (size > 0) {
        life_new();
    }
    steps += shared->count;
    for (unsigned i = 0; i < COVER_MAX; i++) {
        unsigned long n = shared->cover[i];

        reached[i] = (uint8_t)(n > 255 ? 255 : n);
    }
    if (shared->difference[0] != '\0') {
        fprintf(stderr, "difference: %s\n", shared->difference);
        abort();
    }
    return 0;
}
/* NOLINTEND(readability-identifier-naming) */
