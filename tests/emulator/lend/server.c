/* Does with lent memory what it is told, and faults where it may not. */
#include "app.h"
#include "lend.h"

static volatile uint32_t *later;
static uint32_t survived;

static uint32_t fill(volatile uint8_t *bytes, uint32_t size, uint8_t value)
{
    for (uint32_t i = 0; i < size; i++) {
        bytes[i] = value;
    }
    return size * value;
}

static uint32_t sum(const volatile uint8_t *bytes, uint32_t size)
{
    uint32_t total = 0;

    for (uint32_t i = 0; i < size; i++) {
        total += bytes[i];
    }
    return total;
}

static uint32_t work(volatile uint8_t *bytes, uint32_t size)
{
    k5_ticks end = k5_time() + K5_MS(20);
    uint32_t wrong = 0;

    for (uint8_t round = 0; k5_time() < end; round++) {
        wrong += fill(bytes, size, round) == sum(bytes, size) ? 0 : 1;
    }
    return wrong;
}

#define COPY 64u /* what is behind it in the buffer must stay as it is */

static void get(struct k5_msg *m, const struct k5_loan *loan)
{
    uint8_t copy[COPY + 16] = {0};

    m->w[0] = k5_loan_read(loan, m->w[0], copy, m->w[2]) ? 1 : 0;
    m->w[1] = sum(copy, sizeof copy);
}

static void put(struct k5_msg *m, const struct k5_loan *loan)
{
    uint8_t pattern[COPY];

    for (uint32_t i = 0; i < COPY; i++) {
        pattern[i] = (uint8_t)(i + 1);
    }
    m->w[0] = k5_loan_write(loan, m->w[0], pattern, m->w[2]) ? 1 : 0;
}

static void handle(struct k5_msg *m)
{
    struct k5_loan loan = k5_loan(m);
    volatile uint32_t *address = (volatile uint32_t *)m->w[0];

    switch (m->label) {
    case LEND_FILL: m->w[0] = fill(loan.base, loan.size, (uint8_t)m->w[0]); break;
    case LEND_SUM: m->w[0] = sum(loan.base, loan.size); break;
    case LEND_TOUCH: m->w[0] = *address; break;
    case LEND_WRITE: *address = 0xBADu; break;
    case LEND_RUN: ((void (*)(void))(m->w[0] | 1u))(); break;
    case LEND_KEEP:
        if (k5_reply(m) != K5_OK) {
            k5_panic(1);
        }
        m->token = 0;
        m->w[0] = *address;
        survived = 1;
        break;
    case LEND_SURVIVED: m->w[0] = survived; break;
    case LEND_LATER: later = address; break;
    case LEND_THEN: m->w[0] = *later; break;
    case LEND_WORK: m->w[0] = work(loan.base, loan.size); break;
    case LEND_GET: get(m, &loan); break;
    case LEND_PUT: put(m, &loan); break;
    default: break;
    }
}

int main(void)
{
    k5_serve(SERVER_SERVE, handle);
}
