/* Odd numbers kill the server, even ones are answered by its next life. */
#include "../common/check.h"
#include "app.h" /* MORTAL */

int main(void)
{
    for (uint32_t n = 1; n <= 10; n++) {
        struct k5_msg m = {.w = {n}};
        k5_error error = k5_call(MORTAL, &m, K5_FOREVER);

        CHECK(error == (n % 2 == 1 ? K5_ERR_PEER_DIED : K5_OK));
        if (error == K5_OK) {
            CHECK(m.w[1] == 1); /* the first call of this life */
        }
    }
    CHECK_END("caller");
}
