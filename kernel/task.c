/* Tasks: how they stop, how they come back, what their supervisor may see and do.
 *
 * A fault, a panic, an exit or a bad call number stops the running task and nothing else. Its
 * record stays until the next fault. With a handler it is FAULTED: the handler restarts it or stops
 * it for good. Without one its on-fault decides: it is STOPPED, or starts anew at once, or the
 * system resets. Callers of a stopped task are told. However a task leaves what it was doing, time
 * that it was lent or that it lent goes home first (lend.c), and its interrupt lines are masked.
 */
#include "kernel/kernel.h"

#include "arch/arch.h"
#include "kernel/argument.h"
#include "kernel/contract.h"

static bool supervises(task_t task)
{
    bool any = false;

    for (uint32_t t = 0; t < K5_TASKS; t++) {
        any = any || cfg.handler[t] == task;
    }
    return any;
}

/* Nobody will ever restart this task; its own calls and its callers' are over. */
static sched_t stop_for_good(task_t task)
{
    endpoint_leave(task);
    irq_release(task);
    k.suspended &= ~task_bit(task);
    k.renewed &= ~task_bit(task);
    region_return(task);
    sched_t abandoned = reply_abandon(task);
    sched_t stopped = sched_either(abandoned, sched_stop(task, K5_TASK_STOPPED));

    stopped = sched_either(stopped, lend_leave(task)); /* it is queued no more: lend.c */
    return cfg.endpoint[task] == K5_NIL ? stopped
                                        : sched_either(stopped, endpoint_close(cfg.endpoint[task]));
}

static uint32_t count_one(uint32_t count)
{
    return count == UINT32_MAX ? count : count + 1u;
}

static MUST_CHECK sched_t task_restart(task_t task);

/* By the same steps as a handler's restart; its budget bounds how often, for nothing refills it. */
static sched_t restart_at_once(task_t task)
{
    sched_t stopped = sched_stop(task, K5_TASK_FAULTED);
    sched_t restarted = task_restart(task);

    log_restart(task, K5_NIL);
    return sched_either(stopped, restarted);
}

sched_t task_fault(task_t task)
{
    k.task.faults[task] = count_one(k.task.faults[task]);
    trace_event(K5_TRACE_FAULT, task, K5_NIL, k.task.cause[task], k.task.fault_address[task]);
    log_fault(task);
    if (cfg.handler[task] != K5_NIL) {
        irq_release(task);
        sched_t left = lend_leave(task);
        sched_t abandoned = reply_abandon(task);
        sched_t stopped = sched_either(abandoned, sched_stop(task, K5_TASK_FAULTED));

        stopped = sched_either(left, stopped);
        return sched_either(stopped, notification_set(cfg.handler[task], cfg.handler_bits[task]));
    }
    /* If others rely on it for their faults, the system as a whole has lost its supervision, and
     * going on would hide that. */
    if (supervises(task)) {
        kernel_panic(K5_PANIC_SUPERVISOR, task);
    }
    switch (cfg.on_fault[task]) {
    case K5_ON_FAULT_RESTART: return restart_at_once(task);
    case K5_ON_FAULT_RESET: kernel_reset(task);
    default: return stop_for_good(task);
    }
}

/* It goes on on its home context, so nobody needs to act, but somebody should know. */
sched_t task_overrun(task_t task, task_t owner)
{
    k.task.overruns[task] = count_one(k.task.overruns[task]);
    trace_pair(K5_TRACE_OVERRUN, task, owner);
    log_overrun(task, owner);
    return cfg.handler[task] == K5_NIL
               ? SCHED_SAME
               : notification_set(cfg.handler[task], cfg.handler_bits[task]);
}

/* The running task stops by a call of its own. */
static sched_t fault_by_call(uint8_t cause, uint32_t value)
{
    task_t me = k.current;

    k.task.cause[me] = cause;
    k.task.fault_address[me] = value;
    k.task.fault_flags[me] = arch_registers(me, k.task.fault_reg[me]) | K5_FAULT_HAS_ADDRESS;
    return task_fault(me);
}

sched_t sys_panic(void)
{
    return fault_by_call(K5_FAULT_PANIC, arch_arg(k.current, K5_A_AUX));
}

sched_t sys_exit(void)
{
    return fault_by_call(K5_FAULT_EXIT, arch_arg(k.current, K5_A_AUX));
}

sched_t sys_bad_call(uint32_t number)
{
    return fault_by_call(K5_FAULT_SYSCALL, number);
}

static void words(task_t me, uint32_t a, uint32_t b, uint32_t c, uint32_t d)
{
    arch_result(me, K5_A_W0, a);
    arch_result(me, K5_A_W0 + 1, b);
    arch_result(me, K5_A_W0 + 2, c);
    arch_result(me, K5_A_W0 + 3, d);
}

static uint32_t condition(task_t task)
{
    uint32_t suspended = (k.suspended & task_bit(task)) != 0 ? K5_CONDITION_SUSPENDED : 0u;
    uint32_t empty = (k.empty & task_bit(task)) != 0 ? K5_CONDITION_EMPTY : 0u;

    return suspended | empty | (lend_holds(task) ? K5_CONDITION_LENT : 0u);
}

static void inspect_state(task_t me, task_t task)
{
    uint32_t first = k.task.state[task] | (uint32_t)k.task.cause[task] << 8 |
                     (uint32_t)k.task.fault_flags[task] << 16 | condition(task) << 24;

    words(me, first, k.task.fault_address[task], k.task.restarts[task], k.task.faults[task]);
}

static void inspect_registers(task_t me, task_t task, uint32_t page)
{
    for (uint32_t i = 0; i < K5_MSG_WORDS; i++) {
        uint32_t r = (page - 1u) * K5_MSG_WORDS + i;

        arch_result(me, K5_A_W0 + i, r < K5_REG_COUNT ? k.task.fault_reg[task][r] : 0);
    }
}

static void inspect(task_t me, task_t task, uint32_t page)
{
    ktime own = k.task.time_own[task];
    ktime lent = k.task.time_lent[task];

    switch (page) {
    case 0: inspect_state(me, task); break;
    case K5_INSPECT_TIME:
        words(me, (uint32_t)(own & UINT32_MAX), (uint32_t)(own >> 32),
              (uint32_t)(lent & UINT32_MAX), (uint32_t)(lent >> 32));
        break;
    case K5_INSPECT_COUNT:
        words(me, k.task.calls[task], k.task.overruns[task], log_drops(task), 0);
        break;
    default: inspect_registers(me, task, page); break;
    }
}

sched_t sys_task_inspect(void)
{
    task_t me = k.current;
    uint32_t number = slot_arg();
    uint32_t page = arch_arg(me, K5_A_AUX);
    uint8_t error = cap_check(number, K5_CAP_TASK, K5_RIGHT_INSPECT);

    if (error == K5_OK && page >= K5_INSPECT_PAGES) {
        error = K5_ERR_ARG;
    }
    if (error == K5_OK && page == K5_INSPECT_TIME) {
        time_account(arch_now());
    }
    if (error == K5_OK) {
        inspect(me, k.cap.object[cap_slot(number)], page);
    }
    arch_result(me, K5_A_OP, error);
    return SCHED_SAME;
}

/* A handler that died between hearing of a fault and acting on it hears of it again. */
static void tell_again(task_t handler)
{
    for (uint32_t t = 0; t < K5_TASKS; t++) {
        if (cfg.handler[t] == handler && k.task.state[t] == K5_TASK_FAULTED) {
            k.task.pending[handler] |= cfg.handler_bits[t];
        }
    }
}

/* Its new life begins now, or when the memory that it lent is its own again. */
static MUST_CHECK sched_t renew(task_t task)
{
    if (!map_lends(task)) {
        return sched_wake(task);
    }
    k.renewed |= task_bit(task);
    return SCHED_SAME;
}

static MUST_CHECK sched_t task_restart(task_t task)
{
    sched_t abandoned = reply_abandon(task);

    endpoint_leave(task);
    k.suspended &= ~task_bit(task);
    k.task.mask[task] = 0;
    irq_release(task);
    tell_again(task);
    k.task.setup_mask[task] = 0;
    k.task.buffer[task] = 0;
    k.task.buffer_size[task] = 0;
    k.task.cap_place[task] = SLOT_NONE;
    k.task.bits_last[task] = false;
    k.task.restarts[task] = count_one(k.task.restarts[task]);
    trace_pair(K5_TRACE_RESTART, task, k.current);
    arch_task_reset(task);
    arch_result(task, K5_A_OP, K5_SYS_CAP_RESET); /* before its first instruction: revoke.c */
    arch_again(task);
    sched_t woken = renew(task);

    return sched_either(abandoned, sched_either(woken, lend_leave(task)));
}

/* Control acts on another task that has not stopped for good. */
static uint8_t control_check(uint32_t number, uint8_t right)
{
    uint8_t error = cap_check(number, K5_CAP_TASK, right);

    if (error != K5_OK) {
        return error;
    }
    task_t task = k.cap.object[cap_slot(number)];

    return task == k.current || k.task.state[task] == K5_TASK_STOPPED ? K5_ERR_ARG : K5_OK;
}

sched_t sys_task_restart(void)
{
    task_t me = k.current;
    uint32_t number = slot_arg();
    uint8_t error = control_check(number, K5_RIGHT_RESTART);

    arch_result(me, K5_A_OP, error);
    if (error != K5_OK) {
        return SCHED_SAME;
    }
    task_t task = k.cap.object[cap_slot(number)];
    sched_t consequence = task_restart(task);

    log_restart(task, me);
    return consequence;
}

/* A task that handles the faults of others cannot be stopped: nobody would hear of them. */
sched_t sys_task_stop(void)
{
    task_t me = k.current;
    uint32_t number = slot_arg();
    uint8_t error = control_check(number, K5_RIGHT_RESTART);

    if (error == K5_OK && supervises(k.cap.object[cap_slot(number)])) {
        error = K5_ERR_ARG;
    }
    arch_result(me, K5_A_OP, error);
    return error == K5_OK ? stop_for_good(k.cap.object[cap_slot(number)]) : SCHED_SAME;
}

/* ---- suspend and resume ---------------------------------------- */

/* A faulted task can only be restarted, and a handler hears of the faults of others. */
static uint8_t suspend_check(uint32_t number)
{
    uint8_t error = control_check(number, K5_RIGHT_SUSPEND);

    if (error != K5_OK) {
        return error;
    }
    task_t task = k.cap.object[cap_slot(number)];

    return k.task.state[task] == K5_TASK_FAULTED || supervises(task) ? K5_ERR_ARG : K5_OK;
}

/* It stays in whatever it is doing; only its time goes home, and comes home. */
sched_t sys_task_suspend(void)
{
    uint32_t number = slot_arg();
    uint8_t error = suspend_check(number);

    arch_result(k.current, K5_A_OP, error);
    if (error != K5_OK) {
        return SCHED_SAME;
    }
    task_t task = k.cap.object[cap_slot(number)];

    k.suspended |= task_bit(task);
    trace_pair(K5_TRACE_SUSPEND, task, k.current);
    return lend_leave(task);
}

sched_t sys_task_resume(void)
{
    uint32_t number = slot_arg();
    uint8_t error = suspend_check(number);

    arch_result(k.current, K5_A_OP, error);
    if (error != K5_OK) {
        return SCHED_SAME;
    }
    task_t task = k.cap.object[cap_slot(number)];
    uint8_t state = k.task.state[task];
    bool queued = state == K5_TASK_SENDING || state == K5_TASK_CALLING;

    k.suspended &= ~task_bit(task);
    trace_pair(K5_TRACE_RESUME, task, k.current);
    return queued ? sched_either(SCHED_PICK, endpoint_offer(k.task.object[task])) : SCHED_PICK;
}
