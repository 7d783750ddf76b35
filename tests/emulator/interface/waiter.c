/* waiter: is answered later, when the client says so. */
#include "../common/check.h"

#include "app.h" /* DESK */

int main(void)
{
    uint64_t product = 0;
    struct desk_point at = {0};
    CHECK_ERROR(desk_wait_for(DESK, UINT32_MAX, &product, &at, K5_FOREVER), K5_OK);
    CHECK(product == UINT64_C(0x10000FFFEFFFF));
    CHECK(at.x == -1 && at.y == INT16_MIN);
    CHECK_ERROR(desk_wait_for(DESK, 1, &product, &at, K5_FOREVER), (k5_error)DESK_ERR_CLOSED);
    CHECK_END("waiter");
}
