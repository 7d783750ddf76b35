/* kernel/budget.c itself: what budget_contract.h says of a charge, from any state in an entry. */
#include "budget_contract.h"

static void any_charge(void)
{
    any_config();
    any_kernel();
    ASSUME(ranges_valid());
    ASSUME(sets_valid());
    ASSUME(tasks_valid());
    ASSUME(lend_valid());
    ASSUME(mid_time());
    any_clock();
}

void h_charge(void)
{
    any_charge();
    sched_t consequence = budget_charge();

    PROVE(charge_valid(&old));
    PROVE(charge_promised(&old, consequence));
}

/* A charge can end somebody's service, and need not. */
void twin_charge_overrun(void)
{
    any_charge();
    task_t t = any_task();

    (void)budget_charge();
    PROVE(k.task.overruns[t] == old.k.task.overruns[t]);
}
