/* The shared memory: what the subject is to do, and how often it started. Outside both tasks' own
 * memory, so it survives restarts. */
#ifndef SCRIPT_H
#define SCRIPT_H

#include <stdint.h>

#define DO_SPIN  1 /* state READY */
#define DO_SEND  2 /* SENDING: nobody receives */
#define DO_CALL  3 /* CALLING, then AWAITING when the judge takes it */
#define DO_RECV  4 /* RECEIVING */
#define DO_WAIT  5 /* WAITING for a bit */
#define DO_SLEEP 6 /* WAITING with a deadline */
#define DO_FAULT 7 /* FAULTED */
#define DO_END   8

struct script {
    volatile uint32_t what;
    volatile uint32_t starts;
    volatile uint32_t stale;     /* starts that found .data or .bss as the last life left them */
    volatile uint32_t came_back; /* a call that should not have returned did */
};

#define SCRIPT ((struct script *)SCRIPT_BASE)

#endif
