/* Signalled by whoever was given the right. Calls the same server without `grants`: no capability
 * goes with its calls, and none comes with their answers. */
#include "../common/check.h"
#include "app.h" /* DESK, INBOX_SLOT, CLIENT_SIGNAL, BOARD_BASE */
#include "desk.h"

K5_MSG_SLOT(INBOX_SLOT);

int main(void)
{
    struct k5_msg m = {.label = DESK_OPEN, .w = {77}};
    CHECK_ERROR(k5_call(DESK, &m, K5_FOREVER), K5_OK);
    CHECK(m.w[0] == K5_ERR_RIGHTS && m.flags == 0);
    m = (struct k5_msg){.label = DESK_WHO, .out_cap = K5_CAP_OUT(CLIENT_SIGNAL)};
    CHECK_ERROR(k5_call(DESK, &m, K5_FOREVER), K5_ERR_RIGHTS);
    CHECK(m.label == DESK_WHO && m.out_cap != 0);
    CHECK_ERROR(k5_send(DESK, &m, K5_FOREVER), K5_ERR_RIGHTS);
    struct k5_cap_info info;
    CHECK_ERROR(k5_cap_info(INBOX_SLOT, &info), K5_OK);
    CHECK(info.type == K5_CAP_NONE);
    m = (struct k5_msg){.label = DESK_CLOSE};
    CHECK(k5_call(DESK, &m, K5_FOREVER) == K5_OK && m.w[0] == K5_OK);
    K5_INFO("third: {} checks, {} failed", checks_done, checks_failed);
    for (;;) {
        uint32_t bits;
        if (k5_wait(UINT32_MAX, K5_FOREVER, &bits) == K5_OK) {
            BOARD->bits |= bits;
        }
    }
}
