/* Holds patterns in all registers and on the stack, for ever, and counts what went wrong. */
#include <k5/k5.h>

#include "app.h" /* TALLY_BASE */
#include "hold.h"
#include "tally.h"

#define ROUNDS 8 /* with one pattern */

_Static_assert(offsetof(struct hold, got) == HOLD_GOT, "hold.S");
_Static_assert(offsetof(struct hold, ticks) == HOLD_TICKS, "hold.S");
_Static_assert(offsetof(struct hold, hits) == HOLD_HITS, "hold.S");

static struct hold hold = {.ticks = &TALLY->ticks};

static void pattern_new(uint32_t *state)
{
    for (uint32_t i = 0; i < HOLD_REGS; i++) {
        hold.want[i] = random_next(state);
    }
    hold.want[14] &= APSR_FLAGS;
}

static void wrong_tell(uint32_t what)
{
    TALLY->task[ME].wrong++;
    if (TALLY->task[ME].wrong <= 3) {
        if (what <= HOLD_REGS) {
            K5_ERROR("WRONG register {} of 0-12, lr, APSR: {#x}, not {#x}", what - 1,
                     hold.got[what - 1], hold.want[what - 1]);
        } else {
            K5_ERROR("WRONG: {} (16: CONTROL, from 17: on the stack)", what);
        }
    }
}

int main(void)
{
    uint32_t state = SEED;
    for (;;) {
        pattern_new(&state);
        uint32_t what = soak_hold(&hold, ROUNDS);
        TALLY->task[ME].rounds += ROUNDS;
        TALLY->task[ME].hits = hold.hits;
        if (what != 0) {
            wrong_tell(what);
        }
    }
}
