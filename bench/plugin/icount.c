/* icount: a TCG plugin that counts what the guest executes and writes the counts down at marks.
 *
 *   qemu-system-arm -icount shift=0 ... -plugin icount.so,mark=HEX,...,stop=HEX,max=N,out=FILE
 *
 * Each time the instruction at a marked address is about to execute, one line goes into `out`:
 *
 *   ADDRESS INSTRUCTIONS LOADS STORES        counts since reset, this instruction not included
 *
 * The difference of two lines is what was executed in between. An instruction counts once however
 * many registers it moves; its loads and stores count each access. What the hardware stacks at an
 * exception counts nothing.
 *
 * veneer=HEX is the address of an SG. QEMU executes SG without showing it to plugins, so it is
 * counted with the SVC that follows it; nothing can enter the veneer but by its SG.
 *
 * At a `stop`, which is a mark too, the run ends after its line; at `max` instructions it ends with
 * a line "max". With trace=FILE, from=HEX, to=HEX, round=N the addresses executed from the N-th
 * time that `from` executes up to the next `to` are written to FILE, one a line.
 *
 * Invariant: with one virtual processor all callbacks run in one thread, so plain counters do.
 */
#include "tcg_plugin.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MARKS_MAX 512u
#define SG_BYTES  4u

int qemu_plugin_version = TCG_PLUGIN_VERSION;

static uint64_t insns, loads, stores;
static uint64_t insns_max = UINT64_MAX;
static uint64_t veneer = UINT64_MAX;
static struct {
    uint64_t address;
    bool stop;
} marks[MARKS_MAX];
static size_t mark_count;
static FILE *out;

static struct {
    FILE *file;
    uint64_t from, to, round;
    uint64_t seen; /* how often `from` executed */
    bool on;
} trace = {.from = UINT64_MAX, .to = UINT64_MAX};

/* The files are complete before the process ends: _exit, because we are deep inside the emulator.
 */
static void finish(void)
{
    bool good = fflush(out) == 0 && (trace.file == NULL || fflush(trace.file) == 0);
    _exit(good ? 0 : 1);
}

static void trace_step(uint64_t address)
{
    if (address == trace.from && ++trace.seen == trace.round) {
        trace.on = true;
    }
    if (address == trace.to) {
        trace.on = false;
    }
    if (trace.on) {
        fprintf(trace.file, "%" PRIx64 "\n", address);
    }
}

static void insn_execute(unsigned vcpu, void *data)
{
    (void)vcpu;
    if (trace.file != NULL) {
        trace_step((uintptr_t)data);
    }
    if (++insns >= insns_max) {
        fprintf(out, "max\n");
        finish();
    }
}

/* The SG before the SVC that is about to execute. */
static void veneer_execute(unsigned vcpu, void *data)
{
    (void)data;
    insn_execute(vcpu, (void *)(uintptr_t)veneer);
}

/* Attached before insn_execute, so the marked instruction itself is not counted yet. */
static void mark_execute(unsigned vcpu, void *data)
{
    (void)vcpu;
    size_t mark = (uintptr_t)data;
    fprintf(out, "%" PRIx64 " %" PRIu64 " %" PRIu64 " %" PRIu64 "\n", marks[mark].address, insns,
            loads, stores);
    if (marks[mark].stop) {
        finish();
    }
}

static void memory_access(unsigned vcpu, qemu_plugin_meminfo_t info, uint64_t address, void *data)
{
    (void)vcpu;
    (void)address;
    (void)data;
    if (qemu_plugin_mem_is_store(info)) {
        stores++;
    } else {
        loads++;
    }
}

/* Attaches the mark of this address, if there is one. */
static void marks_attach(struct qemu_plugin_insn *insn, uint64_t address)
{
    for (size_t i = 0; i < mark_count; i++) {
        if (marks[i].address == address) {
            qemu_plugin_register_vcpu_insn_exec_cb(insn, mark_execute, QEMU_PLUGIN_CB_NO_REGS,
                                                   (void *)(uintptr_t)i);
            return;
        }
    }
}

static void block_translate(qemu_plugin_id_t id, struct qemu_plugin_tb *block)
{
    (void)id;
    for (size_t i = 0; i < qemu_plugin_tb_n_insns(block); i++) {
        struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(block, i);
        uint64_t address = qemu_plugin_insn_vaddr(insn);
        void *data = (void *)(uintptr_t)address;
        marks_attach(insn, address);
        if (address == veneer + SG_BYTES) {
            qemu_plugin_register_vcpu_insn_exec_cb(insn, veneer_execute, QEMU_PLUGIN_CB_NO_REGS,
                                                   NULL);
        }
        qemu_plugin_register_vcpu_insn_exec_cb(insn, insn_execute, QEMU_PLUGIN_CB_NO_REGS, data);
        qemu_plugin_register_vcpu_mem_cb(insn, memory_access, QEMU_PLUGIN_CB_NO_REGS,
                                         QEMU_PLUGIN_MEM_RW, NULL);
    }
}

static void emulator_exit(qemu_plugin_id_t id, void *data)
{
    (void)id;
    (void)data;
    finish();
}

static bool address_take(const char *text, uint64_t *address)
{
    char *end = NULL;
    *address = strtoull(text, &end, 16) & ~UINT64_C(1); /* without the Thumb bit */
    return end != text && *end == '\0';
}

static bool number_take(const char *text, uint64_t *number)
{
    char *end = NULL;
    *number = strtoull(text, &end, 10);
    return end != text && *end == '\0';
}

static bool file_take(const char *path, FILE **file)
{
    *file = fopen(path, "w");
    return *file != NULL;
}

static bool mark_take(const char *text, bool stop)
{
    if (mark_count == MARKS_MAX || !address_take(text, &marks[mark_count].address)) {
        return false;
    }
    marks[mark_count++].stop = stop;
    return true;
}

/* One argument, "name=value". */
static bool argument_take(const char *name, const char *value)
{
    if (strcmp(name, "mark") == 0) {
        return mark_take(value, false);
    }
    if (strcmp(name, "stop") == 0) {
        return mark_take(value, true);
    }
    if (strcmp(name, "veneer") == 0) {
        return address_take(value, &veneer);
    }
    if (strcmp(name, "max") == 0) {
        return number_take(value, &insns_max);
    }
    if (strcmp(name, "out") == 0) {
        return file_take(value, &out);
    }
    if (strcmp(name, "trace") == 0) {
        return file_take(value, &trace.file);
    }
    if (strcmp(name, "from") == 0) {
        return address_take(value, &trace.from);
    }
    if (strcmp(name, "to") == 0) {
        return address_take(value, &trace.to);
    }
    return strcmp(name, "round") == 0 && number_take(value, &trace.round);
}

int qemu_plugin_install(qemu_plugin_id_t id, const struct qemu_info_t *info, int argc, char **argv)
{
    (void)info;
    for (int i = 0; i < argc; i++) {
        char *value = strchr(argv[i], '=');
        if (value == NULL) {
            fprintf(stderr, "icount: \"%s\" is not name=value\n", argv[i]);
            return 1;
        }
        *value++ = '\0';
        if (!argument_take(argv[i], value)) {
            fprintf(stderr, "icount: bad argument %s=%s\n", argv[i], value);
            return 1;
        }
    }
    if (out == NULL) {
        fprintf(stderr, "icount: out=FILE is missing\n");
        return 1;
    }
    qemu_plugin_register_vcpu_tb_trans_cb(id, block_translate);
    qemu_plugin_register_atexit_cb(id, emulator_exit, NULL);
    return 0;
}
