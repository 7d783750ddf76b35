/* Tries every call that takes a slot with every number a slot can have. What must come of it
 * follows from the table of what this task has: serve, call, signal, ward, irq, in this order.
 */
#include <k5/syscall.h>

#include "../common/check.h"
#include "app.h" /* MINE_SERVE, PEER, PEER_SIGNAL, WARD_TASK, DUALTIMER_IRQ */

#define SLOTS 5
static const uint8_t type[SLOTS] = {K5_CAP_ENDPOINT, K5_CAP_ENDPOINT, K5_CAP_NOTIFICATION,
                                    K5_CAP_TASK, K5_CAP_IRQ};
static const uint8_t rights[SLOTS] = {K5_RIGHT_SERVE, K5_RIGHT_CALL, K5_RIGHT_SIGNAL,
                                      K5_RIGHT_INSPECT | K5_RIGHT_RESTART | K5_RIGHT_SUSPEND,
                                      K5_RIGHT_ACK};

/* The calls with a slot, what each needs, and what it gives with the right slot here. */
static const struct {
    uint8_t number;
    uint8_t type;
    uint8_t rights;
    uint8_t good; /* with A1 = 1 and a deadline that has passed */
} calls[] = {
    {K5_SYS_SEND, K5_CAP_ENDPOINT, K5_RIGHT_CALL, K5_TIMEOUT},
    {K5_SYS_CALL, K5_CAP_ENDPOINT, K5_RIGHT_CALL, K5_TIMEOUT},
    {K5_SYS_RECV, K5_CAP_ENDPOINT, K5_RIGHT_SERVE, K5_TIMEOUT},
    {K5_SYS_REPLY_RECV, K5_CAP_ENDPOINT, K5_RIGHT_SERVE, K5_TIMEOUT},
    {K5_SYS_SIGNAL, K5_CAP_NOTIFICATION, K5_RIGHT_SIGNAL, K5_OK},
    {K5_SYS_TASK_INSPECT, K5_CAP_TASK, K5_RIGHT_INSPECT, K5_OK},
    {K5_SYS_TASK_RESTART, K5_CAP_TASK, K5_RIGHT_RESTART, K5_OK},
    {K5_SYS_TASK_SUSPEND, K5_CAP_TASK, K5_RIGHT_SUSPEND, K5_OK},
    {K5_SYS_TASK_RESUME, K5_CAP_TASK, K5_RIGHT_SUSPEND, K5_OK},
    {K5_SYS_IRQ_ACK, K5_CAP_IRQ, K5_RIGHT_ACK, K5_OK},
};

static uint32_t expected(uint32_t call, uint32_t slot)
{
    if (slot >= SLOTS) {
        return K5_ERR_SLOT;
    }
    if (type[slot] != calls[call].type) {
        return K5_ERR_TYPE;
    }
    return (rights[slot] & calls[call].rights) == 0 ? K5_ERR_RIGHTS : calls[call].good;
}

static void slot_try(uint32_t call, uint32_t slot)
{
    uint32_t a[K5_A_COUNT] = {k5_op(calls[call].number, slot, 0), 1, 2, 3, 4, 5, 1, 0};
    k5_syscall(a);
    uint32_t error = a[K5_A_OP] & 0xFFu;
    checks_done++;
    if (error != expected(call, slot)) {
        checks_failed++;
        K5_ERROR("check failed: call {}, slot {}: {}", calls[call].number, slot,
                 k5_error_name(error));
    }
    if (error != K5_OK) { /* a refused call changes A0 alone */
        CHECK(a[1] == 1 && a[2] == 2 && a[3] == 3 && a[4] == 4 && a[5] == 5 && a[6] == 1);
    }
}

static uint32_t enter(uint32_t op, uint32_t aux, uint32_t w)
{
    uint32_t a[K5_A_COUNT] = {op, aux, w, 0, 0, 0, 1, 0};
    k5_syscall(a);
    return a[K5_A_OP] & 0xFFu;
}

static void arguments(void)
{
    uint32_t inspect = k5_op(K5_SYS_TASK_INSPECT, WARD_TASK.slot, 0);
    CHECK(enter(inspect, K5_INSPECT_PAGES - 1, 0) == K5_OK);
    CHECK(enter(inspect, K5_INSPECT_PAGES, 0) == K5_ERR_ARG);
    CHECK(enter(inspect, UINT32_MAX, 0) == K5_ERR_ARG);
    CHECK(enter(K5_SYS_IPC_SETUP, 0, 1) == K5_ERR_ARG); /* a buffer: not in this version */
    CHECK(enter(K5_SYS_WAIT, 0, 0) == K5_TIMEOUT);
    CHECK_ERROR(k5_signal(PEER_SIGNAL, 0x05), K5_OK);
    CHECK_ERROR(k5_signal(PEER_SIGNAL, 0x02), K5_ERR_RIGHTS);
    CHECK_ERROR(k5_signal(PEER_SIGNAL, 0x80000005u), K5_ERR_RIGHTS);
    CHECK_ERROR(k5_signal(PEER_SIGNAL, 0), K5_ERR_ARG);
}

int main(void)
{
    CHECK(MINE_SERVE.slot == 0 && PEER.slot == 1 && PEER_SIGNAL.slot == 2 && WARD_TASK.slot == 3 &&
          DUALTIMER_IRQ.slot == 4);
    for (uint32_t call = 0; call < sizeof calls / sizeof calls[0]; call++) {
        for (uint32_t slot = 0; slot <= UINT8_MAX; slot++) {
            slot_try(call, slot);
        }
    }
    arguments();
    CHECK_END("prober");
}
