/*
 * snapshot.h - what was read of a target that stood still: pieces of its memory, its registers; and
 * the kernel's state found in them.
 *
 *   target --remote--> struct snapshot <--> dump file (dump.h)
 *                            |
 *   image.elf --DWARF--> struct view: where each member of the kernel's state lies
 *                            |
 *                      view_number(view, snapshot, VIEW_STATE, task, &value)
 *
 * A piece that could not be read is not there, and whoever asks for it is told so. Nothing read is
 * believed: every index that comes from the target is checked before it is used.
 */
#ifndef K5_TOOL_SNAPSHOT_H
#define K5_TOOL_SNAPSHOT_H

#include "app.h"
#include "remote.h"

enum snapshot_reason { SNAPSHOT_FAULT, SNAPSHOT_PANIC, SNAPSHOT_HALT };

struct snapshot_part {
    uint32_t base;
    uint32_t size;
    uint8_t *bytes;
};

struct snapshot {
    enum snapshot_reason reason;
    uint8_t task;       /* who ran, or K5_NIL */
    uint64_t build_id;  /* of the image; 0: not known */
    uint64_t us;        /* by the kernel's clock, when it last looked */
    bool settled;       /* between two tasks: the registers of all are saved in their contexts */
    bool has_registers; /* of the processor, when it was halted */
    uint32_t reg[REMOTE_REGISTERS];
    struct snapshot_part *parts;
    size_t part_count;
    char *report; /* how the fault or panic was told when it came; NULL: not told */
    char *dump;   /* the file it was written to, or was read from; NULL: none */
};

/* The piece becomes the snapshot's. */
void snapshot_add(struct snapshot *snapshot, uint32_t base, uint8_t *bytes, uint32_t size);
bool snapshot_bytes(const struct snapshot *snapshot, uint32_t address, void *bytes, uint32_t size);
bool snapshot_word(const struct snapshot *snapshot, uint32_t address, uint32_t *word);
void snapshot_free(struct snapshot *snapshot);

/* Snapshots of faults and panics whose log frames have not come yet, in the order in which they
 * were taken, which is that of the frames. */
#define SNAPSHOT_QUEUE 64 /* of more, the oldest are forgotten: their frames were dropped */

struct snapshot_queue {
    struct snapshot items[SNAPSHOT_QUEUE];
    size_t count;
};
/* The snapshot becomes the queue's. */
void snapshot_queue_add(struct snapshot_queue *queue, struct snapshot *snapshot);
/* Frees the first `count`. */
void snapshot_queue_drop(struct snapshot_queue *queue, size_t count);

/* ---- the kernel's state ---- */

enum view_field {
    VIEW_CURRENT,
    VIEW_SUSPENDED,
    VIEW_EMPTY,
    VIEW_ARMED,
    VIEW_CHARGED,
    VIEW_NOW,
    VIEW_SINCE,
    VIEW_ALARM,
    VIEW_STATE,
    VIEW_DEADLINE,
    VIEW_SC,
    VIEW_LENDER,
    VIEW_OBJECT,
    VIEW_MASK,
    VIEW_PENDING,
    VIEW_CAUSE,
    VIEW_FLAGS,
    VIEW_ADDRESS,
    VIEW_REG,
    VIEW_FAULTS,
    VIEW_RESTARTS,
    VIEW_OVERRUNS,
    VIEW_TIME_OWN,
    VIEW_TIME_LENT,
    VIEW_REFILL_TIME,
    VIEW_REFILL_AMOUNT,
    VIEW_REFILL_COUNT,
    VIEW_WAITING,
    VIEW_CAP_TYPE,
    VIEW_CAP_RIGHTS,
    VIEW_CAP_OBJECT,
    VIEW_CAP_BADGE,
    VIEW_MAP_LENDER,
    VIEW_MAP_REGION,
    VIEW_MAP_RIGHTS,
    VIEW_MAP_BASE,
    VIEW_MAP_SIZE,
    VIEW_CONTEXT, /* words of all saved contexts */
    VIEW_LIVE,    /* address of the one whose registers are in the machine */
    VIEW_FIELDS
};

/* Where the members are: address, size of an element, number of elements; count 0: not there. */
struct view {
    const struct app *app;
    uint32_t kernel_size; /* bytes of the kernel's RAM that it uses, from its begin */
    struct {
        uint32_t address;
        uint32_t size;
        uint32_t count;
    } field[VIEW_FIELDS];
};

/* False if the image has no debug information of the kernel's state. app: built. */
bool view_open(const struct app *app, struct view *view);
/* Element `index` of a member. False, and 0, if it is not in the snapshot. */
bool view_number(const struct view *view, const struct snapshot *snapshot, enum view_field field,
                 size_t index, uint64_t *value);
/* The same where 0 will do. */
uint64_t view_or_zero(const struct view *view, const struct snapshot *snapshot,
                      enum view_field field, size_t index);
/* All three read a halted target. False: remote->problem says why; what was read is there.
 *
 * The processor's registers and the kernel's memory. in_kernel: that is where the processor stands;
 * else the memory is read past it. */
bool snapshot_kernel(const struct view *view, struct remote *remote, bool in_kernel,
                     struct snapshot *snapshot);
/* The stack of a task, as the processor sees it where it stands: the kernel sees all of them, a
 * task its own. One that is there already is left alone. */
bool snapshot_stack(const struct view *view, struct remote *remote, size_t task,
                    struct snapshot *snapshot);
bool snapshot_stacks(const struct view *view, struct remote *remote, struct snapshot *snapshot);

#endif
