/* The client of the race: see race.h. Its lines are what app.toml expects. */
#include <k5/k5.h>

#include "app.h" /* SERVER, RACE_BASE */
#include "race.h"

#define AROUND 101              /* ticks before and after the moment that are tried, one by one */
#define REST   K5_MS(11)        /* a period: all budgets are at rest */
#define SPENT  (2000 * 125 / 8) /* rounds of 2 ms: less than the wcet is left */
#define FAR    K5_MS(12)        /* a deadline that is never met before the answer */

struct sweep {
    const char *name;
    void (*prepare)(void);
    uint32_t how;
};

static uint32_t answers;
static uint32_t timeouts;
static uint32_t wrong;

static void nothing(void)
{
}

/* The server will not receive for 3 ms: the call is queued when its deadline passes. */
static void server_late(void)
{
    struct k5_msg m = {.label = RACE_LATE};
    RACE->at = k5_time() + K5_MS(3);
    if (k5_call(SERVER, &m, K5_FOREVER) != K5_OK) {
        wrong++;
    }
}

/* Less than the server's wcet is left: the call waits outside for the next refill. */
static void budget_spend(void)
{
    race_spin(SPENT);
}

/* One call with this deadline: was it answered? What each side knows of it must agree. */
static bool trial(const struct sweep *sweep, k5_ticks deadline, uint32_t n)
{
    uint32_t taken = RACE->taken;
    uint32_t good = RACE->good;
    uint32_t nobody = RACE->nobody;
    RACE->how = sweep->how;
    sweep->prepare();
    struct k5_msg m = {.label = RACE_CALL, .w = {n}};
    k5_error error = k5_call(SERVER, &m, k5_time() + deadline);
    k5_sleep(REST); /* the server has noted its part by then */
    taken = RACE->taken - taken;
    good = RACE->good - good;
    nobody = RACE->nobody - nobody;
    bool answered = error == K5_OK && m.w[0] == n + 1 && taken == 1 && good == 1 && nobody == 0;
    bool timed_out = error == K5_TIMEOUT && m.w[0] == n && good == 0 && nobody == taken;
    if (!answered && !timed_out) {
        K5_ERROR("WRONG {}: {}, w[0] {}, taken {}, answers {} and {}", sweep->name,
                 k5_error_name(error), m.w[0] - n, taken, good, nobody);
        wrong++;
    }
    return answered;
}

/* The longest deadline that was not kept: the next tick makes the difference, more or less. */
static k5_ticks edge_find(const struct sweep *sweep)
{
    k5_ticks low = 1;
    k5_ticks high = FAR;
    while (high - low > 1) {
        k5_ticks middle = low + (high - low) / 2;
        if (trial(sweep, middle, 5)) {
            high = middle;
        } else {
            low = middle;
        }
    }
    return low;
}

static void sweep_run(const struct sweep *sweep)
{
    k5_ticks edge = edge_find(sweep);
    answers = 0;
    timeouts = 0;
    for (uint32_t i = 0; i < 2 * AROUND; i++) {
        if (trial(sweep, edge + i - AROUND, i)) {
            answers++;
        } else {
            timeouts++;
        }
    }
    if (answers == 0 || timeouts == 0) {
        K5_ERROR("WRONG {}: {} answers, {} time-outs", sweep->name, answers, timeouts);
        wrong++;
    }
    K5_INFO("{}: {} moments, {} wrong", sweep->name, 2 * AROUND, wrong);
    K5_INFO("around {} us: {} answers, {} time-outs", (uint32_t)(edge / K5_US(1)), answers,
            timeouts);
}

static const struct sweep sweeps[] = {
    {"a reply at the deadline", nothing, RACE_REPLY},
    {"reply and receive at the deadline", nothing, RACE_REPLY_RECV},
    {"a server that receives at the deadline", server_late, RACE_REPLY},
    {"a refill at the deadline", budget_spend, RACE_REPLY},
    {"a reply at the deadline while suspended", nothing, RACE_SUSPEND},
};

int main(void)
{
    k5_sleep(K5_MS(20));
    for (uint32_t i = 0; i < sizeof sweeps / sizeof sweeps[0]; i++) {
        sweep_run(&sweeps[i]);
    }
    wrong += RACE->strange;
    K5_INFO("{} sweeps, {} wrong", sizeof sweeps / sizeof sweeps[0], wrong);
    for (;;) {
        k5_sleep(K5_S(1));
    }
}
