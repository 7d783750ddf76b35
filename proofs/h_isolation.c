/* Who can change what: refused calls change nothing, bystanders see nothing, authority never grows.
 *
 * sched_resolve() is not run here (prove.h: step). "The same" leaves out what the scheduler owns
 * (ready, turned, slices, time): they say who runs, not what a task holds or hears.
 */
#include "kernel/argument.h"
#include "prove.h"

/* ---- a refused call changes A0 of its caller, and only that ---------------------------------- */

static void prove_untouched(void)
{
    task_t t = any_task();
    uint32_t i = nondet_u32();
    uint16_t s = nondet_u16();

    ASSUME(i < K5_A_COUNT && s < K5_SLOTS);
    PROVE(same_ipc(t) && same_record(t) && same_cap(s));
    PROVE(k.armed == old.k.armed && host.open[0] == old.host.open[0]);
    PROVE(k.ready == old.k.ready && k.turned == old.k.turned && k.current == old.k.current);
    PROVE(host.arg[t][i] == old.host.arg[t][i] || (t == old.k.current && i == K5_A_OP));
}

static uint8_t result(void)
{
    return (uint8_t)(host.arg[old.k.current][K5_A_OP] & 0xFFu);
}

#define REFUSED(name)                                           \
    void h_refused_##name(void)                                 \
    {                                                           \
        any_call_state();                                       \
        if (sys_##name() == SCHED_SAME && result() != K5_OK) {  \
            prove_untouched();                                  \
        }                                                       \
    }                                                           \
    void twin_refused_##name(void)                              \
    {                                                           \
        any_call_state();                                       \
        PROVE(sys_##name() != SCHED_SAME || result() == K5_OK); \
    }

REFUSED(send)
REFUSED(call)
REFUSED(recv)
REFUSED(reply)
REFUSED(signal)
REFUSED(wait)
REFUSED(ipc_setup)
REFUSED(irq_ack)
REFUSED(task_inspect)
REFUSED(task_restart)
REFUSED(task_stop)
REFUSED(task_suspend)
REFUSED(task_resume)

/* reply_recv: nothing happens when its slot is refused; a token that is not good answers nobody. */
void h_refused_reply_recv(void)
{
    any_call_state();
    uint32_t slot = (host.arg[k.current][K5_A_OP] >> 8) & 0xFFu;

    ASSUME(cap_check(slot, K5_CAP_ENDPOINT, K5_RIGHT_SERVE) != K5_OK);
    PROVE(sys_reply_recv() == SCHED_SAME && result() != K5_OK);
    prove_untouched();
}

void h_stale_reply_recv(void)
{
    any_call_state();
    task_t t = any_task();

    ASSUME(!reply_good(host.arg[k.current][K5_A_AUX], k.current));
    ASSUME(old.k.task.state[t] == K5_TASK_AWAITING);
    step(sys_reply_recv());
    PROVE(same_ipc(t) && same_context(t));
}

/* ---- tokens ---------------------------------------------------------------------------------- */

/* A reply uses its token up, for everybody. */
void h_token_once(void)
{
    any_call_state();
    uint32_t token = host.arg[k.current][K5_A_AUX];

    ASSUME(reply_good(token, k.current));
    ASSUME(message_check_all(k.current, (task_t)(token & 0x1Fu), true) == K5_OK);
    step(sys_reply());
    PROVE(!reply_good(token, any_task()));
}

/* A good token names one caller that waits for this very server, and no other token does. */
void h_token_one(void)
{
    any_call_state();
    uint32_t a = nondet_u32();
    uint32_t b = nondet_u32();
    task_t server = any_task();
    task_t other = any_task();

    ASSUME(reply_good(a, server));
    PROVE(a != 0);
    PROVE(server == other || !reply_good(a, other));
    PROVE((a & 0x1Fu) != (b & 0x1Fu) || a == b || !reply_good(b, server));
}

/* After a restart no token names the task, unless it has lent something, nor what it was asked
 * before. What the answer to a lender's last life does is h_token_renewed. */
void h_token_restart(void)
{
    any_call_state();
    task_t me = k.current;
    uint32_t slot = (host.arg[me][K5_A_OP] >> 8) & 0xFFu;
    uint32_t token = nondet_u32();
    task_t server = any_task();

    if (cap_check(slot, K5_CAP_TASK, K5_RIGHT_RESTART) == K5_OK) {
        task_t task = k.cap.object[cap_slot(slot)];
        sched_t consequence = sys_task_restart();

        if (result() == K5_OK) {
            bool waits = has(k.renewed, task); /* for what it lent; the answer brings it nothing */

            PROVE(waits == map_lends(task));
            PROVE((token & 0x1Fu) != task || !reply_good(token, server) || waits);
            PROVE(server != task || !reply_good(token, server));
            PROVE(host.resets[task] == 1u);
            PROVE(k.task.state[task] == (waits ? K5_TASK_AWAITING : K5_TASK_READY));
        }
        step(consequence);
    }
}

/* The answer to a lender that was restarted ends the loan, and it begins: nothing of the answer
 * reaches it. */
void h_token_renewed(void)
{
    any_call_state();
    uint32_t token = host.arg[k.current][K5_A_AUX];
    task_t lender = (task_t)(token & 0x1Fu);

    ASSUME(reply_good(token, k.current) && has(k.renewed, lender));
    step(sys_reply());
    if (result() == K5_OK) {
        PROVE(same_context(lender) && k.task.state[lender] == K5_TASK_READY);
        PROVE(!map_lends(lender) && !has(k.renewed, lender));
    }
}

/* ---- bystanders: a task that neither calls nor is called sees no change ------------------------
 */

/* Who else a call of the running task may touch: the server, the sender taken or the target. */
static bool bystander(task_t t, task_t a)
{
    return t != old.k.current && t != a;
}

static uint8_t slot_object(uint8_t type)
{
    uint32_t slot = (host.arg[k.current][K5_A_OP] >> 8) & 0xFFu;

    return slot < cfg.slot_count[k.current] && k.cap.type[cap_slot(slot)] == type
               ? k.cap.object[cap_slot(slot)]
               : (uint8_t)K5_NIL;
}

/* An overrun also touches those on the same context and who supervises them. */
static bool same_chain(task_t t)
{
    task_t context = old.k.task.sc[old.k.current];
    bool same = false;

    for (uint32_t u = 0; u < K5_TASKS; u++) {
        same = same || (old.k.task.sc[u] == context && (u == t || cfg.handler[u] == t));
    }
    return same;
}

#define BYSTANDER(name, other)                         \
    void h_bystander_##name(void)                      \
    {                                                  \
        any_call_state();                              \
        task_t t = any_task();                         \
        task_t touched = (other);                      \
                                                       \
        step(sys_##name());                            \
        if (bystander(t, touched) && !same_chain(t)) { \
            PROVE(same_ipc(t) && same_record(t));      \
            PROVE(same_context(t));                    \
        }                                              \
    }

static task_t server_of_slot(void)
{
    uint8_t endpoint = slot_object(K5_CAP_ENDPOINT);

    return endpoint == K5_NIL ? (task_t)K5_NIL : cfg.server[endpoint];
}

static task_t named_by_token(void)
{
    uint32_t token = host.arg[k.current][K5_A_AUX];

    return reply_good(token, k.current) ? (task_t)(token & 0x1Fu) : (task_t)K5_NIL;
}

BYSTANDER(signal, slot_object(K5_CAP_NOTIFICATION))
BYSTANDER(send, server_of_slot())
BYSTANDER(call, server_of_slot())
BYSTANDER(reply, named_by_token())
BYSTANDER(wait, (task_t)K5_NIL)
BYSTANDER(yield, (task_t)K5_NIL)
BYSTANDER(task_inspect, (task_t)K5_NIL)

static bool turned_away(task_t t)
{
    return message_check(t, k.current) != K5_OK;
}

/* recv touches one queued sender at most, and only one of its own endpoint; those whose message
 * cannot be taken any more are told, as long as one of them is the next. */
void h_bystander_recv(void)
{
    any_call_state();
    task_t a = any_task();
    task_t b = any_task();
    uint8_t mine = cfg.endpoint[k.current];

    ASSUME(a != b && a != k.current && b != k.current);
    ASSUME(!turned_away(a) && !turned_away(b));
    step(sys_recv());
    PROVE((same_ipc(a) && same_context(a)) || (same_ipc(b) && same_context(b)));
    PROVE((same_ipc(a) && same_context(a)) || old.k.task.object[a] == mine);
}

/* ---- authority: only the calls of h_cap.c write a capability table ---------------------------
 */

#define AUTHORITY(name)           \
    void h_authority_##name(void) \
    {                             \
        any_call_state();         \
        step(sys_##name());       \
        PROVE(same_tables());     \
    }

AUTHORITY(send)
AUTHORITY(call)
AUTHORITY(recv)
AUTHORITY(reply)
AUTHORITY(reply_recv)
AUTHORITY(signal)
AUTHORITY(wait)
AUTHORITY(yield)
AUTHORITY(time)
AUTHORITY(ipc_setup)
AUTHORITY(task_inspect)
AUTHORITY(task_restart)
AUTHORITY(task_stop)
AUTHORITY(task_suspend)
AUTHORITY(task_resume)
AUTHORITY(irq_ack)
AUTHORITY(log)
AUTHORITY(panic)

static sched_t sys_bad_number(void)
{
    return sys_bad_call(nondet_u32());
}
AUTHORITY(bad_number)
