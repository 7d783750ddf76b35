/* Wakes at ever other moments, overwrites all registers, and finds its own as it left them. */
#include "../common/check.h"
#include "../common/fp_hold.h"
#include "app.h" /* TALLY_BASE */
#include "compute.h"
#include "tally.h"

#define BEATS 6000

static uint32_t random_state = 0x2545F491;

static uint32_t random_next(void)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 17;
    random_state ^= random_state << 5;
    return random_state;
}

/* Sleeps for 20 to 147 us with all registers filled. */
FP_UNTOUCHED static void doze(void)
{
    k5_sleep(K5_US(20) + random_next() % K5_US(128));
}

int main(void)
{
    TALLY->result[ME] = compute();
    for (uint32_t i = 0; i < BEATS; i++) {
        const struct fp_hold h = {0x7F800000u + i * 64, 0x03C00000u + (i & 0x1F), 1, doze};
        TALLY->loops[ME]++;
        TALLY->wrong[ME] += 1 - fp_hold(&h);
    }
    K5_INFO("high: {} beats; loops {}, {}, {}", BEATS, TALLY->loops[0], TALLY->loops[1],
            TALLY->loops[2]);
    for (uint32_t i = 0; i < 3; i++) {
        CHECK(TALLY->loops[i] > 200);
        CHECK(TALLY->wrong[i] == 0);
        CHECK(TALLY->result[i] == TALLY->result[ME]);
    }
    CHECK(TALLY->wrong[ME] == 0);
    CHECK(TALLY->differs == 0);
    CHECK(compute() == TALLY->result[ME]);
    CHECK_END("high");
}
