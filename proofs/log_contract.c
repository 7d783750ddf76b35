/* The log, as the rest of the kernel may believe in it; h_log_* prove that kernel/log.c keeps to
 * it.
 *
 * Of the kernel's state it changes only k.now (a frame carries the time); of a context only A0 of
 * the caller of sys_log, which is K5_OK or one of three errors.
 */
#include "prove.h"

const uint32_t k5_build_id[2] = {1, 2};

static void frame(void)
{
    if (nondet_bool()) {
        time_update();
    }
}

sched_t sys_log(void)
{
    uint8_t error = nondet_u8();

    ASSUME(error == K5_OK || error == K5_ERR_ARG || error == K5_ERR_BAD_BUFFER ||
           error == K5_ERR_FULL);
    frame();
    arch_result(k.current, K5_A_OP, error);
    return SCHED_SAME;
}

void log_boot(void)
{
    frame();
}

void log_fault(task_t task)
{
    PROVE(task < K5_TASKS);
    frame();
}

void log_restart(task_t task, task_t by)
{
    PROVE(task < K5_TASKS && (by < K5_TASKS || by == K5_NIL));
    frame();
}

void log_reset(const struct reset *why)
{
    PROVE(why->count != 0);
    frame();
}

void log_panic(uint32_t where, uint32_t value)
{
    (void)where;
    (void)value;
}

bool log_drain(uint8_t *byte)
{
    (void)byte;
    return false;
}

void log_overrun(task_t task, task_t owner)
{
    PROVE(task < K5_TASKS && owner < K5_TASKS);
    frame();
}

uint32_t log_drops(task_t task)
{
    PROVE(task < K5_TASKS);
    return nondet_u32();
}
