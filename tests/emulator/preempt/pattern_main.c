/* Holds a pattern in all registers, and asks the kernel for the time now and then, so that it is
 * also preempted within the veneer. */
#include <k5/k5.h>

#include "app.h" /* TALLY_BASE */
#include "tally.h"

uint32_t pattern_hold(uint32_t base, uint32_t loops);

int main(void)
{
    k5_ticks last = 0;
    for (;;) {
        uint32_t good = pattern_hold(PATTERN, 50);
        TALLY->loops[ME] += 50;
        TALLY->wrong[ME] += 50 - good;
        for (uint32_t i = 0; i < 20; i++) {
            k5_ticks now = k5_time();
            if (now < last) {
                TALLY->wrong[ME]++;
            }
            last = now;
        }
    }
}
