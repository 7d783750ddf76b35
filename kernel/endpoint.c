/* Endpoints: where senders and callers meet the one task that serves them.
 *
 * Invariant: task t is in k.ep.waiting[e] exactly if it is SENDING or CALLING with object e. The
 * message of a queued task stays in its saved registers; its badge was copied when it queued.
 * Queued callers are served by priority, equals in turn (k.ep.served).
 */
#include "kernel/kernel.h"

#include "arch/arch.h"
#include "kernel/argument.h"
#include "kernel/contract.h"

static sched_t refuse(uint8_t error)
{
    arch_result(k.current, K5_A_OP, error);
    return SCHED_SAME;
}

/* Give the message of `from` to `to`, which keeps the flags that its own A0 holds by now. */
static void deliver(task_t from, task_t to, uint32_t token, uint32_t badge)
{
    uint32_t label = arch_arg(from, K5_A_OP) & 0xFFFF0000u;
    uint32_t flags = arch_arg(to, K5_A_OP) | (uint32_t)K5_FLAG_MESSAGE << 8;

    arch_msg_move(from, to);
    arch_result(to, K5_A_OP, label | flags);
    arch_result(to, K5_A_AUX, token);
    arch_result(to, K5_A_X0, badge);
    arch_result(to, K5_A_X1, 0);
    k.task.bits_last[to] = false;
}

/* The running task's message goes straight to the waiting server. */
static sched_t hand_over(task_t server, uint8_t state, uint32_t badge, ktime deadline)
{
    task_t me = k.current;

    if (state == K5_TASK_SENDING) {
        deliver(me, server, 0, badge);
        arch_result(me, K5_A_OP, K5_OK);
        return sched_wake(server);
    }
    deliver(me, server, reply_token_next(me), badge);
    return sched_either(sched_block(K5_TASK_AWAITING, server, deadline), sched_wake(server));
}

static sched_t queue(uint8_t endpoint, uint8_t state, uint32_t badge, ktime deadline)
{
    k.task.badge[k.current] = badge;
    k.ep.waiting[endpoint] |= task_bit(k.current);
    return sched_block(state, endpoint, deadline);
}

/* send and call: check everything, then hand over or queue. A call always waits, so a deadline that
 * has passed refuses it; a send only if nobody is there to take it. */
static sched_t endpoint_submit(uint8_t state)
{
    uint8_t error = cap_check(slot_arg(), K5_CAP_ENDPOINT, K5_RIGHT_CALL);

    if (error != K5_OK) {
        return refuse(error);
    }
    uint16_t slot = cap_slot(slot_arg());
    uint8_t endpoint = k.cap.object[slot];
    task_t server = cfg.server[endpoint];
    ktime deadline = deadline_arg();
    bool taken = k.task.state[server] == K5_TASK_RECEIVING;

    if (server == k.current) {
        return refuse(K5_ERR_ARG);
    }
    if (k.task.state[server] == K5_TASK_STOPPED) {
        return refuse(K5_ERR_PEER_GONE);
    }
    if (!(taken && state == K5_TASK_SENDING) && time_passed(deadline)) {
        return refuse(K5_TIMEOUT);
    }
    return taken ? hand_over(server, state, k.cap.badge[slot], deadline)
                 : queue(endpoint, state, k.cap.badge[slot], deadline);
}

sched_t sys_send(void)
{
    return endpoint_submit(K5_TASK_SENDING);
}

sched_t sys_call(void)
{
    return endpoint_submit(K5_TASK_CALLING);
}

/* Take the next queued message; the endpoint's queue is not empty. */
static sched_t take(uint8_t endpoint)
{
    task_t me = k.current;
    word served = round_begin(k.ep.waiting[endpoint], k.ep.served[endpoint]);
    task_t from = round_next(k.ep.waiting[endpoint], served);
    uint32_t badge = k.task.badge[from];

    k.ep.served[endpoint] = served | task_bit(from);
    k.ep.waiting[endpoint] &= ~task_bit(from);
    if (k.task.state[from] == K5_TASK_SENDING) {
        deliver(from, me, 0, badge);
        arch_result(from, K5_A_OP, K5_OK);
        return sched_wake(from);
    }
    deliver(from, me, reply_token_next(from), badge);
    k.task.state[from] = K5_TASK_AWAITING;
    k.task.object[from] = me;
    k.task.badge[from] = 0;
    return SCHED_SAME;
}

/* Receive bits of `mask` or a message; A0 is set to `flags` first. Bits before messages, each at
 * most once in a row while both wait. */
static sched_t endpoint_receive(uint32_t flags, word mask, ktime deadline)
{
    task_t me = k.current;
    uint8_t endpoint = cfg.endpoint[me];
    bool bits = (k.task.pending[me] & mask) != 0;
    bool message = k.ep.waiting[endpoint] != 0;

    arch_result(me, K5_A_OP, flags);
    if (bits && !(message && k.task.bits_last[me])) {
        notification_take(me, mask);
        return SCHED_SAME;
    }
    if (message) {
        return take(endpoint);
    }
    if (time_passed(deadline)) {
        arch_result(me, K5_A_OP, flags | K5_TIMEOUT);
        return SCHED_SAME;
    }
    k.task.mask[me] = mask;
    return sched_block(K5_TASK_RECEIVING, endpoint, deadline);
}

/* The serve right in a slot belongs to this task's own endpoint (config_valid, cap_valid). */
sched_t sys_recv(void)
{
    uint8_t error = cap_check(slot_arg(), K5_CAP_ENDPOINT, K5_RIGHT_SERVE);

    if (error != K5_OK) {
        return refuse(error);
    }
    return endpoint_receive(0, arch_arg(k.current, K5_A_AUX), deadline_arg());
}

sched_t sys_reply_recv(void)
{
    task_t me = k.current;
    uint32_t token = arch_arg(me, K5_A_AUX);
    uint8_t error = cap_check(slot_arg(), K5_CAP_ENDPOINT, K5_RIGHT_SERVE);
    sched_t replied = SCHED_SAME;
    uint32_t flags = 0;

    if (error != K5_OK) {
        return refuse(error);
    }
    if (reply_good(token, me)) {
        replied = reply_send(token);
    } else if (token != 0) {
        flags = (uint32_t)K5_FLAG_REPLY_FAILED << 8;
    }
    return sched_either(replied, endpoint_receive(flags, k.task.setup_mask[me], deadline_arg()));
}

sched_t sys_ipc_setup(void)
{
    task_t me = k.current;

    for (uint32_t i = 0; i < K5_MSG_WORDS; i++) {
        if (arch_arg(me, K5_A_W0 + i) != 0) { /* buffer and slot: not in this version */
            return refuse(K5_ERR_ARG);
        }
    }
    k.task.setup_mask[me] = arch_arg(me, K5_A_AUX);
    arch_result(me, K5_A_OP, K5_OK);
    return SCHED_SAME;
}

void endpoint_leave(task_t task)
{
    if (k.task.state[task] == K5_TASK_SENDING || k.task.state[task] == K5_TASK_CALLING) {
        k.ep.waiting[k.task.object[task]] &= ~task_bit(task);
    }
}

sched_t endpoint_close(uint8_t endpoint)
{
    word waiting = k.ep.waiting[endpoint];
    sched_t consequence = SCHED_SAME;

    k.ep.waiting[endpoint] = 0;
    for (uint32_t t = 0; t < K5_TASKS; t++) {
        if (((waiting >> t) & 1u) != 0) {
            arch_result((task_t)t, K5_A_OP, K5_ERR_PEER_GONE);
            consequence = sched_wake((task_t)t);
        }
    }
    return consequence;
}
