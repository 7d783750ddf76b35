/*
 * gen_tables.c - the portable kernel's tables: k5_sizes.h and config.c (struct config).
 *
 * One block a field, one line a task, endpoint, slot or region, each with the line of app.toml that
 * it comes from. image_check.c runs config_valid() on what was linked of it.
 */
#include "gen.h"

#include "budget.h"
#include "conf.h"
#include "wire.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static size_t slots_total(const struct app *app)
{
    size_t total = 0;
    for (size_t i = 0; i < app->task_count; i++) {
        total += app->tasks[i].slot_count;
    }
    return total;
}

static size_t regions_total(const struct app *app)
{
    size_t total = 0;
    for (size_t i = 0; i < app->task_count; i++) {
        total += app->tasks[i].region_count;
    }
    return total;
}

static size_t at_least_one(size_t count)
{
    return count > 0 ? count : 1;
}

/* Places of the tasks before this one for what they map as they run. */
static size_t app_maps(const struct app *app, size_t task)
{
    size_t count = 0;
    for (size_t i = 0; i < task; i++) {
        count += app->tasks[i].map_count;
    }
    return count;
}

static int lends(const struct app *app)
{
    size_t count = 0;
    for (size_t i = 0; i < app->task_count; i++) {
        count += app->tasks[i].lend_count;
    }
    return count > 0 ? 1 : 0;
}

static unsigned fp_tasks(const struct app *app)
{
    unsigned count = 0;
    for (size_t i = 0; i < app->task_count; i++) {
        count += app->tasks[i].fp ? 1u : 0u;
    }
    return count;
}

void gen_sizes(const struct app *app)
{
    struct text out = {0};
    gen_head(&out, app, "The sizes");
    text_add(&out, "#ifndef K5_SIZES_H\n#define K5_SIZES_H\n\n");
    text_addf(&out, "#define K5_TASKS %zu\n", app->task_count);
    text_addf(&out, "#define K5_ENDPOINTS %zu\n", at_least_one(app->endpoint_count));
    text_addf(&out, "#define K5_SLOTS %zu\n", at_least_one(slots_total(app)));
    text_addf(&out, "#define K5_REGIONS %zu\n", regions_total(app));
    text_addf(&out, "#define K5_IRQS %zu\n", at_least_one(app->irq_count));
    text_addf(&out, "#define K5_MAPS %zu\n", at_least_one(app_maps(app, app->task_count)));
    text_addf(&out, "#define K5_LENDS %d /* 1: some server takes lent memory */\n", lends(app));
    text_addf(&out, "#define K5_MOVABLES %zu\n", at_least_one(app->movable_count));
    text_addf(&out, "#define K5_GIVES %d /* 1: there are movable regions */\n",
              app->movable_count > 0 ? 1 : 0);
    text_addf(&out, "#define K5_ALARM_LINE %u /* of board.toml */\n", app->board.alarm_line);
    text_addf(&out, "#define K5_WATCHDOG_LINE %u\n", app->board.watchdog_line);
    text_addf(&out, "#define K5_FP_TASKS %u /* with fp = true */\n", fp_tasks(app));
    text_addf(&out, "#define K5_TICK_HZ %uu\n", app->board.tick_hz);
    text_addf(&out, "#define K5_BUDGET_MIN %uu\n", app->board.budget_min.ticks);
    text_addf(&out, "#define K5_CHECKS %d /* 1: kernel_valid() after each entry */\n",
              strcmp(app->profile, "debug") == 0 ? 1 : 0);
    text_addf(&out, "#define K5_TRACE %d /* 1: events go into a ring, for `k5 trace` */\n",
              app->trace ? 1 : 0);
    text_add(&out, "\n#endif\n");
    gen_write(app, "gen/k5_sizes.h", &out);
    text_free(&out);
}

/* ---- tasks: one function a field ---- */

typedef char *(*task_field)(const struct app *app, size_t index);

static char *field_equals(const struct app *app, size_t i)
{
    return string_format("0x%08Xu", app_equals(app, i));
}

static char *field_handler(const struct app *app, size_t i)
{
    int handler = app->tasks[i].handler;
    return handler == APP_NONE ? string_copy("K5_NIL")
                               : string_format("task_%s", app->tasks[handler].name);
}

static char *field_handler_bits(const struct app *app, size_t i)
{
    return string_format("0x%08Xu", app->tasks[i].handler_bits);
}

static char *field_endpoint(const struct app *app, size_t i)
{
    int endpoint = app->tasks[i].endpoint;
    return endpoint == APP_NONE ? string_copy("K5_NIL") : string_format("%d", endpoint);
}

static char *field_budget(const struct app *app, size_t i)
{
    return string_format("%uu", app->tasks[i].budget.ticks);
}

static char *field_period(const struct app *app, size_t i)
{
    return string_format("%uu", app->tasks[i].period.ticks);
}

static char *field_on_fault(const struct app *app, size_t i)
{
    static const char *const names[] = {"STOP", "RESTART", "RESET"}; /* K5_ON_FAULT_* */
    return string_format("K5_ON_FAULT_%s", names[app->tasks[i].on_fault]);
}

static char *field_slot_first(const struct app *app, size_t index)
{
    size_t first = 0;
    for (size_t i = 0; i < index; i++) {
        first += app->tasks[i].slot_count;
    }
    return string_format("%zu", first);
}

static char *field_slot_count(const struct app *app, size_t i)
{
    return string_format("%zu", app->tasks[i].slot_count);
}

static char *field_region_first(const struct app *app, size_t index)
{
    size_t first = 0;
    for (size_t i = 0; i < index; i++) {
        first += app->tasks[i].region_count;
    }
    return string_format("%zu", first);
}

static char *field_region_count(const struct app *app, size_t i)
{
    return string_format("%zu", app->tasks[i].region_count);
}

static char *field_map_first(const struct app *app, size_t i)
{
    return string_format("%zu", app_maps(app, i));
}

static char *field_lend_count(const struct app *app, size_t i)
{
    return string_format("%zu", app->tasks[i].lend_count);
}

static char *field_map_count(const struct app *app, size_t i)
{
    return string_format("%zu", app->tasks[i].map_count);
}

static char *field_entry(const struct app *app, size_t i)
{
    return string_format("0x%08Xu", app->tasks[i].entry);
}

static char *field_stack_base(const struct app *app, size_t i)
{
    return string_format("0x%08Xu", app->tasks[i].regions[1].base);
}

static char *field_stack_size(const struct app *app, size_t i)
{
    return string_format("%uu", app->tasks[i].stack_size);
}

static void task_names_add(struct text *out, const struct app *app)
{
    text_add(out, "\n/* larger = more urgent */\nenum {\n");
    for (size_t i = 0; i < app->task_count; i++) {
        const struct app_task *task = &app->tasks[i];
        text_addf(out, "    task_%s = %zu, /* priority %u, app.toml:%d */\n", task->name, i,
                  task->priority, task->line);
    }
    text_add(out, "};\n");
}

static void tasks_add(struct text *out, const struct app *app)
{
    static const struct {
        const char *name;
        task_field field;
        const char *comment;
    } fields[] = {
        {"equals", field_equals, "the tasks of its priority"},
        {"handler", field_handler, "who is told of its faults"},
        {"handler_bits", field_handler_bits, ""},
        {"endpoint", field_endpoint, "it serves"},
        {"budget", field_budget, "ticks; = period: a turn"},
        {"period", field_period, "ticks"},
        {"on_fault", field_on_fault, "of a task without handler"},
        {"slot_first", field_slot_first, ""},
        {"slot_count", field_slot_count, ""},
        {"region_first", field_region_first, ""},
        {"region_count", field_region_count, ""},
        {"map_first", field_map_first, "places for what it maps as it runs"},
        {"map_count", field_map_count, ""},
        {"lend_count", field_lend_count, "of those, for lent memory"},
        {"entry", field_entry, "first instruction"},
        {"stack_base", field_stack_base, "bottom of its RAM"},
        {"stack_size", field_stack_size, "bytes"},
    };
    for (size_t f = 0; f < sizeof fields / sizeof fields[0]; f++) {
        text_addf(out, "    .%s = {%s%s%s\n", fields[f].name, fields[f].comment[0] ? " /* " : "",
                  fields[f].comment, fields[f].comment[0] ? " */" : "");
        for (size_t i = 0; i < app->task_count; i++) {
            char *value = fields[f].field(app, i);
            text_addf(out, "        [task_%s] = %s,\n", app->tasks[i].name, value);
            free(value);
        }
        text_add(out, "    },\n");
    }
}

/* ---- endpoints, irqs, slots, regions ---- */

/* One line of an irq field; `field`: 0 line, 1 task, 2 bits. */
static void irq_field(struct text *out, const struct app *app, size_t i, int field)
{
    const struct app_irq *irq = &app->irqs[i];
    text_addf(out, "        [%zu] = ", i);
    switch (field) {
    case 0: text_addf(out, "%u", irq->line); break;
    case 1: text_addf(out, "task_%s", app->tasks[irq->task].name); break;
    default: text_addf(out, "0x%08Xu", irq->bits); break;
    }
    text_addf(out, ", /* %s, app.toml:%d */\n", irq->key, irq->node->line);
}

static void irqs_add(struct text *out, const struct app *app)
{
    static const char *const fields[3] = {"irq_line", "irq_task", "irq_bits"};
    uint32_t edges = 0;
    for (int f = 0; f < 3; f++) {
        text_addf(out, "    .%s = {\n", fields[f]);
        for (size_t i = 0; i < app->irq_count; i++) {
            irq_field(out, app, i, f);
        }
        if (app->irq_count == 0) {
            text_addf(out, "        [0] = %s,\n", f == 1 ? "K5_NIL" : "0");
        }
        text_add(out, "    },\n");
    }
    for (size_t i = 0; i < app->irq_count; i++) {
        edges |= app->irqs[i].edge ? UINT32_C(1) << i : 0;
    }
    text_addf(out, "    .irq_edges = 0x%08Xu,\n", edges);
}

static void endpoints_add(struct text *out, const struct app *app)
{
    text_add(out, "    .server = {\n");
    for (size_t i = 0; i < app->endpoint_count; i++) {
        const struct app_endpoint *endpoint = &app->endpoints[i];
        text_addf(out, "        [%zu] = task_%s, /* %s, app.toml:%d */\n", i,
                  app->tasks[endpoint->server].name, endpoint->name, endpoint->line);
    }
    if (app->endpoint_count == 0) {
        text_add(out, "        [0] = K5_NIL,\n");
    }
    text_add(out,
             "    },\n    .wcet = { /* ticks of a caller's time, with K5_BUDGET_MIN in reserve; 0: "
             "not passive */\n");
    for (size_t i = 0; i < app->endpoint_count; i++) {
        const struct app_endpoint *endpoint = &app->endpoints[i];
        text_addf(out, "        [%zu] = %uu, /* %s, app.toml:%d */\n", i,
                  wcet_ticks(app, &app->tasks[endpoint->server]), endpoint->name, endpoint->line);
    }
    if (app->endpoint_count == 0) {
        text_add(out, "        [0] = 0,\n");
    }
    text_add(out, "    },\n");
}

static void rights_add(struct text *out, const struct app_slot *slot)
{
    static const char *const names[K5_CAP_TYPES][3] = {
        {"", "", ""},
        {"K5_RIGHT_SERVE", "K5_RIGHT_CALL", "K5_RIGHT_GRANT"},
        {"K5_RIGHT_SIGNAL", "", ""},
        {"K5_RIGHT_INSPECT", "K5_RIGHT_RESTART", "K5_RIGHT_SUSPEND"},
        {"K5_RIGHT_ACK", "", ""},
        {"K5_RIGHT_MAP", "", ""}};
    const char *between = "";
    for (size_t i = 0; i < 3; i++) {
        if ((slot->rights >> i & 1u) != 0) {
            text_addf(out, "%s%s", between, names[slot->type][i]);
            between = " | ";
        }
    }
    text_add(out, slot->rights == 0 ? "0" : "");
}

/* One line of a slot field; `field`: 0 type, 1 rights, 2 object, 3 badge. */
static void slot_add(struct text *out, const struct app_slot *slot, size_t number, int field)
{
    static const char *const types[K5_CAP_TYPES] = {"K5_CAP_NONE",         "K5_CAP_ENDPOINT",
                                                    "K5_CAP_NOTIFICATION", "K5_CAP_TASK",
                                                    "K5_CAP_IRQ",          "K5_CAP_REGION"};
    text_addf(out, "        [%zu] = ", number);
    switch (field) {
    case 0: text_add(out, types[slot->type]); break;
    case 1: rights_add(out, slot); break;
    case 2: text_addf(out, "%u", slot->object); break;
    default: text_addf(out, "0x%Xu", slot->badge); break;
    }
}

static void slots_add(struct text *out, const struct app *app)
{
    static const char *const fields[4] = {"cap_type", "cap_rights", "cap_object", "cap_badge"};
    for (int f = 0; f < 4; f++) {
        size_t number = 0;
        text_addf(out, "    .%s = {\n", fields[f]);
        for (size_t i = 0; i < app->task_count; i++) {
            const struct app_task *task = &app->tasks[i];
            for (size_t s = 0; s < task->slot_count; s++) {
                slot_add(out, &task->slots[s], number++, f);
                text_addf(out, ", /* %s: %s, app.toml:%d */\n", task->name, task->slots[s].what,
                          task->slots[s].line);
            }
        }
        if (number == 0) {
            text_add(out, "        [0] = 0,\n");
        }
        text_add(out, "    },\n");
    }
}

static const char *rights_text(uint8_t rights)
{
    switch (rights) {
    case K5_MEM_READ | K5_MEM_EXECUTE: return "K5_MEM_READ | K5_MEM_EXECUTE";
    case K5_MEM_READ | K5_MEM_WRITE: return "K5_MEM_READ | K5_MEM_WRITE";
    case K5_MEM_READ | K5_MEM_WRITE | K5_MEM_DEVICE:
        return "K5_MEM_READ | K5_MEM_WRITE | K5_MEM_DEVICE";
    default: return "K5_MEM_READ";
    }
}

static void regions_add(struct text *out, const struct app *app)
{
    static const char *const fields[3] = {"region_base", "region_size", "region_rights"};
    for (size_t f = 0; f < 3; f++) {
        size_t number = 0;
        text_addf(out, "    .%s = {\n", fields[f]);
        for (size_t i = 0; i < app->task_count; i++) {
            const struct app_task *task = &app->tasks[i];
            for (size_t r = 0; r < task->region_count; r++) {
                const struct app_region *region = &task->regions[r];
                text_addf(out, "        [%zu] = ", number++);
                if (f == 2) {
                    text_add(out, rights_text(region->rights));
                } else {
                    text_addf(out, f == 0 ? "0x%08Xu" : "0x%Xu",
                              f == 0 ? region->base : region->size);
                }
                text_addf(out, ", /* %s: %s, app.toml:%d */\n", task->name, region->name,
                          region->line);
            }
        }
        text_add(out, "    },\n");
    }
}

/* The slot of its owner's, as the kernel counts them: those of all tasks. */
static size_t movable_home(const struct app *app, size_t number)
{
    size_t slot = 0;
    size_t home = 0;
    for (size_t i = 0; i < app->task_count; i++) {
        for (size_t s = 0; s < app->tasks[i].slot_count; s++, slot++) {
            const struct app_slot *cap = &app->tasks[i].slots[s];
            home = cap->type == K5_CAP_REGION && cap->object == number ? slot : home;
        }
    }
    return home;
}

static void movables_add(struct text *out, const struct app *app)
{
    static const char *const fields[3] = {"movable_base", "movable_size", "movable_home"};
    for (size_t f = 0; f < 3; f++) {
        size_t number = 0;
        text_addf(out, "    .%s = {\n", fields[f]);
        for (size_t i = 0; i < app->shared_count; i++) {
            const struct app_shared *shared = &app->shared[i];
            if (!shared->movable) {
                continue;
            }
            text_addf(out, "        [%zu] = ", number);
            switch (f) {
            case 0: text_addf(out, "0x%08Xu", shared->base); break;
            case 1: text_addf(out, "0x%Xu", shared->size); break;
            default: text_addf(out, "%zu", movable_home(app, number)); break;
            }
            text_addf(out, ", /* %s, app.toml:%d */\n", shared->name, shared->line);
            number++;
        }
        if (number == 0) {
            text_addf(out, "        [0] = %s,\n", f == 2 ? "K5_SLOTS" : "0");
        }
        text_add(out, "    },\n");
    }
}

void gen_tables(const struct app *app)
{
    struct text out = {0};
    gen_head(&out, app, "The kernel's tables");
    text_add(&out, "#include \"kernel/config.h\"\n");
    task_names_add(&out, app);
    text_add(&out, "\nconst struct config cfg = {\n");
    tasks_add(&out, app);
    endpoints_add(&out, app);
    irqs_add(&out, app);
    slots_add(&out, app);
    regions_add(&out, app);
    movables_add(&out, app);
    text_addf(&out, "    .on_assert = K5_ON_ASSERT_%s,\n",
              app->on_assert == K5_ON_ASSERT_RESET ? "RESET" : "HALT");
    text_add(&out, "};\n");
    gen_write(app, "gen/config.c", &out);
    text_free(&out);
}
