/* A life that failed made short: steps are left out as long as it still fails (delta debugging:
 * halves first, then smaller pieces), then what is left is made plain. Each trial is a process. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "driver.h"

#define TRIALS_MAX 3000u

static unsigned trials;

static bool still_fails(const struct step *steps, unsigned count)
{
    trials++;
    return trials < TRIALS_MAX && life_fails(steps, count, false);
}

/* The list without [from, from + size) if it still fails; the delay of what is left out may be
 * given to the next step, so that what comes later stays at its time. */
static bool leave_out(struct step *steps, unsigned *count, unsigned from, unsigned size)
{
    static struct step trial[STEPS_A_LIFE];
    unsigned rest = *count - from - size;
    uint32_t delay = 0;

    for (unsigned i = 0; i < size; i++) {
        delay += steps[from + i].delay;
    }
    for (int keep_time = 0; keep_time < 2; keep_time++) {
        memcpy(trial, steps, from * sizeof steps[0]);
        memcpy(trial + from, steps + from + size, rest * sizeof steps[0]);
        if (keep_time != 0 && rest > 0) {
            trial[from].delay += delay;
        }
        if (still_fails(trial, *count - size)) {
            *count -= size;
            memcpy(steps, trial, *count * sizeof steps[0]);
            return true;
        }
    }
    return false;
}

static void fewer(struct step *steps, unsigned *count)
{
    for (unsigned size = (*count + 1) / 2; size > 0; size /= 2) {
        unsigned from = 0;

        while (from + size <= *count) {
            if (!leave_out(steps, count, from, size)) {
                from += size;
            }
        }
    }
}

/* One step changed, if it still fails. */
static void try_step(struct step *steps, unsigned count, unsigned i, struct step plainer)
{
    struct step old = steps[i];

    steps[i] = plainer;
    if (!still_fails(steps, count)) {
        steps[i] = old;
    }
}

static void plainer(struct step *steps, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        struct step step = steps[i];

        step.label = 0;
        memset(step.words, 0, sizeof step.words);
        try_step(steps, count, i, step);
        step = steps[i];
        step.late = false;
        try_step(steps, count, i, step);
        step = steps[i];
        step.delay = 0;
        try_step(steps, count, i, step);
        step = steps[i];
        step.deadline = TIME_NONE;
        try_step(steps, count, i, step);
    }
}

void shrink_and_print(struct step *steps, unsigned count)
{
    unsigned before = count + 1;

    trials = 0;
    printf("  %u steps to the difference; making it short ...\n", count);
    while (count < before && trials < TRIALS_MAX) {
        before = count;
        fewer(steps, &count);
        plainer(steps, count);
    }
    printf("  %u steps left after %u trials. The system:\n", count, trials);
    fflush(stdout);
    (void)life_fails(steps, count, true);
    if (source.bytes != NULL) {
        printf("  again: sh tests/model/fuzz.sh --again %s\n", source.file);
    } else {
        printf("  again: K5_SEED=%u sh tests/model/run.sh\n", source.seed);
    }
    fflush(stdout);
}
