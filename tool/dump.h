/*
 * dump.h - post-mortem files: a snapshot of a fault or a panic, to be looked at later.
 *
 * The format, version 1. All numbers are little endian.
 *
 *   offset 0   8 bytes  "K5DUMP\r\n"
 *          8   u32      version
 *         12   u32      length of the whole file
 *         16   u64      build id of the image
 *         24   u64      FNV-1a hash of all bytes from offset 32 on
 *         32   sections: 4 bytes of tag, u32 length, that many bytes
 *
 *   "INFO"  text, one KEY=VALUE a line: app, board, profile, reason (fault, panic, halt),
 *           task (number), us (time of the kernel's clock)
 *   "REGS"  16 u32: the processor's r0-r12, sp, lr, pc where it was halted (in the kernel)
 *   "MEMO"  u32 base, then the bytes of memory from there on: kernel RAM, stacks of the tasks
 *   "TEXT"  how the fault was told when it came, as lines of text
 *
 * A reader passes over tags that it does not know. Of a damaged or cut file, what comes before the
 * damage is used.
 */
#ifndef K5_TOOL_DUMP_H
#define K5_TOOL_DUMP_H

#include "snapshot.h"

#define DUMP_VERSION 1
#define DUMPS_KEPT   50 /* newest files of a folder that are kept */

struct dump {
    struct snapshot snapshot;
    char *app; /* these three: NULL if the file does not say */
    char *board;
    char *profile;
    const char *problem; /* what is wrong with it; NULL: it is whole */
};

/* Takes the bytes of a file apart, whatever they are. False if nothing of it can be used; then
 * dump->problem says why. */
bool dump_parse(const uint8_t *bytes, size_t length, struct dump *dump);
/* The bytes of a file. */
void dump_bytes(const struct app *app, const struct snapshot *snapshot, struct text *out);
void dump_free(struct dump *dump);

/* Writes BUILD_DIR/dumps/N.k5d with the next number and returns its name, or NULL. */
char *dump_write(const struct app *app, const struct snapshot *snapshot);
/* The newest file of the app's folder of dumps, or NULL. */
char *dump_newest(const struct app *app);

#endif
