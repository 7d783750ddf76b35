/* The server of the race: see race.h. */
#include <k5/k5.h>

#include "app.h" /* SERVER_SERVE, SUPER_SIGNAL, RACE_BASE */
#include "race.h"

#define ROUNDS 2000 /* of work for a call: 128 us */

static void answer_note(bool reached, k5_error error)
{
    if (reached) {
        RACE->good++;
    } else if (error == K5_ERR_TOKEN) {
        RACE->nobody++;
    } else {
        RACE->strange++;
    }
}

static void super_tell(uint32_t bit)
{
    if (k5_signal(SUPER_SIGNAL, bit) != K5_OK) {
        RACE->strange++;
    }
}

/* Answers, and learns from the next receive whether it reached anybody. */
static void reply_receive(struct k5_msg *m)
{
    k5_error error = k5_reply_recv(SERVER_SERVE, m, k5_after(K5_MS(1)));
    bool failed = (m->flags & K5_FLAG_REPLY_FAILED) != 0;
    answer_note(!failed, K5_ERR_TOKEN);
    if (error != K5_TIMEOUT) { /* the client makes no call so soon */
        RACE->strange++;
    }
}

static void call_answer(struct k5_msg *m)
{
    RACE->taken++;
    m->w[0] += 1;
    if (RACE->how == RACE_SUSPEND) {
        super_tell(RACE_BIT_SUSPEND);
    }
    race_spin(ROUNDS);
    if (RACE->how == RACE_REPLY_RECV) {
        reply_receive(m);
        return;
    }
    k5_error error = k5_reply(m);
    if (RACE->how == RACE_SUSPEND) {
        super_tell(RACE_BIT_RESUME);
    }
    answer_note(error == K5_OK, error);
}

static void late(struct k5_msg *m)
{
    if (k5_reply(m) != K5_OK) {
        RACE->strange++;
    }
    k5_sleep_until(RACE->at);
    if (k5_recv(SERVER_SERVE, m, 0, K5_POLL) == K5_OK) {
        call_answer(m);
    }
}

int main(void)
{
    for (;;) {
        struct k5_msg m;
        k5_error error = k5_recv(SERVER_SERVE, &m, 0, K5_FOREVER);
        K5_ASSERT(error == K5_OK);
        if (m.label == RACE_LATE) {
            late(&m);
        } else {
            call_answer(&m);
        }
    }
}
