/* What the server can be asked, and what outlives a restart of the client. */
#ifndef DESK_H
#define DESK_H

#include <stdint.h>

#define DESK_OPEN    1 /* answers with a session (badge: w[0]); if it cannot go: w[0] = the error */
#define DESK_OPEN_BY 2 /* the same by k5_serve's own answer, not asked whether it can go */
#define DESK_WHO     3 /* answers w[0] = badge of the caller, w[1] = flags of what came last */
#define DESK_SIGNAL  4 /* signals w[0] by what is in its inbox: w[0] = error, w[1] = flags */
#define DESK_DROP    5 /* empties its inbox: w[0] = error */
#define DESK_CLOSE   6 /* takes the session back: w[0] = error */
#define DESK_SUM     7 /* w[0] = sum of the bytes, w[1] = flags; bytes and a session come back */
#define DESK_LATER   8 /* answers, and takes the next call only after a while */
#define DESK_DIE     9

#define BOARD ((volatile struct board *)BOARD_BASE)
struct board {
    uint32_t life;   /* of the client */
    uint32_t checks; /* that its lives have done */
    uint32_t bits;   /* that came to the third task */
};

#endif
