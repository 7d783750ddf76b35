/*
 * bench_rows.c - reads bench/rows.txt and the record, writes the record (bench.h).
 *
 * Both are lines of words; # starts a comment. The lines of the record:
 *
 *   compiler VERSION                          another one makes other code, so other counts
 *   NAME  N instructions  N loads  N stores
 */
#include "bench.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROWS_FILE "bench/rows.txt"

struct reader {
    struct bench *bench;
    const char *path; /* as shown */
    unsigned line;
    bool good;
};

static void mistake(struct reader *reader, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void mistake(struct reader *reader, const char *format, ...)
{
    struct text text = {0};
    va_list arguments;
    va_start(arguments, format);
    text_addv(&text, format, arguments);
    va_end(arguments);
    fprintf(stderr, "%s:%u: error: %s\n", reader->path, reader->line, text_string(&text));
    text_free(&text);
    reader->good = false;
}

static bool number_read(const char *word, uint64_t *number)
{
    char *end = NULL;
    errno = 0;
    *number = strtoull(word, &end, 10);
    return word[0] >= '0' && word[0] <= '9' && *end == '\0' && errno == 0;
}

struct bench_row *bench_find(const struct bench *bench, const char *name)
{
    for (size_t i = 0; i < bench->row_count; i++) {
        if (strcmp(bench->rows[i].name, name) == 0) {
            return &bench->rows[i];
        }
    }
    return NULL;
}

/* The words from `first` on, as one text. */
static char *words_join(const struct list *words, size_t first)
{
    struct text text = {0};
    for (size_t i = first; i < words->count; i++) {
        text_addf(&text, "%s%s", i > first ? " " : "", words->items[i]);
    }
    return string_copy(text_string(&text));
}

static void row_add(struct reader *reader, const struct bench_row *row)
{
    struct bench *bench = reader->bench;
    if (bench_find(bench, row->name) != NULL) {
        mistake(reader, "a second row \"%s\"", row->name);
        return;
    }
    bench->rows = memory_resize(bench->rows, (bench->row_count + 1) * sizeof bench->rows[0]);
    bench->rows[bench->row_count++] = *row;
}

/* row NAME FROM TO TARGET WHAT... · entry NAME ENTRY TARGET WHAT... · floor NAME REGIONS ... */
static void row_read(struct reader *reader, const struct list *words, enum bench_kind kind)
{
    size_t target = kind == BENCH_ROW ? 4 : 3;
    uint64_t regions = 0;
    struct bench_row row = {.kind = kind, .line = reader->line};
    if (words->count <= target + 1) {
        mistake(reader, "%s: words are missing; the head of the file says which", words->items[0]);
        return;
    }
    row.name = string_copy(words->items[1]);
    row.from = kind == BENCH_FLOOR ? NULL : string_copy(words->items[2]);
    row.to = kind == BENCH_ROW ? string_copy(words->items[3]) : NULL;
    row.what = words_join(words, target + 1);
    if (strcmp(words->items[target], "-") != 0 && !number_read(words->items[target], &row.target)) {
        mistake(reader, "target \"%s\" is neither a number nor -", words->items[target]);
    }
    if (kind == BENCH_FLOOR && (!number_read(words->items[2], &regions) ||
                                (regions != 0 && regions != 4 && regions != 8))) {
        mistake(reader, "regions \"%s\": 0, 4 or 8", words->items[2]);
    }
    row.regions = (uint32_t)regions;
    row_add(reader, &row);
}

static void rows_line(struct reader *reader, const struct list *words)
{
    const char *key = words->items[0];
    if (strcmp(key, "row") == 0) {
        row_read(reader, words, BENCH_ROW);
    } else if (strcmp(key, "entry") == 0) {
        row_read(reader, words, BENCH_ENTRY);
    } else if (strcmp(key, "floor") == 0) {
        row_read(reader, words, BENCH_FLOOR);
    } else if (strcmp(key, "end") == 0 && words->count == 2) {
        reader->bench->end = string_copy(words->items[1]);
    } else {
        mistake(reader, "\"%s\" is not row, entry, floor or end", key);
    }
}

static void record_line(struct reader *reader, const struct list *words)
{
    struct bench_counts counts;
    if (words->count == 2 && strcmp(words->items[0], "compiler") == 0) {
        reader->bench->record_compiler = string_copy(words->items[1]);
        return;
    }
    if (words->count != 7 || !number_read(words->items[1], &counts.insns) ||
        !number_read(words->items[3], &counts.loads) ||
        !number_read(words->items[5], &counts.stores)) {
        mistake(reader, "not NAME N instructions N loads N stores");
        return;
    }
    struct bench_row *row = bench_find(reader->bench, words->items[0]);
    if (row == NULL) {
        mistake(reader, "\"%s\" is no row of " ROWS_FILE, words->items[0]);
    } else if (row->recorded) {
        mistake(reader, "a second \"%s\"", words->items[0]);
    } else {
        row->recorded = true;
        row->record = counts;
    }
}

/* Gives each line that has words to `take`. */
static bool lines_read(struct reader *reader, const char *path,
                       void (*take)(struct reader *reader, const struct list *words))
{
    struct text text = {0};
    reader->good = file_read(path, &text);
    if (!reader->good) {
        error_print("%s: %s", path, strerror(errno));
        return false;
    }
    char *next = string_copy(text_string(&text));
    for (char *line = next; line != NULL; line = next) {
        struct list words = {0};
        next = strchr(line, '\n');
        if (next != NULL) {
            *next++ = '\0';
        }
        line[strcspn(line, "#")] = '\0';
        reader->line++;
        list_add_split(&words, line, " \t");
        if (words.count > 0) {
            take(reader, &words);
        }
        list_free(&words);
    }
    text_free(&text);
    return reader->good;
}

bool bench_read(struct bench *bench)
{
    struct reader reader = {.bench = bench, .path = ROWS_FILE};
    char *path = root_join(ROWS_FILE);
    bool good = lines_read(&reader, path, rows_line);
    if (good && (bench->row_count == 0 || bench->end == NULL)) {
        mistake(&reader, "no row, or no end");
        good = false;
    }
    free(path);
    return good;
}

bool bench_record_read(struct bench *bench, const char *path)
{
    struct reader reader = {.bench = bench, .path = path};
    bool good = lines_read(&reader, path, record_line);
    if (good && bench->record_compiler == NULL) {
        mistake(&reader, "no line \"compiler VERSION\"");
    }
    return good && reader.good;
}

bool bench_record_write(const struct bench *bench, const char *path)
{
    struct list lines = {0};
    struct text text = {0};
    for (size_t i = 0; i < bench->row_count; i++) {
        const struct bench_row *row = &bench->rows[i];
        list_addf(&lines, "%-18s %6llu instructions %6llu loads %6llu stores\n", row->name,
                  (unsigned long long)row->value.insns, (unsigned long long)row->value.loads,
                  (unsigned long long)row->value.stores);
    }
    list_sort(&lines);
    text_add(&text, "# Written by `k5 bench --record`; what a row is stands in rows.txt.\n");
    text_addf(&text, "compiler %s\n", bench->compiler);
    for (size_t i = 0; i < lines.count; i++) {
        text_add(&text, lines.items[i]);
    }
    bool good = file_write(path, text.data, text.length);
    if (!good) {
        error_print("%s: %s", path, strerror(errno));
    }
    list_free(&lines);
    text_free(&text);
    return good;
}
