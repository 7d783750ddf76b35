/* The conductor: see conductor.h. */
#include "conductor.h"

#include <k5/syscall.h>

#define PAIR_BIT 0x01u /* the pair's client: two good calls more */

#ifndef PLAY_US /* how long a step goes on alone: some ten kernel entries of a debug build */
#define PLAY_US 4000
#endif
#ifndef REST_MS /* after a case: two periods of the players */
#define REST_MS 80
#endif

static const char *name = "";
static uint32_t cases;
static uint32_t cases_wrong;
static uint32_t wrong; /* in this case */

void check(bool good, uint32_t line)
{
    if (!good) {
        K5_ERROR("WRONG {}: line {}", name, line);
        wrong++;
    }
}

static void inspect_page(uint32_t p, uint32_t page, uint32_t w[K5_MSG_WORDS])
{
    uint32_t a[K5_A_COUNT] = {k5_op(K5_SYS_TASK_INSPECT, player[p].task.slot, 0), page};
    k5_syscall(a);
    K5_ASSERT((a[K5_A_OP] & 0xFFu) == K5_OK);
    for (uint32_t i = 0; i < K5_MSG_WORDS; i++) {
        w[i] = a[K5_A_W0 + i];
    }
}

uint32_t overruns(uint32_t p)
{
    uint32_t w[K5_MSG_WORDS];
    inspect_page(p, K5_INSPECT_COUNT, w);
    return w[1];
}

uint64_t time_own(uint32_t p)
{
    uint32_t w[K5_MSG_WORDS];
    inspect_page(p, K5_INSPECT_TIME, w);
    return (uint64_t)w[1] << 32 | w[0];
}

uint64_t time_lent(uint32_t p)
{
    uint32_t w[K5_MSG_WORDS];
    inspect_page(p, K5_INSPECT_TIME, w);
    return (uint64_t)w[3] << 32 | w[2];
}

void is(uint32_t p, uint32_t state, uint32_t conditions, uint32_t line)
{
    uint32_t w[K5_MSG_WORDS];
    inspect_page(p, 0, w);
    if ((w[0] & 0xFFu) != state || w[0] >> 24 != conditions) {
        K5_ERROR("WRONG {}: line {}: {} is in state {}, conditions {}", name, line, player[p].name,
                 w[0] & 0xFFu, w[0] >> 24);
        wrong++;
    }
}

void at_home(uint32_t p, uint32_t line)
{
    uint32_t w[K5_MSG_WORDS];
    inspect_page(p, 0, w);
    check((w[0] >> 24 & K5_CONDITION_LENT) == 0, line);
}

void ended(uint32_t p, k5_error error, uint32_t line)
{
    if (PAGES[p].done != PAGES[p].step) {
        K5_ERROR("WRONG {}: line {}: {} has not ended", name, line, player[p].name);
        wrong++;
    } else if (PAGES[p].error != error) {
        K5_ERROR("WRONG {}: line {}: {} has {}", name, line, player[p].name,
                 k5_error_name(PAGES[p].error));
        wrong++;
    }
}

void going_on(uint32_t p, uint32_t line)
{
    if (PAGES[p].done == PAGES[p].step) {
        K5_ERROR("WRONG {}: line {}: {} has ended with {}", name, line, player[p].name,
                 k5_error_name(PAGES[p].error));
        wrong++;
    }
}

void later(uint32_t us)
{
    k5_sleep(K5_US(us));
}

void play(uint32_t p, enum play_command command, uint32_t argument, uint32_t us)
{
    PAGES[p].command = command;
    PAGES[p].argument = argument;
    PAGES[p].us = us;
    PAGES[p].step++;
    k5_error error = k5_signal(player_signal[p], PLAY_BIT);
    K5_ASSERT(error == K5_OK);
    later(PLAY_US);
}

void player_restart(uint32_t p)
{
    k5_error error = k5_task_restart(player[p].task);
    K5_ASSERT(error == K5_OK);
}

void player_suspend(uint32_t p)
{
    k5_error error = k5_task_suspend(player[p].task);
    K5_ASSERT(error == K5_OK);
}

void player_resume(uint32_t p)
{
    k5_error error = k5_task_resume(player[p].task);
    K5_ASSERT(error == K5_OK);
}

/* Four good calls that began after now; a bit may be an old one. */
static bool pair_works(void)
{
    uint32_t bits = 0;
    (void)!k5_wait(PAIR_BIT, K5_POLL, &bits);
    return k5_wait(PAIR_BIT, k5_after(K5_MS(100)), &bits) == K5_OK &&
           k5_wait(PAIR_BIT, k5_after(K5_MS(100)), &bits) == K5_OK;
}

void case_begin(const char *text)
{
    name = text;
    wrong = 0;
    cases++;
}

void case_end(void)
{
    for (uint32_t p = 0; p < K5_SUPERVISED_COUNT; p++) {
        PAGES[p].command = PLAY_NOTHING; /* its bit may be pending still, and stays */
        player_restart(p);
    }
    k5_sleep(K5_MS(REST_MS));
    for (uint32_t p = 0; p < K5_SUPERVISED_COUNT; p++) {
        is(p, K5_TASK_WAITING, HOME, 0);
    }
    case_say();
}

void case_say(void)
{
    if (!pair_works()) {
        K5_ERROR("WRONG {}: the pair does not work", name);
        wrong++;
    }
    if (wrong == 0) {
        K5_INFO("{}: as the manual says", name);
    } else {
        cases_wrong++;
    }
}

void cases_end(void)
{
    K5_INFO("{} cases, {} wrong", cases, cases_wrong);
    for (;;) {
        k5_sleep(K5_S(1));
    }
}
