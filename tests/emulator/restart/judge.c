/* The judge: brings the subject into each state, looks, restarts it, and looks whether anything of
 * what it had begun is left. */
#include "../common/check.h"
#include "app.h" /* JUDGE_SERVE, SUBJECT_TASK, SCRIPT_BASE */
#include "script.h"

static void state_check(uint32_t state)
{
    struct k5_task_info info = {0};
    CHECK_ERROR(k5_task_inspect(SUBJECT_TASK, &info), K5_OK);
    if (info.state != state) {
        K5_ERROR("check failed: state {}, wanted {}", info.state, state);
        checks_failed++;
    }
}

/* Restarts the subject into `what`, gives it time to get there, and finds it in `state`. */
static void restart_into(uint32_t what, uint32_t state)
{
    uint32_t starts = SCRIPT->starts;
    SCRIPT->what = what;
    CHECK_ERROR(k5_task_restart(SUBJECT_TASK), K5_OK);
    k5_sleep(K5_MS(2));
    CHECK(SCRIPT->starts == starts + 1);
    state_check(state);
}

static void queue_check(void)
{
    struct k5_msg m = {0};
    CHECK_ERROR(k5_recv(JUDGE_SERVE, &m, 0, K5_POLL), K5_TIMEOUT);
}

/* Takes the subject's call; its token is worth nothing once the subject was restarted. */
static void awaiting(void)
{
    struct k5_msg m = {0};
    struct k5_msg second = {0};
    restart_into(DO_CALL, K5_TASK_CALLING);
    CHECK_ERROR(k5_recv(JUDGE_SERVE, &m, 0, K5_POLL), K5_OK);
    CHECK(m.label == 9 && m.w[3] == 4 && m.token != 0);
    state_check(K5_TASK_AWAITING);
    restart_into(DO_CALL, K5_TASK_CALLING);
    CHECK_ERROR(k5_reply(&m), K5_ERR_TOKEN); /* it calls again, and that is not this call */
    CHECK_ERROR(k5_recv(JUDGE_SERVE, &second, 0, K5_POLL), K5_OK);
    CHECK(second.token != m.token);
    CHECK_ERROR(k5_reply(&m), K5_ERR_TOKEN);
    state_check(K5_TASK_AWAITING);
    restart_into(DO_SLEEP, K5_TASK_WAITING);
    CHECK_ERROR(k5_reply(&second), K5_ERR_TOKEN); /* it does not wait for an answer at all */
}

static void fault(void)
{
    struct k5_task_info info = {0};
    uint32_t bits = 0;
    restart_into(DO_FAULT, K5_TASK_FAULTED);
    CHECK_ERROR(k5_wait(UINT32_MAX, K5_POLL, &bits), K5_OK);
    CHECK(bits == 0x80000000u);
    CHECK_ERROR(k5_task_inspect(SUBJECT_TASK, &info), K5_OK);
    CHECK(info.cause == K5_FAULT_UNDEFINED && info.faults == 1);
    CHECK(info.flags & K5_FAULT_HAS_FRAME);
    CHECK(info.reg[K5_REG_PC] != 0);
    restart_into(DO_SPIN, K5_TASK_READY);
    CHECK_ERROR(k5_task_inspect(SUBJECT_TASK, &info), K5_OK);
    CHECK(info.cause == K5_FAULT_UNDEFINED); /* the record stays until the next fault */
}

int main(void)
{
    k5_sleep(K5_MS(2));
    CHECK(SCRIPT->starts == 1);
    for (uint32_t round = 0; round < 3; round++) {
        restart_into(DO_SPIN, K5_TASK_READY);
        restart_into(DO_SEND, K5_TASK_SENDING);
        restart_into(DO_SEND, K5_TASK_SENDING);
        restart_into(DO_CALL, K5_TASK_CALLING);
        restart_into(DO_RECV, K5_TASK_RECEIVING);
        queue_check();
        restart_into(DO_RECV, K5_TASK_RECEIVING);
        restart_into(DO_WAIT, K5_TASK_WAITING);
        restart_into(DO_SLEEP, K5_TASK_WAITING);
        restart_into(DO_SPIN, K5_TASK_READY);
        awaiting();
        queue_check();
    }
    fault();
    CHECK(SCRIPT->stale == 0);
    CHECK(SCRIPT->came_back == 0);
    struct k5_task_info info = {0};
    CHECK_ERROR(k5_task_inspect(SUBJECT_TASK, &info), K5_OK);
    CHECK(info.restarts == SCRIPT->starts - 1);
    CHECK_ERROR(k5_task_stop(SUBJECT_TASK), K5_OK);
    state_check(K5_TASK_STOPPED);
    CHECK_ERROR(k5_task_restart(SUBJECT_TASK), K5_ERR_ARG);
    CHECK_ERROR(k5_task_stop(SUBJECT_TASK), K5_ERR_ARG);
    CHECK_END("judge");
}
