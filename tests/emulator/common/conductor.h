/* The conductor's words: see play.h. One file cases.c of the app plays its cases with them; what
 * does not come as it should is logged with the case's name and counted.
 */
#ifndef CONDUCTOR_H
#define CONDUCTOR_H

#include <k5/k5.h>

#include "app.h" /* K5_SUPERVISED_LIST: the players in the order of ME, PAGES_BASE */
#include "play.h"

static const struct k5_supervised player[K5_SUPERVISED_COUNT] = {K5_SUPERVISED_LIST};
static const k5_notification player_signal[K5_SUPERVISED_COUNT] = PLAYER_SIGNALS;

void case_begin(const char *name);
void case_end(void); /* all players anew, at home, with all their time; the pair works */
void case_say(void); /* the last part of that: the pair works; what came of the case */
void cases_end(void) __attribute__((noreturn));

/* Begins a step of player p; `us`: its deadline, 0 for none. Then what runs may run a while. */
void play(uint32_t p, enum play_command command, uint32_t argument, uint32_t us);
void later(uint32_t us);

/* The step has ended with this / has not ended / the player is in this state, with these conditions
 * (K5_CONDITION_*). `line` is for the log. */
void ended(uint32_t p, k5_error error, uint32_t line);
void going_on(uint32_t p, uint32_t line);
void is(uint32_t p, uint32_t state, uint32_t conditions, uint32_t line);
void at_home(uint32_t p, uint32_t line); /* with time or without */
void check(bool good, uint32_t line);

#define PLAY(p, command, argument) play((p), PLAY_##command, (argument), 0)
#define ENDED(p, error)            ended((p), (error), __LINE__)
#define GOING_ON(p)                going_on((p), __LINE__)
#define IS(p, state, conditions)   is((p), K5_TASK_##state, (conditions), __LINE__)
#define AT_HOME(p)                 at_home((p), __LINE__)
#define CHECK(condition)           check((condition), __LINE__)

#define HOME      0u
#define LENT      K5_CONDITION_LENT
#define EMPTY     K5_CONDITION_EMPTY
#define SUSPENDED K5_CONDITION_SUSPENDED

uint32_t overruns(uint32_t p);
uint64_t time_own(uint32_t p);
uint64_t time_lent(uint32_t p);
void player_restart(uint32_t p);
void player_suspend(uint32_t p);
void player_resume(uint32_t p);

#endif
