/* The ring of trace records: the newest are in it, the oldest are lost when it is full.
 *
 *   record:  | 4 | 5 | 2 | 3 |      written = 6: the next goes to 6 % 4, and 2 is lost
 *                      ^
 *
 * Part of an image only if it traces; trace.h says where it is called. It writes nothing else, so
 * it needs no place in the invariant.
 */
#include "kernel/kernel.h"

#include "arch/arch.h"

_Static_assert(sizeof(struct trace_record) == K5_TRACE_RECORD_SIZE,
               "a record, as the tool reads it");

volatile struct trace_ring trace_ring;

/* These two and trace_boot are places for a debugger, so they must not become part of others. One
 * that halts the machine at every turn reads all, for half of the ring is free then. */
__attribute__((noinline)) void trace_turn(void)
{
    trace_ring.turns = trace_ring.turns + 1u;
}

__attribute__((noinline)) void trace_last(void)
{
    trace_ring.turns = trace_ring.turns + 1u;
}

void trace_put(struct trace_record event)
{
    event.time = time_extend(k.now, arch_now());
    uint32_t written = trace_ring.written;

    trace_ring.record[written % K5_TRACE_RECORDS] = event;
    trace_ring.written = ++written;
    if (written % (K5_TRACE_RECORDS / 2u) == 0) {
        trace_turn();
    }
}

__attribute__((noinline)) void trace_boot(void)
{
    trace_ring.running = K5_IDLE;
    trace_ring.payer = K5_NIL;
    trace_event(K5_TRACE_BOOT, K5_NIL, K5_NIL, K5_TRACE_VERSION, K5_TASKS);
}

/* A task that goes on on another context is news too: somebody else pays. */
void trace_choice(void)
{
    task_t payer = k.current == K5_IDLE ? K5_NIL : k.task.sc[k.current];

    if (k.current != trace_ring.running || payer != trace_ring.payer) {
        trace_ring.running = k.current;
        trace_ring.payer = payer;
        trace_pair(K5_TRACE_RUN, k.current, payer);
    }
}
