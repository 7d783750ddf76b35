/* A caller. Number 1 asks for what kills the server, then for something harmless; the others call
 * while the server is dying. */
#include "../common/check.h"
#include "app.h" /* MORTAL */

static void ask(uint32_t w)
{
    struct k5_msg m = {.w = {w}};
    k5_error error = k5_call(MORTAL, &m, K5_FOREVER);
    K5_INFO("caller {}: {}", ME, k5_error_name(error));
    CHECK(error != K5_OK || m.w[0] == w + 1);
    CHECK(error == K5_OK || m.w[0] == w);
}

int main(void)
{
    if (ME == 1) {
        ask(666);
        k5_sleep(K5_MS(50));
    } else {
        k5_sleep(K5_MS(1));
    }
    ask(ME);
    for (;;) {
        k5_sleep(K5_S(1));
    }
}
