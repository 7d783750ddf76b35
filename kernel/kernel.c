/* The kernel's entries: boot, system call, alarm, interrupt, fault. The whole dispatch on one page.
 *
 * Each entry runs with the kernel's interrupts held off from its first to its last instruction and
 * ends in leave(): k.current is who runs next.
 */
#include "kernel/kernel.h"

#include "arch/arch.h"
#include "kernel/argument.h"
#include "kernel/contract.h"

struct kernel k;

static void leave(sched_t consequence)
{
    sched_resolve(consequence);
    if (K5_TRACE) {
        trace_choice();
    }
    INVARIANT(kernel_valid(), k.current);
}

/* Calls that send a message look at K5_OP_LONG themselves. */
static sched_t dispatch(uint32_t number)
{
    switch (number) {
    case K5_SYS_SEND:
    case K5_SYS_SEND | K5_OP_LONG: return sys_send();
    case K5_SYS_CALL:
    case K5_SYS_CALL | K5_OP_LONG: return sys_call();
    case K5_SYS_RECV: return sys_recv();
    case K5_SYS_REPLY:
    case K5_SYS_REPLY | K5_OP_LONG: return sys_reply();
    case K5_SYS_REPLY_RECV:
    case K5_SYS_REPLY_RECV | K5_OP_LONG: return sys_reply_recv();
    case K5_SYS_SIGNAL: return sys_signal();
    case K5_SYS_WAIT: return sys_wait();
    case K5_SYS_YIELD: return sys_yield();
    case K5_SYS_TIME: return sys_time();
    case K5_SYS_IPC_SETUP: return sys_ipc_setup();
    case K5_SYS_TASK_INSPECT: return sys_task_inspect();
    case K5_SYS_TASK_RESTART: return sys_task_restart();
    case K5_SYS_TASK_STOP: return sys_task_stop();
    case K5_SYS_TASK_SUSPEND: return sys_task_suspend();
    case K5_SYS_TASK_RESUME: return sys_task_resume();
    case K5_SYS_CAP_MINT: return sys_cap_mint();
    case K5_SYS_CAP_MOVE: return sys_cap_move();
    case K5_SYS_CAP_DELETE: return sys_cap_delete();
    case K5_SYS_CAP_REVOKE: return sys_cap_revoke();
    case K5_SYS_CAP_INFO: return sys_cap_info();
    case K5_SYS_CAP_SWEEP: return sys_cap_sweep();
    case K5_SYS_CAP_RESET: return sys_cap_reset();
    case K5_SYS_MAP: return sys_map();
    case K5_SYS_UNMAP: return sys_unmap();
    case K5_SYS_IRQ_ACK: return sys_irq_ack();
    case K5_SYS_LOG: return sys_log();
    case K5_SYS_PANIC: return sys_panic();
    case K5_SYS_EXIT: return sys_exit();
    default: return sys_bad_call(number);
    }
}

void kernel_syscall(void)
{
    REQUIRE(k.current < K5_TASKS, k.current);
    leave(dispatch(number_arg()));
}

void kernel_alarm(void)
{
    sched_t charged;
    sched_t expired;

    time_update();
    k.alarm = TIME_NEVER;
    k.next_event = TIME_NEVER; /* the next three find it anew */
    charged = budget_charge();
    expired = deadline_expire();
    leave(sched_either(sched_either(charged, expired), sched_either(budget_refill(), SCHED_PICK)));
}

void kernel_interrupt(uint32_t irq)
{
    REQUIRE(irq < K5_IRQS && cfg.irq_task[irq] < K5_TASKS, irq);
    leave(irq_raise((uint8_t)irq));
}

void kernel_fault(uint8_t cause, uint8_t flags, uint32_t address, const uint32_t reg[K5_REG_COUNT])
{
    task_t me = k.current;

    REQUIRE(me < K5_TASKS, me);
    k.task.cause[me] = cause;
    k.task.fault_flags[me] = flags;
    k.task.fault_address[me] = address;
    for (uint32_t i = 0; i < K5_REG_COUNT; i++) {
        k.task.fault_reg[me][i] = reg[i];
    }
    leave(task_fault(me));
}

COLD static void boot_task(task_t task)
{
    k.task.state[task] = K5_TASK_READY;
    k.task.object[task] = K5_NIL;
    k.task.via[task] = SLOT_NONE;
    k.task.cap_place[task] = SLOT_NONE;
    k.task.sc[task] = task;
    k.task.lender[task] = K5_NIL;
    k.ready |= task_bit(task);
    refill_boot(task);
    cap_load(task);
    arch_task_reset(task);
}

COLD void kernel_boot(void)
{
    if (!config_valid()) {
        kernel_panic(K5_PANIC_CONFIG, 0);
    }
    k = (struct kernel){
        .current = K5_IDLE, .charged = K5_IDLE, .next_event = TIME_NEVER, .alarm = TIME_NEVER};
    time_update();
    k.since = k.now;
    k.mark = (uint32_t)(k.now & UINT32_MAX);
    if (K5_TRACE) {
        trace_boot();
    }
    for (uint32_t s = 0; s < K5_SLOTS; s++) {
        cap_clear(s); /* one that is no task's, too */
    }
    for (uint32_t m = 0; m < K5_MAPS; m++) {
        k.map.lender[m] = K5_NIL;
        k.map.region[m] = K5_NIL;
    }
    for (uint32_t r = 0; r < K5_MOVABLES; r++) {
        k.movable_at[r] = cfg.movable_home[r];
    }
    for (uint32_t t = 0; t < K5_TASKS; t++) {
        boot_task((task_t)t);
    }
    log_boot();
    reset_report();
    leave(SCHED_PICK);
}
