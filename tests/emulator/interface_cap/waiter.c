/* waiter: its answer, and the session with it, come later. */
#include "../common/check.h"

#include "app.h" /* VAULT, INBOX_SLOT */

K5_MSG_SLOT(INBOX_SLOT);

int main(void)
{
    bool came = false;
    uint32_t number = 0;
    struct k5_cap_info info = {0};
    CHECK_ERROR(vault_open_later(VAULT, &came, &number, K5_FOREVER), K5_OK);
    CHECK(came && number == 6);
    CHECK(k5_cap_info(INBOX_SLOT, &info) == K5_OK && info.badge == 500);
    CHECK_END("waiter");
}
