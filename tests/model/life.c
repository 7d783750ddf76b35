/* A life: a system of the source, and a walk through it, or the steps of one again. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "driver.h"

static void difference_share(void)
{
    memcpy(shared->difference, run.difference, sizeof shared->difference);
    if (run.verbose) {
        printf("  DIFFERENCE %s\n", run.difference);
    }
}

void life_new(void)
{
    if (!run_boot()) {
        if (source.bytes == NULL) {
            fprintf(stderr, "no valid tables in 1000 tries\n");
            exit(1);
        }
        return; /* bytes may be anything */
    }
    if (!compare_all()) {
        difference_share();
        return;
    }
    while (shared->count < STEPS_A_LIFE && !run_over() && !chance_over()) {
        struct step *step = &shared->steps[shared->count];

        *step = step_make();
        shared->count++;
        if (!step_apply(step)) {
            difference_share();
            return;
        }
    }
}

void life_again(const struct step *steps, unsigned count)
{
    if (!run_boot()) {
        return;
    }
    if (run.verbose) {
        system_print();
        printf("%10llu  -> %s\n", (unsigned long long)run.now, task_name(m.current));
    }
    bool ok = compare_all();

    for (unsigned i = 0; ok && i < count; i++) {
        ok = step_apply(&steps[i]);
    }
    if (!ok) {
        difference_share();
    }
}
