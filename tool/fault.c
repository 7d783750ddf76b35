/*
 * fault.c - fault records, kernel panics and resets in words; see fault.h.
 */
#include "fault.h"

#include "k5_log_abi.h"
#include "k5_panic.h"
#include "source.h"

#include <stdlib.h>
#include <string.h>

bool fault_read(const struct app *app, struct reader reader, struct fault *fault)
{
    fault->task = read_u8(&reader);
    fault->cause = read_u8(&reader);
    fault->flags = read_u8(&reader);
    fault->address = read_u32(&reader);
    for (size_t i = 0; i < K5_REG_COUNT; i++) {
        fault->reg[i] = (K5_LOG_FAULT_REGS >> i & 1) != 0 ? read_u32(&reader) : 0;
    }
    return !reader.bad && fault->task < app->task_count;
}

/* ---- the cause ---- */

/* The task's region that holds the address, or NULL. */
static const struct app_region *region_of(const struct app_task *task, uint32_t address)
{
    for (size_t i = 0; i < task->region_count; i++) {
        if (address - task->regions[i].base < task->regions[i].size) {
            return &task->regions[i];
        }
    }
    return NULL;
}

static const char *rights_words(uint8_t rights)
{
    if ((rights & K5_MEM_EXECUTE) != 0) {
        return "read and execute";
    }
    return (rights & K5_MEM_WRITE) != 0 ? "read and write" : "read only";
}

/* "write to 0x28201010 not permitted: it belongs to storage (ram), sensor has no access" */
static void access_cause(const struct app *app, const struct fault *fault, const char *what,
                         struct text *out)
{
    const struct app_task *task = &app->tasks[fault->task];
    if ((fault->flags & K5_FAULT_HAS_ADDRESS) == 0) {
        text_addf(out, "%s not permitted; the address is not known", what);
        return;
    }
    text_addf(out, "%s 0x%08x not permitted: ", what, fault->address);
    const struct app_region *own = region_of(task, fault->address);
    char *owner = app_owner(app, fault->address);
    if (own != NULL) {
        text_addf(out, "%s may only %s there (%s)", task->name, rights_words(own->rights),
                  own->name);
    } else if (string_starts(owner, "nobody")) {
        text_add(out, "it belongs to no task");
    } else {
        text_addf(out, "it belongs to %s, %s has no access", owner, task->name);
    }
    free(owner);
}

/* k5_panic: the reason is the id of the log call that said why, if it is one. */
static void panic_reason(const struct app *app, const struct sites *sites,
                         const struct fault *fault, struct text *out)
{
    struct site site;
    if (fault->address % K5_LOG_SITE_SIZE == 0 && fault->address < K5_LOG_ID_END &&
        site_find(sites, fault->address / K5_LOG_SITE_SIZE, &site)) {
        text_addf(out, "panic: \"%s\" at %s:%u", site.format, source_short(app, site.file),
                  site.line);
    } else {
        text_addf(out, "panic, reason %u (0x%x)", fault->address, fault->address);
    }
}

static void stack_cause(const struct app *app, const struct fault *fault, struct text *out)
{
    const struct app_task *task = &app->tasks[fault->task];
    text_addf(out, "stack overflow: more than its %u bytes (0x%08x to 0x%08x)", task->stack_size,
              task->regions[1].base, task->regions[1].base + task->stack_size);
}

/* Causes that need no more than a sentence; the address fills in where the sentence has %x or %u.
 */
static const char *const cause_words[K5_FAULT_CAUSES] = {
    [K5_FAULT_NONE] = "no fault",
    [K5_FAULT_SECURE_ENTRY] = "jump into the kernel that is not through its entry",
    [K5_FAULT_STACK_POINTER] = "the stack pointer was outside its memory when an exception came",
    [K5_FAULT_UNDEFINED] = "undefined instruction",
    [K5_FAULT_FP] = "floating-point instruction without fp = true, or a coprocessor instruction",
    [K5_FAULT_UNALIGNED] = "unaligned access",
    [K5_FAULT_DIVIDE] = "division by zero",
    [K5_FAULT_STATE] = "branch to an even address (not Thumb code)",
    [K5_FAULT_RETURN] = "return with a forged return code",
    [K5_FAULT_SVC] = "SVC instruction of its own (system calls go through libk5)",
    [K5_FAULT_BREAKPOINT] = "breakpoint instruction without a debugger",
    [K5_FAULT_UNKNOWN] = "fault of unknown kind",
};

void fault_cause(const struct app *app, const struct sites *sites, const struct fault *fault,
                 struct text *out)
{
    switch (fault->cause) {
    case K5_FAULT_READ: access_cause(app, fault, "read of", out); break;
    case K5_FAULT_WRITE: access_cause(app, fault, "write to", out); break;
    case K5_FAULT_ACCESS: access_cause(app, fault, "access to", out); break;
    case K5_FAULT_EXECUTE: access_cause(app, fault, "execution of", out); break;
    case K5_FAULT_SECURE: access_cause(app, fault, "access to the kernel's memory", out); break;
    case K5_FAULT_BUS: access_cause(app, fault, "bus error: access to", out); break;
    case K5_FAULT_STACK: stack_cause(app, fault, out); break;
    case K5_FAULT_SYSCALL: text_addf(out, "there is no system call %u", fault->address); break;
    case K5_FAULT_PANIC: panic_reason(app, sites, fault, out); break;
    case K5_FAULT_EXIT: text_addf(out, "ended with exit code %d", (int)fault->address); break;
    default:
        text_add(out, fault->cause < K5_FAULT_CAUSES && cause_words[fault->cause] != NULL
                          ? cause_words[fault->cause]
                          : "fault of a kind this tool does not know");
    }
}

/* ---- where ---- */

static void place_add(const struct app *app, const struct app_task *task, const char *name,
                      uint32_t value, struct list *out)
{
    uint32_t address = (value & ~1u) - (strcmp(name, "lr") == 0); /* lr: inside the call */
    struct source source;
    const struct app_region *region = region_of(task, address);
    if (region == NULL || region->kind != REGION_CODE) {
        char *owner = app_owner(app, address);
        list_addf(out, "%s 0x%08x (%s)", name, value,
                  string_starts(owner, "nobody") ? "no code" : owner);
        free(owner);
        return;
    }
    if (!source_find(task->elf, address, &source)) {
        list_addf(out, "%s 0x%08x", name, value);
        return;
    }
    list_addf(out, "%s 0x%08x %-20s %s:%d", name, value,
              source.function == NULL ? "?" : source.function,
              source.file == NULL ? "?" : source_short(app, source.file), source.line);
    source_free(&source);
}

void fault_details(const struct app *app, const struct fault *fault, struct list *out)
{
    const struct app_task *task = &app->tasks[fault->task];
    if ((fault->flags & K5_FAULT_HAS_FRAME) != 0) {
        uint32_t pc = fault->reg[K5_REG_PC];
        uint32_t lr = fault->reg[K5_REG_LR];
        place_add(app, task, "pc", pc, out);
        if (lr > 1) {
            place_add(app, task, "lr", lr, out);
        }
    }
    list_addf(out, "sp 0x%08x  r0 0x%08x  r1 0x%08x  r2 0x%08x  r3 0x%08x", fault->reg[K5_REG_SP],
              fault->reg[0], fault->reg[1], fault->reg[2], fault->reg[3]);
    if ((fault->flags & K5_FAULT_HAS_FRAME) == 0) {
        list_add(out, "r0-r3, lr and pc are not known: the stack frame could not be read");
    }
}

/* Names of the causes for programs that read; they do not change. */
static const char *const cause_names[K5_FAULT_CAUSES] = {
    [K5_FAULT_NONE] = "none",
    [K5_FAULT_READ] = "read",
    [K5_FAULT_WRITE] = "write",
    [K5_FAULT_ACCESS] = "access",
    [K5_FAULT_EXECUTE] = "execute",
    [K5_FAULT_SECURE] = "secure",
    [K5_FAULT_SECURE_ENTRY] = "secure_entry",
    [K5_FAULT_STACK] = "stack",
    [K5_FAULT_STACK_POINTER] = "stack_pointer",
    [K5_FAULT_UNDEFINED] = "undefined",
    [K5_FAULT_FP] = "fp",
    [K5_FAULT_UNALIGNED] = "unaligned",
    [K5_FAULT_DIVIDE] = "divide",
    [K5_FAULT_STATE] = "state",
    [K5_FAULT_RETURN] = "return",
    [K5_FAULT_SVC] = "svc",
    [K5_FAULT_BREAKPOINT] = "breakpoint",
    [K5_FAULT_BUS] = "bus",
    [K5_FAULT_SYSCALL] = "syscall",
    [K5_FAULT_PANIC] = "panic",
    [K5_FAULT_EXIT] = "exit",
    [K5_FAULT_UNKNOWN] = "unknown",
};

void fault_json(const struct fault *fault, struct json *json)
{
    json_string(json, "cause",
                fault->cause < K5_FAULT_CAUSES ? cause_names[fault->cause] : "unknown");
    if ((fault->flags & K5_FAULT_HAS_ADDRESS) != 0) {
        json_address(json, "address", fault->address);
    }
    json_address(json, "sp", fault->reg[K5_REG_SP]);
    if ((fault->flags & K5_FAULT_HAS_FRAME) != 0) {
        json_address(json, "pc", fault->reg[K5_REG_PC]);
        json_address(json, "lr", fault->reg[K5_REG_LR]);
    }
}

/* ---- kernel panics ---- */

static const char *const panic_words[K5_PANIC_COUNT] = {
    [K5_PANIC_INVARIANT] = "the kernel's state is not valid after an entry",
    [K5_PANIC_EXCEPTION] = "an exception in the kernel itself",
    [K5_PANIC_MPU] = "the machine has fewer MPU regions than the image needs",
    [K5_PANIC_SAU] = "the machine has fewer SAU regions than the image needs",
    [K5_PANIC_IMAGE] = "the protection images do not grant what the region tables say",
    [K5_PANIC_CONFIG] = "the image's tables break a rule",
    [K5_PANIC_SUPERVISOR] = "a task that others rely on for their faults stopped for good",
    [K5_PANIC_INTERRUPT] = "an interrupt that nobody asked for",
    [K5_PANIC_REQUIRE] = "a precondition inside the kernel does not hold",
    [K5_PANIC_FPU] = "the board has no floating-point unit",
    [K5_PANIC_BOARD] = "the board's clock or option bytes are not as its board file wants them",
};

/* ": line 34, uart1's" */
static void line_name(const struct app *app, uint32_t line, struct text *out)
{
    text_addf(out, ": line %u", line);
    for (size_t d = 0; d < app->board.device_count; d++) {
        for (size_t i = 0; i < app->board.devices[d].irq_count; i++) {
            if (app->board.devices[d].irq[i].line == line) {
                text_addf(out, ", %s's", app->board.devices[d].name);
            }
        }
    }
}

void panic_cause(const struct app *app, uint32_t where, uint32_t value, uint8_t running,
                 struct text *out)
{
    struct source source;
    if (where < K5_PANIC_COUNT && panic_words[where] != NULL) {
        text_add(out, panic_words[where]);
    } else {
        text_addf(out, "unknown reason %u", where);
    }
    if (where == K5_PANIC_SUPERVISOR && value < app->task_count) {
        text_addf(out, ": %s", app->tasks[value].name);
    } else if (where == K5_PANIC_INTERRUPT) {
        line_name(app, value, out);
    } else {
        text_addf(out, "; value 0x%08x", value);
    }
    if (where == K5_PANIC_EXCEPTION && app->image != NULL &&
        source_find(app->image, value & ~1u, &source)) {
        text_addf(out, " is %s, %s:%d", source.function == NULL ? "?" : source.function,
                  source.file == NULL ? "?" : source_short(app, source.file), source.line);
        source_free(&source);
    }
    if (running < app->task_count) {
        text_addf(out, "; %s was running", app->tasks[running].name);
    }
}

/* ---- resets ---- */

bool reset_read(struct reader reader, struct reset *reset)
{
    reset->reason = read_u8(&reader);
    reset->task = read_u8(&reader);
    reset->cause = read_u8(&reader);
    reset->flags = read_u8(&reader);
    reset->value = read_u32(&reader);
    reset->count = read_u32(&reader);
    return !reader.bad;
}

/* "supervisor "super" faulted (division by zero)" */
static void reset_fault(const struct app *app, const struct sites *sites, const struct reset *reset,
                        struct text *out)
{
    struct fault fault = {
        .task = reset->task, .cause = reset->cause, .flags = reset->flags, .address = reset->value};
    const char *kind = reset->reason == K5_RESET_SUPERVISOR ? "supervisor" : "task";
    if (reset->task >= app->task_count) {
        text_addf(out, "a fault of %s %u, which this app does not have", kind, reset->task);
        return;
    }
    text_addf(out, "%s \"%s\" faulted (", kind, app->tasks[reset->task].name);
    fault_cause(app, sites, &fault, out);
    text_add(out, ")");
}

void reset_cause(const struct app *app, const struct sites *sites, const struct reset *reset,
                 struct text *out)
{
    text_add(out, "after: ");
    switch (reset->reason) {
    case K5_RESET_SUPERVISOR:
    case K5_RESET_FAULT: reset_fault(app, sites, reset, out); break;
    case K5_RESET_ASSERT:
        text_add(out, "kernel panic (");
        panic_cause(app, reset->cause, reset->value, reset->task, out);
        text_add(out, ")");
        break;
    case K5_RESET_WATCHDOG:
        text_addf(out, "watchdog, not fed in time; %s was running",
                  reset->task < app->task_count ? app->tasks[reset->task].name : "no task");
        break;
    case K5_RESET_OUTSIDE:
        text_add(out, "reset from outside the kernel (the watchdog's last stage, a pin, a probe)");
        break;
    default: text_addf(out, "reason %u, which this tool does not know", reset->reason);
    }
    text_addf(out, ", reset %u", reset->count);
}
