/*
 * level.c - see level.h.
 */
#include "level.h"

#include "k5_log_abi.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const char *const names[K5_LOG_LEVELS] = {"error", "warn", "info", "debug"};

void level_all(struct level_filter *filter)
{
    memset(filter->least, K5_LOG_DEBUG, sizeof filter->least);
    filter->kernel = K5_LOG_DEBUG;
    filter->only = APP_NONE;
}

static int level_find(const char *name)
{
    for (int i = 0; i < K5_LOG_LEVELS; i++) {
        if (strcasecmp(name, names[i]) == 0) {
            return i;
        }
    }
    return -1;
}

static int task_unknown(const struct app *app, const char *name)
{
    const char *known[K5_TASK_MAX + 1];
    size_t count = 0;
    for (; count < app->task_count; count++) {
        known[count] = app->tasks[count].name;
    }
    known[count++] = "kernel";
    const char *near = nearest_word(name, known, count);
    error_print("--level: there is no task \"%s\"", name);
    if (near != NULL) {
        hint_print("did you mean \"%s\"?", near);
    } else {
        hint_print("its tasks are those of app.toml, and \"kernel\"");
    }
    return EXIT_USAGE;
}

int level_option(struct level_filter *filter, const struct app *app, const char *verb,
                 const char *option)
{
    const char *equals = strchr(option, '=');
    int level = level_find(equals == NULL ? option : equals + 1);
    if (level < 0) {
        return usage_error(verb, "--level \"%s\" is no level: error, warn, info or debug",
                           equals == NULL ? option : equals + 1);
    }
    if (equals == NULL) {
        memset(filter->least, level, sizeof filter->least);
        filter->kernel = (uint8_t)level;
        return EXIT_OK;
    }
    char *name = string_format("%.*s", (int)(equals - option), option);
    int task = app_task_find(app, name);
    int code = EXIT_OK;
    if (task != APP_NONE) {
        filter->least[task] = (uint8_t)level;
    } else if (strcmp(name, "kernel") == 0) {
        filter->kernel = (uint8_t)level;
    } else {
        code = task_unknown(app, name);
    }
    free(name);
    return code;
}

int level_make(struct level_filter *filter, const struct app *app, const char *verb,
               const struct list *options)
{
    int code = EXIT_OK;
    level_all(filter);
    for (unsigned round = 0; round < 2; round++) {
        for (size_t i = 0; i < options->count && code == EXIT_OK; i++) {
            if ((strchr(options->items[i], '=') != NULL) == (round == 1)) {
                code = level_option(filter, app, verb, options->items[i]);
            }
        }
    }
    return code;
}

bool level_shows(const struct level_filter *filter, const struct decoded *line)
{
    if (line->level >= K5_LOG_LEVELS) {
        return true;
    }
    if (filter->only != APP_NONE && line->task != filter->only) {
        return false;
    }
    uint8_t least = line->task < K5_TASK_MAX       ? filter->least[line->task]
                    : line->task == K5_TASK_KERNEL ? filter->kernel
                                                   : K5_LOG_DEBUG;
    return line->level <= least;
}

void level_print(const struct level_filter *filter, struct decoder *decoder, bool json,
                 uint64_t until_us)
{
    for (size_t i = 0; i < decoder->line_count; i++) {
        const struct decoded *line = &decoder->lines[i];
        const char *shown = json ? line->json : line->shown;
        if (shown != NULL && level_shows(filter, line) && (until_us == 0 || line->us <= until_us)) {
            puts(shown);
        }
    }
    fflush(stdout);
    decoder_clear(decoder);
}

static char *filter_words(const struct level_filter *filter, const struct app *app)
{
    const char *whose = filter->only == APP_NONE ? "all tasks" : app->tasks[filter->only].name;
    uint8_t least = filter->only == APP_NONE ? filter->kernel : filter->least[filter->only];
    return string_format("log of %s, %s%s", whose, names[least],
                         least == K5_LOG_ERROR   ? " alone"
                         : least == K5_LOG_DEBUG ? " and all above"
                                                 : " and above");
}

char *level_next(struct level_filter *filter, const struct app *app)
{
    uint8_t *first = filter->only == APP_NONE ? &filter->kernel : &filter->least[filter->only];
    uint8_t next = *first == K5_LOG_ERROR ? K5_LOG_DEBUG : (uint8_t)(*first - 1);
    if (filter->only == APP_NONE) {
        memset(filter->least, next, sizeof filter->least);
    }
    *first = next;
    return filter_words(filter, app);
}

char *level_next_task(struct level_filter *filter, const struct app *app)
{
    filter->only = filter->only + 1 < (int)app->task_count ? filter->only + 1 : APP_NONE;
    return filter_words(filter, app);
}
