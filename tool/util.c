/*
 * util.c - messages, text, lists, files and hashes (util.h documents each function).
 */
#define _GNU_SOURCE
#include "util.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- Messages ---- */

const char *colour_start(int stream, enum colour colour)
{
    static const char *const codes[] = {"\033[0m",  "\033[1m",  "\033[2m",
                                        "\033[31m", "\033[32m", "\033[33m"};
    if (!isatty(stream) || getenv("NO_COLOR") != NULL) {
        return "";
    }
    return codes[colour];
}

static void message_print(enum colour colour, const char *kind, const char *format,
                          va_list arguments)
{
    struct text text = {0};
    text_addv(&text, format, arguments);
    fflush(stdout); /* so that messages stay in order when both go to one file */
    fprintf(stderr, "%s%s:%s %s\n", colour_start(2, colour), kind, colour_start(2, COLOUR_NONE),
            text_string(&text));
    text_free(&text);
}

void error_print(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    message_print(COLOUR_RED, "error", format, arguments);
    va_end(arguments);
}

void warning_print(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    message_print(COLOUR_YELLOW, "warning", format, arguments);
    va_end(arguments);
}

void hint_print(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    message_print(COLOUR_DIM, "hint", format, arguments);
    va_end(arguments);
}

int usage_error(const char *verb, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    message_print(COLOUR_RED, "error", format, arguments);
    va_end(arguments);
    hint_print("`k5 help %s` says how to use it", verb);
    return EXIT_USAGE;
}

/* ---- Memory and text ---- */

static void memory_check(const void *memory)
{
    if (memory == NULL) {
        fputs("error: out of memory\n", stderr);
        exit(EXIT_BUILD);
    }
}

void *memory_new(size_t size)
{
    void *memory = calloc(1, size > 0 ? size : 1);
    memory_check(memory);
    return memory;
}

void *memory_resize(void *old, size_t size)
{
    void *memory = realloc(old, size > 0 ? size : 1);
    memory_check(memory);
    return memory;
}

void text_add_bytes(struct text *text, const void *bytes, size_t length)
{
    if (text->length + length + 1 > text->capacity) {
        text->capacity = (text->length + length + 1) * 2;
        text->data = memory_resize(text->data, text->capacity);
    }
    if (length > 0) {
        memcpy(text->data + text->length, bytes, length);
    }
    text->length += length;
    text->data[text->length] = '\0';
}

void text_add(struct text *text, const char *string)
{
    text_add_bytes(text, string, strlen(string));
}

void text_addv(struct text *text, const char *format, va_list arguments)
{
    char *string = NULL;
    int length = vasprintf(&string, format, arguments);
    memory_check(length < 0 ? NULL : string);
    text_add_bytes(text, string, (size_t)length);
    free(string);
}

void text_addf(struct text *text, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    text_addv(text, format, arguments);
    va_end(arguments);
}

const char *text_string(const struct text *text)
{
    return text->data != NULL ? text->data : "";
}

void text_free(struct text *text)
{
    free(text->data);
    *text = (struct text){0};
}

char *string_format(const char *format, ...)
{
    struct text text = {0};
    va_list arguments;
    va_start(arguments, format);
    text_addv(&text, format, arguments);
    va_end(arguments);
    return text.data;
}

char *time_text(uint64_t microseconds)
{
    if (microseconds % 1000000 == 0) {
        return string_format("%llu s", (unsigned long long)microseconds / 1000000);
    }
    if (microseconds % 1000 == 0) {
        return string_format("%llu ms", (unsigned long long)microseconds / 1000);
    }
    return string_format("%llu us", (unsigned long long)microseconds);
}

char *string_copy(const char *string)
{
    char *copy = strdup(string);
    memory_check(copy);
    return copy;
}

bool string_starts(const char *string, const char *prefix)
{
    return strncmp(string, prefix, strlen(prefix)) == 0;
}

bool string_ends(const char *string, const char *suffix)
{
    size_t length = strlen(string);
    size_t end = strlen(suffix);
    return length >= end && strcmp(string + length - end, suffix) == 0;
}

/* ---- Lists ---- */

/* Takes the string over. */
static void list_take(struct list *list, char *string)
{
    list->items = memory_resize(list->items, (list->count + 2) * sizeof list->items[0]);
    list->items[list->count++] = string;
    list->items[list->count] = NULL;
}

void list_add(struct list *list, const char *string)
{
    list_take(list, string_copy(string));
}

void list_addf(struct list *list, const char *format, ...)
{
    struct text text = {0};
    va_list arguments;
    va_start(arguments, format);
    text_addv(&text, format, arguments);
    va_end(arguments);
    list_take(list, text.data);
}

bool list_has(const struct list *list, const char *string)
{
    for (size_t i = 0; i < list->count; i++) {
        if (strcmp(list->items[i], string) == 0) {
            return true;
        }
    }
    return false;
}

static int string_order(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

void list_sort(struct list *list)
{
    if (list->count > 1) {
        qsort(list->items, list->count, sizeof list->items[0], string_order);
    }
}

void list_add_split(struct list *list, const char *string, const char *separators)
{
    for (;;) {
        string += strspn(string, separators);
        size_t length = strcspn(string, separators);
        if (length == 0) {
            return;
        }
        list_addf(list, "%.*s", (int)length, string);
        string += length;
    }
}

void list_free(struct list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        free(list->items[i]);
    }
    free(list->items);
    *list = (struct list){0};
}

/* ---- "Did you mean" ---- */

#define WORD_MAX 63u

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Letters to insert, delete, replace or swap with their neighbour to get from a to b. */
static size_t edit_distance(const char *a, const char *b)
{
    size_t rows[3][WORD_MAX + 1]; /* row i is at index i % 3; two rows back for swaps */
    size_t a_length = strlen(a);
    size_t b_length = strlen(b);
    if (a_length > WORD_MAX || b_length > WORD_MAX) {
        return WORD_MAX;
    }
    for (size_t i = 0; i <= a_length; i++) {
        size_t *row = rows[i % 3];
        const size_t *last = rows[(i + 2) % 3];
        for (size_t j = 0; j <= b_length; j++) {
            if (i == 0 || j == 0) {
                row[j] = i + j;
                continue;
            }
            size_t replace = last[j - 1] + (a[i - 1] != b[j - 1] ? 1u : 0u);
            row[j] = smaller(replace, smaller(last[j], row[j - 1]) + 1);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
                row[j] = smaller(row[j], rows[(i + 1) % 3][j - 2] + 1);
            }
        }
    }
    return rows[a_length % 3][b_length];
}

const char *nearest_word(const char *word, const char *const *words, size_t count)
{
    const char *nearest = NULL;
    size_t limit = 1 + strlen(word) / 3; /* about a third of the letters may be wrong */
    for (size_t i = 0; i < count; i++) {
        if (strcasecmp(word, words[i]) == 0) {
            return words[i];
        }
        size_t distance = edit_distance(word, words[i]);
        if (distance <= limit && distance < strlen(words[i])) {
            nearest = words[i];
            limit = distance - (distance > 0 ? 1u : 0u);
        }
    }
    return nearest;
}

/* ---- Files ---- */

bool file_read(const char *path, struct text *out)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        return false;
    }
    char chunk[16384];
    size_t got;
    text_add(out, "");
    while ((got = fread(chunk, 1, sizeof chunk, file)) > 0) {
        text_add_bytes(out, chunk, got);
    }
    bool good = ferror(file) == 0;
    fclose(file);
    return good;
}

bool file_write(const char *path, const void *bytes, size_t length)
{
    FILE *file = fopen(path, "wb");
    if (file == NULL) {
        return false;
    }
    bool good = length == 0 || fwrite(bytes, 1, length, file) == length;
    return fclose(file) == 0 && good;
}

bool file_update(const char *path, const void *bytes, size_t length)
{
    struct text old = {0};
    bool same = file_read(path, &old) && old.length == length &&
                (length == 0 || memcmp(old.data, bytes, length) == 0);
    text_free(&old);
    return same || file_write(path, bytes, length);
}

bool file_exists(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && S_ISREG(status.st_mode);
}

bool dir_exists(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

bool dir_make(const char *path)
{
    char *part = string_copy(path);
    for (char *slash = part; slash != NULL;) {
        slash = strchr(slash + 1, '/');
        if (slash != NULL) {
            *slash = '\0';
        }
        if (mkdir(part, 0777) != 0 && errno != EEXIST) {
            break;
        }
        if (slash != NULL) {
            *slash = '/';
        }
    }
    free(part);
    return dir_exists(path);
}

void dir_list(const char *dir, const char *suffix, struct list *out)
{
    struct list found = {0};
    DIR *handle = opendir(dir);
    if (handle == NULL) {
        return;
    }
    for (struct dirent *entry = readdir(handle); entry != NULL; entry = readdir(handle)) {
        if (entry->d_name[0] != '.' && string_ends(entry->d_name, suffix)) {
            list_addf(&found, "%s/%s", dir, entry->d_name);
        }
    }
    closedir(handle);
    list_sort(&found);
    for (size_t i = 0; i < found.count; i++) {
        list_take(out, found.items[i]);
    }
    free(found.items);
}

char *path_join(const char *a, const char *b)
{
    if (b[0] == '/' || a[0] == '\0') {
        return string_copy(b);
    }
    return string_format("%s%s%s", a, string_ends(a, "/") ? "" : "/", b);
}

char *path_near(const char *path)
{
    char here[4096];
    size_t length = getcwd(here, sizeof here) == NULL ? 0 : strlen(here);
    bool below = length > 1 && strncmp(path, here, length) == 0 && path[length] == '/';
    return string_copy(below ? path + length + 1 : path);
}

const char *path_base(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash != NULL ? slash + 1 : path;
}

char *path_name(const char *dir)
{
    char *real = realpath(dir, NULL);
    char *name = string_copy(path_base(real != NULL ? real : dir));
    free(real);
    return name;
}

const char *root_path(void)
{
    static char root[4096];
    const char *given = getenv("K5_ROOT");
    if (root[0] != '\0') {
        return root;
    }
    if (given != NULL && given[0] == '/' && strlen(given) < sizeof root) {
        memcpy(root, given, strlen(given) + 1);
        return root;
    }
    ssize_t length = readlink("/proc/self/exe", root, sizeof root - 1); /* ROOT/.k5/bin/k5 */
    root[length > 0 ? length : 0] = '\0';
    for (int level = 0; level < 3 && strrchr(root, '/') != NULL; level++) {
        *strrchr(root, '/') = '\0';
    }
    return root;
}

char *root_join(const char *relative)
{
    return path_join(root_path(), relative);
}

/* ---- Hash ---- */

uint64_t hash_bytes(uint64_t hash, const void *bytes, size_t length)
{
    const unsigned char *byte = bytes;
    for (size_t i = 0; i < length; i++) {
        hash = (hash ^ byte[i]) * 0x100000001b3ull;
    }
    return hash;
}

uint64_t hash_string(uint64_t hash, const char *string)
{
    return hash_bytes(hash, string, strlen(string) + 1);
}
