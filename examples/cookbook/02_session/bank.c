/* bank: a session is found by the badge of who calls. The kernel writes it and nobody can forge it:
 * no log-in, no names. */
#include <k5/k5.h>

#include "app.h" /* generated: BANK_SERVE, BANK_SESSIONS, bank_serve() */

struct bank_session { /* all 0 at the first call of a client */
    uint32_t deposits;
    uint32_t sum;
};
BANK_SESSIONS(2); /* a third client would get K5_ERR_SESSIONS_FULL */

void bank_serve_deposit(struct bank_session *session, uint32_t amount, uint32_t *sum,
                        uint32_t *deposits)
{
    session->deposits++;
    session->sum += amount;
    *sum = session->sum;
    *deposits = session->deposits;
}

int main(void)
{
    bank_serve(BANK_SERVE);
}
