/*
 * wire_check.c - what is wrong with the wires of an app as a whole; wire.c made them.
 *
 * Invariant: a mistake that several tasks have together is reported once, at the first of them.
 */
#include "conf.h"
#include "wire.h"

#include <string.h>

static uint32_t bit(size_t index)
{
    return UINT32_C(1) << index;
}

/* ---- calls ---- */

/* The tasks that task `index` calls. */
static uint32_t callees(const struct app *app, size_t index)
{
    const struct app_links *calls = &app->tasks[index].calls;
    uint32_t set = 0;
    for (size_t i = 0; i < calls->count; i++) {
        int target = calls->items[i].target;
        set |= target != APP_NONE ? bit((size_t)app->endpoints[target].server) : 0;
    }
    return set;
}

/* All tasks that a call of task `index` can come to wait for. */
static uint32_t callees_all(const struct app *app, size_t index)
{
    uint32_t set = callees(app, index);
    for (size_t round = 0; round < app->task_count; round++) {
        for (size_t i = 0; i < app->task_count; i++) {
            set |= (set & bit(i)) != 0 ? callees(app, i) : 0;
        }
    }
    return set;
}

/* The tasks that are in a circle of calls with task `index`. */
static uint32_t circle_members(const struct app *app, size_t index)
{
    uint32_t reached = callees_all(app, index);
    uint32_t set = 0;
    for (size_t i = 0; i < app->task_count; i++) {
        bool back = (callees_all(app, i) & bit(index)) != 0;
        set |= back && (reached & bit(i)) != 0 ? bit(i) : 0;
    }
    return set;
}

/* A call that comes back to its caller would wait for ever: no such circle, of any length. One
 * message for each circle. */
static void calls_check(const struct app *app)
{
    uint32_t told = 0; /* tasks in a circle that was reported */
    for (size_t i = 0; i < app->task_count; i++) {
        const struct app_task *task = &app->tasks[i];
        for (size_t c = 0; c < task->calls.count; c++) {
            const struct app_link *link = &task->calls.items[c];
            int server = link->target != APP_NONE ? app->endpoints[link->target].server : (int)i;
            if (server != (int)i && (told & bit(i)) == 0 &&
                (callees_all(app, (size_t)server) & bit(i)) != 0) {
                conf_error(link->node, "turn one of the calls into a signal",
                           "\"%s\" calls \"%s\", whose server waits for \"%s\" in turn", task->name,
                           link->name, task->name);
                told |= circle_members(app, i);
            }
        }
    }
}

/* ---- supervision ---- */

/* From each task up its handlers: who comes back to the start is in a cycle. */
static void supervision_check(const struct app *app)
{
    uint32_t told = 0; /* tasks in a circle that was reported */
    for (size_t i = 0; i < app->task_count; i++) {
        int at = app->tasks[i].handler;
        size_t steps = 0;
        uint32_t seen = bit(i);
        while (at != APP_NONE && at != (int)i && steps++ < app->task_count) {
            seen |= bit((size_t)at);
            at = app->tasks[at].handler;
        }
        if (at == (int)i && (told & bit(i)) == 0) {
            told |= seen;
            const struct app_task *task = &app->tasks[i];
            conf_error_key(conf_get(task->node, "supervises"),
                           "one of them must be supervised from outside, or by nobody",
                           "tasks supervise each other in a circle: \"%s\" and \"%s\"", task->name,
                           app->tasks[task->handler].name);
        }
    }
}

/* Who has a supervisor leaves it to that one what becomes of it; who is one and has none is the
 * last: without it, the system is not what it was. */
static void on_fault_check(const struct app *app)
{
    for (size_t i = 0; i < app->task_count; i++) {
        const struct app_task *task = &app->tasks[i];
        const struct conf_node *node = conf_get(task->node, "on-fault");
        if (node != NULL && node->kind != CONF_STRING) {
            continue; /* reported */
        }
        if (node != NULL && task->handler == APP_NONE && task->supervises.count > 0) {
            conf_error_key(node, "its fault is the system's: \"on-assert\" of [app] decides",
                           "task \"%s\": \"on-fault\" is not for a task that supervises others",
                           task->name);
        } else if (node != NULL && task->handler != APP_NONE) {
            const struct app_task *handler = &app->tasks[task->handler];
            conf_error_key(node, "leave it out: that task decides",
                           "task \"%s\": \"on-fault\" is for tasks that nobody supervises, but "
                           "\"%s\" supervises it (line %d)",
                           task->name, handler->name, conf_get(handler->node, "supervises")->line);
        }
    }
}

/* The bits that tell a supervisor of a fault are the kernel's: no task may forge them. */
static void signals_check(const struct app *app)
{
    for (size_t i = 0; i < app->task_count; i++) {
        for (size_t j = 0; j < app->tasks[i].signals.count; j++) {
            const struct app_link *link = &app->tasks[i].signals.items[j];
            for (size_t t = 0; t < app->task_count; t++) {
                if (link->target != APP_NONE && app->tasks[t].handler == link->target &&
                    (app->tasks[t].handler_bits & link->bits) != 0) {
                    conf_error(
                        link->node, "choose lower bits",
                        "task \"%s\" signals 0x%08X to \"%s\", which means a fault of \"%s\"",
                        app->tasks[i].name, link->bits, link->name, app->tasks[t].name);
                }
            }
        }
    }
}

/* ---- watches ---- */

/* Nobody lives in the name of another. */
static void watches_check(const struct app *app, size_t index)
{
    const struct app_links *signals = &app->tasks[index].signals;
    for (size_t i = 0; i < signals->count; i++) {
        const struct app_link *link = &signals->items[i];
        for (size_t t = 0; t < app->task_count; t++) {
            const struct app_task *watched = &app->tasks[t];
            if (t != index && link->target != APP_NONE && watched->watchdog == link->target &&
                (watched->watch_bit & link->bits) != 0) {
                conf_error(link->node, "choose higher bits",
                           "task \"%s\" signals 0x%08X to \"%s\", which means that \"%s\" lives",
                           app->tasks[index].name, link->bits, link->name, watched->name);
            }
        }
    }
}

/* ---- ready-made tasks ---- */

/* What a ready-made task does not work without. */
struct need {
    const char *use;
    const char *key;
    const char *name; /* NULL: any */
    const char *hint;
};

static bool need_met(const struct app *app, const struct app_task *task, const struct need *need)
{
    bool uses = strcmp(need->key, "uses") == 0;
    const struct app_links *links = uses                                ? &task->uses
                                    : strcmp(need->key, "watches") == 0 ? &task->watches
                                                                        : &task->supervises;
    bool met = need->name == NULL && links->count > 0;
    for (size_t i = 0; uses && i < links->count; i++) {
        const char *name = links->items[i].name;
        bool unknown = strcmp(name, "log") != 0 && board_device_find(&app->board, name) < 0;
        met = met || unknown || strcmp(name, need->name) == 0; /* unknown: reported */
    }
    return met || !conf_complete(task->node);
}

static void needs_check(const struct app *app, const struct app_task *task)
{
    static const struct need needs[] = {
        {"logger", "uses", "uart0", "write uses = [\"uart0\", \"log\"]"},
        {"logger", "uses", "log", "write uses = [\"uart0\", \"log\"]"},
        {"uart_cmsdk", "uses", NULL, "write uses = [\"uart1\"] and serves = \"uart1\""},
        {"supervisor", "supervises", NULL, "write supervises = [\"TASK\"]"},
        {"watchdog", "uses", "watchdog0", "write uses = [\"watchdog0\"]"},
        {"watchdog", "watches", NULL, "write watches = [\"TASK\"]"},
    };
    bool ready = task->use != NULL && conf_get(task->node, "source") == NULL;
    for (size_t i = 0; ready && i < sizeof needs / sizeof needs[0]; i++) {
        const struct need *need = &needs[i];
        if (strcmp(task->use, need->use) == 0 && !need_met(app, task, need)) {
            conf_error(conf_get(task->node, "use"), need->hint,
                       "task \"%s\": the ready-made %s needs %s%s\"%s\"", task->name, need->use,
                       need->name != NULL ? need->name : "", need->name != NULL ? " in " : "",
                       need->key);
            return;
        }
    }
}

/* A service that is lent memory has places for it. */
static void lends_check(const struct app_task *task)
{
    const struct conf_node *serves = conf_get(task->node, "serves");
    for (size_t i = 0; task->interface != NULL && i < task->interface->op_count; i++) {
        const struct interface_op *op = &task->interface->ops[i];
        if (op->args.lend == NULL || task->map_count > 0 || serves == NULL) {
            continue;
        }
        conf_error(serves, "write serves = { name = \"NAME\", lends = 1 }: how many at once",
                   "task \"%s\": operation \"%s\" (%s:%d) is lent memory, and it takes none",
                   task->name, op->name, task->interface->file, op->node->line);
        return;
    }
}

void wire_check(const struct app *app)
{
    calls_check(app);
    supervision_check(app);
    on_fault_check(app);
    signals_check(app);
    for (size_t i = 0; i < app->task_count; i++) {
        watches_check(app, i);
        needs_check(app, &app->tasks[i]);
        lends_check(&app->tasks[i]);
    }
}
