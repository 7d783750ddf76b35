/* Wakes every 500 us and measures how late. */
#include "../common/check.h"
#include "app.h" /* TALLY_BASE */
#include "tally.h"

#define BEATS 1000

int main(void)
{
    k5_ticks latest = 0;
    k5_ticks beat = k5_time();
    for (uint32_t i = 0; i < BEATS; i++) {
        beat += K5_US(500);
        k5_sleep_until(beat);
        k5_ticks late = k5_time() - beat;
        latest = late > latest ? late : latest;
    }
    K5_INFO("high: {} beats, the latest {} ticks late", BEATS, (uint32_t)latest);
    CHECK(latest < K5_US(300)); /* debug builds walk the whole invariant in each kernel entry */
    CHECK(TALLY->loops[0] > 5000);
    CHECK(TALLY->loops[1] > 5000);
    CHECK(TALLY->wrong[0] == 0);
    CHECK(TALLY->wrong[1] == 0);
    CHECK_END("high");
}
