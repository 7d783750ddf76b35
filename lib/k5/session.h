/* Sessions: what a server keeps for each of its clients, found by the badge of a message.
 *
 *   struct account { uint32_t sum; };
 *   K5_SESSIONS(accounts, struct account, 8);
 *
 *   static void answer(struct k5_msg *m)
 *   {
 *       struct account *account = k5_session(&accounts, m->badge);
 *       if (account == NULL) {
 *           m->label = K5_ANSWER_SESSIONS_FULL;
 *           return;
 *       }
 *       ...
 *
 * A server with an interface file need not look for it: `session` in [op.NAME] hands it to the
 * function (docs/manual/interfaces.md).
 *
 *   badges:  | 5 |   | 2 | 13 |      a session lies at its badge modulo the number of places, or at
 *   states:  | . |   | . | .  |      the next free one; an ended one leaves a hole, nothing moves
 *
 * The kernel writes badges, so a client reaches the session of its own badge and no other. The tool
 * gives 1 to 32, one to each client, and a restarted client has the one it had; a server that mints
 * badges (k5_cap_mint) takes larger ones. Who was given a right of a client's has its badge, and so
 * its session. A restart of the server ends all sessions: a client of one that must be begun
 * (k5_session_begin, k5_session_find) learns of it by being refused, one of k5_session() does not.
 *
 * No heap, no kernel entry. A search compares at most as many badges as there are places, and one
 * if the places are at least as many as the tool's badges. Not for two threads: a task has one.
 */
#ifndef K5_SESSION_H
#define K5_SESSION_H

#include "k5/service.h" /* K5_ANSWER_SESSIONS_FULL, K5_ANSWER_NO_SESSION: for an answer's label */

struct k5_sessions {
    uint32_t *badge; /* of each place; 0: free */
    uint8_t *state;
    uint32_t size; /* bytes of a state */
    uint32_t most; /* places */
};

/* Static places for `most` sessions of a type; at file scope. `name` is the table. */
#define K5_SESSIONS(name, type, most)     \
    K5_SESSIONS_PLACES(name, type, most); \
    static const union K5_SESSIONS_UNION(type) name = {K5_SESSIONS_TABLE(name, most)}

/* The session with this badge, begun if there is none: all of it is 0 then. NULL: all places are
 * taken, or badge is 0 (bits that came, and no message). Its type is that of the table. */
#define k5_session(sessions, badge) K5_SESSION_CAST(sessions, k5_session_use, badge)

/* The one that is there; NULL: none. For badges that the server minted, and where a client has to
 * begin: so it learns that the server was restarted. */
#define k5_session_find(sessions, badge) K5_SESSION_CAST(sessions, k5_session_seek, badge)

/* Begins anew, with all of it 0, whether or not there was one; NULL as k5_session. What a client
 * calls when it starts, so that it finds nothing of its last life. */
#define k5_session_begin(sessions, badge) K5_SESSION_CAST(sessions, k5_session_renew, badge)

/* The session in place `index`, from 0 to most - 1, with its badge in *badge; NULL: that place is
 * free. To look at all: who was idle for long, who has what a client gave up. */
#define k5_session_at(sessions, index, badge) \
    ((K5_SESSION_OF(sessions))k5_session_place(&(sessions)->table, (index), (badge)))

/* Ends the session with this badge; no effect if there is none. Its place is free for another. */
#define k5_session_end(sessions, badge) k5_session_drop(&(sessions)->table, (badge))

/* ---- what these are made of ---- */

/* The pointer is never read; it says what type the sessions have. */
#define K5_SESSIONS_UNION(type)   \
    {                             \
        struct k5_sessions table; \
        type *is;                 \
    }
#define K5_SESSIONS_PLACES(name, type, most)                                          \
    _Static_assert((most) >= 1 && (most) <= 1024, "K5_SESSIONS: 1 to 1024 sessions"); \
    static uint32_t name##_badge[most];                                               \
    static type name##_state[most]
#define K5_SESSIONS_TABLE(name, most)                                         \
    {                                                                         \
        name##_badge, (uint8_t *)name##_state, sizeof name##_state[0], (most) \
    }
#define K5_SESSION_OF(sessions) __typeof__((sessions)->is)
#define K5_SESSION_CAST(sessions, function, badge) \
    ((K5_SESSION_OF(sessions))function(&(sessions)->table, (badge)))

void *k5_session_use(const struct k5_sessions *sessions, uint32_t badge);
void *k5_session_seek(const struct k5_sessions *sessions, uint32_t badge);
void *k5_session_renew(const struct k5_sessions *sessions, uint32_t badge);
void *k5_session_place(const struct k5_sessions *sessions, uint32_t index, uint32_t *badge);
void k5_session_drop(const struct k5_sessions *sessions, uint32_t badge);

#endif
