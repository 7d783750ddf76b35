/* The judge: restarts fresh in each state after ever other times, and the thief with it. */
#include "../common/check.h"
#include "app.h" /* FRESH_TASK, THIEF_TASK, SCRIPT_BASE */
#include "script.h"

#define ROUNDS 400

/* How far fresh is when it is restarted: sometimes not yet at its first instruction. */
static void wait_for(uint32_t round)
{
    k5_sleep(K5_US(50) + round * 7919 % K5_US(2700));
}

/* Behind the long frame: where the stack pointer was. */
static void fault_check(void)
{
    struct k5_task_info info = {0};
    CHECK_ERROR(k5_task_inspect(FRESH_TASK, &info), K5_OK);
    CHECK(info.state != K5_TASK_FAULTED || (info.flags & K5_FAULT_HAS_FRAME) != 0);
    CHECK(info.state != K5_TASK_FAULTED || info.reg[K5_REG_SP] == SCRIPT->sp);
}

static void thief_check(void)
{
    struct k5_task_info info = {0};
    CHECK_ERROR(k5_task_inspect(THIEF_TASK, &info), K5_OK);
    if (info.state == K5_TASK_FAULTED) {
        CHECK(info.cause == K5_FAULT_FP);
        CHECK_ERROR(k5_task_restart(THIEF_TASK), K5_OK);
    } else { /* it had no turn yet */
        CHECK(info.state == K5_TASK_READY);
        CHECK(SCRIPT->stolen == 0);
    }
}

int main(void)
{
    struct k5_task_info info = {0};
    for (uint32_t round = 0; round < ROUNDS; round++) {
        SCRIPT->what = round % DO_COUNT;
        CHECK_ERROR(k5_task_restart(FRESH_TASK), K5_OK);
        wait_for(round);
        fault_check();
        thief_check();
        CHECK(SCRIPT->left == 0);
        CHECK(SCRIPT->wrong == 0);
    }
    CHECK(SCRIPT->starts > ROUNDS / 4); /* debug entries take long, and a start is five */
    CHECK(SCRIPT->held > 1000);
    CHECK(SCRIPT->thefts > ROUNDS / 2);
    CHECK(SCRIPT->stolen == 0);
    CHECK_ERROR(k5_task_inspect(FRESH_TASK, &info), K5_OK);
    CHECK(info.faults > 0);
    K5_INFO("judge: fresh started {} times, thief {}, secret held {}", SCRIPT->starts,
            SCRIPT->thefts, SCRIPT->held);
    CHECK_END("judge");
}
