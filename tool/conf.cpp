/*
 * conf.cpp - the only C++ of the tool: toml11's tree into the plain nodes of conf.h.
 *
 * Invariant: no exception leaves this file, and nothing of toml11 stays alive after conf_tree.
 * toml11 keeps tables unordered; items are sorted by where they stand.
 * Written for toml11 3.7 (Debian 12) and 4.x (Debian 13), which differ in names only.
 */
#include "conf_parse.h"
#include "util.h"

#include <algorithm>
#include <cstring>
#include <sstream>
#include <string>
#include <toml.hpp>

#if TOML11_VERSION_MAJOR >= 4
static int at_line(const toml::source_location &at)
{
    return static_cast<int>(at.first_line_number());
}
static int at_column(const toml::source_location &at)
{
    return static_cast<int>(at.first_column_number());
}
static int at_length(const toml::source_location &at)
{
    return static_cast<int>(at.length());
}
using tree_value = toml::value;
static const std::string &value_string(const tree_value &value)
{
    return value.as_string();
}
using parse_error = toml::syntax_error;
static toml::source_location error_place(const parse_error &error)
{
    return error.errors().front().locations().front().first; /* a syntax error has both */
}
#else
static int at_line(const toml::source_location &at)
{
    return static_cast<int>(at.line());
}
static int at_column(const toml::source_location &at)
{
    return static_cast<int>(at.column());
}
static int at_length(const toml::source_location &at)
{
    return static_cast<int>(at.region());
}
using tree_value = toml::value;
static const std::string &value_string(const tree_value &value)
{
    return value.as_string().str;
}
using parse_error = toml::exception;
static toml::source_location error_place(const parse_error &error)
{
    return error.location();
}
#endif

static struct conf_node *node_make(const struct conf_file *file, const std::string &key,
                                   const tree_value &value);

static void node_add(struct conf_node *parent, struct conf_node *item)
{
    parent->items = static_cast<struct conf_node **>(
        memory_resize(parent->items, (parent->count + 1) * sizeof parent->items[0]));
    parent->items[parent->count++] = item;
}

static bool node_before(const struct conf_node *a, const struct conf_node *b)
{
    return a->line != b->line ? a->line < b->line : a->column < b->column;
}

static void node_fill_table(struct conf_node *node, const tree_value &value)
{
    for (const auto &entry : value.as_table()) {
        node_add(node, node_make(node->file, entry.first, entry.second));
    }
    std::stable_sort(node->items, node->items + node->count, node_before);
}

static void node_fill(struct conf_node *node, const tree_value &value)
{
    switch (value.type()) {
    case toml::value_t::table:
        node->kind = CONF_TABLE;
        node_fill_table(node, value);
        break;
    case toml::value_t::array:
        node->kind = CONF_ARRAY;
        for (const auto &item : value.as_array()) {
            node_add(node, node_make(node->file, "", item));
        }
        break;
    case toml::value_t::string:
        node->kind = CONF_STRING;
        node->string = string_copy(value_string(value).c_str());
        break;
    case toml::value_t::integer:
        node->kind = CONF_INTEGER;
        node->integer = value.as_integer();
        break;
    case toml::value_t::boolean:
        node->kind = CONF_BOOLEAN;
        node->integer = value.as_boolean() ? 1 : 0;
        break;
    case toml::value_t::floating: node->kind = CONF_FLOAT; break;
    default: node->kind = CONF_OTHER; break;
    }
}

static struct conf_node *node_make(const struct conf_file *file, const std::string &key,
                                   const tree_value &value)
{
    auto *node = static_cast<struct conf_node *>(memory_new(sizeof(struct conf_node)));
    const auto at = value.location();
    node->file = file;
    node->key = string_copy(key.c_str());
    node->line = at_line(at);
    node->column = at_column(at);
    node->length = at_length(at);
    node_fill(node, value);
    return node;
}

/* "[error] toml::parse_x: the message\n --> file ..." -> "the message" */
static const char *message_clean(const char *what)
{
    std::string text(what);
    text = text.substr(0, text.find('\n'));
    for (const char *prefix : {"[error] ", "toml::"}) {
        if (text.compare(0, strlen(prefix), prefix) == 0) {
            text = text.substr(strlen(prefix));
        }
    }
    size_t colon = text.find(": ");
    if (colon != std::string::npos && text.find(' ') > colon) {
        text = text.substr(colon + 2);
    }
    return string_copy(text.c_str());
}

struct conf_node *conf_tree(const struct conf_file *file, const char *text, const char **message,
                            struct conf_place *place)
{
    *place = {file, 0, 0, 1};
    try {
        std::istringstream stream(text);
        return node_make(file, "", toml::parse(stream, std::string(file->path)));
    } catch (const parse_error &error) {
        *message = message_clean(error.what());
        place->line = at_line(error_place(error));
        place->column = at_column(error_place(error));
    } catch (const std::exception &error) {
        *message = message_clean(error.what());
    }
    return NULL;
}
