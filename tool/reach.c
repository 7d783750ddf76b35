/*
 * reach.c - the graph of reach.h, and breadth-first search in it.
 *
 * Invariant: nodes are tasks, endpoints, devices that somebody uses, and each region twice: as
 * touched, and as written, from where its readers are reached.
 */
#include "reach.h"

#include "conf.h"

#include <stdlib.h>
#include <string.h>

#define NOWHERE SIZE_MAX

static size_t node_add(struct reach *reach, struct reach_node node)
{
    for (size_t i = 0; i < reach->node_count; i++) {
        const struct reach_node *old = &reach->nodes[i];
        if (old->kind == node.kind && old->written == node.written &&
            strcmp(old->name, node.name) == 0) {
            return i;
        }
    }
    reach->nodes = memory_resize(reach->nodes, (reach->node_count + 1) * sizeof reach->nodes[0]);
    reach->nodes[reach->node_count] = node;
    return reach->node_count++;
}

static void edge_add(struct reach *reach, struct reach_edge edge)
{
    reach->edges = memory_resize(reach->edges, (reach->edge_count + 1) * sizeof reach->edges[0]);
    reach->edges[reach->edge_count++] = edge;
}

static void signals_add(struct reach *reach, const struct app_task *task, size_t from)
{
    for (size_t i = 0; i < task->signals.count; i++) {
        const struct app_link *link = &task->signals.items[i];
        edge_add(reach,
                 (struct reach_edge){
                     .from = from,
                     .to = (size_t)link->target,
                     .step = STEP_SIGNAL,
                     .bits = link->bits,
                     .checkin = task->watchdog == link->target && task->watch_bit == link->bits,
                     .line = link->node->line,
                 });
    }
}

static void task_add(struct reach *reach, size_t from)
{
    const struct app_task *task = &reach->app->tasks[from];
    size_t endpoints = reach->app->task_count;
    for (size_t i = 0; i < task->calls.count; i++) {
        const struct app_link *link = &task->calls.items[i];
        edge_add(reach, (struct reach_edge){.from = from,
                                            .to = endpoints + (size_t)link->target,
                                            .step = STEP_CALL,
                                            .grants = link->grant != NULL,
                                            .line = link->node->line});
    }
    signals_add(reach, task, from);
    for (size_t i = 0; i < task->supervises.count; i++) {
        const struct app_link *link = &task->supervises.items[i];
        edge_add(reach, (struct reach_edge){.from = from,
                                            .to = (size_t)link->target,
                                            .step = STEP_SUPERVISE,
                                            .line = link->node->line});
    }
}

/* Who writes a region reaches its readers. */
static void region_add(struct reach *reach, const char *name, struct reach_edge edge)
{
    size_t task = edge.from;
    edge.to = node_add(reach, (struct reach_node){REACH_REGION, name, edge.step == STEP_WRITE});
    edge_add(reach, edge);
    edge.from = node_add(reach, (struct reach_node){REACH_REGION, name, true});
    edge.to = task;
    edge.step = STEP_READER;
    edge_add(reach, edge);
}

/* The movable regions that `owner` has at boot, in the hands of `task`, if it can map any. */
static void movables_add(struct reach *reach, size_t task, size_t owner)
{
    const struct app *app = reach->app;
    for (size_t i = 0; i < app->shared_count && app->tasks[task].maps > 0; i++) {
        const struct app_shared *shared = &app->shared[i];
        if (shared->owner == (int)owner) {
            region_add(reach, shared->name,
                       (struct reach_edge){.from = task,
                                           .step = STEP_WRITE,
                                           .line = shared->line,
                                           .giver = task == owner ? NULL : &app->tasks[owner]});
        }
    }
}

static void regions_add(struct reach *reach, size_t from)
{
    const struct app_task *task = &reach->app->tasks[from];
    for (size_t r = 2; r < task->region_count; r++) {
        const struct app_region *region = &task->regions[r];
        struct reach_edge edge = {.from = from, .line = region->line};
        if (region->kind != REGION_SHARED) {
            edge.step = STEP_USE;
            edge.to = node_add(reach, (struct reach_node){REACH_DEVICE, region->name, false});
            edge_add(reach, edge);
            continue;
        }
        edge.step = (region->rights & K5_MEM_WRITE) != 0 ? STEP_WRITE : STEP_READ;
        region_add(reach, region->name, edge);
    }
    movables_add(reach, from, from);
}

/* What a bus master can do, whatever the protection unit says. */
static void masters_add(struct reach *reach)
{
    const struct app *app = reach->app;
    for (size_t i = 0; i < app->task_count; i++) {
        struct reach_edge edge = {.step = STEP_DMA};
        if (app->tasks[i].dma == NULL) {
            continue;
        }
        edge.from = node_add(reach, (struct reach_node){REACH_DEVICE, app->tasks[i].dma, false});
        edge.line = conf_get(app->tasks[i].node, "dma")->line;
        for (size_t t = 0; t < app->task_count; t++) {
            edge.to = t;
            edge_add(reach, edge);
        }
    }
}

/* ---- capabilities that travel ---- */

static uint32_t bit(size_t index)
{
    return UINT32_C(1) << index;
}

/* ends[]: between which tasks capabilities may travel directly. givers[]: those whose capabilities
 * may come to a task. */
struct travel {
    const struct app *app;
    uint32_t ends[K5_TASK_MAX];
    uint32_t givers[K5_TASK_MAX];
};

/* A right to call goes to who is less urgent than the server only. */
static bool call_passes(const struct app *app, size_t to, size_t server)
{
    return app->tasks[to].priority < app->tasks[server].priority;
}

/* By the calls with a grant that `owner` has, its own task among others, `to` is an end, too. */
static void ends_add(struct travel *travel, size_t to, size_t owner)
{
    const struct app *app = travel->app;
    const struct app_task *task = &app->tasks[owner];
    uint32_t servers = to != owner && task->endpoint != APP_NONE ? bit(owner) : 0;
    for (size_t c = 0; c < task->calls.count; c++) {
        const struct app_link *link = &task->calls.items[c];
        servers |= link->grant != NULL ? bit((size_t)app->endpoints[link->target].server) : 0;
    }
    for (size_t server = 0; server < app->task_count; server++) {
        if ((servers & bit(server)) != 0 && (to == owner || call_passes(app, to, server))) {
            travel->ends[to] |= bit(server);
            travel->ends[server] |= bit(to);
        }
    }
}

/* Of the other end, and what came there, if the task has a free slot. What comes may be a call with
 * a grant, and makes another end. */
static void givers_find(struct travel *travel)
{
    const struct app *app = travel->app;
    for (size_t i = 0; i < app->task_count; i++) {
        ends_add(travel, i, i);
    }
    for (bool changed = true; changed;) {
        changed = false;
        for (size_t i = 0; i < app->task_count; i++) {
            uint32_t more = app->tasks[i].places.count > 0 ? travel->ends[i] : 0;
            for (size_t other = 0; other < app->task_count; other++) {
                more |= (more & bit(other)) != 0 ? travel->givers[other] : 0;
            }
            more &= ~(travel->givers[i] | bit(i));
            travel->givers[i] |= more;
            for (size_t other = 0; other < app->task_count; other++) {
                if ((more & bit(other)) != 0) {
                    ends_add(travel, i, other);
                }
            }
            changed = changed || more != 0;
        }
    }
}

static void passed_call(struct reach *reach, size_t to, int endpoint, struct reach_edge edge)
{
    const struct app *app = reach->app;
    if (call_passes(app, to, (size_t)app->endpoints[endpoint].server)) {
        edge.to = app->task_count + (size_t)endpoint;
        edge.step = STEP_CALL;
        edge_add(reach, edge);
    }
}

/* What `to` can do with what `giver` has: by its calls, signals and task capabilities; and a server
 * mints calls of its own. */
static void passed_add(struct reach *reach, size_t to, const struct app_task *giver)
{
    struct reach_edge edge = {.from = to, .giver = giver};
    for (size_t i = 0; i < giver->serves.count; i++) {
        edge.line = giver->serves.items[i].node->line;
        passed_call(reach, to, giver->serves.items[i].target, edge);
    }
    for (size_t i = 0; i < giver->calls.count; i++) {
        edge.line = giver->calls.items[i].node->line;
        passed_call(reach, to, giver->calls.items[i].target, edge);
    }
    const struct app_links *groups[2] = {&giver->signals, &giver->supervises};
    static const enum reach_step steps[2] = {STEP_SIGNAL, STEP_SUPERVISE};
    for (size_t g = 0; g < 2; g++) {
        for (size_t i = 0; i < groups[g]->count; i++) {
            edge.to = (size_t)groups[g]->items[i].target;
            edge.step = steps[g];
            edge.bits = groups[g]->items[i].bits;
            edge.line = groups[g]->items[i].node->line;
            edge_add(reach, edge);
        }
    }
}

static void travels_add(struct reach *reach)
{
    struct travel travel = {.app = reach->app};
    givers_find(&travel);
    for (size_t to = 0; to < reach->app->task_count; to++) {
        for (size_t giver = 0; giver < reach->app->task_count; giver++) {
            if ((travel.givers[to] & bit(giver)) != 0) {
                passed_add(reach, to, &reach->app->tasks[giver]);
                movables_add(reach, to, giver);
            }
        }
    }
}

void reach_make(const struct app *app, struct reach *reach)
{
    *reach = (struct reach){.app = app};
    for (size_t i = 0; i < app->task_count; i++) {
        node_add(reach, (struct reach_node){REACH_TASK, app->tasks[i].name, false});
    }
    for (size_t i = 0; i < app->endpoint_count; i++) {
        const struct app_endpoint *endpoint = &app->endpoints[i];
        size_t node = node_add(reach, (struct reach_node){REACH_ENDPOINT, endpoint->name, false});
        edge_add(reach, (struct reach_edge){.from = node,
                                            .to = (size_t)endpoint->server,
                                            .step = STEP_SERVE,
                                            .line = endpoint->line});
    }
    for (size_t i = 0; i < app->task_count; i++) {
        task_add(reach, i);
        regions_add(reach, i);
    }
    travels_add(reach);
    masters_add(reach);
}

/* Fills before[]: by which edge each node is first reached. Nodes are visited in the order in which
 * they are found; nobody goes on from where a supervisor's step ended. */
static void search(const struct reach *reach, size_t from, size_t *before)
{
    size_t *queue = memory_new((reach->node_count + 1) * sizeof queue[0]);
    bool *ended = memory_new((reach->node_count + 1) * sizeof ended[0]);
    size_t head = 0;
    size_t tail = 0;
    for (size_t i = 0; i < reach->node_count; i++) {
        before[i] = NOWHERE;
    }
    queue[tail++] = from;
    while (head < tail) {
        size_t at = queue[head++];
        for (size_t e = 0; e < reach->edge_count; e++) {
            const struct reach_edge *edge = &reach->edges[e];
            bool last = edge->step == STEP_SUPERVISE;
            if (edge->from != at || edge->to == from) {
                continue;
            }
            if (before[edge->to] == NOWHERE || (ended[edge->to] && !last)) {
                before[edge->to] = e;
                ended[edge->to] = last;
                if (!last) {
                    queue[tail++] = edge->to;
                }
            }
        }
    }
    free(queue);
    free(ended);
}

bool reach_path(const struct reach *reach, size_t from, size_t to, size_t *path, size_t *length)
{
    size_t *before = memory_new((reach->node_count + 1) * sizeof before[0]);
    size_t steps = 0;
    search(reach, from, before);
    bool found = from != to && before[to] != NOWHERE;
    for (size_t at = to; found && at != from; at = reach->edges[before[at]].from) {
        path[steps++] = before[at];
    }
    for (size_t i = 0; i < steps / 2; i++) {
        size_t edge = path[i];
        path[i] = path[steps - 1 - i];
        path[steps - 1 - i] = edge;
    }
    *length = steps;
    free(before);
    return found;
}

/* ", irq rx 34, tx 35": the lines of a device. */
static void lines_text(const struct app *app, const char *device, struct text *out)
{
    int index = board_device_find(&app->board, device);
    for (size_t i = 0; index >= 0 && i < app->board.devices[index].irq_count; i++) {
        const struct board_irq *irq = &app->board.devices[index].irq[i];
        text_addf(out, "%s%s%s%u", i == 0 ? ", irq " : ", ", irq->name != NULL ? irq->name : "",
                  irq->name != NULL ? " " : "", irq->line);
    }
    text_add(out, index >= 0 && app->board.devices[index].dma ? ", DMA" : "");
}

static char *use_text(const struct app *app, const char *device)
{
    struct text out = {0};
    text_addf(&out, "uses %s", device);
    lines_text(app, device, &out);
    char *text = string_copy(text_string(&out));
    text_free(&out);
    return text;
}

static char *own_text(const struct reach *reach, const struct reach_edge *edge)
{
    const char *to = reach->nodes[edge->to].name;
    static const char *const words[] = {[STEP_CALL] = "calls",
                                        [STEP_SERVE] = "is served by",
                                        [STEP_SIGNAL] = "",
                                        [STEP_SUPERVISE] = "supervises",
                                        [STEP_USE] = "",
                                        [STEP_READ] = "reads",
                                        [STEP_WRITE] = "writes",
                                        [STEP_READER] = "is read by",
                                        [STEP_DMA] = "reads and writes the memory of"};
    if (edge->step == STEP_USE) {
        return use_text(reach->app, to);
    }
    if (edge->step != STEP_SIGNAL) {
        return string_format("%s %s%s", words[edge->step], to, edge->grants ? " (grant)" : "");
    }
    return edge->checkin ? string_format("checks in with %s", to)
                         : string_format("signals 0x%X to %s", edge->bits, to);
}

char *reach_step_text(const struct reach *reach, const struct reach_edge *edge)
{
    char *text = own_text(reach, edge);
    if (edge->giver == NULL) {
        return text;
    }
    char *passed = string_format("%s if %s passes that on", text, edge->giver->name);
    free(text);
    return passed;
}

const char *reach_kind_text(const struct reach_node *node)
{
    static const char *const names[] = {"task", "endpoint", "device", "region"};
    return node->kind == REACH_DEVICE && strcmp(node->name, "log") == 0 ? "log ring"
                                                                        : names[node->kind];
}
