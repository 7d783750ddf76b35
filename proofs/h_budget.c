/* kernel/budget.c itself: what budget_contract.h says of a charge, from any state in an entry. */
#include "budget_contract.h"

void h_charge(void)
{
    any_middle();
    sched_t consequence = budget_charge();

    PROVE(charge_valid(&old));
    PROVE(charge_promised(&old, consequence));
}

/* A charge can end somebody's service, and need not. */
void twin_charge_overrun(void)
{
    any_middle();
    task_t t = any_task();

    (void)budget_charge();
    PROVE(k.task.overruns[t] == old.k.task.overruns[t]);
}
