/* Looks at the tally after a while. */
#include "../common/check.h"
#include "app.h" /* TALLY_BASE */
#include "tally.h"

int main(void)
{
    k5_sleep(K5_S(1));
    for (uint32_t i = 0; i < 3; i++) {
        CHECK(TALLY->calls[i] > 500);
        CHECK(TALLY->wrong[i] == 0);
        CHECK(TALLY->lost[i] == 0);
    }
    CHECK(TALLY->held > 1000);
    K5_INFO("judge: calls {}, {}, {}; root held {}", TALLY->calls[0], TALLY->calls[1],
            TALLY->calls[2], TALLY->held);
    CHECK_END("judge");
}
