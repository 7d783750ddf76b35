/* A server with a buffer of ECHO_SIZE bytes. */
#include <k5/k5.h>
#include <k5/syscall.h>

#include "app.h" /* ECHO_SERVE */
#include "long.h"

K5_MSG_BUFFER(ECHO_SIZE);

/* Bytes that are not this task's: nothing is answered, and the token stays good. */
static k5_error answer_badly(const struct k5_msg *m)
{
    struct k5_msg bad = *m;
    bad.out = (const void *)0x28000800u; /* the kernel's */
    bad.out_size = 8;
    return k5_reply(&bad);
}

static void inbox_set(struct k5_msg *m)
{
    uint32_t a[K5_A_COUNT] = {K5_SYS_IPC_SETUP, 0, m->w[0], m->w[1]};
    k5_syscall(a);
    m->w[0] = a[K5_A_OP];
}

static void answer(struct k5_msg *m)
{
    switch (m->label) {
    case ECHO_BYTES:
        m->out = m->in;
        m->out_size = m->in_size;
        m->w[0] = m->in_size;
        m->w[1] = m->in_sent;
        break;
    case ECHO_SHORT:
        m->w[0] = m->in_size;
        m->w[1] = m->in_sent;
        m->w[2] = m->in != NULL;
        m->w[3] = 7;
        break;
    case ECHO_BAD: m->w[0] = answer_badly(m); break;
    case ECHO_INBOX: inbox_set(m); break;
    default: m->label = 0xFFFF; break;
    }
}

int main(void)
{
    k5_serve(ECHO_SERVE, answer);
}
