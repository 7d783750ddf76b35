/* One noun, one file: what each object's file offers to the others. Included by kernel/kernel.h.
 *
 * sys_* decode one system call of the running task: they read its arguments, refuse or invoke,
 * write its result and return the consequence for the scheduler.
 */
#ifndef KERNEL_OBJECTS_H
#define KERNEL_OBJECTS_H

/* Why the system began anew. */
struct reset {
    uint8_t reason; /* K5_RESET_* */
    task_t task;    /* whom it is about, or K5_NIL */
    uint8_t cause;  /* K5_FAULT_* or K5_PANIC_*, by reason; else 0 */
    uint8_t flags;  /* K5_FAULT_HAS_*, with a fault */
    uint32_t value; /* address of the fault, or value of the panic */
    uint32_t count; /* resets since power came on, this one too; stops at the top */
};

/* ---- endpoint.c: rendezvous of senders and the one server ---- */
MUST_CHECK sched_t sys_send(void);
MUST_CHECK sched_t sys_call(void);
MUST_CHECK sched_t sys_recv(void);
MUST_CHECK sched_t sys_reply_recv(void);
void endpoint_leave(task_t task);                    /* a queued task is in no queue any more */
MUST_CHECK sched_t endpoint_close(uint8_t endpoint); /* its server stopped for good */
MUST_CHECK sched_t endpoint_offer(uint8_t endpoint); /* if the server receives, it takes the next */

/* ---- message.c: words, and of a long message a buffer, a capability ---- */
MUST_CHECK sched_t sys_ipc_setup(void);
/* What message_check() and message_check_all() of argument.h ask of a long message. to: K5_NIL, of
 * an answer to nobody. */
MUST_CHECK uint8_t message_check_taken(task_t from, task_t to);
MUST_CHECK uint8_t message_check_long(task_t from, task_t to, bool grants);
/* Of a long message, after its words and A0: its buffer, as much as there is room for, and its
 * capability if it may have one and there is a place. Flags for the sender, in their
 * place in A0. In this very entry message_check() said K5_OK. */
MUST_CHECK uint32_t message_rest(task_t from, task_t to, bool grants);

/* ---- map.c: lent memory, and what a task maps itself ---- */
bool map_wanted(task_t from); /* does its long message lend? */
/* May the long call of this task lend what it says? K5_OK or the error. */
MUST_CHECK uint8_t map_check(task_t from, task_t server);
bool map_fits(task_t from, task_t server);  /* is there a place now? After map_check. */
void map_make(task_t from, task_t server);  /* after map_fits: the server has it mapped */
void map_end(task_t server, task_t lender); /* what it has of this task's, of all with K5_NIL */
void map_reload(task_t server);             /* tell the port again */
bool map_lends(task_t task);                /* does somebody have memory of this task's? */
/* The task maps a movable region that it holds. K5_OK, or K5_ERR_MAP and nothing is done. */
MUST_CHECK uint8_t map_open(task_t task, uint8_t region, uint8_t rights);
bool map_close(task_t task, uint8_t region); /* it is mapped no more; false: it was not */

/* ---- region.c: movable regions ---- */
MUST_CHECK sched_t sys_map(void);
MUST_CHECK sched_t sys_unmap(void);
bool region_is(uint32_t slot); /* is a movable region's capability there? */
/* The task gives it up: it goes to an empty place of its own, or of another task's. */
void region_move(task_t task, uint16_t from, uint16_t to);
void region_delete(task_t task, uint16_t slot); /* it goes home; there, away until a restart */
void region_return(task_t task); /* all that it holds: each is unmapped and goes home */

/* ---- reply.c: the reply object is the blocked caller ---- */
MUST_CHECK sched_t sys_reply(void);
uint32_t reply_token_next(task_t caller);       /* count one more taken call; its token */
bool reply_good(uint32_t token, task_t server); /* does it name a call this server may answer? */
/* May the running task send the long answer that it has in its registers? K5_OK or the error. */
MUST_CHECK uint8_t reply_check_long(uint32_t token);
/* The running task answers with a token that is not good: what that call lent ends, if its caller
 * is gone.
 */
void reply_late(uint32_t token);
/* By the running task, to a good token. Its own A0 is the result of `reply` then. */
MUST_CHECK sched_t reply_send(uint32_t token);
/* What a caller's A0 is from the delivery of its call to the answer: flags of the delivery, and
 * whether the answer may bring a capability, for the call was made by one with K5_RIGHT_GRANT. */
#define REPLY_GRANTS 0x10000u
MUST_CHECK sched_t reply_abandon(task_t server); /* its callers get K5_ERR_PEER_DIED */

/* ---- notification.c ---- */
MUST_CHECK sched_t sys_signal(void);
MUST_CHECK sched_t sys_wait(void);
MUST_CHECK sched_t notification_set(task_t task, word bits);    /* set bits; deliver if it waits */
MUST_CHECK sched_t notification_arrive(task_t task, word bits); /* the same, not traced */
void notification_take(task_t task, word mask); /* its pending bits of mask, as a result */

/* ---- irq.c: interrupt lines and the tasks that drive them ---- */
MUST_CHECK sched_t sys_irq_ack(void);
MUST_CHECK sched_t irq_raise(uint8_t irq); /* its line was raised: mask it, tell the driver */
void irq_release(task_t driver);           /* it ends or starts anew: its lines are masked */

/* ---- task.c: life, faults, control ---- */
MUST_CHECK sched_t sys_task_inspect(void);
MUST_CHECK sched_t sys_task_restart(void);
MUST_CHECK sched_t sys_task_stop(void);
MUST_CHECK sched_t sys_task_suspend(void);
MUST_CHECK sched_t sys_task_resume(void);
MUST_CHECK sched_t sys_panic(void);
MUST_CHECK sched_t sys_exit(void);
MUST_CHECK sched_t sys_bad_call(uint32_t number);
MUST_CHECK sched_t task_fault(task_t task); /* its record is written: stop it, tell */
MUST_CHECK sched_t task_overrun(task_t task, task_t owner); /* it used up the owner's time: tell */

/* ---- capability.c, revoke.c ---- */
MUST_CHECK sched_t sys_cap_mint(void);
MUST_CHECK sched_t sys_cap_info(void);
MUST_CHECK sched_t sys_cap_move(void);
MUST_CHECK sched_t sys_cap_delete(void);
MUST_CHECK sched_t sys_cap_revoke(void);
MUST_CHECK sched_t sys_cap_sweep(void);
MUST_CHECK sched_t sys_cap_reset(void);

/* ---- time.c, sched.c ---- */
MUST_CHECK sched_t sys_time(void);
MUST_CHECK sched_t sys_yield(void);

/* ---- log.c: deferred frames in a ring of RTT layout (docs: abi/k5_log_abi.h) ---- */
MUST_CHECK sched_t sys_log(void);
void log_boot(void);         /* lay out the ring; first frame: build id */
void log_fault(task_t task); /* from the task's fault record */
void log_restart(task_t task, task_t by);
void log_overrun(task_t task, task_t owner);
uint32_t log_drops(task_t task); /* frames of it that found no room, since boot */
void log_panic(uint32_t where, uint32_t value);
void log_reset(const struct reset *why);
bool log_drain(uint8_t *byte); /* next byte not yet read; at the end only */

/* ---- panic.c ---- */
/* A condition the kernel relies on does not hold: put the board into its safe state, report, then
 * halt or reset. `where` is a K5_PANIC_* of abi/k5_panic.h; value: what was seen. */
_Noreturn void kernel_panic(uint32_t where, uint32_t value);
_Noreturn void kernel_watchdog(void); /* from the port: nobody fed the watchdog in time */
/* A task with on-fault = "reset" faulted; its record is written. */
_Noreturn void kernel_reset(task_t task);

/* ---- reset.c: the reason of a reset, over the reset ---- */
struct reset reset_of_task(uint8_t reason, task_t task); /* with the cause of its last fault */
void reset_keep(struct reset why);                       /* its count is not looked at */
bool reset_recall(struct reset *why); /* once, at boot: was there a reset? Its reason */
void reset_report(void);              /* likewise, and log it */

#endif
