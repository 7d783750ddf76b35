/* Memory that a caller lends to the server until it answers. */
#include "k5/copy.h"
#include "k5/k5.h"
#include "k5/syscall.h"

#define UNITS_MAX 0xFFFFu

static bool loan_sound(const struct k5_loan *loan)
{
    return ((uintptr_t)loan->base & (K5_GRAIN - 1u)) == 0 && loan->size % K5_GRAIN == 0 &&
           loan->size != 0 && loan->size / K5_GRAIN <= UNITS_MAX && loan->rights < K5_GRAIN;
}

/* As k5_call does with the registers of an answer (syscall.S). */
static void answer_take(struct k5_msg *m, const uint32_t a[K5_A_COUNT])
{
    uint32_t flags = (a[K5_A_OP] >> 8) & 0xFFu;

    *m = (struct k5_msg){.label = (uint16_t)(a[K5_A_OP] >> 16),
                         .flags = (uint16_t)(flags & (K5_FLAG_CAP | K5_FLAG_CAP_KEPT)),
                         .w = {a[K5_A_W0], a[K5_A_W0 + 1], a[K5_A_W0 + 2], a[K5_A_W0 + 3]}};
    if ((flags & K5_FLAG_LONG) != 0) {
        m->in_sent = (uint16_t)(a[K5_A_LONG] & K5_LONG_LENGTH);
        m->w[3] = 0;
    }
    if (m->in_sent != 0) {
        m->w[2] = 0;
        m->in = (void *)(uintptr_t)a[K5_A_BUFFER];
        uint32_t size = m->in != NULL ? k5_msg_buffer.size : 0;
        m->in_size = (uint16_t)(m->in_sent < size ? m->in_sent : size);
    }
}

k5_error k5_call_lend(k5_endpoint to, struct k5_msg *m, const struct k5_loan *loan,
                      k5_ticks deadline)
{
    if (!loan_sound(loan) || m->out_size > K5_BUFFER_MAX || (m->out_cap & K5_LONG_LENGTH) != 0) {
        return K5_ERR_ARG;
    }
    uint32_t out = m->out_size != 0 ? (uint32_t)(uintptr_t)m->out : m->w[2];
    uint32_t a[K5_A_COUNT] = {
        k5_op(K5_SYS_CALL | K5_OP_LONG, to.slot, m->label),
        0,
        m->w[0],
        (uint32_t)(uintptr_t)loan->base | loan->rights,
        out,
        loan->size / K5_GRAIN << K5_LONG_LEND_SHIFT | m->out_cap | m->out_size,
        (uint32_t)deadline,
        (uint32_t)(deadline >> 32),
    };
    k5_syscall(a);
    k5_error error = a[K5_A_OP] & 0xFFu;
    if (error == K5_OK) {
        answer_take(m, a);
    }
    return error;
}

struct k5_loan k5_loan(const struct k5_msg *m)
{
    if ((m->flags & K5_FLAG_LEND) == 0) {
        return (struct k5_loan){0};
    }
    return (struct k5_loan){.base = (void *)(uintptr_t)(m->w[1] & ~(K5_GRAIN - 1u)),
                            .size = m->w[3] * K5_GRAIN,
                            .rights = m->w[1] & (K5_GRAIN - 1u)};
}

static bool inside(const struct k5_loan *loan, uint32_t offset, uint32_t size)
{
    return offset <= loan->size && size <= loan->size - offset;
}

bool k5_loan_read(const struct k5_loan *loan, uint32_t offset, void *to, uint32_t size)
{
    if (!inside(loan, offset, size)) {
        return false;
    }
    k5_copy_once(to, (const volatile uint8_t *)loan->base + offset, size);
    return true;
}

bool k5_loan_write(const struct k5_loan *loan, uint32_t offset, const void *from, uint32_t size)
{
    if ((loan->rights & K5_MEM_WRITE) == 0 || !inside(loan, offset, size)) {
        return false;
    }
    k5_copy_once((volatile uint8_t *)loan->base + offset, from, size);
    return true;
}
