/*
 * app.c - reads app.toml into struct app: each key by itself. wire.c then connects the names.
 *
 * Invariant: a mistake is reported where it stands and reading goes on, so that one run shows all;
 * what could not be read has a harmless value. Schema: docs/manual and DESIGN's example.
 */
#define _GNU_SOURCE
#include "app.h"

#include "budget.h"
#include "conf.h"
#include "wire.h"

#include <ctype.h>
#include <glob.h>
#include <stdlib.h>
#include <string.h>

#define STACK_MIN 256u
#define STACK_MAX (1u << 20)
#define LATER     "not in this version of K5"

static const int64_t range_priority[2] = {0, K5_PRIORITY_MAX};

/* ---- names and lists ---- */

/* Names become parts of C macros: lower case letters, digits, underscores. */
static bool name_check(const struct conf_node *node, const char *kind, const char *name)
{
    char *fixed = string_copy(name);
    bool ok = islower((unsigned char)name[0]) != 0;
    for (size_t i = 0; name[i] != '\0'; i++) {
        unsigned char c = (unsigned char)name[i];
        bool good = islower(c) || isdigit(c) || c == '_';
        fixed[i] = good ? name[i] : (char)(isupper(c) ? tolower(c) : '_');
        ok = ok && good;
    }
    if (!ok) {
        char *hint = islower((unsigned char)fixed[0])
                         ? string_format("write \"%s\"", fixed)
                         : string_copy("begin with a lower case letter");
        conf_error_key(node, hint, "%s name \"%s\": only a-z, 0-9 and _ are possible", kind, name);
        free(hint);
    }
    free(fixed);
    return ok;
}

static void link_add(struct app_links *links, const struct conf_node *node, const char *name)
{
    links->items = memory_resize(links->items, (links->count + 1) * sizeof links->items[0]);
    links->items[links->count++] =
        (struct app_link){.node = node, .name = name, .target = APP_NONE};
}

/* A list of strings, or one string, under `key`; no name twice. */
static void links_read(const struct conf_node *table, const char *where, const char *key,
                       struct app_links *links)
{
    const struct conf_node *node = conf_get(table, key);
    size_t count = node == NULL ? 0 : node->kind == CONF_ARRAY ? node->count : 1;
    for (size_t i = 0; i < count; i++) {
        const struct conf_node *item = node->kind == CONF_ARRAY ? node->items[i] : node;
        bool twice = false;
        if (item->kind != CONF_STRING) {
            conf_error(item, "write names in quotes", "%s: an entry of \"%s\" is %s, not a string",
                       where, key, conf_kind_name(item->kind));
            continue;
        }
        for (size_t j = 0; j < links->count; j++) {
            twice = twice || strcmp(links->items[j].name, item->string) == 0;
        }
        if (twice) {
            conf_error(item, "", "%s: \"%s\" is twice in \"%s\"", where, item->string, key);
        } else {
            link_add(links, item, item->string);
        }
    }
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

static bool keys_wrong; /* the task that is being read has an unknown key */

static void keys_read(const struct conf_node *node, const char *where, const char *const *known,
                      size_t count)
{
    unsigned before = conf_error_count();
    conf_known(node, where, known, count);
    keys_wrong = conf_error_count() > before;
}

/* A key that is needed is not there; not said of a task with a mistyped key, which may be it. */
static bool missing(const struct conf_node *node, const char *key)
{
    return conf_get(node, key) == NULL && !keys_wrong;
}

/* The files a pattern names, sorted. `shown`: the node to blame. */
static void sources_add(struct list *sources, const char *base, const struct conf_node *shown,
                        const char *pattern, const char *where)
{
    glob_t found = {0};
    char *path = path_join(base, pattern);
    if (glob(path, 0, NULL, &found) != 0) {
        conf_error(shown, "paths are relative to app.toml", "%s: no file matches \"%s\"", where,
                   pattern);
    }
    for (size_t i = 0; i < found.gl_pathc; i++) {
        char *real = realpath(found.gl_pathv[i], NULL);
        if (real == NULL || !(string_ends(real, ".c") || string_ends(real, ".S"))) {
            conf_error(shown, "only *.c and *.S are compiled", "%s: \"%s\" is no source file",
                       where, found.gl_pathv[i]);
        } else if (!list_has(sources, real)) {
            list_add(sources, real);
        }
        free(real);
    }
    globfree(&found);
    free(path);
}

static void use_read(struct app_task *task, const char *where)
{
    const struct conf_node *node = conf_get(task->node, "use");
    struct list dirs = {0};
    const char *names[64];
    size_t count = 0;
    char *dir = path_join(root_join("tasks"), task->use);
    dir_list(root_join("tasks"), "", &dirs);
    for (size_t i = 0; i < dirs.count && count < 64; i++) {
        names[count++] = path_base(dirs.items[i]);
    }
    if (strchr(task->use, '/') != NULL || !dir_exists(dir)) {
        const char *near = nearest_word(task->use, names, count);
        char *hint = near != NULL ? string_format("did you mean \"%s\"?", near) : string_copy("");
        conf_error(node, hint, "%s: there is no ready-made task \"%s\"", where, task->use);
        free(hint);
    } else {
        sources_add(&task->sources, dir, node, "*.c", where);
    }
    list_free(&dirs);
}

static void task_sources_read(const struct app *app, struct app_task *task, const char *where)
{
    const struct conf_node *node = conf_get(task->node, "source");
    struct app_links patterns = {0};
    task->use = conf_string(task->node, where, "use", false);
    if (node == NULL && task->use == NULL && missing(task->node, "use")) {
        conf_error(task->node, "write source = [\"folder/*.c\"]",
                   "%s: \"source\" (or \"use\") is missing", where);
    }
    if (node != NULL && task->use != NULL) {
        conf_error_key(node, "", "%s: \"source\" and \"use\" exclude each other", where);
    }
    links_read(task->node, where, "source", &patterns);
    for (size_t i = 0; i < patterns.count; i++) {
        sources_add(&task->sources, app->dir, patterns.items[i].node, patterns.items[i].name,
                    where);
    }
    if (node != NULL && node->kind == CONF_ARRAY && node->count == 0) {
        conf_error(node, "", "%s: \"source\" is empty", where);
    }
    if (task->use != NULL) {
        use_read(task, where);
    }
    free(patterns.items);
}

static void task_defines_read(struct app_task *task, const char *where)
{
    const struct conf_node *table = conf_get(task->node, "define");
    if (table != NULL && table->kind != CONF_TABLE) {
        conf_error(table, "write { NAME = 1 }", "%s: \"define\" is %s, not a table", where,
                   conf_kind_name(table->kind));
        return;
    }
    for (size_t i = 0; table != NULL && i < table->count; i++) {
        const struct conf_node *item = table->items[i];
        if (item->key[strspn(item->key, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789")] != '\0' ||
            isdigit((unsigned char)item->key[0])) {
            conf_error_key(item, "only A-Z, 0-9 and _", "%s: \"%s\" is no macro name", where,
                           item->key);
        }
        if (item->kind == CONF_INTEGER) {
            list_addf(&task->defines, "%s=%lld", item->key, (long long)item->integer);
        } else if (item->kind == CONF_STRING) {
            list_addf(&task->defines, "%s=%s", item->key, item->string);
        } else {
            conf_error(item, "", "%s: a definition is an integer or a string", where);
        }
    }
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
static void task_serves_read(struct app_task *task, const char *where)
{
    static const char *const later[] = {"lends"};
    static const char *const known[] = {"name", "wcet", "lends"};
    const struct conf_node *node = conf_get(task->node, "serves");
    if (node == NULL) {
        return;
    }
    if (node->kind == CONF_ARRAY) {
        conf_error(node, "write serves = \"NAME\"", "%s: a task serves one endpoint", where);
        return;
    }
    if (node->kind == CONF_TABLE) {
        later_check(node, where, later, 1);
        conf_known(node, where, known, 3);
        if (conf_string(node, where, "name", true) == NULL) {
            return;
        }
        node = conf_get(node, "name");
    }
    if (node->kind != CONF_STRING) {
        conf_error(node, "write serves = \"NAME\"", "%s: \"serves\" is %s, not a name", where,
                   conf_kind_name(node->kind));
    } else if (name_check(node, "endpoint", node->string)) {
        link_add(&task->serves, node, node->string);
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

static void task_read(const struct app *app, struct app_task *task, const struct conf_node *node)
{
    static const char *const known[] = {"source", "use",    "priority", "period",  "budget",
                                        "stack",  "serves", "calls",    "signals", "supervises",
                                        "uses",   "define", "passive",  "waive",   "on-fault",
                                        "wcet",   "fp",     "watches",  "lends",   "dma"};
    static const char *const faults[] = {"stop", "restart", "reset"}; /* K5_ON_FAULT_* */
    char *where = string_format("task \"%s\"", node->key);
    task->node = node;
    task->name = node->key;
    task->line = node->line;
    task->endpoint = APP_NONE;
    task->handler = APP_NONE;
    task->watchdog = APP_NONE;
    if (node->kind != CONF_TABLE) {
        conf_error(node, "write [task.NAME]", "%s is %s, not a table", where,
                   conf_kind_name(node->kind));
        return;
    }
    name_check(node, "task", node->key);
    if (strcmp(node->key, "kernel") == 0 || strcmp(node->key, "idle") == 0) {
        conf_error_key(node, "choose another name", "%s: the kernel has this name", where);
    }
    keys_read(node, where, known, sizeof known / sizeof known[0]);
    later_check(node, where, known + 18, sizeof known / sizeof known[0] - 18);
    if (missing(node, "priority")) {
        conf_error(node, "write priority = 10; larger = more urgent", "%s: \"priority\" is missing",
                   where);
    }
    task->priority = (uint8_t)conf_integer(node, where, "priority", range_priority, 0);
    task_sources_read(app, task, where);
    task_defines_read(task, where);
    task_fp_read(app, task, where);
    task->on_fault = (uint8_t)choice_read(node, where, "on-fault", faults, 3);
    task_stack_read(task, where);
    task_serves_read(task, where);
    budget_read(app, task, where);
    task_signals_read(task, where);
    links_read(node, where, "calls", &task->calls);
    links_read(node, where, "supervises", &task->supervises);
    links_read(node, where, "uses", &task->uses);
    links_read(node, where, "watches", &task->watches);
    free(where);
}

/* ---- the whole file ---- */

static void tasks_read(struct app *app, const struct conf_node *root)
{
    const struct conf_node *table = conf_get(root, "task");
    if (table == NULL || table->kind != CONF_TABLE || table->count == 0) {
        conf_error(root, "write [task.NAME]", "the app has no task");
        return;
    }
    if (table->count > K5_TASK_MAX) {
        conf_error(table->items[K5_TASK_MAX], "", "an app has at most %d tasks", K5_TASK_MAX);
        return;
    }
    app->task_count = table->count;
    app->tasks = memory_new(app->task_count * sizeof app->tasks[0]);
    for (size_t i = 0; i < app->task_count; i++) {
        task_read(app, &app->tasks[i], table->items[i]);
    }
}

static void shared_read(struct app *app, const struct conf_node *root)
{
    static const char *const known[] = {"size", "shared"};
    const struct conf_node *table = conf_get(root, "region");
    app->shared_count = table != NULL ? table->count : 0;
    app->shared = memory_new(app->shared_count * sizeof app->shared[0]);
    for (size_t i = 0; i < app->shared_count; i++) {
        const struct conf_node *node = table->items[i];
        const struct conf_node *size = conf_get(node, "size");
        char *where = string_format("region \"%s\"", node->key);
        uint64_t bytes = 32;
        name_check(node, "region", node->key);
        conf_known(node, where, known, 2);
        if (size == NULL) {
            conf_error(node, "write size = \"4K\"", "%s: \"size\" is missing", where);
        } else if (conf_size(size, where, &bytes) && bytes > (1u << 24)) {
            conf_error(size, "", "%s: at most 16M", where);
            bytes = 32;
        }
        app->shared[i] = (struct app_shared){node->key, node, 0, 0, node->line};
        app->shared[i].size = ((uint32_t)bytes + 31u) & ~31u;
        free(where);
    }
}

static void strings_read(const struct conf_node *table, const char *key, struct list *out)
{
    struct app_links links = {0};
    links_read(table, "test", key, &links);
    for (size_t i = 0; i < links.count; i++) {
        list_add(out, links.items[i].name);
    }
    free(links.items);
}

static void test_read(struct app *app, const struct conf_node *root)
{
    static const char *const known[] = {"for", "expect", "forbid"};
    const struct conf_node *table = conf_get(root, "test");
    if (table == NULL) {
        return;
    }
    const struct conf_node *duration = conf_get(table, "for");
    conf_known(table, "test", known, 3);
    app->test.present = true;
    if (duration == NULL) {
        conf_error(table, "write for = \"2 s\"", "test: \"for\" is missing");
    } else {
        conf_time(duration, "test", &app->test.for_us);
    }
    strings_read(table, "expect", &app->test.expect);
    strings_read(table, "forbid", &app->test.forbid);
}

/* The board first: names and times are read against it. */
static bool board_choose(struct app *app, const struct conf_node *table)
{
    struct list names = {0};
    const char *name = conf_string(table, "app", "board", true);
    board_names(&names);
    if (name != NULL && !list_has(&names, name)) {
        const char *near = nearest_word(name, (const char *const *)names.items, names.count);
        char *hint = string_format("did you mean \"%s\"?", near != NULL ? near : names.items[0]);
        conf_error(conf_get(table, "board"), hint, "there is no board \"%s\"", name);
        free(hint);
        name = NULL;
    }
    list_free(&names);
    return name != NULL && board_read(name, &app->board);
}

static bool head_read(struct app *app, const struct conf_node *root)
{
    static const char *const sections[] = {"app", "task", "region", "test", "enclave"};
    static const char *const known[] = {"name", "board", "on-assert", "policy"};
    static const char *const asserts[] = {"reset", "halt"};
    const struct conf_node *table = conf_get(root, "app");
    const struct conf_node *enclave = conf_get(root, "enclave");
    conf_known(root, "app.toml", sections, sizeof sections / sizeof sections[0]);
    if (enclave != NULL) {
        conf_error_key(enclave, "", "enclaves are " LATER);
    }
    if (table == NULL || table->kind != CONF_TABLE) {
        conf_error(root, "begin with [app]", "the table [app] is missing");
        return false;
    }
    conf_known(table, "app", known, sizeof known / sizeof known[0]);
    app->policy = conf_string(table, "app", "policy", false);
    app->policy_node = conf_get(table, "policy");
    app->on_assert = choice_read(table, "app", "on-assert", asserts, 2) == 0 ? K5_ON_ASSERT_RESET
                                                                             : K5_ON_ASSERT_HALT;
    app->name = conf_string(table, "app", "name", true);
    return board_choose(app, table);
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
    app->path = path_join(dir, "app.toml");
    if (strcmp(dir, ".") == 0) {
        app->path = string_copy("app.toml");
    }
    if (!file_exists(app->path)) {
        error_print("%s: there is no app.toml", dir);
        hint_print("name the folder of an app, for example `k5 build examples/01_hello`");
        return EXIT_USAGE;
    }
    const struct conf_node *root = conf_parse(app->path);
    if (root == NULL || !head_read(app, root)) {
        return EXIT_USAGE;
    }
    tasks_read(app, root);
    shared_read(app, root);
    test_read(app, root);
    if (app->task_count > 0) {
        app_wire(app);
        budget_check(app);
    }
    return conf_error_count() == before ? EXIT_OK : EXIT_USAGE;
}
