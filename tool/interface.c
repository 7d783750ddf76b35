/*
 * interface.c - reads an interface file: its head, its errors, its operations. interface_type.c
 * reads the types and fields.
 *
 * Invariant: as for app.toml, a mistake is reported where it stands and reading goes on.
 */
#define _GNU_SOURCE
#include "interface.h"

#include "app_read.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define LABEL_MOST 0xFFFF

/* ---- operations ---- */

static bool flag_read(const struct conf_node *table, const char *where, const char *key)
{
    const struct conf_node *node = conf_get(table, key);
    if (node != NULL && node->kind != CONF_BOOLEAN) {
        char *hint = string_format("write %s = true", key);
        conf_error(node, hint, "%s: \"%s\" is %s, not true or false", where, key,
                   conf_kind_name(node->kind));
        free(hint);
        return false;
    }
    return node != NULL && node->integer != 0;
}

/* `session`: true, or a word. */
static enum interface_session session_read(const struct conf_node *table, const char *where)
{
    static const char *const words[] = {
        [SESSION_BEGIN] = "begin", [SESSION_NEEDED] = "needed", [SESSION_END] = "end"};
    static const char *const hint =
        "write session = true: begun if there is none; or \"begin\", \"needed\", \"end\"";
    const struct conf_node *node = conf_get(table, "session");
    if (node == NULL || node->kind == CONF_BOOLEAN) {
        return node != NULL && node->integer != 0 ? SESSION_USE : SESSION_NONE;
    }
    for (int i = SESSION_BEGIN; node->kind == CONF_STRING && i <= SESSION_END; i++) {
        if (strcmp(node->string, words[i]) == 0) {
            return (enum interface_session)i;
        }
    }
    if (node->kind == CONF_STRING) {
        conf_error(node, hint, "%s: \"session\" cannot be \"%s\"", where, node->string);
    } else {
        conf_error(node, hint, "%s: \"session\" is %s, not true or a word", where,
                   conf_kind_name(node->kind));
    }
    return SESSION_NONE;
}

static void error_unknown(const struct interface *interface, const struct conf_node *item,
                          const char *where)
{
    struct list names = {0};
    for (size_t i = 0; i < interface->errors.count; i++) {
        list_add(&names, interface->errors.items[i].name);
    }
    const char *near = nearest_word(item->string, (const char *const *)names.items, names.count);
    char *hint = near != NULL
                     ? string_format("did you mean \"%s\"?", near)
                     : string_format("write %s = \"what it means\" in [errors]", item->string);
    conf_error(item, hint, "%s: [errors] has no \"%s\"", where, item->string);
    list_free(&names);
    free(hint);
}

/* `errors`: which of [errors] the operation can have. */
static void op_errors_read(const struct interface *interface, struct interface_op *op,
                           const char *where)
{
    struct app_links links = {0};
    links_read(op->node, where, "errors", &links);
    for (size_t i = 0; i < links.count; i++) {
        bool found = false;
        for (size_t j = 0; j < interface->errors.count; j++) {
            const struct interface_value *error = &interface->errors.items[j];
            if (strcmp(error->name, links.items[i].name) == 0) {
                op->errors |= UINT32_C(1) << error->value;
                found = true;
            }
        }
        if (!found) {
            error_unknown(interface, links.items[i].node, where);
        }
    }
    free(links.items);
}

/* What is sent gets no answer, so it has nothing of one. */
static void op_send_check(const struct interface_op *op, const char *where)
{
    static const char *const keys[] = {"reply", "errors", "later"};
    for (size_t i = 0; op->send && i < 3; i++) {
        const struct conf_node *node = conf_get(op->node, keys[i]);
        if (node != NULL) {
            conf_error_key(node, "take it out, or take out send = true",
                           "%s: what is sent gets no answer, so it has no \"%s\"", where, keys[i]);
        }
    }
    if (op->send && op->args.lend != NULL) {
        conf_error_key(conf_get(conf_get(op->node, "args"), op->args.lend), "take out send = true",
                       "%s: memory is lent until an answer comes, and what is sent gets none",
                       where);
    }
}

/* A buffer and lent memory have a second parameter, their size. */
static void op_sizes_check(const struct interface_op *op, const char *where)
{
    const struct interface_fields *const both[2] = {&op->args, &op->reply};
    static const char *const keys[] = {"args", "reply"};
    for (size_t i = 0; i < 4; i++) {
        const struct interface_fields *fields = both[i % 2];
        const char *name = i < 2 ? fields->buffer : fields->lend;
        char *size = string_format("%s_size", name != NULL ? name : "");
        for (size_t j = 0; j < 2 && name != NULL; j++) {
            const struct conf_node *table = conf_get(op->node, keys[j]);
            const struct conf_node *field = table != NULL ? conf_get(table, size) : NULL;
            if (field != NULL) {
                conf_error_key(field, "choose another name",
                               "%s: \"%s\" is the size of \"%s\" already", where, size, name);
            }
        }
        free(size);
    }
}

/* A parameter of the server's function has the name that a field has. */
static void op_session_check(const struct interface_op *op, const char *where)
{
    const char *const keys[] = {"args", "reply"};
    for (size_t i = 0; op->session != SESSION_NONE && i < 2; i++) {
        const struct conf_node *table = conf_get(op->node, keys[i]);
        const struct conf_node *field =
            table != NULL && table->kind == CONF_TABLE ? conf_get(table, "session") : NULL;
        if (field != NULL) {
            conf_error_key(field, "choose another name",
                           "%s: \"session\" is that of the caller already", where);
        }
    }
}

/* A result and an argument are both parameters of one function. */
static void op_names_check(const struct interface_op *op, const char *where)
{
    const struct conf_node *reply = conf_get(op->node, "reply");
    for (size_t i = 0; i < op->args.count; i++) {
        for (size_t j = 0; j < op->reply.count; j++) {
            if (strcmp(op->args.items[i].name, op->reply.items[j].name) == 0) {
                conf_error_key(conf_get(reply, op->reply.items[j].name), "rename one of them",
                               "%s: \"%s\" is an argument already", where, op->args.items[i].name);
            }
        }
    }
}

static void op_name_check(const struct conf_node *node)
{
    static const char *const taken[] = {"serve",      "dispatch", "endpoint",
                                        "error_name", "session",  "sessions"};
    static const char *const prefixes[] = {"serve_", "dispatch_", "reply_", "valid_"};
    bool bad = false;
    for (size_t i = 0; i < sizeof taken / sizeof taken[0]; i++) {
        bad = bad || strcmp(node->key, taken[i]) == 0;
    }
    for (size_t i = 0; i < sizeof prefixes / sizeof prefixes[0]; i++) {
        bad = bad || string_starts(node->key, prefixes[i]);
    }
    if (bad) {
        conf_error_key(node, "choose another name",
                       "operation \"%s\": a generated function has this name", node->key);
    } else {
        name_check(node, "operation", node->key);
    }
}

/* Counts on from the operation before it; no two have one label. */
static void op_label_read(const struct interface *interface, struct interface_op *op,
                          const char *where)
{
    static const int64_t range[2] = {1, LABEL_MOST};
    uint32_t next = interface->op_count > 0 ? interface->ops[interface->op_count - 1].label + 1 : 1;
    const struct conf_node *node = conf_get(op->node, "label");
    op->label = (uint32_t)conf_integer(op->node, where, "label", range, next);
    if (op->label > LABEL_MOST) {
        conf_error_key(op->node, "give it a label that is free",
                       "%s: its label would be %u, "
                       "above %d",
                       where, op->label, LABEL_MOST);
    }
    for (size_t i = 0; i < interface->op_count; i++) {
        const struct interface_op *other = &interface->ops[i];
        if (other->label == op->label && node != NULL) {
            conf_error(node, "choose another one", "%s: operation \"%s\" (line %d) has label %u",
                       where, other->name, other->node->line, op->label);
        } else if (other->label == op->label) {
            conf_error_key(op->node, "write label = N",
                           "%s: counted on, its label is %u, as that "
                           "of \"%s\" (line %d)",
                           where, op->label, other->name, other->node->line);
        }
    }
}

static void op_read(struct interface *interface, const struct conf_node *node)
{
    static const char *const known[] = {"doc",   "label", "args",   "reply",  "send",
                                        "badge", "later", "errors", "session"};
    char *where = string_format("operation \"%s\"", node->key);
    struct interface_op op = {.name = node->key, .node = node};
    if (node->kind != CONF_TABLE) {
        conf_error(node, "write [op.NAME]", "%s is %s, not a table", where,
                   conf_kind_name(node->kind));
        free(where);
        return;
    }
    op_name_check(node);
    conf_known(node, where, known, sizeof known / sizeof known[0]);
    op.doc = interface_doc(node, where);
    op.send = flag_read(node, where, "send");
    op.badge = flag_read(node, where, "badge");
    op.later = flag_read(node, where, "later");
    op.session = session_read(node, where);
    op_label_read(interface, &op, where);
    op_errors_read(interface, &op, where);
    interface_fields_read(interface,
                          interface_table(node, "args", where, "write args = { number = \"u32\" }"),
                          where, "argument", &op.args);
    interface_fields_read(
        interface, interface_table(node, "reply", where, "write reply = { number = \"u32\" }"),
        where, "result", &op.reply);
    op_send_check(&op, where);
    op_names_check(&op, where);
    op_session_check(&op, where);
    op_sizes_check(&op, where);
    interface->ops[interface->op_count++] = op;
    free(where);
}

static void ops_read(struct interface *interface, const struct conf_node *root)
{
    const struct conf_node *table = interface_table(root, "op", "interface", "write [op.NAME]");
    size_t count = table != NULL ? table->count : 0;
    interface->ops = memory_new(count * sizeof interface->ops[0]);
    if (count == 0 && conf_get(root, "op") == NULL && conf_complete(root)) {
        conf_error(root, "write [op.NAME]", "the interface has no operation");
    }
    for (size_t i = 0; i < count; i++) {
        op_read(interface, table->items[i]);
    }
}

/* ---- the hash ---- */

static void hash_fields(struct text *out, const char *what, const struct interface_fields *fields)
{
    for (size_t i = 0; i < fields->count; i++) {
        const struct interface_field *field = &fields->items[i];
        text_addf(out, " %s %s %s %u", what, field->name, field->type.name,
                  field->bytes > 0 ? field->bytes : field->count);
    }
    text_add(out, "\n");
}

static void hash_values(struct text *out, const struct interface_values *values)
{
    for (size_t i = 0; i < values->count; i++) {
        text_addf(out, " %s %u", values->items[i].name, values->items[i].value);
    }
    text_add(out, "\n");
}

/* Of names, labels and types: what both sides must agree on. Not of texts, nor of how the server is
 * written (badge, later, session). */
static uint64_t hash_make(const struct interface *interface)
{
    struct text text = {0};
    text_addf(&text, "%s\n", interface->name);
    for (size_t i = 0; i < interface->enum_count; i++) {
        text_addf(&text, "enum %s", interface->enums[i].name);
        hash_values(&text, &interface->enums[i].values);
    }
    for (size_t i = 0; i < interface->struct_count; i++) {
        text_addf(&text, "struct %s", interface->structs[i].name);
        hash_fields(&text, "field", &interface->structs[i].fields);
    }
    text_add(&text, "errors");
    hash_values(&text, &interface->errors);
    for (size_t i = 0; i < interface->op_count; i++) {
        const struct interface_op *op = &interface->ops[i];
        text_addf(&text, "op %s %u %d %08X", op->name, op->label, op->send, op->errors);
        hash_fields(&text, "arg", &op->args);
        hash_fields(&text, "result", &op->reply);
    }
    uint64_t hash = hash_string(HASH_START, text_string(&text));
    text_free(&text);
    return hash;
}

/* ---- the file ---- */

/* [interface]: a text, and the hash that the interface had when it was agreed on. */
static void head_read(struct interface *interface, const struct conf_node *root)
{
    static const char *const known[] = {"doc", "hash"};
    const struct conf_node *table =
        interface_table(root, "interface", "interface", "write [interface]");
    if (table == NULL) {
        return;
    }
    conf_known(table, "interface", known, 2);
    interface->doc = interface_doc(table, "interface");
}

static void hash_check(const struct interface *interface, const struct conf_node *root)
{
    const struct conf_node *table = conf_get(root, "interface");
    if (table == NULL || table->kind != CONF_TABLE) {
        return;
    }
    const char *written = conf_string(table, "interface", "hash", false);
    char *hash = string_format("%016" PRIx64, interface->hash);
    if (written != NULL && strcmp(written, hash) != 0) {
        conf_error(conf_get(table, "hash"), "undo the change, or write the new hash",
                   "interface \"%s\": names, labels or types have changed, its hash is \"%s\"",
                   interface->name, hash);
    }
    free(hash);
}

static void errors_read(struct interface *interface, const struct conf_node *root)
{
    static const int64_t range[2] = {1, INTERFACE_ERRORS};
    const struct conf_node *table =
        interface_table(root, "errors", "interface", "write [errors] and NAME = \"what it means\"");
    if (table != NULL) {
        interface_values_read(table, "errors", range, &interface->errors);
    }
}

/* "a/storage.toml" -> "storage" */
static char *name_of(const char *path)
{
    char *name = string_copy(path_base(path));
    if (string_ends(name, ".toml")) {
        name[strlen(name) - strlen(".toml")] = '\0';
    }
    return name;
}

const struct interface *interface_read(const char *path)
{
    static const char *const sections[] = {"interface", "enum", "struct", "errors", "op"};
    struct interface *interface = memory_new(sizeof *interface);
    interface->name = name_of(path);
    interface->file = string_copy(path_base(path));
    interface->real = realpath(path, NULL);
    unsigned before = conf_error_count();
    const struct conf_node *root = conf_parse(path);
    if (root == NULL) {
        return interface;
    }
    conf_known(root, interface->file, sections, sizeof sections / sizeof sections[0]);
    head_read(interface, root);
    interface_types_read(interface, root);
    errors_read(interface, root);
    ops_read(interface, root);
    if (conf_error_count() == before) {
        interface->hash = hash_make(interface);
        hash_check(interface, root);
    }
    return interface;
}
