/* The kernel's state and its parts: one global, struct of arrays, indices instead of pointers.
 *
 *   arch entry -> kernel_syscall / kernel_alarm / kernel_interrupt / kernel_fault
 *                   decode: look up, check, write nothing
 *                   invoke: write, cannot fail, return what it means for the scheduler
 *                 sched_resolve: who runs now, when the next alarm is due
 *   arch exit  <- k.current
 *
 * Which set a task stands in follows from its state alone: docs/adr/0002-task-states.md.
 */
#ifndef KERNEL_H
#define KERNEL_H

#include "kernel/config.h"
#include "kernel/contract.h"

/* What an operation means for the scheduler: may the choice have changed? */
typedef enum { SCHED_SAME, SCHED_PICK } sched_t;
#define MUST_CHECK __attribute__((warn_unused_result))

/* Two things happened: does either matter to the scheduler? */
static inline MUST_CHECK sched_t sched_either(sched_t a, sched_t b)
{
    return a == SCHED_PICK ? SCHED_PICK : b;
}

static inline word task_bit(task_t task)
{
    REQUIRE(task < K5_TASK_MAX, task);
    return (word)1 << task;
}

/* The most urgent task of a set that is not empty. */
static inline task_t word_highest(word set)
{
    REQUIRE(set != 0, 0);
    return (task_t)(31 - __builtin_clz(set));
}

struct tasks {
    /* scheduling */
    uint8_t state[K5_TASKS];  /* K5_TASK_* */
    ktime deadline[K5_TASKS]; /* if in k.timed; else 0 */
    /* on whose time: lend.c */
    task_t sc[K5_TASKS];     /* owner of the context it is on; itself: at home */
    task_t lender[K5_TASKS]; /* from whose call it has it, or K5_NIL */
    uint8_t depth[K5_TASKS]; /* calls between the owner and it; 0: at home */
    /* what it is blocked on */
    uint8_t object[K5_TASKS]; /* endpoint, server task or K5_NIL, by state */
    word mask[K5_TASKS];      /* RECEIVING, WAITING: bits that end it; else 0 */
    uint32_t badge[K5_TASKS]; /* SENDING, CALLING: of the capability used; else 0 */
    uint16_t via[K5_TASKS];   /* SENDING, CALLING: its slot; else SLOT_NONE */
    /* notification */
    word pending[K5_TASKS];    /* bits signalled and not yet taken */
    word setup_mask[K5_TASKS]; /* mask of reply_recv, from ipc_setup */
    bool bits_last[K5_TASKS];  /* recv gave bits last time: a waiting message is next */
    /* long messages */
    uint32_t buffer[K5_TASKS];      /* where what comes is copied to, from ipc_setup */
    uint16_t buffer_size[K5_TASKS]; /* .. K5_BUFFER_MAX; 0: it has none */
    uint16_t cap_place[K5_TASKS];   /* its free slot for a capability that comes, or SLOT_NONE */
    /* replies */
    uint32_t calls[K5_TASKS]; /* count of taken calls, 27 bits, 0: none yet; survives restart */
    /* faults; kept for the handler until the next fault */
    uint8_t cause[K5_TASKS]; /* K5_FAULT_* */
    uint8_t fault_flags[K5_TASKS];
    uint32_t fault_address[K5_TASKS];
    /* statistics; counts stop at the top */
    uint32_t faults[K5_TASKS];
    uint32_t restarts[K5_TASKS];
    uint32_t overruns[K5_TASKS];
    ktime time_own[K5_TASKS];                   /* ticks used at home */
    ktime time_lent[K5_TASKS];                  /* ticks used on the time of callers */
    uint32_t fault_reg[K5_TASKS][K5_REG_COUNT]; /* with the faults above; last, for it is large */
};

struct refills { /* of each task's home context: refill.c */
    ktime time[K5_TASKS][K5_REFILL_MAX];
    uint32_t amount[K5_TASKS][K5_REFILL_MAX];
    uint8_t count[K5_TASKS];
};

struct endpoints {
    word waiting[K5_ENDPOINTS]; /* tasks SENDING or CALLING here */
    word served[K5_ENDPOINTS];  /* those served in this round; see round_begin */
};

#define CAP_DYING 0x80u   /* in a type: revoked or moved; its slot is not free yet: revoke.c */
#define SLOT_NONE 0xFFFFu /* no slot of the system */

struct caps { /* the live capability tables: capability.c */
    uint8_t type[K5_SLOTS];
    uint8_t rights[K5_SLOTS];
    uint8_t object[K5_SLOTS];
    uint8_t depth[K5_SLOTS];   /* more than its parent's; 0: of the image, or empty */
    uint16_t parent[K5_SLOTS]; /* the slot that it derives from, or SLOT_NONE */
    uint32_t badge[K5_SLOTS];
};

typedef enum { SWEEP_NONE, SWEEP_MARK, SWEEP_WAKE, SWEEP_CLEAR, SWEEP_LOAD, SWEEP_ADOPT } phase_t;

struct maps {                /* what tasks map as they run, by place of the task: map.c */
    task_t lender[K5_MAPS];  /* of a loan; K5_NIL: none is here */
    uint8_t region[K5_MAPS]; /* of a movable region; K5_NIL: none is here. If neither is, the place
                              * is free, and the rest of it says nothing */
    uint8_t rights[K5_MAPS];
    uint32_t base[K5_MAPS];
    uint32_t size[K5_MAPS];
};

struct sweep {       /* a pass over all slots, in steps: revoke.c */
    uint8_t phase;   /* phase_t */
    task_t task;     /* whose call began it */
    bool load;       /* then load the boot table of `task` */
    uint16_t cursor; /* slots before it are done in this phase */
    uint16_t first;  /* MARK ..: what derives from [first, end) goes; ADOPT: the one that goes */
    uint16_t end;
    uint16_t heir; /* ADOPT: parent of its children from now on */
};

struct kernel {
    task_t current;      /* the running task, or K5_IDLE */
    word ready;          /* tasks in state READY */
    word turned;         /* ready or not: their turn in this round ended */
    word suspended;      /* neither run nor are served, whatever their state */
    word borrowing;      /* on the context of a caller */
    word empty;          /* contexts, by owner, that wait for their next refill */
    word timed;          /* blocked tasks with a deadline */
    word armed;          /* irqs that were acknowledged and have not come since: irq.c */
    word mapped;         /* tasks that have something in k.map; entry.S knows where it is */
    word renewed;        /* restarted while lent memory was out: run again when it is back */
    task_t charged;      /* the context that is charged: the running task's, or K5_IDLE */
    uint32_t mark;       /* low word of the time up to which the statistics are */
    ktime now;           /* time when it was last read */
    ktime since;         /* time from which the charged context has not been charged */
    ktime next_event;    /* no deadline and no refill that is waited for is earlier */
    ktime alarm;         /* what the alarm is set for; TIME_NEVER: it fired */
    struct endpoints ep; /* small and hot first: near offsets are short instructions */
    struct caps cap;
    struct refills refill;
    struct tasks task;
    struct maps map;
    uint16_t movable_at[K5_MOVABLES]; /* the place that has its capability, or had it last */
    struct sweep sweep;
};
extern struct kernel k;

/* ---- kernel.c: entries from the port; each ends with k.current = who runs next -------------- */
void kernel_boot(void);    /* sets up k; the port then enters k.current */
void kernel_syscall(void); /* the running task made a system call; arguments by arch_arg */
void kernel_alarm(void);   /* the alarm fired, or may have */
/* An interrupt line that a task drives was raised; irq: its index in cfg. */
void kernel_interrupt(uint32_t irq);
/* The running task did something the hardware refused. reg: see K5_REG_COUNT; flags:
 * K5_FAULT_HAS_*. Never called with K5_IDLE running: the port treats that as a kernel fault. */
void kernel_fault(uint8_t cause, uint8_t flags, uint32_t address, const uint32_t reg[K5_REG_COUNT]);

/* ---- sched.c ---- */
/* Equals in turn: of a set, the most urgent that are not in `done`. round_begin empties `done` of
 * them if all had their turn and returns it; round_next(set, that) is who is next. set != 0. */
word round_begin(word set, word done);
task_t round_next(word set, word done);
MUST_CHECK sched_t sched_wake(task_t task); /* a task in no queue becomes READY */
/* A task in no queue becomes FAULTED or STOPPED. */
MUST_CHECK sched_t sched_stop(task_t task, uint8_t state);
/* The running task blocks; deadline 0 = none, else it has not passed (time_passed). */
MUST_CHECK sched_t sched_block(uint8_t state, uint8_t object, ktime deadline);
bool sched_ends(void); /* must the end of what the running context has left be seen? */
void sched_resolve(sched_t consequence); /* k.current = who runs; set the alarm */

/* Tasks that may not run and are not served: suspended, or at home on an empty context. */
static inline word sched_stalled(void)
{
    return k.suspended | (k.empty & ~k.borrowing);
}

/* ---- budget.c ---- */
MUST_CHECK sched_t budget_charge(void); /* charge the context that runs up to k.now */
MUST_CHECK sched_t budget_refill(void); /* contexts whose head has come are not empty any more */
void budget_empty(task_t context);      /* its head may have moved: does it wait for a refill? */
void budget_turn_end(task_t task);      /* its turn ended; its own, if it is one, starts anew */

/* ---- refill.c: one context's arithmetic; docs/manual/time.md has the rules ---- */
bool refill_limited(task_t context);                /* a limit; false: a turn */
void refill_boot(task_t context);                   /* the whole budget, now */
void refill_activate(task_t context);               /* a limit, head <= k.since: begins then */
void refill_gather(task_t context, uint32_t least); /* head >= least, or the whole budget */
bool refill_charge(task_t context, ktime used);     /* up to k.now; true: it is used up */
bool refill_valid(task_t context);

/* ---- lend.c ---- */
static inline bool lend_holds(task_t task) /* is it on the time of a caller? */
{
    return k.task.sc[task] != task;
}
/* `from`, which awaits the answer of `to` from now on, lends it the context that it is on. raw: the
 * counter now. `to` is at home. */
void lend(task_t from, task_t to, uint32_t raw);
MUST_CHECK sched_t lend_return(void);            /* the running task gives back what it holds */
MUST_CHECK sched_t lend_recall(task_t task);     /* those below it in its chain go home */
MUST_CHECK sched_t lend_leave(task_t task);      /* it too */
MUST_CHECK sched_t lend_used_up(task_t context); /* the last one on it overran; all go home */
/* Is enough left for a call of the running task that takes `wcet`? If not, whatever can be done is
 * done: it may be stalled then, which is good only if it blocks. raw: the counter as it was read.
 */
MUST_CHECK sched_t lend_check(uint32_t wcet, uint32_t *raw);
bool lend_affords(uint32_t wcet); /* after that: can it ever be enough? */

/* ---- time.c ---- */
#define TIME_NEVER     UINT64_MAX
#define TIME_ALARM_MAX ((ktime)1 << 30)             /* the counter is read at least this often */
#define TIME_LAST      ((ktime)1 << 62)             /* no clock gets there: 7000 years at 20 MHz */
void time_update(void);                             /* k.now from the counter */
void time_account(uint32_t raw);                    /* statistics of the running task, up to raw */
uint32_t time_distance(uint32_t from, uint32_t to); /* pure: modulo 2^32 */
ktime time_extend(ktime last, uint32_t raw); /* pure: the time >= last whose low word is raw */
bool time_passed(ktime deadline);            /* reads the counter unless deadline is 0 (none) */
void time_event(ktime at);                   /* something will be due then */

/* ---- deadline.c ---- */
/* Wake all whose deadline is not after k.now; the others become events again. */
MUST_CHECK sched_t deadline_expire(void);

/* ---- capability.c, derive.c ---- */
/* May the running task use its slot `number` as `type` with all of `rights`? K5_OK or the error. */
MUST_CHECK uint8_t cap_check(uint32_t number, uint8_t type, uint8_t rights);
uint16_t cap_slot(uint32_t number); /* index into k.cap; number is below the task's slot_count */
bool cap_fixed(uint32_t slot);      /* a place for what the image says, and for nothing else */
bool cap_live(uint32_t slot);       /* neither empty nor dying */
void cap_clear(uint32_t slot);
bool cap_is_place(uint32_t number); /* is it a free slot of the running task, empty or not? */
/* May the running task put something into its slot `number`, a free one? K5_OK or the error. */
MUST_CHECK uint8_t cap_place_check(uint32_t number);
/* May something be derived from this task's slot `number`? K5_OK or the error. */
MUST_CHECK uint8_t cap_source_check(task_t task, uint32_t number);
/* As strong as it is, into an empty free slot; nothing above speaks against it. */
void cap_copy(uint16_t from, uint16_t to);
void cap_load(task_t task); /* the boot table; nothing derives from it */
/* May a capability with `rights` and `badge` derive from one of this type with those of `from`? */
bool cap_weaker(uint8_t type, uint8_t from_rights, uint32_t from_badge, uint8_t rights,
                uint32_t badge);
/* Is what stands in slot s of one object with slot p and not stronger? The fixed place p may be
 * empty: then what it held. */
bool cap_derivable(uint32_t s, uint32_t p);

/* ---- revoke.c ---- */
/* Does it derive from what is being revoked, or is it that itself? Nothing derives from it anew. */
bool revoke_dooms(uint32_t slot);
bool revoke_within(uint32_t slot);   /* is it in the range of the sweep? */
bool revoke_descends(uint32_t slot); /* does it derive from a slot of the range? */

/* ---- trace.c: nothing, unless K5_TRACE ---- */
#include "kernel/trace.h"

/* ---- endpoint.c, message.c, notification.c, irq.c, reply.c, task.c, log.c, panic.c: objects.h --
 */
#include "kernel/objects.h"

/* ---- invariant.c: plain C, shared by tests, debug builds and proofs ---- */
bool kernel_valid(void);

#endif
