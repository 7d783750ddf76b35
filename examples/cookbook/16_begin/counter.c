/* counter: a session is begun by its client, so that a client learns when it is gone. */
#include <k5/k5.h>

#include "app.h" /* generated: COUNTER_SERVE, COUNTER_SESSIONS, counter_serve() */

struct counter_session {
    uint32_t count;
};
COUNTER_SESSIONS(4);

void counter_serve_begin(struct counter_session *session)
{
    (void)session; /* all 0 */
}

void counter_serve_count(struct counter_session *session, uint32_t *count)
{
    *count = ++session->count;
    K5_ASSERT(session->count < 3); /* for the demo: the restarted task has no sessions */
}

int main(void)
{
    counter_serve(COUNTER_SERVE);
}
