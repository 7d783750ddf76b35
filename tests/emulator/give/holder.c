/* Does with the region that it was given what it is told, and faults where it may not. */
#include <k5/k5.h>

#include "app.h"
#include "give.h"

K5_MSG_SLOT(INBOX_SLOT);

static void *base;
static uint32_t size;

static uint32_t sum(void)
{
    const volatile uint8_t *bytes = base;
    uint32_t total = 0;

    for (uint32_t i = 0; i < size; i++) {
        total += bytes[i];
    }
    return total;
}

static void fill(uint8_t value)
{
    volatile uint8_t *bytes = base;

    for (uint32_t i = 0; i < size; i++) {
        bytes[i] = value;
    }
}

static uint32_t work(void)
{
    k5_ticks end = k5_time() + K5_MS(20);
    uint32_t wrong = 0;

    for (uint8_t round = 0; k5_time() < end; round++) {
        fill(round);
        wrong += sum() == size * round ? 0 : 1;
    }
    return wrong;
}

/* The answer of who has it then is ours. */
static void next(struct k5_msg *m, bool give)
{
#ifdef NEXT
    struct k5_msg on = {.label = give ? GIVE_TAKE : (uint16_t)m->w[0], .w = {m->w[give ? 0 : 1]}};

    on.out_cap = give ? K5_CAP_OUT(INBOX_SLOT) : 0;
    k5_error error = k5_call(NEXT, &on, K5_FOREVER);
    m->w[0] = error == K5_OK ? on.w[0] : error;
#else
    (void)give;
    m->w[0] = K5_ERR_ARG;
#endif
}

static void handle(struct k5_msg *m)
{
    volatile uint32_t *address = (volatile uint32_t *)m->w[0];
    bool came = (m->flags & K5_FLAG_CAP) != 0;

    switch (m->label) {
    case GIVE_TAKE:
        m->w[0] = came ? k5_map(K5_REGION(INBOX_SLOT), m->w[0], &base, &size) : K5_ERR_SLOT;
        break;
    case GIVE_MAP: m->w[0] = k5_map(K5_REGION(INBOX_SLOT), m->w[0], &base, &size); break;
    case GIVE_UNMAP: m->w[0] = k5_unmap(K5_REGION(INBOX_SLOT)); break;
    case GIVE_FILL: fill((uint8_t)m->w[0]); break;
    case GIVE_SUM: m->w[0] = sum(); break;
    case GIVE_TOUCH: m->w[0] = *address; break;
    case GIVE_WRITE: *address = 0xBADu; break;
    case GIVE_RUN: ((void (*)(void))(m->w[0] | 1u))(); break;
    case GIVE_RETURN: m->out_cap = K5_CAP_OUT(INBOX_SLOT); break;
    case GIVE_DELETE: m->w[0] = k5_cap_delete(INBOX_SLOT); break;
    case GIVE_WORK: m->w[0] = work(); break;
    case GIVE_ON: next(m, true); break;
    case GIVE_OF_NEXT: next(m, false); break;
    default: m->w[0] = K5_ERR_ARG; break;
    }
}

int main(void)
{
    k5_serve(SERVES, handle);
}
