/*
 * graph.c - `k5 graph`: an app as a picture: who may call, signal and supervise whom, who shares
 * memory, whose the devices are.
 *
 *   app.toml --reach.c--> nodes and edges --here--> graph.dot --graphviz--> graph.svg
 */
#define _GNU_SOURCE
#include "app.h"
#include "reach.h"
#include "verbs.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- nodes ---- */

/* "turn 10 ms", "2 ms of 10 ms", "passive, wcet 200 us" */
static char *time_words(const struct app_task *task)
{
    char *budget = time_text(task->budget.us);
    char *period = time_text(task->period.us);
    char *wcet = time_text(task->wcet.us);
    char *words = task->passive                        ? string_format("passive, wcet %s", wcet)
                  : task->budget.us == task->period.us ? string_format("turn %s", period)
                                                       : string_format("%s of %s", budget, period);
    free(budget);
    free(period);
    free(wcet);
    return words;
}

/* What is special about a task. */
static const char *task_words(const struct app *app, const struct app_task *task)
{
    static const char *const fates[] = {"", "on a fault: restarts", "on a fault: system reset"};
    if (task->supervises.count > 0 && task->handler == APP_NONE) {
        return app->on_assert == K5_ON_ASSERT_RESET ? "on a fault: system reset"
                                                    : "on a fault: system halt";
    }
    return task->handler == APP_NONE ? fates[task->on_fault] : "";
}

static void task_node(struct text *out, const struct app *app, const struct app_task *task)
{
    const char *fill = task->supervises.count > 0 ? "#fde8e8"
                       : task->passive            ? "#e8f5e9"
                                                  : "#e8f1fb";
    char *time = time_words(task);
    const char *more = task_words(app, task);
    text_addf(out, "  \"task %s\" [label=<<b>%s</b><br/><font point-size=\"10\">priority %u<br/>%s",
              task->name, task->name, task->priority, time);
    text_addf(out, "%s%s</font>>, fillcolor=\"%s\"];\n", more[0] != '\0' ? "<br/>" : "", more,
              fill);
    free(time);
}

static const struct app_shared *shared_find(const struct app *app, const char *name)
{
    for (size_t i = 0; i < app->shared_count; i++) {
        if (strcmp(app->shared[i].name, name) == 0) {
            return &app->shared[i];
        }
    }
    return NULL;
}

/* Endpoints are no nodes: they are named on the edges to who serves them. A region is one node. */
static void thing_node(struct text *out, const struct reach *reach, const struct reach_node *node)
{
    if (node->kind == REACH_DEVICE) {
        int device = board_device_find(&reach->app->board, node->name);
        bool dma = device >= 0 && reach->app->board.devices[device].dma;
        text_addf(out, "  \"device %s\" [label=\"%s%s\", shape=component, fillcolor=\"%s\"];\n",
                  node->name, strcmp(node->name, "log") == 0 ? "log ring" : node->name,
                  dma ? "\\nDMA: all memory of tasks" : "", dma ? "#fde8e8" : "#f2f2f2");
    } else if (node->kind == REACH_REGION && node->written) {
        const struct app_shared *shared = shared_find(reach->app, node->name);
        text_addf(out,
                  "  \"region %s\" [label=\"%s\\n%u bytes\", shape=cylinder, "
                  "fillcolor=\"#fff8e1\"];\n",
                  node->name, node->name, shared != NULL ? shared->size : 0);
    }
}

/* ---- edges ---- */

/* A call goes to the task that serves the endpoint. */
static void call_edge(struct text *out, const struct reach *reach, const struct reach_edge *edge)
{
    const struct app *app = reach->app;
    const char *endpoint = reach->nodes[edge->to].name;
    for (size_t i = 0; i < app->endpoint_count; i++) {
        if (strcmp(app->endpoints[i].name, endpoint) != 0) {
            continue;
        }
        const struct app_task *client = &app->tasks[edge->from];
        const struct app_task *server = &app->tasks[app->endpoints[i].server];
        bool inverted = client->priority > server->priority;
        char *wcet = time_text(server->wcet.us);
        text_addf(out, "  \"task %s\" -> \"task %s\" [label=\"call %s%s%s\\n%s %u%s%s\"%s];\n",
                  client->name, server->name, endpoint, edge->grants ? " (grant)" : "",
                  server->lend_count > 0 ? " (lends)" : "",
                  server->passive ? "ceiling" : "at priority", server->priority,
                  server->passive ? ", wcet " : "", server->passive ? wcet : "",
                  inverted ? ", color=\"#b26a00\", fontcolor=\"#b26a00\"" : "");
        free(wcet);
    }
}

/* With the interrupts that come back: their lines and bits. */
static void use_edge(struct text *out, const struct app *app, const struct reach_edge *edge,
                     const char *from, const char *to)
{
    struct text label = {0};
    for (size_t i = 0; i < app->irq_count; i++) {
        const struct app_irq *irq = &app->irqs[i];
        if (irq->task == (int)edge->from && strcmp(irq->device, to) == 0) {
            text_addf(&label, "%sirq %u: 0x%X", label.length > 0 ? "\\n" : "", irq->line,
                      irq->bits);
        }
    }
    if (label.length > 0) {
        text_addf(out, "  \"task %s\" -> \"device %s\" [label=\"%s\", dir=back];\n", from, to,
                  text_string(&label));
    } else {
        text_addf(out, "  \"task %s\" -> \"device %s\" [dir=none];\n", from, to);
    }
    text_free(&label);
}

static void edge_line(struct text *out, const struct reach *reach, const struct reach_edge *edge)
{
    const char *from = reach->nodes[edge->from].name;
    const char *to = reach->nodes[edge->to].name;
    if (edge->giver != NULL) { /* not in app.toml; the call that lets it come is shown */
        return;
    }
    switch (edge->step) {
    case STEP_CALL: call_edge(out, reach, edge); break;
    case STEP_SIGNAL:
        text_addf(out, "  \"task %s\" -> \"task %s\" [label=\"%s 0x%X\", style=dashed];\n", from,
                  to, edge->checkin ? "check in" : "signal", edge->bits);
        break;
    case STEP_SUPERVISE:
        text_addf(out,
                  "  \"task %s\" -> \"task %s\" [label=\"supervise\", style=dotted, "
                  "color=\"#c62828\", fontcolor=\"#c62828\"];\n",
                  from, to);
        break;
    case STEP_USE: use_edge(out, reach->app, edge, from, to); break;
    case STEP_READ:
    case STEP_WRITE:
        text_addf(out, "  \"task %s\" -> \"region %s\" [label=\"%s\", dir=%s];\n", from, to,
                  edge->step == STEP_READ ? "read" : "read, write",
                  edge->step == STEP_READ ? "back" : "both");
        break;
    case STEP_SERVE:
    case STEP_READER:
    case STEP_DMA: break; /* shown by the edges above, or by the device */
    }
}

static void graph_dot(struct text *out, const struct app *app)
{
    struct reach reach;
    reach_make(app, &reach);
    text_addf(out, "// Made by `k5 graph` from app.toml.\ndigraph \"%s\" {\n", app->name);
    text_addf(out, "  label=\"%s on %s\"; labelloc=t; fontname=\"Helvetica\"; rankdir=LR;\n",
              app->name, app->board.name);
    text_add(out, "  node [shape=box, style=\"rounded,filled\", fontname=\"Helvetica\"];\n"
                  "  edge [fontname=\"Helvetica\", fontsize=10];\n");
    for (size_t i = app->task_count; i-- > 0;) {
        task_node(out, app, &app->tasks[i]);
    }
    for (size_t i = 0; i < reach.node_count; i++) {
        thing_node(out, &reach, &reach.nodes[i]);
    }
    for (size_t i = 0; i < reach.edge_count; i++) {
        edge_line(out, &reach, &reach.edges[i]);
    }
    text_add(out, "}\n");
}

/* ---- files ---- */

static int dot_write(const char *path, const struct text *dot)
{
    if (!file_write(path, text_string(dot), dot->length)) {
        error_print("%s: %s", path, strerror(errno));
        return EXIT_ENVIRONMENT;
    }
    return EXIT_OK;
}

/* Without graphviz there is still the .dot file. */
static int svg_write(const char *svg, const struct text *dot)
{
    char *source = string_format("%.*s.dot", (int)(strlen(svg) - strlen(".svg")), svg);
    char *argv[] = {"dot", "-Tsvg", "-o", (char *)svg, source, NULL};
    struct text output = {0};
    struct process process = {.capture = &output, .timeout_s = 60};
    int code = dot_write(source, dot);
    if (code != EXIT_OK) {
        return code;
    }
    if (!process_have("dot")) {
        printf("%s\n", source);
        error_print("graphviz (dot) is not there, so there is no %s", svg);
        hint_print("apt-get install graphviz, or give the .dot file to another viewer");
        return EXIT_ENVIRONMENT;
    }
    if (process_run(&process, argv) != 0) {
        error_print("dot does not draw %s: %s", source, text_string(&output));
        return EXIT_ENVIRONMENT;
    }
    printf("%s\n%s\n", source, svg);
    text_free(&output);
    free(source);
    return EXIT_OK;
}

static int graph_write(const struct app *app, const char *path)
{
    struct text dot = {0};
    char *folder = path_join(app->dir, "build");
    char *standard = path_join(folder, "graph.svg");
    int code = EXIT_ENVIRONMENT;
    graph_dot(&dot, app);
    if (path == NULL && !dir_make(folder)) {
        error_print("%s: %s", folder, strerror(errno));
    } else if (path != NULL && string_ends(path, ".dot")) {
        code = dot_write(path, &dot);
    } else {
        code = svg_write(path != NULL ? path : standard, &dot);
    }
    text_free(&dot);
    free(standard);
    free(folder);
    return code;
}

int verb_graph(int argc, char **argv)
{
    static const struct option known[] = {{"output", required_argument, NULL, 'o'}, {0}};
    struct app app = {0};
    const char *path = NULL;
    opterr = 0;
    for (int letter; (letter = getopt_long(argc, argv, "o:", known, NULL)) != -1;) {
        if (letter != 'o') {
            return usage_error("graph", "unknown option, or one without its value: %s",
                               argv[optind - 1]);
        }
        path = optarg;
    }
    if (argc - optind > 1) {
        return usage_error("graph", "one app at a time");
    }
    if (path != NULL && !string_ends(path, ".svg") && !string_ends(path, ".dot")) {
        return usage_error("graph", "\"%s\" ends neither in .svg nor in .dot", path);
    }
    int code = app_read(optind < argc ? argv[optind] : ".", NULL, &app);
    return code == EXIT_OK ? graph_write(&app, path) : code;
}
