/* Plays: what tasks do to each other, step by step, as one task says.
 *
 *   conductor (most urgent, supervises the players)   player 0, 1, ... (each: wait, act, write)
 *     page[p].command, argument, us; signal      -->   call, receive, answer, spin, die ...
 *     sleeps for a while                               page[p].error, word; done = number of the
 * step looks: results, states, who is on lent time
 *
 * A player that received a call waits for its next command on lent time. So every moment of a chain
 * of calls can be held and looked at. PAGES is shared memory: it survives restarts of players, and
 * is 0 at the start, for the emulator's memory is.
 */
#ifndef PLAY_H
#define PLAY_H

#include <stdint.h>

#define PLAY_KEPT 4 /* tokens that a player may keep */

enum play_command {
    PLAY_NOTHING,
    PLAY_RECV,       /* and keep its token as number `argument` */
    PLAY_REPLY,      /* to the kept token number `argument`, which stays kept */
    PLAY_REPLY_RECV, /* the same, then receive; the new token is kept in its place */
    PLAY_CALL,       /* target number `argument` */
    PLAY_SEND,
    PLAY_SPIN,  /* work for `argument` us of processor time */
    PLAY_SLEEP, /* for `argument` us */
    PLAY_WAIT,  /* for a bit that nobody sets */
    PLAY_LOOP,  /* for ever */
    PLAY_FAULT,
    PLAY_SERVE, /* answer every call, for ever */
    PLAY_FLOOD, /* call target `argument` for ever, each time with the deadline */
};

struct play_page {
    /* by the conductor */
    volatile uint32_t command; /* enum play_command */
    volatile uint32_t argument;
    volatile uint32_t us; /* deadline of the step from its begin; 0: none */
    volatile uint32_t step;
    /* by the player */
    volatile uint32_t done;  /* the last step that ended */
    volatile uint32_t error; /* what it gave */
    volatile uint32_t word;  /* w[0] of what was received or answered */
    volatile uint32_t starts;
    volatile uint32_t kept[PLAY_KEPT];
};

#define PAGES ((struct play_page *)PAGES_BASE)

#define PLAY_BIT 0x01u /* the conductor's signal: a command is there */

#endif
