/* What budget_charge() promises: proved of kernel/budget.c by h_budget.c, believed by the proofs of
 * what calls it (budget_contract.c).
 */
#ifndef BUDGET_CONTRACT_H
#define BUDGET_CONTRACT_H

#include "prove.h"

bool charge_allowed(void);                                           /* before it */
bool charge_valid(const struct old *before);                         /* after it */
bool charge_kept(const struct old *before);                          /* never touched */
bool charge_promised(const struct old *before, sched_t consequence); /* k is the state after it */

#endif
