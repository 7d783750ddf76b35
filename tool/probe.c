/*
 * probe.c - see probe.h.
 */
#include "probe.h"

#include "dump.h"
#include "layout.h"
#include "object.h"

#include <stdlib.h>
#include <string.h>

#define CONNECT_S 10.0 /* for the emulator to be there */
#define ANSWER_S  2.0  /* for one answer of it */
#define REST_S    1.0  /* for the kernel to be found at rest */
#define RUN_S     1e-3 /* between two looks */
#define ENTRY_S   1.5  /* for the next entry of the kernel */
#define SWITCH_S  0.1  /* for the next switch of tasks: a task that loops may prevent it */

static bool fail(struct probe *probe, const char *problem)
{
    probe->works = false;
    probe->problem = problem;
    if (probe->remote.socket >= 0 && probe->remote.stopped) {
        (void)remote_continue(&probe->remote); /* or the target would stand for good */
    }
    return false;
}

/* ---- start ---- */

static const char *const entries[] = {"kernel_syscall", "interrupt_take", "fault_of_task"};
#define ENTRIES (sizeof entries / sizeof entries[0])

/* A label of the port's assembler, which DWARF does not know; 0: it is not there. */
static uint32_t symbol_address(const struct app *app, const char *name)
{
    struct object image;
    uint32_t address = 0;
    if (!object_read(app->image, &image)) {
        return 0;
    }
    for (size_t i = 0; i < image.symbol_count && address == 0; i++) {
        if (image.symbols[i].code && strcmp(image.symbols[i].name, name) == 0) {
            address = image.symbols[i].value & ~1u;
        }
    }
    object_free(&image);
    return address;
}

static bool places_find(struct probe *probe, const struct app *app)
{
    struct layout layout;
    if (!view_open(app, &probe->view) || !layout_open(app->image, &layout)) {
        return false;
    }
    bool found = layout_function(&layout, "task_fault", &probe->fault_at);
    (void)layout_function(&layout, "kernel_panic", &probe->panic_at);
    for (size_t i = 0; i < ENTRIES; i++) {
        (void)layout_function(&layout, entries[i], &probe->entry_at[i]);
    }
    layout_close(&layout);
    probe->switch_at = symbol_address(app, "switch_saved");
    return found;
}

static bool connection_make(struct probe *probe, struct emulator *emulator)
{
    double end_s = clock_seconds() + CONNECT_S;
    while (!remote_connect(&probe->remote, emulator->debug_socket, ANSWER_S)) {
        if (emulator_ended(emulator) || clock_seconds() > end_s) {
            return false;
        }
        clock_sleep(0.005);
    }
    return true;
}

bool probe_start(struct probe *probe, const struct app *app, struct emulator *emulator)
{
    *probe = (struct probe){.sites = probe->sites, .writes = probe->writes};
    probe->remote.socket = -1;
    if (emulator->debug_socket == NULL) {
        return fail(probe, "the emulator runs without GDB server");
    }
    if (!places_find(probe, app)) {
        return fail(probe, "the image has no debug information");
    }
    probe->works =
        connection_make(probe, emulator) &&
        remote_breakpoint(&probe->remote, probe->fault_at, true) &&
        (probe->panic_at == 0 || remote_breakpoint(&probe->remote, probe->panic_at, true)) &&
        remote_continue(&probe->remote);
    return probe->works || fail(probe, probe->remote.problem);
}

void probe_stop(struct probe *probe)
{
    snapshot_queue_drop(&probe->queue, probe->queue.count);
    remote_close(&probe->remote);
    probe->works = false;
}

/* ---- a fault ---- */

/* What the log will say, for the file: the log's frame may find no room. */
static char *report_make(const struct probe *probe, const struct scene *scene)
{
    struct text text = {0};
    struct list lines = {0};
    struct fault fault;
    const struct app *app = probe->view.app;
    const struct snapshot *snapshot = scene->snapshot;
    if (snapshot->reason == SNAPSHOT_PANIC) {
        text_add(&text, "PANIC kernel: ");
        panic_cause(app, snapshot->reg[0], snapshot->reg[1], snapshot->task, &text);
    } else if (scene_fault(scene, snapshot->task, &fault)) {
        text_addf(&text, "FAULT %s: ", app->tasks[fault.task].name);
        fault_cause(app, &probe->sites[fault.task], &fault, &text);
    }
    text_add(&text, "\n");
    scene_lines(scene, snapshot->reason == SNAPSHOT_PANIC ? K5_NIL : snapshot->task, &lines);
    for (size_t i = 0; i < lines.count; i++) {
        text_addf(&text, "%s\n", lines.items[i]);
    }
    list_free(&lines);
    char *report = string_copy(text_string(&text));
    text_free(&text);
    return report;
}

static void stop_read(struct probe *probe, enum snapshot_reason reason)
{
    struct snapshot snapshot = {.reason = reason, .task = K5_NIL};
    const struct scene scene = {&probe->view, &snapshot};
    bool writes = probe->writes && probe->written < PROBE_FILES;
    bool good = snapshot_kernel(&probe->view, &probe->remote, true, &snapshot);
    if (good && writes) {
        (void)snapshot_stacks(&probe->view, &probe->remote, &snapshot);
    } else if (good && snapshot.task != K5_NIL) {
        (void)snapshot_stack(&probe->view, &probe->remote, snapshot.task, &snapshot);
    }
    if (!good) {
        snapshot_free(&snapshot);
        return;
    }
    if (writes) {
        snapshot.report = report_make(probe, &scene);
        snapshot.dump = dump_write(probe->view.app, &snapshot);
        probe->written += snapshot.dump != NULL;
    }
    snapshot_queue_add(&probe->queue, &snapshot);
}

/* Off the breakpoint by one instruction, or it would halt there again. */
static bool go_on(struct probe *probe, uint32_t pc)
{
    struct remote *remote = &probe->remote;
    bool here = pc == probe->fault_at || pc == probe->panic_at;
    return (!here || (remote_breakpoint(remote, pc, false) && remote_step(remote) &&
                      remote_breakpoint(remote, pc, true))) &&
           remote_continue(remote);
}

void probe_step(struct probe *probe)
{
    uint32_t reg[REMOTE_REGISTERS];
    if (!probe->works || (!remote_wait(&probe->remote, 0) && probe->remote.socket >= 0)) {
        return;
    }
    bool good = remote_registers(&probe->remote, reg);
    if (good && reg[REMOTE_PC] == probe->fault_at) {
        stop_read(probe, SNAPSHOT_FAULT);
    } else if (good && reg[REMOTE_PC] == probe->panic_at) {
        stop_read(probe, SNAPSHOT_PANIC);
    }
    if (!good || !go_on(probe, reg[REMOTE_PC])) {
        (void)fail(probe, probe->remote.problem);
    }
}

/* ---- halting ---- */

/* In the code of a task, or in the idle loop, which follows the veneer. */
static bool at_rest(const struct app *app, uint32_t pc)
{
    const struct board_memory *kernel = &app->board.memory[MEMORY_KERNEL_CODE];
    const struct board_memory *veneer = &app->board.memory[MEMORY_VENEER];
    return pc - kernel->base >= kernel->size && pc - veneer->base >= veneer->size / 2;
}

static bool idles(const struct app *app, uint32_t pc)
{
    const struct board_memory *veneer = &app->board.memory[MEMORY_VENEER];
    uint32_t offset = pc - veneer->base;
    return offset >= veneer->size / 2 && offset < veneer->size;
}

bool probe_halt(struct probe *probe, bool panicked)
{
    double end_s = clock_seconds() + REST_S;
    uint32_t reg[REMOTE_REGISTERS];
    while (probe->works) {
        probe_step(probe);
        if (!probe->works || !remote_halt(&probe->remote) ||
            !remote_registers(&probe->remote, reg)) {
            break;
        }
        bool breakpoint = reg[REMOTE_PC] == probe->fault_at || reg[REMOTE_PC] == probe->panic_at;
        if (panicked || (!breakpoint && at_rest(probe->view.app, reg[REMOTE_PC]))) {
            return true;
        }
        if (clock_seconds() > end_s) {
            probe->problem = "the kernel was never found at rest";
            probe_go(probe);
            return false;
        }
        if (breakpoint) {
            continue; /* probe_step sees it */
        }
        if (!remote_continue(&probe->remote)) {
            break;
        }
        clock_sleep(RUN_S);
    }
    return fail(probe, probe->remote.problem != NULL ? probe->remote.problem : probe->problem);
}

/* A fault or a panic on the way is read like any other. */
static bool stop_await(struct probe *probe, const uint32_t *places, size_t count, double wait_s)
{
    struct remote *remote = &probe->remote;
    double end_s = clock_seconds() + wait_s;
    uint32_t reg[REMOTE_REGISTERS];
    while (remote_wait(remote, end_s - clock_seconds()) && remote_registers(remote, reg)) {
        for (size_t i = 0; i < count; i++) {
            if (reg[REMOTE_PC] == places[i]) {
                return true;
            }
        }
        probe_step(probe);
    }
    return false;
}

/* From where it stands to the first of these places. False: none was reached in time, and it stands
 * where it happened to be. */
static bool place_reach(struct probe *probe, const uint32_t *places, size_t count, double wait_s)
{
    struct remote *remote = &probe->remote;
    bool set = true;
    for (size_t i = 0; i < count; i++) {
        set = set && places[i] != 0 && remote_breakpoint(remote, places[i], true);
    }
    bool came = set && remote_continue(remote) && stop_await(probe, places, count, wait_s);
    if (!came && remote->socket >= 0) {
        (void)remote_halt(remote);
    }
    for (size_t i = 0; i < count && places[i] != 0; i++) {
        (void)remote_breakpoint(remote, places[i], false);
    }
    return came;
}

/* Where it stands at rest: the kernel past the processor, the running task's stack by its own eyes,
 * the others' at the next entry of the kernel: only the running task's can have changed by then. */
static bool rest_look(struct probe *probe, struct snapshot *snapshot)
{
    const struct view *view = &probe->view;
    struct remote *remote = &probe->remote;
    bool good = snapshot_kernel(view, remote, false, snapshot);
    bool runs = snapshot->task != K5_NIL;
    if (good && runs) {
        (void)snapshot_stack(view, remote, snapshot->task, snapshot);
    }
    bool entered = good && place_reach(probe, probe->entry_at, ENTRIES, ENTRY_S);
    for (size_t t = 0; entered && t < view->app->task_count; t++) {
        if (!runs || t != snapshot->task) {
            (void)snapshot_stack(view, remote, t, snapshot);
        }
    }
    return good;
}

bool probe_look(struct probe *probe, enum probe_place place, struct snapshot *snapshot)
{
    const struct view *view = &probe->view;
    struct remote *remote = &probe->remote;
    uint32_t reg[REMOTE_REGISTERS];
    bool panicked = place == PROBE_PANIC;
    if (!probe_halt(probe, panicked)) {
        return false;
    }
    bool asleep = remote_registers(remote, reg) && idles(view->app, reg[REMOTE_PC]);
    if (place == PROBE_SWITCH && !asleep) {
        snapshot->settled = place_reach(probe, &probe->switch_at, 1, SWITCH_S);
    }
    bool good = panicked || snapshot->settled
                    ? snapshot_kernel(view, remote, true, snapshot) &&
                          snapshot_stacks(view, remote, snapshot)
                    : probe_halt(probe, false) && rest_look(probe, snapshot);
    return (good && remote->socket >= 0) || fail(probe, remote->problem);
}

bool probe_reset(struct probe *probe)
{
    /* QEMU's monitor: "system_reset" in hex */
    bool good =
        probe_halt(probe, true) && remote_command(&probe->remote, "qRcmd,73797374656d5f7265736574");
    probe_go(probe);
    return good;
}

void probe_go(struct probe *probe)
{
    if (probe->works && probe->remote.stopped && !remote_continue(&probe->remote)) {
        (void)fail(probe, probe->remote.problem);
    }
}
