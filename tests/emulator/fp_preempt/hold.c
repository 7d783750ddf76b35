/* Holds a pattern in all floating-point registers, with and without system calls meanwhile, and
 * computes. */
#include <k5/k5.h>

#include "../common/fp_hold.h"
#include "app.h" /* TALLY_BASE */
#include "compute.h"
#include "tally.h"

static k5_ticks last;

/* In the veneer with all registers filled. */
FP_UNTOUCHED static void ask(void)
{
    k5_ticks now = k5_time();
    if (now < last) {
        TALLY->wrong[ME]++;
    }
    last = now;
}

static void hold(void (*between)(void))
{
    const struct fp_hold h = {PATTERN, STATUS, 20, between};
    uint32_t good = fp_hold(&h);
    TALLY->loops[ME] += h.loops;
    TALLY->wrong[ME] += h.loops - good;
}

int main(void)
{
    TALLY->result[ME] = compute();
    for (;;) {
        hold(NULL);
        hold(ask);
        uint32_t result = compute();
        TALLY->differs += result != TALLY->result[ME] ? 1 : 0;
    }
}
