/* The part of QEMU's interface for TCG plugins, version 1, that the counter uses.
 *
 * Debian's QEMU 7.2 loads plugins but brings no header. These are declarations of the functions
 * that it exports; version 1 of the interface is in QEMU 4.2 to 8.x.
 */
#ifndef K5_BENCH_TCG_PLUGIN_H
#define K5_BENCH_TCG_PLUGIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TCG_PLUGIN_VERSION 1
#define TCG_PLUGIN_EXPORT  __attribute__((visibility("default")))

typedef uint64_t qemu_plugin_id_t;
typedef uint32_t qemu_plugin_meminfo_t; /* what kind of access it was; asked with functions below */

struct qemu_plugin_tb;   /* a translated block */
struct qemu_plugin_insn; /* one guest instruction of it */

/* Of the emulator, given to qemu_plugin_install. */
struct qemu_info_t {
    const char *target_name;
    struct {
        int min;
        int cur;
    } version;
    bool system_emulation;
    int smp_vcpus;
    int max_vcpus;
};

enum qemu_plugin_cb_flags { QEMU_PLUGIN_CB_NO_REGS = 0 };
enum qemu_plugin_mem_rw { QEMU_PLUGIN_MEM_R = 1, QEMU_PLUGIN_MEM_W = 2, QEMU_PLUGIN_MEM_RW = 3 };

/* Called once when a block is translated; there callbacks are attached to its instructions. */
void qemu_plugin_register_vcpu_tb_trans_cb(qemu_plugin_id_t id,
                                           void (*callback)(qemu_plugin_id_t id,
                                                            struct qemu_plugin_tb *block));
/* Called each time just before the instruction executes. Several are called in order. */
void qemu_plugin_register_vcpu_insn_exec_cb(struct qemu_plugin_insn *insn,
                                            void (*callback)(unsigned vcpu, void *data),
                                            enum qemu_plugin_cb_flags flags, void *data);
/* Called after each access to memory that the instruction made. */
void qemu_plugin_register_vcpu_mem_cb(struct qemu_plugin_insn *insn,
                                      void (*callback)(unsigned vcpu, qemu_plugin_meminfo_t info,
                                                       uint64_t address, void *data),
                                      enum qemu_plugin_cb_flags flags, enum qemu_plugin_mem_rw rw,
                                      void *data);
void qemu_plugin_register_atexit_cb(qemu_plugin_id_t id,
                                    void (*callback)(qemu_plugin_id_t id, void *data), void *data);

size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *block);
struct qemu_plugin_insn *qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *block, size_t index);
uint64_t qemu_plugin_insn_vaddr(const struct qemu_plugin_insn *insn);
bool qemu_plugin_mem_is_store(qemu_plugin_meminfo_t info);

/* Defined by the plugin. */
extern TCG_PLUGIN_EXPORT int qemu_plugin_version;
TCG_PLUGIN_EXPORT int qemu_plugin_install(qemu_plugin_id_t id, const struct qemu_info_t *info,
                                          int argc, char **argv);

#endif
