/*
 * app_source.c - names and lists of names in app.toml, and what a task is compiled from.
 *
 * Invariant: every path in a task's sources is a file that is there; each file is there once.
 */
#define _GNU_SOURCE
#include "app_read.h"

#include <ctype.h>
#include <glob.h>
#include <stdlib.h>
#include <string.h>

/* ---- names and lists ---- */

/* What the tool, the kernel or C has given a meaning: why a name cannot be taken, or NULL. */
static const char *name_owner(const char *kind, const char *name)
{
    static const char *const tasks[] = {"kernel", "idle", "image"};
    static const char *const macros[] = {"null", "eof", "nan", "infinity"};
    for (size_t i = 0; i < sizeof tasks / sizeof tasks[0]; i++) {
        if (strcmp(kind, "task") == 0 && strcmp(name, tasks[i]) == 0) {
            return i == 2 ? "the whole program" : "the kernel";
        }
    }
    if (strcmp(kind, "interface") == 0 && strcmp(name, "app") == 0) {
        return "app.h";
    }
    for (size_t i = 0; i < sizeof macros / sizeof macros[0]; i++) {
        if (strcmp(name, macros[i]) == 0) {
            return "C";
        }
    }
    return string_starts(name, "k5_") ? "K5" : NULL;
}

static void name_error(const struct conf_node *node, const char *name, const char *hint,
                       const char *message)
{
    if (node->kind == CONF_STRING && node->string == name) {
        conf_error(node, hint, "%s", message);
    } else {
        conf_error_key(node, hint, "%s", message);
    }
}

/* What to write instead of a name with other characters, or NULL. On the heap. */
static char *name_fixed(const char *name)
{
    char *fixed = string_copy(name);
    bool same = islower((unsigned char)name[0]) != 0;
    for (size_t i = 0; name[i] != '\0'; i++) {
        unsigned char c = (unsigned char)name[i];
        bool good = islower(c) || isdigit(c) || c == '_';
        fixed[i] = good ? name[i] : (char)(isupper(c) ? tolower(c) : '_');
        same = same && good;
    }
    if (same) {
        free(fixed);
        return NULL;
    }
    char *hint = islower((unsigned char)fixed[0]) ? string_format("write \"%s\"", fixed)
                                                  : string_copy("begin with a lower case letter");
    free(fixed);
    return hint;
}

void name_check(const struct conf_node *node, const char *kind, const char *name)
{
    char *hint = name_fixed(name);
    const char *owner = name_owner(kind, name);
    char *message = NULL;
    if (name[0] == '\0') {
        message = string_format("a %s name is empty", kind);
    } else if (hint != NULL) {
        message = string_format("%s name \"%s\": only a-z, 0-9 and _ are possible", kind, name);
    } else if (owner != NULL) {
        message = string_format("%s \"%s\": %s has this name", kind, name, owner);
        hint = string_copy("choose another name");
    } else if (strlen(name) > NAME_MAX_LENGTH) {
        message = string_format("%s name of %zu characters: at most %d are possible", kind,
                                strlen(name), NAME_MAX_LENGTH);
        hint = string_copy("choose a shorter name");
    }
    if (message != NULL) {
        name_error(node, name, hint != NULL ? hint : "begin with a lower case letter", message);
    }
    free(message);
    free(hint);
}

static void link_twice(const struct conf_node *item, const struct conf_node *first,
                       const char *where, const char *key)
{
    if (first->line == item->line) {
        conf_error(item, "once is enough", "%s: \"%s\" is twice in \"%s\"", where, item->string,
                   key);
    } else {
        conf_error(item, "once is enough", "%s: \"%s\" is in \"%s\" already (line %d)", where,
                   item->string, key, first->line);
    }
}

static void link_read(const struct conf_node *item, const char *where, const char *key,
                      struct app_links *links)
{
    for (size_t j = 0; j < links->count; j++) {
        if (strcmp(links->items[j].name, item->string) == 0) {
            link_twice(item, links->items[j].node, where, key);
            return;
        }
    }
    if (item->string[0] == '\0') {
        conf_error(item, "write a name, or take it out", "%s: an entry of \"%s\" is empty", where,
                   key);
        return;
    }
    links->items = memory_resize(links->items, (links->count + 1) * sizeof links->items[0]);
    links->items[links->count++] =
        (struct app_link){.node = item, .name = item->string, .target = APP_NONE};
}

void links_read(const struct conf_node *table, const char *where, const char *key,
                struct app_links *links)
{
    const struct conf_node *node = conf_get(table, key);
    if (node != NULL && node->kind != CONF_ARRAY && node->kind != CONF_STRING) {
        char *hint = string_format("write %s = [\"...\"]", key);
        conf_error(node, hint, "%s: \"%s\" is %s, not a list of texts", where, key,
                   conf_kind_name(node->kind));
        free(hint);
        return;
    }
    size_t count = node == NULL ? 0 : node->kind == CONF_ARRAY ? node->count : 1;
    for (size_t i = 0; i < count; i++) {
        const struct conf_node *item = node->kind == CONF_ARRAY ? node->items[i] : node;
        if (item->kind == CONF_STRING) {
            link_read(item, where, key, links);
        } else {
            conf_error(item, "write it in quotes", "%s: an entry of \"%s\" is %s, not a string",
                       where, key, conf_kind_name(item->kind));
        }
    }
}

/* ---- sources ---- */

/* What may have been meant by a pattern that matches nothing. */
static void nothing_matches(const char *base, const struct conf_node *shown, const char *pattern,
                            const char *where)
{
    char *path = path_join(base, pattern);
    char *slash = strrchr(path, '/');
    struct list files = {0};
    struct list names = {0};
    char *hint = string_copy("paths are relative to app.toml");
    *slash = '\0';
    dir_list(path, "", &files);
    for (size_t i = 0; i < files.count; i++) {
        list_add(&names, path_base(files.items[i]));
    }
    const char *near = nearest_word(slash + 1, (const char *const *)names.items, names.count);
    if (!dir_exists(path) && strpbrk(path, "*?[") == NULL) {
        free(hint);
        hint = string_format("there is no folder %s; paths are relative to app.toml", path);
    } else if (near != NULL) {
        free(hint);
        hint = string_format("did you mean \"%.*s%s\"?", (int)(strlen(pattern) - strlen(slash + 1)),
                             pattern, near);
    }
    bool wild = strpbrk(pattern, "*?[") != NULL;
    conf_error(shown, hint, wild ? "%s: no file matches \"%s\"" : "%s: there is no file \"%s\"",
               where, pattern);
    list_free(&files);
    list_free(&names);
    free(path);
    free(hint);
}

static void source_add(struct list *sources, const struct conf_node *shown, const char *path,
                       const char *where)
{
    char *real = realpath(path, NULL);
    if (real != NULL && dir_exists(real)) {
        char *hint = string_format("name its files: \"%s%s*.c\"", shown->string,
                                   string_ends(shown->string, "/") ? "" : "/");
        conf_error(shown, hint, "%s: \"%s\" is a folder", where, path);
        free(hint);
    } else if (real == NULL || !(string_ends(real, ".c") || string_ends(real, ".S"))) {
        conf_error(shown, "only *.c and *.S are compiled", "%s: \"%s\" is no source file", where,
                   path);
    } else if (!list_has(sources, real)) {
        list_add(sources, real);
    }
    free(real);
}

/* The files a pattern names, sorted. `shown`: the node to blame. */
static void sources_add(struct list *sources, const char *base, const struct conf_node *shown,
                        const char *pattern, const char *where)
{
    glob_t found = {0};
    char *path = path_join(base, pattern);
    if (glob(path, 0, NULL, &found) != 0) {
        nothing_matches(base, shown, pattern, where);
    }
    for (size_t i = 0; i < found.gl_pathc; i++) {
        source_add(sources, shown, found.gl_pathv[i], where);
    }
    globfree(&found);
    free(path);
}

static void use_read(struct app_task *task, const char *where)
{
    const struct conf_node *node = conf_get(task->node, "use");
    struct list dirs = {0};
    struct text hint = {0};
    const char *names[64];
    size_t count = 0;
    char *dir = path_join(root_join("tasks"), task->use);
    dir_list(root_join("tasks"), "", &dirs);
    for (size_t i = 0; i < dirs.count && count < 64; i++) {
        names[count++] = path_base(dirs.items[i]);
    }
    if (task->use[0] == '\0' || strpbrk(task->use, "/.") != NULL || !dir_exists(dir)) {
        const char *near = nearest_word(task->use, names, count);
        for (size_t i = 0; i < count && near == NULL; i++) {
            text_addf(&hint, "%s%s", i == 0 ? "there are: " : ", ", names[i]);
        }
        if (near != NULL) {
            text_addf(&hint, "did you mean \"%s\"?", near);
        }
        conf_error(node, text_string(&hint), "%s: there is no ready-made task \"%s\"", where,
                   task->use);
    } else {
        sources_add(&task->sources, dir, node, "*.c", where);
    }
    text_free(&hint);
    list_free(&dirs);
    free(dir);
}

void sources_read(const struct app *app, struct app_task *task, const char *where, bool missing)
{
    const struct conf_node *node = conf_get(task->node, "source");
    struct app_links patterns = {0};
    task->use = conf_string(task->node, where, "use", false);
    if (node == NULL && missing && conf_get(task->node, "use") == NULL) {
        conf_error(task->node, "write source = [\"folder/*.c\"]",
                   "%s: \"source\" (or \"use\") is missing", where);
    }
    if (node != NULL && task->use != NULL) {
        conf_error_key(node, "keep one of them", "%s: \"source\" and \"use\" exclude each other",
                       where);
    }
    links_read(task->node, where, "source", &patterns);
    for (size_t i = 0; i < patterns.count; i++) {
        sources_add(&task->sources, app->dir, patterns.items[i].node, patterns.items[i].name,
                    where);
    }
    if (node != NULL && node->kind == CONF_ARRAY && node->count == 0) {
        conf_error(node, "write source = [\"folder/*.c\"]", "%s: \"source\" is empty", where);
    }
    if (task->use != NULL) {
        use_read(task, where);
    }
    free(patterns.items);
}

/* ---- the interface of what a task serves ---- */

static const struct interface *interface_find(struct app *app, const struct conf_node *node,
                                              const char *path, const char *where)
{
    char *real = realpath(path, NULL);
    const struct interface *found = NULL;
    for (size_t i = 0; i < app->interface_count && real != NULL && found == NULL; i++) {
        found = app->interfaces[i]->real != NULL && strcmp(app->interfaces[i]->real, real) == 0
                    ? app->interfaces[i]
                    : NULL;
    }
    free(real);
    if (found != NULL) {
        return found;
    }
    found = interface_read(path);
    for (size_t i = 0; i < app->interface_count; i++) {
        if (strcmp(app->interfaces[i]->name, found->name) == 0) {
            conf_error(node, "rename one of the files",
                       "%s: two interfaces have the name \"%s\": %s is another file", where,
                       found->name, path_near(app->interfaces[i]->real));
        }
    }
    app->interfaces[app->interface_count++] = found;
    return found;
}

/* A ready-made task brings its interface along: tasks/NAME/NAME.toml. */
static void ready_made_interface(struct app *app, struct app_task *task,
                                 const struct conf_node *node, const char *where)
{
    char *relative = string_format("tasks/%s/%s.toml", task->use, task->use);
    char *path = root_join(relative);
    if (node != NULL) {
        conf_error_key(node, "take it out", "%s: a ready-made task brings its interface along",
                       where);
    } else if (strpbrk(task->use, "/.") == NULL && file_exists(path)) {
        task->interface = interface_find(app, conf_get(task->node, "use"), path, where);
    }
    free(relative);
    free(path);
}

void service_read(struct app *app, struct app_task *task, const struct conf_node *serves,
                  const char *where)
{
    const char *written = serves != NULL ? conf_string(serves, where, "interface", false) : NULL;
    const struct conf_node *node = serves != NULL ? conf_get(serves, "interface") : NULL;
    if (task->use != NULL) {
        if (task->interface == NULL) {
            ready_made_interface(app, task, node, where);
        }
        return;
    }
    if (written == NULL) {
        return;
    }
    char *path = strcmp(app->dir, ".") == 0 ? string_copy(written) : path_join(app->dir, written);
    char *name = string_copy(path_base(written));
    if (!string_ends(name, ".toml")) {
        conf_error(node, "write interface = \"tasks/NAME/NAME.toml\"",
                   "%s: \"%s\" is no interface file", where, written);
    } else if (dir_exists(path)) {
        conf_error(node, "name the file in it", "%s: \"%s\" is a folder", where, written);
    } else if (!file_exists(path)) {
        nothing_matches(app->dir, node, written, where);
    } else {
        name[strlen(name) - strlen(".toml")] = '\0';
        name_check(node, "interface", name);
        task->interface = interface_find(app, node, path, where);
    }
    free(name);
    free(path);
}

/* ---- define ---- */

static void define_read(struct app_task *task, const struct conf_node *item, const char *where)
{
    const char *key = item->key;
    if (key[strspn(key, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789")] != '\0' || key[0] == '\0' ||
        isdigit((unsigned char)key[0])) {
        conf_error_key(item, "only A-Z, 0-9 and _", "%s: \"%s\" is no macro name", where, key);
    } else if (item->kind == CONF_INTEGER) {
        list_addf(&task->defines, "%s=%lld", key, (long long)item->integer);
    } else if (item->kind != CONF_STRING) {
        conf_error(item, item->kind == CONF_BOOLEAN ? "write 1 or 0" : "write it in quotes",
                   "%s: define %s is %s, not an integer or a text", where, key,
                   conf_kind_name(item->kind));
    } else if (strpbrk(item->string, "\n\r") != NULL) {
        conf_error(item, "write it in one line", "%s: define %s has several lines", where, key);
    } else {
        list_addf(&task->defines, "%s=%s", key, item->string);
    }
}

void defines_read(struct app_task *task, const char *where)
{
    const struct conf_node *table = conf_get(task->node, "define");
    if (table != NULL && table->kind != CONF_TABLE) {
        conf_error(table, "write { NAME = 1 }", "%s: \"define\" is %s, not a table", where,
                   conf_kind_name(table->kind));
        return;
    }
    for (size_t i = 0; table != NULL && i < table->count; i++) {
        define_read(task, table->items[i], where);
    }
}
