/* Messages, bits and interrupts: what of k5.h is not a bare system call (those are in syscall.S).
 */
#include "k5/k5.h"
#include "k5/syscall.h"

/* syscall.S moves a whole message between memory and registers. */
_Static_assert(offsetof(struct k5_msg, label) == 0, "syscall.S: label");
_Static_assert(offsetof(struct k5_msg, flags) == 2, "syscall.S: flags");
_Static_assert(offsetof(struct k5_msg, bits) == 28, "syscall.S: bits");
_Static_assert(offsetof(struct k5_msg, in_size) == 32, "syscall.S: bytes that came");
_Static_assert(offsetof(struct k5_msg, in_sent) == 34, "syscall.S: bytes that were sent");
_Static_assert(offsetof(struct k5_msg, out_size) == 36, "syscall.S: bytes to send");
_Static_assert(offsetof(struct k5_msg, out_cap) == 38, "syscall.S: and a capability");
_Static_assert(offsetof(struct k5_msg, in) == 40, "syscall.S: where they are");
_Static_assert(offsetof(struct k5_msg, out) == 44, "syscall.S: and those");
_Static_assert(offsetof(struct k5_msg_buffer, size) == 4, "syscall.S: of the buffer");
_Static_assert(sizeof(k5_endpoint) == 1 && sizeof(k5_server) == 1, "syscall.S: a handle");
_Static_assert(K5_FLAG_BITS == 1u << (31 - 22 - 8), "syscall.S: bit of the flag");

void k5_serve(k5_server from, void (*handler)(struct k5_msg *m))
{
    struct k5_msg m = {0};
    for (;;) {
        k5_error error = k5_reply_recv(from, &m, K5_FOREVER);
        if (error != K5_OK) {
            k5_panic(error);
        }
        handler(&m);
    }
}

k5_error k5_ipc_setup(uint32_t mask)
{
    uint32_t a[K5_A_COUNT] = {K5_SYS_IPC_SETUP, mask, (uint32_t)(uintptr_t)k5_msg_buffer.address,
                              k5_msg_buffer.size,
                              k5_msg_slot.named ? K5_CAP_OUT(k5_msg_slot.slot) : 0u};
    k5_syscall(a);
    return a[K5_A_OP] & 0xFFu;
}

k5_error k5_signal(k5_notification to, uint32_t bits)
{
    return k5_syscall_short(k5_op(K5_SYS_SIGNAL, to.slot, 0), bits);
}

k5_error k5_irq_ack(k5_irq irq)
{
    return k5_syscall_short(k5_op(K5_SYS_IRQ_ACK, irq.slot, 0), 0);
}

void k5_checkin_signal(k5_notification watchdog, uint32_t bit)
{
    k5_error error = k5_signal(watchdog, bit);
    if (error != K5_OK) {
        k5_panic(error);
    }
}
