/* Floods against deadlines: does an attacker that never gives way get more than its share?
 *
 *   judge --number, restart--> attacker: floods[number] for ever
 *   periodic (two of them): some work each PERIOD_US, counts each period that was not kept
 *   judge, meanwhile: reads the attacker's time at the ends of many windows of one period
 *         --> "NAME, FLOOD: N periods, 0 missed ..." --> restart of the attacker, which then sleeps
 *
 * A test app has one file attacks.c with the table of floods. The attackers and the judge are
 * linked with it. SCORE is the shared memory: 0 at the start, for the emulator's memory is.
 */
#ifndef SHARE_H
#define SHARE_H

#include <stdint.h>

#define SHARE_VICTIMS 2

struct share_victim {
    volatile uint32_t periods;
    volatile uint32_t missed;
    volatile uint32_t worst; /* ticks from the release to the end of the work */
};

struct share_score {
    volatile uint32_t flood; /* for an attacker that starts: 1 + index of its flood; 0: sleep */
    struct share_victim victim[SHARE_VICTIMS];
};

#define SCORE ((struct share_score *)SCORE_BASE)

struct flood {
    const char *name;
    void (*run)(void); /* does not return */
};

extern const struct flood floods[];
extern const uint32_t flood_count;

#endif
