/* store: its buffer takes 64 bytes; of a longer message it would get these, and the true length. */
#include <string.h>

#include <k5/k5.h>

#include "app.h" /* generated: STORE_SERVE */
#include "store.h"

K5_MSG_BUFFER(64);

static uint8_t kept[64];
static uint32_t length;

static void answer(struct k5_msg *m)
{
    if (m->label == STORE_READ) {
        m->out = kept;
        m->out_size = length;
        m->label = STORE_OK;
    } else if (m->in_sent > m->in_size) {
        K5_WARN("{} bytes are too many", m->in_sent);
        m->label = STORE_LARGE;
    } else {
        memcpy(kept, m->in, m->in_size); /* the next message overwrites m->in */
        length = m->in_size;
        K5_INFO("saved {} bytes", length);
        m->label = STORE_OK;
    }
}

int main(void)
{
    k5_serve(STORE_SERVE, answer);
}
