/*
 * interface_memory.c - fields of an interface file that are memory and lie in no word of a message.
 *
 *   { buffer = 64 }                 up to 64 bytes, which the kernel copies; two words are left
 *   { lend = "rw", least = 32 }     the caller's memory, until the answer; w[1] and w[3] carry it
 *
 * A message has one of each at most. What is left of the words beside them is said here, too.
 */
#include "interface.h"

#include <stdlib.h>
#include <string.h>

#define LEND_MOST (0xFFFF * K5_GRAIN) /* as many grains as a descriptor counts */

/* Where it may stand, and that it is the first of its kind in the message. */
static bool place_check(const struct conf_node *node, const char *where, const char *what,
                        const char *kind, const char *other)
{
    if (strcmp(what, "field") == 0) {
        conf_error_key(node, "make it an argument", "%s: \"%s\": %s lies in no struct", where,
                       node->key, kind);
        return false;
    }
    if (other != NULL) {
        conf_error_key(node, "send it with another operation",
                       "%s: \"%s\": %s is there already, \"%s\"; a message brings one", where,
                       node->key, kind, other);
        return false;
    }
    return true;
}

static void buffer_read(const struct conf_node *node, const char *where, const char *what,
                        struct interface_fields *fields, struct interface_field *field)
{
    static const char *const known[] = {"buffer", "doc"};
    static const int64_t range[2] = {1, K5_BUFFER_MAX};
    conf_known(node, where, known, 2);
    int64_t most = conf_integer(node, where, "buffer", range, 0);
    if (most == 0 || !place_check(node, where, what, "a buffer", fields->buffer)) {
        return;
    }
    field->type = (struct interface_type){TYPE_BUFFER, "buffer", 0, 1};
    field->bytes = (uint32_t)most;
    fields->buffer = field->name;
    fields->buffer_most = field->bytes;
}

static void lend_read(const struct conf_node *node, const char *where, const char *what,
                      struct interface_fields *fields, struct interface_field *field)
{
    static const char *const known[] = {"lend", "least", "doc"};
    static const int64_t range[2] = {1, LEND_MOST};
    const struct conf_node *rights = conf_get(node, "lend");
    conf_known(node, where, known, 3);
    int64_t least = conf_integer(node, where, "least", range, 1);
    bool reads = rights->kind == CONF_STRING && strcmp(rights->string, "r") == 0;
    bool writes = rights->kind == CONF_STRING && strcmp(rights->string, "rw") == 0;
    if (!reads && !writes) {
        conf_error(rights, "write lend = \"r\", or \"rw\"",
                   "%s: memory is lent to be read or to be written", where);
        return;
    }
    if (strcmp(what, "result") == 0) {
        conf_error_key(node, "make it an argument",
                       "%s: \"%s\": memory is lent with a call, and comes back with the answer",
                       where, node->key);
        return;
    }
    if (!place_check(node, where, what, "lent memory", fields->lend)) {
        return;
    }
    field->type = (struct interface_type){TYPE_LEND, writes ? "lend rw" : "lend r", 0, 1};
    field->bytes = (uint32_t)least;
    fields->lend = field->name;
    fields->lend_least = field->bytes;
    fields->lend_writes = writes;
}

bool interface_memory_read(const struct conf_node *node, const char *where, const char *what,
                           struct interface_fields *fields, struct interface_field *field)
{
    bool buffer = node->kind == CONF_TABLE && conf_get(node, "buffer") != NULL;
    bool lend = node->kind == CONF_TABLE && conf_get(node, "lend") != NULL;
    if (!buffer && !lend) {
        return false;
    }
    field->doc = interface_doc(node, where);
    if (buffer) {
        buffer_read(node, where, what, fields, field);
    } else {
        lend_read(node, where, what, fields, field);
    }
    return true;
}

uint32_t interface_words(const struct interface_fields *fields, const char **beside)
{
    static const struct {
        uint32_t words;
        const char *text;
    } left[8] = {
        {K5_MSG_WORDS, "four words"},
        {3, "three words, beside a capability"},
        {2, "two words, beside a buffer"},
        {2, "two words, beside a buffer and a capability"},
        {2, "two words, beside lent memory"},
        {2, "two words, beside lent memory and a capability"},
        {1, "one word, beside lent memory and a buffer"},
        {1, "one word, beside lent memory, a buffer and a capability"},
    };
    unsigned which = (fields->capability != NULL ? 1u : 0u) | (fields->buffer != NULL ? 2u : 0u) |
                     (fields->lend != NULL ? 4u : 0u);
    *beside = left[which].text;
    return left[which].words;
}

uint32_t interface_word(const struct interface_fields *fields, uint32_t n)
{
    return fields->lend != NULL && n > 0 ? n + 1 : n;
}

void interface_words_place(const struct conf_node *table, const char *where,
                           struct interface_fields *fields)
{
    for (size_t i = 0; fields->lend != NULL && i < fields->count; i++) {
        struct interface_field *field = &fields->items[i];
        for (size_t j = 0; j < field->leaf_count; j++) {
            struct interface_leaf *leaf = &field->leaves[j];
            if (leaf->type.size > 4) {
                conf_error_key(conf_get(table, field->name), "take two u32",
                               "%s: \"%s\": the two words beside lent memory are no 64 bits", where,
                               field->name);
                break;
            }
            leaf->offset = interface_word(fields, leaf->offset / 4) * 4 + leaf->offset % 4;
        }
    }
}
