/* Endpoints: where senders and callers meet the one task that serves them.
 *
 * Invariant: task t is in k.ep.waiting[e] exactly if it is SENDING or CALLING with object e. The
 * message of a queued task stays in its saved registers; its badge was copied when it queued.
 * Queued callers are served by priority, equals in turn (k.ep.served), those that are stalled not
 * at all: who has no time waits outside. A server that receives has nobody to take.
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

/* May a capability come along with what is sent through this slot? */
static bool grants(uint16_t slot)
{
    return (k.cap.rights[slot] & K5_RIGHT_GRANT) != 0;
}

/* Give the message of `from` to `to`, which keeps the flags that its own A0 holds by now. The A0 of
 * `from` is K5_OK and flags then: the result of a send, and what reply_send() needs of a call. */
static void deliver(task_t from, task_t to, uint32_t token, uint32_t badge, uint16_t via)
{
    uint32_t op = arch_arg(from, K5_A_OP);
    uint32_t label = op & 0xFFFF0000u;
    uint32_t flags = arch_arg(to, K5_A_OP) | (uint32_t)K5_FLAG_MESSAGE << 8;
    uint32_t told = token != 0 && grants(via) ? REPLY_GRANTS : 0;

    arch_msg_move(from, to);
    arch_result(to, K5_A_OP, label | flags);
    arch_result(to, K5_A_AUX, token);
    arch_result(to, K5_A_X0, badge);
    arch_result(to, K5_A_X1, 0);
    k.task.bits_last[to] = false;
    trace_event(token != 0 ? K5_TRACE_CALL : K5_TRACE_SEND, from, to, 0, label >> 16);
    if ((op & K5_OP_LONG) != 0) {
        told |= message_rest(from, to, grants(via));
        if (token != 0 && map_wanted(from)) {
            map_make(from, to);
            arch_result(to, K5_A_OP, arch_arg(to, K5_A_OP) | (uint32_t)K5_FLAG_LEND << 8);
        }
    }
    arch_result(from, K5_A_OP, told);
}

/* Does a call to this server lend it time? It needs no time while it is suspended. */
static bool borrows(task_t server)
{
    return cfg.wcet[cfg.endpoint[server]] != 0 && (k.suspended & task_bit(server)) == 0;
}

/* ---- send and call ---------------------------------------- */

struct target { /* what a send or call names */
    uint8_t endpoint;
    task_t server;
    uint16_t slot;
    uint32_t badge;
    ktime deadline;
};

/* K5_OK, or why the running task's send or call is refused at once. */
static uint8_t target_decode(struct target *target)
{
    uint8_t error = cap_check(slot_arg(), K5_CAP_ENDPOINT, K5_RIGHT_CALL);

    if (error != K5_OK) {
        return error;
    }
    uint16_t slot = cap_slot(slot_arg());

    target->slot = slot;
    target->endpoint = k.cap.object[slot];
    target->server = cfg.server[target->endpoint];
    target->badge = k.cap.badge[slot];
    target->deadline = deadline_arg();
    if (target->server == k.current) {
        return K5_ERR_ARG;
    }
    if (k.task.state[target->server] == K5_TASK_STOPPED) {
        return K5_ERR_PEER_GONE;
    }
    return message_check_all(k.current, target->server, grants(slot));
}

static sched_t queue(uint8_t state, const struct target *target)
{
    k.task.badge[k.current] = target->badge;
    k.task.via[k.current] = target->slot;
    k.ep.waiting[target->endpoint] |= task_bit(k.current);
    return sched_block(state, target->endpoint, target->deadline);
}

/* Straight to a server that receives, or queued. Only what must wait is refused for its deadline.
 */
sched_t sys_send(void)
{
    struct target target;
    uint8_t error = target_decode(&target);

    if (error != K5_OK) {
        return refuse(error);
    }
    if (k.task.state[target.server] == K5_TASK_RECEIVING) {
        deliver(k.current, target.server, 0, target.badge, target.slot);
        return sched_wake(target.server);
    }
    return time_passed(target.deadline) ? refuse(K5_TIMEOUT) : queue(K5_TASK_SENDING, &target);
}

/* Straight to a server that receives, with the caller's time if it is passive. raw: for lend(). */
static sched_t call_invoke(const struct target *target, uint32_t raw)
{
    task_t me = k.current;
    task_t server = target->server;

    if (k.task.state[server] != K5_TASK_RECEIVING || (sched_stalled() & task_bit(me)) != 0) {
        return queue(K5_TASK_CALLING, target);
    }
    bool lends = message_lends(me);

    deliver(me, server, reply_token_next(me), target->badge, target->slot);
    if (borrows(server)) {
        lend(me, server, raw);
    }
    return sched_either(sched_block(K5_TASK_AWAITING, server, lends ? 0 : target->deadline),
                        sched_wake(server));
}

/* Would it be taken at once, with something to map that has no place? */
static bool unmappable(const struct target *target)
{
    return k.task.state[target->server] == K5_TASK_RECEIVING && message_lends(k.current) &&
           !map_fits(k.current, target->server);
}

/* A call always waits for its answer, so a deadline that has passed refuses it. */
sched_t sys_call(void)
{
    struct target target;
    uint8_t error = target_decode(&target);
    sched_t checked = SCHED_SAME;
    uint32_t raw = 0;

    if (error == K5_OK && time_passed(target.deadline)) {
        error = K5_TIMEOUT;
    }
    if (error == K5_OK && unmappable(&target)) {
        error = K5_ERR_LEND;
    }
    if (error != K5_OK) {
        return refuse(error);
    }
    uint32_t wcet = cfg.wcet[target.endpoint];

    if (wcet != 0) {
        checked = lend_check(wcet, &raw);
        if (!lend_affords(wcet)) {
            return sched_either(checked, refuse(K5_ERR_BUDGET));
        }
    }
    return sched_either(checked, call_invoke(&target, raw));
}

/* ---- recv and reply_recv ---------------------------------------- */

/* Who is queued and may be served. */
static word takeable(uint8_t endpoint)
{
    return k.ep.waiting[endpoint] & ~sched_stalled();
}

/* Out of the queue: whose turn it is to be served; takeable() is not 0. */
static task_t next_of(uint8_t endpoint)
{
    word waiting = takeable(endpoint);
    word served = round_begin(waiting, k.ep.served[endpoint]);
    task_t from = round_next(waiting, served);

    k.ep.served[endpoint] = served | task_bit(from);
    k.ep.waiting[endpoint] &= ~task_bit(from);
    return from;
}

/* The server takes the message of one that was queued. Who lends memory waits without end. */
static sched_t take_from(task_t from, task_t server)
{
    uint32_t badge = k.task.badge[from];
    uint16_t via = k.task.via[from];

    if (k.task.state[from] == K5_TASK_SENDING) {
        deliver(from, server, 0, badge, via);
        return sched_wake(from);
    }
    if (message_lends(from)) {
        k.task.deadline[from] = 0;
        k.timed &= ~task_bit(from);
    }
    deliver(from, server, reply_token_next(from), badge, via);
    k.task.state[from] = K5_TASK_AWAITING;
    k.task.object[from] = server;
    k.task.badge[from] = 0;
    k.task.via[from] = SLOT_NONE;
    if (!borrows(server)) {
        return SCHED_SAME;
    }
    lend(from, server, arch_now());
    return SCHED_PICK;
}

/* Of this one out of the queue, and those after it, the first whose buffer is still as good as it
 * was at the call; K5_NIL: none. The others alone are told. Anybody told means SCHED_PICK. */
static __attribute__((cold)) task_t turn_away(uint8_t endpoint, task_t from)
{
    task_t server = cfg.server[endpoint];
    uint8_t error = message_check(from, server);

    for (uint32_t i = 0; i < K5_TASKS && error != K5_OK; i++) {
        sched_t woken = sched_wake(from);

        REQUIRE(woken == SCHED_PICK, from);
        arch_result(from, K5_A_OP, error);
        if (takeable(endpoint) == 0) {
            return K5_NIL;
        }
        from = next_of(endpoint);
        error = message_check(from, server);
    }
    return from;
}

sched_t endpoint_offer(uint8_t endpoint)
{
    task_t server = cfg.server[endpoint];

    if (takeable(endpoint) == 0 || k.task.state[server] != K5_TASK_RECEIVING) {
        return SCHED_SAME;
    }
    task_t from = turn_away(endpoint, next_of(endpoint));

    return from == K5_NIL ? SCHED_PICK : sched_either(take_from(from, server), sched_wake(server));
}

/* Give back what is left of lent time, then receive bits of `mask` or a message; A0 is set to
 * `flags` first. Bits before messages, each at most once in a row while both wait. */
static sched_t endpoint_receive(uint32_t flags, word mask, ktime deadline)
{
    task_t me = k.current;
    uint8_t endpoint = cfg.endpoint[me];
    bool bits = (k.task.pending[me] & mask) != 0;
    bool message = takeable(endpoint) != 0;
    sched_t returned = lend_return();

    arch_result(me, K5_A_OP, flags);
    if (message && (!bits || k.task.bits_last[me])) {
        task_t from = next_of(endpoint);

        if (message_check(from, me) != K5_OK) {
            from = turn_away(endpoint, from);
            returned = SCHED_PICK;
        }
        if (from != K5_NIL) {
            return sched_either(returned, take_from(from, me));
        }
    }
    if (bits) {
        notification_take(me, mask);
        return returned;
    }
    if (time_passed(deadline)) {
        arch_result(me, K5_A_OP, flags | K5_TIMEOUT);
        return returned;
    }
    k.task.mask[me] = mask;
    return sched_either(returned, sched_block(K5_TASK_RECEIVING, endpoint, deadline));
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

    if (error == K5_OK) {
        error = message_long(me) ? reply_check_long(token) : K5_OK;
    }
    if (error != K5_OK) {
        return refuse(error);
    }
    if (reply_good(token, me)) {
        replied = reply_send(token);
        flags = arch_arg(me, K5_A_OP);
    } else if (token != 0) {
        reply_late(token);
        flags = (uint32_t)K5_FLAG_REPLY_FAILED << 8;
    }
    return sched_either(replied, endpoint_receive(flags, k.task.setup_mask[me], deadline_arg()));
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
