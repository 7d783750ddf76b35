/*
 * bench_profile.c - `k5 bench --profile ROW`: where the instructions of one round go.
 *
 *   trace, one address an instruction -> which ELF -> which function, file and line by DWARF, also
 *   of inlined ones; in assembler the label before it -> the way in order, tables
 */
#define _GNU_SOURCE
#include "bench.h"

#include "object.h"
#include "source.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LINES_SHOWN 25u
#define WAY_COLUMNS 96

/* One address that was executed. */
struct place {
    uint32_t address;
    uint64_t count;
    const char *space;    /* "kernel" or the task's name */
    const char *symbol;   /* the function as the linker knows it, or the assembler's label */
    const char *function; /* the innermost one, maybe inlined into `symbol` */
    char *line;           /* FILE:LINE */
};

/* What is counted together under one name. */
struct sum {
    char *name;
    uint64_t count;
};

struct profile {
    struct bench_trace trace;
    struct place *places; /* ordered by address */
    size_t place_count;
    struct object *files; /* of each task, then the image */
    const struct app *app;
};

/* ---- places ---- */

static int place_order(const void *a, const void *b)
{
    uint32_t x = ((const struct place *)a)->address;
    uint32_t y = ((const struct place *)b)->address;
    return x < y ? -1 : x > y;
}

static struct place *place_find(const struct profile *profile, uint32_t address)
{
    struct place key = {.address = address};
    return bsearch(&key, profile->places, profile->place_count, sizeof key, place_order);
}

/* Each address once. */
static void places_count(struct profile *profile)
{
    struct place *all = memory_new((profile->trace.count + 1) * sizeof all[0]);
    for (size_t i = 0; i < profile->trace.count; i++) {
        all[i] = (struct place){.address = profile->trace.addresses[i], .count = 1};
    }
    qsort(all, profile->trace.count, sizeof all[0], place_order);
    for (size_t i = 0; i < profile->trace.count; i++) {
        if (profile->place_count > 0 && all[profile->place_count - 1].address == all[i].address) {
            all[profile->place_count - 1].count++;
        } else {
            all[profile->place_count++] = all[i];
        }
    }
    profile->places = all;
}

/* ---- names ---- */

static bool object_holds(const struct object *file, uint32_t address)
{
    for (size_t i = 0; i < file->section_count; i++) {
        if (file->sections[i].executable && address >= file->sections[i].base &&
            address - file->sections[i].base < file->sections[i].size) {
            return true;
        }
    }
    return false;
}

static const char *symbol_before(const struct object *file, uint32_t address)
{
    const struct object_symbol *best = NULL;
    for (size_t i = 0; i < file->symbol_count; i++) {
        const struct object_symbol *symbol = &file->symbols[i];
        uint32_t value = symbol->value & ~1u;
        if (symbol->code && value <= address && (best == NULL || value >= (best->value & ~1u))) {
            best = symbol;
        }
    }
    return best != NULL ? best->name : "?";
}

static void place_name(const struct profile *profile, struct place *place)
{
    struct source source;
    size_t owner = profile->app->task_count; /* the image, unless a task holds it */
    for (size_t i = 0; i < profile->app->task_count; i++) {
        owner = object_holds(&profile->files[i], place->address) ? i : owner;
    }
    bool task = owner < profile->app->task_count;
    const char *elf = task ? profile->app->tasks[owner].elf : profile->app->image;
    place->space = task ? profile->app->tasks[owner].name : "kernel";
    place->symbol = symbol_before(&profile->files[owner], place->address);
    place->function = place->symbol;
    if (source_find(elf, place->address, &source)) {
        place->function = source.function != NULL ? string_copy(source.function) : place->symbol;
        place->line =
            source.file == NULL
                ? NULL
                : string_format("%s:%d", source_short(profile->app, source.file), source.line);
    }
    source_free(&source);
    place->line = place->line != NULL ? place->line : string_copy("?");
}

static bool places_name(struct profile *profile)
{
    size_t count = profile->app->task_count;
    profile->files = memory_new((count + 1) * sizeof profile->files[0]);
    for (size_t i = 0; i <= count; i++) {
        const char *elf = i < count ? profile->app->tasks[i].elf : profile->app->image;
        if (!object_read(elf, &profile->files[i])) {
            return false;
        }
    }
    for (size_t i = 0; i < profile->place_count; i++) {
        place_name(profile, &profile->places[i]);
    }
    return true;
}

/* ---- what is printed ---- */

/* The functions in the order in which they were executed, each with its instructions. */
static void way_print(const struct profile *profile)
{
    struct text line = {0};
    const struct place *before = NULL;
    printf("  the way, by function as linked:\n");
    for (size_t i = 0; i < profile->trace.count;) {
        const struct place *place = place_find(profile, profile->trace.addresses[i]);
        size_t start = i;
        while (i < profile->trace.count &&
               place_find(profile, profile->trace.addresses[i])->symbol == place->symbol) {
            i++;
        }
        bool other = before == NULL || before->space != place->space;
        char *word = string_format("%s %zu", place->symbol, i - start);
        if (other || line.length + strlen(word) + 2 > WAY_COLUMNS) {
            printf("%s%s", text_string(&line), line.length > 0 ? "\n" : "");
            text_free(&line);
            line = (struct text){0};
            text_addf(&line, "    %-12s ", other ? place->space : "");
        } else {
            text_add(&line, ", ");
        }
        text_add(&line, word);
        free(word);
        before = place;
    }
    printf("%s\n\n", text_string(&line));
    text_free(&line);
}

static int sum_order(const void *a, const void *b)
{
    const struct sum *x = a;
    const struct sum *y = b;
    if (x->count != y->count) {
        return x->count > y->count ? -1 : 1;
    }
    return strcmp(x->name, y->name);
}

static void sum_add(struct sum *sums, size_t *count, char *name, uint64_t number)
{
    for (size_t i = 0; i < *count; i++) {
        if (strcmp(sums[i].name, name) == 0) {
            sums[i].count += number;
            free(name);
            return;
        }
    }
    sums[(*count)++] = (struct sum){name, number};
}

static char *function_name(const struct place *place)
{
    if (strcmp(place->function, place->symbol) == 0) {
        return string_format("%-12s %s", place->space, place->function);
    }
    return string_format("%-12s %s (inlined into %s)", place->space, place->function,
                         place->symbol);
}

static char *line_name(const struct place *place)
{
    return string_format("%-12s %s", place->space, place->line);
}

static char *file_name(const struct place *place)
{
    int length = (int)strcspn(place->line, ":");
    return string_format("%-12s %.*s", place->space, length, place->line);
}

static void table_print(const struct profile *profile, char *(*name)(const struct place *place),
                        size_t most)
{
    struct sum *sums = memory_new((profile->place_count + 1) * sizeof sums[0]);
    size_t count = 0;
    for (size_t i = 0; i < profile->place_count; i++) {
        sum_add(sums, &count, name(&profile->places[i]), profile->places[i].count);
    }
    qsort(sums, count, sizeof sums[0], sum_order);
    for (size_t i = 0; i < count && i < most; i++) {
        printf("  %6" PRIu64 " %5.1f%%  %s\n", sums[i].count,
               100.0 * (double)sums[i].count / (double)profile->trace.count, sums[i].name);
    }
    printf("  %6zu         in all%s\n\n", profile->trace.count,
           count > most ? " (the first ones are shown)" : "");
    free(sums);
}

int bench_profile(const struct bench *bench, const struct app *app, const struct bench_row *row)
{
    struct profile profile = {.app = app};
    int code = bench_trace(bench, app, row, &profile.trace);
    if (code == EXIT_OK) {
        places_count(&profile);
        code = places_name(&profile) ? EXIT_OK : EXIT_BUILD;
    }
    if (code == EXIT_OK) {
        printf("%s: %s, one round\n\n", row->name, row->what);
        way_print(&profile);
        printf("  instructions by function:\n");
        table_print(&profile, function_name, SIZE_MAX);
        printf("  instructions by source file:\n");
        table_print(&profile, file_name, SIZE_MAX);
        printf("  instructions by source line:\n");
        table_print(&profile, line_name, LINES_SHOWN);
    }
    return code;
}
