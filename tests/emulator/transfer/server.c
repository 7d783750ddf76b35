/* Hands out one session at a time and takes what it is given. */
#include <k5/k5.h>

#include "app.h" /* DESK_SERVE, INBOX_SLOT, SESSION_SLOT */
#include "desk.h"

K5_MSG_SLOT(INBOX_SLOT);
K5_MSG_BUFFER(K5_BUFFER_MAX);

static uint32_t flags_last; /* of the message before, or of a session's answer */

static k5_error session_mint(uint32_t badge)
{
    (void)!k5_cap_delete(SESSION_SLOT); /* those that were handed out stay */
    return k5_cap_mint(K5_SLOT(DESK_SERVE), SESSION_SLOT, K5_RIGHT_CALL, badge);
}

/* Answers at once, so that a refusal is an answer, too, and not the end of k5_serve. */
static void open(struct k5_msg *m)
{
    k5_error error = session_mint(m->w[0]);
    if (error == K5_OK) {
        m->out_cap = K5_CAP_OUT(SESSION_SLOT);
        error = k5_reply(m);
        m->out_cap = 0;
    }
    if (error == K5_OK) {
        flags_last = m->flags;
        m->token = 0;
    }
    m->w[0] = error;
}

static void signal_pass(struct k5_msg *m, uint32_t flags)
{
    m->w[0] = k5_signal(K5_NOTIFICATION(INBOX_SLOT), m->w[0]);
    m->w[1] = flags;
    m->w[3] = m->w[2] + 11; /* of a short answer a word, whatever came */
}

static void sum(struct k5_msg *m, uint32_t flags)
{
    const uint8_t *bytes = m->in;
    uint32_t total = 0;
    for (uint32_t i = 0; i < m->in_size; i++) {
        total += bytes[i];
    }
    m->w[0] = total;
    m->w[1] = flags;
    m->out = m->in;
    m->out_size = m->in_size;
    m->out_cap = session_mint(300) == K5_OK ? K5_CAP_OUT(SESSION_SLOT) : 0;
}

static void answer_later(struct k5_msg *m)
{
    k5_error error = k5_reply(m);
    K5_ASSERT(error == K5_OK);
    m->token = 0;
    k5_sleep(K5_MS(5));
}

static void answer(struct k5_msg *m)
{
    uint32_t flags = m->flags;
    switch (m->label) {
    case DESK_OPEN: open(m); return;
    case DESK_OPEN_BY:
        m->out_cap = session_mint(m->w[0]) == K5_OK ? K5_CAP_OUT(SESSION_SLOT) : 0;
        break;
    case DESK_WHO:
        m->w[0] = m->badge;
        m->w[1] = flags_last;
        break;
    case DESK_SIGNAL: signal_pass(m, flags); break;
    case DESK_DROP: m->w[0] = k5_cap_delete(INBOX_SLOT); break;
    case DESK_CLOSE: m->w[0] = k5_cap_revoke(SESSION_SLOT); break;
    case DESK_SUM: sum(m, flags); break;
    case DESK_LATER: answer_later(m); break;
    case DESK_DIE: k5_exit(0);
    default: m->label = 0xFFFF; break;
    }
    flags_last = flags;
}

int main(void)
{
    k5_serve(DESK_SERVE, answer);
}
