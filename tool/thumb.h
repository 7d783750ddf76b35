/*
 * thumb.h - what an instruction of Armv8-M does to the flow of control and to the stack: as much as
 * is needed to know who calls whom, and how much assembler code pushes.
 */
#ifndef K5_TOOL_THUMB_H
#define K5_TOOL_THUMB_H

#include <stdbool.h>
#include <stdint.h>

enum thumb_kind {
    THUMB_OTHER,
    THUMB_CALL,     /* bl: to target */
    THUMB_BRANCH,   /* b, also with a condition: to target */
    THUMB_INDIRECT, /* blx or bx of a register other than lr, or a load of pc not from the stack */
    THUMB_PUSH,     /* the stack grows by `bytes` */
    THUMB_VARIABLE  /* the stack pointer gets a value that is not in the instruction */
};

struct thumb {
    unsigned length; /* 2 or 4 bytes */
    enum thumb_kind kind;
    uint32_t target;
    uint32_t bytes;
};

/* The instruction at `address`; `next` is the halfword after it. */
struct thumb thumb_decode(uint32_t address, uint16_t first, uint16_t next);

#endif
