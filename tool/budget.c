/*
 * budget.c - reads the time of each task, and checks it along the calls (budget.h).
 *
 *   client (budget)  -- call -->  passive server (wcet)  -- call -->  passive server (wcet)
 *                    at least as urgent                  at least as urgent
 *          budget  >=           wcet          >=                    wcet
 *
 * Invariant: a length of 0 means that it could not be read, which was reported; it is never
 * compared with another.
 */
#define _GNU_SOURCE
#include "budget.h"

#include "conf.h"

#include <stdlib.h>
#include <string.h>

#define PERIOD_DEFAULT 10000u /* microseconds */

/* ---- one task ---- */

/* A time under `key`; false if it is not there, or is none (reported). */
static bool time_read(const struct conf_node *table, const char *where, const char *key,
                      uint64_t *us)
{
    const struct conf_node *node = table != NULL ? conf_get(table, key) : NULL;
    return node != NULL && conf_time(node, where, us);
}

/* The table of `serves`, or NULL if it is only a name. */
static const struct conf_node *serves_table(const struct app_task *task)
{
    const struct conf_node *serves = conf_get(task->node, "serves");
    return serves != NULL && serves->kind == CONF_TABLE ? serves : NULL;
}

/* Nothing shorter than what the kernel itself takes. */
static bool minimum_check(const struct app *app, const struct conf_node *node, const char *where,
                          uint64_t us)
{
    const struct span *least = &app->board.budget_min;
    bool wcet = strcmp(node->key, "wcet") == 0;
    if (us >= least->us) {
        return true;
    }
    conf_error(node,
               wcet ? "it includes the kernel entries of the call and of the answer"
                    : "a switch to the task must be paid of it",
               "%s: %s = %s is below %s, the least that board %s allows", where, node->key,
               time_text(us), time_text(least->us), app->board.name);
    return false;
}

static void period_read(const struct app *app, struct app_task *task, const char *where)
{
    uint64_t us = PERIOD_DEFAULT;
    if (conf_get(task->node, "period") != NULL && !time_read(task->node, where, "period", &us)) {
        return;
    }
    if (us < app->board.budget_min.us || !board_span(&app->board, us, &task->period)) {
        conf_error(conf_get(task->node, "period"), "",
                   "%s: period is out of range (%s to %u s on this board)", where,
                   time_text(app->board.budget_min.us), BOARD_TICKS_MAX / app->board.tick_hz);
        task->period = (struct span){0, 0};
    }
}

/* After the period: without a budget, the context is a turn of that length. */
static void length_read(const struct app *app, struct app_task *task, const char *where)
{
    const struct conf_node *node = conf_get(task->node, "budget");
    uint64_t us = 0;
    if (node == NULL) {
        task->budget = task->period;
        return;
    }
    if (!time_read(task->node, where, "budget", &us) || !minimum_check(app, node, where, us) ||
        task->period.us == 0) {
        return;
    }
    if (us > task->period.us) {
        conf_error(node,
                   conf_get(task->node, "period") == NULL
                       ? "write the period too: it is 10 ms if left out"
                       : "budget = period is a turn without a limit, and more there is not",
                   "%s: a budget of %s is above its period of %s", where, time_text(us),
                   time_text(task->period.us));
        return;
    }
    (void)board_span(&app->board, us, &task->budget);
}

static void wcet_read(const struct app *app, struct app_task *task, const char *where)
{
    const struct conf_node *table = serves_table(task);
    uint64_t us = 0;
    if (!time_read(table, where, "wcet", &us)) {
        return;
    }
    const struct conf_node *node = conf_get(table, "wcet");
    if (minimum_check(app, node, where, us) && !board_span(&app->board, us, &task->wcet)) {
        conf_error(node, "", "%s: wcet is out of range (%s to %u s on this board)", where,
                   time_text(app->board.budget_min.us), BOARD_TICKS_MAX / app->board.tick_hz);
    }
}

/* `passive` and `wcet` make sense together, and with an endpoint. */
static void passive_read(struct app_task *task, const char *where)
{
    const struct conf_node *passive = conf_get(task->node, "passive");
    const struct conf_node *serves = conf_get(task->node, "serves");
    const struct conf_node *table = serves_table(task);
    const struct conf_node *wcet = table != NULL ? conf_get(table, "wcet") : NULL;
    if (passive != NULL && passive->kind != CONF_BOOLEAN) {
        conf_error(passive, "write true or false", "%s: \"passive\" is %s", where,
                   conf_kind_name(passive->kind));
        return;
    }
    task->passive = passive != NULL && passive->integer != 0;
    if (task->passive && serves == NULL) {
        conf_error_key(passive, "write serves = { name = \"NAME\", wcet = \"200 us\" }",
                       "%s: a passive server runs on its callers' time, but this serves nothing",
                       where);
    } else if (task->passive && wcet == NULL && conf_get(task->node, "wcet") == NULL) {
        char *hint =
            string_format("write for example serves = { name = \"%s\", wcet = \"200 us\" }",
                          task->serves.count > 0 ? task->serves.items[0].name : "NAME");
        conf_error_key(passive, hint,
                       "%s: a passive server says how much of a caller's time a call may take",
                       where);
        free(hint);
    } else if (!task->passive && wcet != NULL) {
        conf_error_key(wcet, "write passive = true, or leave it out",
                       "%s: a wcet is of a caller's time, but this server is not passive", where);
    }
}

/* waive = { ceiling = "reason", wcet = "reason" } */
static void waive_read(struct app_task *task, const char *where)
{
    static const char *const known[WAIVE_COUNT] = {"ceiling", "wcet", "stack"};
    const struct conf_node *table = conf_get(task->node, "waive");
    if (table == NULL) {
        return;
    }
    if (table->kind != CONF_TABLE) {
        conf_error(table, "write { ceiling = \"REASON\" }", "%s: \"waive\" is %s, not a table",
                   where, conf_kind_name(table->kind));
        return;
    }
    char *inside = string_format("%s: waive", where);
    conf_known(table, inside, known, WAIVE_COUNT);
    for (size_t i = 0; i < WAIVE_COUNT; i++) {
        const char *reason = conf_string(table, inside, known[i], false);
        if (reason != NULL && reason[strspn(reason, " \t\r\n")] == '\0') {
            conf_error(conf_get(table, known[i]), "say why it may be so: the report shows it",
                       "%s: the reason for \"%s\" is empty", inside, known[i]);
        }
        task->waivers[i] = (struct app_waiver){known[i], reason, conf_get(table, known[i]), false};
    }
    free(inside);
}

void budget_read(const struct app *app, struct app_task *task, const char *where)
{
    const struct conf_node *astray = conf_get(task->node, "wcet");
    if (astray != NULL) {
        conf_error_key(astray, "write serves = { name = \"NAME\", wcet = \"200 us\" }",
                       "%s: \"wcet\" belongs to \"serves\"", where);
    }
    period_read(app, task, where);
    length_read(app, task, where);
    wcet_read(app, task, where);
    passive_read(task, where);
    waive_read(task, where);
}

/* ---- along the calls ---- */

/* The passive server behind a call, or NULL. */
static const struct app_task *passive_server(const struct app *app, const struct app_link *call)
{
    if (call->target == APP_NONE) {
        return NULL;
    }
    const struct app_task *server = &app->tasks[app->endpoints[call->target].server];
    return server->passive ? server : NULL;
}

/* The call of a task that may take longest, or NULL if it calls no passive server. */
static const struct app_task *longest_callee(const struct app *app, const struct app_task *task)
{
    const struct app_task *longest = NULL;
    for (size_t i = 0; i < task->calls.count; i++) {
        const struct app_task *server = passive_server(app, &task->calls.items[i]);
        if (server != NULL && (longest == NULL || server->wcet.us > longest->wcet.us)) {
            longest = server;
        }
    }
    return longest;
}

/* The least urgent task that calls this one, or NULL. */
static const struct app_task *first_caller(const struct app *app, const struct app_task *server)
{
    for (size_t t = 0; t < app->task_count; t++) {
        for (size_t i = 0; i < app->tasks[t].calls.count; i++) {
            if (passive_server(app, &app->tasks[t].calls.items[i]) == server) {
                return &app->tasks[t];
            }
        }
    }
    return NULL;
}

/* True if the task is one, and not among those seen; it is from then on. */
static bool unseen(const struct app *app, const struct app_task *task, uint32_t *seen)
{
    uint32_t bit = task != NULL ? UINT32_C(1) << (task - app->tasks) : 0;
    bool fresh = (bit & ~*seen) != 0;
    *seen |= bit;
    return fresh;
}

/* "client -> store -> archive": from one whose time it is, over the call, to where it ends. Calls
 * may still form a circle here (which is reported elsewhere): no task comes twice. */
static char *chain_text(const struct app *app, const struct app_task *caller,
                        const struct app_task *server)
{
    struct text down = {0};
    uint32_t seen = 0;
    char *chain = string_copy(caller->name);
    (void)unseen(app, caller, &seen);
    while (unseen(app, server, &seen)) {
        text_addf(&down, " -> %s", server->name);
        server = longest_callee(app, server);
    }
    while (caller->passive && unseen(app, first_caller(app, caller), &seen)) {
        caller = first_caller(app, caller);
        char *longer = string_format("%s -> %s", caller->name, chain);
        free(chain);
        chain = longer;
    }
    char *whole = string_format("%s%s", chain, text_string(&down));
    free(chain);
    text_free(&down);
    return whole;
}

/* True if the task waives this, and it is noted that there was something to waive. */
static bool waived(struct app_task *task, enum app_waive what)
{
    task->waivers[what].used = true;
    return task->waivers[what].node != NULL;
}

static int key_line(const struct app_task *task, const char *key)
{
    const struct conf_node *node = conf_get(task->node, key);
    return node != NULL ? node->line : task->line;
}

/* A server on its caller's time must not wait behind tasks that the caller need not wait for. */
static void ceiling_check(struct app_task *task, const struct app_link *call,
                          const struct app_task *server)
{
    if (server->priority >= task->priority || waived(task, WAIVE_CEILING)) {
        return;
    }
    char *hint = string_format("make it %u at least, or say why not: waive = { ceiling = \"...\" }",
                               task->priority);
    conf_error(call->node, hint,
               "\"%s\" (priority %u, line %d) calls \"%s\", whose passive server \"%s\" is less "
               "urgent (%u, line %d)",
               task->name, task->priority, key_line(task, "priority"), call->name, server->name,
               server->priority, key_line(server, "priority"));
    free(hint);
}

uint32_t wcet_ticks(const struct app *app, const struct app_task *server)
{
    return server->wcet.ticks == 0 ? 0 : server->wcet.ticks + app->board.budget_min.ticks;
}

/* What a call may take must fit into what the caller has: its budget, or its own wcet. Of a budget
 * the least one stays in reserve (wcet_ticks). */
static void wcet_check(const struct app *app, struct app_task *task, const struct app_link *call,
                       const struct app_task *server)
{
    const struct span *room = task->passive ? &task->wcet : &task->budget;
    uint64_t reserve = task->passive ? 0 : app->board.budget_min.us;
    if (room->us == 0 || server->wcet.us + reserve <= room->us || waived(task, WAIVE_WCET)) {
        return;
    }
    bool limit = conf_get(task->node, "budget") != NULL;
    int line = conf_get(serves_table(server), "wcet")->line;
    char *chain = chain_text(app, task, server);
    char *hint = string_format("%s: %s", chain,
                               task->passive ? "a wcet includes the calls that the server makes"
                                             : "the call would always be refused");
    if (task->passive) {
        conf_error(call->node, hint,
                   "the wcet of \"%s\" is %s (line %d), but its call of \"%s\" alone may take %s "
                   "(line %d)",
                   task->name, time_text(room->us), conf_get(serves_table(task), "wcet")->line,
                   call->name, time_text(server->wcet.us), line);
    } else {
        conf_error(call->node, hint,
                   "\"%s\" has a %s of %s (line %d), but its call of \"%s\" may take %s "
                   "(wcet, line %d) and %s stay in reserve",
                   task->name, limit ? "budget" : "turn", time_text(room->us),
                   key_line(task, limit ? "budget" : "period"), call->name,
                   time_text(server->wcet.us), line, time_text(reserve));
    }
    free(chain);
    free(hint);
}

/* A waiver that waives nothing hides the next mistake. That of the stack is looked at when the task
 * is linked. */
static void waivers_check(const struct app_task *task)
{
    static const char *const fine[WAIVE_STACK] = {
        "it calls no passive server that is less urgent",
        "what it has is enough for every call",
    };
    for (size_t i = 0; i < WAIVE_STACK; i++) {
        const struct app_waiver *waiver = &task->waivers[i];
        if (waiver->node != NULL && !waiver->used) {
            conf_error_key(waiver->node, "leave it out", "task \"%s\": nothing to waive: %s",
                           task->name, fine[i]);
        }
    }
}

void budget_check(struct app *app)
{
    unsigned before = conf_error_count();
    for (size_t t = 0; t < app->task_count; t++) {
        struct app_task *task = &app->tasks[t];
        for (size_t i = 0; i < task->calls.count; i++) {
            const struct app_link *call = &task->calls.items[i];
            const struct app_task *server = passive_server(app, call);
            if (server != NULL && server != task) {
                ceiling_check(task, call, server);
                wcet_check(app, task, call, server);
            }
        }
        if (before == 0) { /* else a call may be missing, and with it what is waived */
            waivers_check(task);
        }
    }
}
