/* Answers label and words turned over, bit by bit. */
#include <k5/k5.h>

#include "app.h" /* ECHO_SERVE */

static void answer(struct k5_msg *m)
{
    m->label = (uint16_t)~m->label;
    for (uint32_t i = 0; i < K5_MSG_WORDS; i++) {
        m->w[i] = ~m->w[i];
    }
}

int main(void)
{
    k5_serve(ECHO_SERVE, answer);
}
