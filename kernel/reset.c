/* The reason of a reset, kept over the reset in memory that no start-up code writes.
 *
 *   power-on --> magic or sum wrong: no reset to tell of; the record is begun, count 0
 *   running      the record says OUTSIDE: whatever resets now without a word is not the kernel
 *   the end  --> reset_keep: the record says why --> reset --> boot: reset_recall, count + 1
 *
 * A reset in the middle of a write leaves a wrong sum, so no half of a reason is believed. The
 * record is believed for what it says only: nothing in it is ever used as an index.
 */
#include "kernel/kernel.h"

#include "kernel/log.h"
#include "kernel/reset.h"

struct reset_record reset_record;

/* Over what was written, in order, so that words cannot change places; and over the image, for only
 * this image knows its tasks by these numbers. */
static uint32_t record_sum(const struct reset *why)
{
    uint32_t head = (uint32_t)why->reason | (uint32_t)why->task << 8 | (uint32_t)why->cause << 16 |
                    (uint32_t)why->flags << 24;

    return RESET_MAGIC ^ k5_build_id[0] ^ head ^ (why->value << 7 | why->value >> 25) ^
           (why->count << 14 | why->count >> 18);
}

static bool record_valid(void)
{
    return reset_record.magic == RESET_MAGIC && reset_record.sum == record_sum(&reset_record.why);
}

static void record_write(struct reset why, uint32_t count)
{
    why.count = count;
    reset_record = (struct reset_record){.magic = RESET_MAGIC, .why = why, .sum = record_sum(&why)};
}

struct reset reset_of_task(uint8_t reason, task_t task)
{
    return (struct reset){.reason = reason,
                          .task = task,
                          .cause = k.task.cause[task],
                          .flags = k.task.fault_flags[task],
                          .value = k.task.fault_address[task]};
}

void reset_keep(struct reset why)
{
    record_write(why, record_valid() ? reset_record.why.count : 0);
}

bool reset_recall(struct reset *why)
{
    static const struct reset outside = {.reason = K5_RESET_OUTSIDE, .task = K5_NIL};
    bool known = record_valid();
    uint32_t count = 0;

    if (known) {
        *why = reset_record.why;
        count = why->count == UINT32_MAX ? UINT32_MAX : why->count + 1u;
        why->count = count;
    }
    record_write(outside, count);
    return known;
}

void reset_report(void)
{
    struct reset why;

    if (reset_recall(&why)) {
        log_reset(&why);
    }
}
