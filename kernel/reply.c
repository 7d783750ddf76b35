/* Replies: the reply object is the blocked caller, so it needs no storage.
 *
 * A token names a caller and the count of its call: `count << 5 | caller`. It is good exactly while
 * that caller is AWAITING an answer from the very task that shows it. The count never is 0 for a
 * call that was taken, so token 0 names nothing.
 */
#include "kernel/kernel.h"

#include "arch/arch.h"
#include "kernel/argument.h"
#include "kernel/contract.h"

#define COUNT_MAX   0x7FFFFFFu /* 27 bits */
#define CALLER_MASK 0x1Fu
#define CAP_KEPT    ((uint32_t)K5_FLAG_CAP_KEPT << 8)

uint32_t reply_token_next(task_t caller)
{
    uint32_t count = k.task.calls[caller];

    k.task.calls[caller] = count == COUNT_MAX ? 1u : count + 1u;
    return k.task.calls[caller] << 5 | caller;
}

/* May the answer to this caller bring a capability? */
static bool answer_grants(task_t caller)
{
    return (arch_arg(caller, K5_A_OP) & REPLY_GRANTS) != 0;
}

/* Was it restarted since it lent what the answer ends? */
static bool renewed(task_t caller)
{
    return (k.renewed & task_bit(caller)) != 0;
}

bool reply_good(uint32_t token, task_t server)
{
    uint32_t caller = token & CALLER_MASK;

    return caller < K5_TASKS && k.task.state[caller] == K5_TASK_AWAITING &&
           k.task.object[caller] == server && k.task.calls[caller] == token >> 5;
}

uint8_t reply_check_long(uint32_t token)
{
    task_t me = k.current;
    task_t caller = (task_t)(token & CALLER_MASK);
    bool heard = reply_good(token, me) && !renewed(caller);

    return heard ? message_check_long(me, caller, answer_grants(caller))
                 : message_check_long(me, K5_NIL, false);
}

/* The words of an answer, and the rest of a long one; flags for its sender. */
static uint32_t answer(task_t me, task_t caller)
{
    uint32_t op = arch_arg(me, K5_A_OP);
    uint32_t told = arch_arg(caller, K5_A_OP);

    arch_msg_move(me, caller);
    arch_result(caller, K5_A_OP, (op & 0xFFFF0000u) | (told & CAP_KEPT) | K5_OK);
    return (op & K5_OP_LONG) != 0 ? message_rest(me, caller, (told & REPLY_GRANTS) != 0) : 0;
}

sched_t reply_send(uint32_t token)
{
    task_t me = k.current;
    task_t caller = (task_t)(token & CALLER_MASK);
    uint32_t label = arch_arg(me, K5_A_OP) >> 16;

    arch_result(me, K5_A_OP, renewed(caller) ? 0 : answer(me, caller));
    if ((k.mapped & task_bit(me)) != 0) {
        map_end(me, caller);
        k.renewed &= ~task_bit(caller);
    }
    sched_t returned = k.task.lender[me] == caller ? lend_return() : SCHED_SAME;

    trace_event(K5_TRACE_REPLY, me, caller, 0, label);
    return sched_either(returned, sched_wake(caller));
}

sched_t sys_reply(void)
{
    task_t me = k.current;
    uint32_t token = arch_arg(me, K5_A_AUX);
    uint8_t error = message_long(me) ? reply_check_long(token) : K5_OK;

    if (error == K5_OK && !reply_good(token, me)) {
        reply_late(token);
        error = K5_ERR_TOKEN;
    }
    if (error != K5_OK) {
        arch_result(me, K5_A_OP, error);
        return SCHED_SAME;
    }
    return reply_send(token);
}

void reply_late(uint32_t token)
{
    task_t caller = (task_t)(token & CALLER_MASK);

    if (caller < K5_TASKS && k.task.state[caller] == K5_TASK_STOPPED &&
        k.task.calls[caller] == token >> 5) {
        map_end(k.current, caller);
    }
}

sched_t reply_abandon(task_t server)
{
    sched_t consequence = SCHED_SAME;

    if (cfg.endpoint[server] == K5_NIL) {
        return SCHED_SAME;
    }
    map_end(server, K5_NIL);
    for (uint32_t t = 0; t < K5_TASKS; t++) {
        if (k.task.state[t] == K5_TASK_AWAITING && k.task.object[t] == server) {
            if (!renewed((task_t)t)) {
                arch_result((task_t)t, K5_A_OP, K5_ERR_PEER_DIED);
            }
            k.renewed &= ~task_bit((task_t)t);
            consequence = sched_wake((task_t)t);
        }
    }
    return consequence;
}
