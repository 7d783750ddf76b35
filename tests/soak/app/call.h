/* What call.S is given and gives back. Offsets for it, checked in call.c. */
#ifndef CALL_H
#define CALL_H

#define CALL_REGS   15  /* r0-r12, then lr, then APSR */
#define CALL_TARGET 60  /* what to call */
#define CALL_OUT    64  /* offset of out[] */
#define CALL_TICKS  128 /* address of the tally's ticks */
#define CALL_BEFORE 132 /* ticks before and after the call */
#define CALL_AFTER  136
#define CALL_FRAME  140 /* pc of a frame that was stacked on this task's own stack; 0: none was */
#define CALL_BACK   144 /* where the call must come back to */

#ifndef __ASSEMBLER__
#include <stdint.h>

struct call {
    uint32_t in[15]; /* r4-r11 are A0-A7; lr ([13]) cannot be chosen */
    uint32_t target;
    uint32_t out[16];
    volatile uint32_t *ticks;
    uint32_t before;
    uint32_t after;
    uint32_t frame;
    uint32_t back;
};

/* One system call with all registers filled. */
void soak_call(struct call *call);
#endif

#endif
