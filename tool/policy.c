/*
 * policy.c - reads and checks a policy file (policy.h), line by line, all mistakes at once.
 */
#include "policy.h"

#include "conf.h"
#include "conf_parse.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WORDS_MAX 7u /* never KIND NAME -> KIND NAME, and one too many */

struct word {
    struct conf_node node; /* where it stands, for messages */
    char *text;
};

struct line {
    struct conf_node node;
    struct word words[WORDS_MAX];
    size_t count;
};

/* One side of a rule: what its name means. */
struct side {
    const struct word *word;
    size_t nodes[8];
    size_t count;
};

char *policy_path(const struct app *app)
{
    char *path = path_join(app->dir, app->policy != NULL ? app->policy : "policy.txt");
    if (strcmp(app->dir, ".") == 0) {
        free(path);
        path = string_copy(app->policy != NULL ? app->policy : "policy.txt");
    }
    if (app->policy == NULL && !file_exists(path)) {
        free(path);
        return NULL;
    }
    return path;
}

/* ---- lines and words ---- */

static void line_split(struct line *line, const struct conf_file *file, const char *at, int number)
{
    const char *start = at;
    line->count = 0;
    line->node = (struct conf_node){.file = file, .line = number, .column = 1, .key = ""};
    while (*at != '\0' && *at != '\n' && *at != '#') {
        size_t length = strcspn(at, " \t\r\n#");
        if (length > 0 && line->count < WORDS_MAX) {
            struct word *word = &line->words[line->count++];
            word->node = line->node;
            word->node.column = (int)(at - start) + 1;
            word->node.length = (int)length;
            word->text = string_format("%.*s", (int)length, at);
        }
        at += length > 0 ? length : 1;
    }
    if (line->count > 0) {
        const struct conf_node *last = &line->words[line->count - 1].node;
        line->node.column = line->words[0].node.column;
        line->node.length = last->column + last->length - line->node.column;
    }
}

/* ---- names ---- */

static const char *const kind_words[] = {"task", "endpoint", "device", "region"};

static int kind_find(const char *word)
{
    for (int i = 0; i < 4; i++) {
        if (strcmp(word, kind_words[i]) == 0) {
            return i;
        }
    }
    return -1;
}

static void name_unknown(const struct reach *reach, const struct word *word, int kind)
{
    struct list names = {0};
    const struct board *board = &reach->app->board;
    for (size_t i = 0; i < reach->node_count; i++) {
        if (kind < 0 || (int)reach->nodes[i].kind == kind) {
            list_add(&names, reach->nodes[i].name);
        }
    }
    for (size_t i = 0; (kind < 0 || kind == REACH_DEVICE) && i < board->device_count; i++) {
        list_add(&names, board->devices[i].name);
    }
    const char *near = nearest_word(word->text, (const char *const *)names.items, names.count);
    char *hint = near != NULL ? string_format("did you mean \"%s\"?", near) : string_copy("");
    if (kind < 0) {
        conf_error(&word->node, hint, "there is no task, endpoint, device or region \"%s\"",
                   word->text);
    } else {
        conf_error(&word->node, hint, "there is no %s \"%s\"", kind_words[kind], word->text);
    }
    list_free(&names);
    free(hint);
}

/* A device of the board that nobody uses is known, and nobody reaches it. */
static bool name_idle(const struct reach *reach, const char *name, int kind)
{
    return (kind < 0 || kind == REACH_DEVICE) &&
           (board_device_find(&reach->app->board, name) >= 0 || strcmp(name, "log") == 0);
}

/* The words [kind] NAME from *at on; *at moves past them. False if they are wrong (reported). */
static bool side_read(const struct reach *reach, const struct line *line, size_t *at,
                      struct side *side)
{
    int kind = -1;
    *side = (struct side){0};
    if (*at + 1 < line->count && strcmp(line->words[*at + 1].text, "->") != 0 &&
        kind_find(line->words[*at].text) >= 0) {
        kind = kind_find(line->words[(*at)++].text);
    }
    if (*at >= line->count) {
        return false;
    }
    side->word = &line->words[(*at)++];
    for (size_t i = 0; i < reach->node_count && side->count < 8; i++) {
        const struct reach_node *node = &reach->nodes[i];
        if (strcmp(node->name, side->word->text) == 0 && (kind < 0 || (int)node->kind == kind)) {
            side->nodes[side->count++] = i;
        }
    }
    if (side->count == 0 && !name_idle(reach, side->word->text, kind)) {
        name_unknown(reach, side->word, kind);
        return false;
    }
    return true;
}

/* ---- rules ---- */

/* Every step with its line of app.toml. */
static void path_show(const struct reach *reach, const size_t *path, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        const struct reach_edge *edge = &reach->edges[path[i]];
        char *step = reach_step_text(reach, edge);
        char *text = string_format("%s %s", reach->nodes[edge->from].name, step);
        fprintf(stderr, "   %zu. %-52s %s:%d\n", i + 1, text, reach->app->path, edge->line);
        free(text);
        free(step);
    }
}

/* The one who reaches must be able to act. Its number, or false (reported). */
static bool actor_find(const struct reach *reach, const struct side *side, size_t *actor)
{
    for (size_t i = 0; i < side->count; i++) {
        const struct reach_node *node = &reach->nodes[side->nodes[i]];
        if (node->kind == REACH_TASK) {
            *actor = side->nodes[i];
            return true;
        }
    }
    conf_error(&side->word->node, "name a task before the arrow",
               "\"%s\" is no task, so it reaches nothing by itself", side->word->text);
    return false;
}

static void rule_check(const struct reach *reach, const struct side *from, const struct side *to)
{
    size_t *path = memory_new((reach->node_count + 1) * sizeof path[0]);
    size_t *shortest = memory_new((reach->node_count + 1) * sizeof shortest[0]);
    size_t best = SIZE_MAX;
    size_t actor = 0;
    if (actor_find(reach, from, &actor)) {
        for (size_t i = 0; i < to->count; i++) {
            size_t length = 0;
            if (reach_path(reach, actor, to->nodes[i], path, &length) && length < best) {
                memcpy(shortest, path, length * sizeof path[0]);
                best = length;
            }
        }
    }
    if (best != SIZE_MAX) {
        struct conf_node node = from->word->node;
        node.length = to->word->node.column + to->word->node.length - node.column;
        conf_error(&node, "take one of these steps away",
                   "\"%s\" must never reach \"%s\", but can:", from->word->text, to->word->text);
        path_show(reach, shortest, best);
    }
    free(path);
    free(shortest);
}

static void line_check(const struct reach *reach, const struct line *line)
{
    struct side from;
    struct side to;
    size_t at = 1;
    unsigned before = conf_error_count();
    if (strcmp(line->words[0].text, "never") != 0) {
        const char *const known[] = {"never"};
        bool near = nearest_word(line->words[0].text, known, 1) != NULL;
        conf_error(&line->words[0].node, near ? "did you mean \"never\"?" : "",
                   "a rule is: never TASK -> NAME");
        return;
    }
    bool ok = side_read(reach, line, &at, &from);
    ok = ok && at < line->count && strcmp(line->words[at++].text, "->") == 0;
    bool arrow = ok;
    ok = ok && side_read(reach, line, &at, &to);
    if (conf_error_count() == before && (!arrow || !ok || at != line->count)) {
        conf_error(&line->node, "", "a rule is: never TASK -> NAME");
    } else if (ok) {
        rule_check(reach, &from, &to);
    }
}

size_t policy_check(const struct reach *reach, const char *path)
{
    struct conf_file *file = memory_new(sizeof *file);
    struct text content = {0};
    size_t rules = 0;
    int number = 1;
    *file = (struct conf_file){.path = string_copy(path), .content = ""};
    struct conf_node whole = {.file = file, .key = ""};
    if (!file_read(path, &content)) {
        const struct app *app = reach->app;
        bool named = app->policy != NULL && string_ends(path, app->policy);
        conf_error(named ? app->policy_node : &whole, "", "the policy %s cannot be read: %s", path,
                   strerror(errno));
        return 0;
    }
    file->content = text_string(&content);
    if (strlen(file->content) != content.length) {
        conf_error(&whole, "", "holds a zero byte: this is no text");
        return 0;
    }
    for (const char *at = file->content; at != NULL && *at != '\0'; number++) {
        struct line line;
        line_split(&line, file, at, number);
        if (line.count > 0) {
            line_check(reach, &line);
            rules++;
        }
        at = strchr(at, '\n');
        at = at != NULL ? at + 1 : NULL;
    }
    return rules; /* the content stays: messages may still show its lines */
}
