/*
 * inspect_print.c - the tasks of a snapshot, for people and for programs; see inspect.h.
 */
#include "inspect.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- a table ---- */

void inspect_table_print(const struct scene *scene)
{
    const struct app *app = scene->view->app;
    int width = 4;
    for (size_t t = 0; t < app->task_count; t++) {
        int length = (int)strlen(app->tasks[t].name);
        width = length > width ? length : width;
    }
    struct text time = {0};
    scene_time(scene, view_or_zero(scene->view, scene->snapshot, VIEW_NOW, 0), &time);
    printf("   tasks  at %s\n", text_string(&time));
    text_free(&time);
    for (size_t t = app->task_count; t-- > 0;) {
        struct text state = {0};
        struct text stack = {0};
        scene_state(scene, t, &state);
        scene_lent(scene, t, &time);
        scene_stack(scene, t, &stack);
        printf("   %-*s  %2u  %s%s%s · %s\n", width, app->tasks[t].name, app->tasks[t].priority,
               text_string(&state), time.length == 0 ? "" : " · ", text_string(&time),
               text_string(&stack));
        text_free(&state);
        text_free(&stack);
        text_free(&time);
    }
    fflush(stdout);
}

/* ---- blocks ---- */

static void row_print(const char *name, const char *value)
{
    if (value[0] != '\0') {
        printf("   %-10s %s\n", name, value);
    }
}

static void text_row(const char *name, struct text *text)
{
    row_print(name, text_string(text));
    text_free(text);
}

static void rows_print(const char *name, struct list *lines)
{
    for (size_t i = 0; i < lines->count; i++) {
        row_print(i == 0 ? name : "", lines->items[i]);
    }
    list_free(lines);
}

static void fault_text(const struct scene *scene, size_t task, struct text *out)
{
    struct fault fault;
    const struct app *app = scene->view->app;
    if (scene_fault(scene, (uint8_t)task, &fault)) {
        struct sites sites = {0};
        (void)sites_load(app->tasks[task].elf, &sites);
        fault_cause(app, &sites, &fault, out);
        sites_free(&sites);
    }
}

/* Of a fault's record: what the program had in its registers. */
static void registers_rows(const struct scene *scene, size_t task, struct list *out)
{
    struct fault fault;
    if (!scene_stopped(scene, task) || !scene_fault(scene, (uint8_t)task, &fault) ||
        (fault.flags & K5_FAULT_HAS_FRAME) == 0) {
        return;
    }
    for (size_t first = 0; first < 16; first += 8) {
        struct text row = {0};
        for (size_t r = first; r < first + 8; r++) {
            static const char *const names[] = {"r12", "sp ", "lr ", "pc "};
            char *name = r < 12 ? string_format("r%-2zu", r) : string_copy(names[r - 12]);
            text_addf(&row, "%s%s %08x", r == first ? "" : "  ", name, fault.reg[r]);
            free(name);
        }
        list_add(out, text_string(&row));
        text_free(&row);
    }
}

static void counts_text(const struct scene *scene, size_t task, struct text *out)
{
    double tick_ms = 1000.0 / scene->view->app->board.tick_hz;
    text_addf(out, "faults %" PRIu64 ", restarts %" PRIu64 ", overruns %" PRIu64,
              view_or_zero(scene->view, scene->snapshot, VIEW_FAULTS, task),
              view_or_zero(scene->view, scene->snapshot, VIEW_RESTARTS, task),
              view_or_zero(scene->view, scene->snapshot, VIEW_OVERRUNS, task));
    text_addf(out, "; %.3f ms on its own time, %.3f ms on lent time",
              (double)view_or_zero(scene->view, scene->snapshot, VIEW_TIME_OWN, task) * tick_ms,
              (double)view_or_zero(scene->view, scene->snapshot, VIEW_TIME_LENT, task) * tick_ms);
}

/* "0.400 ms at 1.010 000 s": what comes back of a limit, and when. */
static void refills_text(const struct scene *scene, size_t task, struct text *out)
{
    const struct app_task *who = &scene->view->app->tasks[task];
    double tick_ms = 1000.0 / scene->view->app->board.tick_hz;
    uint64_t count = view_or_zero(scene->view, scene->snapshot, VIEW_REFILL_COUNT, task);
    if (who->budget.us == who->period.us) {
        return;
    }
    for (uint64_t i = 0; i < count && i < K5_REFILL_MAX; i++) {
        size_t at = task * K5_REFILL_MAX + i;
        text_addf(out, "%s%.3f ms from ", i == 0 ? "" : ", ",
                  (double)view_or_zero(scene->view, scene->snapshot, VIEW_REFILL_AMOUNT, at) *
                      tick_ms);
        scene_time(scene, view_or_zero(scene->view, scene->snapshot, VIEW_REFILL_TIME, at), out);
    }
}

/* Who has lent what is at this place of a map, or the region that its task has mapped itself; NULL:
 * nothing is there. */
static const char *mapped_name(const struct scene *scene, size_t m)
{
    const struct app *app = scene->view->app;
    uint64_t number;
    if (view_number(scene->view, scene->snapshot, VIEW_MAP_LENDER, m, &number) &&
        number < app->task_count) {
        return app->tasks[number].name;
    }
    const struct app_shared *region =
        view_number(scene->view, scene->snapshot, VIEW_MAP_REGION, m, &number)
            ? app_movable(app, number)
            : NULL;
    return region != NULL ? region->name : NULL;
}

/* "2048 bytes of meter at 0x28201420, to be written": what it has mapped as it ran. */
static void mapped_lines(const struct scene *scene, size_t task, struct list *out)
{
    const struct view *view = scene->view;
    size_t first = 0;
    for (size_t t = 0; t < task; t++) {
        first += view->app->tasks[t].map_count;
    }
    for (size_t m = first; m < first + view->app->tasks[task].map_count; m++) {
        const char *name = mapped_name(scene, m);
        if (name == NULL) {
            continue;
        }
        uint64_t rights = view_or_zero(view, scene->snapshot, VIEW_MAP_RIGHTS, m);
        list_addf(out, "%" PRIu64 " bytes of %s at 0x%08" PRIx64 ", to be %s",
                  view_or_zero(view, scene->snapshot, VIEW_MAP_SIZE, m), name,
                  view_or_zero(view, scene->snapshot, VIEW_MAP_BASE, m),
                  (rights & K5_MEM_WRITE) != 0 ? "written" : "read");
    }
}

static void task_print(const struct scene *scene, size_t task)
{
    struct text text = {0};
    struct list lines = {0};
    struct backtrace backtrace;
    scene_state(scene, task, &text);
    printf("\n%s%s%s  priority %u, %s\n", colour_start(1, COLOUR_BOLD),
           scene->view->app->tasks[task].name, colour_start(1, COLOUR_NONE),
           scene->view->app->tasks[task].priority, text_string(&text));
    text_free(&text);
    fault_text(scene, task, &text);
    text_row(scene_stopped(scene, task) ? "fault" : "last fault", &text);
    scene_backtrace(scene, task, &backtrace);
    backtrace_lines(&backtrace, &lines);
    backtrace_free(&backtrace);
    rows_print("stands in", &lines);
    registers_rows(scene, task, &lines);
    rows_print("registers", &lines);
    scene_stack(scene, task, &text);
    row_print("stack", text_string(&text) + strlen("stack "));
    text_free(&text);
    scene_budget(scene, task, &text);
    text_row("time", &text);
    scene_lent(scene, task, &text);
    text_row("", &text);
    refills_text(scene, task, &text);
    text_row("refills", &text);
    counts_text(scene, task, &text);
    text_row("so far", &text);
    scene_waiters(scene, task, &text);
    text_row("waited by", &text);
    uint64_t pending = view_or_zero(scene->view, scene->snapshot, VIEW_PENDING, task);
    if (pending != 0) {
        text_addf(&text, "0x%" PRIx64 " signalled, not yet taken", pending);
        text_row("bits", &text);
    }
    scene_capabilities(scene, task, &lines);
    rows_print("may", &lines);
    mapped_lines(scene, task, &lines);
    rows_print("mapped", &lines);
}

void inspect_tasks_print(const struct scene *scene)
{
    for (size_t t = scene->view->app->task_count; t-- > 0;) {
        task_print(scene, t);
    }
    fflush(stdout);
}

/* ---- JSON ---- */

static void string_json(struct json *json, const char *key, struct text *text)
{
    json_string(json, key, text->length == 0 ? NULL : text_string(text));
    text_free(text);
}

/* A member that is a list of texts; empties the list. */
static void lines_json(struct json *json, const char *name, struct list *lines)
{
    json_open(json, name, '[');
    for (size_t i = 0; i < lines->count; i++) {
        json_string(json, NULL, lines->items[i]);
    }
    list_free(lines);
    json_close(json, ']');
}

static void task_json(const struct scene *scene, size_t task, struct json *json)
{
    struct text text = {0};
    struct list lines = {0};
    json_open(json, NULL, '{');
    json_string(json, "task", scene->view->app->tasks[task].name);
    json_number(json, "priority", scene->view->app->tasks[task].priority);
    scene_state(scene, task, &text);
    string_json(json, "state", &text);
    fault_text(scene, task, &text);
    string_json(json, "fault", &text);
    scene_members_json(scene, (uint8_t)task, json);
    refills_text(scene, task, &text);
    string_json(json, "refills", &text);
    scene_capabilities(scene, task, &lines);
    lines_json(json, "capabilities", &lines);
    mapped_lines(scene, task, &lines);
    lines_json(json, "mapped", &lines);
    json_close(json, '}');
}

void inspect_tasks_json(const struct scene *scene, struct json *json)
{
    json_open(json, "tasks", '[');
    for (size_t t = scene->view->app->task_count; t-- > 0;) {
        task_json(scene, t, json);
    }
    json_close(json, ']');
}
