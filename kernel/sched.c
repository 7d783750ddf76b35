/* Who runs: fixed priorities, equals in turn.
 *
 * Tasks are numbered by priority, so the ready set is one word and the most urgent ready task is
 * its highest bit. Invariant after every entry (sched_valid):
 *   - the running task is ready, and no ready task is more urgent; with none ready, nobody runs;
 *   - the running task's turn has not ended.
 * A turn ends when its slice is used up or the task yields; blocking does not end it. In one round
 * each ready equal has one turn: k.turned holds those that had theirs.
 *
 *   ready    0 0 1 1 1 0 1        equals of the most urgent: tasks 4, 3, 2
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

/* The running task goes on while it has its turn: an equal that wakes does not interrupt it. */
static bool keeps_turn(void)
{
    if (k.current == K5_IDLE) {
        return false;
    }
    word me = task_bit(k.current);

    return (k.ready & me) != 0 && (k.turned & me) == 0 && (k.ready & ~cfg.equals[k.current]) < me;
}

static task_t sched_choose(void)
{
    if (k.ready == 0) {
        return K5_IDLE;
    }
    if (keeps_turn()) {
        return k.current;
    }
    k.turned = round_begin(k.ready, k.turned);
    return round_next(k.ready, k.turned);
}

static void turn_end(task_t task)
{
    k.turned |= task_bit(task);
    k.task.slice[task] = cfg.period[task];
}

void sched_charge(void)
{
    ktime used = k.now - k.since;

    k.since = k.now;
    if (k.current != K5_IDLE) {
        if (used < k.task.slice[k.current]) {
            k.task.slice[k.current] -= (uint32_t)used;
        } else {
            turn_end(k.current);
        }
    }
}

sched_t sys_yield(void)
{
    time_update();
    k.since = k.now;
    turn_end(k.current);
    arch_result(k.current, K5_A_OP, K5_OK);
    return SCHED_PICK;
}

/* Forget what the task was blocked on. */
static void unblock(task_t task)
{
    k.task.object[task] = K5_NIL;
    k.task.mask[task] = 0;
    k.task.badge[task] = 0;
    k.task.deadline[task] = 0;
    k.timed &= ~task_bit(task);
}

sched_t sched_wake(task_t task)
{
    unblock(task);
    k.task.state[task] = K5_TASK_READY;
    k.ready |= task_bit(task);
    return SCHED_PICK;
}

sched_t sched_stop(task_t task, uint8_t state)
{
    unblock(task);
    k.task.state[task] = state;
    k.ready &= ~task_bit(task);
    return SCHED_PICK;
}

sched_t sched_block(uint8_t state, uint8_t object, ktime deadline)
{
    task_t me = k.current;

    k.ready &= ~task_bit(me);
    k.task.state[me] = state;
    k.task.object[me] = object;
    if (deadline != 0) {
        k.task.deadline[me] = deadline;
        k.timed |= task_bit(me);
        if (deadline < k.next_event) {
            k.next_event = deadline;
        }
    }
    return SCHED_PICK;
}

/* The next alarm: the earliest deadline, or the end of the running task's turn if an equal waits.
 * An alarm that is set for an earlier time stays: it fires for nothing and is set anew then. */
static void set_alarm(void)
{
    ktime at = k.next_event;

    if (k.current != K5_IDLE && (k.ready & cfg.equals[k.current] & ~task_bit(k.current)) != 0) {
        ktime turn = k.since + k.task.slice[k.current];

        at = turn < at ? turn : at;
    }
    if (k.alarm == TIME_NEVER && at > k.now + TIME_ALARM_MAX) {
        at = k.now + TIME_ALARM_MAX;
    }
    if (at < k.alarm) {
        k.alarm = at;
        arch_alarm((uint32_t)(at & UINT32_MAX));
    }
}

void sched_resolve(sched_t consequence)
{
    if (consequence == SCHED_PICK) {
        task_t next = sched_choose();

        if (next != k.current) {
            time_update();
            sched_charge();
            k.current = next;
        }
        set_alarm();
    }
}
