/*
 * wire.c - connects the names of an app.toml that was read.
 *
 *   serves --> endpoints --+
 *   calls, signals, -------+--> slots of each task (wire_slots.c)
 *   supervises, owner      |
 *   uses, shared ----------+--> regions of each task: code, RAM, devices, log, shared memory
 *
 * Invariant: every client of an endpoint has a badge of its own, its task number + 1, that no
 * client chose; bit 31 downwards of a supervisor's word are the faults of its tasks, and nobody
 * else may set them; bit 0 upwards of a watchdog's word say that a task lives, each set by that
 * task alone.
 */
#include "wire.h"

#include "conf.h"

#include <stdlib.h>
#include <string.h>

/* ---- finding names ---- */

int app_task_find(const struct app *app, const char *name)
{
    for (size_t i = 0; i < app->task_count; i++) {
        if (strcmp(app->tasks[i].name, name) == 0) {
            return (int)i;
        }
    }
    return APP_NONE;
}

static int endpoint_find(const struct app *app, const char *name)
{
    for (size_t i = 0; i < app->endpoint_count; i++) {
        if (strcmp(app->endpoints[i].name, name) == 0) {
            return (int)i;
        }
    }
    return APP_NONE;
}

/* "did you mean ...?" or what there is. */
static char *hint_nearest(const char *name, const struct list *names)
{
    const char *near = nearest_word(name, (const char *const *)names->items, names->count);
    if (near != NULL) {
        return string_format("did you mean \"%s\"?", near);
    }
    struct text text = {0};
    for (size_t i = 0; i < names->count && i < 8; i++) {
        text_addf(&text, "%s%s", i == 0 ? "there are: " : ", ", names->items[i]);
    }
    text_add(&text, names->count > 8 ? ", ..." : "");
    return string_copy(text_string(&text));
}

void unknown_task(const struct app *app, const struct conf_node *node, const char *name,
                  const char *message)
{
    struct list names = {0};
    if (app->doubt_tasks) {
        return;
    }
    for (size_t i = 0; i < app->task_count; i++) {
        list_add(&names, app->tasks[i].name);
    }
    int endpoint = endpoint_find(app, name);
    char *hint = endpoint == APP_NONE
                     ? hint_nearest(name, &names)
                     : string_format("\"%s\" is an endpoint, served by task \"%s\"", name,
                                     app->tasks[app->endpoints[endpoint].server].name);
    if (node->kind == CONF_STRING && strcmp(node->string, name) == 0) {
        conf_error(node, hint, "%s: there is no task \"%s\"", message, name);
    } else {
        conf_error_key(node, hint, "%s: there is no task \"%s\"", message, name);
    }
    list_free(&names);
    free(hint);
}

static uint32_t bit(size_t index)
{
    return UINT32_C(1) << index;
}

uint32_t app_equals(const struct app *app, size_t index)
{
    uint32_t set = 0;
    for (size_t i = 0; i < app->task_count; i++) {
        set |= app->tasks[i].priority == app->tasks[index].priority ? bit(i) : 0;
    }
    return set;
}

/* Stable: equals stay in the order of the file. At most 32 tasks, so the simplest sort will do. */
static void tasks_sort(struct app *app)
{
    for (size_t i = 1; i < app->task_count; i++) {
        for (size_t j = i; j > 0 && app->tasks[j - 1].priority > app->tasks[j].priority; j--) {
            struct app_task task = app->tasks[j];
            app->tasks[j] = app->tasks[j - 1];
            app->tasks[j - 1] = task;
        }
    }
}

/* ---- endpoints, calls, signals ---- */

static void endpoints_make(struct app *app)
{
    app->endpoints = memory_new(app->task_count * sizeof app->endpoints[0]);
    for (size_t i = 0; i < app->task_count; i++) {
        struct app_task *task = &app->tasks[i];
        for (size_t j = 0; j < task->serves.count; j++) {
            struct app_link *link = &task->serves.items[j];
            int other = endpoint_find(app, link->name);
            if (other != APP_NONE) {
                const struct app_endpoint *endpoint = &app->endpoints[other];
                conf_error(link->node, "", "endpoint \"%s\" is served by \"%s\" (line %d) already",
                           link->name, app->tasks[endpoint->server].name, endpoint->line);
                continue;
            }
            task->endpoint = (int)app->endpoint_count;
            link->target = task->endpoint;
            app->endpoints[app->endpoint_count++] =
                (struct app_endpoint){link->name, (int)i, link->node->line};
        }
    }
}

static void unknown_endpoint(const struct app *app, const struct app_task *task,
                             const struct app_link *link)
{
    struct list names = {0};
    if (app->doubt_endpoints) {
        return;
    }
    for (size_t i = 0; i < app->endpoint_count; i++) {
        list_add(&names, app->endpoints[i].name);
    }
    int server = app_task_find(app, link->name);
    int served = server != APP_NONE ? app->tasks[server].endpoint : APP_NONE;
    char *hint = NULL;
    if (served != APP_NONE) {
        hint = string_format("\"%s\" is a task; the endpoint it serves is \"%s\"", link->name,
                             app->endpoints[served].name);
    } else if (server != APP_NONE) {
        hint =
            string_format("\"%s\" is a task: give it serves = \"NAME\" and call that", link->name);
    } else if (names.count == 0) {
        hint = string_format("give a task serves = \"%s\"", link->name);
    } else {
        hint = hint_nearest(link->name, &names);
    }
    conf_error(link->node, hint, "task \"%s\" calls \"%s\": no task serves it", task->name,
               link->name);
    list_free(&names);
    free(hint);
}

static void calls_resolve(struct app *app, struct app_task *task)
{
    for (size_t i = 0; i < task->calls.count; i++) {
        struct app_link *link = &task->calls.items[i];
        link->target = endpoint_find(app, link->name);
        if (link->target == APP_NONE) {
            unknown_endpoint(app, task, link);
        } else if (link->target == task->endpoint) {
            conf_error(link->node, "it could never be answered", "task \"%s\" calls itself",
                       task->name);
        }
    }
}

/* `grants` says more of some of the calls. */
static void grants_resolve(struct app_task *task)
{
    struct list names = {0};
    for (size_t i = 0; i < task->calls.count; i++) {
        list_add(&names, task->calls.items[i].name);
    }
    for (size_t i = 0; i < task->grants.count; i++) {
        const struct app_link *grant = &task->grants.items[i];
        bool found = false;
        for (size_t c = 0; c < task->calls.count; c++) {
            if (strcmp(task->calls.items[c].name, grant->name) == 0) {
                task->calls.items[c].grant = grant->node;
                found = true;
            }
        }
        if (!found && conf_complete(task->node)) {
            char *hint = names.count == 0
                             ? string_format("write calls = [\"%s\"], too", grant->name)
                             : hint_nearest(grant->name, &names);
            conf_error(grant->node, hint,
                       "task \"%s\": \"%s\" is in \"grants\" but not in \"calls\"", task->name,
                       grant->name);
            free(hint);
        }
    }
    list_free(&names);
}

static void signals_resolve(struct app *app, struct app_task *task)
{
    for (size_t i = 0; i < task->signals.count; i++) {
        struct app_link *link = &task->signals.items[i];
        link->target = app_task_find(app, link->name);
        if (link->target == APP_NONE) {
            char *where = string_format("task \"%s\" signals \"%s\"", task->name, link->name);
            unknown_task(app, link->node, link->name, where);
            free(where);
        }
    }
}

/* ---- supervision ---- */

/* A task has at most one supervisor and one watchdog: `other` has it, in `links`. */
static void done_already(const struct app_links *links, const struct app_link *link,
                         const char *where, const char *other)
{
    int line = 0;
    for (size_t i = 0; i < links->count; i++) {
        line = strcmp(links->items[i].name, link->name) == 0 ? links->items[i].node->line : line;
    }
    conf_error(link->node, "keep one of them", "%s: \"%s\" does so already (line %d)", where, other,
               line);
}

static void supervise(struct app *app, size_t supervisor, size_t order)
{
    struct app_task *task = &app->tasks[supervisor];
    struct app_link *link = &task->supervises.items[order];
    char *where = string_format("task \"%s\" supervises \"%s\"", task->name, link->name);
    link->target = app_task_find(app, link->name);
    if (link->target == APP_NONE) {
        unknown_task(app, link->node, link->name, where);
    } else if (link->target == (int)supervisor) {
        conf_error(link->node, "name another task", "task \"%s\" supervises itself", task->name);
    } else if (app->tasks[link->target].handler != APP_NONE) {
        done_already(&app->tasks[app->tasks[link->target].handler].supervises, link, where,
                     app->tasks[app->tasks[link->target].handler].name);
    } else if (order >= 32) {
        conf_error(link->node, "divide them between two",
                   "task \"%s\" supervises more than 32 tasks", task->name);
    } else {
        app->tasks[link->target].handler = (int)supervisor;
        app->tasks[link->target].handler_bits = bit(31 - order);
        link->bits = bit(31 - order);
    }
    free(where);
}

/* ---- watches: the task gets a signal to its watchdog, with a bit of its own ---- */

static void checkin_add(struct app_task *watched, const struct app_link *link, const char *watchdog,
                        int target)
{
    struct app_links *signals = &watched->signals;
    signals->items = memory_resize(signals->items, (signals->count + 1) * sizeof signals->items[0]);
    signals->items[signals->count++] = (struct app_link){
        .node = link->node, .name = watchdog, .bits = link->bits, .target = target};
    watched->watchdog = target;
    watched->watch_bit = link->bits;
}

static void watch(struct app *app, size_t watchdog, size_t order)
{
    struct app_task *task = &app->tasks[watchdog];
    struct app_link *link = &task->watches.items[order];
    char *where = string_format("task \"%s\" watches \"%s\"", task->name, link->name);
    link->target = app_task_find(app, link->name);
    link->bits = bit(order % 32); /* the names differ, so there are at most 31 that are right */
    if (link->target == APP_NONE) {
        unknown_task(app, link->node, link->name, where);
    } else if (link->target == (int)watchdog) {
        conf_error(link->node, "name another task", "task \"%s\" watches itself", task->name);
    } else if (app->tasks[link->target].watchdog != APP_NONE) {
        done_already(&app->tasks[app->tasks[link->target].watchdog].watches, link, where,
                     app->tasks[app->tasks[link->target].watchdog].name);
    } else {
        checkin_add(&app->tasks[link->target], link, task->name, (int)watchdog);
    }
    free(where);
}

/* ---- regions ---- */

static void region_add(struct app_task *task, struct app_region region,
                       const struct conf_node *node)
{
    if (task->region_count + task->map_count >= K5_REGION_MAX) {
        conf_error(
            node, "merge shared regions, lend or map less at once, or divide the task",
            "task \"%s\" has more than %d regions (two are code and RAM, %zu for lent memory and "
            "what it maps)",
            task->name, K5_REGION_MAX, task->map_count);
        return;
    }
    region.line = node->line;
    task->regions[task->region_count++] = region;
}

const struct app_task *app_region_owner(const struct app *app, const struct app_task *self,
                                        const char *name, int *line)
{
    for (size_t i = 0; i < app->task_count; i++) {
        const struct app_task *task = &app->tasks[i];
        for (size_t r = 2; task != self && r < task->region_count; r++) {
            if (strcmp(task->regions[r].name, name) == 0) {
                *line = task->regions[r].line;
                return task;
            }
        }
    }
    return NULL;
}

static void unknown_device(const struct app *app, const struct app_task *task,
                           const struct app_link *link)
{
    struct list names = {0};
    list_add(&names, "log");
    for (size_t i = 0; i < app->board.device_count; i++) {
        list_add(&names, app->board.devices[i].name);
    }
    if (app->board.name == NULL) { /* reported */
        return;
    }
    char *hint = NULL;
    for (size_t i = 0; i < app->shared_count; i++) {
        if (strcmp(app->shared[i].name, link->name) == 0) {
            hint = app->shared[i].movable
                       ? string_format("a movable region is mapped by k5_map")
                       : string_format("write shared = { %s = \"rw\" } in [region.%s]", task->name,
                                       link->name);
        }
    }
    hint = hint != NULL ? hint : hint_nearest(link->name, &names);
    conf_error(link->node, hint, "task \"%s\" uses \"%s\": board %s has no such device", task->name,
               link->name, app->board.name);
    list_free(&names);
    free(hint);
}

static void uses_resolve(struct app *app, struct app_task *task)
{
    for (size_t i = 0; i < task->uses.count; i++) {
        struct app_link *link = &task->uses.items[i];
        int line = 0;
        const struct app_task *owner = app_region_owner(app, task, link->name, &line);
        int device = board_device_find(&app->board, link->name);
        struct app_region region = {.name = link->name, .rights = K5_MEM_READ | K5_MEM_WRITE};
        if (strcmp(link->name, "log") == 0) {
            region.kind = REGION_LOG;
            region.base = app->board.memory[MEMORY_LOG].base;
            region.size = app->board.memory[MEMORY_LOG].size;
        } else if (device >= 0) {
            region.kind = REGION_DEVICE;
            region.base = app->board.devices[device].base;
            region.size = app->board.devices[device].size;
            region.rights |= K5_MEM_DEVICE;
        } else {
            unknown_device(app, task, link);
            continue;
        }
        if (owner != NULL) {
            conf_error(link->node, "one task drives it, the others call that task",
                       "\"%s\" is given to \"%s\" (line %d) already", link->name, owner->name,
                       line);
        }
        region_add(task, region, link->node);
    }
}

static void share_resolve(struct app *app, const struct app_shared *shared,
                          const struct conf_node *item)
{
    char *where = string_format("region \"%s\"", shared->name);
    int index = app_task_find(app, item->key);
    bool write = item->kind == CONF_STRING && strcmp(item->string, "rw") == 0;
    if (index == APP_NONE) {
        unknown_task(app, item, item->key, where);
    } else if (!write && (item->kind != CONF_STRING || strcmp(item->string, "r") != 0)) {
        conf_error(item, "\"r\" or \"rw\"", "%s: these are no rights for \"%s\"", where, item->key);
    } else {
        struct app_region region = {
            .kind = REGION_SHARED, .name = shared->name, .size = shared->size};
        region.rights = write ? K5_MEM_READ | K5_MEM_WRITE : K5_MEM_READ;
        region_add(&app->tasks[index], region, item);
    }
    free(where);
}

static void region_name_check(const struct app *app, const struct app_shared *shared)
{
    if (board_device_find(&app->board, shared->name) >= 0 || strcmp(shared->name, "log") == 0) {
        conf_error_key(shared->node, "rename it", "region \"%s\" has the name of a device",
                       shared->name);
    }
}

static void shares_resolve(struct app *app)
{
    for (size_t i = 0; i < app->shared_count; i++) {
        const struct app_shared *shared = &app->shared[i];
        const struct conf_node *table = conf_get(shared->node, "shared");
        region_name_check(app, shared);
        if (shared->movable) {
            continue;
        }
        if (shared->node->kind != CONF_TABLE || (table == NULL && app->doubt_tasks)) {
            continue; /* reported */
        }
        if (table != NULL && table->kind != CONF_TABLE) {
            conf_error(table, "write shared = { TASK = \"rw\" }",
                       "region \"%s\": \"shared\" is %s, not a table", shared->name,
                       conf_kind_name(table->kind));
            continue;
        }
        if (table == NULL || table->count == 0) {
            conf_error(table != NULL ? table : shared->node, "write shared = { TASK = \"rw\" }",
                       "region \"%s\" is shared with nobody", shared->name);
            continue;
        }
        for (size_t j = 0; j < table->count; j++) {
            share_resolve(app, shared, table->items[j]);
        }
    }
}

void app_wire(struct app *app)
{
    tasks_sort(app);
    endpoints_make(app);
    app_movables_make(app);
    for (size_t i = 0; i < app->task_count; i++) {
        struct app_task *task = &app->tasks[i];
        uint8_t code = K5_MEM_READ | K5_MEM_EXECUTE;
        uint8_t ram = K5_MEM_READ | K5_MEM_WRITE;
        region_add(task, (struct app_region){.name = "code", .rights = code}, task->node);
        region_add(task, (struct app_region){.kind = REGION_RAM, .name = "ram", .rights = ram},
                   task->node);
        calls_resolve(app, task);
        grants_resolve(task);
        signals_resolve(app, task);
        uses_resolve(app, task);
        for (size_t j = 0; j < task->supervises.count; j++) {
            supervise(app, i, j);
        }
    }
    for (size_t i = 0; i < app->task_count; i++) {
        for (size_t j = 0; j < app->tasks[i].watches.count; j++) {
            watch(app, i, j);
        }
        app_dma_check(app, &app->tasks[i]);
    }
    app_irqs_make(app);
    shares_resolve(app);
    wire_check(app);
    app_slots_make(app);
}
