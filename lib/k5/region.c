/* Movable regions: bringing one into this task's map, and out of it. */
#include "k5/k5.h"
#include "k5/syscall.h"

k5_error k5_map(k5_region region, uint32_t rights, void **base, uint32_t *size)
{
    uint32_t a[K5_A_COUNT] = {k5_op(K5_SYS_MAP, region.slot, 0), rights};
    k5_syscall(a);
    k5_error error = a[K5_A_OP] & 0xFFu;
    if (error == K5_OK) {
        *base = (void *)(uintptr_t)a[K5_A_W0];
        *size = a[K5_A_W0 + 1];
    }
    return error;
}

k5_error k5_unmap(k5_region region)
{
    return k5_syscall_short(k5_op(K5_SYS_UNMAP, region.slot, 0), 0);
}
