/*
 * target_visit.c - a halted task's processor visits the kernel, where it may see all memory.
 *
 * QEMU's server has no other way to the memory of a task that does not run (target_memory.c). What
 * is done is what a system call does, but that nothing of the kernel is executed except the few
 * instructions below, one at a time, while the emulated time and interrupts stand still:
 *
 *   task (or idle) --sg; svc--> svc_entry: frame on its small Secure stack
 *                               the access
 *   task           <--bx lr---  frame on its own stack, as an interrupt would have left it, with
 * all registers as they were; PSP_S, PSP_NS set accordingly idle           <--bx lr---  the frame
 * that is there, with pc, lr, xpsr as they were
 *
 * If an interrupt was already waiting, it is taken at the end: the processor is then halted at the
 * beginning of the kernel's entry, as it would have been an instruction later.
 */
#include "target.h"

#include "object.h"

#include <string.h>

/* Encodings, as words in memory; what the architecture fixes. */
#define MSR_PSP_R0         0x8809F380u
#define MSR_PSP_NS_R1      0x8889F381u
#define SCAN_BYTES         32u
#define FRAME_WORDS        8u
#define FRAME_WORDS_FP     26u
#define FRAME_LR           5u
#define FRAME_PC           6u
#define FRAME_XPSR         7u
#define EXC_RETURN_TASK    0xFFFFFFBDu
#define EXC_RETURN_TASK_FP 0xFFFFFFADu
#define XPSR_EXCEPTION     0x1FFu
#define XPSR_PADDED        0x200u
#define XPSR_IT            0x0600FC00u
#define EXCEPTION_SVC      11u
#define VENEER_BYTES       32u
#define CORE_SP            13u
#define CORE_LR            14u
#define CORE_PC            15u
#define CORE_XPSR          16u
#define XPSR_NUMBER        25u

struct visitor {
    uint32_t core[THREAD_CORE]; /* as they were */
    bool secure;                /* idle, or a task in the veneer after its sg */
    uint32_t stack;             /* its small Secure stack: the frame */
    uint32_t task_stack;        /* lowest address of its own stack */
    size_t words;               /* of the frame */
};

static uint32_t instruction_find(const struct object *image, uint32_t from, uint32_t wanted)
{
    for (size_t i = 0; i < image->section_count; i++) {
        const struct object_section *section = &image->sections[i];
        uint32_t offset = from - section->base;
        for (uint32_t n = 0; section->bytes != NULL && offset < section->size && n < SCAN_BYTES;
             n += 2) {
            uint32_t word = 0;
            if (section->size - offset >= n + sizeof word) {
                memcpy(&word, section->bytes + offset + n, sizeof word);
            }
            if (word == wanted) {
                return from + n;
            }
        }
    }
    return 0;
}

void target_visit_open(struct target *target)
{
    struct target_visit_code *code = &target->visit;
    struct object image;
    if (!target->bypasses || !object_read(target->app->image, &image)) {
        return;
    }
    for (size_t i = 0; i < image.symbol_count; i++) {
        uint32_t at = image.symbols[i].value & ~1u;
        if (strcmp(image.symbols[i].name, "load_stacks") == 0 && image.symbols[i].code) {
            code->msr_psp = instruction_find(&image, at, MSR_PSP_R0);
            code->msr_psp_ns = instruction_find(&image, at, MSR_PSP_NS_R1);
        }
    }
    code->veneer = object_value(&image, "arch_veneer") & ~1u;
    code->svc_entry = object_value(&image, "svc_entry") & ~1u;
    code->bx_lr = object_value(&image, "arch_exit_syscall") & ~1u;
}

/* Executes the instruction at `pc`. */
static bool execute(struct target *target, uint32_t pc)
{
    return target_register_write(target, CORE_PC, pc) && remote_step(target->remote);
}

static uint32_t exception(const uint32_t core[THREAD_CORE])
{
    return core[CORE_XPSR] & XPSR_EXCEPTION;
}

/* ---- there ---- */

static bool word_read(struct target *target, uint32_t address, uint32_t *word)
{
    uint8_t b[4];
    bool ok = target_access(target, (struct target_access){address, b, sizeof b, false});
    *word = ok ? b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24 : 0;
    return ok;
}

/* Whose processor it is: its stacks, and the size of its frames. */
static bool visitor_find(struct target *target, struct visitor *visitor)
{
    const struct threads *threads = &target->threads;
    uint32_t word = 0;
    if (!word_read(target, threads->where[THREADS_PORT_TASK].address, &word)) {
        return false;
    }
    size_t task = word & 0xFF;
    const struct app_task *known = task < threads->tasks ? &threads->app->tasks[task] : NULL;
    visitor->words = known != NULL && known->fp ? FRAME_WORDS_FP : FRAME_WORDS;
    visitor->task_stack = known != NULL ? known->regions[1].base : 0;
    task = known != NULL ? task : threads->tasks;
    return word_read(target, threads->where[THREADS_SECURE_STACK].address + 4 * (uint32_t)task,
                     &visitor->stack);
}

static bool enter(struct target *target, struct visitor *visitor)
{
    uint32_t now[REMOTE_REGISTERS] = {0};
    uint32_t veneer = target->visit.veneer;
    bool ok = target_register_write(target, XPSR_NUMBER, visitor->core[CORE_XPSR] & ~XPSR_IT) &&
              (visitor->secure || execute(target, veneer)) && execute(target, veneer + 4) &&
              remote_registers(target->remote, now);
    return ok && exception(now) == EXCEPTION_SVC && now[CORE_PC] == target->visit.svc_entry;
}

/* ---- and back ---- */

static bool frame_access(struct target *target, uint32_t address, uint32_t *frame, size_t words,
                         bool write)
{
    uint8_t bytes[4 * FRAME_WORDS_FP];
    for (size_t i = 0; i < 4 * words && write; i++) {
        bytes[i] = (uint8_t)(frame[i / 4] >> (8 * (i % 4)));
    }
    if (!target_access(target, (struct target_access){address, bytes, 4 * words, write})) {
        return false;
    }
    for (size_t i = 0; i < words && !write; i++) {
        const uint8_t *b = &bytes[4 * i];
        frame[i] = b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
    }
    return true;
}

/* Makes the frame one of the task's own stack. */
static bool frame_move(struct target *target, const struct visitor *visitor, uint32_t *frame)
{
    uint32_t size = 4 * (uint32_t)visitor->words;
    uint32_t padding = visitor->core[CORE_SP] % 8 == 0 ? 0 : 4;
    uint32_t address = visitor->core[CORE_SP] - padding - size;
    frame[FRAME_XPSR] |= padding != 0 ? XPSR_PADDED : 0;
    return frame_access(target, address, frame, visitor->words, true) &&
           target_register_write(target, 0, visitor->stack + size) &&
           execute(target, target->visit.msr_psp) && target_register_write(target, 1, address) &&
           execute(target, target->visit.msr_psp_ns) &&
           target_register_write(target, CORE_LR,
                                 visitor->words == FRAME_WORDS ? EXC_RETURN_TASK
                                                               : EXC_RETURN_TASK_FP);
}

static bool leave(struct target *target, const struct visitor *visitor)
{
    uint32_t frame[FRAME_WORDS_FP] = {0};
    uint32_t now[REMOTE_REGISTERS] = {0};
    if (!frame_access(target, visitor->stack, frame, visitor->words, false)) {
        return false;
    }
    frame[FRAME_LR] = visitor->core[CORE_LR];
    frame[FRAME_PC] = visitor->core[CORE_PC];
    frame[FRAME_XPSR] = visitor->core[CORE_XPSR];
    bool ok = visitor->secure ? frame_access(target, visitor->stack, frame, visitor->words, true)
                              : frame_move(target, visitor, frame);
    if (!ok || !execute(target, target->visit.bx_lr) || !remote_registers(target->remote, now)) {
        return false;
    }
    if (exception(now) != 0) {
        target->fresh = false;
        return true;
    }
    return memcmp(now, visitor->core, sizeof visitor->core) == 0;
}

/* ---- the visit ---- */

/* Is there room for the frame that is to come? Else the hardware would not find any either. */
static bool may_visit(const struct target *target, const struct visitor *visitor)
{
    uint32_t sp = visitor->core[CORE_SP];
    size_t task = target->threads.running;
    if (target->visit.msr_psp == 0 || target->visit.msr_psp_ns == 0) {
        return false;
    }
    if (visitor->secure) {
        return true;
    }
    if (!target->threads.known || task >= target->threads.tasks) {
        return false;
    }
    const struct app_task *known = &target->app->tasks[task];
    uint32_t room = sp - known->regions[1].base;
    return room <= known->stack_size && room >= 4 * FRAME_WORDS_FP + 8;
}

bool target_visit(struct target *target, struct target_access access)
{
    struct visitor visitor = {.secure = false};
    char stop[sizeof target->remote->stop];
    uint32_t veneer = target->visit.veneer;
    if (!remote_registers(target->remote, visitor.core)) {
        return false;
    }
    visitor.secure = visitor.core[CORE_PC] - (veneer + 4) < 2 * VENEER_BYTES - 4;
    if (exception(visitor.core) != 0) { /* it is there already, so this would not help */
        return false;
    }
    if (!may_visit(target, &visitor)) {
        return false;
    }
    memcpy(stop, target->remote->stop, sizeof stop);
    bool there = enter(target, &visitor) && visitor_find(target, &visitor);
    bool ok = there && target_access(target, access);
    bool back = there && leave(target, &visitor);
    memcpy(target->remote->stop, stop, sizeof stop);
    if (!back) {
        error_print("the halted task could not be put back as it was");
        hint_print("this is a mistake of `k5 debug`: start it again, and please report it");
    }
    return ok && back;
}
