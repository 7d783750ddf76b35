/* A task without fp among tasks with it: its registers stay, and it computes in software. */
#include <k5/k5.h>

#include "app.h" /* TALLY_BASE */
#include "compute.h"
#include "tally.h"

uint32_t pattern_hold(uint32_t base, uint32_t loops);

int main(void)
{
    TALLY->result[ME] = compute();
    for (;;) {
        uint32_t good = pattern_hold(0x12340000, 50);
        TALLY->loops[ME] += 50;
        TALLY->wrong[ME] += 50 - good;
        uint32_t result = compute();
        TALLY->differs += result != TALLY->result[ME] ? 1 : 0;
    }
}
