/*
 * size_find.c - sizes from the linked ELF files, and stack depths from a run (size.h).
 *
 * The emulator's RAM is zero at the start, and start-up leaves the stack alone: the lowest word
 * that is not zero afterwards is as deep as the stack ever was, or a little less deep if what was
 * written there was zero.
 */
#include "object.h"
#include "place.h"
#include "remote.h"
#include "session.h"
#include "size.h"

#include <stdlib.h>
#include <string.h>

#define ANSWER_S 1.0  /* for an answer of the emulator */
#define STEP_S   0.05 /* between two looks at the log */
#define WAIT_S   2.0  /* for a system call */

/* ---- sizes ---- */

/* Bytes of functions. A name for the same place counts once; of an unknown size, as nothing. */
static uint32_t functions_size(const struct object *file)
{
    uint32_t sum = 0;
    for (size_t i = 0; i < file->symbol_count; i++) {
        const struct object_symbol *symbol = &file->symbols[i];
        bool again = !symbol->code;
        for (size_t j = 0; j < i && !again; j++) {
            again = file->symbols[j].code && file->symbols[j].size > 0 &&
                    (file->symbols[j].value & ~1u) == (symbol->value & ~1u);
        }
        sum += again ? 0 : symbol->size;
    }
    return sum;
}

static void section_add(struct size_row *row, const struct object_section *section)
{
    bool code = section->executable || strcmp(section->name, ".vectors") == 0;
    if (strcmp(section->name, ".tasks") == 0 || strcmp(section->name, ".k5_log") == 0) {
        return; /* the tasks' own, and nobody's */
    }
    enum size_value value = code                                   ? SIZE_CODE
                            : strcmp(section->name, ".stack") == 0 ? SIZE_STACK
                            : !section->writable                   ? SIZE_CONSTANTS
                            : section->bytes != NULL               ? SIZE_DATA
                                                                   : SIZE_BSS;
    row->value[value] += section->size;
}

/* The file is the caller's to look at, and to free. */
static bool row_find(struct size_row *row, const char *elf, struct object *file)
{
    if (!object_read(elf, file)) {
        return false;
    }
    for (size_t i = 0; i < file->section_count; i++) {
        section_add(row, &file->sections[i]);
    }
    return true;
}

/* A task's constants are in one section with its code. */
static bool task_find(struct size_row *row, const struct app_task *task)
{
    struct object file;
    *row = (struct size_row){.name = task->name};
    if (!row_find(row, task->elf, &file)) {
        return false;
    }
    uint32_t functions = functions_size(&file);
    object_free(&file);
    row->value[SIZE_CONSTANTS] += row->value[SIZE_CODE] - functions;
    row->value[SIZE_CODE] = functions;
    row->value[SIZE_NEED] = task->stack_need;
    row->why = task->stack_why;
    row->chain = task->stack_chain;
    return true;
}

bool sizes_find(const struct app *app, struct sizes *sizes)
{
    bool ok = true;
    sizes->count = app->task_count + 1;
    sizes->rows = memory_new(sizes->count * sizeof sizes->rows[0]);
    for (size_t i = 0; i < app->task_count; i++) {
        ok = task_find(&sizes->rows[app->task_count - 1 - i], &app->tasks[i]) && ok;
    }
    struct size_row *kernel = &sizes->rows[app->task_count];
    struct object image;
    *kernel = (struct size_row){.name = "kernel"};
    if (row_find(kernel, app->image, &image)) {
        object_free(&image);
    } else {
        ok = false;
    }
    kernel->value[SIZE_STACK] += place_secure_stacks(app);
    return ok;
}

uint32_t size_flash(const struct size_row *row)
{
    return row->value[SIZE_CODE] + row->value[SIZE_CONSTANTS] + row->value[SIZE_DATA];
}

uint32_t size_ram(const struct size_row *row)
{
    return row->value[SIZE_DATA] + row->value[SIZE_BSS] + row->value[SIZE_STACK];
}

/* ---- a run ---- */

static bool depth_read(struct remote *remote, const struct app_task *task, struct size_row *row)
{
    uint8_t *bytes = memory_new(task->stack_size);
    uint32_t unused = 0;
    bool ok = remote_read(remote, task->regions[1].base, bytes, task->stack_size);
    while (ok && unused < task->stack_size && bytes[unused] == 0) {
        unused++;
    }
    row->measured = ok;
    row->depth = task->stack_size - unused / 4 * 4;
    free(bytes);
    return ok;
}

/* Halts it at its next system call: the kernel sees the memory of all tasks, a task only its own,
 * and past the processor the board's protection would not let us in. */
static bool kernel_halt(struct remote *remote, const struct app *app)
{
    struct object image;
    if (!object_read(app->image, &image)) {
        return false;
    }
    uint32_t entry = object_value(&image, "kernel_syscall") & ~1u;
    object_free(&image);
    bool halted = remote_breakpoint(remote, entry, true) && remote_continue(remote) &&
                  remote_wait(remote, WAIT_S);
    if (!halted && remote->problem == NULL) {
        remote->problem = "no system call came";
    }
    return halted;
}

static int depths_read(const struct app *app, const struct session *session, struct sizes *sizes)
{
    struct remote remote;
    bool ok = session->emulator.debug_socket != NULL &&
              remote_connect(&remote, session->emulator.debug_socket, ANSWER_S);
    ok = ok && kernel_halt(&remote, app);
    for (size_t i = 0; ok && i < app->task_count; i++) {
        ok = depth_read(&remote, &app->tasks[i], &sizes->rows[app->task_count - 1 - i]);
    }
    if (!ok) {
        error_print("the stacks could not be read: %s",
                    session->emulator.debug_socket != NULL && remote.problem != NULL
                        ? remote.problem
                        : "no debug server");
    }
    if (session->emulator.debug_socket != NULL) {
        remote_close(&remote);
    }
    return ok ? EXIT_OK : EXIT_ENVIRONMENT;
}

int sizes_measure(const struct app *app, uint64_t for_us, struct sizes *sizes)
{
    struct session session;
    enum session_state state = SESSION_RUNS;
    const struct emulator_options options = {.pace = PACE_FAST, .debug = true};
    int code = session_start(&session, app, for_us, &options);
    if (code != EXIT_OK) {
        return code;
    }
    while (state == SESSION_RUNS) {
        state = session_step(&session, STEP_S);
        decoder_clear(&session.decoder);
    }
    if (state == SESSION_DIED || state == SESSION_SILENT) {
        error_print("the run %s; is a log drain in app.toml?",
                    state == SESSION_DIED ? "ended early" : "said nothing");
        code = EXIT_ENVIRONMENT;
    } else {
        code = depths_read(app, &session, sizes);
    }
    session_stop(&session);
    return code;
}
