/*
 * reach.h - who can reach what: an app's capabilities and regions as a graph, and paths in it.
 *
 *   task --calls--> endpoint --served by--> task --uses--> device
 *   task --signals--> task         task --writes--> region --read by--> task
 *   device with DMA --reads and writes the memory of--> every task
 *   task --supervises--> task (a last step: who restarts a task does not act through it)
 *
 * A step is authority that app.toml gives: to make another act, or to touch memory; or that may
 * come by messages, where `grants` lets capabilities travel. Not steps: answers to a call, what a
 * client lends a server until the answer, and that a supervisor is told of a fault.
 */
#ifndef K5_TOOL_REACH_H
#define K5_TOOL_REACH_H

#include "app.h"

enum reach_kind { REACH_TASK, REACH_ENDPOINT, REACH_DEVICE, REACH_REGION };

struct reach_node {
    enum reach_kind kind;
    const char *name;
    bool written; /* REACH_REGION: as seen by who writes it, so its readers are reached */
};

enum reach_step {
    STEP_CALL,
    STEP_SERVE,
    STEP_SIGNAL,
    STEP_SUPERVISE,
    STEP_USE,
    STEP_READ,
    STEP_WRITE,
    STEP_READER,
    STEP_DMA
};

struct reach_edge {
    size_t from;
    size_t to;
    enum reach_step step;
    uint32_t bits; /* STEP_SIGNAL */
    bool checkin;  /* STEP_SIGNAL: a sign of life to a watchdog */
    bool grants;   /* STEP_CALL: capabilities may travel in its messages, there and back */
    int line;      /* of app.toml */
    const struct app_task *giver; /* whose capability it is, and may come to be; NULL: its own */
};

struct reach {
    const struct app *app;
    struct reach_node *nodes; /* [0..task_count) are the tasks, in the app's order */
    size_t node_count;
    struct reach_edge *edges;
    size_t edge_count;
};

/* Of an app that was read. Lives as long as the program. */
void reach_make(const struct app *app, struct reach *reach);

/* The shortest path from a node to another as indices of edges; false if there is none. Each edge
 * comes once, so `path` has room for node_count. */
bool reach_path(const struct reach *reach, size_t from, size_t to, size_t *path, size_t *length);

/* What the start of an edge does: "calls storage", "is served by store". Caller frees. */
char *reach_step_text(const struct reach *reach, const struct reach_edge *edge);
/* "task", "endpoint", "device", "region"; the log ring is "log ring". */
const char *reach_kind_text(const struct reach_node *node);

#endif
