/* desk: keeps the capability of each open session; to revoke it ends what was derived from it. */
#include <k5/k5.h>

#include "app.h" /* generated: DESK_SERVE, FIRST_SLOT, SECOND_SLOT */
#include "desk.h"

#define SESSIONS 2u
#define BADGE    100u /* of the first session; those that app.toml gives are below */
#define USES     3u

static const k5_slot place[SESSIONS] = {FIRST_SLOT, SECOND_SLOT};
static uint32_t uses[SESSIONS];

static void session_end(uint32_t i)
{
    K5_ASSERT(k5_cap_revoke(place[i]) == K5_OK && k5_cap_delete(place[i]) == K5_OK);
    uses[i] = 0;
}

static void open(struct k5_msg *m)
{
    uint32_t i = 0;
    while (i < SESSIONS &&
           k5_cap_mint(K5_SLOT(DESK_SERVE), place[i], K5_RIGHT_CALL, BADGE + i) != K5_OK) {
        i++; /* that one is open */
    }
    m->label = i < SESSIONS ? DESK_OK : DESK_FULL;
    if (i == SESSIONS) {
        return;
    }
    m->out_cap = K5_CAP_OUT(place[i]);
    k5_error error = k5_reply(m); /* now: an answer that cannot go would end k5_serve */
    if (error != K5_OK || m->flags != 0) {
        session_end(i); /* it may not come to this client, or did not */
    }
    m->token = error == K5_OK ? 0 : m->token; /* 0: answered */
    m->out_cap = 0;
    m->label = DESK_REFUSED;
}

static void answer(struct k5_msg *m)
{
    uint32_t i = m->badge - BADGE; /* which session: nobody can forge it */
    if (m->label == DESK_OPEN) {
        open(m);
    } else if (m->label == DESK_USE && i < SESSIONS) {
        m->label = DESK_OK;
        m->w[0] = ++uses[i];
        if (m->w[0] == USES) {
            session_end(i); /* this call is answered; the next is refused by the kernel */
        }
    } else {
        m->label = DESK_REFUSED;
    }
}

int main(void)
{
    k5_serve(DESK_SERVE, answer);
}
