/* Who runs: fixed priorities, equals in turn, each as long as the context that it is on has time.
 *
 * Tasks are numbered by priority, so the ready set is one word and the most urgent ready task is
 * its highest bit. Invariant after every entry (sched_valid):
 *   - the running task is ready and not stalled, and no such task is more urgent; with none, nobody
 *     runs;
 *   - the running task's turn has not ended;
 *   - the context that is charged is the one that the running task is on.
 * A turn ends when the task's own context is used up or it yields; blocking does not end it. In one
 * round each equal has one turn: k.turned holds those that had theirs.
 *
 *   runnable 0 0 1 1 1 0 1        equals of the most urgent: tasks 4, 3, 2
 *   turned   0 0 1 0 0 0 0        4 had its turn: 3 is next; when all had one, the round is over
 */
#include "kernel/kernel.h"

#include "arch/arch.h"
#include "kernel/contract.h"

/* The tasks of `set` that have the highest priority in it. */
static word most_urgent(word set)
{
    return set & cfg.equals[word_highest(set)];
}

word round_begin(word set, word done)
{
    word equals = most_urgent(set);

    return (equals & ~done) != 0 ? done : done & ~cfg.equals[word_highest(equals)];
}

task_t round_next(word set, word done)
{
    return word_highest(most_urgent(set) & ~done);
}

static word runnable(void)
{
    return k.ready & ~sched_stalled();
}

/* The running task goes on while it has its turn: an equal that wakes does not interrupt it. Else
 * the next of the most urgent, in a new round if all of them had their turn. */
static task_t sched_choose(void)
{
    word set = runnable();

    if (set == 0) {
        return K5_IDLE;
    }
    word class = cfg.equals[word_highest(set)];
    word fresh = set & class & ~k.turned;

    if (fresh == 0) {
        k.turned &= ~class;
        fresh = set & class;
    } else if (k.current != K5_IDLE && (fresh & task_bit(k.current)) != 0) {
        return k.current;
    }
    return word_highest(fresh);
}

/* ---- blocked and ready ---------------------------------------- */

/* Forget what the task was blocked on. */
static void unblock(task_t task)
{
    k.task.object[task] = K5_NIL;
    k.task.mask[task] = 0;
    k.task.badge[task] = 0;
    k.task.via[task] = SLOT_NONE;
    k.task.deadline[task] = 0;
    k.timed &= ~task_bit(task);
}

sched_t sched_wake(task_t task)
{
    unblock(task);
    k.task.state[task] = K5_TASK_READY;
    k.ready |= task_bit(task);
    trace_pair(K5_TRACE_READY, task, K5_NIL);
    return SCHED_PICK;
}

sched_t sched_stop(task_t task, uint8_t state)
{
    unblock(task);
    k.task.state[task] = state;
    k.ready &= ~task_bit(task);
    trace_event(K5_TRACE_STOP, task, K5_NIL, state, 0);
    return SCHED_PICK;
}

sched_t sched_block(uint8_t state, uint8_t object, ktime deadline)
{
    task_t me = k.current;

    k.ready &= ~task_bit(me);
    k.task.state[me] = state;
    k.task.object[me] = object;
    trace_event(K5_TRACE_BLOCK, me, object, state, k.task.mask[me]);
    if (deadline != 0) {
        k.task.deadline[me] = deadline;
        k.timed |= task_bit(me);
        time_event(deadline);
    }
    return SCHED_PICK;
}

sched_t sys_yield(void)
{
    sched_t charged;

    time_update();
    charged = budget_charge();
    budget_turn_end(k.current);
    arch_result(k.current, K5_A_OP, K5_OK);
    return sched_either(SCHED_PICK, charged);
}

/* ---- who runs, and until when ---------------------------------------- */

/* Must the end of what is left of the running context be seen? Of a turn only if somebody waits for
 * it: an equal, or the owner that lent it. */
bool sched_ends(void)
{
    word others = runnable() & ~task_bit(k.current);

    return refill_limited(k.charged) || lend_holds(k.current) ||
           (others & cfg.equals[k.current]) != 0;
}

/* The next alarm: the next event, or when the context that runs is used up. One that is set for an
 * earlier time stays: it fires for nothing and is set anew then. */
static void set_alarm(void)
{
    ktime at = k.next_event;

    if (k.current != K5_IDLE && sched_ends()) {
        ktime end = k.since + k.refill.amount[k.charged][0];

        at = end < at ? end : at;
    }
    if (k.alarm == TIME_NEVER && at > k.now + TIME_ALARM_MAX) {
        at = k.now + TIME_ALARM_MAX;
    }
    if (at < k.alarm) {
        k.alarm = at;
        arch_alarm((uint32_t)(at & UINT32_MAX));
    }
}

/* While a limit goes on running, what it has left ends when it always would. */
static bool alarm_stands(void)
{
    return k.alarm <= k.next_event && k.alarm != TIME_NEVER && k.charged != K5_IDLE &&
           refill_limited(k.charged);
}

static task_t context_of(task_t task)
{
    return task == K5_IDLE ? K5_IDLE : k.task.sc[task];
}

/* Another context is to be charged. What the one before has used may be the end of somebody's
 * service, so that a supervisor wakes: it is chosen once more. */
static task_t change_context(task_t next)
{
    time_update();
    if (budget_charge() == SCHED_PICK) {
        k.current = next; /* an equal that wakes does not interrupt it */
        next = sched_choose();
    }
    k.charged = context_of(next);
    if (k.charged != K5_IDLE && refill_limited(k.charged)) {
        refill_activate(k.charged);
    }
    return next;
}

/* A change of task on the same context charges nothing and reads no counter here. */
void sched_resolve(sched_t consequence)
{
    if (consequence == SCHED_PICK) {
        task_t next = sched_choose();
        bool change = context_of(next) != k.charged;

        k.current = change ? change_context(next) : next;
        if (change || !alarm_stands()) {
            set_alarm();
        }
    }
}
