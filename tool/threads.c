/*
 * threads.c - tasks as threads, from the kernel's memory; see threads.h.
 *
 * Where the registers of a thread are (arch/arm_m/context.h has the picture):
 *
 *   runs                  in the machine
 *   faulted, stopped      in its fault record
 *   in a system call      r4-r11, sp: its context; the rest: the frame on its small Secure stack,
 *                         whose lr is where the call returns to
 *   preempted             r4-r11: its context; the rest: the frame on its own stack
 *   interrupted, and the kernel runs: as one of the two, but sp is still in the machine (PSP_NS)
 */
#include "threads.h"

#include "fault.h"
#include "object.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* Fixed by the architecture: what the hardware stacks, and EXC_RETURN. */
#define FRAME_WORDS     8u
#define FRAME_WORDS_FP  26u /* the same, s0-s15, FPSCR, a word of nothing */
#define FRAME_FPSCR     24u
#define EXC_RETURN_S    0x40u
#define XPSR_PADDED     0x200u
#define XPSR_EXCEPTION  0x1FFu
#define EXCEPTION_SVC   11u
#define STMIA_R2_R4_R11 0x0FF0E882u /* as a word in memory */
#define ENTRY_BYTES     32u
#define CORE_ALL        0x1FFFFu
#define CORE_OF_CONTEXT 0x0FF0u /* r4-r11 */
#define CORE_SP         0x2000u
#define VENEER_BYTES    32u

static const struct {
    const char *variable;
    const char *path;
    bool of_task; /* an element for each task, else one number */
} places[THREADS_VALUES] = {
    [THREADS_STATE] = {"k", "task.state", true},
    [THREADS_OBJECT] = {"k", "task.object", true},
    [THREADS_MASK] = {"k", "task.mask", true},
    [THREADS_DEADLINE] = {"k", "task.deadline", true},
    [THREADS_SC] = {"k", "task.sc", true},
    [THREADS_CAUSE] = {"k", "task.cause", true},
    [THREADS_FLAGS] = {"k", "task.fault_flags", true},
    [THREADS_ADDRESS] = {"k", "task.fault_address", true},
    [THREADS_SUSPENDED] = {"k", "suspended", false},
    [THREADS_EMPTY] = {"k", "empty", false},
    [THREADS_PORT_TASK] = {"arch_port", "task", false},
    [THREADS_SECURE_STACK] = {"arch_cfg", "secure_stack", true},
};

/* ---- where things are ---- */

static bool fail(struct threads *threads, const char *problem)
{
    threads->problem = problem;
    return false;
}

/* The kernel's ways in: from the label to the instruction that saves r4-r11. */
static bool entries_find(struct threads *threads, const char *image)
{
    static const char *const names[] = {"svc_entry", "interrupt_entry", "fault_entry"};
    struct object object;
    if (!object_read(image, &object)) {
        return false;
    }
    threads->reset_entry = object_value(&object, "reset_entry") & ~1u;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        uint32_t begin = object_value(&object, names[i]) & ~1u;
        threads->entry_begin[i] = begin;
        threads->entry_done[i] = begin;
        for (size_t s = 0; s < object.section_count; s++) {
            const struct object_section *section = &object.sections[s];
            uint32_t at = begin - section->base;
            for (uint32_t n = 0; section->bytes != NULL && n < ENTRY_BYTES; n += 2) {
                uint32_t word;
                if (at + n < section->size && section->size - at - n >= sizeof word) {
                    memcpy(&word, section->bytes + at + n, sizeof word);
                    threads->entry_done[i] =
                        word == STMIA_R2_R4_R11 ? begin + n : threads->entry_done[i];
                }
            }
        }
    }
    return true;
}

static bool layout_read(struct threads *threads, const struct layout *layout)
{
    bool found = true;
    for (size_t i = 0; i < THREADS_VALUES; i++) {
        found =
            found && layout_find(layout, places[i].variable, places[i].path, &threads->where[i]);
        found = found && threads->where[i].size <= sizeof(uint64_t) &&
                threads->where[i].count >= (places[i].of_task ? threads->tasks : 1);
    }
    return found && layout_find(layout, "arch_context", "", &threads->contexts) &&
           threads->contexts.count > threads->tasks &&
           layout_find(layout, "k", "task.fault_reg", &threads->fault_reg) &&
           threads->fault_reg.size == sizeof(uint32_t) &&
           threads->fault_reg.count >= threads->tasks * K5_REG_COUNT &&
           layout_offset(layout, "context", "r", &threads->context_r) &&
           layout_offset(layout, "context", "psp_s", &threads->context_psp_s) &&
           layout_offset(layout, "context", "psp_ns", &threads->context_psp_ns) &&
           layout_offset(layout, "context", "exc_return", &threads->context_exc_return) &&
           layout_offset(layout, "fp_stack", "s16", &threads->fp_s16);
}

bool threads_open(struct threads *threads, const struct app *app, struct threads_memory memory)
{
    struct layout layout;
    *threads = (struct threads){.app = app, .tasks = app->task_count, .memory = memory};
    threads->running = threads->tasks;
    if (!layout_open(app->image, &layout)) {
        return fail(threads, "the image has no debug information");
    }
    bool found = layout_read(threads, &layout);
    layout_close(&layout);
    if (!found || !entries_find(threads, app->image)) {
        return fail(threads, "the image is not one of this version of K5");
    }
    return true;
}

void threads_close(struct threads *threads)
{
    for (size_t i = 0; i < THREADS_VALUES; i++) {
        free(threads->value[i]);
        threads->value[i] = NULL;
    }
    free(threads->context);
    threads->context = NULL;
}

/* ---- reading ---- */

static bool memory_take(struct threads *threads, uint32_t address, void *bytes, size_t size)
{
    return threads->memory.read(threads->memory.target, address, bytes, size) ||
           fail(threads, "the target's memory cannot be read");
}

static uint32_t word_at(const uint8_t *bytes)
{
    return bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

static bool words_take(struct threads *threads, uint32_t address, uint32_t *words, size_t count)
{
    uint8_t bytes[4 * FRAME_WORDS_FP];
    if (!memory_take(threads, address, bytes, 4 * count)) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        words[i] = word_at(&bytes[4 * i]);
    }
    return true;
}

static bool value_take(struct threads *threads, size_t i)
{
    const struct layout_member *where = &threads->where[i];
    size_t count = places[i].of_task ? threads->tasks : 1;
    uint8_t *bytes = memory_new(count * where->size);
    bool ok = memory_take(threads, where->address, bytes, count * where->size);
    free(threads->value[i]);
    threads->value[i] = memory_new(count * sizeof(uint64_t));
    for (size_t n = 0; ok && n < count; n++) {
        for (size_t b = 0; b < where->size; b++) {
            threads->value[i][n] |= (uint64_t)bytes[n * where->size + b] << (8 * b);
        }
    }
    free(bytes);
    return ok;
}

static bool within(uint32_t address, const struct board_memory *memory)
{
    return address - memory->base < memory->size;
}

bool threads_in_kernel(const struct threads *threads)
{
    return (threads->live.core[16] & XPSR_EXCEPTION) != 0;
}

bool threads_in_veneer(const struct threads *threads)
{
    return threads->running < threads->tasks &&
           threads->live.core[15] - threads->app->board.memory[MEMORY_VENEER].base < VENEER_BYTES;
}

/* In thread mode the port knows whose registers are in the machine, but for the boot: that runs in
 * the kernel's own code, and the port's word is not yet written. */
static size_t running_find(const struct threads *threads)
{
    const struct board *board = &threads->app->board;
    uint32_t pc = threads->live.core[15];
    uint64_t task = threads->value[THREADS_PORT_TASK][0];
    bool kernel = threads_in_kernel(threads) || within(pc, &board->memory[MEMORY_KERNEL_CODE]) ||
                  pc - (board->memory[MEMORY_VENEER].base + VENEER_BYTES) < VENEER_BYTES;
    return kernel || task >= threads->tasks ? threads->tasks : (size_t)task;
}

bool threads_read(struct threads *threads, const struct threads_live *live)
{
    size_t bytes = (threads->tasks + 1) * threads->contexts.size;
    threads->problem = NULL;
    threads->known = false;
    threads->live = *live;
    threads->running = threads->tasks;
    for (size_t i = 0; i < THREADS_VALUES; i++) {
        if (!value_take(threads, i)) {
            return false;
        }
    }
    free(threads->context);
    threads->context = memory_new(bytes);
    if (!memory_take(threads, threads->contexts.address, threads->context, bytes)) {
        return false;
    }
    if (live->core[15] == threads->reset_entry) {
        memset(threads->context, 0, bytes);
    }
    threads->running = running_find(threads);
    threads->known = true;
    return true;
}

/* ---- registers ---- */

static uint32_t context_word(const struct threads *threads, size_t thread, uint32_t offset)
{
    return word_at(&threads->context[thread * threads->contexts.size + offset]);
}

/* The task that an entry of the kernel has interrupted: its context is out of date. */
static bool is_interrupted(const struct threads *threads, size_t thread)
{
    return threads->running == threads->tasks && threads_in_kernel(threads) &&
           threads->value[THREADS_PORT_TASK][0] == thread;
}

static bool has_fp(const struct threads *threads, size_t thread)
{
    return thread < threads->tasks && threads->app->tasks[thread].fp;
}

/* r4-r11: in the context, or still in the machine while an entry has not saved them. */
static void saved_set(const struct threads *threads, size_t thread, struct thread_registers *out)
{
    bool in_machine = false;
    for (size_t i = 0; i < 3; i++) {
        uint32_t pc = threads->live.core[15];
        in_machine = in_machine || (is_interrupted(threads, thread) &&
                                    pc >= threads->entry_begin[i] && pc <= threads->entry_done[i]);
    }
    for (uint32_t r = 4; r < 12; r++) {
        out->core[r] = in_machine ? threads->live.core[r]
                                  : context_word(threads, thread, threads->context_r + 4 * (r - 4));
    }
    out->core_known |= CORE_OF_CONTEXT;
}

/* s0-s15 and FPSCR of a long frame; s16-s31 from the small Secure stack, unless it was only
 * interrupted. */
static bool fp_set(struct threads *threads, size_t thread, const uint32_t *frame,
                   struct thread_registers *out)
{
    uint32_t stack = (uint32_t)threads->value[THREADS_SECURE_STACK][thread];
    memcpy(out->s, frame + FRAME_WORDS, 16 * sizeof out->s[0]);
    out->s_known = 0xFFFFu;
    out->fpscr = frame[FRAME_FPSCR];
    out->fpscr_known = true;
    if (is_interrupted(threads, thread)) {
        return true;
    }
    out->s_known = UINT32_MAX;
    return words_take(threads, stack + threads->fp_s16, &out->s[16], 16);
}

/* From the frame at `address`; a system call's looks as if it had just returned. */
static bool frame_set(struct threads *threads, size_t thread, uint32_t address, bool call,
                      struct thread_registers *out)
{
    uint32_t frame[FRAME_WORDS_FP] = {0};
    size_t words = has_fp(threads, thread) ? FRAME_WORDS_FP : FRAME_WORDS;
    if (!words_take(threads, address, frame, words)) {
        return false;
    }
    memcpy(out->core, frame, 4 * sizeof frame[0]);
    out->core[12] = frame[4];
    out->core[14] = frame[5];
    out->core[15] = (call ? frame[5] : frame[6]) & ~1u;
    out->core[16] = frame[7] & ~(XPSR_EXCEPTION | XPSR_PADDED);
    out->core_known |= CORE_ALL & ~(CORE_OF_CONTEXT | CORE_SP);
    if (!call) {
        out->core[13] = address + 4 * (uint32_t)words + ((frame[7] & XPSR_PADDED) != 0 ? 4u : 0u);
        out->core_known |= CORE_SP;
    }
    return !has_fp(threads, thread) || fp_set(threads, thread, frame, out);
}

/* Before the kernel has begun there is no context: what it will begin with. */
static void boot_set(const struct threads *threads, size_t thread, struct thread_registers *out)
{
    out->core_known = CORE_ALL;
    if (thread < threads->tasks) {
        const struct app_task *task = &threads->app->tasks[thread];
        out->core[13] = task->regions[1].base + task->stack_size;
        out->core[15] = task->entry;
    }
}

static bool record_set(struct threads *threads, size_t thread, struct thread_registers *out)
{
    bool whole = (threads->value[THREADS_FLAGS][thread] & K5_FAULT_HAS_FRAME) != 0;
    out->core_known = whole ? CORE_ALL : CORE_OF_CONTEXT | CORE_SP;
    return words_take(threads, threads->fault_reg.address + (uint32_t)thread * 4 * K5_REG_COUNT,
                      out->core, K5_REG_COUNT);
}

/* A preempted task stands in its own code; if what lies at its stack pointer says otherwise, it was
 * interrupted on its way through the veneer. */
static bool interrupted_set(struct threads *threads, size_t thread, struct thread_registers *out)
{
    const struct app_region *code = &threads->app->tasks[thread].regions[0];
    uint32_t exception = threads->live.core[16] & XPSR_EXCEPTION;
    saved_set(threads, thread, out);
    if (exception != EXCEPTION_SVC && threads->live.psp_ns_known &&
        frame_set(threads, thread, threads->live.psp_ns, false, out) &&
        out->core[15] - code->base < code->size) {
        return true;
    }
    out->core[13] = threads->live.psp_ns;
    out->core_known &= ~CORE_SP;
    out->core_known |= threads->live.psp_ns_known ? CORE_SP : 0;
    return frame_set(threads, thread, (uint32_t)threads->value[THREADS_SECURE_STACK][thread], true,
                     out);
}

bool threads_registers(struct threads *threads, size_t thread, struct thread_registers *registers)
{
    bool task = thread < threads->tasks;
    *registers = (struct thread_registers){0};
    if (!threads->known) {
        return false;
    }
    uint64_t state = task ? threads->value[THREADS_STATE][thread] : K5_TASK_READY;
    uint32_t exc_return = context_word(threads, thread, threads->context_exc_return);
    uint32_t psp_ns = context_word(threads, thread, threads->context_psp_ns);
    if (exc_return == 0) {
        boot_set(threads, thread, registers);
        return true;
    }
    if (state == K5_TASK_FAULTED || state == K5_TASK_STOPPED) {
        return record_set(threads, thread, registers);
    }
    if (is_interrupted(threads, thread)) {
        return interrupted_set(threads, thread, registers);
    }
    saved_set(threads, thread, registers);
    if ((exc_return & EXC_RETURN_S) == 0) {
        return frame_set(threads, thread, psp_ns, false, registers);
    }
    uint32_t psp_s = context_word(threads, thread, threads->context_psp_s);
    registers->core[13] = task ? psp_ns : psp_s + 4 * FRAME_WORDS;
    registers->core_known |= CORE_SP;
    return frame_set(threads, thread, psp_s, task, registers);
}

/* ---- words ---- */

const char *threads_name(const struct threads *threads, size_t thread)
{
    return thread < threads->tasks ? threads->app->tasks[thread].name : "kernel";
}

static const char *task_name(const struct threads *threads, uint64_t task)
{
    return task < threads->tasks ? threads->app->tasks[task].name : "?";
}

static const char *endpoint_name(const struct threads *threads, uint64_t endpoint)
{
    return endpoint < threads->app->endpoint_count ? threads->app->endpoints[endpoint].name : "?";
}

static void fault_add(const struct threads *threads, size_t thread, struct text *out)
{
    struct fault fault = {
        .task = (uint8_t)thread,
        .cause = (uint8_t)threads->value[THREADS_CAUSE][thread],
        .flags = (uint8_t)threads->value[THREADS_FLAGS][thread],
        .address = (uint32_t)threads->value[THREADS_ADDRESS][thread],
    };
    if (fault.cause == K5_FAULT_PANIC) {
        text_addf(out, "panic, reason 0x%x", fault.address);
    } else {
        fault_cause(threads->app, NULL, &fault, out);
    }
}

static void blocked_add(const struct threads *threads, size_t thread, struct text *out)
{
    uint64_t object = threads->value[THREADS_OBJECT][thread];
    uint64_t mask = threads->value[THREADS_MASK][thread];
    switch (threads->value[THREADS_STATE][thread]) {
    case K5_TASK_SENDING: text_addf(out, "sending to %s", endpoint_name(threads, object)); break;
    case K5_TASK_CALLING:
        text_addf(out, "calling %s, not taken yet", endpoint_name(threads, object));
        break;
    case K5_TASK_AWAITING: text_addf(out, "awaiting %s", task_name(threads, object)); break;
    case K5_TASK_RECEIVING:
        text_addf(out, "receiving on %s", endpoint_name(threads, object));
        break;
    case K5_TASK_WAITING:
        if (mask == 0) {
            text_add(out, "sleeping");
        } else {
            text_addf(out, "waiting for bits 0x%" PRIx64, mask);
        }
        break;
    case K5_TASK_FAULTED:
    case K5_TASK_STOPPED:
        text_add(out, threads->value[THREADS_STATE][thread] == K5_TASK_FAULTED ? "faulted: "
                                                                               : "stopped: ");
        fault_add(threads, thread, out);
        break;
    default: text_add(out, "?");
    }
}

static void conditions_add(const struct threads *threads, size_t thread, struct text *out)
{
    uint64_t owner = threads->value[THREADS_SC][thread];
    uint64_t deadline = threads->value[THREADS_DEADLINE][thread];
    if (deadline != 0) {
        text_addf(out, " until %.3f s", (double)deadline / threads->app->board.tick_hz);
    }
    if (owner != thread) {
        text_addf(out, ", on the time of %s", task_name(threads, owner));
    } else if ((threads->value[THREADS_EMPTY][0] >> thread & 1) != 0) {
        text_add(out, ", its budget is used up");
    }
    if ((threads->value[THREADS_SUSPENDED][0] >> thread & 1) != 0) {
        text_add(out, ", suspended");
    }
}

static void kernel_state(const struct threads *threads, struct text *out)
{
    uint64_t task = threads->value[THREADS_PORT_TASK][0];
    uint32_t exception = threads->live.core[16] & XPSR_EXCEPTION;
    const char *what = exception == EXCEPTION_SVC ? "in a system call of"
                       : exception < 8            ? "in a fault of"
                                                  : "in an interrupt of";
    if (threads->running != threads->tasks) {
        text_add(out, "at rest");
    } else if (exception == 0) {
        text_add(out, context_word(threads, threads->tasks, threads->context_exc_return) == 0
                          ? "starting"
                          : "idle");
    } else {
        text_addf(out, "%s %s", what, task < threads->tasks ? task_name(threads, task) : "nobody");
    }
}

void threads_state(const struct threads *threads, size_t thread, struct text *out)
{
    if (!threads->known) {
        text_add(out, "unknown");
        return;
    }
    if (thread >= threads->tasks) {
        kernel_state(threads, out);
        return;
    }
    if (context_word(threads, thread, threads->context_exc_return) == 0) {
        text_add(out, "not started");
        return;
    }
    if (threads->value[THREADS_STATE][thread] != K5_TASK_READY) {
        blocked_add(threads, thread, out);
    } else {
        text_add(out, threads->running == thread        ? "running"
                      : is_interrupted(threads, thread) ? "interrupted by the kernel"
                                                        : "ready");
    }
    conditions_add(threads, thread, out);
}
