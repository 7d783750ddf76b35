/*
 * place.c - where each task's code and RAM lie.
 *
 *   task-code:  | task 0 text, constants, initial data | task 1 ... |
 *   task-ram:   | shared regions | task 0 stack, data, bss | task 1 ... |
 *
 * Invariant: regions begin and end on the protection unit's grain and no two overlap, so that each
 * is exactly what the unit can grant. Order: by task number, so that a build is reproducible.
 */
#include "place.h"

#include "conf.h"
#include "object.h"

#include <stdlib.h>
#include <string.h>

#define SECURE_STACK    40u  /* bytes a task; protection.c checks it */
#define SECURE_STACK_FP 176u /* of a task with fp */

uint32_t place_round(uint32_t size)
{
    return (size + (PLACE_GRAIN - 1u)) & ~(PLACE_GRAIN - 1u);
}

uint32_t place_secure_stack(const struct app *app, size_t index)
{
    uint32_t offset = 0;
    for (size_t i = 0; i < index; i++) {
        offset += app->tasks[i].fp ? SECURE_STACK_FP : SECURE_STACK;
    }
    return offset;
}

uint32_t place_secure_stacks(const struct app *app)
{
    return place_round(place_secure_stack(app, app->task_count) + SECURE_STACK);
}

/* Takes `size` bytes from a memory of the board; *used grows. False if there is no room. */
static bool memory_take(const struct board_memory *memory, uint32_t *used, uint32_t size,
                        uint32_t *base)
{
    if (size > memory->size - *used) {
        return false;
    }
    *base = memory->base + *used;
    *used += size;
    return true;
}

static uint32_t shared_used(const struct app *app)
{
    uint32_t used = 0;
    for (size_t i = 0; i < app->shared_count; i++) {
        used += app->shared[i].size;
    }
    return used;
}

static void shared_base_set(struct app *app, const struct app_shared *shared)
{
    for (size_t i = 0; i < app->task_count; i++) {
        struct app_task *task = &app->tasks[i];
        for (size_t r = 0; r < task->region_count; r++) {
            if (task->regions[r].kind == REGION_SHARED &&
                strcmp(task->regions[r].name, shared->name) == 0) {
                task->regions[r].base = shared->base;
            }
        }
    }
}

bool place_shared(struct app *app)
{
    uint32_t used = 0;
    bool ok = true;
    for (size_t i = 0; i < app->shared_count; i++) {
        struct app_shared *shared = &app->shared[i];
        if (memory_take(&app->board.memory[MEMORY_TASK_RAM], &used, shared->size, &shared->base)) {
            shared_base_set(app, shared);
        } else {
            conf_error(shared->node, "a smaller one, or fewer",
                       "region \"%s\" does not fit: %u bytes of RAM are left", shared->name,
                       app->board.memory[MEMORY_TASK_RAM].size - used);
            ok = false;
        }
    }
    return ok;
}

/* Code is all from the start of the task's code to the end of its initial data; RAM from the
 * stack's lowest byte to the end of .bss. Both measured where the measuring link put them. */
static bool task_measure(struct app_task *task, uint32_t *code, uint32_t *ram)
{
    struct object file;
    if (!object_read(task->elf, &file)) {
        return false;
    }
    uint32_t code_start = object_value(&file, "k5_code_start");
    *code = object_value(&file, "k5_code_end") - code_start;
    *ram = object_value(&file, "k5_ram_end") - object_value(&file, "k5_stack_base");
    task->entry = (file.entry & ~1u) - code_start; /* bit 0 only says Thumb */
    task->data_size = *ram - task->stack_size;
    return true;
}

static bool task_place(struct app *app, struct app_task *task, uint32_t used[2])
{
    static const enum board_memory_id memory[2] = {MEMORY_TASK_CODE, MEMORY_TASK_RAM};
    uint32_t size[2] = {0, 0};
    if (!task_measure(task, &size[0], &size[1])) {
        return false;
    }
    for (size_t r = 0; r < 2; r++) {
        const struct board_memory *from = &app->board.memory[memory[r]];
        struct app_region *region = &task->regions[r];
        region->size = place_round(size[r]);
        if (!memory_take(from, &used[r], region->size, &region->base)) {
            conf_error(task->node,
                       r == 0 ? "less code, or fewer constants"
                              : "a smaller stack or fewer variables",
                       "task \"%s\" does not fit: %s of %u bytes, %u are left in %s", task->name,
                       r == 0 ? "code" : "RAM", region->size, from->size - used[r], from->name);
            return false;
        }
    }
    task->entry += task->regions[0].base;
    return true;
}

bool place_tasks(struct app *app)
{
    uint32_t used[2] = {0, shared_used(app)};
    bool ok = true;
    for (size_t i = 0; i < app->task_count; i++) {
        ok = task_place(app, &app->tasks[i], used) && ok;
    }
    return ok;
}

static bool section_within(const struct object_section *section, const struct app_region *region)
{
    return section->base >= region->base && section->base - region->base <= region->size &&
           section->size <= region->size - (section->base - region->base);
}

/* The linker gives a place to any section; only these are loaded, copied and cleared. */
static bool section_known(const struct object_section *section)
{
    static const char *const names[] = {".text", ".stack", ".data",      ".tdata",
                                        ".tbss", ".bss",   ".tbss_space"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strcmp(section->name, names[i]) == 0) {
            return true;
        }
    }
    return false;
}

static bool section_verify(const struct app_task *task, const struct object_section *section)
{
    bool code = section_within(section, &task->regions[0]) && !section->writable;
    bool ram = section_within(section, &task->regions[1]) && !section->executable;
    if (!section_known(section)) {
        error_print("task \"%s\": section %s has no place in a task", task->name, section->name);
        hint_print("names begin with .text, .rodata, .data or .bss");
        return false;
    }
    if (!code && !ram) {
        error_print("task \"%s\": section %s is neither constant code nor plain data", task->name,
                    section->name);
        hint_print("a region is never both writable and executable");
        return false;
    }
    return true;
}

bool place_verify(const struct app_task *task)
{
    struct object file;
    uint32_t end[2];
    if (!object_read(task->elf, &file)) {
        return false;
    }
    end[0] = object_value(&file, "k5_code_end");
    end[1] = object_value(&file, "k5_ram_end");
    for (size_t r = 0; r < 2; r++) {
        if (place_round(end[r] - task->regions[r].base) != task->regions[r].size) {
            error_print("task \"%s\": its %s changed size when it was linked at its address",
                        task->name, task->regions[r].name);
            return false;
        }
    }
    for (size_t i = 0; i < file.section_count; i++) {
        if (!section_verify(task, &file.sections[i])) {
            return false;
        }
    }
    return (file.entry & ~1u) == task->entry;
}

static bool region_holds(const struct app_region *region, uint32_t address)
{
    return address >= region->base && address - region->base < region->size;
}

static bool memory_holds(const struct board_memory *memory, uint32_t address)
{
    return address >= memory->base && address - memory->base < memory->size;
}

static const char *memory_owner(const struct board *board, uint32_t address)
{
    static const char *const owners[MEMORY_COUNT] = {
        "the kernel (code)", "the system call veneer",
        "the kernel (ram)",  "nobody (unused task code memory)",
        "the log ring",      "nobody (unused task RAM)"};
    for (size_t i = 0; i < MEMORY_COUNT; i++) {
        if (memory_holds(&board->memory[i], address)) {
            return owners[i];
        }
    }
    return "nobody";
}

char *app_owner(const struct app *app, uint32_t address)
{
    for (size_t i = 0; i < app->task_count; i++) {
        for (size_t r = 0; r < 2; r++) {
            if (region_holds(&app->tasks[i].regions[r], address)) {
                return string_format("%s (%s)", app->tasks[i].name, app->tasks[i].regions[r].name);
            }
        }
    }
    for (size_t i = 0; i < app->shared_count; i++) {
        if (address >= app->shared[i].base && address - app->shared[i].base < app->shared[i].size) {
            return string_format("%s region %s", app->shared[i].movable ? "movable" : "shared",
                                 app->shared[i].name);
        }
    }
    for (size_t i = 0; i < app->board.device_count; i++) {
        const struct board_device *device = &app->board.devices[i];
        if (address >= device->base && address - device->base < device->size) {
            return string_format("device %s", device->name);
        }
    }
    return string_copy(memory_owner(&app->board, address));
}
