/*
 * stack.c - the bound of a task's stack (stack.h).
 *
 * Invariant: functions are sorted by address and do not overlap. depth of a function is only read
 * when all that it calls are done, or when a circle was found there, which is noted.
 */
#define _GNU_SOURCE
#include "stack.h"

#include "conf.h"
#include "object.h"
#include "thumb.h"

#include <dwarf.h>
#include <elfutils/libdw.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SP                 13 /* its number in DWARF */
/* What the hardware pushes for an interrupt, and the word that aligns it. */
#define INTERRUPT_FRAME    (32u + 4u)
#define INTERRUPT_FRAME_FP (104u + 4u)

struct call {
    size_t callee;  /* index of the function */
    uint32_t depth; /* bytes of the caller's frame when it calls */
    bool pointer;   /* maybe: it calls through a pointer, and this one's address is taken */
};

enum colour_mark { WHITE, GREY, BLACK }; /* not seen, being looked at, done */

struct function {
    const char *name;
    uint32_t start;
    uint32_t end;
    uint32_t frame; /* the most that it has on the stack itself */
    bool variable;
    bool taken; /* its address is somewhere in the program */
    bool indirect;
    uint32_t indirect_depth; /* as a call's depth */
    struct call *calls;
    size_t call_count;
    /* the search */
    enum colour_mark mark;
    uint32_t depth;           /* of the deepest chain from here */
    const struct call *worst; /* the next on that chain; NULL: it ends here */
};

struct program {
    struct object file;
    int handle;
    Dwarf *dwarf;
    Dwarf_CFI *frames; /* NULL: the program has none */
    uint32_t veneer;   /* the kernel's entry: it runs on another stack */
    struct function *functions;
    size_t count;
    char *why; /* the first thing that makes the bound none */
};

static void why_set(struct program *program, char *why)
{
    if (program->why == NULL) {
        program->why = why;
    } else {
        free(why);
    }
}

/* ---- functions ---- */

static int function_compare(const void *a, const void *b)
{
    const struct function *first = a;
    const struct function *second = b;
    return first->start < second->start ? -1 : first->start > second->start;
}

/* One for each address: of several names the first. A size that is not known goes to the next. */
static void functions_find(struct program *program)
{
    const struct object *file = &program->file;
    uint32_t code_end = 0;
    program->functions = memory_new((file->symbol_count + 1) * sizeof program->functions[0]);
    for (size_t i = 0; i < file->symbol_count; i++) {
        const struct object_symbol *symbol = &file->symbols[i];
        if (symbol->code && strcmp(symbol->name, "k5_code_start") != 0) {
            program->functions[program->count++] =
                (struct function){.name = symbol->name,
                                  .start = symbol->value & ~1u,
                                  .end = (symbol->value & ~1u) + symbol->size};
        }
    }
    for (size_t i = 0; i < file->section_count; i++) {
        const struct object_section *section = &file->sections[i];
        code_end = section->executable ? section->base + section->size : code_end;
    }
    qsort(program->functions, program->count, sizeof program->functions[0], function_compare);
    size_t kept = 0;
    for (size_t i = 0; i < program->count; i++) {
        struct function *next = &program->functions[i];
        if (kept > 0 && program->functions[kept - 1].start == next->start) {
            struct function *same = &program->functions[kept - 1];
            same->end = next->end > same->end ? next->end : same->end;
        } else {
            program->functions[kept++] = *next;
        }
    }
    program->count = kept;
    for (size_t i = 0; i < kept; i++) {
        uint32_t limit = i + 1 < kept ? program->functions[i + 1].start : code_end;
        struct function *function = &program->functions[i];
        function->end =
            function->end == function->start || function->end > limit ? limit : function->end;
    }
}

static size_t function_at(const struct program *program, uint32_t address)
{
    for (size_t i = 0; i < program->count; i++) {
        if (address >= program->functions[i].start && address < program->functions[i].end) {
            return i;
        }
    }
    return SIZE_MAX;
}

/* ---- functions whose address is taken ---- */

static void taken_set(struct program *program, uint32_t value)
{
    for (size_t i = 0; (value & 1u) != 0 && i < program->count; i++) {
        if (program->functions[i].start == (value & ~1u)) {
            program->functions[i].taken = true;
        }
    }
}

/* MOVW and MOVT: the 16 bits of the constant. */
static uint32_t half_constant(uint32_t first, uint32_t next)
{
    return (first & 0xFu) << 12 | (first >> 10 & 1u) << 11 | (next >> 12 & 7u) << 8 |
           (next & 0xFFu);
}

/* An address is a word anywhere in what is loaded, or made by MOVW and the next MOVT of the same
 * register. A number that happens to be one makes the bound larger, not wrong. */
static void taken_find(struct program *program)
{
    for (size_t s = 0; s < program->file.section_count; s++) {
        const struct object_section *section = &program->file.sections[s];
        uint32_t low[16] = {0};
        for (uint32_t at = 0; section->bytes != NULL && at + 4 <= section->size; at += 2) {
            uint16_t half[2];
            uint32_t word;
            memcpy(half, section->bytes + at, sizeof half);
            memcpy(&word, section->bytes + at, sizeof word);
            if (at % 4 == 0) {
                taken_set(program, word);
            }
            uint32_t reg = half[1] >> 8 & 15u;
            if ((half[0] & 0xFBF0u) == 0xF240u && (half[1] & 0x8000u) == 0) {
                low[reg] = half_constant(half[0], half[1]);
            } else if ((half[0] & 0xFBF0u) == 0xF2C0u && (half[1] & 0x8000u) == 0) {
                taken_set(program, half_constant(half[0], half[1]) << 16 | low[reg]);
            }
        }
    }
}

/* ---- frames ---- */

/* Bytes of the frame before the instruction at an address; false if DWARF does not say. */
static bool frame_at(const struct program *program, uint32_t address, uint32_t *bytes,
                     bool *variable)
{
    Dwarf_Frame *frame = NULL;
    Dwarf_Op *ops = NULL;
    size_t count = 0;
    if (program->frames == NULL || dwarf_cfi_addrframe(program->frames, address, &frame) != 0) {
        return false;
    }
    bool found = dwarf_frame_cfa(frame, &ops, &count) == 0 && count == 1;
    if (found && ops[0].atom == DW_OP_bregx) {
        *variable = *variable || ops[0].number != SP;
        *bytes = ops[0].number == SP ? (uint32_t)ops[0].number2 : 0;
    } else if (found && ops[0].atom >= DW_OP_breg0 && ops[0].atom <= DW_OP_breg31) {
        *variable = *variable || ops[0].atom != DW_OP_breg0 + SP;
        *bytes = ops[0].atom == DW_OP_breg0 + SP ? (uint32_t)ops[0].number : 0;
    } else {
        found = false;
    }
    free(frame);
    return found;
}

static uint32_t bytes_at(const struct program *program, uint32_t address, unsigned size)
{
    uint32_t value = 0;
    for (size_t i = 0; i < program->file.section_count; i++) {
        const struct object_section *section = &program->file.sections[i];
        if (section->bytes != NULL && address >= section->base &&
            address - section->base + size <= section->size) {
            memcpy(&value, section->bytes + (address - section->base), size);
        }
    }
    return value;
}

/* Data in code: literals, tables of a switch. The last mark before the address counts. */
static bool is_data(const struct program *program, uint32_t address)
{
    const struct object_mark *last = NULL;
    for (size_t i = 0; i < program->file.mark_count; i++) {
        const struct object_mark *mark = &program->file.marks[i];
        if (mark->value <= address && (last == NULL || mark->value >= last->value)) {
            last = mark;
        }
    }
    return last != NULL && last->data;
}

/* A function that has the address of the kernel's entry among its literals calls that. */
static bool calls_kernel(const struct program *program, const struct function *function)
{
    for (uint32_t at = (function->start + 3u) & ~3u; at + 4 <= function->end; at += 4) {
        if (is_data(program, at) && bytes_at(program, at, 4) == program->veneer) {
            return true;
        }
    }
    return false;
}

static void call_add(struct program *program, struct function *function, uint32_t target,
                     uint32_t depth)
{
    size_t callee = function_at(program, target);
    if (callee == SIZE_MAX) {
        why_set(program,
                string_format("%s jumps to 0x%08X, where no function is", function->name, target));
        return;
    }
    function->calls =
        memory_resize(function->calls, (function->call_count + 1) * sizeof function->calls[0]);
    function->calls[function->call_count++] = (struct call){callee, depth, false};
}

/* Where the frame of the function is at an instruction, by DWARF, else by what it pushed so far. */
static uint32_t depth_at(const struct program *program, struct function *function, uint32_t at,
                         uint32_t pushed)
{
    uint32_t depth = 0;
    if (!frame_at(program, at, &depth, &function->variable)) {
        depth = pushed;
    }
    return depth;
}

/* A call through a pointer can go to every function whose address is taken. */
static void pointers_add(struct program *program, struct function *function)
{
    size_t before = function->call_count;
    for (size_t i = 0; i < program->count; i++) {
        if (program->functions[i].taken) {
            call_add(program, function, program->functions[i].start, function->indirect_depth);
        }
    }
    for (size_t i = before; i < function->call_count; i++) {
        function->calls[i].pointer = true;
    }
    if (function->call_count == before) {
        why_set(program, string_format("%s calls through a pointer", function->name));
    }
}

static void function_read(struct program *program, struct function *function)
{
    bool kernel = calls_kernel(program, function);
    bool dwarf = false;
    uint32_t pushed = 0;
    uint32_t ignored = 0;
    dwarf = frame_at(program, function->start, &ignored, &function->variable);
    for (uint32_t at = function->start; at + 2 <= function->end;) {
        struct thumb op = thumb_decode(at, (uint16_t)bytes_at(program, at, 2),
                                       (uint16_t)bytes_at(program, at + 2, 2));
        if (is_data(program, at)) {
            at += 2;
            continue;
        }
        uint32_t depth = depth_at(program, function, at, pushed);
        bool inside = op.target >= function->start && op.target < function->end;
        function->frame = depth > function->frame ? depth : function->frame;
        if (op.kind == THUMB_CALL || (op.kind == THUMB_BRANCH && !inside)) {
            call_add(program, function, op.target, depth);
        }
        if (op.kind == THUMB_INDIRECT && !kernel) {
            function->indirect = true;
            function->indirect_depth =
                depth > function->indirect_depth ? depth : function->indirect_depth;
        }
        function->variable = function->variable || op.kind == THUMB_VARIABLE;
        pushed += op.kind == THUMB_PUSH ? op.bytes : 0;
        at += op.length;
    }
    function->frame = !dwarf && pushed > function->frame ? pushed : function->frame;
    if (function->indirect) {
        pointers_add(program, function);
    }
}

/* ---- the deepest chain ---- */

static void circle_note(struct program *program, const size_t *path, size_t length, size_t callee)
{
    struct text text = {0};
    size_t first = 0;
    while (path[first] != callee) {
        first++;
    }
    text_addf(&text, "recursion: ");
    for (size_t i = first; i < length; i++) {
        text_addf(&text, "%s > ", program->functions[path[i]].name);
    }
    text_add(&text, program->functions[callee].name);
    why_set(program, string_copy(text_string(&text)));
    text_free(&text);
}

static void function_done(struct program *program, struct function *function)
{
    function->depth = function->frame;
    for (size_t i = 0; i < function->call_count; i++) {
        const struct call *call = &function->calls[i];
        uint32_t depth = call->depth + program->functions[call->callee].depth;
        bool circle = program->functions[call->callee].mark != BLACK; /* noted already */
        if (!circle && depth > function->depth) {
            function->depth = depth;
            function->worst = call;
        }
    }
    if (function->variable) {
        why_set(program, string_format("%s has a frame of variable size", function->name));
    }
    function->mark = BLACK;
}

/* Depth first from the entry, with a list of where one stands instead of recursion. */
static void search(struct program *program, size_t entry)
{
    size_t *path = memory_new((program->count + 1) * sizeof path[0]);
    size_t *next = memory_new((program->count + 1) * sizeof next[0]);
    size_t length = 1;
    path[0] = entry;
    program->functions[entry].mark = GREY;
    function_read(program, &program->functions[entry]);
    while (length > 0) {
        struct function *function = &program->functions[path[length - 1]];
        if (next[length - 1] == function->call_count) {
            function_done(program, function);
            length--;
            continue;
        }
        size_t callee = function->calls[next[length - 1]++].callee;
        struct function *called = &program->functions[callee];
        if (called->mark == GREY) {
            circle_note(program, path, length, callee);
        } else if (called->mark == WHITE) {
            called->mark = GREY;
            function_read(program, called);
            next[length] = 0;
            path[length++] = callee;
        }
    }
    free(path);
    free(next);
}

/* A chain never comes back to where it was: depths only shrink along it. */
static char *chain_text(const struct program *program, size_t entry)
{
    struct text text = {0};
    const struct function *at = &program->functions[entry];
    const char *gap = "";
    for (size_t steps = 0; steps <= program->count; steps++) {
        uint32_t part = at->worst != NULL ? at->worst->depth : at->frame;
        text_addf(&text, "%s%s %u", gap, at->name, part);
        gap = at->worst != NULL && at->worst->pointer ? " >> " : " > ";
        if (at->worst == NULL) {
            break;
        }
        at = &program->functions[at->worst->callee];
    }
    return string_copy(text_string(&text));
}

/* ---- one task ---- */

static bool program_open(struct program *program, const char *elf)
{
    *program = (struct program){.handle = -1};
    if (!object_read(elf, &program->file)) {
        return false;
    }
    program->handle = open(elf, O_RDONLY | O_CLOEXEC);
    program->dwarf = program->handle >= 0 ? dwarf_begin(program->handle, DWARF_C_READ) : NULL;
    program->frames = program->dwarf != NULL ? dwarf_getcfi(program->dwarf) : NULL;
    program->veneer = object_value(&program->file, "k5_veneer");
    functions_find(program);
    taken_find(program);
    return true;
}

static void program_close(struct program *program)
{
    for (size_t i = 0; i < program->count; i++) {
        free(program->functions[i].calls);
    }
    free(program->functions);
    if (program->dwarf != NULL) {
        dwarf_end(program->dwarf);
    }
    if (program->handle >= 0) {
        close(program->handle);
    }
}

bool stack_bound_find(const struct app_task *task, struct stack_bound *bound)
{
    struct program program;
    *bound = (struct stack_bound){0};
    if (!program_open(&program, task->elf)) {
        return false;
    }
    size_t entry = function_at(&program, task->entry);
    if (entry == SIZE_MAX) {
        why_set(&program, string_format("no function is at the entry 0x%08X", task->entry));
    } else {
        search(&program, entry);
        bound->bytes = program.functions[entry].depth;
        bound->chain = chain_text(&program, entry);
    }
    bound->bytes += task->fp ? INTERRUPT_FRAME_FP : INTERRUPT_FRAME;
    bound->why = program.why;
    bound->known = program.why == NULL;
    program_close(&program);
    return true;
}

/* ---- against app.toml ---- */

static void task_check(struct app_task *task, const struct stack_bound *bound)
{
    const struct app_waiver *waiver = &task->waivers[WAIVE_STACK];
    if (bound->bytes > task->stack_size && waiver->node == NULL) {
        uint32_t enough = (bound->bytes + 7u) & ~7u;
        char *hint = string_format("make it %u%s, or say why not: waive = { stack = \"...\" }",
                                   enough, bound->known ? "" : " at least");
        conf_error(conf_get(task->node, "stack"), hint,
                   "task \"%s\" may need %s%u bytes of stack, an interrupt's %u included: %s",
                   task->name, bound->known ? "" : "more than ", bound->bytes,
                   task->fp ? INTERRUPT_FRAME_FP : INTERRUPT_FRAME, bound->chain);
        free(hint);
    } else if (waiver->node != NULL && bound->known && bound->bytes <= task->stack_size) {
        conf_error_key(waiver->node, "leave it out",
                       "task \"%s\": nothing to waive: it needs %u bytes of its stack at most",
                       task->name, bound->bytes);
    }
}

bool stack_check(struct app *app)
{
    unsigned before = conf_error_count();
    bool ok = true;
    for (size_t i = 0; i < app->task_count; i++) {
        struct stack_bound bound;
        ok = stack_bound_find(&app->tasks[i], &bound) && ok;
        if (ok) {
            app->tasks[i].stack_need = bound.bytes;
            app->tasks[i].stack_why = bound.why;
            app->tasks[i].stack_chain = bound.chain;
            task_check(&app->tasks[i], &bound);
        }
    }
    return ok && conf_error_count() == before;
}
