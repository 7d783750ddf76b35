/* What a harness is made of: any state that the invariant allows, one step, the invariant again.
 *
 *   any_state()       cfg: any tables that config_objects_valid() accepts; k: any state that
 * kernel_valid() accepts; contexts, counter and log: anything some operation    with whatever
 * arguments the context happens to hold PROVE(...)        what must hold now
 *
 * So a result holds after any number of steps: boot establishes the invariant (h_boot) and each
 * step keeps it. `old` is the state before the step, for properties that compare.
 */
#ifndef PROVE_H
#define PROVE_H

#include "arch/host/host.h"
#include "kernel/invariant.h"
#include "kernel/kernel.h"

#define PROVE(condition)  __CPROVER_assert(condition, #condition)
#define ASSUME(condition) __CPROVER_assume(condition)

/* CBMC gives a function without a body whose name begins with nondet_ any result. */
bool nondet_bool(void);
uint8_t nondet_u8(void);
uint16_t nondet_u16(void);
uint32_t nondet_u32(void);
uint64_t nondet_u64(void);

/* Times of the state before the step. With TIME_BITS n they lie in 2^n ticks around a wrap of the
 * 32-bit counter, and budgets and periods have n - 2 bits: the same sums and comparisons, so that
 * a solver is done with them soon. Deadlines that a task passes are any 64 bits all the same. */
#ifdef TIME_BITS
#define TIME_BASE ((1ull << 32) - (1ull << (TIME_BITS - 1)))
static inline uint64_t any_time(void)
{
    return TIME_BASE + (nondet_u64() & ((1ull << TIME_BITS) - 1u));
}
static inline uint32_t any_ticks(void)
{
    return nondet_u32() & ((1u << (TIME_BITS - 2)) - 1u);
}
#else
static inline uint64_t any_time(void)
{
    return nondet_u64();
}
static inline uint32_t any_ticks(void)
{
    return nondet_u32();
}
#endif

static inline bool has(word set, uint32_t t)
{
    return ((set >> t) & 1u) != 0;
}

struct old {
    struct kernel k;
    struct host host;
};
extern struct old old;
extern ktime true_time; /* what the 32-bit counter is the low word of */
/* What the copies of a step did to one byte of memory, which may be any: */
struct witness {
    uint32_t address;
    uint32_t written; /* how often */
    task_t from, to;  /* of the last time: whose byte, into whose memory */
    uint32_t source;  /* and its address */
};
extern struct witness witness;
extern bool machine_refuses; /* what arch_copy says: a bus error, against what the tables say */
extern struct verdict {      /* what message_contract.c says of a long message */
    bool buffer[K5_TASKS];
    uint8_t lend[K5_TASKS];
    uint8_t error; /* of all but the buffer */
} verdict;
extern uint32_t allowed_panic; /* a K5_PANIC_* that is a good end of this harness; 0: none */

void any_config(void);
void any_kernel(void);     /* k and the contexts: nothing assumed but the width of times */
void any_clock(void);      /* the true time, not before k.now; `old` is as it is now */
void any_state(void);      /* no REQUIRE on k.current: it may be K5_IDLE */
void any_call_state(void); /* a task runs and is in a system call */
void prove_valid(void);    /* each part of kernel_valid() as a property of its own */
task_t any_task(void);     /* a task number */

/* mid.c: what holds after an operation, before sched_resolve(). */
bool mid_time(void);                /* the charged context may be used up, the alarm may be late */
bool mid_time_but(uint32_t spared); /* of this context only that its refills are valid */
bool mid_owner_home(void);          /* of what is charged: where an alarm interrupts (lend_valid) */
bool mid_events(void);              /* no event is missing */
void any_middle(void); /* in the middle of an entry: events may be missing; no caps_usable() */
void prove_middle(void);
void any_mid(void);
void prove_mid(void);
void prove_step(sched_t consequence); /* after an operation: it must be true of this */

/* One operation; who runs next is not asked. sched_resolve() changes nothing that these properties
 * speak of (h_resolve_frame), and leaving it out makes them several times cheaper. */
static inline void step(sched_t consequence)
{
    (void)consequence;
}

/* Is it as it was in `old`? */
bool same_ipc(task_t t);     /* state, what it is blocked on, its queue, its notifications */
bool same_record(task_t t);  /* fault record and statistics */
bool same_context(task_t t); /* argument registers, never reset */
bool same_cap(uint16_t s);   /* a slot */
bool same_tables(void);      /* all slots, and the sweep */
bool tables_equal(const struct kernel *a, const struct kernel *b);

/* What a use of a capability relies on: caps_valid() says it and more (h_caps_usable). Most
 * operations write no table (h_authority_*), so they keep all of caps_valid() and sweep_valid();
 * those that do are in h_cap.c. */
bool caps_usable(void);

/* The machine obeys: a line is open exactly while its irq is armed. Goes with irqs_valid(). */
bool lines_match(void);

/* It has mapped what k.map says. Goes with maps_valid(). */
bool maps_match(void);

#endif
