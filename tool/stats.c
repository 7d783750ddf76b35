/*
 * stats.c - reading and printing the statistics of a run; see stats.h.
 *
 * Kernel memory is Secure. The processor may stand anywhere, and its view of memory is that of the
 * code it runs, so it is read past the processor (remote_physical).
 */
#include "stats.h"

#include "layout.h"
#include "remote.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ANSWER_S 0.25 /* for one answer of the emulator */
#define REST_S   0.5  /* for the kernel to be found at rest */
#define RUN_S    1e-3 /* between two looks; single steps are slower but for the shortest entries */

struct counter {
    const char *heading;
    const char *variable;
    const char *path;
};
static const struct counter counters[STATS_VALUES] = {
    [STATS_OWN] = {"own time", "k", "task.time_own"},
    [STATS_LENT] = {"lent time", "k", "task.time_lent"},
    [STATS_CALLS] = {"calls", "k", "task.calls"},
    [STATS_OVERRUNS] = {"overruns", "k", "task.overruns"},
    [STATS_FAULTS] = {"faults", "k", "task.faults"},
    [STATS_RESTARTS] = {"restarts", "k", "task.restarts"},
    [STATS_DROPS] = {"drops", "log_state", "dropped"},
};

/* ---- reading ---- */

static bool kernel_holds(const struct app *app, uint32_t address)
{
    const struct board_memory *code = &app->board.memory[MEMORY_KERNEL_CODE];
    return address - code->base < code->size;
}

/* Lets it run a little, again and again, until it is not halted inside the kernel. False: see
 * remote->problem. */
static bool kernel_rest(struct remote *remote, const struct app *app)
{
    double end_s = clock_seconds() + REST_S;
    uint32_t reg[REMOTE_REGISTERS];
    while (remote_registers(remote, reg)) {
        if (!kernel_holds(app, reg[REMOTE_PC])) {
            return true;
        }
        if (clock_seconds() >= end_s) {
            remote->problem = "the kernel was never found at rest";
            return false;
        }
        if (!remote_continue(remote)) {
            return false;
        }
        clock_sleep(RUN_S);
        if (!remote_halt(remote)) {
            return false;
        }
    }
    return false;
}

static uint64_t number(const uint8_t *bytes, size_t size)
{
    uint64_t value = 0;
    for (size_t i = 0; i < size; i++) {
        value |= (uint64_t)bytes[i] << (8 * i);
    }
    return value;
}

/* The first `count` elements of a member; NULL if it is not that long an array of numbers, or if it
 * cannot be read (then there is a remote->problem). */
static uint64_t *numbers_read(struct remote *remote, const struct app *app,
                              const struct layout_member *member, size_t count)
{
    if (member->size > sizeof(uint64_t) || member->count < count) {
        return NULL;
    }
    size_t bytes = count * member->size;
    uint8_t *raw = memory_new(bytes);
    uint64_t *values = memory_new(count * sizeof values[0]);
    uint32_t address = member->address & ~app->board.emulator_secure_bit;
    if (remote_read(remote, address, raw, bytes)) {
        for (size_t i = 0; i < count; i++) {
            values[i] = number(&raw[i * member->size], member->size);
        }
    } else {
        free(values);
        values = NULL;
    }
    free(raw);
    return values;
}

static void values_read(struct stats *stats, struct remote *remote, const struct app *app,
                        const struct layout *layout)
{
    struct layout_member member;
    uint64_t *since =
        layout_find(layout, "k", "since", &member) ? numbers_read(remote, app, &member, 1) : NULL;
    stats->ticks = since == NULL ? 0 : since[0];
    if (stats->ticks == 0) {
        stats->problem = since == NULL ? "the kernel's state was not found" /* or not read */
                                       : "the kernel has not started";
    }
    free(since);
    for (size_t i = 0; i < STATS_VALUES && remote->problem == NULL; i++) {
        if (layout_find(layout, counters[i].variable, counters[i].path, &member)) {
            stats->value[i] = numbers_read(remote, app, &member, stats->tasks);
        }
    }
    stats->problem = remote->problem != NULL ? remote->problem : stats->problem;
}

void stats_read(struct stats *stats, const struct app *app, struct remote *remote)
{
    struct layout layout;
    *stats = (struct stats){.tasks = app->task_count};
    if (!layout_open(app->image, &layout)) {
        stats->problem = "the image has no debug information";
        return;
    }
    remote->problem = NULL;
    values_read(stats, remote, app, &layout);
    layout_close(&layout);
}

static void halted_read(struct stats *stats, struct remote *remote, const struct app *app,
                        bool panicked)
{
    if ((!panicked && !kernel_rest(remote, app)) || !remote_physical(remote, true)) {
        stats->problem = remote->problem;
        return;
    }
    stats_read(stats, app, remote);
}

void stats_fetch(struct stats *stats, const struct app *app, const struct emulator *emulator,
                 bool panicked)
{
    struct remote remote;
    *stats = (struct stats){.tasks = app->task_count};
    if (emulator->ended || emulator->debug_socket == NULL) {
        stats->problem =
            emulator->ended ? "the emulator has ended" : "the emulator runs without GDB server";
        return;
    }
    if (remote_connect(&remote, emulator->debug_socket, ANSWER_S)) {
        halted_read(stats, &remote, app, panicked);
    } else {
        stats->problem = remote.problem;
    }
    remote_close(&remote);
}

void stats_free(struct stats *stats)
{
    for (size_t i = 0; i < STATS_VALUES; i++) {
        free(stats->value[i]);
        stats->value[i] = NULL;
    }
}

/* ---- printing ---- */

#define FIRST   2 /* columns before the values: task, priority */
#define COLUMNS (FIRST + STATS_VALUES)

static char *time_cell(const struct stats *stats, uint32_t hertz, uint64_t ticks)
{
    double ms = (double)ticks * 1000 / hertz;
    return string_format("%.*f ms %5.1f%%", ms < 1e6 ? 3 : 0, ms,
                         (double)ticks * 100 / (double)stats->ticks);
}

static char *value_cell(const struct stats *stats, const struct app *app, size_t value, size_t task)
{
    if (stats->value[value] == NULL) {
        return string_copy("-");
    }
    uint64_t number_of = stats->value[value][task];
    return value == STATS_OWN || value == STATS_LENT
               ? time_cell(stats, app->board.tick_hz, number_of)
               : string_format("%" PRIu64, number_of);
}

/* The time of no task. */
static char *idle_cell(const struct stats *stats, const struct app *app)
{
    uint64_t used = 0;
    if (stats->value[STATS_OWN] == NULL) {
        return string_copy("-");
    }
    for (size_t t = 0; t < stats->tasks; t++) {
        used += stats->value[STATS_OWN][t];
        used += stats->value[STATS_LENT] == NULL ? 0 : stats->value[STATS_LENT][t];
    }
    return time_cell(stats, app->board.tick_hz, used < stats->ticks ? stats->ticks - used : 0);
}

/* One row of cells for the headings, each task, and idle. */
static void cells_fill(const struct stats *stats, const struct app *app, struct list *cells)
{
    list_add(cells, "task");
    list_add(cells, "priority");
    for (size_t i = 0; i < STATS_VALUES; i++) {
        list_add(cells, counters[i].heading);
    }
    for (size_t t = stats->tasks; t-- > 0;) {
        list_add(cells, app->tasks[t].name);
        list_addf(cells, "%u", app->tasks[t].priority);
        for (size_t i = 0; i < STATS_VALUES; i++) {
            char *cell = value_cell(stats, app, i, t);
            list_add(cells, cell);
            free(cell);
        }
    }
    char *idle = idle_cell(stats, app);
    list_add(cells, "idle");
    list_add(cells, "");
    list_add(cells, idle);
    free(idle);
}

static void cells_print(const struct list *cells)
{
    int width[COLUMNS] = {0};
    for (size_t i = 0; i < cells->count; i++) {
        int length = (int)strlen(cells->items[i]);
        width[i % COLUMNS] = length > width[i % COLUMNS] ? length : width[i % COLUMNS];
    }
    for (size_t i = 0; i < cells->count; i++) {
        size_t column = i % COLUMNS;
        bool last = column == COLUMNS - 1 || i == cells->count - 1;
        printf("%s%*s%s", column == 0 ? "   " : "  ", column == 0 ? -width[0] : width[column],
               cells->items[i], last ? "\n" : "");
    }
}

void stats_print(const struct stats *stats, const struct app *app)
{
    struct list cells = {0};
    if (stats->problem != NULL) {
        printf("   tasks  no statistics: %s\n", stats->problem);
        fflush(stdout);
        return;
    }
    printf("   tasks  the first %.3f s, by the kernel's own count\n",
           (double)stats->ticks / app->board.tick_hz);
    cells_fill(stats, app, &cells);
    cells_print(&cells);
    fflush(stdout);
    list_free(&cells);
}

void stats_json(const struct stats *stats, const struct app *app, struct json *json)
{
    static const char *const keys[STATS_VALUES] = {
        [STATS_OWN] = "own_us",        [STATS_LENT] = "lent_us",  [STATS_CALLS] = "calls",
        [STATS_OVERRUNS] = "overruns", [STATS_FAULTS] = "faults", [STATS_DROPS] = "dropped",
        [STATS_RESTARTS] = "restarts",
    };
    json_open(json, "tasks", '[');
    for (size_t t = stats->problem == NULL ? stats->tasks : 0; t-- > 0;) {
        json_open(json, NULL, '{');
        json_string(json, "task", app->tasks[t].name);
        for (size_t i = 0; i < STATS_VALUES; i++) {
            uint64_t value = stats->value[i] == NULL ? 0 : stats->value[i][t];
            bool ticks = i == STATS_OWN || i == STATS_LENT;
            if (stats->value[i] != NULL) {
                json_number(json, keys[i], ticks ? value * 1000000 / app->board.tick_hz : value);
            }
        }
        json_close(json, '}');
    }
    json_close(json, ']');
}
