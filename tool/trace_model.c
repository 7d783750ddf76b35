/*
 * trace_model.c - events become what each task did when: spans, arrows, marks; see trace.h.
 *
 * A task's state as it is shown follows from four things that events change: the kernel's state of
 * it, whether it runs, whether its context is empty, whether it is suspended.
 *
 *   runs                             RUNNING   on whose time, too
 *   ready                            READY     or STALLED: suspended, or at home on an empty
 * context sending .. waiting               BLOCKED   or STALLED: suspended faulted, stopped STOPPED
 */
#include "trace.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define LANES (K5_TASK_MAX + 1)

struct lane {
    uint8_t state; /* K5_TASK_* */
    uint8_t object;
    uint8_t payer; /* when it last ran */
    bool empty;
    bool suspended;
    uint32_t mask;
    uint64_t since; /* of what is shown */
    uint8_t shown;  /* enum trace_state */
    uint32_t about;
    bool known; /* something is shown */
};

struct maker {
    const struct trace *trace;
    struct trace_model *model;
    struct lane lanes[LANES];
    size_t idle; /* the lane of nobody */
    uint8_t running;
    uint8_t payer;
};

static const char *task_name(const struct maker *maker, uint8_t task)
{
    return task < maker->idle ? maker->trace->app->tasks[task].name : "the kernel";
}

/* ---- texts: each once ---- */

static uint32_t text_index(struct maker *maker, struct text *text)
{
    struct list *texts = &maker->model->texts;
    size_t i = 0;
    while (i < texts->count && strcmp(texts->items[i], text_string(text)) != 0) {
        i++;
    }
    if (i == texts->count) {
        list_add(texts, text_string(text));
    }
    text_free(text);
    return (uint32_t)i;
}

static const char *endpoint_name(const struct maker *maker, uint8_t endpoint)
{
    const struct app *app = maker->trace->app;
    return endpoint < app->endpoint_count ? app->endpoints[endpoint].name : "?";
}

static uint32_t blocked_text(struct maker *maker, const struct lane *lane)
{
    struct text text = {0};
    switch (lane->state) {
    case K5_TASK_READY: text_add(&text, "ready"); break;
    case K5_TASK_SENDING:
        text_addf(&text, "sending to %s", endpoint_name(maker, lane->object));
        break;
    case K5_TASK_CALLING:
        text_addf(&text, "calling %s, not taken yet", endpoint_name(maker, lane->object));
        break;
    case K5_TASK_AWAITING: text_addf(&text, "awaiting %s", task_name(maker, lane->object)); break;
    case K5_TASK_RECEIVING:
        text_addf(&text, "receiving on %s", endpoint_name(maker, lane->object));
        break;
    case K5_TASK_WAITING:
        if (lane->mask == 0) {
            text_add(&text, "sleeping");
        } else {
            text_addf(&text, "waiting for bits 0x%" PRIx32, lane->mask);
        }
        break;
    case K5_TASK_FAULTED: text_add(&text, "faulted"); break;
    default: text_add(&text, "stopped");
    }
    text_add(&text, lane->suspended ? ", suspended" : "");
    text_add(&text, lane->state == K5_TASK_READY && lane->empty ? ", its budget is used up" : "");
    return text_index(maker, &text);
}

/* ---- spans ---- */

static uint8_t state_shown(const struct maker *maker, size_t index)
{
    const struct lane *lane = &maker->lanes[index];
    bool home = lane->payer == index || lane->payer == K5_NIL;
    if (index == maker->idle) {
        return maker->running == K5_NIL ? TRACE_RUNNING : TRACE_BLOCKED;
    }
    if (maker->running == index) {
        return TRACE_RUNNING;
    }
    if (lane->state == K5_TASK_FAULTED || lane->state == K5_TASK_STOPPED) {
        return TRACE_STOPPED;
    }
    if (lane->suspended || (lane->state == K5_TASK_READY && lane->empty && home)) {
        return TRACE_STALLED;
    }
    return lane->state == K5_TASK_READY ? TRACE_READY : TRACE_BLOCKED;
}

static void span_end(struct maker *maker, size_t index, uint64_t time)
{
    struct trace_model *model = maker->model;
    struct lane *lane = &maker->lanes[index];
    bool empty_idle = index == maker->idle && lane->shown != TRACE_RUNNING;
    if (lane->known && time > lane->since && !empty_idle) {
        model->spans =
            trace_room(model->spans, model->span_count, &model->span_room, sizeof model->spans[0]);
        model->spans[model->span_count++] =
            (struct trace_span){lane->since, time, lane->shown, (uint8_t)index, lane->about};
    }
}

/* What is shown of a lane may have changed. */
static void lane_update(struct maker *maker, size_t index, uint64_t time)
{
    struct lane *lane = &maker->lanes[index];
    uint8_t state = state_shown(maker, index);
    uint32_t about = state == TRACE_RUNNING ? maker->payer
                     : index == maker->idle ? 0
                                            : blocked_text(maker, lane);
    if (!lane->known || state != lane->shown || about != lane->about) {
        span_end(maker, index, time);
        lane->since = time;
        lane->shown = state;
        lane->about = about;
        lane->known = true;
    }
}

static void run_take(struct maker *maker, const struct trace_event *event)
{
    size_t before = maker->running == K5_NIL ? maker->idle : maker->running;
    size_t now = event->task == K5_NIL ? maker->idle : event->task;
    maker->running = event->task;
    maker->payer = event->other;
    maker->lanes[now].payer = event->other;
    lane_update(maker, before, event->time);
    lane_update(maker, now, event->time);
}

/* ---- arrows and marks ---- */

static void arrow_add(struct maker *maker, const struct trace_event *event)
{
    struct trace_model *model = maker->model;
    model->arrows =
        trace_room(model->arrows, model->arrow_count, &model->arrow_room, sizeof model->arrows[0]);
    model->arrows[model->arrow_count++] =
        (struct trace_arrow){event->time, event->kind, event->task, event->other, event->value};
}

static void mark_add(struct maker *maker, const struct trace_event *event, struct text *text)
{
    struct trace_model *model = maker->model;
    uint8_t lane = event->task == K5_NIL ? (uint8_t)maker->idle : event->task;
    model->marks =
        trace_room(model->marks, model->mark_count, &model->mark_room, sizeof model->marks[0]);
    model->marks[model->mark_count++] =
        (struct trace_mark){event->time, event->kind, lane, text_index(maker, text)};
}

static const char *const cause_words[K5_FAULT_CAUSES] = {
    [K5_FAULT_NONE] = "no fault",
    [K5_FAULT_READ] = "read not permitted",
    [K5_FAULT_WRITE] = "write not permitted",
    [K5_FAULT_ACCESS] = "access not permitted",
    [K5_FAULT_EXECUTE] = "execution not permitted",
    [K5_FAULT_SECURE] = "access to the kernel's memory",
    [K5_FAULT_SECURE_ENTRY] = "jump into the kernel",
    [K5_FAULT_STACK] = "stack overflow",
    [K5_FAULT_STACK_POINTER] = "bad stack pointer",
    [K5_FAULT_UNDEFINED] = "undefined instruction",
    [K5_FAULT_FP] = "floating point without fp",
    [K5_FAULT_UNALIGNED] = "unaligned access",
    [K5_FAULT_DIVIDE] = "division by zero",
    [K5_FAULT_STATE] = "branch to an even address",
    [K5_FAULT_RETURN] = "forged return code",
    [K5_FAULT_SVC] = "SVC of its own",
    [K5_FAULT_BREAKPOINT] = "breakpoint instruction",
    [K5_FAULT_BUS] = "bus error",
    [K5_FAULT_SYSCALL] = "no such system call",
    [K5_FAULT_PANIC] = "panic",
    [K5_FAULT_EXIT] = "exit",
    [K5_FAULT_UNKNOWN] = "unknown",
};

/* The words of a mark; empty: it is none. */
static struct text mark_text(const struct maker *maker, const struct trace_event *event)
{
    struct text text = {0};
    switch (event->kind) {
    case TRACE_LOST: text_addf(&text, "%" PRIu32 " events were lost here", event->value); break;
    case K5_TRACE_BOOT: text_add(&text, "the kernel starts"); break;
    case K5_TRACE_FAULT:
        text_addf(&text, "fault: %s, 0x%08" PRIx32,
                  event->detail < K5_FAULT_CAUSES ? cause_words[event->detail] : "of a new kind",
                  event->value);
        break;
    case K5_TRACE_RESTART:
        text_addf(&text, "restarted by %s", task_name(maker, event->other));
        break;
    case K5_TRACE_OVERRUN:
        text_addf(&text, "used up the time of %s", task_name(maker, event->other));
        break;
    case K5_TRACE_TIMEOUT:
        if (event->detail == K5_TASK_SENDING || event->detail == K5_TASK_CALLING ||
            event->detail == K5_TASK_AWAITING) { /* a sleep, or a wait for bits, ends by one too */
            text_addf(&text, "its %s timed out",
                      event->detail == K5_TASK_SENDING ? "message" : "call");
        }
        break;
    case K5_TRACE_SUSPEND:
        text_addf(&text, "suspended by %s", task_name(maker, event->other));
        break;
    case K5_TRACE_RESUME: text_addf(&text, "resumed by %s", task_name(maker, event->other)); break;
    case K5_TRACE_IRQ:
        text_addf(&text, "interrupt %s",
                  event->detail < maker->trace->app->irq_count
                      ? maker->trace->app->irqs[event->detail].key
                      : "?");
        break;
    default: break;
    }
    return text;
}

/* ---- the events ---- */

static void boot_take(struct maker *maker, uint64_t time)
{
    maker->running = K5_NIL;
    maker->payer = K5_NIL;
    for (size_t i = 0; i <= maker->idle; i++) {
        struct lane *lane = &maker->lanes[i];
        lane->state = K5_TASK_READY;
        lane->object = K5_NIL;
        lane->payer = K5_NIL;
        lane->mask = 0;
        lane->empty = false;
        lane->suspended = false;
        lane_update(maker, i, time);
    }
}

static void lane_take(struct maker *maker, const struct trace_event *event)
{
    struct lane *lane = &maker->lanes[event->task];
    switch (event->kind) {
    case K5_TRACE_READY: lane->state = K5_TASK_READY; break;
    case K5_TRACE_BLOCK:
        lane->state = event->detail;
        lane->object = event->other;
        lane->mask = event->value;
        break;
    case K5_TRACE_STOP: lane->state = event->detail; break;
    case K5_TRACE_CALL:
        lane->state = K5_TASK_AWAITING;
        lane->object = event->other;
        break;
    case K5_TRACE_RESTART: lane->suspended = false; break;
    case K5_TRACE_EMPTY: lane->empty = true; break;
    case K5_TRACE_REFILL: lane->empty = false; break;
    case K5_TRACE_SUSPEND: lane->suspended = true; break;
    case K5_TRACE_RESUME: lane->suspended = false; break;
    default: break;
    }
    lane_update(maker, event->task, event->time);
}

static void event_take(struct maker *maker, const struct trace_event *event)
{
    struct text words = mark_text(maker, event);
    if (event->kind == K5_TRACE_BOOT) {
        boot_take(maker, event->time);
    } else if (event->kind == K5_TRACE_RUN) {
        run_take(maker, event);
    } else if (event->task != K5_NIL) {
        lane_take(maker, event);
    }
    if (event->kind >= K5_TRACE_SEND && event->kind <= K5_TRACE_SIGNAL) {
        arrow_add(maker, event);
    }
    if (words.length > 0) {
        mark_add(maker, event, &words);
    }
}

static int span_order(const void *a, const void *b)
{
    const struct trace_span *x = a;
    const struct trace_span *y = b;
    int lane = (x->lane > y->lane) - (x->lane < y->lane);
    return lane != 0 ? lane : (x->begin > y->begin) - (x->begin < y->begin);
}

void trace_model_make(const struct trace *trace, struct trace_model *model)
{
    struct maker maker = {.trace = trace,
                          .model = model,
                          .idle = trace->app->task_count,
                          .running = K5_NIL,
                          .payer = K5_NIL};
    *model = (struct trace_model){.span_count = 0};
    for (size_t i = 0; i < LANES; i++) {
        maker.lanes[i].object = K5_NIL;
        maker.lanes[i].payer = K5_NIL;
    }
    for (size_t i = 0; i < trace->event_count; i++) {
        event_take(&maker, &trace->events[i]);
    }
    for (size_t i = 0; i <= maker.idle; i++) {
        span_end(&maker, i, trace->end);
    }
    if (model->span_count > 0) {
        qsort(model->spans, model->span_count, sizeof model->spans[0], span_order);
    }
}

void trace_model_free(struct trace_model *model)
{
    free(model->spans);
    free(model->arrows);
    free(model->marks);
    list_free(&model->texts);
}
