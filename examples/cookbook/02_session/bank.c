/* bank: the badge says who calls. The kernel writes it and nobody can forge it, so it is the index
 * of the client's session: no log-in, no names. */
#include <k5/k5.h>

#include "app.h" /* generated: BANK_SERVE, bank_serve() */

struct session {
    uint32_t deposits;
    uint32_t sum;
};
static struct session sessions[K5_TASK_MAX + 1]; /* badges begin at 1 */

void bank_serve_deposit(uint32_t badge, uint32_t amount, uint32_t *sum, uint32_t *deposits)
{
    struct session *session = &sessions[badge];
    session->deposits++;
    session->sum += amount;
    *sum = session->sum;
    *deposits = session->deposits;
}

int main(void)
{
    bank_serve(BANK_SERVE);
}
