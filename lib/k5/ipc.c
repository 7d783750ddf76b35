/* Messages and notifications: k5.h's functions as register tables (docs/adr/0001-system-calls.md).
 *
 * A result with an error changes only A0, so *m is written on K5_OK alone.
 */
#include "k5/k5.h"
#include "k5/syscall.h"

static void deadline_set(uint32_t a[K5_A_COUNT], k5_ticks deadline)
{
    a[K5_A_X0] = (uint32_t)deadline;
    a[K5_A_X1] = (uint32_t)(deadline >> 32);
}

static void words_set(uint32_t a[K5_A_COUNT], const struct k5_msg *m)
{
    for (uint32_t i = 0; i < K5_MSG_WORDS; i++) {
        a[K5_A_W0 + i] = m->w[i];
    }
}

static void words_get(struct k5_msg *m, const uint32_t a[K5_A_COUNT])
{
    for (uint32_t i = 0; i < K5_MSG_WORDS; i++) {
        m->w[i] = a[K5_A_W0 + i];
    }
    m->label = (uint16_t)(a[K5_A_OP] >> 16);
}

static k5_error error_get(const uint32_t a[K5_A_COUNT])
{
    return a[K5_A_OP] & 0xFFu;
}

/* What recv and reply_recv brought. Bits carry no message: label, words and badge are 0 then. After
 * a time-out token is 0, so that a loop does not answer the same call again. */
static k5_error received(struct k5_msg *m, const uint32_t a[K5_A_COUNT])
{
    k5_error error = error_get(a);
    if (error != K5_OK && error != K5_TIMEOUT) {
        return error;
    }
    uint32_t flags = a[K5_A_OP] >> 8 & 0xFFu;
    *m = (struct k5_msg){.flags = (uint16_t)flags};
    if (error == K5_TIMEOUT) {
        return error;
    }
    if (flags & K5_FLAG_BITS) {
        m->bits = a[K5_A_AUX];
    } else {
        words_get(m, a);
        m->token = a[K5_A_AUX];
        m->badge = a[K5_A_X0];
    }
    return K5_OK;
}

k5_error k5_send(k5_endpoint to, const struct k5_msg *m, k5_ticks deadline)
{
    uint32_t a[K5_A_COUNT] = {k5_op(K5_SYS_SEND, to.slot, m->label)};
    words_set(a, m);
    deadline_set(a, deadline);
    k5_syscall(a);
    return error_get(a);
}

k5_error k5_call(k5_endpoint to, struct k5_msg *m, k5_ticks deadline)
{
    uint32_t a[K5_A_COUNT] = {k5_op(K5_SYS_CALL, to.slot, m->label)};
    words_set(a, m);
    deadline_set(a, deadline);
    k5_syscall(a);
    if (error_get(a) == K5_OK) {
        *m = (struct k5_msg){0};
        words_get(m, a);
    }
    return error_get(a);
}

k5_error k5_recv(k5_server from, struct k5_msg *m, uint32_t mask, k5_ticks deadline)
{
    uint32_t a[K5_A_COUNT] = {k5_op(K5_SYS_RECV, from.slot, 0), mask};
    deadline_set(a, deadline);
    k5_syscall(a);
    return received(m, a);
}

k5_error k5_reply(const struct k5_msg *m)
{
    uint32_t a[K5_A_COUNT] = {k5_op(K5_SYS_REPLY, 0, m->label), m->token};
    words_set(a, m);
    k5_syscall(a);
    return error_get(a);
}

k5_error k5_reply_recv(k5_server from, struct k5_msg *m, k5_ticks deadline)
{
    uint32_t a[K5_A_COUNT] = {k5_op(K5_SYS_REPLY_RECV, from.slot, m->label), m->token};
    words_set(a, m);
    deadline_set(a, deadline);
    k5_syscall(a);
    return received(m, a);
}

void k5_serve(k5_server from, void (*handler)(struct k5_msg *m))
{
    struct k5_msg m = {0};
    for (;;) {
        k5_error error = k5_reply_recv(from, &m, K5_FOREVER);
        if (error != K5_OK) {
            k5_panic(error);
        }
        handler(&m);
    }
}

k5_error k5_ipc_setup(uint32_t mask)
{
    uint32_t a[K5_A_COUNT] = {K5_SYS_IPC_SETUP, mask};
    k5_syscall(a);
    return error_get(a);
}

k5_error k5_signal(k5_notification to, uint32_t bits)
{
    uint32_t a[K5_A_COUNT] = {k5_op(K5_SYS_SIGNAL, to.slot, 0), bits};
    k5_syscall(a);
    return error_get(a);
}

void k5_checkin_signal(k5_notification watchdog, uint32_t bit)
{
    k5_error error = k5_signal(watchdog, bit);
    if (error != K5_OK) {
        k5_panic(error);
    }
}

k5_error k5_wait(uint32_t mask, k5_ticks deadline, uint32_t *bits)
{
    uint32_t a[K5_A_COUNT] = {K5_SYS_WAIT, mask};
    deadline_set(a, deadline);
    k5_syscall(a);
    if (error_get(a) == K5_OK) {
        *bits = a[K5_A_AUX];
    }
    return error_get(a);
}
