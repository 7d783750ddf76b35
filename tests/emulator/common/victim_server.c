/* The victim that serves. Its memory holds 0, 1, .. 63 and is summed for every answer. */
#include <k5/k5.h>

#include "app.h" /* VICTIM_SERVE */
#include "victim.h"

#define WORDS 64
static volatile uint32_t memory[WORDS];
static uint32_t served; /* counted in .bss: a restart of this task would show */

static uint32_t checksum(void)
{
    uint32_t sum = 0;
    for (uint32_t i = 0; i < WORDS; i++) {
        sum += memory[i];
    }
    return sum;
}

static void answer(struct k5_msg *m)
{
    switch (m->label) {
    case VICTIM_ADD:
        served++;
        m->label = VICTIM_OK;
        m->w[0] += 1;
        m->w[1] = served;
        m->w[2] = checksum();
        break;
    case VICTIM_WHERE:
        m->label = VICTIM_OK;
        m->w[0] = (uint32_t)(uintptr_t)memory;
        m->w[1] = (uint32_t)(uintptr_t)checksum & ~1u;
        break;
    default: m->label = VICTIM_REFUSED; break;
    }
}

int main(void)
{
    for (uint32_t i = 0; i < WORDS; i++) {
        memory[i] = i;
    }
    k5_serve(VICTIM_SERVE, answer);
}
