/* Takes whatever may come. What it must never be given would show here. */
#include <k5/k5.h>

#include "app.h" /* TAKER_SERVE, INBOX_SLOT */

K5_MSG_SLOT(INBOX_SLOT);

static void answer(struct k5_msg *m)
{
    struct k5_cap_info info = {0};
    k5_error error = k5_cap_info(INBOX_SLOT, &info);
    bool came = (m->flags & K5_FLAG_CAP) != 0;
    bool call = info.type == K5_CAP_ENDPOINT && info.rights == K5_RIGHT_CALL;
    bool signal = info.type == K5_CAP_NOTIFICATION && (info.badge & ~0x0Fu) == 0;
    if (error != K5_OK || came != (info.type != K5_CAP_NONE) || (came && !call && !signal) ||
        (came && (info.depth == 0 || info.fixed))) {
        K5_ERROR("WRONG: type {}, rights {}, badge {} came", info.type, info.rights, info.badge);
    }
    error = k5_cap_delete(INBOX_SLOT);
    if (came && error != K5_OK) {
        K5_INFO("WRONG: what came cannot be dropped");
    }
    m->w[0] = came;
}

int main(void)
{
    k5_serve(TAKER_SERVE, answer);
}
