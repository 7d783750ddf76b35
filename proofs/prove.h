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

struct old {
    struct kernel k;
    struct host host;
};
extern struct old old;
extern ktime true_time;        /* what the 32-bit counter is the low word of */
extern uint32_t allowed_panic; /* a K5_PANIC_* that is a good end of this harness; 0: none */

void any_config(void);
void any_state(void);      /* no REQUIRE on k.current: it may be K5_IDLE */
void any_call_state(void); /* a task runs and is in a system call */
void prove_valid(void);    /* each part of kernel_valid() as a property of its own */
task_t any_task(void);     /* a task number */

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

#endif
