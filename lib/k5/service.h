/* What the headers generated from interface files need: docs/manual/interfaces.md. app.h includes
 * it where a task serves or calls a service that has one.
 *
 * The typed calls return one k5_error for both kinds of failure, so that one check sees them all:
 * the kernel's (K5_TIMEOUT, K5_ERR_PEER_DIED, ...) and the service's (from K5_SERVICE_ERROR on).
 */
#ifndef K5_SERVICE_H
#define K5_SERVICE_H

#include <string.h>

#include "abi/k5_service_abi.h"
#include "k5/k5.h"

/* True if the server answered, and refused; false if the call did not come back with an answer. */
static inline bool k5_error_is_service(k5_error error)
{
    return error >= K5_SERVICE_ERROR;
}

/* The set of one error, for k5_answer_error; and that of the errors of sessions. */
#define K5_ANSWER_SET(error) (1u << ((error)-K5_SERVICE_ERROR))
#define K5_ANSWER_SESSIONS   1u

/* The error that an answer's label, not K5_ANSWER_OK, means to the client; `errors`: the set of
 * those that the operation can have. */
static inline k5_error k5_answer_error(uint16_t label, uint32_t errors)
{
    uint32_t common =
        (errors & K5_ANSWER_SESSIONS) != 0 ? K5_ANSWER_SESSIONS_FULL : K5_ANSWER_BAD_ARGUMENT;
    bool known = label >= common || (label < K5_ANSWER_ERRORS && (errors >> label & 1u) != 0);
    return known ? (k5_error)K5_SERVICE_ERROR + label : (k5_error)K5_ERR_BAD_ANSWER;
}

/* The label with which a server answers: the way back. What is no error of a service, as one of the
 * kernel's that was handed on by mistake, is a bad answer. */
static inline uint16_t k5_answer_label(k5_error error)
{
    if (error == K5_OK) {
        return K5_ANSWER_OK;
    }
    return error >> 16 == K5_SERVICE_ERROR >> 16 ? (uint16_t)error : K5_ANSWER_BAD;
}

/* As a capability to send: none goes. */
#define K5_NO_SLOT ((k5_slot){K5_NIL})

static inline uint16_t k5_cap_out(k5_slot slot)
{
    return slot.slot == K5_NIL ? 0 : K5_CAP_OUT(slot);
}

/* Sends the answer *m with a capability; without it, later, if it may not go to this caller. */
static inline void k5_answer_with(struct k5_msg *m, k5_slot slot)
{
    m->out_cap = k5_cap_out(slot);
    if (m->out_cap != 0 && k5_reply(m) == K5_OK) {
        m->token = 0; /* answered */
    }
    m->out_cap = 0;
}

/* Copies the bytes that came with an answer; how many there were. */
static inline uint32_t k5_bytes_take(const struct k5_msg *m, void *to)
{
    if (m->in_size != 0) {
        memcpy(to, m->in, m->in_size);
    }
    return m->in_size;
}

/* Ends a server whose K5_MSG_BUFFER is smaller than its interface says: no message could come. */
static inline void k5_msg_buffer_check(uint32_t bytes)
{
    if (k5_msg_buffer.size < bytes) {
        k5_panic(K5_ERR_BAD_BUFFER);
    }
}

/* Makes room for the next capability. Nothing to do if the server has moved it to another slot. */
static inline void k5_msg_slot_empty(void)
{
    (void)!k5_cap_delete(k5_msg_slot.slot);
}

#endif
