/* The judge of floods against deadlines: see share.h. Its lines are what app.toml expects. */
#include <k5/k5.h>
#include <k5/syscall.h>

#include "app.h" /* SCORE_BASE; from app.toml: PERIOD_US, SHARES, TIMES, LEAST */
#include "share.h"

/* Of each attacker: its budget in us of each PERIOD_US, 0: it has none; how long a flood is, ms. */
static const uint32_t shares[] = SHARES;
static const uint32_t times[] = TIMES;
#define ATTACKERS (sizeof shares / sizeof shares[0]) /* who else is supervised: their servers */

/* The longest kernel entry here: most of it is kernel_valid(), the debug build's own checks. */
#define ENTRY K5_US(200)

static const struct k5_supervised supervised[K5_SUPERVISED_COUNT] = {K5_SUPERVISED_LIST};

static uint32_t wrong;
static uint32_t periods_all;
static uint32_t missed_all;

struct reading {
    k5_ticks when;
    uint64_t used;
};

/* Ticks that a task used on its own budget, or on lent time: one page of k5_task_inspect. */
static uint64_t time_read(uint32_t i, bool lent)
{
    uint32_t a[K5_A_COUNT] = {k5_op(K5_SYS_TASK_INSPECT, supervised[i].task.slot, 0),
                              K5_INSPECT_TIME};
    k5_syscall(a);
    K5_ASSERT((a[K5_A_OP] & 0xFFu) == K5_OK);
    const uint32_t *word = &a[lent ? K5_A_W0 + 2 : K5_A_W0];
    return (uint64_t)word[1] << 32 | word[0];
}

/* What an attacker's budget has paid so far: its own time and that of its passive servers. */
static uint64_t used_read(uint32_t who)
{
    uint64_t used = time_read(who, false);
    for (uint32_t i = ATTACKERS; i < K5_SUPERVISED_COUNT; i++) {
        used += time_read(i, true);
    }
    return used;
}

static void attacker_set(uint32_t who, uint32_t flood)
{
    SCORE->flood = flood;
    k5_error error = k5_task_restart(supervised[who].task);
    K5_ASSERT(error == K5_OK);
}

/* At most a budget in each period or part of one, and once more the longest kernel entry. */
static uint64_t allowed(uint32_t who, k5_ticks window)
{
    return (window + K5_US(PERIOD_US) - 1) / K5_US(PERIOD_US) * K5_US(shares[who]) + ENTRY;
}

/* One window of a period: the most that was used in one so far. */
static void window_measure(uint32_t who, k5_ticks start, uint32_t *over, uint32_t *most)
{
    k5_sleep_until(start);
    k5_ticks from = k5_time();
    uint64_t before = used_read(who);
    k5_sleep_until(from + K5_US(PERIOD_US) - 3 * ENTRY); /* the readings take time, too */
    uint64_t used = used_read(who) - before;
    if (shares[who] != 0 && used > allowed(who, k5_time() - from)) {
        (*over)++;
    }
    *most = used > *most ? (uint32_t)used : *most;
}

static void victims_read(uint32_t *periods, uint32_t *missed, uint32_t *worst)
{
    *periods = 0;
    *missed = 0;
    *worst = 0;
    for (uint32_t v = 0; v < SHARE_VICTIMS; v++) {
        *periods += SCORE->victim[v].periods;
        *missed += SCORE->victim[v].missed;
        *worst = SCORE->victim[v].worst > *worst ? SCORE->victim[v].worst : *worst;
    }
}

/* Was it what the attacker's budget says, and not much less, or the flood was none? An alarm that
 * is later than the board's budget-min is not charged in full; a debug build's entries are so long.
 */
static void share_judge(uint32_t who, const struct reading *before, const struct reading *after)
{
    uint64_t used = after->used - before->used;
    k5_ticks window = after->when - before->when;
    uint64_t late = window / K5_US(PERIOD_US) * (ENTRY - K5_US(50));
    if (shares[who] != 0 && used > allowed(who, window) + late) {
        K5_ERROR("WRONG {}: used {} of {} ticks", supervised[who].name, used, window);
        wrong++;
    }
    uint64_t least =
        shares[who] == 0 ? window / 10 : window / K5_US(PERIOD_US) * K5_US(shares[who]);
    if (used < least / 2) {
        K5_ERROR("WRONG {}: used only {} of {} ticks", supervised[who].name, used, window);
        wrong++;
    }
}

static void flood_judge(uint32_t who, uint32_t flood)
{
    const struct flood *what = &floods[flood];
    uint32_t periods[2];
    uint32_t missed[2];
    uint32_t worst = 0;
    uint32_t over = 0;
    uint32_t most = 0;
    victims_read(&periods[0], &missed[0], &worst);
    for (uint32_t v = 0; v < SHARE_VICTIMS; v++) {
        SCORE->victim[v].worst = 0;
    }
    attacker_set(who, flood + 1);
    struct reading before = {.when = k5_time(), .used = used_read(who)};
    while (k5_time() < before.when + K5_MS(times[who])) {
        window_measure(who, k5_after(K5_US(5 * PERIOD_US + PERIOD_US / 3)), &over, &most);
    }
    struct reading after = {.when = k5_time(), .used = used_read(who)};
    attacker_set(who, 0);
    victims_read(&periods[1], &missed[1], &worst);
    periods_all += periods[1] - periods[0];
    missed_all += missed[1] - missed[0];
    share_judge(who, &before, &after);
    K5_INFO("{}, {}: {} missed, {} windows over the share", supervised[who].name, what->name,
            missed[1] - missed[0], over);
    K5_INFO("{} periods, worst {} us; attacker {}%, at most {} us in a window",
            periods[1] - periods[0], worst / (uint32_t)K5_US(1),
            (uint32_t)(100 * (after.used - before.used) / (after.when - before.when)),
            most / (uint32_t)K5_US(1));
    if (missed[1] != missed[0] || over != 0) {
        K5_ERROR("WRONG {}, {}", supervised[who].name, what->name);
        wrong++;
    }
}

int main(void)
{
    k5_sleep(K5_MS(20));
    for (uint32_t who = 0; who < ATTACKERS; who++) {
        for (uint32_t flood = 0; flood < flood_count; flood++) {
            flood_judge(who, flood);
        }
    }
    wrong += periods_all < LEAST ? 1 : 0;
    K5_INFO("{} floods, {} missed of at least {} periods, {} wrong", ATTACKERS * flood_count,
            missed_all, LEAST, wrong);
    for (;;) {
        k5_sleep(K5_S(1));
    }
}
