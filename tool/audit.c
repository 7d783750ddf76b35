/*
 * audit.c - `k5 audit`: what each task can reach, also through others, and how; and whether the
 * app's policy holds.
 */
#include "app.h"
#include "conf.h"
#include "help.h"
#include "json.h"
#include "policy.h"
#include "reach.h"
#include "verbs.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PATH_COLUMN 32u

/* One thing that a task reaches. */
struct found {
    const struct reach_node *node;
    size_t *path;
    size_t length;
};

/* A region stands for two nodes: true if the same thing was found before. */
static bool found_has(const struct found *found, size_t count, const struct reach_node *node)
{
    for (size_t i = 0; i < count; i++) {
        if (found[i].node->kind == node->kind && strcmp(found[i].node->name, node->name) == 0) {
            return true;
        }
    }
    return false;
}

/* All that a task reaches, the near things first. Caller frees the list. */
static struct found *reached(const struct reach *reach, size_t task, size_t *count)
{
    struct found *found = memory_new((reach->node_count + 1) * sizeof found[0]);
    *count = 0;
    for (size_t steps = 1; steps <= reach->node_count; steps++) {
        for (size_t n = 0; n < reach->node_count; n++) {
            struct found one = {.node = &reach->nodes[n]};
            one.path = memory_new((reach->node_count + 1) * sizeof one.path[0]);
            if (reach_path(reach, task, n, one.path, &one.length) && one.length == steps &&
                !found_has(found, *count, one.node)) {
                found[(*count)++] = one;
            } else {
                free(one.path);
            }
        }
    }
    return found;
}

/* "calls storage > is served by store (app.toml:11, 19)" */
static char *path_text(const struct reach *reach, const struct found *found)
{
    struct text out = {0};
    for (size_t i = 0; i < found->length; i++) {
        char *step = reach_step_text(reach, &reach->edges[found->path[i]]);
        text_addf(&out, "%s%s", i > 0 ? " > " : "", step);
        free(step);
    }
    text_add(&out, " (app.toml:");
    for (size_t i = 0; i < found->length; i++) {
        text_addf(&out, "%s%d", i > 0 ? "," : "", reach->edges[found->path[i]].line);
    }
    text_add(&out, ")");
    return string_copy(text_string(&out));
}

static void task_print(const struct reach *reach, size_t task)
{
    size_t count = 0;
    struct found *found = reached(reach, task, &count);
    printf("  %s\n", reach->nodes[task].name);
    for (size_t i = 0; i < count; i++) {
        struct text line = {0};
        char *path = path_text(reach, &found[i]);
        text_wrap(&line, path, PATH_COLUMN, PATH_COLUMN + 2);
        printf("    %-16s %-10s %s", found[i].node->name, reach_kind_text(found[i].node),
               text_string(&line));
        text_free(&line);
        free(path);
    }
    if (count == 0) {
        printf("    nothing\n");
    }
    free(found);
}

static void task_json(struct json *json, const struct reach *reach, size_t task)
{
    size_t count = 0;
    struct found *found = reached(reach, task, &count);
    json_open(json, NULL, '{');
    json_string(json, "name", reach->nodes[task].name);
    json_open(json, "reaches", '[');
    for (size_t i = 0; i < count; i++) {
        json_open(json, NULL, '{');
        json_string(json, "name", found[i].node->name);
        json_string(json, "kind", reach_kind_text(found[i].node));
        json_open(json, "path", '[');
        for (size_t p = 0; p < found[i].length; p++) {
            const struct reach_edge *edge = &reach->edges[found[i].path[p]];
            char *step = reach_step_text(reach, edge);
            json_open(json, NULL, '{');
            json_string(json, "from", reach->nodes[edge->from].name);
            json_string(json, "step", step);
            json_number(json, "line", (uint64_t)edge->line);
            json_close(json, '}');
            free(step);
        }
        json_close(json, ']');
        json_close(json, '}');
    }
    json_close(json, ']');
    json_close(json, '}');
    free(found);
}

/* Who drives a bus master reaches all that tasks have, and no policy can say otherwise. */
static void trusted_print(const struct app *app)
{
    for (size_t i = app->task_count; i-- > 0;) {
        if (app->tasks[i].dma != NULL) {
            printf("trusted by all: %s, whose %s reads and writes the memory of every task\n",
                   app->tasks[i].name, app->tasks[i].dma);
        }
    }
}

static void trusted_json(struct json *json, const struct app *app)
{
    json_open(json, "trusted", '[');
    for (size_t i = app->task_count; i-- > 0;) {
        if (app->tasks[i].dma != NULL) {
            json_open(json, NULL, '{');
            json_string(json, "task", app->tasks[i].name);
            json_string(json, "device", app->tasks[i].dma);
            json_close(json, '}');
        }
    }
    json_close(json, ']');
}

/* Capabilities go both ways between the two ends: with the message, and with its answer. */
static void travel_print(const struct reach *reach)
{
    const struct app *app = reach->app;
    for (size_t e = 0; e < reach->edge_count; e++) {
        const struct reach_edge *edge = &reach->edges[e];
        if (edge->grants) {
            size_t endpoint = edge->to - app->task_count;
            printf("capabilities may travel: %s <-> %s by %s (app.toml:%d)\n",
                   app->tasks[edge->from].name, app->tasks[app->endpoints[endpoint].server].name,
                   app->endpoints[endpoint].name, edge->line);
        }
    }
}

static void travel_json(struct json *json, const struct reach *reach)
{
    const struct app *app = reach->app;
    json_open(json, "travel", '[');
    for (size_t e = 0; e < reach->edge_count; e++) {
        const struct reach_edge *edge = &reach->edges[e];
        if (edge->grants) {
            size_t endpoint = edge->to - app->task_count;
            json_open(json, NULL, '{');
            json_string(json, "client", app->tasks[edge->from].name);
            json_string(json, "server", app->tasks[app->endpoints[endpoint].server].name);
            json_string(json, "endpoint", app->endpoints[endpoint].name);
            json_number(json, "line", (uint64_t)edge->line);
            json_close(json, '}');
        }
    }
    json_close(json, ']');
}

/* The task that serves the endpoint of a call and takes loans of memory; NULL: not such an edge. */
static const struct app_task *lend_server(const struct reach *reach, const struct reach_edge *edge)
{
    const struct app *app = reach->app;
    if (edge->step != STEP_CALL) {
        return NULL;
    }
    const struct app_task *server = &app->tasks[app->endpoints[edge->to - app->task_count].server];
    return server->lend_count > 0 ? server : NULL;
}

/* What a client lends it chooses itself; that it can is told of each call to such a server. */
static void lends_print(const struct reach *reach)
{
    for (size_t e = 0; e < reach->edge_count; e++) {
        const struct reach_edge *edge = &reach->edges[e];
        const struct app_task *server = lend_server(reach, edge);
        if (server != NULL) {
            printf("memory may be lent: %s -> %s by %s, until the answer%s%s%s (app.toml:%d)\n",
                   reach->nodes[edge->from].name, server->name, reach->nodes[edge->to].name,
                   edge->giver != NULL ? ", if " : "", edge->giver != NULL ? edge->giver->name : "",
                   edge->giver != NULL ? " passes that on" : "", edge->line);
        }
    }
}

static void lends_json(struct json *json, const struct reach *reach)
{
    json_open(json, "lends", '[');
    for (size_t e = 0; e < reach->edge_count; e++) {
        const struct reach_edge *edge = &reach->edges[e];
        const struct app_task *server = lend_server(reach, edge);
        if (server != NULL) {
            json_open(json, NULL, '{');
            json_string(json, "client", reach->nodes[edge->from].name);
            json_string(json, "server", server->name);
            json_string(json, "endpoint", reach->nodes[edge->to].name);
            json_string(json, "if_passed_by", edge->giver != NULL ? edge->giver->name : NULL);
            json_number(json, "at_once", server->lend_count);
            json_number(json, "line", (uint64_t)edge->line);
            json_close(json, '}');
        }
    }
    json_close(json, ']');
}

/* The most urgent first, as in the report of a build. */
static void audit_print(const struct reach *reach, const char *policy, size_t rules, bool kept)
{
    printf("%s: what each task can reach, and how\n", reach->app->name);
    for (size_t i = reach->app->task_count; i-- > 0;) {
        task_print(reach, i);
    }
    travel_print(reach);
    lends_print(reach);
    trusted_print(reach->app);
    if (policy == NULL) {
        printf("no policy: `never TASK -> NAME` in policy.txt beside app.toml is checked by every "
               "build\n");
    } else if (kept) {
        printf("policy %s: %zu rule%s kept\n", policy, rules, rules == 1 ? "" : "s");
    }
}

static void audit_json(const struct reach *reach, const char *policy, size_t rules, bool kept)
{
    struct text out = {0};
    struct json json = {.out = &out};
    json_open(&json, NULL, '{');
    json_string(&json, "app", reach->app->name);
    json_open(&json, "tasks", '[');
    for (size_t i = reach->app->task_count; i-- > 0;) {
        task_json(&json, reach, i);
    }
    json_close(&json, ']');
    travel_json(&json, reach);
    lends_json(&json, reach);
    trusted_json(&json, reach->app);
    json_string(&json, "policy", policy);
    json_number(&json, "rules", (uint64_t)rules);
    json_bool(&json, "kept", kept);
    json_close(&json, '}');
    puts(text_string(&out));
    text_free(&out);
}

int verb_audit(int argc, char **argv)
{
    static const struct option known[] = {
        {"policy", required_argument, NULL, 'p'}, {"json", no_argument, NULL, 'j'}, {0}};
    struct app app = {0};
    struct reach reach;
    bool json = false;
    char *policy = NULL;
    opterr = 0;
    for (int letter; (letter = getopt_long(argc, argv, "", known, NULL)) != -1;) {
        switch (letter) {
        case 'p': policy = optarg; break;
        case 'j': json = true; break;
        default:
            return usage_error("audit", "unknown option, or one without its value: %s",
                               argv[optind - 1]);
        }
    }
    if (argc - optind > 1) {
        return usage_error("audit", "one app at a time");
    }
    int code = app_read(optind < argc ? argv[optind] : ".", NULL, &app);
    if (code != EXIT_OK) {
        return code;
    }
    unsigned before = conf_error_count();
    reach_make(&app, &reach);
    policy = policy != NULL ? policy : policy_path(&app);
    size_t rules = policy != NULL ? policy_check(&reach, policy) : 0;
    bool kept = conf_error_count() == before;
    (json ? audit_json : audit_print)(&reach, policy, rules, kept);
    return kept ? EXIT_OK : EXIT_USAGE;
}
