/*
 * unwind.c - see unwind.h.
 */
#define _GNU_SOURCE /* O_CLOEXEC */
#include "unwind.h"

#include "object.h"
#include "source.h"

#include <dwarf.h>
#include <elfutils/libdw.h>
#include <fcntl.h>
#include <gelf.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SP      13
#define LR      14
#define PC      15
#define GUESSES 12 /* frames by guess, repeated ones once */
#define SAVED   4  /* r4-r11 belong to the caller */
#define WIDTH   87 /* columns of a detail line */

struct walk {
    const struct app *app;
    const struct snapshot *snapshot;
    const struct unwind_start *start;
    struct backtrace *out;
    Dwarf *dwarf;
    Dwarf_CFI *cfi;
    uint32_t reg[16];
    unsigned depth;
    bool called;  /* pc is a return address */
    bool guessed; /* the first step was by lr alone */
    bool entry;   /* this is the program's first function */
};

/* ---- DWARF expressions, as far as call frames have them ---- */

#define STACK 8

struct stack {
    uint32_t item[STACK];
    size_t count;
    bool bad;
};

static void push(struct stack *stack, uint32_t value)
{
    stack->bad = stack->bad || stack->count == STACK;
    if (!stack->bad) {
        stack->item[stack->count++] = value;
    }
}

static uint32_t pop(struct stack *stack)
{
    stack->bad = stack->bad || stack->count == 0;
    return stack->bad ? 0 : stack->item[--stack->count];
}

static uint32_t register_of(const struct walk *walk, struct stack *stack, uint64_t number)
{
    stack->bad = stack->bad || number > PC;
    return stack->bad ? 0 : walk->reg[number];
}

/* True: the value is where the caller's register was saved. False: it is that register. */
static bool ops_run(const struct walk *walk, const Dwarf_Op *ops, size_t count, uint32_t cfa,
                    struct stack *stack)
{
    bool address = true;
    for (size_t i = 0; i < count && !stack->bad; i++) {
        uint32_t number = (uint32_t)ops[i].number;
        uint8_t atom = ops[i].atom;
        if (atom == DW_OP_call_frame_cfa) {
            push(stack, cfa);
        } else if (atom == DW_OP_plus_uconst) {
            push(stack, pop(stack) + number);
        } else if (atom == DW_OP_plus) {
            push(stack, pop(stack) + pop(stack));
        } else if (atom == DW_OP_constu || atom == DW_OP_consts) {
            push(stack, number);
        } else if (atom >= DW_OP_breg0 && atom <= DW_OP_breg31) {
            push(stack, register_of(walk, stack, atom - DW_OP_breg0) + number);
        } else if (atom == DW_OP_bregx) {
            push(stack, register_of(walk, stack, ops[i].number) + (uint32_t)ops[i].number2);
        } else if (atom >= DW_OP_reg0 && atom <= DW_OP_reg31) {
            push(stack, register_of(walk, stack, atom - DW_OP_reg0));
            address = false;
        } else if (atom == DW_OP_regx) {
            push(stack, register_of(walk, stack, ops[i].number));
            address = false;
        } else if (atom == DW_OP_stack_value) {
            address = false;
        } else {
            stack->bad = true;
        }
    }
    return address;
}

enum found { FOUND, LEFT_ALONE, NOT_THERE };

/* The caller's register: found, or left alone by this frame, or saved where nothing was read. */
static enum found register_restore(const struct walk *walk, Dwarf_Frame *frame, int number,
                                   uint32_t cfa, uint32_t *value)
{
    Dwarf_Op memory[3];
    Dwarf_Op *ops = NULL;
    size_t count = 0;
    struct stack stack = {.count = 0};
    if (dwarf_frame_register(frame, number, memory, &ops, &count) != 0 || ops == NULL ||
        count == 0) {
        return LEFT_ALONE;
    }
    bool address = ops_run(walk, ops, count, cfa, &stack);
    uint32_t result = pop(&stack);
    if (stack.bad || (address && !snapshot_word(walk->snapshot, result, &result))) {
        return NOT_THERE;
    }
    *value = result;
    return FOUND;
}

/* ---- one frame in words ---- */

static struct unwind_frame *frame_add(struct walk *walk, uint32_t address)
{
    struct backtrace *out = walk->out;
    out->frames = memory_resize(out->frames, (out->count + 1) * sizeof out->frames[0]);
    out->frames[out->count] =
        (struct unwind_frame){.number = (unsigned)out->count, .address = address};
    return &out->frames[out->count++];
}

static char *copy_or_null(const char *string)
{
    return string == NULL ? NULL : string_copy(string);
}

static void place_fill(const struct walk *walk, struct unwind_frame *frame, const char *file,
                       int line)
{
    frame->line = line;
    if (file != NULL) {
        frame->file = string_copy(source_short(walk->app, file));
        frame->text = source_text(walk->app, walk->start->elf, file, line);
    }
}

/* The compiler may inline the begin of a function into its own rest. */
static bool same_function(const struct walk *walk, const char *name)
{
    const struct backtrace *out = walk->out;
    const char *before = out->count == 0 ? NULL : out->frames[out->count - 1].function;
    return name != NULL && before != NULL && out->frames[out->count - 1].inlined &&
           strcmp(name, before) == 0;
}

/* Where the inlined function is called. */
static const char *call_place(Dwarf_Die *unit, Dwarf_Die *inlined, int *line)
{
    Dwarf_Attribute attribute;
    Dwarf_Word number = 0;
    Dwarf_Word index = 0;
    Dwarf_Files *files;
    size_t count;
    (void)dwarf_formudata(dwarf_attr(inlined, DW_AT_call_line, &attribute), &number);
    (void)dwarf_formudata(dwarf_attr(inlined, DW_AT_call_file, &attribute), &index);
    *line = (int)number;
    return dwarf_getsrcfiles(unit, &files, &count) == 0 && index < count
               ? dwarf_filesrc(files, index, NULL, NULL)
               : NULL;
}

/* The last symbol at or before the address, if it is nearer than `*best`. */
static const char *symbol_nearest(Elf *elf, Elf_Scn *scn, uint32_t address, uint32_t *best)
{
    GElf_Shdr header;
    Elf_Data *data = elf_getdata(scn, NULL);
    const char *name = NULL;
    bool table = gelf_getshdr(scn, &header) != NULL && header.sh_type == SHT_SYMTAB &&
                 data != NULL && header.sh_entsize > 0;
    for (size_t i = 0; table && i < header.sh_size / header.sh_entsize; i++) {
        GElf_Sym symbol;
        if (gelf_getsym(data, (int)i, &symbol) == NULL || symbol.st_shndx == SHN_UNDEF ||
            GELF_ST_TYPE(symbol.st_info) > STT_FUNC || GELF_ST_TYPE(symbol.st_info) == STT_OBJECT) {
            continue;
        }
        const char *found = elf_strptr(elf, header.sh_link, symbol.st_name);
        uint32_t distance = address - ((uint32_t)symbol.st_value & ~1u);
        if (distance < *best && found != NULL && found[0] != '$' && found[0] != '\0') {
            name = found;
            *best = distance;
        }
    }
    return name;
}

#define FAR 4096u /* bytes into a function; what is farther from a symbol is not part of it */

/* The function of an address by the symbols, where DWARF has no name: assembler. */
static char *symbol_name(const struct walk *walk, uint32_t address)
{
    Elf *elf = dwarf_getelf(walk->dwarf);
    const char *name = NULL;
    uint32_t best = FAR;
    for (Elf_Scn *scn = elf_nextscn(elf, NULL); scn != NULL; scn = elf_nextscn(elf, scn)) {
        const char *found = symbol_nearest(elf, scn, address, &best);
        name = found != NULL ? found : name;
    }
    return copy_or_null(name);
}

/* The functions around the address from the innermost out: inlined ones, then the real one. */
static void functions_add(struct walk *walk, Dwarf_Die *unit, uint32_t address, uint32_t look)
{
    Dwarf_Die *inner = NULL;
    Dwarf_Die *scopes = NULL;
    Dwarf_Line *row = dwarf_getsrc_die(unit, look);
    int line = 0;
    const char *file = row == NULL ? NULL : dwarf_linesrc(row, NULL, NULL);
    (void)(row == NULL ? 0 : dwarf_lineno(row, &line));
    int count = dwarf_getscopes(unit, look, &inner) > 0 ? dwarf_getscopes_die(inner, &scopes) : 0;
    bool done = false;
    for (int i = 0; i < count && !done; i++) {
        bool inlined = dwarf_tag(&scopes[i]) == DW_TAG_inlined_subroutine;
        Dwarf_Addr low = 0;
        if (!inlined && dwarf_tag(&scopes[i]) != DW_TAG_subprogram) {
            continue;
        }
        if (!same_function(walk, dwarf_diename(&scopes[i]))) {
            struct unwind_frame *frame = frame_add(walk, address);
            frame->inlined = inlined;
            frame->function = copy_or_null(dwarf_diename(&scopes[i]));
            place_fill(walk, frame, file, line);
        }
        file = inlined ? call_place(unit, &scopes[i], &line) : file;
        walk->entry =
            !inlined && dwarf_lowpc(&scopes[i], &low) == 0 && (uint32_t)low == walk->start->entry;
        done = !inlined;
    }
    if (!done) {
        struct unwind_frame *frame = frame_add(walk, address);
        frame->function = symbol_name(walk, look);
        place_fill(walk, frame, file, line);
    }
    free(inner);
    free(scopes);
}

static bool code_holds(const struct walk *walk, uint32_t address)
{
    return address - walk->start->code_base < walk->start->code_size;
}

static void frame_show(struct walk *walk)
{
    Dwarf_Die unit;
    uint32_t address = walk->reg[PC] & ~1u;
    uint32_t look = address - (walk->called ? 1 : 0);
    walk->entry = false;
    if (code_holds(walk, look) && dwarf_addrdie(walk->dwarf, look, &unit) != NULL) {
        functions_add(walk, &unit, address, look);
        return;
    }
    struct unwind_frame *frame = frame_add(walk, address);
    frame->function = code_holds(walk, look) ? symbol_name(walk, look) : NULL;
}

/* ---- the walk ---- */

static bool walk_end(struct walk *walk, char *why)
{
    if (walk->guessed) {
        free(why);
        why = string_copy("the backtrace ends: nothing describes the stack of #0; what follows it "
                          "was found by lr alone");
    }
    walk->out->end = why;
    return false;
}

/* Without a description of the innermost function: it may have called nothing, and then lr says who
 * called it. */
static bool step_by_lr(struct walk *walk, const char *why)
{
    uint32_t caller = walk->reg[LR] & ~1u;
    if (walk->depth > 0 || walk->called || !code_holds(walk, caller - 1)) {
        return walk_end(walk, string_format("the backtrace ends: %s", why));
    }
    walk->reg[PC] = caller;
    walk->guessed = true;
    return true;
}

/* From a frame to its caller. False at the end. */
static bool step(struct walk *walk)
{
    Dwarf_Frame *frame = NULL;
    Dwarf_Op *ops = NULL;
    size_t count = 0;
    struct stack stack = {.count = 0};
    uint32_t pc = (walk->reg[PC] & ~1u) - (walk->called ? 1 : 0); /* a call may stand last */
    if (!code_holds(walk, pc)) {
        return step_by_lr(walk, "this is no code of the program");
    }
    if (walk->cfi == NULL || dwarf_cfi_addrframe(walk->cfi, pc, &frame) != 0) {
        if (walk->start->assembler && walk->depth > 0) {
            return false;
        }
        return step_by_lr(walk, "nothing describes this function's stack");
    }
    bool good = dwarf_frame_cfa(frame, &ops, &count) == 0;
    if (good) {
        (void)ops_run(walk, ops, count, 0, &stack);
    }
    uint32_t cfa = pop(&stack);
    uint32_t next[16];
    memcpy(next, walk->reg, sizeof next);
    for (int r = SAVED; good && r < SP; r++) {
        (void)register_restore(walk, frame, r, cfa, &next[r]);
    }
    enum found saved = good ? register_restore(walk, frame, LR, cfa, &next[LR]) : LEFT_ALONE;
    free(frame);
    if (!good || stack.bad) {
        return step_by_lr(walk, "this function's stack is described in a way not understood");
    }
    uint32_t sp = walk->reg[SP];
    bool moved = cfa > sp || (walk->depth == 0 && cfa == sp);
    if (!moved || cfa < walk->start->stack_base || cfa > walk->start->stack_end) {
        return walk_end(walk, string_format("the backtrace ends: the next frame would be at "
                                            "0x%08x, outside the stack or not above the last: "
                                            "the stack is damaged",
                                            cfa));
    }
    if (saved == NOT_THERE) {
        return walk_end(walk,
                        string_copy("the backtrace ends: this part of the stack was not read"));
    }
    if (saved == LEFT_ALONE && walk->depth > 0) {
        return walk_end(walk, string_copy("the backtrace ends: this frame holds no return "
                                          "address: the stack is damaged"));
    }
    next[SP] = cfa;
    next[PC] = next[LR];
    memcpy(walk->reg, next, sizeof next);
    return true;
}

static void frames_walk(struct walk *walk)
{
    bool more = true;
    walk->called = walk->start->returns;
    for (walk->depth = 0; more && walk->depth < UNWIND_FRAMES; walk->depth++) {
        if (walk->depth > 0 && !code_holds(walk, walk->reg[PC] & ~1u)) {
            (void)walk_end(walk, string_format("the backtrace ends: the return address 0x%08x is "
                                               "no code: the stack is damaged",
                                               walk->reg[PC]));
            return;
        }
        frame_show(walk);
        more = !walk->entry && step(walk);
        walk->called = true;
    }
    if (more) {
        (void)walk_end(walk, string_format("only the first %d frames are shown", UNWIND_FRAMES));
    }
}

void backtrace_make(const struct app *app, const struct snapshot *snapshot,
                    const struct unwind_start *start, struct backtrace *out)
{
    struct walk walk = {.app = app, .snapshot = snapshot, .start = start, .out = out};
    *out = (struct backtrace){.count = 0};
    int file = start->elf == NULL ? -1 : open(start->elf, O_RDONLY | O_CLOEXEC);
    walk.dwarf = file < 0 ? NULL : dwarf_begin(file, DWARF_C_READ);
    memcpy(walk.reg, start->reg, sizeof walk.reg);
    if (walk.dwarf == NULL) {
        out->end = string_copy("no backtrace: the program has no debug information");
    } else {
        walk.cfi = dwarf_getcfi(walk.dwarf);
        frames_walk(&walk);
        dwarf_end(walk.dwarf);
    }
    if (file >= 0) {
        close(file);
    }
}

/* ---- guessing ---- */

/* The halfword of the program at an address, or 0. */
static unsigned code_half(const struct object *program, uint32_t address)
{
    for (size_t i = 0; i < program->section_count; i++) {
        const struct object_section *section = &program->sections[i];
        uint32_t at = address - section->base;
        if (section->executable && section->bytes != NULL && at + 2 <= section->size &&
            at < at + 2) {
            return section->bytes[at] | (unsigned)section->bytes[at + 1] << 8;
        }
    }
    return 0;
}

/* Does the word look like where a call returns to: odd, and after a BL or a BLX? */
static bool looks_returned(const struct walk *walk, const struct object *program, uint32_t word)
{
    uint32_t address = word & ~1u;
    unsigned first = code_half(program, address - 4);
    unsigned second = code_half(program, address - 2);
    bool bl = (first & 0xF800) == 0xF000 && (second & 0xD000) == 0xD000;
    bool blx = (second & 0xFF87) == 0x4780;
    return (word & 1) != 0 && code_holds(walk, address) && (bl || blx);
}

void backtrace_guess(const struct app *app, const struct snapshot *snapshot,
                     const struct unwind_start *start, struct backtrace *out)
{
    struct walk walk = {.app = app, .snapshot = snapshot, .start = start, .out = out};
    struct object program;
    uint32_t word;
    *out = (struct backtrace){.count = 0};
    int file = start->elf == NULL ? -1 : open(start->elf, O_RDONLY | O_CLOEXEC);
    walk.dwarf = file < 0 ? NULL : dwarf_begin(file, DWARF_C_READ);
    walk.called = true;
    if (walk.dwarf != NULL && object_read(start->elf, &program)) {
        unsigned changes = 0;
        for (uint32_t at = start->stack_base;
             at < start->stack_end && changes < GUESSES && out->count < UNWIND_FRAMES; at += 4) {
            if (snapshot_word(snapshot, at, &word) && looks_returned(&walk, &program, word)) {
                changes += walk.reg[PC] != word;
                walk.reg[PC] = word;
                frame_show(&walk);
            }
        }
        object_free(&program);
    }
    dwarf_end(walk.dwarf);
    if (file >= 0) {
        close(file);
    }
    out->end = string_copy(out->count == 0 ? "no backtrace: its registers are not known"
                                           : "its registers are lost; these calls were found on "
                                             "the stack, and some may be old");
}

/* ---- printing ---- */

/* The text of the line goes beside its place if there is room, else below. */
static void frame_line(const struct unwind_frame *frame, int width, struct list *out)
{
    struct text line = {0};
    const char *name = frame->function == NULL ? "?" : frame->function;
    text_addf(&line, "#%u 0x%08x ", frame->number, frame->address);
    size_t indent = line.length;
    if (frame->file == NULL) {
        text_add(&line, name);
    } else {
        text_addf(&line, "%-*s  %s:%d", width, name, frame->file, frame->line);
    }
    bool beside = frame->text != NULL && line.length + 3 + strlen(frame->text) <= WIDTH;
    if (beside) {
        text_addf(&line, "   %s", frame->text);
    }
    list_add(out, text_string(&line));
    if (frame->text != NULL && !beside) {
        list_addf(out, "%*s%s", (int)indent, "", frame->text);
    }
    text_free(&line);
}

#define SAME_SHOWN 3 /* more of them are counted: a function that calls itself */

/* How many frames from this one on stand at the same address. */
static size_t frames_same(const struct backtrace *backtrace, size_t first)
{
    size_t end = first;
    while (end < backtrace->count && !backtrace->frames[end].inlined &&
           backtrace->frames[end].address == backtrace->frames[first].address) {
        end++;
    }
    return end - first;
}

void backtrace_lines(const struct backtrace *backtrace, struct list *out)
{
    int width = 8;
    for (size_t i = 0; i < backtrace->count; i++) {
        const struct unwind_frame *frame = &backtrace->frames[i];
        int length = frame->function == NULL ? 1 : (int)strlen(frame->function);
        width = length > width && length <= 28 ? length : width;
    }
    for (size_t i = 0; i < backtrace->count; i++) {
        size_t same = frames_same(backtrace, i);
        frame_line(&backtrace->frames[i], width, out);
        if (same > SAME_SHOWN) {
            list_addf(out, "   and %zu more of the same", same - 1);
            i += same - 1;
        }
    }
    if (backtrace->end != NULL) {
        list_add(out, backtrace->end);
    }
}

void backtrace_free(struct backtrace *backtrace)
{
    for (size_t i = 0; i < backtrace->count; i++) {
        free(backtrace->frames[i].function);
        free(backtrace->frames[i].file);
        free(backtrace->frames[i].text);
    }
    free(backtrace->frames);
    free(backtrace->end);
    *backtrace = (struct backtrace){.count = 0};
}
