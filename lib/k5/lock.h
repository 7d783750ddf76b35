/* A lock for tasks that share a region: one of them has it, the others wait by notification.
 *
 *   static const struct k5_lock_peer peers[] = {{MOTOR_SIGNAL, 0x01}, {PANEL_SIGNAL, 0x01}};
 *   static const struct k5_lock lock = {
 *       .memory = (void *)PLAN_BASE, .id = 1, .count = 2, .peers = peers, .own_bit = 0x01,
 *   };
 *   k5_error error = k5_lock_begin(&lock);
 *   error = k5_lock_take(&lock, k5_after(K5_MS(5)));
 *   if (error == K5_ERR_OWNER_DIED) { ... make the data whole ...; error = K5_OK; }
 *   if (error == K5_OK) { ...; error = k5_lock_give(&lock); }
 *
 * Free and taken without a wait cost no kernel entry.
 *
 * **Priority inversion**: the kernel does not know who has the lock. A task in between, or an empty
 * budget of who has it, keeps an urgent one waiting for as long as that takes; nothing is
 * inherited. Hold it for a few instructions, do not block meanwhile, and give a deadline. Where the
 * time must be bounded, let a server have the data: it runs at its own priority, a passive one on
 * the time of its caller (docs/manual/time.md).
 *
 * **Who has it dies**: the lock stays taken until k5_lock_begin() of its new life, or
 * k5_lock_dead() of a task that knows. Then the next one takes it with K5_ERR_OWNER_DIED, for the
 * data may be half written; whoever gives it back says that it is whole. The same is said once
 * after power-up, when nobody has ever given it back.
 *
 * The lock is an agreement. A task that may write the region can write the data without it, or the
 * lock itself: then both may be in the data, or nobody. What it cannot do is make another one spin,
 * wait beyond its deadline, or access anything else.
 */
#ifndef K5_LOCK_H
#define K5_LOCK_H

#include "abi/k5_shared_abi.h"
#include "k5/k5.h"

#define K5_LOCK_BYTES 4u  /* of shared memory, on a multiple of 4 */
#define K5_LOCK_MOST  16u /* tasks */

/* How one of the tasks is woken. */
struct k5_lock_peer {
    k5_notification task;
    uint32_t bit;
};

struct k5_lock {
    void *memory;
    uint8_t id;                       /* of this task: 1 to count, each has its own */
    uint8_t count;                    /* tasks that share the lock */
    const struct k5_lock_peer *peers; /* of id 1, 2, ...; that of this task is not looked at */
    uint32_t own_bit;                 /* what the others set */
};

/* Once, before all else, after each start of the task: gives up what a former life had. Does not
 * block. Repairs a lock that is K5_ERR_BROKEN, as after power-up. K5_ERR_ARG: no such id or count.
 */
K5_MUST_CHECK k5_error k5_lock_begin(const struct k5_lock *lock);

/* Takes it. Blocks until it is free or the deadline passes; K5_POLL: tries. K5_OK or
 * K5_ERR_OWNER_DIED: it is taken. K5_TIMEOUT (k5_lock_holder says who has it); K5_ERR_ARG: this
 * task has it already; K5_ERR_BROKEN: no task has the id that stands there; k5_wait's. */
K5_MUST_CHECK k5_error k5_lock_take(const struct k5_lock *lock, k5_ticks deadline);

/* Gives it back, the data being whole, and wakes who waits: one kernel entry each. K5_ERR_ARG: this
 * task does not have it (any more: somebody wrote into the lock). */
K5_MUST_CHECK k5_error k5_lock_give(const struct k5_lock *lock);

/* Who has it: an id, or 0. What stands in the memory may be anything above count, too. */
uint32_t k5_lock_holder(const struct k5_lock *lock);

/* Says that the task with this id is dead: if it has the lock, the next one takes it with
 * K5_ERR_OWNER_DIED. For who knows it, as its supervisor; a task that lives and has it must not be
 * declared dead. */
void k5_lock_dead(const struct k5_lock *lock, uint32_t id);

#endif
