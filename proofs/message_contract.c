/* Long messages, as the rest of the kernel may believe in them; h_long.c and h_transfer.c prove
 * that kernel/message.c keeps to it.
 *
 * What is lent is map.c's own, and as it is. The checks write nothing. What is copied is no state
 * of the kernel. Of a context message_rest() changes A0 and A4 of the receiver. Of the tables it
 * changes one slot, the receiver's place, which was empty, and they are valid as before; no
 * operation looks at that slot in the same entry after, so here the tables stay.
 */
#include "prove.h"

#define map_check map_check_real /* no caller is left */
#include "kernel/map.c"
#undef map_check

uint8_t map_check(task_t from, task_t server)
{
    PROVE(from < K5_TASKS && server < K5_TASKS && from != server);
    return verdict.lend[from];
}

static uint8_t buffer_check(task_t from)
{
    PROVE(from < K5_TASKS);
    return verdict.buffer[from] ? K5_OK : K5_ERR_BAD_BUFFER;
}

uint8_t message_check_taken(task_t from, task_t to)
{
    uint8_t error = map_wanted(from) ? map_check(from, to) : K5_OK;

    if (error == K5_OK && map_wanted(from) && !map_fits(from, to)) {
        error = K5_ERR_LEND;
    }
    return error != K5_OK ? error : buffer_check(from);
}

uint8_t message_check_long(task_t from, task_t to, bool grants)
{
    PROVE(from < K5_TASKS && (to < K5_TASKS || to == K5_NIL) && from != to);
    uint8_t error = verdict.error;

    (void)grants;
    if (error == K5_OK && map_wanted(from) && to != K5_NIL) {
        error = map_check(from, to);
    }
    return error != K5_OK ? error : buffer_check(from);
}

uint32_t message_rest(task_t from, task_t to, bool grants)
{
    bool came = nondet_bool();

    PROVE(from < K5_TASKS && to < K5_TASKS && from != to);
    PROVE(buffer_check(from) == K5_OK);
    ASSUME(grants || !came);
    if (nondet_bool()) {
        arch_result(to, K5_A_BUFFER, nondet_u32());
    }
    arch_result(to, K5_A_OP,
                arch_arg(to, K5_A_OP) | (uint32_t)(K5_FLAG_LONG | (came ? K5_FLAG_CAP : 0)) << 8);
    return !came && nondet_bool() ? (uint32_t)K5_FLAG_CAP_KEPT << 8 : 0;
}
