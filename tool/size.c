/*
 * size.c - `k5 size`: what each task and the kernel take, what changed since a revision, and how
 * much of its stack a task can need and was seen to use.
 */
#include "size.h"

#include "help.h"
#include "json.h"
#include "run.h"
#include "verbs.h"

#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct size_options {
    const char *dir;
    const char *profile;
    const char *revision; /* NULL: compare with nothing */
    uint64_t measure_us;  /* 0: no run */
    bool json;
    bool verbose;
};

static const char *const value_names[SIZE_VALUES] = {"code", "constants", "data",
                                                     "bss",  "stack",     "need"};

/* ---- text ---- */

static void row_print(const struct size_row *row, bool measured)
{
    printf("  %-16.16s", row->name);
    for (int v = 0; v < SIZE_NEED; v++) {
        printf(" %9u", row->value[v]);
    }
    char *need = row->chain == NULL ? string_copy("-")
                 : row->why != NULL ? string_format(">= %u", row->value[SIZE_NEED])
                                    : string_format("%u", row->value[SIZE_NEED]);
    printf(" %9s", need);
    if (measured && row->measured) {
        printf(" %9u", row->depth);
    } else if (measured) {
        printf(" %9s", "-");
    }
    printf("\n");
    free(need);
}

static void chains_print(const struct sizes *sizes)
{
    for (size_t i = 0; i < sizes->count; i++) {
        const struct size_row *row = &sizes->rows[i];
        if (row->chain != NULL) {
            struct text line = {0};
            char *words =
                string_format("%s%s%s", row->chain, row->why != NULL ? "; no bound: " : "",
                              row->why != NULL ? row->why : "");
            text_wrap(&line, words, 19, 21);
            printf("  %-16.16s %s", row->name, text_string(&line));
            text_free(&line);
            free(words);
        }
    }
}

static void sizes_print(const struct app *app, const struct sizes *sizes, bool measured)
{
    uint32_t flash = 0;
    uint32_t ram = 0;
    printf("%s for %s (%s), in bytes\n  %-16s", app->name, app->board.name, app->profile, "");
    for (int v = 0; v < SIZE_VALUES; v++) {
        printf(" %9s", value_names[v]);
    }
    printf("%s\n", measured ? "  measured" : "");
    for (size_t i = 0; i < sizes->count; i++) {
        row_print(&sizes->rows[i], measured);
        flash += size_flash(&sizes->rows[i]);
        ram += size_ram(&sizes->rows[i]);
    }
    for (size_t i = 0; i < app->shared_count; i++) {
        printf("  %-16.16s %39u  shared\n", app->shared[i].name, app->shared[i].size);
        ram += app->shared[i].size;
    }
    printf(
        "  flash %u, ram %u\ndeepest calls, each with its part of the stack; an interrupt comes on "
        "top\n",
        flash, ram);
    chains_print(sizes);
}

static const struct size_row *row_named(const struct sizes *sizes, const char *name)
{
    for (size_t i = 0; i < sizes->count; i++) {
        if (strcmp(sizes->rows[i].name, name) == 0) {
            return &sizes->rows[i];
        }
    }
    return NULL;
}

/* What changed of a row; one that is not there is all 0. True if something was printed. */
static bool change_print(const struct size_row *now, const struct size_row *then, const char *what)
{
    struct text line = {0};
    for (int v = 0; v < SIZE_VALUES; v++) {
        if (now->value[v] != then->value[v]) {
            text_addf(&line, "  %s %u -> %u (%+" PRId64 ")", value_names[v], then->value[v],
                      now->value[v], (int64_t)now->value[v] - (int64_t)then->value[v]);
        }
    }
    bool changed = line.length > 0;
    if (changed) {
        struct text wrapped = {0};
        text_wrap(&wrapped, text_string(&line), 19 + strlen(what), 21);
        printf("  %-16.16s %s%s", now->name, what, text_string(&wrapped));
        text_free(&wrapped);
    }
    text_free(&line);
    return changed;
}

static void diff_print(const struct sizes *now, const struct sizes *then, const char *commit)
{
    int64_t flash = 0;
    int64_t ram = 0;
    bool changed = false;
    printf("since %s\n", commit);
    for (size_t i = 0; i < now->count; i++) {
        const struct size_row none = {.name = now->rows[i].name};
        const struct size_row *old = row_named(then, now->rows[i].name);
        changed |=
            change_print(&now->rows[i], old != NULL ? old : &none, old != NULL ? "" : "is new: ");
        flash += size_flash(&now->rows[i]);
        ram += size_ram(&now->rows[i]);
    }
    for (size_t i = 0; i < then->count; i++) {
        if (row_named(now, then->rows[i].name) == NULL) {
            const struct size_row none = {.name = then->rows[i].name};
            changed |= change_print(&none, &then->rows[i], "is gone: ");
        }
        flash -= size_flash(&then->rows[i]);
        ram -= size_ram(&then->rows[i]);
    }
    printf(changed ? "  flash %+" PRId64 ", ram %+" PRId64 "\n" : "  nothing changed\n", flash,
           ram);
}

/* ---- JSON ---- */

static void row_json(struct json *json, const struct size_row *row)
{
    json_open(json, NULL, '{');
    json_string(json, "name", row->name);
    for (int v = 0; v < SIZE_NEED; v++) {
        json_number(json, value_names[v], row->value[v]);
    }
    json_number(json, "flash", size_flash(row));
    json_number(json, "ram", size_ram(row));
    if (row->chain != NULL) {
        json_number(json, "need", row->value[SIZE_NEED]);
        json_bool(json, "need_is_bound", row->why == NULL);
        json_string(json, "no_bound", row->why);
        json_string(json, "chain", row->chain);
    }
    if (row->measured) {
        json_number(json, "measured", row->depth);
    }
    json_close(json, '}');
}

static void rows_json(struct json *json, const char *key, const struct sizes *sizes)
{
    json_open(json, key, '[');
    for (size_t i = 0; i < sizes->count; i++) {
        row_json(json, &sizes->rows[i]);
    }
    json_close(json, ']');
}

static void sizes_json(const struct app *app, const struct sizes *now, const struct sizes *then,
                       const char *commit)
{
    struct text out = {0};
    struct json json = {.out = &out};
    json_open(&json, NULL, '{');
    json_string(&json, "app", app->name);
    json_string(&json, "board", app->board.name);
    json_string(&json, "profile", app->profile);
    rows_json(&json, "sizes", now);
    if (commit != NULL) {
        json_string(&json, "since", commit);
        rows_json(&json, "before", then);
    }
    json_close(&json, '}');
    puts(text_string(&out));
    text_free(&out);
}

/* ---- the verb ---- */

static int options_read(int argc, char **argv, struct size_options *options)
{
    static const struct option known[] = {
        {"profile", required_argument, NULL, 'p'}, {"diff", required_argument, NULL, 'd'},
        {"measure", required_argument, NULL, 'm'}, {"json", no_argument, NULL, 'j'},
        {"verbose", no_argument, NULL, 'v'},       {0}};
    *options = (struct size_options){.dir = "."};
    opterr = 0;
    for (int letter; (letter = getopt_long(argc, argv, "v", known, NULL)) != -1;) {
        if (letter == 'm' && !time_parse(optarg, &options->measure_us)) {
            return usage_error("size", "--measure \"%s\" is no time; write 3s or 500ms", optarg);
        }
        if (letter == '?') {
            return usage_error("size", "unknown option, or one without its value: %s",
                               argv[optind - 1]);
        }
        options->profile = letter == 'p' ? optarg : options->profile;
        options->revision = letter == 'd' ? optarg : options->revision;
        options->json = options->json || letter == 'j';
        options->verbose = options->verbose || letter == 'v';
    }
    if (argc - optind > 1) {
        return usage_error("size", "one app at a time");
    }
    options->dir = optind < argc ? argv[optind] : options->dir;
    return EXIT_OK;
}

int verb_size(int argc, char **argv)
{
    struct size_options options;
    struct sizes now = {0};
    struct sizes then = {0};
    char *commit = NULL;
    int code = options_read(argc, argv, &options);
    struct app app = {.quiet = true, .verbose = options.verbose};
    code = code == EXIT_OK ? app_build(options.dir, options.profile, &app) : code;
    if (code == EXIT_OK && !sizes_find(&app, &now)) {
        code = EXIT_BUILD;
    }
    if (code == EXIT_OK && options.measure_us > 0) {
        code = sizes_measure(&app, options.measure_us, &now);
    }
    if (code == EXIT_OK && options.revision != NULL) {
        code = sizes_before(&app, options.revision, &then, &commit);
    }
    if (code != EXIT_OK) {
        return code;
    }
    if (options.json) {
        sizes_json(&app, &now, &then, commit);
        return EXIT_OK;
    }
    sizes_print(&app, &now, options.measure_us > 0);
    if (commit != NULL) {
        diff_print(&now, &then, commit);
    }
    return EXIT_OK;
}
