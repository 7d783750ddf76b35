/* Tasks: looking at another one, restarting it, ending oneself. */
#include "k5/k5.h"
#include "k5/syscall.h"

_Static_assert(sizeof(struct k5_task_info) == 4 * (4 + K5_REG_COUNT), "ABI: no padding");

static k5_error page_read(k5_task task, uint32_t page, uint32_t w[K5_MSG_WORDS])
{
    uint32_t a[K5_A_COUNT] = {k5_op(K5_SYS_TASK_INSPECT, task.slot, 0), page};
    k5_syscall(a);
    for (uint32_t i = 0; i < K5_MSG_WORDS; i++) {
        w[i] = a[K5_A_W0 + i];
    }
    return a[K5_A_OP] & 0xFFu;
}

k5_error k5_task_inspect(k5_task task, struct k5_task_info *info)
{
    uint32_t w[K5_MSG_WORDS];
    k5_error error = page_read(task, 0, w);
    if (error != K5_OK) {
        return error;
    }
    *info = (struct k5_task_info){
        .state = (uint8_t)w[0],
        .cause = (uint8_t)(w[0] >> 8),
        .flags = (uint8_t)(w[0] >> 16),
        .address = w[1],
        .restarts = w[2],
        .faults = w[3],
    };
    for (uint32_t page = 1; page < K5_INSPECT_PAGES; page++) {
        error = page_read(task, page, w);
        if (error != K5_OK) {
            return error;
        }
        for (uint32_t i = 0; i < K5_MSG_WORDS; i++) {
            uint32_t reg = K5_MSG_WORDS * (page - 1) + i;
            if (reg < K5_REG_COUNT) {
                info->reg[reg] = w[i];
            }
        }
    }
    return K5_OK;
}

static k5_error task_control(uint32_t number, k5_task task)
{
    return k5_syscall_short(k5_op(number, task.slot, 0), 0);
}

k5_error k5_task_restart(k5_task task)
{
    return task_control(K5_SYS_TASK_RESTART, task);
}

k5_error k5_task_stop(k5_task task)
{
    return task_control(K5_SYS_TASK_STOP, task);
}

static _Noreturn void task_end(uint32_t number, uint32_t reason)
{
    (void)k5_syscall_short(number, reason);
    for (;;) { /* the kernel never comes back here; the compiler does not know */
    }
}

void k5_panic(uint32_t reason)
{
    task_end(K5_SYS_PANIC, reason);
}

void k5_exit(uint32_t code)
{
    task_end(K5_SYS_EXIT, code);
}
