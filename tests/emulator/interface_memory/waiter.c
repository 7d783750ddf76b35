/* Is answered later. */
#include <string.h>

#include "../common/check.h"
#include "app.h"

K5_MSG_BUFFER(PRESS_REPLY_BYTES);

int main(void)
{
    uint8_t answer[8];
    uint32_t size = 0;
    uint32_t asked = 0;
    CHECK_ERROR(press_later(PRESS, "five", 5, answer, &size, &asked, K5_FOREVER), K5_OK);
    CHECK(size == 8);
    CHECK(memcmp(answer, "eightby", 8) == 0);
    CHECK(asked == 5);
    CHECK_ERROR(press_later(PRESS, "five", 5, answer, &size, &asked, k5_after(K5_MS(5))),
                K5_TIMEOUT);
    CHECK_END("waiter");
}
