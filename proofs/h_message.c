/* What is sent is what arrives: words, label and badge, to the receiver and to nobody else. Of a
 * long message the third word is an address: h_long.c. */
#include "kernel/argument.h"
#include "prove.h"

static bool is_long(task_t from)
{
    return (old.host.arg[from][K5_A_OP] & K5_OP_LONG) != 0;
}

static uint32_t long_flag(task_t from)
{
    return is_long(from) ? (uint32_t)K5_FLAG_LONG << 8 : 0u;
}

/* What may be there beside: of a long message that a capability came, or lent memory; of the one
 * sent before that its own did not go. */
#define BESIDE ((uint32_t)(K5_FLAG_CAP | K5_FLAG_CAP_KEPT | K5_FLAG_LEND) << 8)

static void prove_words(task_t from, task_t to)
{
    for (uint32_t i = 0; i < K5_MSG_WORDS; i++) {
        PROVE(host.arg[to][K5_A_W0 + i] == old.host.arg[from][K5_A_W0 + i] ||
              (is_long(from) && K5_A_W0 + i == K5_A_BUFFER));
    }
    PROVE(host.arg[to][K5_A_OP] >> 16 == old.host.arg[from][K5_A_OP] >> 16);
}

/* A send or call that finds the server receiving. */
static void submit(sched_t consequence, task_t server, uint32_t badge)
{
    task_t me = old.k.current;
    uint32_t flags = host.arg[server][K5_A_OP] & 0xFFFFu;

    step(consequence);
    bool overrun = k.task.sc[me] != old.k.task.sc[me]; /* may wake the server by bits */

    if (old.k.task.state[server] == K5_TASK_RECEIVING && k.task.state[server] == K5_TASK_READY &&
        !overrun) {
        prove_words(me, server);
        PROVE(host.arg[server][K5_A_X0] == badge);
        PROVE((flags & ~BESIDE) == ((uint32_t)K5_FLAG_MESSAGE << 8 | long_flag(me) |
                                    (old.host.arg[server][K5_A_OP] & 0xFFFFu)));
        PROVE(k.task.object[me] == K5_NIL ? host.arg[server][K5_A_AUX] == 0
                                          : reply_good(host.arg[server][K5_A_AUX], server));
    }
}

static uint16_t used_slot(void)
{
    uint32_t slot = (host.arg[k.current][K5_A_OP] >> 8) & 0xFFu;

    ASSUME(cap_check(slot, K5_CAP_ENDPOINT, K5_RIGHT_CALL) == K5_OK);
    return cap_slot(slot);
}

/* The context of a task that blocked in recv has its flags in A0: docs/adr/0001. */
static task_t waiting_server(uint16_t slot)
{
    task_t server = cfg.server[k.cap.object[slot]];
    uint32_t flags = host.arg[server][K5_A_OP];

    ASSUME(flags == 0 || flags == (uint32_t)K5_FLAG_REPLY_FAILED << 8);
    return server;
}

void h_message_send(void)
{
    any_call_state();
    uint16_t slot = used_slot();
    task_t server = waiting_server(slot);

    submit(sys_send(), server, old.k.cap.badge[slot]);
}

void h_message_call(void)
{
    any_call_state();
    uint16_t slot = used_slot();
    task_t server = waiting_server(slot);

    submit(sys_call(), server, old.k.cap.badge[slot]);
}

static bool turned_away(task_t from)
{
    return is_long(from) && k.task.state[from] == K5_TASK_READY &&
           (host.arg[from][K5_A_OP] & 0xFFu) != K5_OK;
}

/* Who was queued is taken with what it queued; the caller then waits for this server. */
void h_message_recv(void)
{
    any_call_state();
    task_t me = k.current;
    task_t from = any_task();

    ASSUME(old.k.task.state[from] == K5_TASK_SENDING || old.k.task.state[from] == K5_TASK_CALLING);
    step(sys_recv());
    if (k.task.state[from] != old.k.task.state[from] && !turned_away(from)) {
        prove_words(from, me);
        PROVE(host.arg[me][K5_A_X0] == old.k.task.badge[from]);
        PROVE((host.arg[me][K5_A_OP] & 0xFFFFu & ~BESIDE) ==
              ((uint32_t)K5_FLAG_MESSAGE << 8 | long_flag(from)));
        if (old.k.task.state[from] == K5_TASK_CALLING) {
            PROVE(k.task.state[from] == K5_TASK_AWAITING && k.task.object[from] == me);
            PROVE(reply_good(host.arg[me][K5_A_AUX], me));
            PROVE((host.arg[me][K5_A_AUX] & 0x1Fu) == from);
        } else {
            PROVE(k.task.state[from] == K5_TASK_READY && host.arg[me][K5_A_AUX] == 0);
            PROVE((host.arg[from][K5_A_OP] & ~BESIDE) == K5_OK);
        }
    }
}

void h_message_reply(void)
{
    any_call_state();
    task_t me = k.current;
    uint32_t token = host.arg[me][K5_A_AUX];
    task_t caller = (task_t)(token & 0x1Fu);

    ASSUME(reply_good(token, me) && message_check_all(me, caller, true) == K5_OK);
    step(sys_reply());
    prove_words(me, caller);
    PROVE((host.arg[caller][K5_A_OP] & 0xFFFFu & ~BESIDE) == (K5_OK | long_flag(me)));
    PROVE(k.task.state[caller] == K5_TASK_READY);
    PROVE((host.arg[me][K5_A_OP] & ~BESIDE) == K5_OK);
}

/* Bits are set for their owner only, and those that the capability names only; nothing gets lost:
 * they are pending or the owner has them as its result. */
void h_message_signal(void)
{
    any_call_state();
    task_t me = k.current;
    uint32_t slot = (host.arg[me][K5_A_OP] >> 8) & 0xFFu;
    word bits = host.arg[me][K5_A_AUX];

    ASSUME(cap_check(slot, K5_CAP_NOTIFICATION, K5_RIGHT_SIGNAL) == K5_OK);
    uint32_t badge = k.cap.badge[cap_slot(slot)];
    task_t to = k.cap.object[cap_slot(slot)];
    word mask = old.k.task.mask[to];

    step(sys_signal());
    if (host.arg[me][K5_A_OP] != K5_OK || to == me) {
        return;
    }
    PROVE((bits & ~badge) == 0);
    if ((bits & mask) == 0) {
        PROVE(k.task.pending[to] == (old.k.task.pending[to] | bits));
        PROVE(same_context(to));
    } else {
        PROVE(k.task.state[to] == K5_TASK_READY);
        PROVE(host.arg[to][K5_A_AUX] == (bits & mask));
        PROVE(k.task.pending[to] == ((old.k.task.pending[to] | bits) & ~mask));
    }
}

/* Who waits has a short message: nobody is turned away. */
static void any_short(void)
{
    for (uint32_t t = 0; t < K5_TASKS; t++) {
        ASSUME(!is_long(t));
    }
}

/* recv: bits before messages, each at most once in a row while both wait. */
void h_recv_alternates(void)
{
    any_call_state();
    task_t me = k.current;
    uint32_t slot = (host.arg[me][K5_A_OP] >> 8) & 0xFFu;
    word mask = host.arg[me][K5_A_AUX];

    ASSUME(cap_check(slot, K5_CAP_ENDPOINT, K5_RIGHT_SERVE) == K5_OK);
    any_short();
    ASSUME((k.task.pending[me] & mask) != 0 &&
           (k.ep.waiting[cfg.endpoint[me]] & ~sched_stalled()) != 0);
    step(sys_recv());
    PROVE(k.task.bits_last[me] == !old.k.task.bits_last[me]);
    PROVE(
        (host.arg[me][K5_A_OP] & 0xFFFFu) ==
        (old.k.task.bits_last[me] ? (uint32_t)K5_FLAG_MESSAGE << 8 : (uint32_t)K5_FLAG_BITS << 8));
}

void twin_message_recv(void)
{
    any_call_state();
    task_t from = any_task();

    ASSUME(old.k.task.state[from] == K5_TASK_CALLING);
    step(sys_recv());
    PROVE(k.task.state[from] == old.k.task.state[from]);
}

void twin_message_reply(void)
{
    any_call_state();
    PROVE(!reply_good(host.arg[k.current][K5_A_AUX], k.current));
}

void twin_message_send(void)
{
    any_call_state();
    uint16_t slot = used_slot();
    task_t server = waiting_server(slot);

    step(sys_send());
    PROVE(k.task.state[server] == old.k.task.state[server]);
}
