/* Forgot the size of what comes back. */
#include "../common/check.h"
#include "app.h"

K5_MSG_BUFFER(8);

int main(void)
{
    static uint8_t came[64];
    uint32_t size = 99;
    uint32_t first = 99;
    enum press_tone tone = PRESS_TONE_LIGHT;
    CHECK_ERROR(press_fill(PRESS, 9, 7, false, came, &size, &first, &tone, K5_FOREVER),
                K5_ERR_BAD_BUFFER);
    CHECK(size == 99 && came[0] == 0 && first == 99);
    CHECK_ERROR(press_fill(PRESS, 8, 7, false, came, &size, &first, &tone, K5_FOREVER), K5_OK);
    CHECK(size == 8 && came[7] == 7 && came[8] == 0);
    CHECK_END("small");
}
