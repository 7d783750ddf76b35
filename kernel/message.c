/* Messages: a label, four words in registers, and of a long one a buffer that the kernel copies.
 *
 *   sender    A4 = its buffer     A5 = descriptor: how long      docs/adr/0014-long-messages.md
 *     | checked at the call, and again when it is taken from the queue
 *     v min(length, size of the receive buffer) bytes, in the entry that checks both buffers
 *   receiver  A4 = its buffer, 0 if nothing was copied           A5 = descriptor as it was sent
 *
 * Invariant: a receive buffer has at most K5_BUFFER_MAX bytes. That it lies in its task's memory
 * was true when it was set up and is asked again before each copy.
 */
#include "arch/arch.h"
#include "kernel/contract.h"
#include "kernel/kernel.h"

/* A capability or a lend in the descriptor is refused: not in this version. */
uint8_t message_check_long(task_t from)
{
    uint32_t length = arch_arg(from, K5_A_LONG);

    if (length > K5_BUFFER_MAX) {
        return K5_ERR_ARG;
    }
    bool good = length == 0 || task_covers(from, arch_arg(from, K5_A_BUFFER), length, K5_MEM_READ);

    return good ? K5_OK : K5_ERR_BAD_BUFFER;
}

/* If the receiver's buffer is not its own any more, nothing is copied: no fault of the sender's. */
void message_buffer(task_t from, task_t to)
{
    uint32_t length = arch_arg(from, K5_A_LONG) & K5_LONG_LENGTH;
    uint32_t size = k.task.buffer_size[to];
    uint32_t target = k.task.buffer[to];
    uint32_t n = length < size ? length : size;

    if (n == 0 || !task_covers(to, target, size, K5_MEM_READ | K5_MEM_WRITE) ||
        !arch_copy(from, arch_arg(from, K5_A_BUFFER), to, target, n)) {
        target = 0;
    }
    if (length != 0) {
        arch_result(to, K5_A_BUFFER, target);
    }
    arch_result(to, K5_A_OP, arch_arg(to, K5_A_OP) | (uint32_t)K5_FLAG_LONG << 8);
}

COLD static uint8_t setup_check(uint32_t address, uint32_t size)
{
    bool reserved =
        arch_arg(k.current, K5_A_W0 + 2u) != 0 || arch_arg(k.current, K5_A_W0 + 3u) != 0;

    if (reserved || size > K5_BUFFER_MAX || (size == 0 && address != 0)) {
        return K5_ERR_ARG;
    }
    bool good = size == 0 || task_covers(k.current, address, size, K5_MEM_READ | K5_MEM_WRITE);

    return good ? K5_OK : K5_ERR_BAD_BUFFER;
}

COLD sched_t sys_ipc_setup(void)
{
    task_t me = k.current;
    uint32_t address = arch_arg(me, K5_A_W0);
    uint32_t size = arch_arg(me, K5_A_W0 + 1u);
    uint8_t error = setup_check(address, size);

    if (error == K5_OK) {
        k.task.setup_mask[me] = arch_arg(me, K5_A_AUX);
        k.task.buffer[me] = address;
        k.task.buffer_size[me] = (uint16_t)size;
    }
    arch_result(me, K5_A_OP, error);
    return SCHED_SAME;
}
