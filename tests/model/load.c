/* A step's system call, put into the registers of the model's running task: what is relative (a
 * token that it got, a deadline) becomes a number. */
#include <string.h>

#include "driver.h"

struct run run;

/* What the running task got is looked at before it asks again: tokens are kept. */
void tokens_keep(int t)
{
    const struct spec_task *task = &m.task[t];
    uint32_t *kept = run.tokens[t];
    bool message = (task->reg[K5_A_OP] >> 8 & K5_FLAG_MESSAGE) != 0;

    if (message && task->reg[K5_A_AUX] != 0 && task->reg[K5_A_AUX] != kept[0]) {
        memmove(&kept[1], &kept[0], (TOKEN_RAW - 1) * sizeof kept[0]);
        kept[0] = task->reg[K5_A_AUX];
    }
}

static uint64_t step_deadline(const struct step *step)
{
    switch (step->deadline) {
    case TIME_NONE: return 0;
    case TIME_POLL: return 1;
    default: return run.now + step->after;
    }
}

void call_load(const struct step *step)
{
    int t = m.current;
    uint32_t *reg = m.task[t].reg;
    uint64_t deadline = step_deadline(step);
    bool answers = step->number == K5_SYS_REPLY || step->number == K5_SYS_REPLY_RECV;

    reg[K5_A_OP] = step->number | step->slot << 8 | step->label << 16;
    reg[K5_A_OP] |= step->is_long ? K5_OP_LONG : 0u;
    reg[K5_A_AUX] = answers && step->token < TOKEN_RAW ? run.tokens[t][step->token] : step->aux;
    memcpy(&reg[K5_A_W0], step->words, sizeof step->words);
    reg[K5_A_X0] = (uint32_t)deadline;
    reg[K5_A_X1] = (uint32_t)(deadline >> 32);
}
