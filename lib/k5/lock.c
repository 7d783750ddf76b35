/* A lock in shared memory.
 *
 *   31:24 SOUND if who had it last gave it back | 23:8 who waits | 7:0 who has it, 0: nobody
 *
 * It is one word, changed by compare-and-exchange alone, so each change is whole. A task that finds
 * it taken sets its bit and waits; who gives it back clears all bits and wakes those tasks, the
 * most urgent of which takes it, and the others set their bits again. So a free one has none. The
 * bit stands in the word before the wait and a signal before the wait stays: no wake-up is lost.
 */
#include "k5/lock.h"

#include <stdatomic.h>

_Static_assert(ATOMIC_INT_LOCK_FREE == 2, "no library call behind these");

#define SOUND      0x5A000000u
#define SOUND_MASK 0xFF000000u
#define WAIT_SHIFT 7u /* bit 8 is that of id 1 */
#define HOLDER     0xFFu

static _Atomic uint32_t *word_of(const struct k5_lock *lock)
{
    return lock->memory;
}

static uint32_t lock_word(const struct k5_lock *lock)
{
    return atomic_load_explicit(word_of(lock), memory_order_relaxed);
}

/* True if it was `word` and is `next` now. */
static bool word_change(const struct k5_lock *lock, uint32_t word, uint32_t next)
{
    return atomic_compare_exchange_strong_explicit(word_of(lock), &word, next, memory_order_acq_rel,
                                                   memory_order_relaxed);
}

static uint32_t waits(const struct k5_lock *lock)
{
    return 1u << (WAIT_SHIFT + lock->id);
}

/* Wakes all that waited by this word. */
static void waiters_wake(const struct k5_lock *lock, uint32_t word)
{
    for (uint32_t id = 1; id <= lock->count; id++) {
        const struct k5_lock_peer *peer = &lock->peers[id - 1];
        bool waiting = (word >> (WAIT_SHIFT + id) & 1u) != 0 && id != lock->id;
        k5_error error = waiting ? k5_signal(peer->task, peer->bit) : K5_OK;

        if (error != K5_OK) {
            k5_panic(error); /* not a handle and bit that app.toml gives */
        }
    }
}

/* Frees it if `id` has it, or nobody can; the data is not whole. Who waits is woken. */
static void free_unsound(const struct k5_lock *lock, uint32_t id)
{
    uint32_t word = lock_word(lock);

    while ((word & HOLDER) == id || (word & HOLDER) > lock->count) {
        if (word_change(lock, word, 0)) {
            waiters_wake(lock, word);
            return;
        }
        word = lock_word(lock);
    }
}

/* This task does not wait any more. */
static void wait_clear(const struct k5_lock *lock)
{
    atomic_fetch_and_explicit(word_of(lock), ~waits(lock), memory_order_relaxed);
}

k5_error k5_lock_begin(const struct k5_lock *lock)
{
    if (lock->id == 0 || lock->id > lock->count || lock->count > K5_LOCK_MOST ||
        ((uintptr_t)lock->memory & 3u) != 0) {
        return K5_ERR_ARG;
    }
    free_unsound(lock, lock->id);
    wait_clear(lock);
    return K5_OK;
}

/* Waits once; K5_OK: try again. Bits that are set end a wait whatever the deadline, so after the
 * first one the time is looked at: who floods this task with signals does not hold it. */
static k5_error turn_wait(const struct k5_lock *lock, k5_ticks deadline, bool again)
{
    bool late = again && deadline != K5_FOREVER && k5_time() >= deadline;
    uint32_t bits;
    k5_error error = late ? K5_TIMEOUT : k5_wait(lock->own_bit, deadline, &bits);

    if (error != K5_OK) {
        wait_clear(lock);
    }
    return error;
}

k5_error k5_lock_take(const struct k5_lock *lock, k5_ticks deadline)
{
    bool waited = false;

    for (;;) {
        uint32_t word = lock_word(lock);
        uint32_t holder = word & HOLDER;

        if (holder > lock->count || holder == lock->id) {
            return holder == lock->id ? K5_ERR_ARG : K5_ERR_BROKEN;
        }
        if (holder == 0) {
            if (word_change(lock, word, (word & SOUND_MASK) | lock->id)) {
                return (word & SOUND_MASK) == SOUND ? K5_OK : K5_ERR_OWNER_DIED;
            }
        } else if (deadline == K5_POLL) {
            return K5_TIMEOUT;
        } else if (word_change(lock, word, word | waits(lock))) {
            k5_error error = turn_wait(lock, deadline, waited);

            if (error != K5_OK) {
                return error;
            }
            waited = true;
        }
    }
}

k5_error k5_lock_give(const struct k5_lock *lock)
{
    for (;;) {
        uint32_t word = lock_word(lock);

        if ((word & HOLDER) != lock->id) {
            return K5_ERR_ARG;
        }
        if (word_change(lock, word, SOUND)) {
            waiters_wake(lock, word);
            return K5_OK;
        }
    }
}

uint32_t k5_lock_holder(const struct k5_lock *lock)
{
    return lock_word(lock) & HOLDER;
}

void k5_lock_dead(const struct k5_lock *lock, uint32_t id)
{
    if (id >= 1 && id <= lock->count) {
        free_unsound(lock, id);
    }
}
