/* Tasks: looking at another one, restarting it, ending oneself. */
#include "k5/k5.h"
#include "k5/syscall.h"

_Static_assert(sizeof(struct k5_task_info) == 4 * (7 + K5_REG_COUNT) + 2 * 8, "ABI: no padding");
/* The pages: one word of state and three more, the registers, times, counts. */
#define PAGE_REGISTERS 1u
#define PAGE_TIMES     6u
#define PAGE_COUNTS    7u
_Static_assert(PAGE_COUNTS + 1u == K5_INSPECT_PAGES, "ABI: all pages are read");
_Static_assert(K5_MSG_WORDS *(PAGE_TIMES - PAGE_REGISTERS) >= K5_REG_COUNT, "ABI: all registers");

static k5_error page_read(k5_task task, uint32_t page, uint32_t w[K5_MSG_WORDS])
{
    uint32_t a[K5_A_COUNT] = {k5_op(K5_SYS_TASK_INSPECT, task.slot, 0), page};
    k5_syscall(a);
    for (uint32_t i = 0; i < K5_MSG_WORDS; i++) {
        w[i] = a[K5_A_W0 + i];
    }
    return a[K5_A_OP] & 0xFFu;
}

static uint64_t wide(uint32_t low, uint32_t high)
{
    return (uint64_t)high << 32 | low;
}

static void page_take(uint32_t page, const uint32_t w[K5_MSG_WORDS], struct k5_task_info *info)
{
    if (page == PAGE_TIMES) {
        info->time_own = wide(w[0], w[1]);
        info->time_lent = wide(w[2], w[3]);
    } else if (page == PAGE_COUNTS) {
        info->calls = w[0];
        info->overruns = w[1];
        info->drops = w[2];
    } else {
        for (uint32_t i = 0; i < K5_MSG_WORDS; i++) {
            uint32_t reg = K5_MSG_WORDS * (page - PAGE_REGISTERS) + i;
            if (reg < K5_REG_COUNT) {
                info->reg[reg] = w[i];
            }
        }
    }
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
        .conditions = (uint8_t)(w[0] >> 24),
        .address = w[1],
        .restarts = w[2],
        .faults = w[3],
    };
    for (uint32_t page = PAGE_REGISTERS; page < K5_INSPECT_PAGES; page++) {
        error = page_read(task, page, w);
        if (error != K5_OK) {
            return error;
        }
        page_take(page, w, info);
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

k5_error k5_task_suspend(k5_task task)
{
    return task_control(K5_SYS_TASK_SUSPEND, task);
}

k5_error k5_task_resume(k5_task task)
{
    return task_control(K5_SYS_TASK_RESUME, task);
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
