/*
 * app.c - reads app.toml into struct app: each key by itself. wire.c then connects the names.
 *
 * Invariant: a mistake is reported where it stands and reading goes on, so that one run shows all;
 * what could not be read has a harmless value. Schema: docs/manual and DESIGN's example.
 */
#define _GNU_SOURCE
#include "app_read.h"

#include "budget.h"
#include "wire.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define STACK_MIN 256u
#define STACK_MAX (1u << 20)
#define LATER     "not in this version of K5"

static const int64_t range_priority[2] = {0, K5_PRIORITY_MAX};

/* ---- words and tables ---- */

/* A table, or an error at what stands there instead. `hint`: how it is written. */
static bool table_check(const struct conf_node *node, const char *hint, const char *where)
{
    if (node->kind == CONF_TABLE) {
        return true;
    }
    if (node->kind == CONF_ARRAY && node->count > 0 && node->items[0]->kind == CONF_TABLE) {
        conf_error(node, hint, "%s is a list of tables: [[ ]] has a bracket too many", where);
    } else {
        conf_error(node, hint, "%s is %s, not a table", where, conf_kind_name(node->kind));
    }
    return false;
}

static void link_add(struct app_links *links, const struct conf_node *node, const char *name)
{
    links->items = memory_resize(links->items, (links->count + 1) * sizeof links->items[0]);
    links->items[links->count++] =
        (struct app_link){.node = node, .name = name, .target = APP_NONE};
}

/* Which of `words` stands under `key`: its index; the first one if it is left out. */
static size_t choice_read(const struct conf_node *table, const char *where, const char *key,
                          const char *const *words, size_t count)
{
    const char *word = conf_string(table, where, key, false);
    struct text hint = {0};
    for (size_t i = 0; i < count; i++) {
        if (word != NULL && strcmp(word, words[i]) == 0) {
            text_free(&hint);
            return i;
        }
        text_addf(&hint, "%s\"%s\"", i == 0 ? "write " : i + 1 < count ? ", " : " or ", words[i]);
    }
    if (word != NULL) {
        conf_error(conf_get(table, key), text_string(&hint), "%s: %s = \"%s\" is unknown", where,
                   key, word);
    }
    text_free(&hint);
    return 0;
}

/* Reports each of `keys` that the table has: planned, but not there yet. */
static void later_check(const struct conf_node *table, const char *where, const char *const *keys,
                        size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct conf_node *node = conf_get(table, keys[i]);
        if (node != NULL) {
            conf_error_key(node, "", "%s: \"%s\" is " LATER, where, keys[i]);
        }
    }
}

/* ---- one task ---- */

/* A key that is needed is not there; not said of a task with a mistyped key, which may be it. */
static bool missing(const struct conf_node *node, const char *key)
{
    return conf_get(node, key) == NULL && conf_complete(node);
}

static void task_fp_read(const struct app *app, struct app_task *task, const char *where)
{
    const struct conf_node *node = conf_get(task->node, "fp");
    if (node == NULL) {
        return;
    }
    task->fp = node->kind == CONF_BOOLEAN && node->integer != 0;
    if (node->kind != CONF_BOOLEAN) {
        conf_error(node, "write fp = true", "%s: \"fp\" is %s, not true or false", where,
                   conf_kind_name(node->kind));
    } else if (task->fp && app->board.fpu == NULL) {
        conf_error(node, "without it, floating point is done in software",
                   "%s: board %s has no floating-point unit", where, app->board.name);
    }
}

static void task_stack_read(struct app_task *task, const char *where)
{
    const struct conf_node *node = conf_get(task->node, "stack");
    uint64_t bytes = 0;
    task->stack_size = STACK_MIN;
    if (missing(task->node, "stack")) {
        conf_error(task->node, "write stack = \"1K\"", "%s: \"stack\" is missing", where);
    }
    if (node == NULL || !conf_size(node, where, &bytes)) {
        return;
    }
    if (bytes < STACK_MIN || bytes > STACK_MAX) {
        conf_error(node, "", "%s: a stack of %llu bytes is out of range (%u to %u)", where,
                   (unsigned long long)bytes, STACK_MIN, STACK_MAX);
    } else if (bytes % 8 != 0) {
        conf_error(node, "", "%s: the stack must be a multiple of 8 bytes", where);
    } else {
        task->stack_size = (uint32_t)bytes;
    }
}

/* serves = "storage" or serves = { name = "storage" } */
static void task_serves_read(struct app *app, struct app_task *task, const char *where)
{
    static const int64_t range_lends[2] = {0, K5_REGION_MAX - 2};
    static const char *const known[] = {"name", "wcet", "interface", "lends"};
    const struct conf_node *node = conf_get(task->node, "serves");
    if (node == NULL) {
        return;
    }
    if (node->kind == CONF_ARRAY) {
        conf_error(node, "write serves = \"NAME\"", "%s: a task serves one endpoint", where);
        return;
    }
    if (node->kind == CONF_TABLE) {
        conf_known(node, where, known, 4);
        task->lend_count = (size_t)conf_integer(node, where, "lends", range_lends, 0);
        service_read(app, task, node, where);
        if (conf_string(node, where, "name", true) == NULL) {
            return;
        }
        node = conf_get(node, "name");
    }
    if (node->kind != CONF_STRING) {
        conf_error(node, "write serves = \"NAME\"", "%s: \"serves\" is %s, not a name", where,
                   conf_kind_name(node->kind));
    } else {
        name_check(node, "endpoint", node->string);
        link_add(&task->serves, node, node->string);
        service_read(app, task, NULL, where);
    }
}

/* signals = { task = bits } */
static void task_signals_read(struct app_task *task, const char *where)
{
    const struct conf_node *table = conf_get(task->node, "signals");
    if (table != NULL && table->kind != CONF_TABLE) {
        conf_error(table, "write { TASK = 0x01 }", "%s: \"signals\" is %s, not a table", where,
                   conf_kind_name(table->kind));
        return;
    }
    for (size_t i = 0; table != NULL && i < table->count; i++) {
        const struct conf_node *item = table->items[i];
        if (item->kind != CONF_INTEGER || item->integer < 1 || item->integer > UINT32_MAX) {
            conf_error(item, "a mask, 0x00000001 to 0xFFFFFFFF",
                       "%s: the bits for \"%s\" are no mask", where, item->key);
        } else {
            link_add(&task->signals, item, item->key);
            task->signals.items[task->signals.count - 1].bits = (uint32_t)item->integer;
        }
    }
}

static void task_read(struct app *app, struct app_task *task, const struct conf_node *node)
{
    static const char *const known[] = {
        "source",  "use",        "priority", "period",   "budget",  "stack",  "serves",   "calls",
        "signals", "supervises", "uses",     "define",   "passive", "waive",  "on-fault", "wcet",
        "fp",      "watches",    "dma",      "irq-bits", "slots",   "grants", "maps",     "lends"};
    static const int64_t range_maps[2] = {0, K5_REGION_MAX - 2};
    static const char *const faults[] = {"stop", "restart", "reset"}; /* K5_ON_FAULT_* */
    char *where = string_format("task \"%s\"", node->key);
    task->node = node;
    task->name = node->key;
    task->line = node->line;
    task->endpoint = APP_NONE;
    task->handler = APP_NONE;
    task->watchdog = APP_NONE;
    if (!table_check(node, "write [task.NAME]", where)) {
        app->doubt_tasks = true;
        free(where);
        return;
    }
    name_check(node, "task", node->key);
    conf_known(node, where, known, sizeof known / sizeof known[0]);
    later_check(node, where, known + 23, sizeof known / sizeof known[0] - 23);
    if (missing(node, "priority")) {
        conf_error(node, "write priority = 10; larger = more urgent", "%s: \"priority\" is missing",
                   where);
    }
    task->priority = (uint8_t)conf_integer(node, where, "priority", range_priority, 0);
    sources_read(app, task, where, conf_complete(node));
    defines_read(task, where);
    task_fp_read(app, task, where);
    task->on_fault = (uint8_t)choice_read(node, where, "on-fault", faults, 3);
    task_stack_read(task, where);
    task_serves_read(app, task, where);
    budget_read(app, task, where);
    task->maps_said = conf_get(node, "maps") != NULL;
    task->maps = (size_t)conf_integer(node, where, "maps", range_maps, 0);
    task_signals_read(task, where);
    links_read(node, where, "calls", &task->calls);
    links_read(node, where, "grants", &task->grants);
    links_read(node, where, "supervises", &task->supervises);
    links_read(node, where, "uses", &task->uses);
    links_read(node, where, "watches", &task->watches);
    links_read(node, where, "slots", &task->places);
    for (size_t i = 0; i < task->places.count; i++) {
        name_check(task->places.items[i].node, "slot", task->places.items[i].name);
        task->places.items[i].target = 0;
    }
    app->doubt_endpoints =
        app->doubt_endpoints ||
        (task->serves.count == 0 && (!conf_complete(node) || conf_get(node, "serves")));
    free(where);
}

/* ---- the whole file ---- */

static void tasks_read(struct app *app, const struct conf_node *root)
{
    const struct conf_node *table = conf_get(root, "task");
    if (table == NULL || (table->kind == CONF_TABLE && table->count == 0)) {
        if (!app->doubt_tasks) {
            conf_error(root, "write [task.NAME]", "the app has no task");
        }
        return;
    }
    if (!table_check(table, "write [task.NAME]", "\"task\"")) {
        return;
    }
    if (table->count > K5_TASK_MAX) {
        conf_error_key(table->items[K5_TASK_MAX], "join some of them",
                       "an app has at most %d tasks: this is one too many", K5_TASK_MAX);
    }
    app->task_count = table->count <= K5_TASK_MAX ? table->count : K5_TASK_MAX;
    app->doubt_tasks = app->doubt_tasks || table->count > K5_TASK_MAX;
    app->tasks = memory_new(app->task_count * sizeof app->tasks[0]);
    for (size_t i = 0; i < app->task_count; i++) {
        task_read(app, &app->tasks[i], table->items[i]);
    }
}

static void region_read(const struct conf_node *node, struct app_shared *shared)
{
    static const char *const known[] = {"size", "shared", "owner"};
    char *where = string_format("region \"%s\"", node->key);
    uint64_t bytes = 32;
    *shared = (struct app_shared){.name = node->key, .node = node, .line = node->line};
    if (table_check(node, "write [region.NAME]", where)) {
        const struct conf_node *size = conf_get(node, "size");
        name_check(node, "region", node->key);
        conf_known(node, where, known, 3);
        shared->movable = conf_get(node, "owner") != NULL;
        if (missing(node, "size")) {
            conf_error(node, "write size = \"4K\"", "%s: \"size\" is missing", where);
        } else if (size != NULL && conf_size(size, where, &bytes) && bytes > (1u << 24)) {
            conf_error(size, "", "%s: at most 16M", where);
            bytes = 32;
        }
    }
    shared->size = ((uint32_t)bytes + 31u) & ~31u;
    free(where);
}

static void shared_read(struct app *app, const struct conf_node *root)
{
    const struct conf_node *table = conf_get(root, "region");
    if (table == NULL || !table_check(table, "write [region.NAME]", "\"region\"")) {
        return;
    }
    app->shared_count = table->count;
    app->shared = memory_new(app->shared_count * sizeof app->shared[0]);
    for (size_t i = 0; i < app->shared_count; i++) {
        region_read(table->items[i], &app->shared[i]);
    }
}

/* Texts to look for in lines; unlike names, one may come twice. */
static void strings_read(const struct conf_node *table, const char *key, struct list *out)
{
    const struct conf_node *node = conf_get(table, key);
    size_t count = node == NULL ? 0 : node->kind == CONF_ARRAY ? node->count : 1;
    for (size_t i = 0; i < count; i++) {
        const struct conf_node *item = node->kind == CONF_ARRAY ? node->items[i] : node;
        if (item->kind != CONF_STRING) {
            conf_error(item, "write it in quotes", "test: an entry of \"%s\" is %s, not a text",
                       key, conf_kind_name(item->kind));
        } else if (item->string[0] == '\0') {
            conf_error(item, "every line has an empty text", "test: an entry of \"%s\" is empty",
                       key);
        } else {
            list_add(out, item->string);
        }
    }
}

static void test_read(struct app *app, const struct conf_node *root)
{
    static const char *const known[] = {"for", "expect", "forbid", "input", "output", "slow"};
    const struct conf_node *table = conf_get(root, "test");
    if (table == NULL) {
        return;
    }
    if (!table_check(table, "write [test]", "\"test\"")) {
        return;
    }
    const struct conf_node *duration = conf_get(table, "for");
    conf_known(table, "test", known, 6);
    const struct conf_node *slow = conf_get(table, "slow"); /* test.c looks for it by itself */
    if (slow != NULL && slow->kind != CONF_BOOLEAN) {
        conf_error(slow, "write slow = true", "test: \"slow\" is %s, not true or false",
                   conf_kind_name(slow->kind));
    }
    app->test.present = true;
    if (missing(table, "for")) {
        conf_error(table, "write for = \"2 s\"", "test: \"for\" is missing");
    } else if (duration != NULL) {
        conf_time(duration, "test", &app->test.for_us);
    }
    strings_read(table, "expect", &app->test.expect);
    strings_read(table, "forbid", &app->test.forbid);
    strings_read(table, "output", &app->test.output);
    app->test.input = conf_string(table, "test", "input", false);
}

/* Stands in for a board that there is not, so that the rest is checked as far as that goes. */
static void board_unknown(struct board *board)
{
    *board = (struct board){.fpu = "", .tick_hz = 1000000};
}

/* The board first: names and times are read against it. */
static void board_choose(struct app *app, const struct conf_node *table)
{
    struct list names = {0};
    const char *written = conf_string(table, "app", "board", app->board_name == NULL);
    const char *name = app->board_name != NULL ? app->board_name : written;
    board_names(&names);
    if (name != NULL && !list_has(&names, name)) {
        const char *near = nearest_word(name, (const char *const *)names.items, names.count);
        struct text hint = {0};
        for (size_t i = 0; i < names.count && near == NULL; i++) {
            text_addf(&hint, "%s%s", i == 0 ? "there are: " : ", ", names.items[i]);
        }
        if (near != NULL) {
            text_addf(&hint, "did you mean \"%s\"?", near);
        }
        conf_error(conf_get(table, "board"), text_string(&hint), "there is no board \"%s\"", name);
        text_free(&hint);
        name = NULL;
    }
    list_free(&names);
    if (name == NULL || !board_read(name, &app->board)) {
        board_unknown(&app->board);
    }
}

/* The name stands in generated sources and in reports. */
static void app_name_read(struct app *app, const struct conf_node *table)
{
    app->name = conf_string(table, "app", "name", true);
    const char *name = app->name;
    for (size_t i = 0; name != NULL && name[i] != '\0'; i++) {
        if (!isalnum((unsigned char)name[i]) && strchr(" ._-", name[i]) == NULL) {
            conf_error(conf_get(table, "name"), "letters, digits, blanks and . _ - are possible",
                       "app: the name has a character that it cannot have");
            return;
        }
    }
    if (name != NULL && (name[strspn(name, " ")] == '\0' || strlen(name) > 63)) {
        conf_error(conf_get(table, "name"), "write 1 to 63 characters",
                   name[strspn(name, " ")] == '\0' ? "app: the name is empty"
                                                   : "app: the name is too long");
    }
}

static void head_read(struct app *app, const struct conf_node *root)
{
    static const char *const sections[] = {"app", "task", "region", "test", "enclave"};
    static const char *const known[] = {"name", "board", "on-assert", "policy"};
    static const char *const asserts[] = {"reset", "halt"};
    const struct conf_node *table = conf_get(root, "app");
    const struct conf_node *enclave = conf_get(root, "enclave");
    conf_known(root, "app.toml", sections, sizeof sections / sizeof sections[0]);
    app->doubt_tasks = !conf_complete(root);
    app->doubt_endpoints = app->doubt_tasks;
    board_unknown(&app->board);
    if (enclave != NULL) {
        conf_error_key(enclave, "", "enclaves are " LATER);
    }
    if (root->count == 0 && conf_complete(root)) {
        conf_error(root, "begin with [app]", "the file says nothing");
        app->doubt_tasks = true;
        return;
    }
    if (table == NULL) {
        if (!app->doubt_tasks) {
            conf_error(root, "begin with [app]", "the table [app] is missing");
        }
        return;
    }
    if (!table_check(table, "write [app]", "\"app\"")) {
        return;
    }
    conf_known(table, "app", known, sizeof known / sizeof known[0]);
    app->policy = conf_string(table, "app", "policy", false);
    app->policy_node = conf_get(table, "policy");
    app->on_assert = choice_read(table, "app", "on-assert", asserts, 2) == 0 ? K5_ON_ASSERT_RESET
                                                                             : K5_ON_ASSERT_HALT;
    app_name_read(app, table);
    board_choose(app, table);
}

/* The path of app.toml; NULL and a message if it is not there. */
static char *app_path(const char *dir)
{
    char *path = strcmp(dir, ".") == 0 ? string_copy("app.toml") : path_join(dir, "app.toml");
    if (file_exists(path) || dir_exists(path)) { /* conf_parse says that a folder is no file */
        return path;
    }
    error_print("%s: there is no %s", dir, dir_exists(dir) ? "app.toml" : "such folder");
    if (file_exists(dir) && !dir_exists(dir)) {
        hint_print("this is a file; name the folder that holds app.toml");
    } else {
        hint_print("name the folder of an app, for example `k5 build examples/01_hello`");
    }
    free(path);
    return NULL;
}

static void root_read(struct app *app, const struct conf_node *root)
{
    head_read(app, root);
    tasks_read(app, root);
    shared_read(app, root);
    test_read(app, root);
    if (app->task_count > 0) {
        app_wire(app);
        budget_check(app);
    }
}

/* The name after --board, if there is one. */
static bool board_name_check(const char *name)
{
    struct list names = {0};
    board_names(&names);
    bool found = name == NULL || list_has(&names, name);
    if (!found) {
        error_print("--board: there is no board \"%s\"", name);
        hint_print("`k5 boards` lists those that there are");
    }
    list_free(&names);
    return found;
}

int app_read(const char *dir, const char *profile, struct app *app)
{
    unsigned before = conf_error_count();
    app->dir = string_copy(dir);
    app->profile = profile != NULL ? profile : "release";
    if (strcmp(app->profile, "release") != 0 && strcmp(app->profile, "debug") != 0) {
        error_print("there is no profile \"%s\"", app->profile);
        hint_print("the profiles are release and debug");
        return EXIT_USAGE;
    }
    app->path = app_path(dir);
    if (app->path == NULL || !board_name_check(app->board_name)) {
        return EXIT_USAGE;
    }
    conf_errors_hold();
    const struct conf_node *root = conf_parse(app->path);
    if (root != NULL) {
        root_read(app, root);
    }
    conf_errors_show();
    return root != NULL && conf_error_count() == before ? EXIT_OK : EXIT_USAGE;
}
