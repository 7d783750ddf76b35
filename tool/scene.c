/*
 * scene.c - see scene.h.
 */
#include "scene.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define REG_COUNT 16

static uint64_t value_of(const struct scene *scene, enum view_field field, size_t index)
{
    return view_or_zero(scene->view, scene->snapshot, field, index);
}

static const char *task_name(const struct scene *scene, uint64_t task)
{
    const struct app *app = scene->view->app;
    return task < app->task_count ? app->tasks[task].name : "?";
}

static bool in_set(const struct scene *scene, enum view_field field, size_t task)
{
    return (value_of(scene, field, 0) >> task & 1) != 0;
}

/* ---- time ---- */

void scene_time(const struct scene *scene, uint64_t ticks, struct text *out)
{
    uint32_t hertz = scene->view->app->board.tick_hz;
    uint64_t us = ticks / hertz * 1000000 + ticks % hertz * 1000000 / hertz;
    text_addf(out, "%" PRIu64 ".%03u %03u s", us / 1000000, (unsigned)(us / 1000 % 1000),
              (unsigned)(us % 1000));
}

/* Ticks of its home context that it may use now; what runs has not been charged yet. */
static uint64_t ticks_left(const struct scene *scene, size_t task)
{
    uint64_t now = value_of(scene, VIEW_NOW, 0);
    uint64_t since = value_of(scene, VIEW_SINCE, 0);
    uint64_t count = value_of(scene, VIEW_REFILL_COUNT, task);
    uint64_t left = 0;
    for (uint64_t i = 0; i < count && i < K5_REFILL_MAX; i++) {
        size_t at = task * K5_REFILL_MAX + i;
        left += value_of(scene, VIEW_REFILL_TIME, at) <= now
                    ? value_of(scene, VIEW_REFILL_AMOUNT, at)
                    : 0;
    }
    uint64_t uncharged = value_of(scene, VIEW_CHARGED, 0) == task && since < now ? now - since : 0;
    return uncharged < left ? left - uncharged : 0;
}

/* The task whose context it is on: itself, or who lends. */
static size_t context_of(const struct scene *scene, size_t task)
{
    uint64_t owner;
    bool known = view_number(scene->view, scene->snapshot, VIEW_SC, task, &owner);
    return known && owner < scene->view->app->task_count ? (size_t)owner : task;
}

void scene_budget(const struct scene *scene, size_t task, struct text *out)
{
    size_t context = context_of(scene, task);
    const struct app_task *who = &scene->view->app->tasks[context];
    double tick_ms = 1000.0 / scene->view->app->board.tick_hz;
    uint64_t count;
    if (!view_number(scene->view, scene->snapshot, VIEW_REFILL_COUNT, context, &count)) {
        text_add(out, "budget unknown");
        return;
    }
    uint64_t left = ticks_left(scene, context);
    uint64_t used = left < who->budget.ticks ? who->budget.ticks - left : 0;
    bool turn = who->budget.us == who->period.us;
    char *budget = time_text(who->budget.us);
    char *period = time_text(who->period.us);
    text_addf(out, "%.3f ms of %s%s %s of %s used", (double)used * tick_ms,
              context == task ? "its" : who->name, context == task ? "" : "'s",
              turn ? "turn" : "budget", budget);
    if (!turn) {
        text_addf(out, " (period %s)", period);
    }
    free(budget);
    free(period);
}

/* ---- states ---- */

static const char *endpoint_name(const struct scene *scene, uint64_t endpoint)
{
    const struct app *app = scene->view->app;
    return endpoint < app->endpoint_count ? app->endpoints[endpoint].name : "?";
}

static const char *server_name(const struct scene *scene, uint64_t endpoint)
{
    const struct app *app = scene->view->app;
    return endpoint < app->endpoint_count
               ? task_name(scene, (uint64_t)app->endpoints[endpoint].server)
               : "?";
}

static void waiting_text(const struct scene *scene, size_t task, struct text *out)
{
    uint64_t object = value_of(scene, VIEW_OBJECT, task);
    unsigned mask = (unsigned)value_of(scene, VIEW_MASK, task);
    switch (value_of(scene, VIEW_STATE, task)) {
    case K5_TASK_SENDING:
        text_addf(out, "waits until %s takes its message (endpoint %s)", server_name(scene, object),
                  endpoint_name(scene, object));
        break;
    case K5_TASK_CALLING:
        text_addf(out, "waits until %s takes its call (endpoint %s)", server_name(scene, object),
                  endpoint_name(scene, object));
        break;
    case K5_TASK_AWAITING:
        text_addf(out, "waits for the answer of %s", task_name(scene, object));
        break;
    case K5_TASK_RECEIVING:
        text_addf(out, "waits for messages (endpoint %s)",
                  endpoint_name(scene, (uint64_t)scene->view->app->tasks[task].endpoint));
        if (mask != 0) {
            text_addf(out, " or bits 0x%x", mask);
        }
        break;
    default:
        if (mask == 0) {
            text_add(out, "sleeps");
        } else {
            text_addf(out, "waits for bits 0x%x", mask);
        }
    }
    uint64_t deadline = value_of(scene, VIEW_DEADLINE, task);
    if (deadline != 0) {
        text_add(out, " until ");
        scene_time(scene, deadline, out);
    }
}

void scene_state(const struct scene *scene, size_t task, struct text *out)
{
    uint64_t state;
    if (!view_number(scene->view, scene->snapshot, VIEW_STATE, task, &state) ||
        state >= K5_TASK_STATES) {
        text_add(out, "unknown");
        return;
    }
    if (scene->snapshot->reason == SNAPSHOT_FAULT && scene->snapshot->task == task) {
        text_add(out, "has just faulted");
        return;
    }
    switch (state) {
    case K5_TASK_READY:
        text_add(out, value_of(scene, VIEW_CURRENT, 0) == task ? "runs" : "ready to run");
        break;
    case K5_TASK_FAULTED: text_add(out, "stopped by a fault"); break;
    case K5_TASK_STOPPED: text_add(out, "stopped for good"); break;
    default: waiting_text(scene, task, out);
    }
    if (in_set(scene, VIEW_SUSPENDED, task)) {
        text_add(out, ", suspended");
    }
    if (in_set(scene, VIEW_EMPTY, task)) {
        text_add(out, ", its budget is used up until ");
        scene_time(scene, value_of(scene, VIEW_REFILL_TIME, task * K5_REFILL_MAX), out);
    }
}

static void name_add(struct text *out, const char *name)
{
    text_addf(out, "%s%s", out->length == 0 ? "" : ", ", name);
}

void scene_waiters(const struct scene *scene, size_t task, struct text *out)
{
    const struct app *app = scene->view->app;
    struct text names = {0};
    for (size_t t = 0; t < app->task_count; t++) {
        uint64_t state = value_of(scene, VIEW_STATE, t);
        uint64_t object = value_of(scene, VIEW_OBJECT, t);
        bool queued = state == K5_TASK_SENDING || state == K5_TASK_CALLING;
        bool awaits = state == K5_TASK_AWAITING && object == task;
        if (awaits || (queued && object < app->endpoint_count &&
                       app->endpoints[object].server == (int)task)) {
            name_add(&names, app->tasks[t].name);
        }
    }
    text_add(out, text_string(&names));
    text_free(&names);
}

void scene_lent(const struct scene *scene, size_t task, struct text *out)
{
    uint64_t owner;
    struct text chain = {0};
    if (!view_number(scene->view, scene->snapshot, VIEW_SC, task, &owner) || owner == task) {
        return;
    }
    uint64_t at = task;
    text_add(&chain, task_name(scene, at));
    for (size_t i = 0; i < scene->view->app->task_count && at != owner; i++) {
        at = value_of(scene, VIEW_LENDER, at);
        char *longer = string_format("%s > %s", task_name(scene, at), text_string(&chain));
        text_free(&chain);
        text_add(&chain, longer);
        free(longer);
    }
    text_addf(out, "on the time of %s (%s)", task_name(scene, owner), text_string(&chain));
    text_free(&chain);
}

/* ---- registers of a task ---- */

/* A saved context of the Arm port, in words: arch/arm_m/context.h draws it. */
#define CONTEXT_PSP_S      8
#define CONTEXT_PSP_NS     9
#define CONTEXT_EXC_RETURN 10
#define EXC_RETURN_S       0x40u
#define EXC_RETURN_NO_FP   0x10u
#define XPSR_PADDED        0x200u
#define FRAME_BYTES        32u
#define FRAME_FP_BYTES     104u

static bool context_word(const struct scene *scene, size_t task, unsigned word, uint32_t *value)
{
    const struct view *view = scene->view;
    return task < view->field[VIEW_CONTEXT].count &&
           snapshot_word(scene->snapshot,
                         view->field[VIEW_CONTEXT].address +
                             (uint32_t)task * view->field[VIEW_CONTEXT].size + 4 * word,
                         value);
}

/* A task that does not run: in a system call, its frame is on its small Secure stack, and lr in it
 * is where the call returns to; preempted, the frame is on its own stack. */
static bool registers_saved(const struct scene *scene, size_t task, struct unwind_start *start)
{
    uint32_t psp_s = 0;
    uint32_t psp_ns = 0;
    uint32_t exc = 0;
    uint32_t frame[8];
    bool good = context_word(scene, task, CONTEXT_PSP_S, &psp_s) &&
                context_word(scene, task, CONTEXT_PSP_NS, &psp_ns) &&
                context_word(scene, task, CONTEXT_EXC_RETURN, &exc);
    bool secure = (exc & EXC_RETURN_S) != 0;
    for (unsigned i = 0; i < 8 && good; i++) {
        good = context_word(scene, task, i, &start->reg[4 + i]) &&
               snapshot_word(scene->snapshot, (secure ? psp_s : psp_ns) + 4 * i, &frame[i]);
    }
    if (!good) {
        return false;
    }
    memcpy(start->reg, frame, 4 * sizeof frame[0]);
    start->reg[12] = frame[4];
    start->reg[K5_REG_LR] = frame[5];
    start->reg[K5_REG_PC] = secure ? frame[5] & ~1u : frame[6];
    start->returns = secure && start->reg[K5_REG_PC] != start->entry;
    uint32_t size = (exc & EXC_RETURN_NO_FP) != 0 ? FRAME_BYTES : FRAME_FP_BYTES;
    uint32_t padding = (frame[7] & XPSR_PADDED) != 0 ? 4 : 0;
    start->reg[K5_REG_SP] = secure ? psp_ns : psp_ns + size + padding;
    return true;
}

/* Those of its last fault. A call stands where it returns to. */
static bool registers_fault(const struct scene *scene, size_t task, struct unwind_start *start)
{
    uint64_t cause = value_of(scene, VIEW_CAUSE, task);
    uint64_t word = 0;
    bool good = (value_of(scene, VIEW_FLAGS, task) & K5_FAULT_HAS_FRAME) != 0;
    for (size_t i = 0; i < REG_COUNT && good; i++) {
        good = view_number(scene->view, scene->snapshot, VIEW_REG, task * K5_REG_COUNT + i, &word);
        start->reg[i] = (uint32_t)word;
    }
    start->returns = cause == K5_FAULT_PANIC || cause == K5_FAULT_EXIT ||
                     cause == K5_FAULT_SYSCALL ||
                     (start->reg[K5_REG_LR] & ~1u) == (start->reg[K5_REG_PC] & ~1u);
    return good;
}

bool scene_stopped(const struct scene *scene, size_t task)
{
    uint64_t state = value_of(scene, VIEW_STATE, task);
    return state == K5_TASK_FAULTED || state == K5_TASK_STOPPED ||
           (scene->snapshot->reason == SNAPSHOT_FAULT && scene->snapshot->task == task);
}

static bool registers_find(const struct scene *scene, size_t task, struct unwind_start *start)
{
    const struct snapshot *snapshot = scene->snapshot;
    uint32_t live = scene->view->field[VIEW_CONTEXT].address +
                    (uint32_t)task * scene->view->field[VIEW_CONTEXT].size;
    if (scene_stopped(scene, task)) {
        return registers_fault(scene, task, start);
    }
    if (snapshot->settled || value_of(scene, VIEW_LIVE, 0) != live) {
        return registers_saved(scene, task, start);
    }
    memcpy(start->reg, snapshot->reg, sizeof start->reg);
    return snapshot->has_registers && start->reg[K5_REG_PC] - start->code_base < start->code_size;
}

static struct unwind_start start_of(const struct scene *scene, size_t task)
{
    const struct app_task *who = &scene->view->app->tasks[task];
    return (struct unwind_start){.elf = who->elf,
                                 .code_base = who->regions[0].base,
                                 .code_size = who->regions[0].size,
                                 .entry = who->entry,
                                 .stack_base = who->regions[1].base,
                                 .stack_end = who->regions[1].base + who->stack_size};
}

void scene_backtrace(const struct scene *scene, size_t task, struct backtrace *out)
{
    struct unwind_start start = start_of(scene, task);
    *out = (struct backtrace){.count = 0};
    if (registers_find(scene, task, &start)) {
        backtrace_make(scene->view->app, scene->snapshot, &start, out);
    } else if (value_of(scene, VIEW_CAUSE, task) == K5_FAULT_STACK) {
        backtrace_guess(scene->view->app, scene->snapshot, &start, out);
    } else {
        out->end = string_copy("no backtrace: its registers are not known");
    }
}

void scene_kernel_backtrace(const struct scene *scene, struct backtrace *out)
{
    const struct app *app = scene->view->app;
    const struct board_memory *code = &app->board.memory[MEMORY_KERNEL_CODE];
    const struct board_memory *ram = &app->board.memory[MEMORY_KERNEL_RAM];
    struct unwind_start start = {.elf = app->image,
                                 .code_base = code->base,
                                 .code_size = code->size,
                                 .stack_base = ram->base,
                                 .stack_end = ram->base + ram->size,
                                 .assembler = true};
    memcpy(start.reg, scene->snapshot->reg, sizeof start.reg);
    backtrace_make(app, scene->snapshot, &start, out);
}

/* ---- stacks, capabilities ---- */

/* Bytes up to the lowest word that is not 0. Memory of the emulator begins as 0, so this is what
 * was used at least, by any life of the task. */
static uint32_t stack_deepest(const struct scene *scene, size_t task)
{
    const struct app_task *who = &scene->view->app->tasks[task];
    uint32_t base = who->regions[1].base;
    uint32_t word = 0;
    uint32_t at = 0;
    while (at < who->stack_size && snapshot_word(scene->snapshot, base + at, &word) && word == 0) {
        at += 4;
    }
    return who->stack_size - at;
}

/* False: its stack pointer is not known, or not in its stack. */
static bool stack_used(const struct scene *scene, size_t task, uint32_t *used)
{
    struct unwind_start start = start_of(scene, task);
    if (!registers_find(scene, task, &start)) {
        return false;
    }
    *used = start.stack_end - start.reg[K5_REG_SP];
    return *used <= scene->view->app->tasks[task].stack_size;
}

void scene_stack(const struct scene *scene, size_t task, struct text *out)
{
    uint32_t used;
    uint32_t deepest = stack_deepest(scene, task);
    uint32_t size = scene->view->app->tasks[task].stack_size;
    if (stack_used(scene, task, &used)) {
        text_addf(out, "stack %u of %u bytes, %u at its deepest", used, size,
                  deepest > used ? deepest : used);
    } else {
        text_addf(out, "stack ? of %u bytes, %u at its deepest", size, deepest);
    }
}

/* "acknowledge uart1_rx (line 34, bits 0x80000000), armed" */
static void irq_text(const struct scene *scene, uint64_t number, struct text *out)
{
    const struct app *app = scene->view->app;
    if (number >= app->irq_count) {
        text_add(out, "acknowledge an unknown interrupt");
        return;
    }
    const struct app_irq *irq = &app->irqs[number];
    bool armed = (value_of(scene, VIEW_ARMED, 0) >> number & 1) != 0;
    text_addf(out, "acknowledge %s (line %u, bits 0x%x), %s", irq->key, irq->line, irq->bits,
              armed ? "armed" : "masked");
}

/* "region frame (4096 bytes at 0x28200000), to be given away" */
static void region_text(const struct scene *scene, uint64_t number, struct text *out)
{
    const struct app_shared *region = app_movable(scene->view->app, number);
    if (region == NULL) {
        text_add(out, "an unknown region");
        return;
    }
    text_addf(out, "region %s (%u bytes at 0x%08x), to be given away", region->name, region->size,
              region->base);
}

static void capability_text(const struct scene *scene, size_t slot, struct text *out)
{
    uint64_t object = value_of(scene, VIEW_CAP_OBJECT, slot);
    uint64_t rights = value_of(scene, VIEW_CAP_RIGHTS, slot);
    unsigned badge = (unsigned)value_of(scene, VIEW_CAP_BADGE, slot);
    switch (value_of(scene, VIEW_CAP_TYPE, slot)) {
    case K5_CAP_ENDPOINT:
        text_addf(out, "%s %s", (rights & K5_RIGHT_SERVE) != 0 ? "serve" : "call",
                  endpoint_name(scene, object));
        if ((rights & K5_RIGHT_CALL) != 0) {
            text_addf(out, " (badge %u%s)", badge, (rights & K5_RIGHT_GRANT) != 0 ? ", grant" : "");
        }
        break;
    case K5_CAP_NOTIFICATION:
        text_addf(out, "signal %s (bits 0x%x)", task_name(scene, object), badge);
        break;
    case K5_CAP_TASK:
        text_addf(out, "%s%s%s%s", (rights & K5_RIGHT_INSPECT) != 0 ? "inspect " : "",
                  (rights & K5_RIGHT_RESTART) != 0 ? "restart " : "",
                  (rights & K5_RIGHT_SUSPEND) != 0 ? "suspend " : "", task_name(scene, object));
        break;
    case K5_CAP_IRQ: irq_text(scene, object, out); break;
    case K5_CAP_REGION: region_text(scene, object, out); break;
    case K5_CAP_NONE: text_add(out, "nothing (an empty slot)"); break;
    default: text_add(out, "unknown");
    }
}

void scene_capabilities(const struct scene *scene, size_t task, struct list *out)
{
    const struct app *app = scene->view->app;
    size_t first = 0;
    for (size_t t = 0; t < task; t++) {
        first += app->tasks[t].slot_count;
    }
    for (size_t i = 0; i < app->tasks[task].slot_count; i++) {
        struct text words = {0};
        capability_text(scene, first + i, &words);
        list_add(out, text_string(&words));
        text_free(&words);
    }
}

/* ---- under a FAULT line ---- */

bool scene_fault(const struct scene *scene, uint8_t task, struct fault *fault)
{
    uint64_t value = 0;
    *fault = (struct fault){.task = task,
                            .cause = (uint8_t)value_of(scene, VIEW_CAUSE, task),
                            .flags = (uint8_t)value_of(scene, VIEW_FLAGS, task),
                            .address = (uint32_t)value_of(scene, VIEW_ADDRESS, task)};
    bool good = task < scene->view->app->task_count && fault->cause != K5_FAULT_NONE;
    for (size_t i = 0; i < K5_REG_COUNT && good; i++) {
        good = view_number(scene->view, scene->snapshot, VIEW_REG, (size_t)task * K5_REG_COUNT + i,
                           &value);
        fault->reg[i] = (uint32_t)value;
    }
    return good;
}

static void numbers_lines(const struct scene *scene, uint8_t task, struct list *out)
{
    struct text line = {0};
    struct text lent = {0};
    struct text waiters = {0};
    unsigned restarts = (unsigned)value_of(scene, VIEW_RESTARTS, task);
    scene_stack(scene, task, &line);
    text_addf(&line, " · %u restart%s before", restarts, restarts == 1 ? "" : "s");
    list_add(out, text_string(&line));
    text_free(&line);
    scene_budget(scene, task, &line);
    scene_lent(scene, task, &lent);
    scene_waiters(scene, task, &waiters);
    char *who = waiters.length == 0 ? string_copy("nobody waits for it")
                                    : string_format("awaited by %s", text_string(&waiters));
    list_addf(out, "%s · %s", text_string(&line), lent.length == 0 ? who : text_string(&lent));
    if (lent.length > 0) {
        list_add(out, who);
    }
    free(who);
    text_free(&line);
    text_free(&lent);
    text_free(&waiters);
}

void scene_lines(const struct scene *scene, uint8_t task, struct list *out)
{
    struct backtrace backtrace;
    if (task < scene->view->app->task_count) {
        scene_backtrace(scene, task, &backtrace);
        backtrace_lines(&backtrace, out);
        numbers_lines(scene, task, out);
    } else {
        scene_kernel_backtrace(scene, &backtrace);
        backtrace_lines(&backtrace, out);
    }
    if (scene->snapshot->dump != NULL) {
        list_addf(out, "dump %s, for `k5 inspect`", scene->snapshot->dump);
    }
    backtrace_free(&backtrace);
}

/* ---- JSON ---- */

void scene_backtrace_json(const struct backtrace *backtrace, struct json *json)
{
    json_open(json, "backtrace", '[');
    for (size_t i = 0; i < backtrace->count; i++) {
        const struct unwind_frame *frame = &backtrace->frames[i];
        json_open(json, NULL, '{');
        json_number(json, "frame", frame->number);
        json_address(json, "address", frame->address);
        json_string(json, "function", frame->function);
        json_bool(json, "inlined", frame->inlined);
        json_string(json, "file", frame->file);
        json_number(json, "line", frame->line > 0 ? (uint64_t)frame->line : 0);
        json_string(json, "source", frame->text);
        json_close(json, '}');
    }
    json_close(json, ']');
    json_string(json, "backtrace_end", backtrace->end);
}

static void task_numbers_json(const struct scene *scene, uint8_t task, struct json *json)
{
    const struct app_task *who = &scene->view->app->tasks[task];
    size_t context = context_of(scene, task);
    const struct app_task *owner = &scene->view->app->tasks[context];
    struct text waiters = {0};
    struct text lent = {0};
    struct list names = {0};
    uint32_t used;
    uint64_t hertz = scene->view->app->board.tick_hz;
    uint64_t left = ticks_left(scene, context);
    uint32_t deepest = stack_deepest(scene, task);
    json_open(json, "stack", '{');
    if (stack_used(scene, task, &used)) {
        json_number(json, "used", used);
        deepest = used > deepest ? used : deepest;
    }
    json_number(json, "deepest", deepest);
    json_number(json, "size", who->stack_size);
    json_close(json, '}');
    json_open(json, "budget", '{');
    json_string(json, "of", owner->name);
    json_number(json, "left_us", left * 1000000 / hertz);
    json_number(json, "budget_us", owner->budget.us);
    json_number(json, "period_us", owner->period.us);
    json_close(json, '}');
    scene_lent(scene, task, &lent);
    json_string(json, "lent", lent.length == 0 ? NULL : text_string(&lent));
    scene_waiters(scene, task, &waiters);
    list_add_split(&names, text_string(&waiters), ", ");
    json_open(json, "awaited_by", '[');
    for (size_t i = 0; i < names.count; i++) {
        json_string(json, NULL, names.items[i]);
    }
    json_close(json, ']');
    json_number(json, "restarts", value_of(scene, VIEW_RESTARTS, task));
    json_number(json, "faults", value_of(scene, VIEW_FAULTS, task));
    text_free(&waiters);
    text_free(&lent);
    list_free(&names);
}

void scene_members_json(const struct scene *scene, uint8_t task, struct json *json)
{
    struct backtrace backtrace;
    scene_backtrace(scene, task, &backtrace);
    scene_backtrace_json(&backtrace, json);
    task_numbers_json(scene, task, json);
    backtrace_free(&backtrace);
}

void scene_json(const struct scene *scene, uint8_t task, struct json *json)
{
    struct backtrace backtrace;
    if (task < scene->view->app->task_count) {
        scene_members_json(scene, task, json);
    } else {
        scene_kernel_backtrace(scene, &backtrace);
        scene_backtrace_json(&backtrace, json);
        backtrace_free(&backtrace);
    }
    json_string(json, "dump", scene->snapshot->dump);
}
