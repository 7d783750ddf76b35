/* Capabilities: deriving, moving and revoking them; slots by number. */
#include "k5/k5.h"
#include "k5/syscall.h"

k5_error k5_cap_mint(k5_slot from, k5_slot to, uint32_t rights, uint32_t badge)
{
    uint32_t a[K5_A_COUNT] = {k5_op(K5_SYS_CAP_MINT, from.slot, to.slot), rights, badge};
    k5_syscall(a);
    return a[K5_A_OP] & 0xFFu;
}

k5_error k5_cap_copy(k5_slot from, k5_slot to)
{
    return k5_cap_mint(from, to, UINT32_MAX, 0);
}

k5_error k5_cap_move(k5_slot from, k5_slot to)
{
    return k5_syscall_short(k5_op(K5_SYS_CAP_MOVE, from.slot, to.slot), 0);
}

k5_error k5_cap_delete(k5_slot slot)
{
    return k5_syscall_short(k5_op(K5_SYS_CAP_DELETE, slot.slot, 0), 0);
}

k5_error k5_cap_revoke(k5_slot slot)
{
    return k5_syscall_short(k5_op(K5_SYS_CAP_REVOKE, slot.slot, 0), 0);
}

k5_error k5_cap_info(k5_slot slot, struct k5_cap_info *info)
{
    uint32_t a[K5_A_COUNT] = {k5_op(K5_SYS_CAP_INFO, slot.slot, 0)};
    k5_syscall(a);
    k5_error error = a[K5_A_OP] & 0xFFu;
    if (error == K5_OK) {
        uint32_t kind = a[K5_A_W0];
        *info = (struct k5_cap_info){
            .type = (uint8_t)kind,
            .rights = (uint8_t)(kind >> 8),
            .depth = (uint8_t)(kind >> 16),
            .fixed = a[K5_A_W0 + 3] != 0,
            .badge = a[K5_A_W0 + 1],
            .object = a[K5_A_W0 + 2],
        };
    }
    return error;
}

uint32_t k5_cap_list(struct k5_cap_info *list, uint32_t most)
{
    uint32_t count = 0;
    struct k5_cap_info info;
    while (count < K5_SLOT_MAX && k5_cap_info((k5_slot){(uint8_t)count}, &info) == K5_OK) {
        if (count < most) {
            list[count] = info;
        }
        count++;
    }
    return count;
}
