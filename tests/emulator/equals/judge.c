/* Compares: the spinning tasks get time in the ratio of their slices, 1 : 1 : 2. */
#include "../common/check.h"
#include "app.h" /* TALLY_BASE */
#include "tally.h"

static bool near(uint32_t a, uint32_t b) /* within 6 % */
{
    uint32_t more = a > b ? a - b : b - a;
    return more < a / 16;
}

int main(void)
{
    k5_sleep_until(K5_MS(60));
    uint32_t start[3];
    for (uint32_t i = 0; i < 3; i++) {
        start[i] = TALLY->count[i];
    }
    k5_sleep_until(K5_MS(180));
    uint32_t ran[3];
    for (uint32_t i = 0; i < 3; i++) {
        ran[i] = TALLY->count[i] - start[i];
        CHECK(ran[i] > 1000);
    }
    K5_INFO("counts {}, {}, {}", ran[0], ran[1], ran[2]);
    CHECK(near(ran[0], ran[1]));
    CHECK(near(2 * ran[0], ran[2]));
    uint32_t in_turn = 0;
    for (uint32_t i = 1; i < TURNS; i++) {
        in_turn += TALLY->order[i] != TALLY->order[i - 1] ? 1 : 0;
    }
    CHECK(TALLY->turns == TURNS);
    CHECK(in_turn == TURNS - 1);
    CHECK_END("judge");
}
