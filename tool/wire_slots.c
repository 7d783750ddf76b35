/*
 * wire_slots.c - the capability table of each task, and the names of its slots in app.h.
 *
 * In this order: serves, calls (grants), signals, supervises, irqs (wire_irq.c), regions that it
 * owns (wire_region.c), free ones. The handle of a slot is its index.
 *
 * Invariant: no two names in the app.h of a task are the same.
 */
#include "conf.h"
#include "wire.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static char *handle_name(const char *name, const char *suffix)
{
    char *handle = string_format("%s%s", name, suffix);
    for (size_t i = 0; handle[i] != '\0'; i++) {
        handle[i] = (char)toupper((unsigned char)handle[i]);
    }
    return handle;
}

static void slot_add(struct app_task *task, struct app_slot slot, const struct app_link *link)
{
    for (size_t i = 0; i < task->slot_count; i++) {
        if (strcmp(task->slots[i].handle, slot.handle) == 0) {
            conf_error(link->node, "rename one of them",
                       "task \"%s\": two capabilities have the name %s (lines %d and %d)",
                       task->name, slot.handle, task->slots[i].line, link->node->line);
        }
    }
    slot.line = link->node->line;
    task->slots = memory_resize(task->slots, (task->slot_count + 1) * sizeof task->slots[0]);
    task->slots[task->slot_count++] = slot;
}

static void irq_slots_make(struct app *app, size_t index)
{
    for (size_t i = 0; i < app->irq_count; i++) {
        const struct app_irq *irq = &app->irqs[i];
        if (irq->task == (int)index) {
            struct app_link link = {.node = irq->node};
            slot_add(&app->tasks[index],
                     (struct app_slot){.handle = irq->handle,
                                       .what = string_format("irq %s", irq->key),
                                       .type = K5_CAP_IRQ,
                                       .rights = K5_RIGHT_ACK,
                                       .object = (uint8_t)i},
                     &link);
        }
    }
}

static void region_slots_make(struct app *app, size_t index)
{
    for (size_t i = 0; i < app->shared_count; i++) {
        const struct app_shared *shared = &app->shared[i];
        if (shared->movable && shared->owner == (int)index) {
            struct app_link link = {.node = conf_get(shared->node, "owner")};
            slot_add(&app->tasks[index],
                     (struct app_slot){.handle = handle_name(shared->name, ""),
                                       .what = string_format("region %s", shared->name),
                                       .type = K5_CAP_REGION,
                                       .rights = K5_RIGHT_MAP,
                                       .object = shared->number},
                     &link);
        }
    }
}

/* After all others, so that the places of the image lie side by side. */
static void places_make(struct app_task *task)
{
    for (size_t i = 0; i < task->places.count; i++) {
        const struct app_link *link = &task->places.items[i];
        slot_add(task,
                 (struct app_slot){.handle = handle_name(link->name, "_SLOT"),
                                   .what = string_format("free: %s", link->name),
                                   .type = K5_CAP_NONE},
                 link);
    }
}

static void slots_make(struct app *app, size_t index)
{
    struct app_task *task = &app->tasks[index];
    const struct app_links *groups[4] = {&task->serves, &task->calls, &task->signals,
                                         &task->supervises};
    static const char *const suffix[4] = {"_SERVE", "", "_SIGNAL", "_TASK"};
    static const char *const verb[4] = {"serve", "call", "signal", "restart"};
    static const uint8_t type[4] = {K5_CAP_ENDPOINT, K5_CAP_ENDPOINT, K5_CAP_NOTIFICATION,
                                    K5_CAP_TASK};
    static const uint8_t rights[4] = {K5_RIGHT_SERVE, K5_RIGHT_CALL, K5_RIGHT_SIGNAL,
                                      K5_RIGHT_INSPECT | K5_RIGHT_RESTART | K5_RIGHT_SUSPEND};
    for (size_t g = 0; g < 4; g++) {
        for (size_t i = 0; i < groups[g]->count; i++) {
            const struct app_link *link = &groups[g]->items[i];
            if (link->target != APP_NONE) {
                struct app_slot slot = {.handle = handle_name(link->name, suffix[g]),
                                        .what = string_format("%s %s", verb[g], link->name),
                                        .type = type[g],
                                        .rights = rights[g],
                                        .object = (uint8_t)link->target};
                slot.badge = g == 1 ? (uint32_t)index + 1 : g == 2 ? link->bits : 0;
                if (link->grant != NULL) {
                    slot.rights |= K5_RIGHT_GRANT;
                    slot.what = string_format("%s (grant)", slot.what);
                }
                slot_add(task, slot, link);
            }
        }
    }
    irq_slots_make(app, index);
    region_slots_make(app, index);
    places_make(task);
    if (task->slot_count > K5_SLOT_MAX) {
        conf_error(task->node, "divide the task, or let one task signal several others for it",
                   "task \"%s\" has %zu slots; %d are possible", task->name, task->slot_count,
                   K5_SLOT_MAX);
    }
}

/* ---- names in app.h ---- */

/* POOL_BASE and POOL_SIZE of a region, too, are names in app.h. */
static void handles_check(const struct app_task *task)
{
    static const char *const suffix[2] = {"_BASE", "_SIZE"};
    for (size_t r = 2; r < task->region_count; r++) {
        const struct app_region *region = &task->regions[r];
        for (size_t i = 0; i < 2 * task->slot_count; i++) {
            const struct app_slot *slot = &task->slots[i / 2];
            char *name =
                handle_name(region->kind == REGION_LOG ? "log_ring" : region->name, suffix[i % 2]);
            if (strcmp(name, slot->handle) == 0) {
                conf_error(task->node, "rename one of them",
                           "task \"%s\": a capability (line %d) and region \"%s\" (line %d) both "
                           "have the name %s in app.h",
                           task->name, slot->line, region->name, region->line, name);
            }
            free(name);
        }
    }
}

/* So are the bits of its interrupts. */
static void masks_check(const struct app *app, size_t index)
{
    const struct app_task *task = &app->tasks[index];
    for (size_t i = 0; i < app->irq_count; i++) {
        const struct app_irq *irq = &app->irqs[i];
        for (size_t s = 0; irq->task == (int)index && s < task->slot_count; s++) {
            if (strcmp(irq->mask, task->slots[s].handle) == 0) {
                conf_error(task->node, "rename one of them",
                           "task \"%s\": a capability (line %d) and the bits of \"%s\" (line %d) "
                           "both have the name %s in app.h",
                           task->name, task->slots[s].line, irq->key, irq->node->line, irq->mask);
            }
        }
    }
}

void app_slots_make(struct app *app)
{
    for (size_t i = 0; i < app->task_count; i++) {
        slots_make(app, i);
        handles_check(&app->tasks[i]);
        masks_check(app, i);
    }
}
