/*
 * conf.c - lookups in a parsed TOML file, values with units and ranges, and messages with a caret.
 *
 * Invariant: every message ends up on stderr and in the count, so that a caller who asks
 * conf_error_count() at the end cannot miss one.
 */
#include "conf.h"

#include "conf_parse.h"
#include "util.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static unsigned error_count;

/* ---- messages ---- */

/* A place in a file: what a caret points at. */
struct place {
    const struct conf_file *file;
    int line;
    int column;
    int length;
};

/* The start of a line (from 1) and its length without the end of line. */
static const char *line_find(const char *content, int line, int *length)
{
    for (int at = 1; at < line && content != NULL; at++) {
        content = strchr(content, '\n');
        content = content != NULL ? content + 1 : NULL;
    }
    *length = content != NULL ? (int)strcspn(content, "\r\n") : 0;
    return content;
}

/* The source line, and below it a caret with the hint. Tabs are kept so that the caret fits. */
static void place_show(const struct place *place, const char *hint)
{
    int length = 0;
    const char *line = line_find(place->file->content, place->line, &length);
    int width = place->length;
    if (line == NULL || place->line < 1) {
        return;
    }
    if (place->column - 1 + width > length) {
        width = length - (place->column - 1);
    }
    fprintf(stderr, " %d | %.*s\n", place->line, length, line);
    fprintf(stderr, " %*s | ", snprintf(NULL, 0, "%d", place->line), "");
    for (int i = 0; i + 1 < place->column && i < length; i++) {
        fputc(line[i] == '\t' ? '\t' : ' ', stderr);
    }
    fprintf(stderr, "%s^", colour_start(2, COLOUR_RED));
    for (int i = 1; i < width; i++) {
        fputc('~', stderr);
    }
    fprintf(stderr, "%s%s%s\n", colour_start(2, COLOUR_NONE), hint[0] ? " " : "", hint);
}

static void place_error(const struct place *place, const char *hint, const char *format,
                        va_list arguments)
{
    struct text text = {0};
    text_addv(&text, format, arguments);
    error_count++;
    fflush(stdout);
    fprintf(stderr, "%s:", place->file->path);
    if (place->line > 0) {
        fprintf(stderr, "%d:%d:", place->line, place->column);
    }
    fprintf(stderr, " %serror:%s %s\n", colour_start(2, COLOUR_RED), colour_start(2, COLOUR_NONE),
            text_string(&text));
    place_show(place, hint);
    text_free(&text);
}

void conf_error(const struct conf_node *node, const char *hint, const char *format, ...)
{
    struct place place = {node->file, node->line, node->column, node->length};
    va_list arguments;
    va_start(arguments, format);
    place_error(&place, hint, format, arguments);
    va_end(arguments);
}

/* Where the key of a node stands: the last whole word like it on its line before the value. A table
 * header holds its key in its own range. */
static struct place place_key(const struct conf_node *node)
{
    struct place place = {node->file, node->line, node->column, node->length};
    int length = 0;
    int key = (int)strlen(node->key);
    const char *line = line_find(node->file->content, node->line, &length);
    int end = node->kind == CONF_TABLE ? length : node->column - 1;
    for (int i = 0; line != NULL && key > 0 && i + key <= length && i <= end; i++) {
        bool left = i == 0 || !(isalnum((unsigned char)line[i - 1]) || line[i - 1] == '_');
        char after = i + key < length ? line[i + key] : ' ';
        bool right = !(isalnum((unsigned char)after) || after == '_' || after == '-');
        if (left && right && strncmp(line + i, node->key, (size_t)key) == 0) {
            place.column = i + 1;
            place.length = key;
        }
    }
    return place;
}

void conf_error_key(const struct conf_node *node, const char *hint, const char *format, ...)
{
    struct place place = place_key(node);
    va_list arguments;
    va_start(arguments, format);
    place_error(&place, hint, format, arguments);
    va_end(arguments);
}

unsigned conf_error_count(void)
{
    return error_count;
}

static void file_error(const struct conf_file *file, int line, int column, const char *format, ...)
{
    struct place place = {file, line, column, 1};
    va_list arguments;
    va_start(arguments, format);
    place_error(&place, "", format, arguments);
    va_end(arguments);
}

/* ---- parsing and lookups ---- */

/* Length of what a line defines: `[a.b]` up to the bracket's end, `key` up to the equals sign. */
static int name_length(const char *line, int length)
{
    int end = 0;
    while (end < length && line[end] != (line[0] == '[' ? ']' : '=')) {
        end++;
    }
    while (end > 0 && line[0] != '[' && (line[end - 1] == ' ' || line[end - 1] == '\t')) {
        end--;
    }
    return end;
}

/* The line above that defines the same table or, in the same table, the same key; 0 if none does.
 */
static int twin_find(const struct conf_file *file, int line)
{
    int length = 0;
    const char *text = line_find(file->content, line, &length);
    int name = text != NULL ? name_length(text, length) : 0;
    for (int at = line - 1; at > 0 && name > 0; at--) {
        const char *above = line_find(file->content, at, &length);
        if (above != NULL && name_length(above, length) == name &&
            strncmp(above, text, (size_t)name) == 0) {
            return at;
        }
        if (above != NULL && above[0] == '[' && text[0] != '[') {
            return 0;
        }
    }
    return 0;
}

/* The parser's words for a duplicate are poor: say it in ours, with both places. */
static void syntax_error(const struct conf_file *file, int line, int column, const char *message)
{
    int twin = twin_find(file, line);
    int length = 0;
    const char *text = line_find(file->content, line, &length);
    if (twin > 0 && strstr(message, "already") != NULL) {
        int name = name_length(text, length) + (text[0] == '[' ? 1 : 0);
        file_error(file, line, 1, "%.*s is in line %d already", name, text, twin);
    } else {
        file_error(file, line, column, "this is no TOML: %s", message);
    }
}

const struct conf_node *conf_parse(const char *path)
{
    struct text content = {0};
    struct conf_file *file = memory_new(sizeof *file);
    const char *message = NULL;
    int line = 0;
    int column = 0;
    file->path = string_copy(path);
    file->content = "";
    if (!file_read(path, &content)) {
        file_error(file, 0, 0, "%s", strerror(errno));
        return NULL;
    }
    file->content = string_copy(text_string(&content));
    if (strlen(file->content) != content.length) {
        file_error(file, 0, 0, "holds a zero byte: this is no text");
        return NULL;
    }
    text_free(&content);
    struct conf_node *root = conf_tree(file, &message, &line, &column);
    if (root == NULL) {
        syntax_error(file, line, column, message);
    }
    return root;
}

const struct conf_node *conf_get(const struct conf_node *table, const char *key)
{
    for (size_t i = 0; i < table->count; i++) {
        if (strcmp(table->items[i]->key, key) == 0) {
            return table->items[i];
        }
    }
    return NULL;
}

const char *conf_kind_name(enum conf_kind kind)
{
    static const char *const names[] = {"a table", "an array",  "a string",      "an integer",
                                        "a float", "a boolean", "a date or time"};
    return names[kind];
}

void conf_known(const struct conf_node *table, const char *where, const char *const *known,
                size_t count)
{
    for (size_t i = 0; i < table->count; i++) {
        const struct conf_node *item = table->items[i];
        bool found = false;
        for (size_t j = 0; j < count && !found; j++) {
            found = strcmp(item->key, known[j]) == 0;
        }
        if (!found) {
            const char *near = nearest_word(item->key, known, count);
            char *hint = near != NULL ? string_format("did you mean \"%s\"?", near) : NULL;
            conf_error_key(item, hint != NULL ? hint : "", "%s: unknown key \"%s\"", where,
                           item->key);
            free(hint);
        }
    }
}

/* ---- values ---- */

const char *conf_string(const struct conf_node *table, const char *where, const char *key,
                        bool needed)
{
    const struct conf_node *item = conf_get(table, key);
    if (item == NULL) {
        if (needed) {
            conf_error(table, "", "%s: \"%s\" is missing", where, key);
        }
        return NULL;
    }
    if (item->kind != CONF_STRING) {
        conf_error(item, "write it in quotes", "%s: \"%s\" is %s, not a string", where, key,
                   conf_kind_name(item->kind));
        return NULL;
    }
    return item->string;
}

int64_t conf_integer(const struct conf_node *table, const char *where, const char *key,
                     const int64_t range[2], int64_t fallback)
{
    const struct conf_node *item = conf_get(table, key);
    if (item == NULL) {
        return fallback;
    }
    if (item->kind != CONF_INTEGER) {
        conf_error(item, "", "%s: \"%s\" is %s, not an integer", where, key,
                   conf_kind_name(item->kind));
        return fallback;
    }
    if (item->integer < range[0] || item->integer > range[1]) {
        conf_error(item, "", "%s: %s = %lld is out of range (%lld to %lld)", where, key,
                   (long long)item->integer, (long long)range[0], (long long)range[1]);
        return fallback;
    }
    return item->integer;
}

struct unit {
    const char *name;
    uint64_t factor;
};

/* A number and a unit, "2 ms" or "4K". False if it is not that or would not fit 48 bits. */
static bool unit_parse(const char *string, const struct unit *units, size_t count, uint64_t *value)
{
    char *end = NULL;
    if (!isdigit((unsigned char)string[0])) {
        return false;
    }
    errno = 0;
    unsigned long long number = strtoull(string, &end, 10);
    end += strspn(end, " ");
    for (size_t i = 0; i < count; i++) {
        if (strcmp(end, units[i].name) == 0) {
            *value = number * units[i].factor;
            return errno == 0 && number <= (UINT64_C(1) << 48) / units[i].factor;
        }
    }
    return false;
}

bool conf_time(const struct conf_node *value, const char *where, uint64_t *microseconds)
{
    static const struct unit units[] = {{"us", 1}, {"ms", 1000}, {"s", 1000000}};
    const char *hint = "write for example \"250 us\", \"1 ms\" or \"2 s\"";
    if (value->kind == CONF_INTEGER) {
        conf_error(value, hint, "%s: %s needs a unit", where, value->key);
        return false;
    }
    if (value->kind != CONF_STRING ||
        !unit_parse(value->string, units, sizeof units / sizeof units[0], microseconds)) {
        conf_error(value, hint, "%s: %s is no time (a whole number and us, ms or s)", where,
                   value->key);
        return false;
    }
    if (*microseconds == 0) {
        conf_error(value, "", "%s: %s must be longer than 0", where, value->key);
        return false;
    }
    return true;
}

bool conf_size(const struct conf_node *value, const char *where, uint64_t *bytes)
{
    static const struct unit units[] = {{"", 1}, {"K", 1024}, {"M", 1048576}};
    if (value->kind == CONF_INTEGER && value->integer > 0) {
        *bytes = (uint64_t)value->integer;
        return true;
    }
    if (value->kind != CONF_STRING ||
        !unit_parse(value->string, units, sizeof units / sizeof units[0], bytes) || *bytes == 0) {
        conf_error(value, "write bytes, or for example \"4K\"",
                   "%s: %s is no size (a whole number, and K or M)", where, value->key);
        return false;
    }
    return true;
}
