/* bank: the badge says who calls. The kernel writes it and nobody can forge it, so it is the index
 * of the client's session: no log-in, no names. */
#include <k5/k5.h>

#include "app.h" /* generated: BANK_SERVE */
#include "bank.h"

struct session {
    uint32_t deposits;
    uint32_t sum;
};
static struct session sessions[K5_TASK_MAX + 1]; /* badges begin at 1 */

static void answer(struct k5_msg *m)
{
    struct session *session = &sessions[m->badge];
    if (m->label == BANK_DEPOSIT) {
        session->deposits++;
        session->sum += m->w[0];
    }
    m->w[0] = session->sum;
    m->w[1] = session->deposits;
}

int main(void)
{
    k5_serve(BANK_SERVE, answer);
}
