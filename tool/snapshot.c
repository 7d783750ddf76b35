/*
 * snapshot.c - see snapshot.h.
 */
#include "snapshot.h"

#include "layout.h"
#include "object.h"

#include <stdlib.h>
#include <string.h>

/* ---- memory ---- */

void snapshot_add(struct snapshot *snapshot, uint32_t base, uint8_t *bytes, uint32_t size)
{
    snapshot->parts =
        memory_resize(snapshot->parts, (snapshot->part_count + 1) * sizeof snapshot->parts[0]);
    snapshot->parts[snapshot->part_count] = (struct snapshot_part){base, size, bytes};
    snapshot->part_count++;
}

bool snapshot_bytes(const struct snapshot *snapshot, uint32_t address, void *bytes, uint32_t size)
{
    for (size_t i = 0; i < snapshot->part_count; i++) {
        const struct snapshot_part *part = &snapshot->parts[i];
        uint32_t offset = address - part->base;
        if (offset < part->size && size <= part->size - offset) {
            memcpy(bytes, part->bytes + offset, size);
            return true;
        }
    }
    return false;
}

static uint64_t little(const uint8_t *bytes, uint32_t size)
{
    uint64_t value = 0;
    for (uint32_t i = 0; i < size; i++) {
        value |= (uint64_t)bytes[i] << (8 * i);
    }
    return value;
}

bool snapshot_word(const struct snapshot *snapshot, uint32_t address, uint32_t *word)
{
    uint8_t bytes[4];
    if (!snapshot_bytes(snapshot, address, bytes, sizeof bytes)) {
        return false;
    }
    *word = (uint32_t)little(bytes, sizeof bytes);
    return true;
}

void snapshot_free(struct snapshot *snapshot)
{
    for (size_t i = 0; i < snapshot->part_count; i++) {
        free(snapshot->parts[i].bytes);
    }
    free(snapshot->parts);
    free(snapshot->report);
    free(snapshot->dump);
    *snapshot = (struct snapshot){.task = K5_NIL};
}

void snapshot_queue_drop(struct snapshot_queue *queue, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        snapshot_free(&queue->items[i]);
    }
    queue->count -= count;
    memmove(&queue->items[0], &queue->items[count], queue->count * sizeof queue->items[0]);
}

void snapshot_queue_add(struct snapshot_queue *queue, struct snapshot *snapshot)
{
    if (queue->count == SNAPSHOT_QUEUE) {
        snapshot_queue_drop(queue, 1);
    }
    queue->items[queue->count] = *snapshot;
    queue->count++;
    *snapshot = (struct snapshot){.task = K5_NIL};
}

/* ---- the kernel's state ---- */

static const struct {
    const char *variable;
    const char *path;
} fields[VIEW_FIELDS] = {
    [VIEW_CURRENT] = {"k", "current"},
    [VIEW_SUSPENDED] = {"k", "suspended"},
    [VIEW_EMPTY] = {"k", "empty"},
    [VIEW_ARMED] = {"k", "armed"},
    [VIEW_CHARGED] = {"k", "charged"},
    [VIEW_NOW] = {"k", "now"},
    [VIEW_SINCE] = {"k", "since"},
    [VIEW_ALARM] = {"k", "alarm"},
    [VIEW_STATE] = {"k", "task.state"},
    [VIEW_DEADLINE] = {"k", "task.deadline"},
    [VIEW_SC] = {"k", "task.sc"},
    [VIEW_LENDER] = {"k", "task.lender"},
    [VIEW_OBJECT] = {"k", "task.object"},
    [VIEW_MASK] = {"k", "task.mask"},
    [VIEW_PENDING] = {"k", "task.pending"},
    [VIEW_CAUSE] = {"k", "task.cause"},
    [VIEW_FLAGS] = {"k", "task.fault_flags"},
    [VIEW_ADDRESS] = {"k", "task.fault_address"},
    [VIEW_REG] = {"k", "task.fault_reg"},
    [VIEW_FAULTS] = {"k", "task.faults"},
    [VIEW_RESTARTS] = {"k", "task.restarts"},
    [VIEW_OVERRUNS] = {"k", "task.overruns"},
    [VIEW_TIME_OWN] = {"k", "task.time_own"},
    [VIEW_TIME_LENT] = {"k", "task.time_lent"},
    [VIEW_REFILL_TIME] = {"k", "refill.time"},
    [VIEW_REFILL_AMOUNT] = {"k", "refill.amount"},
    [VIEW_REFILL_COUNT] = {"k", "refill.count"},
    [VIEW_WAITING] = {"k", "ep.waiting"},
    [VIEW_CAP_TYPE] = {"k", "cap.type"},
    [VIEW_CAP_RIGHTS] = {"k", "cap.rights"},
    [VIEW_CAP_OBJECT] = {"k", "cap.object"},
    [VIEW_CAP_BADGE] = {"k", "cap.badge"},
    [VIEW_MAP_LENDER] = {"k", "map.lender"},
    [VIEW_MAP_REGION] = {"k", "map.region"},
    [VIEW_MAP_RIGHTS] = {"k", "map.rights"},
    [VIEW_MAP_BASE] = {"k", "map.base"},
    [VIEW_MAP_SIZE] = {"k", "map.size"},
    [VIEW_CONTEXT] = {"arch_context", ""},
    [VIEW_LIVE] = {"arch_port", "live"},
};

/* What is kept over a reset stands behind the last section, in none. */
#define KEPT 32u

static uint32_t kernel_measure(const struct app *app)
{
    const struct board_memory *ram = &app->board.memory[MEMORY_KERNEL_RAM];
    struct object image;
    uint32_t size = 0;
    if (!object_read(app->image, &image)) {
        return 0;
    }
    for (size_t i = 0; i < image.section_count; i++) {
        uint32_t offset = image.sections[i].base - ram->base;
        if (offset < ram->size && offset + image.sections[i].size > size) {
            size = offset + image.sections[i].size;
        }
    }
    object_free(&image);
    return size + KEPT < ram->size ? size + KEPT : ram->size;
}

bool view_open(const struct app *app, struct view *view)
{
    struct layout layout;
    *view = (struct view){.app = app};
    if (app->image == NULL || !layout_open(app->image, &layout)) {
        return false;
    }
    for (size_t i = 0; i < VIEW_FIELDS; i++) {
        struct layout_member member;
        if (layout_find(&layout, fields[i].variable, fields[i].path, &member)) {
            view->field[i].address = member.address;
            view->field[i].size = member.size;
            view->field[i].count = member.count;
        }
    }
    layout_close(&layout);
    view->kernel_size = kernel_measure(app);
    return view->field[VIEW_STATE].count >= app->task_count;
}

bool view_number(const struct view *view, const struct snapshot *snapshot, enum view_field field,
                 size_t index, uint64_t *value)
{
    uint8_t bytes[8];
    uint32_t size = view->field[field].size;
    *value = 0;
    if (index >= view->field[field].count || size > sizeof bytes ||
        !snapshot_bytes(snapshot, view->field[field].address + (uint32_t)index * size, bytes,
                        size)) {
        return false;
    }
    *value = little(bytes, size);
    return true;
}

uint64_t view_or_zero(const struct view *view, const struct snapshot *snapshot,
                      enum view_field field, size_t index)
{
    uint64_t value;
    (void)view_number(view, snapshot, field, index, &value);
    return value;
}

/* ---- reading ---- */

static bool part_fetch(struct remote *remote, struct snapshot *snapshot, uint32_t address,
                       const struct board_memory *part)
{
    uint8_t *bytes = memory_new(part->size);
    if (!remote_read(remote, address, bytes, part->size)) {
        free(bytes);
        return false;
    }
    snapshot_add(snapshot, part->base, bytes, part->size);
    return true;
}

/* Who ran, and when. */
static void snapshot_place(const struct view *view, struct snapshot *snapshot)
{
    const struct app *app = view->app;
    uint64_t current = K5_NIL;
    uint64_t ticks = view_or_zero(view, snapshot, VIEW_NOW, 0);
    (void)view_number(view, snapshot, VIEW_CURRENT, 0, &current);
    snapshot->build_id = app->build_id;
    snapshot->task = (uint8_t)(current < app->task_count ? current : K5_NIL);
    snapshot->us = ticks / app->board.tick_hz * 1000000 +
                   ticks % app->board.tick_hz * 1000000 / app->board.tick_hz;
}

bool snapshot_kernel(const struct view *view, struct remote *remote, bool in_kernel,
                     struct snapshot *snapshot)
{
    const struct app *app = view->app;
    const struct board_memory kernel = {"kernel-ram", app->board.memory[MEMORY_KERNEL_RAM].base,
                                        view->kernel_size};
    uint32_t bus = kernel.base & ~app->board.emulator_secure_bit;
    snapshot->has_registers = remote_registers(remote, snapshot->reg);
    bool good = snapshot->has_registers && (in_kernel || remote_physical(remote, true)) &&
                part_fetch(remote, snapshot, in_kernel ? kernel.base : bus, &kernel);
    snapshot_place(view, snapshot);
    return (in_kernel || remote_physical(remote, false)) && good;
}

bool snapshot_stack(const struct view *view, struct remote *remote, size_t task,
                    struct snapshot *snapshot)
{
    const struct app_task *who = &view->app->tasks[task];
    const struct board_memory stack = {"stack", who->regions[1].base, who->stack_size};
    uint8_t byte;
    return snapshot_bytes(snapshot, stack.base, &byte, 1) ||
           part_fetch(remote, snapshot, stack.base, &stack);
}

bool snapshot_stacks(const struct view *view, struct remote *remote, struct snapshot *snapshot)
{
    bool good = true;
    for (size_t t = 0; t < view->app->task_count; t++) {
        good = snapshot_stack(view, remote, t, snapshot) && good;
    }
    return good;
}
