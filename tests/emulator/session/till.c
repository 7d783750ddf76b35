/* The server: room for two. */
#include "../common/check.h"
#include "app.h"

struct till_session {
    uint32_t sum;
    uint32_t waits; /* the token of a sum_later */
};

TILL_SESSIONS(2);

static uint32_t waiting; /* the badge of who waits */

void till_serve_add(struct till_session *session, uint32_t amount, uint32_t *sum)
{
    struct till_session *waits = k5_session_find(&till_sessions, waiting);
    session->sum += amount;
    *sum = session->sum;
    if (waits != NULL) {
        CHECK_ERROR(till_reply_sum_later(waits->waits, waits->sum), K5_OK);
        waiting = 0;
    }
}

void till_serve_start(uint32_t badge, struct till_session *session, uint32_t *caller,
                      uint32_t *left)
{
    *caller = badge;
    *left = session->sum;
}

void till_serve_sum(struct till_session *session, uint32_t *now)
{
    *now = session->sum;
}

void till_serve_close(struct till_session *session, uint32_t *last)
{
    *last = session->sum;
}

void till_serve_drop_in(struct till_session *session, uint32_t amount, bool really)
{
    session->sum += really ? amount : 0;
}

void till_serve_sum_later(uint32_t token, struct till_session *session)
{
    uint32_t badge = 0;
    session->waits = token;
    for (uint32_t i = 0; i < 2; i++) {
        waiting = k5_session_at(&till_sessions, i, &badge) == session ? badge : waiting;
    }
}

void till_serve_choose(struct till_session *session, bool on)
{
    session->sum = on ? 1 : 0;
}

void till_serve_crash(void)
{
    k5_panic(1);
}

int main(void)
{
    till_serve(TILL_SERVE);
}
