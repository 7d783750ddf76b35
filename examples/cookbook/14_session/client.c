/* client: alice and guest are this program twice; app.toml lets capabilities travel to alice. */
#include <k5/k5.h>

#include "app.h" /* generated: DESK, INBOX_SLOT, SESSION_SLOT */
#include "desk.h"

K5_MSG_SLOT(INBOX_SLOT); /* where the capability of a message goes */

static bool session_open(void)
{
    struct k5_msg m = {.label = DESK_OPEN};
    K5_ASSERT(k5_call(DESK, &m, K5_FOREVER) == K5_OK);
    if ((m.flags & K5_FLAG_CAP) == 0) {
        K5_WARN("no session");
        return false;
    }
    return k5_cap_move(INBOX_SLOT, SESSION_SLOT) == K5_OK; /* the inbox is free for the next one */
}

int main(void)
{
    while (session_open()) {
        struct k5_msg m = {.label = DESK_USE};
        while (k5_call(K5_ENDPOINT(SESSION_SLOT), &m, K5_FOREVER) == K5_OK) {
            K5_INFO("use {}", m.w[0]);
            m.label = DESK_USE;
            k5_sleep(K5_MS(100));
        }
        K5_INFO("the session is over"); /* K5_ERR_SLOT: nothing is in that slot any more */
    }
    return 0;
}
