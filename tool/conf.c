/*
 * conf.c - lookups in a parsed TOML file, values with units and ranges, and messages with a caret.
 *
 * Invariant: every message ends up on stderr and in the count, so that a caller who asks
 * conf_error_count() at the end cannot miss one.
 */
#include "conf.h"

#include "conf_parse.h"
#include "conf_syntax.h"
#include "util.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static unsigned error_count;

/* A table with an unknown key. */
struct mistyped {
    const struct conf_node *table;
};
static struct mistyped *mistyped;
static size_t mistyped_count;

/* ---- messages ---- */

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

/* A message is one line, whatever is in the names that it quotes. */
static void text_add_plain(struct text *out, const char *string)
{
    for (; *string != '\0'; string++) {
        bool good = (unsigned char)*string >= ' ' && *string != 0x7F;
        text_add_bytes(out, good ? string : "?", 1);
    }
}

/* The source line, and below it a caret with the hint. Tabs are kept so that the caret fits; the
 * later bytes of a character take no column. */
static void place_add(struct text *out, const struct conf_place *place, const char *hint)
{
    int length = 0;
    const char *line = line_find(place->file->content, place->line, &length);
    int end = place->column - 1 + place->length;
    if (line == NULL || place->line < 1) {
        return;
    }
    text_addf(out, " %d | %.*s\n", place->line, length, line);
    text_addf(out, " %*s | ", snprintf(NULL, 0, "%d", place->line), "");
    for (int i = 0; i + 1 < place->column && i < length; i++) {
        if (((unsigned char)line[i] & 0xC0u) != 0x80) {
            text_add(out, line[i] == '\t' ? "\t" : " ");
        }
    }
    text_addf(out, "%s^", colour_start(2, COLOUR_RED));
    for (int i = place->column; i < end && i < length; i++) {
        text_add(out, ((unsigned char)line[i] & 0xC0u) != 0x80 ? "~" : "");
    }
    text_addf(out, "%s%s", colour_start(2, COLOUR_NONE), hint[0] ? " " : "");
    text_add_plain(out, hint);
    text_add(out, "\n");
}

/* A message that waits until the file is read, so that all come in the order of their places. */
struct held {
    struct conf_place place;
    char *text;
};
static struct held *held;
static size_t held_count;
static bool holding;

/* Among those of its file by line and column, behind equals; a new file comes last. */
static void held_add(const struct conf_place *place, char *text)
{
    size_t at = held_count;
    while (at > 0 && held[at - 1].place.file != place->file) {
        at--;
    }
    at = at == 0 ? held_count : at;
    while (at > 0 && held[at - 1].place.file == place->file &&
           (held[at - 1].place.line > place->line || (held[at - 1].place.line == place->line &&
                                                      held[at - 1].place.column > place->column))) {
        at--;
    }
    held = memory_resize(held, (held_count + 1) * sizeof held[0]);
    memmove(&held[at + 1], &held[at], (held_count - at) * sizeof held[0]);
    held[at] = (struct held){*place, text};
    held_count++;
}

void conf_errors_hold(void)
{
    holding = true;
}

void conf_errors_show(void)
{
    fflush(stdout);
    for (size_t i = 0; i < held_count; i++) {
        fputs(held[i].text, stderr);
        free(held[i].text);
    }
    free(held);
    held = NULL;
    held_count = 0;
    holding = false;
}

static void place_error(const struct conf_place *place, const char *hint, const char *format,
                        va_list arguments)
{
    struct text text = {0};
    struct text message = {0};
    text_addf(&text, "%s:", place->file->path);
    if (place->line > 0) {
        text_addf(&text, "%d:%d:", place->line, place->column);
    }
    text_addf(&text, " %serror:%s ", colour_start(2, COLOUR_RED), colour_start(2, COLOUR_NONE));
    text_addv(&message, format, arguments);
    text_add_plain(&text, text_string(&message));
    text_add(&text, "\n");
    place_add(&text, place, hint);
    error_count++;
    if (holding) {
        held_add(place, string_copy(text_string(&text)));
    } else {
        fflush(stdout);
        fputs(text_string(&text), stderr);
    }
    text_free(&message);
    text_free(&text);
}

/* True if the node's line has a value that was mended: what is wrong with it was said. */
static bool guessed(const struct conf_node *node)
{
    for (size_t i = 0; i < node->file->guess_count; i++) {
        if (node->file->guessed[i] == node->line) {
            return true;
        }
    }
    return false;
}

void conf_error(const struct conf_node *node, const char *hint, const char *format, ...)
{
    struct conf_place place = {node->file, node->line, node->column, node->length};
    va_list arguments;
    va_start(arguments, format);
    if (!guessed(node)) {
        place_error(&place, hint, format, arguments);
    }
    va_end(arguments);
}

/* Where the key of a node stands: the last whole word like it on its line before the value. A table
 * header holds its key in its own range. */
static struct conf_place place_key(const struct conf_node *node)
{
    struct conf_place place = {node->file, node->line, node->column, node->length};
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
    struct conf_place place = place_key(node);
    va_list arguments;
    va_start(arguments, format);
    place_error(&place, hint, format, arguments);
    va_end(arguments);
}

unsigned conf_error_count(void)
{
    return error_count;
}

void conf_error_at(const struct conf_place *place, const char *hint, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    place_error(place, hint, format, arguments);
    va_end(arguments);
}

/* ---- parsing and lookups ---- */

/* Length of the character at `at`, 1 to 4 bytes; 0 if that is no UTF-8. */
static size_t character_length(const char *at)
{
    const unsigned char *c = (const unsigned char *)at;
    size_t length = c[0] < 0x80 ? 1 : c[0] < 0xC2 ? 0 : c[0] < 0xE0 ? 2 : c[0] < 0xF0 ? 3 : 4;
    if (c[0] > 0xF4) {
        return 0;
    }
    for (size_t i = 1; i < length; i++) {
        if ((c[i] & 0xC0u) != 0x80) {
            return 0;
        }
    }
    return length;
}

/* False and a message if the file has a byte that no text has. */
static bool text_check(const struct conf_file *file, size_t length)
{
    struct conf_place place = {file, 1, 1, 1};
    const char *at = file->content;
    size_t character = 1;
    bool bare = false; /* a CR without LF: how lines ended long ago */
    while (at < file->content + length && *at != '\0' && !bare &&
           (character = character_length(at)) > 0) {
        place.column = *at == '\n' ? 1 : place.column + (int)character;
        place.line += *at == '\n';
        at += character;
        bare = *at == '\r' && at[1] != '\n';
    }
    if (at == file->content + length && !bare) {
        return true;
    }
    conf_error_at(&place, bare ? "save the file with LF" : "save the file as UTF-8", "%s",
                  bare             ? "a line ends with CR alone"
                  : character == 0 ? "this byte is no text in UTF-8"
                                   : "a zero byte: this is no text");
    return false;
}

static bool file_load(struct conf_file *file)
{
    const struct conf_place whole = {file, 0, 0, 0};
    struct text content = {0};
    if (dir_exists(file->path)) {
        conf_error_at(&whole, "", "this is a folder, not a file");
        return false;
    }
    if (!file_read(file->path, &content)) {
        conf_error_at(&whole, "", "cannot be read: %s", strerror(errno));
        return false;
    }
    text_add(&content, "");
    file->content = content.data;
    return text_check(file, content.length);
}

/* The parser refused the file: our own words first, its words for what we do not know. */
static struct conf_node *file_mend(struct conf_file *file, const char *message,
                                   struct conf_place place)
{
    struct text mended = {0};
    unsigned before = error_count;
    syntax_mend(file, &mended);
    unsigned found = error_count - before;
    struct conf_node *root =
        found > 0 ? conf_tree(file, text_string(&mended), &message, &place) : NULL;
    if (root == NULL && found == 0) {
        conf_error_at(&place, "", "this is no TOML: %s", message);
    }
    text_free(&mended);
    return root;
}

const struct conf_node *conf_parse(const char *path)
{
    struct conf_file *file = memory_new(sizeof *file);
    const char *message = NULL;
    struct conf_place place;
    file->path = string_copy(path);
    file->content = "";
    if (!file_load(file)) {
        return NULL;
    }
    struct conf_node *root = conf_tree(file, file->content, &message, &place);
    return root != NULL ? root : file_mend(file, message, place);
}

bool conf_complete(const struct conf_node *node)
{
    bool complete = !node->file->lost;
    for (size_t i = 0; i < mistyped_count; i++) {
        complete = complete && mistyped[i].table != node;
    }
    return complete;
}

static void mistyped_add(const struct conf_node *table)
{
    mistyped = memory_resize(mistyped, (mistyped_count + 1) * sizeof mistyped[0]);
    mistyped[mistyped_count++].table = table;
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
            mistyped_add(table);
        }
    }
}

/* ---- values ---- */

const char *conf_string(const struct conf_node *table, const char *where, const char *key,
                        bool needed)
{
    const struct conf_node *item = conf_get(table, key);
    if (item == NULL) {
        if (needed && conf_complete(table)) {
            char *hint = string_format("write %s = \"...\"", key);
            conf_error(table, hint, "%s: \"%s\" is missing", where, key);
            free(hint);
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
        conf_error(item,
                   item->kind == CONF_STRING ? "write a number, without quotes"
                                             : "write a whole number",
                   "%s: \"%s\" is %s, not an integer", where, key, conf_kind_name(item->kind));
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

/* What to write for "1.5 ms", or what times look like; on the heap. */
static char *time_hint(const struct conf_node *value)
{
    static const char *const smaller[][2] = {{"s", "ms"}, {"ms", "us"}};
    char unit[4] = "";
    unsigned whole = 0;
    char decimals[4] = "";
    if (value->kind == CONF_STRING &&
        sscanf(value->string, "%6u.%3[0-9] %3s", &whole, decimals, unit) == 3) {
        unsigned part = 0;
        for (size_t i = 0; i < 3; i++) {
            part = part * 10 + (i < strlen(decimals) ? (unsigned)(decimals[i] - '0') : 0);
        }
        for (size_t i = 0; i < 2; i++) {
            if (strcmp(unit, smaller[i][0]) == 0) {
                return string_format("write \"%llu %s\"", whole * 1000ull + part, smaller[i][1]);
            }
        }
    }
    return string_copy("write for example \"250 us\", \"1 ms\" or \"2 s\"");
}

/* Why it is no time: the words behind its name. */
static const char *time_problem(const struct conf_node *value)
{
    if (value->kind == CONF_INTEGER || value->kind == CONF_FLOAT) {
        return "needs a unit, and quotes";
    }
    if (value->kind == CONF_STRING && value->string[strspn(value->string, "0123456789")] == '\0' &&
        value->string[0] != '\0') {
        return "needs a unit";
    }
    return "is no time (a whole number and us, ms or s)";
}

bool conf_time(const struct conf_node *value, const char *where, uint64_t *microseconds)
{
    static const struct unit units[] = {{"us", 1}, {"ms", 1000}, {"s", 1000000}};
    if (value->kind != CONF_STRING ||
        !unit_parse(value->string, units, sizeof units / sizeof units[0], microseconds)) {
        char *hint = time_hint(value);
        conf_error(value, hint, "%s: %s %s", where, value->key, time_problem(value));
        free(hint);
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
    if (value->kind == CONF_INTEGER) {
        conf_error(value, "write bytes, or for example \"4K\"", "%s: %s must be more than 0", where,
                   value->key);
        return false;
    }
    if (value->kind != CONF_STRING ||
        !unit_parse(value->string, units, sizeof units / sizeof units[0], bytes) || *bytes == 0) {
        conf_error(value, "write bytes, or for example \"4K\"",
                   "%s: %s is no size (a whole number, and K or M)", where, value->key);
        return false;
    }
    return true;
}
